//! Feeds as the world publishes them: one odd thing a file.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{Uri, header};
use axum::routing::get;
use courant::model::article::{RawArticle, RawBody};
use courant::source::{Fetcher, Kind, Pull};

use super::web::Web;
use super::{NOW, pull, source};

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds")
}

/// A pull as somebody would describe it.
fn describe(pull: &Pull) -> String {
    let mut text = String::new();
    for article in &pull.articles {
        describe_article(article, &mut text);
    }
    for note in &pull.notes {
        writeln!(text, "note: {note}").unwrap();
    }
    if let Some(moment) = pull.next_not_before {
        writeln!(text, "not before {} s", moment.since(NOW).as_secs()).unwrap();
    }
    text
}

fn describe_article(article: &RawArticle, text: &mut String) {
    let body = match &article.body {
        RawBody::Html(html) => Some(html.clone()),
        RawBody::None => None,
        other => Some(format!("{other:?}")),
    };
    let image = article.image.as_ref().map(|image| match (image.width, image.height) {
        (None, None) => image.url.clone(),
        size => format!("{} {size:?}", image.url),
    });
    writeln!(text, "{}", article.external_id).unwrap();
    for (name, value) in [
        ("title", article.title.clone()),
        ("url", article.url.clone()),
        ("authors", Some(article.authors.join(" | "))),
        ("tags", Some(article.tags.join(" | "))),
        ("published", article.published_at.map(|at| at.to_string())),
        ("updated", article.updated_at.map(|at| at.to_string())),
        ("language", article.language.clone()),
        ("image", image),
        ("summary", article.summary.clone()),
        ("body", body),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            writeln!(
                text,
                "  {name}: {}",
                value.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
            )
            .unwrap();
        }
    }
}

#[tokio::test]
async fn each_odd_feed_gives_all_of_its_articles_and_says_what_was_mended() {
    let read = async |uri: Uri| fs::read(fixtures().join(uri.path().trim_start_matches('/'))).unwrap();
    let web = Web::with(Router::new().fallback(read)).await;
    let mut names: Vec<_> =
        fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut all = String::new();
    for name in names {
        let name = name.to_str().unwrap();
        let pull = pull(&web.feed(&format!("/{name}")), "").await.unwrap();
        write!(all, "== {name}\n{}\n", describe(&pull)).unwrap();
    }
    insta::with_settings!({ filters => vec![(r"127\.0\.0\.1:\d+", "[server]")] }, {
        insta::assert_snapshot!(all);
    });
}

/// A feed that its publisher changes.
struct Changing {
    document: Arc<Mutex<String>>,
    kind: Kind,
    cursor: String,
}

impl Changing {
    async fn new() -> Self {
        let document = Arc::new(Mutex::new(String::new()));
        let serve = async |State(document): State<Arc<Mutex<String>>>| document.lock().unwrap().clone();
        let web = Web::with(Router::new().route("/feed", get(serve)).with_state(Arc::clone(&document))).await;
        Self { document, kind: web.feed("/feed"), cursor: String::new() }
    }

    /// Publishes items, and says by which names they are known.
    async fn publish(&mut self, items: &[&str]) -> Vec<String> {
        let items = items.join("</item><item>");
        *self.document.lock().unwrap() =
            format!("<rss version='2.0'><channel><item>{items}</item></channel></rss>");
        let fetcher = Fetcher::new("https://courier.example");
        let pull = source(self.kind.clone()).pull(&fetcher, &self.cursor, NOW).await.unwrap();
        self.cursor = pull.cursor;
        pull.articles.into_iter().map(|article| article.external_id).collect()
    }
}

/// An item of guid, address, title and date; what is empty is left out.
fn item([guid, link, title, date]: [&str; 4]) -> String {
    let element = |name: &str, text: &str| {
        if text.is_empty() { String::new() } else { format!("<{name}>{text}</{name}>") }
    };
    element("guid", guid) + &element("link", link) + &element("title", title) + &element("pubDate", date)
}

/// What publishers do to an item: how it was and how it is.
const HISTORIES: &[(&str, [&str; 4], [&str; 4])] = &[
    (
        "its title is edited",
        ["g1", "http://a.example/a", "Bridge", ""],
        ["g1", "http://a.example/a", "Ferry", ""],
    ),
    (
        "its address changes",
        ["g1", "http://a.example/a", "Bridge", ""],
        ["g1", "http://a.example/b", "Bridge", ""],
    ),
    (
        "its guid disappears",
        ["g1", "http://a.example/a", "Bridge", ""],
        ["", "http://a.example/a", "Bridge!", ""],
    ),
    ("a guid appears", ["", "http://a.example/a", "Bridge", ""], ["g1", "http://a.example/a", "Ferry", ""]),
    (
        "its guid is made anew",
        ["g1", "http://a.example/a", "Bridge", ""],
        ["g9", "http://a.example/a", "Bridge", ""],
    ),
    (
        "it goes to https",
        ["", "http://a.example/a", "Bridge", ""],
        ["", "https://www.a.example/a/", "Ferry", ""],
    ),
    ("its site moves", ["", "http://a.example/a", "Bridge", ""], ["", "https://b.example/a", "Bridge", ""]),
    (
        "its guid moves too",
        ["http://a.example/a", "", "Bridge", ""],
        ["https://b.example/a", "", "Bridge", ""],
    ),
    (
        "readers are counted",
        ["", "http://a.example/a", "Bridge", ""],
        ["", "http://a.example/a?utm_source=x", "Ferry", ""],
    ),
    ("it is dated anew", ["", "", "Bridge", ""], ["", "", "Bridge", "Tue, 03 Mar 2026 09:00:00 GMT"]),
    ("it has only a date", ["", "", "Bridge", "2026-03-03"], ["", "", "Ferry", "2026-03-03"]),
    ("it is published again", ["g1", "", "Bridge", "2026-03-03"], ["g1", "", "Bridge", "2026-04-04"]),
];

#[tokio::test]
async fn an_article_stays_the_same_through_what_publishers_do_to_it() {
    for (what, before, after) in HISTORIES {
        let (before, after) = (item(*before), item(*after));
        let mut feed = Changing::new().await;
        let first = feed.publish(&[&before, "<guid>other</guid><title>Other</title>"]).await;
        let second = feed.publish(&["<guid>newest</guid><title>Newest</title>", &after]).await;
        assert_eq!(second[1], first[0], "{what}");
        assert!(!first.contains(&second[0]), "{what}");
        assert_eq!(feed.publish(&[&after]).await, [first[0].as_str()], "{what}");
    }
}

#[tokio::test]
async fn articles_that_share_an_address_or_a_guid_stay_two() {
    let live = |guid, title| {
        format!(
            "<guid isPermaLink='false'>{guid}</guid><link>https://wire.example/live</link><title>{title}</title>"
        )
    };
    let mut feed = Changing::new().await;
    let first = feed.publish(&[&live("1", "It begins")]).await;
    let second = feed.publish(&[&live("2", "It goes on")]).await;
    assert_ne!(first, second, "a live blog's next entry is another article");

    let mut feed = Changing::new().await;
    let same = |link, title| {
        format!("<guid>the same</guid><link>https://wire.example/{link}</link><title>{title}</title>")
    };
    let ids = feed.publish(&[&same("a", "A"), &same("b", "B"), &same("c", "C")]).await;
    assert_eq!(ids, ["the same", "wire.example/b", "wire.example/c"]);
    assert_eq!(feed.publish(&[&same("c", "C"), &same("a", "A"), &same("b", "B")]).await.len(), 3);
}

#[tokio::test]
async fn a_server_that_names_the_encoding_is_believed() {
    let body = b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><item><title>\xcd\xee\xe2\xee\xf1\xf2\xe8</title></item></channel></rss>";
    let serve =
        get(async || ([(header::CONTENT_TYPE, "text/xml; charset=\"windows-1251\"")], body.as_slice()));
    let web = Web::with(Router::new().route("/feed", serve)).await;
    assert_eq!(pull(&web.feed("/feed"), "").await.unwrap().articles[0].title.as_deref(), Some("Новости"));
}

#[tokio::test]
async fn a_feed_of_too_many_items_is_read_as_far_as_is_good() {
    let items: Vec<String> = (0..5100)
        .map(|number| format!("<item><guid>{number}</guid><title>{number}</title></item>"))
        .collect();
    let items = items.concat();
    let document = format!("<rss version='2.0'><channel>{items}</channel></rss>");
    let web = Web::with(Router::new().route("/feed", get(async move || document))).await;
    let pull = pull(&web.feed("/feed"), "").await.unwrap();
    assert_eq!(pull.articles.len(), 5000);
    assert_eq!(
        pull.notes,
        [
            "mended: it has more items than are read (5000): the rest is left out. Its publisher can mend it: keep the newest hundred \
        in the feed, older ones in an archive (RFC 5005)"
        ]
    );
}

/// Documents that are made to be slow or to grow: each is read in a bounded time, or refused.
#[tokio::test]
async fn documents_made_to_hurt_do_not() {
    let open = |tag: &str, count: usize| format!("<rss version='2.0'><channel><item>{}", tag.repeat(count));
    let entities = format!(
        "<!DOCTYPE rss [<!ENTITY a \"{}\">]><rss version='2.0'><channel><item><title>{}</title></item></channel></rss>",
        "x".repeat(400),
        "&a;".repeat(100_000)
    );
    let deep = format!(
        "<rss version='2.0'><channel><item><description>{}</description></item></channel></rss>",
        "<b>".repeat(50_000)
    );
    let nested = format!(
        "<rss version='2.0'><channel><item>{}",
        "<media:group>".repeat(50_000) + &"</media:group>".repeat(50_000)
    );
    let many_names = (0..50_000).map(|number| format!("<a{number}>")).collect::<Vec<_>>().concat();
    let json = format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":{}", "[".repeat(50_000));
    for document in [
        open("<title>", 50_000),
        open("<description><![CDATA[", 50_000),
        open("<a b='", 50_000),
        open("<!x\n", 50_000),
        open("<?x\n", 50_000),
        open("<category>", 50_000) + &"</category>".repeat(50_000),
        format!("<rss version='2.0'><channel><item>{many_names}</item></channel></rss>"),
        entities,
        deep,
        nested,
        json,
        "<".repeat(200_000),
        "&".repeat(200_000),
    ] {
        let web = Web::with(Router::new().route("/feed", get(async move || document))).await;
        let result = pull(&web.feed("/feed"), "").await;
        if let Ok(pull) = result {
            let size: usize =
                pull.articles.iter().map(|article| article.title.as_ref().map_or(0, String::len)).sum();
            assert!(size < 2 * 1024 * 1024, "{size} bytes of title");
        }
    }
}
