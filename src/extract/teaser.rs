//! Teasers: what a feed gives in the place of an article, and the article's page, which has the rest of it.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::article::Content;

/// Shorter texts are taken for teasers, in words.
const FEW_WORDS: usize = 200;

/// A page gives more if its text is longer than the feed's by this part of it.
const MORE: (usize, usize) = (6, 5);

/// Of the words that tell what a teaser is about, in percent, so many must be on the page: what stands in the way of an article,
/// such as a question about cookies, is no article.
const SAME_WORDS: usize = 50;

/// Words that are shorter than this, in characters, tell nothing about a text.
const TELLING: usize = 5;

/// Whether an article's text is but the beginning of it, or less: it is short, or breaks off.
pub fn is_teaser(content: &Content) -> bool {
    let end = content.text.trim_end().trim_end_matches([']', ')', '}']).trim_end();
    let breaks_off = end.ends_with('…') || end.ends_with("...");
    breaks_off || content.text.unicode_words().take(FEW_WORDS).count() < FEW_WORDS
}

/// An article with the text of its page: its own facts, and of the page what it does not say itself. `None` if the page gives
/// no more, or something else.
pub fn completed(own: &Content, page: &Content) -> Option<Content> {
    let is_longer = page.text.len() * MORE.1 > own.text.len() * MORE.0;
    if is_longer { renewed(own, page) } else { None }
}

/// The same where the article's text came from its page before, and the page may have become shorter since.
pub fn renewed(own: &Content, page: &Content) -> Option<Content> {
    tells_the_same(own, page).then(|| Content {
        html: page.html.clone(),
        text: page.text.clone(),
        cuts: page.cuts.clone(),
        authors: if own.authors.is_empty() { page.authors.clone() } else { own.authors.clone() },
        biography: own.biography.clone().or_else(|| page.biography.clone()),
        image: own.image.clone().or_else(|| page.image.clone()),
        language: own.language.clone().or_else(|| page.language.clone()),
        summary: if own.text.is_empty() { page.summary.clone() } else { own.summary.clone() },
        ..own.clone()
    })
}

fn tells_the_same(own: &Content, page: &Content) -> bool {
    let about = if own.text.trim().is_empty() { &own.title } else { &own.text };
    let wanted = telling_words(about);
    let found = telling_words(&format!("{}\n{}\n{}", page.title, page.summary, page.text));
    wanted.intersection(&found).count() * 100 >= wanted.len() * SAME_WORDS
}

/// Of a text without such words, all.
fn telling_words(text: &str) -> HashSet<String> {
    let words: HashSet<String> = text.unicode_words().map(str::to_lowercase).collect();
    let telling: HashSet<String> =
        words.iter().filter(|word| word.chars().count() >= TELLING).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Context, article};
    use crate::model::article::{RawArticle, RawBody};
    use crate::model::time::Timestamp;

    fn content(text: &str) -> Content {
        let context = Context { base: None, language: "en", now: Timestamp::from_unix(0) };
        let body = RawBody::Html(format!("<p>{text}</p>"));
        article(RawArticle { title: Some("The ferry".to_owned()), body, ..RawArticle::default() }, &context)
            .unwrap()
    }

    #[test]
    fn a_text_that_is_short_or_breaks_off_is_a_teaser() {
        let long = "The harbour council met on Monday evening. ".repeat(40);
        assert!(!is_teaser(&content(&long)));
        for end in ["and …", "and...", "and [...]", "and […]", "(…)"] {
            assert!(is_teaser(&content(&format!("{long} {end}"))), "{end}");
        }
        assert!(is_teaser(&content("The harbour council met on Monday evening.")));
    }

    #[test]
    fn a_page_completes_an_article_if_it_has_more_of_the_same() {
        let teaser = content("The harbour council met on Monday evening and …");
        let page = content(
            "The harbour council met on Monday evening and decided to let the ferry sail again from June on.",
        );
        let whole = completed(&teaser, &page).unwrap();
        assert_eq!((&whole.text, &whole.summary), (&page.text, &teaser.summary));
        assert_eq!(completed(&page, &teaser), None, "less");
        assert_eq!(completed(&page, &page), None, "the same");
        let wall =
            content(&"We value your privacy: accept our cookies and those of 812 partners. ".repeat(9));
        assert_eq!(completed(&teaser, &wall), None, "something else");
    }
}
