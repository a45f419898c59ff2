//! `courant newsletter take`: what a newsletter passed over of a source, taken in all the same.

use jiff::civil::Date;

use super::super::{Context, WrongUse};
use crate::daemon::settings;
use crate::jobs::publisher::standing;
use crate::model::time::Timestamp;

/// Arguments of `courant newsletter take`.
#[derive(clap::Args)]
pub struct Args {
    /// The newsletter's slug
    newsletter: String,
    /// The source whose articles are taken
    #[arg(long, value_name = "NAME")]
    source: String,
    /// Only those dated on this day or later, such as 2026-03-01
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
}

/// Lets articles that were passed over wait for the next edition.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let Args { newsletter: slug, source, since } = args;
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    let newsletter = super::named(&settings, slug)?;
    if !newsletter.choice.takes_from(source) {
        return Err(
            WrongUse(format!("{slug} does not take from {source:?}: name it in its `sources`")).into()
        );
    }
    let begin = since.map(|day| day.to_zoned_datetime(newsletter.time_zone().clone())).transpose()?;
    let begin = begin.map_or(Timestamp::from_unix(0), |begin| begin.timestamp().into());
    let now = context.clock.now();
    let standing = standing(&store, newsletter, now).await?;
    let taken = store.take_passed_over(standing.id, (&newsletter.choice, source), begin, now).await?;
    Ok(context.output.line(match taken {
        0 => format!("{slug} has passed over no article of {source} that is not there by another source"),
        1 => format!("1 article of {source} waits for the next edition of {slug}"),
        _ => format!("{taken} articles of {source} wait for the next edition of {slug}"),
    })?)
}
