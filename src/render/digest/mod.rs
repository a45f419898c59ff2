//! An edition as a mail.
//!
//! [`render`] decides everything (which words, which picture, how much of each summary fits) and gives the templates
//! plain text to put in its place.

mod article;
mod budget;
mod page;
mod picture;
mod preheader;

use askama::Template;
use jiff::tz::TimeZone;

use crate::model::article::Article;
use crate::model::count::{CountedLink, Holder, Target};
use crate::model::edition::EditionNumber;
use crate::model::newsletter::{Layout, Newsletter, NewsletterId};
use crate::model::publication::Publication;
use crate::model::slot;
use crate::model::story::Twin;
use crate::model::subject::SubjectWords;
use crate::model::time::Timestamp;
use crate::model::token::Key;
use crate::model::words;

pub use article::original;

use super::letter::{Error, Frame, Letter};
use budget::Share;
use page::{Masthead, Page};

/// An edition with everything that its digest shows.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// Whose articles these are.
    pub publication: &'a Publication,
    /// Of what this is an edition.
    pub newsletter: &'a Newsletter,
    /// Counted from 1 within the newsletter, or one of its groups.
    pub number: EditionNumber,
    /// The zone of its dates.
    pub zone: &'a TimeZone,
    /// The moment that it is dated by.
    pub tick: Timestamp,
    /// In their order; the first is the lead.
    pub articles: &'a [Article],
    /// Earlier ones that are like the lead, if it is set apart.
    pub related: &'a [Article],
    /// What other sources tell the same stories.
    pub twins: &'a [Twin],
    /// How many more there are that had no room in the edition.
    pub more: usize,
    /// How its links are counted, if they are.
    pub counted: Option<Counting<'a>>,
    /// Whether it is sent as a test, and marked so.
    pub is_test: bool,
}

/// What the tokens of counted links are made of, besides edition and article.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    /// The installation's key.
    pub key: &'a Key,
    /// The newsletter's row.
    pub newsletter: NewsletterId,
}

#[derive(Template)]
#[template(path = "digest/digest.html")]
struct Html<'a> {
    frame: &'a Frame<'a>,
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "digest/digest.txt", escape = "none")]
struct Text<'a> {
    frame: &'a Frame<'a>,
    page: &'a Page<'a>,
}

/// The digest of an edition: the same bytes whenever it is given the same.
///
/// Where a subscriber's link token goes stands [`slot::TOKEN`]. If the whole is too big for
/// a mail, summaries are shortened, then the last articles are left for the web; head and foot are never cut.
pub fn render(edition: &Edition<'_>) -> Result<Letter, Error> {
    budget::largest_that_fits(edition.articles.len(), |share| edition.letter(share))
}

impl Edition<'_> {
    /// The subject line, which the edition's page has too.
    pub fn subject(&self) -> String {
        let date = self.publication.words(&self.newsletter.language).dates.long(self.day());
        let subject = SubjectWords {
            lead: self.articles.first().map_or("", |lead| &lead.content.title),
            count: self.articles.len(),
            date: &date,
            newsletter: &self.newsletter.title,
            publication: &self.publication.title,
        };
        subject.compose(&self.newsletter.subject)
    }

    fn letter(&self, share: Share) -> Result<Letter, Error> {
        let subject = self.subject();
        let preheader = preheader::compose(&subject, self);
        let mark = &self.publication.words(&self.newsletter.language).test_mark;
        let subject = if self.is_test { format!("{mark} {subject}") } else { subject };
        let frame = Frame::new(self.publication, &self.newsletter.language, subject, preheader);
        let page = Page::of(self, share);
        frame.letter(&Html { frame: &frame, page: &page }, &Text { frame: &frame, page: &page })
    }

    /// Where its editions are listed, for who may see them.
    fn archive_link(&self) -> String {
        let own = format!("newsletters/{}", self.newsletter.slug);
        self.publication.link(&if self.newsletter.is_private { slot::private_path("") } else { own })
    }

    fn web_link(&self) -> String {
        format!("{}/editions/{}", self.archive_link(), self.number)
    }

    /// A counted link of this edition, if its links are counted.
    fn counted_link(&self, target: Target) -> Option<String> {
        let Counting { key, newsletter } = self.counted?;
        let link = CountedLink { holder: Holder { newsletter, number: self.number }, target };
        Some(self.publication.link(&format!("go/{}", link.sign(key))))
    }

    fn day(&self) -> jiff::civil::Date {
        words::day(self.tick, self.zone)
    }
}
