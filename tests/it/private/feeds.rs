//! Feeds that readers of a private newsletter have, each their own.

use courant::model::subscriber::{EmailAddress, PrivateFeedId, SubscriberId};
use courant::model::suppression::SuppressionReason;
use courant::model::token::Token;
use courant::render::feed::check::check;
use reqwest::{Method, StatusCode};

use super::{NOW, SECRET, SLUG, app, app_of, newsletters};
use crate::support::app::TestApp;
use crate::support::served::{Answer, Served};

const FORMATS: [&str; 3] = ["rss", "atom", "json"];
pub const MAKE: &str = "act=feed&newsletter=insiders";

/// Ada's page, and the path of her feed without its ending, once she has pressed the button.
pub struct Ada {
    pub id: SubscriberId,
    pub manage: String,
    pub feed: String,
}

pub async fn ada(app: &TestApp, served: &Served) -> Ada {
    let id = app.subscribe("ada@example.com", "insiders").await;
    let manage = app.manage_path(id, "insiders").await;
    let feed = press(served, &manage, MAKE).await;
    Ada { id, manage, feed }
}

/// Presses a button, and finds the address that the page then shows; empty if it shows none.
pub async fn press(served: &Served, manage: &str, form: &str) -> String {
    let answer = served.post(manage, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {}", answer.text());
    shown(&served.get(manage).await)
}

fn shown(page: &Answer) -> String {
    let start = page.text().split("<code>https://news.example.org").nth(1);
    let address = start.map(|rest| rest.split(".rss</code>").next().unwrap_or_default());
    address.unwrap_or_default().to_owned()
}

pub async fn status(served: &Served, feed: &str) -> StatusCode {
    served.get(&format!("{feed}.rss")).await.status
}

#[tokio::test]
async fn a_reader_makes_a_feed_of_their_own_and_its_links_open_the_articles() {
    let app = app().await;
    let served = app.serve().await;
    let id = app.subscribe("ada@example.com", "insiders").await;
    let manage = app.manage_path(id, "insiders").await;
    let before = served.get(&manage).await;
    assert!(before.text().contains("A feed for your feed reader") && shown(&before).is_empty());
    let Ada { feed, .. } = ada(&app, &served).await;
    assert!(feed.starts_with("/feed/private/"), "{feed}");
    let article = format!("/private/{}/articles/{SLUG}", feed.trim_start_matches("/feed/private/"));
    for format in FORMATS {
        let path = format!("{feed}.{format}");
        let answer = served.get(&path).await;
        assert_eq!((answer.status, check(&answer.bytes)), (StatusCode::OK, Vec::new()), "{path}");
        let text = answer.text();
        assert!(text.contains(SECRET) && text.contains("zebrawood"), "{text}");
        assert!(!text.contains("ferry"), "what belongs to another newsletter: {text}");
        assert!(text.contains(&format!("https://news.example.org{path}")), "it names itself: {text}");
        assert!(text.contains(&format!("https://news.example.org{article}")), "{text}");
        assert!(!text.chars().any(courant::model::slot::is_marker) && !text.contains("hub"), "{text}");
        assert_eq!(answer.header("cache-control"), "private, max-age=300");
        assert_eq!(answer.header("x-robots-tag"), "noindex");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!((answer.header("access-control-allow-origin"), answer.header("link")), ("", ""));
    }
    let page = served.get(&article).await;
    assert_eq!(page.status, StatusCode::OK, "{article}");
    assert!(page.text().contains("zebrawood"));
}

#[tokio::test]
async fn who_has_a_feed_is_not_sent_it_again() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { feed, .. } = ada(&app, &served).await;
    for format in FORMATS {
        let path = format!("{feed}.{format}");
        let first = served.get(&path).await;
        let (tag, date) = (first.header("etag").to_owned(), first.header("last-modified").to_owned());
        assert!(!tag.is_empty() && !date.is_empty());
        for condition in [("if-none-match", tag.as_str()), ("if-modified-since", &date)] {
            let again = served.ask(Method::GET, &path, &[condition]).await;
            assert_eq!(
                (again.status, again.bytes.len()),
                (StatusCode::NOT_MODIFIED, 0),
                "{path} {condition:?}"
            );
            assert_eq!(again.header("cache-control"), "private, max-age=300");
        }
        let packed = served.ask(Method::GET, &path, &[("accept-encoding", "gzip")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert!(packed.bytes.len() < first.bytes.len());
        let more = [super::story(40, &format!("Cellar news as {format}"), "Cellar")];
        app.store.save_articles("backroom", &more, app.clock.now()).await.unwrap();
        let changed = served.ask(Method::GET, &path, &[("if-none-match", &tag)]).await;
        assert_eq!(changed.status, StatusCode::OK);
        assert!(changed.text().contains("Cellar news"));
    }
}

#[tokio::test]
async fn readers_share_what_is_kept_in_memory_and_no_token() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { feed, .. } = ada(&app, &served).await;
    let bob = app.subscribe("bob@example.com", "insiders").await;
    let other = press(&served, &app.manage_path(bob, "insiders").await, MAKE).await;
    assert_ne!(feed, other);
    let [one, two] = [&feed, &other].map(|feed| format!("{feed}.atom"));
    let (one, two) = (served.get(&one).await, served.get(&two).await);
    assert_eq!(one.header("etag"), two.header("etag"));
    assert_eq!(one.text().replace(&feed[14..], &other[14..]), two.text());
    assert!(!two.text().contains(&feed[14..]));
}

#[tokio::test]
async fn another_address_ends_the_old_one_and_an_end_ends_it_also_after_a_restart() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { manage, feed, .. } = ada(&app, &served).await;
    let renewed = press(&served, &manage, MAKE).await;
    assert!(!renewed.is_empty() && renewed != feed);
    let old = served.get(&format!("{feed}.rss")).await;
    assert_eq!(old.status, StatusCode::GONE);
    assert!(
        old.text().contains("This feed has ended") && old.text().contains("action=\"/manage\""),
        "{}",
        old.text()
    );
    assert_eq!((old.header("cache-control"), old.header("referrer-policy")), ("no-store", "no-referrer"));
    let link = format!("/private/{}/articles/{SLUG}", feed.trim_start_matches("/feed/private/"));
    assert_eq!(served.get(&link).await.status, StatusCode::GONE, "its links end with it");
    assert_eq!(status(&served, &renewed).await, StatusCode::OK);

    let app = app.restart_at("2026-03-02T07:00:00Z").await;
    let served = app.serve().await;
    assert_eq!(status(&served, &feed).await, StatusCode::GONE);
    assert_eq!(status(&served, &renewed).await, StatusCode::OK);
    assert_eq!(press(&served, &manage, "act=end_feed&newsletter=insiders").await, "");
    assert_eq!(status(&served, &renewed).await, StatusCode::GONE);
    let again = press(&served, &manage, MAKE).await;
    assert!(![feed, renewed].contains(&again), "no address is given out twice");
}

#[tokio::test]
async fn a_feed_ends_with_the_subscription_and_does_not_come_back_with_another() {
    let address: EmailAddress = "ada@example.com".parse().unwrap();
    for how in ["left", "suppressed", "erased"] {
        let app = app().await;
        let served = app.serve().await;
        let Ada { id, feed, .. } = ada(&app, &served).await;
        assert_eq!(status(&served, &feed).await, StatusCode::OK);
        let (newsletter, now) = (app.standing("insiders").await.id, app.clock.now());
        match how {
            "left" => {
                app.store.end_subscription(id, newsletter, "page", now).await.unwrap();
                assert_eq!(status(&served, &feed).await, StatusCode::GONE);
                app.store.take_back_farewell(id, newsletter, "a test", now).await.unwrap();
                assert_eq!(status(&served, &feed).await, StatusCode::OK, "that was taken back");
                app.store.end_subscription(id, newsletter, "mail", now).await.unwrap();
            }
            "suppressed" => {
                app.store.suppress(&address, SuppressionReason::HardBounce, None, now).await.unwrap();
                app.store.unsuppress(&address, None, now).await.unwrap();
            }
            _ => assert!(app.store.forget(&address, now).await.unwrap()),
        }
        assert_eq!(status(&served, &feed).await, StatusCode::GONE, "{how}");
        if how != "erased" {
            app.wait(std::time::Duration::from_mins(1)).await;
            let now = app.clock.now();
            app.store.request_subscriptions(&address, &[newsletter], "form", now).await.unwrap();
            assert_eq!(app.store.confirm_subscriptions(id, "page", now).await.unwrap(), 1);
            assert_eq!(status(&served, &feed).await, StatusCode::GONE, "{how}, and back");
        }
    }
}

#[tokio::test]
async fn only_who_came_by_that_newsletter_or_a_personal_link_is_shown_the_feed() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { id, feed, .. } = ada(&app, &served).await;
    app.subscribe("ada@example.com", "daily").await;
    let by_other = app.manage_path(id, "daily").await;
    let page = served.get(&by_other).await;
    let token = feed.trim_start_matches("/feed/private/");
    assert!(!page.text().contains(token) && !page.text().contains("/private/"), "{}", page.text());
    assert!(
        page.text()
            .contains("To have a feed of this newsletter, open this page by the link in one of its mails")
    );
    for act in ["feed", "end_feed"] {
        let answer = served.post(&by_other, &format!("act={act}&newsletter=insiders")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{act}");
    }
    assert_eq!(status(&served, &feed).await, StatusCode::OK);
    let until = app.clock.now() + std::time::Duration::from_hours(1);
    let personal = format!("/manage/{}", app.store.key().sign(Token::Personal(id, until)));
    assert_eq!(shown(&served.get(&personal).await), feed);
    let public = served.post(&app.manage_path(id, "daily").await, "act=feed&newsletter=daily").await;
    assert_eq!(public.status, StatusCode::BAD_REQUEST, "a public newsletter has its own feeds");
}

#[tokio::test]
async fn opening_the_page_or_the_feed_changes_nothing() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { manage, feed, .. } = ada(&app, &served).await;
    for _ in 0..3 {
        assert_eq!(shown(&served.get(&manage).await), feed);
        assert_eq!(status(&served, &feed).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_browser_that_opens_it_is_shown_a_page() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { feed, .. } = ada(&app, &served).await;
    let window = [("sec-fetch-dest", "document"), ("accept", "text/html,*/*;q=0.8")];
    let page = served.ask(Method::GET, &format!("{feed}.rss"), &window).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("cache-control").starts_with("private"));
    let text = page.text();
    assert!(text.contains(&format!("<code>https://news.example.org{feed}.rss</code>")), "{text}");
    assert!(text.contains(&format!("href=\"{feed}.atom\"")) && text.contains(SECRET), "{text}");
    assert!(!text.chars().any(courant::model::slot::is_marker) && !text.contains("%F3%B0"), "{text}");
}

#[tokio::test]
async fn a_forged_or_foreign_address_is_that_of_no_feed() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { id, feed, .. } = ada(&app, &served).await;
    let bob = app.subscribe("bob@example.com", "insiders").await;
    let (key, newsletter) = (app.store.key(), app.standing("insiders").await.id);
    let token = feed.trim_start_matches("/feed/private/");
    let altered = format!("{}{}", &token[..46], if token.ends_with('a') { 'b' } else { 'a' });
    for (token, expected) in [
        (altered, StatusCode::NOT_FOUND),
        (key.sign(Token::Reader(id, newsletter)), StatusCode::NOT_FOUND),
        (key.sign(Token::Subscription(id, newsletter)), StatusCode::NOT_FOUND),
        (
            courant::model::token::Key::new([7; 32]).sign(Token::Feed(id, PrivateFeedId(1))),
            StatusCode::NOT_FOUND,
        ),
        ("x".to_owned(), StatusCode::NOT_FOUND),
        // Signed by us, and of another reader's row, or of none.
        (key.sign(Token::Feed(bob, PrivateFeedId(1))), StatusCode::GONE),
        (key.sign(Token::Feed(id, PrivateFeedId(2))), StatusCode::GONE),
    ] {
        for format in FORMATS {
            let answer = served.get(&format!("/feed/private/{token}.{format}")).await;
            assert_eq!(answer.status, expected, "{token}.{format}");
            assert!(!answer.text().contains(SECRET));
        }
    }
    for path in ["", ".", ".xml", ".rss.rss"] {
        assert_eq!(served.get(&format!("{feed}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn one_feed_may_be_asked_for_only_so_often() {
    let app = app().await;
    let served = app.serve().await;
    let Ada { feed, .. } = ada(&app, &served).await;
    let bob = app.subscribe("bob@example.com", "insiders").await;
    let other = press(&served, &app.manage_path(bob, "insiders").await, MAKE).await;
    let mut statuses = Vec::new();
    for _ in 0..65 {
        statuses.push(status(&served, &feed).await);
    }
    assert!(statuses[..60].iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
    assert_eq!(status(&served, &other).await, StatusCode::OK, "and nobody else's");
}

#[tokio::test]
async fn a_newsletter_that_is_public_again_leads_to_its_public_feed() {
    let app = app_of(newsletters()).await;
    let served = app.serve().await;
    let Ada { feed, .. } = ada(&app, &served).await;
    app.configure(|settings| settings.newsletters[1].is_private = false);
    served.web.reload(app.web_settings());
    let answer = served.get(&format!("{feed}.json")).await;
    let place = answer.header("location");
    assert_eq!((answer.status, place), (StatusCode::SEE_OTHER, "/newsletters/insiders/feed.json"));
    app.configure(|settings| settings.newsletters.truncate(1));
    served.web.reload(app.web_settings());
    assert_eq!(status(&served, &feed).await, StatusCode::GONE, "since {NOW} it has ended");
}
