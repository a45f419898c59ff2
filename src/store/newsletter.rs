//! Newsletters: where each stands in its schedule and in the ledger.

use serde::Serialize;
use sqlx::FromRow;

use super::{Error, Store, setting};
use crate::model::newsletter::NewsletterId;
use crate::model::time::Timestamp;

const REGISTER: &str =
    "INSERT INTO newsletter (slug, schedule, created_at, last_tick) VALUES ($1, $2, $3, $3)
    ON CONFLICT (slug) DO UPDATE SET schedule = excluded.schedule, last_tick = max(newsletter.last_tick, $3),
        waiting_tick = NULL, version = newsletter.version + 1
        WHERE newsletter.schedule <> excluded.schedule";
const FIND: &str =
    "SELECT id, slug, created_at, paused_at, considered_seq, entered_seq, last_tick, waiting_tick, last_number, version
    FROM newsletter WHERE slug = $1";
const SET_PAUSED: &str = "UPDATE newsletter SET paused_at = $2, version = version + 1 WHERE id = $1 AND (paused_at IS NULL) = ($2 IS NOT NULL)";
const PASS_TICK: &str = "UPDATE newsletter SET last_tick = $2, waiting_tick = NULL, version = version + 1
    WHERE id = $1 AND (last_tick < $2 OR waiting_tick IS NOT NULL)";
const WAIT: &str = "UPDATE newsletter SET last_tick = $2, waiting_tick = $2, version = version + 1
    WHERE id = $1 AND last_tick < $2";
const INSERT_EVENT: &str = "INSERT INTO newsletter_event (newsletter_id, tick, at, kind, detail)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (newsletter_id, tick, kind) DO NOTHING";
const EVENTS: &str = "SELECT tick, at, kind, detail FROM newsletter_event WHERE newsletter_id = $1
    ORDER BY at DESC, id DESC LIMIT $2";
const COUNT_READERS: &str = "SELECT count(*) FROM subscription WHERE newsletter_id = $1 AND state = 'active'
    AND group_id = 0 AND coalesce(paused_until, 0) <= $2";

/// Where a newsletter stands.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Standing {
    /// Its row.
    pub id: NewsletterId,
    /// Its name in addresses.
    pub slug: String,
    /// When it was first seen in the configuration: no tick before it counts.
    pub created_at: Timestamp,
    /// Since when its operator has stopped it.
    pub paused_at: Option<Timestamp>,
    /// Every article up to this `seq` has been considered; `None` before the first edition.
    pub considered_seq: Option<i64>,
    /// Every article up to this `seq` has been looked at for the intake; `None` while readers have never been able to choose.
    pub entered_seq: Option<i64>,
    /// The latest tick that was dealt with; it only moves forward.
    pub last_tick: Timestamp,
    /// A tick that is due and waits until the edition before it has gone out.
    pub waiting_tick: Option<Timestamp>,
    /// The number of its latest edition; 0 before the first.
    pub last_number: i64,
    /// Grows with every change to this row.
    pub version: i64,
}

/// What happened at a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// An edition was published.
    Published,
    /// No article was new.
    NothingNew,
    /// Fewer articles than `min_articles` were new.
    TooFew,
    /// The daemon was down for longer than `late`.
    Missed,
    /// The edition before it was still being sent.
    Waiting,
    /// The newsletter was paused.
    Paused,
}

/// What happened at a tick, and why.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Event {
    /// The moment that the schedule names.
    pub tick: Timestamp,
    /// When it was noted.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// Why, in words.
    pub detail: String,
}

impl Store {
    /// Makes a row for each newsletter, given by name and schedule, that has none. Ticks count from `now` on, for a
    /// changed schedule too: its ticks in the past are nobody's.
    pub async fn register_newsletters(
        &self,
        newsletters: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for (slug, schedule) in newsletters {
            sqlx::query(REGISTER).bind(*slug).bind(*schedule).bind(now).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Where the newsletter of this name stands.
    pub async fn find_newsletter(&self, slug: &str) -> Result<Option<Standing>, Error> {
        Ok(sqlx::query_as(FIND).bind(slug).fetch_optional(&self.read).await?)
    }

    /// Stops a newsletter (`Some`) or lets it go on (`None`). Returns whether that changed anything.
    pub async fn set_newsletter_paused(
        &self,
        id: NewsletterId,
        since: Option<Timestamp>,
    ) -> Result<bool, Error> {
        let changed = self.write.execute(sqlx::query(SET_PAUSED).bind(id).bind(since)).await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Notes ticks that brought no edition, and moves on behind the last of them.
    pub async fn pass_ticks(&self, id: NewsletterId, events: &[Event]) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for event in events {
            let statement = if event.kind == EventKind::Waiting { WAIT } else { PASS_TICK };
            sqlx::query(statement).bind(id).bind(event.tick).execute(&mut *transaction).await?;
            insert_event(&mut transaction, id, event).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// What happened at the latest ticks, the newest first.
    pub async fn newsletter_events(&self, id: NewsletterId, limit: i64) -> Result<Vec<Event>, Error> {
        Ok(sqlx::query_as(EVENTS).bind(id).bind(limit).fetch_all(&self.read).await?)
    }

    /// To how many subscribers an own edition of this tick would go.
    pub async fn count_readers(&self, id: NewsletterId, tick: Timestamp) -> Result<i64, Error> {
        Ok(sqlx::query_scalar(COUNT_READERS).bind(id).bind(tick).fetch_one(&self.read).await?)
    }

    /// Tells who keeps copies of pages and feeds that what readers see has changed.
    pub async fn raise_revision(&self) -> Result<(), Error> {
        let mut connection = self.write.acquire().await?;
        setting::raise(&mut connection, setting::REVISION).await?;
        Ok(())
    }
}

pub(super) async fn insert_event(
    connection: &mut sqlx::SqliteConnection,
    id: NewsletterId,
    event: &Event,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(INSERT_EVENT).bind(id).bind(event.tick).bind(event.at).bind(event.kind);
    query.bind(&event.detail).execute(connection).await?;
    Ok(())
}
