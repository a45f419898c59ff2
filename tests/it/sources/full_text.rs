//! Feeds with teasers: the articles' pages are read politely, and no article waits for its page.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use courant::cli::{self, Output};
use courant::jobs::pages::PageReader;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, ScheduledSource, Settings};
use courant::model::article::Article;
use courant::model::time::{Clock, Timestamp};
use courant::source::{FeedSettings, Fetcher, Kind, Source};
use courant::store::{PageCounts, Store};
use tempfile::TempDir;
use tokio::sync::watch;

use super::NOW;
use super::web::Web;
use crate::support::article;

const TEASER: &str = "The harbour council met on Monday evening and …";
const GAP: Duration = Duration::from_secs(5);

/// What the site of the wire says; a test changes it.
struct Site {
    robots: Mutex<&'static str>,
    title: Mutex<&'static str>,
    items: AtomicUsize,
    is_up: AtomicBool,
    wall: AtomicBool,
}

struct Desk {
    web: Web,
    site: Arc<Site>,
    store: Store,
    puller: Puller,
    pages: PageReader,
    settings: watch::Sender<Arc<Settings>>,
    data: TempDir,
}

async fn feed(State(site): State<Arc<Site>>) -> String {
    let title = *site.title.lock().unwrap();
    let item = |number: usize| {
        format!(
            "<item><guid>{number}</guid><title>{title}</title><link>/news/{number}</link><description>{TEASER}</description></item>"
        )
    };
    let items: String = (1..=site.items.load(Ordering::SeqCst)).map(item).collect();
    format!("<rss version='2.0'><channel>{items}</channel></rss>")
}

async fn page(State(site): State<Arc<Site>>) -> Response {
    if !site.is_up.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let text = if site.wall.load(Ordering::SeqCst) {
        "We value your privacy: accept our cookies and those of our 812 partners. ".repeat(8)
    } else {
        let more =
            "The ferry sails again from June on, said its chair, and nobody was against it. ".repeat(8);
        format!("The harbour council met on Monday evening and decided on the ferry.</p><p>{more}")
    };
    Html(format!("<!doctype html><html><head><title>x</title></head><body><nav>Home News</nav><article><h1>The ferry</h1><p>{text}</p></article></body></html>"))
        .into_response()
}

async fn desk() -> Desk {
    let site = Arc::new(Site {
        robots: Mutex::new("User-agent: *\nDisallow: /private/"),
        title: Mutex::new("The ferry"),
        items: AtomicUsize::new(1),
        is_up: AtomicBool::new(true),
        wall: AtomicBool::new(false),
    });
    let robots = async |State(site): State<Arc<Site>>| *site.robots.lock().unwrap();
    let router = Router::new()
        .route("/feed", get(feed))
        .route("/news/{number}", get(page))
        .route("/robots.txt", get(robots))
        .with_state(Arc::clone(&site));
    let web = Web::with(router).await;
    let data = TempDir::new().unwrap();
    let store = Store::open_as_daemon(&data.path().join("courant.db"), NOW).await.unwrap();
    let kind = Kind::Feed(FeedSettings {
        url: web.url("/feed"),
        allow_private: true,
        full_text: true,
        ..FeedSettings::default()
    });
    let source = Source { name: "wire".to_owned(), tags: Vec::new(), kind };
    let settings = Settings {
        publication: article::publication(),
        newsletters: Vec::new(),
        sources: vec![ScheduledSource { source, every: Duration::from_mins(15) }],
        sending: None,
        reports: courant::jobs::Reports::default(),
        picture_disk: None,
        zones: courant::config::zones::Zones::built_in(),
    };
    let (settings, live) = watch::channel(Arc::new(settings));
    let fetcher = Fetcher::new("https://courier.example");
    let puller = Puller::new(store.clone(), fetcher.clone(), live.clone());
    let pages = PageReader::new(store.clone(), fetcher, live, puller.hosts());
    Desk { web, site, store, puller, pages, settings, data }
}

impl Desk {
    /// Lets pages be read, every five seconds, until this moment.
    async fn read_until(&self, from: Timestamp, end: Timestamp) {
        let mut now = from;
        while now <= end {
            self.pages.step(now).await.unwrap();
            now = now + GAP;
        }
    }

    async fn article(&self, id: &str) -> Article {
        self.store.find_article_of_source("wire", id).await.unwrap().unwrap()
    }

    async fn counts(&self) -> PageCounts {
        self.store.page_counts("wire").await.unwrap()
    }

    fn paths(&self) -> Vec<String> {
        self.web.requests().into_iter().map(|(path, _)| path).collect()
    }
}

#[tokio::test]
async fn a_teaser_is_completed_from_the_articles_page_and_stays_so() {
    let desk = desk().await;
    desk.puller.step(NOW).await.unwrap();
    assert_eq!(desk.article("1").await.content.text, TEASER, "it is there at once");
    desk.read_until(NOW, NOW + Duration::from_secs(4)).await;
    assert_eq!(desk.paths(), ["/feed"], "a server is left alone for five seconds");
    desk.read_until(NOW + GAP, NOW + GAP * 3).await;
    assert_eq!(desk.paths(), ["/feed", "/robots.txt", "/news/1"]);
    let whole = desk.article("1").await;
    assert!(
        whole.content.text.starts_with("The harbour council met on Monday evening and decided on the ferry.")
    );
    assert_eq!((whole.content.title.as_str(), whole.content.summary.as_str()), ("The ferry", TEASER));
    assert!(!whole.content.html.contains("Home News"), "{}", whole.content.html);
    assert_eq!(desk.counts().await, PageCounts { taken: 1, ..PageCounts::default() });

    let later = NOW + Duration::from_hours(1);
    desk.puller.step(later).await.unwrap();
    desk.site.items.store(2, Ordering::SeqCst);
    desk.puller.step(later + Duration::from_hours(1)).await.unwrap();
    assert_eq!(desk.article("1").await, whole, "the feed says what it said");
    *desk.site.title.lock().unwrap() = "The ferry sails";
    let edited = later + Duration::from_hours(2);
    desk.puller.step(edited).await.unwrap();
    let article = desk.article("1").await;
    assert_eq!(
        (article.content.title.as_str(), &article.content.text),
        ("The ferry sails", &whole.content.text)
    );
    desk.read_until(edited + GAP, edited + GAP * 4).await;
    assert_eq!(desk.counts().await, PageCounts { taken: 2, ..PageCounts::default() });
    assert_eq!(desk.paths().iter().filter(|path| *path == "/news/1").count(), 2, "its page is read again");
    assert_eq!(desk.article("1").await.content.title, "The ferry sails");
}

#[tokio::test]
async fn what_the_feed_said_stays_where_the_page_is_something_else() {
    let desk = desk().await;
    desk.site.wall.store(true, Ordering::SeqCst);
    desk.puller.step(NOW).await.unwrap();
    let before = desk.article("1").await;
    desk.read_until(NOW + GAP, NOW + GAP * 4).await;
    assert_eq!(desk.article("1").await, before);
    assert_eq!(desk.counts().await, PageCounts { less: 1, ..PageCounts::default() });
}

#[tokio::test]
async fn a_page_that_cannot_be_read_is_tried_again_after_growing_pauses_and_given_up() {
    let desk = desk().await;
    desk.site.is_up.store(false, Ordering::SeqCst);
    desk.puller.step(NOW).await.unwrap();
    desk.pages.step(NOW + GAP).await.unwrap();
    let mut now = NOW + GAP * 2;
    for (tries, pause) in [10, 60, 360, 1_440, 100_000].into_iter().enumerate() {
        desk.pages.step(now).await.unwrap();
        if now.since(NOW) >= Duration::from_hours(24) {
            desk.pages.step(now + GAP).await.unwrap(); // after a day the site is asked again what it wants
        }
        let asked = desk.paths().iter().filter(|path| *path == "/news/1").count();
        assert_eq!(asked, tries + 1);
        desk.pages.step(now + Duration::from_mins(pause) - Duration::from_secs(9)).await.unwrap();
        assert_eq!(desk.paths().iter().filter(|path| *path == "/news/1").count(), asked, "it is left alone");
        now = now + Duration::from_mins(pause) + GAP;
    }
    let counts = desk.counts().await;
    assert_eq!((counts.failed, counts.due), (1, 0));
    assert!(counts.error.unwrap().contains("/news/1"));
    assert_eq!(desk.article("1").await.content.text, TEASER, "the article is not lost");
}

#[tokio::test]
async fn where_a_site_wants_no_programs_none_of_its_pages_is_asked_for() {
    let desk = desk().await;
    *desk.site.robots.lock().unwrap() = "User-agent: *\nDisallow: /news";
    desk.puller.step(NOW).await.unwrap();
    desk.read_until(NOW + GAP, NOW + GAP * 5).await;
    assert_eq!(desk.paths(), ["/feed", "/robots.txt"]);
    let counts = desk.counts().await;
    assert_eq!(counts.failed, 1);
    assert!(counts.error.unwrap().ends_with("does not want programs there"));
}

#[tokio::test]
async fn pages_of_one_server_are_asked_for_one_by_one_as_slowly_as_it_wants() {
    let desk = desk().await;
    *desk.site.robots.lock().unwrap() = "User-agent: *\nCrawl-delay: 20";
    desk.site.items.store(3, Ordering::SeqCst);
    desk.puller.step(NOW).await.unwrap();
    desk.read_until(NOW + GAP, NOW + Duration::from_secs(24)).await;
    assert_eq!(desk.paths(), ["/feed", "/robots.txt"]);
    desk.read_until(NOW + GAP * 5, NOW + Duration::from_secs(64)).await;
    assert_eq!(desk.counts().await, PageCounts { taken: 2, due: 1, ..PageCounts::default() });
    desk.read_until(NOW + Duration::from_secs(65), NOW + Duration::from_secs(70)).await;
    assert_eq!(desk.paths()[2..], ["/news/3", "/news/2", "/news/1"], "the newest first");
}

#[tokio::test]
async fn the_operator_sees_how_it_went_with_the_pages() {
    let desk = desk().await;
    desk.puller.step(NOW).await.unwrap();
    desk.read_until(NOW + GAP, NOW + GAP * 3).await;
    let configuration = desk.data.path().join("courant.toml");
    let file = format!(
        "[publication]\ntitle = 'T'\nbase_url = 'https://news.example.org'\n[database]\nurl = 'sqlite:{}'\n\
        [[source]]\nname = 'wire'\nkind = 'feed'\nurl = '{}'\nallow_private = true\nfull_text = true\n",
        desk.data.path().join("courant.db").display(),
        desk.web.url("/feed")
    );
    std::fs::write(&configuration, file).unwrap();
    let (output, captured) = Output::captured();
    let arguments = ["courant", "-c", configuration.to_str().unwrap(), "source", "show", "wire"];
    cli::run(arguments.map(Into::into), output, Clock::manual(NOW)).await.unwrap();
    let shown = captured.text();
    assert!(
        shown.contains("pages: 1 read, 0 to be read, 0 that give no more than the feed, 0 given up"),
        "{shown}"
    );
}

#[tokio::test]
async fn pages_are_forgotten_once_the_operator_does_not_want_them_any_more() {
    let desk = desk().await;
    desk.puller.step(NOW).await.unwrap();
    assert_eq!(desk.counts().await.due, 1);
    desk.settings.send_modify(|settings| Arc::make_mut(settings).sources.clear());
    desk.read_until(NOW + GAP, NOW + GAP * 3).await;
    assert_eq!((desk.counts().await, desk.paths().len()), (PageCounts::default(), 1));
}
