//! The files of a folder: found in one order, and recognised when any of them has changed.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::time::Timestamp;
use crate::source::notes::Notes;

/// The most files of a folder that are looked at, and how deep it may be.
const MAX_FILES: usize = 100_000;
const MAX_DEPTH: usize = 32;

/// What is below the folder, and of it what is Markdown.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Paths relative to the folder, in order.
    pub files: Vec<PathBuf>,
    /// Of all paths, sizes and times: a change to any file changes it.
    pub stamp: String,
    /// When the newest change was, in seconds since 1970.
    pub changed_at: i64,
}

/// Looks through a folder. Hidden files, drafts' folders and links that lead out of it are passed by.
pub(super) fn walk(root: &Path, notes: &mut Notes) -> io::Result<Folder> {
    let root = root.canonicalize()?;
    let mut found: Vec<(PathBuf, fs::Metadata)> = Vec::new();
    let mut open = vec![(root.clone(), 0)];
    while let Some((directory, depth)) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            let Some(metadata) = look(&root, &path, notes) else { continue };
            if metadata.is_dir() && depth < MAX_DEPTH {
                open.push((path, depth + 1));
            } else if metadata.is_file() && is_markdown(&path) {
                found.push((path, metadata));
            }
        }
        if found.len() >= MAX_FILES {
            notes.add(format!("it has more than {MAX_FILES} files: the rest is left out"));
            break;
        }
    }
    Ok(in_order(&root, found))
}

impl Folder {
    /// Whether a further change is sure to make another stamp.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        self.changed_at + 2 <= now.as_unix()
    }
}

fn in_order(root: &Path, found: Vec<(PathBuf, fs::Metadata)>) -> Folder {
    let relative = |(path, metadata): (PathBuf, fs::Metadata)| {
        Some((path.strip_prefix(root).ok()?.to_owned(), metadata))
    };
    let mut found: Vec<_> = found.into_iter().filter_map(relative).collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut hash = Sha256::new();
    for (path, metadata) in &found {
        hash.update(path.as_os_str().as_encoded_bytes());
        for number in [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()] {
            hash.update(number.to_be_bytes());
        }
        hash.update(metadata.size().to_be_bytes());
    }
    let changed_at =
        found.iter().map(|(_, metadata)| metadata.mtime().max(metadata.ctime())).max().unwrap_or(0);
    let stamp = data_encoding::HEXLOWER.encode(&hash.finalize()[..16]);
    Folder { files: found.into_iter().map(|(path, _)| path).collect(), stamp, changed_at }
}

/// What a path is, unless it is to be passed by. A link is followed to a file inside the folder only.
fn look(root: &Path, path: &Path, notes: &mut Notes) -> Option<fs::Metadata> {
    let name = path.file_name()?.to_string_lossy();
    if name.starts_with('.') || matches!(name.as_ref(), "node_modules" | "_drafts") {
        return None;
    }
    let metadata = fs::symlink_metadata(path).ok()?;
    if !metadata.is_symlink() {
        return Some(metadata);
    }
    let target = path.canonicalize().ok()?;
    if !target.starts_with(root) {
        notes.add(format!("{name} is a link that leads out of the folder: it is not followed"));
        return None;
    }
    fs::metadata(&target).ok().filter(fs::Metadata::is_file)
}

fn is_markdown(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let is_section = path.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("_index"));
    matches!(extension.as_str(), "md" | "markdown") && !is_section
}
