//! How commands print: lines and tables for people, JSON for programs.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Whether a command that lists or shows prints for people or for programs; flatten it into the command's `Args`.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Form {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Something that [`Output::list`] prints: a line of a table, or an object of a JSON array.
pub trait Row: Serialize {
    /// The heads of the table's columns.
    const COLUMNS: &[&str];

    /// What stands in each column.
    fn cells(&self) -> Vec<String>;
}

/// Where commands print. Text from outside cannot move a terminal's cursor: control characters are shown as `�`.
///
/// Every function fails only where the writer does; pass it on with `?`, so that a closed pipe ends the command.
pub struct Output {
    writer: Mutex<Box<dyn Write + Send>>,
    is_terminal: bool,
}

impl Output {
    /// This process's standard output.
    pub fn stdout() -> Self {
        Self { writer: Mutex::new(Box::new(io::stdout())), is_terminal: io::stdout().is_terminal() }
    }

    /// An output that keeps what is printed, and where it can be read.
    pub fn captured() -> (Self, Captured) {
        let captured = Captured::default();
        (Self { writer: Mutex::new(Box::new(captured.clone())), is_terminal: false }, captured)
    }

    /// Whether a person watches: where not, tables are not fitted to a width.
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Prints text and ends the line.
    pub fn line(&self, text: impl Display) -> io::Result<()> {
        writeln!(self.writer(), "{}", visible(&text.to_string()))
    }

    /// Writes bytes as they are: a document that the operator asked for, such as a digest's HTML.
    pub fn document(&self, bytes: &[u8]) -> io::Result<()> {
        let mut writer = self.writer();
        writer.write_all(bytes)?;
        writer.flush()
    }

    /// Prints a value as indented JSON.
    pub fn json<T: Serialize + ?Sized>(&self, value: &T) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
        writeln!(self.writer(), "{text}")
    }

    /// Prints rows as a table, or as a JSON array; with no rows, people read `none` instead.
    pub fn list<R: Row>(&self, form: Form, rows: &[R], none: &str) -> io::Result<()> {
        match (form.json, rows.is_empty()) {
            (true, _) => self.json(rows),
            (false, true) => self.line(none),
            (false, false) => self.table(R::COLUMNS, rows.iter().map(Row::cells)),
        }
    }

    /// Prints facts, each on a line of its own behind its name.
    pub fn facts(&self, facts: &[(&str, String)]) -> io::Result<()> {
        let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        facts.iter().try_for_each(|(name, fact)| self.line(format_args!("{name:width$}  {fact}")))
    }

    /// Prints a table; on a terminal it is fitted to its width.
    pub fn table(&self, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(columns);
        table.add_rows(
            rows.into_iter().map(|cells| cells.iter().map(|cell| visible(cell)).collect::<Vec<_>>()),
        );
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        if self.is_terminal {
            table.set_content_arrangement(ContentArrangement::Dynamic);
        }
        table.lines().try_for_each(|line| writeln!(self.writer(), "{}", line.trim_end()))
    }

    fn writer(&self) -> MutexGuard<'_, Box<dyn Write + Send>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for &Output {
    /// Writes bytes as they are: a long document, piece by piece.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}

/// What was printed into an [`Output::captured`].
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// All that was printed so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text with nothing in it that a terminal would obey: no escape sequences, no reversal of the writing direction.
fn visible(text: &str) -> String {
    let is_obeyed =
        |c: char| c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202A}'..='\u{202E}');
    text.replace(is_obeyed, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Pair(&'static str, &'static str);

    impl Row for Pair {
        const COLUMNS: &[&str] = &["NAME", "STATE"];

        fn cells(&self) -> Vec<String> {
            vec![self.0.to_owned(), self.1.to_owned()]
        }
    }

    #[test]
    fn a_list_is_a_table_for_people_and_an_array_for_programs() {
        let rows = [Pair("cms", "well"), Pair("wire-service", "failing")];
        let (output, captured) = Output::captured();
        output.list(Form { json: false }, &rows, "none").unwrap();
        assert_eq!(captured.text(), "NAME          STATE\ncms           well\nwire-service  failing\n");

        let (output, captured) = Output::captured();
        output.list(Form { json: true }, &rows, "none").unwrap();
        let value: serde_json::Value = serde_json::from_str(&captured.text()).unwrap();
        assert_eq!(value[1][0], "wire-service");
    }

    #[test]
    fn an_empty_list_says_so_to_people_and_is_an_empty_array_for_programs() {
        for (json, expected) in [(false, "No sources.\n"), (true, "[]\n")] {
            let (output, captured) = Output::captured();
            output.list::<Pair>(Form { json }, &[], "No sources.").unwrap();
            assert_eq!(captured.text(), expected);
        }
    }

    #[test]
    fn text_from_outside_cannot_command_the_terminal() {
        let (output, captured) = Output::captured();
        output.line("a\u{1b}[2Jb\u{202e}c\td").unwrap();
        output.table(&["T"], [vec!["\u{7}x".to_owned()]]).unwrap();
        assert_eq!(captured.text(), "a\u{FFFD}[2Jb\u{FFFD}c\td\nT\n\u{FFFD}x\n");
    }
}
