//! Pictures of articles: fetched once, and served from our own host.

mod drawing;
mod making;
mod refused;
mod room;

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use courant::jobs::Job;
use courant::jobs::pictures::PictureKeeper;
use courant::mail::inbox::Behaviour;
use courant::model::article::{Article, Content, Image};
use courant::model::newsletter::Newsletter;
use courant::source::Fetcher;
use courant::source::fetch::{Limits, Names, Network};
use courant::store::{PictureStanding, Store};
use mail_parser::MessageParser;
use reqwest::Method;

use self::drawing::{jpeg, photograph};
use crate::sources::web::Web;
use crate::support::app::{TestApp, daily};
use crate::support::article;

const NOW: &str = "2026-03-02T04:00:00Z";
const AFTER_TICK: &str = "2026-03-02T06:05:00Z";

/// How long a server is left alone between two requests.
const GAP: Duration = Duration::from_secs(5);

/// Room for all pictures of a test.
const ENOUGH: u64 = 100 << 20;

/// What the site of the pictures has: a media type and bytes, or only a status.
type Files = Arc<Mutex<HashMap<&'static str, (StatusCode, &'static str, Vec<u8>)>>>;

/// The program, and beside it a site with pictures.
struct Desk {
    app: TestApp,
    keeper: PictureKeeper,
    web: Web,
    files: Files,
}

async fn file(State(files): State<Files>, Path(name): Path<String>) -> Response {
    match files.lock().unwrap().get(name.as_str()) {
        Some((status, kind, bytes)) => (*status, [("content-type", *kind)], bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn keeper(app: &TestApp) -> PictureKeeper {
    let network = Network { names: Names::System, trusted: vec![IpAddr::from([127, 0, 0, 1])] };
    let fetcher = Fetcher::with("https://news.example.org/", Limits::for_pictures(), network);
    PictureKeeper::new(app.store.clone(), fetcher, app.live_settings())
}

async fn desk_of(newsletters: Vec<Newsletter>) -> Desk {
    let app = TestApp::start_with_relay(newsletters, NOW, Behaviour::default()).await;
    app.configure(|settings| settings.picture_disk = Some(ENOUGH));
    let files = Files::default();
    let robots = get(async || "User-agent: *\nDisallow: /files/hidden");
    let router = Router::new().route("/robots.txt", robots).route("/files/{name}", get(file));
    let web = Web::with(router.with_state(Arc::clone(&files))).await;
    Desk { keeper: keeper(&app), app, web, files }
}

async fn desk() -> Desk {
    desk_of(vec![daily()]).await
}

impl Desk {
    fn put(&self, name: &'static str, kind: &'static str, bytes: Vec<u8>) {
        self.files.lock().unwrap().insert(name, (StatusCode::OK, kind, bytes));
    }

    fn url(&self, name: &str) -> String {
        self.web.url(&format!("/files/{name}"))
    }

    /// An article of a source whose own picture is the first, and which shows the others in its text.
    async fn publish_from(&self, source: &str, title: &str, pictures: &[&str]) -> Article {
        let image = pictures.first().map(|name| Image {
            alt: Some("A quay".into()),
            url: self.url(name),
            ..Image::default()
        });
        let shown = |name: &&str| format!("<p>See:</p><img src=\"{}\" alt=\"At dawn\">", self.url(name));
        let html: String = pictures.iter().skip(1).map(shown).collect();
        let published_at = Some(self.app.clock.now());
        let plain = article::article(1, title).content;
        let content = Content { url: None, image, html: plain.html.clone() + &html, published_at, ..plain };
        self.app
            .store
            .save_articles(source, &[(title.to_owned(), content)], self.app.clock.now())
            .await
            .unwrap();
        self.app.store.find_article_of_source(source, title).await.unwrap().unwrap()
    }

    async fn publish(&self, title: &str, pictures: &[&str]) -> Article {
        self.publish_from("cms", title, pictures).await
    }

    /// Lets the keeper work until it has nothing to do, which takes its time.
    async fn keep(&self) {
        let mut idle = 0;
        while idle < 3 {
            let done = self.keeper.step(self.app.clock.now()).await.unwrap();
            idle = if done == 0 { idle + 1 } else { 0 };
            self.app.clock.advance_to(self.app.clock.now() + GAP);
        }
    }

    /// Which files the site was asked for.
    fn asked(&self) -> Vec<String> {
        let paths = self.web.requests().into_iter().map(|(path, _)| path);
        paths.filter_map(|path| Some(path.strip_prefix("/files/")?.to_owned())).collect()
    }

    async fn standing(&self, article: &Article) -> Vec<PictureStanding> {
        self.app.store.picture_standings(article.id).await.unwrap()
    }

    async fn states(&self, article: &Article) -> Vec<String> {
        self.standing(article).await.into_iter().map(|own| own.state).collect()
    }

    fn folder(&self) -> PathBuf {
        folder(&self.app.store)
    }

    /// The names in the folder.
    fn names(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder()) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn folder(store: &Store) -> PathBuf {
    let mut path = store.path().as_os_str().to_owned();
    path.push(".pictures");
    path.into()
}

/// The values of an attribute in a page, in their order.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let begin = format!(" {name}=\"");
    let values = html.split(begin.as_str()).skip(1);
    values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The paths of pictures in a page that are ours.
fn media(html: &str) -> Vec<String> {
    let mut found = attributes(html, "src");
    found.retain(|src| src.starts_with("/media/"));
    found
}

#[tokio::test]
async fn a_page_shows_pictures_from_our_own_host_in_the_width_that_a_browser_has_use_for() {
    let desk = desk().await;
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(1600, 1200), 1));
    desk.put("dawn.jpg", "image/jpeg", jpeg(&photograph(300, 200), 1));
    let own = desk.publish("The ferry sails again", &["quay.jpg", "dawn.jpg"]).await;
    let served = desk.app.serve().await;
    let path = "/articles/the-ferry-sails-again";
    let before = served.get(path).await.text().to_owned();
    assert!(
        media(&before).is_empty() && before.contains(&desk.url("quay.jpg")),
        "nothing waits for a picture"
    );
    desk.keep().await;
    assert_eq!(desk.asked(), ["quay.jpg", "dawn.jpg"], "each once");
    assert_eq!(desk.states(&own).await, ["kept", "kept"]);

    let page = served.get(path).await.text().to_owned();
    let [quay, dawn]: [String; 2] = media(&page).try_into().unwrap();
    let sets = attributes(&page, "srcset");
    assert!(sets[0].ends_with(&format!("560w, {quay} 1120w")) && sets[0].contains(" 224w, "), "{sets:?}");
    assert!(sets[1].ends_with(&format!("{dawn} 300w")), "{sets:?}");
    assert_eq!(attributes(&page, "sizes").len(), 2);
    assert!(page.contains(&format!("<img src=\"{dawn}\" width=\"300\" height=\"200\" srcset")), "{page}");
    assert!(
        page.contains("alt=\"A quay\" width=\"1120\" height=\"840\"") && page.contains("alt=\"At dawn\"")
    );
    for part in sets.iter().flat_map(|set| set.split(", ")) {
        let (path, width) = part.split_once(' ').unwrap();
        let picture = image::load_from_memory(&served.get(path).await.bytes).unwrap();
        assert_eq!(format!("{}w", picture.width()), width);
    }
    let feed = served.get("/feed.json").await.text().to_owned();
    assert!(feed.contains(&desk.url("quay.jpg")) && !feed.contains("/media/"), "a feed's bytes stay");
}

#[tokio::test]
async fn a_picture_is_kept_by_caches_for_ever_and_said_to_be_what_it_is() {
    let desk = desk().await;
    desk.put("quay.jpg", "text/plain", jpeg(&photograph(600, 400), 1));
    let own = desk.publish("The ferry sails again", &["quay.jpg"]).await;
    desk.keep().await;
    let served = desk.app.serve().await;
    let page = served.get("/articles/the-ferry-sails-again").await.text().to_owned();
    let path = media(&page).remove(0);
    let answer = served.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "image/jpeg", "by its bytes, whatever its server said");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-length"), answer.bytes.len().to_string());
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    let tag = answer.header("etag");
    let again = served.ask(Method::GET, &path, &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(again.header("cache-control"), answer.header("cache-control"));
    let head = served.ask(Method::HEAD, &path, &[]).await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), answer.header("content-length"));
    let other_ending = path.replace(".jpg", ".html");
    for wrong in
        [other_ending.as_str(), "/media/x", "/media/..%2fcourant.db", "/media/", &path[..path.len() - 4]]
    {
        assert_eq!(served.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert_eq!(desk.states(&own).await, ["kept"]);
}

#[tokio::test]
async fn a_digest_shows_pictures_from_our_own_host_with_their_sizes() {
    let desk = desk().await;
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(1600, 1200), 6));
    desk.put("dawn.jpg", "image/jpeg", jpeg(&photograph(1600, 1200), 1));
    desk.publish("Without one yet", &["late.jpg"]).await;
    desk.publish("The council met", &["dawn.jpg"]).await;
    desk.app.clock.advance_to(desk.app.clock.now() + GAP);
    desk.publish("The ferry sails again", &["quay.jpg"]).await;
    for reader in ["ada@example.com", "bob@example.com"] {
        desk.app.subscribe(reader, "daily").await;
    }
    desk.keep().await;
    desk.app.advance_to(AFTER_TICK).await;
    let edition = desk.app.editions("daily").await.remove(0);
    let served = desk.app.serve().await;
    let page = served.get(&format!("/newsletters/daily/editions/{}", edition.number)).await.text().to_owned();
    assert_eq!(media(&page).len(), 2, "{page}");
    let html = |reader| {
        let mail = &desk.app.inbox().mails_to(reader)[0];
        MessageParser::default().parse(&mail.bytes).unwrap().body_html(0).unwrap().into_owned()
    };
    let (ada, bob): (String, String) = (html("ada@example.com"), html("bob@example.com"));
    let shown = |html: &str| {
        let sources = attributes(html, "src");
        sources.into_iter().zip(attributes(html, "height")).collect::<Vec<_>>()
    };
    assert_eq!(shown(&ada), shown(&bob), "all get the same");
    let ours: Vec<_> = attributes(&ada, "src")
        .into_iter()
        .filter(|src| src.starts_with("https://news.example.org/media/"))
        .collect();
    assert_eq!(ours.len(), 2, "{ada}");
    for src in &ours {
        let path = src.strip_prefix("https://news.example.org").unwrap();
        let picture = image::load_from_memory(&served.get(path).await.bytes).unwrap();
        let shape = (picture.width(), picture.height());
        assert!([(1120, 1493), (224, 168)].contains(&shape), "twice the room that it has: {shape:?}");
    }
    assert!(
        ada.contains("width=\"480\" height=\"639\"") || ada.contains("width=\"480\" height=\"640\""),
        "the upright lead: {ada}"
    );
    assert!(ada.contains("width=\"112\" height=\"84\""), "the card");
}

#[tokio::test]
async fn nothing_is_fetched_unless_the_operator_wants_it() {
    let desk = desk().await;
    desk.app.configure(|settings| settings.picture_disk = None);
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(600, 400), 1));
    let own = desk.publish("The ferry sails again", &["quay.jpg"]).await;
    desk.keep().await;
    assert_eq!((desk.web.requests().len(), desk.names(), desk.standing(&own).await), (0, vec![], vec![]));
    let served = desk.app.serve().await;
    let page = served.get("/articles/the-ferry-sails-again").await.text().to_owned();
    assert!(page.contains(&desk.url("quay.jpg")));
    desk.app.configure(|settings| settings.picture_disk = Some(ENOUGH));
    desk.keep().await;
    let page = served.get("/articles/the-ferry-sails-again").await.text().to_owned();
    let path = media(&page).remove(0);
    assert_eq!(served.get(&path).await.status, StatusCode::OK);
    desk.app.configure(|settings| settings.picture_disk = None);
    desk.keep().await;
    assert_eq!(desk.names(), Vec::<String>::new(), "off is off");
    let answer = served.get(&path).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::FOUND, desk.url("quay.jpg").as_str())
    );
    assert!(served.get("/articles/the-ferry-sails-again").await.text().contains(&desk.url("quay.jpg")));
}
