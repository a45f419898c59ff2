//! `courant bench relay`: an edition to many made-up readers, handed to a relay as fast as it takes it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::SignedDuration;
use serde::Serialize;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use super::link::Link;
use super::publication::Publication;
use super::{Context, cost};
use crate::cli::{Form, WrongUse};
use crate::jobs::Job as _;
use crate::jobs::sender::Sender;
use crate::model::dkim::{Algorithm, Key, Signer};
use crate::model::time::Clock;
use crate::store::Counts;

const LONGEST_ROUND_TRIP: Duration = Duration::from_secs(10);

#[derive(clap::Args)]
pub(super) struct Args {
    /// The relay, such as <smtp://127.0.0.1:2525>: one that throws away what it takes, such as postfix's `smtp-sink`
    #[arg(long, value_name = "URL")]
    to: String,
    /// How many messages
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    messages: u32,
    /// Over how many connections
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    connections: u16,
    /// Sign each message, with keys made for this
    #[arg(long, value_enum)]
    dkim: Option<Dkim>,
    /// Put a link in between on which a message and its answer take this long, such as 20ms
    #[arg(long, value_name = "TIME", value_parser = milliseconds)]
    round_trip: Option<Duration>,
    /// Where to put the database: on the disk that is to be measured [default: a temporary directory]
    #[arg(long, value_name = "PATH")]
    dir: Option<PathBuf>,
    /// The relay may be on another machine. Be sure that it delivers nothing: the readers are made up
    #[arg(long)]
    elsewhere: bool,
    #[command(flatten)]
    form: Form,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Dkim {
    /// By an RSA key of 2048 bits
    Rsa,
    /// By an Ed25519 key
    Ed25519,
    /// By both
    Both,
}

/// What was measured.
#[derive(Serialize)]
struct Measured {
    messages: u32,
    /// Octets of a message, about.
    message_size: usize,
    connections: u16,
    seconds: f64,
    messages_per_second: f64,
    /// Microseconds of processor time that this process used for a message, its database included. Unknown over a link,
    /// whose share would be among it.
    processor_us: Option<f64>,
    /// The most memory that it held.
    resident_kb: Option<u64>,
    link: Option<MeasuredLink>,
}

/// What was measured over a link that takes its time.
#[derive(Serialize)]
struct MeasuredLink {
    /// The round trip as it was on average.
    round_trip_ms: f64,
    /// The share of what a connection could do that hands over one message with each round trip.
    used: f64,
}

pub(super) async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let relay = Relay::of(args)?;
    let link = match args.round_trip {
        Some(round_trip) => Some(Link::open(relay.address(), round_trip).await?),
        None => None,
    };
    let url =
        link.as_ref().map_or_else(|| relay.url.to_string(), |link| format!("smtp://{}", link.address()));
    let directory = match &args.dir {
        Some(path) => tempfile::tempdir_in(path).with_context(|| format!("in {}", path.display()))?,
        None => tempfile::tempdir()?,
    };
    let wanted = (args.messages, signers(args.dkim)?);
    let now = context.clock.now();
    let publication = Publication::set_up(directory.path(), (&url, args.connections), wanted, now).await?;
    let spent = send(&publication, context.clock.clone()).await?;
    let counts = publication.store.delivery_counts(publication.edition.id).await?;
    publication.store.close().await;
    all_sent(args, &counts)?;
    print(&measured(args, &publication, &spent, link.as_ref()), (args.form, &relay.address()), context)
}

/// The relay, as far as it has to be known before it is configured.
struct Relay {
    url: Url,
    host: String,
}

impl Relay {
    fn of(args: &Args) -> Result<Self, WrongUse> {
        let wrong = |why: &str| WrongUse(format!("--to {}: {why}", args.to));
        let url = Url::parse(&args.to).map_err(|_| wrong("this is no URL; write smtp://127.0.0.1:2525"))?;
        let host = url.host_str().ok_or_else(|| wrong("which host? Write smtp://127.0.0.1:2525"))?.to_owned();
        let is_here = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if !is_here && !args.elsewhere {
            return Err(wrong(
                "this is another machine. If it throws away what it takes, say so with --elsewhere; any other relay \
                 would try to deliver all of it",
            ));
        }
        if args.round_trip.is_some() && url.scheme() != "smtp" {
            return Err(wrong("the link of --round-trip carries no TLS: write smtp://"));
        }
        Ok(Self { url, host })
    }

    fn address(&self) -> String {
        format!("{}:{}", self.host, self.url.port().unwrap_or(25))
    }
}

/// What the sending took of the machine.
struct Spent {
    time: Duration,
    processor: Option<Duration>,
}

/// Sends the edition as the daemon does: on a thread that does nothing else.
async fn send(publication: &Publication, clock: Clock) -> anyhow::Result<Spent> {
    let (store, settings) = (publication.store.clone(), publication.settings.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sending = async move {
        let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let sender = Sender::new(store, settings, clock.clone(), (tasks.clone(), shutdown.clone())).await?;
        let (started, before) = (Instant::now(), cost::processor_time());
        while sender.step(clock.now()).await? > 0 {}
        let spent = Spent {
            time: started.elapsed(),
            processor: cost::processor_time().zip(before).map(|(after, before)| after.saturating_sub(before)),
        };
        drop(sender); // its writer ends with it
        shutdown.cancel();
        tasks.close();
        tasks.wait().await;
        anyhow::Ok(spent)
    };
    let (done, is_done) = oneshot::channel();
    std::thread::Builder::new().name("sender".to_owned()).spawn(move || {
        // Who no longer waits for it has been stopped.
        let _ = done.send(runtime.block_on(sending));
    })?;
    is_done.await.context("the sender's thread has died")?
}

/// # Errors
/// If the relay did not take all of it: how fast it refuses is not what was asked.
fn all_sent(args: &Args, counts: &Counts) -> anyhow::Result<()> {
    let sent = counts.sent;
    anyhow::ensure!(
        sent == u64::from(args.messages),
        "{} took {sent} of {} messages: {} were put off, {} refused, {} wait. The log says why (`--log info`)",
        args.to,
        args.messages,
        counts.deferred,
        counts.failed,
        counts.queued
    );
    Ok(())
}

fn signers(kind: Option<Dkim>) -> anyhow::Result<Vec<Signer>> {
    let algorithms: &[(&str, Algorithm)] = match kind {
        None => &[],
        Some(Dkim::Rsa) => &[("rsa", Algorithm::Rsa)],
        Some(Dkim::Ed25519) => &[("ed25519", Algorithm::Ed25519)],
        Some(Dkim::Both) => &[("rsa", Algorithm::Rsa), ("ed25519", Algorithm::Ed25519)],
    };
    let signer = |(selector, algorithm): &(&str, Algorithm)| {
        Ok(Signer {
            domain: "news.example.org".to_owned(),
            selector: (*selector).to_owned(),
            key: Key::generate(*algorithm)?,
        })
    };
    algorithms.iter().map(signer).collect()
}

fn measured(args: &Args, publication: &Publication, spent: &Spent, link: Option<&Link>) -> Measured {
    let messages = f64::from(args.messages);
    let seconds = spent.time.as_secs_f64();
    let messages_per_second = messages / seconds;
    Measured {
        messages: args.messages,
        message_size: publication.message_size,
        connections: args.connections,
        seconds,
        messages_per_second,
        processor_us: spent
            .processor
            .filter(|_| link.is_none())
            .map(|time| time.as_secs_f64() * 1e6 / messages),
        resident_kb: cost::resident_at_most(),
        link: link.map(|link| {
            let round_trip = link.round_trip().as_secs_f64();
            MeasuredLink {
                round_trip_ms: round_trip * 1e3,
                used: messages_per_second * round_trip / f64::from(args.connections),
            }
        }),
    }
}

fn print(measured: &Measured, (form, relay): (Form, &str), context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    if form.json {
        return Ok(output.json(measured)?);
    }
    let Measured { messages, message_size, connections, seconds, .. } = measured;
    let kilobytes = message_size / 1000;
    output.line(format_args!(
        "{messages} messages of {kilobytes} kB over {connections} connections in {seconds:.2} s\n"
    ))?;
    let mut facts = vec![("rate", format!("{:.0} messages/s", measured.messages_per_second))];
    if let Some(link) = &measured.link {
        let MeasuredLink { round_trip_ms, used } = link;
        let fact =
            format!("{round_trip_ms:.1} ms on average; of one message a connection with each, {used:.2}");
        facts.push(("round trip", fact));
    }
    facts.extend(
        measured.processor_us.map(|us| ("processor", format!("{us:.0} µs a message, database included"))),
    );
    facts.extend(measured.resident_kb.map(|kb| ("memory", format!("{} MB at most", kb / 1000))));
    output.facts(&facts)?;
    Ok(output.line(format_args!(
        "\nBeside it, what the wire can do: smtp-source -s {connections} -m {messages} -l {message_size} {relay}"
    ))?)
}

/// A time such as `20ms`.
fn milliseconds(text: &str) -> Result<Duration, String> {
    let time = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    time.filter(|time| *time <= LONGEST_ROUND_TRIP).ok_or_else(|| "write 20ms, at most 10s".to_owned())
}
