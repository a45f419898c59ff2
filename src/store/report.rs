//! Reports: what came back after a delivery, each taken into account once.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{DeliveryKey, Error, Store, subscriber, suppression};
use crate::model::edition::EditionId;
use crate::model::newsletter::NewsletterId;
use crate::model::report::{Arrival, Consequence, ReportKind, is_given_up};
use crate::model::shape::GroupId;
use crate::model::subscriber::{EmailAddress, SubscriberId};
use crate::model::suppression::SuppressionReason;
use crate::model::time::Timestamp;
use crate::model::token::Key;

/// How many deliveries of a subscriber are looked at to find a row of bounces.
const MOST_ARRIVALS: i64 = 60;

const IS_KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM report WHERE fingerprint = $1)";
const INSERT: &str = "INSERT INTO report
    (fingerprint, at, edition_id, subscriber_id, kind, reason, status, diagnostic, consequence)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const OWNER: &str = "SELECT address FROM subscriber WHERE id = $1";
/// Whether the delivery went to an address that its reader has given up since.
const WENT_ELSEWHERE: &str =
    "SELECT EXISTS (SELECT 1 FROM subscriber s JOIN delivery d ON d.subscriber_id = s.id
    WHERE s.id = $1 AND d.edition_id = $2 AND s.address_at > coalesce(d.marked_at, d.settled_at, 0))";
const ARRIVALS: &str = "SELECT e.published_at, d.edition_id = $2 OR EXISTS (SELECT 1 FROM report r WHERE r.subscriber_id = d.subscriber_id
        AND r.edition_id = d.edition_id AND r.kind = 'soft_bounce') AS has_bounced
    FROM delivery d JOIN edition e ON e.id = d.edition_id
    WHERE d.subscriber_id = $1 AND d.edition_id <= $2
      AND (d.state = 'sent' OR d.edition_id = $2 OR EXISTS (SELECT 1 FROM report r
        WHERE r.subscriber_id = d.subscriber_id AND r.edition_id = d.edition_id AND r.kind = 'soft_bounce'))
      AND NOT EXISTS (SELECT 1 FROM report r WHERE r.subscriber_id = d.subscriber_id
        AND r.edition_id = d.edition_id AND r.kind = 'our_fault')
    ORDER BY d.edition_id DESC LIMIT $3";
const WAS_DELIVERED: &str =
    "SELECT EXISTS (SELECT 1 FROM delivery WHERE edition_id = $1 AND subscriber_id = $2 AND attempt > 0)";
const REPORTS_OF: &str =
    "SELECT r.at, r.edition_id, n.slug AS newsletter, e.group_id, e.number, r.kind, r.reason, r.status, r.diagnostic,
        r.consequence
    FROM report r LEFT JOIN edition e ON e.id = r.edition_id LEFT JOIN newsletter n ON n.id = e.newsletter_id
    WHERE r.subscriber_id = $1 ORDER BY r.at DESC, r.id DESC LIMIT $2";
const FORGET: &str = "UPDATE report SET diagnostic = NULL WHERE subscriber_id = $1";

/// A report about a delivery that a signed name of ours names.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// What tells this mail from every other one.
    pub fingerprint: Vec<u8>,
    /// The delivery.
    pub delivery: DeliveryKey,
    /// What it is to us.
    pub kind: ReportKind,
    /// Why, as a word.
    pub reason: String,
    /// The enhanced status code.
    pub status: Option<String>,
    /// The other system's words.
    pub diagnostic: Option<String>,
}

/// A report as it is kept.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Report {
    /// When it was taken into account.
    pub at: Timestamp,
    /// The edition that it is about; a mail to unsubscribe names none.
    pub edition_id: Option<EditionId>,
    /// The newsletter of that edition.
    pub newsletter: Option<String>,
    /// To which group the edition goes; none: it is the newsletter's own.
    #[sqlx(rename = "group_id")]
    pub group: Option<GroupId>,
    /// The number of that edition.
    pub number: Option<i64>,
    /// What it was to us.
    pub kind: ReportKind,
    /// Why, as a word.
    pub reason: String,
    /// The enhanced status code.
    pub status: Option<String>,
    /// The other system's words.
    pub diagnostic: Option<String>,
    /// What followed.
    pub consequence: Consequence,
}

impl Store {
    /// Takes a report into account, all or nothing, and returns what followed; `None` if it was known, or if there never
    /// was such a delivery.
    pub async fn record_report(
        &self,
        report: &NewReport,
        now: Timestamp,
    ) -> Result<Option<Consequence>, Error> {
        let mut transaction = self.write.begin().await?;
        let consequence = record(&mut transaction, &self.key, report, now).await?;
        transaction.commit().await?;
        Ok(consequence)
    }

    /// Ends a subscription because its reader wrote to the address that ends it; `None` if this mail was known.
    pub async fn record_unsubscription(
        &self,
        fingerprint: &[u8],
        (id, newsletter): (SubscriberId, NewsletterId),
        now: Timestamp,
    ) -> Result<Option<Consequence>, Error> {
        let mut transaction = self.write.begin().await?;
        let is_known: bool =
            sqlx::query_scalar(IS_KNOWN).bind(fingerprint).fetch_one(&mut *transaction).await?;
        if is_known {
            return Ok(None);
        }
        let has_ended = subscriber::end(&mut transaction, (id, newsletter), "mail", now).await?;
        let consequence = if has_ended { Consequence::Ended } else { Consequence::Nothing };
        sqlx::query(INSERT)
            .bind(fingerprint)
            .bind(now)
            .bind(None::<EditionId>)
            .bind(id)
            .bind(ReportKind::Unsubscribe)
            .bind("unsubscribe")
            .bind(None::<&str>)
            .bind(None::<&str>)
            .bind(consequence)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(consequence))
    }

    /// What came back for a subscriber, the latest first.
    pub async fn reports_of(&self, subscriber: SubscriberId, limit: i64) -> Result<Vec<Report>, Error> {
        Ok(sqlx::query_as(REPORTS_OF).bind(subscriber).bind(limit).fetch_all(&self.read).await?)
    }
}

/// Takes a report into account, and returns what followed; `None` if it was known, or there never was such a delivery.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    key: &Key,
    report: &NewReport,
    now: Timestamp,
) -> Result<Option<Consequence>, Error> {
    let DeliveryKey { edition, subscriber } = report.delivery;
    let is_known: bool =
        sqlx::query_scalar(IS_KNOWN).bind(&report.fingerprint).fetch_one(&mut *connection).await?;
    let query = sqlx::query_scalar(WAS_DELIVERED).bind(edition).bind(subscriber);
    let was_delivered: bool = query.fetch_one(&mut *connection).await?;
    if is_known || !was_delivered {
        return Ok(None);
    }
    let owner: Option<String> =
        sqlx::query_scalar(OWNER).bind(subscriber).fetch_optional(&mut *connection).await?;
    let query = sqlx::query_scalar(WENT_ELSEWHERE).bind(subscriber).bind(edition);
    let went_elsewhere: bool = query.fetch_one(&mut *connection).await?;
    // What the old mailbox says is nothing to the new one; who calls it spam means every address of theirs.
    let owner = owner.filter(|_| report.kind == ReportKind::Complaint || !went_elsewhere);
    let consequence = match &owner {
        Some(address) => follow(connection, key, (report, address), now).await?,
        None => Consequence::Nothing,
    };
    sqlx::query(INSERT)
        .bind(&report.fingerprint)
        .bind(now)
        .bind(edition)
        .bind(subscriber)
        .bind(report.kind)
        .bind(&report.reason)
        .bind(report.status.as_deref())
        .bind(report.diagnostic.as_deref().filter(|_| owner.is_some()))
        .bind(consequence)
        .execute(connection)
        .await?;
    Ok(Some(consequence))
}

async fn follow(
    connection: &mut SqliteConnection,
    key: &Key,
    (report, address): (&NewReport, &str),
    now: Timestamp,
) -> Result<Consequence, Error> {
    let reason = match report.kind {
        ReportKind::HardBounce => SuppressionReason::HardBounce,
        ReportKind::Complaint => SuppressionReason::Complaint,
        ReportKind::SoftBounce if is_in_a_row(connection, report.delivery, now).await? => {
            SuppressionReason::SoftBounces
        }
        ReportKind::SoftBounce => return Ok(Consequence::Counted),
        ReportKind::OurFault | ReportKind::Delay | ReportKind::Unsubscribe => {
            return Ok(Consequence::Nothing);
        }
    };
    let row = || report.delivery.subscriber.0.to_string();
    let corrupt = |_| Error::Corrupt { what: "subscriber.address", row: row() };
    let address: EmailAddress = address.parse().map_err(corrupt)?;
    let hash = key.hash(&address.key());
    let words = report.diagnostic.as_deref();
    suppression::insert(connection, (&address, &hash), reason, words, now).await?;
    Ok(Consequence::Suppressed)
}

/// Whether this delivery is the latest of so many in a row that came back that the address is given up.
async fn is_in_a_row(
    connection: &mut SqliteConnection,
    DeliveryKey { edition, subscriber }: DeliveryKey,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let query = sqlx::query_as(ARRIVALS).bind(subscriber).bind(edition).bind(MOST_ARRIVALS);
    let rows: Vec<(Timestamp, bool)> = query.fetch_all(connection).await?;
    let arrival = |(published_at, has_bounced)| Arrival { published_at, has_bounced };
    Ok(is_given_up(&rows.into_iter().map(arrival).collect::<Vec<_>>(), now))
}

/// Leaves of what came back for a subscriber no words in which the address may stand.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    subscriber: SubscriberId,
) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET).bind(subscriber).execute(connection).await?;
    Ok(())
}
