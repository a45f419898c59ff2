//! Reports that come back, and refusals → what follows for the subscriber. The rules are in `docs/bounces.md`.
//!
//! A report is believed only as far as it names a delivery by a name that we signed, in the address that it came to or
//! in the header of the mail that came back; whom it names otherwise does not matter.

use crate::mail::cause::Class;
use crate::mail::reply::Reply;
use crate::mail::report::{self, BounceClass, Reading, Report};
use crate::model::delivery::Outcome;
use crate::model::edition::EditionId;
use crate::model::report::{Consequence, ReportKind};
use crate::model::subscriber::SubscriberId;
use crate::model::time::Timestamp;
use crate::model::token::{Key, Token};
use crate::store::{Attempt, DeliveryKey, Error, NewReport, Store};

/// What became of a mail that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ingested {
    /// It was taken into account.
    Recorded(ReportKind, Consequence),
    /// It had been before, or is about a delivery that never was.
    Known,
    /// It names no delivery of ours, or none that we signed.
    Unsigned,
    /// It is nothing to us: an automatic reply, a person's letter.
    Nothing,
}

/// Takes a mail into account, once however often it is handed in.
///
/// # Errors
/// If the database fails: the mail should be handed in again.
pub async fn ingest(store: &Store, bytes: &[u8], now: Timestamp) -> Result<Ingested, Error> {
    let reading = report::read(bytes);
    let tokens = || reading.tokens.iter().filter_map(|token| store.key().verify(token));
    let delivery = || {
        tokens().find_map(|token| match token {
            Token::Bounce(edition, subscriber) => Some((edition, subscriber)),
            _ => None,
        })
    };
    if matches!(reading.report, Report::Unsubscribe) {
        return unsubscribe(store, &reading, bytes, now).await;
    }
    let Some((kind, reason)) = kind(&reading.report) else { return Ok(Ingested::Nothing) };
    let Some((edition, subscriber)) = delivery() else { return Ok(Ingested::Unsigned) };
    let bounce = reading.report.decisive();
    let report = NewReport {
        fingerprint: fingerprint(store.key(), &reading, bytes, (edition, subscriber)),
        delivery: DeliveryKey { edition, subscriber },
        kind,
        reason,
        status: bounce.and_then(|bounce| bounce.status).map(|status| status.to_string()),
        diagnostic: bounce.map(|bounce| bounce.diagnostic.clone()).filter(|words| !words.is_empty()),
    };
    let followed = store.record_report(&report, now).await?;
    Ok(followed.map_or(Ingested::Known, |followed| Ingested::Recorded(kind, followed)))
}

/// What a relay's refusal says about the address that it refuses, in the form of a report: it takes effect by the same
/// rules. `None` if it does not speak of the address; the delivery keeps the relay's words anyway.
pub fn refused(reply: &Reply, attempt: Attempt) -> Option<NewReport> {
    let kind = match reply.class() {
        _ if reply.outcome() != Outcome::Refused => return None,
        Class::Address => ReportKind::HardBounce,
        Class::Mailbox => ReportKind::SoftBounce,
        Class::Us | Class::Message | Class::Transient | Class::Unclear => return None,
    };
    let Attempt { key, number } = attempt;
    Some(NewReport {
        fingerprint: format!("reply:{}:{}:{number}", key.edition.0, key.subscriber.0).into_bytes(),
        delivery: key,
        kind,
        reason: reply.reason().as_str().to_owned(),
        status: reply.status().map(|status| status.to_string()),
        diagnostic: Some(reply.to_string()),
    })
}

async fn unsubscribe(
    store: &Store,
    reading: &Reading,
    bytes: &[u8],
    now: Timestamp,
) -> Result<Ingested, Error> {
    let token = reading.tokens.iter().find_map(|token| store.key().verify(token));
    let Some(Token::Subscription(subscriber, newsletter)) = token else { return Ok(Ingested::Unsigned) };
    let fingerprint = fingerprint(store.key(), reading, bytes, (EditionId(0), subscriber));
    let followed = store.record_unsubscription(&fingerprint, (subscriber, newsletter), now).await?;
    let recorded = |followed| Ingested::Recorded(ReportKind::Unsubscribe, followed);
    Ok(followed.map_or(Ingested::Known, recorded))
}

/// What a report is to us, and why as a word; `None` if nothing follows whatever it says.
fn kind(report: &Report) -> Option<(ReportKind, String)> {
    match report {
        Report::Complaint { kind, .. } => Some((ReportKind::Complaint, kind.clone())),
        Report::Bounce(_) => {
            let bounce = report.decisive()?;
            let kind = match bounce.class() {
                _ if bounce.is_delay => ReportKind::Delay,
                BounceClass::Hard => ReportKind::HardBounce,
                BounceClass::Soft => ReportKind::SoftBounce,
                BounceClass::Ours => ReportKind::OurFault,
            };
            Some((kind, bounce.reason.as_str().to_owned()))
        }
        Report::AutoReply | Report::Unsubscribe | Report::Nothing => None,
    }
}

/// What tells a report from every other one: its Message-ID, or all of it where it has none, and the delivery. Servers
/// on the way may add lines to the same mail.
fn fingerprint(
    key: &Key,
    reading: &Reading,
    bytes: &[u8],
    (edition, subscriber): (EditionId, SubscriberId),
) -> Vec<u8> {
    let whole = || String::from_utf8_lossy(bytes).into_owned();
    let name = reading.message_id.clone().unwrap_or_else(whole);
    key.hash(&format!("report:{}:{}:{name}", edition.0, subscriber.0))
}
