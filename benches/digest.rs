//! What rendering a digest of 20 articles costs: once for each edition, whoever it goes to.
//!
//! `cargo bench --bench digest`

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

#[path = "../tests/it/digest/newsroom.rs"]
mod newsroom;

use courant::model::article::Article;
use courant::model::newsletter::Layout;
use courant::render::digest::render;
use divan::Bencher;

use newsroom::{Newsroom, arabic, arabic_morning, morning};

fn main() {
    divan::main();
}

fn take(count: usize, articles: Vec<Article>) -> Vec<Article> {
    articles.into_iter().cycle().take(count).collect()
}

#[divan::bench]
fn stories(bencher: Bencher) {
    let newsroom = Newsroom::new(take(20, morning()));
    bencher.bench(|| render(&newsroom.edition()).unwrap());
}

#[divan::bench]
fn headlines(bencher: Bencher) {
    let mut newsroom = Newsroom::new(take(20, morning()));
    newsroom.newsletter.layout = Layout::Headlines;
    bencher.bench(|| render(&newsroom.edition()).unwrap());
}

#[divan::bench]
fn arabic_stories(bencher: Bencher) {
    let newsroom = Newsroom { newsletter: arabic(), ..Newsroom::new(take(20, arabic_morning())) };
    bencher.bench(|| render(&newsroom.edition()).unwrap());
}

/// So many articles that it takes several attempts to find how many a mail can hold.
#[divan::bench]
fn two_hundred_stories(bencher: Bencher) {
    let newsroom = Newsroom::new(take(200, morning()));
    bencher.bench(|| render(&newsroom.edition()).unwrap());
}
