//! The publication: whose articles these are, and how it looks.

use url::Url;

use super::language::Direction;
use super::words::{Vocabulary, Words};

/// Whose articles these are; one per installation.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Its name, as readers know it.
    pub title: String,
    /// One line about it, for feeds and pages.
    pub description: Option<String>,
    /// Where Courant's own pages are reached; every link is made from it. Ends with a slash.
    pub base_url: Url,
    /// BCP 47 tag.
    pub language: String,
    /// The zone in which dates are shown, and that newsletters have if they name no other.
    pub time_zone: jiff::tz::TimeZone,
    /// Where the publisher can be reached by letter, which the law wants in every mail.
    pub postal_address: Option<String>,
    /// Whether it is counted how often links are followed.
    pub counts: bool,
    /// How it looks.
    pub theme: Theme,
    /// The words around what editors write.
    pub words: Vocabulary,
}

/// How the publication's digests and pages look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// `#rrggbb`, for lines, section names and buttons.
    pub accent: String,
    /// An image at the head of digests and pages in the place of the title in letters.
    pub logo: Option<Logo>,
    /// A line of the publisher's own above the address at the foot.
    pub footer: Option<String>,
}

/// The publication's name as a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Absolute `https` address of a PNG, JPEG or GIF.
    pub url: Url,
    /// Shown width in pixels.
    pub width: u32,
    /// Shown height in pixels.
    pub height: u32,
}

impl Publication {
    /// An absolute link to a page of Courant's: `path` without a leading slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// The words for who reads this language, else those of the publication's own.
    pub fn words(&self, language: &str) -> &Words {
        self.words.of([language, &self.language])
    }

    /// The language in which a reader is written to: the first of those that they may want in which there are words, else
    /// the publication's own.
    pub fn language_for<'t>(&'t self, wanted: impl IntoIterator<Item = &'t str>) -> &'t str {
        wanted.into_iter().find(|language| self.words.find(language).is_some()).unwrap_or(&self.language)
    }

    /// Which way the publication's language is written.
    pub fn direction(&self) -> Direction {
        Direction::of_language(&self.language)
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self { accent: "#a6192e".to_owned(), logo: None, footer: None }
    }
}
