//! What stands around the content of every page.

use jiff::tz::TimeZone;

use super::Site;
use crate::model::article::{Image, label_key};
use crate::model::language::Direction;
use crate::model::newsletter::Newsletter;
use crate::model::publication::Logo;
use crate::model::slot;
use crate::model::text::line;
use crate::model::time::Timestamp;
use crate::model::words::{self, Words};

/// The head and foot that all pages share.
pub(super) struct Frame<'a> {
    pub words: &'a Words,
    pub language: &'a str,
    pub direction: Direction,
    pub name: String,
    pub tagline: Option<String>,
    pub logo: Option<&'a Logo>,
    pub root: &'a str,
    pub stylesheet: String,
    pub has_newsletters: bool,
    /// Whether links are counted.
    pub counts: bool,
    pub footer: Option<String>,
    /// Line by line.
    pub postal_address: Vec<String>,
}

/// What one page says about itself.
#[derive(Default)]
pub(super) struct Head {
    /// The title of the window.
    pub title: String,
    /// The page's own heading.
    pub heading: String,
    pub description: String,
    /// The one address under which it should be known.
    pub canonical: String,
    /// Its type for who shows a preview of a link.
    pub kind: &'static str,
    pub image: Option<Image>,
    /// What else previews are told, by names of Open Graph.
    pub facts: Vec<(&'static str, String)>,
    /// The feeds of what it shows, its own first.
    pub feeds: Vec<FeedLink>,
    /// Structured data about it, as JSON that can stand in HTML.
    pub data: Option<String>,
    /// Whether search engines should list it.
    pub is_indexed: bool,
    pub is_front: bool,
    /// Whether the publication's name stands back behind the page's own.
    pub is_small: bool,
}

/// A feed in each of the three formats.
pub(super) struct FeedLink {
    pub title: String,
    /// Its address without the ending.
    pub stem: String,
    /// What stands behind the ending.
    pub query: String,
}

/// Which part of a long list a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Counts from 1, where the newest stand.
    pub number: usize,
    /// Whether there is one after it.
    pub has_more: bool,
}

/// Where the list on a page goes on.
pub(super) struct Turn<'a> {
    /// The link to what is newer.
    pub previous: Option<String>,
    /// The link to what is older.
    pub next: Option<String>,
    /// The words of both.
    pub words: [&'a str; 2],
}

/// A day, for programs and for readers.
pub(super) struct Day {
    pub value: String,
    pub text: String,
}

/// By which addresses a page leads on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Everybody's.
    Open,
    /// Those of one reader of a private newsletter, with a [slot](slot::READER) for the reader's token.
    Signed,
}

/// What an article belongs to: with the page of that, where everybody may know of it.
pub(super) struct Label {
    pub name: String,
    pub link: Option<String>,
}

/// A name with the page that it leads to.
pub(super) struct Link {
    pub name: String,
    pub link: String,
}

impl Site {
    /// The frame of a page in the publication's language.
    pub(super) fn frame(&self) -> Frame<'_> {
        self.frame_in(&self.publication.language)
    }

    /// The frame of a page about a newsletter, in its language.
    pub(super) fn frame_of<'a>(&'a self, newsletter: &'a Newsletter) -> Frame<'a> {
        self.frame_in(&newsletter.language)
    }

    pub(super) fn frame_in<'a>(&'a self, language: &'a str) -> Frame<'a> {
        let publication = &self.publication;
        let shown = |text: &Option<String>| text.as_deref().map(line).filter(|text| !text.is_empty());
        let address = publication.postal_address.as_deref().unwrap_or_default();
        Frame {
            words: publication.words(language),
            language,
            direction: Direction::of_language(language),
            name: line(&publication.title),
            tagline: shown(&publication.description),
            logo: publication.theme.logo.as_ref(),
            root: self.root(),
            stylesheet: self.path(&format!("assets/{}", self.stylesheet.name)),
            has_newsletters: !self.newsletters.is_empty(),
            counts: self.counting.is_some(),
            footer: shown(&publication.theme.footer),
            postal_address: address.lines().map(line).filter(|line| !line.is_empty()).collect(),
        }
    }

    /// The path of a page of the site: `path` without a leading slash.
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.root())
    }

    pub(super) fn site_feed(&self) -> FeedLink {
        FeedLink::lasting(line(&self.publication.title), self.path("feed"))
    }

    pub(super) fn newsletter_path(&self, newsletter: &Newsletter) -> String {
        self.path(&format!("newsletters/{}", newsletter.slug))
    }

    /// The page of an article.
    pub(super) fn article_path(&self, slug: &str, way: Way) -> String {
        self.path(&match way {
            Way::Open => format!("articles/{slug}"),
            Way::Signed => slot::private_path(&format!("/articles/{slug}")),
        })
    }

    /// Where the editions of a newsletter are listed, for who may see them. Each stands below it.
    pub(super) fn archive_path(&self, newsletter: &Newsletter) -> String {
        match Way::of(newsletter) {
            Way::Open => self.newsletter_path(newsletter),
            Way::Signed => self.path(&slot::private_path("")),
        }
    }

    /// The public feeds of a newsletter.
    pub(super) fn newsletter_feeds(&self, newsletter: &Newsletter) -> Vec<FeedLink> {
        if newsletter.is_private {
            return Vec::new();
        }
        let (title, path) = (line(&newsletter.title), self.newsletter_path(newsletter));
        let words = self.publication.words(&newsletter.language);
        vec![
            FeedLink::lasting(title.clone(), format!("{path}/feed")),
            FeedLink::lasting(words.page.editions_of.with(&title), format!("{path}/editions")),
        ]
    }

    /// The feed of a tag, which has one address for all its spellings.
    pub(super) fn tag_feed(&self, tag: &str) -> String {
        self.path(&format!("tags/{}/feed", path_segment(&label_key(tag))))
    }

    /// The section of an article on a page that leads on in this way. Its page may be there for nobody else.
    pub(super) fn section(&self, tag: &str, way: Way) -> Label {
        let Link { name, link } = self.tag_link(tag);
        Label { name, link: Some(link).filter(|_| way == Way::Open) }
    }

    pub(super) fn tag_link(&self, tag: &str) -> Link {
        Link { name: line(tag), link: self.path(&format!("tags/{}", path_segment(tag))) }
    }
}

impl FeedLink {
    /// A feed with an address of its own.
    pub const fn lasting(title: String, stem: String) -> Self {
        Self { title, stem, query: String::new() }
    }
}

impl Part {
    /// All of a short list.
    pub const WHOLE: Self = Self { number: 1, has_more: false };

    /// What the address of this part ends with.
    pub(super) fn query(self) -> String {
        if self.number > 1 { format!("?page={}", self.number) } else { String::new() }
    }

    /// A title of a page that has several parts.
    pub(super) fn titled(self, title: &str) -> String {
        if self.number > 1 { format!("{title} ({})", self.number) } else { title.to_owned() }
    }
}

impl<'a> Turn<'a> {
    /// Where the list at this path goes on; the words are those of the link to what is newer and to what is older.
    pub fn of(path: &str, part: Part, words: [&'a str; 2]) -> Self {
        let at = |number| format!("{path}{}", Part { number, ..part }.query());
        Self {
            previous: (part.number > 1).then(|| at(part.number - 1)),
            next: part.has_more.then(|| at(part.number + 1)),
            words,
        }
    }
}

impl Way {
    /// How the pages of a newsletter lead on.
    pub const fn of(newsletter: &Newsletter) -> Self {
        if newsletter.is_private { Self::Signed } else { Self::Open }
    }
}

impl Day {
    /// The day of a moment with its weekday.
    pub fn with_weekday(moment: Timestamp, zone: &TimeZone, words: &Words) -> Self {
        let day = words::day(moment, zone);
        Self { value: day.to_string(), text: words.dates.with_weekday(day) }
    }

    /// The day of a moment.
    pub fn long(moment: Timestamp, zone: &TimeZone, words: &Words) -> Self {
        let day = words::day(moment, zone);
        Self { value: day.to_string(), text: words.dates.long(day) }
    }
}

/// A text as one segment of a path (RFC 3986).
pub fn path_segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            segment.push('%');
            segment.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    segment
}
