//! A folder of Markdown files with front matter, as Hugo, Zola and Jekyll write it.

use super::{Error, MarkdownSettings, Pull};

pub(super) fn pull(_settings: &MarkdownSettings, _cursor: &str) -> Result<Pull, Error> {
    Err(Error::unavailable("this version does not read folders of Markdown yet"))
}
