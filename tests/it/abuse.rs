//! What happens to sign-ups that no reader meant: `docs/abuse.md`.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use courant::jobs::Job;
use courant::jobs::janitor::Janitor;
use courant::model::allowance::Allowance;
use courant::model::vetting::Vetting;
use courant::web::Settings;
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::served::{Answer, Served};

async fn app() -> TestApp {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    TestApp::start(newsletters, "2026-03-02T05:00:00Z").await
}

async fn confirmations(app: &TestApp) -> usize {
    app.store.due_confirmations(app.clock.now(), 1000).await.unwrap().len()
}

/// Whether anything at all is known of an address.
async fn is_known(app: &TestApp, address: &str) -> bool {
    app.store.find_subscriber(&address.parse().unwrap()).await.unwrap().is_some()
}

/// A form for an address, sent from a client of its own.
async fn ask(served: &Served, address: &str, more: &str) -> Answer {
    let address: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    let request = served.request(Method::POST, "/subscribe");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let body = format!("address={address}&newsletter=daily{more}");
    Answer::read(request.body(body).send().await.unwrap()).await
}

/// The value of a hidden field of a page.
fn field(page: &str, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&begin).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    rest.split_once('"').unwrap().0.to_owned()
}

fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

#[tokio::test]
async fn a_mailbox_in_a_thousand_spellings_gets_one_mail_and_each_spelling_stays_itself() {
    let app = app().await;
    let served = app.serve().await;
    for address in ["ada@gmail.com", "ada+1@gmail.com", "a.d.a@gmail.com", "A.da+x@GoogleMail.com"] {
        let answer = ask(&served, address, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(is_known(&app, address).await, "{address} is a subscriber of its own");
    }
    assert_eq!(confirmations(&app).await, 1);
    ask(&served, "b.o.b@example.org", "").await;
    ask(&served, "bob@example.org", "").await;
    assert_eq!(confirmations(&app).await, 3, "elsewhere dots part people");
}

#[tokio::test]
async fn a_mailbox_gets_five_mails_and_then_one_in_six_hours() {
    let app = app().await;
    let served = app.serve().await;
    let mut mails = 0;
    for round in 0..144 {
        ask(&served, &format!("ada+{round}@example.org"), "").await;
        for due in app.store.due_confirmations(app.clock.now(), 10).await.unwrap() {
            app.store.remove_confirmation(due.subscriber_id).await.unwrap();
            mails += 1;
        }
        app.wait(Duration::from_mins(10)).await;
    }
    assert_eq!(mails, 8, "in a day of asking every ten minutes");
}

#[tokio::test]
async fn limits_survive_a_restart_name_nobody_and_go_when_they_are_over() {
    let app = app().await;
    let burst = NonZeroU32::new(2).unwrap();
    let allowance = Allowance { burst, refill: hours(1) };
    let served = app.serve_with(allowance).await;
    for number in 0..2 {
        assert_eq!(ask(&served, &format!("ada+{number}@example.org"), "").await.status, StatusCode::OK);
    }
    assert_eq!(ask(&served, "ada@example.org", "").await.status, StatusCode::TOO_MANY_REQUESTS);
    served.stop().await;
    let app = app.restart_at("2026-03-02T05:00:05Z").await;
    let served = app.serve_with(allowance).await;
    let refused = ask(&served, "ada@example.org", "").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text().contains("That was too often") && !refused.header("retry-after").is_empty());
    assert_eq!(confirmations(&app).await, 1);
    let rows = rows(&app).await;
    assert!(rows.len() >= 4, "{} rows", rows.len());
    assert!(rows.iter().all(|key| key.len() == 32), "keyed hashes alone");
    let janitor = Janitor::new(app.store.clone());
    app.clock.advance_to(app.clock.now() + hours(24 * 8));
    janitor.step(app.clock.now()).await.unwrap();
    assert!(self::rows(&app).await.is_empty());
}

async fn rows(app: &TestApp) -> Vec<Vec<u8>> {
    use sqlx::Connection;
    let url = format!("sqlite:{}", app.database().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query_scalar("SELECT key_hash FROM allowance").fetch_all(&mut connection).await.unwrap()
}

#[tokio::test]
async fn a_program_that_fills_every_field_is_told_that_all_went_well_and_nothing_is_stored() {
    let app = app().await;
    let served = app.serve().await;
    for page in ["/", "/newsletters/daily"] {
        let page = served.get(page).await;
        let trap = page.text().split_once("<div class=\"trap\" aria-hidden=\"true\">").unwrap().1;
        let trap = trap.split_once("</div>").unwrap().0;
        assert!(trap.contains("Leave this field empty") && trap.contains("tabindex=\"-1\""), "{trap}");
        assert!(trap.contains("name=\"website\"") && trap.contains("autocomplete=\"off\""), "{trap}");
    }
    let real = ask(&served, "ada@example.org", "").await;
    let began = Instant::now();
    let fooled = ask(&served, "bot@example.org", "&website=https%3A%2F%2Fspam.example").await;
    assert!(began.elapsed() >= Duration::from_millis(150));
    assert_eq!((fooled.status, &fooled.bytes), (real.status, &real.bytes));
    assert!(!is_known(&app, "bot@example.org").await);
    assert_eq!(confirmations(&app).await, 1);
}

#[tokio::test]
async fn a_form_that_comes_back_at_once_or_after_a_day_is_shown_again_and_loses_nothing() {
    let app = app().await;
    let served = app.serve().await;
    for (age, is_taken) in [(0, false), (1, false), (2, true), (24 * 3600 - 1, true), (24 * 3600, false)] {
        let moment = field(served.get("/").await.text(), "moment");
        app.clock.advance_to(app.clock.now() + Duration::from_secs(age));
        let address = format!("ada{age}@example.org");
        let answer = ask(&served, &address, &format!("&newsletter=weekly&moment={moment}")).await;
        assert_eq!(is_known(&app, &address).await, is_taken, "{age}");
        if is_taken {
            assert_eq!(answer.status, StatusCode::OK, "{age}");
            continue;
        }
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{age}");
        let page = answer.text();
        assert!(page.contains("Press the button once more") && page.contains(&address), "{age}: {page}");
        assert!(page.contains("value=\"weekly\" checked"), "{page}");
        let again = field(page, "moment");
        app.clock.advance_to(app.clock.now() + Duration::from_secs(2));
        let answer = ask(&served, &address, &format!("&moment={again}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{age}: the second time it is taken");
    }
}

#[tokio::test]
async fn a_moment_that_is_not_ours_is_none() {
    let app = app().await;
    let served = app.serve().await;
    let page = served.get("/").await;
    let mut moment = field(page.text(), "moment");
    app.clock.advance_to(app.clock.now() + Duration::from_secs(5));
    let id = app.subscribe("known@example.org", "daily").await;
    let confirm = app.confirm_path(id).replace("/confirm/", "");
    moment.replace_range(..1, if moment.starts_with('a') { "b" } else { "a" });
    for wrong in [moment.as_str(), "", "x", &confirm] {
        let answer = ask(&served, "ada@example.org", &format!("&moment={wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    assert_eq!(confirmations(&app).await, 0);
}

#[tokio::test]
async fn each_visitor_has_a_moment_of_theirs_on_a_page_that_is_kept_for_all() {
    let app = app().await;
    let served = app.serve().await;
    let first = served.get("/").await;
    app.clock.advance_to(app.clock.now() + Duration::from_mins(1));
    let second = served.get("/").await;
    let (one, other) = (field(first.text(), "moment"), field(second.text(), "moment"));
    assert_ne!(one, other);
    assert_eq!(first.text().replace(&one, &other), second.text());
    assert_eq!(first.header("etag"), second.header("etag"));
    assert!(first.header("etag").starts_with("W/\""), "{}", first.header("etag"));
    let packed = served.ask(Method::GET, "/", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.bytes.as_slice()), &mut text)
        .unwrap();
    assert_eq!(text, second.text());
    let tag = packed.header("etag").to_owned();
    let headers = [("accept-encoding", "gzip, br"), ("if-none-match", tag.as_str())];
    assert_eq!(served.ask(Method::GET, "/", &headers).await.status, StatusCode::NOT_MODIFIED);
    app.clock.advance_to(app.clock.now() + hours(12));
    let later = served.ask(Method::GET, "/", &headers).await;
    assert_eq!(later.status, StatusCode::OK, "a browser keeps no moment that is too old to be sent");
}

/// A server that takes six sign-ups in an hour as they come, one of them at once.
async fn crowded(app: &TestApp) -> Served {
    let served = app.serve().await;
    let sign_ups = Allowance::hourly(NonZeroU32::new(6).unwrap());
    let allowance = Allowance { burst: NonZeroU32::MAX, refill: Duration::from_secs(1) };
    served.web.reload(Settings { sign_ups, allowance, ..app.web_settings() });
    served
}

/// The number that a browser would find.
fn work(turn: &str) -> u32 {
    let is_found = |number: &u32| {
        let hash = Sha256::digest(format!("{turn}:{number}"));
        u32::from_be_bytes(hash[..4].try_into().unwrap()).leading_zeros() >= 18
    };
    (0..u32::MAX).find(is_found).unwrap()
}

#[tokio::test]
async fn in_a_crowd_a_form_goes_on_by_work() {
    let app = app().await;
    let served = crowded(&app).await;
    assert_eq!(ask(&served, "first@example.org", "").await.status, StatusCode::OK);
    let page = ask(&served, "ada@example.org", "&newsletter=weekly").await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.header("retry-after"), "20");
    let text = page.text();
    assert!(text.contains("One moment, please") && text.contains("wait 20 seconds"), "{text}");
    assert!(text.contains("value=\"ada@example.org\"") && text.contains("value=\"weekly\""), "{text}");
    assert!(text.contains("<script src=\"/assets/work.js\" defer></script>"), "{text}");
    assert_eq!(served.get("/assets/work.js").await.header("content-type"), "text/javascript; charset=utf-8");
    assert!(!is_known(&app, "ada@example.org").await);
    let turn = field(text, "turn");
    let number = work(&turn);
    for (address, more) in [
        ("ada@example.org", format!("&turn={turn}&work={}", number + 1)),
        ("ada@example.org", format!("&turn={turn}&work=")),
        ("ada@example.org", format!("&turn={turn}&work={number}&turn=x")),
        ("eve@example.org", format!("&turn={turn}&work={number}")),
    ] {
        let refused = ask(&served, address, &more).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{more}");
        assert!(!is_known(&app, address).await, "{more}");
    }
    let taken =
        ask(&served, "ada@example.org", &format!("&newsletter=weekly&turn={turn}&work={number}")).await;
    assert_eq!(taken.status, StatusCode::OK);
    assert!(taken.text().contains("Look into your inbox"), "{}", taken.text());
    assert_eq!(confirmations(&app).await, 2);
}

#[tokio::test]
async fn in_a_crowd_a_reader_without_scripts_waits() {
    let app = app().await;
    let served = crowded(&app).await;
    ask(&served, "first@example.org", "").await;
    let turn = field(ask(&served, "ada@example.org", "").await.text(), "turn");
    app.clock.advance_to(app.clock.now() + Duration::from_secs(19));
    let early = ask(&served, "ada@example.org", &format!("&turn={turn}&work=")).await;
    assert_eq!((early.status, early.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert!(early.text().contains("wait one second"), "{}", early.text());
    assert_eq!(field(early.text(), "turn"), turn, "who presses early does not wait anew");
    let other = field(ask(&served, "bob@example.org", "").await.text(), "turn");
    app.clock.advance_to(app.clock.now() + Duration::from_secs(20));
    let taken = ask(&served, "ada@example.org", &format!("&turn={turn}&work=")).await;
    assert_eq!(taken.status, StatusCode::OK);
    let late = ask(&served, "bob@example.org", &format!("&turn={other}&work=")).await;
    assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS, "as many in an hour may wait as come in calm");
    assert!(late.text().contains("wait 60 seconds"), "{}", late.text());
    let over = field(late.text(), "turn");
    app.clock.advance_to(app.clock.now() + hours(2));
    assert_eq!(ask(&served, "last@example.org", "").await.status, StatusCode::OK, "calm again");
    let over = ask(&served, "bob@example.org", &format!("&turn={over}&work=")).await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS, "a turn holds for an hour");
}

#[tokio::test]
async fn in_a_crowd_a_program_is_sent_to_the_form() {
    let app = app().await;
    let served = crowded(&app).await;
    ask(&served, "first@example.org", "").await;
    let request = served.request(Method::POST, "/api/v1/subscriptions");
    let request = request.header("content-type", "application/json");
    let body = r#"{"address": "ada@example.org", "newsletters": ["daily"]}"#;
    let answer = Answer::read(request.body(body).send().await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text().contains("form at https://news.example.org/"), "{}", answer.text());
    assert!(!answer.header("retry-after").is_empty());
    assert!(!is_known(&app, "ada@example.org").await);
}

#[tokio::test]
async fn disposable_and_role_addresses_are_refused_where_the_operator_wants_that_and_told_why() {
    let app = app().await;
    let served = app.serve().await;
    for address in ["ada@throwaway.example", "info@example.org"] {
        assert_eq!(ask(&served, address, "").await.status, StatusCode::OK, "by default all are taken");
    }
    let vetting =
        Vetting { refuses_roles: true, disposable: Arc::new(HashSet::from(["throwaway.example".into()])) };
    served.web.reload(Settings { vetting, ..app.web_settings() });
    for (address, told) in [
        ("bob@a.throwaway.example", "An address of this kind is soon gone"),
        ("sales@example.org", "An address such as info@"),
    ] {
        let answer = ask(&served, address, "").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text().contains(told) && answer.text().contains(address), "{}", answer.text());
        assert!(!is_known(&app, address).await);
        let request = served.request(Method::POST, "/api/v1/subscriptions");
        let body = format!(r#"{{"address": "{address}", "newsletters": ["daily"]}}"#);
        let request = request.header("content-type", "application/json").body(body);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text().contains(told) && answer.text().contains("\"field\":\"address\""));
    }
    assert_eq!(ask(&served, "ada@example.org", "").await.status, StatusCode::OK);
}
