//! Signed links: what they open, for whom, how long, and that nobody makes one up.

use courant::model::newsletter::NewsletterId;
use courant::model::subscriber::{EmailAddress, SubscriberId};
use courant::model::suppression::SuppressionReason;
use courant::model::token::{LENGTH, Token};
use courant::store::Store;
use reqwest::StatusCode;

use super::{AFTER_TICK, SECRET, SLUG, app, app_of, newsletters};
use crate::support::app::{TestApp, at};
use crate::support::installation::{Daemon, Installation};
use crate::support::served::{Answer, Served};

/// A page that only its reader has: kept by nobody, listed nowhere, and telling nobody where the reader came from.
async fn opened(served: &Served, path: &str) -> Answer {
    let page = served.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    assert_eq!(page.header("cache-control"), "private, no-store", "{path}");
    assert_eq!(page.header("x-robots-tag"), "noindex", "{path}");
    assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
    assert_eq!((page.header("etag"), page.header("link")), ("", ""), "{path}");
    let text = page.text();
    assert!(text.contains("content=\"noindex\"") && !text.contains("rel=\"canonical\""), "{path}");
    assert!(!text.contains("og:url") && !text.contains("ld+json"), "{path}");
    assert!(!text.chars().any(courant::model::slot::is_marker), "{path}");
    page
}

#[tokio::test]
async fn the_links_of_a_digest_open_its_edition_its_articles_and_what_stands_beside_them() {
    let app = app_of(newsletters()).await;
    let ada = app.subscribe("ada@example.com", "insiders").await;
    app.advance_to(AFTER_TICK).await;
    let mail = app.inbox().mails_to("ada@example.com").pop().unwrap();
    let base = app.private_path(ada, "insiders").await;
    assert!(mail.header("List-Archive").contains(&base), "{}", mail.header("List-Archive"));
    let (text, html) = (mail.read().text, mail.read().html);
    for part in ["/editions/1", &format!("/articles/{SLUG}"), ""] {
        let link = format!("https://news.example.org{base}{part}");
        assert!(text.contains(&link) && html.contains(&link), "{link} in {text}");
    }
    assert!(!text.contains("feed.rss") && !text.contains("/newsletters/insiders/"), "{text}");

    let served = app.serve().await;
    let list = opened(&served, &base).await;
    assert!(list.text().contains(&format!("href=\"{base}/editions/1\"")), "{}", list.text());
    assert!(list.text().contains(SECRET) && !list.text().contains("action=\"/subscribe\""));
    let edition = opened(&served, &format!("{base}/editions/1")).await;
    assert!(edition.text().contains(&format!("href=\"{base}/articles/{SLUG}\"")), "{}", edition.text());
    assert!(edition.text().contains(&format!("href=\"{base}\"")));
    let article = opened(&served, &format!("{base}/articles/{SLUG}")).await;
    assert!(article.text().contains("zebrawood") && article.text().contains(&format!("href=\"{base}\"")));
    assert!(!article.text().contains("share"), "nobody is asked to pass it on: {}", article.text());
    assert!(!article.text().contains("/tags/"), "the page of its tag is nowhere: {}", article.text());
    assert!(article.text().contains("lighthouse-lamp-returns"), "what is public may be related");
}

#[tokio::test]
async fn a_long_list_goes_on_to_the_first_edition_with_the_token() {
    let app = app_of(newsletters()).await;
    let ada = app.subscribe("ada@example.com", "insiders").await;
    app.advance_to(AFTER_TICK).await;
    app.execute(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
        INSERT INTO edition (newsletter_id, number, tick, published_at, state, subject, preheader, html, text, queue_end, finished_at)
        SELECT newsletter_id, i, tick + i * 86400, published_at + i * 86400, 'done', 'More', '', '', '', 0, published_at
        FROM edition, n WHERE newsletter_id = (SELECT id FROM newsletter WHERE slug = 'insiders')",
    )
    .await;
    app.execute("UPDATE newsletter SET last_number = 60 WHERE slug = 'insiders'").await;
    let served = app.serve().await;
    let base = app.private_path(ada, "insiders").await;
    let newest = opened(&served, &base).await;
    assert!(newest.text().contains(&format!("href=\"{base}/editions/60\"")), "{}", newest.text());
    assert!(!newest.text().contains(&format!("href=\"{base}/editions/10\"")), "{}", newest.text());
    assert!(newest.text().contains(&format!("rel=\"next\" href=\"{base}?page=2\"")), "{}", newest.text());
    let oldest = opened(&served, &format!("{base}?page=2")).await;
    for part in ["/editions/10", "/editions/1"] {
        assert!(oldest.text().contains(&format!("href=\"{base}{part}\"")), "{}", oldest.text());
    }
    assert!(oldest.text().contains(&format!("rel=\"prev\" href=\"{base}\"")), "{}", oldest.text());
    assert_eq!(served.get(&format!("{base}?page=3")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn editions_lead_on_with_the_token() {
    let app = app().await;
    let ada = app.subscribe("ada@example.com", "insiders").await;
    for (number, day) in [(20, "03"), (21, "04")] {
        let more = [super::story(number, &format!("Cellar news {number}"), "Cellar")];
        app.store.save_articles("backroom", &more, app.clock.now()).await.unwrap();
        app.advance_to(&format!("2026-03-{day}T06:05:00Z")).await;
    }
    let served = app.serve().await;
    let base = app.private_path(ada, "insiders").await;
    let middle = opened(&served, &format!("{base}/editions/2")).await;
    for (rel, number) in [("prev", 1), ("next", 3)] {
        let link = format!("rel=\"{rel}\" href=\"{base}/editions/{number}\"");
        assert!(middle.text().contains(&link), "{link} in {}", middle.text());
    }
    let upper = format!("/private/{}/editions/2", base.trim_start_matches("/private/").to_uppercase());
    assert_eq!(opened(&served, &upper).await.text(), middle.text(), "mail programs change the case");
    let bob = app.subscribe("bob@example.com", "insiders").await;
    let other = app.private_path(bob, "insiders").await;
    let own = opened(&served, &format!("{other}/editions/2")).await;
    assert!(!own.text().contains(&base) && own.text().contains(&other), "each reader has their own token");
}

#[tokio::test]
async fn what_is_public_too_is_read_at_its_public_address() {
    let mut both = newsletters();
    both[1].choice.sources.push("cms".to_owned());
    let app = app_of(both).await;
    let ada = app.subscribe("ada@example.com", "insiders").await;
    app.advance_to(AFTER_TICK).await;
    let served = app.serve().await;
    let base = app.private_path(ada, "insiders").await;
    let public = "/articles/night-ferry-loses-its-licence";
    let answer = served.get(&format!("{base}{public}")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, public));
    assert_eq!(opened(&served, &format!("{base}/articles/{SLUG}")).await.status, StatusCode::OK);
    app.configure(|settings| settings.newsletters[1].is_private = false);
    served.web.reload(app.web_settings());
    for (part, place) in [("", ""), ("/editions/1", "/editions/1")] {
        let answer = served.get(&format!("{base}{part}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), format!("/newsletters/insiders{place}"));
    }
    let answer = served.get(&format!("{base}/articles/{SLUG}")).await;
    assert_eq!(answer.header("location"), format!("/articles/{SLUG}"));
}

#[tokio::test]
async fn a_link_opens_nothing_of_another_newsletter() {
    let mut all = newsletters();
    let mut other = all[1].clone();
    other.slug = "board".parse().unwrap();
    other.choice.sources = vec!["boardroom".to_owned()];
    all.push(other);
    let app = app_of(all).await;
    let minutes = [super::story(30, "Minutes of the board", "Board")];
    app.store.save_articles("boardroom", &minutes, app.clock.now()).await.unwrap();
    let ada = app.subscribe("ada@example.com", "insiders").await;
    app.advance_to(AFTER_TICK).await;
    let served = app.serve().await;
    let base = app.private_path(ada, "insiders").await;
    for path in ["/articles/minutes-of-the-board", "/articles/nothing", "/editions/2", "/editions/x"] {
        assert_eq!(served.get(&format!("{base}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let board = app.private_path(ada, "board").await;
    let answer = served.get(&board).await;
    assert_eq!(answer.status, StatusCode::GONE, "signed, and of no subscription");
    assert!(!answer.text().contains("Minutes"));
}

/// How a subscription ends.
async fn leave(app: &TestApp, how: &str, reader: SubscriberId) {
    let address: EmailAddress = "ada@example.com".parse().unwrap();
    let now = app.clock.now();
    match how {
        "unsubscribed" => {
            let id = app.standing("insiders").await.id;
            app.store.end_subscription(reader, id, "one_click", now).await.unwrap();
        }
        "suppressed" => {
            app.store.suppress(&address, SuppressionReason::Complaint, None, now).await.unwrap();
        }
        _ => {
            app.store.forget(&address, now).await.unwrap();
        }
    }
}

#[tokio::test]
async fn after_the_subscription_a_link_says_that_it_is_over_and_what_to_do() {
    for how in ["unsubscribed", "suppressed", "erased"] {
        let app = app().await;
        let served = app.serve().await;
        let ada = app.subscribe("ada@example.com", "insiders").await;
        let base = app.private_path(ada, "insiders").await;
        let paths = [base.clone(), format!("{base}/editions/1"), format!("{base}/articles/{SLUG}")];
        for path in &paths {
            opened(&served, path).await;
        }
        leave(&app, how, ada).await;
        for path in &paths {
            let answer = served.get(path).await;
            assert_eq!(answer.status, StatusCode::GONE, "{how}: {path}");
            let text = answer.text();
            assert!(
                text.contains("This link has ended") && text.contains("href=\"/newsletters/insiders\""),
                "{text}"
            );
            assert!(!text.contains(SECRET) && !text.contains(SLUG), "{text}");
            assert_eq!(
                (answer.header("cache-control"), answer.header("referrer-policy")),
                ("no-store", "no-referrer")
            );
        }
    }
}

#[tokio::test]
async fn a_pause_closes_nothing_and_who_comes_back_opens_it_again() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "insiders").await;
    let id = app.standing("insiders").await.id;
    let path = app.private_path(ada, "insiders").await;
    let until = at("2026-03-09T00:00:00Z");
    app.store.pause_subscriptions(ada, &[(id, until)], "a test", app.clock.now()).await.unwrap();
    opened(&served, &path).await;
    let manage = served.get(&app.manage_path(ada, "insiders").await).await;
    assert!(
        manage.text().contains(&format!("href=\"{path}\"")),
        "what is missed can be read: {}",
        manage.text()
    );
    app.store.end_subscription(ada, id, "page", app.clock.now()).await.unwrap();
    assert_eq!(served.get(&path).await.status, StatusCode::GONE);
    app.store.take_back_farewell(ada, id, "a test", app.clock.now()).await.unwrap();
    opened(&served, &path).await;
}

#[tokio::test]
async fn no_line_of_the_log_holds_a_token() {
    let installation = Installation::new();
    installation.change("slug = \"daily\"", "slug = \"daily\"\nprivate = true");
    let added = ["subscriber", "add", "ada@example.com", "--newsletter", "daily", "--confirmed", "a test"];
    assert!(installation.run(&added).status.success());
    let log = std::fs::File::create(installation.path().join("log")).unwrap();
    let child = installation.command(&["run"]).env("COURANT_LOG", "debug").stderr(log).spawn().unwrap();
    let daemon = Daemon { child, url: format!("http://{}", installation.address().await) };
    daemon.until_it_answers("/", 200).await;
    let now = at("2026-03-02T05:00:00Z");
    let store = Store::open(&installation.path().join("courant.db"), now).await.unwrap();
    let ada = store.find_subscriber(&"ada@example.com".parse().unwrap()).await.unwrap().unwrap().id;
    let daily = store.find_newsletter("daily").await.unwrap().unwrap().id;
    assert!(store.make_private_feed(ada, daily, at("2100-01-01T00:00:00Z")).await.unwrap());
    let (_, feed) = store.private_feeds_of(ada).await.unwrap()[0];
    let tokens = [Token::Reader(ada, daily), Token::Feed(ada, feed), Token::Subscription(ada, daily)];
    let [reader, feed, manage] = tokens.map(|token| store.key().sign(token));
    for (path, expected) in [
        (format!("/private/{reader}"), 200),
        (format!("/private/{reader}/editions/1"), 404),
        (format!("/private/{feed}/articles/nothing"), 404),
        (format!("/feed/private/{feed}.rss"), 200),
        (format!("/manage/{manage}"), 200),
    ] {
        assert_eq!(daemon.status(&path).await, Some(expected), "{path}");
    }
    store.end_private_feed(ada, daily).await.unwrap();
    assert_eq!(daemon.status(&format!("/feed/private/{feed}.rss")).await, Some(410));
    let log = installation.log();
    for route in ["/private/{token}/editions/{number}", "/feed/private/{token}", "/manage/{token}"] {
        assert!(log.contains(route), "{route} in {log}");
    }
    for token in [reader, feed, manage] {
        assert!(!log.contains(&token), "{log}");
    }
    store.close().await;
}

#[tokio::test]
async fn a_forged_link_opens_nothing() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "insiders").await;
    let id = app.standing("insiders").await.id;
    let path = app.private_path(ada, "insiders").await;
    let good = path.trim_start_matches("/private/").to_owned();
    let key = app.store.key();
    let mut forged: Vec<String> = (0..LENGTH)
        .map(|index| {
            let other = if good.as_bytes()[index] == b'a' { "b" } else { "a" };
            let mut altered = good.clone();
            altered.replace_range(index..=index, other);
            altered
        })
        .collect();
    // Tokens of ours with another purpose, and what is none at all.
    forged.extend([
        key.sign(Token::Subscription(ada, id)),
        key.sign(Token::Confirm(ada, id)),
        key.sign(Token::Personal(ada, at("2027-01-01T00:00:00Z"))),
        courant::model::token::Key::new([7; 32]).sign(Token::Reader(ada, id)),
        "preview".to_owned(),
        "a".repeat(LENGTH),
        "%00".to_owned(),
        "a".repeat(5000),
    ]);
    for token in forged {
        for part in ["", "/editions/1", &format!("/articles/{SLUG}")] {
            let answer = served.get(&format!("/private/{token}{part}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{token}{part}");
            assert!(!answer.text().contains(SECRET));
        }
    }
    // Signed, of rows that there are not.
    for token in [Token::Reader(SubscriberId(999), id), Token::Reader(ada, NewsletterId(999))] {
        let answer = served.get(&format!("/private/{}", key.sign(token))).await;
        assert!(matches!(answer.status, StatusCode::GONE | StatusCode::NOT_FOUND), "{}", answer.status);
    }
}
