//! What a newsletter's next edition would hold.

use std::collections::HashSet;

use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, SqliteConnection};

use crate::model::article::ArticleId;
use crate::model::newsletter::{Choice, NewsletterId};
use crate::store::article::push_list;
use crate::store::newsletter::Standing;
use crate::store::selection::{Selection, newest, push_choice};
use crate::store::{Error, Sight, Store};

const MAX_SEQ: &str = "SELECT coalesce(max(seq), 0) FROM article";
/// What waits, and how much that is in all. Of a story that several tell, the first of them.
const WAITING: &str =
    "SELECT l.article_id, count(*) OVER () FROM ledger l JOIN article a ON a.id = l.article_id
    WHERE l.newsletter_id = $1 AND l.state = 'waiting' AND a.retracted_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM article b JOIN ledger m ON m.newsletter_id = $1 AND m.article_id = b.id
        WHERE b.story_id = a.story_id AND b.id <> a.id
          AND (m.state = 'published' OR m.state = 'waiting' AND b.retracted_at IS NULL AND b.id < a.id))
    ORDER BY l.at, a.dated_at DESC, a.id DESC LIMIT $2";
const STORIES: &str = "SELECT id, coalesce(story_id, id) FROM article WHERE ";

/// What a newsletter's next edition would hold, as things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    /// Where the newsletter stood when this was read; publishing fails if it has moved since.
    pub standing: Standing,
    /// The articles, chosen and in order: what waits since earlier editions first, then the newest.
    pub articles: Vec<ArticleId>,
    /// How many are new to the newsletter in all, those in `articles` among them.
    pub new: usize,
    /// Every article up to this one has been considered.
    pub considered_seq: i64,
    /// Which articles belong to the newsletter.
    pub choice: Choice,
}

impl Store {
    /// What the newsletter's next edition would hold: at most `limit` articles. Changes nothing.
    ///
    /// The cost grows with the articles since the last edition and with `limit`, not with the archive.
    pub async fn candidates(
        &self,
        standing: Standing,
        choice: &Choice,
        limit: usize,
    ) -> Result<Candidates, Error> {
        let mut snapshot = self.read.begin().await?;
        let considered_seq: i64 = sqlx::query_scalar(MAX_SEQ).fetch_one(&mut *snapshot).await?;
        let (articles, new) = match standing.considered_seq {
            None => {
                let selection =
                    Selection { choices: vec![choice.clone()], ..Selection::seen_by(Sight::Operator) };
                let mut ids = newest(&mut snapshot, &selection, limit.saturating_mul(2)).await?;
                keep_first_of_stories(&mut snapshot, &mut ids).await?;
                ids.truncate(limit);
                let count = ids.len();
                (ids, count)
            }
            Some(seq) => since(&mut snapshot, &standing, choice, (seq, considered_seq), limit).await?,
        };
        Ok(Candidates { standing, articles, new, considered_seq, choice: choice.clone() })
    }
}

/// Of articles that tell the same story, leaves the first that there was.
async fn keep_first_of_stories(
    connection: &mut SqliteConnection,
    ids: &mut Vec<ArticleId>,
) -> Result<(), Error> {
    let mut query = QueryBuilder::new(STORIES);
    query.push("id IN (");
    push_list(&mut query, ids.iter().map(|id| id.0));
    query.push(") ORDER BY id");
    let rows: Vec<(ArticleId, ArticleId)> = query.build_query_as().fetch_all(connection).await?;
    let mut told = HashSet::new();
    let first: HashSet<ArticleId> =
        rows.into_iter().filter(|(_, story)| told.insert(*story)).map(|(id, _)| id).collect();
    ids.retain(|id| first.contains(id));
    Ok(())
}

/// The articles that wait, then those that came since, and how many there are of both.
async fn since(
    connection: &mut SqliteConnection,
    standing: &Standing,
    choice: &Choice,
    range: (i64, i64),
    limit: usize,
) -> Result<(Vec<ArticleId>, usize), Error> {
    let limit_bound = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(ArticleId, i64)> =
        sqlx::query_as(WAITING).bind(standing.id).bind(limit_bound).fetch_all(&mut *connection).await?;
    let waiting = rows.first().map_or(0, |(_, count)| *count);
    let mut articles: Vec<ArticleId> = rows.into_iter().map(|(id, _)| id).collect();
    let mut count = QueryBuilder::new("SELECT count(*) ");
    push_news(&mut count, standing.id, choice, range);
    let fresh: i64 = count.build_query_scalar().fetch_one(&mut *connection).await?;
    if articles.len() < limit && fresh > 0 {
        let room = limit_bound - i64::try_from(articles.len()).unwrap_or(0);
        let mut query = QueryBuilder::new("SELECT a.id ");
        push_news(&mut query, standing.id, choice, range);
        query.push(" ORDER BY a.dated_at DESC, a.id DESC LIMIT ").push_bind(room);
        articles.extend::<Vec<ArticleId>>(query.build_query_scalar().fetch_all(&mut *connection).await?);
    }
    Ok((articles, usize::try_from(waiting + fresh).unwrap_or(usize::MAX)))
}

/// The unconsidered articles whose story has not gone out, does not wait, and is told by none of them that came before.
fn push_news(
    query: &mut QueryBuilder<Sqlite>,
    newsletter: NewsletterId,
    choice: &Choice,
    (after, up_to): (i64, i64),
) {
    push_unconsidered(query, newsletter, choice, (after, up_to));
    query.push(
        " AND NOT EXISTS (SELECT 1 FROM article b LEFT JOIN ledger m ON m.article_id = b.id AND m.newsletter_id = ",
    );
    query
        .push_bind(newsletter)
        .push(" WHERE b.story_id = a.story_id AND b.id <> a.id AND (m.state = 'published'");
    query.push(" OR b.retracted_at IS NULL AND (m.state = 'waiting' OR m.state IS NULL AND b.id < a.id");
    query.push(" AND b.seq > ").push_bind(after).push(" AND b.seq <= ").push_bind(up_to);
    push_choice(query, "b", choice);
    query.push(")))");
}

/// The articles of a choice that came within a range of `seq`, and that the ledger does not know yet.
pub(super) fn push_unconsidered(
    query: &mut QueryBuilder<Sqlite>,
    newsletter: NewsletterId,
    choice: &Choice,
    (after, up_to): (i64, i64),
) {
    query.push("FROM article a WHERE a.seq > ").push_bind(after).push(" AND a.seq <= ").push_bind(up_to);
    query.push(" AND a.retracted_at IS NULL");
    push_choice(query, "a", choice);
    query.push(" AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.newsletter_id = ").push_bind(newsletter);
    query.push(" AND l.article_id = a.id)");
}
