//! `courant subscriber shape`: what a reader wants of a newsletter that lets them choose.

use crate::cli::{Context, WrongUse};
use crate::jobs::Settings;
use crate::model::consent::Proof;
use crate::model::newsletter::Newsletter;
use crate::model::shape::{Shape, Wish};
use crate::model::subscriber::EmailAddress;

/// Arguments of `courant subscriber shape`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The address
    #[arg(value_parser = super::address)]
    address: EmailAddress,
    /// The newsletter, by its slug
    #[arg(long, value_name = "SLUG")]
    newsletter: String,
    #[command(flatten)]
    choice: Choice,
}

/// What a reader chose, of what `[newsletter.choices]` offers.
#[derive(clap::Args)]
pub(super) struct Choice {
    /// Only articles of this topic; may be given several times
    #[arg(long = "topic", value_name = "TOPIC")]
    topics: Vec<String>,
    /// How often: `newsletter` (as it goes out), `each_article`, `daily` or `weekly`
    #[arg(long)]
    rhythm: Option<String>,
    /// At which hour, 0 to 23, for daily and weekly
    #[arg(long)]
    hour: Option<String>,
    /// On the clocks of which time zone, such as Europe/Brussels
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
}

impl Choice {
    /// The shape that was asked for, if anything was.
    ///
    /// # Errors
    /// [`WrongUse`] that names what is offered.
    pub(super) fn shape(
        &self,
        settings: &Settings,
        newsletter: &Newsletter,
    ) -> Result<Option<Shape>, WrongUse> {
        let Self { topics, rhythm, hour, time_zone } = self;
        let wish = Wish {
            topics: topics.clone(),
            rhythm: rhythm.clone(),
            hour: hour.clone(),
            time_zone: time_zone.clone(),
        };
        if wish.is_empty() {
            return Ok(None);
        }
        let shape = wish.shape(newsletter, |name| settings.zones.zone_or_names(name));
        shape.map(Some).map_err(|refused| WrongUse(format!("{}: {refused}", newsletter.slug)))
    }
}

/// Gives a subscription another shape; without options, that of the newsletter as it is.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (store, settings, id) = super::newsletter(&args.newsletter, context).await?;
    let newsletter = super::named(&settings, &args.newsletter)?;
    let shape = match args.choice.shape(&settings, newsletter)? {
        Some(shape) => shape,
        None => Wish::default().shape(newsletter, |name| settings.zones.zone_or_names(name))?,
    };
    let subscriber = store.find_subscriber(&args.address).await?;
    let Some(subscriber) = subscriber else { anyhow::bail!("nothing is known about this address") };
    let (whose, now) = ((subscriber.id, id), context.clock.now());
    let text = shape.to_string();
    let proof = Proof { form: "operator", text: &text, ..Proof::default() };
    let is_changed = store.set_shape(whose, &shape, proof, now).await?;
    let has_it = store
        .subscriptions(subscriber.id)
        .await?
        .iter()
        .any(|own| own.newsletter_id == id && own.ended_at.is_none());
    store.close().await;
    anyhow::ensure!(has_it, "this address has no subscription to {}", args.newsletter);
    let (address, slug) = (args.address.as_str(), &args.newsletter);
    let from = if is_changed { "from now on" } else { "as before" };
    Ok(context.output.line(format!("{address} has {slug} {from}: {shape}."))?)
}
