//! Plain text as readers meet it: on one line, without what cannot be seen, cut between words.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

/// A grapheme may be made of any number of characters; a limit in graphemes is also one of this many bytes each.
const BYTES_PER_GRAPHEME: usize = 16;

/// `text` on one line: NFC, every run of white space one space, without [invisible](is_invisible) characters.
pub fn line(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() && c.is_ascii()) {
        let start = folded.len();
        folded.extend(word.chars().filter(|c| !is_invisible(*c)));
        if folded.len() > start {
            folded.push(' ');
        }
    }
    folded.pop();
    if is_nfc(&folded) { folded } else { folded.nfc().collect() }
}

/// Characters that no reader sees and that break a line, a header or a subscriber's slot: controls, embeddings and
/// overrides of direction, private use (among it the [markers](super::slot)), and what Unicode says is none.
///
/// The marks U+200E and U+200F stay: right-to-left text needs them, and they end with their place.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{E000}'..='\u{F8FF}'
        | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..='\u{10FFFF}')
        || character.is_control()
        || u32::from(character) & 0xFFFE == 0xFFFE
}

/// The beginning of a line, of at most `limit` graphemes (`…` is one); cut between words where there are any.
pub fn shorten(line: &str, limit: usize) -> String {
    let room = limit * BYTES_PER_GRAPHEME;
    let is_short = line.len() <= limit || line.graphemes(true).nth(limit).is_none();
    if is_short && line.len() <= room {
        return line.to_owned();
    }
    let end = line.grapheme_indices(true).nth(limit.saturating_sub(1)).map_or(line.len(), |(index, _)| index);
    let head = &line[..line.floor_char_boundary(end.min(room))];
    let is_between_words = line[head.len()..].starts_with(' ');
    let words = match head.rfind(' ') {
        Some(space) if !is_between_words && space > head.len() / 2 => &head[..space],
        _ => head,
    };
    format!("{}…", words.trim_end_matches(|c: char| c.is_whitespace() || "…,;:.-–—(«„“\"'".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::{line, shorten};

    #[test]
    fn a_line_has_only_what_a_reader_sees() {
        for (text, expected) in [
            ("  A\tlong\r\n\u{2028}road\u{A0}home ", "A long road home"),
            ("nul\0and\u{7}bell", "nul and bell"),
            ("C1\u{85}next\u{9f}line", "C1 nextline"),
            ("\u{202E}evil\u{202C} \u{2066}twin\u{2069}", "evil twin"),
            ("slot \u{F0001} slot \u{E000}", "slot slot"),
            ("Cafe\u{301}", "Café"),
            ("\u{200F}سلام\u{200F}", "\u{200F}سلام\u{200F}"),
            ("👩\u{200D}🚀 up", "👩\u{200D}🚀 up"),
            ("\u{202E}\u{FEFF}\u{F0001}", ""),
        ] {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_cut_falls_between_words() {
        for (text, limit, expected) in [
            ("The bridge reopens", 18, "The bridge reopens"),
            ("The bridge reopens", 17, "The bridge…"),
            ("The bridge, reopens", 12, "The bridge…"),
            ("Donaudampfschifffahrt", 8, "Donauda…"),
            ("👩‍🚀👩‍🚀👩‍🚀👩‍🚀", 3, "👩‍🚀👩‍🚀…"),
            ("", 5, ""),
        ] {
            assert_eq!(shorten(text, limit), expected, "{text:?} to {limit}");
        }
    }

    #[test]
    fn a_grapheme_without_end_is_cut_too() {
        let endless = format!("e{}", "\u{301}".repeat(100_000));
        assert!(shorten(&endless, 60).len() <= 60 * 16 + 3);
    }
}
