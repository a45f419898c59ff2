//! Languages as BCP 47 tags, and which way they are written.

use serde::{Deserialize, Serialize};

/// Which way a text runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
}

/// Primary languages written from right to left (the default scripts of CLDR).
const RIGHT_TO_LEFT: &[&str] =
    &["ar", "arc", "ckb", "dv", "fa", "ha-arab", "he", "iw", "ku-arab", "ps", "sd", "ug", "ur", "yi"];

/// Whether a text is the tag of a language.
pub fn is_tag(text: &str) -> bool {
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let primary = text.split('-').next().unwrap_or_default();
    let has_primary = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
    has_primary && text.len() <= 35 && text.split('-').all(is_part)
}

impl Direction {
    /// The direction in which a language is written, by its BCP 47 tag; left to right if it is not known.
    pub fn of_language(tag: &str) -> Self {
        let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
        let primary = tag.split('-').next().unwrap_or_default();
        if tag.contains("-latn") {
            return Self::Ltr;
        }
        let is_rtl = RIGHT_TO_LEFT.contains(&primary)
            || RIGHT_TO_LEFT.iter().any(|known| tag == *known)
            || ["-arab", "-hebr", "-thaa"].iter().any(|script| tag.contains(script));
        if is_rtl { Self::Rtl } else { Self::Ltr }
    }

    /// The value of HTML's `dir` attribute.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Direction::{self, Ltr, Rtl};

    #[test]
    fn a_language_tells_its_direction() {
        for (tag, expected) in
            [("en", Ltr), ("ar", Rtl), ("fa-IR", Rtl), ("he_IL", Rtl), ("az-Arab", Rtl), ("", Ltr)]
        {
            assert_eq!(Direction::of_language(tag), expected, "{tag}");
        }
    }
}
