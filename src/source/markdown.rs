//! A folder of Markdown files with front matter, as Hugo, Zola and Jekyll write it.

mod article;
mod fields;
mod folder;
mod front;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

pub use self::article::{Read, read};
use super::notes::Notes;
use super::{Error, MAX_BATCH, MarkdownSettings, Pull, encoding, fetch};
use crate::model::article::RawArticle;
use crate::model::time::Timestamp;

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 5 * 1024 * 1024;

/// A batch ends with the file that makes it larger than this many bytes.
const MAX_BATCH_BYTES: usize = 16 * 1024 * 1024;

/// Where a walk through the folder stands, and what the folder looked like when it began.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// Of path, address and this program: another of them is another walk.
    settings: String,
    /// The folder when the walk began; `None` if it was changed so shortly before that a change might go unseen.
    stamp: Option<String>,
    /// The file that was read last; `None` if the walk has come to its end.
    after: Option<PathBuf>,
}

/// Reads the next batch of files. A walk goes through all of them, then rests until one changes.
pub(super) async fn pull(settings: &MarkdownSettings, cursor: &str, now: Timestamp) -> Result<Pull, Error> {
    let (settings, cursor) = (settings.clone(), cursor.to_owned());
    let pulled = tokio::task::spawn_blocking(move || pull_now(&settings, &cursor, now)).await;
    pulled.map_err(|_| Error::unavailable("the folder made its reader fail"))?
}

fn pull_now(settings: &MarkdownSettings, cursor: &str, now: Timestamp) -> Result<Pull, Error> {
    let base_url = settings.base_url.as_deref().map(fetch::parse_url).transpose()?;
    let mut notes = Notes::default();
    let folder = folder::walk(&settings.path, &mut notes).map_err(|error| {
        Error::Unusable(format!("{}: {error}; check `path` in the configuration", settings.path.display()))
    })?;
    let known: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    let name = fingerprint(settings);
    let is_known = known.settings == name;
    if is_known && known.after.is_none() && known.stamp.as_ref() == Some(&folder.stamp) {
        return Ok(Pull { cursor: cursor.to_owned(), unchanged: true, ..Pull::default() });
    }
    let (stamp, after) = match known {
        Cursor { stamp, after: Some(after), .. } if is_known => (stamp, Some(after)),
        _ => (folder.is_settled(now).then(|| folder.stamp.clone()), None),
    };
    let rest: Vec<&PathBuf> =
        folder.files.iter().filter(|file| after.as_ref().is_none_or(|after| *file > after)).collect();
    let batch = Batch::read(&settings.path, &rest, (base_url.as_ref(), now), &mut notes);
    let after = rest.get(batch.files.wrapping_sub(1)).filter(|_| batch.files < rest.len());
    let cursor = Cursor { settings: name, stamp, after: after.map(|path| (*path).clone()) };
    let more = cursor.after.is_some();
    let cursor = serde_json::to_string(&cursor).map_err(|error| Error::unavailable(error.to_string()))?;
    Ok(Pull { articles: batch.articles, cursor, more, notes: notes.into_lines(), ..Pull::default() })
}

fn fingerprint(settings: &MarkdownSettings) -> String {
    let base_url = settings.base_url.as_deref().unwrap_or_default();
    format!("{} {} {base_url}", env!("CARGO_PKG_VERSION"), settings.path.display())
}

/// Some files as articles.
#[derive(Default)]
struct Batch {
    articles: Vec<RawArticle>,
    files: usize,
    bytes: usize,
    unpublished: usize,
}

impl Batch {
    fn read(
        root: &Path,
        files: &[&PathBuf],
        (base_url, now): (Option<&Url>, Timestamp),
        notes: &mut Notes,
    ) -> Self {
        let mut batch = Self::default();
        for path in files {
            if batch.files == MAX_BATCH || batch.bytes > MAX_BATCH_BYTES {
                break;
            }
            batch.files += 1;
            if let Err(what) = batch.take(root, path, (base_url, now), notes) {
                notes.add(format!("{} is left out: {what}", path.display()));
            }
        }
        if batch.unpublished > 0 {
            notes.add(format!("drafts and expired files that are left out: {}", batch.unpublished));
        }
        batch
    }

    fn take(
        &mut self,
        root: &Path,
        path: &Path,
        (base_url, now): (Option<&Url>, Timestamp),
        notes: &mut Notes,
    ) -> Result<(), String> {
        let text = text_of(&root.join(path))?;
        self.bytes += text.len();
        match read(&text, path, base_url, now)? {
            Read::Article(article, remarks) => {
                for remark in remarks {
                    notes.add(format!("{}: {remark}", path.display()));
                }
                self.articles.push(*article);
            }
            Read::Unpublished => self.unpublished += 1,
        }
        Ok(())
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!("it is larger than {} MiB", MAX_FILE >> 20));
    }
    Ok(encoding::utf8_with_strays(bytes))
}
