//! The commands: one file per group, each with its `Args` and `pub async fn run(&Args, &Context)` (`fn` if it waits for nothing).
//!
//! A command prints through [`Context::output`] only, so that a closed pipe ends it quietly and a test can read
//! what it said. It returns an error and never exits: [`main`] prints the error and chooses the exit code.

mod article;
mod bench;
mod clock;
mod completions;
mod config;
mod context;
mod db;
mod demo;
mod dkim;
mod doctor;
mod edition;
mod error;
mod feed;
mod init;
mod logging;
mod moment;
mod newsletter;
mod output;
mod plan;
mod report;
mod schedule;
mod sheet;
mod source;
mod subscriber;
mod suppression;
mod ticks;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

pub use context::Context;
pub use error::{AlreadyReported, WrongUse};
pub use output::{Form, Output, Row};

use crate::config::Log;
use crate::daemon;
use crate::model::time::Clock;

/// Courant publishes an editorial publication's articles as digests in inboxes and as feeds in readers.
#[derive(Parser)]
#[command(name = "courant", version, arg_required_else_help = true, max_term_width = 100)]
struct Arguments {
    /// The configuration file
    #[arg(
        long,
        short,
        global = true,
        value_name = "FILE",
        env = "COURANT_CONFIG",
        default_value = "courant.toml"
    )]
    config: PathBuf,
    #[command(flatten)]
    logging: logging::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Print the completion script of a shell
    Completions(completions::Args),
    /// Write a configuration file to begin with
    Init(init::Args),
    /// Check the configuration file; print the providers that are built in
    Config(config::Args),
    /// Run the daemon: pull, publish, send and serve until it is told to stop
    Run,
    /// Show a made-up publication at work: articles, digests, feeds, an inbox
    Demo(demo::Args),
    /// Import, show and list articles
    Article(article::Args),
    /// Show, preview, send and pause newsletters
    Newsletter(newsletter::Args),
    /// Show what goes out next: when, with which articles, to how many
    Plan(plan::Args),
    /// Make keys that sign the mail, and print the DNS records that belong to them
    Dkim(dkim::Args),
    /// Look at all that stands between an edition and its readers, and say what to do about it
    Doctor(doctor::Args),
    /// Show editions and how their sending stands; pause, resume or cancel it
    Edition(edition::Args),
    /// Say that the machine's clock is right after it was found suspect
    Clock(clock::Args),
    /// Back the database up, check it, put a backup back, compact it
    Db(db::Args),
    /// Measure how fast editions and news of changes go out from this machine
    Bench(bench::Args),
    /// Write the feeds as files, and say what is wrong with a feed
    Feed(feed::Args),
    /// Say what a crontab line means, and when it goes out
    Schedule(schedule::Args),
    /// Show where articles come from and how that goes; ask now, or only check
    Source(source::Args),
    /// Add, show, list, import, export or erase subscribers
    Subscriber(subscriber::Args),
    /// Judge what comes back to our envelope senders: bounces, complaints, automatic replies
    Report(report::Args),
    /// List, change, import and export which addresses are never mailed
    Suppression(suppression::Args),
}

impl Command {
    /// What the configuration says about the log, which is the daemon's.
    fn log(&self, context: &Context) -> anyhow::Result<Option<Log>> {
        match self {
            Self::Run => Ok(Some(context.config()?.log)),
            _ => Ok(None),
        }
    }

    async fn run(&self, context: &Context) -> anyhow::Result<()> {
        match self {
            Self::Completions(args) => completions::run(args, context),
            Self::Init(args) => init::run(args, context),
            Self::Config(args) => config::run(args, context),
            // What runs the daemon has room for all that it starts: too much for the stack of every other command.
            Self::Demo(args) => Box::pin(demo::run(args, context)).await,
            Self::Dkim(args) => dkim::run(args, context),
            Self::Doctor(args) => doctor::run(args, context).await,
            Self::Run => Box::pin(daemon::run(context.config_path(), context.clock.clone())).await,
            Self::Article(args) => article::run(args, context).await,
            Self::Newsletter(args) => newsletter::run(args, context).await,
            Self::Plan(args) => plan::run(args, context).await,
            Self::Edition(args) => edition::run(args, context).await,
            Self::Bench(args) => bench::run(args, context).await,
            Self::Clock(args) => clock::run(args, context).await,
            Self::Db(args) => db::run(args, context).await,
            Self::Feed(args) => feed::run(args, context).await,
            Self::Schedule(args) => schedule::run(args, context),
            Self::Source(args) => source::run(args, context).await,
            Self::Subscriber(args) => subscriber::run(args, context).await,
            Self::Report(args) => report::run(args, context).await,
            Self::Suppression(args) => suppression::run(args, context).await,
        }
    }
}

/// Runs the command line of this process. Exit codes: 0 it went well, 1 it failed, 2 it was called wrongly, 75 it should be
/// tried again later (only where a mail server hands us a mail).
pub async fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match run(arguments, Output::stdout(), Clock::System).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => error::report(&failure),
    }
}

/// Runs one command line, which begins with the program's name; what it prints goes to `output`.
///
/// # Errors
/// What the command failed for; a [`clap::Error`] if the line itself is wrong or asks for help.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
    output: Output,
    clock: Clock,
) -> anyhow::Result<()> {
    let arguments = Arguments::try_parse_from(arguments)?;
    let context = Context::new(arguments.config, output, clock);
    logging::start(&arguments.logging, arguments.command.log(&context)?);
    arguments.command.run(&context).await
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
