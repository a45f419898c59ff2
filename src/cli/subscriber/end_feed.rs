//! `courant subscriber end-feed`: the feed that a reader has of a private newsletter, ended.

use crate::cli::Context;
use crate::model::subscriber::EmailAddress;

/// Arguments of `courant subscriber end-feed`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The address
    #[arg(value_parser = super::address)]
    address: EmailAddress,
    /// The newsletter, by its slug
    #[arg(long, value_name = "SLUG")]
    newsletter: String,
}

/// Ends it: its address is answered 410 from now on. The reader can make another.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (store, _, newsletter) = super::newsletter(&args.newsletter, context).await?;
    let subscriber = store.find_subscriber(&args.address).await?;
    let Some(subscriber) = subscriber else { anyhow::bail!("nothing is known about this address") };
    let has_ended = store.end_private_feed(subscriber.id, newsletter).await?;
    store.close().await;
    let slug = &args.newsletter;
    anyhow::ensure!(
        has_ended,
        "this address has no feed of {slug}: only readers of a private newsletter have one"
    );
    Ok(context.output.line(format!(
        "The feed of {slug} has ended, and so have the links in it. Its reader can make another on their own page."
    ))?)
}
