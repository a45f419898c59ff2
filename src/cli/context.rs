//! What every command is given.

use std::path::{Path, PathBuf};

use super::Output;
use crate::config::{self, Config};
use crate::model::time::Clock;

/// What a command may use of the world: its configuration, where it prints, what time it is.
pub struct Context {
    config_path: PathBuf,
    /// Where the command prints what it was asked for.
    pub output: Output,
    /// What time it is.
    pub clock: Clock,
}

impl Context {
    /// The context of one command.
    pub fn new(config_path: PathBuf, output: Output, clock: Clock) -> Self {
        Self { config_path, output, clock }
    }

    /// The configuration, checked.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn config(&self) -> Result<Config, config::Errors> {
        config::load(&self.config_path)
    }

    /// The configuration file as it was named on the command line.
    pub fn config_path(&self) -> &Path {
        &self.config_path
    }
}
