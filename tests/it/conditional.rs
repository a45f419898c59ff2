//! Conditional requests (RFC 9110 §13): a client that has a document is not sent it again, and one that wants to go on
//! with what it has is told when that is no more.

use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily};
use crate::support::served::{Answer, Served};

/// What a client is answered.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// The document.
    Whole,
    /// That its copy of this tag is the document.
    Same(&'static str),
    /// That its condition does not hold.
    Failed,
}
use Told::{Failed, Same, Whole};

/// A case: what the client sends, and what it is told. `{e}` `{g}` `{b}` stand for the tags of the feed as it is, as gzip
/// and as brotli; `{m}` for its date.
type Case = (&'static [(&'static str, &'static str)], Told);

const GZIP: (&str, &str) = ("accept-encoding", "gzip");
const BROTLI: (&str, &str) = ("accept-encoding", "br, gzip;q=0.9");
const OLD: &str = "Sun, 01 Mar 2026 07:00:00 GMT";
const LATER: &str = "Tue, 03 Mar 2026 07:00:00 GMT";

/// Whether the client has it already (§13.1.2, §13.1.3).
const OWN_COPY: &[Case] = &[
    (&[], Whole),
    (&[GZIP], Whole),
    (&[("if-none-match", "{e}")], Same("{e}")),
    (&[("if-none-match", "W/{e}")], Same("{e}")),
    (&[("if-none-match", "*")], Same("{e}")),
    (&[("if-none-match", "\"a\", {e}")], Same("{e}")),
    (&[("if-none-match", "\"a\",W/\"b\",W/{e}")], Same("{e}")),
    (&[("if-none-match", "{e}, \"z\"")], Same("{e}")),
    (&[("if-none-match", "\"a\""), ("if-none-match", "{e}")], Same("{e}")),
    (&[("if-none-match", "\"a\"")], Whole),
    (&[("if-none-match", "\"a\", \"b\"")], Whole),
    (&[("if-none-match", "\"a\""), ("if-none-match", "\"b\"")], Whole),
    (&[("if-none-match", "\"\"")], Whole),
    (&[("if-none-match", "")], Whole),
    (&[("if-none-match", "\"*\"")], Whole),
    (&[("if-none-match", "garbage")], Whole),
    (&[("if-none-match", "{g}")], Same("{g}")),
    (&[("if-none-match", "{b}")], Same("{b}")),
    (&[GZIP, ("if-none-match", "{g}")], Same("{g}")),
    (&[GZIP, ("if-none-match", "W/{g}")], Same("{g}")),
    (&[GZIP, ("if-none-match", "{e}")], Same("{e}")),
    (&[GZIP, ("if-none-match", "{b}")], Same("{b}")),
    (&[GZIP, ("if-none-match", "{b}, {g}")], Same("{g}")),
    (&[GZIP, ("if-none-match", "*")], Same("{g}")),
    (&[GZIP, ("if-none-match", "\"a\"")], Whole),
    (&[BROTLI, ("if-none-match", "{b}")], Same("{b}")),
    (&[BROTLI, ("if-none-match", "{g}")], Same("{g}")),
    (&[BROTLI, ("if-none-match", "*")], Same("{b}")),
    (&[("if-modified-since", "{m}")], Same("{e}")),
    (&[GZIP, ("if-modified-since", "{m}")], Same("{g}")),
    (&[BROTLI, ("if-modified-since", "{m}")], Same("{b}")),
    (&[("if-modified-since", LATER)], Same("{e}")),
    (&[("if-modified-since", OLD)], Whole),
    (&[("accept-encoding", "identity"), ("if-none-match", "{e}")], Same("{e}")),
    (&[("accept-encoding", "gzip;q=0"), ("if-none-match", "*")], Same("{e}")),
    (&[("accept-encoding", "zstd"), ("if-none-match", "*")], Same("{e}")),
    (&[("cache-control", "no-cache"), ("if-none-match", "{e}")], Same("{e}")),
];

/// The three forms of a date (§5.6.7), and what is none of them: that says nothing.
const DATES: &[Case] = &[
    (&[("if-modified-since", "Sunday, 01-Mar-26 07:00:00 GMT")], Whole),
    (&[("if-modified-since", "Tuesday, 03-Mar-26 07:00:00 GMT")], Same("{e}")),
    (&[("if-modified-since", "Sun Mar  1 07:00:00 2026")], Whole),
    (&[("if-modified-since", "Tue Mar  3 07:00:00 2026")], Same("{e}")),
    (&[("if-modified-since", "2026-03-03T07:00:00Z")], Whole),
    (&[("if-modified-since", "Tue, 03 Mar 2026 07:00:00 +0000")], Whole),
    (&[("if-modified-since", "Tue, 03 Mar 2026 07:00:00 EST")], Whole),
    (&[("if-modified-since", "Tue, 31 Feb 2026 07:00:00 GMT")], Whole),
    (&[("if-modified-since", "Tue, 03 Mar 2026 07:00:00 GMT, Wed, 04 Mar 2026 07:00:00 GMT")], Whole),
    (&[("if-modified-since", LATER), ("if-modified-since", LATER)], Whole),
    (&[("if-modified-since", "1772600000")], Whole),
    (&[("if-modified-since", "soon")], Whole),
    (&[("if-modified-since", "")], Whole),
    (&[("if-unmodified-since", "Sunday, 01-Mar-26 07:00:00 GMT")], Failed),
    (&[("if-unmodified-since", "Sun Mar  1 07:00:00 2026")], Failed),
    (&[("if-unmodified-since", "2026-03-01T07:00:00Z")], Whole),
    (&[("if-unmodified-since", OLD), ("if-unmodified-since", OLD)], Whole),
    (&[("if-unmodified-since", "long ago")], Whole),
];

/// Whether it is still what the client wants to go on with (§13.1.1, §13.1.4). Tags are compared strongly.
const UNCHANGED: &[Case] = &[
    (&[("if-match", "{e}")], Whole),
    (&[("if-match", "*")], Whole),
    (&[("if-match", "\"a\", {e}")], Whole),
    (&[("if-match", "\"a\""), ("if-match", "{e}")], Whole),
    (&[GZIP, ("if-match", "{g}")], Whole),
    (&[BROTLI, ("if-match", "{b}")], Whole),
    (&[BROTLI, ("if-match", "{g}")], Whole),
    (&[("if-match", "W/{e}")], Failed),
    (&[("if-match", "\"a\", W/{e}")], Failed),
    (&[("if-match", "\"a\"")], Failed),
    (&[("if-match", "\"a\", \"b\"")], Failed),
    (&[("if-match", "\"*\"")], Failed),
    (&[("if-match", "")], Failed),
    (&[("if-match", "garbage")], Failed),
    (&[GZIP, ("if-match", "\"a-gzip\"")], Failed),
    (&[("if-unmodified-since", "{m}")], Whole),
    (&[("if-unmodified-since", LATER)], Whole),
    (&[("if-unmodified-since", OLD)], Failed),
    (&[GZIP, ("if-unmodified-since", OLD)], Failed),
];

/// Which of several conditions is looked at (§13.2.2).
const PRECEDENCE: &[Case] = &[
    (&[("if-none-match", "{e}"), ("if-modified-since", OLD)], Same("{e}")),
    (&[("if-none-match", "\"a\""), ("if-modified-since", "{m}")], Whole),
    (&[("if-none-match", "\"a\""), ("if-modified-since", LATER)], Whole),
    (&[("if-none-match", "*"), ("if-modified-since", "soon")], Same("{e}")),
    (&[("if-none-match", "garbage"), ("if-modified-since", "{m}")], Whole),
    (&[("if-match", "{e}"), ("if-unmodified-since", OLD)], Whole),
    (&[("if-match", "\"a\""), ("if-unmodified-since", LATER)], Failed),
    (&[("if-match", "{e}"), ("if-none-match", "{e}")], Same("{e}")),
    (&[("if-match", "{e}"), ("if-none-match", "\"a\"")], Whole),
    (&[("if-match", "\"a\""), ("if-none-match", "{e}")], Failed),
    (&[("if-match", "\"a\""), ("if-modified-since", LATER)], Failed),
    (&[("if-match", "{e}"), ("if-modified-since", LATER)], Same("{e}")),
    (&[("if-unmodified-since", OLD), ("if-none-match", "{e}")], Failed),
    (&[("if-unmodified-since", LATER), ("if-none-match", "{e}")], Same("{e}")),
    (&[("if-unmodified-since", "{m}"), ("if-modified-since", "{m}")], Same("{e}")),
    (&[("if-unmodified-since", "soon"), ("if-none-match", "{e}")], Same("{e}")),
];

/// There are no ranges: who asks for one is sent the whole (§14.2), with or without `If-Range`.
const RANGES: &[Case] = &[
    (&[("range", "bytes=0-9")], Whole),
    (&[("range", "bytes=0-9"), ("if-range", "{e}")], Whole),
    (&[("range", "bytes=0-9"), ("if-range", "\"a\"")], Whole),
    (&[("range", "bytes=0-9"), ("if-range", "{m}")], Whole),
    (&[("if-range", "\"a\"")], Whole),
    (&[("if-range", "\"a\""), ("if-none-match", "{e}")], Same("{e}")),
    (&[("range", "bytes=0-9"), ("if-none-match", "{e}")], Same("{e}")),
    (&[("range", "bytes=0-9"), ("if-match", "\"a\"")], Failed),
];

const CASES: [&[Case]; 5] = [OWN_COPY, DATES, UNCHANGED, PRECEDENCE, RANGES];

async fn app() -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    app.publish_article("The ferry sails again").await;
    app.publish_article("Tea on the quay").await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app
}

/// The placeholders of a case, and what they stand for.
async fn known(served: &Served, path: &str) -> [(&'static str, String); 4] {
    let plain = served.get(path).await;
    let (gzip, brotli) = (served.ask(Method::GET, path, &[GZIP]).await, served.ask_for_brotli(path).await);
    let tag = |answer: &Answer| answer.header("etag").to_owned();
    [
        ("{e}", tag(&plain)),
        ("{g}", tag(&gzip)),
        ("{b}", tag(&brotli)),
        ("{m}", plain.header("last-modified").to_owned()),
    ]
}

async fn expect(served: &Served, path: &str, (sent, told): &Case, known: &[(&str, String)]) {
    let fill =
        |text: &str| known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    let sent: Vec<(&str, String)> = sent.iter().map(|(name, value)| (*name, fill(value))).collect();
    let headers: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for method in [Method::GET, Method::HEAD] {
        let answer = served.ask(method.clone(), path, &headers).await;
        let case = format!("{method} {path} {headers:?}");
        if let Failed = told {
            assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{case}");
            assert_eq!(answer.header("cache-control"), "no-store", "{case}");
            continue;
        }
        let status = if let Same(_) = told { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        assert_eq!(answer.status, status, "{case}");
        if let Same(tag) = told {
            assert_eq!(answer.header("etag"), fill(tag), "{case}");
        }
        let is_bare = method == Method::HEAD || status == StatusCode::NOT_MODIFIED;
        assert_eq!(answer.bytes.is_empty(), is_bare, "{case}");
        assert_eq!(answer.header("last-modified"), fill("{m}"), "{case}");
        let vary = if path.ends_with("json") {
            "Accept-Encoding, Sec-Fetch-Dest"
        } else {
            "Accept-Encoding, Sec-Fetch-Dest, A-IM"
        };
        assert_eq!(answer.header("vary"), vary, "{case}");
        assert!(answer.header("cache-control").starts_with("public, max-age="), "{case}");
    }
}

#[tokio::test]
async fn a_condition_is_answered_as_rfc_9110_says() {
    let app = app().await;
    let served = app.serve().await;
    assert!(CASES.concat().len() >= 90);
    for path in ["/feed.rss", "/newsletters/daily/editions.json"] {
        let known = known(&served, path).await;
        for case in CASES.concat() {
            expect(&served, path, &case, &known).await;
        }
    }
}

#[tokio::test]
async fn a_tag_that_a_proxy_has_changed_is_known() {
    let app = app().await;
    let served = app.serve().await;
    let [plain, gzip, ..] = known(&served, "/feed.rss").await.map(|(_, value)| value);
    for (tag, expected) in [(&plain, &gzip), (&gzip, &gzip)] {
        let changed = format!("{}-gzip", tag.trim_matches('"'));
        let sent = [GZIP, ("if-none-match", &format!("\"{changed}\""))];
        let answer = served.ask(Method::GET, "/feed.rss", &sent).await;
        assert_eq!((answer.status, answer.header("etag")), (StatusCode::NOT_MODIFIED, expected.as_str()));
    }
}

#[tokio::test]
async fn who_sends_the_tag_of_a_coding_is_sent_that_coding() {
    let app = app().await;
    let served = app.serve().await;
    let [_, gzip, ..] = known(&served, "/feed.rss").await.map(|(_, value)| value);
    let answer = served.ask(Method::GET, "/feed.rss", &[BROTLI, ("if-match", &gzip)]).await;
    assert_eq!((answer.header("etag"), answer.header("content-encoding")), (gzip.as_str(), "gzip"));
}

#[tokio::test]
async fn a_condition_counts_only_for_what_would_be_served() {
    let app = app().await;
    let served = app.serve().await;
    for (method, path, status) in [
        (Method::GET, "/tags/none/feed.rss", StatusCode::NOT_FOUND),
        (Method::GET, "/tags/Harbour/feed.rss", StatusCode::MOVED_PERMANENTLY),
        (Method::GET, "/feed.rss?q=%22", StatusCode::BAD_REQUEST),
        (Method::OPTIONS, "/feed.rss", StatusCode::NO_CONTENT),
        (Method::DELETE, "/feed.rss", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        for condition in [("if-none-match", "*"), ("if-match", "\"a\""), ("if-unmodified-since", OLD)] {
            let answer = served.ask(method.clone(), path, &[condition]).await;
            assert_eq!(answer.status, status, "{method} {path} {condition:?}");
        }
    }
}

#[tokio::test]
async fn conditions_hold_for_pages_too() {
    let app = app().await;
    let served = app.serve().await;
    for path in ["/", "/articles/tea-on-the-quay", "/sitemap.xml"] {
        let tag = served.get(path).await.header("etag").to_owned();
        let ask = async |name, value: &str| served.ask(Method::GET, path, &[(name, value)]).await.status;
        assert_eq!(ask("if-none-match", &tag).await, StatusCode::NOT_MODIFIED, "{path}");
        // A page with a form holds each visitor's moment: its tag is weak, and no condition for the same bytes.
        let strongly = if path == "/" { StatusCode::PRECONDITION_FAILED } else { StatusCode::OK };
        assert_eq!(ask("if-match", &tag).await, strongly, "{path}");
        assert_eq!(ask("if-match", "\"a\"").await, StatusCode::PRECONDITION_FAILED, "{path}");
        assert_eq!(ask("if-unmodified-since", OLD).await, StatusCode::OK, "{path} has no date");
    }
}
