//! The daemon: opens the store, starts the jobs and the web server, and stops them in order.

mod counts;
mod hub;
mod settings;
mod signals;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::dns::Resolver;
use crate::jobs::doctor::Means;
use crate::jobs::hubs::HubSubscriber;
use crate::jobs::janitor::Janitor;
use crate::jobs::listener::Listener;
use crate::jobs::mailbox::Mailbox;
use crate::jobs::maildir::Maildir;
use crate::jobs::pages::PageReader;
use crate::jobs::pictures::PictureKeeper;
use crate::jobs::preflight::{Gate, Preflight};
use crate::jobs::providers::ProviderFinder;
use crate::jobs::publisher::Publisher;
use crate::jobs::puller::Puller;
use crate::jobs::sender::Sender;
use crate::jobs::sunset::Asker;
use crate::jobs::{self, Job, Rhythm, Settings};
use crate::model::time::Clock;
use crate::source::Fetcher;
use crate::source::fetch::{Limits, Network};
use crate::store::Store;
use crate::web::Web;

pub use counts::CountKeeper;
pub use hub::HubWork;
pub use settings::{settings, web as web_settings};
pub use signals::{run, run_until};

/// How often a job that nobody has woken looks for work: a tick is published within this time.
const POLL: Duration = Duration::from_secs(1);

/// How often a Maildir is looked into, and domains are looked for of which it is not known who takes their mail.
const LOOK: Duration = Duration::from_secs(10);

/// How often a mailbox is looked into that says by itself when there is something new.
const LONGEST_WAIT: Duration = Duration::from_mins(30);

/// How often pictures are looked for: a server is asked no more often.
const PICTURES: Duration = Duration::from_secs(5);

/// How often visits are written down.
const COUNT: Duration = Duration::from_secs(5);

/// How often expired rows are looked for.
const TIDY: Duration = Duration::from_mins(10);

/// How long the end waits for work in flight. What is not done by then is taken up at the next start.
const GRACE: Duration = Duration::from_secs(30);

/// A running daemon.
pub struct Daemon {
    store: Store,
    settings: watch::Sender<Arc<Settings>>,
    clock: Clock,
    gate: Gate,
    shutdown: CancellationToken,
    tasks: TaskTracker,
    web: Web,
    address: SocketAddr,
}

impl Daemon {
    /// Starts everything that the configuration asks for.
    ///
    /// # Errors
    /// If the database cannot be opened, or is another daemon's, or the address is in use.
    pub async fn start(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let store = Store::open_as_daemon(&config.database, clock.now()).await?;
        let listener = listen(config.web.listen).await?;
        let address = listener.local_addr().context("the address that was listened on")?;
        let bells = Bells::default();
        let web_settings = settings::web(config);
        let web = Web::new(store.clone(), clock.clone(), Arc::clone(&bells.sender), web_settings);
        let (settings, _) = watch::channel(Arc::new(settings(config)));
        let (shutdown, tasks) = (CancellationToken::new(), TaskTracker::new());
        let gate = Gate::default();
        let daemon = Self { store, settings, clock, gate, shutdown, tasks, web, address };
        daemon.register().await?;
        daemon.start_jobs(&bells).await?;
        daemon.start_web(listener);
        Ok(daemon)
    }

    /// Where pages and feeds are served.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The database.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    fn start_web(&self, listener: TcpListener) {
        let serving = self.web.clone().serve(listener, self.shutdown.clone());
        self.tasks.spawn(async {
            if let Err(error) = serving.await {
                tracing::error!(%error, "The web server has ended; stop the daemon and start it again");
            }
        });
    }

    /// Makes a row for what is new in the configuration, so that its first tick counts from now.
    async fn register(&self) -> anyhow::Result<()> {
        let settings = Arc::clone(&self.settings.borrow());
        let now = self.clock.now();
        for newsletter in &settings.newsletters {
            jobs::publisher::standing(&self.store, newsletter, now).await?;
        }
        let names: Vec<&str> = settings.sources.iter().map(|source| source.source.name.as_str()).collect();
        Ok(self.store.register_sources(&names).await?)
    }

    async fn start_jobs(&self, bells: &Bells) -> anyhow::Result<()> {
        let fetcher = Fetcher::new(self.settings.borrow().publication.base_url.as_str());
        let hubs = HubSubscriber::new(self.store.clone(), fetcher.clone(), self.settings.subscribe());
        let puller = Puller::new(self.store.clone(), fetcher.clone(), self.settings.subscribe());
        let pages = PageReader::new(self.store.clone(), fetcher, self.settings.subscribe(), puller.hosts());
        self.start_job(puller, POLL, &Arc::default(), Some(&bells.publisher));
        self.start_job(pages, POLL, &Arc::default(), None);
        self.start_pictures();
        self.start_job(hubs, POLL, &Arc::default(), None);
        let publisher =
            Publisher::new(self.store.clone(), self.settings.subscribe(), self.clock.clone()).await?;
        self.start_job(publisher, POLL, &bells.publisher, Some(&bells.sender));
        self.start_sender(&bells.sender).await?;
        let (looks, shutdown) = ((self.gate.clone(), Means::of_system()), self.shutdown.clone());
        let preflight = Preflight::new(self.store.clone(), self.settings.subscribe(), looks, shutdown);
        self.start_job(preflight, POLL, &Arc::default(), Some(&bells.sender));
        let (resolver, shutdown) = (Resolver::system(), self.shutdown.clone());
        let finder = ProviderFinder::new(self.store.clone(), self.settings.subscribe(), resolver, shutdown);
        self.start_job(finder, LOOK, &Arc::default(), None);
        let maildir = Maildir::new(self.store.clone(), self.settings.subscribe());
        self.start_job(maildir, LOOK, &Arc::default(), None);
        let mailbox = Mailbox::new(self.store.clone(), self.settings.subscribe());
        self.start_job(mailbox, LONGEST_WAIT, &Arc::default(), None);
        let tasks = (self.tasks.clone(), self.shutdown.clone());
        let listener =
            Listener::new(self.store.clone(), self.settings.subscribe(), self.clock.clone(), tasks);
        self.start_job(listener, LOOK, &Arc::default(), None);
        let contact = self.settings.borrow().publication.base_url.to_string();
        let hub = HubWork::new(self.web.clone(), &contact, Network::default());
        self.start_job(hub, HubWork::POLL, &Arc::default(), None);
        self.start_job(CountKeeper::new(self.web.clone()), COUNT, &Arc::default(), None);
        self.start_job(Janitor::new(self.store.clone()), TIDY, &Arc::default(), None);
        let asker = Asker::new(self.store.clone(), self.settings.subscribe());
        self.start_job(asker, TIDY, &Arc::default(), None);
        Ok(())
    }

    fn start_pictures(&self) {
        let contact = self.settings.borrow().publication.base_url.to_string();
        let fetcher = Fetcher::with(&contact, Limits::for_pictures(), Network::default());
        let pictures = PictureKeeper::new(self.store.clone(), fetcher, self.settings.subscribe());
        self.start_job(pictures, PICTURES, &Arc::default(), None);
    }

    /// Starts the sender on a thread of its own. Its connections and its writer hand so much to each other that waking
    /// another thread for each message would cost as much as the message.
    async fn start_sender(&self, bell: &Arc<Notify>) -> anyhow::Result<()> {
        let (store, settings, clock) = (self.store.clone(), self.settings.subscribe(), self.clock.clone());
        let (tasks, shutdown, gate) = (TaskTracker::new(), self.shutdown.clone(), self.gate.clone());
        let rhythm = self.rhythm(POLL, bell, None);
        let (started, has_started) = oneshot::channel();
        let (ended, has_ended) = oneshot::channel::<()>();
        let life = async move {
            let sender = Sender::new(store, settings, clock, (tasks.clone(), shutdown)).await;
            let (sender, outcome) = match sender {
                Ok(sender) => (Some(sender.behind(gate)), Ok(())),
                Err(error) => (None, Err(error)),
            };
            let _ = started.send(outcome); // a daemon that no longer waits for it has ended
            if let Some(sender) = sender {
                jobs::run(sender, rhythm).await;
            }
            tasks.close();
            tasks.wait().await;
            drop(ended);
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("sender".to_owned()).spawn(move || runtime.block_on(life))?;
        self.tasks.spawn(has_ended);
        has_started.await.context("the sender's thread has died")?
    }

    fn start_job(
        &self,
        job: impl Job + 'static,
        poll: Duration,
        bell: &Arc<Notify>,
        next: Option<&Arc<Notify>>,
    ) {
        self.tasks.spawn(jobs::run(job, self.rhythm(poll, bell, next)));
    }

    fn rhythm(&self, poll: Duration, bell: &Arc<Notify>, next: Option<&Arc<Notify>>) -> Rhythm {
        Rhythm {
            clock: self.clock.clone(),
            poll,
            bell: Arc::clone(bell),
            next: next.map(Arc::clone),
            shutdown: self.shutdown.clone(),
        }
    }

    /// Takes a configuration that was read again. What is in flight goes on as it began.
    ///
    /// # Errors
    /// If the database does not take what is new; the configuration before it then stays.
    pub async fn reload(&self, config: &Config) -> anyhow::Result<()> {
        let turn = self.gate.turn().await;
        let before = self.settings.send_replace(Arc::new(settings(config)));
        drop(turn);
        if let Err(error) = self.register().await {
            self.settings.send_replace(before);
            return Err(error);
        }
        self.web.reload(settings::web(config));
        Ok(self.store.raise_revision().await?)
    }

    /// Ends: no new work is begun, what is in flight ends, at most for half a minute, then the files are closed.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("Stopped with work in flight; it is taken up at the next start");
        }
        if let Err(error) = self.web.write_last_visits().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "The last visits were not counted");
        }
        self.store.close().await;
    }
}

/// Who wakes whom: the puller the publisher, the publisher and the web server the sender.
#[derive(Default)]
struct Bells {
    publisher: Arc<Notify>,
    sender: Arc<Notify>,
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}: name another address in [web] listen, or stop what listens there"
        )
    })
}
