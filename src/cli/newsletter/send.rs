//! The next edition now: to one address as a test, or for real.

use anyhow::Context as _;

use super::super::{Context, WrongUse};
use crate::daemon::settings;
use crate::jobs::Settings;
use crate::jobs::mailing;
use crate::jobs::publisher::{self, Published, Purpose, compose, standing};
use crate::mail::mould::{Letter, Slots};
use crate::mail::relay::{Envelope, Relay};
use crate::model::delivery::Outcome;
use crate::model::newsletter::Newsletter;
use crate::model::subscriber::EmailAddress;
use crate::store::Store;

/// Arguments of `courant newsletter send`.
#[derive(clap::Args)]
pub struct Args {
    /// The newsletter's slug
    newsletter: String,
    /// Send it to this address as a test: marked so, and not in the ledger
    #[arg(long, value_name = "ADDRESS", conflicts_with = "now", required_unless_present = "now")]
    to: Option<String>,
    /// Publish it now, to all its subscribers
    #[arg(long)]
    now: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    let newsletter = super::named(&settings, &args.newsletter)?;
    match &args.to {
        Some(address) => test(&store, &settings, newsletter, address, context).await,
        None => publish(&store, &settings, newsletter, context).await,
    }
}

async fn test(
    store: &Store,
    settings: &Settings,
    newsletter: &Newsletter,
    address: &str,
    context: &Context,
) -> anyhow::Result<()> {
    let to: EmailAddress =
        address.parse().map_err(|_| WrongUse(format!("{address:?} is not an email address")))?;
    let sending = mailing::sending(settings)?;
    let now = context.clock.now();
    let standing = standing(store, newsletter, now).await?;
    let draft = compose(store, settings, newsletter, standing, now, Purpose::Test).await?;
    if draft.articles.is_empty() {
        anyhow::bail!("nothing to send: no article is new to {:?}", newsletter.slug.as_str());
    }
    let mut letter = Letter::default();
    let message_id = format!("test-{}-{}", newsletter.slug, now.as_unix());
    let slots = Slots { to: &to, message_id: &message_id, token: mailing::NOBODY, reader: mailing::NOBODY };
    mailing::mould(settings, newsletter, &draft.letter, now)?.cut(&slots, &mut letter)?;
    let envelope = Envelope::new(&sending.from.address, &to, letter.as_bytes().len())?;
    let settings = sending.relays.first().context("the configuration names no relay")?;
    let relay = Relay::new(settings.clone())?;
    let reply = relay.send(&envelope, &letter).await;
    match reply.outcome() {
        Outcome::Accepted => Ok(context
            .output
            .line(format!("the relay took the test of {:?}: {reply}", newsletter.slug.as_str()))?),
        _ => {
            anyhow::bail!("the relay {} did not take it: {reply}", settings.name())
        }
    }
}

async fn publish(
    store: &Store,
    settings: &Settings,
    newsletter: &Newsletter,
    context: &Context,
) -> anyhow::Result<()> {
    mailing::sending(settings)?;
    let now = context.clock.now();
    let standing = standing(store, newsletter, now).await?;
    match publisher::publish(store, settings, newsletter, standing, (now, ", sent by hand"), now).await? {
        Published::Edition(edition) => {
            // The rest is for the daemon: a second program that writes without pause leaves it hardly a turn.
            let audience = if edition.is_queueing {
                store.count_readers(edition.newsletter_id, edition.tick).await?
            } else {
                edition.audience
            };
            let line = format!(
                "edition {} of {} is published, to {} subscribers; the running daemon sends it (`courant edition show {}`)",
                edition.number, edition.newsletter, audience, edition.id
            );
            Ok(context.output.line(line)?)
        }
        Published::Nothing(event) => anyhow::bail!("no edition: {}", event.detail),
        Published::Overtaken => {
            Err(anyhow::anyhow!("try again")).context("the daemon has just published this newsletter")
        }
    }
}
