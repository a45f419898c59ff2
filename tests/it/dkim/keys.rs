use std::fs;
use std::path::Path;

use courant::config::{self, Config, Environment, Errors};
use courant::model::dkim::{Algorithm, Key};
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::{ED25519, RSA};

const START: &str = "[publication]\ntitle = 'The Courier'\nbase_url = 'https://courier.example.org'\n\
    [mail]\nfrom = 'The Courier <digest@news.example.org>'\nrelay.url = 'smtp://127.0.0.1:25'\n";

/// A directory with one file for each thing that may be named as a key.
fn directory() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("rsa.pem", RSA.to_pem().unwrap().expose_secret());
    write("ed25519.pem", ED25519.to_pem().unwrap().expose_secret());
    write("short.pem", include_str!("../../fixtures/dkim/rsa-1024.pem"));
    write("curve.pem", &rcgen::KeyPair::generate().unwrap().serialize_pem());
    write("public.pem", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n");
    write("notes.pem", "not2BeSeen\n");
    directory
}

fn entry(domain: &str, selector: &str, key_file: &str) -> String {
    format!("[[mail.dkim]]\ndomain = '{domain}'\nselector = '{selector}'\nkey_file = '{key_file}'\n")
}

fn load(directory: &Path, entries: &[String]) -> Result<Config, Errors> {
    let path = directory.join("courant.toml");
    fs::write(&path, format!("{START}{}", entries.concat())).unwrap();
    config::load_in(&path, &Environment::default())
}

#[test]
fn keys_of_both_kinds_sign_and_the_file_says_which_kind_they_are() {
    let directory = directory();
    let entries =
        [entry("news.example.org", "r1", "rsa.pem"), entry("EXAMPLE.org", "e1.mail", "ed25519.pem")];
    let config = load(directory.path(), &entries).unwrap();
    let names: Vec<_> = config.mail.iter().flat_map(|mail| &mail.dkim).collect();
    let names: Vec<_> = names.iter().map(|signer| (signer.record_name(), signer.key.algorithm())).collect();
    let expected = [
        ("r1._domainkey.news.example.org".to_owned(), Algorithm::Rsa),
        ("e1.mail._domainkey.example.org".to_owned(), Algorithm::Ed25519),
    ];
    assert_eq!(names, expected);
    assert!(config.warnings.is_empty());
    let printed = format!("{config:?}");
    let pem = RSA.to_pem().unwrap();
    let line = pem.expose_secret().lines().nth(1).unwrap();
    assert!(printed.contains("Key(rsa-sha256, ***)") && !printed.contains(line));
}

#[test]
fn what_is_wrong_with_a_key_is_told_at_its_place_with_what_would_be_right() {
    let directory = directory();
    let entries = [
        entry("news.example.org", "a", "missing.pem"),
        entry("news.example.org", "b", "short.pem"),
        entry("news.example.org", "c", "curve.pem"),
        entry("news.example.org", "d", "public.pem"),
        entry("news.example.org", "e", "notes.pem"),
        entry("example.net", "f", "rsa.pem"),
        entry("org", "g", "rsa.pem"),
        entry("127.0.0.1", "h", "rsa.pem"),
        entry("news.example.org", "under_score", "rsa.pem"),
        entry("news.example.org", "same", "rsa.pem"),
        entry("news.example.org", "Same", "rsa.pem"),
        "[[mail.dkim]]\nkeyfile = 'rsa.pem'\n".to_owned(),
    ];
    let told = load(directory.path(), &entries).unwrap_err().to_string();
    assert!(!told.contains("not2BeSeen"), "{told}");
    insta::assert_snapshot!(told.replace(&format!("{}/", directory.path().display()), ""));
}

#[test]
fn an_ed25519_key_alone_gives_a_warning() {
    let directory = directory();
    let config = load(directory.path(), &[entry("news.example.org", "e1", "ed25519.pem")]).unwrap();
    let warnings: Vec<&str> = config.warnings.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(warnings, ["many receivers cannot check Ed25519 and take this mail for unsigned"]);
}

#[test]
fn a_file_is_read_anew_with_the_configuration() {
    let directory = directory();
    let entries = [entry("news.example.org", "r1", "rsa.pem")];
    let record = || load(directory.path(), &entries).unwrap().mail.unwrap().dkim[0].record().unwrap();
    let before = record();
    let key = Key::generate(Algorithm::Ed25519).unwrap();
    fs::write(directory.path().join("rsa.pem"), key.to_pem().unwrap().expose_secret()).unwrap();
    assert_ne!(before, record());
}
