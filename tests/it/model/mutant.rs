//! Programs that are wrong in one way, each of which the exploration must find out.

use super::database::Deed;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// The dot is written without a marker.
    NoMarker,
    /// A marker is set whoever holds the claim, and whichever attempt it is.
    NoCompareAndSet,
    /// What was marked by a dead daemon is taken back as if it had only been claimed.
    SendingTakenBack,
    /// The dot is written before its marker is synced.
    DotBeforeSync,
    /// A marker that was set ahead of its turn is not checked again.
    NoSecondLook,
    /// The number of an attempt whose worker is lost is used again by the same daemon.
    NumberUsedAgain,
}

const ONLY_LOOK: &str = "UPDATE delivery SET state = state
    WHERE state = 'leased' AND owner = $1 AND $2 > 0
      AND EXISTS (SELECT 1 FROM edition e WHERE e.id = delivery.edition_id AND e.state = 'sending')
      AND EXISTS (SELECT 1 FROM subscription s WHERE s.subscriber_id = delivery.subscriber_id AND s.state = 'active')";
const MARK: &str = "UPDATE delivery SET state = 'sending', marked_at = $2
    WHERE state IN ('leased', 'sending') AND $1 > 0
      AND EXISTS (SELECT 1 FROM edition e WHERE e.id = delivery.edition_id AND e.state = 'sending')
      AND EXISTS (SELECT 1 FROM subscription s WHERE s.subscriber_id = delivery.subscriber_id AND s.state = 'active')";
const TAKE_BACK: &str =
    "UPDATE delivery SET state = 'queued', attempt = attempt - 1, owner = NULL, lease_until = NULL
    WHERE state IN ('leased', 'sending') AND (owner <> $1 OR lease_until < $2)";
const USE_AGAIN: &str =
    "UPDATE delivery SET state = 'queued' , attempt = attempt - 1, owner = NULL, lease_until = NULL
    WHERE state = 'leased' AND (owner <> $1 OR lease_until < $2)";

impl Mutant {
    /// What this program does where the right one does `deed`; `None`: nothing.
    pub fn instead_of(self, deed: Deed) -> Option<Deed> {
        match (self, deed) {
            (Self::NoMarker, Deed::Mark(daemon, _) | Deed::Check(daemon, _)) => {
                Some(Deed::Wrong(daemon, ONLY_LOOK))
            }
            (Self::NoSecondLook, Deed::Check(..)) => None,
            (Self::NoCompareAndSet, Deed::Mark(daemon, _)) => Some(Deed::Wrong(daemon, MARK)),
            (Self::SendingTakenBack, Deed::Recover(daemon, _)) => Some(Deed::Wrong(daemon, TAKE_BACK)),
            (Self::NumberUsedAgain, Deed::Recover(daemon, _)) => Some(Deed::Wrong(daemon, USE_AGAIN)),
            (_, deed) => Some(deed),
        }
    }
}
