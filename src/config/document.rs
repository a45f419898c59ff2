//! The file while it is read: its text, and what was found wrong with it so far.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use toml::de::DeTable;

use super::environment::Environment;
use super::excerpt::{Excerpt, position};
use super::mask;
use super::problem::{Errors, Fault, Place, Problem, Severity};
use super::zones::Zones;

/// A configuration file being read. What is wrong is noted, and reading goes on, so that all is told at once.
pub(super) struct Document<'d> {
    pub(super) path: &'d Path,
    pub(super) text: &'d str,
    pub(super) environment: &'d Environment,
    pub(super) zones: &'d Zones,
    notes: RefCell<Vec<Note>>,
    secrets: RefCell<Vec<Range<usize>>>,
    /// What is wrong with files that this one names.
    others: RefCell<Vec<Problem>>,
    is_broken: bool,
}

/// What was found wrong at a place of a file.
pub(super) struct Note {
    pub(super) severity: Severity,
    pub(super) span: Range<usize>,
    pub(super) key: String,
    pub(super) fault: Fault,
}

impl Note {
    /// It as it is told of a file with this text, of which `secrets` are not shown.
    pub(super) fn problem(self, (path, text): (&Path, &str), secrets: &[Range<usize>]) -> Problem {
        let (line, column) = position(text, self.span.start);
        let excerpt = Excerpt::of(text, &self.span, secrets);
        Problem {
            severity: self.severity,
            file: path.to_owned(),
            place: Some(Place { line, column, key: self.key, excerpt }),
            message: self.fault.message,
            help: self.fault.help,
        }
    }
}

impl<'d> Document<'d> {
    /// The file, with its syntax errors noted.
    pub(super) fn parse(
        (path, text): (&'d Path, &'d str),
        environment: &'d Environment,
        zones: &'d Zones,
    ) -> (Self, DeTable<'d>) {
        let (table, syntax_errors) = DeTable::parse_recoverable(text);
        let document = Self {
            path,
            text,
            environment,
            zones,
            notes: RefCell::new(syntax_notes(text, &syntax_errors)),
            secrets: RefCell::new(mask::secrets(text)),
            others: RefCell::default(),
            is_broken: !syntax_errors.is_empty(),
        };
        (document, table.into_inner())
    }

    /// The directory that relative paths in the file start from: its own.
    pub(super) fn directory(&self) -> &'d Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Notes what is wrong with a value.
    pub(super) fn note(&self, severity: Severity, span: Range<usize>, key: String, fault: Fault) {
        self.notes.borrow_mut().push(Note { severity, span, key, fault });
    }

    /// Notes what is wrong with which keys there are. After a syntax error nobody knows that.
    pub(super) fn note_key(&self, span: Range<usize>, key: String, fault: Fault) {
        if !self.is_broken {
            self.note(Severity::Error, span, key, fault);
        }
    }

    /// Adds what is wrong with a file that this one names.
    pub(super) fn add(&self, problems: Vec<Problem>) {
        self.others.borrow_mut().extend(problems);
    }

    /// Keeps a part of the text out of everything that is printed.
    pub(super) fn hide(&self, span: Range<usize>) {
        self.secrets.borrow_mut().push(span);
    }

    /// Whether something was noted that keeps the configuration from taking effect.
    pub(super) fn has_errors(&self) -> bool {
        let is_broken_here = self.notes.borrow().iter().any(|note| note.severity == Severity::Error);
        is_broken_here || self.others.borrow().iter().any(|problem| problem.severity == Severity::Error)
    }

    /// All that was noted, in the order of the file, and behind it that about the files that it names.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut notes = self.notes.into_inner();
        notes.sort_by_key(|note| note.span.start);
        let secrets = mask::merged(self.secrets.into_inner());
        let problem = |note: Note| note.problem((self.path, self.text), &secrets);
        notes.into_iter().map(problem).chain(self.others.into_inner()).collect()
    }

    pub(super) fn into_errors(self) -> Errors {
        Errors::new(self.into_problems())
    }
}

/// The first syntax error of each line: those after it follow from it.
fn syntax_notes(text: &str, errors: &[toml::de::Error]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut last_line = 0;
    let mut errors: Vec<_> =
        errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    for (span, message) in errors {
        let (line, _) = position(text, span.start);
        if line != last_line {
            let fault = Fault { message: format!("this is not TOML: {message}"), help: syntax_help(message) };
            notes.push(Note { severity: Severity::Error, span, key: String::new(), fault });
        }
        last_line = line;
    }
    notes
}

/// What would be right, in words for who does not know TOML.
fn syntax_help(message: &str) -> Option<String> {
    const HELP: &[(&str, &str)] = &[
        ("invalid basic string", "a text ends on its line, with the quote that it began with"),
        ("invalid literal string", "a text ends on its line, with the quote that it began with"),
        ("string values must be quoted", "write the text in quotes: \"…\""),
        ("unclosed table", "the name of a table stands in brackets: [publication] or [[newsletter]]"),
        ("duplicate key", "take one of the two away"),
        ("key with no value", "a line is a key, `=` and a value, or begins with `#`"),
    ];
    HELP.iter().find(|(start, _)| message.starts_with(start)).map(|(_, help)| (*help).to_owned())
}
