//! A server on loopback that answers as a test wants it to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn};
use courant::source::{FeedSettings, Kind};
use tokio::net::TcpListener;

/// A running server, and what it was asked.
pub struct Web {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<(String, HeaderMap)>>>,
}

impl Web {
    #[expect(clippy::disallowed_methods, reason = "the server ends with the test's runtime")]
    /// Serves on an address of the loopback network; all of `127.0.0.0/8` is there.
    pub async fn at(host: &str, router: Router) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let router = router.layer(from_fn(move |request: Request, next: Next| {
            let asked = (request.uri().to_string(), request.headers().clone());
            log.lock().unwrap().push(asked);
            next.run(request)
        }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, requests }
    }

    pub async fn with(router: Router) -> Self {
        Self::at("127.0.0.1", router).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A feed of this server, which is meant to be where it is.
    pub fn feed(&self, path: &str) -> Kind {
        Kind::Feed(FeedSettings { url: self.url(path), allow_private: true, ..FeedSettings::default() })
    }

    /// The headers of the requests so far, oldest first.
    pub fn requests(&self) -> Vec<(String, HeaderMap)> {
        self.requests.lock().unwrap().clone()
    }
}
