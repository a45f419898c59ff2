//! Where log lines go, and which of them.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// How log lines are written, on standard error.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Say more: -v what is done, -vv every step
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Which log lines to write: error, warn, info, debug, trace, or directives such as warn,courant=debug
    #[arg(long, global = true, value_name = "FILTER", env = "COURANT_LOG", value_parser = filter)]
    log: Option<String>,
    /// How log lines are written
    #[arg(long, global = true, value_enum, env = "COURANT_LOG_FORMAT")]
    log_format: Option<Format>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Lines for people; in colour on a terminal
    Text,
    /// One JSON object per line
    Json,
}

/// Starts the log: as the command line says, else as the configuration says for the daemon, else warnings as text.
/// Where one has been started in this process, as in tests, that one stays.
pub(super) fn start(options: &Options, daemon: Option<Log>) {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(options.directives(daemon)))
        .with_writer(io::stderr);
    let is_json = match options.log_format {
        Some(format) => matches!(format, Format::Json),
        None => daemon.is_some_and(|log| log.format == LogFormat::Json),
    };
    let outcome = match is_json {
        true => lines.json().flatten_event(true).try_init(),
        false if io::stderr().is_terminal() => lines.try_init(),
        false => lines.with_ansi(false).try_init(),
    };
    if outcome.is_err() {
        tracing::debug!("The log had been started before");
    }
}

impl Options {
    fn directives(&self, daemon: Option<Log>) -> String {
        match (self.verbose, &self.log, daemon) {
            (0, Some(filter), _) => filter.clone(),
            (0, None, Some(log)) => quiet(log.level.as_str()),
            (0, None, None) => quiet("warn"),
            (1, ..) => "info,courant=debug".to_owned(),
            _ => "info,courant=trace".to_owned(),
        }
    }
}

/// A database that is held up is told once, by who waits for it, and not by its pool each time.
fn quiet(level: &str) -> String {
    format!("{level},sqlx::pool=error")
}

fn filter(text: &str) -> Result<String, tracing_subscriber::filter::ParseError> {
    EnvFilter::builder().parse(text).map(|_| text.to_owned())
}
