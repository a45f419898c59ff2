//! Mail that its domain vouches for, and keys as operators meet them.

mod keys;

use std::sync::LazyLock;

use courant::model::dkim::{Algorithm, Key};

/// One key of each kind, made once for all tests.
static RSA: LazyLock<Key> = LazyLock::new(|| Key::generate(Algorithm::Rsa).unwrap());
static ED25519: LazyLock<Key> = LazyLock::new(|| Key::generate(Algorithm::Ed25519).unwrap());
