//! One connection of a daemon, as `src/jobs/sender/worker.rs` has it.

use courant::model::delivery::DeliveryState::*;

use super::database::{Deed, Policy};
use super::mutant::Mutant;
use super::world::Move;

/// An attempt with this number is the last: the next would come after the edition's age limit.
pub const ATTEMPTS: u32 = 2;

/// One connection of a daemon (its number; 0: this worker is not there), and what it has in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Worker {
    pub daemon: u8,
    pub attempt: u32,
    pub hand: Hand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hand {
    Empty,
    Claimed,
    /// Marked ahead of its turn; whether the marker is synced.
    Ahead(bool),
    /// Marked, and about to write the dot.
    Granted(bool),
    /// The dot is written; waits for the reply.
    Waits,
    /// The relay has decided, and its reply is on its way.
    Answered(Reply),
    /// The worker knows, or knows that it will not; the database does not yet.
    Told(Reply),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reply {
    Accepted,
    Refused,
    Deferred,
    Silence,
}

/// All that a worker with this in hand can do next, and that can be done to it.
pub fn push_work(moves: &mut Vec<Move>, worker: usize, hand: Hand, mutant: Option<Mutant>) {
    use Move::{
        Check, Dot, EnvelopeDeferred, EnvelopeRefused, Mark, MarkAhead, RelayAccepts, RelayDefers,
        RelayRefuses, Release, ReplyComes, ReplyIsLost, Settle, WorkerGivesUp, WorkerPanics,
    };
    match hand {
        Hand::Empty => return,
        Hand::Claimed => {
            moves.extend([MarkAhead(worker), Mark(worker), Release(worker)]);
            moves.extend([EnvelopeRefused(worker), EnvelopeDeferred(worker)]);
        }
        Hand::Ahead(_) => {
            moves.extend([Check(worker), Release(worker)]);
            moves.extend([EnvelopeRefused(worker), EnvelopeDeferred(worker)]);
        }
        Hand::Granted(is_durable) => {
            moves.push(EnvelopeDeferred(worker)); // the connection broke before the dot
            if is_durable || mutant == Some(Mutant::DotBeforeSync) {
                moves.push(Dot(worker));
            }
        }
        Hand::Waits => {
            moves.extend([RelayAccepts(worker), RelayRefuses(worker), RelayDefers(worker)]);
            moves.push(WorkerGivesUp(worker));
        }
        Hand::Answered(_) => moves.extend([ReplyComes(worker), ReplyIsLost(worker)]),
        Hand::Told(_) => moves.push(Settle(worker)),
    }
    moves.push(WorkerPanics(worker));
}

impl Worker {
    /// Where there is no worker.
    pub const ABSENT: Self = Self { daemon: 0, attempt: 0, hand: Hand::Empty };

    /// Goes on with this in hand if its marker was granted; else the delivery is no longer its own.
    pub fn go_on(&mut self, is_granted: bool, hand: Hand) {
        if is_granted {
            self.hand = hand;
        } else {
            *self = Self::ABSENT;
        }
    }

    /// As `jobs/sender/worker.rs` settles.
    pub fn settlement(self, policy: Policy) -> Deed {
        let again = |state| if self.attempt < ATTEMPTS { state } else { Expired };
        let (state, is_uncertain) = match self.hand {
            Hand::Told(Reply::Accepted) => (Sent, false),
            Hand::Told(Reply::Refused) => (Failed, false),
            Hand::Told(Reply::Deferred) => (again(Deferred), false),
            Hand::Told(Reply::Silence) => match policy {
                Policy::Retry => (again(Queued), true),
                Policy::Hold => (Uncertain, true),
                Policy::AssumeSent => (Sent, true),
            },
            hand => unreachable!("{hand:?} is no end"),
        };
        Deed::Settle(self.daemon, self.attempt, state, is_uncertain)
    }
}

impl Hand {
    /// The same when what was written is synced.
    pub fn synced(self) -> Self {
        match self {
            Self::Ahead(_) => Self::Ahead(true),
            Self::Granted(_) => Self::Granted(true),
            hand => hand,
        }
    }
}
