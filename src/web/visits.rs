//! Visits by counted links, held in memory for half a minute to tell machines from readers, and then added to the sums. Nothing
//! else is kept of who followed a link: `docs/counts.md` has the rules.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Error, Web};
use crate::model::article::ArticleId;
use crate::model::count::{Agent, Followed, Kind, Visitor, WATCHED};
use crate::model::edition::EditionId;
use crate::model::time::Timestamp;
use crate::store::{Linked, NewVisits};

/// How many visitors are watched at once.
const MOST_VISITORS: usize = 16_384;

/// So many visitors from one network within [`WATCHED`] are nothing odd.
const MOST_OF_NETWORK: u16 = 60;

/// How long visitors are told apart by the same key.
const KEY_HOLDS: Duration = Duration::from_mins(10);

/// A link that was followed, and what is known of who did.
pub struct Visit<'a> {
    /// What the link leads to.
    pub linked: &'a Linked,
    /// What the program calls itself.
    pub agent: &'a str,
    /// The network that it asks from.
    pub network: IpAddr,
    /// Whether the request alone says that it is a machine's.
    pub is_machine: bool,
    /// When a mail with the edition was last handed over, as far as is known.
    pub handed_at: Option<Timestamp>,
}

/// The visits that are not in the store yet.
#[derive(Default)]
pub struct Visits(Mutex<State>);

#[derive(Default)]
struct State {
    /// Hashes with a key that was made up at random.
    hasher: RandomState,
    hashes_since: Option<Timestamp>,
    visitors: HashMap<u64, Visitor>,
    /// How many visitors came from each network, by its hash.
    networks: HashMap<u64, u16>,
    networks_since: Option<Timestamp>,
    sums: HashMap<(Option<EditionId>, ArticleId, Kind), i64>,
}

impl Visits {
    /// Notes that a link was followed.
    pub fn note(&self, visit: &Visit<'_>, now: Timestamp) {
        self.state().note(visit, now);
    }

    /// Takes what is known of visitors that have been watched for long enough, or of all of them.
    fn take(&self, now: Timestamp, is_end: bool) -> Vec<NewVisits> {
        let mut state = self.state();
        state.settle(now, is_end);
        let sums = state.sums.drain();
        sums.map(|((edition, article, kind), visits)| NewVisits { edition, article, kind, visits }).collect()
    }

    /// Puts back what could not be written.
    fn put_back(&self, visits: Vec<NewVisits>) {
        let mut state = self.state();
        for NewVisits { edition, article, kind, visits } in visits {
            *state.sums.entry((edition, article, kind)).or_default() += visits;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, visit: &Visit<'_>, now: Timestamp) {
        let is_new_time =
            |since: Option<Timestamp>, holds| since.is_none_or(|at| now.since(at) >= holds || now < at);
        if is_new_time(self.hashes_since, KEY_HOLDS) {
            self.settle(now, true);
            (self.hasher, self.hashes_since) = (RandomState::new(), Some(now));
            self.networks.clear();
        }
        if is_new_time(self.networks_since, WATCHED) {
            self.networks.clear();
            self.networks_since = Some(now);
        }
        let name = self.hasher.hash_one((visit.network, visit.agent));
        if !self.visitors.contains_key(&name) && self.visitors.len() >= MOST_VISITORS {
            self.settle(now, false);
        }
        let is_full = self.visitors.len() >= MOST_VISITORS && !self.visitors.contains_key(&name);
        let Some(article) = visit.linked.article.as_ref().map(|article| article.id) else {
            if !is_full {
                self.visitors.entry(name).or_insert(Visitor::new(now)).unmask();
            }
            return;
        };
        let edition = visit.linked.edition;
        if is_full {
            let kind = if visit.is_machine { Kind::Machine } else { Kind::Uncertain };
            *self.sums.entry((edition, article, kind)).or_default() += 1;
            return;
        }
        let is_crowd = !self.visitors.contains_key(&name) && self.is_crowd(visit.network);
        let visitor = self.visitors.entry(name).or_insert(Visitor::new(now));
        if visit.is_machine {
            visitor.unmask();
        }
        let is_odd = is_crowd || Agent::of(visit.agent) != Agent::Browser;
        let (holds, handed_at) = (visit.linked.holds, visit.handed_at);
        if !visitor.follow(Followed { edition, article, at: now, handed_at, holds, is_odd }) {
            *self.sums.entry((edition, article, Kind::Machine)).or_default() += 1;
        }
    }

    /// Counts a visitor of a network. Returns whether there were too many.
    fn is_crowd(&mut self, network: IpAddr) -> bool {
        let name = self.hasher.hash_one(network);
        if self.networks.len() >= MOST_VISITORS && !self.networks.contains_key(&name) {
            return true;
        }
        let count = self.networks.entry(name).or_default();
        *count = count.saturating_add(1);
        *count > MOST_OF_NETWORK
    }

    /// Adds the visits of visitors that have been watched for long enough to the sums, and forgets the visitors.
    fn settle(&mut self, now: Timestamp, is_end: bool) {
        let sums = &mut self.sums;
        self.visitors.retain(|_, visitor| {
            let is_over = is_end || visitor.is_over(now);
            if is_over {
                for (link, kind) in visitor.judged() {
                    *sums.entry((link.edition, link.article, kind)).or_default() += 1;
                }
            }
            !is_over
        });
    }
}

impl Web {
    /// Writes down the visits of which it is known whose they are. Returns how many sums were changed.
    ///
    /// # Errors
    /// If the database does not take them; they are kept for the next time.
    pub async fn write_visits(&self, now: Timestamp) -> Result<usize, Error> {
        let changed = self.write_visits_of(now, false).await?;
        self.0.store.fold_visits(now).await?;
        Ok(changed)
    }

    /// Writes down all visits as the server ends.
    ///
    /// # Errors
    /// If the database does not take them.
    pub async fn write_last_visits(&self) -> Result<usize, Error> {
        self.write_visits_of(self.0.clock.now(), true).await
    }

    async fn write_visits_of(&self, now: Timestamp, is_end: bool) -> Result<usize, Error> {
        let visits = self.0.visits.take(now, is_end);
        if visits.is_empty() {
            return Ok(0);
        }
        if let Err(error) = self.0.store.add_visits(&visits, now).await {
            self.0.visits.put_back(visits);
            return Err(error.into());
        }
        Ok(visits.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LinkedArticle;

    fn linked(article: i64) -> Linked {
        let article =
            LinkedArticle { id: ArticleId(article), slug: String::new(), url: None, is_retracted: false };
        Linked { edition: Some(EditionId(1)), holds: 9, article: Some(article) }
    }

    /// How many visits of each kind there are after visits from these networks, one second apart.
    fn counted(networks: impl Iterator<Item = u32>) -> [i64; 3] {
        let (visits, start) = (Visits::default(), Timestamp::from_unix(1_000_000));
        let (linked, mut now) = (linked(1), start);
        for (index, network) in networks.enumerate() {
            let agent = format!("Mozilla/5.0 {index}");
            let network = std::net::Ipv4Addr::from_bits(network).into();
            let visit = Visit { linked: &linked, agent: &agent, network, is_machine: false, handed_at: None };
            visits.note(&visit, start);
            now = start + WATCHED;
        }
        let taken = visits.take(now, false);
        assert!(visits.state().visitors.is_empty(), "nothing is left of visitors");
        let of = |kind| taken.iter().filter(|own| own.kind == kind).map(|own| own.visits).sum();
        [of(Kind::Person), of(Kind::Uncertain), of(Kind::Machine)]
    }

    #[test]
    fn many_visitors_from_one_network_are_uncertain() {
        assert_eq!(counted((0..70).map(|_| 7)), [60, 10, 0]);
        assert_eq!(counted(0..70), [70, 0, 0]);
    }

    #[test]
    fn memory_is_bounded_and_what_has_no_room_is_counted_as_uncertain() {
        assert_eq!(counted(0..17_000), [16_384, 17_000 - 16_384, 0]);
    }

    #[test]
    fn visits_that_could_not_be_written_are_kept() {
        let visits = Visits::default();
        let sum = NewVisits { edition: None, article: ArticleId(1), kind: Kind::Person, visits: 3 };
        visits.put_back(vec![sum]);
        visits.put_back(vec![sum]);
        assert_eq!(visits.take(Timestamp::from_unix(0), false), [NewVisits { visits: 6, ..sum }]);
    }
}
