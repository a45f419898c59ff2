//! `courant edition watch`: how the sending of an edition goes, as it goes.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{Context, moment};
use crate::model::edition::EditionState;
use crate::store::{Counts, Edition, Store};

/// How often is looked: each look counts all deliveries of the edition.
const EVERY: Duration = Duration::from_secs(1);

/// Arguments of `courant edition watch`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Its id, or newsletter/number such as daily/12
    edition: String,
}

/// Draws how far the sending is until it has ended, or nothing goes on without an operator.
pub(super) async fn run(args: &Args, store: &Store, context: &Context) -> anyhow::Result<()> {
    let mut edition = super::find(store, &args.edition).await?;
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{bar:24} {percent:>3} %  {msg}");
    bar.set_style(style.expect("the template is one of indicatif's"));
    let begun = Instant::now();
    let before = store.delivery_counts(edition.id).await?;
    loop {
        let counts = store.delivery_counts(edition.id).await?;
        bar.set_length(u64::try_from(edition.audience)?);
        bar.set_position(ended(&counts));
        bar.set_message(describe(&counts, &Progress::since(&before, &counts, begun.elapsed())));
        if let Some(end) = end(&edition, &counts) {
            bar.finish_and_clear();
            context.output.line(format!("{} {end}", edition.name()))?;
            return super::print_sending(&counts, context);
        }
        tokio::time::sleep(EVERY).await;
        edition = super::find(store, &edition.id.to_string()).await?;
    }
}

/// How quick it goes.
struct Progress {
    a_second: f64,
    left: Option<Duration>,
}

impl Progress {
    fn since(before: &Counts, now: &Counts, passed: Duration) -> Self {
        let done = ended(now).saturating_sub(ended(before));
        #[expect(clippy::cast_precision_loss, reason = "a rate is shown in whole messages")]
        let (done, waiting) = (done as f64, (now.total() - ended(now)) as f64);
        let a_second = done / passed.as_secs_f64().max(EVERY.as_secs_f64());
        let left = (a_second > 0.0).then(|| Duration::from_secs_f64((waiting / a_second).min(1e9)));
        Self { a_second, left }
    }
}

/// How many deliveries have come to an end, whatever it was.
const fn ended(counts: &Counts) -> u64 {
    counts.sent + counts.failed + counts.cancelled + counts.expired
}

fn describe(counts: &Counts, progress: &Progress) -> String {
    let mut parts = vec![format!("{} sent", counts.sent)];
    let others = [(counts.deferred, "deferred"), (counts.failed, "failed"), (counts.uncertain, "uncertain")];
    parts
        .extend(others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    parts.push(format!("{:.0}/s", progress.a_second));
    parts.extend(progress.left.map(|left| format!("{} left", moment::span(left.as_secs()))));
    parts.join(", ")
}

/// Why nothing more is to be seen, if that is so.
fn end(edition: &Edition, counts: &Counts) -> Option<String> {
    let reason = edition.reason.as_deref().map_or_else(String::new, |reason| format!(": {reason}"));
    match edition.state {
        EditionState::Done | EditionState::Cancelled => Some(edition.state.as_str().to_owned()),
        EditionState::Paused | EditionState::Stale if counts.leased + counts.sending > 0 => None,
        EditionState::Paused => Some(format!("is paused{reason}")),
        EditionState::Stale => Some(format!("is stale{reason}: {}", super::what_to_do(edition))),
        EditionState::Sending => {
            let is_held = counts.total() == ended(counts) + counts.uncertain && counts.uncertain > 0;
            is_held.then(|| "waits for you: `courant edition resolve`".to_owned())
        }
    }
}
