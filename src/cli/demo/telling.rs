//! How the demo says what it is doing: a bar while it lasts, a line when it is done.

use std::io;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Output;

/// Tells what happens; without a terminal only what has happened.
pub struct Telling<'a> {
    output: &'a Output,
}

impl<'a> Telling<'a> {
    /// Prints lines to `output`; bars go to standard error.
    pub const fn new(output: &'a Output) -> Self {
        Self { output }
    }

    /// A bar for something that takes a moment, of `length` parts if they can be counted, else 0.
    pub fn bar(what: &'static str, length: usize) -> ProgressBar {
        let template = if length == 0 { "{spinner} {msg}" } else { "{spinner} {msg} {bar:30} {pos}/{len}" };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(length as u64).with_style(style).with_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// Says that something is done.
    ///
    /// # Errors
    /// If nobody listens any more.
    pub fn done(&self, text: &str) -> io::Result<()> {
        self.output.line(format_args!("✓ {text}"))
    }
}
