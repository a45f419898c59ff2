//! Editions as readers are shown them: without what was retracted since, or is not for who asks.

use crate::model::article::{Article, ArticleId};
use crate::model::newsletter::Newsletter;
use crate::model::publication::Publication;
use crate::model::text::{line, shorten};
use crate::model::words::Words;
use crate::store::{Edition, Error, Sight, Store};

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

/// The subject of an edition, which is shown in part if an article of it is not. Subjects are made of headlines, so that one
/// which may be of such an article gives way to the newsletter's title and the edition's number.
pub fn subject(edition: &Edition, is_in_part: bool, newsletter: &Newsletter, words: &Words) -> String {
    if !is_in_part {
        return edition.subject.clone();
    }
    format!("{}, {}", line(&newsletter.title), words.edition(edition.number))
}

/// An edition with its articles.
pub async fn shown(
    store: &Store,
    publication: &Publication,
    (edition, newsletter): (&Edition, &Newsletter),
    sight: &Sight,
) -> Result<Shown, Error> {
    let mut articles = store.articles_of_edition(edition.id).await?;
    articles.retain(|article| article.retracted_at.is_none());
    let seen: Vec<ArticleId> = store.seen(articles.iter().map(|article| article.id).collect(), sight).await?;
    let is_in_part = edition.has_retracted || seen.len() < articles.len();
    articles.retain(|article| seen.contains(&article.id));
    let preheader = if is_in_part {
        let titles: Vec<String> = articles.iter().map(|article| line(&article.content.title)).collect();
        shorten(&titles.join(" · "), PREHEADER)
    } else {
        edition.preheader.clone()
    };
    let subject = subject(edition, is_in_part, newsletter, publication.words(&newsletter.language));
    Ok(Shown { subject, preheader, articles })
}
