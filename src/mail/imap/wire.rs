//! The wire to an IMAP server: commands out, answers in, bounded in length, depth and time.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// How deep the brackets of an answer may be: what we ask for has two or three, and a parser goes down into each.
const MAX_DEPTH: usize = 16;

/// What a mailbox can be reached over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Stream for T {}

/// A connection.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Stream>>,
    /// How many more octets the answers to the present command may have.
    budget: usize,
}

impl Wire {
    pub(super) fn over(stream: Box<dyn Stream>) -> Self {
        Self { stream: BufReader::new(stream), budget: 0 }
    }

    /// What is below; `None` if something was read already that nobody has looked at, as an attacker puts it behind the
    /// answer to STARTTLS.
    pub(super) fn into_inner(self) -> Option<Box<dyn Stream>> {
        self.stream.buffer().is_empty().then(|| self.stream.into_inner())
    }

    /// From here on answers may have this many octets altogether.
    pub(super) const fn allow(&mut self, octets: usize) {
        self.budget = octets;
    }

    /// Sends a line.
    pub(super) async fn send(&mut self, line: &str, within: Duration) -> io::Result<()> {
        let stream = self.stream.get_mut();
        let sending = async {
            stream.write_all(format!("{line}\r\n").as_bytes()).await?;
            stream.flush().await
        };
        timeout(within, sending).await.map_err(|_| silent(within))?
    }

    /// One whole answer, with the literals in it (RFC 3501 §4.3).
    pub(super) async fn answer(&mut self, within: Duration) -> io::Result<Vec<u8>> {
        timeout(within, self.read()).await.map_err(|_| silent(within))?
    }

    async fn read(&mut self) -> io::Result<Vec<u8>> {
        let (mut answer, mut depth) = (Vec::new(), Depth::default());
        loop {
            let start = answer.len();
            let limit = self.budget as u64;
            (&mut self.stream).take(limit).read_until(b'\n', &mut answer).await?;
            self.budget -= answer.len() - start;
            let line = &answer[start..];
            if !line.ends_with(b"\n") {
                return Err(if self.budget == 0 { too_long() } else { io::ErrorKind::UnexpectedEof.into() });
            }
            if !depth.is_bearable(line) {
                return Err(io::Error::other("the server's answer is nested too deeply"));
            }
            let Some(length) = literal(line) else { return Ok(answer) };
            self.budget = self.budget.checked_sub(length).ok_or_else(too_long)?;
            let start = answer.len();
            (&mut self.stream).take(length as u64).read_to_end(&mut answer).await?;
            if answer.len() - start < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

fn silent(within: Duration) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("the server was silent for {} s", within.as_secs()))
}

fn too_long() -> io::Error {
    io::Error::other("the server's answer is too long")
}

/// How many octets follow a line that announces a literal.
fn literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line).strip_suffix(b"}")?;
    let start = line.iter().rposition(|byte| *byte == b'{')?;
    std::str::from_utf8(&line[start + 1..]).ok()?.parse().ok()
}

/// How many brackets of an answer are open, those in quotes left out.
#[derive(Default)]
struct Depth(usize);

impl Depth {
    fn is_bearable(&mut self, line: &[u8]) -> bool {
        let (mut is_quoted, mut is_escaped) = (false, false);
        for byte in line {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_quoted => is_escaped = true,
                b'"' => is_quoted = !is_quoted,
                b'(' if !is_quoted => self.0 += 1,
                b')' if !is_quoted => self.0 = self.0.saturating_sub(1),
                _ => {}
            }
            if self.0 > MAX_DEPTH {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(octets: &[u8], budget: usize) -> Result<Vec<u8>, String> {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        theirs.write_all(octets).await.unwrap();
        drop(theirs);
        let mut wire = Wire::over(Box::new(ours));
        wire.allow(budget);
        wire.answer(Duration::from_secs(5)).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn an_answer_ends_where_its_last_literal_has_ended() {
        let fetch = b"* 1 FETCH (BODY[]<0> {9}\r\n(((\r\n* 2 UID 7)\r\n";
        let both = [fetch.as_slice(), b"* 2 EXISTS\r\n"].concat();
        assert_eq!(read(&both, 1000).await.unwrap(), fetch);
        assert_eq!(read(b"* OK [ALERT] {x}\r\n", 1000).await.unwrap(), b"* OK [ALERT] {x}\r\n");
    }

    #[tokio::test]
    async fn an_answer_made_to_tire_us_is_given_up() {
        for (octets, words) in [
            (b"* 1 FETCH (BODY[] {99999999999}\r\n".to_vec(), "too long"),
            (b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n* OK\r\n".to_vec(), "end of file"),
            (vec![b'x'; 2000], "too long"),
            (b"* 1 FETCH (BODY[] {20}\r\nabc".to_vec(), "end of file"),
            ([b"* 1 FETCH ".to_vec(), vec![b'('; 500], b"\r\n".to_vec()].concat(), "too deeply"),
            (Vec::new(), "end of file"),
        ] {
            match read(&octets, 1000).await {
                Err(error) => assert!(error.contains(words), "{error}"),
                Ok(answer) => assert!(answer.ends_with(b"\n") && words == "end of file", "{answer:?}"),
            }
        }
    }
}
