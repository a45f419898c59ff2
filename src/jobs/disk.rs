//! Whether there is room on the disk for what has to be written down.

use std::io;
use std::path::Path;

use anyhow::{Context as _, bail};

/// Below this much nothing new is claimed.
const FEWEST_BYTES: u64 = 200 << 20;

/// Below this share of the disk nothing new is claimed.
const LEAST_PERCENT: u64 = 5;

/// How full a disk is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// What is free for us.
    pub free: u64,
    /// All of it.
    pub whole: u64,
}

impl Room {
    /// That of the disk which holds the database.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn beside(database: &Path) -> io::Result<Self> {
        let directory =
            database.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let disk = rustix::fs::statvfs(directory)?;
        Ok(Self { free: disk.f_bavail * disk.f_frsize, whole: disk.f_blocks * disk.f_frsize })
    }

    /// Whether what becomes of a message might not find room: then none is sent.
    pub const fn is_too_little(self) -> bool {
        self.free < FEWEST_BYTES || self.free * 100 < self.whole * LEAST_PERCENT
    }
}

/// Checks the disk that holds the database.
///
/// # Errors
/// If there is too little room: then none is sent.
pub(super) fn check(database: &Path) -> anyhow::Result<()> {
    let room = Room::beside(database).context("cannot ask how full the disk is")?;
    if room.is_too_little() {
        bail!(
            "the disk of {} has {} MB free: nothing is sent until there is more",
            database.display(),
            room.free >> 20
        );
    }
    Ok(())
}
