//! What there is beside the database: daemons, their workers, the relay, the operator; and what each can do next.

use courant::model::delivery::DeliveryState::*;

use super::database::{Answer, DAEMONS, Database, Deed, EditionWord, Lease, Policy, Rows};
use super::mutant::Mutant;
use super::worker::{ATTEMPTS, Hand, Reply, Worker, push_work};

/// How many workers there are in all daemons together.
const WORKERS: usize = 2;

/// Everything that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// What survives the death of a process.
    pub written: Rows,
    /// What survives a loss of power.
    pub synced: Rows,
    pub relay: Relay,
    /// How often the operator has said that what was in doubt is sent again.
    pub said_again: u8,
    workers: [Worker; WORKERS],
    /// Which daemons run.
    running: [bool; DAEMONS as usize],
    /// How many have been started.
    started: u8,
    /// What may still go wrong.
    luck: Luck,
}

/// What the relay knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Relay {
    /// How often it has accepted the message.
    pub accepted: u8,
    /// Messages that it has and has not decided about, and whose sender no longer waits.
    pending: u8,
}

/// How many disasters of each kind are still to come at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Luck {
    /// Kills and losses of power.
    deaths: u8,
    lost_locks: u8,
}

/// What happens. A number is that of a daemon from 1, or of a worker from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Start,
    /// Another daemon is started although one runs: its lock file was removed, or the disk is no good at locks.
    StartBeside,
    Kill(u8),
    EndInOrder(u8),
    PowerCut,
    Sync,
    LeaseEnds,
    Recover(u8),
    Claim(u8),
    MarkAhead(usize),
    Mark(usize),
    Check(usize),
    Release(usize),
    EnvelopeRefused(usize),
    EnvelopeDeferred(usize),
    Dot(usize),
    RelayAccepts(usize),
    RelayRefuses(usize),
    RelayDefers(usize),
    ReplyComes(usize),
    ReplyIsLost(usize),
    WorkerGivesUp(usize),
    WorkerPanics(usize),
    Settle(usize),
    RelayAcceptsLate,
    RelayDropsLate,
    GrowTooOld,
    EndCancelled,
    Finish,
    ResolveAgain,
    ResolveSent,
    Pause,
    Resume,
    Cancel,
    Unsubscribe,
    Suppress,
}

impl World {
    pub fn at_first(rows: Rows) -> Self {
        Self {
            written: rows,
            synced: rows,
            relay: Relay::default(),
            said_again: 0,
            workers: [Worker::ABSENT; WORKERS],
            running: [false; DAEMONS as usize],
            started: 0,
            luck: Luck { deaths: 1, lost_locks: 1 },
        }
    }

    /// All that can happen next.
    pub fn moves(&self, mutant: Option<Mutant>) -> Vec<Move> {
        let mut moves = vec![Move::Finish];
        self.push_disasters(&mut moves);
        for daemon in (1..=DAEMONS).filter(|daemon| self.runs(*daemon)) {
            moves.push(Move::Recover(daemon));
            if self.written.attempt < ATTEMPTS && self.workers.contains(&Worker::ABSENT) {
                moves.push(Move::Claim(daemon));
            }
        }
        for (index, worker) in self.workers.iter().enumerate() {
            push_work(&mut moves, index, worker.hand, mutant);
        }
        if self.relay.pending > 0 {
            moves.extend([Move::RelayAcceptsLate, Move::RelayDropsLate]);
        }
        self.push_acts(&mut moves);
        moves
    }

    fn push_disasters(&self, moves: &mut Vec<Move>) {
        let runs_any = self.running.contains(&true);
        let may_start = self.started < DAEMONS;
        if may_start && !runs_any {
            moves.push(Move::Start);
        }
        if may_start && runs_any && self.luck.lost_locks > 0 {
            moves.push(Move::StartBeside);
        }
        if may_start && runs_any && self.luck.deaths > 0 {
            moves.push(Move::PowerCut);
        }
        for daemon in (1..=DAEMONS).filter(|daemon| self.runs(*daemon)) {
            let others = self.running.iter().filter(|runs| **runs).count() - 1;
            let is_idle = !self.workers.iter().any(|worker| worker.daemon == daemon);
            if (may_start || others > 0) && self.luck.deaths > 0 {
                moves.push(Move::Kill(daemon));
            }
            if (may_start || others > 0) && is_idle {
                moves.push(Move::EndInOrder(daemon));
            }
        }
        if self.written != self.synced
            || self.workers.iter().any(|worker| worker.hand != worker.hand.synced())
        {
            moves.push(Move::Sync);
        }
        if self.written.lease == Lease::Runs || self.synced.lease == Lease::Runs {
            moves.push(Move::LeaseEnds);
        }
    }

    fn push_acts(&self, moves: &mut Vec<Move>) {
        if matches!(self.written.state, Queued | Deferred) && self.written.edition == EditionWord::Sending {
            moves.push(Move::GrowTooOld);
        }
        match self.written.edition {
            EditionWord::Sending => moves.extend([Move::Pause, Move::Cancel]),
            EditionWord::Paused | EditionWord::Stale => moves.extend([Move::Resume, Move::Cancel]),
            EditionWord::Cancelled => moves.push(Move::EndCancelled),
            EditionWord::Done => {}
        }
        if self.written.is_wanted {
            moves.extend([Move::Unsubscribe, Move::Suppress]);
        }
        if self.written.state == Uncertain {
            moves.push(Move::ResolveSent);
            if self.written.attempt < ATTEMPTS {
                moves.push(Move::ResolveAgain);
            }
        }
    }

    /// How many workers may write their dot, and how many are marked ahead of their turn.
    pub fn grants(&self) -> (usize, usize) {
        let count =
            |is_it: fn(&Hand) -> bool| self.workers.iter().filter(|worker| is_it(&worker.hand)).count();
        (count(|hand| matches!(hand, Hand::Granted(_))), count(|hand| matches!(hand, Hand::Ahead(_))))
    }

    /// Whether this move writes down that the relay has refused the message.
    pub fn settles_refused(&self, happened: Move) -> bool {
        matches!(happened, Move::Settle(index) if self.workers[index].hand == Hand::Told(Reply::Refused))
    }

    fn runs(&self, daemon: u8) -> bool {
        self.running[usize::from(daemon) - 1]
    }

    /// What the move makes of the world.
    pub async fn after(
        mut self,
        happened: Move,
        database: &mut Database,
        (policy, mutant): (Policy, Option<Mutant>),
    ) -> Self {
        if matches!(happened, Move::Start | Move::StartBeside) {
            self.written.epoch = self.started + 1; // the store raises it while it opens the file
        }
        match self.deed(happened, policy, mutant) {
            Some(deed) => {
                let (rows, answer) = database.perform(self.written, deed).await;
                self.written = rows;
                if deed.is_synced() {
                    self.synced = rows;
                }
                self.note(happened, answer);
            }
            None => self.note(happened, Answer::Granted),
        }
        self.workers.sort_unstable();
        self
    }

    /// The transaction that the move is, if it is one.
    fn deed(&self, happened: Move, policy: Policy, mutant: Option<Mutant>) -> Option<Deed> {
        let worker = |index: usize| (self.workers[index].daemon, self.workers[index].attempt);
        let usual = match happened {
            Move::Start | Move::StartBeside => Deed::Recover(self.started + 1, policy),
            Move::Recover(daemon) => Deed::Recover(daemon, policy),
            Move::Claim(daemon) => Deed::Claim(daemon),
            Move::MarkAhead(index) | Move::Mark(index) => Deed::Mark(worker(index).0, worker(index).1),
            Move::Check(index) => Deed::Check(worker(index).0, worker(index).1),
            Move::Release(index) => Deed::Release(worker(index).0, worker(index).1),
            Move::Settle(index) => self.workers[index].settlement(policy),
            Move::GrowTooOld => Deed::Age,
            Move::EndCancelled => Deed::EndCancelled,
            Move::Finish => Deed::Finish,
            Move::ResolveAgain => Deed::Resolve(Queued),
            Move::ResolveSent => Deed::Resolve(Sent),
            Move::Pause => Deed::Set(EditionWord::Paused),
            Move::Resume => Deed::Set(EditionWord::Sending),
            Move::Cancel => Deed::Set(EditionWord::Cancelled),
            Move::Unsubscribe => Deed::Unsubscribe,
            Move::Suppress => Deed::Suppress,
            _ => return None,
        };
        mutant.map_or(Some(usual), |mutant| mutant.instead_of(usual))
    }

    /// What the move changes outside the database.
    fn note(&mut self, happened: Move, answer: Answer) {
        match happened {
            Move::Start => self.start(),
            Move::StartBeside => {
                self.luck.lost_locks -= 1;
                self.start();
            }
            Move::Kill(daemon) => {
                self.luck.deaths -= 1;
                self.die(daemon);
            }
            Move::EndInOrder(daemon) => self.die(daemon),
            Move::PowerCut => {
                self.luck.deaths -= 1;
                (1..=DAEMONS).for_each(|daemon| self.die(daemon));
                self.written = self.synced;
            }
            Move::Sync => {
                self.synced = self.written;
                self.workers.iter_mut().for_each(|worker| worker.hand = worker.hand.synced());
            }
            Move::LeaseEnds => {
                self.written.end_lease();
                self.synced.end_lease();
            }
            Move::Claim(daemon) => {
                if let Answer::Claimed(attempt) = answer {
                    self.workers[0] = Worker { daemon, attempt, hand: Hand::Claimed }; // the absent come first
                }
            }
            Move::RelayAcceptsLate => {
                self.relay.pending -= 1;
                self.relay.accepted += 1;
            }
            Move::RelayDropsLate => self.relay.pending -= 1,
            Move::ResolveAgain => self.said_again += 1,
            _ => self.note_work(happened, answer == Answer::Granted),
        }
    }

    /// What the move changes in a worker's hand.
    fn note_work(&mut self, happened: Move, is_granted: bool) {
        let workers = &mut self.workers;
        match happened {
            Move::MarkAhead(index) => workers[index].go_on(is_granted, Hand::Ahead(false)),
            Move::Mark(index) => workers[index].go_on(is_granted, Hand::Granted(false)),
            Move::Check(index) => {
                let is_durable = workers[index].hand == Hand::Ahead(true);
                workers[index].go_on(is_granted, Hand::Granted(is_durable));
            }
            Move::EnvelopeRefused(index) => workers[index].hand = Hand::Told(Reply::Refused),
            Move::EnvelopeDeferred(index) => workers[index].hand = Hand::Told(Reply::Deferred),
            Move::Dot(index) => workers[index].hand = Hand::Waits,
            Move::RelayAccepts(index) => {
                self.relay.accepted += 1;
                workers[index].hand = Hand::Answered(Reply::Accepted);
            }
            Move::RelayRefuses(index) => workers[index].hand = Hand::Answered(Reply::Refused),
            Move::RelayDefers(index) => workers[index].hand = Hand::Answered(Reply::Deferred),
            Move::ReplyComes(index) => {
                if let Hand::Answered(reply) = workers[index].hand {
                    workers[index].hand = Hand::Told(reply);
                }
            }
            Move::ReplyIsLost(index) => workers[index].hand = Hand::Told(Reply::Silence),
            Move::WorkerGivesUp(index) => {
                self.relay.pending += 1;
                workers[index].hand = Hand::Told(Reply::Silence);
            }
            Move::WorkerPanics(index) => self.vanish(index),
            Move::Release(index) | Move::Settle(index) => workers[index] = Worker::ABSENT,
            _ => {}
        }
    }

    fn start(&mut self) {
        self.running[usize::from(self.started)] = true;
        self.started += 1;
    }

    fn die(&mut self, daemon: u8) {
        self.running[usize::from(daemon) - 1] = false;
        for index in 0..WORKERS {
            if self.workers[index].daemon == daemon {
                self.vanish(index);
            }
        }
    }

    /// The worker is gone. The relay may have the message.
    fn vanish(&mut self, index: usize) {
        if self.workers[index].hand == Hand::Waits {
            self.relay.pending += 1;
        }
        self.workers[index] = Worker::ABSENT;
    }
}

impl Rows {
    fn end_lease(&mut self) {
        if self.lease == Lease::Runs {
            self.lease = Lease::IsOver;
        }
    }
}
