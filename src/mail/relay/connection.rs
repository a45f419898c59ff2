//! One connection to the relay, and the transactions on it.
//!
//! Never are two messages of one connection in doubt at the same time: the next envelope may stand behind the
//! final dot in one write, but the next message is written only when the reply to that dot is there.

use std::error::Error as _;
use std::net::SocketAddr;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Quit, Rset, Starttls};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;

use super::encryption::encrypt;
use super::offers::{Offers, offers_keyword};
use super::wire::Wire;
use super::{Encryption, Envelope, Limits, Relay, RelaySettings};
use crate::mail::mould::Letter;
use crate::mail::reply::{Reply, Stage};

/// What ends a message (RFC 5321 §4.1.1.4); the line before it has its own end.
const DOT: &str = ".\r\n";

/// A connection on which one message after the other is handed over.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    wire: Wire,
    limits: Limits,
    offers: Offers,
    /// How many more messages may be begun.
    room: usize,
    is_used: bool,
    /// The last transaction was refused in the middle and must be forgotten before the next one.
    reset_due: bool,
    is_broken: bool,
    /// The envelope that was written behind the last dot and not yet answered.
    behind: Option<Commands>,
}

/// The commands of a transaction, each with the stage that its reply belongs to.
type Commands = Vec<(Stage, String)>;

/// What the relay made of an envelope.
#[derive(Debug)]
#[must_use]
pub enum Opened {
    /// It waits for the message, which [`Connection::finish`] writes. Nothing has been accepted yet.
    Ready,
    /// It did not take it; the message was not sent.
    Failed(Reply),
}

/// What has to go well before the first message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The connection itself.
    Connect,
    /// TLS, from the first octet or by STARTTLS.
    Tls,
    /// The greeting and EHLO.
    Greet,
    /// The login.
    LogIn,
}

impl Connection {
    /// The error says at which step it ended.
    pub(super) async fn connect(relay: &Relay) -> Result<Self, (Step, Reply)> {
        let RelaySettings { limits, hello_name, .. } = &relay.settings;
        let at = |step| move |reply| (step, reply);
        let wire = dial(relay).await.map_err(at(Step::Connect))?;
        if relay.settings.encryption == Encryption::Implicit {
            put_tls(relay, &wire, false).await.map_err(at(Step::Tls))?;
        }
        let hello = ClientId::Domain(hello_name.clone());
        let mut smtp = greet(&wire, limits, &hello).await.map_err(at(Step::Greet))?;
        let is_offered = offers_keyword(&wire.heard(), "STARTTLS");
        match relay.settings.encryption {
            Encryption::StartTls if !is_offered => {
                return Err((Step::Tls, trouble("the relay does not offer STARTTLS")));
            }
            Encryption::StartTls | Encryption::Opportunistic if is_offered => {
                smtp = start_tls(relay, smtp, &wire, &hello).await.map_err(at(Step::Tls))?;
            }
            _ => {}
        }
        let offers = Offers::of(&wire.heard());
        wire.listen_in(false);
        log_in(&relay.settings, &mut smtp, &wire).await.map_err(at(Step::LogIn))?;
        let room = relay.settings.messages_per_connection;
        Ok(Self {
            smtp,
            wire,
            limits: *limits,
            offers,
            room,
            is_used: false,
            reset_due: false,
            is_broken: false,
            behind: None,
        })
    }

    /// What the relay offers.
    pub fn offers(&self) -> Offers {
        self.offers
    }

    /// Whether the connection is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.wire.is_encrypted()
    }

    /// Whether another message may be begun.
    pub fn has_room(&self) -> bool {
        self.room > 0 && !self.is_broken
    }

    /// Whether a message has been begun on it: a relay may have closed it since.
    pub fn is_used(&self) -> bool {
        self.is_used
    }

    /// Hands over an envelope: MAIL, RCPT and DATA, in one write where the relay offers PIPELINING. If
    /// [`Connection::finish`] has written it already, only the replies are read.
    ///
    /// Whatever goes wrong here is never in doubt: no message has been sent.
    pub async fn open(&mut self, envelope: &Envelope) -> Opened {
        if let Some(commands) = self.behind.take() {
            return self.hear_opening(&commands, None).await;
        }
        if let Some(reply) = self.offers.refuse(envelope) {
            return Opened::Failed(reply);
        }
        let commands = self.begin(envelope);
        if self.offers.pipelining {
            self.expect(Stage::Mail);
            let whole: String = commands.iter().map(|(_, command)| command.as_str()).collect();
            let first = self.smtp.command(whole).await;
            return self.hear_opening(&commands, Some(first)).await;
        }
        for (stage, command) in commands {
            self.expect(stage);
            let reply = Reply::of(stage, self.smtp.command(command).await);
            if !is_expected(stage, &reply) {
                self.note(&reply);
                self.reset_due = true;
                return Opened::Failed(reply);
            }
        }
        Opened::Ready
    }

    /// Writes the message for which [`Opened::Ready`] was said and its final dot. The reply tells what became of
    /// it.
    ///
    /// The next envelope, if there is one, is written behind the dot in the same write where the relay offers
    /// PIPELINING; in any case [`Connection::open`] has to be called with it next.
    pub async fn finish(&mut self, letter: &Letter, next: Option<&Envelope>) -> Reply {
        let is_fit = |next: &&Envelope| self.offers.pipelining && self.offers.refuse(next).is_none();
        let commands = next.filter(is_fit).filter(|_| self.has_room()).map(|next| self.begin(next));
        let mut tail = DOT.to_owned();
        tail.extend(commands.iter().flatten().map(|(_, command)| command.as_str()));
        self.expect(Stage::Dot);
        let reply = match self.wire.write_together(letter.as_bytes(), tail.as_bytes()).await {
            Ok(()) => Reply::of(Stage::Dot, self.smtp.read_response().await),
            Err(error) => Reply::trouble(Stage::Dot, &error.to_string()),
        };
        let reply = self.reply_to_dot(reply, letter.as_bytes().len() + DOT.len());
        self.note(&reply);
        self.behind = commands.filter(|_| !self.is_broken);
        reply
    }

    /// Takes leave, if the relay still listens. A transaction that is open is not finished by it.
    pub async fn quit(&mut self) {
        if !self.is_broken {
            self.wire.expect(self.limits.quit, self.limits.quit);
            let _ = self.smtp.command(Quit).await; // nothing depends on the answer
        }
    }

    fn begin(&mut self, envelope: &Envelope) -> Commands {
        self.is_used = true;
        self.room = self.room.saturating_sub(1);
        let mut commands = Vec::with_capacity(4);
        if std::mem::take(&mut self.reset_due) {
            commands.push((Stage::Greeting, Rset.to_string()));
        }
        commands.push((Stage::Mail, envelope.mail_command(self.offers.size.is_some())));
        commands.push((Stage::Rcpt, envelope.rcpt_command()));
        commands.push((Stage::Data, Data.to_string()));
        commands
    }

    /// Reads every reply to commands that were written together, whatever the first ones say (RFC 2920 §3.1).
    async fn hear_opening(
        &mut self,
        commands: &[(Stage, String)],
        mut first: Option<Result<Response, Error>>,
    ) -> Opened {
        let mut refusal = None;
        let mut waits_for_message = false;
        for (stage, _) in commands {
            self.expect(*stage);
            let answer = match first.take() {
                Some(answer) => answer,
                None => self.smtp.read_response().await,
            };
            let reply = Reply::of(*stage, answer);
            waits_for_message = *stage == Stage::Data && reply.code() == Some(354);
            self.note(&reply);
            if !is_expected(*stage, &reply) {
                refusal.get_or_insert(reply);
            }
            if self.is_broken {
                break;
            }
        }
        let Some(refusal) = refusal else { return Opened::Ready };
        if waits_for_message && !self.is_broken {
            self.end_without_recipient().await;
        }
        self.reset_due = true;
        Opened::Failed(refusal)
    }

    /// A relay that says 354 though it refused the recipient waits for a message that nobody gets: a lone dot
    /// ends it.
    async fn end_without_recipient(&mut self) {
        self.expect(Stage::Dot);
        let reply = Reply::of(Stage::Dot, self.smtp.command(DOT).await);
        self.note(&reply);
    }

    /// A connection that broke while the message was being written, before its dot was, leaves no doubt.
    fn reply_to_dot(&self, reply: Reply, size: usize) -> Reply {
        if reply.code().is_none() && self.wire.written() < size {
            return Reply::trouble(Stage::Data, &reply.to_string());
        }
        reply
    }

    fn expect(&self, stage: Stage) {
        let read = match stage {
            Stage::Greeting | Stage::Mail | Stage::Rcpt => self.limits.command,
            Stage::Data => self.limits.data,
            Stage::Dot => self.limits.dot,
        };
        self.wire.expect(self.limits.block, read);
    }

    /// A relay that says 421, says nothing, or does not speak SMTP, is not spoken to again.
    fn note(&mut self, reply: &Reply) {
        let is_end = |code| code == 421 || reply.stage() == Stage::Dot && code / 100 == 3;
        self.is_broken |= reply.code().is_none_or(is_end);
    }
}

impl Reply {
    fn of(stage: Stage, answer: Result<Response, Error>) -> Self {
        match answer {
            Ok(response) => {
                let words: Vec<_> = response.message().collect();
                Self::new(stage, response.code().into(), &words.join(" "))
            }
            Err(error) => {
                let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
                match error.status() {
                    Some(code) => Self::new(stage, code.into(), &cause),
                    None if error.is_response() => {
                        Self::trouble(stage, &format!("the relay's reply is not SMTP: {cause}"))
                    }
                    None => Self::trouble(stage, &cause),
                }
            }
        }
    }
}

fn trouble(what: &str) -> Reply {
    Reply::trouble(Stage::Greeting, what)
}

fn is_expected(stage: Stage, reply: &Reply) -> bool {
    match stage {
        Stage::Data => reply.code() == Some(354),
        _ => reply.code().is_some_and(|code| code / 100 == 2),
    }
}

/// A socket to the relay, where its name leads or where it was found.
async fn dial(relay: &Relay) -> Result<Wire, Reply> {
    let RelaySettings { host, port, limits, .. } = &relay.settings;
    let connect = async {
        if relay.addresses.is_empty() {
            return TcpStream::connect((host.as_str(), *port)).await;
        }
        let addresses: Vec<SocketAddr> =
            relay.addresses.iter().map(|address| (*address, *port).into()).collect();
        TcpStream::connect(&addresses[..]).await
    };
    let socket = match tokio::time::timeout(limits.connect, connect).await {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return Err(trouble(&format!("cannot connect to {host}:{port}: {error}"))),
        Err(_) => return Err(trouble(&format!("no connection to {host}:{port} in {:?}", limits.connect))),
    };
    Wire::new(socket).map_err(|error| trouble(&error.to_string()))
}

/// The greeting and EHLO; what the relay says is then in [`Wire::heard`].
async fn greet(wire: &Wire, limits: &Limits, hello: &ClientId) -> Result<AsyncSmtpConnection, Reply> {
    wire.listen_in(true);
    wire.expect(limits.block, limits.greeting);
    let smtp = AsyncSmtpConnection::connect_with_transport(Box::new(wire.clone()), hello).await;
    smtp.map_err(|error| Reply::of(Stage::Greeting, Err(error)))
}

async fn start_tls(
    relay: &Relay,
    mut plain: AsyncSmtpConnection,
    wire: &Wire,
    hello: &ClientId,
) -> Result<AsyncSmtpConnection, Reply> {
    let limits = &relay.settings.limits;
    wire.expect(limits.block, limits.command);
    if let Err(error) = plain.command(Starttls).await {
        return Err(Reply::of(Stage::Greeting, Err(error)));
    }
    let is_last = |line: &&str| line.get(3..4) != Some("-");
    if wire.heard().lines().filter(is_last).count() != 1 {
        return Err(trouble("somebody wrote in clear behind the relay's answer to STARTTLS"));
    }
    put_tls(relay, wire, true).await?;
    greet(wire, limits, hello).await
}

async fn put_tls(relay: &Relay, wire: &Wire, was_greeted: bool) -> Result<(), Reply> {
    let (Some(connector), Some(socket)) = (&relay.tls, wire.take_socket()) else {
        return Err(trouble("TLS is not set up"));
    };
    wire.put_tls(encrypt(connector, &relay.settings, socket).await?, was_greeted);
    Ok(())
}

async fn log_in(settings: &RelaySettings, smtp: &mut AsyncSmtpConnection, wire: &Wire) -> Result<(), Reply> {
    let Some(login) = &settings.login else { return Ok(()) };
    if !wire.is_encrypted() && !wire.peer().ip().is_loopback() {
        return Err(trouble("the login is not sent in clear to another machine: let TLS be required"));
    }
    wire.expect(settings.limits.block, settings.limits.command);
    let credentials = Credentials::new(login.user.clone(), login.password.expose_secret().to_owned());
    match smtp.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await {
        Ok(_) => Ok(()),
        Err(error) => Err(Reply::of(Stage::Greeting, Err(error))),
    }
}
