//! An edition as a page: what its digest shows, with as much room as a page has.

use askama::Template;
use jiff::tz::TimeZone;

use super::frame::{Day, Frame, Head, Way};
use super::teaser::{Place, Teaser};
use super::{Site, written};
use crate::model::article::Article;
use crate::model::count::{Holder, Target};
use crate::model::edition::EditionNumber;
use crate::model::newsletter::{Layout, Newsletter, NewsletterId};
use crate::model::text::line;
use crate::model::time::Timestamp;
use crate::model::words;
use crate::render::feed::web_image;

/// An edition with everything that its page shows.
#[derive(Clone, Debug)]
pub struct Edition<'a> {
    /// Of what this is an edition.
    pub newsletter: &'a Newsletter,
    /// Counts from 1 within the newsletter, or one of its groups.
    pub number: EditionNumber,
    /// The zone of its dates.
    pub zone: &'a TimeZone,
    /// The number of the newest own edition there is.
    pub last_number: i64,
    /// The moment that it is dated by.
    pub tick: Timestamp,
    /// Its subject.
    pub subject: &'a str,
    /// The line after the subject.
    pub preheader: &'a str,
    /// Its newsletter's row.
    pub newsletter_id: NewsletterId,
    /// In the order of the digest; the first is the lead.
    pub articles: &'a [Article],
}

#[derive(Template)]
#[template(path = "page/edition.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    title: String,
    number: String,
    date: Day,
    /// Where its editions are listed.
    newsletter_link: String,
    /// What is said to the readers of a private newsletter.
    note: Option<&'a str>,
    previous: Option<String>,
    next: Option<String>,
    lead: Option<Teaser<'a>>,
    cards: Vec<Teaser<'a>>,
    hidden_link: Option<String>,
}

impl Edition<'_> {
    /// What its links are counted for.
    const fn holder(&self) -> Holder {
        Holder { newsletter: self.newsletter_id, number: self.number }
    }
}

impl Site {
    /// The page of an edition.
    pub fn edition(&self, edition: &Edition<'_>) -> String {
        let newsletter = edition.newsletter;
        let words = self.publication.words(&newsletter.language);
        let frame = self.frame_of(newsletter);
        let newsletter_link = self.archive_path(newsletter);
        let EditionNumber { group, number } = edition.number;
        // Whoever is in a group is led to no other of its editions: they may have come later.
        let page =
            |number: i64| Some(format!("{newsletter_link}/editions/{number}")).filter(|_| !group.is_some());
        let (lead, cards) = self.arranged(edition);
        written(&Page {
            head: self.edition_head(edition, &frame),
            title: line(&newsletter.title),
            number: words.edition(number),
            date: Day::with_weekday(edition.tick, edition.zone, words),
            previous: page(number - 1).filter(|_| number > 1),
            next: page(number + 1).filter(|_| number < edition.last_number),
            newsletter_link,
            note: newsletter.is_private.then_some(words.private.yours.as_str()),
            hidden_link: self.counted_link((edition.holder(), Way::of(newsletter)), Target::Hidden),
            frame,
            lead,
            cards,
        })
    }

    fn edition_head(&self, edition: &Edition<'_>, frame: &Frame<'_>) -> Head {
        let newsletter = edition.newsletter;
        let subject = line(edition.subject);
        let path = format!("newsletters/{}/editions/{}", newsletter.slug, edition.number);
        Head {
            title: format!("{subject} – {}, {}", line(&newsletter.title), frame.name),
            heading: subject,
            description: line(edition.preheader),
            canonical: self.publication.link(&path),
            kind: "article",
            image: edition.articles.iter().find_map(|article| web_image(article.content.image.as_ref()?)),
            feeds: self.newsletter_feeds(newsletter),
            is_indexed: !newsletter.noindex && !newsletter.is_private && !edition.number.group.is_some(),
            is_small: true,
            ..Head::default()
        }
    }

    fn arranged<'a>(&'a self, edition: &'a Edition<'_>) -> (Option<Teaser<'a>>, Vec<Teaser<'a>>) {
        let newsletter = edition.newsletter;
        let place = Place {
            site: self,
            language: &newsletter.language,
            zone: edition.zone,
            day: Some(words::day(edition.tick, edition.zone)),
            way: Way::of(newsletter),
            holder: edition.holder(),
        };
        let mut teasers = edition.articles.iter().map(|article| Teaser::of(article, &place));
        let lead = if newsletter.layout == Layout::Stories { teasers.next() } else { None };
        (lead, teasers.collect())
    }
}
