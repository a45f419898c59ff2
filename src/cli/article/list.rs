//! `courant article list`.

use serde::Serialize;

use crate::cli::{Context, Form, Row};
use crate::model::article::{Article, ArticleId};
use crate::model::newsletter::Choice;
use crate::model::time::Timestamp;
use crate::store::{Selection, Sight};

/// Arguments of `courant article list`.
#[derive(clap::Args)]
pub struct Args {
    /// Only those with one of these tags
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only those from one of these sources
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// How many
    #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    number: u32,
    #[command(flatten)]
    form: Form,
}

/// An article in a list: its facts, without its text.
#[derive(Serialize)]
struct Listed {
    id: ArticleId,
    source: String,
    slug: String,
    title: String,
    authors: Vec<String>,
    tags: Vec<String>,
    url: Option<String>,
    language: Option<String>,
    published_at: Option<Timestamp>,
    published_at_from: crate::model::article::DateOrigin,
    first_seen_at: Timestamp,
}

impl From<Article> for Listed {
    fn from(article: Article) -> Self {
        Self {
            id: article.id,
            source: article.source,
            slug: article.slug,
            title: article.content.title,
            authors: article.content.authors,
            tags: article.content.tags,
            url: article.content.url,
            language: article.content.language,
            published_at: article.content.published_at,
            published_at_from: article.content.published_at_from,
            first_seen_at: article.first_seen_at,
        }
    }
}

impl Row for Listed {
    const COLUMNS: &[&str] = &["ID", "PUBLISHED", "SOURCE", "TITLE"];

    fn cells(&self) -> Vec<String> {
        let published = self.published_at.unwrap_or(self.first_seen_at);
        vec![self.id.to_string(), published.to_string(), self.source.clone(), self.title.clone()]
    }
}

/// Runs `courant article list`.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let (_, store) = context.store().await?;
    let choice = Choice { tags: args.tag.clone(), sources: args.source.clone(), ..Choice::default() };
    let selection = Selection {
        choices: vec![choice],
        limit: args.number as usize,
        ..Selection::seen_by(Sight::Operator)
    };
    let articles: Vec<Listed> =
        store.latest_articles(&selection).await?.into_iter().map(Listed::from).collect();
    Ok(context.output.list(args.form, &articles, "There is no article.")?)
}
