//! A mailbox, read by IMAP (RFC 3501): what is new in it, the beginning of each mail, and what becomes of it.
//!
//! Of the protocol only what that takes, and what a server says by itself that something is new (IDLE, RFC 2177).
//! Whatever the server does, an answer is bounded in length and time.

mod open;
mod wire;
mod words;

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::time::Duration;

use imap_proto::{AttributeValue, MailboxDatum, Outcome, Response, ResponseCode, Status};
use secrecy::SecretString;
use tokio::time::Instant;

use self::wire::Wire;
use super::relay::Encryption;
use super::report::MAX_MAIL;

/// How many octets the answers to a command may have, but for those that hold a mail or a list of mails.
const MAX_ANSWER: usize = 256 << 10;

/// The same for a list of mails: some hundred thousand of them.
const MAX_LIST: usize = 2 << 20;

/// Where the mailbox is, whose it is, and how it is treated.
#[derive(Clone, Debug)]
pub struct MailboxSettings {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Whose mailbox it is.
    pub user: String,
    /// The password.
    pub password: SecretString,
    /// The folder in it.
    pub folder: String,
    /// What becomes of a mail that was taken into account.
    pub taken: Taken,
    /// Certificates in PEM that are trusted beside the system's.
    pub extra_roots: Option<String>,
    /// How long we wait.
    pub limits: Limits,
}

/// What becomes of a mail that was taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is marked as seen.
    Seen,
    /// It is moved to this folder.
    Moved(String),
    /// It is deleted.
    Deleted,
}

/// How long we wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the connection to be there, and for the TLS handshake.
    pub connect: Duration,
    /// For the answer to a command.
    pub command: Duration,
    /// For the server to say by itself that something is new, before it is asked again. Below the 29 minutes of RFC 2177
    /// by so much because what stands between forgets silent connections sooner.
    pub idle: Duration,
    /// Between two looks where the server says nothing by itself.
    pub poll: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_mins(2),
            idle: Duration::from_mins(10),
            poll: Duration::from_mins(1),
        }
    }
}

/// Where it went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There was no connection.
    Connect,
    /// It could not be encrypted.
    Encrypt,
    /// What answers is no IMAP server, or does not let us in.
    Greet,
    /// User and password were not taken.
    LogIn,
    /// A folder is not there, or may not be written.
    Folder,
    /// The server has refused a command.
    Work,
    /// The connection has broken, or what came over it was no answer.
    Break,
}

/// What went wrong, in plain words.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what}")]
pub struct Trouble {
    /// Where.
    pub step: Step,
    what: String,
}

impl Trouble {
    fn at(step: Step, what: impl fmt::Display) -> Self {
        Self { step, what: what.to_string() }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::at(Step::Break, format!("the connection broke: {error}"))
    }
}

/// A folder that was opened.
pub struct Connection {
    wire: Wire,
    limits: Limits,
    number: u32,
    /// What the server can do, in capitals.
    abilities: HashSet<String>,
    /// Whether the server has spoken of new mails since they were listed last.
    has_news: bool,
}

/// What a command brought: what was said before its end, and whether it was done.
struct Answered {
    said: Vec<Response<'static>>,
    status: Status,
    words: String,
    is_read_only: bool,
}

impl Answered {
    fn of(said: Vec<Response<'static>>, status: Status, outcome: &Outcome<'_>) -> Self {
        let words = words::printed(outcome.information.as_deref().unwrap_or("without a word"));
        let is_read_only = matches!(outcome.code, Some(ResponseCode::ReadOnly));
        Self { said, status, words, is_read_only }
    }
}

impl Connection {
    /// The unseen mails, the oldest first, at most so many.
    ///
    /// # Errors
    /// What the server says, or that it does not.
    pub async fn unseen(&mut self, most: usize) -> Result<Vec<u32>, Trouble> {
        self.done("NOOP", MAX_ANSWER).await?;
        self.has_news = false;
        let answered = self.done("UID SEARCH UNSEEN UNDELETED", MAX_LIST).await?;
        let mut found: Vec<u32> = Vec::new();
        for response in answered {
            if let Response::MailboxData(MailboxDatum::Search(mails)) = response {
                found.extend(mails);
            }
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(most);
        Ok(found)
    }

    /// As much of a mail as a report may need, however large the mail is.
    ///
    /// # Errors
    /// What the server says, or that it does not give the mail.
    pub async fn beginning(&mut self, mail: u32) -> Result<Vec<u8>, Trouble> {
        let command = format!("UID FETCH {mail} (BODY.PEEK[]<0.{MAX_MAIL}>)");
        let said = self.done(&command, MAX_MAIL + MAX_ANSWER).await?;
        let of = |response| match response {
            Response::Fetch(_, values) => values.into_iter().find_map(|value| match value {
                AttributeValue::BodySection { section: None, data: Some(data), .. } => {
                    Some(data.into_owned())
                }
                _ => None,
            }),
            _ => None,
        };
        let given = said.into_iter().find_map(of);
        given.ok_or_else(|| Trouble::at(Step::Work, "the server lists a mail and does not give it"))
    }

    /// Does with a mail what is to be done once what it says is on disk.
    ///
    /// # Errors
    /// What the server says.
    pub async fn put_away(&mut self, mail: u32, taken: &Taken) -> Result<(), Trouble> {
        match taken {
            Taken::Seen => self.mark(mail, "\\Seen").await,
            Taken::Deleted => self.delete(mail).await,
            Taken::Moved(folder) => {
                let folder = words::folder(folder);
                if self.can("MOVE") {
                    return self.done(&format!("UID MOVE {mail} {folder}"), MAX_ANSWER).await.map(drop);
                }
                self.done(&format!("UID COPY {mail} {folder}"), MAX_ANSWER).await?;
                self.delete(mail).await
            }
        }
    }

    /// Without UIDPLUS it stays, marked as deleted: to remove it would remove what somebody else has marked.
    async fn delete(&mut self, mail: u32) -> Result<(), Trouble> {
        self.mark(mail, "\\Seen \\Deleted").await?;
        if self.can("UIDPLUS") {
            self.done(&format!("UID EXPUNGE {mail}"), MAX_ANSWER).await?;
        }
        Ok(())
    }

    async fn mark(&mut self, mail: u32, flags: &str) -> Result<(), Trouble> {
        self.done(&format!("UID STORE {mail} +FLAGS.SILENT ({flags})"), MAX_ANSWER).await.map(drop)
    }

    /// Waits until the server says that something is new, or it is time to look whether it is.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn wait(&mut self) -> Result<(), Trouble> {
        if self.has_news {
            return Ok(());
        }
        if !self.tells_news() {
            tokio::time::sleep(self.limits.poll).await;
            return Ok(());
        }
        let tag = self.begin("IDLE", MAX_ANSWER).await?;
        let until = Instant::now() + self.limits.command;
        loop {
            match self.hear(until).await? {
                Some(Response::Continue(_)) => break,
                Some(Response::Done { .. }) => {
                    return Err(Trouble::at(Step::Break, "the server refuses IDLE"));
                }
                _ => {}
            }
        }
        let until = Instant::now() + self.limits.idle;
        while !self.has_news && Instant::now() < until {
            // Nothing for all that time is what one waits for, too.
            match tokio::time::timeout_at(until, self.hear(until + self.limits.command)).await {
                Ok(heard) => drop(heard?),
                Err(_) => break,
            }
        }
        self.wire.send("DONE", self.limits.command).await?;
        self.end(&tag).await.map(drop)
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        self.limits.command = Duration::from_secs(2);
        // Nothing depends on it.
        let _ = self.done("LOGOUT", MAX_ANSWER).await;
    }

    /// Whether the server says by itself that something is new.
    pub fn tells_news(&self) -> bool {
        self.can("IDLE")
    }

    fn can(&self, ability: &str) -> bool {
        self.abilities.contains(ability)
    }

    /// Has a command done, and returns what the server said meanwhile.
    async fn done(&mut self, command: &str, most: usize) -> Result<Vec<Response<'static>>, Trouble> {
        let answered = self.command(command, most).await?;
        if answered.status == Status::Ok {
            return Ok(answered.said);
        }
        let verb = command.split(' ').find(|word| *word != "UID").unwrap_or_default();
        Err(Trouble::at(Step::Work, format!("the server refuses {verb}: {}", answered.words)))
    }

    async fn command(&mut self, command: &str, most: usize) -> Result<Answered, Trouble> {
        let tag = self.begin(command, most).await?;
        self.end(&tag).await
    }

    async fn begin(&mut self, command: &str, most: usize) -> Result<String, Trouble> {
        self.number += 1;
        let tag = format!("C{}", self.number);
        self.wire.allow(most);
        self.wire.send(&format!("{tag} {command}"), self.limits.command).await?;
        Ok(tag)
    }

    async fn end(&mut self, ours: &str) -> Result<Answered, Trouble> {
        let (mut said, until) = (Vec::new(), Instant::now() + self.limits.command);
        loop {
            match self.hear(until).await? {
                Some(Response::Done { tag, status, outcome }) if tag.as_bytes() == ours.as_bytes() => {
                    return Ok(Answered::of(said, status, &outcome));
                }
                Some(
                    response @ (Response::Fetch(..)
                    | Response::Capabilities(_)
                    | Response::MailboxData(MailboxDatum::Search(_))),
                ) => said.push(response),
                _ => {}
            }
        }
    }

    /// The server's next answer; `None` for one that is none of what we know, and about nothing that we asked.
    async fn hear(&mut self, until: Instant) -> Result<Option<Response<'static>>, Trouble> {
        let within = until.saturating_duration_since(Instant::now());
        let answer = self.wire.answer(within).await?;
        let response = match Response::parse(&answer) {
            Ok((_, response)) => response.into_owned(),
            Err(_) if answer.starts_with(b"* ") || answer.starts_with(b"+") => return Ok(None),
            Err(_) => return Err(Trouble::at(Step::Break, "what answers there does not speak IMAP")),
        };
        match &response {
            Response::MailboxData(MailboxDatum::Exists(_)) => self.has_news = true,
            Response::Data { status: Status::Bye, outcome } => {
                let words = words::printed(outcome.information.as_deref().unwrap_or_default());
                return Err(Trouble::at(Step::Break, format!("the server ends the connection: {words}")));
            }
            _ => {}
        }
        Ok(Some(response))
    }
}
