//! `courant subscriber import`: a CSV file of people who have consented.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::people::{Bad, People, Row};
use crate::cli::{Context, Form};
use crate::model::subscriber::EmailAddress;
use crate::store::{Import, Imported};

/// How many rows are staged by one statement.
const BATCH: usize = 1000;

/// How many bad rows are printed; `--bad-rows` writes all of them.
const MOST_SHOWN: usize = 20;

/// Arguments of `courant subscriber import`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A CSV file with a column of addresses, and perhaps of names
    file: PathBuf,
    /// The newsletter, by its slug
    #[arg(long, value_name = "SLUG")]
    newsletter: String,
    /// Where the readers' consent comes from, in your words; it is kept with each subscription
    #[arg(long, value_name = "WHERE", value_parser = super::words_of_consent)]
    confirmed: String,
    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Import nothing if any row is bad
    #[arg(long)]
    strict: bool,
    /// Write every bad row's line and reason into this file
    #[arg(long, value_name = "FILE")]
    bad_rows: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
}

/// What became of a file.
#[derive(Serialize)]
struct Report {
    file: PathBuf,
    newsletter: String,
    format: String,
    dry_run: bool,
    rows: u64,
    #[serde(flatten)]
    imported: Imported,
    left_elsewhere: u64,
    /// How many good rows have an address of a function.
    roles: u64,
    bad: u64,
    /// The first of them.
    bad_rows: Vec<Bad>,
}

/// Imports a file: all its good rows, or on any failure none.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (store, _, newsletter) = super::newsletter(&args.newsletter, context).await?;
    let mut people = People::open(&args.file)?;
    let mut import = store.begin_import(newsletter).await?;
    let mut report = Report {
        file: args.file.clone(),
        newsletter: args.newsletter.clone(),
        format: people.describe(),
        dry_run: args.dry_run,
        rows: 0,
        imported: Imported::default(),
        left_elsewhere: 0,
        roles: 0,
        bad: 0,
        bad_rows: Vec::new(),
    };
    let mut bad_rows = args.bad_rows.as_deref().map(create).transpose()?;
    stage(&mut people, &mut import, &mut report, bad_rows.as_mut()).await?;
    let is_refused = report.is_refused(args);
    let bar = working(if args.dry_run { "Counting" } else { "Importing" });
    report.imported = if args.dry_run || is_refused {
        import.rehearse().await?
    } else {
        import.apply(&format!("import: {}", args.confirmed), context.clock.now()).await?
    };
    bar.finish_and_clear();
    store.close().await;
    report.print(args, context)?;
    if is_refused {
        bail!("nothing was imported, because of the bad rows: mend them, or leave out --strict");
    }
    Ok(())
}

fn create(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(BufWriter::new(file))
}

async fn stage(
    people: &mut People,
    import: &mut Import,
    report: &mut Report,
    mut bad_rows: Option<&mut BufWriter<File>>,
) -> anyhow::Result<()> {
    let bar = reading(people.size());
    let mut batch: Vec<(EmailAddress, Option<String>)> = Vec::with_capacity(BATCH);
    while let Some(row) = people.next_row()? {
        report.rows += 1;
        match row {
            Row::Person(address, name) => {
                report.roles += u64::from(address.is_role());
                batch.push((address, name));
            }
            Row::HasLeft => report.left_elsewhere += 1,
            Row::Bad(bad) => {
                if let Some(file) = &mut bad_rows {
                    writeln!(file, "line {}: {}", bad.line, bad.reason)?;
                }
                report.add(bad);
            }
        }
        if batch.len() == BATCH {
            import.stage(&batch).await?;
            batch.clear();
            bar.set_position(people.position());
        }
    }
    import.stage(&batch).await?;
    bar.finish_and_clear();
    bad_rows.map_or(Ok(()), Write::flush)?;
    Ok(())
}

/// A bar on standard error; none where that is no terminal.
fn reading(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("Reading {bar:40} {bytes}/{total_bytes}, {eta} left");
    ProgressBar::new(bytes).with_style(style.expect("the template is one of indicatif's"))
}

fn working(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

impl Report {
    fn add(&mut self, bad: Bad) {
        self.bad += 1;
        if self.bad_rows.len() < MOST_SHOWN {
            self.bad_rows.push(bad);
        }
    }

    fn is_refused(&self, args: &Args) -> bool {
        args.strict && self.bad > 0
    }

    fn print(&self, args: &Args, context: &Context) -> anyhow::Result<()> {
        if args.form.json {
            return Ok(context.output.json(self)?);
        }
        for bad in &self.bad_rows {
            context.output.line(format_args!("line {}: {}", bad.line, bad.reason))?;
        }
        if self.bad > self.bad_rows.len() as u64 {
            let more = self.bad - self.bad_rows.len() as u64;
            context.output.line(format_args!("and {more} more bad rows: --bad-rows FILE writes them all"))?;
        }
        if self.bad > 0 {
            context.output.line("")?;
        }
        let verb = if args.dry_run || self.is_refused(args) { "would be" } else { "were" };
        context.output.line(format_args!("{}: {}", self.file.display(), self.format))?;
        context.output.line(format_args!("Of {} rows, for {}:", self.rows, self.newsletter))?;
        for (count, what) in self.counts(verb) {
            context.output.line(format_args!("{count:>10}  {what}"))?;
        }
        Ok(())
    }

    /// What is never zero in a good import comes first; what is zero is left out.
    fn counts(&self, verb: &str) -> Vec<(u64, String)> {
        let imported = &self.imported;
        let counts = [
            (imported.new, format!("{verb} imported as new subscribers")),
            (imported.added, format!("subscribers of other newsletters {verb} added")),
            (imported.confirmed, format!("who had asked for it {verb} confirmed")),
            (imported.already_active, "have it already".to_owned()),
            (imported.left_before, "have left it before and stay out".to_owned()),
            (imported.suppressed, "are suppressed and stay out".to_owned()),
            (imported.repeated, "rows repeat an address of another row".to_owned()),
            (self.left_elsewhere, "are not active according to the file and stay out".to_owned()),
            (self.roles, "have an address of a function, such as info@, and not of a person".to_owned()),
            (self.bad, "are bad and were left out".to_owned()),
        ];
        counts
            .into_iter()
            .enumerate()
            .filter(|(index, (count, _))| *index == 0 || *count > 0)
            .map(|(_, count)| count)
            .collect()
    }
}
