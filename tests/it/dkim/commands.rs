use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use courant::cli::{self, Output};
use courant::mail::inbox::{Behaviour, Inbox};
use courant::model::dkim::{Key, Signer};
use courant::model::time::Clock;
use serde_json::Value;
use tempfile::TempDir;

use super::receiver::{Verdict, verdicts};
use crate::support::app::at;

/// An operator with a folder; what is said about it does not name the folder.
struct Operator {
    folder: TempDir,
}

impl Operator {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    async fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let config = self.path("courant.toml");
        let line = [&["courant", "--config", &config], arguments].concat();
        let (output, captured) = Output::captured();
        let clock = Clock::manual(at("2026-03-02T05:00:00Z"));
        let result = cli::run(line.iter().map(Into::into), output, clock).await;
        let without = |text: &str| text.replace(&self.path(""), "");
        result.map(|()| without(&captured.text())).map_err(|error| without(&format!("{error:#}")))
    }

    async fn keygen(&self, selector: &str, algorithm: &str) -> Result<String, String> {
        let file = self.path(&format!("{selector}.pem"));
        let name = ["--domain", "example.org", "--selector", selector, "--algorithm", algorithm];
        self.run(&[&["dkim", "keygen", "--out", &file], &name[..]].concat()).await
    }

    fn key(&self, selector: &str) -> Signer {
        let pem = fs::read_to_string(self.path(&format!("{selector}.pem"))).unwrap();
        let (domain, selector) = ("example.org".to_owned(), selector.to_owned());
        Signer { domain, selector, key: Key::from_pem(&pem).unwrap() }
    }

    /// A configuration that mails over this port, signed with these keys.
    fn configure(&self, port: u16, selectors: &[&str]) {
        let mut text = format!(
            "[publication]\ntitle = 'T'\nbase_url = 'https://example.org'\npostal_address = 'P'\n\
             [mail]\nfrom = 'T <t@example.org>'\nrelay.url = 'smtp://127.0.0.1:{port}'\n\
             [[newsletter]]\nslug = 'daily'\ntitle = 'Daily'\nschedule = '@daily'\n\
             [[source]]\nname = 'notes'\nkind = 'markdown'\npath = 'notes'\n"
        );
        for selector in selectors {
            writeln!(
                text,
                "[[mail.dkim]]\ndomain = 'example.org'\nselector = '{selector}'\nkey_file = '{selector}.pem'"
            )
            .unwrap();
        }
        fs::write(self.path("courant.toml"), text).unwrap();
    }
}

#[tokio::test]
async fn a_key_is_made_for_its_owner_alone_with_the_record_to_publish() {
    let operator = Operator::new();
    for (selector, algorithm) in [("r1", "rsa"), ("e1", "ed25519")] {
        let said = operator.keygen(selector, algorithm).await.unwrap();
        let mode = fs::metadata(operator.path(&format!("{selector}.pem"))).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let record = operator.key(selector).record().unwrap();
        assert!(record.starts_with(&format!("v=DKIM1; k={algorithm}; p=")), "{record}");
        let (_, public) = record.split_once("p=").unwrap();
        let settings = insta::Settings::clone_current();
        settings.bind(|| insta::assert_snapshot!(algorithm, without_key(&said, public)));
    }
}

/// What was said, without the key that is another one each time.
fn without_key(said: &str, public: &str) -> String {
    let joined = said.replace("\" \"", "");
    assert_eq!(joined.matches(public).count(), 2, "in the zone file and in the form");
    let strings = said.lines().find(|line| line.contains("IN TXT")).unwrap().split('"').skip(1).step_by(2);
    assert!(strings.clone().all(|string| string.len() <= 255));
    format!("{} strings\n{}", strings.count(), joined.replace(public, "PUBLIC"))
}

#[tokio::test]
async fn a_key_that_is_there_is_never_overwritten() {
    let operator = Operator::new();
    operator.keygen("e1", "ed25519").await.unwrap();
    let before = fs::read(operator.path("e1.pem")).unwrap();
    let refused = operator.keygen("e1", "ed25519").await.unwrap_err();
    assert_eq!(refused, "e1.pem is there already and was left as it is: name another file with --out");
    assert_eq!(fs::read(operator.path("e1.pem")).unwrap(), before);
}

#[tokio::test]
async fn a_domain_or_selector_that_cannot_be_meant_makes_no_key() {
    let operator = Operator::new();
    for (domain, selector) in [("https://example.org", "s"), ("example.org", "a_b"), ("", "s")] {
        let file = operator.path("k.pem");
        let line = ["dkim", "keygen", "--domain", domain, "--selector", selector, "--out", &file];
        operator.run(&line).await.unwrap_err();
        assert!(!fs::exists(&file).unwrap());
    }
}

#[tokio::test]
async fn the_record_of_each_configured_key_is_printed_again() {
    let operator = Operator::new();
    operator.configure(25, &[]);
    let none = operator.run(&["dkim", "record"]).await.unwrap();
    assert_eq!(none, "No key signs the mail: the configuration has no [[mail.dkim]].\n");
    let made = operator.keygen("e1", "ed25519").await.unwrap();
    operator.keygen("e2", "ed25519").await.unwrap();
    operator.configure(25, &["e1", "e2"]);
    let printed = operator.run(&["dkim", "record"]).await.unwrap();
    assert!(made.contains(printed.split("\n\nAs a line").next().unwrap()), "{printed}");
    let json = operator.run(&["dkim", "record", "--json"]).await.unwrap();
    let records: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(records[1]["name"], "e2._domainkey.example.org");
    assert_eq!(records[1]["value"], operator.key("e2").record().unwrap());
    assert_eq!(records[1]["algorithm"], "ed25519-sha256");
}

#[tokio::test]
async fn a_test_is_signed_as_the_digest_will_be() {
    let operator = Operator::new();
    let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await.unwrap();
    operator.keygen("r1", "rsa").await.unwrap();
    operator.configure(inbox.address().port(), &["r1"]);
    fs::create_dir(operator.path("notes")).unwrap();
    fs::write(operator.path("notes/a.md"), "---\ntitle: Bridge\ndate: 2026-03-01\n---\nIt reopens.\n")
        .unwrap();
    operator.run(&["source", "fetch"]).await.unwrap();
    operator.run(&["newsletter", "send", "daily", "--to", "ada@example.org"]).await.unwrap();
    let mail = inbox.mails_to("ada@example.org").remove(0);
    assert_eq!(verdicts(&mail.bytes, &[operator.key("r1")]), [Verdict::Pass]);
    let preview = operator.run(&["newsletter", "preview", "daily", "--format", "eml"]).await.unwrap();
    assert_eq!(verdicts(preview.as_bytes(), &[operator.key("r1")]), [Verdict::Pass]);
}
