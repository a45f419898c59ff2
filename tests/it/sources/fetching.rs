//! Servers that misbehave: each costs a bounded time and a bounded amount of memory, and is told by name.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use courant::model::time::Timestamp;
use courant::source::fetch::{Limits, Names, Network};
use courant::source::{Error, FeedSettings, Fetcher, Kind};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;

use super::web::Web;
use super::{NOW, source};

const FEED: &str = "<rss version='2.0'><channel><title>Wire</title><item><guid>1</guid><title>One</title>\
    </item></channel></rss>";

/// A fetcher that is quickly out of patience, so that the tests are not slow.
fn fetcher(network: Network) -> Fetcher {
    let limits = Limits {
        connect: Duration::from_secs(2),
        total: Duration::from_millis(1500),
        bytes: 1024 * 1024,
        redirects: 5,
    };
    Fetcher::with("https://courier.example", limits, network)
}

async fn answer(kind: &Kind) -> Result<courant::source::Pull, Error> {
    source(kind.clone()).pull(&fetcher(Network::default()), "", NOW).await
}

async fn why(kind: &Kind) -> String {
    answer(kind).await.unwrap_err().to_string()
}

/// The same where private addresses are refused, `127.0.0.2` is trusted, and `wire.example` is known.
async fn guarded(url: String) -> Result<courant::source::Pull, Error> {
    let names = [
        ("wire.example", "127.0.0.1"),
        ("trusted.example", "127.0.0.2"),
        ("cloud.example", "169.254.169.254"),
    ];
    let names = names.map(|(name, address)| (name.to_owned(), vec![address.parse().unwrap()]));
    let network = Network {
        names: Names::Fixed(Arc::new(HashMap::from(names))),
        trusted: vec!["127.0.0.2".parse().unwrap()],
    };
    source(Kind::Feed(FeedSettings { url, allow_private: false, ..FeedSettings::default() }))
        .pull(&fetcher(network), "", NOW)
        .await
}

fn status(status: u16) -> impl Fn() -> std::future::Ready<Response> + Clone + Send + 'static {
    move || std::future::ready((StatusCode::from_u16(status).unwrap(), "no").into_response())
}

#[tokio::test]
async fn a_status_that_is_no_success_is_told_with_what_it_means() {
    let mut router = Router::new();
    for code in [401, 403, 404, 410, 418, 429, 500, 503] {
        router = router.route(&format!("/{code}"), get(status(code)));
    }
    let web = Web::with(router).await;
    for (code, expected) in [
        (401, "refuses us (401): it may want a login, or knows no programs"),
        (403, "refuses us (403): it may want a login, or knows no programs"),
        (404, "was not found (404): the address may have changed"),
        (418, "answers with status 418, which is no content"),
        (429, "asks us to come less often (429)"),
        (500, "is in trouble itself (500); it may pass"),
        (503, "is in trouble itself (503); it may pass"),
    ] {
        let path = format!("/{code}");
        let reason = format!("{} {expected}", web.url(&path));
        assert_eq!(
            answer(&web.feed(&path)).await.unwrap_err(),
            Error::Unavailable { reason, not_before: None }
        );
    }
    let gone = answer(&web.feed("/410")).await.unwrap_err();
    assert!(matches!(gone, Error::Gone(words) if words.contains("is gone for ever")));
}

#[tokio::test]
async fn a_server_is_left_alone_as_long_as_it_asks() {
    let busy = |value: &'static str| {
        get(move || async move {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, value)], "").into_response()
        })
    };
    let fresh =
        get(|| async { ([(header::CACHE_CONTROL, "public, max-age=900"), (header::AGE, "300")], FEED) });
    let router = Router::new()
        .route("/seconds", busy("120"))
        .route("/date", busy("Tue, 02 Oct 2096 07:08:40 GMT"))
        .route("/years", busy("999999999"))
        .route("/nonsense", busy("later"))
        .route("/fresh", fresh);
    let web = Web::with(router).await;
    let not_before = async |path| match answer(&web.feed(path)).await {
        Ok(pull) => pull.next_not_before,
        Err(Error::Unavailable { not_before, .. }) => not_before,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(not_before("/seconds").await, Some(NOW + Duration::from_mins(2)));
    assert_eq!(not_before("/date").await, Some(NOW + Duration::from_mins(2)));
    assert_eq!(not_before("/years").await, Some(NOW + Duration::from_hours(7 * 24)));
    assert_eq!(not_before("/nonsense").await, None);
    assert_eq!(not_before("/fresh").await, Some(NOW + Duration::from_mins(10)));
}

#[tokio::test]
async fn what_is_no_feed_is_told_by_what_it_is() {
    let page =
        "<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>";
    let router = Router::new()
        .route("/page", get(move || async move { page }))
        .route("/bare", get(|| async { "<html><body>Hello</body></html>" }))
        .route("/text", get(|| async { "Hello" }))
        .route("/opml", get(|| async { "<?xml version='1.0'?><opml version='2.0'/>" }))
        .route("/json", get(|| async { "{\"a\": 1}" }))
        .route("/empty", get(|| async { "" }));
    let web = Web::with(router).await;
    for (path, expected) in [
        (
            "/page",
            format!(
                "is a web page, not a feed; it names these feeds: {}. Put one into `url`",
                web.url("/feed")
            ),
        ),
        ("/bare", "is a web page, not a feed, and names no feed".to_owned()),
        ("/text", "is no feed: neither XML nor JSON".to_owned()),
        ("/opml", "is XML, but no feed: its first element is <opml>".to_owned()),
        ("/json", "is JSON, but no JSON Feed".to_owned()),
        ("/empty", "is empty".to_owned()),
    ] {
        assert_eq!(why(&web.feed(path)).await, format!("{} {expected}", web.url(path)));
    }
}

#[tokio::test]
async fn a_body_without_end_is_read_only_as_far_as_it_is_allowed() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let endless = get(move || async move {
        let chunk = Bytes::from(vec![b' '; 64 * 1024]);
        Body::from_stream(stream::repeat_with(move || {
            counter.fetch_add(chunk.len(), Ordering::SeqCst);
            Ok::<_, std::io::Error>(chunk.clone())
        }))
    });
    let web = Web::with(Router::new().route("/feed", endless)).await;
    assert_eq!(
        why(&web.feed("/feed")).await,
        format!("{} is larger than 1024 KiB and was not read further", web.url("/feed"))
    );
    assert!(
        sent.load(Ordering::SeqCst) < 32 * 1024 * 1024,
        "{} bytes were sent",
        sent.load(Ordering::SeqCst)
    );
}

/// So many MiB of zeros.
fn zeros_in_gzip_and_brotli(mebibytes: usize) -> (Vec<u8>, Vec<u8>) {
    let zeros = vec![0; 1024 * 1024];
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 1, 22);
    for _ in 0..mebibytes {
        gzip.write_all(&zeros).unwrap();
        brotli.write_all(&zeros).unwrap();
    }
    (gzip.finish().unwrap(), brotli.into_inner())
}

/// So many MiB of zeros as zstd (RFC 8878): blocks that say "128 KiB of this byte".
fn zeros_in_zstd(mebibytes: usize) -> Vec<u8> {
    const BLOCK: [u8; 4] = [0b0000_0010, 0, 0b0001_0000, 0];
    [&[0x28, 0xB5, 0x2F, 0xFD, 0, 0x38], BLOCK.repeat(mebibytes * 8).as_slice()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_megabytes_and_some_seconds_are_enough_for_every_server_that_means_harm() {
    let (gzip, brotli) = zeros_in_gzip_and_brotli(200);
    let serve = |encoding: &'static str, bytes: Vec<u8>| {
        get(move || async move { ([(header::CONTENT_ENCODING, encoding)], bytes) })
    };
    let endless = get(async || {
        let chunk = Bytes::from(vec![b' '; 64 * 1024]);
        Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone())))
    });
    let next = async |Path(step): Path<u32>| match step {
        5000 => FEED.into_response(),
        _ => Redirect::permanent(&format!("/step/{}", step + 1)).into_response(),
    };
    let router = Router::new()
        .route("/feed", get(async || FEED))
        .route("/gzip", serve("gzip", gzip))
        .route("/brotli", serve("br", brotli))
        .route("/zstd", serve("zstd", zeros_in_zstd(200)))
        .route("/endless", endless)
        .route("/step/{step}", get(next))
        .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }));
    let web = Web::with(router).await;
    for (path, told) in [
        ("/feed", "/feed: 1 article"),
        ("/gzip", "is larger than 10240 KiB and was not read further"),
        ("/brotli", "is larger than 10240 KiB and was not read further"),
        ("/zstd", "is larger than 10240 KiB and was not read further"),
        ("/endless", "is larger than 10240 KiB and was not read further"),
        ("/step/0", "was redirected more than 5 times"),
        ("/file", "redirects to what is no http or https address: refused"),
    ] {
        let courant = assert_cmd::cargo::cargo_bin("courant");
        let limited = ["-c", "ulimit -d 102400 && exec \"$0\" \"$@\"", courant.to_str().unwrap()];
        let mut command = assert_cmd::Command::new("sh");
        command.args(limited).args(["source", "check", &web.url(path), "--allow-private"]);
        let output = command.env_remove("COURANT_CONFIG").timeout(Duration::from_secs(30)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains(told), "{path}: {said} {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[tokio::test]
async fn a_server_that_drips_or_says_nothing_is_given_up() {
    let drip = get(|| async {
        Body::from_stream(stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, std::io::Error>("<"), ()))
        }))
    });
    let mute = get(std::future::pending::<String>);
    let web = Web::with(Router::new().route("/drip", drip).route("/mute", mute)).await;
    for path in ["/drip", "/mute"] {
        let expected = format!("{} was not read within 1.5 s: it is too slow, or never ends", web.url(path));
        assert_eq!(why(&web.feed(path)).await, expected);
    }
}

#[tokio::test]
async fn redirects_are_followed_five_times_and_only_to_the_web() {
    let step = |number: usize| {
        let target = if number == 0 { "/feed".to_owned() } else { format!("/step/{}", number - 1) };
        get(move || async move { Redirect::temporary(&target) })
    };
    let mut router = Router::new()
        .route("/feed", get(|| async { FEED }))
        .route("/loop", get(|| async { Redirect::permanent("/loop") }))
        .route("/moved", get(|| async { Redirect::permanent("/feed") }))
        .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }))
        .route("/script", get(|| async { Redirect::temporary("javascript:alert(1)") }));
    for number in 0..6 {
        router = router.route(&format!("/step/{number}"), step(number));
    }
    let web = Web::with(router).await;
    assert_eq!(answer(&web.feed("/step/4")).await.unwrap().articles.len(), 1);
    for path in ["/step/5", "/loop"] {
        assert!(
            why(&web.feed(path)).await.contains("was redirected more than 5 times; is it a loop?"),
            "{path}"
        );
    }
    for path in ["/file", "/script"] {
        let expected = format!("{} redirects to what is no http or https address: refused", web.url(path));
        assert_eq!(why(&web.feed(path)).await, expected);
    }
    let moved = answer(&web.feed("/moved")).await.unwrap();
    assert_eq!(moved.notes, [format!("it has moved for good to {}: change `url`", web.url("/feed"))]);
}

#[tokio::test]
async fn private_addresses_are_refused_as_literals_as_names_and_as_targets_of_redirects() {
    let inside = Web::with(Router::new().route("/feed", get(|| async { FEED }))).await;
    let port = inside.address.port();
    let to = |host: &str| {
        let target = format!("http://{host}:{port}/feed");
        get(move || async move { Redirect::temporary(&target) })
    };
    let outside = Router::new()
        .route("/feed", get(|| async { FEED }))
        .route("/literal", to("127.0.0.1"))
        .route("/mapped", to("[::ffff:127.0.0.1]"))
        .route("/name", to("wire.example"));
    let outside = Web::at("127.0.0.2", outside).await;
    assert_eq!(guarded(outside.url("/feed")).await.unwrap().articles.len(), 1);
    let named = format!("http://trusted.example:{}/feed", outside.address.port());
    assert_eq!(guarded(named).await.unwrap().articles.len(), 1);

    for url in [
        inside.url("/feed"),
        format!("http://wire.example:{port}/feed"),
        format!("http://0x7f.1:{port}/feed"),
        format!("http://[::1]:{port}/feed"),
        "http://cloud.example/latest/meta-data".to_owned(),
        outside.url("/literal"),
        outside.url("/mapped"),
        outside.url("/name"),
    ] {
        let error = guarded(url.clone()).await.unwrap_err();
        let Error::Unusable(words) = &error else { panic!("{url}: {error:?}") };
        assert!(words.contains("a private address: refused"), "{url}: {words}");
    }
    assert!(inside.requests().is_empty(), "nothing may have reached the private server");
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_by_its_cause() {
    let error = guarded("http://unknown.example/feed".to_owned()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "unknown.example: no address for this name (no address for this name); is it spelt right?"
    );

    let web = Web::with(Router::new().route("/feed", get(|| async { FEED }))).await;
    let https = web.url("/feed").replace("http:", "https:");
    let error =
        why(&Kind::Feed(FeedSettings { url: https, allow_private: true, ..FeedSettings::default() })).await;
    assert!(error.contains("could not be connected to"), "{error}");

    for url in ["feed", "ftp://wire.example/feed", "file:///etc/passwd", "http://", ""] {
        let error = why(&Kind::Feed(FeedSettings {
            url: url.to_owned(),
            allow_private: true,
            ..FeedSettings::default()
        }))
        .await;
        assert_eq!(
            error,
            format!("{url:?} is not an http or https address such as https://wire.example.org/feed")
        );
    }
}

#[tokio::test]
async fn no_error_shows_a_password_or_a_token() {
    let web = Web::with(Router::new()).await;
    let url = format!("http://ada:secret@{}/feed?token=secret", web.address);
    let error = why(&Kind::Feed(FeedSettings { url, allow_private: true, ..FeedSettings::default() })).await;
    assert_eq!(error, format!("{} was not found (404): the address may have changed", web.url("/feed")));
}

#[tokio::test]
async fn a_request_says_who_asks_and_echoes_validators_as_they_were() {
    let feed = get(|headers: HeaderMap| async move {
        if headers.get(header::IF_NONE_MATCH).is_some_and(|etag| etag == "W/\"a b\"-gzip") {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        let validators =
            [(header::ETAG, "W/\"a b\"-gzip"), (header::LAST_MODIFIED, "Tue,  3 Mar 2026 9:00 GMT")];
        (validators, FEED).into_response()
    });
    let web = Web::with(Router::new().route("/feed", feed)).await;
    let source = source(web.feed("/feed"));
    let fetcher = fetcher(Network::default());
    let first = source.pull(&fetcher, "", NOW).await.unwrap();
    let second = source.pull(&fetcher, &first.cursor, NOW).await.unwrap();
    assert!(second.unchanged && second.articles.is_empty());
    let late = NOW + Duration::from_hours(9 * 24);
    let third = source.pull(&fetcher, &second.cursor, late).await.unwrap();
    assert!(!third.unchanged, "after eight days the feed is read whole");

    let requests = web.requests();
    let sent = |number: usize, name| {
        requests[number].1.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap())
    };
    assert_eq!(sent(0, header::IF_NONE_MATCH), None);
    assert_eq!(sent(1, header::IF_NONE_MATCH), Some("W/\"a b\"-gzip"));
    assert_eq!(sent(1, header::IF_MODIFIED_SINCE), Some("Tue,  3 Mar 2026 9:00 GMT"));
    assert_eq!(sent(2, header::IF_NONE_MATCH), None);
    let agent = format!("Courant/{} (+https://courier.example)", env!("CARGO_PKG_VERSION"));
    assert_eq!(sent(0, header::USER_AGENT), Some(agent.as_str()));
    assert!(
        sent(0, header::ACCEPT_ENCODING)
            .is_some_and(|accepted| accepted.contains("gzip") && accepted.contains("br"))
    );
    assert!(sent(0, header::COOKIE).is_none() && sent(0, header::REFERER).is_none());
}

#[tokio::test]
async fn the_same_bytes_are_not_read_twice_where_a_server_has_no_validators() {
    let web = Web::with(Router::new().route("/feed", get(|| async { FEED }))).await;
    let source = source(web.feed("/feed"));
    let fetcher = fetcher(Network::default());
    let first = source.pull(&fetcher, "", NOW).await.unwrap();
    assert!(source.pull(&fetcher, &first.cursor, NOW).await.unwrap().unchanged);
}

#[tokio::test]
async fn a_page_is_fetched_for_an_article() {
    let page = get(|| async { ([(header::CONTENT_TYPE, "text/html; charset=koi8-r")], "<p>Hello</p>") });
    let router =
        Router::new().route("/old", get(|| async { Redirect::permanent("/page") })).route("/page", page);
    let web = Web::with(router).await;
    let fetcher = fetcher(Network::default());
    let page = fetcher.page(&web.url("/old"), true, Timestamp::from_unix(0)).await.unwrap();
    assert_eq!((page.url, page.body), (web.url("/page"), b"<p>Hello</p>".to_vec()));
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=koi8-r"));
    assert!(matches!(fetcher.page(&web.url("/page"), false, NOW).await, Err(Error::Unusable(_))));
}
