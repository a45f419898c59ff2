//! The server's side of SMTP (RFC 5321) and LMTP (RFC 2033): one conversation, whoever takes the mail.
//!
//! What a [`Session`] does is the same for all; who is let in, which recipients there are and what becomes of a message
//! is for its [`Host`] to say.

mod talk;

pub use talk::{Limits, Talk};

use std::io;

use self::talk::{Body, Heard};

/// The most recipients of one message.
const MAX_RECIPIENTS: usize = 100;

/// How many times a client may say what is no command before it is shown out.
const MAX_SLIPS: usize = 20;

/// Which protocol is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// One reply to a message, for all its recipients.
    Smtp,
    /// LHLO in the place of EHLO, and a reply to a message for each of its recipients.
    Lmtp,
}

/// What a server offers, and to what it keeps.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What is spoken.
    pub dialect: Dialect,
    /// What it calls itself.
    pub name: &'static str,
    /// The largest message that is taken, in octets.
    pub max_size: usize,
    /// How much of a message its host is given, in octets: the rest is taken and forgotten.
    pub keep: usize,
    /// Whether PIPELINING is offered.
    pub pipelining: bool,
    /// Whether SMTPUTF8 is offered; without it an address that needs it is refused.
    pub smtputf8: bool,
    /// Whether DATA is answered with 354 even when no recipient was taken, as RFC 2920 allows.
    pub always_354: bool,
}

/// A message, and for whom it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The envelope's sender, without brackets; empty for `<>`.
    pub from: String,
    /// The envelope's recipients, without brackets; at least one.
    pub to: Vec<String>,
    /// The message as it came, dots unstuffed, otherwise octet for octet, as far as [`Terms::keep`].
    pub bytes: Vec<u8>,
}

/// What came of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was taken.
    Usual,
    /// It was refused, and the conversation goes on.
    Refused,
    /// The conversation is over.
    Ended,
}

/// Who takes the mail. Each function says its reply itself.
pub trait Host: Send {
    /// What is offered.
    fn terms(&self) -> &Terms;

    /// Extensions beside those of the terms, in the answer to EHLO.
    fn extensions(&self, talk: &Talk) -> Vec<&'static str> {
        let _ = talk;
        Vec::new()
    }

    /// Why no mail is taken from this client, as a reply, if none is.
    fn objection(&self, talk: &Talk) -> Option<&'static str> {
        let _ = talk;
        None
    }

    /// Greets the client.
    fn greet(&mut self, talk: &mut Talk) -> impl Future<Output = io::Result<Deed>> + Send {
        let word = if self.terms().dialect == Dialect::Lmtp { "LMTP" } else { "ESMTP" };
        talk.say(&format!("220 {} {word}", self.terms().name));
        async { Ok(Deed::Usual) }
    }

    /// Is greeted: unless it is usual, something was said in the place of the list of extensions.
    fn hello(&mut self, talk: &mut Talk) -> impl Future<Output = io::Result<Deed>> + Send {
        let _ = talk;
        async { Ok(Deed::Usual) }
    }

    /// A command that is not of the protocol itself; `None` if it is not known.
    fn command(
        &mut self,
        talk: &mut Talk,
        verb: &str,
        rest: &str,
    ) -> impl Future<Output = io::Result<Option<Deed>>> + Send {
        let _ = (talk, verb, rest);
        async { Ok(None) }
    }

    /// Judges the sender of a message.
    fn sender(&mut self, talk: &mut Talk, from: &str) -> impl Future<Output = io::Result<Deed>> + Send {
        let _ = from;
        talk.say("250 2.1.0 Sender");
        async { Ok(Deed::Usual) }
    }

    /// Judges a recipient.
    fn recipient(&mut self, talk: &mut Talk, to: &str) -> impl Future<Output = io::Result<Deed>> + Send;

    /// Asks for the message to this first recipient.
    fn data(&mut self, talk: &mut Talk, first: &str) -> impl Future<Output = io::Result<Deed>> + Send {
        let _ = first;
        talk.say("354 Go on, end with a dot");
        async { Ok(Deed::Usual) }
    }

    /// The message to this first recipient has begun; `false` ends the conversation.
    fn begun(&mut self, first: &str) -> bool {
        let _ = first;
        true
    }

    /// Takes a message: one reply, or in LMTP one for each recipient.
    fn take(&mut self, talk: &mut Talk, mail: Mail) -> impl Future<Output = io::Result<Deed>> + Send;
}

/// One conversation with a client.
pub struct Session<'h, H> {
    host: &'h mut H,
    talk: Talk,
    sender: Option<String>,
    recipients: Vec<String>,
    slips: usize,
}

impl<'h, H: Host> Session<'h, H> {
    /// A conversation that has not begun.
    pub fn new(host: &'h mut H, talk: Talk) -> Self {
        Self { host, talk, sender: None, recipients: Vec::new(), slips: 0 }
    }

    /// Holds it to its end.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn serve(mut self) -> io::Result<()> {
        if self.host.greet(&mut self.talk).await? != Deed::Usual {
            return self.talk.flush().await;
        }
        loop {
            let deed = match self.talk.hear().await {
                Ok(Heard::Line(line)) => self.answer(&line).await?,
                Ok(Heard::TooLong) => {
                    self.talk.say("500 5.5.6 Line too long, goodbye");
                    Deed::Ended
                }
                Ok(Heard::End) => Deed::Ended,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    self.talk.say("421 4.4.2 Nothing came for too long, goodbye");
                    Deed::Ended
                }
                Err(error) => return Err(error),
            };
            if deed == Deed::Ended {
                return self.talk.close().await;
            }
        }
    }

    async fn answer(&mut self, line: &str) -> io::Result<Deed> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let verb = verb.to_ascii_uppercase();
        let is_lmtp = self.host.terms().dialect == Dialect::Lmtp;
        match verb.as_str() {
            "LHLO" if is_lmtp => return self.hello().await,
            "EHLO" if !is_lmtp => return self.hello().await,
            "HELO" if !is_lmtp => self.talk.say(&format!("250 {}", self.host.terms().name)),
            "MAIL" => return self.take_sender(rest).await,
            "RCPT" => return self.take_recipient(rest).await,
            "DATA" => return self.take_message().await,
            "RSET" => {
                self.reset();
                self.talk.say("250 2.0.0 Reset");
            }
            "NOOP" => self.talk.say("250 2.0.0 Nothing done"),
            "VRFY" => self.talk.say("252 2.1.5 Send it and see"),
            "QUIT" => {
                self.talk.say("221 2.0.0 Bye");
                return Ok(Deed::Ended);
            }
            _ => return self.extend(&verb, rest).await,
        }
        Ok(Deed::Usual)
    }

    /// What the host knows and we do not, or nobody.
    async fn extend(&mut self, verb: &str, rest: &str) -> io::Result<Deed> {
        let was_encrypted = self.talk.is_encrypted();
        if let Some(deed) = self.host.command(&mut self.talk, verb, rest).await? {
            if self.talk.is_encrypted() != was_encrypted {
                self.reset();
            }
            return Ok(deed);
        }
        self.slips += 1;
        if self.slips > MAX_SLIPS {
            self.talk.say("421 4.7.0 Too many of them, goodbye");
            return Ok(Deed::Ended);
        }
        self.talk.say("500 5.5.1 No such command");
        Ok(Deed::Refused)
    }

    async fn hello(&mut self) -> io::Result<Deed> {
        self.reset();
        match self.host.hello(&mut self.talk).await? {
            Deed::Usual => {}
            deed => return Ok(deed),
        }
        let terms = self.host.terms();
        let mut lines = vec![terms.name.to_owned(), format!("SIZE {}", terms.max_size)];
        lines.extend(terms.pipelining.then(|| "PIPELINING".to_owned()));
        lines.extend(terms.smtputf8.then(|| "SMTPUTF8".to_owned()));
        lines.extend(self.host.extensions(&self.talk).into_iter().map(str::to_owned));
        lines.push("ENHANCEDSTATUSCODES".to_owned());
        for line in lines {
            self.talk.say(&format!("250-{line}"));
        }
        self.talk.say("250 8BITMIME");
        Ok(Deed::Usual)
    }

    async fn take_sender(&mut self, rest: &str) -> io::Result<Deed> {
        let (path, parameters) = split_path(rest);
        let parameters = parameters.to_ascii_uppercase();
        let size = parameters.split(' ').find_map(|word| word.strip_prefix("SIZE=")?.parse::<usize>().ok());
        if let Some(objection) = self.host.objection(&self.talk) {
            self.talk.say(objection);
        } else if self.sender.is_some() {
            self.talk.say("503 5.5.1 One sender at a time");
        } else if size.is_some_and(|size| size > self.host.terms().max_size) {
            self.talk.say("552 5.3.4 Message is too big");
        } else if let Some(path) = path {
            let deed = self.host.sender(&mut self.talk, path).await?;
            self.sender = (deed == Deed::Usual).then(|| path.to_owned());
            return Ok(deed);
        } else {
            self.talk.say("501 5.5.4 MAIL FROM:<address>");
        }
        Ok(Deed::Refused)
    }

    async fn take_recipient(&mut self, rest: &str) -> io::Result<Deed> {
        let (Some(path), true) = (split_path(rest).0, self.sender.is_some()) else {
            self.talk.say("503 5.5.1 MAIL first, then RCPT TO:<address>");
            return Ok(Deed::Refused);
        };
        if !path.is_ascii() && !self.host.terms().smtputf8 {
            self.talk.say("553 5.6.7 SMTPUTF8 is not offered");
            return Ok(Deed::Refused);
        }
        if self.recipients.len() == MAX_RECIPIENTS {
            self.talk.say("452 4.5.3 Too many recipients");
            return Ok(Deed::Refused);
        }
        let deed = self.host.recipient(&mut self.talk, path).await?;
        if deed == Deed::Usual {
            self.recipients.push(path.to_owned());
        }
        Ok(deed)
    }

    async fn take_message(&mut self) -> io::Result<Deed> {
        let Some(first) = self.recipients.first().cloned() else { return self.take_for_nobody().await };
        match self.host.data(&mut self.talk, &first).await? {
            Deed::Usual => {}
            deed => return Ok(deed),
        }
        let size = (self.host.terms().keep, self.host.terms().max_size);
        let host = &mut *self.host;
        let body = self.talk.body(size, || host.begun(&first)).await?;
        let (from, to) = (self.sender.take().unwrap_or_default(), std::mem::take(&mut self.recipients));
        match body {
            Body::Whole(bytes) => self.host.take(&mut self.talk, Mail { from, to, bytes }).await,
            Body::TooLarge => {
                let replies = if self.host.terms().dialect == Dialect::Lmtp { to.len() } else { 1 };
                (0..replies).for_each(|_| self.talk.say("552 5.3.4 Message is too big"));
                Ok(Deed::Refused)
            }
            Body::Broken => Ok(Deed::Ended),
        }
    }

    async fn take_for_nobody(&mut self) -> io::Result<Deed> {
        if !self.host.terms().always_354 {
            self.talk.say("503 5.5.1 RCPT first");
            return Ok(Deed::Refused);
        }
        self.talk.say("354 Go on, though nobody gets it");
        let most = self.host.terms().max_size;
        let body = self.talk.body((0, most), || true).await?;
        self.reset();
        self.talk.say("554 5.5.1 No valid recipients");
        Ok(if body == Body::Broken { Deed::Ended } else { Deed::Refused })
    }

    fn reset(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }
}

/// The address between the brackets of `FROM:<…>` or `TO:<…>`, and the parameters behind it.
fn split_path(rest: &str) -> (Option<&str>, &str) {
    let Some((_, tail)) = rest.split_once('<') else { return (None, "") };
    let mut is_quoted = false;
    for (index, byte) in tail.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return (Some(&tail[..index]), tail[index + 1..].trim()),
            _ => {}
        }
    }
    (None, "")
}
