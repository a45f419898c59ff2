//! Subscriptions of all subscribers, page by page.

use serde::Serialize;
use sqlx::FromRow;

use super::{Error, Store};
use crate::model::subscriber::{SubscriberId, SubscriptionState};
use crate::model::time::Timestamp;

const LIST: &str =
    "SELECT s.id AS subscriber_id, coalesce(t.newsletter_id, 0) AS newsletter_id, s.address, s.name,
        n.slug AS newsletter, t.state, t.consent, coalesce(t.created_at, s.created_at) AS created_at,
        t.confirmed_at, t.ended_at, t.ended_by
    FROM subscriber s
    LEFT JOIN subscription t ON t.subscriber_id = s.id
    LEFT JOIN newsletter n ON n.id = t.newsletter_id
    WHERE s.id >= $1 AND (s.id > $1 OR coalesce(t.newsletter_id, 0) > $2)
      AND ($3 IS NULL OR n.slug = $3) AND ($4 IS NULL OR t.state = $4)
    ORDER BY s.id, t.newsletter_id LIMIT $5";

/// Which subscriptions are listed.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionFilter {
    /// Those of this newsletter, by its slug; `None`: of all, and subscribers who have none.
    pub newsletter: Option<String>,
    /// Those in this state.
    pub state: Option<SubscriptionState>,
}

/// A subscription with whose it is; a subscriber without any has one line of this kind too.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct ListedSubscription {
    /// The subscriber's row.
    #[serde(skip)]
    pub subscriber_id: SubscriberId,
    #[serde(skip)]
    newsletter_id: i64,
    /// The subscriber's address.
    pub address: String,
    /// The subscriber's name.
    pub name: Option<String>,
    /// The newsletter's slug.
    pub newsletter: Option<String>,
    /// Where the subscription stands.
    pub state: Option<SubscriptionState>,
    /// Where the consent comes from.
    pub consent: Option<String>,
    /// When it was asked for; without a subscription, since when the subscriber is known.
    pub created_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who or what ended it.
    pub ended_by: Option<String>,
}

impl Store {
    /// At most `limit` subscriptions, in the order in which their subscribers came, after the last of the page before.
    pub async fn list_subscriptions(
        &self,
        filter: &SubscriptionFilter,
        after: Option<&ListedSubscription>,
        limit: i64,
    ) -> Result<Vec<ListedSubscription>, Error> {
        let (subscriber, newsletter) =
            after.map_or((SubscriberId(0), 0), |last| (last.subscriber_id, last.newsletter_id));
        let query = sqlx::query_as(LIST).bind(subscriber).bind(newsletter);
        let query = query.bind(&filter.newsletter).bind(filter.state).bind(limit);
        Ok(query.fetch_all(&self.read).await?)
    }
}
