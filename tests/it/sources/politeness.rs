//! Thirty days of reading feeds from servers that judge every request.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use courant::config::zones::Zones;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, ScheduledSource, Settings};
use courant::model::time::Timestamp;
use courant::source::fetch::{Limits, Network};
use courant::source::{Fetcher, Source};
use courant::store::Store;
use tempfile::TempDir;
use tokio::sync::watch;

use super::scoring::{DAY, EVERY, HOUR, Manner, PLAIN, Rules, Seen, Server, Time, serve};
use crate::support::article;

/// A Wednesday.
const START: i64 = 1_772_611_200;

const QUIET: Rules = Rules { changes: 0, ..PLAIN };

/// Servers that stand alone.
const ALONE: &[Rules] = &[
    Rules { name: "etag", has_date: false, ..PLAIN },
    Rules { name: "weak-etag", etag: "W/\"a, \\b {}\"", has_date: false, ..PLAIN },
    Rules { name: "bare-etag", etag: "v{}-gzip", has_date: false, ..PLAIN },
    Rules { name: "last-modified", etag: "", ..PLAIN },
    Rules { name: "both", ..PLAIN },
    Rules { name: "none", etag: "", has_date: false, ..PLAIN },
    Rules { name: "lively", changes: HOUR, ..PLAIN },
    Rules { name: "304", ..QUIET },
    Rules {
        name: "max-age",
        header: ("cache-control", "public, Max-Age=21600"),
        good_for: 6 * HOUR,
        ..PLAIN
    },
    Rules {
        name: "expires",
        header: ("expires", "Thu, 05 Mar 2099 00:00:00 GMT"),
        good_for: DAY,
        changes: 30 * HOUR,
        ..PLAIN
    },
    Rules { name: "ttl", channel: "<ttl>120</ttl>", good_for: 2 * HOUR, changes: HOUR, ..PLAIN },
    Rules {
        name: "sy",
        channel: "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
        good_for: 6 * HOUR,
        ..PLAIN
    },
    Rules { name: "503", manner: Manner::Busy(503, false), ..PLAIN },
    Rules { name: "429", manner: Manner::Busy(429, true), ..PLAIN },
    Rules { name: "301", manner: Manner::Moved(301), ..PLAIN },
    Rules { name: "308", manner: Manner::Moved(308), ..QUIET },
    Rules { name: "302", manner: Manner::Moved(302), ..PLAIN },
    Rules { name: "back", manner: Manner::MovedBack, ..PLAIN },
    Rules { name: "410", manner: Manner::Gone, ..PLAIN },
    Rules { name: "226", manner: Manner::Delta, ..PLAIN },
    Rules { name: "vcdiff", manner: Manner::StrangeDelta, ..PLAIN },
    Rules { name: "slow", manner: Manner::Slow, changes: 40 * HOUR, ..PLAIN },
    Rules {
        name: "skips",
        channel: "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour><hour>3</hour><hour>4</hour><hour>5</hour>\
            </skipHours><skipDays><day>Sunday</day></skipDays>",
        manner: Manner::Skips,
        ..PLAIN
    },
    Rules { name: "gzip", manner: Manner::Packed("gzip"), changes: 40 * HOUR, ..PLAIN },
    Rules { name: "brotli", manner: Manner::Packed("br"), changes: 40 * HOUR, ..PLAIN },
    Rules { name: "zstd", manner: Manner::Packed("zstd"), changes: 40 * HOUR, ..PLAIN },
];

/// Servers that share a machine.
const TOGETHER: &[Rules] = &[
    Rules { name: "first", ..QUIET },
    Rules { name: "second", ..QUIET },
    Rules { name: "third", ..QUIET },
    Rules { name: "fourth", header: ("cache-control", "max-age=86400"), good_for: DAY, ..QUIET },
    Rules { name: "fifth", header: ("cache-control", "max-age=86400"), good_for: DAY, ..QUIET },
];

/// Every server, and the sources that read them.
async fn world(time: &Time) -> (Vec<Arc<Server>>, Vec<ScheduledSource>) {
    let (mut servers, mut sources) = (Vec::new(), Vec::new());
    let groups = ALONE.iter().map(std::slice::from_ref).chain([TOGETHER]);
    for group in groups {
        let (web, behind) = serve(group, time).await;
        for server in &behind {
            let name = server.rules.name;
            let kind = web.feed(&format!("/{name}/feed"));
            let source = Source { name: name.to_owned(), tags: Vec::new(), kind };
            sources.push(ScheduledSource { source, every: Duration::from_secs(EVERY.unsigned_abs()) });
        }
        servers.extend(behind);
    }
    (servers, sources)
}

fn fetcher() -> Fetcher {
    let limits = Limits { total: Duration::from_millis(500), ..Limits::default() };
    Fetcher::with("https://courier.example", limits, Network::default())
}

/// Lets the puller work for 30 days, step by step as sources become due.
async fn live(puller: &Puller, store: &Store, time: &Time) {
    let mut now = START;
    while now < START + 30 * DAY {
        time.now.store(now, Ordering::SeqCst);
        puller.step(Timestamp::from_unix(now)).await.unwrap();
        let times = store.source_times().await.unwrap();
        let next = times.iter().map(|times| times.next_at.as_unix()).min().unwrap();
        now = next.max(now + 1);
    }
}

#[tokio::test]
async fn thirty_days_of_requests_are_without_fault_for_every_kind_of_server() {
    let time = Time { start: START, now: Arc::new(AtomicI64::new(START)) };
    let (servers, sources) = world(&time).await;
    let data = TempDir::new().unwrap();
    let store =
        Store::open_as_daemon(&data.path().join("courant.db"), Timestamp::from_unix(START)).await.unwrap();
    let names: Vec<&str> = sources.iter().map(|source| source.source.name.as_str()).collect();
    store.register_sources(&names).await.unwrap();
    let settings = Settings {
        publication: article::publication(),
        newsletters: Vec::new(),
        sources: sources.clone(),
        sending: None,
        reports: courant::jobs::Reports::default(),
        picture_disk: None,
        zones: Zones::built_in(),
    };
    let puller = Puller::new(store.clone(), fetcher(), watch::channel(Arc::new(settings)).1);
    live(&puller, &store, &time).await;

    let seen = |name: &str| {
        let server = servers.iter().find(|server| server.rules.name == name).unwrap();
        std::mem::take(&mut *server.seen.lock().unwrap())
    };
    let all: Vec<(&str, Seen)> =
        servers.iter().map(|server| (server.rules.name, seen(server.rules.name))).collect();
    for (name, seen) in &all {
        assert_eq!(seen.faults, Vec::<String>::new(), "{name}");
        assert!(seen.requests > 20, "{name} was asked {} times", seen.requests);
    }
    let of = |name: &str| &all.iter().find(|(other, _)| *other == name).unwrap().1;
    assert!(of("lively").requests > 2 * of("304").requests, "who is lively is asked more often");
    assert_eq!(of("304").whole, 4, "at first, and after 8, 16 and 24 days");
    assert_eq!(of("226").whole, 4);

    for name in ["301", "308"] {
        let last = of(name).at_old.last().unwrap();
        assert!(*last < START + 3 * DAY, "{name}: what has moved for good is asked at its new address");
    }
    assert!(*of("302").at_old.last().unwrap() > START + 29 * DAY, "what is elsewhere for a while is not");
    for (server, scheduled) in servers.iter().zip(&sources) {
        let name = server.rules.name;
        let standing = store.find_source(name).await.unwrap().unwrap();
        let is_moved = ["301", "308"].contains(&name);
        assert_eq!(scheduled.source.moved_to(&standing.cursor).is_some(), is_moved, "{name}");
        assert_eq!(standing.ended.is_some(), name == "410", "{name}");
        let read = store.count_articles_of(name).await.unwrap();
        let published = server.version(if name == "410" { START + 10 * DAY } else { START + 30 * DAY });
        let missed = if name == "lively" || name == "ttl" { 10 } else { 2 };
        assert!((published - missed..=published + 1).contains(&read), "{name}: {read} of {published}");
    }
    store.close().await;
}

#[tokio::test]
async fn a_feed_that_has_ended_is_asked_again_once_it_is_somewhere_else() {
    let time = Time { start: START - 20 * DAY, now: Arc::new(AtomicI64::new(START)) };
    let rules = [Rules { name: "gone", manner: Manner::Gone, ..PLAIN }, Rules { name: "there", ..PLAIN }];
    let (web, _) = serve(&rules, &time).await;
    let data = TempDir::new().unwrap();
    let now = Timestamp::from_unix(START);
    let store = Store::open_as_daemon(&data.path().join("courant.db"), now).await.unwrap();
    let settings = |path: &str| {
        let source = Source { name: "wire".to_owned(), tags: Vec::new(), kind: web.feed(path) };
        Arc::new(Settings {
            publication: article::publication(),
            newsletters: Vec::new(),
            sources: vec![ScheduledSource { source, every: Duration::from_mins(15) }],
            sending: None,
            reports: courant::jobs::Reports::default(),
            picture_disk: None,
            zones: Zones::built_in(),
        })
    };
    let (change, live) = watch::channel(settings("/gone/feed"));
    let puller = Puller::new(store.clone(), fetcher(), live);
    for days in [0, 1, 100, 1000] {
        puller.step(now + Duration::from_hours(24 * days)).await.unwrap();
    }
    assert_eq!(web.requests().len(), 1);
    change.send(settings("/there/feed")).unwrap();
    puller.step(now + Duration::from_hours(1)).await.unwrap();
    assert_eq!(store.count_articles_of("wire").await.unwrap(), 10);
    assert_eq!(store.find_source("wire").await.unwrap().unwrap().ended, None);
    store.close().await;
}
