//! A table of articles in an SQLite file of the operator's, read by a query from the configuration. The file is
//! never written, and nothing is put beside it where that can be avoided.

mod batch;
mod columns;
mod file;
mod row;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::batch::Position;
use self::file::{File, Stamp};
use super::{Error, Pull, SqliteSettings};
use crate::model::time::Timestamp;

/// Where a walk through the rows stands, and what the file looked like when it began.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// Of path, query and this program: another of them is another walk.
    query: String,
    /// The file when the walk began; `None` if it was changed so shortly before that a change might go unseen.
    stamp: Option<Stamp>,
    /// Where the walk goes on; `None` if it has come to its end.
    next: Option<Position>,
}

/// Reads the next batch of rows. A walk goes through all of them, then rests until the file changes.
pub(super) async fn pull(settings: &SqliteSettings, cursor: &str, now: Timestamp) -> Result<Pull, Error> {
    let file = File::find(&settings.path)?;
    let stamp = file.stamp()?;
    let query = fingerprint(settings);
    let last = serde_json::from_str(cursor).unwrap_or_default();
    let (began, from) = match last {
        Cursor { query: known, stamp, next: Some(position) } if known == query => (stamp, position),
        Cursor { query: known, stamp: Some(seen), next: None } if known == query && seen == stamp => {
            return Ok(Pull { cursor: cursor.to_owned(), unchanged: true, ..Pull::default() });
        }
        _ => (stamp.settled(now), Position::default()),
    };
    let batch = batch::read(&file, &settings.query, &from, now).await?;
    let more = batch.next.is_some();
    let cursor = Cursor { query, stamp: began, next: batch.next };
    let cursor = serde_json::to_string(&cursor).map_err(|error| Error::unavailable(error.to_string()))?;
    Ok(Pull { articles: batch.articles, cursor, more, notes: batch.notes.into_lines(), ..Pull::default() })
}

fn fingerprint(settings: &SqliteSettings) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(settings.path.as_os_str().as_encoded_bytes());
    hash.update([0]);
    hash.update(settings.query.as_bytes());
    data_encoding::HEXLOWER.encode(&hash.finalize()[..8])
}
