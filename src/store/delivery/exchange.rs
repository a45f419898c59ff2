//! The exchange between the sender's connections and the disk: results in, markers out, in one transaction.
//!
//! A commit here is written and not yet synced: it survives the death of the process. [`Store::sync`] makes all
//! that was committed before it survive the death of the machine. A marker waits for both; a result for the
//! first alone, so that a connection never waits for the disk between two messages.

use std::collections::HashSet;
use std::io;
use std::ops::Range;

use futures_util::TryStreamExt;
use sqlx::sqlite::Sqlite;
use sqlx::{Either, Executor, QueryBuilder, Row, SqliteConnection};

use super::grant::grant_some;
use super::step::{ROWS, postpone, release, step};
use super::{Attempt, Handed, tally};
use crate::model::delivery::DeliveryState;
use crate::model::time::Timestamp;
use crate::store::{BEGIN, Error, NewReport, ProviderHold, Store, provider, report};

const COMMIT: &str = "COMMIT";

/// Another number as soon as another connection has changed anything.
const VERSION: &str = "PRAGMA data_version";

/// What is to be written down in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// What became of attempts.
    pub settled: Vec<Settlement>,
    /// What the relay said about addresses: that they do not exist, or take nothing now.
    pub reports: Vec<NewReport>,
    /// What relays with a daily cap were handed. Counted anew if the exchange is given again after an error that left open
    /// whether it was written: a count may be too high, and is never too low.
    pub handed: Vec<Handed>,
    /// Providers that want to be left alone for a while.
    pub holds: Vec<ProviderHold>,
    /// Providers that took something after they had been held.
    pub freed: Vec<String>,
    /// Attempts that were not made: the deliveries wait again as if they had not been claimed.
    pub released: Vec<Attempt>,
    /// Attempts that were not made because their provider is held: the same, until then.
    pub postponed: Vec<(Attempt, Timestamp)>,
    /// Attempts to be marked.
    pub marked: Vec<Attempt>,
    /// Whether some of these are marked ahead of their turn, so that the answer has to say in which state of the database.
    pub is_ahead: bool,
    /// Attempts that were marked ahead of their turn, which has come now: whether they still may be made. Where the database
    /// has not changed since, nothing is written for them; else they are marked once more.
    pub in_turn: Vec<(Attempt, Snapshot)>,
}

/// A state of the database: as long as it is the same, nothing has changed but deliveries by the sender's own doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What other connections have changed.
    version: i64,
    /// What this one has, and which one it is.
    generation: u64,
}

/// What an exchange has granted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// The attempts that may be made.
    pub attempts: HashSet<Attempt>,
    /// In which state of the database, if that was asked for.
    pub snapshot: Option<Snapshot>,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The attempt.
    pub attempt: Attempt,
    /// The delivery's state from now on.
    pub state: DeliveryState,
    /// When it is tried again, if it is.
    pub due_at: Timestamp,
    /// Whether nobody knows if the relay accepted it.
    pub is_uncertain: bool,
    /// The relay's words, or what happened in their place.
    pub reply: Option<String>,
}

impl Exchange {
    /// Whether one statement does it all, which is then a transaction of its own.
    fn is_one_statement(&self) -> bool {
        let is_rare = !(self.reports.is_empty() && self.handed.is_empty() && self.holds.is_empty());
        let is_untried = !(self.freed.is_empty() && self.released.is_empty() && self.postponed.is_empty());
        !is_rare && !is_untried && self.settled.len() <= ROWS && self.marked.len() <= ROWS
    }

    /// Who gave back a delivery may claim it again, by the same number: it must not be given back a second time.
    fn forget_results(&mut self) {
        self.settled.clear();
        self.reports.clear();
        self.released.clear();
        self.postponed.clear();
        self.handed.clear();
        self.holds.clear();
        self.freed.clear();
    }
}

impl Store {
    /// Writes an exchange down, all or nothing, and returns the attempts that may be made.
    ///
    /// A marker is set, the first and the second time, only where the claim is still ours, the edition is being sent,
    /// the subscription active and not paused, and the address not suppressed. What is refused goes back to wait, or is cancelled.
    ///
    /// # Errors
    /// After one it may all have been written, or a part: what is known to be is taken out of the exchange. The rest can
    /// be given again, and changes nothing twice.
    pub async fn exchange(&self, exchange: &mut Exchange, now: Timestamp) -> Result<Granted, Error> {
        let mut quick = self.write.quick().await?;
        let in_turn = exchange.in_turn.iter().map(|(attempt, _)| attempt);
        self.pulse.note(exchange.marked.iter().chain(in_turn), now);
        if !exchange.reports.is_empty() {
            quick.note_change();
        }
        let (mut attempts, version) = self.write_down(&mut quick, exchange, now).await?;
        let snapshot = version.map(|version| Snapshot { version, generation: quick.generation() });
        let mut again = Vec::new();
        for (attempt, marked_in) in &exchange.in_turn {
            if Some(*marked_in) == snapshot {
                attempts.insert(*attempt);
            } else {
                again.push(*attempt);
            }
        }
        if !again.is_empty() {
            let mut script = Script::default();
            script.push_steps(&[], &again, self.epoch(), now);
            let ran = script.run(&mut quick).await?;
            attempts.extend(ran.granted(&mut quick, again, (self.epoch(), now)).await?);
        }
        quick.keep();
        Ok(Granted { attempts, snapshot })
    }

    /// Returns the attempts that are marked, and what the database's version was before, if it was asked for.
    async fn write_down(
        &self,
        connection: &mut SqliteConnection,
        exchange: &mut Exchange,
        now: Timestamp,
    ) -> Result<(HashSet<Attempt>, Option<i64>), Error> {
        let epoch = self.epoch();
        let is_alone = exchange.is_one_statement();
        let mut script = Script::default();
        if exchange.is_ahead || !exchange.in_turn.is_empty() {
            script.next().push(VERSION);
        }
        if !is_alone {
            script.next().push(BEGIN);
            script.push_others(exchange, epoch);
        }
        let mut version = None;
        if exchange.reports.is_empty() {
            script.push_steps(&exchange.settled, &exchange.marked, epoch, now);
        } else {
            script.push_steps(&exchange.settled, &[], epoch, now);
            version = script.run(connection).await?.version;
            // What they say of an address holds for the markers too.
            for told in &exchange.reports {
                report::record(connection, self.key(), told, now).await?;
            }
            script = Script::default();
            script.push_steps(&[], &exchange.marked, epoch, now);
        }
        if !is_alone {
            script.next().push(COMMIT);
        }
        let ran = script.run(connection).await?;
        self.meter.note(&exchange.settled);
        exchange.forget_results();
        let version = version.or(ran.version);
        Ok((ran.granted(connection, exchange.marked.clone(), (epoch, now)).await?, version))
    }

    /// Makes everything that was committed before survive a loss of power.
    ///
    /// # Errors
    /// After one nobody knows what the disk holds: the program has to end at once.
    pub async fn sync(&self) -> io::Result<()> {
        let mut log = self.path().as_os_str().to_owned();
        log.push("-wal");
        let sync = || match std::fs::File::open(log) {
            Ok(log) => log.sync_data(),
            // The last connection was closed in between, and has put it all into the database.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        };
        tokio::task::spawn_blocking(sync).await?
    }
}

/// The statements of an exchange, as one text that the database runs in one go: each trip to its thread and back costs
/// as much as what is done there.
#[derive(Default)]
struct Script {
    query: QueryBuilder<Sqlite>,
    /// How many statements there are so far.
    length: usize,
    /// Which of them take deliveries a step further.
    stepping: Range<usize>,
    /// How many rows those change if all is granted.
    asked: u64,
}

impl Script {
    /// What was not tried, and what is known of relays and providers.
    fn push_others(&mut self, exchange: &Exchange, epoch: i64) {
        for released in exchange.released.chunks(ROWS) {
            release(self.next(), released, epoch);
        }
        for postponed in exchange.postponed.chunks(ROWS) {
            postpone(self.next(), postponed, epoch);
        }
        for provider in &exchange.freed {
            provider::free(self.next(), provider);
        }
        for hold in &exchange.holds {
            provider::hold(self.next(), hold);
        }
        for handed in &exchange.handed {
            tally::push(self.next(), handed);
        }
    }

    /// What became of attempts, and which are about to be made.
    fn push_steps(&mut self, settled: &[Settlement], marked: &[Attempt], epoch: i64, now: Timestamp) {
        self.stepping.start = self.length;
        for index in 0..settled.len().div_ceil(ROWS).max(marked.len().div_ceil(ROWS)) {
            let settled = settled.chunks(ROWS).nth(index).unwrap_or_default();
            let marked = marked.chunks(ROWS).nth(index).unwrap_or_default();
            self.asked += step(self.next(), settled, marked, epoch, now);
        }
        self.stepping.end = self.length;
    }

    fn next(&mut self) -> &mut QueryBuilder<Sqlite> {
        self.length += 1;
        self.query.push(if self.length > 1 { "; " } else { "" })
    }

    /// Whether all was granted is told by the number of rows: rows that come one by one from the database's thread would
    /// cost more than the steps themselves.
    async fn run(mut self, connection: &mut SqliteConnection) -> Result<Ran, Error> {
        let mut ran = Ran { is_all_granted: self.asked == 0, version: None };
        if self.length == 0 {
            return Ok(ran);
        }
        let (mut place, mut changed) = (0, 0);
        let mut answers = connection.fetch_many(self.query.build());
        while let Some(answer) = answers.try_next().await? {
            match answer {
                Either::Left(done) => {
                    changed += if self.stepping.contains(&place) { done.rows_affected() } else { 0 };
                    place += 1;
                }
                Either::Right(row) => ran.version = Some(row.try_get(0)?),
            }
        }
        ran.is_all_granted = changed == self.asked;
        Ok(ran)
    }
}

/// What came of a script.
struct Ran {
    is_all_granted: bool,
    /// The database's version, where the script asks for it.
    version: Option<i64>,
}

impl Ran {
    /// Which of the attempts that it was to mark may be made.
    async fn granted(
        self,
        connection: &mut SqliteConnection,
        marked: Vec<Attempt>,
        (epoch, now): (i64, Timestamp),
    ) -> Result<HashSet<Attempt>, Error> {
        if self.is_all_granted {
            return Ok(marked.into_iter().collect());
        }
        grant_some(connection, &marked, epoch, now).await
    }
}
