//! Text of strangers: line ends, addresses in lines, replies in sentences.

use std::borrow::Cow;

/// How much of a mail is read, in bytes: what is reported stands before the mail that comes back with it.
pub const MAX_MAIL: usize = 1 << 20;

/// How many parts of a kind that may hold a mail are read.
const MAX_PARTS: usize = 100;

/// The beginning of a mail with bare LF at the ends of its lines, whether they were CRLF, LF or CR.
pub(super) fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bytes = &bytes[..bytes.len().min(MAX_MAIL)];
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut clean = Vec::with_capacity(bytes.len());
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' if bytes.get(index + 1) == Some(&b'\n') => {}
            b'\r' => clean.push(b'\n'),
            _ => clean.push(byte),
        }
    }
    Cow::Owned(clean)
}

/// The beginning of a mail in which no more mails lie in each other than a report has: the parser keeps them in each other
/// too, and thousands of them would cost it its stack.
pub(super) fn without_depths(bytes: &[u8]) -> &[u8] {
    const PART: &[u8] = b"message/";
    let places = bytes.windows(PART.len()).enumerate();
    let mut parts = places.filter(|(_, window)| window.eq_ignore_ascii_case(PART));
    parts.nth(MAX_PARTS).map_or(bytes, |(place, _)| &bytes[..place])
}

/// The first address in a line, and where it begins and ends.
pub(super) fn address(line: &str) -> Option<(usize, usize)> {
    line.match_indices('@').find_map(|(at, _)| {
        let start = line[..at].rfind(|c| !is_local(c)).map_or(0, |index| index + width(line, index));
        let start = quoted_start(line, at).unwrap_or(start);
        let start = start + usize::from(line[start..].starts_with('\''));
        let rest = &line[at + 1..];
        let length =
            rest.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).unwrap_or(rest.len());
        let domain = rest[..length].trim_end_matches(['.', '-']);
        let is_address = start < at && !domain.is_empty() && domain.starts_with(char::is_alphanumeric);
        is_address.then_some((start, at + 1 + domain.len()))
    })
}

/// Where a quoted local part (`"a b"@example.org`) begins, if the `@` follows one.
fn quoted_start(line: &str, at: usize) -> Option<usize> {
    let before = line[..at].strip_suffix('"')?;
    before.rfind('"')
}

fn width(line: &str, index: usize) -> usize {
    line[index..].chars().next().map_or(1, char::len_utf8)
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

/// Where the first refusal (`550 …`, `452-4.2.2 …`) in a text begins, and its code.
pub(super) fn reply(text: &str) -> Option<(usize, u16)> {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(2)).find_map(|index| {
        let digits = bytes.get(index..index + 3)?;
        let is_code = matches!(digits[0], b'4' | b'5')
            && matches!(digits[1], b'0'..=b'7')
            && digits[2].is_ascii_digit();
        let is_begun = index == 0
            || matches!(
                bytes[index - 1],
                b' ' | b'\n' | b'\t' | b':' | b'(' | b'[' | b'<' | b'"' | b'\'' | b';'
            );
        let is_ended = matches!(bytes.get(index + 3), None | Some(b' ' | b'-' | b':' | b'\n' | b',' | b'.'));
        if !(is_code && is_begun && is_ended && is_said(text, index)) {
            return None;
        }
        Some((index, text.get(index..index + 3)?.parse().ok()?))
    })
}

/// Whether a number is followed by words or a status, and not by a unit or the rest of a date.
fn is_said(text: &str, index: usize) -> bool {
    let rest = text.get(index + 3..).unwrap_or_default().trim_start_matches([' ', '-', ':', ',', '.']);
    let unit = ["second", "minute", "hour", "day", "byte", "kb", "mb", "time", "message", "attempt"];
    let begin: String = rest.chars().take(8).flat_map(char::to_lowercase).collect();
    !unit.iter().any(|unit| begin.starts_with(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_any_kind_become_line_feeds() {
        assert_eq!(&*with_line_feeds(b"a\r\nb\rc\nd\r"), b"a\nb\nc\nd\n");
    }

    #[test]
    fn an_address_is_found_in_a_line() {
        for (line, found) in [
            ("<ada@example.org>:", Some("ada@example.org")),
            ("rejected ada@example.org.", Some("ada@example.org")),
            ("für ä.b+c@müller.example, sagt", Some("ä.b+c@müller.example")),
            ("<\"a b\"@example.org>", Some("\"a b\"@example.org")),
            ("@example.org", None),
            ("ada@", None),
            ("at @ noon", None),
        ] {
            assert_eq!(address(line).map(|(start, end)| &line[start..end]), found, "{line}");
        }
    }

    #[test]
    fn a_refusal_is_told_from_other_numbers() {
        for (text, code) in [
            ("host mx said: 550 5.1.1 no", Some(550)),
            ("552-5.2.2 The", Some(552)),
            ("(reason: 421 later)", Some(421)),
            ("after 450 minutes", None),
            ("port 4501", None),
            ("192.0.2.450", None),
            ("250 fine", None),
        ] {
            assert_eq!(reply(text).map(|(_, code)| code), code, "{text}");
        }
    }
}
