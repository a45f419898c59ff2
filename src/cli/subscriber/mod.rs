//! `courant subscriber`: who reads, and what they have agreed to.

mod columns;
mod consent;
mod decoded;
mod end_feed;
mod export;
mod import;
mod list;
mod people;
mod shape;
mod show;

use anyhow::{bail, ensure};

use super::Context;
use super::newsletter::named;
use crate::daemon;
use crate::jobs::{Settings, publisher};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::{EmailAddress, SubscriptionState};
use crate::model::time::Timestamp;
use crate::store::{Store, Wanted};

const SUPPRESSED: &str = "this address is suppressed: `courant subscriber show ADDRESS` says why";

/// Arguments of `courant subscriber`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add a subscriber: at once with --confirmed, else after they confirm by mail
    Add(Add),
    /// Show all that is known about an address
    Show(show::Args),
    /// Change what a reader wants of a newsletter: topics, rhythm, hour
    Shape(shape::Args),
    /// End the feed that a reader has of a private newsletter
    EndFeed(end_feed::Args),
    /// Show what one reader agreed to: when, where, by which words
    Consent(consent::Args),
    /// List subscriptions
    List(list::Args),
    /// Import a CSV file of people who have consented
    Import(import::Args),
    /// Write all subscriptions as CSV or JSON
    Export(export::Args),
    /// Erase a subscriber; only a keyed hash is left, so that no import brings them back
    Forget {
        /// The address
        #[arg(value_parser = address)]
        address: EmailAddress,
    },
}

#[derive(clap::Args)]
struct Add {
    /// The address
    #[arg(value_parser = address)]
    address: EmailAddress,
    /// The newsletter, by its slug
    #[arg(long, value_name = "SLUG")]
    newsletter: String,
    /// How they like to be called
    #[arg(long, requires = "confirmed")]
    name: Option<String>,
    /// Where the reader's consent comes from, in your words; without it a confirmation mail is sent
    #[arg(long, value_name = "WHERE", value_parser = words_of_consent)]
    confirmed: Option<String>,
    #[command(flatten)]
    choice: shape::Choice,
}

/// Adds, shows, lists, imports, exports or erases subscribers.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Add(args) => add(args, context).await,
        Command::Show(args) => show::run(args, context).await,
        Command::Shape(args) => shape::run(args, context).await,
        Command::EndFeed(args) => end_feed::run(args, context).await,
        Command::Consent(args) => consent::run(args, context).await,
        Command::List(args) => list::run(args, context).await,
        Command::Import(args) => import::run(args, context).await,
        Command::Export(args) => export::run(args, context).await,
        Command::Forget { address } => forget(address, context).await,
    }
}

async fn add(args: &Add, context: &Context) -> anyhow::Result<()> {
    let (store, settings, newsletter) = newsletter(&args.newsletter, context).await?;
    let shape = args.choice.shape(&settings, named(&settings, &args.newsletter)?)?;
    let wanted = Wanted { newsletter, shape: shape.as_ref() };
    let said = match &args.confirmed {
        Some(consent) => add_confirmed(args, consent, (&store, wanted), context.clock.now()).await?,
        None => request(args, (&store, wanted), context.clock.now()).await?,
    };
    store.close().await;
    Ok(context.output.line(said)?)
}

/// The database, the settings, and the row of the newsletter of this slug.
async fn newsletter(slug: &str, context: &Context) -> anyhow::Result<(Store, Settings, NewsletterId)> {
    let (config, store) = context.store().await?;
    let settings = daemon::settings(&config);
    let newsletter = named(&settings, slug)?;
    let standing = publisher::standing(&store, newsletter, context.clock.now()).await?;
    Ok((store, settings, standing.id))
}

async fn add_confirmed(
    args: &Add,
    consent: &str,
    (store, wanted): (&Store, Wanted<'_>),
    now: Timestamp,
) -> anyhow::Result<String> {
    let person = (&args.address, args.name.as_deref());
    match store.add_subscription(person, wanted, &format!("operator: {consent}"), now).await? {
        Some(SubscriptionState::Active) => {
            Ok(format!("{} is subscribed to {}.", args.address.as_str(), args.newsletter))
        }
        Some(_) => bail!(
            "this address has left {}: only its owner can come back. Without --confirmed they are asked by mail",
            args.newsletter
        ),
        None => bail!(SUPPRESSED),
    }
}

async fn request(
    args: &Add,
    (store, wanted): (&Store, Wanted<'_>),
    now: Timestamp,
) -> anyhow::Result<String> {
    ensure!(store.find_suppression(&args.address).await?.is_none(), SUPPRESSED);
    store.request_subscriptions(&args.address, &[wanted], "operator: asked by mail", now).await?;
    Ok(format!("{} is asked by mail to confirm {}.", args.address.as_str(), args.newsletter))
}

async fn forget(address: &EmailAddress, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let was_known = store.forget(address, context.clock.now()).await?;
    store.close().await;
    Ok(context.output.line(if was_known {
        "Forgotten: nothing is left but a keyed hash, which keeps the address from being imported again."
    } else {
        "This address was not known. Its keyed hash is kept, so that it is never imported."
    })?)
}

/// Without the address in the error: what is typed on a command line may go into a log.
pub(super) fn address(text: &str) -> Result<EmailAddress, String> {
    text.parse().map_err(|_| "write one address, such as ada@example.org".to_owned())
}

fn words_of_consent(text: &str) -> Result<String, String> {
    let text = crate::model::text::line(text);
    if text.is_empty() { Err("say where the consent comes from".to_owned()) } else { Ok(text) }
}
