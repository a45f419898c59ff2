//! How long after an article is there a reader gets it, in gzip, over a connection: from just before it is saved until the last
//! octet has come. The web server keeps a thousand feeds that readers have asked for, of fifty articles each.
//!
//! `cargo bench --bench fresh`

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

#[expect(dead_code, reason = "its publication comes from a configuration")]
#[path = "../tests/it/support/article.rs"]
mod article;

use std::fs;
use std::sync::Arc;

use courant::config;
use courant::daemon::web_settings;
use courant::model::article::Content;
use courant::model::time::Clock;
use courant::store::Store;
use courant::web::Web;
use divan::Bencher;
use divan::counter::ItemsCount;
use reqwest::Client;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const CONFIGURATION: &str =
    "[publication]\ntitle = \"The Harbour Light\"\nbase_url = \"https://news.example.org/\"\n";

/// How many tags there are, each with a feed.
const TAGS: usize = 1000;

const TAGS_OF_AN_ARTICLE: usize = 20;

/// So many that each tag has fifty.
const ARTICLES: usize = TAGS * 50 / TAGS_OF_AN_ARTICLE;

fn main() {
    divan::main();
}

/// A web server with what it has kept, and a reader.
struct Publication {
    runtime: Runtime,
    store: Store,
    base: String,
    client: Client,
    _directory: TempDir,
}

impl Publication {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("courant.toml");
        fs::write(&file, CONFIGURATION).unwrap();
        let (store, base) = runtime.block_on(async {
            let clock = Clock::System;
            let store = Store::open(&directory.path().join("courant.db"), clock.now()).await.unwrap();
            let web =
                Web::new(store.clone(), clock, Arc::default(), web_settings(&config::load(&file).unwrap()));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let base = format!("http://{}", listener.local_addr().unwrap());
            TaskTracker::new().spawn(web.serve(listener, CancellationToken::new()));
            (store, base)
        });
        let client = Client::builder().no_gzip().no_brotli().build().unwrap();
        let own = Self { runtime, store, base, client, _directory: directory };
        own.save(0..ARTICLES);
        own.ask(&(0..TAGS).map(feed_of).collect::<Vec<_>>());
        own
    }

    fn save(&self, numbers: std::ops::Range<usize>) {
        let articles: Vec<_> = numbers.map(|number| (number.to_string(), content(number))).collect();
        for part in articles.chunks(500) {
            self.runtime.block_on(self.store.save_articles("cms", part, Clock::System.now())).unwrap();
        }
    }

    /// Asks for documents one after the other, as readers do who take gzip, and says how many octets came.
    fn ask(&self, paths: &[String]) -> usize {
        self.runtime.block_on(async {
            let mut octets = 0;
            for path in paths {
                let request =
                    self.client.get(format!("{}/{path}", self.base)).header("accept-encoding", "gzip");
                let answer = request.send().await.unwrap().error_for_status().unwrap();
                octets += answer.bytes().await.unwrap().len();
            }
            octets
        })
    }
}

fn feed_of(tag: usize) -> String {
    format!("tags/tag-{tag}/feed.rss")
}

/// An article whose tags go on where those of the one before it end.
fn content(number: usize) -> Content {
    let content = article::article(i64::try_from(number).unwrap(), "The bridge over the Hale").content;
    let text = "The bridge over the Hale carries trams again since this morning. ".repeat(14);
    let tags = tags(number).map(|tag| format!("tag-{tag}")).collect();
    Content { html: format!("<p>{text}</p>"), text, tags, url: None, ..content }
}

fn tags(number: usize) -> impl Iterator<Item = usize> {
    (0..TAGS_OF_AN_ARTICLE).map(move |position| (number * TAGS_OF_AN_ARTICLE + position) % TAGS)
}

/// The site's feed alone, or with all twenty tags' that the article is in.
#[divan::bench(args = [1, 21], sample_count = 50, sample_size = 1)]
fn a_new_article_in_so_many_of_a_thousand_feeds(bencher: Bencher, feeds: usize) {
    let publication = Publication::start();
    let mut next = ARTICLES;
    bencher.counter(ItemsCount::new(feeds)).bench_local(|| {
        publication.save(next..next + 1);
        let touched = tags(next).map(feed_of);
        let paths: Vec<_> = std::iter::once("feed.rss".to_owned()).chain(touched).take(feeds).collect();
        next += 1;
        publication.ask(&paths)
    });
}
