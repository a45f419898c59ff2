//! The wire under a conversation: lines in, replies out, both bounded in length and time.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// The longest command line that is read, in octets; more than RFC 5321 asks for, because of AUTH.
const MAX_LINE: u64 = 12_288;

/// How much of a message is read at once, in octets, however long its lines are.
const PIECE: u64 = 65_536;

/// How many times its largest size a message may be before the connection is closed in the middle of it.
const PATIENCE: usize = 4;

/// How long the client is waited for (RFC 5321 §4.5.3.2.7): longer than a client should need.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For its next command.
    pub command: Duration,
    /// For more of a message, and for taking what we say.
    pub block: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { command: Duration::from_mins(5), block: Duration::from_mins(3) }
    }
}

/// What a conversation can be held over.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// One conversation's wire.
pub struct Talk {
    wire: BufReader<Box<dyn Wire>>,
    /// Replies that are not yet sent: a client that pipelines gets them in one packet.
    out: Vec<u8>,
    limits: Limits,
    is_encrypted: bool,
}

/// What came in the place of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A command line, without its end.
    Line(String),
    /// A line longer than any command.
    TooLong,
    /// The client has closed the connection.
    End,
}

/// What came between DATA and the dot.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// A message, dots unstuffed, otherwise octet for octet: as much of it as was to be kept.
    Whole(Vec<u8>),
    /// One that is larger than is taken; its dot has come.
    TooLarge,
    /// Its dot will not come, or not in time for anybody to wait for it.
    Broken,
}

impl Talk {
    /// A conversation over this socket; TLS begins at once where there is an acceptor.
    ///
    /// # Errors
    /// If the client and TLS do not come together.
    pub async fn over(socket: TcpStream, tls: Option<&TlsAcceptor>, limits: Limits) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        let wire: Box<dyn Wire> = match tls {
            Some(acceptor) => Box::new(acceptor.accept(socket).await?),
            None => Box::new(socket),
        };
        Ok(Self { wire: BufReader::new(wire), out: Vec::new(), limits, is_encrypted: tls.is_some() })
    }

    /// Whether TLS protects it.
    pub const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Notes a reply, to be sent with others when the client waits for it.
    pub fn say(&mut self, reply: &str) {
        self.say_raw(reply.as_bytes());
        self.say_raw(b"\r\n");
    }

    /// Notes octets, to be sent whatever they are.
    pub fn say_raw(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
    }

    /// Sends what was said.
    ///
    /// # Errors
    /// If the client is gone, or takes nothing for too long.
    pub async fn flush(&mut self) -> io::Result<()> {
        let out = std::mem::take(&mut self.out);
        let wire = self.wire.get_mut();
        let sending = async {
            wire.write_all(&out).await?;
            wire.flush().await
        };
        timeout(self.limits.block, sending).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// Asks for a line that is no command, as AUTH does; empty where none comes.
    ///
    /// # Errors
    /// As [`Talk::flush`].
    pub async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(question);
        Ok(match self.hear().await? {
            Heard::Line(line) => line,
            Heard::TooLong | Heard::End => String::new(),
        })
    }

    /// Goes on over TLS; `false` if the client has written commands in clear behind STARTTLS, which RFC 3207 wants
    /// forgotten: the conversation cannot go on.
    ///
    /// # Errors
    /// If the client and TLS do not come together.
    pub async fn encrypt(&mut self, acceptor: &TlsAcceptor) -> io::Result<bool> {
        let plain = std::mem::replace(&mut self.wire, BufReader::new(Box::new(tokio::io::empty())));
        if !plain.buffer().is_empty() {
            return Ok(false);
        }
        self.wire = BufReader::new(Box::new(acceptor.accept(plain.into_inner()).await?));
        self.is_encrypted = true;
        Ok(true)
    }

    /// The client's next line; what was said is sent first, unless the client has already written more.
    pub(super) async fn hear(&mut self) -> io::Result<Heard> {
        if !self.wire.buffer().contains(&b'\n') {
            self.flush().await?;
        }
        let mut line = Vec::new();
        let reading = async { (&mut self.wire).take(MAX_LINE).read_until(b'\n', &mut line).await };
        timeout(self.limits.command, reading)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        let text = String::from_utf8_lossy(&line);
        Ok(match text.strip_suffix('\n') {
            Some(text) => Heard::Line(text.trim_end_matches('\r').to_owned()),
            None if line.len() as u64 == MAX_LINE => Heard::TooLong,
            None => Heard::End,
        })
    }

    /// The message up to its final dot, which stands alone between two CRLF and nothing less: a bare line feed ends
    /// nothing, or one message could be taken for two. `keep` octets of it are kept, and `most` taken. `begun` is asked
    /// when the first of it is there, and ends it by `false`.
    pub(super) async fn body(
        &mut self,
        (keep, most): (usize, usize),
        mut begun: impl FnMut() -> bool + Send,
    ) -> io::Result<Body> {
        self.flush().await?;
        let (mut kept, mut size, mut line) = (Vec::new(), 0_usize, Vec::new());
        let (mut is_line_start, mut ends_in_return, mut is_first) = (true, false, true);
        loop {
            line.clear();
            let reading = async { (&mut self.wire).take(PIECE).read_until(b'\n', &mut line).await };
            let read = timeout(self.limits.block, reading).await;
            if read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? == 0 {
                return Ok(Body::Broken);
            }
            if std::mem::take(&mut is_first) && !begun() {
                return Ok(Body::Broken);
            }
            if is_line_start && line == b".\r\n" {
                return Ok(if size > most { Body::TooLarge } else { Body::Whole(kept) });
            }
            let is_stuffed = is_line_start && line.starts_with(b".");
            let text = &line[usize::from(is_stuffed)..];
            size = size.saturating_add(text.len());
            kept.extend_from_slice(&text[..text.len().min(keep - kept.len())]);
            if size / PATIENCE > most {
                return Ok(Body::Broken);
            }
            is_line_start = line.ends_with(b"\r\n") || ends_in_return && line == b"\n";
            ends_in_return = line.ends_with(b"\r");
        }
    }

    /// Sends what was said, and ends.
    pub(super) async fn close(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.wire.get_mut().shutdown().await
    }
}
