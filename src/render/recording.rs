//! Recordings and films of articles, as pages and digests offer them.

use crate::model::article::{Content, Enclosure};
use crate::model::words::Words;
use crate::render::feed::web_address;

/// A recording or a film, ready to be put in its place.
pub(super) struct Recording {
    pub url: String,
    pub media_type: String,
    pub is_film: bool,
    /// What a reader can do with it, and how large it is.
    pub text: String,
}

impl Recording {
    /// Those of an article, in its source's order.
    pub fn all(content: &Content, words: &Words) -> Vec<Self> {
        content.enclosures.iter().filter_map(|file| Self::of(file, words)).collect()
    }

    fn of(file: &Enclosure, words: &Words) -> Option<Self> {
        let is_film = file.media_type.starts_with("video/");
        if !is_film && !file.media_type.starts_with("audio/") {
            return None;
        }
        let verb = if is_film { &words.watch } else { &words.listen };
        let text = match file.length {
            Some(bytes) => format!("{verb} · {}", size(bytes)),
            None => verb.clone(),
        };
        Some(Self { url: web_address(&file.url)?, media_type: file.media_type.clone(), is_film, text })
    }
}

/// A size as people read it, in whole units.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| bytes >= *unit).unwrap_or((1_000, "kB"));
    format!("{} {name}", (bytes + unit / 2).div_euclid(unit).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_in_whole_units() {
        for (bytes, expected) in [
            (1, "1 kB"),
            (1_499, "1 kB"),
            (34_216_300, "34 MB"),
            (1_500_000, "2 MB"),
            (2_100_000_000, "2 GB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}
