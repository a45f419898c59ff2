//! Marks: up to where each reader of a group has been dealt with, and what there is for them behind it.

use sqlx::sqlite::Sqlite;
use sqlx::{FromRow, QueryBuilder};

use super::Group;
use crate::model::article::ArticleId;
use crate::model::newsletter::{Newsletter, Overflow};
use crate::model::shape::GroupId;
use crate::model::time::Timestamp;
use crate::store::selection::push_choice;
use crate::store::{Error, Store};

/// How many marks one transaction moves where there is nothing to send.
const PART: u64 = 5_000;

const MARKS: &str = "SELECT s.mark AS position, s.own_number,
        sum(CASE WHEN coalesce(s.paused_until, 0) <= $2 THEN 1 ELSE 0 END) AS readers
    FROM subscription s
    WHERE s.group_id = $1 AND s.group_id > 0 AND s.state = 'active' AND s.mark < $3
    GROUP BY s.mark, s.own_number ORDER BY s.mark, s.own_number";
const IS_BEHIND: &str = "SELECT EXISTS (SELECT 1 FROM subscription s
    WHERE s.group_id = $1 AND s.group_id > 0 AND s.state = 'active' AND s.mark < $3
      AND coalesce(s.paused_until, 0) <= $2)";
const MOVE_PART: &str = "UPDATE subscription SET mark = $4,
        own_number = CASE WHEN (SELECT considered_seq FROM newsletter WHERE id = $1) > $4 THEN own_number ELSE 0 END
    WHERE newsletter_id = $1 AND subscriber_id IN (
        SELECT s.subscriber_id FROM subscription s
        WHERE s.group_id = $2 AND s.group_id > 0 AND s.mark = $3 AND s.own_number = $5 AND s.state = 'active'
          AND (coalesce(s.paused_until, 0) <= $6 OR s.catches_up = 0)
        LIMIT $7)";
/// Not the same story as an article that came before it, and that the readers want too.
const FIRST_OF_STORY: &str = " AND NOT EXISTS (SELECT 1 FROM article b
    JOIN intake u ON u.newsletter_id = t.newsletter_id AND u.article_id = b.id
    WHERE b.story_id = a.story_id AND b.id <> a.id AND b.retracted_at IS NULL AND u.position < t.position";
const NOT_HAD: &str = " AND NOT EXISTS (SELECT 1 FROM ledger l LEFT JOIN edition e ON e.id = l.edition_id
    WHERE l.article_id = a.id AND l.state <> 'waiting' AND coalesce(e.number, 0) <= ";

/// A mark that readers of a group have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Mark {
    /// Everything of the intake up to it is dealt with.
    pub position: i64,
    /// What own editions of the newsletter up to this one held, they had before they came into a group.
    pub own_number: i64,
    /// How many readers have it and are not paused.
    pub readers: i64,
}

/// What the readers of a group with one mark would get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupCandidates {
    /// The group as it was when this was read; publishing fails if it has had another edition since.
    pub group: Group,
    /// Whose mark.
    pub mark: Mark,
    /// The articles that there is room for.
    pub articles: Vec<ArticleId>,
    /// How many there are in all.
    pub new: usize,
    /// The mark of these readers when they have the articles.
    pub next_mark: i64,
}

impl Store {
    /// The marks below `newest` that readers of a group have at a tick, the lowest first.
    pub async fn marks(&self, group: GroupId, newest: i64, tick: Timestamp) -> Result<Vec<Mark>, Error> {
        Ok(sqlx::query_as(MARKS).bind(group).bind(tick).bind(newest).fetch_all(&self.read).await?)
    }

    /// Whether readers of a group who are not paused have a mark below `newest`.
    pub async fn is_group_behind(&self, group: GroupId, newest: i64, now: Timestamp) -> Result<bool, Error> {
        Ok(sqlx::query_scalar(IS_BEHIND).bind(group).bind(now).bind(newest).fetch_one(&self.read).await?)
    }

    /// What there is behind a mark for the readers of a group, of the intake up to `newest`. Changes nothing.
    ///
    /// The cost grows with what came since the mark, not with the archive.
    pub async fn group_candidates(
        &self,
        (group, newsletter): (&Group, &Newsletter),
        mark: Mark,
        newest: i64,
    ) -> Result<GroupCandidates, Error> {
        let mut query = QueryBuilder::new("SELECT a.id, t.position ");
        push_behind(&mut query, (group, newsletter), mark, newest);
        query.push(" ORDER BY t.position");
        let mut found: Vec<(ArticleId, i64)> = query.build_query_as().fetch_all(&self.read).await?;
        let new = found.len();
        let room = newsletter.max_articles;
        let mut next_mark = newest;
        match newsletter.overflow {
            Overflow::Next => {
                found.truncate(room);
                next_mark = found.last().filter(|_| new > room).map_or(newest, |(_, position)| *position);
            }
            Overflow::Drop => drop(found.drain(..new.saturating_sub(room))),
        }
        let articles = found.into_iter().map(|(id, _)| id).collect();
        Ok(GroupCandidates { group: group.clone(), mark, articles, new, next_mark })
    }

    /// Moves the marks of readers for whom there is nothing, part by part; whoever is paused and catches up keeps theirs.
    pub async fn pass_marks(
        &self,
        group: &Group,
        (mark, next): (Mark, i64),
        tick: Timestamp,
    ) -> Result<(), Error> {
        loop {
            let query = sqlx::query(MOVE_PART).bind(group.newsletter_id).bind(group.id).bind(mark.position);
            let query = query.bind(next).bind(mark.own_number).bind(tick).bind(PART.cast_signed());
            if self.write.execute(query).await?.rows_affected() < PART {
                return Ok(());
            }
        }
    }
}

/// The articles behind a mark that belong to the newsletter and to the group's topics.
fn push_behind(
    query: &mut QueryBuilder<Sqlite>,
    (group, newsletter): (&Group, &Newsletter),
    mark: Mark,
    newest: i64,
) {
    query.push("FROM intake t JOIN article a ON a.id = t.article_id WHERE t.newsletter_id = ");
    query.push_bind(group.newsletter_id).push(" AND t.position > ").push_bind(mark.position);
    query.push(" AND t.position <= ").push_bind(newest).push(" AND a.retracted_at IS NULL");
    push_choice(query, "a", &newsletter.choice);
    push_choice(query, "a", &group.shape.choice());
    query.push(FIRST_OF_STORY);
    push_choice(query, "b", &newsletter.choice);
    push_choice(query, "b", &group.shape.choice());
    query.push(")");
    if mark.own_number > 0 {
        query.push(NOT_HAD).push_bind(mark.own_number).push(" AND l.newsletter_id = ");
        query.push_bind(group.newsletter_id).push(")");
    }
}
