//! `courant suppression export`: the addresses that are never mailed, for another program or a copy.

use crate::cli::Context;
use crate::cli::sheet::{Cells, Target, harmless};
use crate::store::Suppression;

const PAGE: i64 = 5000;

/// Arguments of `courant suppression export`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,
}

impl Cells for Suppression {
    const HEADS: &[&str] = &["address", "reason", "at", "detail"];

    fn cells(&self) -> Vec<String> {
        vec![
            harmless(self.address.as_deref().unwrap_or_default()),
            self.reason.as_str().to_owned(),
            self.at.to_string(),
            harmless(self.detail.as_deref().unwrap_or_default()),
        ]
    }
}

/// Writes all suppressions that have an address.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let mut sheet = args.target.open::<Suppression>(&context.output)?;
    let mut last = String::new();
    loop {
        let page = store.suppressions_after(&last, PAGE).await?;
        sheet.write(&page)?;
        match page.into_iter().next_back().and_then(|row| row.address) {
            Some(address) => last = address,
            None => break,
        }
    }
    let written = sheet.finish()?;
    store.close().await;
    if let (Some(path), count) = written {
        context.output.line(format_args!("Wrote {count} addresses into {path}."))?;
    }
    Ok(())
}
