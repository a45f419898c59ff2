//! A date's text as numbers, words and marks.

use crate::extract::text::fold;

/// One piece of a date's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A run of digits of any script; `is_glued` if nothing stands between it and what comes before.
    Number { value: u64, digits: usize, is_glued: bool },
    /// A run of letters, folded.
    Word(String),
    /// Anything else but white space.
    Mark(char),
}

/// Zeros of the scripts whose digits appear in dates.
const ZEROS: &[char] = &['0', '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{E50}', '\u{FF10}'];

/// The tokens of a text, without what stands in brackets if that holds no digit.
pub fn read(text: &str) -> Vec<Token> {
    let folded = without_asides(&fold(text)).replace("a.m.", "am").replace("p.m.", "pm");
    let mut tokens = Vec::new();
    let mut is_glued = false;
    for character in folded.chars() {
        if character.is_whitespace() {
            is_glued = false;
            continue;
        }
        push(&mut tokens, character, is_glued);
        is_glued = true;
    }
    tokens
}

fn push(tokens: &mut Vec<Token>, character: char, is_glued: bool) {
    match (digit(character), tokens.last_mut()) {
        (Some(digit), Some(Token::Number { value, digits, .. })) if is_glued => {
            *value = value.saturating_mul(10).saturating_add(digit);
            *digits += 1;
        }
        (Some(digit), _) => tokens.push(Token::Number { value: digit, digits: 1, is_glued }),
        (None, Some(Token::Word(word))) if is_glued && character.is_alphabetic() => word.push(character),
        (None, _) if character.is_alphabetic() => tokens.push(Token::Word(character.to_string())),
        (None, _) if is_direction_mark(character) => {}
        (None, _) => tokens.push(Token::Mark(character)),
    }
}

fn digit(character: char) -> Option<u64> {
    let code = u32::from(character);
    let zero = ZEROS.iter().find(|zero| (u32::from(**zero)..u32::from(**zero) + 10).contains(&code))?;
    Some(u64::from(code - u32::from(*zero)))
}

fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{61C}')
}

fn without_asides(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['(', '[']) {
        kept.push_str(&rest[..start]);
        let length = rest[start..].find([')', ']']).map_or(rest.len() - start, |end| end + 1);
        let aside = &rest[start..start + length];
        if aside.contains(|character| digit(character).is_some()) {
            kept.push_str(aside);
        }
        rest = &rest[start + length..];
    }
    kept.push_str(rest);
    kept
}
