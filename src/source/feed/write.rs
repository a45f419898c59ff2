//! Items as feed-rs reads them: RSS 2.0 or Atom 1.0, each fact once, in the vocabulary it knows. What they say at length
//! is not among it ([`super::texts`]).

use std::borrow::Cow;

use url::Url;

use super::markup::{Kind, Tokens};
use super::names::Field;
use super::reference::{Entities, decode, escape, quote};
use super::repair::{Item, Reader};
use super::repairs::Repair;
use super::scan::{Element, Scanner};
use super::skeleton::{Dialect, local};
use super::texts::{self, best};
use super::value::{self, Value};
use crate::extract::date;

const RSS_HEAD: &str = "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
     xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>";
const ATOM_HEAD: &str = "<feed xmlns:media=\"http://search.yahoo.com/mrss/\">";

/// The type given to pictures that a feed shows an item with, where it names none: no server's.
pub(super) const PICTURE: &str = "image/x-picture";

/// The same for small ones.
pub(super) const THUMBNAIL: &str = "image/x-thumbnail";

/// What stands around everything that is written.
pub(super) const fn frame(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Rss => (RSS_HEAD, "</channel></rss>"),
        Dialect::Atom => (ATOM_HEAD, "</feed>"),
    }
}

/// One item; its addresses are relative to `base`.
pub(super) fn item(reader: &mut Reader<'_>, item: &Item<'_>, base: Option<&Url>) -> String {
    reader.repairs.add_tag(item.tag);
    let mut xml = String::with_capacity(item.fields.iter().map(|(_, _, element)| element.raw.len()).sum());
    let (start, end) = match reader.dialect {
        Dialect::Rss => ("<item>", "</item>"),
        Dialect::Atom => ("<entry>", "</entry>"),
    };
    xml.push_str(start);
    for (field, name) in names(reader.dialect) {
        if let Some(element) = best(item, *field) {
            one(reader, *field, name, element, &mut xml);
        }
    }
    links(reader, item, base, &mut xml);
    let length = best(item, Field::Duration).map(|element| value::text(element, &reader.entities));
    let seconds = length.and_then(|length| value::seconds(&length)).unwrap_or_default();
    for (field, rank, element) in &item.fields {
        match field {
            Field::Author if *rank == best_rank(item, Field::Author) => {
                author(reader.dialect, element, &reader.entities, &mut xml);
            }
            Field::Category => category(reader.dialect, element, &reader.entities, &mut xml),
            Field::Keywords => keywords(reader.dialect, element, &reader.entities, &mut xml),
            Field::Media | Field::Enclosure => {
                media(element, (base, &seconds), &reader.entities, &mut xml);
                inner_categories(reader.dialect, element, &reader.entities, &mut xml);
            }
            _ => {}
        }
    }
    xml.push_str(end);
    xml
}

/// An element that holds a text.
pub(super) fn text(name: &str, text: &str, xml: &mut String) {
    typed_text(name, "", text, xml);
}

fn typed_text(name: &str, attributes: &str, text: &str, xml: &mut String) {
    for part in ["<", name, attributes, ">"] {
        xml.push_str(part);
    }
    quote(text, xml);
    for part in ["</", name, ">"] {
        xml.push_str(part);
    }
}

/// An author, by the name inside of the element, or else by what it says.
pub(super) fn author(dialect: Dialect, element: &Element<'_>, entities: &Entities, xml: &mut String) {
    let name = inner_element(element, "name").unwrap_or(*element);
    let name = name_in(&value::text(&name, entities));
    match dialect {
        _ if name.is_empty() => {}
        Dialect::Rss => text("dc:creator", &name, xml),
        Dialect::Atom => {
            xml.push_str("<author>");
            text("name", &name, xml);
            xml.push_str("</author>");
        }
    }
}

/// The name in `ada@example.org (Ada Lovelace)` or `Ada Lovelace <ada@example.org>`: an address is not shown.
fn name_in(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.contains('@'));
    let name = words.collect::<Vec<_>>().join(" ");
    let is_around =
        |c: char| matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ',' | ';' | '"') || c.is_whitespace();
    let has_no_address = !text.contains('@');
    let name = name.trim();
    if has_no_address { name.to_owned() } else { name.trim_matches(is_around).to_owned() }
}

/// The fields that an item has once and that feed-rs reads, and what it calls them.
const fn names(dialect: Dialect) -> &'static [(Field, &'static str)] {
    match dialect {
        Dialect::Rss => &[
            (Field::Id, "guid"),
            (Field::Title, "title"),
            (Field::Published, "pubDate"),
            (Field::Updated, "updated"),
        ],
        Dialect::Atom => &[
            (Field::Id, "id"),
            (Field::Title, "title"),
            (Field::Published, "published"),
            (Field::Updated, "updated"),
        ],
    }
}

fn best_rank(item: &Item<'_>, wanted: Field) -> u8 {
    item.fields.iter().filter(|(field, _, _)| *field == wanted).map(|(_, rank, _)| *rank).min().unwrap_or(0)
}

fn one(reader: &mut Reader<'_>, field: Field, name: &str, element: &Element<'_>, xml: &mut String) {
    if matches!(field, Field::Published | Field::Updated) {
        return moment(reader, name, element, xml);
    }
    if is_good(reader, name, element) {
        xml.push_str(element.raw);
        return;
    }
    let value = match field {
        Field::Title => texts::value(reader, element),
        _ => Some(Value::Text(value::text(element, &reader.entities).trim().to_owned())),
    };
    match value {
        Some(Value::Html(html)) if reader.dialect == Dialect::Atom => {
            typed_text(name, " type=\"html\"", &html, xml);
        }
        Some(Value::Text(content) | Value::Html(content)) => text(name, &content, xml),
        None => {}
    }
}

/// A date, as [`super::parse`] reads it: in seconds.
fn moment(reader: &mut Reader<'_>, name: &str, element: &Element<'_>, xml: &mut String) {
    texts::note_flaws(reader, element);
    match date::parse(&value::text(element, &reader.entities)) {
        Some(moment) => text(name, &moment.as_unix().to_string(), xml),
        None => reader.repairs.add(Repair::StrangeDate),
    }
}

/// Whether an element may be copied as it is. What is wrong with it is noted.
fn is_good(reader: &mut Reader<'_>, name: &str, element: &Element<'_>) -> bool {
    let is_flawless = texts::note_flaws(reader, element);
    is_flawless
        && element.is_whole
        && element.tag.name == name
        && !element.has_markup
        && !reader.entities.are_in(element.inner)
        && element
            .tag
            .attributes()
            .all(|attribute| is_harmless(reader.dialect, attribute.name, attribute.value))
}

fn is_harmless(dialect: Dialect, name: &str, value: &str) -> bool {
    match (dialect, name) {
        (_, name) if name.starts_with("xml") => false,
        (Dialect::Rss, _) => name != "type",
        (Dialect::Atom, "type") => matches!(value, "text" | "html"),
        (Dialect::Atom, name) => name != "mode" && name != "src",
    }
}

/// The address of the page first; then those of Atom's other relations.
fn links(reader: &Reader<'_>, item: &Item<'_>, base: Option<&Url>, xml: &mut String) {
    let mut found: Vec<Link> = Vec::new();
    for (field, _, element) in &item.fields {
        if *field == Field::Link {
            found.extend(link(element, base, &reader.entities));
        }
    }
    if !found.iter().any(|link| link.relation == "alternate") {
        let page = permalink(item, &reader.entities);
        found.extend(page.map(|url| Link { relation: "alternate".to_owned(), url, ..Link::default() }));
    }
    for Link { relation, url, kind, length } in found {
        match reader.dialect {
            Dialect::Rss if relation == "alternate" => text("link", &url, xml),
            Dialect::Rss if relation == "enclosure" => {
                media_content(&url, &kind, &[("fileSize", &length)], xml);
            }
            Dialect::Rss => {}
            Dialect::Atom => {
                let attributes = [("rel", &relation), ("href", &url), ("type", &kind), ("length", &length)];
                element_of("link", &attributes.map(|(name, value)| (name, value.as_str())), xml);
            }
        }
    }
}

/// A link to something, whatever its relation.
#[derive(Default)]
struct Link {
    relation: String,
    url: String,
    kind: String,
    /// In bytes; empty if it is not said.
    length: String,
}

/// A link as RSS writes it or as Atom does.
fn link(element: &Element<'_>, base: Option<&Url>, entities: &Entities) -> Option<Link> {
    let attribute = |name| element.tag.attribute(name).map(|value| decode(value, entities).trim().to_owned());
    let url = attribute("href").unwrap_or_else(|| value::text(element, entities).trim().to_owned());
    let relation =
        attribute("rel").filter(|relation| !relation.is_empty()).unwrap_or_else(|| "alternate".to_owned());
    let relation =
        relation.trim_start_matches("http://www.iana.org/assignments/relation/").to_ascii_lowercase();
    (!url.is_empty()).then(|| Link {
        relation,
        url: resolve(&url, base),
        kind: attribute("type").unwrap_or_default(),
        length: attribute("length").unwrap_or_default(),
    })
}

/// A guid that is an address is a link, unless it says that it is none; so is what RDF says an item is about.
fn permalink(item: &Item<'_>, entities: &Entities) -> Option<String> {
    let guid = best(item, Field::Id).filter(|guid| guid.tag.attribute("isPermaLink") != Some("false"));
    let guid = guid.map(|guid| value::text(guid, entities).trim().to_owned());
    let about = item.tag.attribute("rdf:about").map(|about| decode(about, entities).trim().to_owned());
    [guid, about].into_iter().flatten().find(|url| url.starts_with("http://") || url.starts_with("https://"))
}

fn resolve(url: &str, base: Option<&Url>) -> String {
    base.and_then(|base| base.join(url).ok()).map_or_else(|| url.to_owned(), Url::into)
}

fn category(dialect: Dialect, element: &Element<'_>, entities: &Entities, xml: &mut String) {
    tag(dialect, &category_name(element, entities), xml);
    inner_categories(dialect, element, entities, xml);
}

fn category_name(element: &Element<'_>, entities: &Entities) -> String {
    let attribute = |name| {
        let value = element.tag.attribute(name).map(|value| decode(value, entities).trim().to_owned());
        value.filter(|value| !value.is_empty())
    };
    let content =
        || Some(value::text(element, entities).trim().to_owned()).filter(|content| !content.is_empty());
    let name =
        attribute("label").or_else(content).or_else(|| attribute("term")).or_else(|| attribute("text"));
    name.unwrap_or_default()
}

/// Categories inside of another, or of a group of files: one level, so that no document makes us go deep.
fn inner_categories(dialect: Dialect, element: &Element<'_>, entities: &Entities, xml: &mut String) {
    let mut scanner = Scanner::of(element.inner);
    while let Some(token) = scanner.next().filter(|_| element.has_markup) {
        if let Kind::Start(found) = token.kind
            && local(found.name).eq_ignore_ascii_case("category")
        {
            let inner = scanner.element(&token.range, found, |_| false);
            tag(dialect, &category_name(&inner, entities), xml);
        }
    }
}

fn keywords(dialect: Dialect, element: &Element<'_>, entities: &Entities, xml: &mut String) {
    for keyword in value::text(element, entities).split(',') {
        tag(dialect, keyword.trim(), xml);
    }
}

fn tag(dialect: Dialect, name: &str, xml: &mut String) {
    match dialect {
        _ if name.is_empty() => {}
        Dialect::Rss => text("category", name, xml),
        Dialect::Atom => element_of("category", &[("term", name)], xml),
    }
}

/// Whatever files and pictures an element of Media RSS, iTunes or RSS shows; `seconds` is how long the item says that its
/// enclosure is.
fn media(
    element: &Element<'_>,
    (base, seconds): (Option<&Url>, &str),
    entities: &Entities,
    xml: &mut String,
) {
    let inner = Tokens::of(element.inner).filter_map(|token| match token.kind {
        Kind::Start(tag) => Some(tag),
        _ => None,
    });
    for tag in std::iter::once(element.tag).chain(inner) {
        let attribute = |name| tag.attribute(name).map(|value| decode(value, entities)).unwrap_or_default();
        let (url, medium) = match local(tag.name).to_ascii_lowercase().as_str() {
            "thumbnail" => (attribute("url"), THUMBNAIL),
            "content" | "enclosure" => {
                (attribute("url"), if attribute("medium") == "image" { PICTURE } else { "" })
            }
            "image" => (attribute("href"), PICTURE),
            _ => continue,
        };
        let kind =
            Some(attribute("type")).filter(|kind| !kind.trim().is_empty()).unwrap_or(Cow::Borrowed(medium));
        let length = if tag.attribute("length").is_some() { "length" } else { "fileSize" };
        let [width, height, length, duration] = ["width", "height", length, "duration"].map(attribute);
        let is_enclosure = local(tag.name).eq_ignore_ascii_case("enclosure");
        let duration = if is_enclosure { seconds } else { &*duration };
        let sizes =
            [("width", &*width), ("height", &*height), ("fileSize", &*length), ("duration", duration)];
        if !url.trim().is_empty() {
            media_content(&resolve(url.trim(), base), kind.trim(), &sizes, xml);
        }
    }
    if local(element.tag.name).eq_ignore_ascii_case("image")
        && let Some(url) = inner_element(element, "url")
    {
        media_content(&resolve(value::text(&url, entities).trim(), base), PICTURE, &[], xml);
    }
}

/// A file with what is known of its size: only whole numbers are.
fn media_content(url: &str, kind: &str, sizes: &[(&str, &str)], xml: &mut String) {
    let mut attributes = vec![("url", url), ("type", kind)];
    let is_number = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    let sizes = sizes.iter().map(|(name, value)| (*name, value.trim()));
    attributes.extend(sizes.filter(|(_, value)| is_number(value)));
    element_of("media:content", &attributes, xml);
}

/// An element of attributes; those that are empty are left out.
fn element_of(name: &str, attributes: &[(&str, &str)], xml: &mut String) {
    xml.push('<');
    xml.push_str(name);
    for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
        xml.push(' ');
        xml.push_str(name);
        xml.push_str("=\"");
        escape(value, xml);
        xml.push('"');
    }
    xml.push_str("/>");
}

/// The first element of a name inside of another.
fn inner_element<'a>(element: &Element<'a>, name: &str) -> Option<Element<'a>> {
    let mut scanner = Scanner::of(element.inner);
    while let Some(token) = scanner.next() {
        if let Kind::Start(tag) = token.kind
            && local(tag.name).eq_ignore_ascii_case(name)
        {
            return Some(scanner.element(&token.range, tag, |_| false));
        }
    }
    None
}
