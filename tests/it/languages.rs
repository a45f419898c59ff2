//! Which language a reader is spoken to in, and how it is written.

use courant::mail::inbox::Behaviour;
use courant::model::newsletter::Newsletter;
use courant::model::subscriber::EmailAddress;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::served::{Answer, Served};

/// The marks that isolate a text of another direction: right on a page, wrong in subjects, headers and JSON.
const ISOLATES: [char; 4] = ['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];

async fn app() -> TestApp {
    let german =
        Newsletter { language: "de".to_owned(), ..newsletter("weekly", "0 7 * * SUN", "Europe/Paris") };
    TestApp::start_with_relay(vec![daily(), german], "2026-03-02T05:00:00Z", Behaviour::default()).await
}

async fn ask(served: &Served, body: &Value) -> Answer {
    let request = served.request(Method::POST, "/api/v1/subscriptions");
    Answer::read(
        request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap(),
    )
    .await
}

#[tokio::test]
async fn a_readers_language_comes_before_the_newsletters_and_that_before_the_publications() {
    let app = app().await;
    let served = app.serve().await;
    for (name, newsletter, language, expected) in [
        ("own", "weekly", Some("fa"), ("fa", "rtl", "لغو شود؟")),
        ("newsletters", "weekly", None, ("de", "ltr", "abbestellen?")),
        ("publications", "daily", None, ("en", "ltr", "Unsubscribe from")),
        ("japanese", "daily", Some("ja-JP"), ("ja", "ltr", "購読を解除しますか？")),
    ] {
        let address = format!("{name}@example.com");
        let asked = json!({"address": address, "newsletters": [newsletter], "language": language});
        assert_eq!(ask(&served, &asked).await.status, 202, "{name}");
        let address: EmailAddress = address.parse().unwrap();
        let reader = app.store.find_subscriber(&address).await.unwrap().unwrap().id;
        let (tag, direction, words) = expected;
        for path in [app.confirm_path(reader), app.unsubscribe_path(reader, newsletter).await] {
            let page = served.get(&path).await;
            assert!(
                page.text().contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\"")),
                "{name} {path}"
            );
            if path.contains("unsubscribe") {
                assert!(page.text().contains(words), "{name}: {}", page.text());
            }
        }
        let page = served.get(&app.manage_path(reader, newsletter).await).await;
        assert!(page.text().contains(&format!("<html lang=\"{tag}\"")), "{name}");
    }
}

#[tokio::test]
async fn what_a_program_tells_a_reader_is_in_their_language() {
    let app = app().await;
    let served = app.serve().await;
    for (language, message) in [
        (json!("fr"), "Ce n’est pas une adresse e-mail. Écrivez-la comme nom@example.org."),
        (Value::Null, "This is not an email address. Write it as in name@example.org."),
    ] {
        let answer =
            ask(&served, &json!({"address": "x", "newsletters": ["daily"], "language": language})).await;
        let told: Value = serde_json::from_str(answer.text()).unwrap();
        assert_eq!((told["field"].as_str(), told["message"].as_str()), (Some("address"), Some(message)));
    }
}

#[tokio::test]
async fn a_reader_chooses_their_language_in_the_form() {
    let app = app().await;
    let served = app.serve().await;
    let page = served.get("/newsletters/daily").await;
    for option in [
        "<option value=\"\" selected>The newsletter's</option>",
        "<option value=\"fa\" lang=\"fa\">فارسی</option>",
    ] {
        assert!(page.text().contains(&option.replace('\'', "&#39;")), "{option}: {}", page.text());
    }
    let wrong = served.post("/subscribe", "newsletter=daily&address=ada%40example.org&language=tlh").await;
    assert_eq!(wrong.status, 400);
    let told = "Language of our mails about your subscription: this cannot be chosen here. Choose from: ";
    assert!(wrong.text().contains(told) && wrong.text().contains("Français"), "{}", wrong.text());
    let ada: EmailAddress = "ada@example.org".parse().unwrap();
    assert!(app.store.find_subscriber(&ada).await.unwrap().is_none());
    served.post("/subscribe", "newsletter=daily&address=ada%40example.org&language=fr").await;
    served.post("/subscribe", "newsletter=weekly&address=ben%40example.org&language=").await;
    app.run_jobs().await;
    for (address, expected) in [("ada@example.org", "fr"), ("ben@example.org", "de")] {
        let mail = app.inbox().mails_to(address).pop().unwrap();
        assert_eq!(mail.header("Content-Language"), expected, "{address}");
    }
}

#[tokio::test]
async fn a_program_is_told_for_its_reader_what_was_wrong_in_any_field() {
    let app = app().await;
    let served = app.serve().await;
    let asked = |field: &str, value: Value| {
        let mut body = json!({"address": "ada@example.org", "newsletters": ["daily"]});
        body[field] = value;
        body
    };
    for (field, value, message) in [
        (
            "newsletters",
            json!(["none"]),
            "Newsletters: this cannot be chosen here. Choose from: The daily Light and ",
        ),
        ("newsletters", json!([]), "Choose at least one newsletter."),
        ("rhythm", json!("daily"), "How often: this cannot be chosen here."),
        ("time_zone", json!("Mars"), "No time zone has this name."),
        ("language", json!("tlh"), "Language of our mails about your subscription: "),
        ("colour", json!("red"), ""),
    ] {
        let answer = ask(&served, &asked(field, value)).await;
        let told: Value = serde_json::from_str(answer.text()).unwrap();
        assert_eq!((answer.status.as_u16(), told["field"].as_str()), (400, Some(field)), "{told}");
        assert!(told["message"].as_str().unwrap_or_default().starts_with(message), "{told}");
    }
}

#[tokio::test]
async fn a_mail_in_persian_has_no_marks_in_its_head() {
    let app = app().await;
    let served = app.serve().await;
    let asked = json!({"address": "ada@example.com", "newsletters": ["daily"], "language": "fa"});
    ask(&served, &asked).await;
    app.run_jobs().await;
    let mail = app.inbox().mails_to("ada@example.com").pop().unwrap();
    let read = mail.read();
    let subject = &read.subject;
    assert!(subject.contains("The daily Light") && subject.contains("تأیید"), "{subject}");
    assert_eq!(mail.header("Content-Language"), "fa");
    assert!(!subject.contains(ISOLATES), "{subject}");
    assert!(read.text.contains("The daily Light\u{200F}"), "a name that runs against its line is marked");
}
