//! `courant subscriber export`: all subscriptions as CSV or JSON, read and written page by page.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;

use super::list::Filter;
use crate::cli::Context;
use crate::model::subscriber::SubscriptionState;
use crate::model::time::Timestamp;
use crate::store::{ListedSubscription, Store, SubscriptionFilter};

const PAGE: i64 = 5000;

const HEADS: &[&str] = &[
    "address",
    "name",
    "newsletter",
    "state",
    "consent",
    "created_at",
    "confirmed_at",
    "ended_at",
    "ended_by",
];

/// Arguments of `courant subscriber export`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    filter: Filter,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Write it into this file, which only its owner may read [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A row for each subscription, with the columns' names in the first
    Csv,
    /// An array of objects
    Json,
}

/// Writes all subscriptions.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let filter = args.filter.of_store();
    let count = match &args.output {
        None => write(&store, &filter, args.format, &mut BufWriter::new(&context.output)).await?,
        Some(path) => {
            let unwritable = || format!("{} cannot be written", path.display());
            let mut file = BufWriter::new(create_private(path).with_context(unwritable)?);
            let count = write(&store, &filter, args.format, &mut file).await?;
            file.flush().with_context(unwritable)?;
            count
        }
    };
    store.close().await;
    if let Some(path) = &args.output {
        context.output.line(format_args!("Wrote {count} subscriptions into {}.", path.display()))?;
    }
    Ok(())
}

fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

async fn write(
    store: &Store,
    filter: &SubscriptionFilter,
    format: Format,
    writer: &mut impl Write,
) -> anyhow::Result<u64> {
    let mut last: Option<ListedSubscription> = None;
    let mut count = 0;
    begin(format, writer)?;
    loop {
        let page = store.list_subscriptions(filter, last.as_ref(), PAGE).await?;
        write_page(format, &page, count == 0, writer)?;
        count += page.len() as u64;
        match page.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => break,
        }
    }
    end(format, writer)?;
    Ok(count)
}

fn begin(format: Format, writer: &mut impl Write) -> anyhow::Result<()> {
    match format {
        Format::Csv => write_csv(writer, [HEADS.iter().map(|head| (*head).to_owned()).collect()]),
        Format::Json => Ok(write!(writer, "[")?),
    }
}

fn write_page(
    format: Format,
    page: &[ListedSubscription],
    is_first: bool,
    writer: &mut impl Write,
) -> anyhow::Result<()> {
    if matches!(format, Format::Csv) {
        return write_csv(writer, page.iter().map(cells));
    }
    for (index, row) in page.iter().enumerate() {
        writer.write_all(if is_first && index == 0 { b"\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut *writer, row)?;
    }
    Ok(())
}

fn end(format: Format, writer: &mut impl Write) -> anyhow::Result<()> {
    if matches!(format, Format::Json) {
        writeln!(writer, "\n]")?;
    }
    Ok(writer.flush()?)
}

fn write_csv(writer: &mut impl Write, rows: impl IntoIterator<Item = Vec<String>>) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(writer);
    for row in rows {
        csv.write_record(row)?;
    }
    Ok(csv.flush()?)
}

fn cells(row: &ListedSubscription) -> Vec<String> {
    let moment = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    vec![
        harmless(&row.address),
        harmless(row.name.as_deref().unwrap_or_default()),
        row.newsletter.clone().unwrap_or_default(),
        row.state.map_or("", SubscriptionState::as_str).to_owned(),
        harmless(row.consent.as_deref().unwrap_or_default()),
        row.created_at.to_string(),
        moment(row.confirmed_at),
        moment(row.ended_at),
        row.ended_by.clone().unwrap_or_default(),
    ]
}

/// A reader may be called `=HYPERLINK(…)`: a quote before it keeps a spreadsheet from computing it.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
