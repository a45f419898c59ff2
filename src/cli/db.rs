//! `courant db`: the database as a file: backed up, checked, compacted.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{AlreadyReported, Context, Form};
use crate::store::{self, BackUp, Finding};

/// Arguments of `courant db`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Copy the database as it is now into a new file, and check the copy; a daemon may run
    Backup {
        /// The new file; without one it lies beside the database, with the time in its name
        file: Option<PathBuf>,
        #[command(flatten)]
        form: Form,
    },
    /// Look for damage, and for rows that contradict each other; a daemon may run
    Check {
        #[command(flatten)]
        form: Form,
    },
    /// Give the room of what was deleted back to the disk; the daemon must be stopped
    Compact {
        #[command(flatten)]
        form: Form,
    },
}

/// Runs `courant db …`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let database = context.config()?.database;
    match &args.command {
        Command::Backup { file, form } => back_up(&database, file.as_deref(), *form, context).await,
        Command::Check { form } => check(&database, *form, context).await,
        Command::Compact { form } => compact(&database, *form, context).await,
    }
}

async fn back_up(database: &Path, file: Option<&Path>, form: Form, context: &Context) -> anyhow::Result<()> {
    let backup = store::back_up(database, file, context.clock.now()).await?;
    if form.json {
        return Ok(context.output.json(&backup)?);
    }
    let BackUp { path, bytes, contents } = backup;
    Ok(context.output.facts(&[
        ("backup", path.display().to_string()),
        ("size", size(bytes)),
        ("subscribers", contents.subscribers.to_string()),
        ("editions", contents.editions.to_string()),
        ("articles", contents.articles.to_string()),
    ])?)
}

#[derive(Serialize)]
struct Checked<'a> {
    database: &'a Path,
    findings: Vec<Finding>,
}

async fn check(database: &Path, form: Form, context: &Context) -> anyhow::Result<()> {
    let findings = store::check(database).await?;
    let is_sound = findings.is_empty();
    let output = &context.output;
    if form.json {
        output.json(&Checked { database, findings })?;
    } else if is_sound {
        output.line(format!(
            "{} is sound: nothing is damaged, nothing contradicts itself",
            database.display()
        ))?;
    } else {
        for finding in &findings {
            output.line(format!("{}: {}", finding.rule, finding.detail))?;
        }
        output.line(advice(&findings))?;
    }
    if is_sound { Ok(()) } else { Err(AlreadyReported.into()) }
}

fn advice(findings: &[Finding]) -> &'static str {
    if findings.iter().any(|finding| finding.rule == "damage") {
        "The file is damaged: stop the daemon, see to the disk, and put a backup in its place"
    } else {
        "This should never be: please report it. If it began with an accident of the disk, a backup from before it \
         can be put in its place"
    }
}

async fn compact(database: &Path, form: Form, context: &Context) -> anyhow::Result<()> {
    let compacted = store::compact(database).await.map_err(|error| match error {
        store::Error::InUse(_) => anyhow::anyhow!(
            "a Courant daemon is running on {}: stop it first. Compacting needs the file alone, and up to twice its \
             size free on the disk",
            database.display()
        ),
        error => error.into(),
    })?;
    if form.json {
        return Ok(context.output.json(&compacted)?);
    }
    let (before, after) = (size(compacted.before), size(compacted.after));
    Ok(context.output.line(format!("{} had {before} and has {after}", database.display()))?)
}

/// `1.4 MB`, `312 kB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes % 1_000_000_000 / 100_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_in_its_largest_unit() {
        for (bytes, expected) in
            [(0, "0 kB"), (1, "1 kB"), (311_296, "312 kB"), (1_449_999, "1.4 MB"), (2_050_000_000, "2.0 GB")]
        {
            assert_eq!(size(bytes), expected);
        }
    }
}
