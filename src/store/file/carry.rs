//! What a database that was put back is given of what the one before it knew: everything that keeps a reader from
//! getting what they must not get, or had already. The one before it is attached as `old`.
//!
//! Rows are told by what they are, never by their numbers: the two may have counted apart since the backup.

use serde::Serialize;
use sqlx::{Connection, SqliteConnection};

use crate::model::subscriber::SubscriberId;
use crate::model::suppression::SuppressionReason;
use crate::model::time::Timestamp;
use crate::store::{Error, subscriber, suppression};

const HAS_SAME_KEY: &str =
    "SELECT EXISTS (SELECT 1 FROM main.setting a JOIN old.setting b ON b.value = a.value
    WHERE a.name = 'key' AND b.name = 'key')";
const COUNT_PROTECTED: &str = "SELECT (SELECT count(*) FROM old.suppression)
    + (SELECT count(*) FROM old.subscription WHERE state = 'ended')";

const SUPPRESS: &str = "INSERT INTO suppression (address_hash, address, reason, detail, at)
    SELECT o.address_hash, o.address, o.reason, o.detail, o.at FROM old.suppression o WHERE true
    ON CONFLICT (address_hash) DO UPDATE SET address = NULL, detail = NULL, reason = 'forgotten', at = excluded.at
        WHERE excluded.reason = 'forgotten' AND suppression.reason <> 'forgotten'";
const STILL_SUBSCRIBED: &str =
    "SELECT DISTINCT x.address_hash, x.reason FROM main.suppression x JOIN main.subscriber u ON u.address_hash = x.address_hash
    JOIN main.subscription s ON s.subscriber_id = u.id WHERE s.state <> 'ended'";
const STILL_KNOWN: &str =
    "SELECT u.id FROM main.suppression x JOIN main.subscriber u ON u.address_hash = x.address_hash
    WHERE x.reason = 'forgotten'";

const ADD_WHO_LEFT: &str = "INSERT INTO subscriber (id, address, address_key, address_hash, name, created_at)
    SELECT CASE WHEN EXISTS (SELECT 1 FROM main.subscriber m WHERE m.id = u.id) THEN NULL ELSE u.id END,
        u.address, u.address_key, u.address_hash, u.name, u.created_at
    FROM old.subscriber u
    WHERE EXISTS (SELECT 1 FROM old.subscription s WHERE s.subscriber_id = u.id AND s.state = 'ended')
    ON CONFLICT DO NOTHING";
const END: &str = "INSERT INTO subscription
        (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at, ended_at, ended_by, ended_why)
    SELECT u.id, n.id, 'ended', o.consent, o.created_at, o.confirmed_at, o.ended_at, o.ended_by, o.ended_why
    FROM old.subscription o
    JOIN old.subscriber v ON v.id = o.subscriber_id JOIN main.subscriber u ON u.address_hash = v.address_hash
    JOIN old.newsletter m ON m.id = o.newsletter_id JOIN main.newsletter n ON n.slug = m.slug
    WHERE o.state = 'ended'
    ON CONFLICT (newsletter_id, subscriber_id) DO UPDATE
        SET state = 'ended', ended_at = excluded.ended_at, ended_by = excluded.ended_by,
            ended_why = excluded.ended_why
        WHERE subscription.state <> 'ended'
          AND excluded.ended_at >= coalesce(subscription.confirmed_at, subscription.created_at)";
const STAY_PAUSED_UNTIL: &str = "UPDATE subscription SET paused_until = (
        SELECT max(o.paused_until) FROM old.subscription o
        JOIN old.subscriber v ON v.id = o.subscriber_id JOIN main.subscriber u ON u.address_hash = v.address_hash
        JOIN old.newsletter m ON m.id = o.newsletter_id JOIN main.newsletter n ON n.slug = m.slug
        WHERE u.id = subscription.subscriber_id AND n.id = subscription.newsletter_id)
    WHERE (newsletter_id, subscriber_id) IN (
        SELECT n.id, u.id FROM old.subscription o
        JOIN old.subscriber v ON v.id = o.subscriber_id JOIN main.subscriber u ON u.address_hash = v.address_hash
        JOIN old.newsletter m ON m.id = o.newsletter_id JOIN main.newsletter n ON n.slug = m.slug
        WHERE o.paused_until IS NOT NULL)";
/// A reader's own feed that ended after the backup stays ended, and one that was made after it stays.
const END_FEEDS: &str = "DELETE FROM main.private_feed WHERE NOT EXISTS (
        SELECT 1 FROM old.private_feed f JOIN old.subscriber v ON v.id = f.subscriber_id
        JOIN main.subscriber u ON u.id = v.id AND u.address_hash = v.address_hash
        WHERE f.id = private_feed.id AND u.id = private_feed.subscriber_id)";
const TAKE_FEEDS: &str = "INSERT INTO private_feed (id, subscriber_id, newsletter_id, made_at)
    SELECT f.id, u.id, n.id, f.made_at FROM old.private_feed f
    JOIN old.subscriber v ON v.id = f.subscriber_id
    JOIN main.subscriber u ON u.id = v.id AND u.address_hash = v.address_hash
    JOIN old.newsletter m ON m.id = f.newsletter_id JOIN main.newsletter n ON n.slug = m.slug
    WHERE true ON CONFLICT DO NOTHING";
const CANCEL_UNWANTED: &str = "UPDATE delivery SET state = 'cancelled', settled_at = $1
    WHERE state IN ('queued', 'deferred') AND NOT EXISTS (
        SELECT 1 FROM edition e JOIN subscription s ON s.newsletter_id = e.newsletter_id
        WHERE e.id = delivery.edition_id AND s.subscriber_id = delivery.subscriber_id AND s.state = 'active'
          AND coalesce(s.paused_until, 0) <= e.tick)";

/// What was on its way when the old database was left is in doubt: no daemon has the epoch 0. A backup that was made
/// while deliveries were being queued lacks some that went out since.
const TAKE_DELIVERIES: &str = "INSERT INTO delivery
        (edition_id, subscriber_id, state, attempt, uncertain, due_at, owner, marked_at, settled_at, reply)
    SELECT e.id, u.id, o.state, o.attempt, o.uncertain, o.due_at, 0, o.marked_at, o.settled_at, o.reply
    FROM main.edition e JOIN main.newsletter n ON n.id = e.newsletter_id
    JOIN old.newsletter m ON m.slug = n.slug
    JOIN old.edition f ON f.newsletter_id = m.id AND f.tick = e.tick AND f.mark = e.mark AND f.own_number = e.own_number
      AND (f.group_id = 0 AND e.group_id = 0 OR EXISTS (
        SELECT 1 FROM main.reader_group g JOIN old.reader_group o ON o.rhythm = g.rhythm AND o.hour = g.hour
          AND o.time_zone = g.time_zone AND o.topics = g.topics
        WHERE g.id = e.group_id AND o.id = f.group_id))
    JOIN old.delivery o ON o.edition_id = f.id
    JOIN old.subscriber v ON v.id = o.subscriber_id JOIN main.subscriber u ON u.address_hash = v.address_hash
    LEFT JOIN main.delivery d ON d.edition_id = e.id AND d.subscriber_id = u.id
    WHERE e.finished_at IS NULL AND o.state NOT IN ('queued', 'leased', 'deferred')
      AND (d.state IN ('queued', 'leased', 'sending', 'deferred', 'uncertain')
        OR d.edition_id IS NULL AND u.id > e.queued_up_to)
    ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = excluded.state, attempt = excluded.attempt,
        uncertain = excluded.uncertain, due_at = excluded.due_at, owner = excluded.owner,
        marked_at = excluded.marked_at, settled_at = excluded.settled_at, reply = excluded.reply";
const COUNT_AUDIENCE: &str =
    "UPDATE edition SET audience = (SELECT count(*) FROM delivery d WHERE d.edition_id = edition.id)
    WHERE queued_up_to IS NOT NULL";

/// A first edition takes the newest articles and leaves the rest behind. If it went out since, all that the backup
/// holds has been considered.
const BEGIN_LEDGER: &str = "UPDATE newsletter SET version = version + 1,
        considered_seq = (SELECT coalesce(max(a.seq), 0) FROM main.article a)
    WHERE considered_seq IS NULL AND EXISTS (
        SELECT 1 FROM old.newsletter o WHERE o.slug = newsletter.slug AND o.considered_seq IS NOT NULL)";
const TAKE_ARTICLES: &str = "INSERT INTO article (source, source_key, external_id, public_id, slug, seq, url, title, authors, biography,
        summary, html, text, image, enclosures, language, direction, published_at, published_at_from, updated_at, dated_at,
        first_seen_at, changed_at, cuts, fingerprint, retracted_at)
    SELECT o.source, o.source_key, o.external_id, o.public_id, o.slug,
        (SELECT coalesce(max(m.seq), 0) FROM main.article m) + row_number() OVER (ORDER BY o.seq), o.url, o.title,
        o.authors, o.biography, o.summary, o.html, o.text, o.image, o.enclosures, o.language, o.direction, o.published_at,
        o.published_at_from, o.updated_at, o.dated_at, o.first_seen_at, o.changed_at, o.cuts, o.fingerprint, o.retracted_at
    FROM old.article o
    WHERE (o.retracted_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM old.ledger l WHERE l.article_id = o.id AND (l.state = 'published' OR l.twin_id IS NOT NULL))
        OR EXISTS (SELECT 1 FROM old.intake t WHERE t.article_id = o.id))
      AND NOT EXISTS (SELECT 1 FROM main.article m WHERE m.source = o.source AND m.external_id = o.external_id)
    ON CONFLICT DO NOTHING";
const TAKE_TAGS: &str = "INSERT INTO article_tag (article_id, position, tag, tag_key, dated_at)
    SELECT a.id, t.position, t.tag, t.tag_key, t.dated_at
    FROM old.article_tag t JOIN old.article o ON o.id = t.article_id
    JOIN main.article a ON a.source = o.source AND a.external_id = o.external_id
    WHERE NOT EXISTS (SELECT 1 FROM main.article_tag x WHERE x.article_id = a.id)
    ON CONFLICT (article_id, tag_key) DO NOTHING";
const TAKE_AUTHORS: &str = "INSERT INTO article_author (article_id, author, author_key, dated_at)
    SELECT a.id, t.author, t.author_key, t.dated_at
    FROM old.article_author t JOIN old.article o ON o.id = t.article_id
    JOIN main.article a ON a.source = o.source AND a.external_id = o.external_id
    WHERE NOT EXISTS (SELECT 1 FROM main.article_author x WHERE x.article_id = a.id)
    ON CONFLICT (article_id, author_key) DO NOTHING";
const STAY_RETRACTED: &str = "UPDATE article SET retracted_at = (
        SELECT o.retracted_at FROM old.article o
        WHERE o.source = article.source AND o.external_id = article.external_id)
    WHERE retracted_at IS NULL";
const PASS_OVER: &str = "INSERT INTO ledger (newsletter_id, article_id, state, reason, at)
    SELECT n.id, a.id, 'passed_over',
        CASE l.state WHEN 'published' THEN 'it went out in an edition that the backup did not hold' ELSE l.reason END, l.at
    FROM old.ledger l
    JOIN old.newsletter m ON m.id = l.newsletter_id JOIN main.newsletter n ON n.slug = m.slug
    JOIN old.article o ON o.id = l.article_id
    JOIN main.article a ON a.source = o.source AND a.external_id = o.external_id
    WHERE l.state = 'published' OR l.twin_id IS NOT NULL
    ON CONFLICT (newsletter_id, article_id) DO UPDATE
        SET state = excluded.state, reason = excluded.reason, at = excluded.at WHERE ledger.state = 'waiting'";

/// What came to a newsletter since has its place behind all marks, in the order in which it came.
const TAKE_INTAKE: &str = "INSERT INTO intake (newsletter_id, article_id, position)
    SELECT n.id, a.id, a.seq FROM old.intake t
    JOIN old.newsletter m ON m.id = t.newsletter_id JOIN main.newsletter n ON n.slug = m.slug
    JOIN old.article o ON o.id = t.article_id
    JOIN main.article a ON a.source = o.source AND a.external_id = o.external_id
    WHERE n.entered_seq IS NOT NULL
    ON CONFLICT (newsletter_id, article_id) DO NOTHING";
/// The marks that readers had, few as they are, each with what it is here: the last position of what lies up to it there.
const MAP_MARKS: &str = "CREATE TEMPORARY TABLE mark_here AS
    SELECT w.newsletter_id AS there, n.id AS here, w.mark AS mark, (
        SELECT max(t.position) FROM old.intake x JOIN old.article o ON o.id = x.article_id
        JOIN main.article a ON a.source = o.source AND a.external_id = o.external_id
        JOIN main.intake t ON t.newsletter_id = n.id AND t.article_id = a.id
        WHERE x.newsletter_id = w.newsletter_id AND x.position <= w.mark) AS position
    FROM (SELECT DISTINCT newsletter_id, mark FROM old.subscription WHERE group_id > 0 AND mark > 0) w
    JOIN old.newsletter m ON m.id = w.newsletter_id JOIN main.newsletter n ON n.slug = m.slug";
const RAISE_MARKS: &str = "UPDATE subscription SET own_number = 0, mark = p.position
    FROM temp.mark_here p, old.subscription o, old.subscriber v, main.subscriber u
    WHERE o.newsletter_id = p.there AND o.mark = p.mark AND o.group_id > 0 AND v.id = o.subscriber_id
      AND u.address_hash = v.address_hash AND subscription.newsletter_id = p.here
      AND subscription.subscriber_id = u.id AND subscription.group_id > 0 AND p.position > subscription.mark";
const FORGET_MARKS: &str = "DROP TABLE temp.mark_here";
const RAISE_GROUPS: &str = "UPDATE reader_group SET
        position = max(position, coalesce(
            (SELECT max(t.position) FROM main.intake t WHERE t.newsletter_id = reader_group.newsletter_id), 0)),
        last_number = max(reader_group.last_number, coalesce(
            (SELECT o.last_number FROM old.reader_group o WHERE o.id = reader_group.id), 0))";

/// No number that a link, a Message-ID or an address on the web names is ever given a second time.
const RAISE_IDS: &str = "UPDATE main.sqlite_sequence SET seq = max(seq, coalesce(
    (SELECT o.seq FROM old.sqlite_sequence o WHERE o.name = sqlite_sequence.name), 0))";
const ADD_IDS: &str =
    "INSERT INTO main.sqlite_sequence (name, seq) SELECT o.name, o.seq FROM old.sqlite_sequence o
    WHERE o.name NOT IN (SELECT m.name FROM main.sqlite_sequence m)";
const RAISE_EDITIONS: &str =
    "UPDATE newsletter SET version = version + 1, last_number = max(last_number, coalesce(
    (SELECT o.last_number FROM old.newsletter o WHERE o.slug = newsletter.slug), 0))";
const STAY_PAUSED: &str = "UPDATE newsletter SET version = version + 1,
        paused_at = (SELECT o.paused_at FROM old.newsletter o WHERE o.slug = newsletter.slug)
    WHERE paused_at IS NULL";
const RAISE_SETTINGS: &str =
    "UPDATE setting SET value = (SELECT o.value FROM old.setting o WHERE o.name = setting.name)
    WHERE name IN ('epoch', 'revision', 'last_seen') AND CAST(value AS INTEGER) <
        (SELECT CAST(o.value AS INTEGER) FROM old.setting o WHERE o.name = setting.name)";

/// What became of what the database before this one knew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum CarriedOver {
    /// There was no database, or there was nothing in it that this one needs.
    Nothing,
    /// It was read.
    Read(Carried),
    /// It is another installation's: its key hashes addresses in another way. It knew of so many who must not be
    /// mailed.
    OtherKey {
        /// Suppressions, and subscriptions that had ended.
        protected: i64,
    },
    /// It could not be read.
    Unreadable {
        /// SQLite's words.
        why: String,
    },
}

/// How much was carried over from the database before this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// Addresses that are never mailed.
    pub suppressions: u64,
    /// Subscriptions that had ended.
    pub farewells: u64,
    /// Subscribers who had asked to be forgotten.
    pub forgotten: u64,
    /// What had become of deliveries since.
    pub deliveries: u64,
    /// Articles that had gone out since, so that they do not go out again.
    pub articles: u64,
    /// What could not be read, in words.
    pub lost: Vec<&'static str>,
}

#[derive(Clone, Copy)]
enum Part {
    Suppressions,
    Farewells,
    Forgotten,
    Deliveries,
    Articles,
    Standing,
}

/// In this order: who is forgotten is not brought back, and what goes to nobody any more is taken back at the end.
const PARTS: [(Part, &str); 6] = [
    (Part::Suppressions, "addresses that are never mailed"),
    (Part::Farewells, "subscriptions that had ended, or were paused"),
    (Part::Forgotten, "subscribers who asked to be forgotten"),
    (Part::Deliveries, "what had been sent since"),
    (Part::Articles, "articles that had gone out since"),
    (Part::Standing, "which numbers had been given, and which newsletters were paused"),
];

/// Carries over what can be read, part by part, within the caller's transaction.
pub(super) async fn carry_over(
    connection: &mut SqliteConnection,
    now: Timestamp,
) -> Result<CarriedOver, Error> {
    match find_other_key(connection).await {
        Ok(None) => {}
        Ok(Some(0)) => return Ok(CarriedOver::Nothing),
        Ok(Some(protected)) => return Ok(CarriedOver::OtherKey { protected }),
        Err(error) => return Ok(CarriedOver::Unreadable { why: error.to_string() }),
    }
    let mut carried = Carried::default();
    for (part, words) in PARTS {
        let mut savepoint = connection.begin().await?;
        match carry(part, &mut savepoint, now).await {
            Ok(count) => {
                savepoint.commit().await?;
                carried.note(part, count);
            }
            Err(error) => {
                savepoint.rollback().await?;
                tracing::debug!(%error, "Not carried over: {words}");
                carried.lost.push(words);
            }
        }
    }
    Ok(CarriedOver::Read(carried))
}

/// If the old database has another key, how many it protects.
async fn find_other_key(connection: &mut SqliteConnection) -> Result<Option<i64>, sqlx::Error> {
    if sqlx::query_scalar(HAS_SAME_KEY).fetch_one(&mut *connection).await? {
        return Ok(None);
    }
    Ok(Some(sqlx::query_scalar(COUNT_PROTECTED).fetch_one(connection).await?))
}

async fn carry(part: Part, connection: &mut SqliteConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    match part {
        Part::Suppressions => suppress(connection, now).await,
        Part::Farewells => {
            execute(connection, ADD_WHO_LEFT).await?;
            let ended = execute(connection, END).await?;
            for statement in [STAY_PAUSED_UNTIL, END_FEEDS, TAKE_FEEDS] {
                execute(connection, statement).await?;
            }
            sqlx::query(CANCEL_UNWANTED).bind(now).execute(connection).await?;
            Ok(ended)
        }
        Part::Forgotten => forget(connection, now).await,
        Part::Deliveries => {
            let taken = execute(connection, TAKE_DELIVERIES).await?;
            execute(connection, COUNT_AUDIENCE).await?;
            Ok(taken)
        }
        Part::Articles => {
            for statement in [BEGIN_LEDGER, TAKE_ARTICLES, TAKE_TAGS, TAKE_AUTHORS, STAY_RETRACTED] {
                execute(connection, statement).await?;
            }
            let passed_over = execute(connection, PASS_OVER).await?;
            for statement in [TAKE_INTAKE, MAP_MARKS, RAISE_MARKS, FORGET_MARKS, RAISE_GROUPS] {
                execute(connection, statement).await?;
            }
            Ok(passed_over)
        }
        Part::Standing => {
            for statement in [RAISE_IDS, ADD_IDS, RAISE_EDITIONS, STAY_PAUSED, RAISE_SETTINGS] {
                execute(connection, statement).await?;
            }
            Ok(0)
        }
    }
}

async fn execute(connection: &mut SqliteConnection, statement: &'static str) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query(statement).execute(connection).await?.rows_affected())
}

async fn suppress(connection: &mut SqliteConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let suppressed = execute(connection, SUPPRESS).await?;
    let readers: Vec<(Vec<u8>, SuppressionReason)> =
        sqlx::query_as(STILL_SUBSCRIBED).fetch_all(&mut *connection).await?;
    for (hash, reason) in readers {
        suppression::withdraw(connection, &hash, reason, now).await?;
    }
    Ok(suppressed)
}

async fn forget(connection: &mut SqliteConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let readers: Vec<SubscriberId> = sqlx::query_scalar(STILL_KNOWN).fetch_all(&mut *connection).await?;
    for id in &readers {
        subscriber::erase(connection, *id, now).await?;
    }
    Ok(readers.len() as u64)
}

impl Carried {
    fn note(&mut self, part: Part, count: u64) {
        match part {
            Part::Suppressions => self.suppressions = count,
            Part::Farewells => self.farewells = count,
            Part::Forgotten => self.forgotten = count,
            Part::Deliveries => self.deliveries = count,
            Part::Articles => self.articles = count,
            Part::Standing => {}
        }
    }
}
