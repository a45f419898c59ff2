//! The hub (WebSub): who asks to be told of changes, until when, and which version each was sent.

use sqlx::FromRow;

use super::{Error, Store};
use crate::model::time::Timestamp;

const FORGET_ASKED: &str = "DELETE FROM hub_request WHERE topic = $1 AND callback = $2";
const ASK: &str =
    "INSERT INTO hub_request (topic, callback, host, mode, secret, lease_seconds, due_at, attempts)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0)";
const COUNT_HOST: &str = "SELECT (SELECT COUNT(*) FROM hub_request WHERE host = $1)
    + (SELECT COUNT(*) FROM hub_subscription WHERE host = $1)";
const COUNT: &str = "SELECT (SELECT COUNT(*) FROM hub_request) + (SELECT COUNT(*) FROM hub_subscription)";
const DUE_REQUESTS: &str =
    "SELECT id, topic, callback, host, mode, secret, lease_seconds, attempts FROM hub_request
    WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
const PUT_OFF_REQUEST: &str = "UPDATE hub_request SET due_at = $2, attempts = attempts + 1 WHERE id = $1";
const FORGET_REQUEST: &str = "DELETE FROM hub_request WHERE id = $1";
const SUBSCRIBE: &str =
    "INSERT INTO hub_subscription (topic, callback, host, secret, expires_at, sent, due_at, attempts)
    VALUES ($1, $2, $3, $4, $5, $6, 0, 0)
    ON CONFLICT (topic, callback) DO UPDATE SET secret = excluded.secret, expires_at = excluded.expires_at";
const KEEP: &str =
    "INSERT INTO hub_subscription (topic, callback, host, secret, expires_at, sent, due_at, attempts)
    VALUES ($1, $2, $3, NULL, $4, '', 0, 0) ON CONFLICT (topic, callback) DO NOTHING";
const UNSUBSCRIBE: &str = "DELETE FROM hub_subscription WHERE topic = $1 AND callback = $2";
const EXPIRE: &str = "DELETE FROM hub_subscription WHERE expires_at <= $1";
const KEEP_ONLY: &str = "DELETE FROM hub_subscription WHERE callback <> $1";
const FORGET_KEPT: &str = "DELETE FROM hub_subscription WHERE expires_at = $1";
const TOPICS: &str = "SELECT DISTINCT topic FROM hub_subscription ORDER BY topic";
const HAS_RETRIES: &str =
    "SELECT COUNT(*) FROM hub_subscription WHERE attempts > 0 AND due_at <= $1 AND expires_at > $1";
const UNSENT: &str = "SELECT topic, callback, host, secret, attempts FROM hub_subscription
    WHERE topic = $1 AND sent <> $2 AND due_at <= $3 AND expires_at > $3 ORDER BY attempts, due_at LIMIT $4";
const NOTE_SENT: &str = "UPDATE hub_subscription SET sent = $3, due_at = 0, attempts = 0
    WHERE topic = $1 AND callback = $2";
const PUT_OFF: &str = "UPDATE hub_subscription SET due_at = $3, attempts = attempts + 1
    WHERE topic = $1 AND callback = $2";

/// The moment at which a subscription ends that lasts as long as the configuration says so.
const NEVER: Timestamp = Timestamp::from_unix(253_402_300_799);

/// What somebody asks of the hub, before it is known that the callback's owner means it.
#[derive(Clone, Copy, Debug)]
pub struct NewHubRequest<'a> {
    /// The address of the feed.
    pub topic: &'a str,
    /// Where changes are sent to.
    pub callback: &'a str,
    /// Whose server that is.
    pub host: &'a str,
    /// `subscribe` or `unsubscribe`.
    pub mode: &'a str,
    /// What deliveries are signed with.
    pub secret: Option<&'a str>,
    /// For how many seconds it is asked.
    pub lease_seconds: i64,
}

/// The same, on its way to be verified.
#[derive(Clone, FromRow)]
pub struct HubRequest {
    /// Its row.
    pub id: i64,
    /// The address of the feed.
    pub topic: String,
    /// Where changes are sent to.
    pub callback: String,
    /// Whose server that is.
    pub host: String,
    /// `subscribe` or `unsubscribe`.
    pub mode: String,
    /// What deliveries are signed with.
    pub secret: Option<String>,
    /// For how many seconds it is asked.
    pub lease_seconds: i64,
    /// How often the callback was asked in vain.
    pub attempts: i64,
}

/// A subscriber that has not got the current version of a feed.
#[derive(FromRow)]
pub struct HubDelivery {
    /// The address of the feed.
    pub topic: String,
    /// Where changes are sent to.
    pub callback: String,
    /// Whose server that is.
    pub host: String,
    /// What deliveries are signed with.
    pub secret: Option<String>,
    /// How often it was tried in vain since one went well.
    pub attempts: i64,
}

/// What became of a [`HubDelivery`].
pub enum HubOutcome {
    /// The subscriber has this version, or has failed to take it so often that the next one is tried.
    Done(String),
    /// It is tried again at a moment.
    PutOff(Timestamp),
    /// The subscription is over.
    Ended,
}

impl Store {
    /// Notes what is asked of the hub; a later request for the same takes the place of an earlier one.
    pub async fn ask_hub(&self, request: &NewHubRequest<'_>, now: Timestamp) -> Result<(), Error> {
        let NewHubRequest { topic, callback, host, mode, secret, lease_seconds } = *request;
        let mut transaction = self.write.begin().await?;
        sqlx::query(FORGET_ASKED).bind(topic).bind(callback).execute(&mut *transaction).await?;
        let ask = sqlx::query(ASK).bind(topic).bind(callback).bind(host).bind(mode).bind(secret);
        ask.bind(lease_seconds).bind(now).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// How many requests and subscriptions there are: of this host, and in all.
    pub async fn count_hub(&self, host: &str) -> Result<(i64, i64), Error> {
        let of_host = sqlx::query_scalar(COUNT_HOST).bind(host).fetch_one(&self.read).await?;
        Ok((of_host, sqlx::query_scalar(COUNT).fetch_one(&self.read).await?))
    }

    /// Requests that are to be verified now.
    pub async fn due_hub_requests(&self, now: Timestamp, limit: i64) -> Result<Vec<HubRequest>, Error> {
        Ok(sqlx::query_as(DUE_REQUESTS).bind(now).bind(limit).fetch_all(&self.read).await?)
    }

    /// Verifies a request again at a later moment.
    pub async fn put_off_hub_request(&self, id: i64, due_at: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(PUT_OFF_REQUEST).bind(id).bind(due_at)).await?;
        Ok(())
    }

    /// Drops a request that came to nothing.
    pub async fn forget_hub_request(&self, id: i64) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET_REQUEST).bind(id)).await?;
        Ok(())
    }

    /// Does what a verified request asks for, unless a later one has taken its place. Who subscribes has the version `sent`,
    /// and is sent the next one.
    pub async fn settle_hub_request(
        &self,
        request: &HubRequest,
        sent: &str,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        let gone = sqlx::query(FORGET_REQUEST).bind(request.id).execute(&mut *transaction).await?;
        if gone.rows_affected() == 0 {
            return Ok(());
        }
        let HubRequest { topic, callback, host, secret, .. } = request;
        if request.mode == "subscribe" {
            let subscribe = sqlx::query(SUBSCRIBE).bind(topic).bind(callback).bind(host).bind(secret);
            subscribe.bind(expires_at).bind(sent).execute(&mut *transaction).await?;
        } else {
            sqlx::query(UNSUBSCRIBE).bind(topic).bind(callback).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Has another hub told of changes of these feeds, and nobody else.
    pub async fn keep_hub(&self, topics: &[String], hub: &str, host: &str) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        sqlx::query(KEEP_ONLY).bind(hub).execute(&mut *transaction).await?;
        for topic in topics {
            let keep = sqlx::query(KEEP).bind(topic).bind(hub).bind(host).bind(NEVER);
            keep.execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Has no other hub told of anything.
    pub async fn forget_kept_hub(&self) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET_KEPT).bind(NEVER)).await?;
        Ok(())
    }

    /// Ends the subscriptions whose time is over.
    pub async fn expire_hub_subscriptions(&self, now: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(EXPIRE).bind(now)).await?;
        Ok(())
    }

    /// The feeds that somebody subscribes to.
    pub async fn hub_topics(&self) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar(TOPICS).fetch_all(&self.read).await?)
    }

    /// Whether something is to be tried again now.
    pub async fn has_hub_retries(&self, now: Timestamp) -> Result<bool, Error> {
        Ok(sqlx::query_scalar::<_, i64>(HAS_RETRIES).bind(now).fetch_one(&self.read).await? > 0)
    }

    /// Who is to be sent this version of a feed now: those who took what they were sent before, then the others.
    pub async fn unsent_hub_deliveries(
        &self,
        topic: &str,
        version: &str,
        (now, limit): (Timestamp, i64),
    ) -> Result<Vec<HubDelivery>, Error> {
        let unsent = sqlx::query_as(UNSENT).bind(topic).bind(version).bind(now).bind(limit);
        Ok(unsent.fetch_all(&self.read).await?)
    }

    /// Notes what became of deliveries.
    pub async fn settle_hub_deliveries(&self, settled: &[(HubDelivery, HubOutcome)]) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for (delivery, outcome) in settled {
            let query = match outcome {
                HubOutcome::Done(_) => NOTE_SENT,
                HubOutcome::PutOff(_) => PUT_OFF,
                HubOutcome::Ended => UNSUBSCRIBE,
            };
            let query = sqlx::query(query).bind(&delivery.topic).bind(&delivery.callback);
            let query = match outcome {
                HubOutcome::Done(version) => query.bind(version),
                HubOutcome::PutOff(due_at) => query.bind(*due_at),
                HubOutcome::Ended => query,
            };
            query.execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }
}
