//! `courant config`: the configuration file, checked.

use serde::Serialize;

use super::{AlreadyReported, Context, Form};
use crate::config::{self, Config, Problem, RelayTls, SourceKind};

/// Arguments of `courant config`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Say all that is wrong with the configuration file, or what it means
    Check {
        #[command(flatten)]
        form: Form,
    },
}

#[derive(Serialize)]
struct Verdict<'a> {
    file: &'a std::path::Path,
    valid: bool,
    problems: &'a [Problem],
}

/// Checks the configuration file.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let Command::Check { form } = &args.command;
    let loaded = config::load(context.config_path());
    if form.json {
        let problems = loaded.as_ref().map_or_else(config::Errors::problems, |config| &config.warnings);
        context.output.json(&Verdict { file: context.config_path(), valid: loaded.is_ok(), problems })?;
        return loaded.map(|_| ()).map_err(|_| AlreadyReported.into());
    }
    let config = loaded?;
    for warning in &config.warnings {
        context.output.line(format_args!("{warning}\n"))?;
    }
    context.output.line(format_args!("{} is valid.\n", context.config_path().display()))?;
    context.output.facts(&summary(&config))?;
    Ok(())
}

fn summary(config: &Config) -> Vec<(&'static str, String)> {
    let publication = &config.publication;
    let mut facts = vec![
        ("publication", format!("{}, {}", publication.title, publication.base_url)),
        ("database", config.database.display().to_string()),
        ("web", config.web.listen.to_string()),
    ];
    if let Some(mail) = &config.mail {
        let name = mail.from.name.as_deref().unwrap_or_default();
        facts.push(("mail from", format!("{name} <{}>", mail.from.address.as_str())));
        let relay = &mail.relay;
        facts.push(("relay", format!("{}, port {}, {}", relay.host, relay.port, encryption(relay.tls))));
    }
    let sources = config.sources.iter();
    facts.extend(sources.map(|source| ("source", format!("{}: {}", source.name, place(&source.kind)))));
    let newsletters = config.newsletters.iter();
    facts.extend(newsletters.map(|newsletter| {
        let line = newsletter.schedule.line();
        ("newsletter", format!("{}: {}", newsletter.slug, line.describe()))
    }));
    facts
}

fn encryption(tls: RelayTls) -> &'static str {
    match tls {
        RelayTls::Implicit => "encrypted",
        RelayTls::Required => "encrypted by STARTTLS",
        RelayTls::Opportunistic => "encrypted if the relay can",
        RelayTls::None => "not encrypted",
    }
}

/// Without the path and query of a feed's address, which may hold a secret.
fn place(kind: &SourceKind) -> String {
    match kind {
        SourceKind::Sqlite { path, .. } => format!("SQLite file {}", path.display()),
        SourceKind::Feed { url, .. } => format!("feed at {}", url.host_str().unwrap_or_default()),
        SourceKind::Markdown { path, .. } => format!("Markdown folder {}", path.display()),
    }
}
