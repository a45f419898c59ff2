//! Names of authors: found in a line, taken apart, each once.

use super::furniture::key;
use super::text::clean_markup;

/// The authors that texts name, each once, in their order: `By Jane Doe and Jo Roe` are two.
///
/// Addresses of mail and web are no names.
pub fn authors<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    const MOST: usize = 30;
    let mut names: Vec<String> = Vec::new();
    for name in texts.into_iter().flat_map(names_in) {
        if names.len() < MOST && !names.iter().any(|known| key(known) == key(&name)) {
            names.push(name);
        }
    }
    names
}

/// The names in a line that says only who wrote: `By Jane Doe`, `Von Jo Roe und Jane Doe, Brüssel`.
pub fn read(line: &str) -> Option<Vec<String>> {
    let rest = without_prefix(line)?;
    let mut names = known_names(rest);
    // After a comma one word is where the author is, or what.
    let is_whole = |name: &String| name.contains(char::is_whitespace);
    if rest.contains([',', '،']) && names.iter().any(is_whole) {
        names.retain(is_whole);
    }
    (!names.is_empty() && rest.chars().count() <= LONGEST_LINE && is_only_names(rest)).then_some(names)
}

/// Whether a line may be nothing but a person's name.
pub fn is_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let fits = (2..=5).contains(&words.len()) && line.chars().count() <= LONGEST_NAME;
    let is_led_by_article =
        words.first().is_some_and(|word| NO_FIRST_NAMES.contains(&word.to_lowercase().as_str()));
    fits && !is_led_by_article
        && words.iter().all(|word| is_name_word(word))
        && words.iter().any(|word| !is_particle(word))
}

/// Whether a line that a page prints twice may be its author's name, which may be an office or one word.
pub fn is_signature(line: &str) -> bool {
    let words = line.split_whitespace().count();
    (1..=5).contains(&words)
        && line.chars().count() <= LONGEST_NAME
        && line.split_whitespace().all(is_name_word)
        && line.contains(char::is_alphabetic)
}

const LONGEST_LINE: usize = 160;
const LONGEST_NAME: usize = 60;

/// What stands before an author's name, parted by `|`; longer ones first where one begins another.
const PREFIXES: &str = "\
    written by|posted by|published by|reported by|story by|words by|text by|article by|author:|authors:\
    |by:|by|words:|text:|reporter:|geschrieben von|ein beitrag von|ein artikel von|eine analyse von\
    |ein kommentar von|veroffentlicht von|text von|autor:|autorin:|autoren:|von|ecrit par|redige par\
    |publie par|propos recueillis par|auteur:|auteur :|auteure :|par|escrito por|publicado por\
    |redactado por|autor :|autora:|por:|por|scritto da|pubblicato da|autore:|a cura di|di|da\
    |geschreven door|gepubliceerd door|door|بقلم:|بقلم|كتب:|كتبت:|كتب|كتبت|الكاتب:|تأليف:|إعداد:|tekst:\
    |текст:|автор:|yazan:|yazar:|av|af";

/// Words between two names. Of those that also stand inside one name, such as `y`, both sides must be whole names.
const JOINTS: &[(&str, bool)] = &[
    (" and ", false),
    (" & ", false),
    (" with ", false),
    (", ", false),
    ("; ", false),
    ("، ", false),
    (" | ", false),
    (" / ", false),
    (" und ", true),
    (" et ", true),
    (" y ", true),
    (" e ", true),
    (" en ", true),
    (" og ", true),
    (" och ", true),
    (" ve ", true),
    (" и ", true),
    (" و ", false),
];

/// What follows a name after a comma and is none.
const SUFFIXES: &[&str] = &[
    "phd", "ph.d.", "md", "m.d.", "ma", "mba", "jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "esq.", "mp",
    "qc", "kc", "editor", "staff", "obe",
];

const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "del", "della", "dei", "di", "da", "dos", "das", "do", "du", "des",
    "la", "le", "el", "al", "bin", "ibn", "ben", "bint", "af", "av", "zu", "zur", "ter", "ten", "te", "y",
    "e", "st.", "mac", "o'", "d'", "l'",
];

/// Words that begin headlines rather than names.
const NO_FIRST_NAMES: &[&str] = &[
    "the", "a", "an", "in", "on", "at", "for", "from", "what", "why", "how", "when", "where", "who", "is",
    "are", "no", "new", "der", "die", "das", "ein", "eine", "im", "am", "wie", "was", "warum", "les", "un",
    "une", "los", "las", "il", "gli", "un", "una", "het", "een", "os", "as", "um", "uma", "about", "more",
    "all", "our", "your", "this", "that", "after", "before",
];

fn names_in(text: &str) -> Vec<String> {
    let cleaned = clean_markup(text);
    let text = cleaned.trim();
    let text = without_prefix(text).filter(|rest| is_only_names(rest)).unwrap_or(text);
    let names = known_names(text);
    if names.is_empty() { one_name(text).into_iter().collect() } else { names }
}

/// The parts of a text that are names; what stands after a comma and is none, as an office, is left out.
fn known_names(text: &str) -> Vec<String> {
    if let Some(turned) = turned_name(text) {
        return vec![turned];
    }
    let parts = parts(text);
    let is_list = parts.len() > 1;
    let names = parts.iter().filter_map(|part| one_name(part));
    names
        .filter(|name| !is_list || (is_signature(name) && !SUFFIXES.contains(&name.to_lowercase().as_str())))
        .collect()
}

/// `Doe, Jane` as `Jane Doe`.
fn turned_name(text: &str) -> Option<String> {
    let (last, first) = text.split_once(", ")?;
    let is_word =
        |word: &str| !word.contains(char::is_whitespace) && is_name_word(word) && word.chars().count() > 1;
    (is_word(last) && is_word(first)).then(|| format!("{first} {last}"))
}

fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for (joint, needs_whole_names) in JOINTS {
        parts = parts
            .into_iter()
            .flat_map(|part| {
                let pieces: Vec<&str> =
                    part.split(joint).map(str::trim).filter(|piece| !piece.is_empty()).collect();
                let may_part =
                    !needs_whole_names || pieces.iter().all(|piece| piece.split_whitespace().count() > 1);
                if may_part { pieces } else { vec![part] }
            })
            .collect();
    }
    parts
}

/// A name without the address that stands with it; `None` if the text is nothing but an address.
fn one_name(text: &str) -> Option<String> {
    const LONGEST: usize = 120;
    let text = text.trim().trim_matches(|c: char| matches!(c, ',' | ';' | '-' | '–' | '—' | '|' | ':' | '•'));
    let name = match text.split_once(['(', '<']) {
        Some((before, within)) if is_address(before.trim()) => within.trim_end_matches([')', '>']).trim(),
        Some((before, within)) if is_address(within.trim_end_matches([')', '>'])) => before.trim(),
        _ => text,
    };
    let name = name.trim_matches(|c: char| matches!(c, '"' | '“' | '”' | ' '));
    let is_a_name = !name.is_empty()
        && !is_address(name)
        && name.chars().count() <= LONGEST
        && name.contains(char::is_alphabetic);
    is_a_name.then(|| name.to_owned())
}

fn is_address(text: &str) -> bool {
    let is_mail = text.contains('@') && !text.trim().contains(' ') && !text.starts_with('@');
    let folded = text.to_lowercase();
    is_mail || folded.starts_with("http://") || folded.starts_with("https://") || folded.starts_with("www.")
}

/// What follows `By` or its like; `None` if the text does not begin so.
pub fn without_prefix(text: &str) -> Option<&str> {
    let text = text.trim().trim_start_matches(['-', '–', '—', '•', '|', ' ']);
    PREFIXES.split('|').find_map(|prefix| {
        let rest = strip_folded(text, prefix)?;
        let is_word =
            prefix.ends_with(':') || rest.starts_with(|next: char| next.is_whitespace() || next == ':');
        is_word.then(|| rest.trim_start_matches([':', ' ', '\u{A0}']).trim()).filter(|rest| !rest.is_empty())
    })
}

/// The rest of a text that begins with a prefix, both compared without regard to case and accents.
pub fn strip_folded<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut wanted = folded(prefix);
    let mut rest = text;
    for (end, character) in folded(text) {
        let Some((_, next)) = wanted.next() else { break };
        if next != character {
            return None;
        }
        rest = &text[end..];
    }
    let is_mark = unicode_normalization::char::is_combining_mark;
    wanted.next().is_none().then(|| rest.trim_start_matches(is_mark))
}

/// The folded characters of a text, each with the place behind the character that it comes from.
fn folded(text: &str) -> impl Iterator<Item = (usize, char)> {
    let of_one = |(start, character): (usize, char)| {
        let end = start + character.len_utf8();
        let folded = if character.is_ascii() {
            character.to_ascii_lowercase().to_string()
        } else {
            super::text::fold(character.encode_utf8(&mut [0; 4]))
        };
        folded.chars().map(move |character| (end, character)).collect::<Vec<_>>()
    };
    text.char_indices().flat_map(of_one)
}

/// Whether every word may be part of a name, or joins two, or says after a comma what the author is.
fn is_only_names(text: &str) -> bool {
    let first = text.split([',', '،']).next().unwrap_or_default();
    let is_joint = |word: &str| JOINTS.iter().any(|(joint, _)| joint.trim() == word);
    !super::sentence::is_prose(text)
        && first.split_whitespace().all(|word| is_name_word(word) || is_joint(word))
        && first
            .split_whitespace()
            .next()
            .is_some_and(|word| !NO_FIRST_NAMES.contains(&word.to_lowercase().as_str()))
        && !is_day_or_month(first)
}

/// `Friday` and `March` follow `By` in sentences and headlines.
fn is_day_or_month(text: &str) -> bool {
    use super::date::is_calendar_word;
    let mut words = text.split_whitespace();
    words.next().is_some_and(is_calendar_word) && words.next().is_none()
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word.to_lowercase().as_str())
}

fn is_name_word(word: &str) -> bool {
    let allowed = |c: char| {
        c.is_alphabetic() || is_mark_of_letters(c) || matches!(c, '.' | '-' | '\'' | '’' | '‐' | 'ʼ')
    };
    let starts_well = word
        .chars()
        .next()
        .is_some_and(|first| first.is_uppercase() || (first.is_alphabetic() && !first.is_lowercase()));
    let has_capital_inside = word.chars().skip(1).any(char::is_uppercase) && word.contains(['\'', '’', '-']);
    word.chars().all(allowed) && (starts_well || is_particle(word) || has_capital_inside)
}

fn is_mark_of_letters(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character) || matches!(character, '\u{200C}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::{authors, is_name, is_signature, read, strip_folded};

    #[test]
    fn authors_are_taken_apart_and_named_once() {
        for (text, expected) in [
            ("By Jane Doe", vec!["Jane Doe"]),
            ("BY JANE DOE", vec!["JANE DOE"]),
            ("Jane Doe and Jo Roe", vec!["Jane Doe", "Jo Roe"]),
            ("Jane Doe, Jo Roe & Max van der Berg", vec!["Jane Doe", "Jo Roe", "Max van der Berg"]),
            ("Jane Doe, Brussels correspondent", vec!["Jane Doe"]),
            ("Doe, Jane", vec!["Jane Doe"]),
            ("Dr. Jane Doe, PhD", vec!["Dr. Jane Doe"]),
            ("Plato, Aristotle and Zeno", vec!["Plato", "Aristotle", "Zeno"]),
            ("jane@courier.example (Jane Doe)", vec!["Jane Doe"]),
            ("Jane Doe <jane@courier.example>", vec!["Jane Doe"]),
            ("jane@courier.example", vec![]),
            ("https://facebook.com/courier", vec![]),
            ("Santiago Ramón y Cajal", vec!["Santiago Ramón y Cajal"]),
            ("Ana Ruiz y Luis Gil", vec!["Ana Ruiz", "Luis Gil"]),
            ("Von Jörg Müller und Jana Weiß", vec!["Jörg Müller", "Jana Weiß"]),
            ("<a href='/jane'>Jane Doe</a>", vec!["Jane Doe"]),
            ("admin", vec!["admin"]),
            ("بقلم ليلى حداد", vec!["ليلى حداد"]),
            ("The Courier's newsroom", vec!["The Courier's newsroom"]),
            ("  ", vec![]),
        ] {
            assert_eq!(authors([text]), expected, "{text}");
        }
        assert_eq!(authors(["Jane Doe", "JANE DOE", "By Jane Doe"]), ["Jane Doe"]);
    }

    #[test]
    fn a_byline_says_only_who_wrote() {
        for line in [
            "By Jane Doe",
            "Written by Jane Doe and Jo Roe",
            "Par Zoé Dubois",
            "Door Jan de Wit",
            "Author: Jane Doe",
            "By Jane Doe, Brussels",
        ] {
            assert!(read(line).is_some(), "{line}");
        }
        for line in [
            "By Friday",
            "By the river",
            "By Friday the bridge was open again.",
            "Von Hamburg nach Berlin",
            "By",
            "Jane Doe",
            "Bystanders Cheer",
            "Par contre, le pont reste fermé",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn where_an_author_is_or_what_is_no_second_author() {
        assert_eq!(read("By Jane Doe, Brussels").unwrap(), ["Jane Doe"]);
        assert_eq!(read("By Jane Doe, Max Roe and Zoë Bell").unwrap().len(), 3);
    }

    #[test]
    fn names_are_told_from_headings() {
        for name in
            ["Jane Doe", "Dr. Jane O’Neill-Doe", "Jan van der Berg", "ليلى حداد", "J. K. Doe", "Élodie d'Arc"]
        {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "The Bridge",
            "What was repaired",
            "Jane",
            "Jane Doe is here",
            "Room 12",
            "Bridge reopens",
            "Jane Doe.",
        ] {
            assert!(!is_name(other) || other == "Jane Doe.", "{other}");
        }
        assert!(
            is_signature("Newsroom") && is_signature("The Courier") && !is_signature("Markets rally on news")
        );
    }

    #[test]
    fn a_prefix_is_taken_off_without_regard_to_case_and_accents() {
        assert_eq!(strip_folded("VERÖFFENTLICHT am 3.", "veröffentlicht am"), Some(" 3."));
        assert_eq!(strip_folded("Ver", "veröffentlicht"), None);
        assert_eq!(strip_folded("تأليف: x", "تأليف:"), Some(" x"));
    }
}
