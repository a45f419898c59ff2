//! `courant source backfill`: what is older than a feed shows.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use super::chosen;
use crate::cli::{AlreadyReported, Context, Form, moment};
use crate::daemon::settings;
use crate::jobs::puller::{Puller, cleaned, left_out};
use crate::jobs::{ScheduledSource, Settings};
use crate::model::time::Timestamp;
use crate::source::{Error, Fetcher, Kind, Older};
use crate::store::Store;

/// How long its server is left alone between two pages.
const BETWEEN_PAGES: Duration = Duration::from_secs(5);

/// The most that is told of articles that were left out.
const MAX_NOTES: usize = 20;

/// Arguments of `courant source backfill`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The source's name
    source: String,
    /// How many pages to read at most, five seconds apart
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pages: u32,
    /// Begin anew, also where all was read before
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    form: Form,
}

/// What a walk brought.
#[derive(Default, Serialize)]
struct Walked {
    source: String,
    pages: u32,
    articles: usize,
    /// Whether there is nothing older.
    is_done: bool,
    /// Why it ended before that.
    error: Option<String>,
    notes: Vec<String>,
}

/// Runs `courant source backfill`.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = Arc::new(settings(&config));
    let scheduled = chosen(&settings, Some(&args.source))?[0];
    if !matches!(scheduled.source.kind, Kind::Feed(_)) {
        anyhow::bail!("{} is read whole each time: only feeds have older pages", args.source);
    }
    if args.again {
        store.forget_backfill(&args.source).await?;
    }
    let known = store.find_backfill(&args.source).await?;
    if let Some(known) = known.filter(|known| known.position.is_none()) {
        let ago = moment::span(context.clock.now().since(known.updated_at).as_secs());
        anyhow::bail!(
            "{} has been read to its end, {ago} ago: {} pages, {} articles. --again begins anew",
            args.source,
            known.pages,
            known.articles
        );
    }
    let fetcher = Fetcher::new(settings.publication.base_url.as_str());
    let mut walk = Walk { store, fetcher, settings: &settings, scheduled, walked: Walked::default() };
    walk.walked.source.clone_from(&args.source);
    if let Err(error) = walk.go(args.pages, context).await? {
        walk.walked.error = Some(error.to_string());
    }
    tell(&walk.walked, args.form, context)
}

/// A walk through the older pages of a feed.
struct Walk<'a> {
    store: Store,
    fetcher: Fetcher,
    settings: &'a Arc<Settings>,
    scheduled: &'a ScheduledSource,
    walked: Walked,
}

impl Walk<'_> {
    /// Reads pages until there are no more, or enough. The inner error is the source's.
    async fn go(&mut self, pages: u32, context: &Context) -> anyhow::Result<Result<(), Error>> {
        let name = &self.scheduled.source.name;
        // What is new comes as news, before anything is read as history.
        let live = watch::channel(Arc::clone(self.settings)).1;
        let puller = Puller::new(self.store.clone(), self.fetcher.clone(), live);
        if let Err(error) = puller.pull(self.scheduled, self.settings, context.clock.now()).await? {
            return Ok(Err(error));
        }
        let standing = self.store.find_source(name).await?;
        let cursor = standing.map(|standing| standing.cursor).unwrap_or_default();
        let mut position = self.store.find_backfill(name).await?.and_then(|known| known.position);
        while self.walked.pages < pages && !self.walked.is_done {
            if context.clock.passes() {
                tokio::time::sleep(BETWEEN_PAGES).await;
            }
            let now = context.clock.now();
            let at = (cursor.as_str(), position.as_deref().unwrap_or_default());
            let older = match self.scheduled.source.older(&self.fetcher, at, now).await {
                Ok(older) => older,
                Err(error) => return Ok(Err(error)),
            };
            position.clone_from(&older.position);
            self.keep(older, now, context).await?;
        }
        Ok(Ok(()))
    }

    async fn keep(&mut self, older: Older, now: Timestamp, context: &Context) -> anyhow::Result<()> {
        let source = &self.scheduled.source;
        let mut articles = Vec::new();
        for (id, article) in cleaned(older.articles, source, &self.settings.publication.language, now) {
            match article {
                Ok(content) => articles.push((id, content)),
                Err(why) if self.walked.notes.len() < MAX_NOTES => {
                    self.walked.notes.push(left_out(&id, &why));
                }
                Err(_) => {}
            }
        }
        let saved = self.store.save_older_articles(&source.name, &articles, now).await?;
        self.store.record_backfill(&source.name, older.position.as_deref(), saved.new, now).await?;
        self.walked.pages += 1;
        self.walked.articles += saved.new;
        self.walked.is_done = older.position.is_none();
        self.walked.notes.extend(older.why.map(|why| format!("{}: {why}", older.place)));
        tracing::info!(source = source.name, page = older.place, new = saved.new, "Read an older page");
        if context.output.is_terminal() {
            context.output.line(format_args!("{}: {} new", older.place, saved.new))?;
        }
        Ok(())
    }
}

fn tell(walked: &Walked, form: Form, context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    if form.json {
        output.json(walked)?;
    } else {
        let Walked { source, pages, articles, .. } = walked;
        output.line(format_args!("{source}: {articles} older articles on {pages} pages"))?;
        walked.notes.iter().try_for_each(|note| output.line(format_args!("  {note}")))?;
        match &walked.error {
            Some(error) => {
                output.line(format_args!("It stopped: {error}. The same command goes on where it ended."))?;
            }
            None if walked.is_done => output.line("There is nothing older.")?,
            None => output.line("There is more: the same command goes on where it ended.")?,
        }
    }
    if walked.error.is_some() { Err(AlreadyReported.into()) } else { Ok(()) }
}
