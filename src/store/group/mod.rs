//! Groups: the subscriptions of a newsletter that have one shape. `docs/choices.md` has the rules.

mod marks;
mod publishing;
mod shaping;

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, QueryBuilder, Row as _};

use super::newsletter::EventKind;
use super::{Error, Store};
use crate::model::newsletter::NewsletterId;
use crate::model::shape::{GroupId, Rhythm, Shape};
use crate::model::time::Timestamp;

pub use marks::{GroupCandidates, Mark};
pub use shaping::Wanted;
pub(super) use shaping::{begin, catch_up, want};

const COLUMNS: &str =
    "SELECT g.id, g.newsletter_id, g.rhythm, g.hour, g.time_zone, g.topics, g.schedule, g.last_tick,
        g.position, g.last_number, g.outcome FROM reader_group g";
const LIST: &str = "SELECT g.id, g.newsletter_id, g.rhythm, g.hour, g.time_zone, g.topics, g.schedule, g.last_tick,
        g.position, g.last_number, g.outcome,
        (SELECT count(*) FROM subscription s WHERE s.group_id = g.id AND s.group_id > 0 AND s.state = 'active') AS readers
    FROM reader_group g WHERE g.newsletter_id = $1 ORDER BY readers DESC, g.id";
const SET_SCHEDULE: &str =
    "UPDATE reader_group SET schedule = $2, last_tick = max(last_tick, $3) WHERE id = $1";
const PASS_TICK: &str = "UPDATE reader_group
    SET last_tick = max(last_tick, $2), position = max(position, $3), outcome = $4 WHERE id = $1";
const REMOVE_EMPTY: &str = "DELETE FROM reader_group WHERE NOT EXISTS (
    SELECT 1 FROM subscription s WHERE s.group_id = reader_group.id AND s.group_id > 0)";

/// A group, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Group {
    /// Its row.
    pub id: GroupId,
    /// Its newsletter's row.
    #[serde(skip)]
    pub newsletter_id: NewsletterId,
    /// What its readers want.
    #[sqlx(flatten)]
    pub shape: Shape,
    /// The schedule that its ticks were last reckoned by; empty before the first time.
    pub schedule: String,
    /// The latest tick that was dealt with; it only moves forward.
    pub last_tick: Timestamp,
    /// Up to where its last tick looked at the intake: there new readers begin.
    pub position: i64,
    /// The number of its latest edition; 0 before the first.
    pub last_number: i64,
    /// What happened at its latest tick.
    pub outcome: Option<EventKind>,
}

/// What a subscription wants, if that is not the newsletter as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Wants(pub Option<Shape>);

impl<'r> FromRow<'r, SqliteRow> for Wants {
    fn from_row(row: &'r SqliteRow) -> Result<Self, sqlx::Error> {
        let rhythm: Option<Rhythm> = row.try_get("rhythm")?;
        rhythm.map(|_| Shape::from_row(row)).transpose().map(Self)
    }
}

/// A group with how many readers it has.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct ListedGroup {
    /// The group.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub group: Group,
    /// Its active subscriptions.
    pub readers: i64,
}

impl Store {
    /// The groups of a newsletter.
    pub async fn groups(&self, newsletter: NewsletterId) -> Result<Vec<Group>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(" WHERE g.newsletter_id = ").push_bind(newsletter).push(" ORDER BY g.id");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The group of this row.
    pub async fn find_group(&self, id: GroupId) -> Result<Option<Group>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(" WHERE g.id = ").push_bind(id);
        Ok(query.build_query_as().fetch_optional(&self.read).await?)
    }

    /// The groups of a newsletter with how many readers each has, the largest first.
    pub async fn list_groups(&self, newsletter: NewsletterId) -> Result<Vec<ListedGroup>, Error> {
        Ok(sqlx::query_as(LIST).bind(newsletter).fetch_all(&self.read).await?)
    }

    /// A group's ticks are reckoned by another schedule from `now` on: those of it that have passed are nobody's.
    pub async fn set_group_schedule(&self, id: GroupId, schedule: &str, now: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(SET_SCHEDULE).bind(id).bind(schedule).bind(now)).await?;
        Ok(())
    }

    /// Moves a group on behind a tick at which the intake was looked at up to `position`.
    pub async fn pass_group_tick(
        &self,
        id: GroupId,
        (tick, position): (Timestamp, i64),
        outcome: EventKind,
    ) -> Result<(), Error> {
        let query = sqlx::query(PASS_TICK).bind(id).bind(tick).bind(position).bind(outcome);
        self.write.execute(query).await?;
        Ok(())
    }

    /// Removes groups to which no subscription belongs any more. Returns how many.
    pub async fn remove_empty_groups(&self) -> Result<u64, Error> {
        Ok(self.write.execute(sqlx::query(REMOVE_EMPTY)).await?.rows_affected())
    }
}
