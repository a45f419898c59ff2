//! Atom 1.0 (RFC 4287).

use askama::Template;

use super::rss::unmistakable;
use super::{Feed, Format, Item, Neighbour};
use crate::model::time::Timestamp;

#[derive(Template)]
#[template(path = "feed/atom.xml")]
struct Document<'a> {
    feed: &'a Feed,
    title: TextConstruct,
    subtitle: TextConstruct,
    address: String,
    neighbours: Vec<Neighbour>,
    /// Who publishes it.
    author: String,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    own: &'a Item,
    title: TextConstruct,
    summary: TextConstruct,
    updated: String,
    authors: Vec<String>,
}

/// Text with the type that says how to read it (RFC 4287 §3.1).
#[derive(Debug, PartialEq, Eq)]
struct TextConstruct {
    kind: &'static str,
    value: String,
}

pub fn render(feed: &Feed) -> String {
    let document = Document {
        feed,
        title: TextConstruct::of(&feed.title),
        subtitle: TextConstruct::of(&feed.description),
        address: feed.own_address(Format::Atom),
        neighbours: feed.neighbours(Format::Atom),
        author: unmistakable(&feed.publisher),
        entries: feed.items.iter().map(Entry::of).collect(),
    };
    document.to_string()
}

impl<'a> Entry<'a> {
    fn of(item: &'a Item) -> Self {
        Self {
            own: item,
            title: TextConstruct::of(&item.title),
            summary: TextConstruct::of(&item.summary),
            updated: distinct(item.updated_at, &item.id),
            authors: item.authors.iter().map(|name| unmistakable(name)).collect(),
        }
    }
}

impl TextConstruct {
    /// Plain text, unless it speaks of closing tags: that is taken for undeclared HTML, so it is declared.
    fn of(text: &str) -> Self {
        if text.contains("</") {
            let value = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            Self { kind: "html", value }
        } else {
            Self { kind: "text", value: text.to_owned() }
        }
    }
}

/// The moment with a fraction of a second made from the item's id.
///
/// Two entries of one feed may not carry the same `updated`, and articles dated by the day all do.
fn distinct(moment: Timestamp, id: &str) -> String {
    let digits = id.get(id.len().saturating_sub(8)..).unwrap_or_default();
    let number = u32::from_str_radix(digits, 16).unwrap_or(0);
    let whole = moment.to_string();
    format!("{}.{:06}Z", whole.trim_end_matches('Z'), number % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_one_second_are_told_apart_and_always_the_same_way() {
        let moment = Timestamp::from_unix(1_772_524_800);
        let id = "urn:uuid:6f1c2d3e-0000-8000-8000-0000000000ff";
        assert_eq!(distinct(moment, id), "2026-03-03T08:00:00.000255Z");
        assert_eq!(distinct(moment, "odd"), "2026-03-03T08:00:00.000000Z");
    }

    #[test]
    fn text_that_speaks_of_tags_is_declared() {
        assert_eq!(TextConstruct::of("a < b & c").kind, "text");
        let declared = TextConstruct { kind: "html", value: "the &lt;/b&gt; tag".to_owned() };
        assert_eq!(TextConstruct::of("the </b> tag"), declared);
    }
}
