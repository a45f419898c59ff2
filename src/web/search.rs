//! The page with which people search the archive.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::answer::point;
use super::feed::{Condition, Which};
use super::feeds::QUERY_BYTES;
use super::pages::{PAGE_AGE, html};
use super::{Error, Web, links};
use crate::model::article::Article;
use crate::model::newsletter::{Choice, Newsletter};
use crate::model::text::{line, shorten};
use crate::render::page::Search;
use crate::store::{MARKS, as_query};

/// How many articles a page of results shows.
const RESULTS: usize = 10;

/// How many pages there are at most: who has not found it by then types another word.
const PAGES: usize = 50;

/// How much of what was typed is searched for, in graphemes.
const QUERY: usize = 200;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
    /// Only what belongs to the newsletter of this name is looked for.
    #[serde(default)]
    newsletter: String,
}

pub fn router() -> Router<Web> {
    Router::new().route("/search", get(search))
}

/// Whatever is asked has a page: a number that is none is the first, and in no newsletter is in all that there is.
async fn search(
    State(web): State<Web>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let query = shorten(&line(&asked.q), QUERY);
    let page = asked.page.parse().unwrap_or(1).clamp(1, PAGES);
    let (settings, store) = (web.settings(), &web.0.store);
    let newsletter = settings.site.public_newsletter(&asked.newsletter);
    let name = format!("/search?{page} {} {query}", newsletter.map_or("", |own| own.slug.as_str()));
    let which = feed(&query, newsletter);
    let make = async {
        let choice = newsletter.map_or_else(Choice::default, |own| own.choice.clone());
        let range = (page - 1) * RESULTS..page * RESULTS;
        let found = store.search_articles(&query, range, (&settings.strangers(), &choice)).await?;
        let hits: Vec<(&Article, _)> =
            found.hits.iter().map(|hit| (&hit.article, marked(&hit.snippet))).collect();
        let has_more = found.has_more && page < PAGES;
        let feed = (which.stem(), which.query());
        let search = Search { query: &query, newsletter, hits, page, has_more, feed };
        Ok(Some(html(settings.site.search(&search))))
    };
    let mut response = web.answer(&settings, (&name, &headers), make).await?;
    response.headers_mut().insert(header::CACHE_CONTROL, PAGE_AGE);
    point(&mut response, links::of_page(&settings, std::slice::from_ref(&which)));
    Ok(response)
}

/// The feed of what a search finds; that of all articles where it looks for nothing, or for more than a feed is asked for.
fn feed(query: &str, newsletter: Option<&Newsletter>) -> Which {
    let words = Condition::search(&as_query(query));
    let own = newsletter.map(|own| Condition::newsletter(own.slug.as_str()));
    let which = Which::Articles(own.iter().cloned().chain([words]).filter(Condition::asks).collect());
    if which.query().len() < QUERY_BYTES { which } else { Which::Articles(own.into_iter().collect()) }
}

/// A snippet in pieces, and which of them are what was searched for.
fn marked(snippet: &str) -> Vec<(String, bool)> {
    let [begin, end] = MARKS;
    let mut pieces = Vec::new();
    for (index, part) in snippet.split(begin).enumerate() {
        let (found, rest) = if index == 0 { ("", part) } else { part.split_once(end).unwrap_or((part, "")) };
        pieces.extend([(found.to_owned(), true), (rest.to_owned(), false)]);
    }
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn what_was_searched_for_is_marked() {
        let piece = |text: &str, is_found| (text.to_owned(), is_found);
        let pieces = marked("the \u{2}old ferry\u{3} and the \u{2}storm\u{3}");
        assert_eq!(
            pieces,
            [piece("the ", false), piece("old ferry", true), piece(" and the ", false), piece("storm", true)]
        );
        assert!(marked("").is_empty());
    }
}
