//! `courant report`: what comes back to our envelope senders, judged and acted on.

mod classify;
mod ingest;

use super::Context;

/// Arguments of `courant report`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Say what mails are: bounces and whose fault they are, complaints, automatic replies; nothing is changed
    Classify(classify::Args),
    /// Take mails into account: what comes back to our envelope senders, piped from a mail server
    Ingest(ingest::Args),
}

/// Judges reports.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Classify(args) => classify::run(args, context),
        Command::Ingest(args) => ingest::run(args, context).await,
    }
}

/// The bytes of a file, or of standard input for `-`.
fn bytes(path: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    use anyhow::Context as _;
    use std::io::Read;
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("standard input cannot be read")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}
