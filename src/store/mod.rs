//! What is kept: one SQLite file.
//!
//! A function here answers one question or makes one change, in at most one transaction, and a transaction never
//! leaves its function. Not found is `None`; already done is `None` or `false`; errors are for a database that
//! fails or holds nonsense. SQL stands in constants at the top of the file of its noun.

mod address_change;
mod allowance;
mod archive;
mod article;
mod article_page;
mod backfill;
mod consent;
mod delivery;
mod document;
mod edition;
mod file;
mod group;
mod home;
mod hub;
mod import;
mod intake;
mod label;
mod latest;
mod newcomer;
mod newsletter;
mod notice;
mod open;
mod picture;
mod picture_folder;
mod private_feed;
mod provider;
mod report;
mod request;
mod retraction;
mod revision;
mod saving;
mod search;
mod selection;
mod setting;
mod sight;
mod source;
mod source_hub;
mod story;
mod subscriber;
mod subscription;
mod sunset;
mod suppression;
mod turn;
mod visit;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::SqlitePool;

pub use address_change::{AddressChange, Changed};
pub use archive::ArchivePage;
pub use article_page::{DuePage, PageCounts};
pub use backfill::Backfill;
pub use consent::Consent;
pub use delivery::{
    ALL_RELAYS, Attempt, Claim, Counts, DeliveryFilter, DeliveryKey, Exchange, Granted, Handed,
    ListedDelivery, Settlement, Snapshot, WaitingEdition,
};
pub use document::{DocumentVersion, NewDocument};
pub use edition::{Aged, Aging, Candidates, Edition, Entry, Fate, NewEdition, Wave};
pub use file::{
    BackUp, Carried, CarriedOver, Compacted, Contents, Finding, Restored, back_up, check, compact, restore,
};
pub use group::{Group, GroupCandidates, ListedGroup, Mark, Wanted, Wants};
pub use home::Stopped;
pub use hub::{HubDelivery, HubOutcome, HubRequest, NewHubRequest};
pub use import::{Import, Imported};
pub use newsletter::{Event, EventKind, Standing};
pub use notice::{DueNotice, NoticeKind};
pub use picture::{
    AskedFile, DuePicture, FileThere, NewPicture, NewPictureFile, PictureId, PictureStanding, Unpictured,
};
pub use picture_folder::PictureFolder;
pub use private_feed::Access;
pub use provider::{DomainFacts, DueDomain, LookedUp, Mx, ProviderHold};
pub use report::{NewReport, Report};
pub use retraction::{Holding, Tombstone};
pub use revision::Revision;
pub use saving::Saved;
pub use search::{Found, Hit, MARKS, as_query};
pub use selection::Selection;
pub use sight::Sight;
pub use source::{Failure, SourceStanding, SourceTimes, Success};
pub use source_hub::SourceHub;
pub use subscriber::{DueConfirmation, Subscriber, Subscription};
pub use subscription::{ASK_WHY, ListedSubscription, SubscriptionFilter, UNDO};
pub use sunset::Unanswered;
pub use suppression::{NewSuppression, Suppression, SuppressionEvent};
pub use visit::{Linked, LinkedArticle, NewVisits};

use self::turn::Writer;
use crate::model::token::Key;

/// How a transaction that writes begins. A plain BEGIN that first reads and then writes fails at once, in spite of
/// the busy timeout, when another has written in between.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The database, open. Cheap to clone; all clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    write: Writer,
    read: SqlitePool,
    key: Key,
    path: PathBuf,
    /// The epoch that this daemon raised, and the lock that says it lives. Absent for a command beside it.
    reign: Option<Arc<Reign>>,
    meter: Arc<delivery::Meter>,
    pulse: Arc<delivery::Pulse>,
    latest: Arc<latest::Latest>,
}

/// A daemon's hold on the database: rows that an older epoch claimed belong to a process that is dead.
#[derive(Debug)]
struct Reign {
    epoch: i64,
    lock: open::Lock,
}

/// Why the database could not be opened, or a question not be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite said no.
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
    /// A row holds what no version of Courant writes.
    #[error("the database holds nonsense: {what} of {row}")]
    Corrupt {
        /// Table and column.
        what: &'static str,
        /// The row.
        row: String,
    },
    /// Words that are no query in the language of full-text search.
    #[error("{why}")]
    Unsearchable {
        /// What is wrong with them.
        why: String,
    },
    /// The file cannot be opened or made.
    #[error("the database {path} cannot be opened: {source}")]
    Unopened {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        source: sqlx::Error,
    },
    /// Another daemon runs on the same file.
    #[error(
        "another Courant daemon is running on {0}: stop it first, or give this one its own [database] url. \
         Two daemons on one file would mail everybody twice"
    )]
    InUse(PathBuf),
    /// A newer version of the program has written the file.
    #[error(
        "the database {0} was written by a newer version of Courant: use that version, \
         or restore the backup that it made before it changed the file"
    )]
    Newer(PathBuf),
    /// The file is a database of another program.
    #[error("{0} is a database, but not one of Courant's: name another file in [database] url")]
    Foreign(PathBuf),
    /// There is no such file.
    #[error("there is no database {0}: see [database] url, or which file you named")]
    Absent(PathBuf),
    /// A file is in the way.
    #[error("{0} exists already: name another file, or remove it if nobody needs it")]
    Exists(PathBuf),
    /// SQLite finds the file damaged, or no database at all.
    #[error("{path} is damaged, or no database: {what}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        what: String,
    },
    /// Another process has the file open, although no daemon runs.
    #[error("another program has the database {0} open, such as a Courant command: wait until it has ended")]
    Busy(PathBuf),
    /// A restore ended between moving the database aside and putting the backup in its place.
    #[error(
        "there is no database {0}, because a restore was broken off. What was there before lies beside it, under a \
         name with `.before-restore-`: run `courant db restore` again, or rename that file back"
    )]
    HalfRestored(PathBuf),
    /// The disk is too full.
    #[error("{path} needs {needed} MB free beside it to be compacted, and there are {free} MB")]
    NoRoom {
        /// The database.
        path: PathBuf,
        /// Megabytes that may be needed.
        needed: u64,
        /// Megabytes that are free.
        free: u64,
    },
    /// A file cannot be read, written or moved.
    #[error("{path} cannot be {what}")]
    File {
        /// What was to be done to it.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The schema could not be brought up to date.
    #[error("the database {path} could not be brought up to date: {source}")]
    NotMigrated {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: sqlx::migrate::MigrateError,
    },
}

impl Store {
    /// The key that signs links and hashes addresses.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The epoch of this daemon; 0 for a command that runs beside one.
    pub fn epoch(&self) -> i64 {
        self.reign.as_ref().map_or(0, |reign| reign.epoch)
    }

    /// Closes all connections, after what runs on them has ended, and lets another daemon begin.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        if let Some(reign) = &self.reign {
            reign.lock.release();
        }
    }
}
