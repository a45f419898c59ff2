//! Changes of address: asked for by the old one, confirmed at the new one, and stopped or taken back from the old one.

use std::time::Duration;

use sqlx::{FromRow, SqliteConnection};

use super::notice::{self, NoticeKind};
use super::{Error, Store, suppression};
use crate::model::subscriber::{AddressChangeId, EmailAddress, SubscriberId};
use crate::model::time::Timestamp;

/// How long a new address can be confirmed.
const CONFIRM: Duration = Duration::from_hours(24);

/// How long the old address can be had back after it.
const TAKE_BACK: Duration = Duration::from_hours(72);

/// Until another change can be asked for.
const PAUSE: Duration = Duration::from_mins(10);

const COLUMNS_OF: &str = "SELECT id, old_address, new_address, asked_at, changed_at FROM address_change
    WHERE subscriber_id = $1";
const ASK: &str = "INSERT INTO address_change (subscriber_id, old_address, new_address, asked_at)
    SELECT id, address, $2, $3 FROM subscriber WHERE id = $1";
const REMOVE: &str = "DELETE FROM address_change WHERE subscriber_id = $1";
const NOTE_CHANGE: &str = "UPDATE address_change SET changed_at = $2 WHERE subscriber_id = $1";
const IS_TAKEN: &str = "SELECT EXISTS (SELECT 1 FROM subscriber WHERE address_key = $1)";
const ADD_DOMAIN: &str = "INSERT INTO domain (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
const MOVE: &str = "UPDATE subscriber SET address = $2, address_key = $3, address_hash = $4,
        domain_id = (SELECT id FROM domain WHERE name = $5)
    WHERE id = $1";
const END_LINKS: &str = "UPDATE subscriber SET address_at = $2 WHERE id = $1";
const ADDRESS_AT: &str = "SELECT address_at FROM subscriber WHERE id = $1";
const FORGET_OLD: &str = "DELETE FROM address_change
    WHERE changed_at IS NULL AND asked_at <= $1 OR changed_at <= $2";

/// A change of address.
#[derive(Clone, Debug, FromRow)]
pub struct AddressChange {
    /// The row.
    pub id: AddressChangeId,
    /// The address before it.
    #[sqlx(try_from = "String")]
    pub old_address: EmailAddress,
    /// The address after it.
    #[sqlx(try_from = "String")]
    pub new_address: EmailAddress,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it was confirmed.
    pub changed_at: Option<Timestamp>,
}

/// What came of a link that confirms or stops a change of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was done.
    Done,
    /// The link was used before, or is too old.
    Over,
    /// Somebody has that address, or it must not be mailed.
    Taken,
}

impl AddressChange {
    /// Whether the new address can be confirmed.
    pub fn can_be_confirmed(&self, now: Timestamp) -> bool {
        self.changed_at.is_none() && now < self.asked_at + CONFIRM
    }

    /// Whether the old address can be kept, or had back.
    pub fn can_be_stopped(&self, now: Timestamp) -> bool {
        self.changed_at.map_or(now < self.asked_at + CONFIRM, |changed_at| now < changed_at + TAKE_BACK)
    }
}

impl Store {
    /// A reader wants another address: a mail there asks whether it is theirs, one to the old address tells of it.
    ///
    /// Returns false where a change was asked for minutes ago, or one can still be taken back. Nothing tells whether the
    /// new address is known or suppressed; then nothing is sent.
    pub async fn request_address_change(
        &self,
        reader: SubscriberId,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let before = find(&mut transaction, reader).await?;
        let is_in_the_way = |own: &AddressChange| {
            own.can_be_stopped(now) && (own.changed_at.is_some() || now < own.asked_at + PAUSE)
        };
        if before.as_ref().is_some_and(is_in_the_way) {
            return Ok(false);
        }
        if self.can_have(&mut transaction, address).await?
            && self.take_mail(&mut transaction, ("question", address), now).await?
        {
            sqlx::query(REMOVE).bind(reader).execute(&mut *transaction).await?;
            let query = sqlx::query(ASK).bind(reader).bind(address.as_str()).bind(now);
            query.execute(&mut *transaction).await?;
            for kind in [NoticeKind::NewAddress, NoticeKind::OldAddress] {
                notice::queue(&mut transaction, reader, kind, now).await?;
            }
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The change of address of this number, if it is not over.
    pub async fn find_address_change(
        &self,
        reader: SubscriberId,
        id: AddressChangeId,
    ) -> Result<Option<AddressChange>, Error> {
        Ok(self.address_change_of(reader).await?.filter(|change| change.id == id))
    }

    /// The change of address of a reader, if there is one that is not over.
    pub async fn address_change_of(&self, reader: SubscriberId) -> Result<Option<AddressChange>, Error> {
        Ok(sqlx::query_as(COLUMNS_OF).bind(reader).fetch_optional(&self.read).await?)
    }

    /// The owner of the new address says that it is theirs. All that was subscribed goes there; personal links from before
    /// hold no longer.
    pub async fn confirm_address_change(
        &self,
        reader: SubscriberId,
        id: AddressChangeId,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut transaction = self.write.begin().await?;
        let found = find(&mut transaction, reader).await?;
        let Some(change) = found.filter(|own| own.id == id && own.can_be_confirmed(now)) else {
            return Ok(Changed::Over);
        };
        if !self.can_have(&mut transaction, &change.new_address).await? {
            return Ok(Changed::Taken);
        }
        self.move_to(&mut transaction, reader, &change.new_address, now).await?;
        sqlx::query(NOTE_CHANGE).bind(reader).bind(now).execute(&mut *transaction).await?;
        notice::withdraw(&mut transaction, reader, NoticeKind::NewAddress).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// The owner of the old address stops the change, or takes it back for three days after it. Personal links from before
    /// hold no longer.
    pub async fn stop_address_change(
        &self,
        reader: SubscriberId,
        id: AddressChangeId,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut transaction = self.write.begin().await?;
        let found = find(&mut transaction, reader).await?;
        let Some(change) = found.filter(|own| own.id == id && own.can_be_stopped(now)) else {
            return Ok(Changed::Over);
        };
        if change.changed_at.is_some() {
            if !self.can_have(&mut transaction, &change.old_address).await? {
                return Ok(Changed::Taken);
            }
            self.move_to(&mut transaction, reader, &change.old_address, now).await?;
        }
        sqlx::query(END_LINKS).bind(reader).bind(now).execute(&mut *transaction).await?;
        sqlx::query(REMOVE).bind(reader).execute(&mut *transaction).await?;
        for kind in [NoticeKind::NewAddress, NoticeKind::Link] {
            notice::withdraw(&mut transaction, reader, kind).await?;
        }
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Since when a reader's personal links hold, if earlier ones do not.
    pub async fn links_hold_since(&self, reader: SubscriberId) -> Result<Option<Timestamp>, Error> {
        let found: Option<Option<Timestamp>> =
            sqlx::query_scalar(ADDRESS_AT).bind(reader).fetch_optional(&self.read).await?;
        Ok(found.flatten())
    }

    /// Forgets changes of address that can neither be confirmed nor taken back any more.
    pub async fn forget_address_changes(&self, now: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET_OLD).bind(now - CONFIRM).bind(now - TAKE_BACK)).await?;
        Ok(())
    }

    /// Whether a subscriber could have this address.
    async fn can_have(
        &self,
        connection: &mut SqliteConnection,
        address: &EmailAddress,
    ) -> Result<bool, Error> {
        let key = address.key();
        if suppression::find(connection, &self.key.hash(&key)).await?.is_some() {
            return Ok(false);
        }
        let is_taken: bool = sqlx::query_scalar(IS_TAKEN).bind(&key).fetch_one(connection).await?;
        Ok(!is_taken)
    }

    async fn move_to(
        &self,
        connection: &mut SqliteConnection,
        reader: SubscriberId,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (key, domain) = (address.key(), address.domain());
        sqlx::query(ADD_DOMAIN).bind(domain).execute(&mut *connection).await?;
        let query = sqlx::query(MOVE).bind(reader).bind(address.as_str()).bind(&key);
        query.bind(self.key.hash(&key)).bind(domain).execute(&mut *connection).await?;
        sqlx::query(END_LINKS).bind(reader).bind(now).execute(connection).await?;
        Ok(())
    }
}

async fn find(
    connection: &mut SqliteConnection,
    reader: SubscriberId,
) -> Result<Option<AddressChange>, sqlx::Error> {
    sqlx::query_as(COLUMNS_OF).bind(reader).fetch_optional(connection).await
}
