//! `courant source check`: asks sources, and stores nothing.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;
use url::Url;

use super::{ABOUT, chosen};
use crate::cli::{AlreadyReported, Context, Form};
use crate::daemon::settings;
use crate::jobs::puller::{cleaned, left_out};
use crate::model::article::{Content, RawArticle};
use crate::model::time::Timestamp;
use crate::source::{self, Error, FeedSettings, Fetcher, Kind, Pull, Source};

/// How many articles people are shown.
const SHOWN: usize = 5;

/// The largest file that is read, in bytes: no more than of a feed that is fetched.
const MAX_FILE: u64 = 10 * 1024 * 1024;

/// The language of articles of a feed that is no source of ours, where they do not show it.
const LANGUAGE: &str = "en";

/// Arguments of `courant source check`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Sources by their names, or addresses and files of feeds; all sources if none is named
    #[arg(value_name = "NAME|URL|FILE")]
    sources: Vec<String>,
    /// Where a file stands on the web: its links are relative to it
    #[arg(long)]
    url: Option<Url>,
    /// Ask an address of the local network too
    #[arg(long)]
    allow_private: bool,
    #[command(flatten)]
    form: Form,
}

/// What would come from a source.
#[derive(Serialize)]
struct Checked {
    name: String,
    /// Of the first batch, those too that are left out.
    articles: Vec<Found>,
    /// Whether there are more.
    more: bool,
    error: Option<String>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Found {
    external_id: String,
    title: Option<String>,
    url: Option<String>,
    authors: Vec<String>,
    tags: Vec<String>,
    published_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    language: Option<String>,
    image: Option<String>,
    text_bytes: usize,
    /// Why it is no article.
    left_out: Option<String>,
}

/// Runs `courant source check`.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let mut checked = Vec::new();
    if args.sources.is_empty() {
        check_sources(None, args.form, context, &mut checked).await?;
    }
    for asked in &args.sources {
        if is_address(asked) || is_file(asked) {
            checked.push(check_feed(asked, args, context).await?);
        } else {
            check_sources(Some(asked), args.form, context, &mut checked).await?;
        }
    }
    if args.form.json {
        context.output.json(&checked)?;
    }
    if checked.iter().any(|checked| checked.error.is_some()) { Err(AlreadyReported.into()) } else { Ok(()) }
}

fn is_address(asked: &str) -> bool {
    asked.starts_with("http://") || asked.starts_with("https://")
}

/// Whether it is meant as a file: no source has a name with a slash.
fn is_file(asked: &str) -> bool {
    asked == "-" || asked.contains('/') || (asked.contains('.') && Path::new(asked).is_file())
}

/// The source of this name, or all of them.
async fn check_sources(
    name: Option<&str>,
    form: Form,
    context: &Context,
    checked: &mut Vec<Checked>,
) -> anyhow::Result<()> {
    let settings = settings(&context.config()?);
    let fetcher = Fetcher::new(settings.publication.base_url.as_str());
    for scheduled in chosen(&settings, name)? {
        let now = context.clock.now();
        let pull = scheduled.source.pull(&fetcher, "", now).await;
        checked.push(judge(&scheduled.source, pull, &settings.publication.language, now));
        print(checked.last(), form, context)?;
    }
    Ok(())
}

/// A feed that need not be a source of ours.
async fn check_feed(place: &str, args: &Args, context: &Context) -> anyhow::Result<Checked> {
    let is_address = is_address(place);
    let url = if is_address { Url::parse(place).ok() } else { args.url.clone() };
    let url = url.map_or_else(|| file_url(place), Ok)?;
    let kind = Kind::Feed(FeedSettings {
        url: url.to_string(),
        allow_private: args.allow_private,
        ..FeedSettings::default()
    });
    let source = Source { name: place.to_owned(), tags: Vec::new(), kind };
    let now = context.clock.now();
    let pull = if is_address {
        source.pull(&Fetcher::new(ABOUT), "", now).await
    } else {
        source::read_feed(&read(place)?, &url, now)
    };
    let checked = judge(&source, pull, LANGUAGE, now);
    print(Some(&checked), args.form, context)?;
    Ok(checked)
}

/// The address of a file that stands nowhere else: what it links to without a host leads nowhere.
fn file_url(place: &str) -> anyhow::Result<Url> {
    let path = if place == "-" { PathBuf::from("/dev/stdin") } else { std::path::absolute(place)? };
    Url::from_file_path(path).map_err(|()| anyhow::anyhow!("{place} is no path of this machine"))
}

fn read(place: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if place == "-" {
        std::io::stdin().take(MAX_FILE).read_to_end(&mut bytes)
    } else {
        File::open(place).and_then(|file| file.take(MAX_FILE).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("{place} cannot be read"))?;
    Ok(bytes)
}

fn judge(source: &Source, pull: Result<Pull, Error>, language: &str, now: Timestamp) -> Checked {
    let name = source.name.clone();
    let pull = match pull {
        Ok(pull) => pull,
        Err(error) => {
            let error = Some(error.to_string());
            return Checked { name, articles: Vec::new(), more: false, error, notes: Vec::new() };
        }
    };
    let mut notes = pull.notes;
    let mut articles: Vec<Found> = pull.articles.iter().map(Found::of).collect();
    for (found, (id, article)) in articles.iter_mut().zip(cleaned(pull.articles, source, language, now)) {
        match article {
            Ok(content) => found.clean(content),
            Err(why) => {
                notes.push(left_out(&id, &why));
                found.left_out = Some(why.to_string());
            }
        }
    }
    Checked { name, articles, more: pull.more, error: None, notes }
}

impl Found {
    fn of(raw: &RawArticle) -> Self {
        Self {
            external_id: raw.external_id.clone(),
            title: raw.title.clone(),
            url: raw.url.clone(),
            authors: raw.authors.clone(),
            tags: raw.tags.clone(),
            published_at: raw.published_at,
            updated_at: raw.updated_at,
            language: raw.language.clone(),
            image: raw.image.as_ref().map(|image| image.url.clone()),
            text_bytes: 0,
            left_out: None,
        }
    }

    /// What an article becomes of it.
    fn clean(&mut self, content: Content) {
        self.title = Some(content.title);
        self.url = content.url;
        self.authors = content.authors;
        self.tags = content.tags;
        self.published_at = content.published_at;
        self.updated_at = content.updated_at;
        self.language = content.language;
        self.image = content.image.map(|image| image.url);
        self.text_bytes = content.text.len();
    }
}

/// Tells people about a source as soon as it was asked.
fn print(checked: Option<&Checked>, form: Form, context: &Context) -> anyhow::Result<()> {
    let Some(checked) = checked.filter(|_| !form.json) else { return Ok(()) };
    let output = &context.output;
    let name = &checked.name;
    let articles = checked.articles.iter().filter(|found| found.left_out.is_none());
    let count = articles.clone().count();
    match &checked.error {
        Some(error) => output.line(format!("{name}: failed: {error}"))?,
        None if checked.more => output.line(format!("{name}: more than {count} articles"))?,
        None if count == 1 => output.line(format!("{name}: 1 article"))?,
        None => output.line(format!("{name}: {count} articles"))?,
    }
    for found in articles.take(SHOWN) {
        let date = found.published_at.map_or_else(|| "undated".to_owned(), |at| at.to_string());
        output.line(format!("  {date:20}  {}", found.title.as_deref().unwrap_or_default()))?;
    }
    if count > SHOWN {
        output.line(format!("  … and {} more", count - SHOWN))?;
    }
    checked.notes.iter().try_for_each(|note| output.line(format!("  note: {note}")))?;
    Ok(())
}
