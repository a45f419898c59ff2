//! The configuration as the jobs need it: nobody below the daemon knows the file.

use crate::config::{self, Config, Mail, SourceConfig, SourceKind, Tls};
use crate::jobs::mailing::Sending;
use crate::jobs::{Listen, Reports, ScheduledSource, Settings};
use crate::mail::imap::{self, MailboxSettings, Taken};
use crate::mail::relay::{Encryption, Limits, Login, RelaySettings, own_name};
use crate::mail::server::Dialect;
use crate::model::allowance::Allowance;
use crate::render::page::Site;
use crate::source::{FeedSettings, Kind, MarkdownSettings, Source, SqliteSettings};
use crate::web::{self, Hub, Pace};

/// What the jobs work by.
pub fn settings(config: &Config) -> Settings {
    Settings {
        publication: config.publication.clone(),
        newsletters: config.newsletters.clone(),
        sources: config.sources.iter().map(scheduled).collect(),
        sending: config.mail.as_ref().map(sending),
        reports: reports(&config.reports),
        picture_disk: Some(config.pictures.disk_mb << 20).filter(|_| config.pictures.enabled),
        zones: config.zones.clone(),
    }
}

/// What the web server works by.
pub fn web(config: &Config) -> web::Settings {
    let pace = |source: &SourceConfig| Pace { source: source.name.clone(), every: source.every };
    web::Settings {
        site: Site::new(config.publication.clone(), config.newsletters.clone()),
        paces: config.sources.iter().map(pace).collect(),
        hub: hub(&config.web),
        podcasts: config.podcasts.clone(),
        tombstones: config.web.tombstones,
        cache_bytes: config.web.cache_mb << 20,
        trusted_proxies: config.web.trusted_proxies.clone(),
        cors_origins: config.web.cors_origins.clone(),
        allowance: Allowance::CLIENT,
        sign_ups: Allowance::hourly(config.sign_up.per_hour),
        vetting: config.sign_up.vetting.clone(),
        zones: config.zones.clone(),
    }
}

fn hub(web: &config::Web) -> Hub {
    match &web.hub {
        Some(hub) => Hub::Outside((**hub).clone()),
        None if web.websub => Hub::Own,
        None => Hub::None,
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
    RelaySettings {
        name: relay.name.clone(),
        weight: relay.weight,
        host: relay.host.clone(),
        port: relay.port,
        encryption: encryption(relay.tls),
        login: relay.login.as_ref().map(login),
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

fn reports(reports: &config::Reports) -> Reports {
    let listen = |listen: config::Listen| Listen {
        address: listen.address,
        dialect: if listen.is_lmtp { Dialect::Lmtp } else { Dialect::Smtp },
    };
    Reports {
        maildir: reports.maildir.clone(),
        listen: reports.listen.map(listen),
        mailbox: reports.imap.as_ref().map(mailbox),
    }
}

fn mailbox(mailbox: &config::Mailbox) -> MailboxSettings {
    let Login { user, password } = login(&mailbox.login);
    MailboxSettings {
        host: mailbox.host.clone(),
        port: mailbox.port,
        encryption: encryption(mailbox.tls),
        user,
        password,
        folder: mailbox.folder.clone(),
        taken: match &mailbox.taken {
            config::Taken::Seen => Taken::Seen,
            config::Taken::Moved(folder) => Taken::Moved(folder.clone()),
            config::Taken::Deleted => Taken::Deleted,
        },
        extra_roots: None,
        limits: imap::Limits::default(),
    }
}

fn login(login: &config::Login) -> Login {
    Login { user: login.user.clone(), password: login.password.clone() }
}

const fn encryption(tls: Tls) -> Encryption {
    match tls {
        Tls::Implicit => Encryption::Implicit,
        Tls::Required => Encryption::StartTls,
        Tls::Opportunistic => Encryption::Opportunistic,
        Tls::None => Encryption::None,
    }
}

fn scheduled(source: &SourceConfig) -> ScheduledSource {
    let kind = match &source.kind {
        SourceKind::Sqlite { path, query } => {
            Kind::Sqlite(SqliteSettings { path: path.clone(), query: query.clone() })
        }
        SourceKind::Feed { url, allow_private, websub, full_text } => Kind::Feed(FeedSettings {
            url: url.to_string(),
            allow_private: *allow_private,
            websub: *websub,
            full_text: *full_text,
        }),
        SourceKind::Markdown { path, base_url } => {
            let base_url = base_url.as_ref().map(ToString::to_string);
            Kind::Markdown(MarkdownSettings { path: path.clone(), base_url })
        }
    };
    let source_of = Source { name: source.name.clone(), tags: source.tags.clone(), kind };
    ScheduledSource { source: source_of, every: source.every }
}
