//! The page of a newsletter: what it is, how to subscribe, what has appeared.

use askama::Template;

use super::form::Form;
use super::frame::{Day, Frame, Head, Part, Turn, Way};
use super::search::SearchForm;
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
    /// What is said of a private newsletter.
    note: Option<&'a str>,
    /// `None` for who must not know of them.
    editions: Option<Vec<Row>>,
    turn: Turn<'a>,
    /// For who looks for something that went out in it, where everybody may.
    search: Option<SearchForm>,
    form: Option<Form>,
    most_read: Vec<Teaser<'a>>,
}

struct Row {
    date: Day,
    number: String,
    subject: String,
    link: String,
}

impl Site {
    /// The page of a newsletter with its editions, the newest first, and what of it was read most. Of a private one strangers are
    /// shown neither. The form in it is sent at `moment`, signed.
    pub fn newsletter_page(
        &self,
        newsletter: &Newsletter,
        (editions, part): (&[EditionLine], Part),
        most_read: &[Article],
        moment: &str,
    ) -> String {
        let is_public = !newsletter.is_private;
        let place = Place {
            site: self,
            language: &newsletter.language,
            zone: newsletter.time_zone(),
            day: None,
            way: Way::Open,
            holder: Holder::ARCHIVE,
        };
        let frame = self.frame_of(newsletter);
        written(&Page {
            note: newsletter.is_private.then_some(frame.words.private.about.as_str()),
            editions: is_public.then(|| self.rows(newsletter, editions)),
            search: (is_public && !editions.is_empty()).then(|| self.search_form("", Some(newsletter))),
            form: Some(Form::of_newsletter(self, newsletter, moment)),
            most_read: most_read.iter().map(|article| Teaser::of(article, &place)).collect(),
            ..self.page_about((newsletter, part), frame)
        })
    }

    /// The page of a private newsletter for its readers, with its editions, the newest first.
    pub fn readers_page(&self, newsletter: &Newsletter, (editions, part): (&[EditionLine], Part)) -> String {
        let frame = self.frame_of(newsletter);
        written(&Page {
            note: Some(&frame.words.private.yours),
            editions: Some(self.rows(newsletter, editions)),
            ..self.page_about((newsletter, part), frame)
        })
    }

    fn page_about<'a>(&self, (newsletter, part): (&Newsletter, Part), frame: Frame<'a>) -> Page<'a> {
        let title = line(&newsletter.title);
        let description = newsletter.description.as_deref().map(line).filter(|text| !text.is_empty());
        let head = Head {
            title: format!("{} – {}", part.titled(&title), frame.name),
            heading: title.clone(),
            description: description.clone().unwrap_or_default(),
            canonical: self.publication.link(&format!("newsletters/{}{}", newsletter.slug, part.query())),
            kind: "website",
            feeds: self.newsletter_feeds(newsletter),
            is_indexed: !newsletter.noindex && !newsletter.is_private,
            is_small: true,
            ..Head::default()
        };
        let page = &frame.words.page;
        let turn =
            Turn::of(&self.archive_path(newsletter), part, [&page.newer_editions, &page.older_editions]);
        let most_read = Vec::new();
        Page {
            frame,
            head,
            title,
            description,
            note: None,
            editions: None,
            turn,
            search: None,
            form: None,
            most_read,
        }
    }

    fn rows(&self, newsletter: &Newsletter, editions: &[EditionLine]) -> Vec<Row> {
        editions.iter().map(|edition| self.row(newsletter, edition)).collect()
    }

    fn row(&self, newsletter: &Newsletter, edition: &EditionLine) -> Row {
        let words = self.publication.words(&newsletter.language);
        Row {
            date: Day::long(edition.tick, newsletter.time_zone(), words),
            number: words.edition(edition.number),
            subject: line(&edition.subject),
            link: format!("{}/editions/{}", self.archive_path(newsletter), edition.number),
        }
    }
}
