//! `[[source]]` as text: what somebody can paste into the configuration file, or what is added at its end.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use tempfile::NamedTempFile;

use crate::config;
use crate::model::text;

/// The longest name that is made, in characters, and the longest tag.
const LONGEST_NAME: usize = 40;
const LONGEST_TAG: usize = 100;

/// A feed as a source of the configuration.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub name: String,
    pub url: String,
    pub tags: Vec<String>,
    pub allow_private: bool,
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[[source]]\nname = {}\nkind = \"feed\"", quoted(&self.name))?;
        writeln!(f, "url = {}", quoted(&self.url))?;
        if !self.tags.is_empty() {
            let tags: Vec<String> = self.tags.iter().map(|tag| quoted(tag)).collect();
            writeln!(f, "tags = [{}]", tags.join(", "))?;
        }
        if self.allow_private {
            writeln!(f, "allow_private = true")?;
        }
        Ok(())
    }
}

/// A text of the configuration, in which `${` stands for itself. What JSON escapes, TOML escapes in the same way, but for
/// one character that no name, tag or address has.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.replace("${", "$${").replace('\u{7f}', "")).to_string()
}

/// A tag as the configuration takes it, if it is one.
pub(super) fn tag(text: &str) -> Option<String> {
    let tag: String = text::line(text).chars().take(LONGEST_TAG).collect();
    Some(tag.trim().to_owned()).filter(|tag| !tag.is_empty())
}

/// Names of sources that are taken.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self(names.map(str::to_lowercase).collect())
    }

    /// A free name after one of these wishes, with a number behind it where that is taken.
    pub fn claim(&mut self, wishes: &[&str]) -> String {
        let slug = |wish: &&str| {
            let slug = slug::slugify(wish.chars().take(200).collect::<String>());
            let slug: String = slug.chars().take(LONGEST_NAME).collect();
            Some(slug.trim_matches('-').to_owned()).filter(|slug| !slug.is_empty())
        };
        let name = wishes.iter().find_map(slug).unwrap_or_else(|| "feed".to_owned());
        let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        let free = candidates.find(|name| !self.0.contains(name)).unwrap_or(name);
        self.0.insert(free.clone());
        free
    }
}

/// Adds blocks at the end of the configuration file, whose other lines stay as they are.
///
/// # Errors
/// If the file would not be valid with them, or cannot be written; it is then as it was.
pub(super) fn append(path: &Path, blocks: &[Block]) -> anyhow::Result<()> {
    let before = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut added = String::new();
    if !before.is_empty() && !before.ends_with('\n') {
        added.push('\n');
    }
    for block in blocks {
        added.push('\n');
        added.push_str(&block.to_string());
    }
    if before.contains("\r\n") {
        added = added.replace('\n', "\r\n");
    }
    check(path, &format!("{before}{added}"))?;
    let mut file = OpenOptions::new()
        .append(true)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(added.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(file.sync_all()?)
}

/// Whether a text is valid in the place of the configuration file.
fn check(path: &Path, text: &str) -> anyhow::Result<()> {
    let path = std::path::absolute(path)?;
    let folder = path.parent().context("the configuration file stands in no folder")?;
    let mut draft = NamedTempFile::new_in(folder)
        .with_context(|| format!("nothing can be written into {}", folder.display()))?;
    draft.write_all(text.as_bytes())?;
    config::load(draft.path()).context("the configuration would not be valid, and was left as it is")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_first_wish_that_gives_one_and_is_free() {
        let mut names = Names::of(["The-Courier", "feed"].into_iter());
        assert_eq!(names.claim(&["The Courier"]), "the-courier-2");
        assert_eq!(names.claim(&["The Courier"]), "the-courier-3");
        assert_eq!(names.claim(&["!!!", "wire.example"]), "wire-example");
        assert_eq!(names.claim(&["", "…"]), "feed-2");
        assert_eq!(names.claim(&[&"long ".repeat(50)]).len(), 39);
    }

    #[test]
    fn a_block_says_literally_what_it_was_given() {
        let block = Block {
            name: "a".to_owned(),
            url: "https://a.example/?q=\"${X}\\".to_owned(),
            tags: vec!["new\"s".to_owned()],
            allow_private: true,
        };
        let read: toml::Table = block.to_string().parse().unwrap();
        let source = &read["source"][0];
        assert_eq!(source["url"].as_str(), Some("https://a.example/?q=\"$${X}\\"));
        assert_eq!(source["tags"][0].as_str(), Some("new\"s"));
    }
}
