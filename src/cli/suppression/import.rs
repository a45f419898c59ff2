//! `courant suppression import`: addresses that another program does not mail any more.

use std::path::PathBuf;

use anyhow::Context as _;
use csv::StringRecord;
use serde::Serialize;

use crate::cli::{Context, Form};
use crate::model::suppression::SuppressionReason;
use crate::store::NewSuppression;

/// How many bad rows are printed.
const MOST_SHOWN: usize = 20;

/// Names of the column of addresses, in lower case.
const ADDRESS: &[&str] = &["address", "email", "e-mail", "mail", "email address", "recipient"];

/// Arguments of `courant suppression import`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A file with an address in each line, or CSV in UTF-8 with columns named address and, if you like, reason, detail, at
    file: PathBuf,
    /// Why, in your words, for rows that do not say it
    #[arg(long, value_name = "WHY")]
    because: Option<String>,
    #[command(flatten)]
    form: Form,
}

/// What became of a file.
#[derive(Debug, Default, Serialize)]
struct Report {
    rows: usize,
    new: u64,
    already_suppressed: u64,
    /// The lines of rows without an address that could be one.
    bad_lines: Vec<u64>,
}

/// Which column holds what.
#[derive(Debug, Default)]
struct Columns {
    address: usize,
    reason: Option<usize>,
    detail: Option<usize>,
    at: Option<usize>,
}

/// Suppresses all addresses of a file, or on any failure none.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let bytes =
        std::fs::read(&args.file).with_context(|| format!("{} cannot be read", args.file.display()))?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut report = Report::default();
    let all = rows(bytes, args.because.as_deref(), &mut report)?;
    let (_, store) = context.store().await?;
    report.new = store.import_suppressions(&all, context.clock.now()).await?;
    report.already_suppressed = all.len() as u64 - report.new;
    store.close().await;
    report.print(args.form, context)
}

fn rows(bytes: &[u8], because: Option<&str>, report: &mut Report) -> anyhow::Result<Vec<NewSuppression>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut columns: Option<Columns> = None;
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.context("the file is not text in UTF-8")?;
        let Some(columns) = &columns else {
            columns = Some(Columns::named(&record));
            if !is_head(&record) {
                take(&record, &Columns::default(), because, report, &mut found);
            }
            continue;
        };
        take(&record, columns, because, report, &mut found);
    }
    Ok(found)
}

fn take(
    record: &StringRecord,
    columns: &Columns,
    because: Option<&str>,
    report: &mut Report,
    found: &mut Vec<NewSuppression>,
) {
    report.rows += 1;
    match columns.read(record, because) {
        Some(new) => found.push(new),
        None => report.bad_lines.push(record.position().map_or(0, csv::Position::line)),
    }
}

fn is_head(record: &StringRecord) -> bool {
    record.iter().any(|name| ADDRESS.contains(&name.trim().to_lowercase().as_str()))
}

impl Columns {
    fn named(head: &StringRecord) -> Self {
        let place = |names: &[&str]| {
            head.iter().position(|name| names.contains(&name.trim().to_lowercase().as_str()))
        };
        Self {
            address: place(ADDRESS).unwrap_or(0),
            reason: place(&["reason", "type"]),
            detail: place(&["detail", "details", "diagnostic", "error"]),
            at: place(&["at", "date", "created_at", "created"]),
        }
    }

    fn read(&self, record: &StringRecord, because: Option<&str>) -> Option<NewSuppression> {
        let cell = |place: Option<usize>| record.get(place?).map(str::trim).filter(|text| !text.is_empty());
        // A quote that keeps a spreadsheet from computing a text is not part of it.
        let address = cell(Some(self.address))?.trim_start_matches('\'');
        let detail = cell(self.detail).map(|text| text.trim_start_matches('\'')).or(because);
        Some(NewSuppression {
            address: address.parse().ok()?,
            reason: cell(self.reason).map_or(SuppressionReason::Operator, SuppressionReason::named),
            detail: detail.map(str::to_owned),
            at: cell(self.at).and_then(|text| text.parse().ok()),
        })
    }
}

impl Report {
    fn print(&self, form: Form, context: &Context) -> anyhow::Result<()> {
        if form.json {
            return Ok(context.output.json(self)?);
        }
        for line in self.bad_lines.iter().take(MOST_SHOWN) {
            context.output.line(format_args!("line {line}: no address that mail can be sent to"))?;
        }
        if self.bad_lines.len() > MOST_SHOWN {
            context
                .output
                .line(format_args!("… and {} more such lines", self.bad_lines.len() - MOST_SHOWN))?;
        }
        Ok(context.output.line(format_args!(
            "{} rows: {} addresses are never mailed from now on, {} were suppressed before, {} rows were left out.",
            self.rows,
            self.new,
            self.already_suppressed,
            self.bad_lines.len()
        ))?)
    }
}
