//! `courant source fetch`: asks sources now.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;

use super::chosen;
use crate::cli::{AlreadyReported, Context, Form};
use crate::daemon::settings;
use crate::jobs::puller::Puller;
use crate::jobs::{ScheduledSource, Settings};
use crate::source::Fetcher;

/// What asking a source brought.
#[derive(Default, Serialize)]
struct Fetched {
    name: String,
    new: usize,
    changed: usize,
    unchanged: usize,
    error: Option<String>,
    notes: Vec<String>,
}

/// Runs `courant source fetch`.
pub(super) async fn run(name: Option<&str>, form: Form, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = Arc::new(settings(&config));
    let fetcher = Fetcher::new(settings.publication.base_url.as_str());
    let puller = Puller::new(store, fetcher, watch::channel(Arc::clone(&settings)).1);
    let mut all = Vec::new();
    for scheduled in chosen(&settings, name)? {
        let fetched = fetch(&puller, scheduled, &settings, context).await?;
        if !form.json {
            print(&fetched, context)?;
        }
        all.push(fetched);
    }
    if form.json {
        context.output.json(&all)?;
    }
    if all.iter().any(|fetched| fetched.error.is_some()) { Err(AlreadyReported.into()) } else { Ok(()) }
}

/// Pulls batch after batch until there is no more.
async fn fetch(
    puller: &Puller,
    scheduled: &ScheduledSource,
    settings: &Settings,
    context: &Context,
) -> anyhow::Result<Fetched> {
    let mut fetched = Fetched { name: scheduled.source.name.clone(), ..Fetched::default() };
    loop {
        match puller.pull(scheduled, settings, context.clock.now()).await? {
            Ok(pulled) => {
                fetched.new += pulled.saved.new;
                fetched.changed += pulled.saved.changed;
                fetched.unchanged += pulled.saved.unchanged;
                let is_told = |note: &String| fetched.notes.contains(note);
                let notes: Vec<String> = pulled.notes.into_iter().filter(|note| !is_told(note)).collect();
                fetched.notes.extend(notes);
                if !pulled.more {
                    return Ok(fetched);
                }
            }
            Err(error) => return Ok(Fetched { error: Some(error.to_string()), ..fetched }),
        }
    }
}

fn print(fetched: &Fetched, context: &Context) -> anyhow::Result<()> {
    let Fetched { name, new, changed, .. } = fetched;
    match &fetched.error {
        Some(error) => context.output.line(format!("{name}: failed: {error}"))?,
        None if new + changed == 0 => context.output.line(format!("{name}: nothing new"))?,
        None => context.output.line(format!("{name}: {new} new, {changed} changed"))?,
    }
    for note in &fetched.notes {
        context.output.line(format!("  {note}"))?;
    }
    Ok(())
}
