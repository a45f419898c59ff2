//! How long a text takes to read.

/// Words a minute that people read of news; for scripts without spaces, characters a minute.
const WORDS_A_MINUTE: usize = 230;
const IDEOGRAPHS_A_MINUTE: usize = 500;

/// Below this many words there is nothing to tell.
const TOO_SHORT: usize = 60;

/// Minutes that `text` takes to read, at least 1; `None` if it is so short that nobody would ask.
pub fn minutes(text: &str) -> Option<usize> {
    let ideographs = text.chars().filter(|c| is_ideograph(*c)).count();
    let words = text.split_whitespace().count();
    if words + ideographs / 2 < TOO_SHORT {
        return None;
    }
    let seconds = words * 60 / WORDS_A_MINUTE + ideographs * 60 / IDEOGRAPHS_A_MINUTE;
    Some((seconds + 30).div_euclid(60).max(1))
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn reading_time_follows_the_words_or_the_characters() {
        for (text, expected) in [
            (String::new(), None),
            ("word ".repeat(59), None),
            ("word ".repeat(60), Some(1)),
            ("word ".repeat(460), Some(2)),
            ("كلمة ".repeat(920), Some(4)),
            ("新聞".repeat(500), Some(2)),
        ] {
            assert_eq!(minutes(&text), expected, "{} characters", text.chars().count());
        }
    }
}
