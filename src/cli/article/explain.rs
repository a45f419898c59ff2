//! What became of an article in each newsletter, and why.

use serde::Serialize;

use super::super::{Context, Form, Row};
use super::retract;
use crate::config::Config;
use crate::model::article::Article;
use crate::model::newsletter::{Choice, Newsletter};
use crate::model::story::Twin;
use crate::store::{Entry, Fate, Store};

#[derive(Serialize)]
struct Explained {
    #[serde(flatten)]
    fate: Fate,
    why: String,
}

impl Row for Explained {
    const COLUMNS: &[&str] = &["NEWSLETTER", "WHAT BECAME OF IT", "WHY"];

    fn cells(&self) -> Vec<String> {
        let what = match &self.fate.entry {
            Entry::Published { edition, at } => format!("went out in edition {edition}, {at}"),
            Entry::Waiting { since } => format!("waits since {since}"),
            Entry::PassedOver { .. } => "passed over".to_owned(),
            Entry::NotChosen => "not chosen".to_owned(),
            Entry::NotConsidered => "not considered yet".to_owned(),
        };
        vec![self.fate.newsletter.clone(), what, self.why.clone()]
    }
}

pub(super) async fn run(
    (config, store): (&Config, &Store),
    article: &Article,
    form: Form,
    context: &Context,
) -> anyhow::Result<()> {
    let fates = store.fates(article.id).await?.unwrap_or_default();
    let twins = store.twins(&[article.id]).await?;
    let explain = |fate: Fate| {
        let newsletter = config.newsletters.iter().find(|one| one.slug.as_str() == fate.newsletter);
        Explained { why: why(&fate.entry, (article, &twins), newsletter), fate }
    };
    let rows: Vec<Explained> = fates.into_iter().map(explain).collect();
    if !form.json {
        context.output.line(format!("{}  {}", article.id, article.content.title))?;
        retract::tell(article, context)?;
    }
    Ok(context.output.list(form, &rows, "No newsletter has considered it: there is none yet.")?)
}

fn why(entry: &Entry, (article, twins): (&Article, &[Twin]), newsletter: Option<&Newsletter>) -> String {
    let Some(newsletter) = newsletter else {
        return "the newsletter is no longer in the configuration".to_owned();
    };
    match entry {
        Entry::Waiting { .. } | Entry::NotConsidered if article.retracted_at.is_some() => {
            "will not go: it has been retracted".to_owned()
        }
        Entry::Published { .. } => String::new(),
        Entry::Waiting { .. } | Entry::NotConsidered if !twins.is_empty() => {
            let others: Vec<String> =
                twins.iter().map(|twin| format!("article {} from {}", twin.id, twin.source)).collect();
            format!("it is the same story as {}: only the first of them goes", others.join(", "))
        }
        Entry::Waiting { .. } => {
            "it had no room in an edition, or there was too little for one; it goes next".to_owned()
        }
        Entry::PassedOver { reason } => reason.clone(),
        Entry::NotChosen => objection(&newsletter.choice, article).unwrap_or_else(|| {
            "it is older than the newsletter's first edition, which took the newest".to_owned()
        }),
        Entry::NotConsidered => objection(&newsletter.choice, article).map_or_else(
            || "the next tick considers it".to_owned(),
            |objection| format!("will not go: {objection}"),
        ),
    }
}

/// Why an article does not belong to a newsletter.
fn objection(choice: &Choice, article: &Article) -> Option<String> {
    let has = |wanted: &String| {
        article.content.tags.iter().any(|tag| tag.trim().to_lowercase() == wanted.trim().to_lowercase())
    };
    if let Some(tag) = choice.exclude_tags.iter().find(|tag| has(tag)) {
        return Some(format!("it is tagged {tag:?}, which the newsletter excludes"));
    }
    if !choice.tags.is_empty() && !choice.tags.iter().any(has) {
        return Some(format!("it has none of the newsletter's tags: {}", choice.tags.join(", ")));
    }
    let is_from = choice.sources.iter().any(|source| source.eq_ignore_ascii_case(&article.source));
    let is_foreign = !choice.sources.is_empty() && !is_from;
    is_foreign.then(|| {
        format!("it is from {:?}, and the newsletter takes {}", article.source, choice.sources.join(", "))
    })
}
