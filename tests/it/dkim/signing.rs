use courant::mail::inbox::Behaviour;
use courant::mail::message::{List, Message};
use courant::mail::mould::{Letter, Slots};
use courant::model::dkim::Signer;
use courant::model::mailbox::Mailbox;
use courant::model::slot;
use courant::model::time::Timestamp;
use courant::model::token;
use proptest::prelude::*;

use super::receiver::{Verdict, covered, first_tag, relaxed_body, verdicts};
use super::{ED25519, RSA, both, signer};
use crate::support::app::{TestApp, at, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const TICK: &str = "2026-02-28T07:00:00+01:00";

async fn started(signers: Vec<Signer>) -> TestApp {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    app.configure(|settings| settings.sending.as_mut().unwrap().dkim = signers);
    app
}

/// An edition as it came to a reader.
async fn digest(app: &TestApp, reader: &str) -> Vec<u8> {
    let address = format!("{reader}@example.org");
    app.subscribe(&address, "daily").await;
    app.publish_article("Bridge reopens").await;
    app.advance_to(TICK).await;
    app.inbox().mails_to(&address).first().unwrap().bytes.clone()
}

#[tokio::test]
async fn every_reader_s_digest_has_a_signature_of_each_key_that_holds() {
    let app = started(both()).await;
    app.subscribe("grace@example.org", "daily").await;
    digest(&app, "ada").await;
    let mails = app.inbox().mails();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        assert_eq!(verdicts(&mail.bytes, &both()), [Verdict::Pass, Verdict::Pass]);
        assert_eq!(first_tag(&mail.bytes, "t"), Some(at(TICK).as_unix().to_string()));
        assert_eq!(first_tag(&mail.bytes, "d").as_deref(), Some("news.example.org"));
    }
}

#[tokio::test]
async fn a_relay_is_told_by_which_key_it_knows_a_copy_on_every_attempt_the_same_and_unsigned() {
    let app = started(both()).await;
    app.configure(|settings| {
        let relays = &mut settings.sending.as_mut().unwrap().relays;
        relays[0].idempotency_header = Some("Resend-Idempotency-Key".to_owned());
    });
    app.subscribe("droponce@example.org", "daily").await;
    digest(&app, "ada").await;
    app.wait(std::time::Duration::from_hours(1)).await;
    let mails = app.inbox().mails();
    assert_eq!(mails.len(), 3, "one of them twice, after a doubt");
    let mut keys = std::collections::BTreeMap::new();
    for mail in mails {
        let key = mail.header("Resend-Idempotency-Key");
        let id = mail.header("Message-ID");
        assert_eq!(id.trim_start_matches('<').split('@').next(), Some(key.as_str()));
        let before = keys.insert(key, mail.bytes.clone());
        assert!(before.is_none_or(|before| before == mail.bytes), "the same octets on every attempt");
        assert!(!covered(&mail.bytes).iter().any(|name| name.contains("idempotency")));
        let text = String::from_utf8(mail.bytes.clone()).unwrap();
        let (header, taken_away) = text.split_once("\r\n").unwrap();
        assert!(header.starts_with("Resend-Idempotency-Key: "), "{header}");
        for bytes in [text.as_bytes(), taken_away.as_bytes()] {
            assert_eq!(verdicts(bytes, &both()), [Verdict::Pass, Verdict::Pass]);
        }
    }
    assert_eq!(keys.len(), 2, "another for each delivery");
}

#[tokio::test]
async fn without_a_key_nothing_is_signed() {
    let app = started(Vec::new()).await;
    assert_eq!(verdicts(&digest(&app, "ada").await, &both()), []);
}

#[tokio::test]
async fn a_signature_covers_what_readers_and_mail_programs_go_by_once_more_than_it_is_there() {
    let app = started(both()).await;
    let mail = digest(&app, "ada").await;
    let names = covered(&mail);
    let text = String::from_utf8(mail).unwrap().to_lowercase();
    for name in [
        "from",
        "to",
        "reply-to",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "list-archive",
        "list-help",
        "list-owner",
        "list-post",
    ] {
        let there = text.split("\r\n\r\n").next().unwrap().matches(&format!("\r\n{name}:")).count();
        assert_eq!(names.iter().filter(|covered| *covered == name).count(), there + 1, "{name}");
    }
}

#[tokio::test]
async fn whatever_is_changed_on_the_way_is_noticed() {
    let app = started(both()).await;
    let mail = String::from_utf8(digest(&app, "ada").await).unwrap();
    let with = |line: &str| mail.replacen("\r\n\r\n", &format!("\r\n{line}\r\n\r\n"), 1);
    for (what, changed) in [
        ("the subject", mail.replacen("Subject: Bridge", "Subject: Bank", 1)),
        ("to", mail.replacen("To: ada@", "To: eve@", 1)),
        ("the link out", mail.replacen("List-Unsubscribe: <https://", "List-Unsubscribe: <https://x.", 1)),
        ("the one click", mail.replacen("List-Unsubscribe-Post: ", "X-Unsubscribe-Post: ", 1)),
        ("the date", mail.replacen("Date: Sat", "Date: Sun", 1)),
        ("the structure", mail.replacen("multipart/alternative;", "multipart/mixed;", 1)),
        ("another sender", with("From: eve@example.net")),
        ("another sender above", format!("From: eve@example.net\r\n{mail}")),
        ("another subject", with("Subject: Pay here")),
        ("another link out", with("List-Unsubscribe: <https://example.net/>")),
        ("a reply-to", with("Reply-To: eve@example.net")),
    ] {
        assert_ne!(changed, mail, "{what}");
        let expected = [Verdict::HeaderChanged, Verdict::HeaderChanged];
        assert_eq!(verdicts(changed.as_bytes(), &both()), expected, "{what}");
    }
    for changed in [mail.replacen("Bridge", "Bank", 2), format!("{mail}And this.\r\n")] {
        assert_eq!(verdicts(changed.as_bytes(), &both()), [Verdict::BodyChanged, Verdict::BodyChanged]);
    }
}

#[tokio::test]
async fn relays_may_fold_headers_and_add_their_own() {
    let app = started(both()).await;
    let mail = String::from_utf8(digest(&app, "ada").await).unwrap();
    let folded = mail.replacen("Subject: Bridge reopens", "subject:  Bridge\r\n\treopens", 1);
    assert_ne!(folded, mail);
    let received = format!("Received: from news.example.org by relay.example\r\n{folded}\r\n\r\n");
    assert_eq!(verdicts(received.as_bytes(), &both()), [Verdict::Pass, Verdict::Pass]);
}

#[tokio::test]
async fn i2_a_repeated_message_has_the_same_signatures() {
    let app = started(both()).await;
    digest(&app, "droponce").await;
    app.wait(std::time::Duration::from_mins(10)).await;
    let mails = app.inbox().mails_to("droponce@example.org");
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].bytes, mails[1].bytes);
}

#[tokio::test]
async fn new_keys_sign_from_the_reload_on() {
    let app = started(vec![signer("old", &RSA)]).await;
    digest(&app, "ada").await;
    app.configure(|settings| settings.sending.as_mut().unwrap().dkim = vec![signer("new", &ED25519)]);
    app.publish_article("Ferry sails").await;
    app.advance_to("2026-03-01T07:00:00+01:00").await;
    let mails = app.inbox().mails_to("ada@example.org");
    let selectors: Vec<_> = mails.iter().map(|mail| first_tag(&mail.bytes, "s").unwrap()).collect();
    assert_eq!(selectors, ["old", "new"]);
    let records = [signer("old", &RSA), signer("new", &ED25519)];
    assert!(mails.iter().all(|mail| verdicts(&mail.bytes, &records) == [Verdict::Pass]));
}

#[tokio::test]
async fn a_confirmation_is_signed_too_and_nobody_can_make_a_list_of_it() {
    let app = started(both()).await;
    let served = app.serve().await;
    served.post("/subscribe", "address=ada%40example.org&newsletter=daily").await;
    app.run_jobs().await;
    let mail = app.inbox().mails_to("ada@example.org").first().unwrap().bytes.clone();
    assert_eq!(verdicts(&mail, &both()), [Verdict::Pass, Verdict::Pass]);
    let mail = String::from_utf8(mail).unwrap();
    let changed = format!("List-Unsubscribe: <https://example.net/>\r\n{mail}");
    assert_eq!(verdicts(changed.as_bytes(), &both()), [Verdict::HeaderChanged, Verdict::HeaderChanged]);
}

/// A message of these words to `to`, signed with the quick key.
fn signed((subject, name): (&str, &str), text: &str, html: &str, to: &str) -> Letter {
    let from = Mailbox { name: Some(name.to_owned()), address: "d@news.example.org".parse().unwrap() };
    let list = List {
        title: name,
        id: "daily.news.example.org".to_owned(),
        unsubscribe_url: format!("https://news.example.org/unsubscribe/{}", slot::TOKEN),
        unsubscribe_address: Some(format!("u-{}@news.example.org", slot::TOKEN)),
        archive_url: "https://news.example.org/".to_owned(),
        help_url: "https://news.example.org/".to_owned(),
        owner_address: "d@news.example.org".to_owned(),
        feedback_id: name.to_owned(),
    };
    let date = Timestamp::from_unix(1_772_434_800);
    let (reply_to, list) = (Some(&from), Some(list));
    let message = Message { from: &from, reply_to, subject, date, language: "en", text, html, list };
    let token = "k".repeat(token::LENGTH);
    let slots = Slots {
        to: &to.parse().unwrap(),
        message_id: "m",
        token: &token,
        reader: &"r".repeat(token::LENGTH),
    };
    let mut letter = Letter::default();
    message.mould().signed_by(&[signer("e2026", &ED25519)], date).cut(&slots, &mut letter).unwrap();
    letter
}

fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "\\PC{0,40}",
        "[ .=\t\r\n]{0,12}",
        "[\u{600}-\u{6ff} ]{0,60}",
        Just(slot::TOKEN.to_string()),
        Just(format!(" {} ", slot::TOKEN)),
        Just(slot::READER.to_string()),
    ];
    proptest::collection::vec(part, 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_message_is_its_own_canonical_form_and_its_signature_holds(
        words in (texts(), texts()), text in texts(), html in texts(),
    ) {
        let letter = signed((&words.0, &words.1), &text, &html, "ada@bücher.example");
        let (header, body) = letter.as_str().split_once("\r\n\r\n").unwrap();
        prop_assert_eq!(relaxed_body(body), body);
        prop_assert!(header.split("\r\n").all(|line| line.len() <= 78 || !line.trim().contains(' ')
            || line.starts_with("List-")), "{}", header);
        prop_assert_eq!(verdicts(letter.as_bytes(), &[signer("e2026", &ED25519)]), [Verdict::Pass]);
    }
}
