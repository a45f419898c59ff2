//! Editions as readers are shown them: without what was retracted since.

use crate::model::article::Article;
use crate::model::newsletter::Newsletter;
use crate::model::text::{line, shorten};
use crate::render::words::Words;
use crate::store::{Edition, Error, Store};

/// How long the line under a subject is at most, in graphemes.
const PREHEADER: usize = 140;

/// An edition as readers are shown it.
pub struct Shown {
    /// Its subject.
    pub subject: String,
    /// The line after the subject.
    pub preheader: String,
    /// Its articles that stand.
    pub articles: Vec<Article>,
}

/// The subject of an edition. Subjects are made of headlines, so that one which may be of a retracted article gives way
/// to the newsletter's title and the edition's number.
pub fn subject(edition: &Edition, newsletter: &Newsletter) -> String {
    if !edition.has_retracted {
        return edition.subject.clone();
    }
    let number = Words::of(&newsletter.language).number.with(&edition.number.to_string());
    format!("{}, {number}", line(&newsletter.title))
}

/// An edition with its articles.
pub async fn shown(store: &Store, edition: &Edition, newsletter: &Newsletter) -> Result<Shown, Error> {
    let mut articles = store.articles_of_edition(edition.id).await?;
    articles.retain(|article| article.retracted_at.is_none());
    let preheader = if edition.has_retracted {
        let titles: Vec<String> = articles.iter().map(|article| line(&article.content.title)).collect();
        shorten(&titles.join(" · "), PREHEADER)
    } else {
        edition.preheader.clone()
    };
    Ok(Shown { subject: subject(edition, newsletter), preheader, articles })
}
