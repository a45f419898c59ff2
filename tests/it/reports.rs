//! Reports are judged by what they say, however they say it.

use std::fs;
use std::path::{Path, PathBuf};

use courant::mail::report::{self, Report};
use proptest::prelude::*;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reports")
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(directory().join(format!("{name}.eml"))).unwrap()
}

fn fixtures() -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A report in few words: `hard no_such_user 5.1.1 ada@example.com`.
fn told(bytes: &[u8]) -> String {
    match report::read(bytes).report {
        Report::Bounce(bounces) => {
            let each = bounces.iter().map(|bounce| {
                let status = bounce.status.map_or("-".to_owned(), |status| status.to_string());
                let recipient = bounce.recipient.as_deref().unwrap_or("-");
                format!("{} {} {status} {recipient}", bounce.class().as_str(), bounce.reason.as_str())
            });
            each.collect::<Vec<_>>().join(", ")
        }
        Report::Complaint { recipient, kind } => {
            format!("complaint {kind} {}", recipient.unwrap_or_default())
        }
        Report::AutoReply => "auto_reply".to_owned(),
        Report::Unsubscribe => "unsubscribe".to_owned(),
        Report::Nothing => "nothing".to_owned(),
    }
}

const JUDGED: &[(&str, &str)] = &[
    ("status-says-what-the-words-do-not", "hard no_such_user 5.1.1 ada@example.com"),
    ("words-say-more-than-a-bare-status", "hard no_such_user 5.0.0 ada@example.com"),
    ("unknown-user-only-after-data", "soft filtered 5.0.0 ada@example.com"),
    ("status-blames-the-address-and-words-blame-us", "ours blocked 5.1.1 ada@example.com"),
    (
        "fields-without-blank-lines-between",
        "soft mailbox_full 5.2.2 ada@example.com, hard no_such_user 5.1.1 ben@example.com",
    ),
    ("folded-diagnostic-with-a-code-in-each-line", "hard no_such_user 5.1.1 ada@example.com"),
    ("delayed-and-still-tried", "soft expired 4.4.1 ada@example.com"),
    ("delivered-after-all", "nothing"),
    ("final-recipient-is-a-program", "soft program 5.3.0 ada@example.com"),
    ("refused-by-dmarc", "ours authentication 5.7.1 ada@example.com"),
    ("given-up-after-days-of-an-unknown-user", "hard no_such_user 4.1.1 ada@example.com"),
    ("out-of-time", "soft expired 4.4.7 ada@example.com"),
    ("microsoft-does-not-list-the-address", "hard no_such_user 5.4.1 ada@example.com"),
    ("qmail-two-recipients", "hard no_such_user - ada@example.com, soft mailbox_full 5.2.2 ben@example.com"),
    ("sendmail-transcript-refused-before-pipelined-data", "hard no_such_user - ada@example.com"),
    ("exim-domain-does-not-exist", "hard no_such_domain - ada@exmaple.com"),
    ("host-not-found-for-now", "soft network - ada@example.com"),
    ("german-mailbox-full", "soft mailbox_full - ada@example.com"),
    ("french-unknown-recipient", "hard no_such_user 5.1.1 ada@example.com"),
    ("japanese-unknown-user-iso-2022-jp", "hard no_such_user 5.1.1 ada@example.jp"),
    ("html-only", "hard no_such_user - ada@example.com"),
    ("boundary-that-is-not-there", "hard no_such_user 5.1.1 ada@example.com"),
    ("gateway-passes-on-anothers-report", "hard no_such_user 5.1.1 ada@example.com"),
    ("bounce-of-a-digest-about-vacations", "hard no_such_user 5.1.1 ada@example.com"),
    ("address-behind-words-nobody-knows", "soft expired - ada@example.com"),
    ("dovecot-rejects-in-the-form-of-a-receipt", "soft mailbox_full - ada@example.com"),
    ("passed-on-as-a-quotation", "hard no_such_user - ada@example.com"),
    ("ses-by-sns", "hard no_such_user 5.1.1 ada@example.com"),
    ("exchange-vacation-that-mentions-a-full-mailbox", "auto_reply"),
    ("vacation-marked-only-by-a-field", "auto_reply"),
    ("a-letter-from-a-reader", "nothing"),
    ("complaint", "complaint abuse ada@example.com"),
    ("feedback-that-it-is-not-spam", "nothing"),
    ("feedback-about-authentication", "nothing"),
    ("unsubscribe", "unsubscribe"),
];

#[test]
fn a_report_is_judged_by_what_it_says() {
    for (name, expected) in JUDGED {
        assert_eq!(told(&fixture(name)), *expected, "{name}");
    }
    assert_eq!(fixtures().len(), JUDGED.len(), "every report is judged here");
}

#[test]
fn line_ends_of_any_kind_mean_the_same() {
    for (name, expected) in JUDGED {
        let text = String::from_utf8(fixture(name)).unwrap();
        for ends in ["\r\n", "\r"] {
            assert_eq!(told(text.replace('\n', ends).as_bytes()), *expected, "{name} with {ends:?}");
        }
    }
}

#[test]
fn a_mail_without_end_is_looked_at_only_as_far_as_a_report_goes() {
    let bytes =
        report::beginning(std::io::Read::chain(&*fixture("french-unknown-recipient"), std::io::repeat(b'x')));
    assert_eq!(told(&bytes.unwrap()), "hard no_such_user 5.1.1 ada@example.com");
}

#[test]
fn a_report_may_be_cut_off_anywhere() {
    for bytes in fixtures() {
        for end in 0..bytes.len() {
            report::read(&bytes[..end]);
        }
    }
}

#[test]
fn a_report_made_to_tire_us_is_read() {
    let from = "From: MAILER-DAEMON@mx.example.net\n";
    let many = |piece: &str| piece.repeat((1 << 20) / piece.len());
    for mail in [
        format!("To: {}\n\nx", many("b-mfrggzdfmztwq2lknnwg23tpobyxe43uovqwe3lumv2ha3d@x.example, ")),
        format!("{from}{}", many("Content-Type: message/rfc822\n\n")),
        format!("{from}{}", many("Content-Type: multipart/mixed; boundary=b\n\n--b\n")),
        format!("{from}\n{}", many("<div>")).replace("net\n", "net\nContent-Type: text/html\n"),
        format!("{from}\n{}", many("<ada@example.com>:\n550 No\n")),
        format!("{from}\n{}", many("\"@")),
        format!("{from}\n{}", many(">>> RCPT TO:<a@b.c>\n<<< 550 No\n")),
    ] {
        report::read(mail.as_bytes());
    }
}

#[test]
fn one_recipient_who_lives_is_enough() {
    let report = report::read(&fixture("qmail-two-recipients")).report;
    assert_eq!(report.decisive().unwrap().class().as_str(), "soft");
}

#[test]
fn a_diagnostic_is_kept_short_and_in_one_line() {
    let text = String::from_utf8(fixture("refused-by-dmarc")).unwrap();
    let long = text.replace("rejected by", &format!("rejected\n\u{7} by {}", "ü".repeat(5000)));
    let Report::Bounce(bounces) = report::read(long.as_bytes()).report else { panic!("no bounce") };
    assert!(bounces[0].diagnostic.len() <= 500);
    assert!(!bounces[0].diagnostic.contains(char::is_control));
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        report::read(&bytes);
    }

    #[test]
    fn a_report_with_anything_in_it_is_read(
        index in 0..JUDGED.len(),
        place in any::<proptest::sample::Index>(),
        piece in "[ -~\\n\u{80}-\u{2fff}<>@;:=]{0,80}",
    ) {
        let mut bytes = fixture(JUDGED[index].0);
        let place = place.index(bytes.len());
        bytes.splice(place..place, piece.bytes());
        report::read(&bytes);
    }
}
