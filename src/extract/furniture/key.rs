//! Lines folded, so that a label is the same label in capitals, with dashes around it, or with curly quotes.

use std::borrow::Cow;

use crate::extract::sentence;
use crate::extract::text::fold;

/// A line as labels are compared: small letters without accents, numbers as `#`, no brackets and quotes, no
/// marks at its ends. A single full stop at the end stays, since a label has none.
pub fn key(line: &str) -> String {
    let folded = fold(line).replace(['’', '‘', '`', 'ʼ', '´'], "'").replace('ـ', "");
    let mut key = String::with_capacity(folded.len());
    for character in numbers_as_one(&folded).chars() {
        match character {
            '(' | ')' | '[' | ']' | '{' | '}' | '"' | '“' | '”' | '„' | '«' | '»' | '‹' | '›' => {
            }
            _ if character.is_whitespace() => {
                if !key.ends_with(' ') {
                    key.push(' ');
                }
            }
            _ => key.push(character),
        }
    }
    let is_mark = |character: char| !character.is_alphanumeric() && !matches!(character, '#' | '.' | '©');
    let trimmed = key.trim_start_matches(|c: char| is_mark(c) || c == '.').trim_end_matches(is_mark);
    let trimmed = if trimmed.ends_with("..") { trimmed.trim_end_matches('.') } else { trimmed };
    trimmed.trim_end_matches(is_mark).to_owned()
}

fn numbers_as_one(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_numeric) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_numeric() {
            written.push(character);
            continue;
        }
        written.push('#');
        while characters.next_if(|next| next.is_numeric() || matches!(next, ',' | '.' | '\u{66B}')).is_some()
        {
        }
        let _ = characters.next_if(|next| matches!(next, 'k' | '+'));
    }
    Cow::Owned(written)
}

/// Names of ad slots, as themes print them where the advertisement is missing.
const SLOTS: &[&str] = &["spot_img", "spot-img", "td-a-rec", "adspot_img"];

/// A line without the names of ad slots that are glued to its beginning or end.
///
/// Between two words a name stays: there it is part of a sentence.
pub fn without_slots(line: &str) -> &str {
    let mut kept = line.trim();
    loop {
        let before = kept;
        for slot in SLOTS {
            kept = kept.strip_prefix(slot).unwrap_or(kept);
            if let Some(rest) = kept.strip_suffix(slot)
                && (!rest.ends_with(' ') || sentence::is_ended(rest))
            {
                kept = rest;
            }
        }
        if kept.len() == before.len() {
            break;
        }
    }
    if kept.len() == line.trim().len() { line } else { kept.trim() }
}

#[cfg(test)]
mod tests {
    use super::{key, without_slots};

    #[test]
    fn marks_case_and_accents_do_not_tell_labels_apart() {
        for (line, expected) in [
            ("  — Advertisement — ", "advertisement"),
            ("Don’t Miss!", "don't miss"),
            ("» Related «", "related"),
            ("Comments (1,234)", "comments #"),
            ("3.5k views", "# views"),
            ("Read more…", "read more"),
            ("Related.", "related."),
            ("اقرأ أيضًا:", "اقرا ايضا"),
            ("★★★", ""),
        ] {
            assert_eq!(key(line), expected, "{line}");
        }
    }

    #[test]
    fn slots_glued_to_a_line_are_taken_off() {
        for (line, expected) in [
            ("spot_imgThe bridge is open.", "The bridge is open."),
            ("The bridge is open.spot_imgspot_img", "The bridge is open."),
            ("The bridge is open. spot_img", "The bridge is open."),
            ("spot_imgspot_img", ""),
            ("The name of the slot is spot_img", "The name of the slot is spot_img"),
            ("The spot_img slot", "The spot_img slot"),
        ] {
            assert_eq!(without_slots(line), expected, "{line}");
        }
    }
}
