//! `courant edition resume`: an edition that is paused or stale goes on, also after its time.

use std::time::Duration;

use crate::cli::{Context, moment};
use crate::config::{Config, duration};
use crate::model::delivery::RetryPolicy;
use crate::model::edition::EditionState;
use crate::model::time::Timestamp;
use crate::store::{Edition, Store};

/// Arguments of `courant edition resume`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Its id, or newsletter/number
    edition: String,
    /// Send it for so long from now on, such as 6h; without it, one whose time is over is sent for its age limit once more
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    time: Option<Duration>,
}

fn time(text: &str) -> Result<Duration, &'static str> {
    let time = duration::parse(text).filter(|time| !time.is_zero());
    time.ok_or("write a number and s, m, h, d or w, such as 6h or 1d12h")
}

/// Lets an edition go on.
pub(super) async fn run(
    args: &Args,
    (config, store): (&Config, &Store),
    context: &Context,
) -> anyhow::Result<()> {
    let edition = super::find(store, &args.edition).await?;
    let until = until(config, &edition, args.time, context.clock.now());
    let is_extended = match until {
        Some(until) => store.extend_edition(edition.id, until).await?,
        None => false,
    };
    let is_changed = store.set_edition_state(edition.id, EditionState::Sending, "by the operator").await?;
    let what = edition.name();
    if !is_changed && !is_extended {
        anyhow::bail!("{what} is {}: that stays so", edition.state.as_str());
    }
    let zone = &config.publication.time_zone;
    let until = until.map_or_else(String::new, |until| format!(" until {}", moment::local(until, zone)));
    Ok(context.output.line(format!("{what} goes on{until}"))?)
}

/// Until when it is sent, if that changes: as long as the operator says, or for its age limit once more where its time is
/// over.
fn until(config: &Config, edition: &Edition, time: Option<Duration>, now: Timestamp) -> Option<Timestamp> {
    let newsletter = config.newsletters.iter().find(|known| known.slug.as_str() == edition.newsletter);
    let retries = newsletter.map_or_else(RetryPolicy::default, |newsletter| newsletter.retries(edition.tick));
    let end = edition.send_until.unwrap_or(edition.tick + retries.age_limit);
    let is_over = (now > end).then_some(retries.age_limit);
    time.or(is_over).map(|time| now + time)
}
