//! The demo's directory: what an operator would have there, and nothing else.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::tz::TimeZone;

use super::content;
use crate::model::time::Timestamp;
use crate::source::cms::{self, Post, Written};

/// The zone of a city that does not exist.
const ZONE: &str = "Europe/Brussels";

const CONFIGURATION: &str = include_str!("content/courant.toml");

/// Where the demo's servers listen.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// Courant's pages and feeds.
    pub site: SocketAddr,
    /// The inbox's pages, the agency's feed, the picture.
    pub desk: SocketAddr,
    /// The inbox's SMTP server.
    pub relay: SocketAddr,
}

/// The demo's directory.
#[derive(Clone, Debug)]
pub struct Press {
    directory: PathBuf,
}

impl Press {
    /// Sets up the publication in this directory, which must be empty or not there yet: a configuration whose
    /// newsletters are due at `tick`, and a CMS's file as it would stand at `now`.
    ///
    /// # Errors
    /// If the directory holds something or cannot be written.
    pub async fn set_up(
        directory: &Path,
        places: Places,
        tick: Timestamp,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let shown = directory.display();
        fs::create_dir_all(directory).with_context(|| format!("{shown} cannot be made"))?;
        let is_empty =
            fs::read_dir(directory).with_context(|| format!("{shown} cannot be read"))?.next().is_none();
        anyhow::ensure!(is_empty, "{shown} is not empty: name a directory that is, or none to have one made");
        let press = Self { directory: directory.to_owned() };
        fs::write(press.configuration(), configuration(places, tick)?)
            .with_context(|| format!("{} cannot be written", press.configuration().display()))?;
        cms::create(&press.cms(), &posts(places, now)?).await.context("the CMS's file cannot be written")?;
        Ok(press)
    }

    /// The configuration file.
    pub fn configuration(&self) -> PathBuf {
        self.directory.join("courant.toml")
    }

    /// What an editor does: publishes the drafts, and returns their headlines.
    ///
    /// # Errors
    /// If the CMS's file cannot be written.
    pub async fn publish_drafts(&self, now: Timestamp) -> anyhow::Result<Vec<String>> {
        let mut headlines = Vec::new();
        for piece in content::cms()?.into_iter().filter(|piece| piece.front.late) {
            if cms::publish(&self.cms(), piece.name, now).await? {
                headlines.push(piece.front.title);
            }
        }
        Ok(headlines)
    }

    fn cms(&self) -> PathBuf {
        self.directory.join("cms.db")
    }
}

fn configuration(places: Places, tick: Timestamp) -> anyhow::Result<String> {
    let local = TimeZone::get(ZONE)?.to_datetime(tick.to_jiff());
    Ok(CONFIGURATION
        .replace("@SITE@", &places.site.to_string())
        .replace("@DESK@", &places.desk.to_string())
        .replace("@RELAY@", &places.relay.to_string())
        .replace("@ZONE@", ZONE)
        .replace("@MINUTE@", &local.minute().to_string())
        .replace("@HOUR@", &local.hour().to_string())
        .replace("@WEEKDAY@", &local.strftime("%a").to_string().to_uppercase()))
}

/// The rows, in the order in which they were written: what was pasted in came last.
fn posts(places: Places, now: Timestamp) -> anyhow::Result<Vec<Post>> {
    let mut pieces = content::cms()?;
    pieces.sort_by_key(|piece| match piece.front.hours_ago {
        _ if piece.front.pasted => 0,
        Some(hours) => -i64::try_from(hours).unwrap_or(i64::MAX),
        None => i64::MIN,
    });
    let pictures = format!("http://{}/pictures/", places.desk);
    Ok(pieces.iter().enumerate().map(|(number, piece)| post(number, piece, &pictures, now)).collect())
}

fn post(number: usize, piece: &content::Piece, pictures: &str, now: Timestamp) -> Post {
    let front = &piece.front;
    let is_html = !front.pasted;
    Post {
        slug: piece.name.to_owned(),
        is_draft: front.late,
        title: front.title.clone(),
        summary: front.summary.clone(),
        html: is_html.then(|| piece.html(pictures)),
        text: front.pasted.then(|| piece.text.to_owned()),
        author: front.author.clone(),
        tags: if number.is_multiple_of(2) { front.tags.join(", ") } else { json_list(&front.tags) },
        image: front.image.as_ref().map(|file| format!("{pictures}{file}")),
        published_at: piece.published_at(now).map(|at| written(number, at)),
    }
}

fn json_list(tags: &[String]) -> String {
    serde_json::Value::from(tags).to_string()
}

/// A table that has seen several programs come and go holds dates in as many ways.
fn written(number: usize, at: Timestamp) -> Written {
    let in_letters = |format: &str| Written::Text(at.to_jiff().strftime(format).to_string());
    match number % 5 {
        0 => Written::Number(at.as_unix()),
        1 => Written::Number(at.as_unix() * 1000),
        2 => Written::Text(at.to_string()),
        3 => in_letters("%Y-%m-%d %H:%M:%S"),
        _ => in_letters("%a, %d %b %Y %H:%M:%S +0000"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Places { site: at(8080), desk: at(8081), relay: at(2525) }
    }

    #[test]
    fn the_newsletters_are_due_at_the_minute_that_was_asked_for() {
        let text = configuration(places(), "2026-11-24T06:07:00Z".parse().unwrap()).unwrap();
        assert!(text.contains("schedule = \"7 7 * * *\""), "{text}");
        assert!(text.contains("schedule = \"7 7 * * TUE\""), "{text}");
        assert!(!text.contains('@') || !text.contains("@SITE@"), "{text}");
    }

    #[tokio::test]
    async fn a_directory_that_holds_something_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("thesis.odt"), "…").unwrap();
        let now = Timestamp::from_unix(1_800_000_000);
        let failure = Press::set_up(directory.path(), places(), now, now).await.unwrap_err();
        assert!(failure.to_string().contains("is not empty"), "{failure}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn dates_are_written_in_several_ways() {
        let at = Timestamp::from_unix(1_000_000_000);
        let ways: Vec<String> = (0..5).map(|number| format!("{:?}", written(number, at))).collect();
        assert_eq!(
            ways,
            [
                "Number(1000000000)",
                "Number(1000000000000)",
                "Text(\"2001-09-09T01:46:40Z\")",
                "Text(\"2001-09-09 01:46:40\")",
                "Text(\"Sun, 09 Sep 2001 01:46:40 +0000\")",
            ]
        );
    }
}
