//! What is wrong with a database: its pages, its references, and what must hold between its rows.

use std::path::Path;

use serde::Serialize;
use sqlx::{Connection, FromRow, SqliteConnection};

use super::{connect_to_ours, damage, unusable};
use crate::store::Error;

const BEGIN_READING: &str = "BEGIN";
const REFERENCES: &str = "PRAGMA foreign_key_check";

const AUDIENCE: &str =
    "SELECT n.slug || '/' || CASE WHEN e.group_id > 0 THEN e.group_id || '.' ELSE '' END || e.number || ' went to ' || e.audience || ' subscribers and has '
        || count(d.edition_id) || ' deliveries'
    FROM edition e JOIN newsletter n ON n.id = e.newsletter_id LEFT JOIN delivery d ON d.edition_id = e.id
    GROUP BY e.id HAVING count(d.edition_id) <> e.audience ORDER BY e.id LIMIT 100";
const UNFINISHED: &str = "SELECT n.slug || '/' || CASE WHEN e.group_id > 0 THEN e.group_id || '.' ELSE '' END || e.number || ' is over, and has deliveries that still wait'
    FROM edition e JOIN newsletter n ON n.id = e.newsletter_id
    WHERE e.finished_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM delivery d
        WHERE d.edition_id = e.id AND d.state IN ('queued', 'leased', 'sending', 'deferred'))
    ORDER BY e.id LIMIT 100";
const LOST_EDITION: &str = "SELECT 'article ' || l.article_id || ' went out in ' || n.slug
        || ', in an edition that is not there or another newsletter''s'
    FROM ledger l JOIN newsletter n ON n.id = l.newsletter_id
    LEFT JOIN edition e ON e.id = l.edition_id AND e.newsletter_id = l.newsletter_id
    WHERE l.state = 'published' AND e.id IS NULL ORDER BY l.article_id LIMIT 100";
const TWO_EDITIONS: &str =
    "SELECT 'article ' || l.article_id || ' is in ' || count(*) || ' editions of ' || n.slug
    FROM ledger l JOIN newsletter n ON n.id = l.newsletter_id
    WHERE l.state = 'published' GROUP BY l.newsletter_id, l.article_id HAVING count(*) > 1 LIMIT 100";
const MAILED_ALTHOUGH_SUPPRESSED: &str =
    "SELECT 'subscriber ' || u.id || ' is suppressed, and subscribed to ' || n.slug
    FROM suppression x JOIN subscriber u ON u.address_hash = x.address_hash
    JOIN subscription s ON s.subscriber_id = u.id AND s.state = 'active'
    JOIN newsletter n ON n.id = s.newsletter_id ORDER BY u.id LIMIT 100";

/// What must hold between rows, each with a statement that names those for which it does not.
const INVARIANTS: [(&str, &str); 5] = [
    ("audience", AUDIENCE),
    ("unfinished", UNFINISHED),
    ("lost_edition", LOST_EDITION),
    ("two_editions", TWO_EDITIONS),
    ("suppressed", MAILED_ALTHOUGH_SUPPRESSED),
];

/// Something that is wrong with a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which rule is broken: `damage`, `reference`, or one of our own.
    pub rule: &'static str,
    /// Where, and how. Never an address.
    pub detail: String,
}

#[derive(FromRow)]
struct LostReference {
    table: String,
    rowid: Option<i64>,
    parent: String,
}

/// All that is wrong with a database, at one moment: a daemon may go on writing. Each rule names at most a hundred
/// places.
///
/// # Errors
/// If the file is none of ours, or so damaged that nothing can be asked of it.
pub async fn check(database: &Path) -> Result<Vec<Finding>, Error> {
    let mut connection = connect_to_ours(database).await?;
    sqlx::query(BEGIN_READING).execute(&mut connection).await?;
    let damage = damage(&mut connection).await.map_err(|error| unusable(database, error))?;
    let mut findings: Vec<_> = damage.into_iter().map(|detail| Finding { rule: "damage", detail }).collect();
    // In a damaged file the rest may be wrong, or not answered at all.
    if findings.is_empty() {
        findings.extend(lost_references(&mut connection).await?);
        for (rule, statement) in INVARIANTS {
            let broken: Vec<String> = sqlx::query_scalar(statement).fetch_all(&mut connection).await?;
            findings.extend(broken.into_iter().map(|detail| Finding { rule, detail }));
        }
    }
    connection.close().await?;
    Ok(findings)
}

async fn lost_references(connection: &mut SqliteConnection) -> Result<Vec<Finding>, sqlx::Error> {
    let lost: Vec<LostReference> = sqlx::query_as(REFERENCES).fetch_all(connection).await?;
    let found = |LostReference { table, rowid, parent }| {
        let row = rowid.map_or_else(|| format!("a row of {table}"), |id| format!("row {id} of {table}"));
        Finding { rule: "reference", detail: format!("{row} refers to a row of {parent} that is not there") }
    };
    Ok(lost.into_iter().take(100).map(found).collect())
}
