//! `[log]`: which log lines the daemon writes, and how.

use super::section::Section;

/// The keys of `[log]`.
pub(super) const KEYS: &[&str] = &["level", "format"];

/// Which log lines the daemon writes, and how. What the command line says comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The least important lines that are written.
    pub level: LogLevel,
    /// How they are written.
    pub format: LogFormat,
}

/// How important a log line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// An operator must act.
    Error,
    /// An operator should look.
    Warn,
    /// What was done.
    #[default]
    Info,
    /// Every step.
    Debug,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl LogLevel {
    /// The word for it, in the configuration and in log filters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// The table, or its defaults.
pub(super) fn read(root: &Section<'_>) -> Log {
    let Some(section) = root.section("log", KEYS) else { return Log::default() };
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    Log {
        level: section.choice("level", &levels.map(|level| (level.as_str(), level))).unwrap_or_default(),
        format: section.choice("format", &formats).unwrap_or_default(),
    }
}
