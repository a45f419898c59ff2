//! The hub's work: verifying what is asked of it, and handing out what has changed.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use data_encoding::HEXLOWER;
use futures_util::{StreamExt, stream};
use url::Url;
use url::form_urlencoded::Serializer;

use super::super::cache::Document;
use super::super::{Error, Settings, Web, feeds};
use super::{Hub, Which};
use crate::model::time::Timestamp;
use crate::model::token;
use crate::render::feed::Format;
use crate::source;
use crate::source::fetch::{Fetcher, Reply};
use crate::store::{HubDelivery, HubOutcome, HubRequest};

/// How many requests are verified, and how many subscribers are told of changes, in one step.
const REQUESTS: i64 = 256;
const DELIVERIES: i64 = 1024;

/// How many hosts are spoken to at the same time; each of them is told one thing after the other. As most of this is waiting
/// for them, it is what a thousand subscribers are told within a second by.
const AT_ONCE: usize = 128;

/// How many outcomes are written down at once.
const WRITTEN: usize = 128;

/// The pauses after the first, second, … failure in a row; then what was to be sent is given up, and the next change is tried.
const PAUSES: [Duration; 6] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(3),
    Duration::from_hours(6),
];

/// How often a callback is asked whether it means it.
const QUESTIONS: usize = 3;

/// Something to send, and to whom.
struct Parcel {
    to: HubDelivery,
    document: Arc<Document>,
}

impl Web {
    /// Does a piece of the hub's work, and returns how much it was.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn serve_hub(&self, fetcher: &Fetcher, now: Timestamp) -> Result<usize, Error> {
        let settings = self.settings();
        if matches!(settings.hub, Hub::None) {
            return Ok(0); // it is looked for five times a second, and the database is not asked for nothing
        }
        let (store, stamp) = (&self.0.store, self.stamp(&settings).await?);
        let is_seen = *self.0.hub_seen.lock().await == Some(stamp);
        match &settings.hub {
            Hub::Own if !is_seen => store.forget_kept_hub().await?,
            Hub::Outside(hub) if !is_seen => {
                let topics = settings.told();
                store.keep_hub(&topics, hub.as_str(), hub.host_str().unwrap_or_default()).await?;
            }
            Hub::None | Hub::Own | Hub::Outside(_) => {}
        }
        let requests = store.due_hub_requests(now, REQUESTS).await?;
        let verified = requests.len();
        self.verify_all(fetcher, requests, now).await?;
        if is_seen && !store.has_hub_retries(now).await? {
            return Ok(verified);
        }
        let parcels = self.parcels(&settings, now).await?;
        let sent = parcels.len();
        self.send_all(fetcher, &settings, parcels, now).await?;
        if sent == 0 {
            *self.0.hub_seen.lock().await = Some(stamp);
        }
        Ok(verified + sent)
    }

    async fn verify_all(
        &self,
        fetcher: &Fetcher,
        requests: Vec<HubRequest>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let groups = by_host(requests, |request| &request.host).map(async |group| {
            for request in group {
                self.verify(fetcher, request, now).await?;
            }
            Ok::<(), Error>(())
        });
        let outcomes: Vec<Result<(), Error>> = stream::iter(groups).buffer_unordered(AT_ONCE).collect().await;
        outcomes.into_iter().collect()
    }

    /// Asks a callback whether it means what was asked in its name (WebSub §5.3).
    async fn verify(&self, fetcher: &Fetcher, request: HubRequest, now: Timestamp) -> Result<(), Error> {
        let store = &self.0.store;
        let challenge = HEXLOWER.encode(&rand::random::<[u8; 16]>());
        let Ok(mut url) = Url::parse(&request.callback) else {
            return Ok(store.forget_hub_request(request.id).await?);
        };
        url.query_pairs_mut()
            .append_pair("hub.mode", &request.mode)
            .append_pair("hub.topic", &request.topic)
            .append_pair("hub.challenge", &challenge)
            .append_pair("hub.lease_seconds", &request.lease_seconds.to_string());
        let reply = fetcher.ask_callback(&url).await;
        let means_it = reply
            .as_ref()
            .is_ok_and(|reply| (200..300).contains(&reply.status) && reply.body == challenge.as_bytes());
        if means_it {
            let sent = self.current(&request.topic).await?.map_or_else(String::new, |own| own.hash.clone());
            let lease = Duration::from_secs(request.lease_seconds.unsigned_abs());
            return Ok(store.settle_hub_request(&request, &sent, now + lease).await?);
        }
        let attempts = usize::try_from(request.attempts).unwrap_or(QUESTIONS);
        let may_mean_it = match reply {
            Ok(reply) => reply.status >= 500,
            Err(error) => error.is_passing(),
        };
        if may_mean_it && attempts + 1 < QUESTIONS {
            return Ok(store.put_off_hub_request(request.id, now + PAUSES[attempts]).await?);
        }
        Ok(store.forget_hub_request(request.id).await?)
    }

    /// What is to be sent now.
    async fn parcels(&self, settings: &Settings, now: Timestamp) -> Result<Vec<Parcel>, Error> {
        let (mut parcels, mut left) = (Vec::new(), DELIVERIES);
        for topic in self.0.store.hub_topics().await? {
            if settings.topic(&topic).is_none() {
                continue;
            }
            let Some(document) = self.current(&topic).await? else { continue };
            let unsent = self.0.store.unsent_hub_deliveries(&topic, &document.hash, (now, left)).await?;
            left -= i64::try_from(unsent.len()).unwrap_or(left);
            parcels.extend(unsent.into_iter().map(|to| Parcel { to, document: Arc::clone(&document) }));
            if left <= 0 {
                break;
            }
        }
        Ok(parcels)
    }

    async fn current(&self, topic: &str) -> Result<Option<Arc<Document>>, Error> {
        let Some((which, format)) = self.settings().topic(topic) else { return Ok(None) };
        feeds::current(self, &which, format).await
    }

    /// Sends all of these. What became of them is written down while others are under way.
    async fn send_all(
        &self,
        fetcher: &Fetcher,
        settings: &Settings,
        parcels: Vec<Parcel>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let groups = by_host(parcels, |parcel| &parcel.to.host);
        let settled = stream::iter(groups).flat_map_unordered(AT_ONCE, |group| {
            Box::pin(stream::iter(group).then(|parcel| send(fetcher, settings, parcel, now)))
        });
        let (mut settled, mut written) = (pin!(settled.ready_chunks(WRITTEN)), Ok(()));
        while let Some(some) = settled.next().await {
            // What cannot be written down was sent all the same, and so is what is under way.
            written = written.and(self.0.store.settle_hub_deliveries(&some).await);
        }
        Ok(written?)
    }
}

/// Sends something to a subscriber, or to another hub.
async fn send(
    fetcher: &Fetcher,
    settings: &Settings,
    parcel: Parcel,
    now: Timestamp,
) -> (HubDelivery, HubOutcome) {
    let Parcel { to, document } = parcel;
    let Ok(url) = Url::parse(&to.callback) else { return (to, HubOutcome::Ended) };
    let is_ping = matches!(&settings.hub, Hub::Outside(hub) if *hub == url);
    let message = if is_ping { ping(&to.topic) } else { content(settings, &to, &document) };
    let reply = fetcher.post_callback(&url, is_ping, message).await;
    note(&reply, &to, is_ping);
    let outcome = match reply.map(|reply| reply.status) {
        Ok(200..300) => HubOutcome::Done(document.hash.clone()),
        Ok(410) if !is_ping => HubOutcome::Ended,
        _ => match usize::try_from(to.attempts).ok().and_then(|attempts| PAUSES.get(attempts)) {
            Some(pause) => HubOutcome::PutOff(now + *pause),
            None => HubOutcome::Done(document.hash.clone()),
        },
    };
    (to, outcome)
}

impl Settings {
    /// The feeds that another hub is told of.
    fn told(&self) -> Vec<String> {
        let publication = &self.site.publication;
        let public = self.site.newsletters.iter().filter(|newsletter| !newsletter.is_private);
        let slugs = public.map(|newsletter| newsletter.slug.as_str());
        let of_newsletters = slugs.flat_map(|slug| {
            [Which::of(super::super::feed::Condition::newsletter(slug)), Which::Editions(slug.to_owned())]
        });
        let all = std::iter::once(Which::site()).chain(of_newsletters);
        all.flat_map(|which| Format::ALL.map(|format| publication.link(&which.path(format)))).collect()
    }
}

/// These in groups, each of one host.
fn by_host<T>(all: Vec<T>, host: impl Fn(&T) -> &String) -> impl Iterator<Item = Vec<T>> {
    let mut groups: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for one in all {
        groups.entry(host(&one).clone()).or_default().push(one);
    }
    groups.into_values()
}

/// A line in the log where a delivery did not go well. The path of a callback may hold a token: its host says enough.
fn note(reply: &Result<Reply, source::Error>, to: &HubDelivery, is_ping: bool) {
    let (host, status) = (to.host.as_str(), reply.as_ref().map_or(0, |reply| reply.status));
    if (200..300).contains(&status) {
        return;
    }
    if is_ping && to.attempts == 0 {
        tracing::warn!(
            host,
            status,
            topic = to.topic,
            "The hub did not take the news of a change; it will be told again"
        );
    } else {
        tracing::debug!(
            host,
            status,
            attempts = to.attempts,
            "A subscriber at the hub did not take a change"
        );
    }
}

/// The feed as it is now, signed if the subscriber gave a secret (WebSub §7).
fn content(settings: &Settings, to: &HubDelivery, document: &Document) -> (HeaderMap, Bytes) {
    let hub = settings.site.publication.link(super::PATH);
    let links = format!("<{hub}>; rel=\"hub\", <{}>; rel=\"self\"", to.topic);
    let signature =
        to.secret.as_ref().map(|secret| format!("sha256={}", token::signature(secret, &document.body)));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(document.kind));
    headers.extend(HeaderValue::try_from(links).ok().map(|links| (header::LINK, links)));
    let signature = signature.and_then(|signature| HeaderValue::try_from(signature).ok());
    headers
        .extend(signature.map(|signature| (header::HeaderName::from_static("x-hub-signature"), signature)));
    (headers, document.body.clone())
}

/// Tells another hub that a feed has changed.
fn ping(topic: &str) -> (HeaderMap, Bytes) {
    let form = Serializer::new(String::new())
        .append_pair("hub.mode", "publish")
        .append_pair("hub.url", topic)
        .append_pair("hub.topic", topic)
        .finish();
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    (HeaderMap::from_iter([(header::CONTENT_TYPE, kind)]), form.into())
}
