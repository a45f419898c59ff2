//! What became of an article in each newsletter.

use serde::Serialize;
use sqlx::FromRow;

use crate::model::article::ArticleId;
use crate::model::time::Timestamp;
use crate::store::{Error, Store};

const EXPLAIN: &str =
    "SELECT n.slug AS newsletter, l.state, l.reason, l.at, e.number AS edition, e.id AS edition_id,
        n.considered_seq
    FROM newsletter n
    LEFT JOIN ledger l ON l.newsletter_id = n.id AND l.article_id = $1
    LEFT JOIN edition e ON e.id = l.edition_id
    ORDER BY n.slug";
const SEQ_OF: &str = "SELECT seq FROM article WHERE id = $1";

/// What became of an article in one newsletter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fate {
    /// The newsletter's name in addresses.
    pub newsletter: String,
    /// What the ledger says.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What the ledger says about an article and a newsletter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Entry {
    /// It went out with this edition.
    Published {
        /// The edition's number.
        edition: i64,
        /// When.
        at: Timestamp,
    },
    /// It belongs to the newsletter, and there was no room for it yet, or too little to make an edition of.
    Waiting {
        /// Since when.
        since: Timestamp,
    },
    /// It was left out for good.
    PassedOver {
        /// Why.
        reason: String,
    },
    /// It has been considered, and did not belong to the newsletter, or is older than its first edition.
    NotChosen,
    /// The next tick considers it.
    NotConsidered,
}

#[derive(FromRow)]
struct FateRow {
    newsletter: String,
    state: Option<String>,
    reason: Option<String>,
    at: Option<Timestamp>,
    edition: Option<i64>,
    considered_seq: Option<i64>,
}

impl Store {
    /// What became of an article in each newsletter. `None` if there is no such article.
    pub async fn fates(&self, id: ArticleId) -> Result<Option<Vec<Fate>>, Error> {
        let seq: Option<i64> = sqlx::query_scalar(SEQ_OF).bind(id).fetch_optional(&self.read).await?;
        let Some(seq) = seq else { return Ok(None) };
        let rows: Vec<FateRow> = sqlx::query_as(EXPLAIN).bind(id).fetch_all(&self.read).await?;
        Ok(Some(rows.into_iter().map(|row| row.into_fate(seq)).collect()))
    }
}

impl FateRow {
    fn into_fate(self, seq: i64) -> Fate {
        let is_considered = self.considered_seq.is_some_and(|considered| seq <= considered);
        let at = self.at.unwrap_or(Timestamp::from_unix(0));
        let entry = match (self.state.as_deref(), self.edition) {
            (Some("published"), Some(edition)) => Entry::Published { edition, at },
            (Some("waiting"), _) => Entry::Waiting { since: at },
            (Some(_), _) => Entry::PassedOver { reason: self.reason.unwrap_or_default() },
            (None, _) if is_considered => Entry::NotChosen,
            (None, _) => Entry::NotConsidered,
        };
        Fate { newsletter: self.newsletter, entry }
    }
}
