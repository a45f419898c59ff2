//! What every command is given.

use std::path::{Path, PathBuf};

use super::Output;
use crate::config::{self, Config};
use crate::model::time::Clock;
use crate::store::Store;

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

    /// The configuration, and the database that it names, open beside a daemon that may run.
    ///
    /// # Errors
    /// All that is wrong with the configuration, or why the database cannot be opened.
    pub async fn store(&self) -> anyhow::Result<(Config, Store)> {
        let config = self.config()?;
        let store = Store::open(&config.database, self.clock.now()).await?;
        Ok((config, store))
    }

    /// The configuration file as it was named on the command line.
    pub fn config_path(&self) -> &Path {
        &self.config_path
    }
}
