//! `courant bench`: what this machine and a relay can do, measured with the program's own parts.

mod cost;
mod link;
mod publication;
mod relay;

use super::Context;

/// Arguments of `courant bench`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Send an edition to made-up readers over a relay that throws mail away, and say how fast that was
    Relay(relay::Args),
}

/// Runs the measurement.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Relay(args) => relay::run(args, context).await,
    }
}
