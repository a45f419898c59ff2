//! `courant source add`: from the address of any page to a source.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use courant::cli::{self, Output};
use courant::model::time::Clock;
use courant::source::fetch::{Limits, Names, Network};
use courant::source::{Error, Fetcher, find_feeds};
use serde_json::Value;
use tempfile::TempDir;

use super::NOW;
use super::web::Web;

fn rss(title: &str, items: usize) -> String {
    let item = |number| format!("<item><guid>{number}</guid><title>{number}</title></item>");
    let items: String = (0..items).map(item).collect();
    format!("<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>")
}

/// A site of these pages and feeds; what begins with `<rss` is one.
async fn site(pages: &[(&str, String)]) -> Web {
    let pages: HashMap<String, String> =
        pages.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect();
    let serve = async move |uri: Uri| -> Response {
        match pages.get(uri.path_and_query().map_or("", |path| path.as_str())) {
            Some(text) if text.starts_with("<rss") => text.clone().into_response(),
            Some(text) => Html(text.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    };
    Web::with(Router::new().fallback(serve)).await
}

/// A fetcher to which every one of these hosts is this machine.
fn fetcher(hosts: &[&str]) -> Fetcher {
    let local = "127.0.0.1".parse().unwrap();
    let names = hosts.iter().map(|host| ((*host).to_owned(), vec![local]));
    let network = Network { names: Names::Fixed(Arc::new(names.collect())), trusted: vec![local] };
    Fetcher::with("https://courier.example", Limits::default(), network)
}

/// A site: its host, its pages (an empty one is a feed), a page that is asked for, and where the feed is.
struct Site {
    what: &'static str,
    host: &'static str,
    pages: &'static [(&'static str, &'static str)],
    asked: &'static str,
    feed: &'static str,
}

const CHANNEL: &str = "/feeds/videos.xml?channel_id=UC0123456789abcdefghij-_";

const SITES: &[Site] = &[
    Site { what: "a feed itself", host: "a.example", pages: &[], asked: "/f", feed: "/f" },
    Site {
        what: "a link element",
        host: "a.example",
        pages: &[("/news/1", "<head><link rel=alternate type='application/rss+xml' href='/x'></head><p>")],
        asked: "/news/1",
        feed: "/x",
    },
    Site {
        what: "a link in the text",
        host: "a.example",
        pages: &[("/", "<p>Read it as <a href='/news.rss'>RSS</a>")],
        asked: "/",
        feed: "/news.rss",
    },
    Site {
        what: "WordPress",
        host: "a.example",
        pages: &[("/blog/", "<meta name='generator' content='WordPress 6.5'><p>")],
        asked: "/blog/",
        feed: "/blog/feed/",
    },
    Site {
        what: "Ghost",
        host: "a.example",
        pages: &[("/", "<meta name=generator content='Ghost 5.8'><p>")],
        asked: "/",
        feed: "/rss/",
    },
    Site {
        what: "Blogger",
        host: "x.blogspot.com",
        pages: &[],
        asked: "/2026/03/a.html",
        feed: "/feeds/posts/default",
    },
    Site {
        what: "a channel of YouTube",
        host: "www.youtube.com",
        pages: &[],
        asked: "/channel/UC0123456789abcdefghij-_",
        feed: CHANNEL,
    },
    Site {
        what: "a handle of YouTube",
        host: "www.youtube.com",
        pages: &[("/@ada", "<script>{\"externalId\":\"UC0123456789abcdefghij-_\"}</script>")],
        asked: "/@ada",
        feed: CHANNEL,
    },
    Site {
        what: "a playlist of YouTube",
        host: "www.youtube.com",
        pages: &[],
        asked: "/playlist?list=PLx",
        feed: "/feeds/videos.xml?playlist_id=PLx",
    },
    Site {
        what: "a profile of Mastodon",
        host: "m.example",
        pages: &[("/@ada", "<p>Ada")],
        asked: "/@ada",
        feed: "/@ada.rss",
    },
    Site { what: "Substack", host: "ada.substack.com", pages: &[], asked: "/p/one", feed: "/feed" },
    Site {
        what: "releases at GitHub",
        host: "github.com",
        pages: &[],
        asked: "/a/b/releases",
        feed: "/a/b/releases.atom",
    },
    Site {
        what: "a usual path",
        host: "a.example",
        pages: &[("/deep/page", "<p>Hello")],
        asked: "/deep/page",
        feed: "/index.xml",
    },
];

#[tokio::test]
async fn the_feed_is_found_from_the_pages_of_many_kinds_of_sites() {
    for Site { what, host, pages, asked, feed } in SITES {
        let mut pages: Vec<_> = pages.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
        pages.push((feed, rss("Wire", 3)));
        let web = site(&pages).await;
        let base = format!("http://{host}:{}", web.address.port());
        let found = find_feeds(&fetcher(&[host]), &format!("{base}{asked}"), false, NOW).await.unwrap();
        let urls: Vec<_> = found.feeds.iter().map(|feed| (feed.url.clone(), feed.articles)).collect();
        assert_eq!(urls, [(format!("{base}{feed}"), 3)], "{what}: {:?}", found.tried);
        assert!(web.requests().len() <= 31, "{what}: {} requests", web.requests().len());
    }
}

#[tokio::test]
async fn a_link_header_names_a_feed_too() {
    let page = get(|| async {
        ([(header::LINK, "</x.xml>; rel=alternate; type=\"application/atom+xml\"")], Html("<p>Hello"))
            .into_response()
    });
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><entry><id>1</id></entry></feed>";
    let web =
        Web::with(Router::new().route("/", page).route("/x.xml", get(move || async move { feed }))).await;
    let found = find_feeds(&fetcher(&[]), &web.url("/"), true, NOW).await.unwrap();
    assert_eq!(found.feeds[0].url, web.url("/x.xml"));
}

#[tokio::test]
async fn the_local_network_and_what_is_no_address_are_refused() {
    let web = site(&[("/", rss("Wire", 1))]).await;
    let guarded = Fetcher::new("https://courier.example");
    let found = find_feeds(&guarded, &web.url("/"), false, NOW).await.unwrap();
    assert!(found.feeds.is_empty() && found.tried[0].contains("a private address: refused"));
    assert!(found.tried[0].contains("--allow-private"), "there is no source yet: {:?}", found.tried);
    assert_eq!(web.requests().len(), 0);
    for address in ["ftp://a.example/", "mailto:ada@a.example", "http://", "", "file:///etc/passwd"] {
        let error = find_feeds(&guarded, address, false, NOW).await.unwrap_err();
        assert!(
            matches!(&error, Error::Unusable(words) if words.contains("is not an http or https address"))
        );
    }
}

struct Operator(TempDir);

impl Operator {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let text = "# ours\n[publication]\ntitle = \"The Courier\"\nbase_url = \"https://courier.example\"\n\n\
            [[source]] # the first\nname = \"wire\"\nkind = \"feed\"\nurl = \"https://wire.example/feed\"";
        std::fs::write(folder.path().join("courant.toml"), text).unwrap();
        Self(folder)
    }

    fn file(&self) -> String {
        std::fs::read_to_string(self.0.path().join("courant.toml")).unwrap()
    }

    async fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let config = self.0.path().join("courant.toml");
        let program = ["courant", "--config", config.to_str().unwrap()];
        let line = program.iter().chain(arguments).map(Into::into);
        let (output, captured) = Output::captured();
        let result = cli::run(line.collect::<Vec<_>>(), output, Clock::manual(NOW)).await;
        result.map(|()| captured.text()).map_err(|error| format!("{error:#}"))
    }
}

#[tokio::test]
async fn a_source_is_printed_or_added_behind_what_is_in_the_file() {
    let page = "<head><link rel=alternate type=application/rss+xml href=/comments/feed>\
        <link rel=alternate type=application/rss+xml href=/feed></head>";
    let pages =
        [("/", page.to_owned()), ("/feed", rss("Wire", 3)), ("/comments/feed", rss("Comments on Wire", 9))];
    let web = site(&pages).await;
    let operator = Operator::new();
    let (before, url) = (operator.file(), web.url("/"));
    let block = format!(
        "[[source]]\nname = \"wire-2\"\nkind = \"feed\"\nurl = \"{}\"\ntags = [\"Out there\"]\nallow_private = true\n",
        web.url("/feed")
    );
    let add = ["source", "add", &url, "--allow-private", "--tag", "Out there"];
    let text = operator.run(&add).await.unwrap();
    assert!(text.ends_with(&block) && text.contains("--pick takes another one"), "{text}");
    assert!(text.contains("9         undated  Comments on Wire"), "{text}");
    assert_eq!(operator.file(), before, "nothing is written unless it is asked for");

    let json: Value =
        serde_json::from_str(&operator.run(&[&add[..], &["--json"]].concat()).await.unwrap()).unwrap();
    assert_eq!((json["feeds"][0]["articles"].as_u64(), json["name"].as_str()), (Some(3), Some("wire-2")));

    operator.run(&[&add[..], &["--write"]].concat()).await.unwrap();
    assert_eq!(operator.file(), format!("{before}\n\n{block}"));
    let error = operator.run(&add).await.unwrap_err();
    assert!(error.contains("is the source \"wire-2\" of the configuration already"), "{error}");
    let picked = operator.run(&[&add[..], &["--pick", "2", "--name", "talk"]].concat()).await.unwrap();
    assert!(picked.contains("name = \"talk\"") && picked.contains("/comments/feed"), "{picked}");

    let after = operator.file();
    let error = operator
        .run(&[&add[..], &["--pick", "2", "--name", "no name", "--write"]].concat())
        .await
        .unwrap_err();
    assert!(error.contains("would not be valid") && error.contains("cannot be the name"), "{error}");
    assert_eq!(operator.file(), after);
}

#[tokio::test]
async fn who_finds_nothing_is_told_what_was_tried() {
    let web = site(&[("/", "<p>Hello".to_owned())]).await;
    let operator = Operator::new();
    let error = operator.run(&["source", "add", &web.url("/"), "--allow-private"]).await.unwrap_err();
    assert!(
        error.contains("no feed was found at") && error.contains("/atom.xml was not found (404)"),
        "{error}"
    );
    let error = operator.run(&["source", "add", "gopher://a.example"]).await.unwrap_err();
    assert!(error.contains("is not an http or https address"), "{error}");
    assert!(operator.run(&["source", "add"]).await.unwrap_err().contains("<URL>"));
}
