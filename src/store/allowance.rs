//! How much is left of the allowances of clients and of mailboxes. Only keyed hashes of them are written down.

use sqlx::SqliteConnection;

use super::{Error, Store};
use crate::model::allowance::{Allowance, milliseconds};
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;

/// No more are kept: in a flood from more clients than this the others share one allowance.
const MOST: i64 = 100_000;

/// Who finds no room.
const REST: &str = "rest";

const FIND: &str = "SELECT full_at FROM allowance WHERE key_hash = $1";
const COUNT: &str = "SELECT count(*) FROM allowance";
const KEEP: &str = "INSERT INTO allowance (key_hash, full_at) VALUES ($1, $2)
    ON CONFLICT (key_hash) DO UPDATE SET full_at = excluded.full_at";
const FORGET: &str = "DELETE FROM allowance WHERE full_at <= $1";

impl Store {
    /// Takes one from the allowance of this name. Returns false if nothing is left of it.
    pub async fn take_allowance(
        &self,
        name: &str,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<bool, Error> {
        // A flood that is refused keeps nobody from writing.
        let key = self.allowance_key(name);
        let full_at: Option<i64> = sqlx::query_scalar(FIND).bind(key).fetch_optional(&self.read).await?;
        if full_at.is_some_and(|full_at| allowance.take(full_at, now).is_none()) {
            return Ok(false);
        }
        let mut transaction = self.write.begin().await?;
        let is_taken = self.take(&mut transaction, &[(name.to_owned(), allowance)], now).await?;
        transaction.commit().await?;
        Ok(is_taken)
    }

    /// Takes one mail of a kind from the allowances of a mailbox, in whichever of its spellings it is named.
    pub(super) async fn take_mail(
        &self,
        connection: &mut SqliteConnection,
        (kind, address): (&str, &EmailAddress),
        now: Timestamp,
    ) -> Result<bool, sqlx::Error> {
        let [of_kind, of_all] = Allowance::MAILBOX;
        let mailbox = address.mailbox();
        let wanted = [(format!("{kind} to {mailbox}"), of_kind), (format!("mail to {mailbox}"), of_all)];
        self.take(connection, &wanted, now).await
    }

    /// Takes one from each of some allowances, or from none.
    async fn take(
        &self,
        connection: &mut SqliteConnection,
        wanted: &[(String, Allowance)],
        now: Timestamp,
    ) -> Result<bool, sqlx::Error> {
        let mut taken = Vec::with_capacity(wanted.len());
        for (name, allowance) in wanted {
            let mut key = self.allowance_key(name);
            let mut full_at: Option<i64> =
                sqlx::query_scalar(FIND).bind(&key).fetch_optional(&mut *connection).await?;
            if full_at.is_none() && !has_room(connection, now).await? {
                key = self.allowance_key(REST);
                full_at = sqlx::query_scalar(FIND).bind(&key).fetch_optional(&mut *connection).await?;
            }
            let Some(next) = allowance.take(full_at.unwrap_or(0), now) else { return Ok(false) };
            taken.push((key, next));
        }
        for (key, full_at) in taken {
            sqlx::query(KEEP).bind(key).bind(full_at).execute(&mut *connection).await?;
        }
        Ok(true)
    }

    /// Forgets allowances of which everything is there again.
    pub async fn forget_allowances(&self, now: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET).bind(milliseconds(now))).await?;
        Ok(())
    }

    fn allowance_key(&self, name: &str) -> Vec<u8> {
        self.key.hash(&format!("allowance {name}"))
    }
}

async fn has_room(connection: &mut SqliteConnection, now: Timestamp) -> Result<bool, sqlx::Error> {
    let kept: i64 = sqlx::query_scalar(COUNT).fetch_one(&mut *connection).await?;
    if kept < MOST {
        return Ok(true);
    }
    let forgotten =
        sqlx::query(FORGET).bind(milliseconds(now)).execute(&mut *connection).await?.rows_affected();
    Ok(forgotten > 0)
}
