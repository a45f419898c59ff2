//! `courant suppression history`: what operators did to the suppression of an address.

use serde::Serialize;

use crate::cli::{Context, Form, Row};
use crate::model::subscriber::EmailAddress;
use crate::store::{Suppression, SuppressionEvent};

/// Arguments of `courant suppression history`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The address
    #[arg(value_parser = crate::cli::subscriber::address)]
    address: EmailAddress,
    #[command(flatten)]
    form: Form,
}

#[derive(Serialize)]
struct History {
    suppression: Option<Suppression>,
    events: Vec<SuppressionEvent>,
}

impl Row for SuppressionEvent {
    const COLUMNS: &[&str] = &["WHEN", "WHAT", "WHY"];

    fn cells(&self) -> Vec<String> {
        vec![self.at.to_string(), self.act.clone(), self.detail.clone().unwrap_or_default()]
    }
}

/// Lists what was done, the first first, and says how the address stands now.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let suppression = store.suppression_of(&args.address).await?;
    let events = store.suppression_events(&args.address).await?;
    store.close().await;
    let history = History { suppression, events };
    if args.form.json {
        return Ok(context.output.json(&history)?);
    }
    let none = "Nothing was done to this address by hand.";
    context.output.list(Form::default(), &history.events, none)?;
    let now = match &history.suppression {
        Some(Suppression { reason, detail, at, .. }) => {
            let detail = detail.as_deref().map_or_else(String::new, |detail| format!(" ({detail})"));
            format!("Now it is never mailed, because of {}, since {at}{detail}.", reason.describe())
        }
        None => "Now it is not suppressed.".to_owned(),
    };
    Ok(context.output.line(format_args!("\n{now}"))?)
}
