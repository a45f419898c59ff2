//! Counts of links that are followed: sums, and nothing of who followed them. The rules are in `docs/counts.md`.

use std::time::Duration;

use courant::daemon::CountKeeper;
use courant::jobs::Job;
use courant::mail::inbox::Behaviour;
use courant::model::article::Content;
use courant::model::count::Visits;
use courant::model::edition::EditionNumber;
use courant::model::subscriber::SubscriberId;
use reqwest::{Method, StatusCode};

use crate::choices::{choosy, shape, subscribe};
use crate::support::app::{CONFIG, TestApp, daily};
use crate::support::article;
use crate::support::served::{Answer, Served};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const TITLES: [&str; 6] = ["Ferry", "Mayor", "Bridge", "Choir", "Lamp", "Tide"];

/// Six articles, of which the first has no address but its page here, and two readers who have them in an edition.
async fn app() -> TestApp {
    let app = TestApp::start_with_relay(vec![daily()], "2026-03-02T04:00:00Z", Behaviour::default()).await;
    app.configure(|settings| settings.publication.counts = true);
    app.subscribe("ada@example.org", "daily").await;
    app.subscribe("bob@example.org", "daily").await;
    let articles: Vec<(String, Content)> = (1..).zip(TITLES).map(written).collect();
    app.store.save_articles("cms", &articles, app.clock.now()).await.unwrap();
    app.advance_to("2026-03-02T06:00:00Z").await;
    app
}

fn written((number, title): (i64, &str)) -> (String, Content) {
    let mut content = article::article(number, title).content;
    content.url = content.url.filter(|_| number > 1);
    (title.to_owned(), content)
}

/// The paths of the counted links in a text, each once, in their order.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for part in text.split("/go/").skip(1) {
        let token: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
        let link = format!("/go/{token}");
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

/// The text part and the HTML part of the first edition's digest.
async fn digest(app: &TestApp) -> (String, String) {
    let edition = app.editions("daily").await.remove(0);
    let (html, text) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    (text, html)
}

async fn follow(served: &Served, link: &str, (agent, address): (&str, &str)) -> Answer {
    served.ask(Method::GET, link, &[("user-agent", agent), ("x-forwarded-for", address)]).await
}

/// What has been counted for the first edition by the end of half a minute from now: persons, uncertain, machines.
async fn counted(app: &TestApp, served: &Served) -> [i64; 3] {
    app.wait(Duration::from_secs(30)).await;
    CountKeeper::new(served.web.clone()).step(app.clock.now()).await.unwrap();
    let edition = app.editions("daily").await.remove(0);
    let visits = app.store.visits_of_edition(edition.id).await.unwrap();
    let Visits { persons, uncertain, machines } = visits.into_iter().map(|(_, own)| own).sum();
    [persons, uncertain, machines]
}

#[tokio::test]
async fn a_link_of_a_digest_leads_to_its_article_and_is_the_same_for_all() {
    let app = app().await;
    let served = app.serve().await;
    let (text, html) = digest(&app).await;
    let own = links(&text);
    assert_eq!(own.len(), TITLES.len(), "{text}");
    assert!(own.iter().all(|link| html.contains(link)), "both parts have the same links");
    for address in ["ada@example.org", "bob@example.org"] {
        assert_eq!(links(&app.inbox().mails_to(address)[0].read().text), own, "{address}");
    }
    let mut ways = Vec::new();
    for link in &own {
        let answer = follow(&served, link, (BROWSER, "198.51.100.1")).await;
        assert_eq!(answer.status, StatusCode::FOUND);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("set-cookie"), "");
        ways.push(answer.header("location").to_owned());
    }
    ways.sort();
    let mut expected: Vec<String> =
        (2..=6).map(|number| format!("https://www.example.org/{number}")).collect();
    expected.insert(0, "https://news.example.org/articles/ferry".to_owned());
    assert_eq!(ways, expected);
    for text in [&text, &html] {
        assert!(text.contains("We count how often links are followed, never who follows them."), "{text}");
    }
}

#[tokio::test]
async fn no_request_says_where_a_link_leads() {
    let app = app().await;
    let served = app.serve().await;
    let link = links(&digest(&app).await.0).remove(1);
    let way = follow(&served, &link, (BROWSER, "198.51.100.1")).await.header("location").to_owned();
    let query = format!("{link}?url=https://evil.example&to=https://evil.example&u=//evil.example");
    assert_eq!(follow(&served, &query, (BROWSER, "198.51.100.1")).await.header("location"), way);
    let mut forged = vec!["/go/".to_owned(), format!("{link}a"), "/go/https://evil.example/".to_owned()];
    forged.push(format!("/go/{}", "a".repeat(56)));
    forged.push(app.unsubscribe_path(SubscriberId(1), "daily").await.replace("unsubscribe", "go"));
    for index in (4..link.len()).step_by(5) {
        let other = if link.as_bytes()[index] == b'a' { "b" } else { "a" };
        let mut altered = link.clone();
        altered.replace_range(index..=index, other);
        forged.push(altered);
    }
    for path in forged {
        let answer = follow(&served, &path, (BROWSER, "198.51.100.1")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("location").is_empty() && answer.text().contains("<h1>"), "{path}");
    }
    assert_eq!(served.post(&link, "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_link_of_an_edition_leads_to_no_article_that_the_edition_does_not_hold() {
    use courant::model::count::{CountedLink, Holder, Target};
    let app = app().await;
    app.publish_article("Later").await;
    let served = app.serve().await;
    let later = app.store.find_article_of_source("cms", "Later").await.unwrap().unwrap().id;
    let newsletter = app.standing("daily").await.id;
    for (number, target, expected) in [
        (1, Target::Original(later), StatusCode::NOT_FOUND),
        (2, Target::Page(later), StatusCode::NOT_FOUND),
        (0, Target::Page(later), StatusCode::NOT_FOUND),
        (1, Target::Hidden, StatusCode::FOUND),
    ] {
        let holder = Holder { newsletter, number: EditionNumber::own(number) };
        let token = CountedLink { holder, target }.sign(app.store.key());
        assert_eq!(served.get(&format!("/go/{token}")).await.status, expected, "{number} {target:?}");
    }
}

#[tokio::test]
async fn an_article_that_was_retracted_is_told_to_be() {
    let app = app().await;
    let served = app.serve().await;
    let mut statuses = Vec::new();
    let mayor = app.store.find_article_of_source("cms", "Mayor").await.unwrap().unwrap();
    app.store.retract_article(mayor.id, app.clock.now()).await.unwrap();
    for link in links(&digest(&app).await.0) {
        statuses.push(follow(&served, &link, (BROWSER, "198.51.100.1")).await.status);
    }
    statuses.sort();
    let mut expected = vec![StatusCode::FOUND; 5];
    expected.push(StatusCode::GONE);
    assert_eq!(statuses, expected);
}

#[tokio::test]
async fn persons_machines_and_what_cannot_be_told_are_counted_apart() {
    let app = app().await;
    let served = app.serve().await;
    let links = links(&digest(&app).await.0);
    let mut expected = [0; 3];
    let mut add = |[persons, uncertain, machines]: [i64; 3]| {
        expected = [expected[0] + persons, expected[1] + uncertain, expected[2] + machines];
        expected
    };

    follow(&served, &links[0], (BROWSER, "198.51.100.1")).await;
    assert_eq!(counted(&app, &served).await, add([0, 1, 0]), "seconds after its mail: who knows");
    for link in &links[..2] {
        follow(&served, link, (BROWSER, "198.51.100.1")).await;
    }
    assert_eq!(counted(&app, &served).await, add([0, 0, 2]), "two at once so soon: a scanner");

    app.wait(Duration::from_mins(30)).await;
    for _ in 0..3 {
        follow(&served, &links[0], (BROWSER, "198.51.100.1")).await;
    }
    follow(&served, &links[1], (BROWSER, "198.51.100.1")).await;
    follow(&served, &links[1], (BROWSER, "198.51.100.2")).await;
    assert_eq!(counted(&app, &served).await, add([3, 0, 0]), "readers; one pressed three times");
    follow(&served, &links[0], ("SomeReader 3", "198.51.100.1")).await;
    assert_eq!(counted(&app, &served).await, add([0, 1, 0]), "no browser, and no known machine");
    follow(&served, &links[0], ("Mozilla/5.0 (compatible; Mimecast)", "198.51.100.1")).await;
    served.get(&links[1]).await;
    assert_eq!(counted(&app, &served).await, add([0, 0, 2]), "a scanner's name, and none");
    for link in &links[..4] {
        follow(&served, link, (BROWSER, "198.51.100.1")).await;
    }
    assert_eq!(counted(&app, &served).await, add([0, 0, 4]), "four at once");
    let ahead = [("user-agent", BROWSER), ("sec-purpose", "prefetch;prerender")];
    served.ask(Method::GET, &links[3], &ahead).await;
    assert_eq!(counted(&app, &served).await, add([0, 0, 1]), "a browser that fetches ahead");

    let answer = served.ask(Method::HEAD, &links[0], &[("user-agent", BROWSER)]).await;
    assert_eq!((answer.status, answer.bytes.len()), (StatusCode::FOUND, 0));
    assert!(!answer.header("location").is_empty());
    served.ask(Method::GET, &links[1], &[("user-agent", BROWSER)]).await;
    assert_eq!(counted(&app, &served).await, add([0, 0, 2]), "who asks for the head alone");
}

#[tokio::test]
async fn the_link_that_is_hidden_from_readers_unmasks_a_machine() {
    let app = app().await;
    app.wait(Duration::from_mins(30)).await;
    let served = app.serve().await;
    let (text, html) = digest(&app).await;
    let visible = links(&text);
    let hidden: Vec<String> = links(&html).into_iter().filter(|link| !visible.contains(link)).collect();
    assert_eq!(hidden.len(), 1);
    let element = html.split("<a ").find(|element| element.contains(&hidden[0])).unwrap();
    for attribute in ["aria-hidden=\"true\"", "tabindex=\"-1\"", "display:none", "></a>"] {
        assert!(element.contains(attribute), "{attribute}: {element}");
    }
    follow(&served, &visible[0], (BROWSER, "198.51.100.1")).await;
    let answer = follow(&served, &hidden[0], (BROWSER, "198.51.100.1")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, "https://news.example.org/"));
    follow(&served, &visible[0], (BROWSER, "198.51.100.2")).await;
    assert_eq!(counted(&app, &served).await, [1, 0, 1]);
    let page = served.get("/newsletters/daily/editions/1").await;
    let element = page.text().split("<a ").find(|element| element.contains("aria-hidden=\"true\"")).unwrap();
    assert!(element.contains("tabindex=\"-1\" hidden></a>") && element.contains("/go/"), "{element}");
}

#[tokio::test]
async fn pages_count_too_and_name_what_was_read_most() {
    let app = app().await;
    let served = app.serve().await;
    assert!(!served.get("/").await.text().contains("Most read"), "nothing has been read");
    let page = served.get("/newsletters/daily/editions/1").await.text().to_owned();
    let on_front = links(served.get("/").await.text());
    assert_eq!(on_front.len(), TITLES.len() + 1, "all articles, and the hidden link");
    app.wait(Duration::from_mins(30)).await;
    for (place, readers) in [(0, 3), (1, 5), (2, 2)] {
        for reader in 0..readers {
            let address = format!("198.51.{place}.{reader}");
            let answer = follow(&served, &links(&page)[place], (BROWSER, &address)).await;
            assert!(answer.header("location").starts_with("https://news.example.org/articles/"));
        }
    }
    assert_eq!(counted(&app, &served).await, [10, 0, 0]);
    for reader in 0..9 {
        follow(&served, &on_front[3], (BROWSER, &format!("198.51.9.{reader}"))).await;
    }
    assert_eq!(counted(&app, &served).await, [10, 0, 0], "the front page is of no edition");
    app.wait(Duration::from_hours(1)).await;
    let titles = |page: &str| -> Vec<String> {
        let list = page.split("id=\"read\">Most read</h2>").nth(1).unwrap_or_default();
        let titles = list.split("<h3 class=\"head\">").skip(1);
        titles.map(|title| title.split('>').nth(1).unwrap().trim_end_matches("</a").to_owned()).collect()
    };
    let (front, own) = (served.get("/").await, served.get("/newsletters/daily").await);
    let [first, second] = [titles(own.text())[0].clone(), titles(own.text())[1].clone()];
    assert_eq!(titles(own.text()).len(), 2, "two readers are too few: {}", own.text());
    assert_eq!(titles(front.text())[1..], [first.clone(), second.clone()], "{}", front.text());
    let taken = app.store.find_article_of_source("cms", &first).await.unwrap().unwrap();
    app.store.retract_article(taken.id, app.clock.now()).await.unwrap();
    assert_eq!(titles(served.get("/newsletters/daily").await.text()), [second]);
    app.wait(Duration::from_hours(24 * 8)).await;
    served.web.write_visits(app.clock.now()).await.unwrap();
    assert_eq!(titles(served.get("/").await.text()), [""; 0], "that was last week");
    assert_eq!(counted(&app, &served).await, [10, 0, 0], "sums stay");
}

#[tokio::test]
async fn an_edition_of_a_group_has_counts_of_its_own() {
    let app = TestApp::start(vec![choosy()], "2026-03-02T00:00:00+01:00").await;
    app.configure(|settings| settings.publication.counts = true);
    subscribe(&app, "ada", &shape("daily 8 Europe/Paris", &[])).await;
    let articles: Vec<(String, Content)> = (1..).zip(TITLES).map(written).collect();
    app.store.save_articles("cms", &articles, app.clock.now()).await.unwrap();
    app.advance_to("2026-03-03T12:00:00Z").await;
    let editions = app.editions("daily").await;
    let group = editions.iter().find(|edition| edition.group.is_some()).unwrap();
    let served = app.serve().await;
    let (_, text) = app.store.find_edition_body(group.id).await.unwrap().unwrap();
    let answer = follow(&served, &links(&text)[0], (BROWSER, "198.51.100.1")).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    app.wait(Duration::from_secs(30)).await;
    served.web.write_visits(app.clock.now()).await.unwrap();
    assert_eq!(app.store.visits_of_edition(group.id).await.unwrap().len(), 1);
    let own = editions.iter().find(|edition| !edition.group.is_some()).unwrap();
    assert_eq!(app.store.visits_of_edition(own.id).await.unwrap(), []);
}

#[tokio::test]
async fn nothing_of_a_visitor_is_written_down_and_the_end_loses_nothing() {
    let app = app().await;
    app.wait(Duration::from_mins(30)).await;
    let served = app.serve().await;
    let link = links(&digest(&app).await.0).remove(0);
    let agent = "Mozilla/5.0 (Tell-tale browser of one reader)";
    follow(&served, &link, (agent, "198.51.100.77")).await;
    let edition = app.editions("daily").await.remove(0);
    assert_eq!(served.web.write_visits(app.clock.now()).await.unwrap(), 0, "half a minute is not over");
    assert_eq!(served.web.write_last_visits().await.unwrap(), 1);
    let visits = app.store.visits_of_edition(edition.id).await.unwrap();
    assert_eq!(visits[0].1, Visits { persons: 1, ..Visits::default() });
    let stopped = app.stop().await;
    for file in std::fs::read_dir(stopped.directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for tale in ["Tell-tale", "198.51.100"] {
            assert!(!bytes.windows(tale.len()).any(|part| part == tale.as_bytes()), "{tale}");
        }
    }
}

#[tokio::test]
async fn an_operator_is_told_who_followed_links_and_how_much_is_uncertain() {
    let app = app().await;
    let served = app.serve().await;
    let links = links(&digest(&app).await.0);
    follow(&served, &links[0], (BROWSER, "198.51.100.1")).await;
    app.wait(Duration::from_mins(30)).await;
    for reader in 0..3 {
        follow(&served, &links[0], (BROWSER, &format!("198.51.100.{reader}"))).await;
    }
    follow(&served, &links[1], ("curl/8.5", "198.51.100.9")).await;
    assert_eq!(counted(&app, &served).await, [3, 1, 1]);
    let text = show(&app, &[]);
    assert!(text.contains("links followed: 3 by persons, 1 uncertain (25 %), 1 by machines\n"), "{text}");
    assert!(text.contains("          0 by persons, 0 uncertain, 1 by machines\n"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&show(&app, &["--json"])).unwrap();
    assert_eq!(json["visits"], serde_json::json!({"persons": 3, "uncertain": 1, "machines": 1}));
    assert_eq!(json["articles"][5]["visits"]["persons"], 0);
}

/// What `courant edition show` prints about the first edition.
fn show(app: &TestApp, more: &[&str]) -> String {
    let directory = app.database().parent().unwrap().to_owned();
    std::fs::write(directory.join("courant.toml"), CONFIG).unwrap();
    let mut command = assert_cmd::Command::cargo_bin("courant").unwrap();
    command.current_dir(directory).env_remove("COURANT_CONFIG").args(["edition", "show", "daily/1"]);
    String::from_utf8(command.args(more).output().unwrap().stdout).unwrap()
}

#[tokio::test]
async fn without_counts_links_are_direct_and_those_of_before_go_on_to_lead() {
    let app = app().await;
    let before = links(&digest(&app).await.0);
    app.configure(|settings| settings.publication.counts = false);
    app.publish_article("Second").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    let served = app.serve().await;
    let edition = app.editions("daily").await.remove(1);
    let (html, text) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    let pages = ["/", "/newsletters/daily/editions/1", "/newsletters/daily", "/search?q=ferry"];
    let mut shown = vec![html, text];
    for page in pages {
        shown.push(served.get(page).await.text().to_owned());
    }
    for text in shown {
        assert!(!text.contains("/go/") && !text.contains("We count"), "{text}");
    }
    let answer = follow(&served, &before[0], (BROWSER, "198.51.100.1")).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(counted(&app, &served).await, [0, 0, 0]);
}

#[tokio::test]
async fn what_is_private_is_not_counted_and_what_has_become_so_is_reached_by_no_counted_link() {
    let app = app().await;
    let before = links(&digest(&app).await.0);
    let served = app.serve().await;
    app.wait(Duration::from_mins(30)).await;
    for reader in 0..3 {
        follow(&served, &before[1], (BROWSER, &format!("198.51.100.{reader}"))).await;
    }
    assert_eq!(counted(&app, &served).await, [3, 0, 0]);
    app.wait(Duration::from_hours(1)).await;
    assert!(served.get("/").await.text().contains("Most read"));
    app.configure(|settings| settings.newsletters[0].is_private = true);
    served.web.reload(app.web_settings());
    for link in &before {
        assert_eq!(follow(&served, link, (BROWSER, "198.51.100.1")).await.status, StatusCode::NOT_FOUND);
    }
    assert!(!served.get("/").await.text().contains("Most read"));
    app.publish_article("Second").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    let edition = app.editions("daily").await.remove(1);
    let (html, text) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    assert!(!html.contains("/go/") && !text.contains("/go/") && !text.contains("We count"), "{text}");
}

#[tokio::test]
async fn feeds_have_direct_links() {
    let app = app().await;
    let served = app.serve().await;
    for feed in ["/feed.rss", "/feed.json", "/newsletters/daily/feed.atom", "/newsletters/daily/editions.rss"]
    {
        assert!(!served.get(feed).await.text().contains("/go/"), "{feed}");
    }
}
