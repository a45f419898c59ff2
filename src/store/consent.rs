//! The record of consent: rows are added, and never changed but for the network, which goes after a month.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Error, Store};
use crate::model::consent::{ConsentAct, NO_ANSWER, Proof};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::SubscriberId;
use crate::model::time::Timestamp;

const KEEP_WORDING: &str = "INSERT INTO wording (text) VALUES ($1) ON CONFLICT (text) DO NOTHING";
const INSERT: &str = "INSERT INTO consent (subscriber_id, newsletter_id, at, act, form, wording_id, network)
    VALUES ($1, $2, $3, $4, $5, (SELECT id FROM wording WHERE text = $6), $7)";
const NOTE_WILL: &str = "UPDATE subscription SET wanted_at = $3, asked_at = NULL, questions = 0
    WHERE subscriber_id = $1 AND newsletter_id = $2";
const OF_SUBSCRIBER: &str = "SELECT c.at, c.act, n.slug AS newsletter, c.form, w.text, c.network
    FROM consent c JOIN newsletter n ON n.id = c.newsletter_id LEFT JOIN wording w ON w.id = c.wording_id
    WHERE c.subscriber_id = $1 ORDER BY c.id";
const FORGET_NETWORKS: &str = "UPDATE consent SET network = NULL WHERE network IS NOT NULL AND at < $1";

/// One thing that a reader agreed to or took back.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Consent {
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub act: ConsentAct,
    /// The newsletter's slug.
    pub newsletter: String,
    /// By which form.
    pub form: String,
    /// The words that stood there.
    pub text: Option<String>,
    /// From which network; `None` where it is not known, or any more.
    pub network: Option<String>,
}

impl Store {
    /// What a reader agreed to and took back, the first first.
    pub async fn consents(&self, reader: SubscriberId) -> Result<Vec<Consent>, Error> {
        Ok(sqlx::query_as(OF_SUBSCRIBER).bind(reader).fetch_all(&self.read).await?)
    }

    /// Forgets from which networks consent came before `before`.
    pub async fn forget_consent_networks(&self, before: Timestamp) -> Result<u64, Error> {
        Ok(self.write.execute(sqlx::query(FORGET_NETWORKS).bind(before)).await?.rows_affected())
    }
}

/// Adds to the record, in the transaction of what it records.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    (reader, newsletter): (SubscriberId, NewsletterId),
    act: ConsentAct,
    proof: Proof<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    keep_wording(connection, proof.text).await?;
    let query = sqlx::query(INSERT).bind(reader).bind(newsletter).bind(now).bind(act).bind(proof.form);
    query.bind(proof.text).bind(proof.network).execute(&mut *connection).await?;
    if act.shows_will() && proof.form != NO_ANSWER {
        sqlx::query(NOTE_WILL).bind(reader).bind(newsletter).bind(now).execute(connection).await?;
    }
    Ok(())
}

/// Keeps words once, however many readers they were shown to.
pub(super) async fn keep_wording(connection: &mut SqliteConnection, text: &str) -> Result<(), sqlx::Error> {
    if !text.is_empty() {
        sqlx::query(KEEP_WORDING).bind(text).execute(connection).await?;
    }
    Ok(())
}
