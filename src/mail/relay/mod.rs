//! The relay: the SMTP server that we hand messages to (RFC 5321, 6409).

mod connection;
mod encryption;
mod envelope;
mod offers;
mod wire;

pub use connection::{Connection, Opened, Step};
pub use encryption::InvalidTls;
pub(super) use encryption::connector;
pub use envelope::Envelope;
pub use offers::Offers;

use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use secrecy::SecretString;
use tokio_rustls::TlsConnector;

use super::mould::Letter;
use super::reply::Reply;
use crate::model::rate::Rate;

/// Where the relay is and how we speak to it.
#[derive(Clone, Debug)]
pub struct RelaySettings {
    /// What it is called, if not by its host and port.
    pub name: Option<String>,
    /// What share of the mail it is handed, compared with other relays; 0: only while no other takes mail.
    pub weight: u32,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How connections are encrypted.
    pub encryption: Encryption,
    /// How we log in, if it asks for that.
    pub login: Option<Login>,
    /// Certificates in PEM that are trusted beside the system's.
    pub extra_roots: Option<String>,
    /// How many connections there are at most.
    pub connections: usize,
    /// After how many messages a connection is closed, and another one opened.
    pub messages_per_connection: usize,
    /// How many messages it is handed in some time, at most.
    pub rate: Option<Rate>,
    /// How many messages it is handed in a day, at most.
    pub daily_cap: Option<u32>,
    /// The name of the header by which it knows a message that it has had before, if it looks at one: then a copy that is
    /// handed over after a doubt does not go out.
    pub idempotency_header: Option<String>,
    /// What we call ourselves in EHLO: our full host name.
    pub hello_name: String,
    /// How long we wait.
    pub limits: Limits,
}

impl RelaySettings {
    /// The name by which it is known in the log and by which what it was handed is counted.
    pub fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("{}:{}", self.host, self.port))
    }
}

/// How connections are encrypted. Certificates are always verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all; for a relay on this machine. A login is sent to nobody else in clear.
    None,
    /// With STARTTLS where the relay offers it.
    Opportunistic,
    /// With STARTTLS; without it nothing is sent.
    StartTls,
    /// TLS from the first octet, mostly at port 465 (RFC 8314).
    Implicit,
}

/// User and password for the relay.
#[derive(Clone, Debug)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// How long we wait at each stage, as RFC 5321 §4.5.3.2 says. A shorter wait after the final dot makes copies.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the connection to be there, and for the TLS handshake.
    pub connect: Duration,
    /// For the greeting.
    pub greeting: Duration,
    /// For the reply to a command.
    pub command: Duration,
    /// For the reply to DATA.
    pub data: Duration,
    /// For the relay to take what we write.
    pub block: Duration,
    /// For the reply to the final dot.
    pub dot: Duration,
    /// For the reply to QUIT, which nothing depends on.
    pub quit: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: Duration::from_mins(5),
            command: Duration::from_mins(5),
            data: Duration::from_mins(2),
            block: Duration::from_mins(3),
            dot: Duration::from_mins(10),
            quit: Duration::from_secs(2),
        }
    }
}

/// This machine's host name, as EHLO should have it.
pub fn own_name() -> String {
    match ClientId::default() {
        ClientId::Domain(name) => name,
        address => address.to_string(),
    }
}

/// A relay, ready for connections to be opened.
#[derive(Clone)]
pub struct Relay {
    settings: RelaySettings,
    tls: Option<TlsConnector>,
    /// Where it is; empty if the system is to look its name up.
    addresses: Vec<IpAddr>,
}

impl Relay {
    /// Checks what TLS needs; nothing is connected yet.
    pub fn new(settings: RelaySettings) -> Result<Self, InvalidTls> {
        let tls = match settings.encryption {
            Encryption::None => None,
            _ => Some(encryption::connector(settings.extra_roots.as_deref())?),
        };
        Ok(Self { settings, tls, addresses: Vec::new() })
    }

    /// The same at these addresses, wherever its name may lead.
    #[must_use]
    pub fn located_at(self, addresses: Vec<IpAddr>) -> Self {
        Self { addresses, ..self }
    }

    /// What it was made of.
    pub fn settings(&self) -> &RelaySettings {
        &self.settings
    }

    /// A new connection: greeted, encrypted and logged in as the settings ask. The error is what the relay said
    /// in their place, or what happened.
    pub async fn connect(&self) -> Result<Connection, Reply> {
        self.try_connect().await.map_err(|(_, reply)| reply)
    }

    /// The same, and the error says besides which step it ended at.
    pub async fn try_connect(&self) -> Result<Connection, (Step, Reply)> {
        Connection::connect(self).await
    }

    /// Hands over one message on a connection of its own. The reply tells what became of it.
    pub async fn send(&self, envelope: &Envelope, letter: &Letter) -> Reply {
        let mut connection = match self.connect().await {
            Ok(connection) => connection,
            Err(reply) => return reply,
        };
        let reply = match connection.open(envelope).await {
            Opened::Ready => connection.finish(letter, None).await,
            Opened::Failed(reply) => reply,
        };
        connection.quit().await;
        reply
    }
}
