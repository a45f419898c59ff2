//! The program under test, with a clock that the test moves and jobs that run when it says so.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use courant::config::zones::Zones;
use courant::jobs::mailing::Sending;
use courant::jobs::preflight::Gate;
use courant::jobs::publisher::{self, Publisher};
use courant::jobs::sender::Sender;
use courant::jobs::{Job, LiveSettings, Reports, Settings};
use courant::mail::inbox::{Behaviour, Inbox};
use courant::mail::relay::{Encryption, Limits, RelaySettings};
use courant::model::delivery::UncertainPolicy;
use courant::model::newsletter::{Choice, Layout, Newsletter, Overflow};
use courant::model::schedule::Schedule;
use courant::model::subscriber::{EmailAddress, SubscriberId};
use courant::model::time::{Clock, Timestamp};
use courant::store::{Edition, Event, Standing, Store};
use jiff::tz::TimeZone;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::article;

/// How far the clock moves before the jobs look for work again, where no tick comes before.
const HOP: Duration = Duration::from_mins(30);

pub struct TestApp {
    pub store: Store,
    /// What takes the mail, and the job that sends it; without one, editions are published and nothing is sent.
    relay: Option<(Inbox, Sender)>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
    pub clock: Clock,
    settings: watch::Sender<Arc<Settings>>,
    publisher: Publisher,
    pub gate: Gate,
    directory: Option<TempDir>,
}

/// What is left of the program while it does not run.
pub struct Stopped {
    pub directory: TempDir,
    settings: Arc<Settings>,
    inbox: Option<Inbox>,
}

impl Stopped {
    pub fn database(&self) -> PathBuf {
        self.directory.path().join("courant.db")
    }

    /// The same program on other files.
    pub fn moved_to(self, directory: TempDir) -> Self {
        Self { directory, ..self }
    }

    /// Starts the program at `now` on these files and with the same relay.
    pub async fn start_at(self, now: &str) -> TestApp {
        let mut app = TestApp::open(self.directory, Clock::manual(at(now)), self.settings).await;
        if let Some(inbox) = self.inbox {
            app.attach(inbox).await;
            app.run_jobs().await;
        }
        app
    }
}

/// What a command beside the program needs of a configuration: the database lies in the directory that it runs in.
pub const CONFIG: &str = "
[publication]
title = 'The Harbour Light'
base_url = 'https://news.example.org'
postal_address = '1 Quay Street, Seaport'
[mail]
from = 'The Harbour Light <digest@news.example.org>'
relay.url = 'smtp://127.0.0.1:2525'
[[newsletter]]
slug = 'daily'
title = 'The Daily Light'
schedule = '0 7 * * *'
";

/// A moment, as RFC 3339 with an offset.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A daily newsletter at seven in Paris.
pub fn daily() -> Newsletter {
    newsletter("daily", "0 7 * * *", "Europe/Paris")
}

pub fn newsletter(slug: &str, line: &str, zone: &str) -> Newsletter {
    Newsletter {
        slug: slug.parse().unwrap(),
        title: format!("The {slug} Light"),
        description: None,
        language: "en".to_owned(),
        noindex: false,
        is_private: false,
        schedule: schedule(line, zone),
        choice: Choice::default(),
        choices: None,
        min_articles: 1,
        max_articles: 20,
        overflow: Overflow::Next,
        late: None,
        subject: "{lead}".to_owned(),
        layout: Layout::Stories,
        related: 0,
        uncertain: UncertainPolicy::Retry,
        over: Duration::ZERO,
        age_limit: None,
        sunset: None,
    }
}

pub fn schedule(line: &str, zone: &str) -> Schedule {
    Schedule::new(line.parse().unwrap(), TimeZone::get(zone).unwrap())
}

pub fn sending() -> Sending {
    Sending {
        from: "The Harbour Light <digest@news.example.org>".parse().unwrap(),
        reply_to: None,
        bounce_domain: "bounce.news.example.org".to_owned(),
        dkim: Vec::new(),
        require_preflight: false,
        providers: Vec::new(),
        providers_by_mx: false,
        warm_up: None,
        relays: vec![RelaySettings {
            name: None,
            weight: 1,
            host: "127.0.0.1".to_owned(),
            port: 25,
            encryption: Encryption::None,
            login: None,
            extra_roots: None,
            connections: 2,
            messages_per_connection: 1000,
            rate: None,
            daily_cap: None,
            idempotency_header: None,
            hello_name: "news.example.org".to_owned(),
            limits: Limits::default(),
        }],
    }
}

impl TestApp {
    /// The program, started at `now` for the first time.
    pub async fn start(newsletters: Vec<Newsletter>, now: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::manual(at(now));
        let settings = Settings {
            publication: article::publication(),
            newsletters,
            sources: Vec::new(),
            sending: Some(sending()),
            reports: Reports::default(),
            picture_disk: None,
            zones: Zones::built_in(),
        };
        Self::open(directory, clock, Arc::new(settings)).await
    }

    /// The same with a relay that behaves so.
    pub async fn start_with_relay(newsletters: Vec<Newsletter>, now: &str, behaviour: Behaviour) -> Self {
        let mut app = Self::start(newsletters, now).await;
        let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), behaviour).await.unwrap();
        let port = inbox.address().port();
        app.configure(|settings| settings.sending.as_mut().unwrap().relays[0].port = port);
        app.attach(inbox).await;
        app
    }

    async fn attach(&mut self, inbox: Inbox) {
        let (settings, stop) = (self.settings.subscribe(), (self.tasks.clone(), self.shutdown.clone()));
        let sender = Sender::new(self.store.clone(), settings, self.clock.clone(), stop).await.unwrap();
        self.relay = Some((inbox, sender.behind(self.gate.clone())));
    }

    async fn open(directory: TempDir, clock: Clock, settings: Arc<Settings>) -> Self {
        let store = Store::open_as_daemon(&directory.path().join("courant.db"), clock.now()).await.unwrap();
        let (settings, live) = watch::channel(settings);
        let publisher = Publisher::new(store.clone(), live, clock.clone()).await.unwrap();
        let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let directory = Some(directory);
        let app = Self {
            store,
            relay: None,
            tasks,
            shutdown,
            clock,
            settings,
            publisher,
            gate: Gate::default(),
            directory,
        };
        app.run_jobs().await;
        app
    }

    /// Ends the program in order.
    pub async fn stop(mut self) -> Stopped {
        let directory = self.directory.take().unwrap();
        let settings = Arc::clone(&self.settings.borrow());
        self.shutdown.cancel();
        let inbox = self.relay.take().map(|(inbox, _)| inbox);
        self.tasks.close();
        self.tasks.wait().await;
        self.store.close().await;
        Stopped { directory, settings, inbox }
    }

    /// Ends the program in order, and starts it again at `now` on the same files and with the same relay.
    pub async fn restart_at(self, now: &str) -> Self {
        self.stop().await.start_at(now).await
    }

    pub fn inbox(&self) -> &Inbox {
        &self.relay.as_ref().unwrap().0
    }

    /// Whether the program has decided to end.
    pub fn is_stopped(&self) -> bool {
        self.shutdown.is_cancelled()
    }

    /// One step of the sender.
    pub async fn try_send(&self) -> anyhow::Result<usize> {
        self.relay.as_ref().unwrap().1.step(self.clock.now()).await
    }

    /// Lets this much time pass, and lets the jobs run at the end of it.
    pub async fn wait(&self, time: Duration) {
        self.clock.advance_to(self.clock.now() + time);
        self.run_jobs().await;
    }

    pub fn database(&self) -> PathBuf {
        self.store.path().to_owned()
    }

    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.borrow())
    }

    /// The configuration as a job follows it.
    pub fn live_settings(&self) -> LiveSettings {
        self.settings.subscribe()
    }

    /// Replaces the configuration, as a reload does.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        self.settings.send_modify(|settings| change(Arc::make_mut(settings)));
    }

    /// Lets time pass: the jobs run at every tick on the way, and every half hour.
    pub async fn advance_to(&self, moment: &str) {
        let end = at(moment);
        while self.clock.now() < end {
            self.clock.advance_to(self.next_stop(end));
            self.run_jobs().await;
        }
    }

    fn next_stop(&self, end: Timestamp) -> Timestamp {
        let now = self.clock.now();
        let settings = self.settings.borrow();
        let ticks = settings.newsletters.iter().filter_map(|newsletter| newsletter.schedule.next_after(now));
        ticks.chain([now + HOP, end]).min().unwrap()
    }

    /// Sets the clock, as an operator or a time server does, and lets the jobs run.
    pub async fn set_clock(&self, moment: &str) {
        self.clock.set(at(moment));
        self.run_jobs().await;
    }

    /// Runs each job until none has work.
    pub async fn run_jobs(&self) {
        while self.publisher.step(self.clock.now()).await.unwrap() > 0 {}
        if let Some((_, sender)) = &self.relay {
            while sender.step(self.clock.now()).await.unwrap() > 0 {}
        }
    }

    /// One step of the publisher, which may fail.
    pub async fn try_publish(&self) -> anyhow::Result<usize> {
        self.publisher.step(self.clock.now()).await
    }

    /// The CMS publishes an article now.
    pub async fn publish_article(&self, title: &str) {
        self.publish_article_dated(title, self.clock.now()).await;
    }

    /// The CMS publishes an article that bears this date.
    pub async fn publish_article_dated(&self, title: &str, published_at: Timestamp) {
        let mut content = article::article(1, title).content;
        content.published_at = Some(published_at);
        content.url = None;
        self.store.save_articles("cms", &[(title.to_owned(), content)], self.clock.now()).await.unwrap();
    }

    /// Does to the database what no command does.
    pub async fn execute(&self, statement: &'static str) {
        let url = format!("sqlite:{}", self.database().display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }

    /// A reader who has confirmed.
    pub async fn subscribe(&self, address: &str, newsletter: &str) -> SubscriberId {
        let address: EmailAddress = address.parse().unwrap();
        let id = self.standing(newsletter).await.id;
        self.store.add_subscription((&address, None), id, "a test", self.clock.now()).await.unwrap();
        self.store.find_subscriber(&address).await.unwrap().unwrap().id
    }

    pub async fn standing(&self, newsletter: &str) -> Standing {
        self.store.find_newsletter(newsletter).await.unwrap().unwrap()
    }

    /// The editions of a newsletter, the oldest first.
    pub async fn editions(&self, newsletter: &str) -> Vec<Edition> {
        let mut editions = self.store.latest_editions(Some(newsletter), 1000).await.unwrap();
        editions.reverse();
        editions
    }

    /// The titles of each edition of a newsletter, the oldest first.
    pub async fn edition_titles(&self, newsletter: &str) -> Vec<Vec<String>> {
        let mut titles = Vec::new();
        for edition in self.editions(newsletter).await {
            let articles = self.store.articles_of_edition(edition.id).await.unwrap();
            titles.push(articles.into_iter().map(|article| article.content.title).collect());
        }
        titles
    }

    /// What happened at a newsletter's ticks, the oldest first.
    pub async fn events(&self, newsletter: &str) -> Vec<Event> {
        let id = self.standing(newsletter).await.id;
        let mut events = self.store.newsletter_events(id, 1000).await.unwrap();
        events.sort_by_key(|event| (event.tick, event.at));
        events
    }

    /// Publishes a newsletter now, whatever its schedule says.
    pub async fn publish_now(&self, newsletter: &str) -> publisher::Published {
        let settings = Arc::clone(&self.settings.borrow());
        let newsletter = settings.newsletters.iter().find(|one| one.slug.as_str() == newsletter).unwrap();
        let now = self.clock.now();
        let standing = publisher::standing(&self.store, newsletter, now).await.unwrap();
        publisher::publish(&self.store, &settings, newsletter, standing, (now, ""), now).await.unwrap()
    }
}
