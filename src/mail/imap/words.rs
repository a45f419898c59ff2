//! What stands in IMAP's commands and answers, in a form fit for the other side.

use data_encoding::BASE64_NOPAD;

/// How much of a server's words is repeated, in characters.
const MOST_WORDS: usize = 200;

/// A name or password as a quoted string (RFC 3501 §4.3); it has no control characters.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The name of a folder, quoted: in the form of UTF-7 that IMAP has for names (RFC 3501 §5.1.3).
pub(super) fn folder(name: &str) -> String {
    let mut written = String::new();
    let mut odd: Vec<u16> = Vec::new();
    for character in name.chars() {
        if matches!(character, ' '..='~') {
            shift(&mut written, &mut odd);
            written.push_str(if character == '&' { "&-" } else { "" });
            if character != '&' {
                written.push(character);
            }
        } else {
            odd.extend_from_slice(character.encode_utf16(&mut [0; 2]));
        }
    }
    shift(&mut written, &mut odd);
    quoted(&written)
}

fn shift(written: &mut String, odd: &mut Vec<u16>) {
    if odd.is_empty() {
        return;
    }
    let bytes: Vec<u8> = odd.drain(..).flat_map(u16::to_be_bytes).collect();
    written.push('&');
    written.push_str(&BASE64_NOPAD.encode(&bytes).replace('/', ","));
    written.push('-');
}

/// A server's words in one line, bounded, and without addresses: they go into the log.
pub(super) fn printed(words: &str) -> String {
    let kept = words.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    let line = kept.collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(MOST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_folder_is_written_as_imap_has_it() {
        for (name, written) in [
            ("INBOX", "\"INBOX\""),
            ("a \"b\" \\c", "\"a \\\"b\\\" \\\\c\""),
            ("Tom & Co", "\"Tom &- Co\""),
            ("Entwürfe", "\"Entw&APw-rfe\""),
            ("~peter/mail/台北/日本語", "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""),
            ("é&", "\"&AOk-&-\""),
        ] {
            assert_eq!(folder(name), written);
        }
    }

    #[test]
    fn a_server_s_words_name_nobody() {
        assert_eq!(printed("no\u{7} such user ada@example.org\r\nhere"), "no such user … here");
        assert_eq!(printed(&"x".repeat(5000)).len(), MOST_WORDS);
    }
}
