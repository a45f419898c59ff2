//! `courant report classify`: what mails are to us.

use std::path::PathBuf;

use serde::Serialize;

use crate::cli::{Context, Form, Row};
use crate::mail::report::{self, Bounce, Report};

/// Arguments of `courant report classify`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Mails as files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    form: Form,
}

/// What a mail is; a bounce has a line for each recipient.
#[derive(Debug, Default, Serialize)]
struct Line {
    file: String,
    kind: &'static str,
    class: Option<&'static str>,
    recipient: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    is_delay: bool,
    diagnostic: Option<String>,
}

impl Row for Line {
    const COLUMNS: &[&str] = &["FILE", "KIND", "CLASS", "RECIPIENT", "STATUS", "REASON"];

    fn cells(&self) -> Vec<String> {
        let or_dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
        vec![
            self.file.clone(),
            self.kind.to_owned(),
            or_dash(self.class),
            or_dash(self.recipient.as_deref()),
            or_dash(self.status.as_deref()),
            or_dash(self.reason.as_deref()),
        ]
    }
}

impl Line {
    fn of_bounce(file: &str, bounce: Bounce) -> Self {
        Self {
            file: file.to_owned(),
            kind: "bounce",
            class: Some(bounce.class().as_str()),
            status: bounce.status.map(|status| status.to_string()),
            reason: Some(bounce.reason.as_str().to_owned()),
            is_delay: bounce.is_delay,
            diagnostic: Some(bounce.diagnostic),
            recipient: bounce.recipient,
        }
    }
}

/// Prints what each file is.
pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for path in &args.files {
        let report = report::read(&super::bytes(path)?).report;
        lines.extend(lines_of(&path.display().to_string(), report));
    }
    Ok(context.output.list(args.form, &lines, "There is nothing to judge.")?)
}

fn lines_of(file: &str, report: Report) -> Vec<Line> {
    let line = |kind| Line { file: file.to_owned(), kind, ..Line::default() };
    match report {
        Report::Bounce(bounces) => bounces.into_iter().map(|bounce| Line::of_bounce(file, bounce)).collect(),
        Report::Complaint { recipient, kind } => {
            vec![Line { recipient, reason: Some(kind), ..line("complaint") }]
        }
        Report::AutoReply => vec![line("auto_reply")],
        Report::Unsubscribe => vec![line("unsubscribe")],
        Report::Nothing => vec![line("nothing")],
    }
}
