//! What comes back to a mailbox is fetched from it by IMAP, and takes effect once.

use std::time::Duration;

use courant::jobs::Job;
use courant::jobs::mailbox::Mailbox as Watch;
use courant::mail::imap::{Limits, MailboxSettings, Taken};
use courant::mail::inbox::Behaviour;
use courant::mail::relay::Encryption;
use courant::model::suppression::SuppressionReason;
use sqlx::Connection as _;
use tokio::time::timeout;

use crate::support::app::{TestApp, daily};
use crate::support::imap::Mailbox;

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    command: Duration::from_secs(5),
    idle: Duration::from_mins(5),
    poll: Duration::from_millis(50),
};

/// A reader who has got an edition, and the mailbox to which its envelope sender leads.
struct House {
    app: TestApp,
    mailbox: Mailbox,
    watch: Watch,
}

impl House {
    async fn new() -> Self {
        let app =
            TestApp::start_with_relay(vec![daily()], "2026-03-02T05:00:00Z", Behaviour::default()).await;
        app.subscribe("ada@example.com", "daily").await;
        app.publish_article("The ferry sails again").await;
        app.advance_to("2026-03-02T06:30:00Z").await;
        let mailbox = Mailbox::start().await;
        let watch = Watch::new(app.store.clone(), app.live_settings());
        let house = Self { app, mailbox, watch };
        house.configure(|_| ());
        house
    }

    fn configure(&self, change: impl FnOnce(&mut MailboxSettings)) {
        let mut mailbox = MailboxSettings {
            host: "127.0.0.1".to_owned(),
            port: self.mailbox.port,
            encryption: Encryption::None,
            user: "bounces".to_owned(),
            password: "right".into(),
            folder: "INBOX".to_owned(),
            taken: Taken::Seen,
            extra_roots: None,
            limits: LIMITS,
        };
        change(&mut mailbox);
        self.app.configure(|settings| settings.reports.mailbox = Some(mailbox));
    }

    /// A report that ada's address does not exist.
    fn bounce(&self) -> String {
        let to = &self.app.inbox().mails_to("ada@example.com")[0].from;
        format!(
            "Return-Path: <>\r\nDelivered-To: {to}\r\nFrom: MAILER-DAEMON@mx.example.net\r\nMessage-ID: <1@mx>\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; ada@example.com\r\n\
             Action: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
        )
    }

    async fn step(&self) -> Result<usize, String> {
        self.watch.step(self.app.clock.now()).await.map_err(|error| format!("{error:#}"))
    }

    async fn suppression(&self) -> Option<SuppressionReason> {
        self.app.store.find_suppression(&"ada@example.com".parse().unwrap()).await.unwrap()
    }

    async fn count_reports(&self) -> i64 {
        let url = format!("sqlite:{}", self.app.database().display());
        let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM report").fetch_one(&mut database).await.unwrap()
    }
}

const LETTER: &str = "From: ada@example.com\r\nSubject: thanks\r\n\r\nDear editors\r\n";

#[tokio::test]
async fn a_report_takes_effect_and_is_marked_as_seen_with_all_that_says_nothing() {
    let house = House::new().await;
    assert_eq!(house.step().await, Ok(0));
    let (report, letter) = (house.mailbox.deliver(house.bounce()), house.mailbox.deliver(LETTER));
    assert_eq!(house.step().await, Ok(2));
    assert_eq!(house.step().await, Ok(0));
    assert_eq!(house.suppression().await, Some(SuppressionReason::HardBounce));
    let seen = |number| (number, "\\Seen".to_owned());
    assert_eq!(house.mailbox.flags(), [seen(report), seen(letter)]);
}

#[tokio::test]
async fn what_was_taken_into_account_is_moved_or_deleted_and_what_was_not_stays() {
    for (taken, abilities) in [
        (Taken::Moved("Bo\u{ee}te".to_owned()), "IMAP4rev1 AUTH=PLAIN MOVE"),
        (Taken::Moved("Done".to_owned()), "IMAP4rev1 AUTH=PLAIN UIDPLUS"),
        (Taken::Deleted, "IMAP4rev1 AUTH=PLAIN UIDPLUS"),
    ] {
        let house = House::new().await;
        house.mailbox.with(|state| state.abilities = abilities);
        house.configure(|settings| settings.taken = taken.clone());
        let (report, letter) = (house.mailbox.deliver(house.bounce()), house.mailbox.deliver(LETTER));
        assert_eq!(house.step().await, Ok(2), "{taken:?}");
        assert_eq!(house.mailbox.flags(), [(letter, "\\Seen".to_owned())], "{taken:?}");
        let moved: &[u32] = if taken == Taken::Deleted { &[] } else { &[report] };
        assert_eq!(house.mailbox.with(|state| state.moved.clone()), moved, "{taken:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_removed_alone_stays_marked_as_deleted() {
    let house = House::new().await;
    house.mailbox.with(|state| state.abilities = "IMAP4rev1 AUTH=PLAIN");
    house.configure(|settings| settings.taken = Taken::Deleted);
    let report = house.mailbox.deliver(house.bounce());
    assert_eq!(house.step().await, Ok(1));
    assert_eq!(house.mailbox.flags(), [(report, "\\Seen \\Deleted".to_owned())]);
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_mail_is_marked_makes_no_second_report() {
    let house = House::new().await;
    let report = house.mailbox.deliver(house.bounce());
    house.mailbox.with(|state| state.fault = Some(("UID STORE", None)));
    let error = house.step().await.unwrap_err();
    assert!(error.contains("[reports.imap]") && error.contains("the connection broke"), "{error}");
    assert_eq!((house.count_reports().await, house.mailbox.flags()), (1, vec![(report, String::new())]));
    house.mailbox.with(|state| state.fault = None);
    assert_eq!(house.step().await, Ok(1));
    assert_eq!(house.count_reports().await, 1);
    assert_eq!(house.mailbox.flags(), [(report, "\\Seen".to_owned())]);
}

#[tokio::test]
async fn a_report_that_cannot_be_kept_stays_unseen_and_is_taken_later() {
    let house = House::new().await;
    let report = house.mailbox.deliver(house.bounce());
    let url = format!("sqlite:{}", house.app.database().display());
    let mut holder = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let error = house.step().await.unwrap_err();
    assert!(error.contains("a mail could not be kept"), "{error}");
    assert_eq!(house.mailbox.flags(), [(report, String::new())]);
    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    assert_eq!(house.step().await, Ok(1));
    let logins = |command: &&String| command.starts_with("AUTHENTICATE");
    let count = house.mailbox.with(|state| state.commands.iter().filter(logins).count());
    assert_eq!(count, 1, "the connection had no part in it");
}

#[tokio::test]
async fn the_server_s_word_ends_the_wait_and_so_do_new_settings() {
    let house = House::new().await;
    assert_eq!(house.step().await, Ok(0));
    let wait = Duration::from_secs(20);
    let deliver = async {
        while house.mailbox.with(|state| state.commands.last().is_none_or(|command| command != "IDLE")) {
            tokio::task::yield_now().await;
        }
        house.mailbox.deliver(house.bounce());
    };
    let (heard, ()) = tokio::join!(timeout(wait, house.watch.news()), deliver);
    assert!(heard.is_ok(), "nothing was heard of the mail");
    assert_eq!((house.step().await, house.step().await), (Ok(1), Ok(0)));

    let ((), heard) = tokio::join!(async { house.configure(|_| ()) }, timeout(wait, house.watch.news()));
    assert!(heard.is_ok());
    house.mailbox.with(|state| state.abilities = "IMAP4rev1 AUTH=PLAIN");
    assert_eq!(house.step().await, Ok(0));
    assert!(timeout(wait, house.watch.news()).await.is_ok(), "without IDLE it is looked into again");
    assert_eq!(house.step().await, Ok(0));
}

#[tokio::test]
async fn a_mail_that_the_server_does_not_give_keeps_no_other_one_waiting() {
    let house = House::new().await;
    let first = house.mailbox.deliver(LETTER);
    let second = house.mailbox.deliver(house.bounce());
    house.mailbox.with(|state| state.fault = Some(("UID FETCH 101", Some(b"TAG NO broken\r\n".to_vec()))));
    assert_eq!(house.step().await, Ok(1));
    assert_eq!(house.mailbox.flags(), [(first, String::new()), (second, "\\Seen".to_owned())]);
    let error = house.step().await.unwrap_err();
    assert!(error.contains("refuses FETCH: broken"), "{error}");
}

#[tokio::test]
async fn of_a_large_mail_the_beginning_is_fetched() {
    let house = House::new().await;
    house.mailbox.deliver([house.bounce().into_bytes(), vec![b'x'; 5 << 20]].concat());
    assert_eq!(house.step().await, Ok(1));
    assert_eq!(house.suppression().await, Some(SuppressionReason::HardBounce));
}

#[tokio::test]
async fn a_server_that_goes_wrong_is_told_in_plain_words_and_nothing_is_lost() {
    let list = "* SEARCH 1\r\n* 1 FETCH (UID 101 BODY[]<0> {999999999}\r\n";
    let deep = format!("* 1 FETCH {}\r\n", "(".repeat(100_000));
    for (command, octets, words) in [
        ("GREETING", "* BYE too busy for ada@example.org\r\n", "ends the connection: too busy for …"),
        ("GREETING", "220 mail.example.org ESMTP\r\n", "does not speak IMAP"),
        (
            "SELECT",
            "TAG NO [NONEXISTENT] Unknown\r\n",
            "\"INBOX\" cannot be opened; the server says: [NONEXISTENT] Unknown",
        ),
        ("SELECT", "TAG OK [READ-ONLY] Examined\r\n", "may be read and not written"),
        ("UID SEARCH", "TAG NO not now\r\n", "the server refuses SEARCH: not now"),
        ("UID SEARCH", "TAG BAD\r\n", "refuses SEARCH: without a word"),
        ("UID SEARCH", "TAG ?\r\n", "does not speak IMAP"),
        ("UID FETCH", list, "too long"),
        ("UID FETCH", &deep, "nested too deeply"),
        ("UID FETCH", "* 1 FETCH (UID 101 BODY[]<0> NIL)\r\nTAG OK\r\n", "does not give it"),
        ("UID FETCH", "TAG NO gone\r\n", "refuses FETCH: gone"),
        ("UID STORE", "TAG NO full\r\n", "refuses STORE: full"),
        ("NOOP", &"x".repeat(1 << 20), "too long"),
        ("NOOP", &"* 1 EXISTS\r\n".repeat(100_000), "too long"),
    ] {
        let house = House::new().await;
        let report = house.mailbox.deliver(house.bounce());
        house.mailbox.with(|state| state.fault = Some((command, Some(octets.into()))));
        house.configure(|settings| settings.limits.command = Duration::from_secs(1));
        let error = house.step().await.unwrap_err();
        let shown: String = octets.chars().take(60).collect();
        assert!(error.contains(words), "{command} {shown}: {error}");
        assert!(!error.contains("ada@"), "{error}");
        assert_eq!(house.mailbox.flags(), [(report, String::new())], "{command} {shown}");
        house.mailbox.with(|state| state.fault = None);
        assert_eq!(house.step().await, Ok(1), "{command} {shown}");
        assert_eq!(house.count_reports().await, 1);
    }
}

#[tokio::test]
async fn a_password_that_is_wrong_is_told_and_never_shown() {
    let house = House::new().await;
    house.configure(|settings| settings.password = "wrong".into());
    let error = house.step().await.unwrap_err();
    let words = "the server does not take user and password of [reports.imap]; it says: [AUTHENTICATIONFAILED] Wrong password for …";
    assert!(error.contains(words), "{error}");
    for _ in 0..3 {
        house.step().await.unwrap_err();
    }
    house.configure(|_| ());
    assert_eq!(house.step().await, Ok(0));
    for (abilities, words) in [
        ("IMAP4rev1 LOGINDISABLED", "takes no password on a connection like this"),
        ("IMAP4rev1 STARTTLS", "TLS failed"),
        ("IMAP4rev1", "offers no STARTTLS: the password is not sent in clear"),
    ] {
        house.mailbox.with(|state| state.abilities = abilities);
        let encryption = if abilities.contains("DISABLED") { Encryption::None } else { Encryption::StartTls };
        house.configure(|settings| settings.encryption = encryption);
        let error = house.step().await.unwrap_err();
        assert!(error.contains(words), "{abilities}: {error}");
    }
    house.mailbox.with(|state| state.abilities = "IMAP4rev1");
    house.configure(|_| ());
    assert_eq!(house.step().await, Ok(0));
    let login =
        house.mailbox.with(|state| state.commands.contains(&"LOGIN \"bounces\" \"right\"".to_owned()));
    assert!(login, "where there is no other way");
}
