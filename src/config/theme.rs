//! `[publication.theme]`: how digests and pages look.

use url::Url;

use super::problem::Fault;
use super::publication::{LONGEST_SENTENCE, is_loopback, web_address};
use super::section::Section;
use super::text::Text;
use crate::model::publication::{Logo, Theme};

/// The keys of `[publication.theme]`.
pub(super) const KEYS: &[&str] = &["accent", "logo", "footer"];

/// The keys of `[publication.theme.logo]`.
pub(super) const LOGO_KEYS: &[&str] = &["url", "width", "height"];

/// The least contrast of text with what it stands on (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// A digest is 600 pixels wide.
const WIDEST_LOGO: i64 = 600;

/// Pictures that mail programs do not show.
const NOT_IN_MAILS: &[&str] = &["svg", "webp", "avif"];

/// The theme, with the defaults for what is not said.
pub(super) fn read(section: &Section<'_>) -> Theme {
    let default = Theme::default();
    Theme {
        accent: section.parsed("accent", accent).unwrap_or(default.accent),
        logo: section.section("logo", LOGO_KEYS).and_then(|section| logo(&section)),
        footer: section.parsed("footer", |text| text.line(LONGEST_SENTENCE)),
    }
}

fn logo(section: &Section<'_>) -> Option<Logo> {
    if !section.has("url") {
        section.note_missing("url", "url = \"https://courier.example.org/logo.png\"");
    }
    let url = section.url("url").and_then(|text| section.noted_at(text.span.clone(), "url", logo_url(&text)));
    let side = |key, most| {
        if !section.has(key) {
            section.note_missing(key, &format!("{key} = 60, in pixels as it is shown"));
        }
        section.number(key, 1..=most).and_then(|pixels| u32::try_from(pixels).ok())
    };
    let (width, height) = (side("width", WIDEST_LOGO), side("height", WIDEST_LOGO));
    Some(Logo { url: url?, width: width?, height: height? })
}

fn logo_url(text: &Text) -> Result<Url, Fault> {
    let url = web_address(text)?;
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err(Fault::new("mail programs show pictures over https only").help("write https://"));
    }
    let ending =
        url.path().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if NOT_IN_MAILS.contains(&ending.as_str()) {
        return Err(Fault::new(format!("many mail programs do not show {ending} pictures"))
            .help("use a PNG, JPEG or GIF"));
    }
    Ok(url)
}

fn accent(text: &Text) -> Result<String, Fault> {
    let Some(colour) = Colour::parse(text.as_str()) else {
        return Err(Fault::new(format!("{} is not a colour", text.shown()))
            .help("write it as \"#rrggbb\", such as \"#a6192e\""));
    };
    let contrast = colour.contrast_with_white();
    if contrast < LEAST_CONTRAST {
        return Err(Fault::new(format!(
            "white text on {} cannot be read by many: its contrast is {contrast:.1}, and 4.5 is the least",
            colour.written()
        ))
        .help(format!("use a darker colour, such as \"{}\"", colour.darkened().written())));
    }
    Ok(colour.written())
}

#[derive(Clone, Copy)]
struct Colour([u8; 3]);

impl Colour {
    /// `#rrggbb` or `#rgb`.
    fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text
            .trim()
            .strip_prefix('#')?
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
            .collect::<Option<_>>()?;
        match digits[..] {
            [r, g, b] => Some(Self([r * 17, g * 17, b * 17])),
            [r1, r0, g1, g0, b1, b0] => Some(Self([r1 * 16 + r0, g1 * 16 + g0, b1 * 16 + b0])),
            _ => None,
        }
    }

    fn written(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    fn contrast_with_white(self) -> f64 {
        1.05 / (self.luminance() + 0.05)
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The same hue, just dark enough for white text.
    fn darkened(self) -> Self {
        let scaled = |percent: u16| {
            Self(self.0.map(|channel| u8::try_from(u16::from(channel) * percent / 100).unwrap_or(u8::MAX)))
        };
        let is_enough = |colour: &Self| colour.contrast_with_white() >= LEAST_CONTRAST;
        (0..100).rev().map(scaled).find(is_enough).unwrap_or(Self([0; 3]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_accessibility_guidelines() {
        for (text, contrast) in
            [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54), ("#f60", 2.94), ("#A6192E", 7.5)]
        {
            let found = Colour::parse(text).unwrap().contrast_with_white();
            assert!((found - contrast).abs() < 0.01, "{text}: {found}");
        }
        for text in ["", "#", "red", "#12345", "#1234567", "#ggg", "a6192e", "#١٢٣"] {
            assert!(Colour::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_colour_that_is_too_light_is_answered_with_one_that_is_just_dark_enough() {
        for text in ["#ffffff", "#ff6600", "#ffff00", "#777777"] {
            let contrast = Colour::parse(text).unwrap().darkened().contrast_with_white();
            assert!((LEAST_CONTRAST..4.8).contains(&contrast), "{text}: {contrast}");
        }
    }
}
