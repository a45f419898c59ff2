//! Importing subscribers: rows are staged apart, then take effect in one transaction or not at all.

use serde::Serialize;
use sqlx::{ConnectOptions, Connection, FromRow, QueryBuilder, Sqlite, SqliteConnection};

use super::{BEGIN, Error, Store, consent, open};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;
use crate::model::token::Key;

/// A temporary table is this connection's own: while rows are staged nobody waits for the database.
const STAGE: &str = "CREATE TEMPORARY TABLE import (
    address_key  TEXT PRIMARY KEY NOT NULL,
    address      TEXT NOT NULL,
    address_hash BLOB NOT NULL,
    name         TEXT,
    domain       TEXT NOT NULL
) STRICT, WITHOUT ROWID";
/// With the usual cache the pages of a million addresses' indexes would be written over and over.
const ENLARGE_CACHE: &str = "PRAGMA main.cache_size = -65536";
const ENLARGE_TEMPORARY_CACHE: &str = "PRAGMA temp.cache_size = -32768";

const COUNT: &str = "SELECT
        count(CASE WHEN x.address_hash IS NULL AND s.id IS NULL THEN 1 END) AS new,
        count(CASE WHEN x.address_hash IS NULL AND s.id IS NOT NULL AND t.state IS NULL THEN 1 END) AS added,
        count(CASE WHEN x.address_hash IS NULL AND t.state = 'pending' THEN 1 END) AS confirmed,
        count(CASE WHEN x.address_hash IS NULL AND t.state = 'active' THEN 1 END) AS already_active,
        count(CASE WHEN x.address_hash IS NULL AND t.state = 'ended' THEN 1 END) AS left_before,
        count(x.address_hash) AS suppressed
    FROM import i
    LEFT JOIN suppression x ON x.address_hash = i.address_hash
    LEFT JOIN subscriber s ON s.address_key = i.address_key
    LEFT JOIN subscription t ON t.subscriber_id = s.id AND t.newsletter_id = $1";
const INSERT_DOMAINS: &str =
    "INSERT INTO domain (name) SELECT DISTINCT domain FROM import WHERE true ON CONFLICT (name) DO NOTHING";
const INSERT_SUBSCRIBERS: &str =
    "INSERT INTO subscriber (address, address_key, address_hash, name, created_at, domain_id)
    SELECT address, address_key, address_hash, name, $1, (SELECT d.id FROM domain d WHERE d.name = import.domain)
    FROM import
    WHERE NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_hash = import.address_hash)
    ORDER BY address_key
    ON CONFLICT (address_key) DO UPDATE SET name = excluded.name
        WHERE subscriber.name IS NULL AND excluded.name IS NOT NULL";
const INSERT_SUBSCRIPTIONS: &str =
    "INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at)
    SELECT s.id, $1, 'active', $2, $3, $3
    FROM import i JOIN subscriber s ON s.address_key = i.address_key
    WHERE NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_hash = i.address_hash)
    ORDER BY s.id
    ON CONFLICT (newsletter_id, subscriber_id) DO UPDATE
        SET state = 'active', consent = excluded.consent, confirmed_at = excluded.confirmed_at
        WHERE subscription.state = 'pending'";

/// Who had asked for something of their own begins where their group stands.
const BEGIN_IN_GROUPS: &str = "UPDATE subscription
    SET mark = max(mark, (SELECT g.position FROM reader_group g WHERE g.id = subscription.group_id))
    WHERE newsletter_id = $1 AND group_id > 0 AND state = 'active' AND confirmed_at = $3 AND consent = $2";

/// In the record of consent stands what became active by this import.
const RECORD_CONSENT: &str = "INSERT INTO consent (subscriber_id, newsletter_id, at, act, form, wording_id)
    SELECT s.id, $1, $3, 'imported', 'operator', (SELECT id FROM wording WHERE text = $2)
    FROM import i JOIN subscriber s ON s.address_key = i.address_key
    JOIN subscription t ON t.newsletter_id = $1 AND t.subscriber_id = s.id
    WHERE t.state = 'active' AND t.confirmed_at = $3 AND t.consent = $2 AND NOT EXISTS (
        SELECT 1 FROM consent c WHERE c.subscriber_id = s.id AND c.newsletter_id = $1 AND c.at = $3)
    ORDER BY s.id";

/// What an import did, or would do, by how many addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromRow)]
pub struct Imported {
    /// Subscribers who were not known before.
    pub new: u64,
    /// Subscribers of something else, who now have this newsletter too.
    pub added: u64,
    /// Who had asked for it and not yet confirmed.
    pub confirmed: u64,
    /// Who had it already.
    pub already_active: u64,
    /// Who had left it; they stay out.
    pub left_before: u64,
    /// Who is suppressed or asked to be forgotten; they stay out.
    pub suppressed: u64,
    /// Rows with an address of a row before them, in any spelling of its case.
    #[sqlx(skip)]
    pub repeated: u64,
}

/// An import being prepared, on a connection of its own. Dropped, it leaves nothing.
pub struct Import {
    connection: SqliteConnection,
    key: Key,
    newsletter: NewsletterId,
    repeated: u64,
}

impl Store {
    /// Begins an import into a newsletter.
    pub async fn begin_import(&self, newsletter: NewsletterId) -> Result<Import, Error> {
        let options = open::options(&self.path).disable_statement_logging();
        let mut connection = options.connect().await?;
        for statement in [STAGE, ENLARGE_CACHE, ENLARGE_TEMPORARY_CACHE] {
            sqlx::query(statement).execute(&mut connection).await?;
        }
        Ok(Import { connection, key: self.key.clone(), newsletter, repeated: 0 })
    }
}

impl Import {
    /// Stages some people: at most some thousands at a time.
    pub async fn stage(&mut self, people: &[(EmailAddress, Option<String>)]) -> Result<(), Error> {
        if people.is_empty() {
            return Ok(());
        }
        let mut insert: QueryBuilder<Sqlite> =
            QueryBuilder::new("INSERT INTO import (address_key, address, address_hash, name, domain) ");
        insert.push_values(people, |mut row, (address, name)| {
            let key = address.key();
            let hash = self.key.hash(&key);
            row.push_bind(key).push_bind(address.as_str()).push_bind(hash).push_bind(name.as_deref());
            row.push_bind(address.domain().to_owned());
        });
        insert.push(" ON CONFLICT DO NOTHING");
        let staged = insert.build().execute(&mut self.connection).await?.rows_affected();
        self.repeated += people.len() as u64 - staged;
        Ok(())
    }

    /// Tells what [`Import::apply`] would do now, and leaves nothing.
    pub async fn rehearse(mut self) -> Result<Imported, Error> {
        let imported = self.count().await?;
        self.connection.close().await?;
        Ok(imported)
    }

    /// Makes all staged people active subscribers, but for who has left before or is suppressed. All of it, or on
    /// any error nothing: a connection that is dropped rolls back.
    pub async fn apply(mut self, words: &str, now: Timestamp) -> Result<Imported, Error> {
        sqlx::query(BEGIN).execute(&mut self.connection).await?;
        let imported = self.count().await?;
        sqlx::query(INSERT_DOMAINS).execute(&mut self.connection).await?;
        sqlx::query(INSERT_SUBSCRIBERS).bind(now).execute(&mut self.connection).await?;
        let query = sqlx::query(INSERT_SUBSCRIPTIONS).bind(self.newsletter).bind(words).bind(now);
        query.execute(&mut self.connection).await?;
        consent::keep_wording(&mut self.connection, words).await?;
        let query = sqlx::query(RECORD_CONSENT).bind(self.newsletter).bind(words).bind(now);
        query.execute(&mut self.connection).await?;
        let query = sqlx::query(BEGIN_IN_GROUPS).bind(self.newsletter).bind(words).bind(now);
        query.execute(&mut self.connection).await?;
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        self.connection.close().await?;
        Ok(imported)
    }

    async fn count(&mut self) -> Result<Imported, Error> {
        let counted = sqlx::query_as(COUNT).bind(self.newsletter).fetch_one(&mut self.connection);
        let counted: Imported = counted.await?;
        Ok(Imported { repeated: self.repeated, ..counted })
    }
}
