//! The front page, and the page of a section.

use askama::Template;

use super::form::Form;
use super::frame::{Day, FeedLink, Frame, Head, Part, Turn, Way};
use super::teaser::{Place, Teaser};
use super::{Site, written};
use crate::model::article::Article;
use crate::model::count::{Holder, Target};
use crate::model::text::line;
use crate::model::words;

/// How many articles stand under the lead beside the form.
const BESIDE: usize = 2;

#[derive(Template)]
#[template(path = "page/front.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    tag: Option<String>,
    date: Option<Day>,
    form: Option<Form>,
    lead: Option<Teaser<'a>>,
    /// Under the lead, as high as the form beside it.
    beside: Vec<Teaser<'a>>,
    cards: Vec<Teaser<'a>>,
    turn: Turn<'a>,
    most_read: Vec<Teaser<'a>>,
    hidden_link: Option<String>,
}

impl Site {
    /// The front page: the newest articles, newest first, what was read most, and what can be subscribed to.
    /// The form in it is sent at `moment`, signed. The parts after the first are articles alone.
    pub fn front(&self, (articles, part): (&[Article], Part), most_read: &[Article], moment: &str) -> String {
        let frame = self.frame();
        let head = Head {
            title: part.titled(&frame.name),
            heading: frame.name.clone(),
            description: frame.tagline.clone().unwrap_or_default(),
            canonical: self.publication.link(&part.query()),
            kind: "website",
            feeds: vec![self.site_feed()],
            is_indexed: true,
            is_front: true,
            ..Head::default()
        };
        let form = Form::of_site(self, &self.publication.language, moment).filter(|_| part.number == 1);
        let turn = self.turn(self.root(), part);
        self.list((frame, head, turn), None, form, (articles, most_read))
    }

    /// The page of a section: the articles that have this tag, the newest first.
    pub fn tag(&self, tag: &str, (articles, part): (&[Article], Part)) -> String {
        let frame = self.frame();
        let own = self.tag_link(tag);
        let path = own.link.strip_prefix(self.root()).unwrap_or_default();
        let head = Head {
            title: format!("{} – {}", part.titled(&own.name), frame.name),
            heading: own.name.clone(),
            canonical: self.publication.link(&format!("{path}{}", part.query())),
            kind: "website",
            feeds: vec![
                FeedLink::lasting(format!("{}: {}", frame.name, own.name), self.tag_feed(tag)),
                self.site_feed(),
            ],
            is_indexed: true,
            is_small: true,
            ..Head::default()
        };
        let turn = self.turn(&own.link, part);
        self.list((frame, head, turn), Some(line(tag)), None, (articles, &[]))
    }

    fn turn(&self, path: &str, part: Part) -> Turn<'_> {
        let page = &self.publication.words(&self.publication.language).page;
        Turn::of(path, part, [&page.newer, &page.older])
    }

    fn list(
        &self,
        (frame, head, turn): (Frame<'_>, Head, Turn<'_>),
        tag: Option<String>,
        form: Option<Form>,
        (articles, most_read): (&[Article], &[Article]),
    ) -> String {
        let zone = &self.publication.time_zone;
        let newest = articles.first().map(Article::dated);
        let place = Place {
            site: self,
            language: &self.publication.language,
            zone,
            day: newest.map(|newest| words::day(newest, zone)),
            way: Way::Open,
            holder: Holder::ARCHIVE,
        };
        let mut teasers = articles.iter().map(|article| Teaser::of(article, &place));
        let words = self.publication.words(&self.publication.language);
        written(&Page {
            date: newest.map(|newest| Day::with_weekday(newest, zone, words)),
            frame,
            head,
            tag,
            lead: teasers.next(),
            beside: teasers.by_ref().take(if form.is_some() { BESIDE } else { 0 }).collect(),
            cards: teasers.collect(),
            turn,
            most_read: most_read.iter().map(|article| Teaser::of(article, &place)).collect(),
            hidden_link: self.counted_link((Holder::ARCHIVE, Way::Open), Target::Hidden),
            form,
        })
    }
}
