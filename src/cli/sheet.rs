//! Rows written for other programs: as CSV, or as a JSON array, page by page.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;
use serde::Serialize;

use super::Output;

/// How rows are written, and where; flatten it into a command's `Args`.
#[derive(clap::Args)]
pub(super) struct Target {
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Write it into this file, which only its owner may read [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Comma-separated, with the columns' names in the first row
    Csv,
    /// An array of objects
    Json,
}

/// A row: an object of the array, or cells below [`Cells::HEADS`].
pub(super) trait Cells: Serialize {
    /// The columns' names.
    const HEADS: &[&str];

    /// What stands in each column. A text of a stranger's has to be [`harmless`].
    fn cells(&self) -> Vec<String>;
}

/// A sheet that is being written.
pub(super) struct Sheet<'a> {
    format: Format,
    writer: BufWriter<Box<dyn Write + 'a>>,
    path: Option<&'a Path>,
    count: u64,
}

impl Target {
    /// Begins the sheet of such rows.
    pub(super) fn open<'a, C: Cells>(&'a self, output: &'a Output) -> anyhow::Result<Sheet<'a>> {
        let writer: Box<dyn Write + 'a> = match &self.output {
            None => Box::new(output),
            Some(path) => Box::new(create_private(path).with_context(|| unwritable(path))?),
        };
        let path = self.output.as_deref();
        let mut sheet = Sheet { format: self.format, writer: BufWriter::new(writer), path, count: 0 };
        match self.format {
            Format::Csv => sheet.csv([C::HEADS.iter().map(|head| (*head).to_owned()).collect()])?,
            Format::Json => write!(sheet.writer, "[")?,
        }
        Ok(sheet)
    }
}

impl Sheet<'_> {
    /// Writes rows.
    pub(super) fn write<C: Cells>(&mut self, rows: &[C]) -> anyhow::Result<()> {
        if matches!(self.format, Format::Csv) {
            self.count += rows.len() as u64;
            return self.csv(rows.iter().map(Cells::cells));
        }
        for row in rows {
            self.writer.write_all(if self.count == 0 { b"\n  " } else { b",\n  " })?;
            serde_json::to_writer(&mut self.writer, row)?;
            self.count += 1;
        }
        Ok(())
    }

    /// Ends the sheet, and returns the file that was written, if one was, and how many rows it has.
    pub(super) fn finish(mut self) -> anyhow::Result<(Option<String>, u64)> {
        if matches!(self.format, Format::Json) {
            writeln!(self.writer, "\n]")?;
        }
        match self.path {
            None => self.writer.flush()?,
            Some(path) => self.writer.flush().with_context(|| unwritable(path))?,
        }
        Ok((self.path.map(|path| path.display().to_string()), self.count))
    }

    fn csv(&mut self, rows: impl IntoIterator<Item = Vec<String>>) -> anyhow::Result<()> {
        let mut csv = csv::Writer::from_writer(&mut self.writer);
        for row in rows {
            csv.write_record(row)?;
        }
        Ok(csv.flush()?)
    }
}

/// A reader may be called `=HYPERLINK(…)`: a quote before it keeps a spreadsheet from computing it.
pub(super) fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn unwritable(path: &Path) -> String {
    format!("{} cannot be written", path.display())
}

fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
