//! The socket below lettre's SMTP connection.
//!
//! lettre's own socket has no `TCP_NODELAY` (22 messages a second for want of it), no timeout once it is
//! connected, reads a reply line of any length, gives up on a reply that is not UTF-8, and keeps what came in
//! clear behind the answer to STARTTLS. This one has deadlines and bounds, and is shared with the connection
//! that owns it, so that TLS can be put under lettre's feet.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Buf;
use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};
use tokio_rustls::client::TlsStream;

/// The longest reply that is read, in octets; what arrives in one read may be more.
const MAX_REPLY: usize = 16 * 1024;

/// A socket with deadlines; clones are the same socket.
#[derive(Clone, Debug)]
pub(super) struct Wire(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    transport: Transport,
    peer: SocketAddr,
    writing: Deadline,
    reading: Deadline,
    /// How many more octets the present reply may have.
    budget: usize,
    /// How many octets of the present command the system has taken.
    written: usize,
    /// What is read before the socket: the greeting that TLS has forgotten.
    replay: &'static [u8],
    /// What the relay said since [`Wire::expect`], if somebody listens in.
    heard: Option<String>,
}

#[derive(Debug)]
enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    Gone,
}

/// A time limit that begins with the first wait, and costs nothing while there is none.
#[derive(Debug)]
struct Deadline {
    limit: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    is_set: bool,
}

impl Wire {
    pub(super) fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        let state = State {
            peer: socket.peer_addr()?,
            transport: Transport::Plain(socket),
            writing: Deadline::new(),
            reading: Deadline::new(),
            budget: MAX_REPLY,
            written: 0,
            replay: b"",
            heard: None,
        };
        Ok(Self(Arc::new(Mutex::new(state))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one exchange: all that is written must be taken within `write`, and the reply be there within
    /// `read` of the first wait for it, however slowly it drips.
    pub(super) fn expect(&self, write: Duration, read: Duration) {
        let mut state = self.state();
        state.writing.begin(write);
        state.reading.begin(read);
        state.budget = MAX_REPLY;
        state.written = 0;
        if let Some(heard) = &mut state.heard {
            heard.clear();
        }
    }

    /// How many octets were taken since [`Wire::expect`].
    pub(super) fn written(&self) -> usize {
        self.state().written
    }

    /// Keeps what the relay says, for [`Wire::heard`].
    pub(super) fn listen_in(&self, is_wanted: bool) {
        self.state().heard = is_wanted.then(String::new);
    }

    /// What the relay said since [`Wire::expect`].
    pub(super) fn heard(&self) -> String {
        self.state().heard.clone().unwrap_or_default()
    }

    /// Writes both, in one go where the transport can: lettre would copy them into one text first.
    pub(super) async fn write_together(&mut self, first: &[u8], second: &[u8]) -> io::Result<()> {
        self.write_all_buf(&mut first.chain(second)).await?;
        self.flush().await
    }

    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self.state().transport, Transport::Tls(_))
    }

    pub(super) fn peer(&self) -> SocketAddr {
        self.state().peer
    }

    /// The bare socket, for a TLS handshake; until [`Wire::put_tls`] nothing can be read or written.
    pub(super) fn take_socket(&self) -> Option<TcpStream> {
        match std::mem::replace(&mut self.state().transport, Transport::Gone) {
            Transport::Plain(socket) => Some(socket),
            Transport::Tls(_) | Transport::Gone => None,
        }
    }

    /// Goes on over TLS. lettre waits for a greeting on every new connection; one that was already given is
    /// given to it again.
    pub(super) fn put_tls(&self, stream: TlsStream<TcpStream>, was_greeted: bool) {
        let mut state = self.state();
        state.transport = Transport::Tls(Box::new(stream));
        state.replay = if was_greeted { b"220 again\r\n" } else { b"" };
    }
}

impl State {
    /// Checks what was read, and makes it fit for a parser that takes nothing but UTF-8.
    fn accept(&mut self, octets: &mut [u8]) -> io::Result<()> {
        if octets.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the relay closed the connection"));
        }
        self.budget = self.budget.checked_sub(octets.len()).ok_or_else(|| {
            io::Error::other(format!("the relay's reply is longer than {MAX_REPLY} octets"))
        })?;
        if std::str::from_utf8(octets).is_err() {
            octets.iter_mut().filter(|octet| !octet.is_ascii()).for_each(|octet| *octet = b'?');
        }
        if let Some(heard) = &mut self.heard {
            heard.push_str(&String::from_utf8_lossy(octets));
        }
        Ok(())
    }

    /// Counts what the system has taken; waits no longer for it than it may.
    fn note_written(
        &mut self,
        written: Poll<io::Result<usize>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(count)) = written {
            self.written += count;
        }
        if written.is_pending() { self.writing.poll(cx, "has read nothing").map(Err) } else { written }
    }
}

impl Deadline {
    fn new() -> Self {
        Self { limit: Duration::from_mins(5), timer: None, is_set: false }
    }

    fn begin(&mut self, limit: Duration) {
        self.limit = limit;
        self.is_set = false;
    }

    /// Called when there is nothing to do but wait: ready when that has lasted too long.
    fn poll(&mut self, context: &mut Context<'_>, doing: &str) -> Poll<io::Error> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        if !self.is_set {
            timer.as_mut().reset(Instant::now() + self.limit);
            self.is_set = true;
        }
        ready!(timer.as_mut().poll(context));
        let text = format!("the relay {doing} for {} s", self.limit.as_secs());
        Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, text))
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.state();
        if !state.replay.is_empty() {
            let length = state.replay.len().min(buf.remaining());
            let (now, later) = state.replay.split_at(length);
            buf.put_slice(now);
            state.replay = later;
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let read = match &mut state.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_read(cx, buf),
            Transport::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
            Transport::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        };
        match read {
            Poll::Ready(read) => {
                Poll::Ready(read.and_then(|()| state.accept(&mut buf.filled_mut()[before..])))
            }
            Poll::Pending => state.reading.poll(cx, "has not answered").map(Err),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        let state = &mut *self.state();
        let written = match &mut state.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_write(cx, octets),
            Transport::Tls(stream) => Pin::new(stream).poll_write(cx, octets),
            Transport::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        };
        state.note_written(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.state().transport {
            Transport::Plain(socket) => socket.is_write_vectored(),
            Transport::Tls(stream) => stream.is_write_vectored(),
            Transport::Gone => false,
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let state = &mut *self.state();
        let written = match &mut state.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_write_vectored(cx, parts),
            Transport::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
            Transport::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        };
        state.note_written(written, cx)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.state();
        let flushed = match &mut state.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_flush(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Transport::Gone => Poll::Ready(Ok(())),
        };
        if flushed.is_pending() { state.writing.poll(cx, "has read nothing").map(Err) } else { flushed }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.state();
        match &mut state.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_shutdown(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Transport::Gone => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer())
    }
}
