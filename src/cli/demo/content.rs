//! What the demo publishes: the articles of *The Halmouth Courier*, a newspaper of a city that does not exist.
//!
//! Each article is a file under `content/`: TOML front matter between two lines of `+++`, then its text.

use std::time::Duration;

use anyhow::Context;
use pulldown_cmark::{Parser, html};
use serde::Deserialize;

use crate::model::time::Timestamp;

/// A red and white lighthouse at dusk, drawn for the demo (`docs/pictures/draw`).
pub const PICTURE: &[u8] = include_bytes!("content/skerrow-light.png");

/// One article as its file holds it.
#[derive(Debug)]
pub struct Piece {
    /// The name of its file, which serves as its name in addresses.
    pub name: &'static str,
    /// What is known about it.
    pub front: Front,
    /// Its text: Markdown, or a page as it was copied from a browser.
    pub text: &'static str,
}

/// The front matter of a [`Piece`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Front {
    /// Its headline.
    pub title: String,
    /// Who wrote it; a pasted page names its author itself.
    pub author: Option<String>,
    /// Its section, and what else it is about.
    pub tags: Vec<String>,
    /// How long before the demo begins it was published; nobody knows if this is missing.
    pub hours_ago: Option<u64>,
    /// A few sentences that say what is in it.
    pub summary: Option<String>,
    /// Its picture: a file name.
    pub image: Option<String>,
    /// What the picture shows.
    #[serde(default)]
    pub image_alt: String,
    /// The line under the picture.
    #[serde(default)]
    pub image_caption: String,
    /// Whether it is still a draft when the demo begins.
    #[serde(default)]
    pub late: bool,
    /// Whether its text is a page as it was copied from a browser, with everything a theme prints around it.
    #[serde(default)]
    pub pasted: bool,
}

macro_rules! files {
    ($folder:literal: $($name:literal)+) => {
        &[$(($name, include_str!(concat!("content/", $folder, "/", $name, ".md")))),+]
    };
}

/// What stands in the publication's own CMS.
const CMS: &[(&str, &str)] = files!("cms":
    "ar-bakery" "ar-birds" "ar-locks" "ar-school" "ar-tides" "brandreth" "bread-prices" "credit-union"
    "dredgers-choir" "dry-dock" "eelgrass" "ferry-ballot" "hemp-works" "hydrogen-ferry" "late-clock" "late-survey"
    "leave-the-puddle" "letters" "lighthouse-birds" "listening-weir" "market-night" "marsh-novel" "night-locks"
    "one-film-cinema" "organ" "oysters" "rail-bill" "reading-a-tide-table" "rent-register" "rovers-draw"
    "rowers-at-six" "school-kitchens" "shed-estuary" "skerrow-mile" "spring-tide" "tram-bell"
    "what-a-meeting-is-for");

/// What comes from an agency, by its feed.
const WIRE: &[(&str, &str)] = files!("wire":
    "bicycle-trains" "flood-maps" "glassworks" "mesh-sizes" "road-signs" "seed-library" "tide-power");

/// The articles in the publication's own CMS.
///
/// # Errors
/// If a file's front matter is wrong.
pub fn cms() -> anyhow::Result<Vec<Piece>> {
    CMS.iter().map(|(name, file)| Piece::parse(name, file)).collect()
}

/// The articles that an agency sends.
///
/// # Errors
/// If a file's front matter is wrong.
pub fn wire() -> anyhow::Result<Vec<Piece>> {
    WIRE.iter().map(|(name, file)| Piece::parse(name, file)).collect()
}

impl Piece {
    fn parse(name: &'static str, file: &'static str) -> anyhow::Result<Self> {
        let parts = file.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
        let (front, text) = parts.with_context(|| format!("{name} has no front matter"))?;
        let front = toml::from_str(front).with_context(|| format!("the front matter of {name}"))?;
        Ok(Self { name, front, text })
    }

    /// When it was published, if the demo begins `now`; `None` if nobody knows, or if it is a draft.
    pub fn published_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.front.hours_ago.map(|hours| now - Duration::from_hours(hours))
    }

    /// Its text as HTML, with its picture, which stands at `pictures`, before it.
    pub fn html(&self, pictures: &str) -> String {
        let mut page = self.front.image.as_ref().map_or_else(String::new, |file| self.figure(pictures, file));
        html::push_html(&mut page, Parser::new(self.text));
        page
    }

    fn figure(&self, pictures: &str, file: &str) -> String {
        let Front { image_alt: alt, image_caption: caption, .. } = &self.front;
        format!(
            "<figure><img src=\"{pictures}{file}\" alt=\"{alt}\" width=\"1200\" height=\"675\">\
             <figcaption>{caption}</figcaption></figure>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_published() {
        for (folder, files) in [("cms", CMS), ("wire", WIRE)] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo/content").join(folder);
            let on_disk: HashSet<String> = fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".md", ""))
                .collect();
            let listed: HashSet<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(listed, on_disk);
        }
    }

    #[test]
    fn the_publication_is_as_varied_as_a_real_one() {
        let cms = cms().unwrap();
        let count = |is_such: fn(&Piece) -> bool| cms.iter().filter(|piece| is_such(piece)).count();
        assert!(cms.len() + wire().unwrap().len() >= 30);
        assert!(count(|piece| piece.front.tags.iter().any(|tag| tag == "العربية")) >= 4);
        assert_eq!(count(|piece| piece.front.image.is_some()), 1);
        assert_eq!(count(|piece| piece.front.pasted), 1);
        assert_eq!(
            count(|piece| piece.front.hours_ago.is_none() && !piece.front.late && !piece.front.pasted),
            1
        );
        let authors: HashSet<_> = cms.iter().filter_map(|piece| piece.front.author.as_ref()).collect();
        assert!(authors.len() >= 6);
        for section in ["politics", "economy", "city", "culture", "science", "sport", "opinion", "weather"] {
            assert!(cms.iter().any(|piece| piece.front.tags[0] == section), "{section}");
        }
    }

    #[test]
    fn a_headline_stands_once() {
        let pieces: Vec<Piece> = cms().unwrap().into_iter().chain(wire().unwrap()).collect();
        let titles: HashSet<&str> = pieces.iter().map(|piece| piece.front.title.as_str()).collect();
        assert_eq!(titles.len(), pieces.len());
    }
}
