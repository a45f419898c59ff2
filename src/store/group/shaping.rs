//! Into a group, and from one into another: what a reader wants changes, and what they had stays had.

use sqlx::SqliteConnection;

use super::{Error, Store};
use crate::model::consent::{ConsentAct, Proof};
use crate::model::newsletter::NewsletterId;
use crate::model::shape::{GroupId, Shape};
use crate::model::subscriber::{SubscriberId, SubscriptionState};
use crate::model::time::Timestamp;
use crate::store::{consent, edition};

const STANDING: &str =
    "SELECT state, group_id FROM subscription WHERE subscriber_id = $1 AND newsletter_id = $2";
const KEEP: &str = "INSERT INTO reader_group
        (newsletter_id, rhythm, hour, time_zone, topics, last_tick, position)
    SELECT id, $2, $3, $4, $5, $6, coalesce(entered_seq, 0) FROM newsletter WHERE id = $1
    ON CONFLICT (newsletter_id, rhythm, hour, time_zone, topics) DO UPDATE SET rhythm = excluded.rhythm
    RETURNING id";
/// Who is in a group takes their mark along. Who was sent own editions of the newsletter has what those held.
const JOIN: &str = "UPDATE subscription SET group_id = $3,
        own_number = CASE WHEN group_id > 0 THEN own_number
            WHEN EXISTS (SELECT 1 FROM delivery d JOIN edition e ON e.id = d.edition_id
                WHERE d.subscriber_id = $1 AND e.newsletter_id = $2 AND e.group_id = 0)
            THEN (SELECT last_number FROM newsletter WHERE id = $2) ELSE 0 END
    WHERE subscriber_id = $1 AND newsletter_id = $2";
/// Who gets own editions has what they are about to hold still before them, and no more: what waits in the ledger, and what came
/// since.
const LEAVE_OWN: &str = "UPDATE subscription SET
        own_number = (SELECT last_number FROM newsletter WHERE id = $2),
        mark = coalesce((SELECT min(p.position) - 1 FROM (
                SELECT t.position FROM ledger l
                JOIN intake t ON t.newsletter_id = l.newsletter_id AND t.article_id = l.article_id
                WHERE l.newsletter_id = $2 AND l.state = 'waiting'
                UNION ALL
                SELECT min(t.position) FROM intake t WHERE t.newsletter_id = $2 AND t.position >
                    coalesce((SELECT considered_seq FROM newsletter WHERE id = $2), 0)) p),
            (SELECT entered_seq FROM newsletter WHERE id = $2), 0)
    WHERE subscriber_id = $1 AND newsletter_id = $2";
const BEGIN_AT: &str = "UPDATE subscription
    SET mark = max(mark, (SELECT g.position FROM reader_group g WHERE g.id = subscription.group_id))
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND group_id > 0";

const CATCH_UP: &str =
    "UPDATE subscription SET catches_up = $3 WHERE subscriber_id = $1 AND newsletter_id = $2";

/// A newsletter, and what is wanted of it if something was said about that.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The newsletter.
    pub newsletter: NewsletterId,
    /// What of it.
    pub shape: Option<&'a Shape>,
}

impl From<NewsletterId> for Wanted<'_> {
    fn from(newsletter: NewsletterId) -> Self {
        Self { newsletter, shape: None }
    }
}

impl Store {
    /// A reader wants something else of a newsletter that they have, or asked for, from the next tick on. Returns whether that
    /// changed anything.
    pub async fn set_shape(
        &self,
        (reader, newsletter): (SubscriberId, NewsletterId),
        shape: &Shape,
        proof: impl Into<Proof<'_>>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let is_changed = join(&mut transaction, (reader, newsletter), shape, now).await?;
        if is_changed {
            let (whose, act) = ((reader, newsletter), ConsentAct::Shaped);
            consent::record(&mut transaction, whose, act, proof.into(), now).await?;
        }
        transaction.commit().await?;
        Ok(is_changed)
    }
}

/// A reader says whether what a pause misses is sent after it. Whoever wants the newsletter as it is, and that, is from then on in the
/// group of the whole of it: own editions are sent to nobody later.
pub(in crate::store) async fn catch_up(
    connection: &mut SqliteConnection,
    whose: (SubscriberId, NewsletterId),
    does: bool,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (reader, newsletter) = whose;
    let own = (SubscriptionState::Active, GroupId::NONE);
    if does && standing(connection, whose).await? == Some(own) {
        let group = keep(connection, newsletter, &Shape::plain(), now).await?;
        change_group(connection, whose, own, group).await?;
    }
    sqlx::query(CATCH_UP).bind(reader).bind(newsletter).bind(does).execute(connection).await?;
    Ok(())
}

/// Takes note of what is wanted by somebody who has not confirmed: whoever has, is asked for it on their own page.
pub(in crate::store) async fn want(
    connection: &mut SqliteConnection,
    reader: SubscriberId,
    wanted: Wanted<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let Some(shape) = wanted.shape else { return Ok(()) };
    let whose = (reader, wanted.newsletter);
    if matches!(standing(connection, whose).await?, Some((SubscriptionState::Pending, _))) {
        join(connection, whose, shape, now).await?;
    }
    Ok(())
}

/// A subscription that has become active begins where its group stands; whoever comes back, not before their old mark.
pub(in crate::store) async fn begin(
    connection: &mut SqliteConnection,
    (reader, newsletter): (SubscriberId, NewsletterId),
) -> Result<(), sqlx::Error> {
    sqlx::query(BEGIN_AT).bind(reader).bind(newsletter).execute(connection).await?;
    Ok(())
}

async fn standing(
    connection: &mut SqliteConnection,
    (reader, newsletter): (SubscriberId, NewsletterId),
) -> Result<Option<(SubscriptionState, GroupId)>, sqlx::Error> {
    sqlx::query_as(STANDING).bind(reader).bind(newsletter).fetch_optional(connection).await
}

async fn join(
    connection: &mut SqliteConnection,
    whose: (SubscriberId, NewsletterId),
    shape: &Shape,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (state, from) = match standing(connection, whose).await? {
        None | Some((SubscriptionState::Ended, _)) => return Ok(false),
        Some(standing) => standing,
    };
    if shape.is_plain() && !from.is_some() {
        return Ok(false);
    }
    let group = keep(connection, whose.1, shape, now).await?;
    if group == from {
        return Ok(false);
    }
    change_group(connection, whose, (state, from), group).await?;
    Ok(true)
}

async fn change_group(
    connection: &mut SqliteConnection,
    whose: (SubscriberId, NewsletterId),
    (state, from): (SubscriptionState, GroupId),
    group: GroupId,
) -> Result<(), sqlx::Error> {
    let (reader, newsletter) = whose;
    let leaves_own = !from.is_some() && state == SubscriptionState::Active;
    if leaves_own {
        edition::queue_to(connection, whose).await?;
    }
    sqlx::query(JOIN).bind(reader).bind(newsletter).bind(group).execute(&mut *connection).await?;
    if leaves_own {
        sqlx::query(LEAVE_OWN).bind(reader).bind(newsletter).execute(connection).await?;
    }
    Ok(())
}

/// The row of the group of a shape.
async fn keep(
    connection: &mut SqliteConnection,
    newsletter: NewsletterId,
    shape: &Shape,
    now: Timestamp,
) -> Result<GroupId, sqlx::Error> {
    let (hour, zone) = shape.hour().unwrap_or_default();
    let query = sqlx::query_scalar(KEEP).bind(newsletter).bind(shape.rhythm()).bind(hour).bind(zone);
    query.bind(shape.topics_text()).bind(now).fetch_one(connection).await
}
