//! `courant report`: what comes back to our envelope senders, judged and acted on.

mod classify;
mod ingest;

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::Context;
use crate::mail::report;

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

/// As much of a file as is looked at, or of standard input for `-`, which is read to its end: a mail server may take
/// a pipe that closes early for a failure.
fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut input = io::stdin().lock();
        let bytes = report::beginning(&mut input).context("standard input cannot be read")?;
        io::copy(&mut input, &mut io::sink()).context("standard input cannot be read")?;
        return Ok(bytes);
    }
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    report::beginning(file).with_context(|| format!("{} cannot be read", path.display()))
}
