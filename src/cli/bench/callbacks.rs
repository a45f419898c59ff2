//! Subscribers of a hub, as one server of this machine: it says yes to every question, takes what it is sent, and notes when.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// What subscribers were sent.
#[derive(Default)]
pub struct Arrivals {
    /// When each was sent something, by the path of its callback.
    pub moments: HashMap<String, Vec<Instant>>,
    /// How many octets the last of it had.
    pub size: usize,
}

/// The server. It ends when it is dropped.
pub struct Callbacks {
    address: SocketAddr,
    arrivals: Arc<Mutex<Arrivals>>,
    _end: DropGuard,
}

/// A request, as far as it matters here.
struct Asked {
    path: String,
    /// What is to be sent back, if it is a question.
    challenge: Option<String>,
    length: usize,
}

impl Callbacks {
    /// A server whose answers take this long.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn open(delay: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, arrivals) = (listener.local_addr()?, Arc::<Mutex<Arrivals>>::default());
        let (tasks, end) = (TaskTracker::new(), CancellationToken::new());
        let listening = listen(listener, (delay, Arc::clone(&arrivals)), tasks.clone());
        tasks.spawn(end.clone().run_until_cancelled_owned(listening));
        Ok(Self { address, arrivals, _end: end.drop_guard() })
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Takes what has arrived since this was asked last.
    pub fn take(&self) -> Arrivals {
        std::mem::take(&mut *lock(&self.arrivals))
    }

    /// How many subscribers were sent something.
    pub fn count(&self) -> usize {
        lock(&self.arrivals).moments.len()
    }
}

fn lock(arrivals: &Mutex<Arrivals>) -> MutexGuard<'_, Arrivals> {
    arrivals.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(
    listener: TcpListener,
    (delay, arrivals): (Duration, Arc<Mutex<Arrivals>>),
    tasks: TaskTracker,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let arrivals = Arc::clone(&arrivals);
        tasks.spawn(async move {
            let mut stream = BufReader::new(stream);
            // Whoever breaks off, or says what is no request, sees the connection closed.
            while let Ok(Some(asked)) = read(&mut stream).await {
                tokio::time::sleep(delay).await;
                if answer(&mut stream, asked, &arrivals).await.is_err() {
                    return;
                }
            }
        });
    }
}

/// Reads one request to its end; `None` once there is no more.
async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Asked>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let target = line.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    let challenge = parameters.find(|(name, _)| name == "hub.challenge").map(|(_, value)| value.into_owned());
    let mut asked = Asked { path: path.to_owned(), challenge, length: 0 };
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            asked.length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; asked.length];
    stream.read_exact(&mut body).await?;
    Ok(Some(asked))
}

async fn answer(
    stream: &mut BufReader<TcpStream>,
    asked: Asked,
    arrivals: &Mutex<Arrivals>,
) -> std::io::Result<()> {
    let body = asked.challenge.unwrap_or_else(|| {
        let mut arrivals = lock(arrivals);
        arrivals.moments.entry(asked.path).or_default().push(Instant::now());
        arrivals.size = asked.length;
        String::new()
    });
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await
}
