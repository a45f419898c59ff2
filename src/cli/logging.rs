//! Where log lines go, and which of them.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

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

/// Starts the log. Where one has been started in this process, as in tests, that one stays.
pub(super) fn start(options: &Options) {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(options.directives()))
        .with_writer(io::stderr);
    let outcome = match options.log_format {
        Some(Format::Json) => lines.json().flatten_event(true).try_init(),
        _ if io::stderr().is_terminal() => lines.try_init(),
        _ => lines.with_ansi(false).try_init(),
    };
    if outcome.is_err() {
        tracing::debug!("The log had been started before");
    }
}

impl Options {
    fn directives(&self) -> String {
        match (self.verbose, &self.log) {
            (0, Some(filter)) => filter.clone(),
            (0, None) => "warn".to_owned(),
            (1, _) => "info,courant=debug".to_owned(),
            _ => "info,courant=trace".to_owned(),
        }
    }
}

fn filter(text: &str) -> Result<String, tracing_subscriber::filter::ParseError> {
    EnvFilter::builder().parse(text).map(|_| text.to_owned())
}
