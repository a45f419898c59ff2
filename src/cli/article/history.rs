//! `courant article history`: what an article said before it was changed.

use crate::cli::{Context, Form, Row};
use crate::model::article::Article;
use crate::store::{Revision, Store};

impl Row for Revision {
    const COLUMNS: &[&str] = &["UNTIL", "TITLE", "SUMMARY"];

    fn cells(&self) -> Vec<String> {
        vec![self.replaced_at.to_string(), self.title.clone(), self.summary.clone()]
    }
}

/// Lists what an article said before, the latest first; as JSON with the bodies.
pub async fn run(store: &Store, article: &Article, form: Form, context: &Context) -> anyhow::Result<()> {
    let revisions = store.revisions(article.id).await?;
    Ok(context.output.list(form, &revisions, "It says what it said when it was first seen.")?)
}
