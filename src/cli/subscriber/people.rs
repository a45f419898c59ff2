//! A CSV file of people, read row by row: encoding, delimiter and columns are found out.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context as _, bail};
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::Encoding;

use super::columns::Columns;
use super::decoded::{Decoded, detect};
use crate::model::mailbox::Mailbox;
use crate::model::subscriber::EmailAddress;
use crate::model::text;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A row that is longer is the rest of a file behind a quote that is never closed.
const LONGEST_ROW: usize = 1024 * 1024;

/// The reader takes this much at a time, so a row may seem that much longer than it is.
const BUFFER: usize = 64 * 1024;

const LONGEST_NAME: usize = 100;

/// A CSV file of people.
pub(super) struct People {
    rows: csv::Reader<Decoded<File>>,
    encoding: &'static Encoding,
    delimiter: u8,
    heads: Option<StringRecord>,
    columns: Columns,
    /// Read to find the columns out, and not yet given out.
    ahead: Option<StringRecord>,
    record: StringRecord,
    size: u64,
}

/// What the first rows tell.
struct Layout {
    heads: Option<StringRecord>,
    columns: Columns,
    ahead: Option<StringRecord>,
}

/// What a row holds.
#[derive(Debug)]
pub(super) enum Row {
    /// Somebody to import.
    Person(EmailAddress, Option<String>),
    /// Somebody of whom the file says that they have left.
    HasLeft,
    /// Nothing that could be imported, and why.
    Bad(Bad),
}

/// A row that cannot be imported.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct Bad {
    /// From 1, as an editor counts.
    pub(super) line: u64,
    /// Why; what stands there is masked.
    pub(super) reason: String,
}

impl People {
    /// Opens a file, and finds out how it is made.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let mut file = File::open(path).with_context(|| format!("{shown} cannot be read"))?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            bail!("{shown} is not a file: name a CSV file");
        }
        let encoding = detect(&mut file).with_context(|| format!("{shown} cannot be read"))?;
        let mut decoded = Decoded::new(file, encoding);
        let delimiter = delimiter(decoded.peek()?);
        let mut rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(decoded);
        let Layout { heads, columns, ahead } =
            Layout::find(&mut rows).with_context(|| format!("{shown} cannot be imported"))?;
        let (record, size) = (StringRecord::new(), metadata.len());
        Ok(Self { rows, encoding, delimiter, heads, columns, ahead, record, size })
    }

    /// How the file is made, in words.
    pub(super) fn describe(&self) -> String {
        let delimiter = match self.delimiter {
            b'\t' => "tabs".to_owned(),
            other => format!("`{}`", char::from(other)),
        };
        let columns = self.columns.describe(self.heads.as_ref());
        format!("{}, columns parted by {delimiter}: {columns}", self.encoding.name())
    }

    /// How many bytes the file has.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// How far it has been read, in bytes of UTF-8.
    pub(super) fn position(&self) -> u64 {
        self.rows.position().byte()
    }

    /// The next row; `None` at the end.
    pub(super) fn next_row(&mut self) -> anyhow::Result<Option<Row>> {
        match self.ahead.take() {
            Some(ahead) => self.record = ahead,
            None if !read(&mut self.rows, &mut self.record)? => return Ok(None),
            None => {}
        }
        Ok(Some(self.row()))
    }

    fn row(&self) -> Row {
        let (address, name) = (self.columns.address(&self.record), self.columns.name(&self.record));
        if self.columns.has_left(&self.record) {
            return Row::HasLeft;
        }
        match person(address, &name) {
            Ok((address, name)) => Row::Person(address, name),
            Err(reason) => {
                Row::Bad(Bad { line: self.record.position().map_or(0, csv::Position::line), reason })
            }
        }
    }
}

impl Layout {
    /// Reads the first row, and the second where the first one is of heads.
    fn find(rows: &mut csv::Reader<Decoded<File>>) -> anyhow::Result<Self> {
        let mut first = StringRecord::new();
        read(rows, &mut first)?;
        if let Some(columns) = Columns::of_row(&first) {
            return Ok(Self { heads: None, columns, ahead: Some(first) });
        }
        let mut second = StringRecord::new();
        let ahead = read(rows, &mut second)?.then_some(second);
        let columns = Columns::of_heads(&first, ahead.as_ref())
            .context("no column holds addresses: name the columns in the first row, such as email,name")?;
        Ok(Self { heads: Some(first), columns, ahead })
    }
}

fn read(rows: &mut csv::Reader<Decoded<File>>, record: &mut StringRecord) -> anyhow::Result<bool> {
    rows.get_mut().allow(LONGEST_ROW);
    let line = rows.position().line();
    rows.read_record(record).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => anyhow::anyhow!(
            "the row that begins on line {line} is longer than 1 MiB: probably a quote there is never closed"
        ),
        csv::ErrorKind::Io(error) => error.into(),
        _ => anyhow::anyhow!("the row that begins on line {line} cannot be read"),
    })
}

/// The address and the name of a row, or why it cannot be imported.
fn person(address: &str, name: &str) -> Result<(EmailAddress, Option<String>), String> {
    if address.is_empty() {
        return Err("there is no address".to_owned());
    }
    if address.contains('\u{FFFD}') || name.contains('\u{FFFD}') {
        return Err("it holds characters that are not in the encoding of the file".to_owned());
    }
    let address = address.strip_prefix("mailto:").unwrap_or(address);
    let mailbox: Mailbox = address.parse().map_err(|_| format!("{} is not an address", masked(address)))?;
    let name = text::line(if name.is_empty() { mailbox.name.as_deref().unwrap_or_default() } else { name });
    let name = text::shorten(&name, LONGEST_NAME);
    Ok((mailbox.address, Some(name).filter(|name| !name.is_empty())))
}

/// Enough of a value to find it in the file, and no address.
fn masked(value: &str) -> String {
    let first: String = value.chars().take(1).collect();
    let domain = value.rsplit_once('@').map(|(_, domain)| domain.chars().take(40).collect::<String>());
    match domain {
        Some(domain) => format!("\"{first}***@{domain}\""),
        None => format!("\"{first}***\" ({} characters)", value.chars().count()),
    }
}

/// What parts the columns: that which parts the first lines into the same number of columns, the most of them.
fn delimiter(beginning: &[u8]) -> u8 {
    let score = |delimiter: &u8| {
        let rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(*delimiter)
            .from_reader(beginning);
        let columns: Vec<usize> = rows.into_byte_records().take(20).flatten().map(|row| row.len()).collect();
        let first = columns.first().copied().unwrap_or(1);
        let alike = columns.iter().filter(|count| **count == first).count();
        if first > 1 { (alike, first) } else { (0, 0) }
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(score).filter(|delimiter| score(delimiter).0 > 0);
    best.unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_what_parts_all_lines_alike() {
        for (text, expected) in [
            ("email,name\na@b.example,Ada\n", b','),
            ("email;name\na@b.example;Brook, Ada\n", b';'),
            ("email\tname\na@b.example\tAda\n", b'\t'),
            ("email|name\na@b.example|Ada\n", b'|'),
            ("name,email\n\"Brook; Ada\",a@b.example\n", b','),
            ("a@b.example\nc@d.example\n", b','),
            ("", b','),
        ] {
            assert_eq!(char::from(delimiter(text.as_bytes())), char::from(expected), "{text}");
        }
    }

    #[test]
    fn a_value_that_is_reported_shows_no_address() {
        assert_eq!(masked("ada.brook@exam ple.org"), "\"a***@exam ple.org\"");
        assert_eq!(masked("Ada Brook"), "\"A***\" (9 characters)");
    }
}
