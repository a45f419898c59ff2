//! What a mail server on this machine hands in, by LMTP or SMTP → what follows for the subscribers.
//!
//! A mail is answered with 250 only when what it says is on disk, or when it rightly says nothing to us; where it cannot
//! be kept, with 451, and the mail server hands it in again. Whatever ends the program in between, a report takes effect
//! once. Nobody else's mail is taken: a recipient has to be an address that we put into a mail.

use std::io;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::reports::{Ingested, ingest};
use super::{Job, Listen, LiveSettings, Settings};
use crate::mail::report;
use crate::mail::server::{Deed, Dialect, Host, Limits, Mail, Session, Talk, Terms};
use crate::model::time::{Clock, Timestamp};
use crate::store::{Error, Store};

/// How many mail servers are spoken with at once: each may make us hold a mail in memory.
const MOST_CONNECTIONS: usize = 20;

/// How long it waits when the system has no socket to give.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);

/// The largest mail that is taken, in octets: what Postfix lets through, and a little more. Of a mail that large only its
/// beginning is looked at.
const MAX_SIZE: usize = 10 << 20;

/// What it calls itself in its greeting.
pub const NAME: &str = "courant.localhost";

/// Listens where the configuration says, if it says so.
pub struct Listener {
    post: Post,
    settings: LiveSettings,
    tasks: (TaskTracker, CancellationToken),
    door: Mutex<Door>,
    seats: Arc<Semaphore>,
}

#[derive(Default)]
struct Door {
    /// What the settings wanted when they were looked at last.
    wanted: Option<Listen>,
    /// There unless nothing was wanted, or it could not be had.
    socket: Option<TcpListener>,
}

impl Listener {
    /// A listener by these settings; conversations run on the tracker until the token ends them.
    pub fn new(
        store: Store,
        settings: LiveSettings,
        clock: Clock,
        tasks: (TaskTracker, CancellationToken),
    ) -> Self {
        let post = Post { store, clock, trouble: Arc::default() };
        Self {
            post,
            settings,
            tasks,
            door: Mutex::default(),
            seats: Arc::new(Semaphore::new(MOST_CONNECTIONS)),
        }
    }

    async fn open_or_close(&self) -> anyhow::Result<()> {
        let wanted = self.settings.borrow().reports.listen;
        let mut door = self.door.lock().await;
        if door.wanted == wanted && door.socket.is_some() {
            return Ok(());
        }
        *door = Door { wanted, socket: None };
        let Some(listen) = wanted else { return Ok(()) };
        let socket = TcpListener::bind(listen.address).await.with_context(|| {
            format!(
                "cannot listen on {}: name another port in [reports] listen, or stop what listens there",
                listen.address
            )
        })?;
        tracing::info!(address = %listen.address, "Listening for reports");
        door.socket = Some(socket);
        Ok(())
    }

    /// Lets in who comes, as long as the door is the one that the settings want.
    async fn let_in(&self) {
        let door = self.door.lock().await;
        let (Some(listen), Some(door)) = (door.wanted, &door.socket) else {
            return std::future::pending().await;
        };
        loop {
            let Ok((socket, _)) = door.accept().await else {
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
                continue;
            };
            let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() else {
                // Who does not read this has lost nothing: the connection is closed.
                let _ = socket.try_write(b"421 4.3.2 Too many connections, come again\r\n");
                continue;
            };
            let (post, dialect) = (self.post.clone(), listen.dialect);
            let domain = bounce_domain(&self.settings.borrow());
            let shutdown = self.tasks.1.clone();
            self.tasks.0.spawn(async move {
                let conversation = post.converse(socket, dialect, domain);
                let outcome = tokio::select! {
                    outcome = conversation => outcome,
                    () = shutdown.cancelled() => Ok(()),
                };
                if let Err(error) = outcome {
                    tracing::debug!(%error, "Who handed in mails is gone");
                }
                drop(seat);
            });
        }
    }
}

impl Job for Listener {
    const NAME: &'static str = "listener";

    async fn step(&self, _: Timestamp) -> anyhow::Result<usize> {
        self.open_or_close().await?;
        match self.post.trouble.told() {
            Some(trouble) => Err(anyhow::Error::msg(trouble)),
            None => Ok(0),
        }
    }

    async fn news(&self) {
        let present = self.door.lock().await.wanted;
        let mut settings = self.settings.clone();
        tokio::select! {
            () = self.let_in() => {}
            // Nobody can change them any more where the daemon has ended.
            _ = settings.wait_for(|settings| settings.reports.listen != present) => {}
            () = self.post.trouble.changed.notified() => {}
        }
    }
}

fn bounce_domain(settings: &Settings) -> Option<String> {
    settings.sending.as_ref().map(|sending| sending.bounce_domain.clone())
}

/// What is done with mails that are handed in.
#[derive(Clone)]
struct Post {
    store: Store,
    clock: Clock,
    trouble: Arc<Trouble>,
}

/// Why the last mail could not be kept, if it could not.
#[derive(Default)]
struct Trouble {
    what: Lock<Option<String>>,
    changed: Notify,
}

impl Trouble {
    fn told(&self) -> Option<String> {
        self.what.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, what: Option<String>) {
        let mut present = self.what.lock().unwrap_or_else(PoisonError::into_inner);
        if *present != what {
            *present = what;
            self.changed.notify_one();
        }
    }
}

impl Post {
    async fn converse(self, socket: TcpStream, dialect: Dialect, domain: Option<String>) -> io::Result<()> {
        let talk = Talk::over(socket, None, Limits::default()).await?;
        let terms = Terms {
            dialect,
            name: NAME,
            max_size: MAX_SIZE,
            keep: report::MAX_MAIL,
            pipelining: true,
            smtputf8: true,
            always_354: false,
        };
        let mut desk = Desk { post: self, domain, terms };
        Session::new(&mut desk, talk).serve().await
    }

    async fn keep(&self, mail: &Mail, to: &str) -> Result<(), Error> {
        let bytes = report::arrived(&mail.bytes, (&mail.from, to));
        let outcome = ingest(&self.store, &bytes, self.clock.now()).await;
        let trouble = outcome.as_ref().err().map(|error| format!("a mail could not be kept: {error:#}"));
        self.trouble.note(trouble);
        if let Ingested::Recorded(kind, consequence) = outcome? {
            let (kind, consequence) = (kind.describe(), consequence.describe());
            tracing::info!(kind, consequence, "Took a report into account");
        }
        Ok(())
    }
}

/// Where one client hands in mails.
struct Desk {
    post: Post,
    domain: Option<String>,
    terms: Terms,
}

impl Host for Desk {
    fn terms(&self) -> &Terms {
        &self.terms
    }

    async fn recipient(&mut self, talk: &mut Talk, to: &str) -> io::Result<Deed> {
        if self.domain.as_ref().is_some_and(|domain| report::is_ours(to, domain)) {
            talk.say("250 2.1.5 Recipient");
            return Ok(Deed::Usual);
        }
        talk.say("550 5.1.1 No such address here: only what a mail of ours names is taken");
        Ok(Deed::Refused)
    }

    async fn take(&mut self, talk: &mut Talk, mail: Mail) -> io::Result<Deed> {
        let mut kept = Vec::new();
        for to in &mail.to {
            kept.push(self.post.keep(&mail, to).await.is_ok());
        }
        if self.terms.dialect == Dialect::Smtp {
            kept = vec![kept.iter().all(|is_kept| *is_kept)];
        }
        for is_kept in kept {
            talk.say(if is_kept { "250 2.0.0 Taken" } else { "451 4.3.0 It cannot be kept now" });
        }
        Ok(Deed::Usual)
    }
}
