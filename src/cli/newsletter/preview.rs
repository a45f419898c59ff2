//! The next edition as things stand.

use std::path::PathBuf;

use anyhow::Context as _;

use super::super::Context;
use crate::daemon::settings;
use crate::jobs::mailing;
use crate::jobs::publisher::{Purpose, compose, standing};

/// Arguments of `courant newsletter preview`.
#[derive(clap::Args)]
pub struct Args {
    /// The newsletter's slug
    newsletter: String,
    /// What to show
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write it into this file instead of printing it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// The digest as a web page
    Html,
    /// The digest as text
    Text,
    /// The whole mail, headers and all
    Eml,
}

pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (config, store) = context.store().await?;
    let settings = settings(&config);
    let newsletter = super::named(&settings, &args.newsletter)?;
    let now = context.clock.now();
    let standing = standing(&store, newsletter, now).await?;
    let tick = newsletter.schedule.next_after(standing.last_tick.max(now)).unwrap_or(now);
    let draft = compose(&store, &settings, newsletter, standing, tick, Purpose::Preview).await?;
    if draft.articles.is_empty() {
        anyhow::bail!("nothing to preview: no article is new to {:?}", args.newsletter);
    }
    let letter = &draft.letter;
    let document = match args.format {
        Format::Html => mailing::without_reader(&letter.html).into_bytes(),
        Format::Text => mailing::without_reader(&letter.text).into_bytes(),
        Format::Eml => mailing::sample(&settings, newsletter, letter, tick)?,
    };
    match &args.output {
        None => context.output.document(&document)?,
        Some(path) => {
            std::fs::write(path, &document).with_context(|| format!("cannot write {}", path.display()))?;
            context.output.line(format!("wrote {} bytes to {}", document.len(), path.display()))?;
        }
    }
    Ok(())
}
