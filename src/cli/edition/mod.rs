//! `courant edition`: editions, and how their sending stands.

mod deliveries;
mod resume;
mod watch;

use serde::Serialize;

use super::{Context, Form, Row, WrongUse, moment};
use crate::config::Config;
use crate::daemon::settings;
use crate::jobs::sender::{self, Hold};
use crate::model::count::Visits;
use crate::model::delivery::DeliveryState;
use crate::model::edition::{EditionId, EditionState};
use crate::store::{Counts, Edition, Store};

/// Arguments of `courant edition`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the latest editions
    List {
        /// Only those of this newsletter
        #[arg(long, value_name = "SLUG")]
        newsletter: Option<String>,
        /// How many
        #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        number: i64,
        #[command(flatten)]
        form: Form,
    },
    /// Show an edition: its articles, and how its sending stands
    Show {
        /// Its id, or newsletter/number such as daily/12
        edition: String,
        #[command(flatten)]
        form: Form,
    },
    /// Watch an edition being sent
    Watch(watch::Args),
    /// List who has not got an edition, and the relay's words about it
    Deliveries(deliveries::Args),
    /// Stop sending an edition for now
    Pause {
        /// Its id, or newsletter/number
        edition: String,
    },
    /// Go on sending an edition that is paused or stale
    Resume(resume::Args),
    /// Stop sending an edition for good
    Cancel {
        /// Its id, or newsletter/number
        edition: String,
    },
    /// Decide about deliveries of which nobody knows whether they were sent
    Resolve {
        /// Its id, or newsletter/number
        edition: String,
        #[command(flatten)]
        decision: Decision,
    },
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Decision {
    /// Send them again: nobody misses the edition, somebody may have it twice
    #[arg(long)]
    send_again: bool,
    /// Count them as sent: nobody has it twice, somebody may miss it
    #[arg(long)]
    assume_sent: bool,
}

impl Row for Edition {
    const COLUMNS: &[&str] = &["ID", "EDITION", "TICK", "STATE", "AUDIENCE", "SUBJECT"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name(),
            self.tick.to_string(),
            self.state.as_str().to_owned(),
            self.audience.to_string(),
            self.subject.clone(),
        ]
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    edition: Edition,
    deliveries: Counts,
    holds: Vec<Hold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visits: Option<Visits>,
    articles: Vec<Piece>,
}

#[derive(Serialize)]
struct Piece {
    id: i64,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    visits: Option<Visits>,
}

/// Runs `courant edition …`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    match &args.command {
        Command::List { newsletter, number, form } => {
            let editions = store.latest_editions(newsletter.as_deref(), *number).await?;
            Ok(context.output.list(*form, &editions, "No edition has been published yet.")?)
        }
        Command::Show { edition, form } => {
            let edition = find(&store, edition).await?;
            show((&config, &store), &edition, *form, context).await
        }
        Command::Watch(args) => watch::run(args, &store, context).await,
        Command::Deliveries(args) => deliveries::run(args, &store, context).await,
        Command::Pause { edition } => set_state(&store, edition, EditionState::Paused, context).await,
        Command::Resume(args) => resume::run(args, (&config, &store), context).await,
        Command::Cancel { edition } => set_state(&store, edition, EditionState::Cancelled, context).await,
        Command::Resolve { edition, decision } => resolve(&store, edition, decision, context).await,
    }
}

async fn find(store: &Store, name: &str) -> anyhow::Result<Edition> {
    let wrong =
        || WrongUse(format!("{name:?} names no edition: give its id, or newsletter/number such as daily/12"));
    let found = match name.split_once('/') {
        Some((newsletter, number)) => {
            store.find_edition_by_number(newsletter, number.parse().map_err(|_| wrong())?).await?
        }
        None => store.find_edition(EditionId(name.parse().map_err(|_| wrong())?)).await?,
    };
    found.ok_or_else(|| {
        anyhow::anyhow!("there is no edition {name}; `courant edition list` shows those there are")
    })
}

async fn show(
    (config, store): (&Config, &Store),
    edition: &Edition,
    form: Form,
    context: &Context,
) -> anyhow::Result<()> {
    let articles = store.articles_of_edition(edition.id).await?;
    let visits = store.visits_of_edition(edition.id).await?;
    let is_counted = config.publication.counts || !visits.is_empty();
    let of = |id| visits.iter().find(|(article, _)| *article == id).map_or(Visits::default(), |own| own.1);
    let titles = articles.into_iter().map(|article| Piece {
        id: article.id.0,
        visits: is_counted.then(|| of(article.id)),
        title: article.content.title,
    });
    let deliveries = store.delivery_counts(edition.id).await?;
    let holds =
        sender::holds(store, &settings(config), (edition, deliveries.queued), context.clock.now()).await?;
    let visits = is_counted.then(|| visits.iter().map(|(_, own)| *own).sum());
    let articles = titles.collect();
    let shown = Shown { edition: edition.clone(), deliveries, holds, visits, articles };
    if form.json {
        return Ok(context.output.json(&shown)?);
    }
    let output = &context.output;
    output.line(format!("{}: {}", edition.name(), edition.subject))?;
    output.line(format!("tick {}, published {}", edition.tick, edition.published_at))?;
    let reason = edition.reason.as_deref().map_or_else(String::new, |reason| format!(": {reason}"));
    let more = if edition.is_queueing { " so far, and more of them are being added" } else { "" };
    output.line(format!("{}{reason}, to {} subscribers{more}", edition.state.as_str(), edition.audience))?;
    if let Some(until) = edition.send_until {
        output.line(format!("sent until {}", moment::local(until, &config.publication.time_zone)))?;
    }
    if edition.state == EditionState::Stale {
        output.line(format!("  {}", what_to_do(edition)))?;
    }
    print_sending(&shown.deliveries, context)?;
    for hold in &shown.holds {
        let zone = &config.publication.time_zone;
        output.line(format!("  held until {}: {}", moment::local(hold.until, zone), hold.why))?;
    }
    if shown.deliveries.total() > shown.deliveries.sent {
        output.line(format!("  who, and why: `courant edition deliveries {}`", edition.id))?;
    }
    if let Some(visits) = &shown.visits {
        output.line(format!("links followed: {}", told(visits)))?;
    }
    output.line("")?;
    for article in &shown.articles {
        output.line(format!("  {:>6}  {}", article.id, article.title))?;
        if let Some(visits) = &article.visits {
            output.line(format!("          {}", told(visits)))?;
        }
    }
    Ok(())
}

/// How often links were followed, and how much of that is uncertain.
fn told(visits: &Visits) -> String {
    let Visits { persons, uncertain, machines } = visits;
    let share = if *uncertain > 0 { format!(" ({} %)", visits.uncertain_share()) } else { String::new() };
    format!("{persons} by persons, {uncertain} uncertain{share}, {machines} by machines")
}

/// What an operator can do about an edition that is stale.
pub(super) fn what_to_do(edition: &Edition) -> String {
    format!(
        "`courant edition resume {0}` sends it after all, `courant edition cancel {0}` does not",
        edition.id
    )
}

fn print_sending(counts: &Counts, context: &Context) -> anyhow::Result<()> {
    for line in sending(counts) {
        context.output.line(format!("  {line}"))?;
    }
    Ok(())
}

/// How the sending stands: a line for each state that some delivery is in.
fn sending(counts: &Counts) -> Vec<String> {
    let states = [
        (counts.sent, "sent: the relay took it"),
        (counts.queued + counts.leased, "waiting for their turn"),
        (counts.sending, "on their way to the relay"),
        (counts.deferred, "deferred: the relay put them off; they are tried again"),
        (counts.failed, "failed: the relay refused them for good"),
        (counts.uncertain, "uncertain: the relay's answer was not seen; they wait for you"),
        (counts.cancelled, "cancelled: the subscriber had left, or the edition was cancelled"),
        (counts.expired, "expired: tried until the edition was too old"),
        (counts.repeated, "repeated: sent again after an answer that was not seen"),
    ];
    states.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count:>8}  {what}")).collect()
}

async fn set_state(store: &Store, name: &str, state: EditionState, context: &Context) -> anyhow::Result<()> {
    let edition = find(store, name).await?;
    let is_changed = store.set_edition_state(edition.id, state, "by the operator").await?;
    let what = edition.name();
    if !is_changed {
        anyhow::bail!("{what} is {}: that stays so", edition.state.as_str());
    }
    Ok(context.output.line(match state {
        EditionState::Cancelled => format!("{what} is cancelled: what was not sent never is"),
        _ => format!("{what} is paused; resume it with `courant edition resume {}`", edition.id),
    })?)
}

async fn resolve(store: &Store, name: &str, decision: &Decision, context: &Context) -> anyhow::Result<()> {
    let edition = find(store, name).await?;
    let state = if decision.send_again { DeliveryState::Queued } else { DeliveryState::Sent };
    let resolved = store.resolve_uncertain(edition.id, state, context.clock.now()).await?;
    let what = if decision.send_again { "are sent again" } else { "count as sent" };
    Ok(context.output.line(format!("{resolved} deliveries in doubt {what}"))?)
}
