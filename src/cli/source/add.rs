//! `courant source add`: finds the feeds of a site, and makes one of them a source.

use serde::Serialize;
use url::Url;

use super::ABOUT;
use super::block::{self, Block, Names};
use crate::cli::{AlreadyReported, Context, Form, WrongUse};
use crate::config::{Config, SourceKind};
use crate::model::time::Timestamp;
use crate::source::{Fetcher, Findings, FoundFeed, find_feeds};

/// How many of the addresses that were tried are told.
const SHOWN: usize = 12;

/// Arguments of `courant source add`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The address of a feed, or of any page of its site
    url: String,
    /// Add it to the configuration file; without this it is printed only
    #[arg(long)]
    write: bool,
    /// Which of several feeds, by its number in the list
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pick: usize,
    /// The source's name; without this it is made of the feed's title
    #[arg(long)]
    name: Option<String>,
    /// A tag that each of its articles gets; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Ask an address of the local network too
    #[arg(long)]
    allow_private: bool,
    #[command(flatten)]
    form: Form,
}

/// What was found, for programs.
#[derive(Serialize)]
struct Added<'a> {
    feeds: Vec<Feed<'a>>,
    /// Where was looked in vain.
    tried: &'a [String],
    /// The name of the source, and its table in the configuration.
    name: Option<&'a str>,
    block: Option<String>,
    is_written: bool,
}

#[derive(Serialize)]
struct Feed<'a> {
    url: &'a str,
    title: Option<&'a str>,
    articles: usize,
    newest: Option<Timestamp>,
}

/// Runs `courant source add`.
pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    // What is printed only needs no configuration: this may be the first thing that somebody tries.
    let config = if args.write { Some(context.config()?) } else { context.config().ok() };
    let contact = config.as_ref().map_or(ABOUT, |config| config.publication.base_url.as_str());
    let fetcher = Fetcher::new(contact);
    let findings = find_feeds(&fetcher, &args.url, args.allow_private, context.clock.now()).await;
    let findings = findings.map_err(|error| WrongUse(error.to_string()))?;
    if findings.feeds.is_empty() {
        return nothing(args, &findings, context);
    }
    let feed =
        args.pick.checked_sub(1).and_then(|index| findings.feeds.get(index)).ok_or_else(|| {
            WrongUse(format!("--pick {}: there are {} feeds", args.pick, findings.feeds.len()))
        })?;
    if let Some(known) = config.as_ref().and_then(|config| name_of(&feed.url, config)) {
        anyhow::bail!("{} is the source {known:?} of the configuration already", feed.url);
    }
    let block = block_of(feed, args, config.as_ref())?;
    if args.write {
        block::append(context.config_path(), std::slice::from_ref(&block))?;
    }
    tell(args, &findings, &block, context)
}

/// The source of the configuration that has this address.
fn name_of<'c>(url: &str, config: &'c Config) -> Option<&'c str> {
    let url = Url::parse(url).ok()?;
    let is_there = |kind: &SourceKind| matches!(kind, SourceKind::Feed { url: known, .. } if *known == url);
    config.sources.iter().find(|source| is_there(&source.kind)).map(|source| source.name.as_str())
}

fn block_of(feed: &FoundFeed, args: &Args, config: Option<&Config>) -> anyhow::Result<Block> {
    let taken = config.into_iter().flat_map(|config| &config.sources).map(|source| source.name.as_str());
    let url = Url::parse(&feed.url)?;
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let name = match &args.name {
        Some(name) => name.clone(),
        None => Names::of(taken).claim(&[feed.title.as_deref().unwrap_or_default(), &host]),
    };
    let tags = args.tags.iter().filter_map(|tag| block::tag(tag)).collect();
    Ok(Block { name, url: feed.url.clone(), tags, allow_private: args.allow_private })
}

fn nothing(args: &Args, findings: &Findings, context: &Context) -> anyhow::Result<()> {
    if args.form.json {
        print_json(findings, None, false, context)?;
        return Err(AlreadyReported.into());
    }
    let mut lines: Vec<&str> = findings.tried.iter().take(SHOWN).map(String::as_str).collect();
    let more = findings.tried.len().saturating_sub(SHOWN);
    let rest = format!("and {more} more");
    lines.extend((more > 0).then_some(rest.as_str()));
    anyhow::bail!(
        "no feed was found at {}. Look for a link to RSS or Atom on the site, and try its address. What was tried:\n  {}",
        args.url,
        lines.join("\n  ")
    )
}

fn tell(args: &Args, findings: &Findings, block: &Block, context: &Context) -> anyhow::Result<()> {
    if args.form.json {
        return print_json(findings, Some(block), args.write, context);
    }
    let output = &context.output;
    if findings.feeds.len() > 1 {
        let rows = findings.feeds.iter().zip(1..).map(|(feed, number)| row(feed, number, context));
        output.table(&["", "ARTICLES", "NEWEST", "TITLE", "ADDRESS"], rows)?;
        output.line(format_args!("\nThis is number {}; --pick takes another one.\n", args.pick))?;
    } else {
        let articles = findings.feeds[0].articles;
        let noun = if articles == 1 { "article" } else { "articles" };
        output.line(format_args!("{}: {articles} {noun}\n", findings.feeds[0].url))?;
    }
    if args.write {
        output.line(format_args!("Added to {} as {:?}:\n", context.config_path().display(), block.name))?;
    } else {
        output.line(format_args!(
            "Put this into {}, or let --write do so:\n",
            context.config_path().display()
        ))?;
    }
    Ok(output.document(block.to_string().as_bytes())?)
}

fn row(feed: &FoundFeed, number: usize, context: &Context) -> Vec<String> {
    let ago =
        |at: Timestamp| format!("{} ago", crate::cli::moment::span(context.clock.now().since(at).as_secs()));
    vec![
        number.to_string(),
        feed.articles.to_string(),
        feed.newest.map_or_else(|| "undated".to_owned(), ago),
        feed.title.clone().unwrap_or_default(),
        feed.url.clone(),
    ]
}

fn print_json(
    findings: &Findings,
    block: Option<&Block>,
    is_written: bool,
    context: &Context,
) -> anyhow::Result<()> {
    let feeds = findings.feeds.iter().map(|feed| Feed {
        url: &feed.url,
        title: feed.title.as_deref(),
        articles: feed.articles,
        newest: feed.newest,
    });
    Ok(context.output.json(&Added {
        feeds: feeds.collect(),
        tried: &findings.tried,
        name: block.map(|block| block.name.as_str()),
        block: block.map(ToString::to_string),
        is_written,
    })?)
}
