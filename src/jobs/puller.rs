//! Sources → articles.

use std::time::Duration;

use anyhow::Context as _;
use futures_util::StreamExt;
use futures_util::stream;
use url::Url;

use super::{Job, LiveSettings, ScheduledSource, Settings};
use crate::extract::{self, Rejected};
use crate::model::article::{Content, RawArticle};
use crate::model::time::Timestamp;
use crate::source::{Error, Fetcher, Kind, Pull};
use crate::store::{Saved, SourceStanding, Store, Success};

/// How many sources are asked at the same time: a slow one holds nobody up.
const AT_ONCE: usize = 8;

/// The pauses after the first, second, … failure in a row; the last one holds for all that follow.
const AFTER_FAILURE: [Duration; 6] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(3),
    Duration::from_hours(6),
];

/// The pause after a publisher has said that a feed is gone for ever: somebody may have been wrong.
const AFTER_THE_END: Duration = Duration::from_hours(30 * 24);

/// How long before a newsletter's tick its sources are asked: an edition holds what was published just before it.
const BEFORE_TICK: Duration = Duration::from_mins(1);

/// How long somebody else's server is left alone at least; a file of ours needs no rest.
const REST: Duration = Duration::from_mins(5);

/// Pulls from the sources that are due.
#[derive(Clone, Debug)]
pub struct Puller {
    store: Store,
    fetcher: Fetcher,
    settings: LiveSettings,
}

/// What pulling from one source brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// What became of the articles.
    pub saved: Saved,
    /// Whether there is more to pull at once.
    pub more: bool,
    /// Articles that could not be used, and what was mended, a line each.
    pub notes: Vec<String>,
}

impl Puller {
    /// A puller that fetches with `fetcher` and stores in `store`.
    pub const fn new(store: Store, fetcher: Fetcher, settings: LiveSettings) -> Self {
        Self { store, fetcher, settings }
    }

    /// Pulls one batch from a source now, and notes how it went. The outer error is the database's, the inner one
    /// the source's.
    pub async fn pull(
        &self,
        scheduled: &ScheduledSource,
        settings: &Settings,
        now: Timestamp,
    ) -> anyhow::Result<Result<Pulled, Error>> {
        let name = scheduled.source.name.as_str();
        let standing = self.standing(name).await?;
        let pull = match scheduled.source.pull(&self.fetcher, &standing.cursor, now).await {
            Ok(pull) if pull.unchanged => Pull { notes: noted_before(&standing), ..pull },
            Ok(pull) => pull,
            Err(error) => {
                self.note_failure(&standing, &error, now).await?;
                return Ok(Err(error));
            }
        };
        let pulled = self.keep(scheduled, settings, pull, now).await?;
        Ok(Ok(pulled))
    }

    async fn standing(&self, name: &str) -> anyhow::Result<SourceStanding> {
        if let Some(standing) = self.store.find_source(name).await? {
            return Ok(standing);
        }
        self.store.register_sources(&[name]).await?;
        self.store.find_source(name).await?.context("a source that was registered is gone")
    }

    async fn keep(
        &self,
        scheduled: &ScheduledSource,
        settings: &Settings,
        pull: Pull,
        now: Timestamp,
    ) -> anyhow::Result<Pulled> {
        let source = &scheduled.source;
        let mut notes = pull.notes;
        let mut articles = Vec::with_capacity(pull.articles.len());
        for (id, article) in cleaned(pull.articles, source, &settings.publication.language, now) {
            match article {
                Ok(content) => articles.push((id, content)),
                Err(why) => notes.push(left_out(&id, &why)),
            }
        }
        let saved = self.store.save_articles(&source.name, &articles, now).await?;
        let earliest = if pull.more { now } else { next_pull(scheduled, settings, now) };
        let success = Success {
            cursor: &pull.cursor,
            next_at: pull.next_not_before.map_or(earliest, |not_before| not_before.max(earliest)),
            notes: &notes,
            is_change: saved.new + saved.changed > 0,
        };
        self.store.record_pull(&source.name, &success, now).await?;
        if success.is_change {
            tracing::info!(source = source.name, new = saved.new, changed = saved.changed, "Pulled articles");
        }
        Ok(Pulled { saved, more: pull.more, notes })
    }

    async fn note_failure(
        &self,
        standing: &SourceStanding,
        error: &Error,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let failures = usize::try_from(standing.failures).unwrap_or(0);
        let pause = AFTER_FAILURE[failures.min(AFTER_FAILURE.len() - 1)];
        let not_before = match error {
            Error::Unavailable { not_before: Some(moment), .. } => *moment,
            Error::Gone(_) => now + AFTER_THE_END,
            _ => now,
        };
        let why = error.to_string();
        self.store.record_failed_pull(&standing.name, &why, not_before.max(now + pause), now).await?;
        if standing.error.as_deref() != Some(&why) {
            tracing::warn!(
                source = standing.name,
                error = why,
                "A source could not be read; it will be asked again"
            );
        }
        Ok(())
    }

    async fn is_due(&self, name: &str, now: Timestamp) -> anyhow::Result<bool> {
        Ok(self.store.find_source(name).await?.is_none_or(|standing| standing.next_at <= now))
    }
}

impl Job for Puller {
    const NAME: &'static str = "puller";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = self.settings.borrow().clone();
        let mut pulls = Vec::new();
        for scheduled in &settings.sources {
            if self.is_due(&scheduled.source.name, now).await? {
                pulls.push(self.pull(scheduled, &settings, now));
            }
        }
        let results: Vec<_> = stream::iter(pulls).buffer_unordered(AT_ONCE).collect().await;
        let mut work = 0;
        for result in results {
            if let Ok(pulled) = result? {
                work += pulled.saved.new + pulled.saved.changed + usize::from(pulled.more);
            }
        }
        Ok(work)
    }
}

/// When a source is asked again: after its pause, or before it, shortly before the tick of a newsletter that takes
/// articles from it.
fn next_pull(scheduled: &ScheduledSource, settings: &Settings, now: Timestamp) -> Timestamp {
    let rest = if matches!(scheduled.source.kind, Kind::Feed(_)) { REST } else { Duration::ZERO };
    let ticks = settings
        .newsletters
        .iter()
        .filter(|newsletter| newsletter.choice.takes_from(&scheduled.source.name))
        .filter_map(|newsletter| newsletter.schedule.next_after(now + rest + BEFORE_TICK));
    ticks.map(|tick| tick - BEFORE_TICK).fold(now + scheduled.every, Timestamp::min)
}

/// What was noted when a source was last read: of what has not changed it still holds.
fn noted_before(standing: &SourceStanding) -> Vec<String> {
    standing.notes.lines().map(str::to_owned).collect()
}

/// The articles of a pull under their source's names for them, cleaned; or why one is none. `language` is that of an article
/// whose own is not known.
pub fn cleaned(
    raw: Vec<RawArticle>,
    source: &crate::source::Source,
    language: &str,
    now: Timestamp,
) -> impl Iterator<Item = (String, Result<Content, Rejected>)> {
    let base = match &source.kind {
        Kind::Feed(feed) => Url::parse(&feed.url).ok(),
        Kind::Markdown(folder) => folder.base_url.as_deref().and_then(|url| Url::parse(url).ok()),
        Kind::Sqlite(_) => None,
    };
    raw.into_iter().map(move |article| {
        let context = extract::Context { base: base.as_ref(), language, now };
        (article.external_id.clone(), extract::article(article, &context))
    })
}

/// What the operator reads of an article that is none.
pub fn left_out(external_id: &str, why: &Rejected) -> String {
    format!("article {external_id:?} is left out: {why}")
}
