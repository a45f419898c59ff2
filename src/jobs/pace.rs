//! How often others' servers are asked: seldom where nothing changes, and never by several of us at the same moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::model::time::Timestamp;

/// How long a server is left alone after one request before another of our sources asks it.
const BETWEEN_REQUESTS: Duration = Duration::from_secs(5);

/// By how much the pause grows with each pull that brings nothing, and shrinks with each that brings something.
const SLOWER: (u32, u32) = (5, 4);
const FASTER: (u32, u32) = (3, 4);

/// The bounds of the pause, as multiples of what the operator asks for.
const SLOWEST: u32 = 4;
const FASTEST: u32 = 2;

/// Nobody is asked more often than this, however much is new.
const SHORTEST: Duration = Duration::from_mins(1);

/// Nor less often than this because nothing is new, unless the operator wants it so.
const LONGEST: Duration = Duration::from_hours(24);

/// By which part of itself a pause may be longer, by chance: sources that began together do not stay together.
const JITTER: u32 = 10;

/// When each server was asked last, by any source of ours. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Hosts(Arc<Mutex<HashMap<String, Timestamp>>>);

impl Hosts {
    /// Whether `host` may be asked now. If so, it counts as asked.
    pub fn admit(&self, host: &str, now: Timestamp) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes nobody wait for it.
        asked.retain(|_, at| *at <= now && now.since(*at) < BETWEEN_REQUESTS);
        if asked.contains_key(host) {
            return false;
        }
        asked.insert(host.to_owned(), now);
        true
    }
}

/// How long a feed is left alone after a pull that went well, where its operator asks for `every`: a little less after each
/// pull that brought something, a little more after each that did not, from half of it to four times as long.
pub(super) fn next_pause(every: Duration, last: Duration, is_change: bool) -> Duration {
    if last.is_zero() {
        return every;
    }
    let (shortest, longest) = ((every / FASTEST).max(SHORTEST), (every * SLOWEST).min(LONGEST).max(every));
    let pause = if is_change {
        last.min(every) * FASTER.0 / FASTER.1
    } else {
        last.min(longest) * SLOWER.0 / SLOWER.1
    };
    pause.max(shortest).min(longest)
}

/// A pause with its jitter, which depends on who pauses, and from when on.
pub(super) fn jittered(pause: Duration, name: &str, now: Timestamp) -> Duration {
    let digest = Sha256::digest(format!("{name}\0{}", now.as_unix()));
    let chance = u32::from(u16::from_be_bytes([digest[0], digest[1]]));
    pause + pause / JITTER * chance / u32::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_grows_while_nothing_is_new_and_shrinks_while_much_is() {
        let every = Duration::from_mins(20);
        let mut pause = next_pause(every, Duration::ZERO, true);
        assert_eq!(pause, every);
        let mut minutes = |is_change: bool, times: usize| {
            (0..times).for_each(|_| pause = next_pause(every, pause, is_change));
            pause.as_secs() / 60
        };
        assert_eq!([minutes(false, 1), minutes(false, 2), minutes(false, 50)], [25, 39, 80]);
        assert_eq!([minutes(true, 1), minutes(true, 1), minutes(true, 50)], [15, 11, 10]);
        let day = Duration::from_hours(24);
        assert_eq!(next_pause(day * 3, day * 3, false), day * 3, "the operator's word is the longest");
        assert_eq!(next_pause(SHORTEST, SHORTEST, true), SHORTEST);
    }

    #[test]
    fn jitter_is_never_early_and_never_much() {
        let pause = Duration::from_hours(1);
        let jittered: Vec<_> =
            (0..500).map(|second| jittered(pause, "wire", Timestamp::from_unix(second))).collect();
        assert!(jittered.iter().all(|one| (pause..=pause + Duration::from_mins(6)).contains(one)));
        assert!(jittered.iter().max() > Some(&(pause + Duration::from_mins(5))));
        assert!(jittered.iter().min() < Some(&(pause + Duration::from_mins(1))));
    }

    #[test]
    fn a_server_is_asked_by_one_at_a_time_and_others_do_not_wait_for_it() {
        let (hosts, now) = (Hosts::default(), Timestamp::from_unix(1_000));
        assert!(hosts.admit("a:443", now) && hosts.admit("b:443", now));
        assert!(!hosts.admit("a:443", now) && !hosts.admit("a:443", now + Duration::from_secs(4)));
        assert!(hosts.admit("a:443", now + BETWEEN_REQUESTS));
        assert!(hosts.admit("a:443", now - Duration::from_hours(1)), "a clock set back");
    }
}
