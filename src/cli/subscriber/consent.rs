//! `courant subscriber consent`: the proof of what one reader agreed to.

use serde::Serialize;

use crate::cli::{Context, Form, Row};
use crate::model::subscriber::EmailAddress;
use crate::store::Consent;

/// Arguments of `courant subscriber consent`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The address
    #[arg(value_parser = super::address)]
    address: EmailAddress,
    #[command(flatten)]
    form: Form,
}

#[derive(Serialize)]
struct Record<'a> {
    address: &'a str,
    consent: Vec<Consent>,
}

impl Row for Consent {
    const COLUMNS: &[&str] = &["WHEN", "WHAT", "NEWSLETTER", "BY", "FROM", "WORDS"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.at.to_string(),
            self.act.as_str().to_owned(),
            self.newsletter.clone(),
            self.form.clone(),
            self.network.clone().unwrap_or_default(),
            self.text.clone().unwrap_or_default(),
        ]
    }
}

/// Prints the record of one reader; fails where the address is not known.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let found = store.find_subscriber(&args.address).await?;
    let consent = match &found {
        Some(subscriber) => store.consents(subscriber.id).await?,
        None => Vec::new(),
    };
    store.close().await;
    let Some(subscriber) = found else {
        anyhow::bail!("nobody has this address: who was erased has no record of consent")
    };
    if args.form.json {
        return Ok(context.output.json(&Record { address: subscriber.address.as_str(), consent })?);
    }
    Ok(context.output.list(args.form, &consent, "Nothing is on record.")?)
}
