//! `courant subscriber export`: all subscriptions as CSV or JSON, read and written page by page.

use super::list::Filter;
use crate::cli::Context;
use crate::cli::sheet::{Cells, Target, harmless};
use crate::model::subscriber::SubscriptionState;
use crate::model::time::Timestamp;
use crate::store::ListedSubscription;

const PAGE: i64 = 5000;

/// Arguments of `courant subscriber export`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    target: Target,
}

impl Cells for ListedSubscription {
    const HEADS: &[&str] = &[
        "address",
        "name",
        "newsletter",
        "state",
        "consent",
        "created_at",
        "confirmed_at",
        "ended_at",
        "ended_by",
        "ended_why",
        "paused_until",
    ];

    fn cells(&self) -> Vec<String> {
        let moment = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        vec![
            harmless(&self.address),
            harmless(self.name.as_deref().unwrap_or_default()),
            self.newsletter.clone().unwrap_or_default(),
            self.state.map_or("", SubscriptionState::as_str).to_owned(),
            harmless(self.consent.as_deref().unwrap_or_default()),
            self.created_at.to_string(),
            moment(self.confirmed_at),
            moment(self.ended_at),
            self.ended_by.clone().unwrap_or_default(),
            harmless(self.ended_why.as_deref().unwrap_or_default()),
            moment(self.paused_until),
        ]
    }
}

/// Writes all subscriptions.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let filter = args.filter.of_store();
    let mut sheet = args.target.open::<ListedSubscription>(&context.output)?;
    let mut last: Option<ListedSubscription> = None;
    loop {
        let page = store.list_subscriptions(&filter, last.as_ref(), PAGE).await?;
        sheet.write(&page)?;
        match page.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => break,
        }
    }
    let written = sheet.finish()?;
    store.close().await;
    if let (Some(path), count) = written {
        context.output.line(format_args!("Wrote {count} subscriptions into {path}."))?;
    }
    Ok(())
}
