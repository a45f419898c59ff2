//! `courant subscriber list`: subscriptions, in the order in which subscribers came.

use clap::ValueEnum;

use crate::cli::{Context, Form, Row};
use crate::model::subscriber::SubscriptionState;
use crate::store::{ListedSubscription, SubscriptionFilter};

/// Arguments of `courant subscriber list`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filter: Filter,
    /// How many at most
    #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    #[command(flatten)]
    form: Form,
}

/// Which subscriptions.
#[derive(clap::Args)]
pub(super) struct Filter {
    /// Those of one newsletter, by its slug
    #[arg(long, value_name = "SLUG")]
    newsletter: Option<String>,
    /// Those in one state
    #[arg(long, value_enum)]
    state: Option<State>,
}

#[derive(Clone, Copy, ValueEnum)]
enum State {
    /// Asked for, not yet confirmed
    Pending,
    /// Editions go to it
    Active,
    /// Left
    Ended,
}

impl Filter {
    /// As the store understands it.
    pub(super) fn of_store(&self) -> SubscriptionFilter {
        let state = self.state.map(|state| match state {
            State::Pending => SubscriptionState::Pending,
            State::Active => SubscriptionState::Active,
            State::Ended => SubscriptionState::Ended,
        });
        SubscriptionFilter { newsletter: self.newsletter.clone(), state }
    }
}

impl Row for ListedSubscription {
    const COLUMNS: &[&str] = &["ADDRESS", "NAME", "NEWSLETTER", "STATE", "SINCE", "MARK"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.address.clone(),
            self.name.clone().unwrap_or_default(),
            self.newsletter.clone().unwrap_or_default(),
            self.state.map_or("none", SubscriptionState::as_str).to_owned(),
            self.created_at.to_string(),
            if self.role { "role" } else { "" }.to_owned(),
        ]
    }
}

/// Lists subscriptions.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let mut rows = store.list_subscriptions(&args.filter.of_store(), None, i64::from(args.limit) + 1).await?;
    store.close().await;
    let is_cut = rows.len() > args.limit as usize;
    rows.truncate(args.limit as usize);
    context.output.list(args.form, &rows, "No subscriptions.")?;
    if is_cut && !args.form.json {
        context.output.line(format_args!(
            "\nThere are more: -n shows more of them, `courant subscriber export` all."
        ))?;
    }
    Ok(())
}
