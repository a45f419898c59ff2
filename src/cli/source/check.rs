//! `courant source check`: asks sources, and stores nothing.

use serde::Serialize;

use super::chosen;
use crate::cli::{AlreadyReported, Context, Form};
use crate::daemon::settings;
use crate::jobs::puller::cleaned;
use crate::jobs::{ScheduledSource, Settings};
use crate::model::article::Content;
use crate::model::time::Timestamp;
use crate::source::Fetcher;

/// How many articles people are shown.
const SHOWN: usize = 5;

/// What would come from a source.
#[derive(Serialize)]
struct Checked {
    name: String,
    /// Of the first batch.
    articles: Vec<Found>,
    /// Whether there are more.
    more: bool,
    error: Option<String>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Found {
    external_id: String,
    title: String,
    url: Option<String>,
    authors: Vec<String>,
    tags: Vec<String>,
    published_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    language: Option<String>,
    image: Option<String>,
    text_bytes: usize,
}

/// Runs `courant source check`.
pub(super) async fn run(name: Option<&str>, form: Form, context: &Context) -> anyhow::Result<()> {
    let config = context.config()?;
    let settings = settings(&config);
    let fetcher = Fetcher::new(settings.publication.base_url.as_str());
    let mut all = Vec::new();
    for scheduled in chosen(&settings, name)? {
        let checked = check(scheduled, &settings, &fetcher, context.clock.now()).await;
        if !form.json {
            print(&checked, context)?;
        }
        all.push(checked);
    }
    if form.json {
        context.output.json(&all)?;
    }
    if all.iter().any(|checked| checked.error.is_some()) { Err(AlreadyReported.into()) } else { Ok(()) }
}

async fn check(
    scheduled: &ScheduledSource,
    settings: &Settings,
    fetcher: &Fetcher,
    now: Timestamp,
) -> Checked {
    let name = scheduled.source.name.clone();
    match scheduled.source.pull(fetcher, "", now).await {
        Ok(pull) => {
            let mut notes = pull.notes;
            let articles = cleaned(pull.articles, &scheduled.source, settings, now, &mut notes);
            let articles = articles.into_iter().map(|(id, content)| Found::of(id, content)).collect();
            Checked { name, articles, more: pull.more, error: None, notes }
        }
        Err(error) => Checked {
            name,
            articles: Vec::new(),
            more: false,
            error: Some(error.to_string()),
            notes: Vec::new(),
        },
    }
}

impl Found {
    fn of(external_id: String, content: Content) -> Self {
        Self {
            external_id,
            title: content.title,
            url: content.url,
            authors: content.authors,
            tags: content.tags,
            published_at: content.published_at,
            updated_at: content.updated_at,
            language: content.language,
            image: content.image.map(|image| image.url),
            text_bytes: content.text.len(),
        }
    }
}

fn print(checked: &Checked, context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    let name = &checked.name;
    let count = checked.articles.len();
    match &checked.error {
        Some(error) => output.line(format!("{name}: failed: {error}"))?,
        None if checked.more => output.line(format!("{name}: more than {count} articles"))?,
        None => output.line(format!("{name}: {count} articles"))?,
    }
    for found in checked.articles.iter().take(SHOWN) {
        let date = found.published_at.map_or_else(|| "undated".to_owned(), |at| at.to_string());
        output.line(format!("  {date:20}  {}", found.title))?;
    }
    if count > SHOWN {
        output.line(format!("  … and {} more", count - SHOWN))?;
    }
    checked.notes.iter().try_for_each(|note| output.line(format!("  note: {note}")))?;
    Ok(())
}
