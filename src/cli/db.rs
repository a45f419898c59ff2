//! `courant db`: the database as a file: backed up, checked, put back, compacted.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{AlreadyReported, Context, Form};
use crate::store::{self, BackUp, Carried, CarriedOver, Finding, Restored, Stopped};

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
    /// Put a backup in the database's place, without mailing anybody twice; the daemon must be stopped
    Restore {
        /// The backup; it stays where it is
        file: PathBuf,
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
        Command::Restore { file, form } => restore(&database, file, *form, context).await,
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
        "The file is damaged: stop the daemon, see to the disk, and put a backup back with `courant db restore`"
    } else {
        "This should never be: please report it. If it began with an accident of the disk, a backup from before it \
         can be put back with `courant db restore`"
    }
}

async fn restore(database: &Path, file: &Path, form: Form, context: &Context) -> anyhow::Result<()> {
    let restored = store::restore(database, file, context.clock.now()).await.map_err(|error| match error {
        store::Error::InUse(_) => anyhow::anyhow!(
            "a Courant daemon is running on {}: stop it, run this again, and start it after that. A daemon would go \
             on writing into the file that is moved aside",
            database.display()
        ),
        error => anyhow::Error::from(error).context(format!("{} stays as it was", database.display())),
    })?;
    if form.json {
        return Ok(context.output.json(&restored)?);
    }
    tell(&restored, database, file).iter().try_for_each(|line| context.output.line(line))?;
    Ok(())
}

fn tell(restored: &Restored, database: &Path, file: &Path) -> Vec<String> {
    let contents = restored.contents;
    let mut lines = vec![format!(
        "{} is what {} held: {}, {}, {}.",
        database.display(),
        file.display(),
        count(contents.subscribers, "subscriber"),
        count(contents.editions, "edition"),
        count(contents.articles, "article")
    )];
    if let Some(before) = &restored.before {
        lines.push(format!("The database that was there before is {}.", before.display()));
    }
    lines.extend(tell_carried(&restored.carried));
    lines.extend(tell_stopped(restored.stopped));
    lines.push(
        "Ticks up to now are missed; the next ones go out as planned: `courant plan` shows them.".to_owned(),
    );
    lines.push("When all of this is as it should be, start the daemon: `courant run`.".to_owned());
    lines
}

fn tell_carried(carried: &CarriedOver) -> Vec<String> {
    match carried {
        CarriedOver::Nothing => Vec::new(),
        CarriedOver::Read(carried) => tell_read(carried),
        CarriedOver::OtherKey { protected } => vec![format!(
            "NOT carried over: the database before it is another installation's, with another key, and knew {protected} \
             suppressions and ended subscriptions. If its readers are the same, name it in the [database] url of a \
             configuration of its own, see `courant suppression list` and `courant subscriber list --state ended` with \
             that, and add them here with `courant suppression add` before you start the daemon."
        )],
        CarriedOver::Unreadable { why } => vec![format!(
            "NOT carried over: the database before it cannot be read ({why}). Who left or was suppressed since the \
             backup is mailed again, and articles that went out since may go out again. Add who you know of with \
             `courant suppression add` before you start the daemon."
        )],
    }
}

fn tell_read(carried: &Carried) -> Vec<String> {
    let mut lines = vec![
        "Carried over from it, so that nobody gets what they must not get or had already:".to_owned(),
        format!("  {:>8}  addresses that are never mailed", carried.suppressions),
        format!("  {:>8}  subscriptions that had ended", carried.farewells),
        format!("  {:>8}  subscribers who had asked to be forgotten", carried.forgotten),
        format!("  {:>8}  deliveries that had been made or had ended", carried.deliveries),
        format!("  {:>8}  articles that had gone out", carried.articles),
    ];
    if !carried.lost.is_empty() {
        lines.push(format!(
            "NOT carried over, because it cannot be read: {}. Add who must not be mailed with `courant suppression \
             add` before you start the daemon.",
            carried.lost.join("; ")
        ));
    }
    lines
}

fn tell_stopped(stopped: Stopped) -> Vec<String> {
    let mut lines = Vec::new();
    if stopped.editions > 0 {
        lines.push(format!(
            "Editions that were being sent are paused: {}. See which with `courant edition list`, find out whether they \
             went out, then `courant edition resume` or `courant edition cancel` them.",
            stopped.editions
        ));
    }
    if stopped.confirmations > 0 {
        lines.push(format!(
            "Mails that ask for a confirmation and waited are dropped: {}. Their readers can subscribe again.",
            stopped.confirmations
        ));
    }
    lines
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

/// `1 edition`, `2 editions`.
fn count(number: i64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
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
