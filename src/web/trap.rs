//! What tells a program that fills forms from a reader. The rules are in `docs/abuse.md`
//!
//! A field that nobody sees, the moment at which the form was sent, and work when the rate rises.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Error, Web};
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::render::page::WORK_BITS;

/// A form that comes back sooner was not filled by hand.
const QUICK: Duration = Duration::from_secs(2);

/// One that comes back later has lain about.
const STALE: Duration = Duration::from_hours(24);

/// How long a reader without scripts waits in a crowd.
const WAIT: Duration = Duration::from_secs(20);

/// How long they wait where too many others do.
const LONG_WAIT: Duration = Duration::from_mins(1);

/// How long a turn holds after that.
const TURN_HOLDS: Duration = Duration::from_hours(1);

/// The longest number that is work.
const WORK_LETTERS: usize = 16;

/// What a form holds besides what its reader wrote.
#[derive(Default)]
pub(super) struct Trap {
    /// The field that nobody sees.
    pub website: String,
    /// When the form was sent, signed; forms of other sites have none.
    pub moment: Option<String>,
    /// Lets them go on in a crowd.
    pub turn: Option<String>,
    /// The number that was found for it.
    pub work: String,
}

/// What a form is taken for.
pub(super) enum Verdict {
    /// A reader's.
    Taken,
    /// It came too soon or too late.
    Untimely,
    /// There are too many: by this token, and by work or after so long.
    Crowd(String, Duration),
}

impl Trap {
    /// Whether a program has filled what no reader sees.
    pub fn is_sprung(&self) -> bool {
        !self.website.is_empty()
    }
}

impl Web {
    /// What a form is taken for in which all is there that a reader has to write.
    pub(super) async fn judge(&self, trap: &Trap, address: &EmailAddress) -> Result<Verdict, Error> {
        let (now, print) = (self.0.clock.now(), self.0.store.key().print(address));
        if let Some(from) = self.turn(trap, print, now) {
            return self.judge_turn(trap, (print, from), now).await;
        }
        let is_timely = |moment| self.sent_at(moment).is_some_and(|at| now >= at + QUICK && now < at + STALE);
        if trap.moment.as_deref().is_some_and(|moment| !is_timely(moment)) {
            return Ok(Verdict::Untimely);
        }
        if self.has_calm().await? {
            return Ok(Verdict::Taken);
        }
        Ok(self.crowd(print, WAIT, now))
    }

    /// Counts a sign-up; false if there were too many lately.
    pub(super) async fn has_calm(&self) -> Result<bool, Error> {
        let now = self.0.clock.now();
        Ok(self.0.store.take_allowance("sign-ups", self.settings().sign_ups, now).await?)
    }

    async fn judge_turn(
        &self,
        trap: &Trap,
        (print, from): (i64, Timestamp),
        now: Timestamp,
    ) -> Result<Verdict, Error> {
        let turn = trap.turn.as_deref().unwrap_or_default();
        if is_work(turn, &trap.work) {
            return Ok(Verdict::Taken);
        }
        if now < from {
            return Ok(Verdict::Crowd(turn.to_owned(), from.since(now)));
        }
        let waited = self.0.store.take_allowance("waited", self.settings().sign_ups, now).await?;
        Ok(if waited { Verdict::Taken } else { self.crowd(print, LONG_WAIT, now) })
    }

    fn crowd(&self, print: i64, wait: Duration, now: Timestamp) -> Verdict {
        Verdict::Crowd(self.0.store.key().sign(Token::Turn(print, now + wait)), wait)
    }

    /// From when on the turn in a form holds without work, if it is for this address and not over.
    fn turn(&self, trap: &Trap, print: i64, now: Timestamp) -> Option<Timestamp> {
        match self.0.store.key().verify(trap.turn.as_deref()?)? {
            Token::Turn(own, from) if own == print && now < from + TURN_HOLDS => Some(from),
            _ => None,
        }
    }

    fn sent_at(&self, moment: &str) -> Option<Timestamp> {
        match self.0.store.key().verify(moment)? {
            Token::Moment(at) => Some(at),
            _ => None,
        }
    }

    /// The moment for a form that is shown again: who waited once does not wait twice.
    pub(super) fn moment_again(&self, trap: &Trap) -> String {
        let now = self.0.clock.now();
        let own = trap
            .moment
            .clone()
            .filter(|moment| self.sent_at(moment).is_some_and(|at| at <= now && now < at + STALE));
        own.unwrap_or_else(|| self.0.store.key().sign(Token::Moment(now - QUICK)))
    }

    /// The moment for a form that is sent now.
    pub(super) fn moment(&self) -> String {
        self.0.store.key().sign(Token::Moment(self.0.clock.now()))
    }
}

/// Whether somebody has looked long enough for this number.
fn is_work(turn: &str, work: &str) -> bool {
    if work.is_empty() || work.len() > WORK_LETTERS {
        return false;
    }
    let hash = Sha256::digest(format!("{turn}:{work}"));
    let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    first.leading_zeros() >= WORK_BITS
}
