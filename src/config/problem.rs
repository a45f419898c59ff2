//! What is wrong with a configuration: where, what, and what would be right.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::excerpt::Excerpt;

/// How many problems are printed; a file with more is not one of ours.
const MOST_SHOWN: usize = 50;

/// What a check found wrong with one value, before it is known where the value stands.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Whether a problem keeps the configuration from taking effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It takes effect, but hardly as it was meant.
    Warning,
    /// It cannot take effect.
    Error,
}

/// One thing that is wrong with a configuration file. Prints itself with the line and a mark under the place;
/// neither the message nor the line shown ever holds a secret.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// Whether it keeps the configuration from taking effect.
    pub severity: Severity,
    /// The file.
    pub file: PathBuf,
    /// Where in the file, if it is about one place.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

/// A place in a configuration file.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The table and the key, such as `[[newsletter]] "daily": schedule`; empty where there is none.
    pub key: String,
    #[serde(skip)]
    pub(super) excerpt: Excerpt,
}

impl Problem {
    /// It in one line, for a log.
    pub fn summary(&self) -> String {
        let mut summary = format!("{}: {}", self.position(), self.message);
        if let Some(help) = &self.help {
            summary.push_str(" — ");
            summary.push_str(help);
        }
        summary
    }

    fn position(&self) -> String {
        match &self.place {
            Some(place) => format!("{}:{}:{}", self.file.display(), place.line, place.column),
            None => self.file.display().to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.severity == Severity::Error { "error" } else { "warning" };
        writeln!(f, "{word}: {}", self.message)?;
        write!(f, "  --> {}", self.position())?;
        let mut margin = String::new();
        if let Some(place) = &self.place {
            if !place.key.is_empty() {
                write!(f, " in {}", place.key)?;
            }
            margin = " ".repeat(place.line.to_string().len());
            let (line, mark) = (&place.excerpt.line, &place.excerpt.mark);
            write!(f, "\n{margin} |\n{} | {line}\n{margin} | {mark}", place.line)?;
        }
        match &self.help {
            Some(help) => write!(f, "\n{margin} = {help}"),
            None => Ok(()),
        }
    }
}

/// Why a configuration cannot take effect: all that is wrong with it, in the order of the file.
///
/// At least one of its problems is an error.
#[derive(Clone, Debug)]
pub struct Errors {
    problems: Vec<Problem>,
}

impl Errors {
    pub(super) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    pub(super) fn of_file(file: &Path, fault: Fault) -> Self {
        let Fault { message, help } = fault;
        let file = file.to_owned();
        Self { problems: vec![Problem { severity: Severity::Error, file, place: None, message, help }] }
    }

    /// The errors and warnings, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl std::error::Error for Errors {}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        let noun = if errors == 1 { "error" } else { "errors" };
        write!(f, "the configuration has {errors} {noun}")?;
        for problem in self.problems.iter().take(MOST_SHOWN) {
            write!(f, "\n\n{problem}")?;
        }
        match self.problems.len().saturating_sub(MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n\nand {more} more"),
        }
    }
}
