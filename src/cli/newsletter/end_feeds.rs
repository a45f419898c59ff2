//! `courant newsletter end-feeds`: the feeds of all readers of a private newsletter, ended.

use crate::cli::Context;
use crate::daemon::settings;
use crate::jobs::publisher::standing;

/// Ends them: their addresses are answered 410 from now on. Readers can make others.
pub(super) async fn run(slug: &str, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    let newsletter = super::named(&settings, slug)?;
    let standing = standing(&store, newsletter, context.clock.now()).await?;
    let ended = store.end_private_feeds(standing.id).await?;
    store.close().await;
    Ok(context.output.line(match ended {
        0 => format!("No reader of {slug} had a feed of their own."),
        1 => "1 feed has ended. Its reader can make another on their own page.".to_owned(),
        _ => format!("{ended} feeds have ended. Their readers can make others on their own pages."),
    })?)
}
