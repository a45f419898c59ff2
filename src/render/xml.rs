//! The one way by which text reaches an XML document.

use std::fmt;

use askama::filters::Escaper;

/// Writes text so that any XML parser reads the same text back, less what no document may hold
/// ([`is_permitted`]). Registered for `.xml` templates in `askama.toml`.
///
/// `&` and `<` become `&#x26;` and `&#x3C;`, the forms in which the RSS Profile wants them in titles. A carriage
/// return, which a parser would turn into a line feed, is written as one. `]]>` cannot come about, because `>` is
/// written `&gt;`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Xml;

impl Escaper for Xml {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        let mut written = 0;
        for (index, character) in text.char_indices() {
            let Some(replacement) = replacement(character, &text[index..]) else { continue };
            dest.write_str(&text[written..index])?;
            dest.write_str(replacement)?;
            written = index + character.len_utf8();
        }
        dest.write_str(&text[written..])
    }
}

/// Whether a character may stand in a feed: what XML 1.0 allows, less what feed validators object to (C1 control
/// characters, U+FFFD) and Unicode's non-characters.
pub const fn is_permitted(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFD}' => false,
        other => other as u32 & 0xFFFE != 0xFFFE,
    }
}

/// The text without the characters that no feed may hold.
pub fn permitted(text: &str) -> String {
    text.chars().filter(|character| is_permitted(*character)).collect()
}

fn replacement(character: char, rest: &str) -> Option<&'static str> {
    match character {
        '&' => Some("&#x26;"),
        '<' => Some("&#x3C;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\r' if rest.starts_with("\r\n") => Some(""),
        '\r' => Some("\n"),
        other if is_permitted(other) => None,
        _ => Some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_what_no_document_may_hold_is_left_out() {
        for (text, expected) in [
            ("Tom & Jerry's <b>", "Tom &#x26; Jerry's &#x3C;b&gt;"),
            ("]]>", "]]&gt;"),
            ("a\u{B}b\u{0}c\u{85}d\u{FFFE}e\u{FFFD}f\u{1FFFF}g", "abcdefg"),
            ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
            ("\"\u{1F600}\" \u{202E}x\u{5E9}", "&quot;\u{1F600}&quot; \u{202E}x\u{5E9}"),
        ] {
            let mut written = String::new();
            Xml.write_escaped_str(&mut written, text).unwrap();
            assert_eq!(written, expected);
        }
    }
}
