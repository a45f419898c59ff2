//! Sources that come to newsletters which have gone out: what was there before the last edition is no news.

use sqlx::{QueryBuilder, SqliteConnection};

use super::selection::push_choice;
use super::{Error, Store};
use crate::model::article::{ArticleId, label_key};
use crate::model::newsletter::{Choice, NewsletterId};
use crate::model::time::Timestamp;

/// Only while a source has not been read to its end once. Of what bears no date nothing says that it is new.
const PASS_OVER: &str = "INSERT INTO ledger (newsletter_id, article_id, state, reason, at)
    SELECT n.id, a.id, 'passed_over', CASE a.published_at_from
            WHEN 'first_sight' THEN 'its source was new, and nothing says that it came after edition '
            ELSE 'its source was new, and it is older than edition ' END || e.number, $3
    FROM source s JOIN article a ON a.id > $2 AND a.source = s.name
    JOIN newsletter n ON n.considered_seq IS NOT NULL
    JOIN edition e ON e.newsletter_id = n.id AND e.number = n.last_number
    WHERE s.name = $1 AND s.caught_up_at IS NULL
      AND (a.published_at_from = 'first_sight' OR a.dated_at < e.published_at)
    ON CONFLICT (newsletter_id, article_id) DO NOTHING";
const COUNT: &str =
    "SELECT count(DISTINCT article_id) FROM ledger WHERE article_id > $1 AND state = 'passed_over'";

impl Store {
    /// Lets what a newsletter has passed over of a source wait for its next edition, if it belongs to it, is dated so or later,
    /// and does not tell a story that has gone out. Returns how many articles that were.
    pub async fn take_passed_over(
        &self,
        newsletter: NewsletterId,
        (choice, source): (&Choice, &str),
        since: Timestamp,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut query = QueryBuilder::new("UPDATE ledger SET state = 'waiting', reason = NULL, at = ");
        query.push_bind(now).push(" WHERE newsletter_id = ").push_bind(newsletter);
        query.push(" AND state = 'passed_over' AND twin_id IS NULL AND article_id IN (");
        query.push("SELECT a.id FROM article a WHERE a.retracted_at IS NULL AND a.source_key = ");
        query.push_bind(label_key(source)).push(" AND a.dated_at >= ").push_bind(since);
        push_choice(&mut query, "a", choice);
        query.push(" AND NOT EXISTS (SELECT 1 FROM article b JOIN ledger p ON p.article_id = b.id");
        query.push(" WHERE b.story_id = a.story_id AND b.id <> a.id AND p.state = 'published' AND p.newsletter_id = ");
        query.push_bind(newsletter).push("))");
        Ok(self.write.execute(query.build()).await?.rows_affected())
    }
}

/// Passes over what newsletters need not have of the articles that came after this row. Returns how many articles that are.
pub(super) async fn pass_over(
    connection: &mut SqliteConnection,
    (source, after): (&str, ArticleId),
    now: Timestamp,
) -> Result<usize, Error> {
    let passed = sqlx::query(PASS_OVER).bind(source).bind(after).bind(now).execute(&mut *connection).await?;
    if passed.rows_affected() == 0 {
        return Ok(0);
    }
    let count: i64 = sqlx::query_scalar(COUNT).bind(after).fetch_one(connection).await?;
    Ok(usize::try_from(count).unwrap_or(0))
}
