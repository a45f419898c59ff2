//! What readers rely on: the same articles are the same bytes, and an article is the same entry whatever becomes of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use courant::model::article::{Article, Content};
use courant::model::publication::Publication;
use courant::model::time::Timestamp;
use courant::render::feed::{Format, Item};
use courant::store::{Selection, Store, back_up, restore};
use courant::web::feed::Feeds;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sha2::{Digest, Sha256};

use super::feed_documents::feed_of;
use crate::support::app::{TestApp, at, daily, newsletter};
use crate::support::article::{MORNING, article, publication};
use crate::support::odd::odd_articles;

const NOON: &str = "2026-03-04T12:00:00Z";

/// A publication with odd articles, two newsletters, and editions.
async fn app() -> TestApp {
    let mut sea = newsletter("sea", "0 8 * * *", "UTC");
    sea.choice.tags = vec!["Harbour".to_owned()];
    let app = TestApp::start(vec![daily(), sea], "2026-03-02T05:00:00Z").await;
    let mut odd: Vec<(String, Content)> =
        odd_articles().into_iter().map(|article| (article.external_id, article.content)).collect();
    // Each tag has feeds of its own.
    for (_, content) in &mut odd {
        content.tags.truncate(3);
    }
    app.store.save_articles("cms", &odd, app.clock.now()).await.unwrap();
    let more: Vec<(String, Content)> = (100..300)
        .map(|number| (number.to_string(), article(number, &format!("No {number}")).content))
        .collect();
    app.store.save_articles("wire", &more, app.clock.now()).await.unwrap();
    app.advance_to(NOON).await;
    app
}

/// Every document of every feed that the program serves, by its path, as a hash.
async fn every_feed(app: &TestApp) -> BTreeMap<String, String> {
    let served = app.serve().await;
    let settings = app.web_settings();
    let all = Feeds::new(&app.store, &settings).all().await.unwrap();
    let stems: Vec<String> = all.iter().map(|which| format!("/{}", which.stem())).collect();
    let mut paths: Vec<String> = vec!["/feeds.opml".to_owned(), "/feed.rss?q=quay&tag=harbour".to_owned()];
    for format in ["rss", "atom", "json"] {
        paths.extend(stems.iter().map(|stem| format!("{stem}.{format}")));
        paths.extend((1..=4).map(|page| format!("/feed/archive/{page}.{format}")));
    }
    let mut hashes = BTreeMap::new();
    for path in paths {
        let answer = served.get(&path).await;
        assert_eq!(answer.status, reqwest::StatusCode::OK, "{path}");
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&answer.bytes));
        hashes.insert(path, format!("{hash} {} {}", answer.header("etag"), answer.header("last-modified")));
    }
    served.stop().await;
    hashes
}

#[tokio::test]
async fn the_same_database_and_clock_give_the_same_bytes_of_every_feed() {
    let app = app().await;
    let first = every_feed(&app).await;
    assert!(first.len() > 40, "{}", first.len());
    assert_eq!(every_feed(&app).await, first, "by another server");
    let app = app.restart_at(NOON).await;
    assert_eq!(every_feed(&app).await, first, "after a restart");
    app.store.raise_revision().await.unwrap();
    app.clock.set(at("2026-03-04T12:34:56Z"));
    assert_eq!(every_feed(&app).await, first, "made again at another time");
}

/// What may happen to an article, or around it.
#[derive(Clone, Debug)]
enum Edit {
    Title(String),
    Address(Option<String>),
    Tags(Vec<String>),
    Authors(Vec<String>),
    Body(String),
    Date(Option<i64>),
    Language(Option<String>),
    /// It is taken back, and shown again.
    Retraction,
    /// The source shows it once more as it is.
    Again,
    /// The publication moves to another domain, perhaps under a path.
    Move(String),
}

fn edits() -> impl Strategy<Value = Vec<(usize, Edit)>> {
    let word = "[a-zäß🎉 &<>\"']{1,12}";
    let edit = prop_oneof![
        "\\PC{1,30}".prop_map(|title| Edit::Title(format!("x{title}"))),
        proptest::option::of("https://[a-z]{3,8}\\.example\\.org/[a-z0-9/?=&]{0,12}").prop_map(Edit::Address),
        proptest::collection::vec(word, 0..4).prop_map(Edit::Tags),
        proptest::collection::vec(word, 0..3).prop_map(Edit::Authors),
        ".{0,60}".prop_map(Edit::Body),
        proptest::option::of(1_500_000_000_i64..1_900_000_000).prop_map(Edit::Date),
        proptest::option::of("(en|ar|de|fr)").prop_map(Edit::Language),
        Just(Edit::Retraction),
        Just(Edit::Again),
        "[a-z]{1,8}".prop_map(Edit::Move),
    ];
    proptest::collection::vec((0..ARTICLES, edit), EDITS)
}

/// How many edits there are in each case: with the 256 cases that there are by default, more than 10,000.
const EDITS: usize = 40;
const ARTICLES: usize = 12;

/// A database whose articles are edited, and the ids that they had at first.
struct Desk {
    store: Store,
    publication: Publication,
    contents: Vec<Content>,
    now: Timestamp,
    ids: BTreeMap<String, String>,
}

impl Desk {
    async fn new(path: &Path) -> Self {
        let now = Timestamp::from_unix(MORNING);
        let store = Store::open(path, now).await.unwrap();
        let contents = (0..ARTICLES).map(|n| article(0, &format!("Article {n}")).content).collect();
        let mut desk = Self { store, publication: publication(), contents, now, ids: BTreeMap::new() };
        desk.pull(0..ARTICLES).await;
        desk.ids = desk.ids_now().await;
        desk
    }

    /// The source shows these articles.
    async fn pull(&mut self, which: impl IntoIterator<Item = usize>) {
        self.now = self.now + Duration::from_mins(1);
        let articles: Vec<(String, Content)> =
            which.into_iter().map(|n| (format!("external {n}"), self.contents[n].clone())).collect();
        self.store.save_articles("cms", &articles, self.now).await.unwrap();
    }

    async fn apply(&mut self, n: usize, edit: Edit) {
        let content = &mut self.contents[n];
        match edit {
            Edit::Title(title) => content.title = title,
            Edit::Address(url) => content.url = url,
            Edit::Tags(tags) => content.tags = tags,
            Edit::Authors(authors) => content.authors = authors,
            Edit::Body(body) => content.html = format!("<p>{}</p>", body.replace(['<', '&'], "")),
            Edit::Date(date) => content.published_at = date.map(Timestamp::from_unix),
            Edit::Language(language) => content.language = language,
            Edit::Retraction => self.retract_and_reinstate(n).await,
            Edit::Again => {}
            Edit::Move(word) => {
                self.publication.base_url = format!("https://{word}.example.net/{word}/").parse().unwrap();
            }
        }
    }

    async fn retract_and_reinstate(&self, n: usize) {
        let found = self.store.find_article_of_source("cms", &format!("external {n}")).await.unwrap();
        let id = found.unwrap().id;
        self.store.retract_article(id, self.now).await.unwrap();
        self.store.reinstate_article(id, self.now).await.unwrap();
    }

    async fn articles(&self) -> Vec<Article> {
        let all = Selection {
            limit: 10 * ARTICLES,
            ..courant::store::Selection::seen_by(courant::store::Sight::Operator)
        };
        self.store.latest_articles(&all).await.unwrap()
    }

    /// The id of each article by what its source calls it, as the three formats say it.
    async fn ids_now(&self) -> BTreeMap<String, String> {
        let articles = self.articles().await;
        for format in Format::ALL {
            let mut feed = feed_of(&articles);
            feed.items = articles.iter().map(|own| Item::of_article(own, &self.publication)).collect();
            let parsed = feed_rs::parser::parse(feed.render(format).as_bytes()).unwrap();
            let written: Vec<&String> = parsed.entries.iter().map(|entry| &entry.id).collect();
            let expected: Vec<&String> = articles.iter().map(|own| &own.public_id).collect();
            assert_eq!(written, expected, "{format:?}");
        }
        articles.into_iter().map(|own| (own.external_id, own.public_id)).collect()
    }
}

#[test]
fn no_edit_of_ten_thousand_changes_an_id() {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let desk = runtime.block_on(Desk::new(&directory.path().join("courant.db")));
    assert_eq!(desk.ids.len(), ARTICLES);
    let desk = std::cell::RefCell::new(desk);
    // The database goes from case to case: a failure cannot be made smaller.
    let mut runner = TestRunner::new(Config { max_shrink_iters: 0, ..Config::default() });
    let outcome = runner.run(&edits(), |edits| {
        let mut desk = desk.borrow_mut();
        runtime.block_on(async {
            for batch in edits.chunks(20) {
                for (n, edit) in batch {
                    desk.apply(*n, edit.clone()).await;
                }
                desk.pull(batch.iter().map(|(n, _)| *n)).await;
            }
            prop_assert_eq!(&desk.ids_now().await, &desk.ids);
            Ok(())
        })
    });
    outcome.unwrap();
}

#[tokio::test]
async fn a_database_that_is_put_back_and_filled_again_gives_the_ids_that_it_gave() {
    let directory = tempfile::tempdir().unwrap();
    let (path, backup) = (directory.path().join("courant.db"), directory.path().join("backup.db"));
    let mut desk = Desk::new(&path).await;
    back_up(&path, Some(&backup), desk.now).await.unwrap();
    for n in 0..ARTICLES {
        desk.apply(n, Edit::Title(format!("Changed {n}"))).await;
    }
    desk.contents.push(article(0, "New since").content);
    desk.pull(0..=ARTICLES).await;
    let before = desk.ids_now().await;
    assert_eq!(before.len(), ARTICLES + 1);
    desk.store.close().await;
    restore(&path, &backup, desk.now).await.unwrap();
    desk.store = Store::open(&path, desk.now).await.unwrap();
    assert_eq!(desk.ids_now().await, desk.ids, "as they were at the backup");
    desk.pull((0..=ARTICLES).rev()).await;
    assert_eq!(desk.ids_now().await, before, "also of what came after the backup");
}

/// What a reader of any format knows of an entry.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    id: String,
    title: String,
    link: String,
    published: i64,
    updated: i64,
    authors: Vec<String>,
    tags: Vec<String>,
}

impl Known {
    fn of(entry: feed_rs::model::Entry) -> Self {
        let published = entry.published.unwrap().timestamp();
        let title = entry.title.unwrap();
        let is_html = title.content_type.essence().to_string() == "text/html";
        let plain = if is_html {
            title.content.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        } else {
            title.content
        };
        let clean = |text: &str| text.replace('\u{2060}', "");
        Self {
            id: entry.id,
            title: clean(&plain),
            link: entry.links[0].href.clone(),
            published,
            updated: entry.updated.map_or(published, |updated| updated.timestamp()),
            authors: entry
                .authors
                .into_iter()
                .filter_map(|author| author.name)
                .map(|name| clean(&name))
                .collect(),
            tags: entry.categories.iter().map(|category| clean(&category.term)).collect(),
        }
    }
}

#[test]
fn the_three_formats_say_the_same_of_the_nastiest_articles() {
    let mut articles = odd_articles();
    let mut large = article(90, "Five megabytes");
    large.content.html = format!("<p>{}</p>", "All the news &amp; more. ]]&gt; ".repeat(180_000));
    assert!(large.content.html.len() > 5_000_000);
    let mut mixed = article(91, "]]> & <b>\u{202E}abc\u{202C} 🎉\u{7}العنوان</b> &lt; \u{FFFF}");
    mixed.content.authors = vec!["Ada <b> & Co".to_owned(), "ليلى".to_owned(), "B\u{1}ob".to_owned()];
    mixed.content.tags = vec!["<![CDATA[x]]>".to_owned(), "a&amp;b".to_owned(), "العربية".to_owned()];
    mixed.changed_at = Timestamp::from_unix(MORNING + 9_999_999);
    let mut bare = article(92, "Nothing but a title");
    bare.content = Content {
        authors: Vec::new(),
        tags: Vec::new(),
        html: String::new(),
        text: String::new(),
        summary: String::new(),
        url: None,
        language: None,
        published_at: None,
        ..bare.content
    };
    articles.extend([large, mixed, bare]);
    let read = |format: Format| -> Vec<Known> {
        let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
        let parsed = parser.parse(feed_of(&articles).render(format).as_bytes()).unwrap();
        parsed.entries.into_iter().map(Known::of).collect()
    };
    let [rss, atom, json] = Format::ALL.map(read);
    assert_eq!(rss.len(), articles.len());
    for ((rss, atom), json) in rss.iter().zip(&atom).zip(&json) {
        assert_eq!((rss, rss), (atom, json));
    }
    assert!(rss.iter().any(|entry| entry.tags.len() == 300));
    assert!(rss.iter().any(|entry| entry.updated > entry.published && entry.authors.len() == 3));
}
