//! An article as a page of several shows it.

use jiff::civil::Date;

use super::Site;
use super::frame::{Label, Way};
use crate::model::article::{Article, Content, DateOrigin, Image};
use crate::model::count::{Holder, Target};
use crate::model::language::Direction;
use crate::model::reading;
use crate::model::text::{line, shorten};
use crate::model::words::{self, Words};
use crate::render::feed::web_address;

const TITLE_LIMIT: usize = 300;
const SUMMARY_LIMIT: usize = 280;
const NAMES_LIMIT: usize = 120;
const CAPTION_LIMIT: usize = 400;

/// The beginning of an article, ready to be put in its place.
pub(super) struct Teaser<'a> {
    pub title: String,
    pub link: String,
    pub section: Option<Label>,
    pub summary: String,
    /// Byline, reading time, and the day if it is not the page's.
    pub meta: String,
    /// The words that `meta` is made of, where their language is not the article's.
    pub words: Option<&'a Words>,
    /// BCP 47 tag, where it is not the page's.
    pub language: Option<String>,
    /// Which way it runs, where it is not the page's.
    pub direction: Option<Direction>,
    pub picture: Option<Picture>,
}

/// A picture, ready to be shown.
pub(super) struct Picture {
    pub url: String,
    /// All widths that there are of it (`srcset`), if it is kept here in several.
    pub set: Option<String>,
    /// Empty if nobody said what it shows; never the headline, which stands beside it.
    pub alt: String,
    /// In pixels.
    pub size: Option<(u32, u32)>,
    /// The line under it.
    pub caption: Option<String>,
}

/// The page on which a teaser stands.
pub(super) struct Place<'a> {
    pub site: &'a Site,
    pub language: &'a str,
    pub zone: &'a jiff::tz::TimeZone,
    /// The day that the page is dated by, which need not be said again.
    pub day: Option<Date>,
    pub way: Way,
    /// What its links are counted for, where they are.
    pub holder: Holder,
}

impl Place<'_> {
    /// The way to an article's page.
    fn link(&self, article: &Article) -> String {
        let counted = self.site.counted_link((self.holder, self.way), Target::Page(article.id));
        counted.unwrap_or_else(|| self.site.article_path(&article.slug, self.way))
    }
}

impl<'a> Teaser<'a> {
    pub fn of(article: &Article, place: &Place<'a>) -> Self {
        let content = &article.content;
        let language = content.language.as_deref().filter(|own| !is_same_language(own, place.language));
        let words = words_for(place.site, content, place.language);
        let title = line(&content.title);
        let section = content.tags.first().filter(|tag| !line(tag).is_empty());
        Self {
            link: place.link(article),
            section: section.map(|tag| place.site.section(tag, place.way)),
            summary: shorten(&beyond_title(&line(&content.summary), &title), SUMMARY_LIMIT),
            meta: meta(article, words, place),
            words: Some(words)
                .filter(|words| !is_same_language(words.language(), language.unwrap_or(place.language))),
            language: language.map(str::to_owned),
            direction: Some(content.direction)
                .filter(|direction| *direction != Direction::of_language(place.language)),
            picture: content.image.as_ref().and_then(|image| Picture::of(image, article, place.site)),
            title: shorten(&title, TITLE_LIMIT),
        }
    }
}

impl Picture {
    /// A picture of an article: from here if it is kept here; none without an address that a browser can open.
    pub fn of(image: &Image, article: &Article, site: &Site) -> Option<Self> {
        let title = line(&article.content.title);
        let shown = |text: &Option<String>| {
            let text = text.as_deref().map(line).filter(|text| !text.is_empty());
            text.map(|text| shorten(&text, CAPTION_LIMIT))
        };
        let caption = shown(&image.caption);
        let alt = shown(&image.alt).or_else(|| caption.clone()).filter(|alt| *alt != title);
        let alt = alt.unwrap_or_default();
        if let Some(kept) = article.pictures.find(&image.url).and_then(|picture| site.kept(picture)) {
            return Some(Self { url: kept.path, set: kept.set, alt, size: Some(kept.size), caption });
        }
        let size = image.width.zip(image.height);
        Some(Self { url: web_address(&image.url)?, set: None, alt, size, caption })
    }
}

/// The words about an article: in its own language if there are any, else in the page's.
pub(super) fn words_for<'s>(site: &'s Site, content: &Content, language: &str) -> &'s Words {
    let own = content.language.as_deref().and_then(|own| site.publication.words.find(own));
    own.unwrap_or_else(|| site.publication.words(language))
}

pub(super) fn is_same_language(one: &str, other: &str) -> bool {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    primary(one) == primary(other)
}

/// Who wrote an article; `None` if nobody is named.
pub(super) fn byline(content: &Content, words: &Words) -> Option<String> {
    let names = content.authors.iter().map(|name| line(name)).collect::<Vec<_>>();
    let names = shorten(&words.list_names(&names), NAMES_LIMIT);
    Some(names).filter(|names| !names.is_empty()).map(|names| words.by.with(&names))
}

/// A summary without the headline that some sources begin it with.
pub(super) fn beyond_title(summary: &str, title: &str) -> String {
    let rest = summary
        .strip_prefix(title)
        .map(|rest| rest.trim_start_matches(|c: char| c.is_whitespace() || ".:–—-".contains(c)));
    rest.unwrap_or(summary).to_owned()
}

fn meta(article: &Article, words: &Words, place: &Place<'_>) -> String {
    let parts = [
        byline(&article.content, words),
        reading::minutes(&article.content.text).map(|minutes| words.minutes.of(minutes)),
        day_to_say(article, place).map(|day| words.dates.short(day, place.day.unwrap_or(day))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn day_to_say(article: &Article, place: &Place<'_>) -> Option<Date> {
    article.content.published_at.filter(|_| article.content.published_at_from != DateOrigin::FirstSight)?;
    let day = words::day(article.dated(), place.zone);
    Some(day).filter(|day| Some(*day) != place.day)
}
