//! `courant demo`: a made-up publication at work, from its articles to the digests in an inbox.

mod agency;
mod browse;
mod content;
mod finding;
mod press;
mod readers;
mod scene;
mod story;
mod telling;

use std::path::PathBuf;

use super::{AlreadyReported, Context, Output};
use crate::daemon;
use scene::Scene;
use story::Story;

/// Arguments of `courant demo`.
#[derive(clap::Args)]
pub struct Args {
    /// Do all of it once, check that what arrived is what was meant, and end
    #[arg(long)]
    once: bool,
    /// Where to put its files: a directory that is empty or not there yet [default: a new temporary one]
    #[arg(long, value_name = "PATH")]
    dir: Option<PathBuf>,
    /// The site's port; the inbox's pages and its SMTP server have the next two. 0: any that are free [default: 8080]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
}

/// Sets the scene, runs the daemon in it, and lets the story happen beside it.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let now = context.clock.now();
    let directory = args.dir.clone().unwrap_or_else(|| scene::temporary_directory(now));
    let directory = std::path::absolute(directory)?;
    let scene = Scene::set(&directory, args.port, now).await?;
    let outcome = perform(args, &scene, context).await;
    scene.end().await;
    let is_kept = args.dir.is_some() || !args.once || outcome.is_err();
    if is_kept {
        context.output.line(format_args!("\nIts files are in {}", directory.display()))?;
    } else {
        std::fs::remove_dir_all(&directory)?;
    }
    outcome
}

async fn perform(args: &Args, scene: &Scene, context: &Context) -> anyhow::Result<()> {
    let story = Story::new(scene, &context.output, context.clock.clone());
    story.prepare().await?;
    let mut verdict = None;
    let telling = async {
        let told = tell(&story, scene, args.once, &context.output).await;
        let goes_on = !args.once && told.is_ok();
        verdict = Some(told);
        if goes_on {
            std::future::pending::<()>().await;
        }
    };
    daemon::run_until(&scene.press.configuration(), context.clock.clone(), telling).await?;
    match verdict {
        Some(Ok(false)) => Err(AlreadyReported.into()),
        Some(Err(failure)) => Err(failure),
        None if args.once => Err(anyhow::anyhow!("the demo was stopped before it was over")),
        Some(Ok(true)) | None => Ok(()),
    }
}

async fn tell(story: &Story<'_>, scene: &Scene, once: bool, output: &Output) -> anyhow::Result<bool> {
    let findings = story.tell().await?;
    let is_as_meant = story::sum_up(&findings, output)?;
    if !once {
        output.line(where_to_look(scene))?;
    }
    Ok(is_as_meant)
}

fn where_to_look(scene: &Scene) -> String {
    let scene::Scene { places, press, .. } = scene;
    let file = press.configuration();
    let file = file.display();
    format!(
        "\nSite   http://{site}/\n\
         Feeds  http://{site}/feed.rss, feed.atom, feed.json\n\
         Inbox  http://{desk}/\n\
         Relay  smtp://{relay}, which takes mail for anybody\n\n\
         Try    courant --config {file} plan\n\
         \x20      courant --config {file} source list\n\
         \x20      courant --config {file} newsletter preview weekly --format text\n\n\
         Ready: the daemon goes on until Ctrl-C.",
        site = places.site,
        desk = places.desk,
        relay = places.relay,
    )
}
