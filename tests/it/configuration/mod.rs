//! The configuration file: what it means, and what is said about one that is wrong.

mod commands;
mod keys;
mod meaning;
mod mistakes;
mod secrets;
mod words;

use std::path::{Path, PathBuf};

use courant::config::{self, Config, Environment, Errors};

/// A configuration that is as it should be, with every table and the example of the manual.
const WHOLE: &str = include_str!("../../fixtures/configuration/whole.toml");

/// The least that a configuration must say.
const LEAST: &str = "[publication]\ntitle = 'The Courier'\nbase_url = 'https://courier.example.org'\n";

fn write(directory: &Path, text: impl AsRef<[u8]>) -> PathBuf {
    let path = directory.join("courant.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn load(text: impl AsRef<[u8]>) -> Result<Config, Errors> {
    load_in(text, &Environment::default())
}

fn load_in(text: impl AsRef<[u8]>, environment: &Environment) -> Result<Config, Errors> {
    let directory = tempfile::tempdir().unwrap();
    config::load_in(&write(directory.path(), text), environment)
}

/// What is said about a configuration that is wrong, without the directory it happens to be in.
fn complaint(text: impl AsRef<[u8]>) -> String {
    let directory = tempfile::tempdir().unwrap();
    let errors = config::load_in(&write(directory.path(), text), &Environment::default()).unwrap_err();
    errors.to_string().replace(&format!("{}/", directory.path().display()), "")
}

/// The messages alone.
fn messages(text: impl AsRef<[u8]>) -> Vec<String> {
    let errors = load(text).unwrap_err();
    errors.problems().iter().map(|problem| problem.message.clone()).collect()
}
