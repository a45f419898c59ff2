//! What readers and feed readers reach over HTTP.

mod address;
mod address_change;
mod answer;
mod api;
mod archive;
mod basis;
mod cache;
mod client;
mod coding;
mod conditional;
mod confirm;
mod delta;
pub mod desk;
pub mod documents;
mod edition;
mod error;
pub mod feed;
mod feeds;
mod go;
mod guard;
mod health;
mod hub;
mod hubs;
pub mod inbox;
mod keep;
mod limiter;
mod link;
mod links;
mod making;
mod manage;
mod media;
mod negotiation;
mod own_data;
mod packing;
mod pages;
mod private;
mod private_feed;
mod ready;
mod search;
mod server;
mod sitemaps;
mod subscribe;
mod trap;
mod unsubscribe;
mod visits;

use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use ipnet::IpNet;
use jiff::tz::TimeZone;
use tokio::sync::Notify;

pub use coding::Coding;
pub use error::Error;
pub use hub::Hub;

use crate::config::zones::Zones;
use crate::model::allowance::Allowance;
use crate::model::newsletter::Newsletter;
use crate::model::podcast::Podcast;
use crate::model::subscriber::{PrivateFeedId, SubscriberId};
use crate::model::time::{Clock, Timestamp};
use crate::model::vetting::Vetting;
use crate::render::page::Site;
use crate::store::{Group, Sight, Store};
use cache::{Basis, Cache, Document};
use making::Making;
use packing::Packer;

/// For what does not change under its name.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// What the web server works by. Replaced as a whole when the configuration is read again.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the pages are made from.
    pub site: Site,
    /// How often new articles are looked for: by it feeds say how long they are good for.
    pub paces: Vec<Pace>,
    /// Which feeds are listed as podcasts.
    pub podcasts: Vec<Podcast>,
    /// Who tells readers of changes.
    pub hub: Hub,
    /// Whether Atom feeds name what was retracted (RFC 6721).
    pub tombstones: bool,
    /// About how many bytes of documents are kept in memory.
    pub cache_bytes: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Other sites whose pages may ask for subscriptions by JSON, as browsers name them.
    pub cors_origins: Vec<String>,
    /// How often one client may ask for subscriptions and for what else sends mail.
    pub allowance: Allowance,
    /// How many sign-ups are taken as they come.
    pub sign_ups: Allowance,
    /// Which addresses are taken.
    pub vetting: Vetting,
    /// The time zones of the world, by name.
    pub zones: Zones,
}

impl Settings {
    /// What everybody is shown.
    fn strangers(&self) -> Sight {
        Sight::Public(self.site.public.clone())
    }

    /// With the key by which links are signed, if they are counted.
    fn counting(mut self, store: &Store) -> Self {
        self.site.counting = self.site.publication.counts.then(|| store.key().clone());
        self
    }

    /// The zone of the dates of a newsletter, or of one of its groups.
    fn zone_of(&self, newsletter: &Newsletter, group: Option<Group>) -> TimeZone {
        let own = group.map(|group| group.shape.zone(newsletter, |name| self.zones.zone(name).ok()));
        own.unwrap_or_else(|| newsletter.time_zone().clone())
    }
}

/// The settings that requests are answered by now.
struct Live {
    settings: Settings,
    /// How often they were replaced. A document is as new as the settings that it is made by, not as those of the moment at
    /// which it is kept.
    generation: u64,
}

impl Deref for Live {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

/// How often articles are looked for in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The name of the source.
    pub source: String,
    /// The longest pause between two pulls.
    pub every: Duration,
}

/// When each source is asked again, as it was read at a moment.
type Pulls = (Timestamp, Arc<[(String, Timestamp)]>);

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Shared>);

struct Shared {
    store: Store,
    clock: Clock,
    /// Wakes the sender: a confirmation is to be mailed.
    bell: Arc<Notify>,
    settings: RwLock<Arc<Live>>,
    cache: Cache,
    making: Making,
    packer: Packer,
    pulls: Mutex<Option<Pulls>>,
    /// As of when everything was handed out by the hub.
    hub_seen: tokio::sync::Mutex<Option<(i64, u64)>>,
    /// How often each reader's own feed has been asked for.
    private_feeds: limiter::Limiter<PrivateFeedId>,
    counts: health::Counts,
    visits: visits::Visits,
}

impl Web {
    /// A web server over a store. `bell` is rung when there is a confirmation to mail.
    pub fn new(store: Store, clock: Clock, bell: Arc<Notify>, settings: Settings) -> Self {
        let settings = settings.counting(&store);
        let cache = Cache::new(settings.cache_bytes);
        Self(Arc::new(Shared {
            store,
            clock,
            bell,
            settings: RwLock::new(Arc::new(Live { settings, generation: 0 })),
            cache,
            making: Making::default(),
            packer: Packer::default(),
            pulls: Mutex::default(),
            hub_seen: tokio::sync::Mutex::default(),
            private_feeds: limiter::Limiter::default(),
            counts: health::Counts::default(),
            visits: visits::Visits::default(),
        }))
    }

    /// Takes settings that were read again; requests in flight are answered by those before.
    pub fn reload(&self, settings: Settings) {
        let settings = settings.counting(&self.0.store);
        self.0.cache.resize(settings.cache_bytes);
        let mut live = self.0.settings.write().unwrap_or_else(PoisonError::into_inner);
        let generation = live.generation + 1;
        *live = Arc::new(Live { settings, generation });
    }

    /// Everything that is served.
    pub fn router(&self) -> Router {
        let router = Router::new()
            .merge(feeds::router())
            .merge(pages::router())
            .merge(sitemaps::router())
            .merge(private::router())
            .merge(private_feed::router())
            .merge(search::router())
            .merge(hub::router())
            .merge(subscribe::router())
            .merge(api::router(self))
            .merge(confirm::router())
            .merge(manage::router())
            .merge(address_change::router())
            .merge(link::router())
            .merge(keep::router())
            .merge(unsubscribe::router())
            .merge(go::router())
            .merge(media::router())
            .merge(health::router())
            .fallback(async || Error::NotFound);
        guard::guarded(router.with_state(self.clone()), hubs::router().with_state(self.clone()), self)
    }

    /// The language in which pages speak to a reader who came by a link of theirs: the one they asked for, else that of
    /// the newsletter of this name, else the publication's.
    async fn language_for(&self, reader: SubscriberId, slug: &str) -> Result<String, Error> {
        let subscriber = self.0.store.find_subscriber_by_id(reader).await?;
        let (site, own) = (&self.settings().site, subscriber.and_then(|reader| reader.language));
        let newsletter = site.newsletter(slug).map(|newsletter| newsletter.language.as_str());
        Ok(site.publication.language_for([own.as_deref(), newsletter].into_iter().flatten()).to_owned())
    }

    fn settings(&self) -> Arc<Live> {
        Arc::clone(&self.0.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What everything that is served by these settings depends on.
    async fn stamp(&self, settings: &Live) -> Result<(i64, u64), Error> {
        Ok((self.0.store.revision().await?, settings.generation))
    }

    /// The document of this name, from memory if nothing has changed since it was made there; `None` if there is
    /// none such. `make` is a pure function of the store and of these settings.
    async fn document<M>(&self, settings: &Live, name: &str, make: M) -> Result<Option<Arc<Document>>, Error>
    where
        M: Future<Output = Result<Option<Document>, Error>>,
    {
        self.document_made_from(settings, name, async { Ok(None) }, make).await
    }

    /// The same, from memory also while what it is made from has not changed. `basis` is looked up where something has changed
    /// in the store, and costs less than `make` does; where it is `None`, that is not known.
    async fn document_made_from<B, M>(
        &self,
        settings: &Live,
        name: &str,
        basis: B,
        make: M,
    ) -> Result<Option<Arc<Document>>, Error>
    where
        B: Future<Output = Result<Option<Basis>, Error>>,
        M: Future<Output = Result<Option<Document>, Error>>,
    {
        let stamp = self.stamp(settings).await?;
        if let Some(document) = self.0.cache.find(name, stamp) {
            return Ok(Some(document));
        }
        let _turn = self.0.making.turn(name).await;
        if let Some(document) = self.0.cache.find(name, stamp) {
            return Ok(Some(document));
        }
        let _room = self.0.making.room(name).await;
        // Before it is made: what changes meanwhile has it made once more, and never too seldom.
        let basis = basis.await?;
        if let Some(document) = basis.and_then(|basis| self.0.cache.renew(name, stamp, basis)) {
            return Ok(Some(document));
        }
        let Some(document) = make.await? else { return Ok(None) };
        self.0.counts.add_made();
        Ok(Some(self.0.cache.keep(name, (stamp, basis), document)))
    }

    /// When each source is asked again; looked up once a second at most, however many ask.
    async fn next_pulls(&self, now: Timestamp) -> Result<Arc<[(String, Timestamp)]>, Error> {
        let known = self.0.pulls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, pulls)) = known.filter(|(read_at, _)| *read_at == now) {
            return Ok(pulls);
        }
        let pulls: Arc<[_]> = self.0.store.next_pulls().await?.into();
        *self.0.pulls.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&pulls)));
        Ok(pulls)
    }

    /// Answers a request for a document: whole, or that the client has it.
    async fn answer<M>(
        &self,
        settings: &Live,
        (name, headers): (&str, &HeaderMap),
        make: M,
    ) -> Result<Response, Error>
    where
        M: Future<Output = Result<Option<Document>, Error>>,
    {
        let document = self.document(settings, name, make).await?.ok_or(Error::NotFound)?;
        answer::response(self, &document, headers).await
    }
}
