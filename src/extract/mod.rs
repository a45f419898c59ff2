//! What a source gave, made an article: cleaned, safe, dated.

mod bound;
mod byline;
pub mod date;
mod dateline;
mod disclaimer;
mod draft;
mod enclosure;
mod furniture;
mod html;
mod language;
mod lines;
mod page;
pub mod picture;
mod reading;
mod sentence;
mod summary;
pub mod teaser;
pub mod text;

use std::time::Duration;

use url::Url;

use crate::model::article::{Content, DateOrigin, Image, RawArticle};
use crate::model::time::Timestamp;

use draft::Draft;
use html::{Base, Plain};
use text::{clean_markup, shorten};

pub use html::without_tracking;

/// What an article does not say itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The address of its feed or site, which relative links are relative to.
    pub base: Option<&'a Url>,
    /// BCP 47 tag of the publication, which says how dates are written where the article does not.
    pub language: &'a str,
    /// What time it is.
    pub now: Timestamp,
}

/// Why what a source gave is no article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// There is nothing to read.
    #[error("it has neither a headline nor text")]
    Empty,
}

/// Makes an article of what a source gave.
pub fn article(raw: RawArticle, context: &Context<'_>) -> Result<Content, Rejected> {
    let draft = Draft::of(&raw, context);
    let Plain { text, paragraphs } = Plain::of(&draft.html);
    let known_title = raw.title.as_deref().map(clean_markup).filter(|title| says_something(title));
    let title =
        known_title.or_else(|| draft.title.clone()).or_else(|| first_words(&text)).ok_or(Rejected::Empty)?;
    let base = Base::new(context.base, None);
    let url = raw
        .url
        .as_deref()
        .and_then(|url| base.resolve_web(url))
        .map(|url| without_tracking(&url))
        .or_else(|| draft.url.clone());
    let (published_at, published_at_from) = published(&raw, &draft, url.as_deref(), context.now);
    let own_summary = raw.summary.as_deref().filter(|own| says_something(own)).or(draft.summary.as_deref());
    let language =
        language::of(raw.language.as_deref().or(draft.language.as_deref()), &format!("{title}\n{text}"));
    let authors = byline::authors(raw.authors.iter().map(String::as_str));
    let biography = raw.biography.as_deref().map(clean_markup).filter(|about| says_something(about));
    let updated_at =
        raw.updated_at.or(draft.updated).filter(|updated| published_at.is_none_or(|first| *updated > first));
    Ok(Content {
        summary: summary::of(own_summary, &title, &paragraphs),
        authors: if authors.is_empty() { draft.authors } else { authors },
        biography: biography.or(draft.biography),
        tags: tags(if raw.tags.is_empty() { &draft.tags } else { &raw.tags }),
        image: picture(raw.image.and_then(|image| clean_image(image, &base)), draft.image),
        enclosures: enclosure::clean(raw.enclosures, &base),
        direction: language::direction(
            language.as_deref().or(Some(context.language)),
            &format!("{title}\n{text}"),
        ),
        title: shorten(&title, LONGEST_TITLE).into_owned(),
        html: draft.html,
        text,
        url,
        language,
        published_at,
        published_at_from,
        updated_at,
        cuts: draft.cuts,
    })
}

/// How long a headline is at most, in characters as a reader counts them.
const LONGEST_TITLE: usize = 300;

fn says_something(text: &str) -> bool {
    text.chars().any(|character| !character.is_whitespace() && !character.is_ascii_punctuation())
}

/// A headline for an untitled piece: its first sentence, or the beginning of it.
fn first_words(text: &str) -> Option<String> {
    const LONGEST: usize = 80;
    let line =
        text.lines().map(|line| line.trim_start_matches(['•', ' '])).find(|line| says_something(line))?;
    let sentence = sentence::split(line).into_iter().next().unwrap_or(line).trim();
    Some(shorten(sentence, LONGEST).into_owned())
}

/// The best date that is known, and how it is. What only a line or an address says is not believed of the future:
/// there it is what the article is about.
fn published(
    raw: &RawArticle,
    draft: &Draft,
    url: Option<&str>,
    now: Timestamp,
) -> (Option<Timestamp>, DateOrigin) {
    const DAY: Duration = Duration::from_hours(24);
    let by_address = url.and_then(date::in_address).map(|moment| (moment, DateOrigin::Url));
    let is_believed = |(moment, origin): &(Timestamp, DateOrigin)| {
        !matches!(origin, DateOrigin::Line | DateOrigin::Url) || *moment <= now + DAY
    };
    let by_source = raw.published_at.map(|moment| (moment, DateOrigin::Source));
    let best = [by_source, draft.published, by_address].into_iter().flatten().find(is_believed);
    best.map_or((None, DateOrigin::FirstSight), |(moment, origin)| (Some(moment), origin))
}

/// Tags trimmed, each once without regard to case, in their order.
fn tags(given: &[String]) -> Vec<String> {
    const LONGEST: usize = 100;
    const MOST: usize = 500;
    let mut tags: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for tag in given.iter().map(|tag| clean_markup(tag)).take(MOST) {
        let tag = tag.trim_start_matches('#').trim();
        if !tag.is_empty() && tag.chars().count() <= LONGEST && seen.insert(tag.to_lowercase()) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

/// The source's own picture, else the one in the body. Where they are the same, the body often knows more about it.
fn picture(own: Option<Image>, found: Option<Image>) -> Option<Image> {
    match (own, found) {
        (Some(own), Some(found)) if own.url == found.url => Some(Image {
            alt: own.alt.or(found.alt),
            caption: own.caption.or(found.caption),
            width: own.width.or(found.width),
            height: own.height.or(found.height),
            url: own.url,
        }),
        (own, found) => own.or(found),
    }
}

/// A picture with an absolute address and clean words; `None` if it has no address.
fn clean_image(image: Image, base: &Base) -> Option<Image> {
    let words = |text: Option<String>| text.map(|text| clean_markup(&text)).filter(|text| !text.is_empty());
    let url = base.resolve_web(&image.url)?;
    Some(Image { url, alt: words(image.alt), caption: words(image.caption), ..image })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_body_says_about_the_sources_own_picture_is_kept() {
        let image = |url: &str, alt: Option<&str>, width| Image {
            url: url.to_owned(),
            alt: alt.map(ToOwned::to_owned),
            width,
            ..Image::default()
        };
        let (bare, told) =
            (image("https://x.org/a", None, None), image("https://x.org/a", Some("A"), Some(9)));
        let other = image("https://x.org/b", None, None);
        assert_eq!(picture(Some(bare.clone()), Some(told.clone())), Some(told.clone()));
        assert_eq!(picture(Some(other.clone()), Some(told.clone())), Some(other));
        assert_eq!(picture(None, Some(told.clone())), Some(told));
        assert_eq!(picture(Some(bare.clone()), None), Some(bare));
    }
}
