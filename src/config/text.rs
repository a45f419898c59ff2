//! A text value of the file.

use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::mask;
use super::problem::Fault;
use crate::model::{language, slot};

/// How much of a value an error repeats.
const MOST_SHOWN: usize = 60;

/// A text value: what it says, and how it was written, which alone may be shown.
pub(super) struct Text {
    pub(super) value: String,
    pub(super) written: String,
    pub(super) span: Range<usize>,
}

impl Text {
    /// What it says.
    pub(super) fn as_str(&self) -> &str {
        &self.value
    }

    /// Whether it is the same word, in small or capital letters.
    pub(super) fn is_like(&self, word: &str) -> bool {
        self.value.to_lowercase() == word.to_lowercase()
    }

    /// It as an error may show it: as written, without what may be secret, and not too long.
    pub(super) fn shown(&self) -> String {
        let masked = mask::masked_value(&self.written);
        let mut shown: String = masked.chars().take(MOST_SHOWN).collect();
        if shown.len() < masked.len() {
            shown.push('…');
        }
        format!("{shown:?}")
    }

    /// A part of it as an error may show it, unless that is what the environment holds.
    pub(super) fn part(&self, part: &str) -> String {
        if self.is_plain() || self.written.contains(part) {
            format!("`{}`", part.chars().take(MOST_SHOWN).collect::<String>())
        } else {
            "what the environment holds".to_owned()
        }
    }

    /// What an error says about it, unless its words would tell what the environment holds.
    pub(super) fn fault(&self, error: &impl Display) -> Fault {
        if self.is_plain() {
            return Fault::new(error.to_string());
        }
        Fault::new(format!("what {} stands for is not allowed here", self.shown()))
            .help("what the environment holds is not shown")
    }

    fn is_plain(&self) -> bool {
        self.value == self.written
    }

    /// It as one line that readers see: not empty, without control characters, at most `most` characters long.
    pub(super) fn line(&self, most: usize) -> Result<String, Fault> {
        let line = self.lines(most)?;
        if line.contains('\n') {
            return Err(Fault::new("this must be one line").help("put it in one line, between simple quotes"));
        }
        Ok(line)
    }

    /// It as lines that readers see: not empty, without control characters, at most `most` characters long.
    pub(super) fn lines(&self, most: usize) -> Result<String, Fault> {
        let lines = self.value.trim().replace("\r\n", "\n");
        if lines.is_empty() {
            return Err(
                Fault::new("this is empty").help("write what readers shall see, or take the key away")
            );
        }
        let length = lines.chars().count();
        if length > most {
            return Err(Fault::new(format!("this has {length} characters"))
                .help(format!("write at most {most} characters")));
        }
        if let Some(odd) = lines.chars().find(|c| c.is_control() && *c != '\n' || slot::is_marker(*c)) {
            return Err(Fault::new(format!(
                "this holds the character U+{:04X}, which cannot be shown",
                u32::from(odd)
            ))
            .help("take that character away"));
        }
        Ok(lines)
    }

    /// It as a language.
    pub(super) fn language(&self) -> Result<String, Fault> {
        if language::is_tag(&self.value) {
            return Ok(self.value.clone());
        }
        Err(Fault::new(format!("{} is not the tag of a language", self.shown()))
            .help("write a tag of BCP 47, with hyphens: \"en\", \"pt-BR\", \"zh-Hant\""))
    }

    /// It as a path; a relative one starts from the directory of the configuration file.
    pub(super) fn path(&self, directory: &Path) -> PathBuf {
        directory.join(&self.value)
    }
}
