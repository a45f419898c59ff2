//! Text in lines of at most 78 columns, as mails are read in a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// How wide a line is at most, in columns.
pub const WIDTH: usize = 78;

/// `text` with every line [`WIDTH`] columns wide at most, addresses whole and on a line of their own, and no more than
/// one empty line in a row.
pub(super) fn wrap(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim) {
        if line.is_empty() && wrapped.ends_with("\n\n") {
            continue;
        }
        fill(line, &mut wrapped);
        wrapped.push('\n');
    }
    wrapped
}

fn fill(line: &str, wrapped: &mut String) {
    let mut column = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let width = columns(word);
        if column > 0 && column + 1 + width > WIDTH {
            wrapped.push('\n');
            column = 0;
        } else if column > 0 {
            wrapped.push(' ');
            column += 1;
        }
        column = if width <= WIDTH || is_address(word) {
            wrapped.push_str(word);
            column + width
        } else {
            split(word, wrapped)
        };
    }
}

/// Writes a word that no line can hold, and returns the column after it.
fn split(word: &str, wrapped: &mut String) -> usize {
    let mut column = 0;
    for grapheme in word.graphemes(true) {
        let width = columns(grapheme);
        if column + width > WIDTH {
            wrapped.push('\n');
            column = 0;
        }
        wrapped.push_str(grapheme);
        column += width;
    }
    column
}

/// How wide a text is at most, whatever a terminal makes of marks and ligatures.
fn columns(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0).max(1)).sum()
}

fn is_address(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

/// A line of `mark` as wide as `text`, to stand under it.
pub fn underline(text: &str, mark: &str) -> String {
    mark.repeat(columns(text).clamp(3, WIDTH))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_break_between_words_and_addresses_stay_whole() {
        let address = format!("https://example.org/{}", "a".repeat(100));
        for (text, expected) in [
            ("short".to_owned(), "short\n".to_owned()),
            ("word ".repeat(20), format!("{}\n{}\n", ["word"; 15].join(" "), ["word"; 5].join(" "))),
            (format!("see {address} there"), format!("see\n{address}\nthere\n")),
            ("x".repeat(100), format!("{}\n{}\n", "x".repeat(78), "x".repeat(22))),
            ("新".repeat(40), format!("{}\n新\n", "新".repeat(39))),
            ("\n\none\n\n\n\n two \n".to_owned(), "one\n\ntwo\n".to_owned()),
        ] {
            assert_eq!(wrap(&text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "\\PC{0,400}") {
            let wrapped = wrap(&text);
            for line in wrapped.lines() {
                prop_assert!(columns(line) <= WIDTH || is_address(line), "{line:?}");
            }
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(letters(&wrapped), letters(&text));
        }
    }
}
