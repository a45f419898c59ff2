//! What the store costs as the archive and the audience grow: composing must not grow with the archive, queueing
//! grows with the audience alone.
//!
//! `cargo bench --bench store`; the largest archive takes a minute to fill.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

use courant::model::newsletter::{Choice, Overflow};
use courant::model::time::Timestamp;
use courant::store::{Candidates, NewEdition, Selection, Store};
use divan::Bencher;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const NOW: Timestamp = Timestamp::from_unix(1_772_000_000);

const FILL_ARTICLES: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
    INSERT INTO article (id, source, source_key, external_id, public_id, slug, seq, title, authors, summary, html, text,
        direction, published_at, published_at_from, dated_at, first_seen_at, changed_at, cuts, fingerprint)
    SELECT i, 'cms', 'cms', 'e' || i, 'urn:' || i, 's' || i, i, 'Title ' || i, 'Ada Brook', 'A summary of some length.',
        '<p>A body of some length.</p>', 'A body of some length.', 'ltr', 1700000000 + i, 'source', 1700000000 + i,
        1700000000 + i, 1700000000 + i, '[]', x'00' FROM n";
const FILL_TAGS: &str = "INSERT INTO article_tag (article_id, position, tag, tag_key, dated_at)
    SELECT id, 0, 'Section ' || (id % 7), 'section ' || (id % 7), dated_at FROM article";
const FILL_SUBSCRIBERS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
    INSERT INTO subscriber (id, address, address_key, address_hash, created_at)
    SELECT i, 'reader' || i || '@example.org', 'reader' || i || '@example.org', CAST('h' || i AS BLOB), 0 FROM n";
const FILL_SUBSCRIPTIONS: &str = "INSERT INTO subscription
        (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at)
    SELECT id, 1, 'active', 'bench', 0, 0 FROM subscriber";

fn main() {
    divan::main();
}

struct Filled {
    runtime: Runtime,
    store: Store,
    _directory: TempDir,
}

/// A store whose newsletter has had its first edition, and 25 articles after it.
fn filled(articles: i64, subscribers: i64) -> Filled {
    let runtime = Runtime::new().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("courant.db");
    let store = runtime.block_on(async {
        let store = Store::open(&path, NOW).await.unwrap();
        store.register_newsletters(&[("daily", "0 7 * * *")], NOW).await.unwrap();
        let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
        sqlx::query(FILL_ARTICLES).bind(articles).execute(&mut connection).await.unwrap();
        sqlx::query(FILL_TAGS).execute(&mut connection).await.unwrap();
        sqlx::query(FILL_SUBSCRIBERS).bind(subscribers).execute(&mut connection).await.unwrap();
        sqlx::query(FILL_SUBSCRIPTIONS).execute(&mut connection).await.unwrap();
        sqlx::query("UPDATE newsletter SET considered_seq = $1")
            .bind(articles - 25)
            .execute(&mut connection)
            .await
            .unwrap();
        store
    });
    Filled { runtime, store, _directory: directory }
}

async fn compose(store: &Store, choice: &Choice) -> Candidates {
    let standing = store.find_newsletter("daily").await.unwrap().unwrap();
    let candidates = store.candidates(standing, choice, 20).await.unwrap();
    assert!(!candidates.articles.is_empty());
    candidates
}

#[divan::bench(args = [1_000, 100_000, 1_000_000], sample_count = 20)]
fn compose_the_next_edition_over_an_archive_of(bencher: Bencher, articles: i64) {
    let filled = filled(articles, 1);
    bencher.bench(|| {
        filled.runtime.block_on(async {
            let candidates = compose(&filled.store, &Choice::default()).await;
            filled.store.articles_by_id(&candidates.articles).await.unwrap()
        })
    });
}

#[divan::bench(args = [1_000, 100_000, 1_000_000], sample_count = 20)]
fn the_newest_50_of_two_tags_in_an_archive_of(bencher: Bencher, articles: i64) {
    let filled = filled(articles, 1);
    let choice = Choice { tags: vec!["section 1".to_owned(), "section 4".to_owned()], ..Choice::default() };
    let selection = courant::store::Selection {
        choices: vec![choice],
        limit: 50,
        ..courant::store::Selection::seen_by(courant::store::Sight::Operator)
    };
    bencher.bench(|| filled.runtime.block_on(filled.store.latest_articles(&selection)).unwrap());
}

#[divan::bench(args = [10_000, 1_000_000], sample_count = 1, sample_size = 1)]
fn queue_an_edition_to(bencher: Bencher, subscribers: i64) {
    let filled = filled(1_000, subscribers);
    let candidates = filled.runtime.block_on(compose(&filled.store, &Choice::default()));
    let edition = NewEdition {
        articles: &candidates.articles,
        tick: NOW,
        subject: "News",
        preheader: "More news",
        html: "<p></p>",
        text: "",
        detail: "",
        over: std::time::Duration::ZERO,
        waves: &[],
    };
    bencher.bench(|| {
        let published = filled.runtime.block_on(async {
            let id =
                filled.store.publish((&candidates, Overflow::Next), &edition, NOW).await.unwrap().unwrap().id;
            while filled.store.queue_deliveries(id).await.unwrap() {}
            filled.store.find_edition(id).await.unwrap().unwrap()
        });
        assert_eq!(published.audience, subscribers);
    });
}

/// A page of the archive of all articles: the oldest one, and one in the middle.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn two_pages_of_the_archive(bencher: Bencher, articles: i64) {
    let filled = filled(articles, 1);
    let selection =
        Selection { limit: 50, ..courant::store::Selection::seen_by(courant::store::Sight::Operator) };
    let last = filled.runtime.block_on(filled.store.close_archive("feed", &selection)).unwrap();
    bencher.bench(|| {
        filled.runtime.block_on(async {
            for number in [1, last / 2] {
                let page = filled.store.find_archive_page("feed", &selection, number).await.unwrap().unwrap();
                assert_eq!(page.items.len(), 50);
            }
        });
    });
}
