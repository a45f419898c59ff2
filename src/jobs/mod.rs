//! The background loops: each a step, repeated until there is no work.
//!
//! A job is a struct with its dependencies and one function, [`Job::step`]: one bounded piece of work. The loop
//! around it knows nothing of the work. Tests call the steps and never start the loops.

mod clock_watch;
mod composing;
mod disk;
pub mod doctor;
pub mod groups;
pub mod hubs;
pub mod janitor;
pub mod listener;
pub mod mailbox;
pub mod maildir;
pub mod mailing;
mod manners;
pub mod pace;
pub mod pages;
pub mod pictures;
pub mod preflight;
pub mod providers;
pub mod publisher;
pub mod puller;
pub mod reports;
pub mod sender;
pub mod sunset;
mod warm_up;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::config::zones::Zones;
use crate::mail::imap::MailboxSettings;
use crate::mail::server::Dialect;
use crate::model::newsletter::Newsletter;
use crate::model::publication::Publication;
use crate::model::time::{Clock, Timestamp};
use crate::source::Source;

/// What the jobs work by. Replaced as a whole when the configuration is read again.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whose articles these are.
    pub publication: Publication,
    /// What can be subscribed to.
    pub newsletters: Vec<Newsletter>,
    /// Where articles come from.
    pub sources: Vec<ScheduledSource>,
    /// Who mails are from; `None` where nothing is to be sent.
    pub sending: Option<mailing::Sending>,
    /// Where what comes back is found.
    pub reports: Reports,
    /// How many bytes of pictures are kept on the disk; `None` where none are.
    pub picture_disk: Option<u64>,
    /// The time zones of the world, by name.
    pub zones: Zones,
}

/// Where what comes back is found, or handed in.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// A Maildir that is watched.
    pub maildir: Option<PathBuf>,
    /// Where a mail server on this machine may hand mails in.
    pub listen: Option<Listen>,
    /// A mailbox that is watched.
    pub mailbox: Option<MailboxSettings>,
}

/// Where mails are handed in, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// An address of this machine that no other one reaches.
    pub address: SocketAddr,
    /// What is spoken.
    pub dialect: Dialect,
}

/// A source, and how often it is asked.
#[derive(Clone, Debug)]
pub struct ScheduledSource {
    /// What is asked.
    pub source: Source,
    /// The pause between two pulls that went well.
    pub every: Duration,
}

/// The settings as they are now.
pub type LiveSettings = watch::Receiver<Arc<Settings>>;

/// A background loop's work.
pub trait Job: Send + Sync {
    /// Its name in the log.
    const NAME: &'static str;

    /// Does one bounded piece of work, and returns how much it was: 0 means that there is none now.
    ///
    /// # Errors
    /// What stands in the way; the loop logs it, waits, and goes on.
    fn step(&self, now: Timestamp) -> impl Future<Output = anyhow::Result<usize>> + Send;

    /// Waits for what brings new work from outside, if the job has a way to hear of it. It may be dropped at any moment,
    /// and never makes the loop turn without a pause.
    fn news(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}

/// What a loop waits for.
#[derive(Clone, Debug)]
pub struct Rhythm {
    /// What time it is.
    pub clock: Clock,
    /// The longest pause between two looks for work.
    pub poll: Duration,
    /// Rung by the job before this one in the flow.
    pub bell: Arc<Notify>,
    /// The bell of the job after this one.
    pub next: Option<Arc<Notify>>,
    /// Ends the loop after the step in flight.
    pub shutdown: CancellationToken,
}

/// Repeats a job's step until it is told to stop.
pub async fn run<J: Job>(job: J, rhythm: Rhythm) {
    let mut failures = Failures::default();
    while !rhythm.shutdown.is_cancelled() {
        let done = match job.step(rhythm.clock.now()).await {
            Ok(done) => {
                failures.end(J::NAME);
                done
            }
            Err(error) => {
                failures.note(J::NAME, &error);
                0
            }
        };
        if done > 0 {
            rhythm.next.iter().for_each(|bell| bell.notify_one());
            continue;
        }
        tokio::select! {
            () = rhythm.bell.notified() => {}
            () = job.news() => {}
            () = tokio::time::sleep(rhythm.poll) => {}
            () = rhythm.shutdown.cancelled() => {}
        }
    }
}

/// Logs a trouble when it begins, when it changes, once in a while as it lasts, and when it is over: not every second.
#[derive(Default)]
struct Failures {
    text: String,
    count: u32,
}

impl Failures {
    const EVERY: u32 = 60;

    fn note(&mut self, job: &str, error: &anyhow::Error) {
        let text = format!("{error:#}");
        if text != self.text {
            self.count = 0;
            self.text = text;
        }
        if self.count.is_multiple_of(Self::EVERY) {
            tracing::error!(job, error = self.text, "A step failed; it will be tried again");
        }
        self.count += 1;
    }

    fn end(&mut self, job: &str) {
        if self.count > 0 {
            tracing::info!(job, failures = self.count, "The trouble is over: steps succeed again");
            *self = Self::default();
        }
    }
}
