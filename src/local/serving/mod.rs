//! HTTP servers that slow, idle and deaf connections cannot use up.

mod body;
mod connection;

use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderValue, header};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use self::body::Bodies;
pub use self::body::{NoBody, body};
use self::connection::Strangers;
pub use self::connection::{Connection, trust};

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

/// How much of what a connection sends or is sent waits in it for its turn at most, in bytes. Headers have to fit into it.
const BUFFER: usize = 64 * 1024;

/// How long nothing is accepted after the system had no place for another connection.
const PAUSE: Duration = Duration::from_millis(200);

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
                () = connection.is_sent_away() => tracing::debug!("a connection was sent away for another"),
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
        connection.set_answering(true);
        let (answer, connection) = (service.call(request), connection.clone());
        async move {
            let mut answer = answer.await;
            connection.set_answering(false);
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

#[cfg(test)]
mod tests;
