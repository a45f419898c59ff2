//! What comes back costs a subscription only where it should, and once.

use std::fs;
use std::process::{Command, Stdio};

use courant::jobs::Job;
use courant::jobs::maildir::Maildir;
use courant::jobs::reports::{Ingested, ingest};
use courant::mail::inbox::Behaviour;
use courant::model::report::{Consequence, ReportKind};
use courant::model::subscriber::{EmailAddress, SubscriberId, SubscriptionState};
use courant::model::suppression::SuppressionReason;
use courant::model::token::Token;

use crate::support::app::{TestApp, daily, newsletter};

const GONE: &str = "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 No such user\n";
const FULL: &str = "Status: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full\n";
const OURS: &str = "Status: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 blocked, your IP is on our blocklist\n";

/// Ada and Ben have got an edition.
async fn app() -> (TestApp, SubscriberId, SubscriberId) {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    let app = TestApp::start_with_relay(newsletters, "2026-03-02T05:00:00Z", Behaviour::default()).await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    app.subscribe("ada@example.com", "weekly").await;
    let ben = app.subscribe("ben@example.com", "daily").await;
    app.publish_article("The ferry sails again").await;
    app.advance_to("2026-03-02T06:30:00Z").await;
    (app, ada, ben)
}

/// The envelope sender of the latest daily edition to this subscriber.
async fn return_path(app: &TestApp, subscriber: SubscriberId) -> String {
    let edition = app.editions("daily").await.pop().unwrap().id;
    format!("b-{}@bounce.news.example.org", app.store.key().sign(Token::Bounce(edition, subscriber)))
}

/// A report of these fields to `to`, about `recipient`.
fn bounce(to: &str, recipient: &str, fields: &str) -> String {
    let id: String = fields.chars().filter(char::is_ascii_digit).collect();
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nTo: {to}\nSubject: Undelivered\nMessage-ID: <{id}@mx>\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nNot delivered.\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\n{fields}\n--b--\n"
    )
}

impl TestApp {
    async fn ingest(&self, mail: &str) -> Ingested {
        ingest(&self.store, mail.as_bytes(), self.clock.now()).await.unwrap()
    }

    async fn suppression(&self, address: &str) -> Option<SuppressionReason> {
        let address: EmailAddress = address.parse().unwrap();
        self.store.find_suppression(&address).await.unwrap()
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_never_mailed_again() {
    let (app, ada, ben) = app().await;
    let mail = bounce(&return_path(&app, ada).await, "forwarded@elsewhere.example", GONE);
    let recorded = Ingested::Recorded(ReportKind::HardBounce, Consequence::Suppressed);
    assert_eq!(app.ingest(&mail).await, recorded);
    assert_eq!(app.suppression("ada@example.com").await, Some(SuppressionReason::HardBounce));
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Ended));
    assert_eq!(app.state(ada, "weekly").await, Some(SubscriptionState::Ended));
    assert_eq!(app.state(ben, "daily").await, Some(SubscriptionState::Active));
    let kept = app.store.suppressions(1).await.unwrap().remove(0);
    assert_eq!(kept.detail.as_deref(), Some("550 5.1.1 No such user"), "the other system's words");
}

#[tokio::test]
async fn a_report_takes_effect_once_also_with_lines_that_servers_added_on_the_way() {
    let (app, ada, _) = app().await;
    let mail = bounce(&return_path(&app, ada).await, "ada@example.com", FULL);
    assert_eq!(app.ingest(&mail).await, Ingested::Recorded(ReportKind::SoftBounce, Consequence::Counted));
    assert_eq!(app.ingest(&mail).await, Ingested::Known);
    assert_eq!(app.ingest(&format!("Received: by another\n{mail}")).await, Ingested::Known);
    assert_eq!(app.store.reports_of(ada, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_our_fault_is_kept_and_costs_nobody_a_subscription() {
    let (app, ada, _) = app().await;
    let mail = bounce(&return_path(&app, ada).await, "ada@example.com", OURS);
    assert_eq!(app.ingest(&mail).await, Ingested::Recorded(ReportKind::OurFault, Consequence::Nothing));
    assert_eq!(app.suppression("ada@example.com").await, None);
    let report = app.store.reports_of(ada, 10).await.unwrap().remove(0);
    assert_eq!((report.reason.as_str(), report.status.as_deref()), ("blocked", Some("5.7.1")));
    assert_eq!((report.newsletter.as_deref(), report.number), (Some("daily"), Some(1)));
}

#[tokio::test]
async fn a_forged_name_is_ignored() {
    let (app, ada, _) = app().await;
    let mut to = return_path(&app, ada).await;
    let last = to.find('@').unwrap() - 2;
    let other = if &to[last..=last] == "a" { "b" } else { "a" };
    to.replace_range(last..=last, other);
    assert_eq!(app.ingest(&bounce(&to, "ada@example.com", GONE)).await, Ingested::Unsigned);
    assert_eq!(app.ingest(&bounce("ada@example.com", "ada@example.com", GONE)).await, Ingested::Unsigned);
    assert_eq!(app.suppression("ada@example.com").await, None);
    assert!(app.store.reports_of(ada, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_mail_that_came_back_names_the_delivery_too() {
    let (app, ada, _) = app().await;
    let path = return_path(&app, ada).await;
    let mail = bounce("postmaster@news.example.org", "ada@example.com", GONE).replace(
        "\n--b--\n",
        &format!(
            "\n--b\nContent-Type: text/rfc822-headers\n\nReturn-Path: <{path}>\nSubject: The ferry\n\n--b--\n"
        ),
    );
    assert_eq!(app.ingest(&mail).await, Ingested::Recorded(ReportKind::HardBounce, Consequence::Suppressed));
}

#[tokio::test]
async fn an_address_that_is_full_is_given_up_after_five_editions_in_a_row_over_two_weeks() {
    let newsletters = vec![newsletter("daily", "0 7 * * SUN", "Europe/Paris")];
    let app = TestApp::start_with_relay(newsletters, "2026-02-28T05:00:00Z", Behaviour::default()).await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    let mut followed = Vec::new();
    for (number, day) in
        ["03-01", "03-08", "03-15", "03-22", "03-29", "04-05", "04-12"].into_iter().enumerate()
    {
        app.publish_article(&format!("Article {number}")).await;
        app.advance_to(&format!("2026-{day}T08:00:00Z")).await;
        if number == 1 {
            continue;
        }
        let mail = bounce(&return_path(&app, ada).await, "ada@example.com", FULL);
        followed.push(app.ingest(&mail.replace('<', &format!("<{number}."))).await);
    }
    let counted = Ingested::Recorded(ReportKind::SoftBounce, Consequence::Counted);
    let suppressed = Ingested::Recorded(ReportKind::SoftBounce, Consequence::Suppressed);
    assert_eq!(followed, [counted, counted, counted, counted, counted, suppressed], "the second one arrived");
    assert_eq!(app.suppression("ada@example.com").await, Some(SuppressionReason::SoftBounces));
}

#[tokio::test]
async fn a_relay_that_refuses_at_once_counts_like_a_report_that_comes_later() {
    let newsletters = vec![newsletter("daily", "0 7 * * SUN", "Europe/Paris")];
    let app = TestApp::start_with_relay(newsletters, "2026-02-28T05:00:00Z", Behaviour::default()).await;
    let full = app.subscribe("full@example.com", "daily").await;
    app.subscribe("blocked@example.com", "daily").await;
    let mut given_up = Vec::new();
    for (number, day) in ["03-01", "03-08", "03-15", "03-22", "03-29"].into_iter().enumerate() {
        app.publish_article(&format!("Article {number}")).await;
        app.advance_to(&format!("2026-{day}T08:00:00Z")).await;
        given_up.push(app.suppression("full@example.com").await);
    }
    assert_eq!(given_up[3..], [None, Some(SuppressionReason::SoftBounces)]);
    assert_eq!(app.suppression("blocked@example.com").await, None, "it is our fault");
    let reports = app.store.reports_of(full, 10).await.unwrap();
    assert_eq!(reports.len(), 5);
    assert_eq!(reports[0].diagnostic.as_deref(), Some("552 5.2.2 Mailbox is full"));
    assert_eq!(
        (reports[0].consequence, reports[1].consequence),
        (Consequence::Suppressed, Consequence::Counted)
    );
}

#[tokio::test]
async fn a_complaint_ends_everything_and_a_mail_to_unsubscribe_ends_one_subscription() {
    let (app, ada, ben) = app().await;
    let id = app.standing("daily").await.id;
    let token = app.store.key().sign(Token::Subscription(ada, id)).to_ascii_uppercase();
    let mail = format!(
        "From: ada@example.com\nTo: U-{token}@bounce.news.example.org\nSubject: x\nMessage-ID: <1@a>\n\n"
    );
    let ended = Ingested::Recorded(ReportKind::Unsubscribe, Consequence::Ended);
    assert_eq!(app.ingest(&mail).await, ended);
    assert_eq!(app.ingest(&mail).await, Ingested::Known);
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Ended));
    assert_eq!(app.state(ada, "weekly").await, Some(SubscriptionState::Active));

    let path = return_path(&app, ben).await;
    let name = path.trim_start_matches("b-").split('@').next().unwrap();
    let mail = format!(
        "From: fbl@provider.example\nTo: abuse@news.example.org\nMessage-ID: <2@p>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\n\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n\
         --b\nContent-Type: message/rfc822\n\nMessage-ID: <{name}@news.example.org>\nTo: redacted\n\nx\n--b--\n"
    );
    let complaint = Ingested::Recorded(ReportKind::Complaint, Consequence::Suppressed);
    assert_eq!(app.ingest(&mail).await, complaint);
    assert_eq!(app.suppression("ben@example.com").await, Some(SuppressionReason::Complaint));
    assert_eq!(app.state(ben, "daily").await, Some(SubscriptionState::Ended));
}

#[tokio::test]
async fn a_mail_in_a_maildir_is_taken_into_account_and_moved() {
    let (app, ada, ben) = app().await;
    let folder = tempfile::tempdir().unwrap();
    for name in ["new", "cur", "tmp"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let maildir = Maildir::new(app.store.clone(), app.live_settings());
    let step = async || maildir.step(app.clock.now()).await;
    assert_eq!(step().await.unwrap(), 0, "none is watched");
    app.configure(|settings| settings.reports.maildir = Some(folder.path().to_owned()));
    let put = |name: &str, mail: &str| fs::write(folder.path().join("new").join(name), mail).unwrap();
    put("1.a", &bounce(&return_path(&app, ada).await, "ada@example.com", GONE));
    put("2.b", "From: ada@example.com\n\nDear editors");
    put(".partial", &bounce(&return_path(&app, ben).await, "ben@example.com", GONE));
    assert_eq!(step().await.unwrap(), 2);
    assert_eq!(step().await.unwrap(), 0);
    assert_eq!(app.suppression("ada@example.com").await, Some(SuppressionReason::HardBounce));
    assert_eq!(app.suppression("ben@example.com").await, None);
    let mut seen: Vec<_> =
        fs::read_dir(folder.path().join("cur")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["1.a:2,S", "2.b:2,S"]);

    fs::remove_dir_all(folder.path()).unwrap();
    let error = format!("{:#}", step().await.unwrap_err());
    assert!(error.contains("[reports]") && error.contains("new cannot be listed"), "{error}");
}

#[tokio::test]
async fn an_automatic_reply_changes_nothing() {
    let (app, ada, _) = app().await;
    let mail = format!(
        "From: ada@example.com\nTo: {}\nSubject: Automatic reply: away\nAuto-Submitted: auto-replied\n\nUser unknown\n",
        return_path(&app, ada).await
    );
    assert_eq!(app.ingest(&mail).await, Ingested::Nothing);
    assert!(app.store.reports_of(ada, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_words_of_other_systems() {
    let (app, ada, _) = app().await;
    let to = return_path(&app, ada).await;
    let mail = bounce(&to, "ada@example.com", FULL);
    app.ingest(&mail).await;
    app.store.forget(&"ada@example.com".parse().unwrap(), app.clock.now()).await.unwrap();
    let later = bounce(&to, "ada@example.com", GONE);
    assert_eq!(app.ingest(&later).await, Ingested::Recorded(ReportKind::HardBounce, Consequence::Nothing));
    let kept = app.store.reports_of(ada, 10).await.unwrap();
    assert!(kept.len() == 2 && kept.iter().all(|report| report.diagnostic.is_none()));
    assert_eq!(app.suppression("ada@example.com").await, Some(SuppressionReason::Forgotten));
}

const CONFIG: &str = "
[publication]
title = 'The Courier'
base_url = 'https://courier.example.org'
postal_address = 'Brussels'
[database]
url = 'sqlite:PLACE'
[mail]
from = 'The Courier <digest@courier.example.org>'
relay.url = 'smtp://127.0.0.1:2525'
";

/// Hands a mail to `courant report ingest` as a mail server does, and returns its exit code.
fn pipe(database: &str, mail: &str) -> i32 {
    use std::io::Write;
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("courant.toml"), CONFIG.replace("PLACE", database)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
    command.args(["report", "ingest", "-"]).current_dir(directory.path()).env_remove("COURANT_CONFIG");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    // A command that fails early reads nothing.
    let _ = child.stdin.take().unwrap().write_all(mail.as_bytes());
    child.wait().unwrap().code().unwrap()
}

#[test]
fn a_mail_server_never_bounces_a_bounce() {
    for mail in
        ["", "From: ada@example.com\n\nDear editors", &bounce("b-x@b.example", "ada@example.com", GONE)]
    {
        assert_eq!(pipe("courant.db", mail), 0, "{mail}");
    }
    assert_eq!(pipe("no/such/folder/courant.db", ""), 75, "it is handed in again");
    assert_eq!(pipe("x'", ""), 75, "a configuration with a mistake is mended one day");
}
