//! Every feed and its archive as files, so that a host of plain files can serve them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use super::super::{Context, Form};
use crate::daemon;
use crate::render::feed::{Feed, Format};
use crate::web::feed::{Feeds, Which};

/// What became of the files.
#[derive(Default, Serialize)]
struct Outcome {
    /// Files with new bytes.
    written: usize,
    /// Files that were as they should be, and keep their time.
    unchanged: usize,
    /// Tags and names that no folder can be called by.
    left_out: Vec<String>,
}

/// Runs `courant feed write …`.
pub async fn run(directory: &Path, form: Form, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = daemon::web_settings(&config);
    let feeds = Feeds::new(&store, &settings);
    let mut outcome = Outcome::default();
    for which in feeds.all().await? {
        let Some(stem) = stem(&which) else {
            outcome.left_out.push(which.stem());
            continue;
        };
        feeds.close_archive(&which).await?;
        let Some(feed) = feeds.compose(&which).await? else { continue };
        let stem = directory.join(stem);
        outcome.write(&feed, &stem)?;
        // Where the pages of its archive are, as their addresses say it.
        let mut number = 1;
        while let Some(page) = feeds.archive_page(&which, number).await? {
            outcome.write(&page, &stem.join(format!("archive/{number}")))?;
            number += 1;
        }
    }
    report(&outcome, directory, form, context)
}

impl Outcome {
    /// Writes a feed in each format, into files that are called so but for their endings.
    fn write(&mut self, feed: &Feed, stem: &Path) -> anyhow::Result<()> {
        for format in Format::ALL {
            let path = stem.with_added_extension(format.extension());
            let is_new = write(&path, feed.render(format).as_bytes());
            if is_new.with_context(|| format!("{} cannot be written", path.display()))? {
                self.written += 1;
            } else {
                self.unchanged += 1;
            }
        }
        Ok(())
    }
}

fn report(outcome: &Outcome, directory: &Path, form: Form, context: &Context) -> anyhow::Result<()> {
    if form.json {
        return Ok(context.output.json(outcome)?);
    }
    let Outcome { written: new, unchanged, left_out } = outcome;
    let place = directory.display();
    context.output.line(format_args!("{place}: {new} files written, {unchanged} as they were"))?;
    for stem in left_out {
        context.output.line(format_args!("Left out: {stem}, which no file can be called"))?;
    }
    Ok(())
}

/// The file of a feed without its ending: the name that a server of files looks for when it is asked for the feed's
/// address. A name with a slash is a folder in a folder; none leads out of the directory, or to where another feed's files are.
fn stem(which: &Which) -> Option<PathBuf> {
    let Some(condition) = which.only_condition() else { return Some(PathBuf::from(which.stem())) };
    let (folder, name) = (condition.folder()?, condition.value());
    let is_name =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\0', '\\']);
    let is_file = |part: &str| part.strip_prefix("feed.").and_then(Format::of_extension).is_some();
    let is_safe = name.split('/').all(|part| is_name(part) && !is_file(part))
        && !name.contains("feed/archive/")
        && !name.chars().any(char::is_control);
    is_safe.then(|| Path::new(folder).join(name).join("feed"))
}

/// Writes a file at once or not at all, and returns whether its bytes are new.
fn write(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|before| before == bytes) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_added_extension("new");
    fs::write(&draft, bytes)?;
    fs::rename(&draft, path)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::feed::Condition;

    #[test]
    fn no_tag_leads_out_of_the_directory_or_to_another_feed() {
        for (tag, expected) in [
            ("harbour", Some("tags/harbour/feed")),
            ("a/b 🎉", Some("tags/a/b 🎉/feed")),
            ("..", None),
            ("../../etc", None),
            ("/etc", None),
            ("a//b", None),
            ("a\0b", None),
            ("a/feed.rss", None),
            ("feed/archive/1.rss", None),
            ("feed.rs", Some("tags/feed.rs/feed")),
            ("", None),
        ] {
            assert_eq!(stem(&Which::of(Condition::tag(tag))).as_deref(), expected.map(Path::new), "{tag:?}");
        }
    }
}
