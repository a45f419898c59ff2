//! `courant source import` and `courant source export`: lists of feeds as other readers write and read them (OPML).

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;
use url::Url;

use super::block::{self, Block, Names};
use crate::cli::{Context, Form};
use crate::config::{Config, SourceKind};
use crate::daemon::settings;
use crate::render::sources::{ListedFeed, opml};
use crate::source::{FeedList, Kind, read_feed_list, same_feed};

/// The largest list that is read, in bytes.
const MAX_FILE: u64 = 10 * 1024 * 1024;

/// Arguments of `courant source import`.
#[derive(clap::Args)]
pub(super) struct ImportArgs {
    /// The list, or - for standard input
    file: PathBuf,
    /// Add the feeds to the configuration file; without this they are printed only
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    form: Form,
}

/// Arguments of `courant source export`.
#[derive(clap::Args)]
pub(super) struct ExportArgs {
    /// Write it into this file; without this it is printed
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What became of a list, for programs.
#[derive(Serialize)]
struct Imported {
    sources: Vec<Taken>,
    left_out: Vec<LeftOut>,
    is_written: bool,
}

#[derive(Serialize)]
struct Taken {
    name: String,
    url: String,
    tags: Vec<String>,
}

#[derive(Serialize)]
struct LeftOut {
    line: usize,
    why: String,
}

/// Runs `courant source import`.
pub(super) fn import(args: &ImportArgs, context: &Context) -> anyhow::Result<()> {
    let config = if args.write { Some(context.config()?) } else { context.config().ok() };
    let bytes = read(&args.file)?;
    let list = read_feed_list(&bytes).with_context(|| {
        format!("{} is no OPML: export the list from your reader of feeds again", args.file.display())
    })?;
    let (blocks, left_out) = sort(list, config.as_ref());
    if args.write && !blocks.is_empty() {
        block::append(context.config_path(), &blocks)?;
    }
    if args.form.json {
        let taken = |block: Block| Taken { name: block.name, url: block.url, tags: block.tags };
        let sources = blocks.into_iter().map(taken).collect();
        return Ok(context.output.json(&Imported { sources, left_out, is_written: args.write })?);
    }
    tell(args, &blocks, &left_out, context)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(MAX_FILE + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
    };
    let length = read.with_context(|| format!("{} cannot be read", path.display()))?;
    anyhow::ensure!(
        length as u64 <= MAX_FILE,
        "{} is larger than {} MB and was not read: is it a list of feeds?",
        path.display(),
        MAX_FILE / 1024 / 1024
    );
    Ok(bytes)
}

/// What becomes a source, and what does not: why, by its line.
fn sort(list: FeedList, config: Option<&Config>) -> (Vec<Block>, Vec<LeftOut>) {
    let known: Vec<(&str, &Url)> = config
        .into_iter()
        .flat_map(|config| &config.sources)
        .filter_map(|source| match &source.kind {
            SourceKind::Feed { url, .. } => Some((source.name.as_str(), url)),
            _ => None,
        })
        .collect();
    let taken = config.into_iter().flat_map(|config| &config.sources).map(|source| source.name.as_str());
    let (mut names, mut blocks) = (Names::of(taken), Vec::new());
    let mut left_out: Vec<LeftOut> =
        list.broken.into_iter().map(|(line, why)| LeftOut { line, why }).collect();
    left_out.extend(
        list.repeated
            .into_iter()
            .map(|(line, first)| LeftOut { line, why: format!("the same feed as on line {first}") }),
    );
    for feed in list.feeds {
        if let Some((name, _)) = known.iter().find(|(_, url)| same_feed(url.as_str(), &feed.url)) {
            let why = format!("it is the source {name:?} of the configuration already");
            left_out.push(LeftOut { line: feed.line, why });
            continue;
        }
        let host = Url::parse(&feed.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_default();
        let name = names.claim(&[&feed.title, host.trim_start_matches("www.")]);
        let tags = feed.tags.iter().filter_map(|tag| block::tag(tag)).collect();
        blocks.push(Block { name, url: feed.url, tags, allow_private: false });
    }
    left_out.sort_by_key(|left_out| left_out.line);
    (blocks, left_out)
}

fn tell(args: &ImportArgs, blocks: &[Block], left_out: &[LeftOut], context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    let mut mark = "";
    if !args.write {
        mark = "# "; // what is printed can be pasted as it is
        for block in blocks {
            output.document(format!("{block}\n").as_bytes())?;
        }
    }
    let done = if args.write { "added to the configuration" } else { "to be added, or let --write do so" };
    let noun = if blocks.len() == 1 { "source" } else { "sources" };
    output.line(format_args!("{mark}{} {noun} {done}; {} left out", blocks.len(), left_out.len()))?;
    left_out
        .iter()
        .try_for_each(|LeftOut { line, why }| output.line(format_args!("{mark}line {line}: {why}")))?;
    Ok(())
}

/// Runs `courant source export`.
pub(super) fn export(args: &ExportArgs, context: &Context) -> anyhow::Result<()> {
    let settings = settings(&context.config()?);
    let feeds: Vec<ListedFeed> = settings
        .sources
        .iter()
        .filter_map(|scheduled| {
            let Kind::Feed(feed) = &scheduled.source.kind else { return None };
            let (name, tags) = (scheduled.source.name.clone(), scheduled.source.tags.clone());
            Some(ListedFeed { name, url: feed.url.clone(), tags })
        })
        .collect();
    let title = format!("What {} reads", settings.publication.title);
    let list = opml(&title, &feeds, context.clock.now())?;
    let Some(path) = &args.output else { return Ok(context.output.document(list.as_bytes())?) };
    fs::write(path, list).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(context.output.line(format_args!("{}: {} feeds", path.display(), feeds.len()))?)
}
