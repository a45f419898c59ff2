//! A feed's bytes as text, whatever they say of themselves.
//!
//! A byte order mark is believed before the server, the server before the document (RFC 7303), all of them only if
//! the bytes can be what they say; then UTF-8 is tried, then a guess.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::reference::is_legal;
use crate::source::encoding::mend_utf8;

/// A document as text, and what had to be done for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// In which encoding it was, if that is not what it or its server says.
    pub surprise: Option<&'static str>,
    /// Whether characters that XML does not allow were taken out.
    pub had_illegal: bool,
}

/// Decodes a document that a server calls `content_type`.
pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let (text, surprise) = text_of(bytes, content_type);
    let had_illegal = !is_all_legal(text.as_bytes());
    let text = if had_illegal { text.chars().filter(|c| is_legal(*c)).collect() } else { text };
    Decoded { text, surprise, had_illegal }
}

/// Whether all characters of a text of UTF-8 are [legal](is_legal), by a look at its bytes: at eight at a time, because every
/// feed is looked at.
fn is_all_legal(text: &[u8]) -> bool {
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let has_control = |eight: &[u8; 8]| has_less_than_space(*eight) && eight.iter().any(is_control);
    let is_no_character = |at: usize| matches!(text[at..], [_, 0xBF, 0xBE | 0xBF, ..]);
    let (eights, rest) = text.as_chunks();
    let is_illegal = eights.iter().any(has_control) || rest.iter().any(is_control);
    !is_illegal && !memchr::memchr_iter(0xEF, text).any(is_no_character)
}

/// Whether any of eight bytes is less than a space. It may say so of a byte behind such a one in the place of none: a
/// subtraction borrows from there.
const fn has_less_than_space(eight: [u8; 8]) -> bool {
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    const TOP_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    let bytes = u64::from_ne_bytes(eight);
    bytes.wrapping_sub(SPACES) & !bytes & TOP_BITS != 0
}

fn text_of<'a>(bytes: &'a [u8], content_type: Option<&str>) -> (Cow<'a, str>, Option<&'static str>) {
    if let Some(text) = utf_32(bytes) {
        return (Cow::Owned(text), None);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let bytes = &bytes[length..];
        if encoding != UTF_8 {
            return (encoding.decode_without_bom_handling(bytes).0, None);
        }
        return (utf_8(bytes), None);
    }
    if let Some(encoding) = wide(bytes) {
        return (encoding.decode_without_bom_handling(bytes).0, None);
    }
    let is_narrow = |encoding: &&'static Encoding| *encoding != UTF_16BE && *encoding != UTF_16LE;
    let named = content_type.and_then(charset).or_else(|| declared(bytes)).filter(is_narrow);
    let is_utf_8 = std::str::from_utf8(bytes);
    match (named, is_utf_8) {
        (None, Ok(text)) => (Cow::Borrowed(text), None),
        (Some(encoding), Ok(text)) if encoding == UTF_8 || text.is_ascii() => (Cow::Borrowed(text), None),
        (Some(encoding), Ok(text)) if encoding == WINDOWS_1252 => (Cow::Borrowed(text), Some("UTF-8")),
        (Some(encoding), _) if encoding != UTF_8 => strict(encoding, bytes),
        _ => guessed(bytes),
    }
}

/// Text of an encoding that is named; if it cannot be that one, a guess.
fn strict<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> (Cow<'a, str>, Option<&'static str>) {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => (text, None),
        None => guessed(bytes),
    }
}

/// Text that says it is UTF-8, or says nothing, and is none: mostly UTF-8 with strays, else what it looks like.
fn guessed(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    let strays: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    let of_utf_8 = |text: &str| text.chars().filter(|c| !c.is_ascii()).count();
    let whole: usize = bytes.utf8_chunks().map(|chunk| of_utf_8(chunk.valid())).sum();
    if strays == 0 || whole > strays {
        return (utf_8(bytes), Some("UTF-8 with stray bytes"));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    (encoding.decode_without_bom_handling(bytes).0, Some(encoding.name()))
}

fn utf_8(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(mend_utf8(bytes)), Cow::Borrowed)
}

/// UTF-16 without a mark: the first character of XML and JSON is one of ASCII.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, b'<' | b'{', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        [b'<' | b'{', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// UTF-32, which no browser reads and `encoding_rs` does not know, by its mark or by its first character.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let (is_big, start) = match bytes {
        [0, 0, 0xfe, 0xff, ..] => (true, 4),
        [0xff, 0xfe, 0, 0, ..] => (false, 4),
        [0, 0, 0, b'<', ..] => (true, 0),
        [b'<', 0, 0, 0, ..] => (false, 0),
        _ => return None,
    };
    let units = bytes[start..].as_chunks::<4>().0.iter();
    let numbers =
        units.map(|unit| if is_big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) });
    Some(numbers.map(|number| char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// The encoding that a server names.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    let value = parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find_map(|(name, value)| name.trim().eq_ignore_ascii_case("charset").then_some(value))?;
    encoding_named(value.trim().trim_matches(['"', '\'']))
}

/// The encoding that a document declares, `<?xml … encoding="…"?>`, within its first bytes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).into_owned();
    let declaration = start.split_once("<?xml")?.1.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    encoding_named(value[1..].split_once(quote)?.0.trim())
}

fn encoding_named(label: &str) -> Option<&'static Encoding> {
    let known = Encoding::for_label_no_replacement(label.as_bytes());
    let tidied = label.to_ascii_lowercase().replace(['_', ' '], "-");
    let spelt = match tidied.as_str() {
        "latin-1" | "ansi" | "cp-1252" | "win-1252" | "windows1252" => "windows-1252",
        "latin-2" => "iso-8859-2",
        "u8" | "utf" | "utf-8-sig" => "utf-8",
        "cp936" | "ms936" => "gbk",
        "cp949" | "uhc" => "euc-kr",
        "cp932" | "mskanji" => "shift-jis",
        "cp950" => "big5",
        other => other,
    };
    known.or_else(|| Encoding::for_label_no_replacement(spelt.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], content_type: Option<&str>) -> String {
        decode(bytes, content_type).text.into_owned()
    }

    #[test]
    fn an_encoding_is_found_by_mark_server_document_and_look() {
        let utf_16: Vec<u8> = "<é/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let utf_32: Vec<u8> = "<é/>".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        for (bytes, content_type, expected) in [
            (b"\xef\xbb\xbf<\xc3\xa9/>".as_slice(), Some("text/xml; charset=iso-8859-1"), "<é/>"),
            (&[&[0xfe, 0xff], utf_16.as_slice()].concat(), None, "<é/>"),
            (&utf_16, None, "<é/>"),
            (&utf_32, None, "<é/>"),
            (
                b"<?xml version='1.0' encoding='utf-8'?><\xe9/>",
                Some("text/xml; charset=\"latin-1\""),
                "<?xml version='1.0' encoding='utf-8'?><é/>",
            ),
            (
                b"<?xml version='1.0' encoding='koi8-r'?>\xc1",
                None,
                "<?xml version='1.0' encoding='koi8-r'?>а",
            ),
            (b"<a>\xc3\xa9</a>", Some("text/xml; charset=iso-8859-1"), "<a>é</a>"),
            (b"<a>\xc3\xa9 \xc3\xa8 \x93</a>", None, "<a>é è “</a>"),
            (b"<a>caf\xe9</a>", None, "<a>café</a>"),
        ] {
            assert_eq!(read(bytes, content_type), expected);
        }
    }

    #[test]
    fn characters_that_xml_forbids_are_taken_out() {
        let decoded = decode(b"<a>\x00b\x0b</a>", None);
        assert_eq!((&*decoded.text, decoded.had_illegal), ("<a>b</a>", true));
    }

    proptest! {
        #[test]
        fn a_look_at_the_bytes_finds_the_same_characters(text in "[\u{0}-\u{20}a\u{7f}é\u{fffd}\u{fffe}\u{ffff}\u{10ffff}]{0,6}") {
            prop_assert_eq!(is_all_legal(text.as_bytes()), text.chars().all(is_legal));
        }

        #[test]
        fn any_bytes_are_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(decode(&bytes, None).text.chars().all(is_legal));
        }
    }
}
