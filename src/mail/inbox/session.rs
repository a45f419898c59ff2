//! One conversation with a client, as RFC 5321 has it.

use std::io;

use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::deed::Deed;
use super::habit::{Act, Stage};
use super::{Received, Shared, Tls};

/// The longest command line that is read, in octets; more than RFC 5321 asks for, because of AUTH.
const MAX_LINE: u64 = 12_288;

/// The most recipients of one message.
const MAX_RECIPIENTS: usize = 100;

pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub(super) struct Session<'a> {
    pub(super) shared: &'a Shared,
    pub(super) wire: BufReader<Box<dyn Wire>>,
    /// Replies that are not yet sent: a client that pipelines gets them in one packet.
    pub(super) out: Vec<u8>,
    is_encrypted: bool,
    is_logged_in: bool,
    sender: Option<String>,
    recipients: Vec<String>,
    taken: usize,
}

/// Whether the conversation goes on.
#[derive(PartialEq, Eq)]
enum Flow {
    Go,
    End,
}

pub(super) async fn serve(socket: TcpStream, shared: &Shared) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let (wire, is_encrypted): (Box<dyn Wire>, _) = match &shared.behaviour.tls {
        Some(Tls::Implicit(acceptor)) => (Box::new(acceptor.accept(socket).await?), true),
        _ => (Box::new(socket), false),
    };
    let mut session = Session {
        shared,
        wire: BufReader::new(wire),
        out: Vec::new(),
        is_encrypted,
        is_logged_in: shared.behaviour.login.is_none(),
        sender: None,
        recipients: Vec::new(),
        taken: 0,
    };
    if session.intervene(Stage::Greeting, "", "220 inbox.localhost ESMTP").await? != Deed::Usual {
        return session.flush().await;
    }
    while let Some(line) = session.line().await? {
        if session.answer(&line).await? == Flow::End {
            break;
        }
    }
    session.flush().await?;
    session.wire.get_mut().shutdown().await
}

impl Session<'_> {
    async fn answer(&mut self, line: &str) -> io::Result<Flow> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => return self.greet().await,
            "HELO" => self.say("250 inbox.localhost"),
            "STARTTLS" => return self.encrypt().await,
            "AUTH" => self.log_in(rest).await?,
            "MAIL" => return self.take_sender(rest).await,
            "RCPT" => return self.take_recipient(rest).await,
            "DATA" => return self.take_message().await,
            "RSET" => {
                self.reset();
                self.say("250 2.0.0 Reset");
            }
            "NOOP" => self.say("250 2.0.0 Nothing done"),
            "VRFY" => self.say("252 2.1.5 Send it and see"),
            "QUIT" => {
                self.say("221 2.0.0 Bye");
                return Ok(Flow::End);
            }
            _ => self.say("500 5.5.1 No such command"),
        }
        Ok(Flow::Go)
    }

    async fn greet(&mut self) -> io::Result<Flow> {
        self.reset();
        if let Some(act) = self.due(Stage::Ehlo, "") {
            let deed = self.perform(Some(act), "250 inbox.localhost").await?;
            return Ok(if deed == Deed::Ended { Flow::End } else { Flow::Go });
        }
        let behaviour = &self.shared.behaviour;
        let mut lines = vec!["inbox.localhost".to_owned(), format!("SIZE {}", behaviour.max_size)];
        if behaviour.pipelining {
            lines.push("PIPELINING".to_owned());
        }
        if behaviour.smtputf8 {
            lines.push("SMTPUTF8".to_owned());
        }
        if self.may_encrypt() {
            lines.push("STARTTLS".to_owned());
        } else if behaviour.login.is_some() {
            lines.push("AUTH PLAIN LOGIN".to_owned());
        }
        for line in lines {
            self.say(&format!("250-{line}"));
        }
        self.say("250-ENHANCEDSTATUSCODES");
        self.say("250 8BITMIME");
        Ok(Flow::Go)
    }

    fn may_encrypt(&self) -> bool {
        !self.is_encrypted && matches!(self.shared.behaviour.tls, Some(Tls::StartTls(_)))
    }

    async fn encrypt(&mut self) -> io::Result<Flow> {
        let Some(Tls::StartTls(acceptor)) = self.shared.behaviour.tls.as_ref().filter(|_| !self.is_encrypted)
        else {
            self.say("503 5.5.1 STARTTLS is not offered");
            return Ok(Flow::Go);
        };
        self.say("220 2.0.0 Go ahead");
        self.flush().await?;
        let plain = std::mem::replace(&mut self.wire, BufReader::new(Box::new(tokio::io::empty())));
        if !plain.buffer().is_empty() {
            return Ok(Flow::End); // commands in clear behind STARTTLS: RFC 3207 wants them forgotten
        }
        self.wire = BufReader::new(Box::new(acceptor.accept(plain.into_inner()).await?));
        self.is_encrypted = true;
        self.reset();
        Ok(Flow::Go)
    }

    async fn log_in(&mut self, rest: &str) -> io::Result<()> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let answer = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" if initial.is_empty() => self.ask("334 ").await?,
            "PLAIN" => decode(initial),
            "LOGIN" => {
                let user = self.ask("334 VXNlcm5hbWU6").await?;
                let password = self.ask("334 UGFzc3dvcmQ6").await?;
                format!("\0{user}\0{password}")
            }
            _ => {
                self.say("504 5.5.4 No such mechanism");
                return Ok(());
            }
        };
        let expected = self.shared.behaviour.login.as_ref().map(|(user, word)| format!("\0{user}\0{word}"));
        self.is_logged_in = expected.is_some_and(|expected| answer.ends_with(&expected));
        let reply = if self.is_logged_in { "235 2.7.0 Welcome" } else { "535 5.7.8 Wrong user or password" };
        self.say(reply);
        Ok(())
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(question);
        Ok(decode(&self.line().await?.unwrap_or_default()))
    }

    async fn take_sender(&mut self, rest: &str) -> io::Result<Flow> {
        let (path, parameters) = split_path(rest);
        let parameters = parameters.to_ascii_uppercase();
        let size = parameters.split(' ').find_map(|word| word.strip_prefix("SIZE=")?.parse::<usize>().ok());
        if self.may_encrypt() {
            self.say("530 5.7.0 STARTTLS first");
        } else if !self.is_logged_in {
            self.say("530 5.7.0 Log in first");
        } else if self.sender.is_some() {
            self.say("503 5.5.1 One sender at a time");
        } else if size.is_some_and(|size| size > self.shared.behaviour.max_size) {
            self.say("552 5.3.4 Message is too big");
        } else if let Some(path) = path {
            match self.intervene(Stage::Mail, "", "250 2.1.0 Sender").await? {
                Deed::Usual => self.sender = Some(path.to_owned()),
                Deed::Refused => {}
                Deed::Ended => return Ok(Flow::End),
            }
        } else {
            self.say("501 5.5.4 MAIL FROM:<address>");
        }
        Ok(Flow::Go)
    }

    async fn take_recipient(&mut self, rest: &str) -> io::Result<Flow> {
        let (Some(path), true) = (split_path(rest).0, self.sender.is_some()) else {
            self.say("503 5.5.1 MAIL first, then RCPT TO:<address>");
            return Ok(Flow::Go);
        };
        if !path.is_ascii() && !self.shared.behaviour.smtputf8 {
            self.say("553 5.6.7 SMTPUTF8 is not offered");
            return Ok(Flow::Go);
        }
        if self.recipients.len() == MAX_RECIPIENTS {
            self.say("452 4.5.3 Too many recipients");
            return Ok(Flow::Go);
        }
        match self.intervene(Stage::Rcpt, path, "250 2.1.5 Recipient").await? {
            Deed::Usual => self.recipients.push(path.to_owned()),
            Deed::Refused => {}
            Deed::Ended => return Ok(Flow::End),
        }
        Ok(Flow::Go)
    }

    async fn take_message(&mut self) -> io::Result<Flow> {
        let Some(first) = self.recipients.first().cloned() else {
            if !self.shared.behaviour.always_354 {
                self.say("503 5.5.1 RCPT first");
                return Ok(Flow::Go);
            }
            self.say("354 Go on, though nobody gets it");
            self.body("").await?;
            self.reset();
            self.say("554 5.5.1 No valid recipients");
            return Ok(Flow::Go);
        };
        match self.intervene(Stage::Data, &first, "354 Go on, end with a dot").await? {
            Deed::Usual => {}
            Deed::Refused => return Ok(Flow::Go),
            Deed::Ended => return Ok(Flow::End),
        }
        let Some(bytes) = self.body(&first).await? else { return Ok(Flow::End) };
        self.answer_dot(&first, bytes).await
    }

    async fn answer_dot(&mut self, first: &str, bytes: Vec<u8>) -> io::Result<Flow> {
        let (from, to) = (self.sender.take().unwrap_or_default(), std::mem::take(&mut self.recipients));
        if bytes.len() > self.shared.behaviour.max_size {
            self.say("552 5.3.4 Message is too big");
            return Ok(Flow::Go);
        }
        let act = self.due(Stage::Dot, first);
        if !matches!(act, Some(Act::Reply(_) | Act::Farewell(_))) {
            let is_answered = !matches!(act, Some(Act::Close | Act::Mute));
            self.shared.keep(Received { from, to, bytes, is_answered });
        }
        if self.perform(act, "250 2.0.0 Taken").await? == Deed::Ended {
            return Ok(Flow::End);
        }
        if self.shared.behaviour.hook.is_some() {
            self.flush().await?;
            if self.due(Stage::Told, first).is_some() {
                return Ok(Flow::End);
            }
        }
        self.taken += 1;
        if self.shared.behaviour.per_connection.is_some_and(|most| self.taken >= most) {
            self.say("421 4.7.0 Enough on this connection");
            return Ok(Flow::End);
        }
        Ok(Flow::Go)
    }

    /// The message up to its final dot; `None` if its end never came. Cut off above the largest size.
    async fn body(&mut self, first: &str) -> io::Result<Option<Vec<u8>>> {
        self.flush().await?;
        let most = self.shared.behaviour.max_size;
        let (mut bytes, mut line) = (Vec::new(), Vec::new());
        let (mut is_line_start, mut is_first_line) = (true, true);
        loop {
            line.clear();
            let limit = most as u64 + 1;
            if (&mut self.wire).take(limit).read_until(b'\n', &mut line).await? == 0 {
                return Ok(None);
            }
            if is_first_line && self.due(Stage::Body, first).is_some() {
                return Ok(None);
            }
            is_first_line = false;
            if is_line_start && line == b".\r\n" {
                return Ok(Some(bytes));
            }
            if bytes.len() <= most {
                let is_stuffed = is_line_start && line.starts_with(b".");
                bytes.extend_from_slice(&line[usize::from(is_stuffed)..]);
            }
            is_line_start = line.ends_with(b"\r\n");
        }
    }

    fn reset(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }

    pub(super) fn say(&mut self, reply: &str) {
        self.out.extend_from_slice(reply.as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    pub(super) async fn flush(&mut self) -> io::Result<()> {
        let out = std::mem::take(&mut self.out);
        self.wire.get_mut().write_all(&out).await?;
        self.wire.get_mut().flush().await
    }

    /// The client's next line; what was said is sent first, unless the client has already written more.
    async fn line(&mut self) -> io::Result<Option<String>> {
        if !self.wire.buffer().contains(&b'\n') {
            self.flush().await?;
        }
        let mut line = Vec::new();
        (&mut self.wire).take(MAX_LINE).read_until(b'\n', &mut line).await?;
        let text = String::from_utf8_lossy(&line);
        Ok(text.strip_suffix('\n').map(|text| text.trim_end_matches('\r').to_owned()))
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

fn decode(base64: &str) -> String {
    let bytes = BASE64.decode(base64.trim().as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
