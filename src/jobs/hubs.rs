//! Sources whose hubs tell of changes (WebSub) → subscriptions there, asked for and renewed

use std::time::Duration;

use super::{Job, LiveSettings, Settings};
use crate::model::time::Timestamp;
use crate::source::{Fetcher, Kind};
use crate::store::{SourceHub, Store};

/// How long a hub is asked to tell of changes; it may say otherwise.
const LEASE_SECONDS: &str = "864000";

/// How long a hub has to confirm until it is asked again, at first and at most.
const FIRST_RETRY: Duration = Duration::from_mins(10);
const LAST_RETRY: Duration = Duration::from_hours(24);

/// Asks hubs to tell of changes.
#[derive(Clone, Debug)]
pub struct HubSubscriber {
    store: Store,
    fetcher: Fetcher,
    settings: LiveSettings,
}

impl HubSubscriber {
    /// Asks with `fetcher`.
    pub const fn new(store: Store, fetcher: Fetcher, settings: LiveSettings) -> Self {
        Self { store, fetcher, settings }
    }

    /// Asks one hub. That it agrees is known once it has asked back.
    async fn ask(
        &self,
        due: &SourceHub,
        settings: &Settings,
        allow_private: bool,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let base = settings.publication.base_url.as_str().trim_end_matches('/');
        let (callback, secret) = (format!("{base}/websub/{}", due.token), self.store.hub_secret(&due.token));
        let form = [
            ("hub.mode", "subscribe"),
            ("hub.topic", &*due.topic),
            ("hub.callback", &callback),
            ("hub.secret", &secret),
            ("hub.lease_seconds", LEASE_SECONDS),
        ];
        let times = u32::try_from(due.failures).unwrap_or(0).min(16);
        let pause = FIRST_RETRY.saturating_mul(1 << times).min(LAST_RETRY);
        self.store.record_hub_request(&due.source, now + pause).await?;
        let error = match self.fetcher.post_form(&due.hub, &form, allow_private).await {
            Ok((200..=299, _)) => None,
            Ok((status, said)) => Some(format!("the hub refuses ({status}): {}", said.trim())),
            Err(error) => Some(error.to_string()),
        };
        self.store.record_hub_error(&due.source, error.as_deref()).await?;
        if error.is_some() && error != due.error {
            tracing::warn!(source = due.source, error, "A hub does not tell of changes; it is asked again");
        }
        Ok(())
    }
}

impl Job for HubSubscriber {
    const NAME: &'static str = "hub subscriber";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = self.settings.borrow().clone();
        let due = self.store.due_hubs(now).await?;
        for due in &due {
            let scheduled = settings.sources.iter().find(|scheduled| scheduled.source.name == due.source);
            match scheduled.map(|scheduled| &scheduled.source.kind) {
                Some(Kind::Feed(feed)) if feed.websub => {
                    self.ask(due, &settings, feed.allow_private, now).await?;
                }
                // What the hub sends from now on finds nobody, and its lease ends.
                _ => self.store.forget_hub(&due.source).await?,
            }
        }
        Ok(0)
    }
}
