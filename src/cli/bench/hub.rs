//! `courant bench hub`: articles that are published one after the other, and how long it takes until each subscriber of the hub
//! is told.

use std::collections::HashMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::SignedDuration;
use serde::Serialize;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Context;
use super::callbacks::Callbacks;
use crate::cli::Form;
use crate::config;
use crate::daemon::{HubWork, web_settings};
use crate::jobs::{self, Rhythm};
use crate::model::article::{Content, DateOrigin};
use crate::model::language::Direction;
use crate::model::time::{Clock, Timestamp};
use crate::source::fetch::{Names, Network};
use crate::store::{NewHubRequest, Store};
use crate::web::Web;

const CONFIGURATION: &str = "[publication]\ntitle = \"The Harbour Light\"\nbase_url = \"https://news.example.org/\"\n\
    [web]\nwebsub = true\n";

/// The feed that is subscribed to.
const TOPIC: &str = "https://news.example.org/feed.rss";

/// How many articles it holds, with which it has about 57 kB.
const ARTICLES: usize = 50;

/// How long all subscribers may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// How often is looked whether all have been told.
const LOOK: Duration = Duration::from_millis(5);

const LONGEST_ANSWER: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub(super) struct Args {
    /// How many subscribers, each on a host of its own
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    subscribers: u32,
    /// How many articles are published, one after the other
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    changes: u32,
    /// Each subscriber takes this long to answer, such as 50ms
    #[arg(long, value_name = "TIME", default_value = "0ms", value_parser = milliseconds)]
    answer: Duration,
    #[command(flatten)]
    form: Form,
}

/// What was measured.
#[derive(Serialize)]
struct Measured {
    subscribers: u32,
    changes: u32,
    /// Octets of the feed.
    feed_size: usize,
    /// From just before an article is saved until a subscriber has the last octet of the feed.
    milliseconds: Quantiles,
}

#[derive(Serialize)]
struct Quantiles {
    median: f64,
    p99: f64,
    longest: f64,
}

pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let callbacks = Callbacks::open(args.answer).await?;
    let hub = RunningHub::start(directory.path(), args, &callbacks, context.clock.clone()).await?;
    let measured = hub.measure(args, &callbacks).await;
    hub.stop().await;
    print(&measured?, args.form, context)
}

/// A hub that works as it does in the daemon.
struct RunningHub {
    store: Store,
    clock: Clock,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl RunningHub {
    /// Starts one at which as many have asked to subscribe as are wanted.
    async fn start(
        directory: &Path,
        args: &Args,
        callbacks: &Callbacks,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let file = directory.join("courant.toml");
        fs::write(&file, CONFIGURATION).with_context(|| format!("{} cannot be written", file.display()))?;
        let config = config::load(&file)?;
        let store = Store::open_as_daemon(&directory.join("courant.db"), clock.now()).await?;
        store.save_articles("cms", &articles(0..ARTICLES, clock.now()), clock.now()).await?;
        let mut names = HashMap::new();
        for number in 1..=args.subscribers {
            let host = format!("reader-{number}.example.org");
            let callback = format!("http://{host}:{}/{number}", callbacks.port());
            let request = NewHubRequest {
                topic: TOPIC,
                callback: &callback,
                host: &host,
                mode: "subscribe",
                secret: Some("a secret of each"),
                lease_seconds: 86_400,
            };
            store.ask_hub(&request, clock.now()).await?;
            names.insert(host, vec![Ipv4Addr::LOCALHOST.into()]);
        }
        let network =
            Network { names: Names::Fixed(Arc::new(names)), trusted: vec![Ipv4Addr::LOCALHOST.into()] };
        let web = Web::new(store.clone(), clock.clone(), Arc::default(), web_settings(&config));
        let work = HubWork::new(web, "https://news.example.org/", network);
        let (shutdown, tasks) = (CancellationToken::new(), TaskTracker::new());
        let rhythm = Rhythm {
            clock: clock.clone(),
            poll: HubWork::POLL,
            bell: Arc::<Notify>::default(),
            next: None,
            shutdown: shutdown.clone(),
        };
        tasks.spawn(jobs::run(work, rhythm));
        Ok(Self { store, clock, shutdown, tasks })
    }

    async fn measure(&self, args: &Args, callbacks: &Callbacks) -> anyhow::Result<Measured> {
        let subscribers = usize::try_from(args.subscribers)?;
        let is_verified = async || Ok(self.store.due_hub_requests(self.clock.now(), 1).await?.is_empty());
        wait(is_verified, "not every subscriber was verified").await?;
        let (mut times, mut feed_size) = (Vec::new(), 0);
        for change in 1..=usize::try_from(args.changes)? {
            let published = self.publish(ARTICLES + change).await?;
            let all_told = async || Ok(callbacks.count() == subscribers);
            wait(all_told, &format!("not every subscriber was told of change {change}")).await?;
            let arrivals = callbacks.take();
            anyhow::ensure!(
                arrivals.moments.values().all(|own| own.len() == 1),
                "a subscriber was told of change {change} more than once"
            );
            feed_size = arrivals.size;
            times
                .extend(arrivals.moments.values().flatten().map(|arrived| arrived.duration_since(published)));
        }
        Ok(Measured {
            subscribers: args.subscribers,
            changes: args.changes,
            feed_size,
            milliseconds: Quantiles::of(times),
        })
    }

    /// Publishes an article, as a pull does; returns the moment before.
    async fn publish(&self, number: usize) -> anyhow::Result<Instant> {
        let (before, now) = (Instant::now(), self.clock.now());
        self.store.save_articles("cms", &articles(number..number + 1, now), now).await?;
        Ok(before)
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.store.close().await;
    }
}

impl Quantiles {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: usize| {
            let index = (times.len() * share).div_ceil(100).saturating_sub(1);
            times.get(index).copied().unwrap_or_default().as_secs_f64() * 1e3
        };
        Self { median: at(50), p99: at(99), longest: at(100) }
    }
}

/// Waits until something is so.
async fn wait(is_so: impl AsyncFn() -> anyhow::Result<bool>, why: &str) -> anyhow::Result<()> {
    let until = Instant::now() + PATIENCE;
    while !is_so().await? {
        anyhow::ensure!(Instant::now() < until, "{why} within {} s", PATIENCE.as_secs());
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

fn articles(numbers: std::ops::Range<usize>, now: Timestamp) -> Vec<(String, Content)> {
    let text = "The bridge over the Hale carries trams again since this morning. ".repeat(14);
    let article = |number: usize| Content {
        title: format!("Bridge number {number} reopens after two years of repairs"),
        authors: vec!["Ada Brook".to_owned()],
        biography: None,
        html: format!("<p>{text}</p>"),
        text: text.clone(),
        summary: "It carries trams again.".to_owned(),
        url: None,
        tags: vec!["city".to_owned()],
        image: None,
        language: Some("en".to_owned()),
        direction: Direction::Ltr,
        published_at: Some(now),
        published_at_from: DateOrigin::Source,
        updated_at: None,
        enclosures: Vec::new(),
        cuts: Vec::new(),
    };
    numbers.map(|number| (number.to_string(), article(number))).collect()
}

fn print(measured: &Measured, form: Form, context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    if form.json {
        return Ok(output.json(measured)?);
    }
    let Measured { subscribers, changes, feed_size, milliseconds } = measured;
    let kilobytes = feed_size / 1000;
    output.line(format_args!(
        "{changes} articles, of each of which {subscribers} subscribers were sent the feed of {kilobytes} kB\n"
    ))?;
    let shown = |time: f64| format!("{time:.0} ms after an article was there");
    Ok(output.facts(&[
        ("half of them", shown(milliseconds.median)),
        ("99 of 100", shown(milliseconds.p99)),
        ("the last", shown(milliseconds.longest)),
    ])?)
}

/// A time such as `50ms`.
fn milliseconds(text: &str) -> Result<Duration, String> {
    let time = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    time.filter(|time| *time <= LONGEST_ANSWER).ok_or_else(|| "write 50ms, at most 5s".to_owned())
}
