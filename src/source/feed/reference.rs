//! References such as `&amp;` and `&#38;`: what they stand for, and what is wrong with them.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

use encoding_rs::WINDOWS_1252;

use super::markup::is_name;

/// The longest name of an entity.
const MAX_NAME: usize = 32;

/// The most entities that a document may declare, and the most bytes that one may stand for.
const MAX_ENTITIES: usize = 200;
const MAX_ENTITY: usize = 500;

/// The most bytes that a document may grow by them.
const MAX_GROWTH: usize = 1024 * 1024;

/// The entities that a document declares itself, and how many bytes they have been resolved to.
#[derive(Debug, Default)]
pub(super) struct Entities {
    values: HashMap<String, String>,
    growth: Cell<usize>,
}

/// What is wrong with the references of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flaws {
    /// There is an `&` that begins none.
    pub is_bare: bool,
    /// There is a name that XML does not know, such as `&nbsp;`.
    pub is_foreign: bool,
    /// There is a number that stands for no character of XML.
    pub is_illegal: bool,
}

enum Meaning<'a> {
    Predefined(char),
    Numeric(Option<char>),
    Named(&'a str),
    Bare,
}

impl Entities {
    /// Reads `<!ENTITY name "value">` from a DOCTYPE. An entity of entities is not followed.
    pub fn read(&mut self, doctype: &str) {
        for declaration in doctype.split("<!ENTITY").skip(1).take(MAX_ENTITIES) {
            let Some((name, rest)) = declaration.trim_start().split_once(char::is_whitespace) else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote @ ('"' | '\'')) = rest.chars().next() else { continue };
            let Some((value, _)) = rest[1..].split_once(quote) else { continue };
            if is_name(name) && value.len() <= MAX_ENTITY && self.values.len() < MAX_ENTITIES {
                self.values.insert(name.to_owned(), decode(value, &Self::default()).into_owned());
            }
        }
    }

    /// Whether a text names one of them.
    pub fn are_in(&self, text: &str) -> bool {
        !self.values.is_empty() && text.contains('&')
    }

    /// What a name stands for, as long as the document does not grow too much.
    fn resolve(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?;
        self.growth.set(self.growth.get() + value.len());
        (self.growth.get() <= MAX_GROWTH).then_some(value.as_str())
    }
}

/// What is wrong with the references of a text, if anything.
pub(super) fn flaws(text: &str) -> Flaws {
    let mut flaws = Flaws::default();
    for (at, _) in text.match_indices('&') {
        match meaning(&text[at..]).0 {
            Meaning::Predefined(_) => {}
            Meaning::Numeric(Some(c)) if !is_c1(c) => {}
            Meaning::Numeric(_) => flaws.is_illegal = true,
            Meaning::Named(_) => flaws.is_foreign = true,
            Meaning::Bare => flaws.is_bare = true,
        }
    }
    flaws
}

/// The text that a text of XML stands for. A name that is not known stays as it is: it may be one of HTML's.
pub(super) fn decode<'a>(text: &'a str, entities: &Entities) -> Cow<'a, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let (meaning, length) = meaning(&rest[at..]);
        match meaning {
            Meaning::Predefined(c) => decoded.push(c),
            Meaning::Numeric(c) => decoded.extend(c.map(from_c1)),
            Meaning::Named(name) => {
                decoded.push_str(entities.resolve(name).unwrap_or(&rest[at..at + length]));
            }
            Meaning::Bare => decoded.push('&'),
        }
        rest = &rest[at + length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Writes a text so that XML reads it as it is in an element. Of much markup it grows little.
pub(super) fn quote(text: &str, into: &mut String) {
    if !text.contains('<') {
        return escape(text, into);
    }
    into.push_str("<![CDATA[");
    into.push_str(&text.replace("]]>", "]]]]><![CDATA[>"));
    into.push_str("]]>");
}

/// Writes a text so that XML reads it as it is, in an element or in an attribute.
pub(super) fn escape(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        into.push_str(&rest[..at]);
        into.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    into.push_str(rest);
}

/// Whether XML 1.0 may hold this character.
pub(super) const fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// What stands at the beginning of `text`, which is an `&`, and how many bytes it takes.
fn meaning(text: &str) -> (Meaning<'_>, usize) {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        return numeric(number);
    }
    let length = body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(body.len());
    let name = &body[..length];
    if length == 0 || length > MAX_NAME || !body[length..].starts_with(';') || !is_name(name) {
        return (Meaning::Bare, 1);
    }
    let meaning = match name {
        "amp" => Meaning::Predefined('&'),
        "lt" => Meaning::Predefined('<'),
        "gt" => Meaning::Predefined('>'),
        "quot" => Meaning::Predefined('"'),
        "apos" => Meaning::Predefined('\''),
        _ => Meaning::Named(name),
    };
    (meaning, length + 2)
}

fn numeric(number: &str) -> (Meaning<'_>, usize) {
    let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 3),
        None => (number, 10, 2),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    if length == 0 {
        return (Meaning::Bare, 1);
    }
    let c = u32::from_str_radix(&digits[..length], radix).ok().and_then(char::from_u32);
    let semicolon = usize::from(digits[length..].starts_with(';'));
    (Meaning::Numeric(c.filter(|c| is_legal(*c))), before + length + semicolon)
}

const fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

/// Who writes `&#146;` means the apostrophe that windows-1252 has there.
fn from_c1(c: char) -> char {
    match u8::try_from(u32::from(c)) {
        Ok(byte) if is_c1(c) => {
            WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(c)
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn references_are_read_as_they_were_meant() {
        let mut entities = Entities::default();
        entities.read(r#"<!DOCTYPE x [<!ENTITY co "A&amp;B"> <!ENTITY loop "&loop;"> <!ENTITY % p "x">]>"#);
        for (text, expected) in [
            ("a &amp; b &lt;i&gt; &quot;&apos;", "a & b <i> \"'"),
            ("&#233;&#xE9;&#XE9;", "ééé"),
            ("it&#146;s &#39s", "it’s 's"),
            ("a & b &c; &#; &x y", "a & b &c; &#; &x y"),
            ("&nbsp;", "&nbsp;"),
            ("&#0;&#31;&#xD800;&#x110000;&#99999999999;", ""),
            ("&co; &loop;", "A&B &loop;"),
        ] {
            assert_eq!(decode(text, &entities), expected, "{text}");
        }
    }

    #[test]
    fn flaws_are_told_apart() {
        assert_eq!(flaws("a &amp; &#233; b"), Flaws::default());
        assert!(flaws("R&D").is_bare && flaws("&nbsp;").is_foreign && flaws("&#2;").is_illegal);
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_read_back(text in "\\PC{0,40}") {
            let mut escaped = String::new();
            escape(&text, &mut escaped);
            let read = decode(&escaped, &Entities::default());
            prop_assert_eq!(read.as_ref(), text.as_str());
            prop_assert_eq!(flaws(&escaped), Flaws::default());
        }

        #[test]
        fn any_text_is_decoded(text in "(&|#|x|;|[0-9a-f]|amp|é| ){0,40}") {
            decode(&text, &Entities::default());
        }
    }
}
