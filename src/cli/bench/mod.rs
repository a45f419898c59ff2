//! `courant bench`: what this machine and a relay can do, measured with the program's own parts.

mod callbacks;
mod cost;
mod hub;
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
    /// Tell made-up subscribers of the hub of changes, and say how long that took
    Hub(hub::Args),
    /// Send an edition to made-up readers over a relay that throws mail away, and say how fast that was
    Relay(relay::Args),
}

/// Runs the measurement.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Hub(args) => hub::run(args, context).await,
        Command::Relay(args) => relay::run(args, context).await,
    }
}
