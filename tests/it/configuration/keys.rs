use std::collections::BTreeSet;

use courant::config::{self, Config, Environment, Errors, KEYS};
use courant::model::dkim::{Algorithm, Key};
use secrecy::ExposeSecret;

use super::{load, write};

const MANUAL: &str = include_str!("../../../docs/configuration.md");
const INIT: &str = include_str!("../../../src/cli/init/courant.toml");

/// Table and key of every line of the manual that explains one.
fn explained() -> BTreeSet<(String, String)> {
    let mut table = String::new();
    let mut explained = BTreeSet::new();
    for line in MANUAL.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.trim_matches('`').clone_into(&mut table);
        } else if let Some(kind) = line.strip_prefix("### `kind = ") {
            table = format!("[[source]] {}", kind.trim_matches(['"', '`']));
        } else if let Some(key) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) {
            explained.insert((table.clone(), key.to_owned()));
        }
    }
    explained
}

#[test]
fn the_manual_explains_every_key_and_no_other() {
    let known: BTreeSet<(String, String)> = KEYS
        .iter()
        .flat_map(|(table, keys)| keys.iter().map(|key| ((*table).to_owned(), (*key).to_owned())))
        .collect();
    assert_eq!(explained(), known);
}

/// The file that `courant init` writes with every line of it switched on.
fn switched_on() -> String {
    let switched_on = |line: &str| {
        let is_off = line
            .strip_prefix('#')
            .is_some_and(|rest| rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()));
        if is_off { line[1..].to_owned() } else { line.to_owned() }
    };
    let lines: Vec<String> =
        INIT.lines().map(switched_on).filter(|line| !line.starts_with("password_file")).collect();
    lines.join("\n")
}

/// What a configuration means beside the key that the manual and the first file name.
fn load_with_key(text: &str) -> Result<Config, Errors> {
    let directory = tempfile::tempdir().unwrap();
    let pem = Key::generate(Algorithm::Rsa).unwrap().to_pem().unwrap();
    std::fs::write(directory.path().join("dkim-2026.pem"), pem.expose_secret()).unwrap();
    let providers = "[[provider]]\nname = 'own'\ndomains = ['own.example']\n";
    std::fs::write(directory.path().join("providers.toml"), providers).unwrap();
    std::fs::write(directory.path().join("disposable.txt"), "throwaway.example\n").unwrap();
    std::fs::create_dir(directory.path().join("words")).unwrap();
    config::load_in(&write(directory.path(), text), &Environment::default())
}

#[test]
fn the_first_file_is_valid_as_it_is_and_with_all_of_it_switched_on() {
    let config = load(INIT).unwrap();
    assert!(config.newsletters.is_empty() && config.warnings.is_empty());
    let config = load_with_key(&switched_on()).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!((config.newsletters.len(), config.sources.len()), (1, 4));
}

#[test]
fn the_first_file_shows_every_key() {
    for (table, keys) in KEYS.iter().filter(|(table, _)| *table != "[[provider]]") {
        for key in keys
            .iter()
            .filter(|key| !["theme", "logo", "relay", "dkim", "warm_up", "imap", "choices"].contains(key))
        {
            let is_shown =
                INIT.lines().any(|line| line.trim_start_matches('#').starts_with(&format!("{key} = ")));
            assert!(is_shown, "{table} {key}");
        }
    }
}
