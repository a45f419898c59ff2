//! Mailbox providers: which one takes the mail of which domain, and which of them want to be left alone for a while.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::{Error, Store};
use crate::model::edition::EditionId;
use crate::model::provider::{Provider, ProviderId};
use crate::model::time::Timestamp;

/// How long it is remembered that a provider was held, for the case that it has to be again.
const MEMORY: Duration = Duration::from_hours(24);

const ADD: &str =
    "INSERT INTO provider (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name
    RETURNING id";
const ASSIGNED: &str = "SELECT name, provider_id FROM domain WHERE provider_id <> 0";
const ASSIGN: &str = "INSERT INTO domain (name, provider_id) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET provider_id = excluded.provider_id";
const HOLDS: &str =
    "SELECT provider, since, until, level, reply FROM provider_hold WHERE until > $1 ORDER BY provider";
const FORGET: &str = "DELETE FROM provider_hold WHERE until <= $1";
const WAITING: &str = "SELECT p.name, count(*) FROM delivery d JOIN provider p ON p.id = d.provider_id
    WHERE d.edition_id = $1 AND d.state IN ('queued', 'deferred') GROUP BY p.name";

/// A provider that is left alone for a while, because of what it said.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ProviderHold {
    /// Its name; for one that is known by its domain alone, that with an `@` before it.
    pub provider: String,
    /// When it said so.
    pub since: Timestamp,
    /// Until when it is given nothing.
    pub until: Timestamp,
    /// How often before it was held, and gave the same answer when it was tried again.
    pub level: u32,
    /// Its words.
    pub reply: String,
}

impl Store {
    /// Keeps which provider takes the mail of which domain, and returns their rows by their names. Deliveries that are
    /// queued already stay with the provider that they were queued for.
    pub async fn save_providers(&self, providers: &[Provider]) -> Result<HashMap<String, ProviderId>, Error> {
        let mut transaction = self.write.begin().await?;
        let mut ids = HashMap::new();
        let mut wanted = HashMap::new();
        for provider in providers {
            let id: ProviderId =
                sqlx::query_scalar(ADD).bind(&provider.name).fetch_one(&mut *transaction).await?;
            ids.insert(provider.name.clone(), id);
            wanted.extend(provider.domains.iter().map(|domain| (domain.as_str(), id)));
        }
        let assigned: Vec<(String, ProviderId)> =
            sqlx::query_as(ASSIGNED).fetch_all(&mut *transaction).await?;
        for (domain, id) in &assigned {
            match wanted.get(domain.as_str()) {
                Some(other) if other == id => wanted.remove(domain.as_str()),
                Some(_) => None,
                None => wanted.insert(domain, ProviderId::NONE),
            };
        }
        for (domain, id) in wanted {
            sqlx::query(ASSIGN).bind(domain).bind(id).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(ids)
    }

    /// The providers that are held, and those that were within the last day and did not take anything since.
    pub async fn provider_holds(&self, now: Timestamp) -> Result<Vec<ProviderHold>, Error> {
        Ok(sqlx::query_as(HOLDS).bind(now - MEMORY).fetch_all(&self.read).await?)
    }

    /// Forgets the holds that have been over for more than a day.
    pub async fn forget_provider_holds(&self, now: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET).bind(now - MEMORY)).await?;
        Ok(())
    }

    /// How many deliveries of an edition wait for each provider that is known by name.
    pub async fn waiting_by_provider(&self, edition: EditionId) -> Result<HashMap<String, u64>, Error> {
        let rows: Vec<(String, i64)> = sqlx::query_as(WAITING).bind(edition).fetch_all(&self.read).await?;
        Ok(rows.into_iter().map(|(name, count)| (name, u64::try_from(count).unwrap_or(0))).collect())
    }
}

/// Notes a hold, as a part of an exchange's script.
pub(super) fn hold(query: &mut QueryBuilder<Sqlite>, hold: &ProviderHold) {
    query.push("INSERT INTO provider_hold (provider, since, until, level, reply) VALUES (");
    query.push_bind(hold.provider.clone()).push(", ").push_bind(hold.since).push(", ").push_bind(hold.until);
    query.push(", ").push_bind(hold.level).push(", ").push_bind(hold.reply.clone());
    query.push(
        ") ON CONFLICT (provider) DO UPDATE SET since = excluded.since, until = excluded.until,
            level = excluded.level, reply = excluded.reply",
    );
}

/// Forgets a hold, as a part of an exchange's script.
pub(super) fn free(query: &mut QueryBuilder<Sqlite>, provider: &str) {
    query.push("DELETE FROM provider_hold WHERE provider = ").push_bind(provider.to_owned());
}
