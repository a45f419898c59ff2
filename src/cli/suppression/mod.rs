//! `courant suppression`: addresses that are never mailed.

mod export;
mod history;
mod import;

use serde::Serialize;

use super::{Context, Form, Row};
use crate::model::subscriber::EmailAddress;
use crate::store::Suppression;

/// Arguments of `courant suppression`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the addresses that are never mailed, and why
    List {
        /// How many at most, the latest first
        #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        #[command(flatten)]
        form: Form,
    },
    /// Never mail an address again: its subscriptions end, what is queued for it is taken back
    Add {
        /// The address
        #[arg(value_parser = super::subscriber::address)]
        address: EmailAddress,
        /// Why, in your words
        #[arg(long, value_name = "WHY")]
        because: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Let an address be mailed again; its subscriptions stay ended, and what you did is written down
    Remove {
        /// The address
        #[arg(value_parser = super::subscriber::address)]
        address: EmailAddress,
        /// Why, in your words
        #[arg(long, value_name = "WHY")]
        because: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Show what was done by hand to the suppression of an address, and how it stands
    History(history::Args),
    /// Never mail the addresses in a file, all or none
    Import(import::Args),
    /// Write all suppressions that have an address as CSV or JSON; who asked to be forgotten has none
    Export(export::Args),
}

/// What was done with an address, for programs.
#[derive(Serialize)]
struct Done<'a> {
    address: &'a str,
    /// Whether it is suppressed now.
    is_suppressed: bool,
    /// Whether that has changed.
    has_changed: bool,
}

impl Row for Suppression {
    const COLUMNS: &[&str] = &["ADDRESS", "REASON", "SINCE", "DETAIL"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.address.clone().unwrap_or_else(|| "(forgotten)".to_owned()),
            self.reason.describe().to_owned(),
            self.at.to_string(),
            self.detail.clone().unwrap_or_default(),
        ]
    }
}

/// Lists or changes suppressions.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::List { limit, form } => list(*limit, *form, context).await,
        Command::Add { address, because, form } => add(address, because.as_deref(), *form, context).await,
        Command::Remove { address, because, form } => {
            remove(address, because.as_deref(), *form, context).await
        }
        Command::History(args) => history::run(args, context).await,
        Command::Import(args) => import::run(args, context).await,
        Command::Export(args) => export::run(args, context).await,
    }
}

async fn list(limit: u32, form: Form, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let rows = store.suppressions(i64::from(limit)).await?;
    store.close().await;
    Ok(context.output.list(form, &rows, "No address is suppressed.")?)
}

async fn add(
    address: &EmailAddress,
    because: Option<&str>,
    form: Form,
    context: &Context,
) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let has_changed = store.suppress_by_hand(address, because, context.clock.now()).await?;
    store.close().await;
    if form.json {
        let done = Done { address: address.as_str(), is_suppressed: true, has_changed };
        return Ok(context.output.json(&done)?);
    }
    let said = if has_changed { "is never mailed again" } else { "was suppressed before" };
    Ok(context.output.line(format_args!("{} {said}.", address.as_str()))?)
}

async fn remove(
    address: &EmailAddress,
    because: Option<&str>,
    form: Form,
    context: &Context,
) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let has_changed = store.unsuppress(address, because, context.clock.now()).await?;
    store.close().await;
    anyhow::ensure!(has_changed, "this address is not suppressed");
    if form.json {
        let done = Done { address: address.as_str(), is_suppressed: false, has_changed };
        return Ok(context.output.json(&done)?);
    }
    Ok(context.output.line(format_args!(
        "{} may be mailed again. Its subscriptions stay ended: its owner can sign up anew.",
        address.as_str()
    ))?)
}
