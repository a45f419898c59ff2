//! Feeds that lie ready in memory: answered before everything else, and by nothing that was not so at the moment.

use courant::model::newsletter::Newsletter;
use courant::render::page::Site;
use courant::web::Settings;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::served::{Answer, Served};

/// A header by which a request is no plain one, and goes its route, where it changes nothing.
const BY_ROUTE: (&str, &str) = ("sec-fetch-dest", "empty");

async fn app() -> TestApp {
    let mut quiet = newsletter("quiet", "0 7 * * *", "Europe/Paris");
    quiet.noindex = true;
    let app = TestApp::start(vec![daily(), quiet], "2026-03-02T05:00:00Z").await;
    app.publish_article("The ferry sails again").await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app
}

/// How many requests were answered by what lay ready.
async fn ready(served: &Served) -> u64 {
    let metrics = served.get("/metrics").await;
    let line = metrics.text().lines().find_map(|line| line.strip_prefix("courant_answers_ready_total "));
    line.unwrap().parse().unwrap()
}

/// All of an answer but the moment at which it was given.
fn told(answer: Answer) -> (StatusCode, Vec<(String, String)>, Vec<u8>) {
    let mut headers = answer.all_headers();
    headers.retain(|(name, _)| name != "date");
    headers.sort();
    (answer.status, headers, answer.bytes)
}

#[tokio::test]
async fn what_lies_ready_says_what_its_route_would_say() {
    let app = app().await;
    let served = app.serve().await;
    let paths =
        ["/feed.rss", "/tags/harbour/feed.atom", "/newsletters/quiet/editions.json", "/feed.json?q=ferry"];
    for path in paths {
        let packed = served.ask_for_brotli(path).await;
        let (tag, date) = (packed.header("etag"), packed.header("last-modified"));
        let cases: [&[(&str, &str)]; 7] = [
            &[],
            &[("accept-encoding", "gzip")],
            &[("accept-encoding", "br")],
            &[("accept-encoding", "br"), ("if-none-match", tag)],
            &[("if-none-match", "*")],
            &[("if-modified-since", date)],
            &[("if-match", "\"other\"")],
        ];
        for headers in cases {
            assert_same(&served, Method::GET, path, headers).await;
            assert_same(&served, Method::HEAD, path, headers).await;
        }
    }
}

/// That a request is answered by what lies ready, unless it is refused, and as its route answers it.
async fn assert_same(served: &Served, method: Method, path: &str, headers: &[(&str, &str)]) {
    served.ask(method.clone(), path, headers).await;
    let before = ready(served).await;
    let at_once = served.ask(method.clone(), path, headers).await;
    let is_refused = at_once.status == StatusCode::PRECONDITION_FAILED;
    assert_eq!(ready(served).await, before + u64::from(!is_refused), "{method} {path} {headers:?}");

    let before = ready(served).await;
    let by_route = served.ask(method.clone(), path, &[headers, &[BY_ROUTE]].concat()).await;
    assert_eq!(ready(served).await, before, "the other one goes its route");
    assert_eq!(told(at_once), told(by_route), "{method} {path} {headers:?}");
}

#[tokio::test]
async fn nothing_lies_ready_that_is_no_more_so() {
    let app = app().await;
    let served = app.serve().await;
    let path = "/newsletters/daily/feed.rss";
    let both = async || (served.get(path).await, served.get(path).await);
    let (route, at_once) = both().await;
    assert_eq!((ready(&served).await, &route.bytes), (1, &at_once.bytes));

    app.publish_article("Tea at the quay").await;
    let after = served.get(path).await;
    assert_eq!(
        (after.text().contains("Tea at the quay"), ready(&served).await),
        (true, 1),
        "an article came"
    );

    let reload = async |newsletters: Vec<Newsletter>| {
        both().await;
        let settings = app.web_settings();
        let site = Site::new(settings.site.publication.clone(), newsletters);
        served.web.reload(Settings { site, ..settings });
        served.get(path).await
    };
    let hidden = reload(vec![Newsletter { noindex: true, ..daily() }]).await;
    assert_eq!(hidden.header("x-robots-tag"), "noindex", "search engines are to leave it alone");
    assert_eq!(reload(Vec::new()).await.status, StatusCode::GONE, "the newsletter has ended");
}

#[tokio::test]
async fn how_long_a_feed_is_good_for_is_counted_from_the_second_of_the_request() {
    let app = app().await;
    let served = app.serve().await;
    let path = "/newsletters/daily/editions.rss";
    app.advance_to("2026-03-03T05:30:00Z").await;
    let mut said = Vec::new();
    for now in ["2026-03-03T05:30:00Z", "2026-03-03T05:30:01Z", "2026-03-03T05:40:00Z"] {
        app.advance_to(now).await;
        let answers = [served.get(path).await, served.get(path).await];
        said.extend(answers.map(|answer| answer.header("cache-control").to_owned()));
    }
    let expected = ["1800", "1799", "1200"].map(|age| format!("public, max-age={age}"));
    assert_eq!(said, expected.iter().flat_map(|age| [age.clone(), age.clone()]).collect::<Vec<_>>());
    assert_eq!(ready(&served).await, 3, "each second time");
}
