//! Ends what has expired.

use std::time::Duration;

use super::Job;
use crate::model::time::Timestamp;
use crate::store::Store;

/// How long a sign-up waits for its confirmation before nothing is left of it.
const UNCONFIRMED: Duration = Duration::from_hours(7 * 24);

/// How long it is known from which network consent came.
const NETWORKS: Duration = Duration::from_hours(30 * 24);

/// How long a request of a program can be sent again under its name.
const REQUESTS: Duration = Duration::from_hours(24);

/// How long the digest of a group's edition is kept after all of it was sent.
const BODIES: Duration = Duration::from_hours(24);

/// Erases sign-ups that nobody confirmed, networks that consent came from, changes of address that are over, names of
/// requests, allowances that are whole again, domains that nobody is at any more, groups that nobody is in, digests to groups that have been sent, what providers said long ago, and subscriptions at the hub whose time is
/// over.
#[derive(Clone, Debug)]
pub struct Janitor {
    store: Store,
}

impl Janitor {
    /// A janitor of this store.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Job for Janitor {
    const NAME: &'static str = "janitor";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let removed = self.store.remove_unconfirmed(now - UNCONFIRMED).await?;
        if removed > 0 {
            tracing::info!(removed, "Erased sign-ups that were not confirmed within a week");
        }
        self.store.expire_hub_subscriptions(now).await?;
        self.store.forget_consent_networks(now - NETWORKS).await?;
        self.store.forget_requests(now - REQUESTS).await?;
        self.store.forget_allowances(now).await?;
        self.store.forget_address_changes(now).await?;
        self.store.forget_provider_holds(now).await?;
        self.store.remove_empty_groups().await?;
        self.store.forget_group_bodies(now - BODIES).await?;
        self.store.forget_domains().await.map_err(Into::into)
    }
}
