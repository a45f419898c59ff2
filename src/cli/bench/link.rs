//! A link to a relay that takes its time, as one to another town does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// How much is carried at once.
const CHUNK: usize = 64 * 1024;

/// How many chunks are on the way in one direction before the sender has to wait.
const ON_THE_WAY: usize = 256;

/// A port of this machine behind which a relay is some milliseconds away. Closed when it is dropped.
pub struct Link {
    address: SocketAddr,
    delays: Arc<Delays>,
    _end: DropGuard,
}

/// How long what was carried has taken: timers are late by up to a millisecond or two.
#[derive(Default)]
struct Delays {
    chunks: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Link {
    /// A link to `relay` on which what is sent arrives after half of `round_trip`.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn open(relay: String, round_trip: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, delays) = (listener.local_addr()?, Arc::new(Delays::default()));
        let (tasks, end) = (TaskTracker::new(), CancellationToken::new());
        let listening = listen(listener, relay, (round_trip / 2, Arc::clone(&delays)), tasks.clone());
        tasks.spawn(end.clone().run_until_cancelled_owned(listening));
        Ok(Self { address, delays, _end: end.drop_guard() })
    }

    /// Where it begins.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The round trip as it was on average.
    pub fn round_trip(&self) -> Duration {
        let chunks = self.delays.chunks.load(Ordering::Relaxed).max(1);
        2 * Duration::from_nanos(self.delays.nanoseconds.load(Ordering::Relaxed) / chunks)
    }
}

/// Whoever connects is connected with the relay; where that fails, they see their connection closed.
async fn listen(
    listener: TcpListener,
    relay: String,
    (delay, delays): (Duration, Arc<Delays>),
    tasks: TaskTracker,
) {
    while let Ok((near, _)) = listener.accept().await {
        let (relay, delays) = (relay.clone(), Arc::clone(&delays));
        tasks.spawn(async move {
            let Ok(far) = TcpStream::connect(&relay).await else { return };
            if near.set_nodelay(true).is_err() || far.set_nodelay(true).is_err() {
                return;
            }
            let (from_near, to_near) = near.into_split();
            let (from_far, to_far) = far.into_split();
            tokio::join!(carry(from_near, to_far, delay, &delays), carry(from_far, to_near, delay, &delays));
        });
    }
}

/// Carries what comes until one end closes; then the other one learns of it.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    delay: Duration,
    delays: &Delays,
) {
    let (send, mut arrive) = mpsc::channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
    let take = async move {
        let mut chunk = vec![0; CHUNK];
        while let Ok(length @ 1..) = from.read(&mut chunk).await {
            if send.send((Instant::now(), chunk[..length].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let hand_over = async {
        while let Some((sent, chunk)) = arrive.recv().await {
            sleep_until(sent + delay).await;
            delays.note(sent.elapsed());
            if to.write_all(&chunk).await.is_err() {
                break;
            }
        }
        arrive.close();
        let _ = to.shutdown().await; // an end that is closed already needs no telling
    };
    tokio::join!(take, hand_over);
}

impl Delays {
    fn note(&self, delay: Duration) {
        self.chunks.fetch_add(1, Ordering::Relaxed);
        let nanoseconds = u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }
}
