//! Header lines (RFC 5322 §2.2), with other than ASCII text as encoded words (RFC 2047).
//!
//! lettre's own encoder does not suffice here: it leaves a long unbroken word on one line, writes text that
//! looks like an encoded word as it is, and panics at a line break in a display name.

use data_encoding::BASE64;

use super::transfer::append_hex;
use crate::model::mailbox::Mailbox;
use crate::model::slot;
use crate::model::subscriber::EmailAddress;

/// The longest line that a header should have, without its line break.
const MAX_LINE: usize = 78;

/// The longest encoded word.
const MAX_WORD: usize = 75;

/// What an encoded word has around its text: `=?utf-8?b?` and `?=`.
const WORD_FRAME: usize = 12;

/// An unstructured header, such as Subject: folded, encoded where it must be, with its line break.
pub(super) fn text_line(name: &str, value: &str) -> String {
    let value = one_line(value);
    let mut line = format!("{name}:");
    if is_plain(&value) {
        append_folded(&mut line, &value);
    } else {
        append_encoded_words(&mut line, &value);
    }
    line.push_str("\r\n");
    line
}

/// A header that names one mailbox, such as From.
pub(super) fn mailbox_line(name: &str, mailbox: &Mailbox) -> String {
    let address = ascii_domain(&mailbox.address);
    match one_line(mailbox.name.as_deref().unwrap_or_default()).as_str() {
        "" => format!("{name}: {address}\r\n"),
        display_name => phrase_line(name, display_name, &address),
    }
}

/// A header of the form `Name: "a phrase" <an identifier>`; the phrase is in one line.
pub(super) fn phrase_line(name: &str, phrase: &str, identifier: &str) -> String {
    let mut line = format!("{name}:");
    if is_plain(phrase) && phrase.len() <= MAX_LINE - 16 {
        line.extend([" \"", &phrase.replace('\\', "\\\\").replace('"', "\\\""), "\""]);
    } else {
        append_encoded_words(&mut line, phrase);
    }
    append_folded(&mut line, &format!("<{identifier}>"));
    line.push_str("\r\n");
    line
}

/// The address as headers and commands carry it: an internationalised domain as A-labels (RFC 5890).
pub(super) fn ascii_domain(address: &EmailAddress) -> String {
    let text = address.as_str();
    let (local, domain) = text.rsplit_once('@').unwrap_or((text, ""));
    if domain.is_ascii() {
        return text.to_owned();
    }
    match url::Host::parse(domain) {
        Ok(host) => format!("{local}@{host}"),
        Err(_) => text.to_owned(),
    }
}

/// The text in one line: control characters and markers are blanks, and blanks are single.
pub(super) fn one_line(text: &str) -> String {
    let is_blank = |c: char| c.is_control() || c.is_whitespace() || slot::is_marker(c);
    text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether the text can stand in a header as it is.
fn is_plain(text: &str) -> bool {
    let fits = |word: &str| word.len() <= MAX_LINE - 12;
    text.is_ascii() && !text.contains("=?") && text.split(' ').all(fits)
}

/// The length of the last line.
fn column(line: &str) -> usize {
    line.len() - line.rfind('\n').map_or(0, |at| at + 1)
}

fn append_folded(line: &mut String, words: &str) {
    for word in words.split(' ') {
        let fits = column(line) + 1 + word.len() <= MAX_LINE;
        line.push_str(if fits { " " } else { "\r\n " });
        line.push_str(word);
    }
}

fn append_encoded_words(line: &mut String, text: &str) {
    let (kind, encode): (_, fn(&str) -> String) =
        if q_encoded(text).len() <= b_encoded(text).len() { ("q", q_encoded) } else { ("b", b_encoded) };
    let mut rest = text;
    while !rest.is_empty() {
        if column(line) + 1 + WORD_FRAME + 24 > MAX_LINE {
            line.push_str("\r\n");
        }
        let room = (MAX_LINE - column(line) - 1).min(MAX_WORD) - WORD_FRAME;
        let end = longest_prefix(rest, |prefix| encode(prefix).len() <= room);
        line.extend([" =?utf-8?", kind, "?", &encode(&rest[..end]), "?="]);
        rest = &rest[end..];
    }
}

/// Where the longest prefix of whole characters ends that fits; at least one character.
fn longest_prefix(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut end = 0;
    for candidate in ends.take(MAX_WORD) {
        if end > 0 && !fits(&text[..candidate]) {
            break;
        }
        end = candidate;
    }
    end
}

fn b_encoded(text: &str) -> String {
    BASE64.encode(text.as_bytes())
}

/// The Q encoding, restricted to what is allowed in a display name too (RFC 2047 §5).
fn q_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b' ' => encoded.push('_'),
            b'!' | b'*' | b'+' | b'-' | b'/' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => append_hex(&mut encoded, '=', &[byte]),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn subject_of(line: &str) -> String {
        let message = format!("{line}\r\n");
        let parsed = mail_parser::MessageParser::default().parse(message.as_bytes()).unwrap();
        parsed.subject().unwrap_or_default().to_owned()
    }

    #[test]
    fn plain_text_stays_readable() {
        assert_eq!(text_line("Subject", "Bridge  reopens\r\nBcc: x"), "Subject: Bridge reopens Bcc: x\r\n");
        assert_eq!(text_line("Subject", "جسر"), "Subject: =?utf-8?b?2KzYs9ix?=\r\n");
        assert_eq!(text_line("Subject", "Die Brücke"), "Subject: =?utf-8?q?Die_Br=C3=BCcke?=\r\n");
        assert_eq!(text_line("Subject", "=?utf-8?q?x?="), "Subject: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?=\r\n");
    }

    #[test]
    fn a_mailbox_is_quoted_or_encoded() {
        for (name, expected) in [
            ("The Courier", "From: \"The Courier\" <d@example.org>\r\n"),
            (r#"a "b" \c"#, "From: \"a \\\"b\\\" \\\\c\" <d@example.org>\r\n"),
            ("Zürich\r\nBcc: x", "From: =?utf-8?q?Z=C3=BCrich_Bcc=3A_x?= <d@example.org>\r\n"),
        ] {
            let mailbox = Mailbox { name: Some(name.to_owned()), address: "d@example.org".parse().unwrap() };
            assert_eq!(mailbox_line("From", &mailbox), expected);
        }
    }

    #[test]
    fn a_domain_goes_out_as_a_labels() {
        assert_eq!(ascii_domain(&"ada@bücher.example".parse().unwrap()), "ada@xn--bcher-kva.example");
    }

    proptest! {
        #[test]
        fn any_subject_is_read_back_from_short_lines(text in "\\PC{0,200}", glue in ".{0,20}") {
            let text = format!("{text}{glue}");
            let line = text_line("Subject", &text);
            prop_assert!(line.is_ascii());
            for part in line.trim_end().split("\r\n") {
                prop_assert!(part.len() <= MAX_LINE && !part.contains(['\r', '\n']), "{part:?}");
                prop_assert!(part.split(' ').all(|word| word.len() <= MAX_WORD));
            }
            prop_assert_eq!(subject_of(&line), one_line(&text));
        }

        #[test]
        fn any_display_name_is_read_back(name in "\\PC{1,120}") {
            let mailbox = Mailbox { name: Some(name.clone()), address: "d@example.org".parse().unwrap() };
            let line = mailbox_line("From", &mailbox);
            prop_assert!(line.trim_end().split("\r\n").all(|part| part.len() <= MAX_LINE), "{line:?}");
            let message = format!("{line}\r\n");
            let parsed = mail_parser::MessageParser::default().parse(message.as_bytes()).unwrap();
            let from = parsed.from().unwrap().first().unwrap();
            prop_assert_eq!(from.address(), Some("d@example.org"));
            prop_assert_eq!(from.name().unwrap_or_default(), one_line(&name));
        }
    }
}
