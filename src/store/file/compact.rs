//! Making the file small again: what was deleted leaves room in it that only this gives back to the disk.

use std::path::Path;

use serde::Serialize;
use sqlx::{Connection, SqliteConnection};

use super::{connect_to_ours, directory_of, keep_daemons_out, size, unusable};
use crate::store::Error;
use crate::store::open::TRUNCATE_LOG;

const COMPACT: &str = "VACUUM";

/// Lets SQLite count what it plans queries by, where that has changed much.
const OPTIMIZE: &str = "PRAGMA optimize";

/// How large the file was, and is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Compacted {
    /// Bytes before, with the log.
    pub before: u64,
    /// Bytes after.
    pub after: u64,
}

/// Writes the database anew without what was deleted, in place: it stays the same file.
///
/// # Errors
/// [`Error::InUse`] while a daemon runs: it would wait for the file, for minutes if that is large. [`Error::NoRoom`] if
/// the disk could not hold what is written on the way.
pub async fn compact(database: &Path) -> Result<Compacted, Error> {
    if !database.exists() {
        return Err(Error::Absent(database.to_owned()));
    }
    let _alone = keep_daemons_out(database, database)?;
    let mut connection = connect_to_ours(database).await?;
    let before = size(database);
    require_room(database, before)?;
    empty_log(&mut connection, database).await?;
    for statement in [COMPACT, OPTIMIZE] {
        sqlx::query(statement).execute(&mut connection).await.map_err(|error| unusable(database, error))?;
    }
    empty_log(&mut connection, database).await?;
    connection.close().await?;
    Ok(Compacted { before, after: size(database) })
}

/// Puts what is in the log into the file. Where somebody reads, SQLite leaves it and says so in a row.
async fn empty_log(connection: &mut SqliteConnection, database: &Path) -> Result<(), Error> {
    let is_busy: bool = sqlx::query_scalar(TRUNCATE_LOG)
        .fetch_one(connection)
        .await
        .map_err(|error| unusable(database, error))?;
    if is_busy { Err(Error::Busy(database.to_owned())) } else { Ok(()) }
}

/// The new file is written twice: beside the old one, then over it by way of the log.
fn require_room(database: &Path, bytes: u64) -> Result<(), Error> {
    let failed = super::failed("compacted: the disk does not say how full it is", database);
    let disk = rustix::fs::statvfs(directory_of(database)).map_err(|error| failed(error.into()))?;
    let (needed, free) = (bytes * 2, disk.f_bavail * disk.f_frsize);
    if free < needed {
        let path = database.to_owned();
        return Err(Error::NoRoom { path, needed: needed.div_ceil(1 << 20), free: free >> 20 });
    }
    Ok(())
}
