//! Sources → articles.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::StreamExt;
use futures_util::stream;
use url::Url;

use super::pace::{Hosts, jittered, next_pause};
use super::{Job, LiveSettings, ScheduledSource, Settings};
use crate::extract::{self, Rejected, teaser};
use crate::model::article::{Content, RawArticle};
use crate::model::time::Timestamp;
use crate::source::{Error, Fetcher, Kind, Pull, Source};
use crate::store::{Failure, Saved, SourceStanding, SourceTimes, Store, Success};

/// How many sources are asked at the same time: a slow one holds nobody up, and of servers that take a second each more than a
/// thousand are asked in a minute.
const AT_ONCE: usize = 20;

/// How many sources are asked in one step: of ten thousand that are due at once, some at a time, each by the clock as it then is.
const MOST: usize = 200;

/// The pauses after the first, second, … failure in a row; the last one holds for all that follow.
const AFTER_FAILURE: [Duration; 6] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(3),
    Duration::from_hours(6),
];

/// A moment that never comes: a feed that its publisher has ended is not asked again.
const NEVER: Timestamp = Timestamp::from_unix(253_402_300_799);

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
    hosts: Hosts,
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
    pub fn new(store: Store, fetcher: Fetcher, settings: LiveSettings) -> Self {
        Self { store, fetcher, settings, hosts: Hosts::default() }
    }

    /// When each server was asked last, for who asks them besides.
    pub fn hosts(&self) -> Hosts {
        self.hosts.clone()
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
                self.note_failure(&standing, &scheduled.source, &error, now).await?;
                return Ok(Err(error));
            }
        };
        let pulled = self.keep((scheduled, &standing), settings, pull, now).await?;
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
        (scheduled, standing): (&ScheduledSource, &SourceStanding),
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
        notes.extend(old_at_first(&source.name, saved.passed_over));
        if source.reads_pages().is_some() {
            let teasers = articles.iter().filter(|(_, content)| teaser::is_teaser(content));
            let ids: Vec<String> = teasers.map(|(id, _)| id.clone()).collect();
            self.store.want_pages(&source.name, &ids, now).await?;
        }
        let is_change = saved.new + saved.changed > 0;
        let pause = pause_of(scheduled, standing, is_change);
        let earliest = if pull.more { now } else { next_pull(scheduled, pause, settings, now) };
        let next_at = pull.next_not_before.map_or(earliest, |not_before| not_before.max(earliest));
        let success = Success {
            cursor: &pull.cursor,
            next_at: source.welcome_from(&pull.cursor, next_at),
            notes: &notes,
            is_change,
            pause: i64::try_from(pause.as_secs()).unwrap_or(i64::MAX),
            host: pull.host.as_deref(),
            is_at_end: !pull.more,
        };
        self.store.record_pull(&source.name, &success, now).await?;
        if source.wants_hub() {
            let hub = pull.hub.as_ref().map(|hub| (hub.url.as_str(), hub.topic.as_str()));
            self.store.note_hub(&source.name, hub, now).await?;
        }
        if is_change {
            tracing::info!(source = source.name, new = saved.new, changed = saved.changed, "Pulled articles");
        }
        Ok(Pulled { saved, more: pull.more, notes })
    }

    async fn note_failure(
        &self,
        standing: &SourceStanding,
        source: &Source,
        error: &Error,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let failures = usize::try_from(standing.failures).unwrap_or(0);
        let pause = AFTER_FAILURE[failures.min(AFTER_FAILURE.len() - 1)];
        let not_before = match error {
            Error::Unavailable { not_before: Some(moment), .. } => *moment,
            Error::Gone(_) => NEVER,
            _ => now,
        };
        let (why, place) = (error.to_string(), source.place_mark());
        let failure = Failure {
            why: &why,
            next_at: source.welcome_from(&standing.cursor, not_before.max(now + pause)),
            ended: Some(place.as_str()).filter(|_| matches!(error, Error::Gone(_))),
        };
        self.store.record_failed_pull(&standing.name, &failure, now).await?;
        if standing.error.as_deref() != Some(&why) {
            let next = if failure.ended.is_some() { "not be asked again" } else { "be asked again" };
            tracing::warn!(source = standing.name, error = why, "A source could not be read; it will {next}");
        }
        Ok(())
    }

    /// The sources that are due, and whose servers may be asked now; of several at one server the one that has waited
    /// longest.
    async fn due<'s>(
        &self,
        settings: &'s Settings,
        now: Timestamp,
    ) -> anyhow::Result<Vec<&'s ScheduledSource>> {
        let times = self.store.source_times().await?;
        let times: HashMap<&str, &SourceTimes> =
            times.iter().map(|times| (times.name.as_str(), times)).collect();
        let mut due: Vec<(Timestamp, &ScheduledSource)> = Vec::new();
        for scheduled in &settings.sources {
            let known = times.get(scheduled.source.name.as_str()).copied();
            let at = known.map_or(Timestamp::from_unix(0), |times| due_at(&scheduled.source, times));
            due.extend((at <= now).then_some((at, scheduled)));
        }
        due.sort_by_key(|(at, _)| *at);
        let is_admitted = |scheduled: &&ScheduledSource| {
            let known = times.get(scheduled.source.name.as_str());
            let host = known.and_then(|times| times.host.clone()).or_else(|| scheduled.source.host());
            host.is_none_or(|host| self.hosts.admit(&host, now))
        };
        Ok(due.into_iter().map(|(_, scheduled)| scheduled).filter(is_admitted).take(MOST).collect())
    }
}

impl Job for Puller {
    const NAME: &'static str = "puller";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = self.settings.borrow().clone();
        let due = self.due(&settings, now).await?;
        let pulls: Vec<_> = due.into_iter().map(|scheduled| self.pull(scheduled, &settings, now)).collect();
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

/// When a source is asked next. Where its publisher has ended it, it is asked once it is somewhere else.
fn due_at(source: &Source, times: &SourceTimes) -> Timestamp {
    match &times.ended {
        Some(place) if *place != source.place_mark() => Timestamp::from_unix(0),
        _ => times.next_at,
    }
}

/// How long a source is left alone. A file of ours is looked at as often as its operator says.
fn pause_of(scheduled: &ScheduledSource, standing: &SourceStanding, is_change: bool) -> Duration {
    let last = Duration::from_secs(u64::try_from(standing.pause).unwrap_or(0));
    match scheduled.source.kind {
        Kind::Feed(_) => next_pause(scheduled.every, last, is_change),
        Kind::Sqlite(_) | Kind::Markdown(_) => scheduled.every,
    }
}

/// When a source is asked again: after its pause, or before it, shortly before the tick of a newsletter that takes
/// articles from it.
fn next_pull(scheduled: &ScheduledSource, pause: Duration, settings: &Settings, now: Timestamp) -> Timestamp {
    let name = &scheduled.source.name;
    let (rest, pause) = match scheduled.source.kind {
        Kind::Feed(_) => (REST, jittered(pause, name, now)),
        Kind::Sqlite(_) | Kind::Markdown(_) => (Duration::ZERO, pause),
    };
    let ticks = settings
        .newsletters
        .iter()
        .filter(|newsletter| newsletter.choice.takes_from(name))
        .filter_map(|newsletter| newsletter.schedule.next_after(now + rest + BEFORE_TICK));
    ticks.map(|tick| tick - BEFORE_TICK).fold(now + pause, Timestamp::min)
}

/// What the operator reads of articles that newsletters passed over because their source is new.
fn old_at_first(source: &str, count: usize) -> Option<String> {
    let articles =
        if count == 1 { "1 article that was".to_owned() } else { format!("{count} articles that were") };
    let verb = if count == 1 { "is" } else { "are" };
    (count > 0).then(|| {
        format!(
            "{articles} there before the last edition {verb} passed over by newsletters that have gone out; \
            `courant newsletter take NEWSLETTER --source {source}` takes them in"
        )
    })
}

/// What was noted when a source was last read: of what has not changed it still holds.
fn noted_before(standing: &SourceStanding) -> Vec<String> {
    standing.notes.lines().map(str::to_owned).collect()
}

/// The articles of a pull under their source's names for them, cleaned; or why one is none. `language` is that of an article
/// whose own is not known.
pub fn cleaned(
    raw: Vec<RawArticle>,
    source: &Source,
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
