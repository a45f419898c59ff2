//! RSS 2.0.

use std::time::Duration;

use askama::Template;

use super::{Feed, Format, Item, Neighbour};

#[derive(Template)]
#[template(path = "feed/rss.xml")]
struct Document<'a> {
    feed: &'a Feed,
    title: String,
    description: String,
    address: String,
    neighbours: Vec<Neighbour>,
    minutes: u64,
    frequency: u64,
    /// Whose podcast it is.
    author: String,
    items: Vec<Entry<'a>>,
}

struct Entry<'a> {
    own: &'a Item,
    title: String,
    /// Who is heard, as players of podcasts show it.
    author: Option<String>,
    /// A description is HTML by custom, so that plain text is escaped once more.
    summary: String,
    tags: Vec<String>,
}

pub fn render(feed: &Feed) -> String {
    let minutes = minutes(feed.max_age);
    let document = Document {
        feed,
        title: unmistakable(&feed.title),
        description: unmistakable(&feed.description),
        address: feed.own_address(Format::Rss),
        neighbours: feed.neighbours(Format::Rss),
        minutes,
        frequency: (60 / minutes).max(1),
        author: feed.podcast.as_ref().map(|podcast| unmistakable(&podcast.author)).unwrap_or_default(),
        items: feed.items.iter().map(Entry::of).collect(),
    };
    document.to_string()
}

impl<'a> Entry<'a> {
    fn of(item: &'a Item) -> Self {
        Self {
            own: item,
            title: unmistakable(&item.title),
            author: item.authors.first().map(|author| unmistakable(author)),
            summary: as_html(&item.summary),
            tags: item.tags.iter().map(|tag| unmistakable(tag)).collect(),
        }
    }
}

fn minutes(duration: Duration) -> u64 {
    (duration.as_secs() / 60).max(1)
}

/// Plain text that reads the same to those who take an element for text and to those who take it for HTML, since
/// RSS does not say which a title is, nor Atom's readers agree on what a name is: an invisible word joiner keeps `<` and `&` from opening a tag or an entity.
pub(super) fn unmistakable(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        plain.push(character);
        if opens_markup(character, &text[index + character.len_utf8()..]) {
            plain.push('\u{2060}');
        }
    }
    plain
}

fn opens_markup(character: char, rest: &str) -> bool {
    match character {
        '<' => rest.starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next)),
        '&' => {
            let name = rest.trim_start_matches(|next: char| next.is_ascii_alphanumeric() || next == '#');
            name.len() < rest.len() && name.starts_with(';')
        }
        _ => false,
    }
}

fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_be_taken_for_markup() {
        for (text, expected) in [
            ("R&D at 3 < 4 & more", "R&D at 3 < 4 & more"),
            ("Write &amp; for &", "Write &\u{2060}amp; for &"),
            ("Why <b> became </b>", "Why <\u{2060}b> became <\u{2060}/b>"),
            ("Plain", "Plain"),
        ] {
            assert_eq!(unmistakable(text), expected);
        }
    }
}
