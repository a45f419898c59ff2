//! The daemon killed at every point of a conversation with the relay, and started again.
//!
//! The relay logs what it accepted before it answers, so it knows better than the daemon what was sent.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use courant::mail::inbox::habit::{Act, Stage};
use courant::mail::inbox::{Behaviour, Inbox, Received};
use courant::model::newsletter::{Choice, Overflow};
use courant::model::time::Clock;
use courant::store::{Counts, Edition, NewEdition, Store};
use tempfile::TempDir;

use crate::support::article;

const READERS: usize = 40;

/// How often the tests look whether something has happened, and how often they give up waiting for it.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOKS: usize = 1200;

/// What happens to the daemon, at which stage of which message.
#[derive(Clone, Copy, Debug)]
struct Blow {
    stage: Stage,
    after: usize,
    signal: &'static str,
}

/// The daemon's process, as far as the relay can reach it.
#[derive(Default)]
struct Target {
    child: Option<Child>,
    blow: Option<Blow>,
}

struct Site {
    directory: TempDir,
    inbox: Inbox,
    target: Arc<Mutex<Target>>,
    store: Store,
    edition: Edition,
}

impl Site {
    /// An edition that waits to be sent, and a relay that strikes the daemon at this point.
    async fn new(blow: Blow, connections: usize, policy: &str) -> Self {
        let target = Arc::new(Mutex::new(Target { child: None, blow: Some(blow) }));
        let hooked = Arc::clone(&target);
        let hook = Arc::new(move |stage, _: &str| hooked.lock().unwrap().strike(stage));
        let behaviour = Behaviour { hook: Some(hook), ..Behaviour::default() };
        let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), behaviour).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        configure(&directory, inbox.address().port(), connections, policy);
        let store = Store::open(&directory.path().join("courant.db"), Clock::System.now()).await.unwrap();
        let edition = publish(&store).await;
        Self { directory, inbox, target, store, edition }
    }

    fn start(&self) {
        let log =
            fs::OpenOptions::new().create(true).append(true).open(self.directory.path().join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
        command.arg("run").current_dir(self.directory.path()).stdout(Stdio::null()).stderr(log);
        command.env_remove("COURANT_CONFIG");
        // The relay must not meet a daemon that it cannot strike yet.
        let mut target = self.target.lock().unwrap();
        target.child = Some(command.spawn().unwrap());
    }

    async fn counts(&self) -> Counts {
        let counts = self.store.delivery_counts(self.edition.id).await.unwrap();
        assert_eq!(counts.total(), READERS as u64, "{counts:?}");
        counts
    }

    /// Waits until the daemon has been struck and is dead.
    async fn until_dead(&self) {
        for _ in 0..LOOKS {
            {
                let mut target = self.target.lock().unwrap();
                let is_struck = target.blow.is_none();
                let child = target.child.as_mut().unwrap();
                if is_struck && child.try_wait().unwrap().is_some() {
                    return;
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("the daemon was not struck, or did not die:\n{}", self.log());
    }

    /// Waits until nothing is on its way any more.
    async fn until_done(&self) -> Counts {
        for _ in 0..LOOKS {
            let counts = self.counts().await;
            if counts.queued + counts.leased + counts.sending + counts.deferred == 0 {
                return counts;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("not done: {:?}\n{}", self.counts().await, self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap()
    }

    /// What each reader was sent.
    fn received(&self) -> HashMap<String, Vec<Arc<Received>>> {
        let mut received: HashMap<String, Vec<Arc<Received>>> = HashMap::new();
        for mail in self.inbox.mails() {
            assert_eq!(mail.header("To"), mail.to[0]);
            received.entry(mail.to[0].clone()).or_default().push(mail);
        }
        received
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(mut child) = self.target.lock().ok().and_then(|mut target| target.child.take()) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Target {
    fn strike(&mut self, stage: Stage) -> Option<Act> {
        let blow = self.blow.as_mut().filter(|blow| blow.stage == stage)?;
        if blow.after > 0 {
            blow.after -= 1;
            return None;
        }
        let signal = blow.signal;
        self.blow = None;
        let child = self.child.as_mut().unwrap();
        let status = Command::new("kill").arg(signal).arg(child.id().to_string()).status().unwrap();
        assert!(status.success());
        if signal != "-KILL" {
            return None;
        }
        child.wait().unwrap();
        Some(Act::Close)
    }
}

fn configure(directory: &TempDir, relay: u16, connections: usize, policy: &str) {
    let text = format!(
        r#"
[publication]
title = "The Harbour Light"
base_url = "https://news.example.org"
postal_address = "1 Quay Street, Seaport"
[web]
listen = "127.0.0.1:0"
[mail]
from = "The Harbour Light <digest@news.example.org>"
[mail.relay]
url = "smtp://127.0.0.1:{relay}"
connections = {connections}
[[newsletter]]
slug = "daily"
title = "The Daily Light"
schedule = "0 7 1 1 *"
uncertain = "{policy}"
"#
    );
    fs::write(directory.path().join("courant.toml"), text).unwrap();
}

async fn publish(store: &Store) -> Edition {
    let now = Clock::System.now();
    store.register_newsletters(&[("daily", "0 7 1 1 *")], now).await.unwrap();
    let standing = store.find_newsletter("daily").await.unwrap().unwrap();
    for number in 0..READERS {
        let address = format!("reader{number}@example.org").parse().unwrap();
        store.add_subscription((&address, None), standing.id, "a test", now).await.unwrap();
    }
    let content = article::article(1, "Bridge reopens").content;
    store.save_articles("cms", &[("1".to_owned(), content)], now).await.unwrap();
    let candidates = store.candidates(standing, &Choice::default(), 20).await.unwrap();
    let edition = NewEdition {
        articles: &candidates.articles,
        tick: now,
        subject: "Bridge reopens",
        preheader: "",
        html: "<p>Bridge reopens</p>",
        text: "Bridge reopens\n",
        detail: "",
        over: Duration::ZERO,
        waves: &[],
    };
    store.publish((&candidates, Overflow::Next), &edition, now).await.unwrap().unwrap()
}

/// The points of a conversation, and at which message of the first ones the blow falls.
const POINTS: [(Stage, usize); 8] = [
    (Stage::Greeting, 0),
    (Stage::Ehlo, 0),
    (Stage::Mail, 7),
    (Stage::Rcpt, 8),
    (Stage::Data, 9),
    (Stage::Body, 10),
    (Stage::Dot, 11),
    (Stage::Told, 12),
];

async fn killed_at(stage: Stage, after: usize, connections: usize, policy: &str) -> (Site, Counts) {
    let site = Site::new(Blow { stage, after, signal: "-KILL" }, connections, policy).await;
    site.start();
    site.until_dead().await;
    site.start();
    let counts = site.until_done().await;
    (site, counts)
}

async fn loses_nothing_and_repeats_at_most_one_a_connection(connections: usize) {
    for (stage, after) in POINTS {
        let (site, counts) = killed_at(stage, after, connections, "retry").await;
        let received = site.received();
        assert_eq!((received.len(), counts.sent), (READERS, READERS as u64), "lost at {stage:?}");
        let copies: usize = received.values().map(|mails| mails.len() - 1).sum();
        assert!(copies <= connections, "{copies} copies at {stage:?} over {connections} connections");
        assert!(
            copies as u64 <= counts.doubts,
            "I10: {copies} copies, {} doubts at {stage:?}",
            counts.doubts
        );
        for mails in received.values() {
            assert!(mails.iter().all(|mail| mail.bytes == mails[0].bytes), "I2 at {stage:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_kill_at_any_point_loses_nothing_over_one_connection() {
    loses_nothing_and_repeats_at_most_one_a_connection(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_kill_at_any_point_repeats_at_most_one_a_connection_over_eight() {
    loses_nothing_and_repeats_at_most_one_a_connection(8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_with_hold_nothing_is_repeated_and_what_is_missing_is_reported() {
    for (stage, after) in [(Stage::Body, 5), (Stage::Dot, 6), (Stage::Told, 7)] {
        let (site, counts) = killed_at(stage, after, 4, "hold").await;
        let received = site.received();
        assert!(received.values().all(|mails| mails.len() == 1), "repeated at {stage:?}");
        assert!((READERS - received.len()) as u64 <= counts.uncertain, "{counts:?} at {stage:?}");
        assert_eq!(counts.sent + counts.uncertain, READERS as u64, "{counts:?} at {stage:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_a_daemon_that_is_told_to_stop_repeats_nothing() {
    for (stage, after) in [(Stage::Greeting, 0), (Stage::Rcpt, 9), (Stage::Body, 12), (Stage::Dot, 15)] {
        let site = Site::new(Blow { stage, after, signal: "-TERM" }, 4, "retry").await;
        site.start();
        site.until_dead().await;
        let counts = site.counts().await;
        assert_eq!((counts.leased, counts.sending, counts.doubts), (0, 0, 0), "{stage:?}\n{}", site.log());
        site.start();
        site.until_done().await;
        let received = site.received();
        assert_eq!(received.len(), READERS, "lost at {stage:?}");
        assert!(received.values().all(|mails| mails.len() == 1), "repeated at {stage:?}");
    }
}
