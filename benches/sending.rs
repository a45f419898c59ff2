//! What sending costs: an edition of about 20 kB to many subscribers, each delivery's state on disk.
//!
//! `cargo bench --bench sending -- --relay 127.0.0.1:2525 --messages 20000 --connections 10`, to be compared with
//! postfix's `smtp-source -s 10 -m 20000 -l 20000` against the same `smtp-sink`. Without `--relay` the messages
//! go to an inbox within this process, whose work is then counted too. `--dkim rsa`, `ed25519` or `both` signs them.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]
#![expect(clippy::print_stdout, reason = "its result is for a person")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use courant::jobs::mailing::Sending;
use courant::jobs::sender::Sender;
use courant::jobs::{Job, Settings};
use courant::mail::inbox::{Behaviour, Inbox};
use courant::mail::relay::{Encryption, Limits, RelaySettings};
use courant::model::delivery::UncertainPolicy;
use courant::model::dkim::{Algorithm, Key, Signer};
use courant::model::newsletter::{Choice, Layout, Newsletter, Overflow};
use courant::model::publication::{Publication, Theme};
use courant::model::schedule::Schedule;
use courant::model::slot;
use courant::model::time::{Clock, Timestamp};
use courant::store::{NewEdition, Store};
use jiff::tz::TimeZone;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const NOW: Timestamp = Timestamp::from_unix(1_772_000_000);

const FILL: &[&str] = &[
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
    INSERT INTO subscriber (id, address, address_key, address_hash, created_at)
    SELECT i, 'reader' || i || '@example.org', 'reader' || i || '@example.org', CAST('h' || i AS BLOB), 0 FROM n",
    "INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at)
    SELECT id, 1, 'active', 'bench', 0, 0 FROM subscriber WHERE id <= $1",
    "INSERT INTO article (id, source, external_id, public_id, slug, seq, title, authors, summary, html, text,
        direction, published_at, published_at_from, dated_at, first_seen_at, changed_at, cuts, fingerprint)
    SELECT 1, 'cms', 'e', 'urn:e', 's', 1, 'Title', 'Ada Brook', '', '', '', 'ltr', 0, 'source', 0, 0, 0, '[]', x'00'
    WHERE $1 > 0",
];

struct Arguments {
    relay: Option<String>,
    messages: i64,
    connections: usize,
    directory: Option<String>,
    dkim: Vec<Signer>,
}

fn main() {
    let arguments = arguments();
    // As in the daemon, where the sender has a thread of its own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure(&arguments));
}

fn arguments() -> Arguments {
    let given: Vec<String> = std::env::args().collect();
    let value =
        |name: &str| given.iter().position(|arg| arg == name).and_then(|at| given.get(at + 1)).cloned();
    let number = |name: &str| value(name).and_then(|text| text.parse::<u32>().ok());
    Arguments {
        relay: value("--relay"),
        messages: i64::from(number("--messages").unwrap_or(20_000)),
        connections: number("--connections").unwrap_or(10) as usize,
        directory: value("--directory"),
        dkim: value("--dkim").map(|algorithms| signers(&algorithms)).unwrap_or_default(),
    }
}

/// New keys: `rsa`, `ed25519` or `both`.
fn signers(algorithms: &str) -> Vec<Signer> {
    let kinds = [("rsa", Algorithm::Rsa), ("ed25519", Algorithm::Ed25519)];
    let wanted = kinds.iter().filter(|(name, _)| [*name, "both"].contains(&algorithms));
    let signer = |(name, algorithm): &(&str, Algorithm)| Signer {
        domain: "news.example.org".to_owned(),
        selector: (*name).to_owned(),
        key: Key::generate(*algorithm).unwrap(),
    };
    wanted.map(signer).collect()
}

async fn measure(arguments: &Arguments) {
    let directory = match &arguments.directory {
        Some(path) => tempfile::tempdir_in(path).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let store = filled(&directory.path().join("courant.db"), arguments.messages).await;
    let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour { capacity: 10, ..Behaviour::default() });
    let inbox = inbox.await.unwrap();
    let relay = arguments.relay.clone().unwrap_or_else(|| inbox.address().to_string());
    let (_settings, live) = watch::channel(Arc::new(settings(&relay, arguments)));
    let stop = (TaskTracker::new(), CancellationToken::new());
    let sender = Sender::new(store.clone(), live, Clock::manual(NOW), stop).await.unwrap();
    let (started, cpu) = (Instant::now(), cpu_seconds());
    while sender.step(NOW).await.unwrap() > 0 {}
    let (seconds, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let edition = store.latest_editions(None, 1).await.unwrap().remove(0);
    let counts = store.delivery_counts(edition.id).await.unwrap();
    assert_eq!(i64::try_from(counts.sent).unwrap(), arguments.messages, "{counts:?}");
    let messages = f64::from(u32::try_from(arguments.messages).unwrap());
    println!(
        "{messages} messages in {seconds:.2} s: {:.0} messages/s, {:.1} µs CPU each, {} MB resident at most",
        messages / seconds,
        cpu * 1e6 / messages,
        resident_kilobytes() / 1024
    );
}

async fn filled(path: &Path, subscribers: i64) -> Store {
    let store = Store::open_as_daemon(path, NOW).await.unwrap();
    store.register_newsletters(&[("daily", "0 7 * * *")], NOW).await.unwrap();
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    for statement in FILL {
        sqlx::query(*statement).bind(subscribers).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let standing = store.find_newsletter("daily").await.unwrap().unwrap();
    let candidates = store.candidates(standing, &Choice::default(), 20).await.unwrap();
    let (html, text) = digest();
    let edition = NewEdition {
        candidates: &candidates,
        articles: &candidates.articles,
        tick: NOW,
        overflow: Overflow::Next,
        subject: "Bridge reopens after two years",
        preheader: "",
        html: &html,
        text: &text,
        detail: "",
        over: Duration::ZERO,
        waves: &[],
    };
    let published = store.publish(&edition, NOW).await.unwrap().unwrap();
    while store.queue_deliveries(published.id).await.unwrap() {}
    store
}

/// About 20 kB as a mail, with three links of the reader's own.
fn digest() -> (String, String) {
    let (mut html, mut text) = ("<html><body>\n".to_owned(), String::new());
    for number in 0..70 {
        writeln!(
            html,
            "<p>Paragraph {number} says what happened at the harbour — and what follows from it for all who \
            live there, work there, or only pass through on their way to the islands.</p>"
        )
        .unwrap();
    }
    for number in 0..40 {
        writeln!(text, "Paragraph {number} says the same in plain words, for who reads text.").unwrap();
    }
    for page in ["manage", "unsubscribe", "pause"] {
        writeln!(html, "<a href=\"https://news.example.org/{page}/{}\">{page}</a>", slot::TOKEN).unwrap();
    }
    writeln!(text, "https://news.example.org/unsubscribe/{}", slot::TOKEN).unwrap();
    (html, text)
}

fn settings(relay: &str, arguments: &Arguments) -> Settings {
    let (host, port) = relay.rsplit_once(':').unwrap();
    let schedule = Schedule::new("0 7 * * *".parse().unwrap(), TimeZone::UTC);
    Settings {
        publication: Publication {
            title: "The Harbour Light".to_owned(),
            description: None,
            base_url: "https://news.example.org/".parse().unwrap(),
            language: "en".to_owned(),
            time_zone: TimeZone::UTC,
            postal_address: None,
            theme: Theme::default(),
        },
        newsletters: vec![Newsletter {
            slug: "daily".parse().unwrap(),
            title: "The Daily Light".to_owned(),
            description: None,
            language: "en".to_owned(),
            schedule,
            choice: Choice::default(),
            min_articles: 1,
            max_articles: 20,
            overflow: Overflow::Next,
            late: None,
            subject: "{lead}".to_owned(),
            layout: Layout::Stories,
            uncertain: UncertainPolicy::Retry,
            over: Duration::ZERO,
            age_limit: Some(Duration::from_hours(24)),
        }],
        sources: Vec::new(),
        reports: courant::jobs::Reports::default(),
        sending: Some(Sending {
            from: "The Harbour Light <digest@news.example.org>".parse().unwrap(),
            reply_to: None,
            bounce_domain: "bounce.news.example.org".to_owned(),
            dkim: arguments.dkim.clone(),
            require_preflight: false,
            providers: Vec::new(),
            warm_up: None,
            relays: vec![RelaySettings {
                name: None,
                weight: 1,
                host: host.to_owned(),
                port: port.parse().unwrap(),
                encryption: Encryption::None,
                login: None,
                extra_roots: None,
                connections: arguments.connections,
                messages_per_connection: 1000,
                rate: None,
                daily_cap: None,
                hello_name: "news.example.org".to_owned(),
                limits: Limits::default(),
            }],
        }),
    }
}

/// What this process has used of the processors; 0 where there is no /proc.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    f64::from(ticks(11) + ticks(12)) / 100.0
}

/// The most memory that this process has held; 0 where there is no /proc.
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}
