//! `courant doctor`: what it looks at, what it says, and what waits while it is red.

mod machine;
mod names;
mod preflight;
mod relay;
mod reports;
mod web;

use std::fs;
use std::sync::LazyLock;

use courant::cli::{self, Output};
use courant::mail::inbox::{Behaviour, Inbox};
use courant::model::dkim::{Algorithm, Key, Signer};
use courant::model::time::Clock;
use secrecy::ExposeSecret;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::app::{TestApp, daily};
use crate::support::names::Names;
use crate::support::served::Served;

/// The addresses from which the relay of the tests would send.
const ADDRESSES: [&str; 4] = ["--address", "203.0.113.5", "--address", "2001:db8::5"];

/// All that the domains of the tests should say; `KEY` stands for the record of the key.
const ZONE: &str = "\
news.harbour.test A 127.0.0.1
news.harbour.test MX 10 mx.harbour.test
bounce.harbour.test MX 10 mx.harbour.test
bounce.harbour.test TXT v=spf1 ip4:203.0.113.0/28 include:_spf.harbour.test -all
_spf.harbour.test TXT v=spf1 ip6:2001:db8::/48 -all
s1._domainkey.news.harbour.test TXT KEY
_dmarc.harbour.test TXT v=DMARC1; p=quarantine
mx.harbour.test A 203.0.113.5
mx.harbour.test AAAA 2001:db8::5
relay.harbour.test A 127.0.0.1
5.113.0.203.in-addr.arpa PTR mx.harbour.test
5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR mx.harbour.test";

/// Made once, because that takes a while.
static KEY: LazyLock<Key> = LazyLock::new(|| Key::generate(Algorithm::Rsa).unwrap());

/// A publication with all that it needs around it.
struct House {
    app: TestApp,
    served: Served,
    names: Names,
    inbox: Inbox,
    folder: TempDir,
    signer: Signer,
    config: String,
}

/// What the doctor said.
struct Said {
    is_red: bool,
    findings: Vec<Value>,
}

impl House {
    async fn new() -> Self {
        Self::with_relay(Behaviour::default()).await
    }

    async fn with_relay(behaviour: Behaviour) -> Self {
        let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
        let served = app.serve().await;
        let signer =
            Signer { domain: "news.harbour.test".to_owned(), selector: "s1".to_owned(), key: KEY.clone() };
        let names = Names::start(&ZONE.replace("KEY", &signer.record().unwrap())).await;
        let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), behaviour).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("s1.pem"), signer.key.to_pem().unwrap().expose_secret()).unwrap();
        let config = format!(
            "[publication]\ntitle = 'The Harbour'\nbase_url = 'http://news.harbour.test:{}'\npostal_address = 'P'\n\
             [database]\nurl = 'sqlite:{}'\n\
             [mail]\nfrom = 'The Harbour <digest@news.harbour.test>'\nbounce_domain = 'bounce.harbour.test'\n\
             relay.url = 'smtp://127.0.0.1:{}'\n\
             [[mail.dkim]]\ndomain = 'news.harbour.test'\nselector = 's1'\nkey_file = 's1.pem'\n\
             [[newsletter]]\nslug = 'daily'\ntitle = 'Daily'\nschedule = '@daily'\n",
            served.port(),
            app.database().display(),
            inbox.address().port()
        );
        Self { app, served, names, inbox, folder, signer, config }
    }

    /// Changes the configuration.
    fn configure(&mut self, from: &str, to: &str) {
        assert!(self.config.contains(from), "{from}");
        self.config = self.config.replace(from, to);
    }

    /// What the doctor prints, and whether the command failed.
    async fn print(&self, arguments: &[&str]) -> (bool, String) {
        let path = self.folder.path().join("courant.toml");
        fs::write(&path, &self.config).unwrap();
        let server = self.names.address().to_string();
        let path = path.display().to_string();
        let line = ["courant", "--config", &path, "doctor"];
        let resolver = ["--dns", &server];
        let resolver = if arguments.contains(&"--dns") { &[][..] } else { &resolver };
        let line = [&line, resolver, arguments].concat();
        let (output, captured) = Output::captured();
        let outcome = cli::run(line.iter().map(Into::into), output, Clock::System).await;
        (outcome.is_err(), captured.text())
    }

    async fn examine_with(&self, arguments: &[&str]) -> Said {
        let (is_red, text) = self.print(&[&["--json"], arguments].concat()).await;
        let mut report: Value = serde_json::from_str(&text).unwrap();
        let Value::Array(findings) = report["findings"].take() else { panic!("{report}") };
        assert_eq!(report["verdict"] == "red", is_red);
        Said { is_red, findings }
    }

    async fn examine(&self) -> Said {
        self.examine_with(&ADDRESSES).await
    }
}

impl Said {
    /// The lights and messages of a check: `green: …`.
    fn about(&self, check: &str) -> Vec<String> {
        let found = self.findings.iter().filter(|finding| finding["check"] == check);
        found.map(|one| format!("{}: {}", text(&one["light"]), text(&one["message"]))).collect()
    }

    /// The only finding of a check that is not green.
    #[track_caller]
    fn fault(&self, check: &str) -> &Value {
        let faults: Vec<&Value> = self
            .findings
            .iter()
            .filter(|finding| finding["check"] == check && finding["light"] != "green")
            .collect();
        assert_eq!(faults.len(), 1, "{check}: {:#?}", self.findings);
        faults[0]
    }

    /// What the only fault of a check says, and the record that puts it right.
    #[track_caller]
    fn advice(&self, check: &str) -> (String, String, String) {
        let fault = self.fault(check);
        let record = fault["record"]["zone"].as_str().unwrap_or_default();
        (text(&fault["light"]).to_owned(), text(&fault["message"]).to_owned(), record.to_owned())
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn where_all_is_well_everything_is_green() {
    let house = House::new().await;
    let said = house.examine().await;
    let others: Vec<_> = said.findings.iter().filter(|finding| finding["light"] != "green").collect();
    // The tests have no certificate that anybody trusts, which the configuration and the way out say.
    assert_eq!(others.len(), 2, "{others:#?}");
    assert!(others.iter().all(|finding| text(&finding["message"]).contains("https")), "{others:#?}");
    assert!(!said.is_red);
    let groups: Vec<&str> = said.findings.iter().map(|finding| text(&finding["group"])).collect();
    let mut each = groups.clone();
    each.dedup();
    assert_eq!(each, ["configuration", "database", "disk", "clock", "relay", "DNS", "web"]);
    assert_eq!(house.inbox.mails().len(), 0);
}

#[tokio::test]
async fn a_person_reads_each_fault_with_what_to_do_and_the_record_to_paste() {
    let house = House::new().await;
    house.names.replace("s1._domainkey.news.harbour.test TXT v=DKIM1; k=rsa; p=AAAA");
    let (failed, printed) = house.print(&ADDRESSES).await;
    assert!(failed, "{printed}");
    let lines: Vec<&str> = printed.lines().collect();
    let fault = lines.iter().position(|line| line.starts_with("  red ")).unwrap();
    assert_eq!(
        lines[fault],
        "  red     DKIM: the record at s1._domainkey.news.harbour.test is that of another key"
    );
    assert!(lines[fault + 1].starts_with("          what to do: "), "{printed}");
    let right = house.signer.record().unwrap();
    let record = lines[fault + 2].trim().replace("\" \"", "");
    assert_eq!(record, format!("s1._domainkey.news.harbour.test. IN TXT ( \"{right}\" )"));
    assert!(lines.contains(&"DNS") && lines.last().unwrap().starts_with("1 red, 2 yellow, "), "{printed}");
}

#[tokio::test]
async fn a_configuration_that_is_wrong_is_all_that_is_told() {
    let mut house = House::new().await;
    house.configure("schedule = '@daily'", "schedule = 'sometimes'");
    let said = house.examine().await;
    assert!(said.is_red);
    assert!(said.findings.iter().all(|finding| finding["group"] == "configuration"), "{:#?}", said.findings);
    assert!(house.names.asked().is_empty());
}

#[tokio::test]
async fn where_nothing_is_mailed_no_relay_and_no_domain_is_looked_at() {
    let mut house = House::new().await;
    let start = house.config.find("[mail]").unwrap();
    house.config.truncate(start);
    let said = house.examine().await;
    assert!(!said.is_red);
    assert_eq!(said.about("mail"), ["green: nothing is mailed: the configuration has no [mail]"]);
    assert_eq!(house.names.asked(), ["A news.harbour.test", "AAAA news.harbour.test"]);
}
