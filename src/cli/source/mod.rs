//! `courant source`: where articles come from, and how each of these places is doing.

mod add;
mod backfill;
mod block;
mod check;
mod fetch;
mod opml;
mod standing;

use super::{Context, Form, WrongUse};
use crate::jobs::{ScheduledSource, Settings};
use crate::source::Kind;

/// Arguments of `courant source`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the sources: how each is doing, when it is asked next
    List {
        #[command(flatten)]
        form: Form,
    },
    /// Show a source: what it is, how it is doing, what was mended or left out
    Show {
        /// Its name
        source: String,
        #[command(flatten)]
        form: Form,
    },
    /// Ask a source now, or all of them, and store what is new
    Fetch {
        /// Its name; all of them if there is none
        source: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Ask a source, any feed, or all sources, and say what would come and what was mended; nothing is stored
    Check(check::Args),
    /// Find the feeds of a site by the address of any of its pages, and make one a source
    Add(add::Args),
    /// Read what is older than a feed shows, page by page; it goes on where it ended
    Backfill(backfill::Args),
    /// Make sources of a list of feeds (OPML), as other readers export it
    Import(opml::ImportArgs),
    /// Print the feeds among the sources as such a list
    Export(opml::ExportArgs),
}

/// Whom the publisher of a feed that is no source of ours can ask about us.
const ABOUT: &str = "https://github.com/courant/courant";

/// Runs `courant source …`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::List { form } => standing::list(*form, context).await,
        Command::Show { source, form } => standing::show(source, *form, context).await,
        Command::Fetch { source, form } => fetch::run(source.as_deref(), *form, context).await,
        Command::Check(args) => check::run(args, context).await,
        Command::Add(args) => add::run(args, context).await,
        Command::Backfill(args) => backfill::run(args, context).await,
        Command::Import(args) => opml::import(args, context),
        Command::Export(args) => opml::export(args, context),
    }
}

/// The source of this name, or all of them.
fn chosen<'s>(settings: &'s Settings, name: Option<&str>) -> anyhow::Result<Vec<&'s ScheduledSource>> {
    let Some(name) = name else { return Ok(settings.sources.iter().collect()) };
    let found = settings.sources.iter().find(|scheduled| scheduled.source.name == name);
    let names = settings.sources.iter().map(|scheduled| scheduled.source.name.as_str());
    let known = names.collect::<Vec<_>>().join(", ");
    let missing = || WrongUse(format!("there is no source {name:?} in the configuration; it has: {known}"));
    Ok(vec![found.ok_or_else(missing)?])
}

/// A source's kind, as the configuration calls it.
const fn kind(scheduled: &ScheduledSource) -> &'static str {
    match scheduled.source.kind {
        Kind::Sqlite(_) => "sqlite",
        Kind::Feed(_) => "feed",
        Kind::Markdown(_) => "markdown",
    }
}
