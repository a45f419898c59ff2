//! `courant schedule`: what a crontab line means, before a newsletter goes out by it.

use std::io::Read;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::ticks::{TickRow, upcoming};
use super::{AlreadyReported, Context, Form, Output, Row, WrongUse};
use crate::config::zones::Zones;
use crate::model::schedule::{InvalidCronLine, Schedule, Warning};
use crate::model::time::Timestamp;

/// How much is read from standard input, in bytes.
const MAX_INPUT: u64 = 16 << 20;

#[derive(clap::Args)]
pub(super) struct Args {
    /// A crontab line, such as '0 7 * * MON-FRI'; "-" reads lines from standard input, one each
    line: String,
    /// The zone whose clocks the line is read on, such as Europe/Brussels
    #[arg(long, short, default_value = "UTC")]
    zone: String,
    /// How many ticks to print
    #[arg(short = 'n', long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
    /// Print the ticks after this moment, such as 2026-03-28T00:00:00Z, instead of those after now
    #[arg(long, value_name = "MOMENT")]
    after: Option<Timestamp>,
    #[command(flatten)]
    form: Form,
}

pub(super) fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let zones = Zones::load();
    let zone = zones.zone(&args.zone).map_err(|error| WrongUse(error.to_string()))?;
    let after = args.after.unwrap_or_else(|| context.clock.now());
    let question = Question { zone, zone_data: zones.to_string(), after, count: args.count.into() };
    if args.line == "-" {
        return question.answer_all(&read_input()?, args.form, &context.output);
    }
    let wrong = |error| WrongUse(format!("{:?} is not a crontab line: {error}", args.line));
    let answer = question.answer(&args.line).map_err(wrong)?;
    if args.form.json { Ok(context.output.json(&answer)?) } else { answer.print(&context.output) }
}

fn read_input() -> anyhow::Result<String> {
    let mut input = String::new();
    let read = std::io::stdin().lock().take(MAX_INPUT + 1).read_to_string(&mut input);
    let length = read.context("cannot read lines from standard input")?;
    anyhow::ensure!(length as u64 <= MAX_INPUT, "standard input is longer than {} MiB", MAX_INPUT >> 20);
    Ok(input)
}

/// What is asked of a line.
struct Question {
    zone: TimeZone,
    zone_data: String,
    after: Timestamp,
    count: usize,
}

/// What is to be said of a line.
#[derive(Serialize)]
struct Answer {
    line: String,
    zone: String,
    zone_data: String,
    words: String,
    warnings: Vec<Surprise>,
    after: Timestamp,
    ticks: Vec<TickRow>,
}

#[derive(Serialize)]
struct Surprise {
    kind: &'static str,
    message: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Verdict {
    Line(Answer),
    Refused { line: String, error: String },
}

impl Question {
    fn answer(&self, line: &str) -> Result<Answer, InvalidCronLine> {
        let schedule = Schedule::new(line.parse()?, self.zone.clone());
        let surprise = |warning: &Warning| Surprise { kind: warning.kind(), message: warning.to_string() };
        Ok(Answer {
            line: schedule.line().to_string(),
            zone: self.zone.iana_name().unwrap_or("UTC").to_owned(),
            zone_data: self.zone_data.clone(),
            words: schedule.line().describe(),
            warnings: schedule.warnings(self.after).iter().map(surprise).collect(),
            after: self.after,
            ticks: upcoming(&schedule, self.after, self.count),
        })
    }

    /// Answers each line that is not empty and not a comment; fails if one of them is not a crontab line.
    fn answer_all(&self, input: &str, form: Form, output: &Output) -> anyhow::Result<()> {
        let lines = input.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let verdicts: Vec<Verdict> = lines.map(|line| self.verdict(line)).collect();
        if form.json {
            output.json(&verdicts)?;
        } else {
            verdicts.iter().try_for_each(|verdict| verdict.print(output))?;
        }
        let is_refused = |verdict: &Verdict| matches!(verdict, Verdict::Refused { .. });
        if verdicts.iter().any(is_refused) { Err(AlreadyReported.into()) } else { Ok(()) }
    }

    fn verdict(&self, line: &str) -> Verdict {
        match self.answer(line) {
            Ok(answer) => Verdict::Line(answer),
            Err(error) => Verdict::Refused { line: line.to_owned(), error: error.to_string() },
        }
    }
}

impl Verdict {
    fn print(&self, output: &Output) -> anyhow::Result<()> {
        match self {
            Self::Line(answer) => {
                output.line(&answer.line)?;
                answer.print(output)?;
            }
            Self::Refused { line, error } => output.line(format_args!("{line}\nerror: {error}"))?,
        }
        Ok(output.line("")?)
    }
}

impl Answer {
    fn print(&self, output: &Output) -> anyhow::Result<()> {
        output.line(&self.words)?;
        output.line(format_args!("On the clocks of {}, by time zone data {}.", self.zone, self.zone_data))?;
        for warning in &self.warnings {
            output.line(format_args!("warning: {}", warning.message))?;
        }
        output.line("")?;
        if self.ticks.is_empty() {
            return Ok(output.line("No more ticks.")?);
        }
        Ok(output.table(TickRow::COLUMNS, self.ticks.iter().map(Row::cells))?)
    }
}
