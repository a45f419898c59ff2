//! An article in full.

use std::iter;

use askama::Template;
use jiff::tz::TimeZone;
use serde_json::json;
use url::Url;

use super::anchor::with_anchors;
use super::frame::{Day, Frame, Head, Label, Link, Way};
use super::share::{self, Share};
use super::teaser::{Picture, Place, Teaser, beyond_title, byline, words_for};
use super::{Site, written};
use crate::model::article::Article;
use crate::model::count::Holder;
use crate::model::language::Direction;
use crate::model::reading;
use crate::model::slot;
use crate::model::text::{line, shorten};
use crate::model::time::Timestamp;
use crate::model::words::{self, Words};
use crate::render::feed::{picture_beside, web_address, web_image};
use crate::render::recording::Recording;

/// A summary longer than this is no summary but the text itself.
const BRIEF_LIMIT: usize = 320;
/// A summary may be the beginning of one of so many blocks: a dateline or a heading can stand above.
const BLOCKS: usize = 4;
const DESCRIPTION_LIMIT: usize = 200;

#[derive(Template)]
#[template(path = "page/article.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    language: &'a str,
    direction: Direction,
    /// The words about the article, in its own language where there are any.
    words: &'a Words,
    title: String,
    section: Option<Label>,
    /// The summary, where the text does not say the same.
    brief: Option<String>,
    byline: Option<String>,
    published: Day,
    minutes: Option<String>,
    changed: Option<Day>,
    picture: Option<Picture>,
    body: String,
    recordings: Vec<Recording>,
    biography: Option<String>,
    origin: Option<Origin>,
    tags: Vec<Link>,
    /// How it is passed on, where everybody may read it.
    sharing: Option<Sharing>,
    /// Where the editions of its newsletter are listed, for a reader of a private one.
    archive: Option<String>,
    related: Vec<Teaser<'a>>,
}

/// The address by which an article is shared, a mail with it, and the places where it can be.
struct Sharing {
    address: String,
    by_mail: String,
    places: Vec<Share>,
}

/// The article on the publication's own site.
struct Origin {
    link: String,
    text: String,
}

impl Site {
    /// The page of an article, with what is related to it, which leads on in this way.
    pub fn article(&self, article: &Article, related: &[Article], way: Way) -> String {
        let content = &article.content;
        let zone = &self.publication.time_zone;
        let language = content.language.as_deref().unwrap_or(&self.publication.language);
        let words = words_for(self, content, &self.publication.language);
        let frame = self.frame();
        let is_open = way == Way::Open;
        let tags = content.tags.iter().filter(|_| is_open).map(|tag| self.tag_link(tag));
        let tags: Vec<Link> = tags.collect();
        let head = self.article_head(article, &frame, is_open);
        let holder = Holder::ARCHIVE;
        let place = Place { site: self, language: &self.publication.language, zone, day: None, way, holder };
        written(&Page {
            sharing: is_open.then(|| Sharing {
                address: head.canonical.clone(),
                by_mail: share::by_mail(&head.heading, &head.canonical),
                places: share::places(&head.heading, &head.canonical),
            }),
            archive: (!is_open).then(|| self.path(&slot::private_path(""))),
            related: related.iter().map(|article| Teaser::of(article, &place)).collect(),
            head,
            origin: origin(article, frame.words),
            language,
            direction: content.direction,
            words,
            title: line(&content.title),
            section: content.tags.first().map(|tag| self.section(tag, way)),
            brief: brief(article),
            byline: byline(content, words),
            published: Day::long(article.dated(), zone, words),
            minutes: reading::minutes(&content.text).map(|minutes| words.minutes.of(minutes)),
            changed: changed(article, zone).map(|moment| {
                let day = Day::long(moment, zone, words);
                Day { text: words.page.changed.with(&day.text), ..day }
            }),
            picture: picture_beside(content).and_then(|image| Picture::of(image, article, self)),
            body: with_anchors(&self.with_kept(&content.html, &article.pictures)),
            recordings: Recording::all(content, words),
            biography: content.biography.as_deref().map(line).filter(|text| !text.is_empty()),
            frame,
            tags,
        })
    }

    fn article_head(&self, article: &Article, frame: &Frame<'_>, is_open: bool) -> Head {
        let content = &article.content;
        let heading = line(&content.title);
        let own = self.publication.link(&format!("articles/{}", article.slug));
        let canonical = content.url.as_deref().and_then(web_address).unwrap_or(own);
        Head {
            title: format!("{heading} – {}", frame.name),
            description: shorten(&line(&content.summary), DESCRIPTION_LIMIT),
            kind: "article",
            image: content.image.as_ref().and_then(web_image),
            feeds: vec![self.site_feed()],
            data: is_open.then(|| self.structured(article, &canonical)),
            facts: facts(article),
            is_indexed: is_open,
            is_small: true,
            heading,
            canonical,
            ..Head::default()
        }
    }

    /// What search engines read about the article (schema.org), as JSON that can stand in a `script` element.
    fn structured(&self, article: &Article, canonical: &str) -> String {
        let content = &article.content;
        let authors = content.authors.iter().map(|name| json!({"@type": "Person", "name": line(name)}));
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": shorten(&line(&content.title), 110),
            "description": line(&content.summary),
            "url": canonical,
            "mainEntityOfPage": canonical,
            "datePublished": article.dated(),
            "dateModified": article.changed().unwrap_or_else(|| article.dated()),
            "inLanguage": content.language.as_deref().unwrap_or(&self.publication.language),
            "author": authors.collect::<Vec<_>>(),
            "image": content.image.as_ref().and_then(web_image).map(|image| image.url),
            "keywords": content.tags,
            "publisher": {"@type": "Organization", "name": self.publication.title, "url": self.publication.base_url},
        });
        if let Some(facts) = data.as_object_mut() {
            facts.retain(|_, fact| !fact.is_null() && fact.as_array().is_none_or(|list| !list.is_empty()));
        }
        data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }
}

/// When a reader is told that it was changed: most programs note a change when they publish, which says nothing.
fn changed(article: &Article, zone: &TimeZone) -> Option<Timestamp> {
    let is_seen = article.changed_at > article.first_seen_at;
    let published = words::day(article.dated(), zone);
    article.changed().filter(|moment| is_seen || words::day(*moment, zone) > published)
}

/// What previews of links are told of an article beside its title: names of Open Graph, and what they hold.
fn facts(article: &Article) -> Vec<(&'static str, String)> {
    let mut facts = vec![("article:published_time", article.dated().to_string())];
    facts.extend(article.changed().map(|moment| ("article:modified_time", moment.to_string())));
    let tags: Vec<String> = article.content.tags.iter().map(|tag| line(tag)).collect();
    facts.extend(tags.first().map(|tag| ("article:section", tag.clone())));
    facts.extend(tags.into_iter().map(|tag| ("article:tag", tag)));
    facts
}

/// The summary as a standfirst, unless the text says the same: at its beginning, or below its first heading.
fn brief(article: &Article) -> Option<String> {
    let content = &article.content;
    let summary = beyond_title(&line(&content.summary), &line(&content.title));
    let beginning = summary.trim_end_matches(['…', '.']);
    let blocks = content.text.match_indices("\n\n").map(|(end, _)| &content.text[end..]);
    let is_said = iter::once(&*content.text).chain(blocks).take(BLOCKS).any(|rest| begins(rest, beginning));
    Some(summary).filter(|text| !text.is_empty() && !is_said && text.chars().count() <= BRIEF_LIMIT)
}

/// Whether a text begins with these words.
fn begins(text: &str, words: &str) -> bool {
    let end = text.floor_char_boundary(words.len() * 2 + 64);
    line(&text[..end]).starts_with(words)
}

fn origin(article: &Article, words: &Words) -> Option<Origin> {
    let link = article.content.url.as_deref().and_then(web_address)?;
    let url = Url::parse(&link).ok()?;
    let host = url.host_str()?.trim_start_matches("www.");
    Some(Origin { text: words.page.origin.with(&words.embed(host)), link })
}
