//! `courant config`: the configuration file, checked; the providers that are built in.

use serde::Serialize;

use super::{AlreadyReported, Context, Form};
use crate::config::{self, Config, Problem, Relay, Reports, SourceKind, Tls};
use crate::model::newsletter::Newsletter;
use crate::model::time::Timestamp;
use crate::model::words::Vocabulary;

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
    /// Print what Courant knows of the large mailbox providers, to begin a file for `[mail] providers` with
    Providers,
    /// Print the message file of a language, to begin a file for `[publication] words` with
    Words {
        /// The language: ar, de, en, es, fa, fr or ja
        language: String,
    },
}

#[derive(Serialize)]
struct Verdict<'a> {
    file: &'a std::path::Path,
    valid: bool,
    problems: &'a [Problem],
    schedules: Vec<Surprise>,
}

/// What an operator may not expect of a newsletter's schedule.
#[derive(Serialize)]
struct Surprise {
    newsletter: String,
    message: String,
}

/// Checks the configuration file, or prints what is built in.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Check { form } => check(*form, context),
        Command::Providers => Ok(context.output.document(config::BUILT_IN_PROVIDERS.as_bytes())?),
        Command::Words { language } => words(language, context),
    }
}

fn check(form: Form, context: &Context) -> anyhow::Result<()> {
    let loaded = config::load(context.config_path());
    if form.json {
        context.output.json(&verdict(&loaded, context))?;
        return loaded.map(|_| ()).map_err(|_| AlreadyReported.into());
    }
    let config = loaded?;
    for warning in &config.warnings {
        context.output.line(format_args!("{warning}\n"))?;
    }
    for Surprise { newsletter, message } in surprises(&config, context.clock.now()) {
        context.output.line(format_args!("warning: the schedule of {newsletter}: {message}\n"))?;
    }
    context.output.line(format_args!("{} is valid.\n", context.config_path().display()))?;
    context.output.facts(&summary(&config))?;
    Ok(())
}

fn words(language: &str, context: &Context) -> anyhow::Result<()> {
    let Some(text) = Vocabulary::source(language) else {
        let known: Vec<&str> = Vocabulary::built_in().languages().collect();
        anyhow::bail!("no words are built in for {language:?}: take those of one of {}", known.join(", "));
    };
    Ok(context.output.document(text.as_bytes())?)
}

fn verdict<'a>(loaded: &'a Result<Config, config::Errors>, context: &'a Context) -> Verdict<'a> {
    let (problems, schedules) = match loaded {
        Ok(config) => (&config.warnings[..], surprises(config, context.clock.now())),
        Err(errors) => (errors.problems(), Vec::new()),
    };
    Verdict { file: context.config_path(), valid: loaded.is_ok(), problems, schedules }
}

fn surprises(config: &Config, now: Timestamp) -> Vec<Surprise> {
    let of_newsletter = |newsletter: &Newsletter| {
        let slug = newsletter.slug.to_string();
        let warnings = newsletter.schedule.warnings(now).into_iter();
        warnings
            .map(move |warning| Surprise { newsletter: slug.clone(), message: warning.to_string() })
            .collect::<Vec<_>>()
    };
    config.newsletters.iter().flat_map(of_newsletter).collect()
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
        facts.extend(mail.relays.iter().map(|relay| {
            let place = format!("{}, port {}, {}", relay.host, relay.port, encryption(relay.tls));
            ("relay", place + &limits(relay, mail.relays.len() > 1))
        }));
        facts.extend(mail.warm_up.map(|plan| {
            ("warm-up", format!("{} messages a day at first, {} at most", plan.start, plan.ceiling))
        }));
        let signers = mail.dkim.iter();
        facts.extend(signers.map(|signer| {
            let (name, algorithm) = (signer.record_name(), signer.key.algorithm().name());
            ("signed by", format!("{name}, {algorithm}"))
        }));
    }
    facts.extend(reports(&config.reports).map(|way| ("reports", way)));
    let sources = config.sources.iter();
    facts.extend(sources.map(|source| ("source", format!("{}: {}", source.name, place(&source.kind)))));
    let newsletters = config.newsletters.iter();
    facts.extend(newsletters.map(|newsletter| {
        let line = newsletter.schedule.line();
        ("newsletter", format!("{}: {}", newsletter.slug, line.describe()))
    }));
    facts
}

/// By which ways reports come in, beside `courant report ingest`.
fn reports(reports: &Reports) -> impl Iterator<Item = String> {
    let maildir = reports.maildir.as_ref().map(|folder| format!("Maildir {}", folder.display()));
    let listen = reports.listen.map(|listen| {
        let dialect = if listen.is_lmtp { "LMTP" } else { "SMTP" };
        format!("{dialect} at {}", listen.address)
    });
    let mailbox = reports.imap.as_ref().map(|mailbox| {
        let (host, port, tls) = (&mailbox.host, mailbox.port, encryption(mailbox.tls));
        format!("mailbox at {host}, port {port}, {tls}: folder {:?}", mailbox.folder)
    });
    [maildir, listen, mailbox].into_iter().flatten()
}

/// What a relay is handed at most, and what share of the mail if there are others.
fn limits(relay: &Relay, has_others: bool) -> String {
    let rate = relay.rate.map(|rate| format!(", {rate}"));
    let cap = relay.daily_cap.map(|cap| format!(", {cap} a day"));
    let share = has_others.then(|| match relay.weight {
        0 => ", stands by".to_owned(),
        weight => format!(", weight {weight}"),
    });
    [rate, cap, share].into_iter().flatten().collect()
}

fn encryption(tls: Tls) -> &'static str {
    match tls {
        Tls::Implicit => "encrypted",
        Tls::Required => "encrypted by STARTTLS",
        Tls::Opportunistic => "encrypted if the server can",
        Tls::None => "not encrypted",
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
