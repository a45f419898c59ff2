//! Newsletters that are due → editions and their deliveries.

use anyhow::Context as _;

use super::clock_watch::ClockWatch;
use super::composing::{Composed, Issue, composed};
use super::groups::Groups;
use super::{Job, LiveSettings, Settings, warm_up};
use crate::model::article::{Article, ArticleId};
use crate::model::edition::EditionNumber;
use crate::model::newsletter::Newsletter;
use crate::model::schedule::Tick;
use crate::model::shape::GroupId;
use crate::model::story::Twin;
use crate::model::time::{Clock, Timestamp};
use crate::render::letter::Letter;
use crate::store::{Candidates, Edition, Event, EventKind, NewEdition, Standing, Store};

/// Publishes the newsletters whose tick has come.
pub struct Publisher {
    store: Store,
    settings: LiveSettings,
    watch: ClockWatch,
}

/// A digest that has been composed and not been published.
#[derive(Debug)]
pub struct Draft {
    /// What it was composed from.
    pub candidates: Candidates,
    /// The articles in the order of the digest.
    pub articles: Vec<Article>,
    /// What other sources tell the same stories.
    pub twins: Vec<Twin>,
    /// The digest.
    pub letter: Letter,
}

/// What became of an attempt to publish.
#[derive(Debug)]
pub enum Published {
    /// There is an edition.
    Edition(Edition),
    /// There is none, and this is why.
    Nothing(Event),
    /// Somebody else was quicker: the newsletter has moved on meanwhile.
    Overtaken,
}

impl Publisher {
    /// A publisher that goes by `clock`, as long as that can be believed.
    pub async fn new(store: Store, settings: LiveSettings, clock: Clock) -> anyhow::Result<Self> {
        let watch = ClockWatch::new(&store, clock).await?;
        Ok(Self { store, settings, watch })
    }

    async fn publish_due(
        &self,
        settings: &Settings,
        newsletter: &Newsletter,
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        let standing = standing(&self.store, newsletter, now).await?;
        let groups = Groups { store: &self.store, settings, newsletter, standing: &standing };
        let in_groups = groups.publish_due(now).await?;
        Ok(in_groups + self.publish_own(settings, newsletter, standing, now).await?)
    }

    async fn publish_own(
        &self,
        settings: &Settings,
        newsletter: &Newsletter,
        standing: Standing,
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        if let Some(tick) = standing.waiting_tick {
            let is_late = true;
            return self.publish_tick(settings, newsletter, standing, Tick { at: tick, is_late }, now).await;
        }
        let due = newsletter.schedule.due(standing.last_tick, now, newsletter.late);
        if due.missed.count > 0 {
            self.note_missed(newsletter, &standing, &due.missed.latest, due.missed.count, now).await?;
            return Ok(due.missed.count);
        }
        match due.tick {
            Some(tick) => self.publish_tick(settings, newsletter, standing, tick, now).await,
            None => Ok(0),
        }
    }

    async fn note_missed(
        &self,
        newsletter: &Newsletter,
        standing: &Standing,
        ticks: &[Timestamp],
        count: usize,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let detail =
            "Courant was not running, or did not believe the clock; the articles go with the next edition";
        let event = |tick| Event { tick, at: now, kind: EventKind::Missed, detail: detail.to_owned() };
        let events: Vec<Event> = ticks.iter().copied().map(event).collect();
        self.store.pass_ticks(standing.id, &events).await?;
        tracing::warn!(newsletter = %newsletter.slug, count, "Missed ticks: {detail}");
        Ok(())
    }

    async fn publish_tick(
        &self,
        settings: &Settings,
        newsletter: &Newsletter,
        standing: Standing,
        tick: Tick,
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        if standing.paused_at.is_some() {
            let detail = "the newsletter is paused".to_owned();
            let event = Event { tick: tick.at, at: now, kind: EventKind::Paused, detail };
            self.store.pass_ticks(standing.id, &[event]).await?;
            return Ok(1);
        }
        if self.store.is_sending(standing.id, GroupId::NONE).await? {
            return self.wait(newsletter, &standing, tick.at, now).await;
        }
        let lateness = if tick.is_late {
            format!(", {} s after its time", now.since(tick.at).as_secs())
        } else {
            String::new()
        };
        match publish(&self.store, settings, newsletter, standing, (tick.at, &lateness), now).await? {
            Published::Overtaken => Ok(0),
            Published::Edition(_) | Published::Nothing(_) => Ok(1),
        }
    }

    /// Goes on with the deliveries of editions that not all readers have theirs of: one part of each, so that what
    /// else is due does not wait for a large audience. Returns how many editions there were.
    async fn queue_on(&self) -> anyhow::Result<usize> {
        let editions = self.store.queueing_editions().await?;
        for id in &editions {
            if !self.store.queue_deliveries(*id).await?
                && let Some(edition) = self.store.find_edition(*id).await?
            {
                tracing::info!(
                    newsletter = %edition.newsletter, edition = %edition.numbered(), audience = edition.audience,
                    "All deliveries of an edition are queued"
                );
            }
        }
        Ok(editions.len())
    }

    async fn wait(
        &self,
        newsletter: &Newsletter,
        standing: &Standing,
        tick: Timestamp,
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        if standing.waiting_tick.is_none() {
            let detail = format!("edition {} is still being sent", standing.last_number);
            tracing::warn!(newsletter = %newsletter.slug, %tick, "A tick waits: {detail}");
            self.store
                .pass_ticks(standing.id, &[Event { tick, at: now, kind: EventKind::Waiting, detail }])
                .await?;
        }
        Ok(0)
    }
}

impl Job for Publisher {
    const NAME: &'static str = "publisher";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        if !self.watch.is_believable(&self.store, now).await? {
            return Ok(0);
        }
        let settings = self.settings.borrow().clone();
        let mut work = self.queue_on().await?;
        let mut first_failure = None;
        for newsletter in &settings.newsletters {
            let published = self.publish_due(&settings, newsletter, now).await;
            match published.with_context(|| format!("newsletter {:?}", newsletter.slug.as_str())) {
                Ok(done) => work += done,
                Err(failure) => first_failure = first_failure.or(Some(failure)),
            }
        }
        first_failure.map_or(Ok(work), Err)
    }
}

/// Where the newsletter stands; a newsletter that is new in the configuration begins now.
pub async fn standing(store: &Store, newsletter: &Newsletter, now: Timestamp) -> anyhow::Result<Standing> {
    let schedule = newsletter.schedule.to_string();
    store.register_newsletters(&[(newsletter.slug.as_str(), &schedule)], now).await?;
    store.find_newsletter(newsletter.slug.as_str()).await?.context("a newsletter that was registered is gone")
}

/// What an edition is composed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be published.
    Edition,
    /// To be looked at. Its links are not counted: they lead straight to where they would lead by way of an edition.
    Preview,
    /// The same, and its subject and its head say that it is a test.
    Test,
}

/// Composes the newsletter's next edition as things stand. Changes nothing.
pub async fn compose(
    store: &Store,
    settings: &Settings,
    newsletter: &Newsletter,
    standing: Standing,
    tick: Timestamp,
    purpose: Purpose,
) -> anyhow::Result<Draft> {
    let candidates = store.candidates(standing, &newsletter.choice, newsletter.max_articles).await?;
    let number = EditionNumber::own(candidates.standing.last_number + 1);
    let zone = newsletter.time_zone().clone();
    let newsletter_id = candidates.standing.id;
    let issue = Issue { settings, newsletter, newsletter_id, number, zone, tick, purpose };
    let Composed { articles, twins, letter } =
        composed(store, &issue, &candidates.articles, candidates.new).await?;
    Ok(Draft { candidates, articles, twins, letter })
}

/// Publishes the edition of a tick, or notes why there is none. `lateness` is added to what the operator reads.
pub async fn publish(
    store: &Store,
    settings: &Settings,
    newsletter: &Newsletter,
    standing: Standing,
    (tick, lateness): (Timestamp, &str),
    now: Timestamp,
) -> anyhow::Result<Published> {
    let draft = compose(store, settings, newsletter, standing, tick, Purpose::Edition).await?;
    if let Some(event) = too_little(newsletter, &draft.candidates, tick, now) {
        tracing::info!(newsletter = %newsletter.slug, %tick, "No edition: {}", event.detail);
        let is_noted = store.skip_tick(&draft.candidates, &event).await?;
        return Ok(if is_noted { Published::Nothing(event) } else { Published::Overtaken });
    }
    let ids: Vec<ArticleId> = draft.articles.iter().map(|article| article.id).collect();
    let edition = NewEdition {
        articles: &ids,
        tick,
        subject: &draft.letter.subject,
        preheader: &draft.letter.preheader,
        html: &draft.letter.html,
        text: &draft.letter.text,
        over: newsletter.over,
        waves: &warm_up::waves(store, settings, (newsletter, tick), now).await?,
        detail: &format!("{} of {} new articles{lateness}", ids.len(), draft.candidates.new),
    };
    let from = (&draft.candidates, newsletter.overflow);
    let Some(edition) = store.publish(from, &edition, now).await? else { return Ok(Published::Overtaken) };
    let more = if edition.is_queueing { " so far" } else { "" };
    tracing::info!(
        newsletter = %newsletter.slug, %tick, edition = edition.number, articles = ids.len(),
        audience = format!("{}{more}", edition.audience), "Published an edition{lateness}"
    );
    Ok(Published::Edition(edition))
}

fn too_little(
    newsletter: &Newsletter,
    candidates: &Candidates,
    tick: Timestamp,
    now: Timestamp,
) -> Option<Event> {
    let event = |kind, detail| Some(Event { tick, at: now, kind, detail });
    let needed = newsletter.min_articles.max(1);
    match candidates.new {
        0 => event(EventKind::NothingNew, "no article is new".to_owned()),
        new if new < needed => event(
            EventKind::TooFew,
            format!("{new} new of the {needed} articles that an edition needs; they wait"),
        ),
        _ => None,
    }
}
