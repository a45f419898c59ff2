//! `courant report ingest`: what comes back, from a mail server's pipe or from files.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::error::TryAgain;
use crate::cli::{Context, Form};
use crate::jobs::reports::{self, Ingested};
use crate::model::report::{Consequence, ReportKind};

/// Arguments of `courant report ingest`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Mails as files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    form: Form,
}

/// What became of a mail.
#[derive(Serialize)]
struct Line {
    file: String,
    kind: Option<ReportKind>,
    consequence: Option<Consequence>,
    /// `recorded`, `known`, `unsigned` or `nothing`.
    outcome: &'static str,
}

/// Takes mails into account. Whatever fails is for a later try.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let lines = ingest(&args.files, context).await.map_err(|error| error.context(TryAgain))?;
    if args.form.json {
        return Ok(context.output.json(&lines)?);
    }
    lines.iter().try_for_each(|line| Ok(context.output.line(line.describe())?))
}

async fn ingest(files: &[PathBuf], context: &Context) -> anyhow::Result<Vec<Line>> {
    let (_, store) = context.store().await?;
    let mut lines = Vec::new();
    for path in files {
        let ingested = reports::ingest(&store, &super::bytes(path)?, context.clock.now()).await?;
        lines.push(Line::of(path, ingested));
    }
    store.close().await;
    Ok(lines)
}

impl Line {
    fn of(path: &Path, ingested: Ingested) -> Self {
        let (kind, consequence, outcome) = match ingested {
            Ingested::Recorded(kind, consequence) => (Some(kind), Some(consequence), "recorded"),
            Ingested::Known => (None, None, "known"),
            Ingested::Unsigned => (None, None, "unsigned"),
            Ingested::Nothing => (None, None, "nothing"),
        };
        Self { file: path.display().to_string(), kind, consequence, outcome }
    }

    fn describe(&self) -> String {
        let said = match (self.kind, self.consequence, self.outcome) {
            (Some(kind), Some(consequence), _) => {
                format!("{}; what followed: {}", kind.describe(), consequence.describe())
            }
            (_, _, "known") => {
                "taken into account before, or about no delivery: nothing has changed".to_owned()
            }
            (_, _, "unsigned") => "it names no delivery of ours: ignored".to_owned(),
            _ => "nothing to us: ignored".to_owned(),
        };
        format!("{}: {said}", self.file)
    }
}
