//! Deliveries one by one, for who asks what became of them.

use serde::Serialize;
use sqlx::FromRow;

use crate::model::delivery::DeliveryState;
use crate::model::edition::{EditionId, EditionNumber};
use crate::model::shape::GroupId;
use crate::model::subscriber::SubscriberId;
use crate::model::time::Timestamp;
use crate::store::{Error, Store};

const OF_EDITION: &str =
    "SELECT d.subscriber_id, n.slug AS newsletter, e.group_id, e.number, e.tick, s.address, d.state, d.attempt AS attempts,
        d.uncertain AS doubts, CASE WHEN d.state IN ('queued', 'deferred') AND d.due_at > 0 THEN d.due_at END AS next_at,
        d.settled_at, d.reply
    FROM delivery d JOIN edition e ON e.id = d.edition_id JOIN newsletter n ON n.id = e.newsletter_id
    LEFT JOIN subscriber s ON s.id = d.subscriber_id
    WHERE d.edition_id = $1 AND ($2 IS NULL OR d.state = $2) AND ($3 OR d.state <> 'sent')
    ORDER BY d.subscriber_id LIMIT $4";
const OF_SUBSCRIBER: &str =
    "SELECT d.subscriber_id, n.slug AS newsletter, e.group_id, e.number, e.tick, s.address, d.state, d.attempt AS attempts,
        d.uncertain AS doubts, CASE WHEN d.state IN ('queued', 'deferred') AND d.due_at > 0 THEN d.due_at END AS next_at,
        d.settled_at, d.reply
    FROM delivery d JOIN edition e ON e.id = d.edition_id JOIN newsletter n ON n.id = e.newsletter_id
    LEFT JOIN subscriber s ON s.id = d.subscriber_id
    WHERE d.subscriber_id = $1 ORDER BY d.edition_id DESC LIMIT $2";

/// What became of one edition for one subscriber.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct ListedDelivery {
    /// The subscriber's row, which outlives the subscriber.
    #[serde(skip)]
    pub subscriber_id: SubscriberId,
    /// The newsletter's slug.
    pub newsletter: String,
    /// To which group the edition goes; none: it is the newsletter's own.
    #[sqlx(rename = "group_id")]
    pub group: GroupId,
    /// The edition's number within its newsletter, or the group.
    pub number: i64,
    /// The edition's tick.
    pub tick: Timestamp,
    /// The subscriber's address; `None` once forgotten.
    pub address: Option<String>,
    /// Where the delivery stands.
    pub state: DeliveryState,
    /// How many attempts there were, with one that goes on.
    pub attempts: u32,
    /// How many of them ended without the relay's final answer.
    pub doubts: u32,
    /// When it is tried next, if it waits for a moment and not only for its turn.
    pub next_at: Option<Timestamp>,
    /// When the last attempt ended.
    pub settled_at: Option<Timestamp>,
    /// The relay's words at the end of the last attempt, or what happened in their place.
    pub reply: Option<String>,
}

impl ListedDelivery {
    /// The edition's name in commands.
    pub fn edition_name(&self) -> String {
        format!("{}/{}", self.newsletter, EditionNumber { group: self.group, number: self.number })
    }
}

/// Which deliveries of an edition are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryFilter {
    /// All.
    All,
    /// All that the relay has not taken.
    NotSent,
    /// Those in this state.
    In(DeliveryState),
}

impl Store {
    /// At most `limit` deliveries of an edition, in the order in which their subscribers came. Reads the edition's
    /// deliveries one after the other until there are so many.
    pub async fn deliveries_of_edition(
        &self,
        edition: EditionId,
        filter: DeliveryFilter,
        limit: i64,
    ) -> Result<Vec<ListedDelivery>, Error> {
        let (state, with_sent) = match filter {
            DeliveryFilter::All => (None, true),
            DeliveryFilter::NotSent => (None, false),
            DeliveryFilter::In(state) => (Some(state), true),
        };
        let query = sqlx::query_as(OF_EDITION).bind(edition).bind(state).bind(with_sent).bind(limit);
        Ok(query.fetch_all(&self.read).await?)
    }

    /// At most `limit` deliveries to a subscriber, the newest edition first.
    pub async fn deliveries_to(
        &self,
        subscriber: SubscriberId,
        limit: i64,
    ) -> Result<Vec<ListedDelivery>, Error> {
        let query = sqlx::query_as(OF_SUBSCRIBER).bind(subscriber).bind(limit);
        Ok(query.fetch_all(&self.read).await?)
    }
}
