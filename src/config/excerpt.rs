//! The line of a file that an error is about, with a mark under the place.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// How many columns of a line are shown before and after the beginning of the place.
const BEFORE: usize = 60;
const AFTER: usize = 100;

/// One line as it is shown, and the line of marks under it.
#[derive(Clone, Debug, Default)]
pub(super) struct Excerpt {
    pub(super) line: String,
    pub(super) mark: String,
}

/// Line and column of a place, both from 1; the column counts characters.
pub(super) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..floor(text, offset)];
    let start = before.rfind('\n').map_or(0, |index| index + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

impl Excerpt {
    /// The line on which `place` begins. What lies in `secrets` is shown as `***`.
    pub(super) fn of(text: &str, place: &Range<usize>, secrets: &[Range<usize>]) -> Self {
        let offset = floor(text, place.start);
        let start = text[..offset].rfind('\n').map_or(0, |index| index + 1);
        let end = text[offset..].find('\n').map_or(text.len(), |index| offset + index);
        let mut shown = Shown::default();
        for (index, character) in text[start..end].trim_end_matches('\r').char_indices() {
            let index = start + index;
            let is_marked = index >= offset && (index < place.end || index == offset);
            match secrets.iter().find(|secret| secret.contains(&index)) {
                Some(secret) if index == secret.start.max(start) => shown.push_secret(is_marked),
                Some(_) => shown.extend_mark(is_marked),
                None => shown.push(character, is_marked),
            }
        }
        shown.into_excerpt()
    }
}

/// Columns of a line, each with the character that begins there, and which of them are marked.
#[derive(Default)]
struct Shown {
    columns: Vec<Option<char>>,
    marked: Option<Range<usize>>,
}

impl Shown {
    fn push(&mut self, character: char, is_marked: bool) {
        let character = match character {
            '\t' => ' ',
            other if other.is_control() => '\u{FFFD}',
            other => other,
        };
        let start = self.columns.len();
        self.columns.push(Some(character));
        self.columns.extend((1..character.width().unwrap_or(1)).map(|_| None));
        if is_marked {
            self.mark(start..self.columns.len());
        }
    }

    fn push_secret(&mut self, is_marked: bool) {
        for _ in 0..3 {
            self.push('*', is_marked);
        }
    }

    /// A place that begins inside of a secret is marked at the secret.
    fn extend_mark(&mut self, is_marked: bool) {
        if is_marked {
            self.mark(self.columns.len().saturating_sub(3)..self.columns.len());
        }
    }

    fn mark(&mut self, columns: Range<usize>) {
        let start = self.marked.as_ref().map_or(columns.start, |marked| marked.start.min(columns.start));
        self.marked = Some(start..columns.end);
    }

    /// A long line is cut around the mark.
    fn into_excerpt(self) -> Excerpt {
        let width = self.columns.len();
        let marked = self.marked.unwrap_or(width..width + 1);
        let from = if width <= BEFORE + AFTER { 0 } else { marked.start.saturating_sub(BEFORE) };
        let to = width.min(from + BEFORE + AFTER);
        let mut line: String = self.columns[from..to].iter().flatten().collect();
        let mut indent = marked.start - from;
        if from > 0 {
            line.insert(0, '…');
            indent += 1;
        }
        if to < width {
            line.push('…');
        }
        let length = marked.end.min(to).saturating_sub(marked.start).max(1);
        Excerpt { line, mark: " ".repeat(indent) + &"^".repeat(length) }
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_mark_stands_under_the_place() {
        for (text, place, secrets, line, mark) in [
            ("a = 1\nb = 22\n", 10..12, None, "b = 22", "    ^^"),
            ("b\t= 22\r\n", 4..6, None, "b = 22", "    ^^"),
            ("t = \"日本\" x", 13..14, None, "t = \"日本\" x", "           ^"),
            ("u = \"s://me:pw@h:x\"", 4..19, Some(9..14), "u = \"s://***@h:x\"", "    ^^^^^^^^^^^^^"),
            ("u = \"s://me:pw@h:x\"", 15..18, Some(9..14), "u = \"s://***@h:x\"", "             ^^^"),
            ("u = \"s://me:pw@h:x\"", 12..14, Some(9..14), "u = \"s://***@h:x\"", "         ^^^"),
            ("a = \"\"\"\nb\n\"\"\"", 4..13, None, "a = \"\"\"", "    ^^^"),
            ("a = ", 4..4, None, "a = ", "    ^"),
            ("", 0..0, None, "", "^"),
        ] {
            let excerpt = Excerpt::of(text, &place, secrets.as_slice());
            assert_eq!((excerpt.line.as_str(), excerpt.mark.as_str()), (line, mark), "{text:?}");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}!!{}", "a".repeat(5000), "b".repeat(5000));
        let excerpt = Excerpt::of(&text, &(5000..5002), &[]);
        assert_eq!(excerpt.line, format!("…{}!!{}…", "a".repeat(60), "b".repeat(98)));
        assert_eq!(excerpt.mark, format!("{}^^", " ".repeat(61)));
    }

    proptest! {
        #[test]
        fn any_place_of_any_text_can_be_shown(text in "(\\PC|[\n\t\r]){0,80}", start in 0..200_usize, length in 0..200_usize) {
            let (line, column) = position(&text, start);
            prop_assert!(line >= 1 && column >= 1);
            let secrets = crate::config::mask::secrets(&text);
            Excerpt::of(&text, &(start..start + length), &secrets);
        }
    }
}
