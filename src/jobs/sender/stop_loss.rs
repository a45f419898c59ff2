//! Stop-loss: an edition stops by itself where sending on would do harm. Many addresses that do not exist make
//! providers take us for a spammer; and whom they take for one they refuse, however often he asks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::mail::cause::Class;
use crate::mail::reply::Reply;
use crate::model::delivery::Outcome;

/// Fewer refusals of a kind than this stop nothing: of a handful nobody can tell.
const FEWEST: u64 = 10;

/// From which share of all answers on refusals stop the edition, in per cent.
const MOST_PERCENT: u64 = 5;

/// Watches the answers to one edition.
#[derive(Debug)]
pub(super) struct StopLoss {
    /// `None`: an operator has seen it, and wants it sent.
    tally: Option<Mutex<Tally>>,
}

/// The answers so far that are final.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    answers: u64,
    /// Addresses that do not exist.
    gone: u64,
    /// Refusals because of us.
    us: u64,
}

impl StopLoss {
    /// A stop-loss that watches, unless an operator has let the edition go on.
    pub(super) fn new(is_resumed: bool) -> Self {
        Self { tally: (!is_resumed).then(Mutex::default) }
    }

    /// Counts an answer.
    pub(super) fn note(&self, reply: &Reply) {
        let Some(mut tally) = self.tally() else { return };
        match reply.outcome() {
            Outcome::Accepted => tally.answers += 1,
            Outcome::Refused => {
                let class = reply.class();
                tally.answers += 1;
                tally.gone += u64::from(class == Class::Address);
                tally.us += u64::from(class == Class::Us);
            }
            Outcome::Deferred | Outcome::Unknown => {}
        }
    }

    /// Why the edition has to stop, if it has to.
    pub(super) fn reason(&self) -> Option<String> {
        let tally = *self.tally()?;
        let is_too_many = |refused| refused >= FEWEST && refused * 100 > tally.answers * MOST_PERCENT;
        if is_too_many(tally.us) {
            return Some(format!(
                "{} of {} answers refuse it because of us (reputation, authentication, policy)",
                tally.us, tally.answers
            ));
        }
        is_too_many(tally.gone)
            .then(|| format!("{} of {} addresses do not exist: see to the list", tally.gone, tally.answers))
    }

    fn tally(&self) -> Option<MutexGuard<'_, Tally>> {
        Some(self.tally.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::reply::Stage;

    const TAKEN: &str = "250 2.0.0 Taken";
    const GONE: &str = "550 5.1.1 No such user";
    const US: &str = "554 5.7.1 Blocked using a blocklist";
    const LATER: &str = "451 4.7.0 Too many messages";

    fn after(answers: &[(usize, &str)], is_resumed: bool) -> Option<String> {
        let stop_loss = StopLoss::new(is_resumed);
        for (count, text) in answers {
            let (code, words) = text.split_once(' ').unwrap();
            let reply = Reply::new(Stage::Dot, code.parse().unwrap(), words);
            (0..*count).for_each(|_| stop_loss.note(&reply));
        }
        stop_loss.reason()
    }

    #[test]
    fn an_edition_stops_at_more_than_five_refusals_in_a_hundred_and_not_below_ten() {
        for (answers, expected) in [
            (&[(91, TAKEN), (9, GONE)][..], None),
            (&[(190, TAKEN), (10, GONE)], None),
            (&[(189, TAKEN), (10, GONE)], Some("10 of 199 addresses do not exist: see to the list")),
            (
                &[(100, TAKEN), (10, US)],
                Some("10 of 110 answers refuse it because of us (reputation, authentication, policy)"),
            ),
            (&[(10, TAKEN), (9, US), (9, GONE)], None),
            (&[(100, LATER)], None),
        ] {
            assert_eq!(after(answers, false).as_deref(), expected, "{answers:?}");
        }
    }

    #[test]
    fn what_an_operator_lets_go_on_goes_on() {
        assert_eq!(after(&[(100, US)], true), None);
    }
}
