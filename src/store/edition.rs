//! Editions: published once for each tick, with the ledger's entries and the deliveries, in one transaction.

use std::time::Duration;

use serde::Serialize;
use sqlx::sqlite::Sqlite;
use sqlx::{FromRow, QueryBuilder, SqliteConnection};

use super::newsletter::{Event, Standing, insert_event};
use super::selection::{Selection, newest, push_choice};
use super::{BEGIN, Error, Store, setting};
use crate::model::article::{Article, ArticleId};
use crate::model::edition::{EditionId, EditionState};
use crate::model::newsletter::{Choice, NewsletterId, Overflow};
use crate::model::time::Timestamp;

const MAX_SEQ: &str = "SELECT coalesce(max(seq), 0) FROM article";
const WAITING: &str = "SELECT l.article_id FROM ledger l JOIN article a ON a.id = l.article_id
    WHERE l.newsletter_id = $1 AND l.state = 'waiting' AND a.retracted_at IS NULL
    ORDER BY l.at, a.dated_at DESC, a.id DESC LIMIT $2";
const COUNT_WAITING: &str = "SELECT count(*) FROM ledger l JOIN article a ON a.id = l.article_id
    WHERE l.newsletter_id = $1 AND l.state = 'waiting' AND a.retracted_at IS NULL";
const ADVANCE: &str =
    "UPDATE newsletter SET considered_seq = $3, last_tick = max(last_tick, $4), waiting_tick = NULL,
        last_number = last_number + $5, version = version + 1
    WHERE id = $1 AND version = $2";
const INSERT: &str = "INSERT INTO edition
        (newsletter_id, number, tick, published_at, state, subject, preheader, html, text)
    VALUES ($1, $2, $3, $4, 'sending', $5, $6, $7, $8)
    ON CONFLICT (newsletter_id, tick) DO NOTHING RETURNING id";
const PUBLISH_ARTICLE: &str = "INSERT INTO ledger (newsletter_id, article_id, state, edition_id, position, at)
    SELECT $1, a.id, 'published', $3, $4, $5 FROM article a WHERE a.id = $2 AND a.retracted_at IS NULL
    ON CONFLICT (newsletter_id, article_id) DO UPDATE
        SET state = 'published', edition_id = excluded.edition_id, position = excluded.position, at = excluded.at
        WHERE ledger.state = 'waiting'";
const PASS_OVER: &str = "UPDATE ledger SET state = 'passed_over', reason = $2, at = $3
    WHERE newsletter_id = $1 AND state = 'waiting'
      AND article_id NOT IN (SELECT id FROM article WHERE retracted_at IS NOT NULL)";
/// Each delivery has its own place in the $4 seconds over which the edition is spread, by its numbers alone: they come evenly
/// out of a multiplication by the golden ratio, and another reader is the first of the next edition.
const QUEUE: &str = "INSERT INTO delivery (edition_id, subscriber_id, provider_id, state, due_at)
    SELECT $1, s.subscriber_id, coalesce(d.provider_id, 0), 'queued',
        $2 + ((s.subscriber_id + $1 * 31) * 2654435769 % 4294967296) * $4 / 4294967296
    FROM subscription s
    LEFT JOIN subscriber u ON u.id = s.subscriber_id LEFT JOIN domain d ON d.id = u.domain_id
    WHERE s.newsletter_id = $3 AND s.state = 'active'";
/// Since when a reader has wanted it.
const NTH_NEWEST: &str = "SELECT coalesce(confirmed_at, created_at) AS since FROM subscription
    WHERE newsletter_id = $1 AND state = 'active' ORDER BY since DESC LIMIT 1 OFFSET $2";
const PUT_OFF: &str = "UPDATE delivery SET due_at = $4 WHERE edition_id = $1 AND EXISTS (
        SELECT 1 FROM subscription s WHERE s.newsletter_id = $2 AND s.subscriber_id = delivery.subscriber_id
          AND coalesce(s.confirmed_at, s.created_at) < $3)";
const SET_AUDIENCE: &str =
    "UPDATE edition SET audience = $2, state = CASE WHEN $2 = 0 THEN 'done' ELSE state END,
    finished_at = CASE WHEN $2 = 0 THEN published_at END WHERE id = $1";
const COLUMNS: &str =
    "SELECT e.id, e.newsletter_id, n.slug AS newsletter, e.number, e.tick, e.published_at, e.state,
    e.reason, e.subject, e.preheader, e.audience, e.finished_at,
    EXISTS (SELECT 1 FROM ledger l JOIN article a ON a.id = l.article_id
        WHERE l.edition_id = e.id AND l.state = 'published' AND a.retracted_at IS NOT NULL) AS has_retracted
    FROM edition e JOIN newsletter n ON n.id = e.newsletter_id";
const ARTICLES_OF: &str =
    "SELECT article_id FROM ledger WHERE edition_id = $1 AND state = 'published' ORDER BY position";
const BODY: &str = "SELECT html, text FROM edition WHERE id = $1";
const SET_STATE: &str = "UPDATE edition SET state = $2, reason = $3 WHERE id = $1 AND state IN ('sending', 'paused') AND state <> $2";
const COUNT_UNFINISHED: &str =
    "SELECT state, count(*) FROM edition WHERE finished_at IS NULL GROUP BY state ORDER BY state";
const IS_SENDING: &str = "SELECT EXISTS (SELECT 1 FROM edition e JOIN delivery d ON d.edition_id = e.id
    WHERE e.newsletter_id = $1 AND e.state = 'sending'
      AND (d.state IN ('leased', 'sending') OR (d.state = 'queued' AND d.attempt = 0)))";
const EXPLAIN: &str =
    "SELECT n.slug AS newsletter, l.state, l.reason, l.at, e.number AS edition, e.id AS edition_id,
        n.considered_seq
    FROM newsletter n
    LEFT JOIN ledger l ON l.newsletter_id = n.id AND l.article_id = $1
    LEFT JOIN edition e ON e.id = l.edition_id
    ORDER BY n.slug";
const SEQ_OF: &str = "SELECT seq FROM article WHERE id = $1";

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

/// An edition about to be published.
#[derive(Clone, Debug)]
pub struct NewEdition<'a> {
    /// What it was composed from.
    pub candidates: &'a Candidates,
    /// Its articles in the order of the digest.
    pub articles: &'a [ArticleId],
    /// The moment that it is for.
    pub tick: Timestamp,
    /// What becomes of the articles that it has no room for.
    pub overflow: Overflow,
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

/// Some of an edition's deliveries, by who confirmed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wave {
    /// How many.
    pub size: u64,
    /// When they are due.
    pub due_at: Timestamp,
}

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
    /// Counts from 1 within the newsletter.
    pub number: i64,
    /// The moment that it is for.
    pub tick: Timestamp,
    /// When it was made.
    pub published_at: Timestamp,
    /// Where its sending stands.
    pub state: EditionState,
    /// Why it is paused or cancelled.
    pub reason: Option<String>,
    /// The digest's subject.
    pub subject: String,
    /// The line beside the subject.
    pub preheader: String,
    /// To how many subscribers it goes.
    pub audience: i64,
    /// When the last delivery ended.
    pub finished_at: Option<Timestamp>,
    /// Whether an article of it has been retracted: then readers are shown neither its subject nor its preheader, which
    /// are made of headlines.
    pub has_retracted: bool,
}

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
                let selection = Selection { choices: vec![choice.clone()], ..Selection::default() };
                let ids = newest(&mut snapshot, &selection, limit).await?;
                let count = ids.len();
                (ids, count)
            }
            Some(seq) => since(&mut snapshot, &standing, choice, (seq, considered_seq), limit).await?,
        };
        Ok(Candidates { standing, articles, new, considered_seq, choice: choice.clone() })
    }

    /// Publishes an edition and queues one delivery for each active subscriber, all or nothing.
    ///
    /// Returns `None` if the newsletter has moved on since the candidates were read, or this tick has been
    /// published: by this daemon or another.
    pub async fn publish(&self, edition: &NewEdition<'_>, now: Timestamp) -> Result<Option<Edition>, Error> {
        let standing = &edition.candidates.standing;
        let mut transaction = self.write.begin_with(BEGIN).await?;
        if !advance(&mut transaction, edition.candidates, (edition.tick, 1)).await? {
            return Ok(None);
        }
        let id: Option<EditionId> = insert(&mut transaction, edition, now).await?;
        let Some(id) = id else { return Ok(None) };
        if standing.considered_seq.is_some() {
            let waiting = edition.candidates;
            keep_waiting(&mut transaction, waiting, now).await?;
        }
        if !publish_articles(&mut transaction, edition, id, now).await? {
            return Ok(None);
        }
        if edition.overflow == Overflow::Drop {
            let reason = format!("no room in edition {}", standing.last_number + 1);
            sqlx::query(PASS_OVER)
                .bind(standing.id)
                .bind(reason)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
        }
        let over = i64::try_from(edition.over.as_secs()).unwrap_or(0);
        let query = sqlx::query(QUEUE).bind(id).bind(now).bind(standing.id).bind(over);
        let queued = query.execute(&mut *transaction).await?;
        put_off(&mut transaction, edition, id).await?;
        let audience = i64::try_from(queued.rows_affected()).unwrap_or(i64::MAX);
        sqlx::query(SET_AUDIENCE).bind(id).bind(audience).execute(&mut *transaction).await?;
        let kind = super::EventKind::Published;
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
        let mut transaction = self.write.begin_with(BEGIN).await?;
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

    /// The edition of this row.
    pub async fn find_edition(&self, id: EditionId) -> Result<Option<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(" WHERE e.id = ").push_bind(id);
        Ok(query.build_query_as().fetch_optional(&self.read).await?)
    }

    /// The edition with this number of a newsletter.
    pub async fn find_edition_by_number(
        &self,
        newsletter: &str,
        number: i64,
    ) -> Result<Option<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query
            .push(" WHERE n.slug = ")
            .push_bind(newsletter.to_owned())
            .push(" AND e.number = ")
            .push_bind(number);
        Ok(query.build_query_as().fetch_optional(&self.read).await?)
    }

    /// The latest editions, of one newsletter or of all, the newest first.
    pub async fn latest_editions(&self, newsletter: Option<&str>, limit: i64) -> Result<Vec<Edition>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        if let Some(slug) = newsletter {
            query.push(" WHERE n.slug = ").push_bind(slug.to_owned());
        }
        query.push(" ORDER BY e.tick DESC, e.id DESC LIMIT ").push_bind(limit);
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The articles of an edition, in its order; also those that were retracted since.
    pub async fn articles_of_edition(&self, id: EditionId) -> Result<Vec<Article>, Error> {
        let ids: Vec<ArticleId> = sqlx::query_scalar(ARTICLES_OF).bind(id).fetch_all(&self.read).await?;
        self.articles_by_id(&ids).await
    }

    /// The digest of an edition with its markers: HTML and text, as they were when it was published.
    pub async fn find_edition_body(&self, id: EditionId) -> Result<Option<(String, String)>, Error> {
        Ok(sqlx::query_as(BODY).bind(id).fetch_optional(&self.read).await?)
    }

    /// Pauses, resumes or cancels an edition that is not yet done. Returns whether that changed anything.
    pub async fn set_edition_state(
        &self,
        id: EditionId,
        state: EditionState,
        reason: &str,
    ) -> Result<bool, Error> {
        let query = sqlx::query(SET_STATE).bind(id).bind(state).bind(reason);
        Ok(query.execute(&self.write).await?.rows_affected() > 0)
    }

    /// How many editions with deliveries that may still go out are in each state.
    pub async fn count_unfinished_editions(&self) -> Result<Vec<(EditionState, i64)>, Error> {
        Ok(sqlx::query_as(COUNT_UNFINISHED).fetch_all(&self.read).await?)
    }

    /// Whether an edition of the newsletter is on its way: some of its deliveries have not been tried yet, or are
    /// being tried. Those that the relay has put off do not count: one slow mailbox does not stop a daily.
    pub async fn is_sending(&self, newsletter: NewsletterId) -> Result<bool, Error> {
        Ok(sqlx::query_scalar(IS_SENDING).bind(newsletter).fetch_one(&self.read).await?)
    }

    /// What became of an article in each newsletter. `None` if there is no such article.
    pub async fn fates(&self, id: ArticleId) -> Result<Option<Vec<Fate>>, Error> {
        let seq: Option<i64> = sqlx::query_scalar(SEQ_OF).bind(id).fetch_optional(&self.read).await?;
        let Some(seq) = seq else { return Ok(None) };
        let rows: Vec<FateRow> = sqlx::query_as(EXPLAIN).bind(id).fetch_all(&self.read).await?;
        Ok(Some(rows.into_iter().map(|row| row.into_fate(seq)).collect()))
    }
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
    let mut articles: Vec<ArticleId> =
        sqlx::query_scalar(WAITING).bind(standing.id).bind(limit_bound).fetch_all(&mut *connection).await?;
    let waiting: i64 =
        sqlx::query_scalar(COUNT_WAITING).bind(standing.id).fetch_one(&mut *connection).await?;
    let mut count = QueryBuilder::new("SELECT count(*) ");
    push_unconsidered(&mut count, standing.id, choice, range);
    let fresh: i64 = count.build_query_scalar().fetch_one(&mut *connection).await?;
    if articles.len() < limit && fresh > 0 {
        let room = limit_bound - i64::try_from(articles.len()).unwrap_or(0);
        let mut query = QueryBuilder::new("SELECT a.id ");
        push_unconsidered(&mut query, standing.id, choice, range);
        query.push(" ORDER BY a.dated_at DESC, a.id DESC LIMIT ").push_bind(room);
        articles.extend::<Vec<ArticleId>>(query.build_query_scalar().fetch_all(&mut *connection).await?);
    }
    Ok((articles, usize::try_from(waiting + fresh).unwrap_or(usize::MAX)))
}

/// The articles of a choice that came within a range of `seq`, and that the ledger does not know yet.
fn push_unconsidered(
    query: &mut QueryBuilder<Sqlite>,
    newsletter: NewsletterId,
    choice: &Choice,
    (after, up_to): (i64, i64),
) {
    query.push("FROM article a WHERE a.seq > ").push_bind(after).push(" AND a.seq <= ").push_bind(up_to);
    query.push(" AND a.retracted_at IS NULL");
    push_choice(query, choice);
    query.push(" AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.newsletter_id = ").push_bind(newsletter);
    query.push(" AND l.article_id = a.id)");
}

/// Moves the newsletter on, if it still stands where it did. A newsletter without an edition stays before its
/// first one, and takes the newest articles when it comes.
/// Puts off who is not in the first wave. Readers who confirmed in the same second stay together.
async fn put_off(
    connection: &mut SqliteConnection,
    edition: &NewEdition<'_>,
    id: EditionId,
) -> Result<(), sqlx::Error> {
    let newsletter = edition.candidates.standing.id;
    let mut before: u64 = 0;
    for pair in edition.waves.windows(2) {
        before = before.saturating_add(pair[0].size);
        let since = if before == 0 {
            Some(i64::MAX)
        } else {
            let offset = i64::try_from(before - 1).unwrap_or(i64::MAX);
            let query = sqlx::query_scalar(NTH_NEWEST).bind(newsletter).bind(offset);
            query.fetch_optional(&mut *connection).await?
        };
        let Some(since) = since else { break };
        let query = sqlx::query(PUT_OFF).bind(id).bind(newsletter).bind(since).bind(pair[1].due_at);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

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

async fn insert(
    connection: &mut SqliteConnection,
    edition: &NewEdition<'_>,
    now: Timestamp,
) -> Result<Option<EditionId>, sqlx::Error> {
    sqlx::query_scalar(INSERT)
        .bind(edition.candidates.standing.id)
        .bind(edition.candidates.standing.last_number + 1)
        .bind(edition.tick)
        .bind(now)
        .bind(edition.subject)
        .bind(edition.preheader)
        .bind(edition.html)
        .bind(edition.text)
        .fetch_optional(connection)
        .await
}

/// Enters all that is new into the ledger as waiting.
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
    query.build().execute(connection).await?;
    Ok(())
}

/// Enters the articles of an edition. Returns false if one of them has gone out already, or was retracted meanwhile.
async fn publish_articles(
    connection: &mut SqliteConnection,
    edition: &NewEdition<'_>,
    id: EditionId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    for (position, article) in (1_i64..).zip(edition.articles) {
        let query = sqlx::query(PUBLISH_ARTICLE)
            .bind(edition.candidates.standing.id)
            .bind(article)
            .bind(id)
            .bind(position)
            .bind(now);
        if query.execute(&mut *connection).await?.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
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
