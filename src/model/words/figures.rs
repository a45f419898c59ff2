//! How languages write whole numbers (CLDR): their digits, and what stands between thousands.

/// A way to write whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figures {
    /// 1,234
    Comma,
    /// 1.234
    Dot,
    /// 1234, but 12.345
    LateDot,
    /// 1 234
    Space,
    /// ١٬٢٣٤
    Arabic,
    /// ۱٬۲۳۴
    Persian,
}

/// Languages and how they write numbers; those that are not here part thousands by a space, as is understood everywhere.
/// The Arabic of these countries has the digits of their neighbours in Europe.
const LANGUAGES: &[(&str, Figures)] = &[
    ("ar-ae ar-dz ar-eh ar-ly ar-ma ar-tn", Figures::Dot),
    ("ar ckb sd", Figures::Arabic),
    ("fa ks lrc mzn ps", Figures::Persian),
    ("en ja zh ko th he cy ga", Figures::Comma),
    ("da de el hr id it nl ro sl sr tr vi", Figures::Dot),
    ("ca es eu gl pt", Figures::LateDot),
];

impl Figures {
    /// How a language writes numbers, by its BCP 47 tag: that of the whole tag, else that of its primary language.
    pub fn of(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        let primary = tag.split('-').next().unwrap_or_default();
        let find = |name: &str| {
            LANGUAGES.iter().find(|(tags, _)| tags.split(' ').any(|own| own == name)).map(|(_, own)| *own)
        };
        find(&tag).or_else(|| find(primary)).unwrap_or(Self::Space)
    }

    /// A number that names something, such as a year: no thousands are told apart.
    pub fn plain(self, number: i64) -> String {
        number.to_string().chars().map(|digit| self.digit(digit)).collect()
    }

    /// A number that counts something, from its ASCII digits.
    pub fn grouped(self, digits: &str) -> String {
        let count = digits.len();
        let is_grouped = count >= self.least() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let mut written = String::with_capacity(count * 2);
        for (index, digit) in digits.chars().enumerate() {
            if is_grouped && index > 0 && (count - index).is_multiple_of(3) {
                written.push(self.separator());
            }
            written.push(self.digit(digit));
        }
        written
    }

    const fn zero(self) -> char {
        match self {
            Self::Arabic => '٠',
            Self::Persian => '۰',
            Self::Comma | Self::Dot | Self::LateDot | Self::Space => '0',
        }
    }

    const fn separator(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Dot | Self::LateDot => '.',
            Self::Space => '\u{202F}',
            Self::Arabic | Self::Persian => '٬',
        }
    }

    /// How many digits a number has that is parted.
    const fn least(self) -> usize {
        if matches!(self, Self::LateDot) { 5 } else { 4 }
    }

    fn digit(self, ascii: char) -> char {
        let value = ascii.to_digit(10).and_then(|value| char::from_u32(u32::from(self.zero()) + value));
        value.unwrap_or(ascii)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        for (tag, year, number, million) in [
            ("en-GB", "2026", "1,234", "1,234,567"),
            ("de", "2026", "1.234", "1.234.567"),
            ("fr", "2026", "1\u{202F}234", "1\u{202F}234\u{202F}567"),
            ("es", "2026", "1234", "1.234.567"),
            ("ar", "٢٠٢٦", "١٬٢٣٤", "١٬٢٣٤٬٥٦٧"),
            ("ar-MA", "2026", "1.234", "1.234.567"),
            ("fa-IR", "۲۰۲۶", "۱٬۲۳۴", "۱٬۲۳۴٬۵۶۷"),
            ("ja", "2026", "1,234", "1,234,567"),
            ("fi", "2026", "1\u{202F}234", "1\u{202F}234\u{202F}567"),
        ] {
            let figures = Figures::of(tag);
            assert_eq!(figures.plain(2026), year, "{tag}");
            assert_eq!(figures.grouped("1234"), number, "{tag}");
            assert_eq!(figures.grouped("1234567"), million, "{tag}");
            assert_eq!(figures.grouped("999").chars().count(), 3, "{tag}");
        }
    }
}
