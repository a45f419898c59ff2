//! The operator's TOML file, read and checked; the only reader of the environment.
//!
//! [`load`] tells all that is wrong with the file at once, each with its place and with what would be right. What
//! may be a secret is in no error and no `Debug`.

mod choices;
mod database;
mod dkim;
mod document;
pub mod duration;
mod environment;
mod excerpt;
mod file;
mod log;
mod mail;
mod mask;
mod newsletter;
mod pictures;
mod podcast;
mod presets;
mod problem;
mod providers;
mod publication;
mod relay;
mod reports;
mod section;
mod server;
mod sign_up;
mod source;
mod suggest;
mod text;
mod theme;
mod warm_up;
mod web;
mod words;
pub mod zones;

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

pub use environment::Environment;
pub use log::{Log, LogFormat, LogLevel};
pub use mail::Mail;
pub use pictures::Pictures;
pub use problem::{Errors, Place, Problem, Severity};
pub use providers::BUILT_IN as BUILT_IN_PROVIDERS;
pub use relay::Relay;
pub use reports::{Listen, Mailbox, Reports, Taken};
pub use server::{Login, Tls};
pub use sign_up::SignUp;
pub use source::{SourceConfig, SourceKind};
pub use web::Web;

use self::document::Document;
use self::newsletter::Inherited;
use self::section::Section;
use self::zones::Zones;
use crate::model::newsletter::Newsletter;
use crate::model::podcast::Podcast;
use crate::model::publication::Publication;

/// The tables of the file.
const TABLES: &[&str] = &[
    "publication",
    "database",
    "web",
    "pictures",
    "sign_up",
    "mail",
    "source",
    "newsletter",
    "podcast",
    "reports",
    "log",
];

/// All that an operator says about an installation, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whose articles these are.
    pub publication: Publication,
    /// The database file.
    pub database: PathBuf,
    /// Where pages and feeds are served.
    pub web: Web,
    /// Which pictures are kept and served here.
    pub pictures: Pictures,
    /// What holds back sign-ups that no reader meant.
    pub sign_up: SignUp,
    /// How mail is sent; there where there is a newsletter.
    pub mail: Option<Mail>,
    /// Where what comes back is found.
    pub reports: Reports,
    /// Where articles come from; each name is there once.
    pub sources: Vec<SourceConfig>,
    /// What one can subscribe to; each slug is there once.
    pub newsletters: Vec<Newsletter>,
    /// Which feeds are listed as podcasts.
    pub podcasts: Vec<Podcast>,
    /// What is logged, and how.
    pub log: Log,
    /// The time zones of the world, by name.
    pub zones: Zones,
    /// What takes effect, but hardly as it was meant.
    pub warnings: Vec<Problem>,
}

/// Every table and key that a file may have, as `docs/configuration.md` explains them.
pub const KEYS: &[(&str, &[&str])] = &[
    ("[publication]", publication::KEYS),
    ("[publication.theme]", theme::KEYS),
    ("[publication.theme.logo]", theme::LOGO_KEYS),
    ("[database]", database::KEYS),
    ("[web]", web::KEYS),
    ("[pictures]", pictures::KEYS),
    ("[sign_up]", sign_up::KEYS),
    ("[mail]", mail::KEYS),
    ("[mail.relay]", relay::KEYS),
    ("[[mail.dkim]]", dkim::KEYS),
    ("[mail.warm_up]", warm_up::KEYS),
    ("[[provider]]", providers::KEYS),
    ("[[source]] sqlite", source::SQLITE_KEYS),
    ("[[source]] feed", source::FEED_KEYS),
    ("[[source]] markdown", source::MARKDOWN_KEYS),
    ("[[newsletter]]", newsletter::KEYS),
    ("[newsletter.choices]", choices::KEYS),
    ("[[podcast]]", podcast::KEYS),
    ("[reports]", reports::KEYS),
    ("[reports.imap]", reports::IMAP_KEYS),
    ("[log]", log::KEYS),
];

/// Reads a configuration file. Paths in it that are not absolute start from its directory.
///
/// # Errors
/// All that keeps it from taking effect, and the warnings among them.
pub fn load(path: &Path) -> Result<Config, Errors> {
    load_in(path, &Environment::of_process())
}

/// Reads a configuration file whose `${NAME}` are variables of this environment.
///
/// # Errors
/// As [`load`].
pub fn load_in(path: &Path, environment: &Environment) -> Result<Config, Errors> {
    let text = file::read(path)?;
    let zones = Zones::load();
    let (document, table) = Document::parse((path, &text), environment, &zones);
    let config = read(&Section::root(&document, &table, TABLES));
    match config {
        Some(config) if !document.has_errors() => Ok(Config { warnings: document.into_problems(), ..config }),
        _ => Err(document.into_errors()),
    }
}

/// Reads every table whatever is wrong with the others, so that all is noted.
fn read(root: &Section<'_>) -> Option<Config> {
    let publication = publication::read(root);
    let database = database::read(root);
    let web = web::read(root);
    let pictures = pictures::read(root);
    let sign_up = sign_up::read(root);
    let log = log::read(root);
    let mail = mail::read(root);
    let reports = reports::read(root);
    let sources = source::read(root);
    let inherited = Inherited {
        language: publication.as_ref().map_or("en", |publication| &publication.language),
        time_zone: &publication.as_ref().map_or(TimeZone::UTC, |publication| publication.time_zone.clone()),
        sources: &root.labels("source", "name"),
    };
    let newsletters = newsletter::read(root, &inherited);
    let private = newsletters.iter().filter(|newsletter| newsletter.is_private);
    let private: Vec<&str> = private.map(|newsletter| newsletter.slug.as_str()).collect();
    let podcasts = podcast::read(root, &root.labels("newsletter", "slug"), &private);
    let publication = publication?;
    Some(Config {
        publication,
        database,
        web,
        pictures,
        sign_up,
        mail,
        reports,
        sources,
        newsletters,
        podcasts,
        log,
        zones: root.document.zones.clone(),
        warnings: Vec::new(),
    })
}
