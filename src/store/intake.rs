//! The intake of a newsletter whose readers may choose: its articles in the order in which they came to it, each once.

use sqlx::QueryBuilder;

use super::newsletter::Standing;
use super::selection::push_choice;
use super::{Error, Store};
use crate::model::newsletter::Choice;

const MAX_SEQ: &str = "SELECT coalesce(max(seq), 0) FROM article";
const FIND_ENTERED: &str = "SELECT entered_seq FROM newsletter WHERE id = $1";
/// What the newsletter's own editions have no room for yet is on its way to readers too.
const ENTER_WAITING: &str = "INSERT INTO intake (newsletter_id, article_id, position)
    SELECT l.newsletter_id, a.id, a.seq FROM ledger l JOIN article a ON a.id = l.article_id
    WHERE l.newsletter_id = $1 AND l.state = 'waiting' AND a.seq <= $2
    ON CONFLICT (newsletter_id, article_id) DO NOTHING";
/// An article that nobody had has a new position; one that somebody had keeps the old one.
const MOVE: &str = " ON CONFLICT (newsletter_id, article_id) DO UPDATE SET position = excluded.position
    WHERE NOT EXISTS (
        SELECT 1 FROM ledger l WHERE l.newsletter_id = intake.newsletter_id AND l.article_id = intake.article_id
          AND l.state <> 'waiting')
      AND NOT EXISTS (
        SELECT 1 FROM edition_article x JOIN edition e ON e.id = x.edition_id
        WHERE x.article_id = intake.article_id AND e.newsletter_id = intake.newsletter_id)";
const ADVANCE: &str = "UPDATE newsletter SET entered_seq = $2 WHERE id = $1";

impl Store {
    /// Enters the articles of a newsletter that came since the last time, and returns up to which position that was. The
    /// first time the intake begins with what the newsletter's next own edition is made from.
    ///
    /// Writes nothing where no article is new.
    pub async fn enter_articles(&self, standing: &Standing, choice: &Choice) -> Result<i64, Error> {
        let newest: i64 = sqlx::query_scalar(MAX_SEQ).fetch_one(&self.read).await?;
        if standing.entered_seq == Some(newest) {
            return Ok(newest);
        }
        let mut transaction = self.write.begin().await?;
        let newest: i64 = sqlx::query_scalar(MAX_SEQ).fetch_one(&mut *transaction).await?;
        let entered: Option<i64> =
            sqlx::query_scalar(FIND_ENTERED).bind(standing.id).fetch_one(&mut *transaction).await?;
        let entered = if let Some(entered) = entered {
            entered
        } else {
            let begin = standing.considered_seq.unwrap_or(newest);
            sqlx::query(ENTER_WAITING).bind(standing.id).bind(begin).execute(&mut *transaction).await?;
            begin
        };
        let mut query = QueryBuilder::new("INSERT INTO intake (newsletter_id, article_id, position) SELECT ");
        query.push_bind(standing.id).push(", a.id, a.seq FROM article a WHERE a.seq > ").push_bind(entered);
        query.push(" AND a.seq <= ").push_bind(newest).push(" AND a.retracted_at IS NULL");
        push_choice(&mut query, "a", choice);
        query.push(MOVE).build().execute(&mut *transaction).await?;
        sqlx::query(ADVANCE).bind(standing.id).bind(newest).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(newest)
    }
}
