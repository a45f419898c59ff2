//! `courant article separate`: two articles that were taken for one story, and are two.

use crate::cli::Context;
use crate::model::article::Article;
use crate::store::Store;

/// Makes an article a story of its own.
pub async fn run(store: &Store, article: &Article, context: &Context) -> anyhow::Result<()> {
    let (id, title) = (article.id, &article.content.title);
    if store.separate_article(id).await? {
        return Ok(context.output.line(format!(
            "Separated: article {id}, {title:?}. Newsletters in which it has not appeared consider it as new."
        ))?);
    }
    let twins = store.twins(&[id]).await?;
    let Some(twin) = twins.first() else {
        return Ok(context
            .output
            .line(format!("Article {id}, {title:?}, tells a story of its own already"))?);
    };
    anyhow::bail!(
        "article {id} is the one that others were found to be like: separate those, with `courant article separate {}`",
        twin.id
    )
}
