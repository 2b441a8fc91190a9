use axum::body::Bytes;
use axum::routing::get;
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::body::body_within;
use super::connection::ARRIVAL;
use super::*;

const QUICK: Limits = Limits {
    headers: Duration::from_millis(300),
    stay: Duration::from_millis(600),
    strangers: 4,
    undisturbed: Duration::from_secs(5),
    last_answer: Duration::from_millis(600),
    bodies: 1_000_000,
};

/// Longer than anything here waits for.
const LONG: Duration = Duration::from_secs(600);

/// What comes of something that is not to wait for what lasts [LONG], however busy the machine is.
async fn soon<T>(awaited: impl Future<Output = T>) -> T {
    timeout(LONG / 10, awaited).await.expect("it waited for those who do nothing")
}

async fn started(limits: Limits) -> (std::net::SocketAddr, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let slow = get(|| async {
        sleep(Duration::from_millis(400)).await;
        "slow"
    });
    let known = get(|request: axum::extract::Request| async move {
        trust(request.extensions());
        "known"
    });
    let long = get(|| async { vec![b'x'; 64 * 1024] });
    let router = Router::new().route("/", get(|| async { "here" })).route("/slow", slow);
    let length = axum::routing::post(|request: axum::extract::Request| async move {
        let (parts, sent) = request.into_parts();
        let body = body(&parts.extensions, sent, 1_000_000).await;
        body.map(|body| body.len().to_string()).map_err(|none| (none.status(), none.why()))
    });
    let router = router.route("/known", known).route("/long", long).route("/length", length);
    (address, tokio::spawn(serve(listener, router, limits)))
}

async fn ask(address: std::net::SocketAddr, path: &'static str) -> reqwest::Result<String> {
    let client = reqwest::Client::builder().timeout(LONG).build()?;
    client.get(format!("http://{address}{path}")).send().await?.text().await
}

async fn ended(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(LONG / 10, stream.read_to_end(&mut rest)).await.is_ok()
}

async fn connected(address: std::net::SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// As many requests as the server takes from somebody who reads no answer. Ends when the server has ended it, and says
/// whether that was within this time.
async fn never_reads(address: std::net::SocketAddr, path: &str, time: Duration) -> bool {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let requests = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").repeat(100);
    let written = timeout(time, async { while stream.write_all(requests.as_bytes()).await.is_ok() {} });
    written.await.is_ok()
}

#[tokio::test]
async fn who_sends_no_headers_keeps_nobody_out() {
    // Were there no place made, whoever asks would wait for the time that headers have.
    let (address, server) = started(Limits { headers: LONG, stay: LONG, ..QUICK }).await;
    let mut slow = Vec::new();
    for _ in 0..QUICK.strangers * 2 {
        slow.push(connected(address, "GET / HTTP/1.1\r\nhost: x\r\n").await);
    }
    assert_eq!(soon(ask(address, "/")).await.unwrap(), "here");
    server.abort();
}

#[tokio::test]
async fn headers_that_do_not_come_and_connections_that_lie_idle_end() {
    let (address, server) = started(Limits { stay: LONG, ..QUICK }).await;
    let mut slow = connected(address, "GET / HTTP/1.1\r\nhost: x\r\n").await;
    assert!(ended(&mut slow).await, "a slow connection stays open");
    let mut idle = connected(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(ended(&mut idle).await, "an idle connection stays open");
    server.abort();
}

#[tokio::test]
async fn who_reads_no_answer_is_ended_and_keeps_nobody_out() {
    let (address, server) = started(Limits { stay: LONG, ..QUICK }).await;
    let deaf: Vec<_> = (0..QUICK.strangers * 2)
        .map(|at| tokio::spawn(never_reads(address, if at % 2 == 0 { "/long" } else { "/none" }, LONG)))
        .collect();
    sleep(Duration::from_millis(200)).await;
    assert_eq!(soon(ask(address, "/")).await.unwrap(), "here");
    deaf.iter().for_each(tokio::task::JoinHandle::abort);
    server.abort();
}

#[tokio::test]
async fn who_reads_no_answer_is_ended_though_there_is_room_for_him() {
    let (address, server) = started(QUICK).await;
    assert!(never_reads(address, "/long", LONG / 10).await, "who does not read stays");
    server.abort();
    // It is the two limits that end it: while one of them lasts, it lasts.
    let within = (QUICK.stay + QUICK.last_answer) * 2;
    for limits in [Limits { stay: LONG, ..QUICK }, Limits { last_answer: LONG, ..QUICK }] {
        let (address, server) = started(limits).await;
        assert!(!never_reads(address, "/long", within).await, "{limits:?}");
        server.abort();
    }
}

/// Somebody who says that he sends this much, and sends less.
async fn sends(address: std::net::SocketAddr, of: usize, sent: usize) -> TcpStream {
    let mut stream =
        connected(address, &format!("POST /length HTTP/1.1\r\nhost: x\r\ncontent-length: {of}\r\n\r\n")).await;
    stream.write_all(&vec![b'x'; sent]).await.unwrap();
    stream
}

#[tokio::test]
async fn bodies_that_are_not_verified_have_a_number_of_bytes_together() {
    let limits = Limits { stay: LONG, strangers: 100, ..QUICK };
    let (address, server) = started(limits).await;
    let mut first = sends(address, 600_000, 500_000).await;
    sleep(Duration::from_millis(200)).await;
    let mut second = sends(address, 600_000, 450_000).await;
    sleep(Duration::from_millis(200)).await;
    assert!(timeout(Duration::from_millis(200), first.read_u8()).await.is_err(), "there was room for both");
    let mut third = sends(address, 300_000, 299_999).await;
    assert!(ended(&mut first).await, "the first stays, and all three are held");
    for (stream, rest, length) in [(&mut third, 1, "300000"), (&mut second, 150_000, "600000")] {
        stream.write_all(&vec![b'x'; rest]).await.unwrap();
        let mut answer = [0; 1024];
        let read = timeout(LONG / 10, stream.read(&mut answer)).await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&answer[..read]).ends_with(length), "{length}");
    }
    // What was held of those who have been answered, and of who was sent away, is free again.
    let mut whole = sends(address, 990_000, 990_000).await;
    let mut answer = [0; 1024];
    let read = whole.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..read]).ends_with("990000"));
    server.abort();
}

#[tokio::test]
async fn who_is_still_sending_is_not_being_answered_and_makes_room() {
    let (address, server) = started(Limits { stay: LONG, ..QUICK }).await;
    let mut silent = Vec::new();
    for _ in 0..QUICK.strangers {
        silent.push(sends(address, 10, 1).await);
    }
    sleep(ARRIVAL).await;
    assert_eq!(soon(ask(address, "/")).await.unwrap(), "here");
    server.abort();
}

#[tokio::test]
async fn a_stranger_stays_for_a_time_and_who_is_trusted_as_long_as_he_asks() {
    let (address, server) = started(Limits { headers: LONG, ..QUICK }).await;
    let (mut stranger, mut trusted) = (connected(address, "").await, connected(address, "").await);
    let (mut left, begun) = (false, Instant::now());
    let mut answer = [0; 1024];
    while begun.elapsed() < QUICK.stay * 3 {
        let request = |path| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        trusted.write_all(request("/known").as_bytes()).await.unwrap();
        assert!(trusted.read(&mut answer).await.unwrap() > 0, "who is trusted was sent away");
        left = left
            || stranger.write_all(request("/").as_bytes()).await.is_err()
            || stranger.read(&mut answer).await.map_or(true, |read| read == 0);
        sleep(QUICK.headers / 3).await;
    }
    assert!(left, "a stranger stays as long as he likes");
    // However many strangers come, who is trusted is none of them.
    let mut others = Vec::new();
    for _ in 0..QUICK.strangers * 3 {
        others.push(connected(address, "GET").await);
    }
    trusted.write_all(b"GET /known HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(trusted.read(&mut answer).await.unwrap() > 0);
    server.abort();
}

#[tokio::test]
async fn a_refusal_ends_the_connection_of_a_stranger() {
    let (address, server) = started(Limits::default()).await;
    let mut refused = connected(address, "GET /none HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(ended(&mut refused).await);
    server.abort();
}

#[tokio::test]
async fn a_burst_of_requests_waits_and_each_is_answered() {
    let (address, server) = started(QUICK).await;
    let asked: Vec<_> = (0..QUICK.strangers * 3).map(|_| tokio::spawn(ask(address, "/slow"))).collect();
    for asked in asked {
        assert_eq!(asked.await.unwrap().unwrap(), "slow");
    }
    server.abort();
}

#[tokio::test]
async fn a_body_that_is_too_large_or_too_slow_is_told_apart() {
    let nobody = http::Extensions::new();
    assert_eq!(body(&nobody, Body::from("12345"), 4).await, Err(NoBody::TooLarge));
    assert_eq!(body(&nobody, Body::from("1234"), 4).await.unwrap(), "1234");
    let silent = Body::from_stream(futures_util::stream::pending::<io::Result<Bytes>>());
    assert_eq!(body_within(&nobody, silent, 4, Duration::from_millis(10)).await, Err(NoBody::TooSlow));
    assert_eq!(NoBody::TooSlow.status(), StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn what_is_being_answered_when_the_server_stops_is_answered() {
    let (address, server) = started(Limits::default()).await;
    let mut asked = connected(address, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    sleep(Duration::from_millis(150)).await;
    server.abort();
    let mut answer = String::new();
    asked.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("slow"), "{answer}");
    assert!(ask(address, "/").await.is_err());
}
