//! Hubs that tell of changes of a source (WebSub): asked, confirmed, renewed

use std::time::Duration;

use sqlx::FromRow;

use super::{Error, Store};
use crate::model::time::Timestamp;

const COLUMNS_OF_ALL: &str =
    "SELECT source, token, hub, topic, next_at, failures, error, lease_until, notified_at
    FROM source_hub WHERE next_at <= $1";
const FIND: &str = "SELECT source, token, hub, topic, next_at, failures, error, lease_until, notified_at
    FROM source_hub WHERE source = $1";
const FIND_BY_TOKEN: &str =
    "SELECT source, token, hub, topic, next_at, failures, error, lease_until, notified_at
    FROM source_hub WHERE token = $1";
const NOTE: &str = "INSERT INTO source_hub (source, token, hub, topic, next_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (source) DO UPDATE SET token = excluded.token, hub = excluded.hub, topic = excluded.topic,
        next_at = excluded.next_at, failures = 0, error = NULL, lease_until = NULL, notified_at = NULL";
const FORGET: &str = "DELETE FROM source_hub WHERE source = $1";
const RECORD: &str = "UPDATE source_hub SET next_at = $2, failures = failures + 1 WHERE source = $1";
const SET_ERROR: &str = "UPDATE source_hub SET error = $2 WHERE source = $1";
const CONFIRM: &str = "UPDATE source_hub SET lease_until = $2, next_at = $3, error = NULL, failures = 0
    WHERE token = $1";
const NOTIFY: &str = "UPDATE source_hub SET notified_at = $2 WHERE source = $1";

/// A hub that is to tell of changes of a source.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SourceHub {
    /// The source's name.
    pub source: String,
    /// What our address for it ends with: nobody but the hub knows it.
    pub token: String,
    /// Where the hub takes subscriptions.
    pub hub: String,
    /// By which address it knows the feed.
    pub topic: String,
    /// When it is asked again.
    pub next_at: Timestamp,
    /// How many times it was asked since it last confirmed.
    pub failures: i64,
    /// Why that failed, the last time.
    pub error: Option<String>,
    /// Until when it tells of changes; `None`: it has not confirmed yet.
    pub lease_until: Option<Timestamp>,
    /// When it last told of one.
    pub notified_at: Option<Timestamp>,
}

impl Store {
    /// Notes which hub tells of changes of a source, and by which address it knows the feed. Another one than before is to
    /// be asked at once.
    pub async fn note_hub(
        &self,
        source: &str,
        hub: Option<(&str, &str)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let known = self.find_hub(source).await?;
        let known = known.as_ref().map(|known| (known.hub.as_str(), known.topic.as_str()));
        match hub {
            _ if hub == known => {}
            None => self.forget_hub(source).await?,
            Some((url, topic)) => {
                let name = format!("hub:{source}\0{url}\0{topic}\0{}", now.as_unix());
                let token = data_encoding::HEXLOWER.encode(&self.key.hash(&name));
                let query = sqlx::query(NOTE).bind(source).bind(token).bind(url).bind(topic).bind(now);
                self.write.execute(query).await?;
            }
        }
        Ok(())
    }

    /// The secret by which the hub shows that it is the one with this token.
    pub fn hub_secret(&self, token: &str) -> String {
        data_encoding::HEXLOWER.encode(&self.key.hash(&format!("hub-secret:{token}")))
    }

    /// The hubs that are to be asked now.
    pub async fn due_hubs(&self, now: Timestamp) -> Result<Vec<SourceHub>, Error> {
        Ok(sqlx::query_as(COLUMNS_OF_ALL).bind(now).fetch_all(&self.read).await?)
    }

    /// The hub of a source.
    pub async fn find_hub(&self, source: &str) -> Result<Option<SourceHub>, Error> {
        Ok(sqlx::query_as(FIND).bind(source).fetch_optional(&self.read).await?)
    }

    /// The hub whose address at ours ends with this.
    pub async fn find_hub_by_token(&self, token: &str) -> Result<Option<SourceHub>, Error> {
        Ok(sqlx::query_as(FIND_BY_TOKEN).bind(token).fetch_optional(&self.read).await?)
    }

    /// Lets nobody tell of changes of a source any more.
    pub async fn forget_hub(&self, source: &str) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET).bind(source)).await?;
        Ok(())
    }

    /// Notes that a hub is being asked, and when it is asked again unless it confirms. To be called before it is asked: it
    /// may confirm before it answers.
    pub async fn record_hub_request(&self, source: &str, next_at: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(RECORD).bind(source).bind(next_at)).await?;
        Ok(())
    }

    /// Notes why a hub does not tell of changes, or that nothing is known to be wrong.
    pub async fn record_hub_error(&self, source: &str, error: Option<&str>) -> Result<(), Error> {
        self.write.execute(sqlx::query(SET_ERROR).bind(source).bind(error)).await?;
        Ok(())
    }

    /// Notes that a hub tells of changes for so long. It is asked again when three quarters of that are over.
    pub async fn confirm_hub(&self, token: &str, lease: Duration, now: Timestamp) -> Result<(), Error> {
        let query = sqlx::query(CONFIRM).bind(token).bind(now + lease).bind(now + lease * 3 / 4);
        self.write.execute(query).await?;
        Ok(())
    }

    /// Notes that a hub told of a change: its source is due at once.
    pub async fn take_hub_notice(&self, source: &str, now: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(NOTIFY).bind(source).bind(now)).await?;
        self.hurry_source(source).await?;
        Ok(())
    }
}
