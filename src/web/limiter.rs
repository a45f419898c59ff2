//! How often something was asked in the name of each of many. It is kept in memory: what is asked so often must cost no
//! write, and who begins anew after a restart has gained little.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use super::Error;
use crate::model::allowance::{Allowance, milliseconds};
use crate::model::time::Timestamp;

/// Above this many those that have all of their allowance again are forgotten.
const MANY: usize = 10_000;

/// When each has all of its allowance again, as [`Allowance::take`] says it.
pub(super) struct Limiter<K>(Mutex<HashMap<K, i64>>);

impl<K> Default for Limiter<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Limiter<K> {
    /// Counts one request.
    ///
    /// # Errors
    /// [`Error::TooMany`] if there were too many.
    pub(super) fn admit(&self, key: K, allowance: Allowance, now: Timestamp) -> Result<(), Error> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() > MANY {
            taken.retain(|_, full_at| *full_at > milliseconds(now));
        }
        let full_at = taken.get(&key).copied().unwrap_or_default();
        let next = allowance.take(full_at, now).ok_or(Error::TooMany)?;
        taken.insert(key, next);
        Ok(())
    }
}
