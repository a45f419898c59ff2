//! Deliveries: claimed, marked, settled. The rules are in `docs/delivery.md`.

mod claim;
mod exchange;
mod grant;
mod list;
mod meter;
mod pulse;
mod step;
mod tally;
mod upkeep;

pub use claim::{Claim, WaitingEdition};
pub use exchange::{Exchange, Granted, Settlement, Snapshot};
pub use list::{DeliveryFilter, ListedDelivery};
pub(super) use meter::Meter;
pub(super) use pulse::Pulse;
pub use tally::{ALL_RELAYS, Handed};
pub use upkeep::Counts;

use crate::model::edition::EditionId;
use crate::model::subscriber::SubscriberId;

/// Which delivery: one edition to one subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryKey {
    /// The edition.
    pub edition: EditionId,
    /// The subscriber.
    pub subscriber: SubscriberId,
}

/// One attempt at a delivery. Only who holds this attempt may mark or settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// The delivery.
    pub key: DeliveryKey,
    /// Which attempt at it, from 1.
    pub number: u32,
}
