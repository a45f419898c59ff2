//! Groups that are due → an edition for each mark of their readers. The rules are in `docs/choices.md`.

use std::collections::HashMap;

use super::composing::{Composed, Issue, composed};
use super::{Settings, warm_up};
use crate::model::article::ArticleId;
use crate::model::newsletter::Newsletter;
use crate::model::schedule::{Schedule, Tick};
use crate::model::shape::{Rhythm, Shape};
use crate::model::time::Timestamp;
use crate::store::{EventKind, Group, GroupCandidates, NewEdition, Standing, Store};

/// After how much work the rest waits for the next step, so that others need not wait for all groups of an hour.
const AT_ONCE: usize = 100;

/// What is needed of the world at the ticks of a newsletter's groups.
pub(super) struct Groups<'a> {
    pub store: &'a Store,
    pub settings: &'a Settings,
    pub newsletter: &'a Newsletter,
    pub standing: &'a Standing,
}

/// A tick of a group.
struct Moment {
    tick: Tick,
    /// Up to where the intake is looked at.
    newest: i64,
}

impl Groups<'_> {
    /// Does what is due in all groups. Returns how much that was: editions, and ticks that were dealt with.
    pub(super) async fn publish_due(&self, now: Timestamp) -> anyhow::Result<usize> {
        if self.newsletter.choices.is_none() && self.standing.entered_seq.is_none() {
            return Ok(0);
        }
        let newest = self.store.enter_articles(self.standing, &self.newsletter.choice).await?;
        let mut schedules = HashMap::new();
        let mut work = 0;
        for group in self.store.groups(self.standing.id).await? {
            let key = (group.shape.rhythm(), group.shape.hour().map(|(hour, zone)| (hour, zone.to_owned())));
            let schedule = schedules
                .entry(key)
                .or_insert_with(|| schedule(self.settings, self.newsletter, &group.shape));
            work += self.publish_to(&group, schedule.as_ref(), newest, now).await?;
            if work >= AT_ONCE {
                break;
            }
        }
        Ok(work)
    }

    async fn publish_to(
        &self,
        group: &Group,
        schedule: Option<&Schedule>,
        newest: i64,
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        let is_paused = self.standing.paused_at.is_some();
        let tick = match schedule {
            None if is_paused => return Ok(0),
            None => self.each_article(group, newest, now).await?,
            Some(schedule) => match self.due(group, schedule, now).await? {
                Ok(tick) => tick,
                Err(missed) => return Ok(missed),
            },
        };
        let Some(tick) = tick else { return Ok(0) };
        if is_paused {
            let stays = (tick.at, group.position);
            self.store.pass_group_tick(group.id, stays, EventKind::Paused).await?;
            return Ok(1);
        }
        if self.store.is_sending(self.standing.id, group.id).await? {
            return self.wait(group).await;
        }
        self.publish_tick(group, &Moment { tick, newest }, now).await
    }

    /// Whether somebody waits for an article that is there.
    async fn each_article(&self, group: &Group, newest: i64, now: Timestamp) -> anyhow::Result<Option<Tick>> {
        let is_due = group.position < newest || self.store.is_group_behind(group.id, newest, now).await?;
        Ok(is_due.then_some(Tick { at: now, is_late: false }))
    }

    /// The tick that is due; or how many were missed, whose articles go with the next edition.
    async fn due(
        &self,
        group: &Group,
        schedule: &Schedule,
        now: Timestamp,
    ) -> anyhow::Result<Result<Option<Tick>, usize>> {
        let written = schedule.to_string();
        let mut last_tick = group.last_tick;
        if group.schedule != written {
            self.store.set_group_schedule(group.id, &written, now).await?;
            last_tick = last_tick.max(now);
        }
        let due = schedule.due(last_tick, now, self.newsletter.late);
        let Some(missed) = due.missed.latest.last() else { return Ok(Ok(due.tick)) };
        self.store.pass_group_tick(group.id, (*missed, group.position), EventKind::Missed).await?;
        tracing::warn!(
            newsletter = %self.newsletter.slug, group = group.id.0, count = due.missed.count,
            "Missed ticks of a group; the articles go with its next edition"
        );
        Ok(Err(due.missed.count))
    }

    async fn wait(&self, group: &Group) -> anyhow::Result<usize> {
        if group.outcome != Some(EventKind::Waiting) {
            let stays = (group.last_tick, group.position);
            self.store.pass_group_tick(group.id, stays, EventKind::Waiting).await?;
        }
        Ok(0)
    }

    /// Makes an edition for each mark, and moves the group on when all have theirs. What breaks off goes on with the marks
    /// that are left.
    async fn publish_tick(&self, group: &Group, moment: &Moment, now: Timestamp) -> anyhow::Result<usize> {
        let (mut group, mut editions) = (group.clone(), 0);
        let mut outcome = EventKind::NothingNew;
        for mark in self.store.marks(group.id, moment.newest, moment.tick.at).await? {
            let candidates =
                self.store.group_candidates((&group, self.newsletter), mark, moment.newest).await?;
            match candidates.new {
                new if mark.readers == 0 || new == 0 => {
                    self.store.pass_marks(&group, (mark, moment.newest), moment.tick.at).await?;
                }
                new if new < self.needed(&group) => outcome = EventKind::TooFew,
                _ if self.publish(&candidates, moment, now).await? => {
                    group.last_number += 1;
                    editions += 1;
                    outcome = EventKind::Published;
                }
                _ => return Ok(editions),
            }
        }
        let is_passed = group.shape.rhythm() != Rhythm::EachArticle || moment.newest > group.position;
        self.store.pass_group_tick(group.id, (moment.tick.at, moment.newest), outcome).await?;
        Ok(editions + usize::from(is_passed))
    }

    /// How many articles an edition needs at least.
    fn needed(&self, group: &Group) -> usize {
        if group.shape.rhythm() == Rhythm::EachArticle { 1 } else { self.newsletter.min_articles.max(1) }
    }

    /// Returns false if somebody was quicker.
    async fn publish(
        &self,
        candidates: &GroupCandidates,
        moment: &Moment,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        let (store, newsletter, tick) = (self.store, self.newsletter, moment.tick.at);
        let group = &candidates.group;
        let issue = Issue::of_group(self.settings, newsletter, group, tick);
        let composed = composed(store, &issue, &candidates.articles, candidates.new).await?;
        let Composed { articles, letter, .. } = composed;
        let ids: Vec<ArticleId> = articles.iter().map(|article| article.id).collect();
        let edition = NewEdition {
            articles: &ids,
            tick,
            subject: &letter.subject,
            preheader: &letter.preheader,
            html: &letter.html,
            text: &letter.text,
            over: newsletter.over,
            waves: &warm_up::waves(store, self.settings, (newsletter, tick), now).await?,
            detail: "",
        };
        let published = store.publish_to_group(candidates, &edition, now).await?;
        if let Some(edition) = &published {
            let more = if edition.is_queueing { " so far" } else { "" };
            tracing::info!(
                newsletter = %newsletter.slug, %tick, edition = %edition.numbered(), articles = articles.len(),
                audience = format!("{}{more}", edition.audience), "Published an edition to a group"
            );
        }
        Ok(published.is_some())
    }
}

fn schedule(settings: &Settings, newsletter: &Newsletter, shape: &Shape) -> Option<Schedule> {
    shape.schedule(newsletter, |name| settings.zones.zone(name).ok())
}

/// When the readers of a group are written to next; `None`: as soon as an article comes.
pub fn next_tick(
    settings: &Settings,
    newsletter: &Newsletter,
    group: &Group,
    now: Timestamp,
) -> Option<Timestamp> {
    schedule(settings, newsletter, &group.shape)?.next_after(group.last_tick.max(now))
}
