//! `[[source]]`: where articles come from.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeTable;
use url::Url;

use super::excerpt::position;
use super::presets::PRESETS;
use super::problem::Fault;
use super::publication::web_address;
use super::section::Section;
use super::text::Text;

/// The keys of a source of each kind.
pub(super) const SQLITE_KEYS: &[&str] =
    &["name", "kind", "every", "tags", "path", "query", "preset", "base_url"];
pub(super) const FEED_KEYS: &[&str] =
    &["name", "kind", "every", "tags", "url", "allow_private", "websub", "full_text"];
pub(super) const MARKDOWN_KEYS: &[&str] = &["name", "kind", "every", "tags", "path", "base_url"];

/// The keys of a source whose kind is not known.
const EVERY_KEY: &[&str] = &[
    "name",
    "kind",
    "every",
    "tags",
    "path",
    "query",
    "preset",
    "url",
    "allow_private",
    "websub",
    "full_text",
    "base_url",
];

const MINUTE: Duration = Duration::from_mins(1);
const LONGEST_TAG: usize = 100;
const LONGEST_NAME: usize = 64;
const SELDOMEST: Duration = Duration::from_hours(30 * 24);

/// Where articles come from.
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// Its name in commands and in the database.
    pub name: String,
    /// How long it is left alone between two pulls.
    pub every: Duration,
    /// Tags that each of its articles has besides its own.
    pub tags: Vec<String>,
    /// What it is, and where.
    pub kind: SourceKind,
}

/// What a source is, and where.
#[derive(Clone)]
pub enum SourceKind {
    /// A table of articles in an SQLite file.
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What makes articles of it.
        query: String,
    },
    /// An RSS, Atom or JSON feed.
    Feed {
        /// Its address, which may hold a password or a token.
        url: Url,
        /// Whether it may stand at a private, loopback or link-local address.
        allow_private: bool,
        /// Whether the hub that it names is asked to tell of changes.
        websub: bool,
        /// Whether the pages of its articles are read where it gives only a teaser.
        full_text: bool,
    },
    /// A folder of Markdown files.
    Markdown {
        /// The folder.
        path: PathBuf,
        /// Where its articles stand on the web.
        base_url: Option<Url>,
    },
}

impl fmt::Debug for SourceKind {
    /// Without the part of a feed's address that may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path, query } => {
                f.debug_struct("Sqlite").field("path", path).field("query", query).finish()
            }
            Self::Feed { url, allow_private, websub, full_text } => f
                .debug_struct("Feed")
                .field("host", &url.host_str())
                .field("allow_private", allow_private)
                .field("websub", websub)
                .field("full_text", full_text)
                .finish_non_exhaustive(),
            Self::Markdown { path, base_url } => {
                let base_url = base_url.as_ref().map(Url::as_str);
                f.debug_struct("Markdown").field("path", path).field("base_url", &base_url).finish()
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Sqlite,
    Feed,
    Markdown,
}

const KINDS: &[(&str, Kind)] =
    &[("sqlite", Kind::Sqlite), ("feed", Kind::Feed), ("markdown", Kind::Markdown)];

/// The sources; those that were noted as wrong are left out.
pub(super) fn read(root: &Section<'_>) -> Vec<SourceConfig> {
    let sections = root.sections("source", "name", keys_of);
    let mut names = Names::default();
    sections.iter().filter_map(|section| one(section, &mut names)).collect()
}

/// Which keys a source may have: that depends on its kind.
fn keys_of(table: &DeTable<'_>) -> &'static [&'static str] {
    match table.get("kind").and_then(|kind| kind.get_ref().as_str()) {
        Some("sqlite") => SQLITE_KEYS,
        Some("feed") => FEED_KEYS,
        Some("markdown") => MARKDOWN_KEYS,
        _ => EVERY_KEY,
    }
}

fn one(section: &Section<'_>, names: &mut Names) -> Option<SourceConfig> {
    let name = section.required("name", "name = \"wire\"", |text| names.claim(section, text, name(text)?));
    if !section.has("kind") {
        section.note_missing("kind", "kind = \"sqlite\", kind = \"feed\" or kind = \"markdown\"");
    }
    let kind = section.choice("kind", KINDS)?;
    let (least, usual) = match kind {
        Kind::Feed => (MINUTE, 15 * MINUTE),
        Kind::Sqlite | Kind::Markdown => (Duration::from_secs(1), 5 * MINUTE),
    };
    let every = section.duration("every", least..=SELDOMEST).unwrap_or(usual);
    let tags = tags(section, "tags");
    let kind = match kind {
        Kind::Sqlite => sqlite(section),
        Kind::Feed => feed(section),
        Kind::Markdown => markdown(section),
    };
    Some(SourceConfig { name: name?, every, tags, kind: kind? })
}

fn name(text: &Text) -> Result<String, Fault> {
    let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name = text.as_str();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(is_allowed) {
        return Err(Fault::new(format!("{} cannot be the name of a source", text.shown()))
            .help(format!("use letters, digits, `-`, `_` and `.`, at most {LONGEST_NAME}")));
    }
    Ok(name.to_owned())
}

fn sqlite(section: &Section<'_>) -> Option<SourceKind> {
    let path = section.required("path", "path = \"/var/lib/cms/content.db\"", |text| path(section, text));
    let query = if section.has("preset") { preset(section) } else { query(section) };
    Some(SourceKind::Sqlite { path: path?, query: query? })
}

fn query(section: &Section<'_>) -> Option<String> {
    section.parsed("base_url", |_| {
        Err::<(), _>(
            Fault::new("this goes with `preset` only").help("let the query make whole addresses: `url`"),
        )
    });
    section.required("query", "query = \"SELECT id, title, url, html, published_at FROM posts\"", |text| {
        if text.as_str().trim().is_empty() {
            return Err(
                Fault::new("this is empty").help("write a SELECT with at least the columns id and title")
            );
        }
        Ok(text.as_str().to_owned())
    })
}

/// The query for the tables of a program that is known.
fn preset(section: &Section<'_>) -> Option<String> {
    section.parsed("query", |_| {
        Err::<(), _>(
            Fault::new("there is a `preset` already").help("keep one of the two: `query` or `preset`"),
        )
    });
    let base_url = section.required("base_url", "base_url = \"https://courier.example.org/\"", web_address);
    let preset = section.choice("preset", PRESETS)?;
    Some(preset.query(&base_url?))
}

fn feed(section: &Section<'_>) -> Option<SourceKind> {
    if !section.has("url") {
        section.note_missing("url", "url = \"https://wire.example.org/feed\"");
    }
    let allow_private = section.flag("allow_private").unwrap_or(false);
    let websub = section.flag("websub").unwrap_or(false);
    let full_text = section.flag("full_text").unwrap_or(false);
    let text = section.url("url")?;
    let url = section.noted_at(text.span.clone(), "url", web_address(&text))?;
    Some(SourceKind::Feed { url, allow_private, websub, full_text })
}

fn markdown(section: &Section<'_>) -> Option<SourceKind> {
    let path = section.required("path", "path = \"content/notes\"", |text| path(section, text));
    let base_url = section.parsed("base_url", web_address);
    Some(SourceKind::Markdown { path: path?, base_url })
}

fn path(section: &Section<'_>, text: &Text) -> Result<PathBuf, Fault> {
    if text.as_str().trim().is_empty() || text.as_str().contains('\0') {
        return Err(Fault::new(format!("{} is not a path", text.shown()))
            .help("a path that is not absolute starts from the directory of this file"));
    }
    Ok(text.path(section.document.directory()))
}

/// A list of tags, each once.
pub(super) fn tags(section: &Section<'_>, key: &str) -> Vec<String> {
    words(section, key).into_iter().map(|word| word.value).collect()
}

/// The words of a list, each once. Small and capital letters are the same.
pub(super) fn words(section: &Section<'_>, key: &str) -> Vec<Text> {
    let mut words: Vec<Text> = Vec::new();
    for text in section.texts(key) {
        let Some(value) = section.noted_at(text.span.clone(), key, text.line(LONGEST_TAG)) else { continue };
        let word = Text { value, ..text };
        if !words.iter().any(|known| known.is_like(&word.value)) {
            words.push(word);
        }
    }
    words
}

/// Names that only one table may have.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Range<usize>>);

impl Names {
    /// The name, unless a table before this one has it. Small and capital letters are the same.
    pub(super) fn claim<T: AsRef<str>>(
        &mut self,
        section: &Section<'_>,
        text: &Text,
        name: T,
    ) -> Result<T, Fault> {
        match self.0.entry(name.as_ref().to_lowercase()) {
            Entry::Occupied(first) => {
                let (line, _) = position(section.document.text, first.get().start);
                Err(Fault::new(format!("{} is taken by another", text.shown()))
                    .help(format!("the other is on line {line}: rename one of the two")))
            }
            Entry::Vacant(free) => {
                free.insert(text.span.clone());
                Ok(name)
            }
        }
    }
}
