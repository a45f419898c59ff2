//! What is wrong with a feed.

use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::super::{AlreadyReported, Context, Form, WrongUse};
use crate::daemon;
use crate::render::feed::check::{Finding, Profile, Severity, check, check_profile};
use crate::render::feed::{Feed, Format};
use crate::source::fetch::Fetcher;
use crate::web::feed::Feeds;

/// A feed larger than this is read by nobody.
const LIMIT: u64 = 50 << 20;

/// Arguments of `courant feed check`.
#[derive(clap::Args)]
pub struct Args {
    /// Files or http(s) addresses, or - for standard input
    #[arg(required_unless_present = "all", value_name = "FILE|URL")]
    feeds: Vec<String>,
    /// Check every feed that this publication serves and all pages of its archive, in each format
    #[arg(long, conflicts_with = "feeds")]
    all: bool,
    /// Check as well what this program asks of a feed
    #[arg(long, value_parser = PossibleValuesParser::new(Profile::ALL.map(|(name, _)| name)))]
    profile: Option<String>,
    #[command(flatten)]
    form: Form,
}

/// A feed, and all that is wrong with it.
#[derive(Serialize)]
struct Checked {
    feed: String,
    findings: Vec<Finding>,
}

/// Runs `courant feed check …`: it fails if a feed is not valid.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let profile = args.profile.as_deref().and_then(Profile::of_name);
    let checked = if args.all {
        check_all(profile, context).await?
    } else {
        check_each(&args.feeds, profile, context).await?
    };
    if args.form.json {
        context.output.json(&checked)?;
    } else {
        print(&checked, context)?;
    }
    let mut findings = checked.iter().flat_map(|own| &own.findings);
    if findings.any(|finding| finding.severity == Severity::Error) {
        return Err(AlreadyReported.into());
    }
    Ok(())
}

async fn check_each(
    feeds: &[String],
    profile: Option<Profile>,
    context: &Context,
) -> anyhow::Result<Vec<Checked>> {
    let mut checked = Vec::new();
    for feed in feeds {
        checked
            .push(Checked { findings: findings(&read(feed, context).await?, profile), feed: feed.clone() });
    }
    Ok(checked)
}

fn findings(document: &[u8], profile: Option<Profile>) -> Vec<Finding> {
    let mut findings = check(document);
    findings.extend(profile.into_iter().flat_map(|profile| check_profile(document, profile)));
    findings
}

async fn read(feed: &str, context: &Context) -> anyhow::Result<Vec<u8>> {
    if feed.starts_with("http://") || feed.starts_with("https://") {
        let page =
            Fetcher::new("https://github.com/courant/courant").page(feed, true, context.clock.now()).await;
        return Ok(page.with_context(|| format!("{feed} cannot be fetched"))?.body);
    }
    let mut bytes = Vec::new();
    if feed == "-" {
        std::io::stdin().take(LIMIT).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(Path::new(feed)).map_err(|error| {
            WrongUse(format!(
                "{feed} cannot be read: {error}. Name a file, or an address that begins with https://"
            ))
        })?;
        file.take(LIMIT).read_to_end(&mut bytes).with_context(|| format!("{feed} cannot be read"))?;
    }
    Ok(bytes)
}

async fn check_all(profile: Option<Profile>, context: &Context) -> anyhow::Result<Vec<Checked>> {
    let (config, store) = context.store().await?;
    let settings = daemon::web_settings(&config);
    let feeds = Feeds::new(&store, &settings);
    let mut checked = Vec::new();
    for which in feeds.all().await? {
        feeds.close_archive(&which).await?;
        let Some(feed) = feeds.compose(&which).await? else { continue };
        // The programs read RSS, and are handed no other address.
        if profile.is_some() {
            checked.push(check_one(&feed, Format::Rss, profile, which.path(Format::Rss)));
            continue;
        }
        let check = |feed: &Feed, path: &dyn Fn(Format) -> String| {
            Format::ALL.map(|format| check_one(feed, format, None, path(format)))
        };
        checked.extend(check(&feed, &|format| which.path(format)));
        let mut number = 1;
        while let Some(page) = feeds.archive_page(&which, number).await? {
            checked.extend(check(&page, &|format| which.archive_path(number, format)));
            number += 1;
        }
    }
    Ok(checked)
}

fn check_one(feed: &Feed, format: Format, profile: Option<Profile>, path: String) -> Checked {
    Checked { feed: path, findings: findings(feed.render(format).as_bytes(), profile) }
}

fn print(checked: &[Checked], context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    for Checked { feed, findings } in checked {
        for Finding { severity, rule, place, why, remedy } in findings {
            output.line(format_args!("{feed}: {severity} [{rule}] {place}: {why}"))?;
            output.line(format_args!("    {remedy}"))?;
        }
    }
    let all = checked.iter().flat_map(|own| &own.findings);
    let (errors, warnings): (Vec<_>, Vec<_>) = all.partition(|finding| finding.severity == Severity::Error);
    let counted = |count: usize, noun| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let (feeds, errors) = (counted(checked.len(), "feed"), counted(errors.len(), "error"));
    Ok(output.line(format_args!("{feeds}: {errors}, {}", counted(warnings.len(), "warning")))?)
}
