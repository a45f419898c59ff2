//! The server itself: connections, their limits, their end. It speaks HTTP/1.1: the web server before it speaks the rest.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, Uri, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::Web;

/// How many connections are open at once; who comes then waits.
const CONNECTIONS: usize = 4096;

/// How long a client may take to say what it wants.
const HEADER_PATIENCE: Duration = Duration::from_secs(15);

/// How long connections with an answer under way are waited for at the end.
const GRACE: Duration = Duration::from_secs(20);

/// The pause after the system had no connection to give.
const PAUSE: Duration = Duration::from_millis(100);

impl Web {
    /// Serves until told to stop; answers under way are then still given.
    ///
    /// # Errors
    /// If the listener has no address.
    pub async fn serve(self, listener: TcpListener, shutdown: CancellationToken) -> io::Result<()> {
        tracing::info!(address = %listener.local_addr()?, "Listening");
        let server = Server { router: self.router(), web: self, connections: TaskTracker::new() };
        let (room, ending) = (Arc::new(Semaphore::new(CONNECTIONS)), GracefulShutdown::new());
        while let Some((seat, accepted)) = shutdown.run_until_cancelled(next(&listener, &room)).await {
            match accepted {
                Ok((stream, peer)) => server.begin(stream, peer, seat, &ending),
                Err(error) => {
                    tracing::warn!(%error, "A connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        drop(listener);
        if tokio::time::timeout(GRACE, ending.shutdown()).await.is_err() {
            tracing::warn!("Connections that did not end were closed");
        }
        Ok(())
    }

    /// A request as the routes know it: with the address of who sent it, and by the path that they have.
    fn prepare<B>(&self, mut request: Request<B>, peer: SocketAddr) -> Request<B> {
        request.extensions_mut().insert(ConnectInfo(peer));
        let inner = plain(request.uri(), self.settings().site.root());
        if let Some(address) = inner {
            *request.uri_mut() = address;
        }
        request
    }
}

async fn next(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, io::Result<(TcpStream, SocketAddr)>) {
    let seat = Arc::clone(room).acquire_owned().await.ok();
    (seat, listener.accept().await)
}

struct Server {
    web: Web,
    router: Router,
    connections: TaskTracker,
}

impl Server {
    fn begin(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        seat: Option<OwnedSemaphorePermit>,
        ending: &GracefulShutdown,
    ) {
        // Answers are written whole; waiting to fill a packet would only delay their end.
        stream.set_nodelay(true).unwrap_or_default();
        let (web, router) = (self.web.clone(), self.router.clone());
        let service = service_fn(move |request| answer(web.clone(), router.clone(), request, peer));
        let mut builder = Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let serving = ending.watch(connection);
        self.connections.spawn(async move {
            if let Err(error) = serving.await {
                tracing::debug!(%error, "A connection broke");
            }
            drop(seat);
        });
    }
}

/// Answers a request: at once by what lies ready, else by its route.
async fn answer(
    web: Web,
    router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    if let Some(response) = web.find_ready(&request).await {
        return Ok(response);
    }
    let mut response = router.oneshot(web.prepare(request, peer)).await?;
    if response.status() == StatusCode::NOT_MODIFIED {
        // To HEAD the routes say that nothing has no length, where that would be the document's (RFC 9110 §8.6).
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    Ok(response)
}

/// The address that the routes know, if it is another: without the path of the publication's base address, where a
/// proxy has not taken that away, and without a slash at the end of a page's.
fn plain(address: &Uri, root: &str) -> Option<Uri> {
    let whole = address.path();
    let below =
        root.strip_suffix('/').filter(|root| !root.is_empty()).and_then(|root| whole.strip_prefix(root));
    let inner = below.filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(whole);
    let path = inner.trim_end_matches('/');
    let path = if path.is_empty() { "/" } else { path };
    let query = address.query().map_or_else(String::new, |query| format!("?{query}"));
    (path != whole).then(|| format!("{path}{query}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_path_of_the_base_address_and_a_slash_at_the_end_are_taken_away() {
        for (path, root, expected) in [
            ("/news/feed.rss?a=b", "/news/", Some("/feed.rss?a=b")),
            ("/news/", "/news/", Some("/")),
            ("/news?a", "/news/", Some("/?a")),
            ("/feed.rss", "/news/", None),
            ("/newsletters/daily", "/news/", None),
            ("/newsletters/daily/?a", "/", Some("/newsletters/daily?a")),
            ("/feed.rss", "/", None),
            ("/", "/", None),
            ("//", "/", Some("/")),
        ] {
            let inner = plain(&path.parse().unwrap(), root);
            assert_eq!(inner.map(|address| address.to_string()).as_deref(), expected, "{path} below {root}");
        }
    }
}
