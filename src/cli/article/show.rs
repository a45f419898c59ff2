//! An article as a person at a terminal reads it.

use serde::Serialize;

use super::retract;
use crate::cli::{Context, Form};
use crate::model::article::{Article, Content, DateOrigin};
use crate::model::story::Twin;
use crate::store::{PictureStanding, Store};

/// A stored article, and what other sources tell the same story.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    article: &'a Article,
    twins: Vec<Twin>,
    /// How it was found to be the same story.
    likeness: Option<String>,
    /// How it went with its pictures, where they are kept here.
    pictures: Vec<PictureStanding>,
}

/// Shows a stored article.
pub async fn run(store: &Store, article: &Article, form: Form, context: &Context) -> anyhow::Result<()> {
    let shown = Shown {
        article,
        twins: store.twins(&[article.id]).await?,
        likeness: store.find_likeness(article.id).await?,
        pictures: store.picture_standings(article.id).await?,
    };
    if form.json { Ok(context.output.json(&shown)?) } else { print(&shown, context) }
}

fn print(shown: &Shown<'_>, context: &Context) -> anyhow::Result<()> {
    let article = shown.article;
    context.output.line(&article.content.title)?;
    retract::tell(article, context)?;
    let mut facts = vec![
        ("id", article.id.to_string()),
        ("source", format!("{} ({})", article.source, article.external_id)),
        ("page", article.slug.clone()),
        ("seen", article.first_seen_at.to_string()),
        ("changed", article.changed_at.to_string()),
    ];
    let twin = |twin: &Twin| ("same story as", format!("article {} from {}", twin.id, twin.source));
    facts.extend(shown.twins.iter().map(twin));
    facts.extend(shown.likeness.clone().map(|likeness| ("for", likeness)));
    facts.extend(shown.pictures.iter().map(|picture| ("picture", told(picture))));
    context.output.facts(&facts)?;
    print_content(&article.content, article.is_dated_ahead(), context)
}

/// What became of a picture, in words.
fn told(picture: &PictureStanding) -> String {
    let error = picture.error.as_deref().unwrap_or("not fetched yet");
    let told = match picture.state.as_str() {
        "kept" => format!("kept in {} files of {} KiB", picture.files, (picture.bytes + 1023) / 1024),
        "due" => format!("due at {}: {error}", picture.next_at),
        "failed" => format!("given up: {error}"),
        _ => "dropped: others needed its room".to_owned(),
    };
    format!("{} ({told})", picture.url)
}

/// Prints what was made of a page that is not stored.
pub fn print_unstored(made: &Content, context: &Context) -> anyhow::Result<()> {
    context.output.line(&made.title)?;
    print_content(made, made.published_at.is_some_and(|moment| moment > context.clock.now()), context)
}

fn print_content(made: &Content, is_dated_ahead: bool, context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    output.facts(&facts(made, is_dated_ahead))?;
    output.line(format_args!("\n{}", made.text))?;
    if let Some(biography) = &made.biography {
        output.line(format_args!("\nAbout the author: {biography}"))?;
    }
    if made.cuts.is_empty() {
        return Ok(output.line("\nNothing was cut.")?);
    }
    output.line("\nCut, by rule:")?;
    for cut in &made.cuts {
        output.line(format_args!("  {}: {}", cut.rule, cut.text))?;
    }
    Ok(())
}

/// The facts that are known.
fn facts(made: &Content, is_dated_ahead: bool) -> Vec<(&'static str, String)> {
    const AHEAD: &str = "that date was in the future: the day it was first seen counts";
    let published = made.published_at.map(|moment| format!("{moment} ({})", origin(made.published_at_from)));
    let language = made.language.as_deref().unwrap_or("not known");
    let facts = [
        ("authors", Some(made.authors.join(", "))),
        ("published", published),
        ("note", is_dated_ahead.then(|| AHEAD.to_owned())),
        ("updated", made.updated_at.map(|moment| moment.to_string())),
        ("url", made.url.clone()),
        ("language", Some(format!("{language}, {}", made.direction.as_str()))),
        ("tags", Some(made.tags.join(", "))),
        ("image", made.image.as_ref().map(|image| image.url.clone())),
        ("summary", Some(made.summary.clone())),
    ];
    let known = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?)));
    known.filter(|(_, fact)| !fact.is_empty()).collect()
}

/// How a date is known, in words.
const fn origin(origin: DateOrigin) -> &'static str {
    match origin {
        DateOrigin::Source => "by its source",
        DateOrigin::JsonLd => "by the page's JSON-LD",
        DateOrigin::Meta => "by an element of the page",
        DateOrigin::Line => "by a line of the page",
        DateOrigin::Url => "by its address",
        DateOrigin::FirstSight => "when it was first seen: nothing says when it was published",
    }
}
