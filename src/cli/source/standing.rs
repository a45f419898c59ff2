//! `courant source list` and `show`: how sources are doing.

use serde::Serialize;

use super::{chosen, kind};
use crate::cli::{Context, Form, Row, moment};
use crate::daemon::settings;
use crate::jobs::ScheduledSource;
use crate::model::time::Timestamp;
use crate::store::{PageCounts, SourceHub, SourceStanding, Store};

/// How a source is doing.
#[derive(Serialize)]
struct Shown {
    name: String,
    kind: &'static str,
    place: String,
    /// Where it has moved to for good and is asked now.
    moved_to: Option<String>,
    tags: Vec<String>,
    every_seconds: u64,
    state: State,
    articles: i64,
    /// What the hub that tells of its changes (WebSub) was last known to do.
    hub: Option<String>,
    /// How it went with the pages of its articles, if those are read.
    full_text: Option<PageCounts>,
    pulled_at: Option<Timestamp>,
    succeeded_at: Option<Timestamp>,
    changed_at: Option<Timestamp>,
    next_at: Option<Timestamp>,
    failures: i64,
    error: Option<String>,
    notes: Vec<String>,
    #[serde(skip)]
    now: Timestamp,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    New,
    Well,
    Failing,
    /// Its publisher has ended it (410); it is not asked again.
    Ended,
}

impl Shown {
    async fn of(scheduled: &ScheduledSource, store: &Store, now: Timestamp) -> anyhow::Result<Self> {
        let name = scheduled.source.name.clone();
        let articles = store.count_articles_of(&name).await?;
        let standing = store.find_source(&name).await?.filter(|standing| standing.pulled_at.is_some());
        let state = match &standing {
            None => State::New,
            Some(SourceStanding { failures: 0, .. }) => State::Well,
            Some(SourceStanding { ended: Some(place), .. }) if *place == scheduled.source.place_mark() => {
                State::Ended
            }
            Some(_) => State::Failing,
        };
        let shown = Self {
            name,
            kind: kind(scheduled),
            place: scheduled.source.place(),
            moved_to: standing.as_ref().and_then(|known| scheduled.source.moved_to(&known.cursor)),
            tags: scheduled.source.tags.clone(),
            every_seconds: scheduled.every.as_secs(),
            state,
            articles,
            hub: store.find_hub(&scheduled.source.name).await?.map(|hub| told_by(&hub, now)),
            full_text: pages(scheduled, store).await?,
            pulled_at: None,
            succeeded_at: None,
            changed_at: None,
            next_at: None,
            failures: 0,
            error: None,
            notes: Vec::new(),
            now,
        };
        Ok(match standing {
            Some(standing) => shown.with(standing),
            None => shown,
        })
    }

    fn with(self, standing: SourceStanding) -> Self {
        Self {
            pulled_at: standing.pulled_at,
            succeeded_at: standing.succeeded_at,
            changed_at: standing.changed_at,
            next_at: Some(standing.next_at).filter(|_| !matches!(self.state, State::Ended)),
            failures: standing.failures,
            notes: standing.notes.lines().map(str::to_owned).collect(),
            error: standing.error,
            ..self
        }
    }

    fn state(&self) -> String {
        match self.state {
            State::New => "not asked yet".to_owned(),
            State::Well => "well".to_owned(),
            State::Ended => "ended by its publisher".to_owned(),
            State::Failing if self.failures == 1 => "failing".to_owned(),
            State::Failing => format!("failing, {} times", self.failures),
        }
    }

    fn ago(&self, moment: Option<Timestamp>) -> String {
        moment.map_or_else(
            || "never".to_owned(),
            |at| format!("{} ago", moment::span(self.now.since(at).as_secs())),
        )
    }

    fn until(&self) -> String {
        match self.next_at {
            _ if matches!(self.state, State::Ended) => "never".to_owned(),
            Some(next) if next > self.now => format!("in {}", moment::span(next.since(self.now).as_secs())),
            _ => "now".to_owned(),
        }
    }
}

impl Row for Shown {
    const COLUMNS: &[&str] = &["NAME", "KIND", "STATE", "ARTICLES", "LAST CHANGE", "NEXT", "REASON"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.kind.to_owned(),
            self.state(),
            self.articles.to_string(),
            self.ago(self.changed_at),
            self.until(),
            self.error.clone().unwrap_or_default(),
        ]
    }
}

/// Runs `courant source list`.
pub(super) async fn list(form: Form, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let mut rows = Vec::new();
    for scheduled in &settings(&config).sources {
        rows.push(Shown::of(scheduled, &store, context.clock.now()).await?);
    }
    Ok(context.output.list(form, &rows, "There is no [[source]] in the configuration.")?)
}

/// Runs `courant source show`.
pub(super) async fn show(name: &str, form: Form, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    for scheduled in chosen(&settings, Some(name))? {
        let shown = Shown::of(scheduled, &store, context.clock.now()).await?;
        if form.json {
            context.output.json(&shown)?;
        } else {
            print(&shown, context)?;
        }
    }
    Ok(())
}

async fn pages(scheduled: &ScheduledSource, store: &Store) -> anyhow::Result<Option<PageCounts>> {
    Ok(match scheduled.source.reads_pages() {
        Some(_) => Some(store.page_counts(&scheduled.source.name).await?),
        None => None,
    })
}

/// How it went with pages.
fn told(pages: &PageCounts) -> String {
    let PageCounts { taken, due, less, failed, error } = pages;
    let error = error.as_ref().map(|error| format!("; last: {error}")).unwrap_or_default();
    format!(
        "pages: {taken} read, {due} to be read, {less} that give no more than the feed, {failed} given up{error}"
    )
}

/// How it stands with a hub.
fn told_by(hub: &SourceHub, now: Timestamp) -> String {
    let lease = hub.lease_until.filter(|until| *until > now);
    match (&hub.error, lease) {
        (Some(error), _) => error.clone(),
        (None, Some(until)) => {
            let told = hub.notified_at.map_or_else(
                || "never yet".to_owned(),
                |at| format!("{} ago", moment::span(now.since(at).as_secs())),
            );
            format!("tells of changes for {}; did so {told}", moment::span(until.since(now).as_secs()))
        }
        (None, None) => "asked, and has not confirmed yet".to_owned(),
    }
}

fn print(shown: &Shown, context: &Context) -> anyhow::Result<()> {
    let mut facts = vec![
        ("source", format!("{}, {}", shown.name, shown.kind)),
        ("place", shown.place.clone()),
        ("state", shown.state()),
    ];
    facts.extend(shown.moved_to.clone().map(|to| ("asked at", to)));
    facts.extend(shown.error.clone().map(|error| ("reason", error)));
    facts.extend([
        ("articles", shown.articles.to_string()),
        ("every", moment::span(shown.every_seconds)),
        ("asked", shown.ago(shown.pulled_at)),
        ("succeeded", shown.ago(shown.succeeded_at)),
        ("changed", shown.ago(shown.changed_at)),
        ("next", shown.until()),
    ]);
    facts.extend(shown.hub.clone().map(|hub| ("hub", hub)));
    facts.extend(shown.full_text.as_ref().map(|pages| ("full text", told(pages))));
    if !shown.tags.is_empty() {
        facts.push(("tags", shown.tags.join(", ")));
    }
    facts.extend(shown.notes.iter().map(|note| ("note", note.clone())));
    Ok(context.output.facts(&facts)?)
}
