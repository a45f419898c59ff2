//! Choosing on the web: on the form, by JSON, on the reader's own page; and the pages of groups' editions.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{START, choosy, had, publish, shape, subscribe};
use crate::support::app::{TestApp, newsletter};
use crate::support::served::{Answer, Served};

async fn chosen(app: &TestApp, address: &str) -> Option<String> {
    let subscriber = app.store.find_subscriber(&address.parse().unwrap()).await.unwrap()?;
    let own = app.store.subscriptions(subscriber.id).await.unwrap().remove(0);
    own.wants.0.map(|shape| shape.to_string())
}

async fn post(served: &Served, body: &Value) -> (StatusCode, Value) {
    let request = served.request(Method::POST, "/api/v1/subscriptions");
    let request = request.header("content-type", "application/json").body(body.to_string());
    let answer = Answer::read(request.send().await.unwrap()).await;
    (answer.status, serde_json::from_slice(&answer.bytes).unwrap())
}

async fn form(served: &Served, body: &str) -> Answer {
    served.post("/subscribe", body).await
}

#[tokio::test]
async fn a_form_offers_what_can_be_chosen_and_takes_it() {
    let app = TestApp::start(vec![choosy()], START).await;
    let served = app.serve().await;
    let page = served.get("/newsletters/daily").await.text().to_owned();
    for part in [
        "<legend class=\"field\">Topics</legend>",
        "name=\"topics\" value=\"Culture\"",
        "<option value=\"each_article\">Each article as it comes</option>",
        "<option value=\"7\" selected>07:00</option>",
        "name=\"time_zone\" value=\"Europe/Paris\"",
        "<script src=\"/assets/zone.js\" defer></script>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let script = served.get("/assets/zone.js").await;
    assert!(
        script.header("content-type").starts_with("text/javascript") && script.text().contains("timeZone")
    );
    let filled = "newsletter=daily&address=ada%40example.org&topics=Sport&topics=politics&rhythm=daily&hour=8&time_zone=asia%2Fkathmandu";
    assert_eq!(form(&served, filled).await.status, StatusCode::OK);
    let expected = "daily at 8:00 in Asia/Kathmandu, of politics and sport";
    assert_eq!(chosen(&app, "ada@example.org").await.as_deref(), Some(expected));
    let plain =
        "newsletter=daily&address=ben%40example.org&rhythm=newsletter&hour=7&time_zone=Europe%2FParis";
    assert_eq!(form(&served, plain).await.status, StatusCode::OK);
    assert_eq!(chosen(&app, "ben@example.org").await, None);
}

#[tokio::test]
async fn a_form_with_what_is_not_offered_is_refused_as_it_was_filled_and_nothing_is_kept() {
    let app = TestApp::start(vec![choosy()], START).await;
    let served = app.serve().await;
    for (field, told, kept) in [
        (
            "topics=Weather&topics=Sport",
            "Topics: this cannot be chosen here. Choose from: Politics, Culture and Sport.",
            "value=\"Sport\" checked",
        ),
        (
            "rhythm=hourly&topics=Sport",
            "How often: this cannot be chosen here. Choose from: newsletter, each_article, daily and weekly.",
            "value=\"Sport\" checked",
        ),
        (
            "rhythm=daily&hour=25",
            "At this hour: this cannot be chosen here. Choose from: 0, 1,",
            "value=\"daily\" selected",
        ),
        (
            "rhythm=daily&hour=8&time_zone=%3Cb%3EMars",
            "No time zone has this name.",
            "value=\"&#60;b&#62;Mars\"",
        ),
    ] {
        let answer = form(&served, &format!("newsletter=daily&address=ada%40example.org&{field}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{field}");
        let page = answer.text();
        assert!(page.contains(told) && page.contains(kept), "{field}: {page}");
        assert!(page.contains("aria-describedby=\"fault\"") || page.contains(" fault\""), "{page}");
    }
    assert!(app.store.find_subscriber(&"ada@example.org".parse().unwrap()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_program_says_what_is_wanted_and_is_told_what_may_stand_where() {
    let weekly = newsletter("weekly", "0 7 * * MON", "Europe/Paris");
    let app = TestApp::start(vec![choosy(), weekly], START).await;
    let served = app.serve().await;
    let asked = |more: Value| {
        let mut body = json!({"address": "ada@example.org", "newsletters": ["daily"]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let hours = json!((0..24).map(|hour| hour.to_string()).collect::<Vec<_>>());
    for (more, field, allowed) in [
        (json!({"topics": ["Weather"]}), "topics", json!(["Politics", "Culture", "Sport"])),
        (json!({"topics": "Sport"}), "topics", Value::Null),
        (json!({"rhythm": "hourly"}), "rhythm", json!(["newsletter", "each_article", "daily", "weekly"])),
        (json!({"hour": "8"}), "hour", hours.clone()),
        (json!({"hour": 8.5}), "hour", hours),
        (json!({"newsletters": "daily"}), "newsletters", json!(["daily", "weekly"])),
        (json!({"newsletters": ["daily", "weekly"], "topics": ["Sport"]}), "topics", Value::Null),
    ] {
        let (status, why) = post(&served, &asked(more.clone())).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{more}");
        assert_eq!((&why["field"], &why["allowed"]), (&json!(field), &allowed), "{more}: {why}");
    }
    let (_, why) = post(&served, &asked(json!({"time_zone": "Mars"}))).await;
    let zones = why["allowed"].as_array().unwrap();
    assert!(why["field"] == "time_zone" && zones.contains(&json!("Australia/Lord_Howe")), "{why}");
    assert_eq!(chosen(&app, "ada@example.org").await, None);
    let wish = json!({"topics": ["Sport"], "rhythm": "weekly", "hour": 8, "time_zone": "Africa/Casablanca"});
    assert_eq!(post(&served, &asked(wish)).await.0, StatusCode::ACCEPTED);
    let expected = Some("weekly at 8:00 in Africa/Casablanca, of sport".to_owned());
    assert_eq!(chosen(&app, "ada@example.org").await, expected);
    let ada = app.store.find_subscriber(&"ada@example.org".parse().unwrap()).await.unwrap().unwrap().id;
    app.store.confirm_subscriptions(ada, "confirmation page", app.clock.now()).await.unwrap();
    assert_eq!(post(&served, &asked(json!({"rhythm": "daily"}))).await.0, StatusCode::ACCEPTED);
    assert_eq!(chosen(&app, "ada@example.org").await, expected, "anybody can ask in the name of a reader");
}

#[tokio::test]
async fn readers_change_what_they_want_on_their_own_page() {
    let app = TestApp::start(vec![choosy()], START).await;
    let served = app.serve().await;
    let ada = subscribe(&app, "ada", &shape("daily 8 Asia/Kathmandu", &["Sport"])).await;
    let path = app.manage_path(ada, "daily").await;
    let page = served.get(&path).await.text().to_owned();
    for part in [
        "value=\"Sport\" checked",
        "<option value=\"daily\" selected>Once a day</option>",
        "<option value=\"8\" selected>08:00</option>",
        "value=\"Asia/Kathmandu\"",
        "name=\"act\" value=\"shape\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let refused = served.post(&path, "act=shape&newsletter=daily&topics=Weather").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("Choose from: Politics, Culture and Sport."), "{}", refused.text());
    let page = served.get(&path).await;
    assert!(page.text().contains("name=\"catch_up\""), "{}", page.text());
    let answer = served.post(&path, "act=shape&newsletter=daily&topics=Culture&rhythm=each_article").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(chosen(&app, "ada@example.org").await.as_deref(), Some("each article, of culture"));
    let consents = app.store.consents(ada).await.unwrap();
    let last = consents.last().unwrap();
    assert_eq!((last.act.as_str(), last.form.as_str()), ("shaped", "manage page"));
    assert!(last.text.as_ref().unwrap().ends_with("each article, of culture"), "{last:?}");
}

#[tokio::test]
async fn an_edition_of_a_group_has_a_page_that_is_listed_nowhere() {
    let app = TestApp::start(vec![choosy()], START).await;
    let served = app.serve().await;
    let ada = subscribe(&app, "ada", &shape("daily 8 Asia/Kathmandu", &["Sport"])).await;
    publish(&app, "The match", &["Sport"]).await;
    publish(&app, "The vote", &["Politics"]).await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!(had(&app, ada).await, [["The match"]]);
    let edition = app.editions("daily").await.into_iter().find(|edition| edition.group.is_some()).unwrap();
    let path = format!("/newsletters/daily/editions/{}", edition.numbered());
    let (html, _) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    assert!(html.contains(&path), "the mail leads to it");
    let page = served.get(&path).await.text().to_owned();
    assert!(page.contains("The match") && !page.contains("The vote"), "{page}");
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{page}");
    assert_eq!(served.get("/newsletters/daily/editions/9.1").await.status, StatusCode::NOT_FOUND);
    for public in [
        "/newsletters/daily",
        "/sitemap.xml",
        "/newsletters/daily/editions.rss",
        "/newsletters/daily/editions/1",
    ] {
        let page = served.get(public).await;
        assert!(!page.text().contains(&path), "{public}");
    }
    assert!(served.get("/newsletters/daily/editions/1").await.text().contains("The vote"));
}
