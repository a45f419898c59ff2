//! Subscribers and their subscriptions: asked for, confirmed, ended, forgotten.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Error, Store, Wanted, Wants, consent, group, provider, report, suppression};
use crate::model::consent::{ConsentAct, Proof};
use crate::model::newsletter::NewsletterId;
use crate::model::shape::GroupId;
use crate::model::subscriber::{EmailAddress, SubscriberId, SubscriptionState};
use crate::model::time::Timestamp;

const ADD_DOMAIN: &str = "INSERT INTO domain (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
const INSERT: &str =
    "INSERT INTO subscriber (address, address_key, address_hash, name, created_at, domain_id)
    VALUES ($1, $2, $3, $4, $5, (SELECT id FROM domain WHERE name = $6))
    ON CONFLICT (address_key) DO UPDATE SET name = coalesce(subscriber.name, excluded.name),
        domain_id = excluded.domain_id
    RETURNING id";
/// Who is known already says it on no page: anybody can ask in their name.
const SET_LANGUAGE: &str = "UPDATE subscriber SET language = $2 WHERE id = $1 AND language IS NULL";
const REQUEST: &str = "INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at)
    VALUES ($1, $2, 'pending', $3, $4)
    ON CONFLICT (newsletter_id, subscriber_id) DO UPDATE
        SET state = 'pending', consent = excluded.consent, created_at = excluded.created_at,
            confirmed_at = NULL, ended_at = NULL, ended_by = NULL, ended_why = NULL, paused_until = NULL,
            wanted_at = NULL, asked_at = NULL, questions = 0
        WHERE subscription.state = 'ended'";
/// Before somebody new becomes active in a group.
const PREPARE: &str = "INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at)
    VALUES ($1, $2, 'pending', $3, $4) ON CONFLICT (newsletter_id, subscriber_id) DO NOTHING";
const ADD: &str =
    "INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at)
    VALUES ($1, $2, 'active', $3, $4, $4)
    ON CONFLICT (newsletter_id, subscriber_id) DO UPDATE
        SET state = 'active', consent = excluded.consent, confirmed_at = excluded.confirmed_at
        WHERE subscription.state = 'pending'";
const HAS_PENDING: &str =
    "SELECT EXISTS (SELECT 1 FROM subscription WHERE subscriber_id = $1 AND state = 'pending')";
const QUEUE_CONFIRMATION: &str =
    "INSERT INTO confirmation (subscriber_id, due_at) VALUES ($1, $2) ON CONFLICT (subscriber_id) DO NOTHING";
const SUBSCRIPTIONS: &str =
    "SELECT n.id AS newsletter_id, n.slug AS newsletter, s.state, s.consent, s.created_at,
        s.confirmed_at, s.ended_at, s.ended_by, s.ended_why, s.paused_until, s.catches_up, s.asked_at, s.questions, s.group_id,
        g.rhythm, g.hour, g.time_zone, g.topics, f.made_at AS private_feed_since
    FROM subscription s JOIN newsletter n ON n.id = s.newsletter_id
    LEFT JOIN reader_group g ON g.id = s.group_id
    LEFT JOIN private_feed f ON f.subscriber_id = s.subscriber_id AND f.newsletter_id = s.newsletter_id
        AND s.state = 'active' AND s.confirmed_at <= f.made_at
    WHERE s.subscriber_id = $1 ORDER BY n.slug";
const CONFIRM: &str = "UPDATE subscription SET state = 'active', confirmed_at = $2
    WHERE subscriber_id = $1 AND state = 'pending' RETURNING newsletter_id";
const END: &str = "UPDATE subscription SET state = 'ended', ended_at = $3, ended_by = $4
    WHERE subscriber_id = $1 AND newsletter_id = $2 AND state <> 'ended'";
const CANCEL_DELIVERIES: &str = "UPDATE delivery SET state = 'cancelled', settled_at = $3
    WHERE subscriber_id = $1 AND state IN ('queued', 'deferred')
      AND edition_id IN (SELECT id FROM edition WHERE newsletter_id = $2)";
const FIND: &str = "SELECT id, address, name, language, created_at FROM subscriber WHERE address_key = $1";
const FIND_BY_ID: &str = "SELECT id, address, name, language, created_at FROM subscriber WHERE id = $1";
const SUBSCRIPTION: &str = "SELECT state FROM subscription WHERE subscriber_id = $1 AND newsletter_id = $2";
const DUE_CONFIRMATIONS: &str = "SELECT c.subscriber_id, s.address, s.language, c.attempt FROM confirmation c
    JOIN subscriber s ON s.id = c.subscriber_id
    WHERE c.due_at <= $1 AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_hash = s.address_hash)
    ORDER BY c.due_at LIMIT $2";
const REMOVE_CONFIRMATION: &str = "DELETE FROM confirmation WHERE subscriber_id = $1";
const PUT_OFF_CONFIRMATION: &str =
    "UPDATE confirmation SET due_at = $2, attempt = attempt + 1 WHERE subscriber_id = $1";
const FORGET_SUBSCRIPTIONS: &str = "DELETE FROM subscription WHERE subscriber_id = $1";
const FORGET_DELIVERIES: &str = "UPDATE delivery SET state = 'cancelled', settled_at = $2
    WHERE subscriber_id = $1 AND state IN ('queued', 'deferred')";
const FORGET_REPLIES: &str = "UPDATE delivery SET reply = NULL WHERE subscriber_id = $1";
const FORGET: &str = "DELETE FROM subscriber WHERE id = $1";
const REMOVE_UNCONFIRMED: &str = "DELETE FROM subscription WHERE state = 'pending' AND created_at < $1";
const REMOVE_BARE: &str = "DELETE FROM subscriber WHERE created_at < $1
    AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.subscriber_id = subscriber.id)";

/// A subscriber as the store knows one.
#[derive(Clone, Debug, FromRow)]
pub struct Subscriber {
    /// The row.
    pub id: SubscriberId,
    /// As it was typed, the domain in lower case.
    #[sqlx(try_from = "String")]
    pub address: EmailAddress,
    /// How they like to be called, if they said so.
    pub name: Option<String>,
    /// The language in which they want to be written to, where they said so.
    pub language: Option<String>,
    /// Since when they are known.
    pub created_at: Timestamp,
}

/// One subscription of a subscriber, with where the consent comes from.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Subscription {
    /// The newsletter's row.
    #[serde(skip)]
    pub newsletter_id: NewsletterId,
    /// The newsletter's name in addresses.
    pub newsletter: String,
    /// Where it stands.
    pub state: SubscriptionState,
    /// Where the reader's consent comes from.
    pub consent: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the reader confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who or what ended it.
    pub ended_by: Option<String>,
    /// Why, in the reader's own words.
    pub ended_why: Option<String>,
    /// No edition whose tick lies before this is sent to it.
    pub paused_until: Option<Timestamp>,
    /// Whether what a pause misses is sent after it.
    pub catches_up: bool,
    /// When its reader was last asked whether they still want it, if they have not answered.
    pub asked_at: Option<Timestamp>,
    /// How often they were asked without an answer.
    pub questions: u32,
    /// The group of what it wants; none: the newsletter as it is.
    #[sqlx(rename = "group_id")]
    #[serde(skip)]
    pub group: GroupId,
    /// What its reader chose of the newsletter.
    #[sqlx(flatten)]
    pub wants: Wants,
    /// Since when its reader has a feed of their own, at the address of today.
    pub private_feed_since: Option<Timestamp>,
}

/// A confirmation mail to be sent.
#[derive(Clone, Debug, FromRow)]
pub struct DueConfirmation {
    /// To whom.
    pub subscriber_id: SubscriberId,
    /// Where to.
    #[sqlx(try_from = "String")]
    pub address: EmailAddress,
    /// The language in which they want to be written to, where they said so.
    pub language: Option<String>,
    /// How often it has been tried.
    pub attempt: u32,
}

impl Store {
    /// A reader asks for newsletters. What is not active yet becomes pending, and a confirmation mail is queued.
    ///
    /// Nothing tells the caller whether the address was known, suppressed, or asked too often: the answer to the
    /// reader is the same.
    pub async fn request_subscriptions<'w, W: Into<Wanted<'w>> + Copy>(
        &self,
        address: &EmailAddress,
        newsletters: &[W],
        proof: impl Into<Proof<'_>>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let proof = proof.into();
        let mut transaction = self.write.begin().await?;
        if suppression::find(&mut transaction, &self.key.hash(&address.key())).await?.is_some() {
            return Ok(());
        }
        let id = self.insert_subscriber(&mut transaction, address, None, now).await?;
        if let Some(language) = proof.language {
            sqlx::query(SET_LANGUAGE).bind(id).bind(language).execute(&mut *transaction).await?;
        }
        for wanted in newsletters {
            let wanted: Wanted<'_> = (*wanted).into();
            let newsletter = wanted.newsletter;
            let query = sqlx::query(REQUEST).bind(id).bind(newsletter).bind(proof.form).bind(now);
            if query.execute(&mut *transaction).await?.rows_affected() > 0 {
                let act = ConsentAct::Requested;
                consent::record(&mut transaction, (id, newsletter), act, proof, now).await?;
            }
            group::want(&mut transaction, id, wanted, now).await?;
        }
        self.queue_confirmation(&mut transaction, (id, address), now).await?;
        Ok(transaction.commit().await?)
    }

    /// The operator adds a subscriber who has consented. Who has left before, or is suppressed, stays out.
    ///
    /// Returns where the subscription stands after it; `None` for a suppressed address.
    pub async fn add_subscription<'w>(
        &self,
        (address, name): (&EmailAddress, Option<&str>),
        wanted: impl Into<Wanted<'w>>,
        words: &str,
        now: Timestamp,
    ) -> Result<Option<SubscriptionState>, Error> {
        let mut transaction = self.write.begin().await?;
        if suppression::find(&mut transaction, &self.key.hash(&address.key())).await?.is_some() {
            return Ok(None);
        }
        let id = self.insert_subscriber(&mut transaction, address, name, now).await?;
        let wanted = wanted.into();
        let newsletter = wanted.newsletter;
        if wanted.shape.is_some() {
            let query = sqlx::query(PREPARE).bind(id).bind(newsletter).bind(words).bind(now);
            query.execute(&mut *transaction).await?;
            group::want(&mut transaction, id, wanted, now).await?;
        }
        let query = sqlx::query(ADD).bind(id).bind(newsletter).bind(words).bind(now);
        if query.execute(&mut *transaction).await?.rows_affected() > 0 {
            let proof = Proof { form: "operator", text: words, ..Proof::default() };
            consent::record(&mut transaction, (id, newsletter), ConsentAct::Added, proof, now).await?;
            group::begin(&mut transaction, (id, newsletter)).await?;
        }
        let state =
            sqlx::query_scalar(SUBSCRIPTION).bind(id).bind(newsletter).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Some(state))
    }

    pub(super) async fn insert_subscriber(
        &self,
        connection: &mut SqliteConnection,
        address: &EmailAddress,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<SubscriberId, sqlx::Error> {
        let (key, domain) = (address.key(), address.domain());
        sqlx::query(ADD_DOMAIN).bind(domain).execute(&mut *connection).await?;
        let query = sqlx::query_scalar(INSERT).bind(address.as_str()).bind(&key).bind(self.key.hash(&key));
        query.bind(name).bind(now).bind(domain).fetch_one(connection).await
    }

    /// Has a confirmation mailed, unless its mailbox has had enough of them.
    async fn queue_confirmation(
        &self,
        connection: &mut SqliteConnection,
        (id, address): (SubscriberId, &EmailAddress),
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let has_pending: bool = sqlx::query_scalar(HAS_PENDING).bind(id).fetch_one(&mut *connection).await?;
        if has_pending && self.take_mail(connection, ("confirmation", address), now).await? {
            sqlx::query(QUEUE_CONFIRMATION).bind(id).bind(now).execute(connection).await?;
        }
        Ok(())
    }

    /// Confirms all that a subscriber has asked for. Returns how many subscriptions became active: 0 the second time.
    pub async fn confirm_subscriptions(
        &self,
        id: SubscriberId,
        proof: impl Into<Proof<'_>>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let proof = proof.into();
        let mut transaction = self.write.begin().await?;
        let confirmed: Vec<NewsletterId> =
            sqlx::query_scalar(CONFIRM).bind(id).bind(now).fetch_all(&mut *transaction).await?;
        for newsletter in &confirmed {
            let act = ConsentAct::Confirmed;
            consent::record(&mut transaction, (id, *newsletter), act, proof, now).await?;
            group::begin(&mut transaction, (id, *newsletter)).await?;
        }
        transaction.commit().await?;
        Ok(confirmed.len() as u64)
    }

    /// Ends a subscription, and takes back what is queued for it. `by` says who or what ended it.
    ///
    /// Returns false if it had ended before, or never was.
    pub async fn end_subscription(
        &self,
        id: SubscriberId,
        newsletter: NewsletterId,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let has_ended = end(&mut transaction, (id, newsletter), by, now).await?;
        transaction.commit().await?;
        Ok(has_ended)
    }

    /// The subscriber with this address, in any spelling of its case.
    pub async fn find_subscriber(&self, address: &EmailAddress) -> Result<Option<Subscriber>, Error> {
        Ok(sqlx::query_as(FIND).bind(address.key()).fetch_optional(&self.read).await?)
    }

    /// The subscriber of this row.
    pub async fn find_subscriber_by_id(&self, id: SubscriberId) -> Result<Option<Subscriber>, Error> {
        Ok(sqlx::query_as(FIND_BY_ID).bind(id).fetch_optional(&self.read).await?)
    }

    /// All subscriptions of a subscriber, ended ones too.
    pub async fn subscriptions(&self, id: SubscriberId) -> Result<Vec<Subscription>, Error> {
        Ok(sqlx::query_as(SUBSCRIPTIONS).bind(id).fetch_all(&self.read).await?)
    }

    /// The confirmation mails that are due. Suppressed addresses are left out.
    pub async fn due_confirmations(&self, now: Timestamp, limit: i64) -> Result<Vec<DueConfirmation>, Error> {
        Ok(sqlx::query_as(DUE_CONFIRMATIONS).bind(now).bind(limit).fetch_all(&self.read).await?)
    }

    /// A confirmation mail has been sent, or never can be.
    pub async fn remove_confirmation(&self, id: SubscriberId) -> Result<(), Error> {
        self.write.execute(sqlx::query(REMOVE_CONFIRMATION).bind(id)).await?;
        Ok(())
    }

    /// A confirmation mail could not be sent yet.
    pub async fn put_off_confirmation(&self, id: SubscriberId, until: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(PUT_OFF_CONFIRMATION).bind(id).bind(until)).await?;
        Ok(())
    }

    /// Erases a subscriber. Only the keyed hash of the address is left, so that no import brings it back.
    ///
    /// Returns whether the address was known.
    pub async fn forget(&self, address: &EmailAddress, now: Timestamp) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let found: Option<Subscriber> =
            sqlx::query_as(FIND).bind(address.key()).fetch_optional(&mut *transaction).await?;
        if let Some(subscriber) = &found {
            erase(&mut transaction, subscriber.id, now).await?;
        }
        provider::forget_mailbox(&mut transaction, address).await?;
        suppression::forget(&mut transaction, &self.key.hash(&address.key()), now).await?;
        transaction.commit().await?;
        self.truncate_log().await?;
        Ok(found.is_some())
    }

    /// Erases what was asked for before `before` and never confirmed. Returns how many subscriptions that were.
    pub async fn remove_unconfirmed(&self, before: Timestamp) -> Result<u64, Error> {
        let mut transaction = self.write.begin().await?;
        let removed = sqlx::query(REMOVE_UNCONFIRMED).bind(before).execute(&mut *transaction).await?;
        sqlx::query(REMOVE_BARE).bind(before).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(removed.rows_affected())
    }
}

/// Ends a subscription and takes back what is queued for it. Returns false if it had ended before, or never was.
pub(super) async fn end(
    connection: &mut SqliteConnection,
    (id, newsletter): (SubscriberId, NewsletterId),
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let query = sqlx::query(END).bind(id).bind(newsletter).bind(now).bind(by);
    let ended = query.execute(&mut *connection).await?;
    if ended.rows_affected() > 0 {
        consent::record(connection, (id, newsletter), ConsentAct::Ended, by.into(), now).await?;
    }
    sqlx::query(CANCEL_DELIVERIES).bind(id).bind(newsletter).bind(now).execute(connection).await?;
    Ok(ended.rows_affected() > 0)
}

/// Leaves nothing of a subscriber but that there were deliveries.
pub(super) async fn erase(
    connection: &mut SqliteConnection,
    id: SubscriberId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET_SUBSCRIPTIONS).bind(id).execute(&mut *connection).await?;
    sqlx::query(FORGET_DELIVERIES).bind(id).bind(now).execute(&mut *connection).await?;
    sqlx::query(FORGET_REPLIES).bind(id).execute(&mut *connection).await?;
    report::forget(connection, id).await?;
    sqlx::query(FORGET).bind(id).execute(connection).await?;
    Ok(())
}
