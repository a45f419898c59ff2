//! What the demo needs around Courant: a directory, an inbox, an agency.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::agency;
use super::press::{Places, Press};
use crate::mail::inbox::{Behaviour, Inbox};
use crate::model::time::Timestamp;
use crate::web::desk;

/// The port of the site where none was asked for; the desk and the relay have the next two.
const FIRST_PORT: u16 = 8080;

/// How long before the demo begins its newsletters were due: a whole minute at least, so that no schedule, which
/// knows minutes only, is due later.
const BEFORE: Duration = Duration::from_mins(1);

/// The demo's surroundings, which run until [`Scene::end`].
pub struct Scene {
    /// The directory.
    pub press: Press,
    /// Where the servers listen.
    pub places: Places,
    /// The inbox.
    pub inbox: Arc<Inbox>,
    /// The moment at which the newsletters are due.
    pub tick: Timestamp,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

impl Scene {
    /// Sets up the directory and starts the inbox and the agency.
    ///
    /// # Errors
    /// If a port is taken or the directory cannot be used.
    pub async fn set(directory: &Path, port: Option<u16>, now: Timestamp) -> anyhow::Result<Self> {
        let [site, desk, relay] = listeners(port).await?;
        let places =
            Places { site: site.local_addr()?, desk: desk.local_addr()?, relay: relay.local_addr()? };
        // The daemon and the inbox open these two themselves.
        drop((site, relay));
        let tick = now - BEFORE;
        let press = Press::set_up(directory, places, tick, now).await?;
        let inbox =
            Inbox::start(places.relay, Behaviour::default()).await.context("the inbox cannot be started")?;
        let scene = Self {
            press,
            places,
            inbox: Arc::new(inbox),
            tick,
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
        };
        scene.open_desk(desk, now)?;
        Ok(scene)
    }

    fn open_desk(&self, listener: TcpListener, now: Timestamp) -> anyhow::Result<()> {
        let documents = agency::documents(self.places.desk, now)?;
        let serving = desk::serve(listener, Arc::clone(&self.inbox), documents, self.shutdown.clone());
        self.tasks.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "The inbox's pages are no longer served");
            }
        });
        Ok(())
    }

    /// Stops the servers.
    pub async fn end(&self) {
        self.shutdown.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.inbox.stop().await;
    }
}

/// Three ports in a row where they are free, else any; only those that were asked for, if they were.
async fn listeners(port: Option<u16>) -> anyhow::Result<[TcpListener; 3]> {
    match port {
        None => match in_a_row(FIRST_PORT).await {
            Ok(listeners) => Ok(listeners),
            Err(_) => Ok(in_a_row(0).await?),
        },
        Some(first) => in_a_row(first).await.with_context(|| {
            format!("ports {first} to {} are not all free: name another with --port, or 0 for any", first + 2)
        }),
    }
}

async fn in_a_row(first: u16) -> io::Result<[TcpListener; 3]> {
    let next = |offset: u16| if first == 0 { 0 } else { first.saturating_add(offset) };
    let bind = |offset| TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], next(offset))));
    Ok([bind(0).await?, bind(1).await?, bind(2).await?])
}

/// A name for a new directory among the temporary files.
pub fn temporary_directory(now: Timestamp) -> PathBuf {
    std::env::temp_dir().join(format!("courant-demo-{}-{}", now.as_unix(), std::process::id()))
}
