//! What reading costs: a feed as a source reads it beside the parser alone, and ten thousand feeds on one machine.
//!
//! `cargo bench --bench sources`

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

#[expect(dead_code, reason = "what the tests need besides")]
#[path = "../tests/it/support/article.rs"]
mod article;

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use courant::config::zones::Zones;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, Reports, ScheduledSource, Settings};
use courant::model::time::Timestamp;
use courant::source::{FeedSettings, Fetcher, Kind, Source, read_feed};
use courant::store::Store;
use divan::Bencher;
use divan::counter::BytesCount;
use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

const SOURCES: usize = 10_000;
const SERVERS: usize = 500;
const ROUNDS: usize = 3;
const NOW: Timestamp = Timestamp::from_unix(4_000_000_000);

fn main() {
    let polls = std::env::args().all(|argument| !argument.starts_with("read"));
    if polls {
        poll_ten_thousand();
    }
    divan::main();
}

/// Two hundred items of some 4 kB each, as well-behaved programs write them.
fn document(kind: &str) -> Vec<u8> {
    let html = "<p>The harbour master &amp; the pilots met before the tide turned, as they do each <em>Tuesday</em>. \
        <a href=\"https://www.example.org/pilots\">Who they are</a> is no secret, “nor is it news”.</p>\n"
        .repeat(20);
    let escaped = html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut items = String::new();
    for number in 0..200 {
        let (day, link) = (number % 28 + 1, format!("https://www.example.org/{number}"));
        match kind {
            "rss" => writeln!(items, "<item>\n<title>Pilots, part {number}</title>\n<link>{link}</link>\n<guid isPermaLink=\"false\">{number}</guid>\n<dc:creator><![CDATA[Ines Okafor]]></dc:creator>\n<category><![CDATA[Harbour]]></category>\n<pubDate>{day:02} Mar 2026 09:00:00 +0000</pubDate>\n<description><![CDATA[The harbour master and the pilots met.]]></description>\n<content:encoded><![CDATA[{html}]]></content:encoded>\n</item>"),
            "atom" => writeln!(items, "<entry><title>Pilots, part {number}</title><link href=\"{link}\"/><id>{link}</id><updated>2026-03-{day:02}T09:00:00Z</updated><author><name>Ines Okafor</name></author><category term=\"Harbour\"/><content type=\"html\">{escaped}</content></entry>"),
            _ => {
                let item = serde_json::json!({"id": link, "url": link, "title": format!("Pilots, part {number}"), "content_html": html, "date_published": format!("2026-03-{day:02}T09:00:00Z")});
                write!(items, "{}{item}", if number == 0 { "" } else { "," })
            }
        }
        .unwrap();
    }
    match kind {
        "rss" => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel><title>Pilots</title><link>https://www.example.org/</link>\n{items}</channel></rss>"),
        "atom" => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Pilots</title><id>urn:pilots</id><updated>2026-03-02T09:00:00Z</updated>\n{items}</feed>"),
        _ => format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Pilots\",\"items\":[{items}]}}"),
    }
    .into_bytes()
}

#[divan::bench(args = ["rss", "atom", "json"])]
fn read_as_a_source(bencher: Bencher, kind: &str) {
    let (document, address) = (document(kind), Url::parse("https://www.example.org/feed").unwrap());
    assert_eq!(read_feed(&document, &address, NOW).unwrap().articles.len(), 200);
    let inputs = bencher.counter(BytesCount::new(document.len()));
    inputs.bench_local(|| read_feed(&document, &address, NOW));
}

#[divan::bench(args = ["rss", "atom", "json"])]
fn read_by_the_parser_alone(bencher: Bencher, kind: &str) {
    let document = document(kind);
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
    let inputs = bencher.counter(BytesCount::new(document.len()));
    inputs.bench_local(|| parser.parse(document.as_slice()).unwrap());
}

/// A feed of twenty items; with its validator there is nothing new.
async fn feed(Path(number): Path<usize>, headers: HeaderMap) -> Response {
    let etag = format!("\"{number}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let item = |item: usize| {
        format!(
            "<item><guid>{number}-{item}</guid><title>Item {item} of {number}</title><description>{}</description></item>",
            "The harbour master and the pilots met. ".repeat(8)
        )
    };
    let items: String = (0..20).map(item).collect();
    ([(header::ETAG, etag)], format!("<rss version='2.0'><channel><title>P</title>{items}</channel></rss>"))
        .into_response()
}

/// Servers on loopback, in a thread of their own.
fn serve() -> Vec<String> {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut servers = Vec::new();
            for _ in 0..SERVERS {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                send.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
                let router = Router::new().route("/{number}", get(feed));
                servers.push(async move { axum::serve(listener, router).await.unwrap() });
            }
            drop(send);
            futures_util::future::join_all(servers).await;
        });
    });
    receive.iter().collect()
}

/// Polls all sources, round by round, and prints how long that took, and with how much memory.
fn poll_ten_thousand() {
    let servers = serve();
    let source = |number: usize| {
        let url = format!("{}/{number}", servers[number % SERVERS]);
        let kind = Kind::Feed(FeedSettings { url, allow_private: true, ..FeedSettings::default() });
        let source = Source { name: format!("s{number}"), tags: Vec::new(), kind };
        ScheduledSource { source, every: Duration::from_mins(15) }
    };
    let settings = Settings {
        publication: article::publication(),
        newsletters: Vec::new(),
        sources: (0..SOURCES).map(source).collect(),
        sending: None,
        reports: Reports::default(),
        picture_disk: None,
        zones: Zones::built_in(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open_as_daemon(&data.path().join("courant.db"), NOW).await.unwrap();
        let live = watch::channel(Arc::new(settings)).1;
        let puller = Puller::new(store.clone(), Fetcher::new("https://courier.example"), live);
        println!("{SOURCES} feeds on {SERVERS} servers, servers included");
        let mut now = NOW;
        for round in 1..=ROUNDS {
            let (began, spent) = (Instant::now(), cpu_seconds());
            let end = now + Duration::from_hours(1);
            let mut steps = 0;
            while pulled_since(&store, now).await < SOURCES {
                puller.step(now + Duration::from_secs(5) * steps).await.unwrap();
                steps += 1;
                assert!(steps < 10_000, "the sources are never all asked");
            }
            let (took, spent) = (began.elapsed().as_secs_f64(), cpu_seconds() - spent);
            #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
            let rate = SOURCES as f64 * 60.0 / spent;
            println!("round {round}: {took:.1} s, {spent:.1} s of one core: {rate:.0} sources a minute; {} MB of memory", memory_mb());
            now = end;
        }
        store.close().await;
    });
}

/// How many sources were asked at this moment or later.
async fn pulled_since(store: &Store, moment: Timestamp) -> usize {
    let times = store.next_pulls().await.unwrap();
    times.iter().filter(|(_, next_at)| *next_at > moment + Duration::from_mins(10)).count()
}

/// Processor time of this process, in seconds: fields 14 and 15 of its `stat`, in ticks of which a second has 100.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// Resident memory of this process.
fn memory_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}
