//! `courant clock`: the operator's word about the machine's clock.

use super::{Context, Form};

/// Arguments of `courant clock`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Show whether editions are held because of the clock
    Show {
        #[command(flatten)]
        form: Form,
    },
    /// Say that the clock is right: editions that were held go out
    Confirm,
}

#[derive(serde::Serialize)]
struct Shown {
    now: crate::model::time::Timestamp,
    suspicion: Option<String>,
}

/// Runs `courant clock …`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let suspicion = store.find_clock_suspicion().await?;
    let now = context.clock.now();
    match (&args.command, suspicion) {
        (Command::Show { form: Form { json: true } }, suspicion) => {
            context.output.json(&Shown { now, suspicion })?;
        }
        (Command::Show { .. }, Some(why)) => {
            context.output.line(format!("editions are held: {why}"))?;
            context.output.line("if the clock is right, say so with `courant clock confirm`")?;
        }
        (Command::Show { .. }, None) => {
            context.output.line(format!("the clock shows {now} and is believed"))?;
        }
        (Command::Confirm, None) => context.output.line("nothing is held because of the clock")?,
        (Command::Confirm, Some(_)) => {
            store.record_clock_suspicion(None).await?;
            context.output.line(format!("the clock is believed from now on: it shows {now}"))?;
        }
    }
    Ok(())
}
