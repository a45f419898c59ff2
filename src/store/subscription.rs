//! Subscriptions: of all subscribers, page by page; and what a reader does to their own.

use std::time::Duration;

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Error, Store, Wants, consent, group};
use crate::model::consent::{ConsentAct, Proof};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::{EmailAddress, SubscriberId, SubscriptionState};
use crate::model::time::Timestamp;

/// How long a reader who has left by a page can take that back.
pub const UNDO: Duration = Duration::from_mins(1);

/// How long a reader who has left is asked why.
pub const ASK_WHY: Duration = Duration::from_hours(1);

const LIST: &str =
    "SELECT s.id AS subscriber_id, coalesce(t.newsletter_id, 0) AS newsletter_id, s.address, s.name,
        n.slug AS newsletter, t.state, t.consent, coalesce(t.created_at, s.created_at) AS created_at,
        t.confirmed_at, t.ended_at, t.ended_by, t.ended_why, t.paused_until,
        g.rhythm, g.hour, g.time_zone, g.topics
    FROM subscriber s
    LEFT JOIN subscription t ON t.subscriber_id = s.id
    LEFT JOIN reader_group g ON g.id = t.group_id
    LEFT JOIN newsletter n ON n.id = t.newsletter_id
    WHERE s.id >= $1 AND (s.id > $1 OR coalesce(t.newsletter_id, 0) > $2)
      AND ($3 IS NULL OR n.slug = $3) AND ($4 IS NULL OR t.state = $4)
    ORDER BY s.id, t.newsletter_id LIMIT $5";
const PAUSE: &str = "UPDATE subscription SET paused_until = $3
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND state = 'active'";
const CANCEL_BEFORE: &str = "UPDATE delivery SET state = 'cancelled', settled_at = $4
    WHERE subscriber_id = $1 AND state IN ('queued', 'deferred')
      AND edition_id IN (SELECT id FROM edition WHERE newsletter_id = $2 AND tick < $3)";
const RESUME: &str = "UPDATE subscription SET paused_until = $3
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND paused_until > $3";
const TAKE_BACK: &str = "UPDATE subscription
    SET state = iif(confirmed_at IS NULL, 'pending', 'active'), ended_at = NULL, ended_by = NULL, ended_why = NULL
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND state = 'ended' AND ended_by = 'page' AND ended_at > $3
      AND NOT EXISTS (
        SELECT 1 FROM subscriber u JOIN suppression x ON x.address_hash = u.address_hash WHERE u.id = $1)";
const GIVE_REASON: &str = "UPDATE subscription SET ended_why = $3
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND state = 'ended' AND ended_by = 'page' AND ended_at > $4";

/// Which subscriptions are listed.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionFilter {
    /// Those of this newsletter, by its slug; `None`: of all, and subscribers who have none.
    pub newsletter: Option<String>,
    /// Those in this state.
    pub state: Option<SubscriptionState>,
}

/// A subscription with whose it is; a subscriber without any has one line of this kind too.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct ListedSubscription {
    /// The subscriber's row.
    #[serde(skip)]
    pub subscriber_id: SubscriberId,
    #[serde(skip)]
    newsletter_id: i64,
    /// The subscriber's address.
    pub address: String,
    /// Whether it is of a function, such as `info@`, and not of a person.
    #[sqlx(skip)]
    pub role: bool,
    /// The subscriber's name.
    pub name: Option<String>,
    /// The newsletter's slug.
    pub newsletter: Option<String>,
    /// Where the subscription stands.
    pub state: Option<SubscriptionState>,
    /// Where the consent comes from.
    pub consent: Option<String>,
    /// When it was asked for; without a subscription, since when the subscriber is known.
    pub created_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who or what ended it.
    pub ended_by: Option<String>,
    /// Why, in the reader's own words.
    pub ended_why: Option<String>,
    /// No edition whose tick lies before this is sent to it.
    pub paused_until: Option<Timestamp>,
    /// What its reader chose of the newsletter.
    #[sqlx(flatten)]
    pub wants: Wants,
}

impl Store {
    /// At most `limit` subscriptions, in the order in which their subscribers came, after the last of the page before.
    pub async fn list_subscriptions(
        &self,
        filter: &SubscriptionFilter,
        after: Option<&ListedSubscription>,
        limit: i64,
    ) -> Result<Vec<ListedSubscription>, Error> {
        let (subscriber, newsletter) =
            after.map_or((SubscriberId(0), 0), |last| (last.subscriber_id, last.newsletter_id));
        let query = sqlx::query_as(LIST).bind(subscriber).bind(newsletter);
        let query = query.bind(&filter.newsletter).bind(filter.state).bind(limit);
        let mut listed: Vec<ListedSubscription> = query.fetch_all(&self.read).await?;
        for own in &mut listed {
            own.role = own.address.parse::<EmailAddress>().is_ok_and(|address| address.is_role());
        }
        Ok(listed)
    }

    /// Pauses active subscriptions, each until its moment, and takes back what is queued for them: all or none.
    ///
    /// An edition is sent only where its tick does not lie before that moment, whenever it is sent.
    pub async fn pause_subscriptions(
        &self,
        id: SubscriberId,
        pauses: &[(NewsletterId, Timestamp)],
        proof: impl Into<Proof<'_>>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let proof = proof.into();
        let mut transaction = self.write.begin().await?;
        for (newsletter, until) in pauses {
            group::catch_up(&mut transaction, (id, *newsletter), false, now).await?;
            pause(&mut transaction, (id, *newsletter), *until, proof, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Pauses an active subscription until a moment, as [`Store::pause_subscriptions`], and sends what it misses after it. What was
    /// on its way when the pause began is not among that.
    pub async fn pause_and_catch_up(
        &self,
        id: SubscriberId,
        (newsletter, until): (NewsletterId, Timestamp),
        proof: impl Into<Proof<'_>>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let proof = proof.into();
        let mut transaction = self.write.begin().await?;
        group::catch_up(&mut transaction, (id, newsletter), true, now).await?;
        pause(&mut transaction, (id, newsletter), until, proof, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends pauses: editions from now on are sent again, those of the pause are not. All or none.
    pub async fn resume_subscriptions(
        &self,
        id: SubscriberId,
        newsletters: &[NewsletterId],
        proof: impl Into<Proof<'_>>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let proof = proof.into();
        let mut transaction = self.write.begin().await?;
        for newsletter in newsletters {
            let query = sqlx::query(RESUME).bind(id).bind(newsletter).bind(now);
            if query.execute(&mut *transaction).await?.rows_affected() > 0 {
                consent::record(&mut transaction, (id, *newsletter), ConsentAct::Resumed, proof, now).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// A reader who left by a page takes that back within [`UNDO`]. What was taken back of their deliveries stays so.
    ///
    /// Returns false if it is too late, or there is nothing to take back.
    pub async fn take_back_farewell(
        &self,
        id: SubscriberId,
        newsletter: NewsletterId,
        proof: impl Into<Proof<'_>>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let proof = proof.into();
        let mut transaction = self.write.begin().await?;
        let query = sqlx::query(TAKE_BACK).bind(id).bind(newsletter).bind(now - UNDO);
        let is_back = query.execute(&mut *transaction).await?.rows_affected() > 0;
        if is_back {
            consent::record(&mut transaction, (id, newsletter), ConsentAct::TakenBack, proof, now).await?;
        }
        transaction.commit().await?;
        Ok(is_back)
    }

    /// A reader who left by a page says why, within [`ASK_WHY`].
    pub async fn record_reason(
        &self,
        (id, newsletter): (SubscriberId, NewsletterId),
        why: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let query = sqlx::query(GIVE_REASON).bind(id).bind(newsletter).bind(why).bind(now - ASK_WHY);
        Ok(self.write.execute(query).await?.rows_affected() > 0)
    }
}

/// Pauses one, if it is active, and takes back what is queued for it.
pub(super) async fn pause(
    connection: &mut SqliteConnection,
    (id, newsletter): (SubscriberId, NewsletterId),
    until: Timestamp,
    proof: Proof<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(PAUSE).bind(id).bind(newsletter).bind(until);
    if query.execute(&mut *connection).await?.rows_affected() > 0 {
        let query = sqlx::query(CANCEL_BEFORE).bind(id).bind(newsletter).bind(until).bind(now);
        query.execute(&mut *connection).await?;
        consent::record(connection, (id, newsletter), ConsentAct::Paused, proof, now).await?;
    }
    Ok(())
}
