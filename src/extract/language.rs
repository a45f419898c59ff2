//! Which language a text is in, and which way it runs.

use crate::model::language::Direction;

/// The language that was declared, as a BCP 47 tag, unless the text's script says that it cannot be; else the
/// one that the text is in, if it is long enough to tell.
pub fn of(declared: Option<&str>, text: &str) -> Option<String> {
    let declared = declared.and_then(tag);
    match declared {
        Some(tag) if !contradicts(&tag, text) => Some(tag),
        _ => detected(text),
    }
}

/// The direction of most of a text's letters; of a text with next to none, its language's.
pub fn direction(language: Option<&str>, text: &str) -> Direction {
    const FEWEST: usize = 12;
    let (right_to_left, all) = letters(text);
    match all {
        0..FEWEST if right_to_left == 0 || right_to_left * 2 == all => {
            Direction::of_language(language.unwrap_or_default())
        }
        _ if right_to_left * 2 > all => Direction::Rtl,
        _ => Direction::Ltr,
    }
}

/// A BCP 47 tag in its usual spelling; `None` for what is none.
fn tag(text: &str) -> Option<String> {
    let text = text.trim().split(['.', '@', ',', ' ', ';']).next()?.replace('_', "-");
    let mut parts = text.split('-');
    let primary = parts.next().filter(|primary| {
        (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic())
    })?;
    let mut tag = primary.to_ascii_lowercase();
    for part in parts
        .take_while(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            4 => tag.push_str(&(part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase())),
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag).filter(|tag| !matches!(tag.as_str(), "und" | "mul" | "zxx"))
}

/// Whether a text is mostly in letters that run the other way than its declared language: themes declare English
/// whatever is written in them.
fn contradicts(tag: &str, text: &str) -> bool {
    const FEWEST: usize = 40;
    let (right_to_left, all) = letters(text);
    let runs_left = right_to_left * 2 > all;
    all >= FEWEST && runs_left != (Direction::of_language(tag) == Direction::Rtl)
}

fn detected(text: &str) -> Option<String> {
    const SHORTEST: usize = 60;
    const SAMPLE: usize = 4_000;
    let sample: String = text.chars().take(SAMPLE).collect();
    if sample.chars().filter(|character| character.is_alphabetic()).count() < SHORTEST {
        return None;
    }
    let found = whatlang::detect(&sample).filter(whatlang::Info::is_reliable)?;
    two_letters(found.lang().code()).map(str::to_owned)
}

/// How many letters of a text run from right to left, and how many there are.
fn letters(text: &str) -> (usize, usize) {
    const SAMPLE: usize = 20_000;
    let letters = text.chars().take(SAMPLE).filter(|character| character.is_alphabetic());
    letters.fold((0, 0), |(right, all), letter| (right + usize::from(is_right_to_left(letter)), all + 1))
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms.
fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Languages by ISO 639-3 and by BCP 47.
const CODES: &str = "\
    eng-en rus-ru cmn-zh spa-es por-pt ita-it ben-bn fra-fr deu-de ukr-uk kat-ka ara-ar hin-hi jpn-ja \
    heb-he yid-yi pol-pl amh-am jav-jv kor-ko nob-nb dan-da swe-sv fin-fi tur-tr nld-nl hun-hu ces-cs \
    ell-el bul-bg bel-be mar-mr kan-kn ron-ro slv-sl hrv-hr srp-sr mkd-mk lit-lt lav-lv est-et tam-ta \
    vie-vi urd-ur tha-th guj-gu uzb-uz pan-pa aze-az ind-id tel-te pes-fa mal-ml ori-or mya-my nep-ne \
    sin-si khm-km tuk-tk aka-ak zul-zu sna-sn afr-af lat-la slk-sk cat-ca tgl-tl hye-hy epo-eo cym-cy";

/// The BCP 47 tag of a language by its ISO 639-3 code.
fn two_letters(code: &str) -> Option<&'static str> {
    let mut pairs = CODES.split_whitespace().filter_map(|pair| pair.split_once('-'));
    pairs.find(|(three, _)| *three == code).map(|(_, two)| two)
}

#[cfg(test)]
mod tests {
    use super::{Direction, direction, of};

    const GERMAN: &str = "Die Brücke über die Senne ist seit Dienstag wieder offen, und viele Menschen gingen noch am selben Abend hinüber.";
    const ARABIC: &str = "أعيد فتح الجسر فوق النهر يوم الثلاثاء بعد ست سنوات من الأعمال، وعبره آلاف الناس في الساعات الأولى من المساء.";

    #[test]
    fn the_declared_language_counts_unless_the_script_cannot_be_its() {
        for (declared, text, expected) in [
            (Some("en_US"), GERMAN, Some("en-US")),
            (Some("DE"), "", Some("de")),
            (Some("zh-hans-cn"), "", Some("zh-Hans-CN")),
            (Some("en-US"), ARABIC, Some("ar")),
            (None, GERMAN, Some("de")),
            (None, ARABIC, Some("ar")),
            (None, "Zu kurz", None),
            (Some("english!"), GERMAN, Some("de")),
            (Some("und"), "", None),
        ] {
            assert_eq!(of(declared, text).as_deref(), expected, "{declared:?}");
        }
    }

    #[test]
    fn a_text_runs_as_most_of_its_letters_do() {
        assert_eq!(direction(Some("en"), ARABIC), Direction::Rtl);
        assert_eq!(direction(Some("ar"), GERMAN), Direction::Ltr);
        assert_eq!(direction(Some("he"), "12"), Direction::Rtl);
        assert_eq!(direction(None, "نعم"), Direction::Rtl);
        assert_eq!(direction(None, ""), Direction::Ltr);
    }
}
