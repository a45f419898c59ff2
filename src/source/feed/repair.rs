//! XML as it comes, made a feed that feed-rs reads whole: nothing it would stumble over, nothing it would lose.
//!
//! A document is read as a flat thing: a root, in it what the feed says of itself, and items, in each of them what
//! it says of an article. What is well written is copied as it is. What is not, or is said in a vocabulary that
//! feed-rs does not know, is written again; what no article needs is left out.

use std::collections::HashMap;

use url::Url;

use super::about::About;
use super::markup::{Kind, Tag, Token};
use super::names::{Field, Space, field};
use super::reference::{Entities, decode};
use super::repairs::{Repair, Repairs};
use super::scan::{Element, Scanner};
use super::skeleton::{Dialect, Skeleton, local};
use super::texts::Texts;
use super::{value, write};

/// The most items of one feed that are read.
pub(super) const MAX_ITEMS: usize = 5_000;

/// The most elements of one item that are read.
const MAX_FIELDS: usize = 500;

/// What feed-rs is given, in pieces so that a bad item can be left out.
#[derive(Debug)]
pub(super) struct Mended {
    /// Everything before the first item.
    pub head: String,
    /// Each item, and what feed-rs does not say of it.
    pub items: Vec<(String, Facts)>,
    /// Everything after the last item.
    pub tail: &'static str,
    /// What stands between two items.
    pub separator: &'static str,
    pub repairs: Repairs,
    /// What the feed says of itself besides.
    pub about: About,
}

/// What is to be known of an item besides what feed-rs says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    /// The `xml:base` in force in its body.
    pub base: Option<Url>,
    /// Its language, or the feed's.
    pub language: Option<String>,
    /// How many seconds its recordings and films last, by their addresses.
    pub seconds: Vec<(String, u64)>,
    /// What it says at length.
    pub texts: Texts,
}

/// Why a document is no feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotAFeed {
    /// It is a page.
    Html,
    /// It is XML, but its root is this.
    Root(String),
    /// There are no tags in it.
    NotXml,
}

/// An item's elements, as they were found.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub tag: Tag<'a>,
    pub fields: Vec<(Field, u8, Element<'a>)>,
}

/// Reads one document.
pub(super) struct Reader<'a> {
    pub dialect: Dialect,
    pub entities: Entities,
    pub repairs: Repairs,
    text: &'a str,
    scanner: Scanner<'a>,
    skeleton: Skeleton<'a>,
    /// Prefixes that the document declares; the empty one is its default.
    spaces: HashMap<&'a str, Space>,
    /// Where the document was found.
    address: &'a Url,
    /// Of the whole document.
    facts: Facts,
    about: About,
    /// Whether there is nothing that must still be closed.
    is_closed: bool,
}

/// Makes a feed of `text`, which was found at `address`.
pub(super) fn mend(text: &str, address: &Url) -> Result<Mended, NotAFeed> {
    let mut reader = Reader {
        dialect: Dialect::Rss,
        entities: Entities::default(),
        repairs: Repairs::default(),
        text,
        scanner: Scanner::of(text),
        skeleton: Skeleton::default(),
        spaces: HashMap::new(),
        address,
        facts: Facts::default(),
        about: About::default(),
        is_closed: false,
    };
    reader.find_root()?;
    Ok(reader.read())
}

impl<'a> Reader<'a> {
    /// Goes behind the root's tag; to the tag itself if the root is missing and it is one that should be inside.
    fn find_root(&mut self) -> Result<(), NotAFeed> {
        let mut first = None;
        while let Some(token) = self.scanner.next() {
            let raw = &self.text[token.range.clone()];
            match token.kind {
                Kind::Other if is_html_doctype(raw) => return Err(NotAFeed::Html),
                Kind::Other => self.entities.read(raw),
                Kind::Text if !raw.trim().is_empty() => self.repairs.add(Repair::JunkBefore),
                Kind::Start(tag) if local(tag.name).eq_ignore_ascii_case("html") => {
                    return Err(NotAFeed::Html);
                }
                Kind::Start(tag) => match Dialect::beginning_with(tag.name) {
                    Some(dialect) => {
                        self.enter(dialect, tag, &token);
                        return Ok(());
                    }
                    None => first = first.or(Some(tag.name)),
                },
                _ => {}
            }
        }
        Err(first.map_or(NotAFeed::NotXml, |name| NotAFeed::Root(name.chars().take(40).collect())))
    }

    fn enter(&mut self, dialect: Dialect, tag: Tag<'a>, token: &Token<'a>) {
        self.dialect = dialect;
        self.take_over(tag);
        if self.skeleton.is_item(tag.name) {
            self.is_closed = true;
            self.scanner.back_to(token);
        }
        if tag.name.eq_ignore_ascii_case("rss") && tag.attribute("version").is_none() {
            self.repairs.add(Repair::NoVersion);
        }
    }

    /// Takes over what a root or channel says for everything in it.
    fn take_over(&mut self, tag: Tag<'a>) {
        self.repairs.add_tag(tag);
        for attribute in tag.attributes() {
            let space = Space::of_uri(attribute.value);
            match attribute.name.split_once(':') {
                Some(("xmlns", prefix)) => {
                    self.skeleton.declare(prefix, space);
                    self.spaces.insert(prefix, space);
                }
                None if attribute.name == "xmlns" => {
                    self.spaces.insert("", space);
                }
                _ => {}
            }
        }
        self.facts = self.facts_in(tag);
    }

    /// What holds inside a tag.
    fn facts_in(&self, tag: Tag<'_>) -> Facts {
        let value = |name| tag.attribute(name).map(|value| decode(value, &self.entities).trim().to_owned());
        let outer = self.facts.base.as_ref().unwrap_or(self.address);
        Facts {
            base: value("xml:base")
                .and_then(|base| outer.join(&base).ok())
                .or_else(|| self.facts.base.clone()),
            language: value("xml:lang").or_else(|| self.facts.language.clone()),
            seconds: Vec::new(),
            texts: Texts::default(),
        }
    }

    fn read(mut self) -> Mended {
        let (head, tail) = write::frame(self.dialect);
        let (mut head, mut items) = (head.to_owned(), Vec::new());
        if !self.read_root(&mut head, &mut items) {
            self.repairs.add(Repair::CutOff);
        }
        Mended { head, items, tail, separator: "", repairs: self.repairs, about: self.about }
    }

    /// Reads everything in the root, and says whether its end was there.
    fn read_root(&mut self, head: &mut String, items: &mut Vec<(String, Facts)>) -> bool {
        while let Some(token) = self.scanner.next() {
            match token.kind {
                Kind::Start(tag) if self.skeleton.is_item(tag.name) && items.len() == MAX_ITEMS => {
                    self.repairs.add(Repair::TooMany);
                    return true;
                }
                Kind::Start(tag) if self.skeleton.is_item(tag.name) => items.extend(self.read_item(tag)),
                Kind::Start(tag) if self.skeleton.is_container(tag.name) => self.take_over(tag),
                Kind::Start(tag) => self.read_about(&token, tag, head),
                Kind::End(name) if self.skeleton.is_root(name) => return true,
                Kind::End(name) => self.is_closed |= self.skeleton.is_container(name),
                Kind::CutOff => return false,
                _ => {}
            }
        }
        self.is_closed
    }

    /// Reads what the feed says of itself, and keeps what matters.
    fn read_about(&mut self, start: &Token<'a>, tag: Tag<'a>, head: &mut String) {
        let space = self.space(tag);
        let element = self.element(start, tag);
        let text = || value::text(&element, &self.entities).trim().to_owned();
        match (space, local(tag.name).to_ascii_lowercase().as_str()) {
            (Space::Own, "title") => write::text("title", &text(), head),
            (Space::Own | Space::DublinCore, "language") => self.facts.language = Some(text()),
            (Space::Own, "author") if self.dialect == Dialect::Atom => {
                write::author(self.dialect, &element, &self.entities, head);
            }
            (Space::Own, name) => self.about.read(name, &element, &self.entities),
            (Space::Atom, "link") => self.about.read_link(&element, &self.entities),
            (Space::Syndication, name) => self.about.read_syndication(name, &element, &self.entities),
            _ => {}
        }
    }

    /// Reads an item to its end, or to where it must have ended; `None` if the document breaks off in it.
    fn read_item(&mut self, tag: Tag<'a>) -> Option<(String, Facts)> {
        let mut item = Item { tag, fields: Vec::new() };
        if !tag.is_empty && !self.read_fields(&mut item) {
            self.repairs.add(Repair::CutOffItem);
            return None;
        }
        let around = self.facts_in(item.tag);
        let mut facts = self.facts_of(&item, around.clone());
        facts.texts = Texts::of(self, &item);
        Some((write::item(self, &item, around.base.as_ref()), facts))
    }

    fn read_fields(&mut self, item: &mut Item<'a>) -> bool {
        while let Some(token) = self.scanner.next() {
            match token.kind {
                Kind::End(name) if self.skeleton.is_item(name) => return true,
                Kind::Start(Tag { name, .. }) | Kind::End(name) if self.skeleton.is_boundary(name) => {
                    self.repairs.add(Repair::Unclosed);
                    self.scanner.back_to(&token);
                    return true;
                }
                Kind::Start(tag) => self.read_field(&token, tag, item),
                Kind::CutOff => return false,
                _ => {}
            }
        }
        false
    }

    fn read_field(&mut self, start: &Token<'a>, tag: Tag<'a>, item: &mut Item<'a>) {
        let known = field(self.space(tag), &local(tag.name).to_ascii_lowercase());
        let element = self.element(start, tag);
        if let Some((field, rank)) = known
            && item.fields.len() < MAX_FIELDS
        {
            if !element.is_whole {
                self.repairs.add(Repair::Unclosed);
            }
            item.fields.push((field, rank, element));
        }
    }

    /// What its elements say, where `facts` holds around them.
    fn facts_of(&self, item: &Item<'_>, mut facts: Facts) -> Facts {
        for (field, _, element) in &item.fields {
            match field {
                Field::Language => {
                    facts.language = Some(value::text(element, &self.entities).trim().to_owned());
                }
                Field::Body => {
                    let outer = facts.base.as_ref().unwrap_or(self.address);
                    let base =
                        element.tag.attribute("xml:base").and_then(|base| outer.join(base.trim()).ok());
                    facts.base = base.or(facts.base);
                }
                _ => {}
            }
        }
        facts
    }

    fn element(&mut self, start: &Token<'a>, tag: Tag<'a>) -> Element<'a> {
        let skeleton = &self.skeleton;
        self.scanner.element(&start.range, tag, |name| skeleton.is_boundary(name))
    }

    /// The vocabulary of a tag.
    fn space(&self, tag: Tag<'_>) -> Space {
        let (prefix, declared) = match tag.name.split_once(':') {
            Some((prefix, _)) => (prefix, tag.declaration_of(prefix)),
            None => ("", tag.attribute("xmlns")),
        };
        let declared = declared.map(Space::of_uri).or_else(|| self.spaces.get(prefix).copied());
        match declared.filter(|space| *space != Space::Other).unwrap_or_else(|| Space::of_prefix(prefix)) {
            Space::Other if prefix.is_empty() => Space::Own,
            Space::Atom if prefix.is_empty() || self.dialect == Dialect::Atom => Space::Own,
            space => space,
        }
    }
}

fn is_html_doctype(raw: &str) -> bool {
    raw.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"))
}
