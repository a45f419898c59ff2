//! What must hold, whatever happens: the invariants of `docs/delivery.md`, as far as one delivery shows them.

use courant::model::delivery::DeliveryState::{self, *};

use super::database::{EditionWord, Policy, Rows};
use super::world::{Move, World};

/// Which rule the step from `before` to `after` breaks, if it breaks one.
pub fn broken(before: &World, happened: Move, after: &World, policy: Policy) -> Option<&'static str> {
    let rows = [after.written, after.synced];
    let relay = after.relay;
    let copies = relay.accepted.saturating_sub(1);
    if relay.accepted > 0 && rows.iter().any(has_forgotten) {
        return Some("the relay has accepted it, and the database does not even suspect so");
    }
    if rows.iter().any(|rows| u32::from(copies) > rows.doubts) {
        return Some("I10: there are more copies than doubts");
    }
    if policy != Policy::Retry && copies > after.said_again {
        return Some("I10: a copy, although the policy does not repeat what is in doubt");
    }
    if enters(before, after, Sent) && relay.accepted == 0 && !may_be_assumed(happened, after, policy) {
        return Some(
            "I6: `sent`, and neither has the relay accepted it nor does anybody take that for granted",
        );
    }
    if enters(before, after, Failed) && !before.settles_refused(happened) {
        return Some("`failed`, and the relay has not refused it");
    }
    if enters(before, after, Expired) && after.written.attempt == 0 {
        return Some("`expired`, and it was never tried");
    }
    if is_marked(before, happened, after) && !may_be_sent(&after.written) {
        return Some("I4: granted, and the edition is not being sent or the reader has left");
    }
    // What was only written may be gone after a loss of power: then it is in doubt, as the rules above say.
    if happened != Move::PowerCut && has_left_its_end(&before.written, &after.written)
        || has_left_its_end(&before.synced, &after.synced)
    {
        return Some("I9: an end was left");
    }
    if rows.iter().any(|rows| rows.is_finished && !is_over(rows)) {
        return Some("the edition is finished, and its delivery may still go out");
    }
    None
}

/// Whether nothing is left to do.
pub fn is_at_rest(world: &World) -> bool {
    let rows = &world.written;
    world.written == world.synced && rows.is_finished && has_ended(rows.state)
}

fn has_forgotten(rows: &Rows) -> bool {
    !matches!(rows.state, Sending | Sent) && rows.doubts == 0
}

/// Whether the step ends the delivery so. Ends are not left, so this is the moment to ask why.
fn enters(before: &World, after: &World, state: DeliveryState) -> bool {
    before.written.state != state && after.written.state == state
}

fn may_be_assumed(happened: Move, after: &World, policy: Policy) -> bool {
    after.written.doubts > 0 && (policy == Policy::AssumeSent || happened == Move::ResolveSent)
}

fn is_marked(before: &World, happened: Move, after: &World) -> bool {
    matches!(happened, Move::MarkAhead(_) | Move::Mark(_) | Move::Check(_))
        && after.grants() > before.grants()
}

fn may_be_sent(rows: &Rows) -> bool {
    rows.edition == EditionWord::Sending && rows.is_wanted
}

fn has_ended(state: DeliveryState) -> bool {
    matches!(state, Sent | Failed | Cancelled | Expired)
}

fn has_left_its_end(before: &Rows, after: &Rows) -> bool {
    has_ended(before.state) && before.state != after.state
}

fn is_over(rows: &Rows) -> bool {
    has_ended(rows.state) || rows.state == Uncertain && rows.edition == EditionWord::Cancelled
}
