//! Whether there is room on the disk for what the sender has to write down.

use std::path::Path;

use anyhow::{Context as _, bail};

/// Below this much nothing new is claimed.
const FEWEST_BYTES: u64 = 200 << 20;

/// Below this share of the disk nothing new is claimed.
const LEAST_PERCENT: u64 = 5;

/// Checks the disk that holds the database.
///
/// # Errors
/// If it is so full that what becomes of a message might not find room: then none is sent.
pub(super) fn check(database: &Path) -> anyhow::Result<()> {
    let directory = database.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(directory).context("cannot ask how full the disk is")?;
    let (free, whole) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
    if free < FEWEST_BYTES || free * 100 < whole * LEAST_PERCENT {
        bail!(
            "the disk of {} has {} MB free: nothing is sent until there is more",
            database.display(),
            free >> 20
        );
    }
    Ok(())
}
