//! Sentences: where they end, and whether a line is made of them.

use unicode_segmentation::UnicodeSegmentation as _;

/// Marks that end a statement.
const STOPS: &[char] = &['.', '…', '。', '．', '۔', '।', '॥', '։', '።'];
/// Marks that end a question or a call; headlines end with them too.
const CALLS: &[char] = &['!', '?', '！', '？', '؟', '‽'];
/// Marks that may follow the end of a sentence.
const CLOSERS: &[char] = &[
    '"', '\'', '”', '’', '“', '‘', '»', '«', '›', ')', ']', '}', '」', '』', '*', '_', '\u{200F}', '\u{200E}',
];

/// Words whose full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "no", "vs", "inc", "ltd", "co", "gen", "gov", "sen",
    "rep", "hon", "rev", "lt", "col", "sgt", "capt", "fig", "approx", "ca", "cf", "e.g", "i.e", "etc", "al",
    "ave", "mt", "nr", "bzw", "z.b", "u.a", "d.h", "usw", "vgl", "abs", "art", "str", "hr", "fr", "hl",
    "mme", "mlle", "m", "sra", "srta", "ud", "sig", "dott", "avv", "ing", "dhr", "mevr", "drs", "jan", "feb",
    "mar", "apr", "aug", "sept", "sep", "oct", "nov", "dec", "u.s", "u.k", "u.n", "p", "pp", "vol",
];

/// Whether a line ends where a sentence ends.
pub fn is_ended(line: &str) -> bool {
    last(line).is_some_and(|character| STOPS.contains(&character) || CALLS.contains(&character))
}

/// Whether a line ends as a statement, which a headline rarely does.
pub fn is_statement(line: &str) -> bool {
    last(line).is_some_and(|character| STOPS.contains(&character)) && words(line) >= 3
}

/// Whether a line breaks off, as a teaser does.
pub fn is_teaser(line: &str) -> bool {
    let line = line.trim_end_matches(CLOSERS);
    line.ends_with('…') || line.ends_with("...")
}

/// Whether a line is a paragraph of text rather than a headline, a label or a name.
pub fn is_prose(line: &str) -> bool {
    const LONG: usize = 160;
    let words = words(line);
    (words >= 8 && is_statement(line))
        || (words >= 20 && is_ended(line))
        || line.chars().count() >= LONG
        || (words >= 8 && has_inner_end(line))
}

/// How many words a line has; of scripts without spaces, one for two characters.
pub fn words(line: &str) -> usize {
    let spaced = line.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    let unspaced = line.chars().filter(|character| is_unspaced(*character)).count();
    spaced.max(unspaced.div_ceil(2))
}

/// The sentences of a text, with the space after each. Titles and abbreviations end none.
pub fn split(text: &str) -> Vec<&str> {
    let mut sentences: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for piece in text.split_sentence_bounds() {
        end += piece.len();
        if !is_abbreviated(text[start..end].trim_end()) {
            sentences.push(&text[start..end]);
            start = end;
        }
    }
    if start < end {
        sentences.push(&text[start..end]);
    }
    sentences
}

fn last(line: &str) -> Option<char> {
    line.trim_end_matches(|character: char| character.is_whitespace() || CLOSERS.contains(&character))
        .chars()
        .next_back()
}

/// Whether a sentence ends within the line and another begins.
fn has_inner_end(line: &str) -> bool {
    split(line).iter().rev().skip(1).any(|sentence| is_ended(sentence.trim_end()) && words(sentence) >= 3)
}

fn is_abbreviated(sentence: &str) -> bool {
    let Some(before) = sentence.strip_suffix('.') else { return false };
    let word = before.rsplit([' ', '\u{A0}', '(', '“', '"']).next().unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    is_initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Scripts that do not part words by spaces.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{E00}'..='\u{E7F}' | '\u{F900}'..='\u{FAFF}')
}

#[cfg(test)]
mod tests {
    use super::{is_ended, is_prose, is_teaser, split, words};

    #[test]
    fn prose_is_told_from_headlines() {
        for line in [
            "The bridge over the Senne reopened on Tuesday after six years.",
            "“It is done,” she said. “At last we can walk across it again.”",
            "Die Brücke über die Senne ist seit Dienstag wieder offen.",
            "أعيد فتح الجسر فوق نهر السين يوم الثلاثاء بعد ست سنوات.",
            "六年にわたる工事の末、橋は火曜日に再開された。",
        ] {
            assert!(is_prose(line), "{line}");
        }
        for line in [
            "Bridge over the Senne reopens after six years",
            "Will the bridge over the Senne ever reopen to cars?",
            "Jane Doe",
            "What was repaired",
            "March 3, 2026",
            "Popular",
        ] {
            assert!(!is_prose(line), "{line}");
        }
    }

    #[test]
    fn the_end_of_a_sentence_may_stand_in_quotes() {
        assert!(is_ended("He said “yes.”") && is_ended("هل عاد الجسر؟") && !is_ended("What was repaired"));
        assert!(
            is_teaser("The minister said on Monday […]") && is_teaser("He said...") && !is_teaser("He said.")
        );
    }

    #[test]
    fn titles_and_initials_end_no_sentence() {
        let text = "Dr. J. Doe of the U.S. embassy spoke. Nobody listened! Why?";
        assert_eq!(split(text), ["Dr. J. Doe of the U.S. embassy spoke. ", "Nobody listened! ", "Why?"]);
        assert_eq!(words("one two – three"), 3);
    }
}
