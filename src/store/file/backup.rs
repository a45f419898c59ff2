//! Backups: the database as it was at one moment, in a file of its own, while others read and write it.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::{Connection, SqliteConnection};

use super::{Contents, Partial, connect, connect_to_ours, contents, dated, require_sound, size, spelled};
use crate::model::time::Timestamp;
use crate::store::{Error, home, open};

const COPY: &str = "VACUUM INTO $1";

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackUp {
    /// The file.
    pub path: PathBuf,
    /// How large it is.
    pub bytes: u64,
    /// What it holds.
    #[serde(flatten)]
    pub contents: Contents,
}

/// Backs the database up into a new file, beside it unless `to` says where, and reads the backup to its last page.
///
/// # Errors
/// [`Error::Exists`] if there is such a file. After any error there is no backup, and nothing that looks like one.
pub async fn back_up(database: &Path, to: Option<&Path>, now: Timestamp) -> Result<BackUp, Error> {
    let path = to.map_or_else(|| dated(database, "backup", now), Path::to_owned);
    let mut connection = connect_to_ours(database).await?;
    let contents = copy_whole(&mut connection, &path).await?;
    connection.close().await?;
    Ok(BackUp { bytes: size(&path), path, contents })
}

/// Copies the whole database into a new file that only its owner may read and that knows that it is a backup. The file
/// has this name once it is whole and on the disk.
pub(in crate::store) async fn copy_whole(
    connection: &mut SqliteConnection,
    to: &Path,
) -> Result<Contents, Error> {
    if to.exists() {
        return Err(Error::Exists(to.to_owned()));
    }
    let partial = Partial::create(open::beside(to, "partial"))?;
    sqlx::query(COPY).bind(spelled(&partial.path)?).execute(connection).await?;
    let mut copy = connect(&partial.path).await?;
    home::mark_as_backup(&mut copy).await?;
    require_sound(&mut copy, to).await?;
    let contents = contents(&mut copy).await?;
    copy.close().await?;
    partial.place(to)?;
    Ok(contents)
}
