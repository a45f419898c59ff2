//! Markup as it comes: cut into tokens that cover every byte, whatever is wrong with it.

use std::ops::Range;

use memchr::memmem;

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    pub kind: Kind<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// `<name …>` or `<name …/>`.
    Start(Tag<'a>),
    /// `</name>`.
    End(&'a str),
    /// What stands between tags, references not resolved. A `<` that begins no tag is text.
    Text,
    /// `<![CDATA[…]]>`, with what is in it.
    Cdata(&'a str),
    /// A comment, a processing instruction, a declaration.
    Other,
    /// A construct that the end of the document cuts off.
    CutOff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// As written, with its prefix.
    pub name: &'a str,
    /// Everything between the name and the end of the tag.
    rest: &'a str,
    /// Whether it ends with `/>`.
    pub is_empty: bool,
    /// Whether it ends with `>`, as it should.
    pub is_closed: bool,
}

/// An attribute as written: its value without quotes, references not resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub name: &'a str,
    pub value: &'a str,
}

/// The tokens of a text from a place on.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// How many bytes were searched in vain for the end of a construct.
    wasted: usize,
}

/// The longest attribute, declaration or processing instruction, in bytes.
const MAX_CONSTRUCT: usize = 64 * 1024;

/// The same in a document that has wasted too many bytes: one of many beginnings and no end must not be read as
/// often as it has beginnings.
const SHORT_CONSTRUCT: usize = 256;
const MAX_WASTE: usize = 4 * 1024 * 1024;

impl<'a> Tokens<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0, wasted: 0 }
    }

    /// Where the next token begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes on from another place, which must be the end of a token.
    pub fn jump(&mut self, at: usize) {
        self.at = at;
    }

    fn kind(&mut self, rest: &'a str) -> (Kind<'a>, usize) {
        if !rest.starts_with('<') {
            return (Kind::Text, memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len()));
        }
        match rest.as_bytes().get(1) {
            Some(b'?') => {
                let end = self.search(rest, |near| near.find("?>")).map(|length| length + 2);
                (Kind::Other, end.unwrap_or_else(|| one_line(rest)))
            }
            Some(b'!') => self.declaration(rest),
            Some(b'/') => end_tag(rest),
            Some(_) if rest[1..].starts_with(begins_name) => self.start_tag(rest),
            Some(_) => (Kind::Text, rest[1..].find('<').map_or(rest.len(), |length| length + 1)),
            None => (Kind::CutOff, rest.len()),
        }
    }

    /// A comment, a section of CDATA, or a declaration.
    fn declaration(&mut self, rest: &'a str) -> (Kind<'a>, usize) {
        let bounded = |start: &str, end: &str| {
            let inner = rest.strip_prefix(start)?;
            Some(
                memmem::find(inner.as_bytes(), end.as_bytes())
                    .map(|length| (&inner[..length], start.len() + length + end.len())),
            )
        };
        if let Some(comment) = bounded("<!--", "-->") {
            return comment.map_or((Kind::CutOff, rest.len()), |(_, length)| (Kind::Other, length));
        }
        if let Some(data) = bounded("<![CDATA[", "]]>") {
            return data.map_or((Kind::CutOff, rest.len()), |(data, length)| (Kind::Cdata(data), length));
        }
        let end = self.search(rest, end_of_declaration).map(|length| length + 1);
        (Kind::Other, end.unwrap_or_else(|| one_line(rest)))
    }

    fn start_tag(&mut self, rest: &'a str) -> (Kind<'a>, usize) {
        let name_end = rest[1..].find(ends_name).map_or(rest.len(), |length| length + 1);
        let Some((end, is_closed)) = self.end_of_tag(rest, name_end) else {
            return (Kind::CutOff, rest.len());
        };
        let inner = &rest[name_end..end];
        let is_empty = inner.ends_with('/');
        let tag = Tag {
            name: &rest[1..name_end],
            rest: inner.strip_suffix('/').unwrap_or(inner),
            is_empty,
            is_closed,
        };
        (Kind::Start(tag), if is_closed { end + 1 } else { end })
    }

    /// Where a tag ends: at the `>` outside of quotes, else at a `<`. A quote that nobody closes is none.
    fn end_of_tag(&mut self, rest: &str, from: usize) -> Option<(usize, bool)> {
        let bytes = rest.as_bytes();
        let mut at = from;
        let mut after_equals = false;
        while at < bytes.len() {
            match bytes[at] {
                b'>' => return Some((at, true)),
                b'<' => return Some((at, false)),
                quote @ (b'"' | b'\'') if after_equals => {
                    after_equals = false;
                    let close = self.search(&rest[at + 1..], |near| near.find(char::from(quote)));
                    let value = &rest[at + 1..at + 1 + close.unwrap_or(0)];
                    if value.contains("\n<") {
                        return value.find('>').map(|length| (at + 1 + length, true));
                    }
                    at += close.map_or(0, |close| close + 1);
                }
                b'=' => after_equals = true,
                byte if byte.is_ascii_whitespace() => {}
                _ => after_equals = false,
            }
            at += 1;
        }
        None
    }

    /// Looks for the end of a construct, not too far.
    fn search(&mut self, rest: &str, find: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        let length = if self.wasted < MAX_WASTE { MAX_CONSTRUCT } else { SHORT_CONSTRUCT };
        let near = &rest[..rest.floor_char_boundary(length)];
        let found = find(near);
        self.wasted += if found.is_none() { near.len() } else { 0 };
        found
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = self.kind(rest);
        let range = self.at..self.at + length;
        self.at = range.end;
        Some(Token { range, kind })
    }
}

impl<'a> Tag<'a> {
    /// Its attributes, as written, in order.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let mut rest = self.rest;
        std::iter::from_fn(move || next_attribute(&mut rest))
    }

    /// The value of an attribute, whatever the case of its name, references not resolved.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|attribute| attribute.name.eq_ignore_ascii_case(name)).map(|found| found.value)
    }

    /// The namespace that it declares for a prefix.
    pub fn declaration_of(&self, prefix: &str) -> Option<&'a str> {
        let is_of = |name: &str| {
            let (xmlns, declared) = name.split_once(':').unwrap_or_default();
            xmlns.eq_ignore_ascii_case("xmlns") && declared.eq_ignore_ascii_case(prefix)
        };
        self.attributes().find(|attribute| is_of(attribute.name)).map(|found| found.value)
    }

    /// Whether every attribute is written as XML wants it, and once.
    pub fn is_well_formed(&self) -> bool {
        if !self.is_closed {
            return false;
        }
        let mut names: Vec<&str> = Vec::new();
        let mut rest = self.rest;
        loop {
            let before = rest;
            let spaces = before.len() - before.trim_start().len();
            let Some(attribute) = next_attribute(&mut rest) else { return before.trim().is_empty() };
            let expected = attribute.name.len() + attribute.value.len() + 3;
            let written = before.len() - spaces - rest.len();
            if spaces == 0 || written != expected || names.contains(&attribute.name) {
                return false;
            }
            if attribute.value.contains('<') || !is_name(attribute.name) {
                return false;
            }
            names.push(attribute.name);
        }
    }
}

/// Whether a tag, an attribute or a prefix may be called so.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(begins_name)
        && name.chars().all(|c| begins_name(c) || matches!(c, '-' | '.' | '0'..='9'))
}

fn begins_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == ':'
}

fn ends_name(c: char) -> bool {
    c.is_whitespace() || matches!(c, '/' | '>' | '<' | '=' | '"' | '\'')
}

fn end_tag(rest: &str) -> (Kind<'_>, usize) {
    let Some(end) = rest[2..].find(['>', '<']).map(|length| length + 2) else {
        return (Kind::CutOff, rest.len());
    };
    let length = if rest[end..].starts_with('>') { end + 1 } else { end };
    (Kind::End(rest[2..end].trim()), length)
}

fn next_attribute<'a>(rest: &mut &'a str) -> Option<Attribute<'a>> {
    let text = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
    if text.is_empty() {
        return None;
    }
    let (name, text) = text.split_at(text.find(ends_name).unwrap_or(text.len()));
    if name.is_empty() {
        *rest = "";
        return None;
    }
    let Some(value) = text.trim_start().strip_prefix('=').map(str::trim_start) else {
        *rest = text;
        return Some(Attribute { name, value: "" });
    };
    let (value, after) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
        _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
    };
    *rest = after;
    Some(Attribute { name, value })
}

/// Where the `>` of `<!…>` is; the internal subset of a DOCTYPE may hold others.
fn end_of_declaration(near: &str) -> Option<usize> {
    let end = near.find('>')?;
    let Some(subset) = near[..end].find('[') else { return Some(end) };
    let close = subset + near[subset..].find(']')?;
    Some(close + near[close..].find('>')?)
}

fn one_line(rest: &str) -> usize {
    let near = &rest[..rest.floor_char_boundary(SHORT_CONSTRUCT)];
    near.find('\n').unwrap_or(near.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        Tokens::of(text).map(|token| token.kind).collect()
    }

    fn tag(text: &str) -> Tag<'_> {
        match kinds(text)[0] {
            Kind::Start(tag) => tag,
            other => panic!("{text} is {other:?}"),
        }
    }

    #[test]
    fn a_less_than_that_begins_no_tag_is_text() {
        assert_eq!(kinds("a < b <3 <br>").len(), 4);
        assert!(matches!(kinds("<1>")[0], Kind::Text));
    }

    #[test]
    fn attributes_are_read_however_they_are_quoted() {
        let read = |text| -> Vec<(&str, &str)> {
            tag(text).attributes().map(|attribute| (attribute.name, attribute.value)).collect()
        };
        assert_eq!(
            read(r#"<a href="x>y" b='1' c=2 d>"#),
            [("href", "x>y"), ("b", "1"), ("c", "2"), ("d", "")]
        );
        assert_eq!(read(r#"<a href = "x" />"#), [("href", "x")]);
        assert_eq!(read(r#"<a b="1"c="2">"#), [("b", "1"), ("c", "2")]);
    }

    #[test]
    fn well_formed_tags_are_told_from_others() {
        for text in ["<a>", "<a b='1' c=\"2\">", "<a\n b=\"\"/>", "<a:b x:y='1' >"] {
            assert!(tag(text).is_well_formed(), "{text}");
        }
        for text in ["<a b=1>", "<a b>", "<a b='1'c='2'>", "<a b='1' b='2'>", "<a b='<'>", "<a <b>"] {
            assert!(!tag(text).is_well_formed(), "{text}");
        }
    }

    #[test]
    fn a_doctype_may_hold_declarations() {
        let text = r#"<!DOCTYPE rss [<!ENTITY a "b">]><rss>"#;
        assert!(matches!(kinds(text)[..], [Kind::Other, Kind::Start(Tag { name: "rss", .. })]));
    }

    proptest! {
        #[test]
        fn tokens_cover_every_text(text in "(<|>|/|!|\\[|\\]|-|\\?|=|\"|'|&|;|a|é| |\n|CDATA){0,60}") {
            let mut at = 0;
            for token in Tokens::of(&text) {
                prop_assert_eq!(token.range.start, at);
                prop_assert!(token.range.end > at);
                at = token.range.end;
                if let Kind::Start(tag) = token.kind {
                    let _ = (tag.is_well_formed(), tag.attributes().count());
                }
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
