//! Whatever readers change, and when: each article once.

use std::collections::{BTreeMap, BTreeSet};

use courant::model::article::ArticleId;
use courant::model::newsletter::Newsletter;
use courant::model::shape::Shape;
use courant::model::subscriber::SubscriberId;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{START, choose, choosy, had, publish, shape, subscribe};
use crate::support::app::TestApp;

const TOPICS: [&str; 3] = ["Politics", "Culture", "Sport"];
const RHYTHMS: [&str; 6] = [
    "newsletter",
    "each_article",
    "daily 8 Europe/Paris",
    "daily 20 Asia/Kathmandu",
    "daily 3 Africa/Casablanca",
    "weekly 7 Australia/Lord_Howe",
];
const READERS: usize = 4;

#[derive(Clone, Debug)]
enum Act {
    /// The CMS publishes an article; each bit is a topic.
    Publish(usize),
    /// An article has other tags.
    Retag(usize, usize),
    Retract(usize),
    Reinstate(usize),
    /// A reader wants a rhythm, and the topics of these bits.
    Choose(usize, usize, usize),
    LeaveAndReturn(usize),
    /// Minutes pass.
    Wait(i64),
    /// The relay takes what is there.
    Send,
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        8 => (0..8_usize).prop_map(Act::Publish),
        1 => (0..30_usize, 0..8_usize).prop_map(|(article, topics)| Act::Retag(article, topics)),
        1 => (0..30_usize).prop_map(Act::Retract),
        1 => (0..30_usize).prop_map(Act::Reinstate),
        6 => (0..READERS, 0..RHYTHMS.len(), 0..8_usize).prop_map(|(reader, rhythm, topics)| Act::Choose(reader, rhythm, topics)),
        1 => (0..READERS).prop_map(Act::LeaveAndReturn),
        6 => (1..600_i64).prop_map(Act::Wait),
        4 => Just(Act::Send),
        1 => Just(Act::Restart),
    ];
    proptest::collection::vec(act, 1..40)
}

fn topics(bits: usize) -> Vec<&'static str> {
    (0..3).filter(|bit| bits & 1 << bit != 0).map(|bit| TOPICS[bit]).collect()
}

/// What the world knows of an article.
struct Known {
    title: String,
    bits: usize,
    /// Its tags were always these, and it was never retracted.
    is_plain: bool,
    /// For each reader whether they have wanted it ever since it came, and whether they ever did.
    wanted: BTreeMap<usize, (bool, bool)>,
}

struct World {
    app: TestApp,
    readers: Vec<(SubscriberId, usize)>,
    articles: Vec<Known>,
}

/// Topics that are no choice are all of them.
const fn matches(chosen: usize, bits: usize) -> bool {
    chosen == 0 || chosen & bits != 0
}

impl World {
    async fn new(max_articles: usize) -> Self {
        let app = TestApp::start(vec![Newsletter { max_articles, ..choosy() }], START).await;
        // The first edition of a newsletter takes the newest articles alone.
        publish(&app, "Before", &[]).await;
        app.advance_to("2026-03-02T12:00:00+01:00").await;
        let mut readers = vec![(app.subscribe("own@example.org", "daily").await, 0)];
        for (number, rhythm) in RHYTHMS.iter().enumerate().take(READERS).skip(1) {
            let chosen = shape(rhythm, &topics(number));
            readers.push((subscribe(&app, &format!("reader{number}"), &chosen).await, number));
        }
        Self { app, readers, articles: Vec::new() }
    }

    async fn act(mut self, act: &Act) -> Self {
        match act {
            Act::Publish(bits) => {
                let title = format!("Article {}", self.articles.len() + 1);
                publish(&self.app, &title, &topics(*bits)).await;
                let wanted = self.readers.iter().map(|(_, chosen)| matches(*chosen, *bits));
                let wanted = wanted.enumerate().map(|(reader, does)| (reader, (does, does))).collect();
                self.articles.push(Known { title, bits: *bits, is_plain: true, wanted });
            }
            Act::Retag(article, bits) => {
                if let Some(known) = self.articles.get_mut(*article) {
                    publish(&self.app, &known.title, &topics(*bits)).await;
                    known.is_plain = false;
                }
            }
            Act::Retract(article) | Act::Reinstate(article) => {
                if let Some(known) = self.articles.get_mut(*article) {
                    known.is_plain = false;
                    let id = ArticleId(i64::try_from(*article).unwrap() + 2);
                    let now = self.app.clock.now();
                    if matches!(act, Act::Retract(_)) {
                        self.app.store.retract_article(id, now).await.unwrap();
                    } else {
                        self.app.store.reinstate_article(id, now).await.unwrap();
                    }
                }
            }
            Act::Choose(reader, rhythm, bits) => self.choose(*reader, RHYTHMS[*rhythm], *bits).await,
            Act::LeaveAndReturn(reader) => {
                let (id, newsletter) = (self.readers[*reader].0, self.app.standing("daily").await.id);
                let now = self.app.clock.now();
                self.app.store.end_subscription(id, newsletter, "page", now).await.unwrap();
                let address = self.app.store.find_subscriber_by_id(id).await.unwrap().unwrap().address;
                self.app.store.request_subscriptions(&address, &[newsletter], "form", now).await.unwrap();
                self.app.store.confirm_subscriptions(id, "confirmation page", now).await.unwrap();
                // What was on its way to whoever leaves is nobody's.
                for known in &mut self.articles {
                    known.wanted.entry(*reader).and_modify(|(always, _)| *always = false);
                }
            }
            Act::Wait(minutes) => {
                let until =
                    self.app.clock.now() + std::time::Duration::from_secs(60 * minutes.unsigned_abs());
                self.app.advance_to(&until.to_string()).await;
            }
            Act::Send => self.app.execute("UPDATE delivery SET state = 'sent' WHERE state = 'queued'").await,
            Act::Restart => {
                let now = self.app.clock.now().to_string();
                self.app = self.app.restart_at(&now).await;
            }
        }
        self.app.run_jobs().await;
        self
    }

    async fn choose(&mut self, reader: usize, rhythm: &str, bits: usize) {
        let chosen: Shape = shape(rhythm, &topics(bits));
        choose(&self.app, self.readers[reader].0, &chosen).await;
        self.readers[reader].1 = bits;
        for known in &mut self.articles {
            let does = matches(bits, known.bits);
            let (always, ever) = known.wanted[&reader];
            known.wanted.insert(reader, (always && does, ever || does));
        }
    }

    /// All of them want what they want at once, and all that is there is sent.
    async fn end(mut self) -> Self {
        for reader in 0..READERS {
            let chosen = self.readers[reader].1;
            self = self.act(&Act::Choose(reader, 1, chosen)).await;
        }
        for _ in 0..20 {
            self = self.act(&Act::Send).await;
            self = self.act(&Act::Wait(1)).await;
        }
        self
    }

    async fn check(&self) -> Result<(), String> {
        for (reader, (id, _)) in self.readers.iter().enumerate() {
            let mails = had(&self.app, *id).await;
            let all: Vec<&String> = mails.iter().flatten().collect();
            let once: BTreeSet<&String> = all.iter().copied().collect();
            if all.len() != once.len() {
                return Err(format!("reader {reader} had something twice: {mails:?}"));
            }
            for known in self.articles.iter().filter(|known| known.is_plain) {
                let (always, ever) = known.wanted[&reader];
                let has = once.contains(&known.title);
                if always && !has || !ever && has {
                    return Err(format!(
                        "reader {reader}, {}: wanted always {always}, ever {ever}, had {has}",
                        known.title
                    ));
                }
            }
        }
        Ok(())
    }
}

/// What was wanted ever since it came was had once; what never was, never; and nothing twice.
#[test]
fn each_article_is_had_once_whatever_readers_change_and_when() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 8, max_shrink_iters: 40, ..Config::default() });
    let outcome = runner.run(&(acts(), prop_oneof![Just(2_usize), Just(20)]), |(acts, max_articles)| {
        runtime.block_on(async {
            let mut world = World::new(max_articles).await;
            for act in &acts {
                world = world.act(act).await;
            }
            world.end().await.check().await.map_err(TestCaseError::fail)
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
