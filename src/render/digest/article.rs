//! One article as a digest shows it.

use jiff::civil::Date;
use url::Url;

use crate::model::article::{Article, Content, DateOrigin};
use crate::model::count::Target;
use crate::model::language::Direction;
use crate::model::publication::Publication;
use crate::model::reading;
use crate::model::slot;
use crate::model::text::{line, shorten};
use crate::model::words::{self, Words};
use crate::render::recording::Recording;

use super::Edition;
use super::budget::Share;
use super::picture::Picture;

/// Longer headlines and lines of names are cut, in graphemes: a digest is a table of contents.
const TITLE_LIMIT: usize = 200;
const NAMES_LIMIT: usize = 120;

/// A summary in the headlines layout, in graphemes: a line or two.
const HEADLINE_SUMMARY: usize = 120;

/// Longer addresses are not used, for lines of a mail end at 998 bytes: a link goes by way of the article's own page.
pub(super) const LINK_BYTES: usize = 900;

/// What part an article has in the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It opens the edition, with a wide picture.
    Lead,
    /// With a summary and a small picture.
    Card,
    /// A headline with a line or two.
    Headline,
}

/// An article's words and picture, ready to be put in their place.
pub(super) struct Shown<'a> {
    pub title: String,
    pub link: String,
    pub summary: String,
    /// Byline, reading time, the day if it is not the edition's, and the sources if it came from several; empty if nothing is
    /// known.
    pub meta: String,
    /// The words that `meta` is made of, where they are not the newsletter's.
    pub words: Option<&'a Words>,
    /// BCP 47 tag, where it is not the newsletter's.
    pub language: Option<String>,
    /// Which way it runs, where it is not the newsletter's.
    pub direction: Option<Direction>,
    pub picture: Option<Picture>,
    /// Its recording or film, as a link.
    pub recording: Option<Recording>,
}

impl<'a> Shown<'a> {
    pub fn of(article: &Article, edition: &Edition<'a>, role: Role, share: Share) -> Self {
        let content = &article.content;
        let newsletter = edition.newsletter;
        let language = content.language.as_deref().filter(|tag| is_tag(tag));
        let language = language.filter(|tag| !is_same(tag, &newsletter.language));
        let own_words = language.and_then(|own| edition.publication.words.find(own));
        let words = own_words.unwrap_or_else(|| edition.publication.words(&newsletter.language));
        Self {
            link: counted(article, edition).unwrap_or_else(|| direct(article, edition)),
            summary: summary(content, role, share),
            meta: meta(article, edition, words),
            words: own_words,
            language: language.map(str::to_owned),
            direction: Some(content.direction).filter(|direction| *direction != newsletter.direction()),
            picture: Picture::of(article, role, edition.publication),
            recording: Recording::all(content, words).into_iter().find(|file| file.url.len() <= LINK_BYTES),
            title: title(article),
        }
    }
}

/// An article's headline.
pub(super) fn title(article: &Article) -> String {
    shorten(&line(&article.content.title), TITLE_LIMIT)
}

/// The article as it is linked to where nothing is counted: what is at home in a private newsletter by its reader's own link.
pub(super) fn direct(article: &Article, edition: &Edition<'_>) -> String {
    let (url, slug) = (article.content.url.as_deref(), &article.slug);
    if edition.newsletter.is_private {
        let here = || edition.publication.link(&slot::private_path(&format!("/articles/{slug}")));
        return own(url).map_or_else(here, String::from);
    }
    original(url, slug, edition.publication)
}

fn counted(article: &Article, edition: &Edition<'_>) -> Option<String> {
    edition.counted_link(Target::Original(article.id))
}

/// Where an article is read that has this address and this slug: on the publication's own site, else on its page here.
pub fn original(url: Option<&str>, slug: &str, publication: &Publication) -> String {
    own(url).map_or_else(|| publication.link(&format!("articles/{slug}")), String::from)
}

/// Its place on the publication's own site, if a reader can be sent there.
fn own(url: Option<&str>) -> Option<Url> {
    let own = url.and_then(|url| Url::parse(url).ok());
    own.filter(|url| matches!(url.scheme(), "http" | "https") && url.as_str().len() <= LINK_BYTES)
}

fn summary(content: &Content, role: Role, share: Share) -> String {
    let limit = match role {
        Role::Lead => share.summary * 3 / 2,
        Role::Card => share.summary,
        Role::Headline => share.summary.min(HEADLINE_SUMMARY),
    };
    shorten(&about(content), limit)
}

/// What an article says about itself, without its headline, with which some sources begin.
pub(super) fn about(content: &Content) -> String {
    let summary = line(&content.summary);
    match summary.strip_prefix(&line(&content.title)) {
        Some(rest) => rest.trim_start_matches([' ', '.', ':', '–', '—', '-']).to_owned(),
        None => summary,
    }
}

fn meta(article: &Article, edition: &Edition<'_>, words: &Words) -> String {
    let names = words.list_names(&article.content.authors.iter().map(|name| line(name)).collect::<Vec<_>>());
    let byline = Some(shorten(&names, NAMES_LIMIT)).filter(|names| !names.is_empty());
    let [source, others] = sources(article, edition, words);
    let parts = [
        byline.map(|names| words.by.with(&names)),
        reading::minutes(&article.content.text).map(|minutes| words.minutes.of(minutes)),
        dated(article, edition).map(|date| words.dates.short(date, edition.day())),
        source,
        others,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The article's source and the others that tell the same story, if there are any.
fn sources(article: &Article, edition: &Edition<'_>, words: &Words) -> [Option<String>; 2] {
    let twins = edition.twins.iter().filter(|twin| twin.of == article.id);
    let others: Vec<String> = twins.map(|twin| line(&twin.source)).collect();
    if others.is_empty() {
        return [None, None];
    }
    let others = words.also_in.with(&shorten(&words.list_names(&others), NAMES_LIMIT));
    [Some(words.embed(&line(&article.source))), Some(others)]
}

/// The day of publication, if it is known and not the edition's own.
fn dated(article: &Article, edition: &Edition<'_>) -> Option<Date> {
    article.content.published_at.filter(|_| article.content.published_at_from != DateOrigin::FirstSight)?;
    let day = words::day(article.dated(), edition.zone);
    Some(day).filter(|day| *day != edition.day())
}

/// Whether it has the form of a BCP 47 tag.
fn is_tag(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or_default();
    (2..=8).contains(&primary.len())
        && language.len() <= 35
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_same(language: &str, other: &str) -> bool {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    primary(language) == primary(other)
}
