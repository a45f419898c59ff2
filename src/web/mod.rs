//! What readers and feed readers reach over HTTP.

mod address;
mod cache;
mod client;
mod coding;
mod conditional;
mod confirm;
pub mod desk;
pub mod documents;
mod edition;
mod error;
pub mod feed;
mod feeds;
mod guard;
mod health;
mod hubs;
pub mod inbox;
mod pages;
mod server;
mod subscribe;
mod unsubscribe;

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use ipnet::IpNet;
use tokio::sync::{Mutex, Notify};

pub use client::Allowance;
pub use coding::Coding;
pub use error::Error;

use crate::model::time::Clock;
use crate::render::page::Site;
use crate::store::Store;
use cache::{Cache, Document};

/// About how many bytes of documents are kept in memory.
const CACHE_BYTES: usize = 16 << 20;

/// What the web server works by. Replaced as a whole when the configuration is read again.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the pages are made from.
    pub site: Site,
    /// How long a feed is good for: the shortest pause between two pulls of a source.
    pub max_age: Duration,
    /// Whether Atom feeds name what was retracted (RFC 6721).
    pub tombstones: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How often one client may ask for subscriptions.
    pub allowance: Allowance,
}

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Shared>);

struct Shared {
    store: Store,
    clock: Clock,
    /// Wakes the sender: a confirmation is to be mailed.
    bell: Arc<Notify>,
    settings: RwLock<Arc<Settings>>,
    /// How often the settings were replaced.
    generation: AtomicU64,
    cache: Cache,
    /// One document is made at a time, so that a crowd that asks for the same makes it once.
    making: Mutex<()>,
    clients: client::Clients,
    counts: health::Counts,
}

impl Web {
    /// A web server over a store. `bell` is rung when there is a confirmation to mail.
    pub fn new(store: Store, clock: Clock, bell: Arc<Notify>, settings: Settings) -> Self {
        let clients = client::Clients::new(settings.allowance);
        Self(Arc::new(Shared {
            store,
            clock,
            bell,
            settings: RwLock::new(Arc::new(settings)),
            generation: AtomicU64::new(0),
            cache: Cache::new(CACHE_BYTES),
            making: Mutex::new(()),
            clients,
            counts: health::Counts::default(),
        }))
    }

    /// Takes settings that were read again; requests in flight are answered by those before. The allowance of
    /// clients stays as it was at the start.
    pub fn reload(&self, settings: Settings) {
        *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        self.0.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Everything that is served.
    pub fn router(&self) -> Router {
        let router = Router::new()
            .merge(feeds::router())
            .merge(pages::router())
            .merge(subscribe::router())
            .merge(confirm::router())
            .merge(unsubscribe::router())
            .merge(health::router())
            .fallback(async || Error::NotFound);
        guard::guarded(router.with_state(self.clone()), hubs::router().with_state(self.clone()), self)
    }

    fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.0.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The document of this name, from memory if nothing has changed since it was made there; `None` if there is
    /// none such. `make` is a pure function of the store and the settings.
    async fn document<M>(&self, name: &str, make: M) -> Result<Option<Arc<Document>>, Error>
    where
        M: Future<Output = Result<Option<Document>, Error>>,
    {
        let generation = self.0.generation.load(Ordering::SeqCst);
        let stamp = (self.0.store.revision().await?, generation);
        if let Some(document) = self.0.cache.find(name, stamp) {
            return Ok(Some(document));
        }
        let _turn = self.0.making.lock().await;
        if let Some(document) = self.0.cache.find(name, stamp) {
            return Ok(Some(document));
        }
        Ok(make.await?.map(|document| self.0.cache.keep(name, stamp, document)))
    }

    /// Answers a request for a document: whole, or that the client has it.
    async fn answer<M>(&self, name: &str, headers: &HeaderMap, make: M) -> Result<Response, Error>
    where
        M: Future<Output = Result<Option<Document>, Error>>,
    {
        let document = self.document(name, make).await?.ok_or(Error::NotFound)?;
        Ok(feeds::response(&document, headers).await)
    }
}
