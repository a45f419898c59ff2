//! Sources, asked as the puller asks them: what they bring, and what they say of what is wrong.

mod adding;
mod backfill;
mod enclosures;
mod feeds;
mod fetching;
mod folders;
mod full_text;
mod histories;
mod hubs;
mod lists;
mod mangled;
mod politeness;
mod presets;
mod pulling;
mod scoring;
mod tables;
pub mod web;

use courant::model::article::RawArticle;
use courant::model::time::Timestamp;
use courant::source::{Error, Fetcher, Kind, Pull, Source};

/// Long after every file that a test writes.
const NOW: Timestamp = Timestamp::from_unix(4_000_000_000);

fn source(kind: Kind) -> Source {
    Source { name: "wire".to_owned(), tags: vec!["from the wire".to_owned()], kind }
}

async fn pull(kind: &Kind, cursor: &str) -> Result<Pull, Error> {
    source(kind.clone()).pull(&Fetcher::new("https://courier.example"), cursor, NOW).await
}

/// Everything that a source has, batch by batch.
async fn pull_all(kind: &Kind) -> (Vec<RawArticle>, usize) {
    let (mut articles, mut batches, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let pull = pull(kind, &cursor).await.unwrap();
        articles.extend(pull.articles);
        batches += 1;
        cursor = pull.cursor;
        if !pull.more {
            return (articles, batches);
        }
    }
}
