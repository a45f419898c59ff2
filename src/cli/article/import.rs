//! `courant article import`: an article from one page or file.

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::show;
use crate::cli::{Context, Form, WrongUse};
use crate::config::Config;
use crate::extract::{self, date};
use crate::model::article::{Article, Content, DateOrigin};
use crate::source::Fetcher;
use crate::source::page::{self, Given};
use crate::store::Saved;

/// The source that imported articles have.
const SOURCE: &str = "import";

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 10 * 1024 * 1024;

/// Arguments of `courant article import`.
#[derive(clap::Args)]
pub struct Args {
    /// A file, an http(s) address, or - for standard input
    #[arg(value_name = "PATH|URL|-")]
    from: String,
    /// Where a file stands on the web: its links are relative to it
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// A tag for it, besides its own; may be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Show what would be made of it, and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Fetch from a private or loopback address too
    #[arg(long)]
    allow_private: bool,
    #[command(flatten)]
    form: Form,
}

/// A page or file, read into memory.
struct Found {
    name: String,
    url: Option<Url>,
    content_type: Option<String>,
    bytes: Vec<u8>,
}

/// What an import did, for programs.
#[derive(Serialize)]
struct Imported<'a> {
    saved: &'static str,
    #[serde(flatten)]
    article: &'a Article,
}

/// Runs `courant article import`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let config = context.config()?;
    let found = find(args, &config, context).await?;
    let made = read(&found, args, &config, context)?;
    if args.dry_run {
        return if args.form.json {
            Ok(context.output.json(&made)?)
        } else {
            show::print_unstored(&made, context)
        };
    }
    store(&found, made, args, context).await
}

async fn find(args: &Args, config: &Config, context: &Context) -> anyhow::Result<Found> {
    let from = args.from.as_str();
    let is_address =
        ["http://", "https://"].iter().any(|scheme| from.to_ascii_lowercase().starts_with(scheme));
    if is_address {
        let fetcher = Fetcher::new(config.publication.base_url.as_str());
        let page = fetcher.page(from, args.allow_private, context.clock.now()).await?;
        let url = args.url.clone().or_else(|| Url::parse(&page.url).ok());
        return Ok(Found { name: page.url, url, content_type: page.content_type, bytes: page.body });
    }
    if from.contains("://") {
        return Err(WrongUse(format!("{from}: only http and https addresses can be fetched")).into());
    }
    let (name, url) = (args.from.clone(), args.url.clone());
    let bytes = tokio::task::spawn_blocking(move || bytes_of(&name)).await??;
    Ok(Found { name: args.from.clone(), url, content_type: None, bytes })
}

fn bytes_of(name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if name == "-" {
        std::io::stdin()
            .lock()
            .take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .context("standard input cannot be read")?;
    } else {
        let file = std::fs::File::open(name).with_context(|| format!("{name} cannot be opened"))?;
        if file.metadata().is_ok_and(|about| about.is_dir()) {
            bail!("{name} is a folder: a [[source]] of kind \"markdown\" reads folders");
        }
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).with_context(|| format!("{name} cannot be read"))?;
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_FILE) {
        bail!("{name} is larger than {} MiB: that is no article", MAX_FILE / 1024 / 1024);
    }
    Ok(bytes)
}

fn read(found: &Found, args: &Args, config: &Config, context: &Context) -> anyhow::Result<Content> {
    let now = context.clock.now();
    let given = Given { name: &found.name, content_type: found.content_type.as_deref(), bytes: &found.bytes };
    let raw = page::read(&given, found.url.as_ref(), now).with_context(|| found.name.clone())?;
    let cleaning = extract::Context { base: found.url.as_ref(), language: &config.publication.language, now };
    let mut made = extract::article(raw, &cleaning).with_context(|| found.name.clone())?;
    if made.url.is_none() {
        made.url = found.url.as_ref().map(|url| extract::without_tracking(url.as_str()));
        date_by_address(&mut made);
    }
    let is_new = |tag: &&String| !made.tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase());
    let more: Vec<String> = args.tag.iter().filter(is_new).cloned().collect();
    made.tags.extend(more);
    Ok(made)
}

fn date_by_address(made: &mut Content) {
    let by_address = made.url.as_deref().and_then(date::in_address);
    if made.published_at.is_none()
        && let Some(moment) = by_address
    {
        made.published_at = Some(moment);
        made.published_at_from = DateOrigin::Url;
    }
}

async fn store(found: &Found, made: Content, args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let id = identity(found, &made);
    let saved = store.save_articles(SOURCE, &[(id.clone(), made)], context.clock.now()).await?;
    let article = store.find_article_of_source(SOURCE, &id).await?.context("the imported article is gone")?;
    let saved = match saved {
        Saved { new: 1.., .. } => "new",
        Saved { changed: 1.., .. } => "changed",
        Saved { .. } => "unchanged",
    };
    if args.form.json {
        return Ok(context.output.json(&Imported { saved, article: &article })?);
    }
    let title = &article.content.title;
    let number = article.id;
    context.output.line(format_args!("{saved}: article {number}, {title:?}"))?;
    Ok(context.output.line(format_args!("`courant article show {number}` shows it, and what was cut"))?)
}

/// What an imported article is called for ever: its address, so that a page and a saved copy of it are one; else
/// its file; else the text itself.
fn identity(found: &Found, made: &Content) -> String {
    let file = || Some(found.name.as_str()).filter(|name| *name != "-").map(absolute);
    let own = || {
        let digest = Sha256::digest(format!("{}\0{}", made.title, made.text).as_bytes());
        digest.iter().fold("text:".to_owned(), |id, byte| format!("{id}{byte:02x}"))
    };
    made.url.clone().or_else(file).unwrap_or_else(own)
}

fn absolute(name: &str) -> String {
    let path = std::fs::canonicalize(name).unwrap_or_else(|_| PathBuf::from(name));
    path.to_string_lossy().into_owned()
}
