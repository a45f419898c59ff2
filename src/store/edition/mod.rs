//! Editions: what each is, and how its sending stands.

mod age;
mod audience;
mod candidates;
mod fate;
mod publishing;

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder};

use super::{Error, Store};
use crate::model::article::{Article, ArticleId};
use crate::model::edition::{EditionId, EditionNumber, EditionState};
use crate::model::newsletter::NewsletterId;
use crate::model::shape::GroupId;
use crate::model::time::Timestamp;

pub use age::{Aged, Aging};
pub use audience::Wave;
pub(super) use audience::{queue_first, queue_to};
pub use candidates::Candidates;
pub use fate::{Entry, Fate};
pub use publishing::NewEdition;
pub(super) use publishing::{Place, insert};

const COLUMNS: &str =
    "SELECT e.id, e.newsletter_id, n.slug AS newsletter, e.group_id, e.number, e.tick, e.published_at, e.state,
    e.reason, e.subject, e.preheader, e.audience,
    e.queued_up_to IS NOT NULL AS is_queueing, e.finished_at, e.send_until,
    EXISTS (SELECT 1 FROM ledger l JOIN article a ON a.id = l.article_id
        WHERE l.edition_id = e.id AND l.state = 'published' AND a.retracted_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM edition_article x JOIN article a ON a.id = x.article_id
        WHERE x.edition_id = e.id AND a.retracted_at IS NOT NULL) AS has_retracted
    FROM edition e JOIN newsletter n ON n.id = e.newsletter_id";
const ARTICLES_OF: &str =
    "SELECT article_id, position FROM ledger WHERE edition_id = $1 AND state = 'published'
    UNION ALL SELECT article_id, position FROM edition_article WHERE edition_id = $1 ORDER BY position";
const VERSIONS_OF: &str = "SELECT a.id, a.version FROM article a WHERE a.id IN (
        SELECT article_id FROM ledger WHERE edition_id = $1 AND state = 'published'
        UNION ALL SELECT article_id FROM edition_article WHERE edition_id = $1)
    ORDER BY a.id";
const BODY: &str = "SELECT html, text FROM edition WHERE id = $1";
const SET_STATE: &str = "UPDATE edition SET state = $2, reason = $3
    WHERE id = $1 AND state <> $2 AND (state IN ('sending', 'paused') OR state = 'stale' AND $2 <> 'paused')";
const COUNT_UNFINISHED: &str =
    "SELECT state, count(*) FROM edition WHERE finished_at IS NULL GROUP BY state ORDER BY state";
const IS_SENDING: &str = "SELECT EXISTS (SELECT 1 FROM edition e
    WHERE e.newsletter_id = $1 AND e.group_id = $2 AND e.state = 'sending' AND (e.queued_up_to IS NOT NULL OR EXISTS (
        SELECT 1 FROM delivery d WHERE d.edition_id = e.id
          AND (d.state IN ('leased', 'sending') OR (d.state = 'queued' AND d.attempt = 0)))))";

/// An edition's facts.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Edition {
    /// Its row.
    pub id: EditionId,
    /// Its newsletter's row.
    #[serde(skip)]
    pub newsletter_id: NewsletterId,
    /// Its newsletter's name in addresses.
    pub newsletter: String,
    /// To which group it goes; none: it is the newsletter's own.
    #[sqlx(rename = "group_id")]
    pub group: GroupId,
    /// Counts from 1 within the newsletter, or the group.
    pub number: i64,
    /// The moment that it is for.
    pub tick: Timestamp,
    /// When it was made.
    pub published_at: Timestamp,
    /// Where its sending stands.
    pub state: EditionState,
    /// Why it is paused, stale or cancelled.
    pub reason: Option<String>,
    /// The digest's subject.
    pub subject: String,
    /// The line beside the subject.
    pub preheader: String,
    /// To how many subscribers it goes.
    pub audience: i64,
    /// Whether more of them are still being added.
    pub is_queueing: bool,
    /// When the last delivery ended.
    pub finished_at: Option<Timestamp>,
    /// Until when it is sent, if an operator has said so in place of its age limit.
    pub send_until: Option<Timestamp>,
    /// Whether an article of it has been retracted: then readers are shown neither its subject nor its preheader, which
    /// are made of headlines.
    pub has_retracted: bool,
}

impl Edition {
    /// Its number, and of which group it is.
    pub const fn numbered(&self) -> EditionNumber {
        EditionNumber { group: self.group, number: self.number }
    }

    /// Its name in commands: `daily/12`, or `daily/3.12`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.newsletter, self.numbered())
    }
}

impl Store {
    /// The edition of this row.
    pub async fn find_edition(&self, id: EditionId) -> Result<Option<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(" WHERE e.id = ").push_bind(id);
        Ok(query.build_query_as().fetch_optional(&self.read).await?)
    }

    /// The edition of this name of a newsletter.
    pub async fn find_edition_by_number(
        &self,
        newsletter: &str,
        EditionNumber { group, number }: EditionNumber,
    ) -> Result<Option<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query
            .push(" WHERE n.slug = ")
            .push_bind(newsletter.to_owned())
            .push(" AND e.group_id = ")
            .push_bind(group)
            .push(" AND e.number = ")
            .push_bind(number);
        Ok(query.build_query_as().fetch_optional(&self.read).await?)
    }

    /// The latest editions, of one newsletter or of all, the newest first; those to groups too.
    pub async fn latest_editions(&self, newsletter: Option<&str>, limit: i64) -> Result<Vec<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        if let Some(slug) = newsletter {
            query.push(" WHERE n.slug = ").push_bind(slug.to_owned());
        }
        query.push(" ORDER BY e.tick DESC, e.id DESC LIMIT ").push_bind(limit);
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The latest own editions of a newsletter, the newest first: those that everybody may know of.
    pub async fn latest_own_editions(&self, newsletter: &str, limit: i64) -> Result<Vec<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(" WHERE n.slug = ").push_bind(newsletter.to_owned()).push(" AND e.group_id = 0");
        query.push(" ORDER BY e.tick DESC, e.id DESC LIMIT ").push_bind(limit);
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The latest editions of a newsletter that have not ended, the newest first; those to groups too.
    pub async fn latest_open_editions(&self, newsletter: &str, limit: i64) -> Result<Vec<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(" WHERE n.slug = ").push_bind(newsletter.to_owned()).push(" AND e.finished_at IS NULL");
        query.push(" ORDER BY e.tick DESC, e.id DESC LIMIT ").push_bind(limit);
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The own editions of a newsletter from one number to another, the newest first.
    pub async fn editions_between(
        &self,
        newsletter: &str,
        (first, last): (i64, i64),
    ) -> Result<Vec<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(" WHERE n.slug = ").push_bind(newsletter.to_owned());
        query
            .push(" AND e.group_id = 0 AND e.number BETWEEN ")
            .push_bind(first)
            .push(" AND ")
            .push_bind(last);
        query.push(" ORDER BY e.number DESC");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The articles of an edition, in its order; also those that were retracted since.
    pub async fn articles_of_edition(&self, id: EditionId) -> Result<Vec<Article>, Error> {
        let rows: Vec<(ArticleId, i64)> = sqlx::query_as(ARTICLES_OF).bind(id).fetch_all(&self.read).await?;
        let ids: Vec<ArticleId> = rows.into_iter().map(|(id, _)| id).collect();
        self.articles_by_id(&ids).await
    }

    /// The articles of an edition by their rows, each with its version: readers are shown the same of it as long as these are
    /// the same.
    pub async fn versions_of_edition(&self, id: EditionId) -> Result<Vec<(ArticleId, i64)>, Error> {
        Ok(sqlx::query_as(VERSIONS_OF).bind(id).fetch_all(&self.read).await?)
    }

    /// The digest of an edition with its markers: HTML and text, as they were when it was published.
    pub async fn find_edition_body(&self, id: EditionId) -> Result<Option<(String, String)>, Error> {
        Ok(sqlx::query_as(BODY).bind(id).fetch_optional(&self.read).await?)
    }

    /// Pauses, resumes or cancels an edition that is not yet done; one that is stale already waits, and is not paused.
    /// Returns whether that changed anything.
    pub async fn set_edition_state(
        &self,
        id: EditionId,
        state: EditionState,
        reason: &str,
    ) -> Result<bool, Error> {
        let query = sqlx::query(SET_STATE).bind(id).bind(state).bind(reason);
        Ok(self.write.execute(query).await?.rows_affected() > 0)
    }

    /// How many editions with deliveries that may still go out are in each state.
    pub async fn count_unfinished_editions(&self) -> Result<Vec<(EditionState, i64)>, Error> {
        Ok(sqlx::query_as(COUNT_UNFINISHED).fetch_all(&self.read).await?)
    }

    /// Whether an edition to a group, or an own one of the newsletter, is on its way: some of its deliveries have not been tried yet, or are
    /// being tried. Those that the relay has put off do not count: one slow mailbox does not stop a daily.
    pub async fn is_sending(&self, newsletter: NewsletterId, group: GroupId) -> Result<bool, Error> {
        Ok(sqlx::query_scalar(IS_SENDING).bind(newsletter).bind(group).fetch_one(&self.read).await?)
    }
}
