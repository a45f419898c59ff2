//! `courant edition deliveries`: what became of an edition for each of its subscribers.

use clap::ValueEnum;

use crate::cli::{Context, Form, Row};
use crate::model::delivery::DeliveryState;
use crate::store::{DeliveryFilter, ListedDelivery, Store};

/// Arguments of `courant edition deliveries`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Its id, or newsletter/number such as daily/12
    edition: String,
    /// Those in one state; without it, all that the relay has not taken
    #[arg(long, value_enum)]
    state: Option<Filter>,
    /// How many at most
    #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    #[command(flatten)]
    form: Form,
}

#[derive(Clone, Copy, ValueEnum)]
enum Filter {
    /// Whatever became of them
    All,
    /// Wait for their turn
    Queued,
    /// Claimed by the sender
    Leased,
    /// On their way to the relay
    Sending,
    /// The relay took them
    Sent,
    /// The relay put them off
    Deferred,
    /// The relay refused them for good
    Failed,
    /// The relay's answer was not seen
    Uncertain,
    /// The subscriber had left, or the edition was cancelled
    Cancelled,
    /// Tried until the edition was too old
    Expired,
}

impl Filter {
    const fn of_store(self) -> DeliveryFilter {
        DeliveryFilter::In(match self {
            Self::All => return DeliveryFilter::All,
            Self::Queued => DeliveryState::Queued,
            Self::Leased => DeliveryState::Leased,
            Self::Sending => DeliveryState::Sending,
            Self::Sent => DeliveryState::Sent,
            Self::Deferred => DeliveryState::Deferred,
            Self::Failed => DeliveryState::Failed,
            Self::Uncertain => DeliveryState::Uncertain,
            Self::Cancelled => DeliveryState::Cancelled,
            Self::Expired => DeliveryState::Expired,
        })
    }
}

impl Row for ListedDelivery {
    const COLUMNS: &[&str] = &["ADDRESS", "STATE", "ATTEMPTS", "WHEN", "NEXT TRY", "THE RELAY'S WORDS"];

    fn cells(&self) -> Vec<String> {
        let moment =
            |at: Option<crate::model::time::Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        vec![
            self.address.clone().unwrap_or_else(|| "(forgotten)".to_owned()),
            self.state.as_str().to_owned(),
            self.attempts.to_string(),
            moment(self.settled_at),
            moment(self.next_at),
            self.reply.clone().unwrap_or_default(),
        ]
    }
}

/// Lists deliveries of an edition.
pub(super) async fn run(args: &Args, store: &Store, context: &Context) -> anyhow::Result<()> {
    let edition = super::find(store, &args.edition).await?;
    let filter = args.state.map_or(DeliveryFilter::NotSent, Filter::of_store);
    let mut rows = store.deliveries_of_edition(edition.id, filter, i64::from(args.limit) + 1).await?;
    let is_cut = rows.len() > args.limit as usize;
    rows.truncate(args.limit as usize);
    let none = match args.state {
        None => "The relay took all of them.",
        Some(_) => "None.",
    };
    context.output.list(args.form, &rows, none)?;
    if is_cut && !args.form.json {
        context.output.line("\nThere are more: -n shows more of them.")?;
    }
    Ok(())
}
