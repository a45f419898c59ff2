//! What rendering a feed of 50 articles costs: once when something changed, and compressing it once for each coding.
//!
//! `cargo bench --bench feed`

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

#[path = "../tests/it/support/article.rs"]
mod article;

use std::time::Duration;

use courant::model::article::Article;
use courant::model::time::Timestamp;
use courant::render::feed::{Feed, Format, Item, Place};
use courant::web::Coding;
use divan::Bencher;

fn main() {
    divan::main();
}

/// Fifty articles of some 700 words.
fn articles() -> Vec<Article> {
    let paragraph =
        "<p>The harbour master &amp; the pilots met before the tide turned, as they do. ".repeat(8);
    let long = |number| {
        let mut long = article::article(number, "The harbour master & the pilots");
        long.content.html = format!("{paragraph}</p>\n").repeat(6);
        long
    };
    (1..=50).map(long).collect()
}

fn feed(articles: &[Article]) -> Feed {
    let publication = article::publication();
    Feed {
        id: "urn:uuid:0f0e0d0c-0b0a-8908-8706-050403020100".to_owned(),
        title: publication.title.clone(),
        description: "News of the coast".to_owned(),
        language: "en".to_owned(),
        page: publication.link(""),
        stem: publication.link("feed"),
        query: String::new(),
        publisher: publication.title.clone(),
        icon: None,
        changed_at: Timestamp::from_unix(article::MORNING),
        max_age: Duration::from_mins(15),
        items: articles.iter().map(|article| Item::of_article(article, &publication)).collect(),
        place: Place::default(),
        tombstones: Vec::new(),
        podcast: None,
        hub: None,
    }
}

#[divan::bench(args = ["rss", "atom", "json"])]
fn fifty_articles(bencher: Bencher, format: &str) {
    let (articles, format) = (articles(), Format::of_extension(format).unwrap());
    bencher.bench(|| feed(&articles).render(format));
}

#[divan::bench(args = ["gzip", "br"])]
fn packed(bencher: Bencher, name: &str) {
    let document = feed(&articles()).render(Format::Rss);
    let coding = Coding::ALL.into_iter().find(|coding| coding.name() == Some(name)).unwrap();
    bencher.bench(|| coding.encode(document.as_bytes()));
}
