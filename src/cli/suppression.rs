//! `courant suppression`: addresses that are never mailed.

use super::{Context, Form, Row};
use crate::model::subscriber::EmailAddress;
use crate::model::suppression::SuppressionReason;
use crate::store::Suppression;

/// Arguments of `courant suppression`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the addresses that are never mailed, and why
    List {
        /// How many at most, the latest first
        #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        #[command(flatten)]
        form: Form,
    },
    /// Never mail an address again: its subscriptions end, what is queued for it is taken back
    Add {
        /// The address
        #[arg(value_parser = super::subscriber::address)]
        address: EmailAddress,
        /// Why, in your words
        #[arg(long, value_name = "WHY")]
        because: Option<String>,
    },
    /// Let an address be mailed again; its subscriptions stay ended
    Remove {
        /// The address
        #[arg(value_parser = super::subscriber::address)]
        address: EmailAddress,
    },
}

impl Row for Suppression {
    const COLUMNS: &[&str] = &["ADDRESS", "REASON", "SINCE", "DETAIL"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.address.clone().unwrap_or_else(|| "(forgotten)".to_owned()),
            self.reason.describe().to_owned(),
            self.at.to_string(),
            self.detail.clone().unwrap_or_default(),
        ]
    }
}

/// Lists suppressions, or adds or removes one.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    match &args.command {
        Command::List { limit, form } => {
            let rows = store.suppressions(i64::from(*limit)).await?;
            context.output.list(*form, &rows, "No address is suppressed.")?;
        }
        Command::Add { address, because } => {
            let (reason, now) = (SuppressionReason::Operator, context.clock.now());
            let is_new = store.suppress(address, reason, because.as_deref(), now).await?;
            let said = if is_new { "is never mailed again" } else { "was suppressed before" };
            context.output.line(format_args!("{} {said}.", address.as_str()))?;
        }
        Command::Remove { address } => {
            anyhow::ensure!(store.unsuppress(address).await?, "this address is not suppressed");
            context.output.line(format_args!(
                "{} may be mailed again. Its subscriptions stay ended: its owner can sign up anew.",
                address.as_str()
            ))?;
        }
    }
    store.close().await;
    Ok(())
}
