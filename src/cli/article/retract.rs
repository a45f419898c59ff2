//! Articles that the publication takes back, and those that it shows again.

use serde::Serialize;

use crate::cli::{Context, Form};
use crate::model::article::{Article, ArticleId};
use crate::store::{Holding, Store};

/// What became of an article, for programs.
#[derive(Serialize)]
struct Outcome {
    article: ArticleId,
    title: String,
    /// Whether that is new.
    changed: bool,
    /// The editions in which it went out.
    editions: Vec<Holding>,
}

/// Runs `courant article retract`.
pub async fn retract(store: &Store, article: &Article, form: Form, context: &Context) -> anyhow::Result<()> {
    let changed = store.retract_article(article.id, context.clock.now()).await?;
    let outcome = Outcome::of(store, article, changed).await?;
    if form.json {
        return Ok(context.output.json(&outcome)?);
    }
    let Outcome { article: id, title, editions, .. } = &outcome;
    let output = &context.output;
    if changed {
        output.line(format_args!("Retracted: article {id}, {title:?}"))?;
        output.line("No page, feed or sitemap shows it any more, and no edition that is still to come.")?;
    } else {
        output.line(format_args!("Article {id}, {title:?}, was retracted before"))?;
    }
    for holding in editions {
        let (edition, unsent) = (holding.name(), holding.unsent);
        output.line(format_args!("It went out in {edition}, whose mails stay as they are."))?;
        if unsent > 0 {
            output.line(format_args!(
                "    {unsent} of them have not been sent: `courant edition cancel {edition}` stops them"
            ))?;
        }
    }
    Ok(())
}

/// Runs `courant article reinstate`.
pub async fn reinstate(
    store: &Store,
    article: &Article,
    form: Form,
    context: &Context,
) -> anyhow::Result<()> {
    let changed = store.reinstate_article(article.id, context.clock.now()).await?;
    let outcome = Outcome::of(store, article, changed).await?;
    if form.json {
        return Ok(context.output.json(&outcome)?);
    }
    let Outcome { article: id, title, .. } = &outcome;
    Ok(context.output.line(if changed {
        format!("Shown again: article {id}, {title:?}. Newsletters in which it has not appeared consider it as new.")
    } else {
        format!("Article {id}, {title:?}, is not retracted")
    })?)
}

/// Says of an article that it is retracted, if it is.
pub fn tell(article: &Article, context: &Context) -> std::io::Result<()> {
    match article.retracted_at {
        Some(at) => context.output.line(format_args!("Retracted {at}: readers are shown nothing of it")),
        None => Ok(()),
    }
}

impl Outcome {
    async fn of(store: &Store, article: &Article, changed: bool) -> anyhow::Result<Self> {
        let editions = store.editions_with(article.id).await?;
        Ok(Self { article: article.id, title: article.content.title.clone(), changed, editions })
    }
}
