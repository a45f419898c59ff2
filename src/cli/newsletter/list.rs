//! The newsletters, and what happened at their ticks.

use serde::Serialize;

use super::super::{Context, Form, Row};
use crate::cli::moment;
use crate::daemon::settings;
use crate::jobs::groups::next_tick;
use crate::jobs::publisher::standing;
use crate::model::newsletter::Newsletter;
use crate::model::time::Timestamp;
use crate::store::{Event, EventKind, Group, ListedGroup, Standing, Store, Unanswered};

#[derive(Serialize)]
struct Summary {
    newsletter: String,
    title: String,
    state: &'static str,
    private: bool,
    schedule: String,
    next: Option<Timestamp>,
    #[serde(skip)]
    next_local: String,
    subscribers: i64,
    editions: i64,
}

impl Row for Summary {
    const COLUMNS: &[&str] = &["NEWSLETTER", "STATE", "NEXT", "SUBSCRIBERS", "EDITIONS", "SCHEDULE"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.newsletter.clone(),
            self.state(),
            self.next_local.clone(),
            self.subscribers.to_string(),
            self.editions.to_string(),
            self.schedule.clone(),
        ]
    }
}

impl Summary {
    fn state(&self) -> String {
        format!("{}{}", self.state, if self.private { ", private" } else { "" })
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    summary: Summary,
    private_feeds: i64,
    in_words: String,
    ticks: Vec<Event>,
    groups: Vec<Grouped>,
    /// Readers who were asked whether they still want it and have not answered.
    unanswered: Unanswered,
}

/// A group, and when it is written to next.
#[derive(Serialize)]
struct Grouped {
    #[serde(flatten)]
    listed: ListedGroup,
    /// `None`: as soon as an article comes.
    next: Option<Timestamp>,
}

impl Row for Grouped {
    const COLUMNS: &[&str] = &["GROUP", "WANTS", "READERS", "NEXT", "LAST TICK", "WHAT HAPPENED", "EDITIONS"];

    fn cells(&self) -> Vec<String> {
        let Group { id, shape, last_tick, outcome, last_number, .. } = &self.listed.group;
        vec![
            id.0.to_string(),
            shape.to_string(),
            self.listed.readers.to_string(),
            self.next.map_or_else(|| "with the next article".to_owned(), |next| next.to_string()),
            last_tick.to_string(),
            outcome.map_or("no tick yet", happened).to_owned(),
            last_number.to_string(),
        ]
    }
}

/// What happened at a tick, in a line of a table.
fn cells(event: &Event, newsletter: &Newsletter) -> Vec<String> {
    vec![
        moment::local(event.tick, newsletter.time_zone()),
        happened(event.kind).to_owned(),
        event.detail.clone(),
    ]
}

const fn happened(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Published => "published",
        EventKind::NothingNew => "no edition: nothing new",
        EventKind::TooFew => "no edition: too few",
        EventKind::Missed => "missed",
        EventKind::Waiting => "waits",
        EventKind::Paused => "paused",
    }
}

async fn summary(
    store: &Store,
    newsletter: &Newsletter,
    now: Timestamp,
) -> anyhow::Result<(Summary, Standing)> {
    let standing = standing(store, newsletter, now).await?;
    let next = newsletter.schedule.next_after(standing.last_tick.max(now));
    let summary = Summary {
        newsletter: newsletter.slug.to_string(),
        title: newsletter.title.clone(),
        state: if standing.paused_at.is_some() { "paused" } else { "active" },
        private: newsletter.is_private,
        schedule: newsletter.schedule.to_string(),
        next,
        next_local: next
            .map_or_else(|| "never".to_owned(), |next| moment::local(next, newsletter.time_zone())),
        subscribers: store.count_readers(standing.id, now).await?
            + store.list_groups(standing.id).await?.iter().map(|group| group.readers).sum::<i64>(),
        editions: standing.last_number,
    };
    Ok((summary, standing))
}

pub(super) async fn list(form: Form, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let mut rows = Vec::new();
    for newsletter in &settings(&config).newsletters {
        rows.push(summary(&store, newsletter, context.clock.now()).await?.0);
    }
    let none = "There is no [[newsletter]] in the configuration.";
    Ok(context.output.list(form, &rows, none)?)
}

pub(super) async fn show(slug: &str, number: i64, form: Form, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    let newsletter = super::named(&settings, slug)?;
    let (summary, standing) = summary(&store, newsletter, context.clock.now()).await?;
    let ticks = store.newsletter_events(standing.id, number).await?;
    let grouped = |listed: ListedGroup| Grouped {
        next: next_tick(&settings, newsletter, &listed.group, context.clock.now()),
        listed,
    };
    let groups: Vec<Grouped> = store.list_groups(standing.id).await?.into_iter().map(grouped).collect();
    let private_feeds = store.count_private_feeds(standing.id).await?;
    let unanswered = store.count_unanswered(standing.id).await?;
    let in_words = newsletter.schedule.line().describe();
    let shown = Shown { summary, private_feeds, in_words, ticks, groups, unanswered };
    if form.json {
        return Ok(context.output.json(&shown)?);
    }
    context.output.line(format!("{} ({slug}), {}", shown.summary.title, shown.summary.state()))?;
    context.output.line(format!("goes out {} in {}", shown.in_words, zone_name(newsletter)))?;
    context
        .output
        .line(format!("next: {}, to {} subscribers", shown.summary.next_local, shown.summary.subscribers))?;
    if newsletter.is_private {
        context.output.line(format!(
            "only its readers see it, by signed links; {} of them have a feed of their own",
            shown.private_feeds
        ))?;
    }
    if let Some(told) = unanswered.told() {
        context.output.line(told)?;
    }
    context.output.line("")?;
    if !shown.groups.is_empty() {
        context.output.list(Form::default(), &shown.groups, "")?;
        context.output.line("")?;
    }
    if shown.ticks.is_empty() {
        return Ok(context.output.line("No tick has passed yet.")?);
    }
    let lines = shown.ticks.iter().map(|event| cells(event, newsletter));
    Ok(context.output.table(&["TICK", "WHAT HAPPENED", "WHY"], lines)?)
}

fn zone_name(newsletter: &Newsletter) -> &str {
    newsletter.time_zone().iana_name().unwrap_or("UTC")
}

pub(super) async fn set_paused(slug: &str, is_paused: bool, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    let newsletter = super::named(&settings, slug)?;
    let now = context.clock.now();
    let standing = standing(&store, newsletter, now).await?;
    let is_changed = store.set_newsletter_paused(standing.id, is_paused.then_some(now)).await?;
    Ok(context.output.line(match (is_paused, is_changed) {
        (true, true) => format!("{slug} is paused: its ticks pass, its articles wait until it is resumed"),
        (true, false) => format!("{slug} was paused already"),
        (false, true) => format!("{slug} goes on: its next tick brings what has waited"),
        (false, false) => format!("{slug} was not paused"),
    })?)
}
