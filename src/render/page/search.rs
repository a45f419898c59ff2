//! The page with which people search the archive.

use askama::Template;
use url::form_urlencoded;

use super::frame::{Frame, Head, Way};
use super::teaser::{Place, Teaser};
use super::{Site, written};
use crate::model::article::Article;
use crate::model::count::Holder;
use crate::model::text::line;

/// A search, and what it has found.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// As it was typed; empty if nothing was.
    pub query: &'a str,
    /// The articles, each with a part of it and whether it is what was searched for.
    pub hits: Vec<(&'a Article, Vec<(String, bool)>)>,
    /// Which page of the results it is, from 1.
    pub page: usize,
    /// Whether there is another.
    pub has_more: bool,
}

#[derive(Template)]
#[template(path = "page/search.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    action: String,
    query: String,
    hits: Vec<(Teaser<'a>, Vec<(String, bool)>)>,
    previous: Option<String>,
    next: Option<String>,
}

impl Site {
    /// The page of a search.
    pub fn search(&self, search: &Search<'_>) -> String {
        let frame = self.frame();
        let (zone, language) = (&self.publication.time_zone, self.publication.language.as_str());
        let (way, holder) = (Way::Open, Holder::ARCHIVE);
        let place = Place { site: self, language, zone, day: None, way, holder };
        let title = frame.words.search.title.clone();
        let query = line(search.query);
        let named = if query.is_empty() { title.clone() } else { format!("{query} – {title}") };
        let head = Head {
            title: format!("{named} – {}", frame.name),
            heading: title,
            feeds: vec![self.site_feed()],
            is_small: true,
            ..Head::default()
        };
        let hits = search.hits.iter();
        let hits = hits.map(|(article, snippet)| (Teaser::of(article, &place), snippet.clone()));
        let page = |number: usize| self.search_path(&query, number);
        written(&Page {
            action: self.path("search"),
            hits: hits.collect(),
            previous: (search.page > 1).then(|| page(search.page - 1)),
            next: search.has_more.then(|| page(search.page + 1)),
            query,
            frame,
            head,
        })
    }

    fn search_path(&self, query: &str, page: usize) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.append_pair("q", query);
        if page > 1 {
            pairs.append_pair("page", &page.to_string());
        }
        self.path(&format!("search?{}", pairs.finish()))
    }
}
