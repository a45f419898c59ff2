//! The page of a newsletter: what it is, how to subscribe, what has appeared.

use askama::Template;

use super::form::Form;
use super::frame::{Day, Frame, Head};
use super::teaser::{Place, Teaser};
use super::{Site, written};
use crate::model::article::Article;
use crate::model::count::Holder;
use crate::model::newsletter::Newsletter;
use crate::model::text::line;
use crate::model::time::Timestamp;

/// An edition in the list of its newsletter.
#[derive(Clone, Debug)]
pub struct EditionLine {
    /// Counts from 1 within the newsletter.
    pub number: i64,
    /// The moment that it is dated by.
    pub tick: Timestamp,
    /// Its subject.
    pub subject: String,
}

#[derive(Template)]
#[template(path = "page/newsletter.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    title: String,
    description: Option<String>,
    editions: Vec<Row>,
    form: Form,
    most_read: Vec<Teaser<'a>>,
}

struct Row {
    date: Day,
    number: String,
    subject: String,
    link: String,
}

impl Site {
    /// The page of a newsletter with its editions, the newest first, and what of it was read most.
    pub fn newsletter_page(
        &self,
        newsletter: &Newsletter,
        editions: &[EditionLine],
        most_read: &[Article],
    ) -> String {
        let frame = self.frame_of(newsletter);
        let title = line(&newsletter.title);
        let description = newsletter.description.as_deref().map(line).filter(|text| !text.is_empty());
        let head = Head {
            title: format!("{title} – {}", frame.name),
            heading: title.clone(),
            description: description.clone().unwrap_or_default(),
            canonical: self.publication.link(&format!("newsletters/{}", newsletter.slug)),
            kind: "website",
            feeds: self.newsletter_feeds(newsletter),
            is_indexed: !newsletter.noindex,
            is_small: true,
            ..Head::default()
        };
        let place = Place {
            site: self,
            language: &newsletter.language,
            zone: newsletter.time_zone(),
            day: None,
            holder: Holder::ARCHIVE,
        };
        written(&Page {
            most_read: most_read.iter().map(|article| Teaser::of(article, &place)).collect(),
            editions: editions.iter().map(|edition| self.row(newsletter, edition)).collect(),
            form: Form::of_newsletter(self, newsletter),
            frame,
            head,
            title,
            description,
        })
    }

    fn row(&self, newsletter: &Newsletter, edition: &EditionLine) -> Row {
        let words = self.publication.words(&newsletter.language);
        Row {
            date: Day::long(edition.tick, newsletter.time_zone(), words),
            number: words.edition(edition.number),
            subject: line(&edition.subject),
            link: format!("{}/editions/{}", self.newsletter_path(newsletter), edition.number),
        }
    }
}
