//! Notices: mails with one link that a reader asked for, and that wait to be sent.

use sqlx::{FromRow, SqliteConnection};

use super::{Error, Store};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::{AddressChangeId, EmailAddress, SubscriberId};
use crate::model::time::Timestamp;

/// Who has only asked for a newsletter and not confirmed is nobody yet, and who is suppressed is not mailed.
const READER: &str = "SELECT id FROM subscriber WHERE address_key = $1
      AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_hash = subscriber.address_hash)
      AND EXISTS (SELECT 1 FROM subscription t WHERE t.subscriber_id = subscriber.id AND t.confirmed_at IS NOT NULL)";
const QUEUE: &str = "INSERT INTO notice (subscriber_id, kind, due_at, newsletter_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (subscriber_id, kind) DO UPDATE SET due_at = excluded.due_at, attempt = 0";
/// The word to an old address goes there also where the new one was confirmed before it was sent.
const DUE: &str = "SELECT n.id, n.subscriber_id, n.kind, n.attempt, s.language, c.id AS change_id, n.newsletter_id, w.slug AS newsletter,
        CASE n.kind WHEN 'new_address' THEN c.new_address WHEN 'old_address' THEN c.old_address ELSE s.address END AS address
    FROM notice n JOIN subscriber s ON s.id = n.subscriber_id
    LEFT JOIN address_change c ON c.subscriber_id = n.subscriber_id
    LEFT JOIN newsletter w ON w.id = n.newsletter_id
    WHERE n.due_at <= $1 AND (n.kind = 'link' OR n.kind = 'still_wanted' OR c.id IS NOT NULL) ORDER BY n.due_at LIMIT $2";
const REMOVE: &str = "DELETE FROM notice WHERE id = $1";
const PUT_OFF: &str = "UPDATE notice SET due_at = $2, attempt = attempt + 1 WHERE id = $1";
const WITHDRAW: &str = "DELETE FROM notice WHERE subscriber_id = $1 AND kind = $2";

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum NoticeKind {
    /// The personal link.
    Link,
    /// To a new address: whether it is the reader's.
    NewAddress,
    /// To the old one: that it is given up.
    OldAddress,
    /// Whether a newsletter is still wanted.
    StillWanted,
}

/// A notice to be sent.
#[derive(Clone, Debug, FromRow)]
pub struct DueNotice {
    /// The row.
    pub id: i64,
    /// Whom it is about.
    pub subscriber_id: SubscriberId,
    /// What it is about.
    pub kind: NoticeKind,
    /// The change of address that it is about.
    pub change_id: Option<AddressChangeId>,
    /// The newsletter that it is about.
    pub newsletter_id: Option<NewsletterId>,
    /// Its slug.
    pub newsletter: Option<String>,
    /// Where to.
    #[sqlx(try_from = "String")]
    pub address: EmailAddress,
    /// The language in which they want to be written to, where they said so.
    pub language: Option<String>,
    /// How often it has been tried.
    pub attempt: u32,
}

impl Store {
    /// A reader asks for their personal link, by the address that they type. Nothing tells the caller whether it is known,
    /// suppressed, or asked for too often.
    pub async fn request_link(&self, address: &EmailAddress, now: Timestamp) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        let query = sqlx::query_scalar(READER).bind(address.key());
        let reader: Option<SubscriberId> = query.fetch_optional(&mut *transaction).await?;
        if let Some(reader) = reader
            && self.take_mail(&mut transaction, ("link", address), now).await?
        {
            queue(&mut transaction, reader, NoticeKind::Link, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The notices that are due.
    pub async fn due_notices(&self, now: Timestamp, limit: i64) -> Result<Vec<DueNotice>, Error> {
        Ok(sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(&self.read).await?)
    }

    /// A notice has been sent, or never can be.
    pub async fn remove_notice(&self, id: i64) -> Result<(), Error> {
        self.write.execute(sqlx::query(REMOVE).bind(id)).await?;
        Ok(())
    }

    /// A notice could not be sent yet.
    pub async fn put_off_notice(&self, id: i64, until: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(PUT_OFF).bind(id).bind(until)).await?;
        Ok(())
    }
}

/// Has a notice sent.
pub(super) async fn queue(
    connection: &mut SqliteConnection,
    reader: SubscriberId,
    kind: NoticeKind,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(QUEUE).bind(reader).bind(kind).bind(now).bind(None::<NewsletterId>);
    query.execute(connection).await?;
    Ok(())
}

/// Has a reader asked whether they still want a newsletter.
pub(super) async fn ask(
    connection: &mut SqliteConnection,
    (reader, newsletter): (SubscriberId, NewsletterId),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(QUEUE).bind(reader).bind(NoticeKind::StillWanted).bind(now).bind(newsletter);
    query.execute(connection).await?;
    Ok(())
}

/// Has a notice not sent, if it waits.
pub(super) async fn withdraw(
    connection: &mut SqliteConnection,
    reader: SubscriberId,
    kind: NoticeKind,
) -> Result<(), sqlx::Error> {
    sqlx::query(WITHDRAW).bind(reader).bind(kind).execute(connection).await?;
    Ok(())
}
