//! `courant newsletter`: what can be subscribed to, when it goes out next and with what.

mod end_feeds;
mod form;
mod list;
mod next;
mod preview;
mod send;
mod take;

use super::{Context, Form, WrongUse};
use crate::jobs::Settings;
use crate::model::newsletter::Newsletter;

/// Arguments of `courant newsletter`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the newsletters: when each goes out next, to how many
    List {
        #[command(flatten)]
        form: Form,
    },
    /// Show a newsletter and what happened at its latest ticks
    Show {
        /// Its slug
        newsletter: String,
        /// How many ticks back
        #[arg(short = 'n', long, default_value_t = 10, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        number: i64,
        #[command(flatten)]
        form: Form,
    },
    /// Print when a newsletter goes out next
    Next {
        /// Its slug
        newsletter: String,
        /// How many ticks
        #[arg(short = 'n', long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        number: u16,
        #[command(flatten)]
        form: Form,
    },
    /// Show the next edition as things stand, without a trace
    Preview(preview::Args),
    /// Send the next edition now: to one address as a test, or for real
    Send(send::Args),
    /// Take in what the newsletter passed over of a source: its articles wait for the next edition
    Take(take::Args),
    /// End the feeds of all readers of a private newsletter
    EndFeeds {
        /// Its slug
        newsletter: String,
    },
    /// Print a sign-up form as HTML, to be put into another site's pages
    Form {
        /// Its slug
        newsletter: String,
    },
    /// Stop a newsletter: its ticks pass, its articles wait
    Pause {
        /// Its slug
        newsletter: String,
    },
    /// Let a paused newsletter go on
    Resume {
        /// Its slug
        newsletter: String,
    },
}

/// Runs `courant newsletter …`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::List { form } => list::list(*form, context).await,
        Command::Show { newsletter, number, form } => list::show(newsletter, *number, *form, context).await,
        Command::Next { newsletter, number, form } => {
            next::run(newsletter, usize::from(*number), *form, context)
        }
        Command::EndFeeds { newsletter } => end_feeds::run(newsletter, context).await,
        Command::Form { newsletter } => form::run(newsletter, context),
        Command::Preview(args) => preview::run(args, context).await,
        Command::Send(args) => send::run(args, context).await,
        Command::Take(args) => take::run(args, context).await,
        Command::Pause { newsletter } => list::set_paused(newsletter, true, context).await,
        Command::Resume { newsletter } => list::set_paused(newsletter, false, context).await,
    }
}

/// The newsletter of this slug.
///
/// # Errors
/// [`WrongUse`] that names those there are.
pub(super) fn named<'s>(settings: &'s Settings, slug: &str) -> Result<&'s Newsletter, WrongUse> {
    let known = || {
        let slugs: Vec<&str> =
            settings.newsletters.iter().map(|newsletter| newsletter.slug.as_str()).collect();
        if slugs.is_empty() { "it has none".to_owned() } else { format!("it has {}", slugs.join(", ")) }
    };
    let found = settings.newsletters.iter().find(|newsletter| newsletter.slug.as_str() == slug);
    found
        .ok_or_else(|| WrongUse(format!("there is no newsletter {slug:?} in the configuration: {}", known())))
}
