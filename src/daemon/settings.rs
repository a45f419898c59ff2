//! The configuration as the jobs need it: nobody below the daemon knows the file.

use std::time::Duration;

use crate::config::{self, Config, Mail, RelayTls, SourceConfig, SourceKind};
use crate::jobs::mailing::Sending;
use crate::jobs::{ScheduledSource, Settings};
use crate::mail::relay::{Encryption, Limits, Login, RelaySettings, own_name};
use crate::render::page::Site;
use crate::source::{FeedSettings, Kind, MarkdownSettings, Source, SqliteSettings};
use crate::web::{self, Allowance};

/// What the jobs work by.
pub fn settings(config: &Config) -> Settings {
    Settings {
        publication: config.publication.clone(),
        newsletters: config.newsletters.clone(),
        sources: config.sources.iter().map(scheduled).collect(),
        sending: config.mail.as_ref().map(sending),
        reports: config.reports.clone(),
    }
}

/// What the web server works by.
pub fn web(config: &Config) -> web::Settings {
    let soonest = config.sources.iter().map(|source| source.every).min();
    web::Settings {
        site: Site::new(config.publication.clone(), config.newsletters.clone()),
        max_age: soonest.unwrap_or(Duration::from_mins(5)),
        tombstones: config.web.tombstones,
        trusted_proxies: config.web.trusted_proxies.clone(),
        allowance: Allowance::default(),
    }
}

fn sending(mail: &Mail) -> Sending {
    Sending {
        from: mail.from.clone(),
        reply_to: mail.reply_to.clone(),
        bounce_domain: mail.bounce_domain.clone(),
        dkim: mail.dkim.clone(),
        require_preflight: mail.require_preflight,
        providers: mail.providers.clone(),
        providers_by_mx: mail.providers_by_mx,
        warm_up: mail.warm_up,
        relays: mail.relays.iter().map(relay).collect(),
    }
}

fn relay(relay: &config::Relay) -> RelaySettings {
    let login = relay.login.as_ref();
    RelaySettings {
        name: relay.name.clone(),
        weight: relay.weight,
        host: relay.host.clone(),
        port: relay.port,
        encryption: match relay.tls {
            RelayTls::Implicit => Encryption::Implicit,
            RelayTls::Required => Encryption::StartTls,
            RelayTls::Opportunistic => Encryption::Opportunistic,
            RelayTls::None => Encryption::None,
        },
        login: login.map(|login| Login { user: login.user.clone(), password: login.password.clone() }),
        extra_roots: None,
        connections: relay.connections,
        messages_per_connection: relay.messages_per_connection,
        rate: relay.rate,
        daily_cap: relay.daily_cap,
        idempotency_header: relay.idempotency_header.clone(),
        hello_name: own_name(),
        limits: Limits::default(),
    }
}

fn scheduled(source: &SourceConfig) -> ScheduledSource {
    let kind = match &source.kind {
        SourceKind::Sqlite { path, query } => {
            Kind::Sqlite(SqliteSettings { path: path.clone(), query: query.clone() })
        }
        SourceKind::Feed { url, allow_private, websub } => {
            Kind::Feed(FeedSettings { url: url.to_string(), allow_private: *allow_private, websub: *websub })
        }
        SourceKind::Markdown { path, base_url } => {
            let base_url = base_url.as_ref().map(ToString::to_string);
            Kind::Markdown(MarkdownSettings { path: path.clone(), base_url })
        }
    };
    let source_of = Source { name: source.name.clone(), tags: source.tags.clone(), kind };
    ScheduledSource { source: source_of, every: source.every }
}
