//! What follows links, watched for as long as a burst takes to be seen.

use std::time::Duration;

use super::Kind;
use crate::model::article::ArticleId;
use crate::model::edition::EditionId;
use crate::model::time::Timestamp;

/// How long the visits of one visitor are looked at together.
pub const WATCHED: Duration = Duration::from_secs(30);

/// How many links one visitor follows in that time before it is known to be none that reads.
pub const MOST_LINKS: usize = 16;

/// So many links of an edition within this time are a burst.
const BURST: usize = 4;
const BURST_TIME: Duration = Duration::from_secs(10);

/// All links of an edition are one too, if there are so many.
const FEWEST: usize = 3;

/// So many are one while mails with the edition were handed over this shortly before.
const EARLY_BURST: usize = 2;
const EARLY_BURST_TIME: Duration = Duration::from_mins(2);

/// A visit that comes this shortly after a mail may be a scanner's.
const EARLY: Duration = Duration::from_mins(1);

/// A link that a visitor has followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// For which edition it is counted; none: for the archive.
    pub edition: Option<EditionId>,
    /// The article that it leads to.
    pub article: ArticleId,
    /// When.
    pub at: Timestamp,
    /// When a mail with the edition was last handed over, as far as is known.
    pub handed_at: Option<Timestamp>,
    /// How many articles the edition holds.
    pub holds: usize,
    /// Whether something else keeps it from being a person's for certain.
    pub is_odd: bool,
}

/// What has followed links within [`WATCHED`].
#[derive(Clone, Debug)]
pub struct Visitor {
    since: Timestamp,
    is_machine: bool,
    links: Vec<Followed>,
}

impl Visitor {
    /// One that is first seen now.
    pub const fn new(since: Timestamp) -> Self {
        Self { since, is_machine: false, links: Vec::new() }
    }

    /// Whether it has been looked at for long enough.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.since) >= WATCHED || now < self.since
    }

    /// Notes that it is a machine.
    pub const fn unmask(&mut self) {
        self.is_machine = true;
    }

    /// Notes a link, once however often it is followed. Returns false if that is more than any reader follows, and not kept:
    /// then it is a machine.
    pub fn follow(&mut self, followed: Followed) -> bool {
        let is_same = |own: &&Followed| (own.edition, own.article) == (followed.edition, followed.article);
        if self.links.iter().find(is_same).is_some() {
            return true;
        }
        if self.links.len() >= MOST_LINKS {
            self.unmask();
            return false;
        }
        self.links.push(followed);
        true
    }

    /// The links that it has followed, and what it is that has.
    pub fn judged(&self) -> impl Iterator<Item = (&Followed, Kind)> {
        let is_machine = self.is_machine || self.links.iter().any(|link| self.is_burst(link));
        self.links.iter().map(move |link| {
            let is_early = link.handed_at.is_some_and(|handed| link.at.since(handed) <= EARLY);
            let kind = match is_machine {
                true => Kind::Machine,
                false if is_early || link.is_odd => Kind::Uncertain,
                false => Kind::Person,
            };
            (link, kind)
        })
    }

    /// Whether a link is the first of a burst.
    fn is_burst(&self, first: &Followed) -> bool {
        let is_near = |other: &&Followed| {
            other.edition == first.edition && other.at >= first.at && other.at.since(first.at) <= BURST_TIME
        };
        let count = self.links.iter().filter(is_near).count();
        let is_early = first.handed_at.is_some_and(|handed| first.at.since(handed) <= EARLY_BURST_TIME);
        let is_whole = first.edition.is_some() && count >= FEWEST && count >= first.holds;
        count >= BURST || is_whole || is_early && count >= EARLY_BURST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of the visits at these seconds, each to another article of an edition that holds so many, the last mail of
    /// which was handed over at the second 0 if it is `mailed`.
    fn kinds(seconds: &[i64], holds: usize, mailed: bool) -> Vec<Kind> {
        let moment = |second: i64| Timestamp::from_unix(1_000_000 + second);
        let mut visitor = Visitor::new(moment(seconds[0]));
        for (article, second) in (1..).zip(seconds) {
            let handed_at = mailed.then(|| moment(0));
            let (edition, article) = (Some(EditionId(1)), ArticleId(article));
            let at = moment(*second);
            assert!(visitor.follow(Followed { edition, article, at, handed_at, holds, is_odd: false }));
        }
        visitor.judged().map(|(_, kind)| kind).collect()
    }

    #[test]
    fn bursts_are_machines_and_what_comes_early_is_uncertain() {
        use Kind::{Machine, Person, Uncertain};
        for (seconds, holds, mailed, expected) in [
            (&[500][..], 9, true, vec![Person]),
            (&[5], 9, true, vec![Uncertain]),
            (&[60], 9, true, vec![Uncertain]),
            (&[61], 9, true, vec![Person]),
            (&[5], 9, false, vec![Person]),
            (&[5, 7], 9, true, vec![Machine; 2]),
            (&[100, 103], 9, true, vec![Machine; 2]),
            (&[200, 203], 9, true, vec![Person; 2]),
            (&[50, 61], 9, true, vec![Uncertain, Person]),
            (&[500, 503, 506], 9, true, vec![Person; 3]),
            (&[500, 503, 506], 3, true, vec![Machine; 3]),
            (&[500, 503], 2, true, vec![Person; 2]),
            (&[500, 503, 506, 510], 9, true, vec![Machine; 4]),
            (&[500, 504, 508, 512], 9, true, vec![Person; 4]),
            (&[500, 521, 522, 523, 524], 9, false, vec![Machine; 5]),
        ] {
            assert_eq!(kinds(seconds, holds, mailed), expected, "{seconds:?} of {holds}, {mailed}");
        }
    }

    #[test]
    fn a_link_that_is_followed_again_counts_once_and_a_flood_is_a_machines() {
        let at = Timestamp::from_unix(1_000_000);
        let mut visitor = Visitor::new(at);
        let mut follow = |article| {
            let (edition, article) = (None, ArticleId(article));
            visitor.follow(Followed { edition, article, at, handed_at: None, holds: 0, is_odd: true })
        };
        assert!(follow(1) && follow(1));
        assert!((2..=16).all(&mut follow), "as many as are kept");
        assert!(!follow(17));
        assert_eq!(visitor.judged().filter(|(_, kind)| *kind == Kind::Machine).count(), MOST_LINKS);
        assert!(visitor.is_over(at + WATCHED) && visitor.is_over(at - WATCHED));
    }
}
