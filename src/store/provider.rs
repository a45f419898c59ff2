//! Mailbox providers: which one takes the mail of which domain, and which of them want to be left alone for a while.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};

use super::{Error, Store};
use crate::model::edition::EditionId;
use crate::model::provider::{self, Provider, ProviderId};
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;

/// How long it is remembered that a provider was held, for the case that it has to be again.
const MEMORY: Duration = Duration::from_hours(24);

/// How many domains are forgotten at a time.
const MANY: i64 = 2_000;

const ADD: &str =
    "INSERT INTO provider (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name
    RETURNING id";
const CLEAR_SERVERS: &str = "DELETE FROM provider_server";
const ADD_SERVER: &str = "INSERT INTO provider_server (name, provider_id) VALUES ($1, $2)";
const SERVERS: &str = "SELECT name, provider_id FROM provider_server";
const ASSIGNED: &str = "SELECT name, provider_id, look_up_at IS NULL AS is_named, mx FROM domain
    WHERE provider_id <> 0 OR look_up_at IS NULL OR mx IS NOT NULL";
const NAME: &str = "INSERT INTO domain (name, provider_id, look_up_at) VALUES ($1, $2, NULL)
    ON CONFLICT (name) DO UPDATE SET provider_id = excluded.provider_id, look_up_at = NULL";
const ASSIGN: &str =
    "UPDATE domain SET provider_id = $2, look_up_at = coalesce(look_up_at, 0) WHERE name = $1";
const DUE: &str = "SELECT name, failures FROM domain WHERE look_up_at <= $1 ORDER BY look_up_at, id LIMIT $2";
const KEEP_MX: &str =
    "UPDATE domain SET mx = $2, provider_id = $3, looked_up_at = $4, look_up_at = $5, failures = 0
    WHERE name = $1 AND look_up_at IS NOT NULL";
const PUT_OFF: &str =
    "UPDATE domain SET look_up_at = $2, failures = failures + 1 WHERE name = $1 AND look_up_at IS NOT NULL";
const DESERTED: &str = "SELECT d.id FROM domain d
    WHERE d.look_up_at >= 0 AND NOT EXISTS (SELECT 1 FROM subscriber s WHERE s.domain_id = d.id) LIMIT $1";
const FORGET_DOMAIN: &str = "DELETE FROM domain
    WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM subscriber s WHERE s.domain_id = $1)";
const FORGET_OWN_DOMAIN: &str = "DELETE FROM domain WHERE name = $1 AND look_up_at >= 0
    AND NOT EXISTS (SELECT 1 FROM subscriber s WHERE s.domain_id = domain.id)";
const ALL_REPLIES: &str = "SELECT provider, reply FROM provider_hold";
const FORGET_REPLY: &str = "UPDATE provider_hold SET reply = '' WHERE provider = $1";
const FIND_DOMAIN: &str = "SELECT p.name AS provider, d.look_up_at IS NULL AS is_named, d.mx, d.looked_up_at
    FROM domain d LEFT JOIN provider p ON p.id = d.provider_id WHERE d.name = $1";
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

/// A domain whose MX is to be asked for.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DueDomain {
    /// Its name.
    pub name: String,
    /// How often in a row nobody answered.
    pub failures: u32,
}

/// What was found out about a domain that was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedUp {
    /// Its name.
    pub domain: String,
    /// Who takes its mail.
    pub mx: Mx,
    /// When it is asked for again.
    pub again_at: Timestamp,
}

/// The answer to who takes a domain's mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mx {
    /// This server, first of all.
    At(String),
    /// No server is named for that.
    Nowhere,
    /// Nobody answered.
    Unanswered,
}

/// What is known of a domain of subscribers.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct DomainFacts {
    /// The provider's name, if it has one that is known by name.
    pub provider: Option<String>,
    /// Whether that is because the provider names it, and not because of its MX.
    pub is_named: bool,
    /// The server that takes its mail, as it was looked up last.
    pub mx: Option<String>,
    /// When that was.
    pub looked_up_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Assigned {
    name: String,
    provider_id: ProviderId,
    is_named: bool,
    mx: Option<String>,
}

/// Which provider has the servers of these names, and of all names under them.
struct Servers(HashMap<String, ProviderId>);

impl Store {
    /// Keeps which provider takes the mail of which domain, and returns their rows by their names. Deliveries that are
    /// queued already stay with the provider that they were queued for.
    ///
    /// With `by_mx` a domain that no provider names has that of its MX, as far as that has been looked up.
    pub async fn save_providers(
        &self,
        providers: &[Provider],
        by_mx: bool,
    ) -> Result<HashMap<String, ProviderId>, Error> {
        let mut transaction = self.write.begin().await?;
        let mut ids = HashMap::new();
        let mut named = HashMap::new();
        sqlx::query(CLEAR_SERVERS).execute(&mut *transaction).await?;
        for provider in providers {
            let id: ProviderId =
                sqlx::query_scalar(ADD).bind(&provider.name).fetch_one(&mut *transaction).await?;
            ids.insert(provider.name.clone(), id);
            named.extend(provider.domains.iter().map(|domain| (domain.as_str(), id)));
            for server in provider.servers.iter().filter(|_| by_mx) {
                sqlx::query(ADD_SERVER).bind(server).bind(id).execute(&mut *transaction).await?;
            }
        }
        assign(&mut transaction, named).await?;
        transaction.commit().await?;
        Ok(ids)
    }

    /// At most `limit` domains whose MX is to be asked for, the one that waits longest first.
    pub async fn due_domains(&self, now: Timestamp, limit: usize) -> Result<Vec<DueDomain>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(&self.read).await?)
    }

    /// Keeps what was found out about domains, and which provider follows from it. Where nobody answered, what was known
    /// stays.
    pub async fn save_looked_up(&self, looked_up: &[LookedUp], now: Timestamp) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        let servers = Servers::read(&mut transaction).await?;
        for LookedUp { domain, mx, again_at } in looked_up {
            let server = match mx {
                Mx::At(server) => Some(server.as_str()),
                Mx::Nowhere => None,
                Mx::Unanswered => {
                    sqlx::query(PUT_OFF).bind(domain).bind(again_at).execute(&mut *transaction).await?;
                    continue;
                }
            };
            let provider = servers.provider_of(server);
            let query = sqlx::query(KEEP_MX).bind(domain).bind(server).bind(provider).bind(now);
            query.bind(again_at).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Forgets domains that no subscriber has any more and no provider names; some thousands at a time. Returns how many.
    pub async fn forget_domains(&self) -> Result<usize, Error> {
        let deserted: Vec<i64> = sqlx::query_scalar(DESERTED).bind(MANY).fetch_all(&self.read).await?;
        if deserted.is_empty() {
            return Ok(0);
        }
        let mut transaction = self.write.begin().await?;
        for id in &deserted {
            sqlx::query(FORGET_DOMAIN).bind(id).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(deserted.len())
    }

    /// What is known of a domain; `None` if no subscriber has had it.
    pub async fn find_domain(&self, name: &str) -> Result<Option<DomainFacts>, Error> {
        Ok(sqlx::query_as(FIND_DOMAIN).bind(name).fetch_optional(&self.read).await?)
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

impl Servers {
    async fn read(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        let rows: Vec<(String, ProviderId)> = sqlx::query_as(SERVERS).fetch_all(connection).await?;
        Ok(Self(rows.into_iter().collect()))
    }

    /// Whose this server is: the longest name counts.
    fn provider_of(&self, server: Option<&str>) -> ProviderId {
        let mut names = server.into_iter().flat_map(provider::names_above);
        names.find_map(|name| self.0.get(name).copied()).unwrap_or(ProviderId::NONE)
    }
}

/// Gives each domain that is known the provider that names it, or else that of its MX. Writes what changes.
async fn assign(
    connection: &mut SqliteConnection,
    mut named: HashMap<&str, ProviderId>,
) -> Result<(), sqlx::Error> {
    let servers = Servers::read(connection).await?;
    let assigned: Vec<Assigned> = sqlx::query_as(ASSIGNED).fetch_all(&mut *connection).await?;
    for Assigned { name, provider_id, is_named, mx } in &assigned {
        if let Some(wanted) = named.get(name.as_str()) {
            if wanted == provider_id && *is_named {
                named.remove(name.as_str());
            }
            continue;
        }
        let wanted = servers.provider_of(mx.as_deref());
        if wanted != *provider_id || *is_named {
            sqlx::query(ASSIGN).bind(name).bind(wanted).execute(&mut *connection).await?;
        }
    }
    for (domain, id) in named {
        sqlx::query(NAME).bind(domain).bind(id).execute(&mut *connection).await?;
    }
    Ok(())
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

/// Leaves nothing of a mailbox that is erased: not its domain, if nobody else is there, nor what a relay said that names it.
pub(super) async fn forget_mailbox(
    connection: &mut SqliteConnection,
    address: &EmailAddress,
) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET_OWN_DOMAIN).bind(address.domain()).execute(&mut *connection).await?;
    let replies: Vec<(String, String)> = sqlx::query_as(ALL_REPLIES).fetch_all(&mut *connection).await?;
    for (provider, reply) in replies {
        if reply.to_lowercase().contains(&address.key()) {
            sqlx::query(FORGET_REPLY).bind(provider).execute(&mut *connection).await?;
        }
    }
    Ok(())
}
