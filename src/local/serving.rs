//! HTTP servers that slow, idle and deaf connections cannot use up.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use http::{HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

/// What a server grants its connections. Those that have shown a key of this start are trusted: there are as many as
/// their owner opens, and they last as long as he uses them. All others are strangers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long the headers of a request may take, and how long a connection may lie idle before them.
    pub headers: Duration,
    /// How long a stranger may stay, whatever is sent and read meanwhile.
    pub stay: Duration,
    /// How many strangers are served at once. When there are more, the one that has been there longest is sent away.
    pub strangers: usize,
    /// How long a stranger whose request is being answered is not sent away for another.
    pub undisturbed: Duration,
    /// How long what is being answered may take when its connection is to end.
    pub last_answer: Duration,
    /// How many bytes of the bodies of strangers are held at once. When there are more, the stranger who came first of those
    /// whose body is still on its way is sent away.
    pub bodies: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(15),
            stay: Duration::from_secs(60),
            strangers: 256,
            undisturbed: Duration::from_secs(5),
            last_answer: Duration::from_secs(30),
            bodies: 64 * 1024 * 1024,
        }
    }
}

/// How long the body of a request may take.
const BODY: Duration = Duration::from_secs(30);

/// How much of what a connection sends or is sent waits in it for its turn at most, in bytes. Headers have to fit into it.
const BUFFER: usize = 64 * 1024;

/// How long nothing is accepted after the system had no place for another connection.
const PAUSE: Duration = Duration::from_millis(200);

/// How long somebody who has come in has to say what he wants, before another may take his place.
const ARRIVAL: Duration = Duration::from_millis(100);

/// How soon a place for a stranger is looked for again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A connection, which stands among the extensions of each of its requests.
#[derive(Clone)]
pub struct Connection(Arc<Inner>);

struct Inner {
    number: u64,
    since: Instant,
    trusted: AtomicBool,
    answering: AtomicBool,
    sent_away: Notify,
    bodies: Bodies,
}

impl Connection {
    fn new(number: u64, bodies: Bodies) -> Self {
        let (trusted, answering) = (AtomicBool::new(false), AtomicBool::new(false));
        let (since, sent_away) = (Instant::now(), Notify::new());
        Self(Arc::new(Inner { number, since, trusted, answering, sent_away, bodies }))
    }

    /// Says that whoever is at the other end has shown a key of this start.
    pub fn trust(&self) {
        self.0.trusted.store(true, Ordering::Relaxed);
    }

    fn is_trusted(&self) -> bool {
        self.0.trusted.load(Ordering::Relaxed)
    }
}

/// Trusts the connection of a request from now on. One that no server of ours has brought has none.
pub fn trust(extensions: &http::Extensions) {
    if let Some(connection) = extensions.get::<Connection>() {
        connection.trust();
    }
}

/// The bodies of strangers that are on their way, by the numbers of their connections, with the bytes that have come of
/// each. What is here has been neither verified nor refused, and anybody can send it.
#[derive(Clone)]
struct Bodies {
    most: usize,
    held: Arc<Mutex<BTreeMap<u64, (Connection, usize)>>>,
}

impl Bodies {
    fn up_to(most: usize) -> Self {
        Self { most, held: Arc::default() }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<u64, (Connection, usize)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body of one request, as long as it is on its way.
struct OnItsWay(Connection);

impl OnItsWay {
    /// The connection of a request, unless it is trusted, or none of ours. Whoever is still sending is not being answered.
    fn of(extensions: &http::Extensions) -> Option<Self> {
        let connection = extensions.get::<Connection>().filter(|connection| !connection.is_trusted())?.clone();
        connection.0.answering.store(false, Ordering::Relaxed);
        connection.0.bodies.held().insert(connection.0.number, (connection.clone(), 0));
        Some(Self(connection))
    }

    /// More bytes of it have come.
    ///
    /// # Errors
    /// When there are too many of all strangers together, and this one was there first.
    fn grows(&self, bytes: usize) -> Result<(), NoBody> {
        let Inner { number, bodies, .. } = &*self.0.0;
        let mut held = bodies.held();
        if let Some((_, of_this)) = held.get_mut(number) {
            *of_this += bytes;
        }
        while held.values().map(|(_, bytes)| bytes).sum::<usize>() > bodies.most
            && let Some((oldest, (connection, _))) = held.pop_first()
        {
            connection.0.sent_away.notify_one();
            if oldest == *number {
                return Err(NoBody::Crowded);
            }
        }
        Ok(())
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        let Inner { number, answering, bodies, .. } = &*self.0.0;
        bodies.held().remove(number);
        answering.store(true, Ordering::Relaxed);
    }
}

/// The connections that have not shown a key, in the order of their arrival.
#[derive(Clone, Default)]
struct Strangers(Arc<Mutex<BTreeMap<u64, Connection>>>);

impl Strangers {
    fn here(&self) -> MutexGuard<'_, BTreeMap<u64, Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is a place for one more, and makes it where somebody has been here long enough. Whoever is not
    /// being answered goes first: a burst of real requests waits for each other, as they would in a queue.
    async fn make_room(&self, limits: Limits) {
        loop {
            {
                let mut here = self.here();
                here.retain(|_, connection| !connection.is_trusted());
                if here.len() < limits.strangers {
                    return;
                }
                let may_go = |connection: &Connection| {
                    let answering = connection.0.answering.load(Ordering::Relaxed);
                    connection.0.since.elapsed() >= if answering { limits.undisturbed } else { ARRIVAL }
                };
                let oldest = here.iter().find(|(_, connection)| may_go(connection)).map(|(number, _)| *number);
                if let Some(connection) = oldest.and_then(|number| here.remove(&number)) {
                    connection.0.sent_away.notify_one();
                    return;
                }
            }
            sleep(LOOK_AGAIN).await;
        }
    }
}

/// Serves until it is dropped, or its task is aborted. Requests that are being answered then are answered; everything
/// else ends.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits) {
    let (strangers, bodies) = (Strangers::default(), Bodies::up_to(limits.bodies));
    let (_running, stopped) = watch::channel(());
    for number in 0.. {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                if !is_of_one_connection(&error) {
                    tracing::error!(%error, "no connection can be accepted");
                    sleep(PAUSE).await;
                }
                continue;
            }
        };
        strangers.make_room(limits).await;
        let connection = Connection::new(number, bodies.clone());
        strangers.here().insert(number, connection.clone());
        let (router, stopped, strangers) = (router.clone(), stopped.clone(), strangers.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = answer(stream, router, limits, connection.clone(), stopped) => {}
                () = connection.0.sent_away.notified() => tracing::debug!("a connection was sent away for another"),
            }
            strangers.here().remove(&number);
        });
    }
}

async fn answer(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    connection: Connection,
    mut stopped: watch::Receiver<()>,
) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let service = service_fn(|mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(connection.clone());
        connection.0.answering.store(true, Ordering::Relaxed);
        let (answer, connection) = (service.call(request), connection.clone());
        async move {
            let mut answer = answer.await;
            connection.0.answering.store(false, Ordering::Relaxed);
            // Whoever was refused may come again, and has not the next request in the same connection.
            if let Ok(answer) = &mut answer
                && answer.status().is_client_error()
                && !connection.is_trusted()
            {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            answer
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let mut served = std::pin::pin!(served);
    let overstays = async {
        sleep(limits.stay).await;
        if connection.is_trusted() {
            std::future::pending::<()>().await;
        }
    };
    let result = tokio::select! {
        result = served.as_mut() => result,
        _ = stopped.changed() => last(served, limits.last_answer).await,
        () = overstays => last(served, limits.last_answer).await,
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Ends a connection when its answer is out, or has had its time. A writer whose reader does not read never ends by itself.
async fn last<S>(
    mut served: std::pin::Pin<&mut http1::Connection<TokioIo<TcpStream>, S>>,
    time: Duration,
) -> hyper::Result<()>
where
    S: hyper::service::HttpService<hyper::body::Incoming, ResBody = Body>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    served.as_mut().graceful_shutdown();
    timeout(time, served).await.unwrap_or(Ok(()))
}

/// Whether only the connection that was about to be accepted has failed.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Why a request has no body that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBody {
    /// It is over the limit.
    TooLarge,
    /// It did not come in time.
    TooSlow,
    /// The connection broke off in the middle.
    Broken,
    /// Too much is on its way from others.
    Crowded,
}

impl NoBody {
    /// What HTTP answers.
    pub fn status(self) -> StatusCode {
        match self {
            NoBody::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            NoBody::TooSlow => StatusCode::REQUEST_TIMEOUT,
            NoBody::Broken => StatusCode::BAD_REQUEST,
            NoBody::Crowded => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The same in words.
    pub fn why(self) -> &'static str {
        match self {
            NoBody::TooLarge => "the body is over the limit",
            NoBody::TooSlow => "the body did not come in time",
            NoBody::Broken => "the body broke off",
            NoBody::Crowded => "too many bodies are on their way",
        }
    }
}

/// The body of a request with these extensions, of at most `most` bytes and in the time that a body has. What comes from a
/// stranger counts among the [bodies](Limits::bodies) until it is whole.
///
/// # Errors
/// When it is longer, slower, or does not come whole.
pub async fn body(extensions: &http::Extensions, body: Body, most: usize) -> Result<Bytes, NoBody> {
    body_within(extensions, body, most, BODY).await
}

async fn body_within(extensions: &http::Extensions, body: Body, most: usize, time: Duration) -> Result<Bytes, NoBody> {
    let on_its_way = OnItsWay::of(extensions);
    let mut body = Limited::new(body, most);
    let collected = async {
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| match error.is::<http_body_util::LengthLimitError>() {
                true => NoBody::TooLarge,
                false => NoBody::Broken,
            })?;
            let Ok(bytes) = frame.into_data() else { continue };
            on_its_way.as_ref().map_or(Ok(()), |body| body.grows(bytes.len()))?;
            whole.extend_from_slice(&bytes);
        }
        Ok(whole.into())
    };
    timeout(time, collected).await.unwrap_or(Err(NoBody::TooSlow))
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    use super::*;

    const QUICK: Limits = Limits {
        headers: Duration::from_millis(300),
        stay: Duration::from_millis(600),
        strangers: 4,
        undisturbed: Duration::from_secs(5),
        last_answer: Duration::from_millis(600),
        bodies: 1_000_000,
    };

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
        let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
        client.get(format!("http://{address}{path}")).send().await?.text().await
    }

    async fn ended(stream: &mut TcpStream) -> bool {
        let mut rest = Vec::new();
        timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.is_ok()
    }

    async fn connected(address: std::net::SocketAddr, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// As many requests as the server takes from somebody who reads no answer. Ends when the server has ended it.
    async fn never_reads(address: std::net::SocketAddr, path: &str) -> bool {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let requests = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").repeat(100);
        let written =
            timeout(Duration::from_secs(5), async { while stream.write_all(requests.as_bytes()).await.is_ok() {} });
        written.await.is_ok()
    }

    #[tokio::test]
    async fn headers_that_do_not_come_and_connections_that_lie_idle_end_and_keep_nobody_out() {
        let (address, server) = started(Limits { headers: Duration::from_secs(2), ..QUICK }).await;
        let mut slow = Vec::new();
        for _ in 0..QUICK.strangers * 2 {
            slow.push(connected(address, "GET / HTTP/1.1\r\nhost: x\r\n").await);
        }
        let asked = Instant::now();
        assert_eq!(ask(address, "/").await.unwrap(), "here");
        assert!(asked.elapsed() < Duration::from_millis(1_000), "it waited for those who do nothing");
        for stream in &mut slow {
            assert!(ended(stream).await, "a slow connection stays open");
        }
        server.abort();
        let (address, server) = started(QUICK).await;
        let mut idle = connected(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(ended(&mut idle).await, "an idle connection stays open");
        server.abort();
    }

    #[tokio::test]
    async fn who_reads_no_answer_is_ended_and_keeps_nobody_out() {
        let (address, server) = started(Limits { stay: Duration::from_secs(60), ..QUICK }).await;
        let deaf: Vec<_> = (0..QUICK.strangers * 2)
            .map(|at| tokio::spawn(never_reads(address, if at % 2 == 0 { "/long" } else { "/none" })))
            .collect();
        sleep(Duration::from_millis(200)).await;
        let asked = Instant::now();
        assert_eq!(ask(address, "/").await.unwrap(), "here");
        assert!(asked.elapsed() < Duration::from_millis(1_000), "it waited for those who do not read");
        deaf.iter().for_each(tokio::task::JoinHandle::abort);
        server.abort();
    }

    #[tokio::test]
    async fn who_reads_no_answer_is_ended_though_there_is_room_for_him() {
        let (address, server) = started(QUICK).await;
        let begun = Instant::now();
        assert!(never_reads(address, "/long").await, "who does not read stays");
        assert!(begun.elapsed() < QUICK.stay + QUICK.last_answer + Duration::from_secs(1));
        server.abort();
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
        let limits = Limits { stay: Duration::from_secs(60), strangers: 100, ..QUICK };
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
            let read = timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
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
        let (address, server) = started(Limits { stay: Duration::from_secs(60), ..QUICK }).await;
        let mut silent = Vec::new();
        for _ in 0..QUICK.strangers {
            silent.push(sends(address, 10, 1).await);
        }
        sleep(ARRIVAL).await;
        let asked = Instant::now();
        assert_eq!(ask(address, "/").await.unwrap(), "here");
        assert!(asked.elapsed() < Duration::from_millis(1_000), "it waited for those who do not send");
        server.abort();
    }

    #[tokio::test]
    async fn a_stranger_stays_for_a_time_and_who_is_trusted_as_long_as_he_asks() {
        let (address, server) = started(QUICK).await;
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
}
