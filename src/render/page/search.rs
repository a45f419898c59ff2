//! The page with which people search the archive.

use askama::Template;
use url::form_urlencoded;

use super::frame::{FeedLink, Frame, Head, Way};
use super::teaser::{Place, Teaser};
use super::{Site, written};
use crate::model::article::Article;
use crate::model::count::Holder;
use crate::model::newsletter::Newsletter;
use crate::model::text::line;

/// A search, and what it has found.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// As it was typed; empty if nothing was.
    pub query: &'a str,
    /// Where only what belongs to a newsletter is looked for.
    pub newsletter: Option<&'a Newsletter>,
    /// The articles, each with a part of it and whether it is what was searched for.
    pub hits: Vec<(&'a Article, Vec<(String, bool)>)>,
    /// Which page of the results it is, from 1.
    pub page: usize,
    /// Whether there is another.
    pub has_more: bool,
    /// The feed of what it finds: its address without the ending, and its query.
    pub feed: (String, String),
}

/// The form of a search.
pub(super) struct SearchForm {
    pub action: String,
    pub query: String,
    /// The newsletter in which it searches, by its name.
    pub newsletter: Option<String>,
}

/// Where a search looks that does not look everywhere.
struct Within {
    text: String,
    /// The same search in everything.
    everywhere: String,
}

#[derive(Template)]
#[template(path = "page/search.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    search: SearchForm,
    within: Option<Within>,
    hits: Vec<(Teaser<'a>, Vec<(String, bool)>)>,
    previous: Option<String>,
    next: Option<String>,
}

impl Site {
    /// The page of a search.
    pub fn search(&self, search: &Search<'_>) -> String {
        let own = search.newsletter;
        let language = own.map_or(&self.publication.language, |own| &own.language).as_str();
        let frame = self.frame_in(language);
        let zone = &self.publication.time_zone;
        let (way, holder) = (Way::Open, Holder::ARCHIVE);
        let place = Place { site: self, language, zone, day: None, way, holder };
        let title = frame.words.search.title.clone();
        let query = line(search.query);
        let named = if query.is_empty() { title.clone() } else { format!("{query} – {title}") };
        let (stem, conditions) = &search.feed;
        let feed = FeedLink {
            title: if query.is_empty() { frame.name.clone() } else { format!("{}: {query}", frame.name) },
            stem: self.path(stem),
            query: conditions.clone(),
        };
        let head = Head {
            title: format!("{named} – {}", frame.name),
            heading: title,
            feeds: vec![feed],
            is_small: true,
            ..Head::default()
        };
        let hits = search.hits.iter();
        let hits = hits.map(|(article, snippet)| (Teaser::of(article, &place), snippet.clone()));
        let page = |number: usize| self.search_path(&query, own, number);
        written(&Page {
            search: self.search_form(&query, own),
            within: own.map(|own| Within {
                text: frame.words.search.within.with(&line(&own.title)),
                everywhere: self.search_path(&query, None, 1),
            }),
            hits: hits.collect(),
            previous: (search.page > 1).then(|| page(search.page - 1)),
            next: search.has_more.then(|| page(search.page + 1)),
            frame,
            head,
        })
    }

    /// The form of a search for this, in a newsletter or in everything.
    pub(super) fn search_form(&self, query: &str, newsletter: Option<&Newsletter>) -> SearchForm {
        SearchForm {
            action: self.path("search"),
            query: query.to_owned(),
            newsletter: newsletter.map(|own| own.slug.to_string()),
        }
    }

    fn search_path(&self, query: &str, newsletter: Option<&Newsletter>, page: usize) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.append_pair("q", query);
        if let Some(own) = newsletter {
            pairs.append_pair("newsletter", own.slug.as_str());
        }
        if page > 1 {
            pairs.append_pair("page", &page.to_string());
        }
        self.path(&format!("search?{}", pairs.finish()))
    }
}
