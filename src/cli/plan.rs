//! `courant plan`: what goes out next.

use serde::Serialize;

use super::edition::what_to_do;
use super::{Context, Form, moment};
use crate::daemon::settings;
use crate::jobs::Settings;
use crate::jobs::groups::next_tick;
use crate::jobs::publisher::{Purpose, compose, standing};
use crate::jobs::sender::{self, Hold};
use crate::model::edition::EditionState;
use crate::model::newsletter::Newsletter;
use crate::model::shape::GroupId;
use crate::model::story::Twin;
use crate::model::time::Timestamp;
use crate::store::{ListedGroup, Store};

/// How many editions that have not ended are told of.
const LATEST: i64 = 20;

/// Arguments of `courant plan`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    form: Form,
}

#[derive(Serialize)]
struct Plan {
    newsletter: String,
    private: bool,
    next: Option<Timestamp>,
    #[serde(skip)]
    next_local: String,
    seconds_until: Option<u64>,
    subscribers: i64,
    subject: Option<String>,
    articles: Vec<Planned>,
    new_articles: usize,
    remarks: Vec<String>,
    groups: Vec<PlannedGroup>,
}

/// What readers chose, and when those who chose it are written to next.
#[derive(Serialize)]
struct PlannedGroup {
    group: GroupId,
    wants: String,
    readers: i64,
    next: Option<Timestamp>,
}

#[derive(Serialize)]
struct Planned {
    id: i64,
    title: String,
    /// What other sources tell the same story.
    twins: Vec<Twin>,
}

/// Runs `courant plan`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    let preflight = preflight(&store, &settings).await?;
    let mut plans = Vec::new();
    for newsletter in &settings.newsletters {
        let mut plan = plan(&store, &settings, newsletter, context.clock.now()).await?;
        plan.remarks.extend(preflight.clone());
        plans.push(plan);
    }
    if args.form.json {
        return Ok(context.output.json(&plans)?);
    }
    if plans.is_empty() {
        return Ok(context.output.line("There is no [[newsletter]] in the configuration.")?);
    }
    plans.iter().try_for_each(|plan| print(plan, context))
}

async fn plan(
    store: &Store,
    settings: &Settings,
    newsletter: &Newsletter,
    now: Timestamp,
) -> anyhow::Result<Plan> {
    let standing = standing(store, newsletter, now).await?;
    let next = standing.waiting_tick.or_else(|| newsletter.schedule.next_after(standing.last_tick.max(now)));
    let remarks = remarks((store, settings), newsletter, &standing, now).await?;
    let subscribers = store.count_readers(standing.id, next.unwrap_or(now)).await?;
    let planned_group = |listed: ListedGroup| PlannedGroup {
        group: listed.group.id,
        wants: listed.group.shape.to_string(),
        readers: listed.readers,
        next: next_tick(settings, newsletter, &listed.group, now),
    };
    let groups = store.list_groups(standing.id).await?.into_iter().map(planned_group).collect();
    let draft = compose(store, settings, newsletter, standing, next.unwrap_or(now), Purpose::Preview).await?;
    let is_enough = draft.candidates.new >= newsletter.min_articles.max(1);
    let mut plan = Plan {
        newsletter: newsletter.slug.to_string(),
        private: newsletter.is_private,
        next,
        next_local: next
            .map_or_else(|| "never".to_owned(), |next| moment::local(next, newsletter.time_zone())),
        seconds_until: next.map(|next| next.since(now).as_secs()),
        subscribers,
        subject: is_enough.then_some(draft.letter.subject),
        articles: Vec::new(),
        new_articles: draft.candidates.new,
        remarks,
        groups,
    };
    if is_enough {
        let planned = |article: crate::model::article::Article| Planned {
            id: article.id.0,
            twins: draft.twins.iter().filter(|twin| twin.of == article.id).cloned().collect(),
            title: article.content.title,
        };
        plan.articles = draft.articles.into_iter().map(planned).collect();
    } else {
        let needed = newsletter.min_articles.max(1);
        plan.remarks
            .push(format!("no edition as things stand: {} new articles, {needed} needed", plan.new_articles));
    }
    Ok(plan)
}

/// Why the next tick may pass without an edition.
async fn remarks(
    (store, settings): (&Store, &Settings),
    newsletter: &Newsletter,
    standing: &crate::store::Standing,
    now: Timestamp,
) -> anyhow::Result<Vec<String>> {
    let mut remarks = Vec::new();
    if standing.paused_at.is_some() {
        remarks.push(format!("paused: resume it with `courant newsletter resume {}`", newsletter.slug));
    }
    remarks.extend(store.count_unanswered(standing.id).await?.told());
    if let Some(tick) = standing.waiting_tick {
        remarks.push(format!("the tick of {tick} waits: the edition before it is still being sent"));
    }
    for edition in store.latest_open_editions(newsletter.slug.as_str(), LATEST).await? {
        if edition.state == EditionState::Paused {
            let (number, why) = (edition.numbered(), edition.reason.unwrap_or_default());
            remarks.push(format!(
                "edition {number} is paused, {why}: `courant edition resume {}` sends the rest",
                edition.id
            ));
        } else if edition.state == EditionState::Stale {
            let (number, why) = (edition.numbered(), edition.reason.as_deref().unwrap_or_default());
            remarks.push(format!("edition {number} is stale, {why}: {}", what_to_do(&edition)));
        } else if edition.state == EditionState::Sending {
            let waiting = store.delivery_counts(edition.id).await?.queued;
            let zone = &settings.publication.time_zone;
            let told = |hold: Hold| {
                let (number, until) = (edition.numbered(), moment::local(hold.until, zone));
                format!("edition {number}: {waiting} deliveries wait until {until}: {}", hold.why)
            };
            remarks.extend(
                sender::holds(store, settings, (&edition, waiting), now).await?.into_iter().map(told),
            );
        }
    }
    if let Some(why) = store.find_clock_suspicion().await? {
        remarks.push(format!("held: {why}; see `courant clock`"));
    }
    Ok(remarks)
}

/// Why no edition would begin to be sent, as the daemon found it last.
async fn preflight(store: &Store, settings: &Settings) -> anyhow::Result<Option<String>> {
    if !settings.sending.as_ref().is_some_and(|sending| sending.require_preflight) {
        return Ok(None);
    }
    let why = store.find_preflight().await?;
    Ok(why.map(|why| {
        format!("no edition begins to be sent, because require_preflight is set: {why}; see `courant doctor`")
    }))
}

fn print(plan: &Plan, context: &Context) -> anyhow::Result<()> {
    let until =
        plan.seconds_until.map_or_else(String::new, |seconds| format!(" (in {})", moment::span(seconds)));
    context.output.line(format!(
        "{}: {}{until}, to {} subscribers{}",
        plan.newsletter,
        plan.next_local,
        plan.subscribers,
        if plan.private { ", private" } else { "" }
    ))?;
    for remark in &plan.remarks {
        context.output.line(format!("  ! {remark}"))?;
    }
    if let Some(subject) = &plan.subject {
        context.output.line(format!("  subject: {subject}"))?;
    }
    for article in &plan.articles {
        context.output.line(format!("  {:>6}  {}", article.id, article.title))?;
        for twin in &article.twins {
            context.output.line(format!("          also in {}: article {}", twin.source, twin.id))?;
        }
    }
    if plan.new_articles > plan.articles.len() && !plan.articles.is_empty() {
        context
            .output
            .line(format!("  and {} more that have no room", plan.new_articles - plan.articles.len()))?;
    }
    for PlannedGroup { group, wants, readers, next } in &plan.groups {
        let next = next.map_or_else(|| "with the next article".to_owned(), |next| next.to_string());
        context.output.line(format!("  group {}, {wants}: {next}, to {readers} subscribers", group.0))?;
    }
    Ok(())
}
