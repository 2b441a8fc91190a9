//! HTTP servers that slow and idle connections cannot use up.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// What a server grants its connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long the headers of a request may take, and how long a connection may lie idle before them.
    pub headers: Duration,
    /// How many connections are served at once; others wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { headers: Duration::from_secs(15), connections: 256 }
    }
}

/// How long the body of a request may take.
const BODY: Duration = Duration::from_secs(30);

/// How long nothing is accepted after the system had no place for another connection.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until it is dropped, or its task is aborted. Requests that are being answered then are answered; everything
/// else ends.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (_running, stopped) = watch::channel(());
    loop {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
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
        let (router, stopped) = (router.clone(), stopped.clone());
        tokio::spawn(async move {
            connection(stream, router, limits, stopped).await;
            drop(place);
        });
    }
}

async fn connection(stream: TcpStream, router: Router, limits: Limits, mut stopped: watch::Receiver<()>) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .serve_connection(TokioIo::new(stream), service);
    let mut served = std::pin::pin!(served);
    let result = tokio::select! {
        result = served.as_mut() => result,
        _ = stopped.changed() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Whether only the connection that was about to be accepted has failed.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// The body of a request, of at most `most` bytes and in the time that a body has; `None` otherwise.
pub async fn body(body: Body, most: usize) -> Option<Bytes> {
    timeout(BODY, to_bytes(body, most)).await.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    use super::*;

    const QUICK: Limits = Limits { headers: Duration::from_millis(300), connections: 4 };

    async fn started(limits: Limits) -> (std::net::SocketAddr, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let slow = get(|| async {
            sleep(Duration::from_millis(400)).await;
            "slow"
        });
        let router = Router::new().route("/", get(|| async { "here" })).route("/slow", slow);
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

    #[tokio::test]
    async fn headers_that_do_not_come_and_connections_that_lie_idle_end_and_leave_their_places() {
        let (address, server) = started(QUICK).await;
        let mut slow = Vec::new();
        for _ in 0..QUICK.connections {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.unwrap();
            slow.push(stream);
        }
        let asked = Instant::now();
        let answer = ask(address, "/").await.unwrap();
        assert_eq!(answer, "here");
        assert!(asked.elapsed() >= QUICK.headers / 2, "there was a fifth place");
        for stream in &mut slow {
            assert!(ended(stream).await, "a slow connection stays open");
        }
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert!(ended(&mut idle).await, "an idle connection stays open");
        server.abort();
    }

    #[tokio::test]
    async fn what_is_being_answered_when_the_server_stops_is_answered() {
        let (address, server) = started(Limits::default()).await;
        let asked = tokio::spawn(ask(address, "/slow"));
        sleep(Duration::from_millis(150)).await;
        server.abort();
        assert_eq!(asked.await.unwrap().unwrap(), "slow");
        assert!(ask(address, "/").await.is_err());
    }
}
