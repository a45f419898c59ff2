//! Publishing: an edition once for each tick, with the ledger's entries and the deliveries.

use std::time::Duration;

use sqlx::{QueryBuilder, SqliteConnection};

use super::Edition;
use super::audience::{self, Wave};
use super::candidates::{Candidates, push_unconsidered};
use crate::model::article::ArticleId;
use crate::model::edition::EditionId;
use crate::model::newsletter::{NewsletterId, Overflow};
use crate::model::shape::GroupId;
use crate::model::time::Timestamp;
use crate::store::newsletter::{Event, EventKind, Standing, insert_event};
use crate::store::{Error, Store, setting};

const ADVANCE: &str =
    "UPDATE newsletter SET considered_seq = $3, last_tick = max(last_tick, $4), waiting_tick = NULL,
        last_number = last_number + $5, version = version + 1
    WHERE id = $1 AND version = $2";
const INSERT: &str = "INSERT INTO edition
        (newsletter_id, number, tick, published_at, state, subject, preheader, html, text, spread, queued_up_to, queue_end,
        group_id, mark, own_number, next_mark)
    VALUES ($1, $2, $3, $4, 'sending', $5, $6, $7, $8, $9, 0, (SELECT coalesce(max(id), 0) FROM subscriber),
        $10, $11, $12, $13)
    ON CONFLICT (newsletter_id, group_id, tick, mark, own_number) DO NOTHING RETURNING id";
const PUBLISH_ARTICLE: &str = "INSERT INTO ledger (newsletter_id, article_id, state, edition_id, position, at)
    SELECT $1, a.id, 'published', $3, $4, $5 FROM article a WHERE a.id = $2 AND a.retracted_at IS NULL
    ON CONFLICT (newsletter_id, article_id) DO UPDATE
        SET state = 'published', edition_id = excluded.edition_id, position = excluded.position, at = excluded.at
        WHERE ledger.state = 'waiting'";
const PASS_OVER: &str = "UPDATE ledger SET state = 'passed_over', reason = $2, at = $3, edition_id = $4
    WHERE newsletter_id = $1 AND state = 'waiting'
      AND article_id NOT IN (SELECT id FROM article WHERE retracted_at IS NOT NULL)";
/// What tells the same story as an article of an edition went out with it, whether or not it waited.
const PASS_TWINS: &str = "INSERT INTO ledger (newsletter_id, article_id, state, reason, twin_id, at)
    SELECT p.newsletter_id, b.id, 'passed_over', 'it is the same story as article ' || a.id || ' from ' || a.source
        || coalesce(' (' || coalesce(b.likeness, a.likeness) || ')', '') || ', which went out in edition ' || e.number, a.id, $2
    FROM ledger p JOIN edition e ON e.id = p.edition_id JOIN article a ON a.id = p.article_id
    JOIN article b ON b.story_id = a.story_id AND b.id <> a.id
    WHERE p.edition_id = $1 AND p.state = 'published'
    ON CONFLICT (newsletter_id, article_id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
        twin_id = excluded.twin_id, at = excluded.at WHERE ledger.state = 'waiting'";
/// The same for what came or was changed after that edition, and was entered as waiting.
const PASS_LATE_TWINS: &str = "INSERT INTO ledger (newsletter_id, article_id, state, reason, twin_id, at)
    SELECT w.newsletter_id, b.id, 'passed_over', 'it is the same story as article ' || a.id || ' from ' || a.source
        || coalesce(' (' || coalesce(b.likeness, a.likeness) || ')', '') || ', which went out in edition ' || e.number, a.id, $2
    FROM ledger w JOIN article b ON b.id = w.article_id
    JOIN article a ON a.story_id = b.story_id AND a.id <> b.id
    JOIN ledger p ON p.newsletter_id = w.newsletter_id AND p.article_id = a.id AND p.state = 'published'
    JOIN edition e ON e.id = p.edition_id
    WHERE w.newsletter_id = $1 AND w.state = 'waiting'
    ON CONFLICT (newsletter_id, article_id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
        twin_id = excluded.twin_id, at = excluded.at WHERE ledger.state = 'waiting'";

/// An edition about to be published.
#[derive(Clone, Debug)]
pub struct NewEdition<'a> {
    /// Its articles in the order of the digest.
    pub articles: &'a [ArticleId],
    /// The moment that it is for.
    pub tick: Timestamp,
    /// The digest's subject.
    pub subject: &'a str,
    /// The line that mail programs show beside the subject.
    pub preheader: &'a str,
    /// The digest with the markers of [`crate::model::slot`], as HTML.
    pub html: &'a str,
    /// The same as text.
    pub text: &'a str,
    /// Over how long its deliveries are spread.
    pub over: Duration,
    /// Which of them are due when: who confirmed last is in the first wave. Empty: all are due at once.
    pub waves: &'a [Wave],
    /// What the operator reads about this tick.
    pub detail: &'a str,
}

/// Whose edition it is, and what tells it from others of the same tick.
pub(in crate::store) struct Place {
    pub newsletter: NewsletterId,
    /// The readers of this group with this mark; of none: all who want the newsletter as it is.
    pub group: GroupId,
    pub number: i64,
    pub mark: i64,
    pub own_number: i64,
    pub next_mark: i64,
}

impl Store {
    /// Publishes an edition made of candidates, and queues one delivery for each active subscriber who is in no group, all
    /// or nothing; where there are very many, [`Store::queue_deliveries`] goes on with them. `overflow` says what becomes of
    /// the articles that it has no room for.
    ///
    /// Returns `None` if the newsletter has moved on since the candidates were read, or this tick has been
    /// published: by this daemon or another.
    pub async fn publish(
        &self,
        (candidates, overflow): (&Candidates, Overflow),
        edition: &NewEdition<'_>,
        now: Timestamp,
    ) -> Result<Option<Edition>, Error> {
        let standing = &candidates.standing;
        let mut transaction = self.write.begin().await?;
        if !advance(&mut transaction, candidates, (edition.tick, 1)).await? {
            return Ok(None);
        }
        let place = Place::own(standing);
        let Some(id) = insert(&mut transaction, &place, edition, now).await? else { return Ok(None) };
        if standing.considered_seq.is_some() {
            keep_waiting(&mut transaction, candidates, now).await?;
        }
        if !publish_articles(&mut transaction, (standing.id, id), edition, now).await? {
            return Ok(None);
        }
        sqlx::query(PASS_TWINS).bind(id).bind(now).execute(&mut *transaction).await?;
        if overflow == Overflow::Drop {
            let reason = format!("no room in edition {}", standing.last_number + 1);
            sqlx::query(PASS_OVER)
                .bind(standing.id)
                .bind(reason)
                .bind(now)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        audience::queue_first(&mut transaction, id, edition.waves).await?;
        let kind = EventKind::Published;
        let event = Event { tick: edition.tick, at: now, kind, detail: edition.detail.to_owned() };
        insert_event(&mut transaction, standing.id, &event).await?;
        setting::raise(&mut transaction, setting::REVISION).await?;
        transaction.commit().await?;
        self.find_edition(id).await
    }

    /// Notes that a tick brought no edition, and keeps what is new for the next one.
    ///
    /// Returns whether the newsletter still stood where it did when the candidates were read.
    pub async fn skip_tick(&self, candidates: &Candidates, event: &Event) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        if !advance(&mut transaction, candidates, (event.tick, 0)).await? {
            return Ok(false);
        }
        if candidates.standing.considered_seq.is_some() {
            keep_waiting(&mut transaction, candidates, event.at).await?;
        }
        insert_event(&mut transaction, candidates.standing.id, event).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Moves the newsletter on, if it still stands where it did. A newsletter without an edition stays before its
/// first one, and takes the newest articles when it comes.
async fn advance(
    connection: &mut SqliteConnection,
    candidates: &Candidates,
    (tick, editions): (Timestamp, i64),
) -> Result<bool, sqlx::Error> {
    let is_first = candidates.standing.considered_seq.is_none() && editions == 0;
    let query = sqlx::query(ADVANCE)
        .bind(candidates.standing.id)
        .bind(candidates.standing.version)
        .bind(if is_first { None } else { Some(candidates.considered_seq) })
        .bind(tick)
        .bind(editions);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

impl Place {
    /// The newsletter's next own edition.
    const fn own(standing: &Standing) -> Self {
        Self {
            newsletter: standing.id,
            group: GroupId::NONE,
            number: standing.last_number + 1,
            mark: 0,
            own_number: 0,
            next_mark: 0,
        }
    }
}

/// Writes an edition down, if there is none at its place yet.
pub(in crate::store) async fn insert(
    connection: &mut SqliteConnection,
    place: &Place,
    edition: &NewEdition<'_>,
    now: Timestamp,
) -> Result<Option<EditionId>, sqlx::Error> {
    sqlx::query_scalar(INSERT)
        .bind(place.newsletter)
        .bind(place.number)
        .bind(edition.tick)
        .bind(now)
        .bind(edition.subject)
        .bind(edition.preheader)
        .bind(edition.html)
        .bind(edition.text)
        .bind(i64::try_from(edition.over.as_secs()).unwrap_or(0))
        .bind(place.group)
        .bind(place.mark)
        .bind(place.own_number)
        .bind(place.next_mark)
        .fetch_optional(connection)
        .await
}

/// Enters all that is new into the ledger as waiting, but for what tells a story that has gone out.
async fn keep_waiting(
    connection: &mut SqliteConnection,
    candidates: &Candidates,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let after = candidates.standing.considered_seq.unwrap_or(i64::MAX);
    let mut query = QueryBuilder::new("INSERT INTO ledger (newsletter_id, article_id, state, at) SELECT ");
    query.push_bind(candidates.standing.id).push(", a.id, 'waiting', ").push_bind(now).push(" ");
    push_unconsidered(
        &mut query,
        candidates.standing.id,
        &candidates.choice,
        (after, candidates.considered_seq),
    );
    query.build().execute(&mut *connection).await?;
    sqlx::query(PASS_LATE_TWINS).bind(candidates.standing.id).bind(now).execute(connection).await?;
    Ok(())
}

/// Enters the articles of an edition. Returns false if one of them has gone out already, or was retracted meanwhile.
async fn publish_articles(
    connection: &mut SqliteConnection,
    (newsletter, id): (NewsletterId, EditionId),
    edition: &NewEdition<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    for (position, article) in (1_i64..).zip(edition.articles) {
        let query =
            sqlx::query(PUBLISH_ARTICLE).bind(newsletter).bind(article).bind(id).bind(position).bind(now);
        if query.execute(&mut *connection).await?.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
