//! `courant feed`: the feeds as files, and what is wrong with a feed.

mod check;
mod write;

use super::{Context, Form};

/// Arguments of `courant feed`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Say what is wrong with a feed: a file, an address, or all of this publication's
    Check(check::Args),
    /// Write every feed as a file, for a static host
    Write {
        /// The folder to write into; what is there under other names is left alone
        directory: std::path::PathBuf,
        #[command(flatten)]
        form: Form,
    },
}

/// Runs `courant feed …`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Check(args) => check::run(args, context).await,
        Command::Write { directory, form } => write::run(directory, *form, context).await,
    }
}
