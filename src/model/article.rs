//! Articles: as a source gave them, and as they are kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::language::Direction;
use super::picture::Pictures;
use super::time::Timestamp;

/// The row of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, Serialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct ArticleId(pub i64);

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One piece as a source gave it, before it is cleaned.
#[derive(Clone, Debug, Default)]
pub struct RawArticle {
    /// What the source calls it, for ever: a primary key, a guid, a path. Unique within the source.
    pub external_id: String,
    /// Where it stands on the publication's own site.
    pub url: Option<String>,
    /// Its headline, as text or with markup and entities.
    pub title: Option<String>,
    /// A few sentences about it, as text or with markup.
    pub summary: Option<String>,
    /// The piece itself.
    pub body: RawBody,
    /// Names of its authors.
    pub authors: Vec<String>,
    /// A few sentences about them, as text or with markup.
    pub biography: Option<String>,
    /// Sections and subjects, as the source spells them.
    pub tags: Vec<String>,
    /// Its picture.
    pub image: Option<Image>,
    /// Files that belong to it, as the source names them; a type may be empty.
    pub enclosures: Vec<Enclosure>,
    /// BCP 47 tag, where the source says so.
    pub language: Option<String>,
    /// When it was published, according to the source.
    pub published_at: Option<Timestamp>,
    /// When its text was last changed, according to the source.
    pub updated_at: Option<Timestamp>,
}

/// The body of a [`RawArticle`], by how it is written.
#[derive(Clone, Debug, Default)]
pub enum RawBody {
    /// There is none.
    #[default]
    None,
    /// A fragment of HTML: the article alone.
    Html(String),
    /// A whole HTML page, with everything a site prints around the article.
    Page(String),
    /// Markdown.
    Markdown(String),
    /// Plain text: a file, or a page as copied from a browser, furniture and all.
    Text(String),
}

/// A picture. Sizes are in pixels, where they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Absolute address.
    pub url: String,
    /// What it shows, for who cannot see it.
    pub alt: Option<String>,
    /// The line under it, often with its author.
    pub caption: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
}

/// A file that belongs to an article: a recording, a film, a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Absolute address.
    pub url: String,
    /// Media type, such as `audio/mpeg`.
    pub media_type: String,
    /// Length in bytes, where it is known.
    pub length: Option<u64>,
    /// How many seconds it is heard or seen, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
}

/// An article's text and facts, cleaned: nothing here needs checking again.
///
/// `html` is sanitised, its links and images are absolute; all other text is plain, NFC, without control
/// characters or [markers](super::slot).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Content {
    /// The headline; never empty.
    pub title: String,
    /// Names, each once, in the source's order.
    pub authors: Vec<String>,
    /// What the source or the page said about its author, apart from the body.
    pub biography: Option<String>,
    /// The body as safe HTML: headings from `h2` on.
    pub html: String,
    /// The body as plain text: paragraphs parted by an empty line.
    pub text: String,
    /// Two or three sentences: the source's own, or the beginning of the text.
    pub summary: String,
    /// Where it stands on the publication's own site.
    pub url: Option<String>,
    /// Sections and subjects in the source's spelling, each once; the first is its section.
    pub tags: Vec<String>,
    /// Its picture.
    pub image: Option<Image>,
    /// Recordings, films and pictures that belong to it, each once, in the source's order.
    pub enclosures: Vec<Enclosure>,
    /// BCP 47 tag: declared, else detected where the text is long enough to tell.
    pub language: Option<String>,
    /// Which way the text runs.
    pub direction: Direction,
    /// When it was published. Absent only while nobody has seen it yet: the store then takes the first sight.
    pub published_at: Option<Timestamp>,
    /// How `published_at` is known.
    pub published_at_from: DateOrigin,
    /// When its text was last changed, according to the source.
    pub updated_at: Option<Timestamp>,
    /// What was taken away from the page, and by which rule.
    pub cuts: Vec<Cut>,
}

/// A part of the page that is not part of the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The name of the rule that took it away.
    pub rule: String,
    /// What it said, shortened.
    pub text: String,
}

/// How an article's date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DateOrigin {
    /// The source's own column, element or front matter.
    Source,
    /// `datePublished` in the page's JSON-LD.
    JsonLd,
    /// A `meta` or `time` element of the page.
    Meta,
    /// A line of the page's text, such as `Date: 3 March 2026`.
    Line,
    /// The date in its address, such as `/2026/03/03/`.
    Url,
    /// Nothing said when: it is when Courant first saw it.
    FirstSight,
}

/// A stored article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Article {
    /// Its row.
    pub id: ArticleId,
    /// The name of the source that it came from.
    pub source: String,
    /// What the source calls it.
    pub external_id: String,
    /// Its name in feeds: a `urn:uuid:`, made once and never changed.
    pub public_id: String,
    /// Its name in the address of its page; made once and never changed.
    pub slug: String,
    /// When Courant first saw it.
    pub first_seen_at: Timestamp,
    /// When its text or facts last changed here; `first_seen_at` if never.
    pub changed_at: Timestamp,
    /// When the publication took it back; readers are then shown nothing of it.
    pub retracted_at: Option<Timestamp>,
    /// Those of its pictures that are kept here.
    #[serde(skip)]
    pub pictures: Pictures,
    /// Text and facts.
    #[serde(flatten)]
    pub content: Content,
}

/// What all spellings of a tag, or of a name, share.
pub fn label_key(label: &str) -> String {
    label.trim().to_lowercase()
}

impl Article {
    /// When it was published, by what is known; never later than when Courant first saw it, so that a date in
    /// the future cannot put an article above all others for ever.
    pub fn dated(&self) -> Timestamp {
        self.content.published_at.map_or(self.first_seen_at, |published| published.min(self.first_seen_at))
    }

    /// Whether its date was in the future when it was first seen, and does not count.
    pub fn is_dated_ahead(&self) -> bool {
        self.content.published_at.is_some_and(|published| published > self.first_seen_at)
    }

    /// When it was last changed after its publication: as we saw it, else as the source tells; `None` if it never was.
    pub fn changed(&self) -> Option<Timestamp> {
        let seen = Some(self.changed_at).filter(|seen| *seen > self.first_seen_at);
        let told = self.content.updated_at.filter(|told| *told > self.dated() && *told <= self.changed_at);
        seen.or(told)
    }
}
