//! What it costs to make an article of what a source gave: a whole page of a news site, the same copied from a
//! browser, a feed's fragment; and bodies of 5 MB, as no editor writes them.
//!
//! `cargo bench --bench extract`

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

use std::fs;
use std::path::Path;

use courant::extract::{self, Context};
use courant::model::article::{RawArticle, RawBody};
use courant::model::time::Timestamp;
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages").join(name)).unwrap()
}

fn measure(bencher: Bencher, body: &RawBody, length: usize) {
    let raw = RawArticle { external_id: "1".to_owned(), body: body.clone(), ..RawArticle::default() };
    let context = Context { base: None, language: "en", now: Timestamp::from_unix(1_773_100_800) };
    bencher
        .counter(BytesCount::new(length))
        .with_inputs(|| raw.clone())
        .bench_values(|raw| extract::article(raw, &context).unwrap());
}

#[divan::bench]
fn a_page(bencher: Bencher) {
    let text = fixture("tagdiv-newspaper-page.html");
    measure(bencher, &RawBody::Page(text.clone()), text.len());
}

#[divan::bench]
fn a_copied_page(bencher: Bencher) {
    let text = fixture("tagdiv-copied-with-biography-and-disclaimer.txt");
    measure(bencher, &RawBody::Text(text.clone()), text.len());
}

#[divan::bench]
fn a_fragment(bencher: Bencher) {
    let text = fixture("feed-fragment-with-lazy-pictures-and-appeared-first.html");
    measure(bencher, &RawBody::Html(text.clone()), text.len());
}

const PARAGRAPH: &str =
    "<p>The harbour master &amp; the <em>pilots</em> met before the tide turned, as they do in winter.</p>\n";

/// Five megabytes of paragraphs.
fn long() -> String {
    PARAGRAPH.repeat(5_000_000 / PARAGRAPH.len())
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn five_megabytes_of_html(bencher: Bencher) {
    let text = long();
    measure(bencher, &RawBody::Html(text.clone()), text.len());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn five_megabytes_of_a_page(bencher: Bencher) {
    let text = format!("<html><body><article><h1>The tide</h1>{}</article></body></html>", long());
    measure(bencher, &RawBody::Page(text.clone()), text.len());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn five_megabytes_of_text(bencher: Bencher) {
    let text = "The harbour master and the pilots met before the tide turned.\n\n".repeat(78_000);
    measure(bencher, &RawBody::Text(text.clone()), text.len());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn five_megabytes_of_markdown(bencher: Bencher) {
    let text = "The harbour master and the *pilots* met before the tide turned.\n\n".repeat(76_000);
    measure(bencher, &RawBody::Markdown(text.clone()), text.len());
}
