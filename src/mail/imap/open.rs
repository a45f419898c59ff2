//! Opening a folder: connected, encrypted, logged in, and found fit for what is to be done in it.

use std::collections::HashSet;

use data_encoding::BASE64;
use imap_proto::{Capability, Response, Status};
use secrecy::ExposeSecret as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::wire::{Stream, Wire};
use super::{Answered, Connection, MAX_ANSWER, MailboxSettings, Step, Taken, Trouble, words};
use crate::mail::relay::{Encryption, connector};

impl Connection {
    /// Opens the folder, for reading and writing.
    ///
    /// # Errors
    /// What stands in the way, and at which step.
    pub async fn open(settings: &MailboxSettings) -> Result<Self, Trouble> {
        let mut connection = connect(settings).await?;
        connection.log_in(settings).await?;
        connection.look_around().await?;
        connection.select(settings).await?;
        Ok(connection)
    }

    async fn log_in(&mut self, settings: &MailboxSettings) -> Result<(), Trouble> {
        self.look_around().await?;
        let (user, password) = (&settings.user, settings.password.expose_secret());
        let answered = if self.can("AUTH=PLAIN") {
            let tag = self.begin("AUTHENTICATE PLAIN", MAX_ANSWER).await?;
            let secret = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
            self.confide(&tag, &secret).await?
        } else if self.can("LOGINDISABLED") {
            let why = "the server takes no password on a connection like this: write imaps:// in [reports.imap] url";
            return Err(Trouble::at(Step::LogIn, why));
        } else {
            let command = format!("LOGIN {} {}", words::quoted(user), words::quoted(password));
            self.command(&command, MAX_ANSWER).await?
        };
        if answered.status == Status::Ok {
            return Ok(());
        }
        Err(Trouble::at(
            Step::LogIn,
            format!(
                "the server does not take user and password of [reports.imap]; it says: {}",
                answered.words
            ),
        ))
    }

    /// Says a secret when the server asks for it.
    async fn confide(&mut self, tag: &str, secret: &str) -> Result<Answered, Trouble> {
        let until = Instant::now() + self.limits.command;
        loop {
            match self.hear(until).await? {
                Some(Response::Continue(_)) => break,
                Some(Response::Done { status, outcome, .. }) => {
                    return Ok(Answered::of(Vec::new(), status, &outcome));
                }
                _ => {}
            }
        }
        self.wire.send(secret, self.limits.command).await?;
        self.end(tag).await
    }

    /// Asks what the server can do. It may be more once somebody has logged in.
    async fn look_around(&mut self) -> Result<(), Trouble> {
        let said = self.done("CAPABILITY", MAX_ANSWER).await?;
        let mut abilities = HashSet::new();
        for response in said {
            if let Response::Capabilities(capabilities) = response {
                abilities.extend(capabilities.iter().map(|capability| match capability {
                    Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                    Capability::Auth(way) => format!("AUTH={}", way.to_ascii_uppercase()),
                    Capability::Atom(word) => word.to_ascii_uppercase(),
                }));
            }
        }
        self.abilities = abilities;
        Ok(())
    }

    async fn select(&mut self, settings: &MailboxSettings) -> Result<(), Trouble> {
        let refused = |folder: &str, words: &str| {
            Trouble::at(
                Step::Folder,
                format!("the folder {folder:?} cannot be opened; the server says: {words}"),
            )
        };
        if let Taken::Moved(folder) = &settings.taken {
            let command = format!("STATUS {} (MESSAGES)", words::folder(folder));
            let answered = self.command(&command, MAX_ANSWER).await?;
            if answered.status != Status::Ok {
                return Err(refused(folder, &answered.words));
            }
        }
        let folder = &settings.folder;
        let answered = self.command(&format!("SELECT {}", words::folder(folder)), MAX_ANSWER).await?;
        if answered.status != Status::Ok {
            return Err(refused(folder, &answered.words));
        }
        if answered.is_read_only {
            let what =
                format!("the folder {folder:?} may be read and not written: no mail can be marked as seen");
            return Err(Trouble::at(Step::Folder, what));
        }
        Ok(())
    }
}

/// A connection that was greeted, and encrypted as the settings ask.
async fn connect(settings: &MailboxSettings) -> Result<Connection, Trouble> {
    let place = format!("{}, port {}", settings.host, settings.port);
    let limit = settings.limits.connect;
    let socket = timeout(limit, TcpStream::connect((settings.host.as_str(), settings.port))).await;
    let socket = match socket {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => {
            return Err(Trouble::at(Step::Connect, format!("no connection to {place}: {error}")));
        }
        Err(_) => {
            let what = format!("no connection to {place} in {} s", limit.as_secs());
            return Err(Trouble::at(Step::Connect, what));
        }
    };
    let stream: Box<dyn Stream> = match settings.encryption {
        Encryption::Implicit => encrypted(settings, Box::new(socket)).await?,
        _ => Box::new(socket),
    };
    let mut connection = greeted(stream, settings).await?;
    if matches!(settings.encryption, Encryption::StartTls | Encryption::Opportunistic) {
        connection.look_around().await?;
        if connection.can("STARTTLS") {
            connection = start_tls(connection, settings).await?;
        } else if settings.encryption == Encryption::StartTls {
            let what = format!("{place} offers no STARTTLS: the password is not sent in clear");
            return Err(Trouble::at(Step::Encrypt, what));
        }
    }
    Ok(connection)
}

async fn greeted(stream: Box<dyn Stream>, settings: &MailboxSettings) -> Result<Connection, Trouble> {
    let mut connection = over(Wire::over(stream), settings);
    connection.wire.allow(MAX_ANSWER);
    let until = Instant::now() + settings.limits.command;
    match connection.hear(until).await {
        Ok(Some(Response::Data { status: Status::Ok, .. })) => Ok(connection),
        Ok(_) => Err(Trouble::at(Step::Greet, "what answers there does not greet as an IMAP server")),
        Err(trouble) => Err(Trouble { step: Step::Greet, ..trouble }),
    }
}

fn over(wire: Wire, settings: &MailboxSettings) -> Connection {
    Connection { wire, limits: settings.limits, number: 0, abilities: HashSet::new(), has_news: false }
}

async fn start_tls(mut connection: Connection, settings: &MailboxSettings) -> Result<Connection, Trouble> {
    connection
        .done("STARTTLS", MAX_ANSWER)
        .await
        .map_err(|trouble| Trouble { step: Step::Encrypt, ..trouble })?;
    let plain = connection.wire.into_inner().ok_or_else(|| {
        Trouble::at(Step::Encrypt, "somebody wrote in clear behind the answer to STARTTLS: an attack")
    })?;
    Ok(over(Wire::over(encrypted(settings, plain).await?), settings))
}

async fn encrypted(settings: &MailboxSettings, plain: Box<dyn Stream>) -> Result<Box<dyn Stream>, Trouble> {
    let trouble = |what: String| Trouble::at(Step::Encrypt, what);
    let connector: TlsConnector =
        connector(settings.extra_roots.as_deref()).map_err(|error| trouble(error.to_string()))?;
    let name = ServerName::try_from(settings.host.clone())
        .map_err(|_| trouble("the server's name is not one that a certificate can have".to_owned()))?;
    let limit = settings.limits.connect;
    match timeout(limit, connector.connect(name, plain)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(trouble(format!("TLS failed: {error}"))),
        Err(_) => Err(trouble(format!("TLS took longer than {} s", limit.as_secs()))),
    }
}
