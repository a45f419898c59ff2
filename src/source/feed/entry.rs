//! An entry as feed-rs reads it, made an article.

use std::time::Duration;

use chrono::{DateTime, Utc};
use feed_rs::model::{Category, Entry, MediaContent, Person};
use url::Url;

use super::repair::Facts;
use super::texts::Texts;
use super::value::{Value, looks_like_html, paragraphs};
use super::write::{PICTURE, THUMBNAIL};
use crate::extract::text::decode;
use crate::model::article::{Enclosure, Image, RawArticle, RawBody};
use crate::model::time::Timestamp;
use crate::source::notes::Notes;

/// How far into the future an article may be dated before it is worth a word.
const TOLERATED_FUTURE: Duration = Duration::from_hours(24);

/// What holds for each entry of a feed that says nothing else.
pub(super) struct Context<'a> {
    pub authors: &'a [Person],
    pub now: Timestamp,
}

/// The article that an entry is. Its identity is given later: it depends on the entries beside it.
pub(super) fn article(entry: Entry, facts: Facts, context: &Context<'_>, notes: &mut Notes) -> RawArticle {
    let url = url_of(&entry);
    let image = image_of(&entry);
    let enclosures = enclosures_of(&entry, &facts.seconds);
    let moment =
        |moment: Option<DateTime<Utc>>| moment.map(|moment| Timestamp::from_unix(moment.timestamp()));
    let published_at = moment(entry.published.or(entry.updated));
    if published_at.is_some_and(|at| at > context.now + TOLERATED_FUTURE) {
        notes.add("an item is dated in the future: it is sorted by when it was first seen");
    }
    let authors = if entry.authors.is_empty() { context.authors } else { &entry.authors };
    let authors = authors.iter().filter_map(name_of).collect();
    let tags = entry.categories.iter().filter_map(tag_of).collect();
    let (summary, body) = texts_of(facts.texts);
    RawArticle {
        external_id: entry.id,
        url,
        title: entry.title.map(|title| title.content).filter(|title| !title.trim().is_empty()),
        summary,
        body: based(body, facts.base.as_ref()),
        authors,
        biography: None,
        tags,
        image,
        enclosures,
        language: entry.language.or(facts.language),
        published_at,
        updated_at: moment(entry.updated).filter(|updated| Some(*updated) != published_at),
    }
}

/// The address of its page, or what is most like it.
fn url_of(entry: &Entry) -> Option<String> {
    let links = entry.links.iter().filter(|link| link.target.is_none() && !link.href.is_empty());
    let mut pages = links.filter(|link| match link.rel.as_deref() {
        Some(relation) => relation == "alternate",
        None => link.media_type.is_none(),
    });
    let is_html = |kind: &Option<String>| kind.as_deref().is_none_or(|kind| kind.contains("html"));
    pages
        .clone()
        .find(|link| is_html(&link.media_type))
        .or_else(|| pages.next())
        .map(|link| link.href.clone())
}

/// Summary and body. What a feed calls a summary is the body where there is no other.
fn texts_of(texts: Texts) -> (Option<String>, RawBody) {
    let said = |value: Option<Value>| value.map(Value::trimmed).filter(|value| !value.written().is_empty());
    match (said(texts.summary), said(texts.body)) {
        (summary, Some(body)) => (summary.map(Value::into_written), html(body)),
        (Some(summary), None) => (None, html(summary)),
        (None, None) => (None, RawBody::None),
    }
}

fn html(value: Value) -> RawBody {
    RawBody::Html(match value {
        Value::Text(text) if !looks_like_html(&text) => paragraphs(&text),
        Value::Text(html) | Value::Html(html) => html,
    })
}

/// The body with the base that its links are relative to, where the feed says so.
fn based(body: RawBody, base: Option<&Url>) -> RawBody {
    match (body, base) {
        (RawBody::Html(html), Some(base)) => RawBody::Html(format!("<base href=\"{base}\">{html}")),
        (body, _) => body,
    }
}

/// A name; an address of mail is none, and is not shown.
fn name_of(person: &Person) -> Option<String> {
    let name = decode(person.name.as_deref()?.trim()).into_owned();
    (!name.is_empty() && !name.contains('@')).then_some(name)
}

fn tag_of(category: &Category) -> Option<String> {
    let name = category.label.as_deref().unwrap_or(&category.term).trim();
    let is_address = name.starts_with("http://") || name.starts_with("https://");
    (!name.is_empty() && !is_address).then(|| decode(name).into_owned())
}

/// Its picture: the largest of those it is shown with, a thumbnail only if there is nothing else.
fn image_of(entry: &Entry) -> Option<Image> {
    let shown = entry.media.iter().flat_map(|media| &media.content).filter_map(picture);
    let linked = entry.links.iter().filter_map(|link| {
        let is_picture = link.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/"));
        is_picture.then(|| (1, Image { url: link.href.clone(), ..Image::default() }))
    });
    let small = entry.media.iter().flat_map(|media| &media.thumbnails);
    let small = small.map(|found| (0, Image { url: found.image.uri.clone(), ..Image::default() }));
    let candidates = shown.chain(linked).chain(small).filter(|(_, image)| image.url.starts_with("http"));
    let better = |best: (u8, Image), next: (u8, Image)| {
        if (next.0, next.1.width) > (best.0, best.1.width) { next } else { best }
    };
    candidates.reduce(better).map(|(_, image)| image)
}

/// The files that an entry offers. A picture without a length is one that is shown and not one that is offered.
fn enclosures_of(entry: &Entry, seconds: &[(String, u64)]) -> Vec<Enclosure> {
    let media = entry.media.iter().flat_map(|media| &media.content).filter_map(|content| {
        let media_type = content.content_type.as_ref().map(ToString::to_string).unwrap_or_default();
        Some(Enclosure {
            url: content.url.as_ref()?.to_string(),
            media_type,
            length: content.size,
            seconds: content.duration.map(|duration| duration.as_secs()),
        })
    });
    let linked = entry.links.iter().filter(|link| match link.rel.as_deref() {
        Some(relation) => relation == "enclosure",
        None => link.media_type.is_some(),
    });
    let linked = linked.map(|link| Enclosure {
        url: link.href.clone(),
        media_type: link.media_type.clone().unwrap_or_default(),
        length: link.length,
        seconds: seconds.iter().find(|(url, _)| *url == link.href).map(|(_, seconds)| *seconds),
    });
    let is_shown = |file: &Enclosure| {
        [PICTURE, THUMBNAIL].contains(&file.media_type.as_str())
            || (file.media_type.starts_with("image/") && file.length.is_none())
    };
    media.chain(linked).filter(|file| !is_shown(file)).collect()
}

/// A picture among an entry's files, and how good a choice it is.
fn picture(content: &MediaContent) -> Option<(u8, Image)> {
    let url = content.url.as_ref()?;
    let kind = content.content_type.as_ref().map(ToString::to_string).unwrap_or_default();
    let path = url.path().to_ascii_lowercase();
    let is_named_so =
        [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"].iter().any(|end| path.ends_with(end));
    let is_picture = kind.starts_with("image/") || (kind.is_empty() && is_named_so);
    let (width, height) =
        (content.width.filter(|width| *width > 0), content.height.filter(|height| *height > 0));
    let image = Image { url: url.to_string(), width, height, ..Image::default() };
    is_picture.then(|| (u8::from(kind != THUMBNAIL), image))
}
