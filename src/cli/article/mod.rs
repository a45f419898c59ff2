//! `courant article`: what there is to read, and how it came out of what a source gave.

mod explain;
mod history;
mod import;
mod list;
mod retract;
mod separate;
mod show;

use anyhow::Context as _;

use super::{Context, Form};
use crate::model::article::{Article, ArticleId};
use crate::store::Store;

/// Arguments of `courant article`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Take an article from one page or file: HTML, Markdown or plain text, as copied from a browser too
    Import(import::Args),
    /// Show an article, and what was cut from its page by which rule
    Show {
        /// Its id, or its name in addresses
        article: String,
        #[command(flatten)]
        form: Form,
    },
    /// Say for each newsletter in which edition an article went, or why not
    Explain {
        /// Its id, or its name in addresses
        article: String,
        #[command(flatten)]
        form: Form,
    },
    /// List what an article said before it was changed
    History {
        /// Its id, or its name in addresses
        article: String,
        #[command(flatten)]
        form: Form,
    },
    /// Take an article back: pages, feeds and editions to come show nothing of it, and its page says that it is gone
    Retract {
        /// Its id, or its name in addresses
        article: String,
        #[command(flatten)]
        form: Form,
    },
    /// Show a retracted article again
    Reinstate {
        /// Its id, or its name in addresses
        article: String,
        #[command(flatten)]
        form: Form,
    },
    /// Say that an article does not tell the same story as one of another source: newsletters consider it as new
    Separate {
        /// Its id, or its name in addresses
        article: String,
    },
    /// List the latest articles
    List(list::Args),
}

/// Runs `courant article …`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Import(args) => import::run(args, context).await,
        Command::Show { article, form } => {
            let (_, store) = context.store().await?;
            let article = find(&store, article).await?;
            show::run(&store, &article, *form, context).await
        }
        Command::Explain { article, form } => {
            let (config, store) = context.store().await?;
            let article = find(&store, article).await?;
            explain::run((&config, &store), &article, *form, context).await
        }
        Command::History { article, form } => {
            let (_, store) = context.store().await?;
            let article = find(&store, article).await?;
            history::run(&store, &article, *form, context).await
        }
        Command::Retract { article, form } => {
            let (_, store) = context.store().await?;
            let article = find(&store, article).await?;
            retract::retract(&store, &article, *form, context).await
        }
        Command::Reinstate { article, form } => {
            let (_, store) = context.store().await?;
            let article = find(&store, article).await?;
            retract::reinstate(&store, &article, *form, context).await
        }
        Command::Separate { article } => {
            let (_, store) = context.store().await?;
            let article = find(&store, article).await?;
            separate::run(&store, &article, context).await
        }
        Command::List(args) => list::run(args, context).await,
    }
}

async fn find(store: &Store, name: &str) -> anyhow::Result<Article> {
    let found = match name.parse() {
        Ok(id) => store.find_article(ArticleId(id)).await?,
        Err(_) => store.find_article_by_slug(name).await?,
    };
    found.with_context(|| {
        format!("there is no article {name:?}; `courant article list` shows those there are")
    })
}
