//! A small SMTP server that keeps what it takes: the demo's inbox, and the relay of the tests.
//!
//! It speaks enough of RFC 5321 for real clients (PIPELINING, 8BITMIME, SIZE, SMTPUTF8, and by choice AUTH,
//! STARTTLS or TLS from the first octet), hands nothing on, and treats some recipients badly because of their
//! [names](habit).

pub mod habit;
mod reading;
mod session;

pub use reading::Reading;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long it waits when the system has no socket to give.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);

/// How an [`Inbox`] behaves to everyone.
#[derive(Clone)]
pub struct Behaviour {
    /// How many messages are kept; the oldest are forgotten first.
    pub capacity: usize,
    /// The largest message that is taken, in octets.
    pub max_size: usize,
    /// Whether EHLO offers PIPELINING.
    pub pipelining: bool,
    /// Whether EHLO offers SMTPUTF8; without it a recipient that needs it is refused.
    pub smtputf8: bool,
    /// User and password that AUTH asks for before it takes mail; `None`: no AUTH.
    pub login: Option<(String, String)>,
    /// How connections are encrypted; `None`: not at all.
    pub tls: Option<Tls>,
    /// Whether DATA is answered with 354 even when no recipient was taken, as RFC 2920 allows.
    pub always_354: bool,
    /// After this many messages a connection is closed with 421; `None`: never.
    pub per_connection: Option<usize>,
    /// What is done at a stage in the place of the usual.
    pub hook: Option<habit::Hook>,
}

/// How the inbox encrypts connections.
#[derive(Clone)]
pub enum Tls {
    /// TLS from the first octet.
    Implicit(TlsAcceptor),
    /// EHLO offers STARTTLS, and mail is taken only after it.
    StartTls(TlsAcceptor),
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            capacity: 10_000,
            max_size: 25 << 20,
            pipelining: true,
            smtputf8: true,
            login: None,
            tls: None,
            always_354: false,
            per_connection: None,
            hook: None,
        }
    }
}

/// A message that the inbox took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The envelope's sender, without brackets; empty for `<>`.
    pub from: String,
    /// The envelope's recipients, without brackets.
    pub to: Vec<String>,
    /// The message as it came, dots unstuffed, otherwise octet for octet.
    pub bytes: Vec<u8>,
    /// Whether the final dot was answered with 250. `drop@` takes a message and does not say so.
    pub is_answered: bool,
}

impl Received {
    /// The value of the first header of this name, unfolded; empty if there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.bytes.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
        let mut value = String::new();
        let mut is_wanted = false;
        for line in head {
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end_matches('\r');
            if line.starts_with([' ', '\t']) {
                if is_wanted {
                    value.push_str(line);
                }
                continue;
            }
            if is_wanted {
                break;
            }
            if let Some((_, rest)) = line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name)) {
                rest.trim_start().clone_into(&mut value);
                is_wanted = true;
            }
        }
        value
    }
}

/// A running SMTP server; dropping it ends it.
pub struct Inbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Shared {
    behaviour: Behaviour,
    kept: Mutex<Kept>,
    taken: watch::Sender<u64>,
}

#[derive(Default)]
struct Kept {
    mails: VecDeque<Arc<Received>>,
    attempts: HashMap<String, usize>,
    connections: u64,
}

impl Inbox {
    /// Listens on `address` (port 0: any free one) until it is stopped or dropped.
    pub async fn start(address: SocketAddr, behaviour: Behaviour) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let shared = Arc::new(Shared { behaviour, kept: Mutex::default(), taken: watch::Sender::new(0) });
        let inbox = Self {
            address: listener.local_addr()?,
            shared,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        let (shared, tasks, stop) = (Arc::clone(&inbox.shared), inbox.tasks.clone(), inbox.stop.clone());
        inbox.tasks.spawn(async move { accept(listener, &shared, &tasks, &stop).await });
        Ok(inbox)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it took and still keeps, in the order of the final dots.
    pub fn mails(&self) -> Vec<Arc<Received>> {
        self.shared.kept().mails.iter().map(Arc::clone).collect()
    }

    /// Those of [`Inbox::mails`] that went to this address.
    pub fn mails_to(&self, address: &str) -> Vec<Arc<Received>> {
        let mut mails = self.mails();
        mails.retain(|mail| mail.to.iter().any(|to| to.eq_ignore_ascii_case(address)));
        mails
    }

    /// How many messages it took since it was started.
    pub fn taken(&self) -> u64 {
        *self.shared.taken.borrow()
    }

    /// Waits until it has taken `count` messages since it was started.
    pub async fn wait_for(&self, count: u64) {
        let mut taken = self.shared.taken.subscribe();
        taken.wait_for(|taken| *taken >= count).await.expect("the sender lives as long as the inbox");
    }

    /// How many connections it has had since it was started.
    pub fn connections(&self) -> u64 {
        self.shared.kept().connections
    }

    /// Closes every connection and the port, and waits for it; what was taken can still be asked for.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, mail: Received) {
        let mut kept = self.kept();
        if kept.mails.len() == self.behaviour.capacity {
            kept.mails.pop_front();
        }
        kept.mails.push_back(Arc::new(mail));
        drop(kept);
        self.taken.send_modify(|taken| *taken += 1);
    }

    /// Whether this is the first attempt at a recipient who is treated otherwise at the second.
    fn is_first(&self, recipient: &str) -> bool {
        let mut kept = self.kept();
        if kept.attempts.len() > self.behaviour.capacity {
            kept.attempts.clear();
        }
        let attempts = kept.attempts.entry(recipient.to_owned()).or_default();
        *attempts += 1;
        *attempts == 1
    }
}

async fn accept(listener: TcpListener, shared: &Arc<Shared>, tasks: &TaskTracker, stop: &CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((socket, _)) = accepted else {
            tokio::time::sleep(PAUSE_AFTER_ERROR).await;
            continue;
        };
        shared.kept().connections += 1;
        let (shared, stop) = (Arc::clone(shared), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = session::serve(socket, &shared) => {}
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_header_is_read_whole() {
        let mail = Received {
            from: String::new(),
            to: Vec::new(),
            bytes: b"Subject: one\r\n two\r\nX: y\r\n\r\nSubject: no\r\n".to_vec(),
            is_answered: true,
        };
        assert_eq!(mail.header("subject"), "one two");
        assert_eq!(mail.header("X"), "y");
        assert_eq!(mail.header("To"), "");
    }
}
