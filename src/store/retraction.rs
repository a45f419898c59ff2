//! Retractions: articles that the publication has taken back. Their rows stay, and readers are shown nothing of them.

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};

use super::{Error, Selection, Store, label, selection, setting};
use crate::model::article::ArticleId;
use crate::model::edition::EditionNumber;
use crate::model::shape::GroupId;
use crate::model::time::Timestamp;

const RETRACT: &str = "UPDATE article SET version = version + 1, retracted_at = $2
    WHERE id = $1 AND retracted_at IS NULL";
const REINSTATE: &str =
    "UPDATE article SET version = version + 1, retracted_at = NULL, changed_at = max(changed_at, $2)
    WHERE id = $1 AND retracted_at IS NOT NULL";
const COUNT_UNSENT: &str =
    "SELECT n.slug AS newsletter, e.group_id, e.number AS edition, count(d.subscriber_id) AS unsent
    FROM (SELECT edition_id FROM ledger WHERE article_id = $1 AND state = 'published'
        UNION ALL SELECT edition_id FROM edition_article WHERE article_id = $1) h
    JOIN edition e ON e.id = h.edition_id JOIN newsletter n ON n.id = e.newsletter_id
    LEFT JOIN delivery d ON d.edition_id = e.id AND d.state IN ('queued', 'leased', 'deferred')
        AND e.state IN ('sending', 'paused', 'stale')
    GROUP BY e.id ORDER BY n.slug, e.group_id, e.number";

/// An article that is no more.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Tombstone {
    /// Its name in feeds.
    pub public_id: String,
    /// When it was retracted.
    pub retracted_at: Timestamp,
}

/// An edition that holds an article, and how many of its mails have not been sent.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Holding {
    /// The newsletter's name in addresses.
    pub newsletter: String,
    /// To which group it goes; none: it is the newsletter's own.
    #[sqlx(rename = "group_id")]
    pub group: GroupId,
    /// The edition's number.
    pub edition: i64,
    /// Deliveries that may still go out; a digest is not changed once it is published.
    pub unsent: i64,
}

impl Holding {
    /// The edition's name in commands.
    pub fn name(&self) -> String {
        format!("{}/{}", self.newsletter, EditionNumber { group: self.group, number: self.edition })
    }
}

impl Store {
    /// Takes an article back: no reader is shown it any more, and no edition that is still to come holds it. Returns
    /// false if it was retracted before, or is not there.
    pub async fn retract_article(&self, id: ArticleId, now: Timestamp) -> Result<bool, Error> {
        self.change_standing(RETRACT, id, now).await
    }

    /// Shows a retracted article again: newsletters in which it has not appeared consider it as if it were new. Returns
    /// false if it was not retracted, or is not there.
    pub async fn reinstate_article(&self, id: ArticleId, now: Timestamp) -> Result<bool, Error> {
        self.change_standing(REINSTATE, id, now).await
    }

    async fn change_standing(
        &self,
        statement: &'static str,
        id: ArticleId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let changed = sqlx::query(statement).bind(id).bind(now).execute(&mut *transaction).await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        label::consider_again(&mut transaction, id).await?;
        setting::raise(&mut transaction, setting::REVISION).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The articles of a selection that were retracted, the last first; `limit` is the selection's.
    pub async fn tombstones(&self, selection: &Selection) -> Result<Vec<Tombstone>, Error> {
        let mut query = QueryBuilder::new(
            "SELECT a.public_id, a.retracted_at FROM article a WHERE a.retracted_at IS NOT NULL",
        );
        selection::push_facts(&mut query, selection);
        query.push(" ORDER BY a.retracted_at DESC, a.id DESC LIMIT ");
        query.push_bind(i64::try_from(selection.limit).unwrap_or(i64::MAX));
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The editions that hold an article.
    pub async fn editions_with(&self, id: ArticleId) -> Result<Vec<Holding>, Error> {
        Ok(sqlx::query_as(COUNT_UNSENT).bind(id).fetch_all(&self.read).await?)
    }
}
