//! Facts about this database: its key, the epoch of its daemon, the last time it saw, the file it lives in.

use std::time::Instant;

use data_encoding::HEXLOWER;
use sqlx::{SqliteConnection, SqlitePool};

use super::{Error, Store};
use crate::model::time::Timestamp;
use crate::model::token::Key;

const FIND: &str = "SELECT value FROM setting WHERE name = $1";
const PUT: &str = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const PUT_FIRST: &str = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
const REMOVE: &str = "DELETE FROM setting WHERE name = $1";

/// The number that grows with every change that a reader can see.
pub(super) const REVISION: &str = "revision";

/// What keeps editions from being begun.
const PREFLIGHT: &str = "preflight";

/// The installation's key, made at the first opening.
pub(super) async fn key(pool: &SqlitePool) -> Result<Key, Error> {
    let find = || sqlx::query_scalar::<_, String>(FIND).bind("key");
    // Whoever only looks does not wait for who writes.
    if let Some(text) = find().fetch_optional(pool).await? {
        return decode(&text);
    }
    let bytes: [u8; 32] = rand::random();
    sqlx::query(PUT_FIRST).bind("key").bind(HEXLOWER.encode(&bytes)).execute(pool).await?;
    decode(&find().fetch_one(pool).await?)
}

fn decode(text: &str) -> Result<Key, Error> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(Key::new).ok_or(Error::Corrupt { what: "setting.value", row: "key".to_owned() })
}

/// Adds one to a number, which begins at 0, and returns it.
pub(super) async fn raise(connection: &mut SqliteConnection, name: &str) -> Result<i64, Error> {
    let found: Option<String> = sqlx::query_scalar(FIND).bind(name).fetch_optional(&mut *connection).await?;
    let number = found.and_then(|text| text.parse().ok()).unwrap_or(0_i64) + 1;
    put(connection, name, &number.to_string()).await?;
    Ok(number)
}

/// What a setting says, if it is there.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(FIND).bind(name).fetch_optional(connection).await
}

/// Writes a setting, over what it said before.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    name: &str,
    value: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(PUT).bind(name).bind(value).execute(connection).await?;
    Ok(())
}

impl Store {
    /// A number that grows with every change that a reader can see: of an article, an edition, a newsletter. What this process
    /// has changed is in it; what another one has changed, at most five milliseconds later. Many who ask share an answer.
    pub async fn revision(&self) -> Result<i64, Error> {
        self.latest.get((self.write.ended(), Instant::now()), self.ask_revision()).await
    }

    async fn ask_revision(&self) -> Result<i64, Error> {
        let found: Option<String> =
            sqlx::query_scalar(FIND).bind(REVISION).fetch_optional(&self.read).await?;
        Ok(found.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// The latest moment that the daemon has seen on its clock, for finding out a clock that jumped.
    pub async fn find_last_seen(&self) -> Result<Option<Timestamp>, Error> {
        let found: Option<String> =
            sqlx::query_scalar(FIND).bind("last_seen").fetch_optional(&self.read).await?;
        Ok(found.and_then(|text| text.parse().ok()).map(Timestamp::from_unix))
    }

    /// Keeps the moment for [`Store::find_last_seen`].
    pub async fn record_last_seen(&self, now: Timestamp) -> Result<(), Error> {
        let mut connection = self.write.acquire().await?;
        Ok(put(&mut connection, "last_seen", &now.as_unix().to_string()).await?)
    }

    /// Why automatic editions are held, if they are: what is wrong with the clock.
    pub async fn find_clock_suspicion(&self) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar(FIND).bind("clock_suspect").fetch_optional(&self.read).await?)
    }

    /// What keeps editions from being begun, as the daemon found it when it looked last; `None` if nothing does.
    pub async fn find_preflight(&self) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar(FIND).bind(PREFLIGHT).fetch_optional(&self.read).await?)
    }

    /// Keeps what [`Store::find_preflight`] returns.
    pub async fn record_preflight(&self, why: Option<&str>) -> Result<(), Error> {
        let mut connection = self.write.acquire().await?;
        match why {
            Some(why) => put(&mut connection, PREFLIGHT, why).await?,
            None => {
                sqlx::query(REMOVE).bind(PREFLIGHT).execute(&mut *connection).await?;
            }
        }
        Ok(())
    }

    /// Holds automatic editions until an operator has confirmed the clock; `None` lets them go again.
    pub async fn record_clock_suspicion(&self, why: Option<&str>) -> Result<(), Error> {
        let mut connection = self.write.acquire().await?;
        match why {
            Some(why) => put(&mut connection, "clock_suspect", why).await?,
            None => {
                sqlx::query(REMOVE).bind("clock_suspect").execute(&mut *connection).await?;
            }
        }
        Ok(())
    }
}
