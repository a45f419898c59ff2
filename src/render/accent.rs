//! The publication's colour, made readable on light and on dark ground.

/// The lightest ground that the colour is put on in light mode, and the one of dark mode.
const LIGHT_GROUND: Rgb = Rgb([0xF4, 0xF1, 0xEB]);
const DARK_GROUND: Rgb = Rgb([0x1D, 0x1C, 0x1A]);

/// WCAG 2's contrast for text of any size.
const READABLE: f64 = 4.5;

/// A colour for text, lines and buttons, as `#rrggbb`: the theme's own where it can be read, else a darker or lighter
/// one of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On light ground; white text can be read on it.
    pub on_light: String,
    /// On dark ground; black text can be read on it.
    pub on_dark: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Rgb([u8; 3]);

impl Accent {
    /// The accent of a theme's colour, `#rrggbb`; black and white for what is none.
    pub fn of(colour: &str) -> Self {
        let colour = Rgb::parse(colour).unwrap_or(Rgb([0; 3]));
        Self {
            on_light: colour.towards(0, LIGHT_GROUND).to_string(),
            on_dark: colour.towards(u8::MAX, DARK_GROUND).to_string(),
        }
    }
}

impl Rgb {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let number = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([number[1], number[2], number[3]]))
    }

    /// The first colour on the way to black (0) or white (255) that can be read on `ground`.
    fn towards(self, end: u8, ground: Self) -> Self {
        let step = |parts: u16| {
            Self(self.0.map(|channel| {
                let mixed = (u16::from(channel) * (20 - parts) + u16::from(end) * parts) / 20;
                u8::try_from(mixed).unwrap_or(end)
            }))
        };
        (0..=20).map(step).find(|colour| colour.contrast(ground) >= READABLE).unwrap_or(Self([end; 3]))
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance, as WCAG 2 defines it.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_colour_can_be_read_on_either_ground() {
        for colour in ["#a6192e", "#ffff00", "#000000", "#ffffff", "#808080", "#00ff7f", "red", ""] {
            let accent = Accent::of(colour);
            let contrast = |text: &str, ground| Rgb::parse(text).unwrap().contrast(ground);
            assert!(contrast(&accent.on_light, LIGHT_GROUND) >= READABLE, "{colour}");
            assert!(contrast(&accent.on_light, Rgb([255; 3])) >= READABLE, "{colour}");
            assert!(contrast(&accent.on_dark, DARK_GROUND) >= READABLE, "{colour}");
        }
    }

    #[test]
    fn a_readable_colour_is_left_alone() {
        assert_eq!(Accent::of("#a6192e").on_light, "#a6192e");
        assert_eq!(Accent::of("#ffd166").on_dark, "#ffd166");
    }
}
