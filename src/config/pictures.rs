//! `[pictures]`: whether pictures of articles are kept and served here, and how many.

use super::section::Section;

/// The keys of `[pictures]`.
pub(super) const KEYS: &[&str] = &["disk_mb", "enabled"];

/// The least that is worth it: some hundred pictures.
const FEWEST_MB: i64 = 20;
const MOST_MB: i64 = 1_000_000;
const USUAL_MB: u64 = 1000;

/// Pictures of articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictures {
    /// How many megabytes of them are kept on the disk at most.
    pub disk_mb: u64,
    /// Whether any are kept.
    pub enabled: bool,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { disk_mb: USUAL_MB, enabled: false }
    }
}

/// The table, or its defaults.
pub(super) fn read(root: &Section<'_>) -> Pictures {
    let default = Pictures::default();
    let Some(section) = root.section("pictures", KEYS) else { return default };
    let disk_mb =
        section.number("disk_mb", FEWEST_MB..=MOST_MB).and_then(|number| u64::try_from(number).ok());
    Pictures {
        disk_mb: disk_mb.unwrap_or(default.disk_mb),
        enabled: section.flag("enabled").unwrap_or(default.enabled),
    }
}
