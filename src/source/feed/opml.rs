//! Lists of feeds as readers of feeds exchange them (OPML 1.0 and 2.0), written well or not.

use std::collections::HashMap;

use url::Url;

use super::markup::{Kind, Tag, Tokens};
use super::reference::{Entities, decode};
use super::skeleton::local;
use crate::model::address::canonical;

/// The most feeds that one list holds, and the most that is told of what is wrong with it.
const MAX_FEEDS: usize = 10_000;
const MAX_BROKEN: usize = 100;

/// The most tags of one feed, and the longest text that is kept, in characters.
const MAX_TAGS: usize = 8;
const MAX_TEXT: usize = 200;

/// A list of feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedList {
    /// The feeds, in their order, each once.
    pub feeds: Vec<ListedFeed>,
    /// Outlines that are no feed although they should be: the line, and why.
    pub broken: Vec<(usize, String)>,
    /// Feeds that were in the list before: the line, and that of the first.
    pub repeated: Vec<(usize, usize)>,
}

/// A feed of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFeed {
    /// The line on which it stands.
    pub line: usize,
    /// What it is called.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The folders it is in, and its categories.
    pub tags: Vec<String>,
}

/// What is read while folders are open.
#[derive(Default)]
struct Reader {
    list: FeedList,
    /// What each open outline is called, from the outermost on.
    folders: Vec<Option<String>>,
    /// Feeds by their addresses without what may change, and where each stands.
    seen: HashMap<String, usize>,
}

/// Reads a list; `None` if the text is none.
pub(in crate::source) fn read(text: &str) -> Option<FeedList> {
    let mut reader = Reader::default();
    let (mut line, mut counted, mut is_list) = (1, 0, false);
    for token in Tokens::of(text) {
        line += text[counted..token.range.start].matches('\n').count();
        counted = token.range.start;
        match token.kind {
            Kind::Start(tag) if local(tag.name).eq_ignore_ascii_case("opml") => is_list = true,
            Kind::Start(tag) if is_list && local(tag.name).eq_ignore_ascii_case("outline") => {
                reader.outline(tag, line);
            }
            Kind::End(name) if local(name).eq_ignore_ascii_case("outline") => {
                reader.folders.pop();
            }
            Kind::CutOff if is_list && text[counted..].starts_with('<') => {
                reader.note(line, "it breaks off: the rest of the file is missing".to_owned());
            }
            _ => {}
        }
    }
    is_list.then_some(reader.list)
}

impl Reader {
    fn outline(&mut self, tag: Tag<'_>, line: usize) {
        let title = text(tag, "text").or_else(|| text(tag, "title"));
        match text_of(tag, "xmlUrl").or_else(|| text_of(tag, "url").filter(|_| is_feed(tag))) {
            Some(address) => self.feed(tag, line, title.clone(), &address),
            None if is_feed(tag) => {
                self.note(line, format!("{} has no xmlUrl", named(title.as_deref())));
            }
            None if !tag.is_well_formed() => {
                self.note(line, format!("{} is not well-formed", named(title.as_deref())));
            }
            None => {}
        }
        if !tag.is_empty {
            self.folders.push(title);
        }
    }

    fn feed(&mut self, tag: Tag<'_>, line: usize, title: Option<String>, address: &str) {
        let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        let Some(url) = Url::parse(address.trim()).ok().filter(is_web) else {
            let shown: String = address.chars().take(80).collect();
            let title = named(title.as_deref());
            return self.note(line, format!("{title}: {shown:?} is no http or https address"));
        };
        let key = canonical(url.as_str()).unwrap_or_else(|| url.to_string());
        if let Some(first) = self.seen.get(&key) {
            if self.list.repeated.len() < MAX_FEEDS {
                self.list.repeated.push((line, *first));
            }
            return;
        }
        if self.list.feeds.len() >= MAX_FEEDS {
            return self.note(line, format!("the list is longer than {MAX_FEEDS} feeds"));
        }
        self.seen.insert(key, line);
        let tags = self.tags(tag);
        let title = title.unwrap_or_default();
        self.list.feeds.push(ListedFeed { line, title, url: url.into(), tags });
    }

    /// The folders around an outline, the outermost first, and its own categories: `/news/sea,weather` is three.
    fn tags(&self, tag: Tag<'_>) -> Vec<String> {
        let category = text(tag, "category").unwrap_or_default();
        let own = category.split([',', '/']).map(|part| part.trim().to_owned());
        let mut tags: Vec<String> = Vec::new();
        for tag in self.folders.iter().take(MAX_TAGS).flatten().cloned().chain(own) {
            let is_known = tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase());
            if !tag.is_empty() && !is_known && tags.len() < MAX_TAGS {
                tags.push(tag);
            }
        }
        tags
    }

    fn note(&mut self, line: usize, why: String) {
        if self.list.broken.len() < MAX_BROKEN {
            self.list.broken.push((line, why));
        }
    }
}

fn is_feed(tag: Tag<'_>) -> bool {
    let kind = text_of(tag, "type").unwrap_or_default().to_ascii_lowercase();
    matches!(kind.as_str(), "rss" | "atom" | "feed" | "rss1" | "pie" | "application/rss+xml")
}

fn named(title: Option<&str>) -> String {
    title.map_or_else(|| "an outline without a name".to_owned(), |title| format!("{title:?}"))
}

fn text_of(tag: Tag<'_>, name: &str) -> Option<String> {
    let value = decode(tag.attribute(name)?, &Entities::default()).trim().to_owned();
    Some(value).filter(|value| !value.is_empty())
}

/// A text on one line, not too long.
fn text(tag: Tag<'_>, name: &str) -> Option<String> {
    let line = crate::model::text::line(&text_of(tag, name)?);
    let line: String = line.chars().take(MAX_TEXT).collect();
    Some(line).filter(|line| !line.is_empty())
}
