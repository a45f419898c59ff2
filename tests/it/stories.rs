//! The same story from several sources: once in a newsletter, with the names of all that tell it.

use std::path::Path;

use assert_cmd::Command;
use courant::model::article::{Article, ArticleId};
use courant::store::Entry;

use crate::support::app::{CONFIG, TestApp, daily};
use crate::support::article::article;

/// A text of a hundred words that no other subject has.
fn text(subject: &str) -> String {
    (0..100).map(|word| format!("{subject}{}", letters(word))).collect::<Vec<_>>().join(" ")
}

fn letters(number: u8) -> String {
    [number / 10, number % 10].iter().map(|digit| char::from(b'a' + digit)).collect()
}

/// A source gives an article.
async fn tell(app: &TestApp, source: &str, id: &str, url: Option<&str>, text: &str) -> ArticleId {
    let mut content = article(1, id).content;
    text.clone_into(&mut content.text);
    content.url = url.map(str::to_owned);
    content.published_at = Some(app.clock.now());
    app.store.save_articles(source, &[(id.to_owned(), content)], app.clock.now()).await.unwrap();
    find(app, source, id).await.id
}

async fn find(app: &TestApp, source: &str, id: &str) -> Article {
    app.store.find_article_of_source(source, id).await.unwrap().unwrap()
}

/// What a command says of the database in a directory.
fn courant(directory: &Path, arguments: &[&str]) -> String {
    std::fs::write(directory.join("courant.toml"), CONFIG).unwrap();
    let mut command = Command::cargo_bin("courant").unwrap();
    let output = command.current_dir(directory).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

async fn fate(app: &TestApp, id: ArticleId) -> Entry {
    app.store.fates(id).await.unwrap().unwrap().remove(0).entry
}

async fn reason(app: &TestApp, id: ArticleId) -> String {
    match fate(app, id).await {
        Entry::PassedOver { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// A newsletter that has gone out once, with an article of its own.
async fn app() -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-02T04:00:00Z").await;
    tell(&app, "cms", "Opening", None, &text("opening")).await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app
}

#[tokio::test]
async fn a_story_of_two_sources_goes_once_and_names_both() {
    let app = app().await;
    let first = tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    let signed = format!("{} Reporting by Ines Okafor", text("ferry"));
    let second = tell(&app, "wire", "Ferry sails", None, &signed).await;
    tell(&app, "wire", "Storm", None, &text("storm")).await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1..], [["Storm", "Ferry"]]);
    let edition = app.editions("daily").await.remove(1);
    let (html, plain) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    assert_eq!(html.matches("cms · also in wire").count(), 1, "{html}");
    assert_eq!(plain.matches("cms · also in wire").count(), 1, "{plain}");
    let why = format!(
        "it is the same story as article {first} from cms (96 % of the text is the same, 85 % are enough), which went out in edition 2"
    );
    assert_eq!(reason(&app, second).await, why);
    app.advance_to("2026-03-06T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 2);
}

#[tokio::test]
async fn what_has_gone_out_does_not_go_out_again_from_another_source() {
    let app = app().await;
    let first = tell(&app, "cms", "Ferry", Some("https://a.example.org/ferry"), "A teaser.").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    let late =
        tell(&app, "wire", "x", Some("http://www.a.example.org/ferry/?utm_source=x"), &text("ferry")).await;
    app.advance_to("2026-03-04T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 2, "nothing was new");
    assert!(reason(&app, late).await.contains("(the address is the same), which went out in edition 2"));
    app.store.retract_article(first, app.clock.now()).await.unwrap();
    app.advance_to("2026-03-05T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 2, "readers have had it");
    let again = tell(&app, "coast", "y", None, &text("ferry")).await;
    app.advance_to("2026-03-06T12:00:00Z").await;
    assert!(matches!(fate(&app, again).await, Entry::PassedOver { .. }));
}

#[tokio::test]
async fn the_other_one_goes_if_the_first_is_taken_back_before() {
    let app = app().await;
    let first = tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    app.store.retract_article(first, app.clock.now()).await.unwrap();
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1..], [["Ferry sails"]]);
    app.store.reinstate_article(first, app.clock.now()).await.unwrap();
    app.advance_to("2026-03-04T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 2);
    assert!(reason(&app, first).await.contains("from wire"));
}

#[tokio::test]
async fn an_update_makes_a_story_one_and_none_makes_it_two() {
    let app = app().await;
    tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    let second = tell(&app, "wire", "Ferry sails", None, "A line, and more to come.").await;
    tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    assert_eq!(app.store.twins(&[second]).await.unwrap().len(), 1);
    tell(&app, "cms", "Ferry", None, &text("rewritten")).await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1..], [["Ferry"]]);
    tell(&app, "wire", "Ferry sails", None, &text("corrected")).await;
    app.advance_to("2026-03-04T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 2, "an update is no news");
}

#[tokio::test]
async fn a_story_that_waits_for_room_takes_one_place() {
    let mut small = daily();
    small.max_articles = 1;
    small.min_articles = 2;
    let app = TestApp::start(vec![small], "2026-03-02T04:00:00Z").await;
    app.configure(|settings| settings.newsletters[0].min_articles = 1);
    tell(&app, "cms", "Opening", None, &text("opening")).await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app.configure(|settings| settings.newsletters[0].min_articles = 2);
    tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 1, "one story is too little");
    tell(&app, "wire", "Storm", None, &text("storm")).await;
    app.advance_to("2026-03-04T12:00:00Z").await;
    app.configure(|settings| settings.newsletters[0].min_articles = 1);
    app.advance_to("2026-03-07T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1..], [["Ferry"], ["Storm"]]);
}

#[tokio::test]
async fn a_first_edition_has_each_story_once_and_is_full() {
    let mut small = daily();
    small.max_articles = 2;
    let app = TestApp::start(vec![small], "2026-03-02T04:00:00Z").await;
    tell(&app, "cms", "Market", None, &text("market")).await;
    tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    let twin = tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await, [["Ferry", "Market"]]);
    assert!(reason(&app, twin).await.contains("which went out in edition 1"));
}

#[tokio::test]
async fn articles_of_one_source_are_articles_of_their_own() {
    let app = app().await;
    tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    tell(&app, "cms", "Ferry, again", None, &text("ferry")).await;
    let other = tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    let more = tell(&app, "wire", "Ferry sails again", None, &text("ferry")).await;
    assert_eq!(app.store.twins(&[other]).await.unwrap().len(), 1);
    let twins = app.store.twins(&[more]).await.unwrap();
    assert!(twins.iter().all(|twin| twin.source != "wire"), "{twins:?}");
}

#[tokio::test]
async fn a_newsletter_names_no_source_that_it_does_not_take_from() {
    let mut own = daily();
    own.choice.sources = vec!["cms".to_owned()];
    let app = TestApp::start(vec![own], "2026-03-02T04:00:00Z").await;
    tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await, [["Ferry"]], "the first is not for this newsletter");
    let edition = app.editions("daily").await.remove(0);
    let (html, _) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    assert!(!html.contains("also in"), "{html}");
}

#[tokio::test]
async fn the_plan_names_the_other_sources() {
    let app = app().await;
    tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    let second = tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    let stopped = app.stop().await;
    let plan = courant(stopped.directory.path(), &["plan"]);
    assert!(plan.contains(&format!("also in wire: article {second}")), "{plan}");
    assert!(!plan.contains("Ferry sails"), "{plan}");
}

#[tokio::test]
async fn an_operator_sees_why_and_can_say_that_two_stories_are_two() {
    let app = app().await;
    let first = tell(&app, "cms", "Ferry", None, &text("ferry")).await;
    let second = tell(&app, "wire", "Ferry sails", None, &text("ferry")).await;
    let stopped = app.stop().await;
    let courant = |arguments: &[&str]| courant(stopped.directory.path(), arguments);
    let (one, other) = (first.to_string(), second.to_string());
    let shown = courant(&["article", "show", &other]);
    assert!(shown.contains(&format!("article {first} from cms")), "{shown}");
    assert!(shown.contains("100 % of the text is the same, 85 % are enough"), "{shown}");
    let explained = courant(&["article", "explain", &other]);
    assert!(explained.contains(&format!("it is the same story as article {first} from cms")), "{explained}");
    let refused = courant(&["article", "separate", &one]);
    assert!(refused.contains(&format!("courant article separate {second}")), "{refused}");
    assert!(courant(&["article", "separate", &other]).contains(&format!("Separated: article {second}")));
    assert!(courant(&["article", "separate", &other]).contains("a story of its own already"));
    let app = stopped.start_at("2026-03-02T13:00:00Z").await;
    tell(&app, "wire", "Ferry sails", None, &format!("{} again", text("ferry"))).await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1].len(), 2, "for good, whatever is edited");
}
