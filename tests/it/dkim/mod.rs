//! Mail that its domain vouches for, and keys as operators meet them.

mod commands;
mod keys;
mod receiver;
mod signing;

use std::sync::LazyLock;

use courant::model::dkim::{Algorithm, Key, Signer};

/// One key of each kind, made once for all tests.
static RSA: LazyLock<Key> = LazyLock::new(|| Key::generate(Algorithm::Rsa).unwrap());
static ED25519: LazyLock<Key> = LazyLock::new(|| Key::generate(Algorithm::Ed25519).unwrap());

fn signer(selector: &str, key: &Key) -> Signer {
    Signer { domain: "news.example.org".to_owned(), selector: selector.to_owned(), key: key.clone() }
}

fn both() -> Vec<Signer> {
    vec![signer("r2026", &RSA), signer("e2026", &ED25519)]
}
