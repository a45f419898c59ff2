//! `courant dkim`: keys that sign the mail, and the DNS records by which receivers check it.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use secrecy::ExposeSecret;
use serde::Serialize;

use super::{Context, Form, Output, WrongUse};
use crate::model::dkim::{self, Algorithm, Key, Signer};
use crate::model::dns;

/// Arguments of `courant dkim`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make a key that signs mail, and print the DNS record that belongs to it
    Keygen(Keygen),
    /// Print the DNS record of each configured key
    Record {
        #[command(flatten)]
        form: Form,
    },
}

#[derive(clap::Args)]
struct Keygen {
    /// The domain that the mail is from
    #[arg(long)]
    domain: String,
    /// A name for the key, new for each, such as 2026
    #[arg(long)]
    selector: String,
    /// How it signs: every receiver can check RSA, some can check Ed25519 too
    #[arg(long, value_enum, default_value_t = Kind::Rsa)]
    algorithm: Kind,
    /// The file to write the private key into [default: dkim-SELECTOR.pem]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// RSA of 2048 bits
    Rsa,
    /// Ed25519
    Ed25519,
}

/// The record of a key.
#[derive(Serialize)]
struct Record {
    domain: String,
    selector: String,
    algorithm: &'static str,
    /// The domain name of the TXT record.
    name: String,
    /// What it says.
    value: String,
    /// The same as a line of a zone file.
    zone: String,
}

#[derive(Serialize)]
struct Made<'a> {
    key_file: &'a Path,
    #[serde(flatten)]
    record: Record,
}

/// Makes a key, or prints the records of those that are configured.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    match &args.command {
        Command::Keygen(args) => keygen(args, context),
        Command::Record { form } => records(*form, context),
    }
}

fn keygen(args: &Keygen, context: &Context) -> anyhow::Result<()> {
    let domain = dkim::domain(&args.domain).ok_or_else(|| {
        WrongUse(format!("{:?} is not a domain: write one such as example.org", args.domain))
    })?;
    if !dkim::is_selector(&args.selector) {
        let wrong =
            format!("{:?} cannot be a selector: write letters, digits and inner hyphens", args.selector);
        return Err(WrongUse(wrong).into());
    }
    let path = args.out.clone().unwrap_or_else(|| format!("dkim-{}.pem", args.selector).into());
    let algorithm = match args.algorithm {
        Kind::Rsa => Algorithm::Rsa,
        Kind::Ed25519 => Algorithm::Ed25519,
    };
    let key = Key::generate(algorithm).context("no key could be made")?;
    let signer = Signer { domain, selector: args.selector.clone(), key };
    write_new(&path, &signer.key)?;
    let key_file = &as_configured(&path, context.config_path());
    let made = Made { key_file, record: Record::of(&signer)? };
    if args.form.json { Ok(context.output.json(&made)?) } else { made.print(&context.output) }
}

/// How the configuration names a file: its paths start from its own directory.
fn as_configured(path: &Path, config: &Path) -> PathBuf {
    match config.parent() {
        Some(directory) if directory != Path::new("") => std::path::absolute(path).unwrap_or(path.to_owned()),
        _ => path.to_owned(),
    }
}

/// Writes a private key that only the owner of the file may read.
fn write_new(path: &Path, key: &Key) -> anyhow::Result<()> {
    let pem = key.to_pem().context("the key could not be written")?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => anyhow::anyhow!(
            "{} is there already and was left as it is: name another file with --out",
            path.display()
        ),
        _ => anyhow::Error::new(error).context(format!("{} cannot be written", path.display())),
    })?;
    file.write_all(pem.expose_secret().as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{} cannot be written", path.display()))
}

fn records(form: Form, context: &Context) -> anyhow::Result<()> {
    let mail = context.config()?.mail;
    let signers = mail.map(|mail| mail.dkim).unwrap_or_default();
    let records = signers.iter().map(Record::of).collect::<anyhow::Result<Vec<Record>>>()?;
    if form.json {
        return Ok(context.output.json(&records)?);
    }
    if records.is_empty() {
        return Ok(context.output.line("No key signs the mail: the configuration has no [[mail.dkim]].")?);
    }
    for (index, record) in records.iter().enumerate() {
        if index > 0 {
            context.output.line("")?;
        }
        record.print(&context.output)?;
    }
    Ok(())
}

impl Record {
    fn of(signer: &Signer) -> anyhow::Result<Self> {
        let (name, value) =
            (signer.record_name(), signer.record().context("the public key cannot be written")?);
        Ok(Self {
            domain: signer.domain.clone(),
            selector: signer.selector.clone(),
            algorithm: signer.key.algorithm().name(),
            zone: dns::Record::text(&name, &value).to_string(),
            name,
            value,
        })
    }

    fn print(&self, output: &Output) -> anyhow::Result<()> {
        output.line(format_args!("As a line of the zone file of {}:\n\n{}\n", self.domain, self.zone))?;
        output.line("In a form on the web, as a TXT record:\n")?;
        Ok(output.facts(&[("name", self.name.clone()), ("value", self.value.clone())])?)
    }
}

impl Made<'_> {
    fn print(&self, output: &Output) -> anyhow::Result<()> {
        let Record { domain, selector, .. } = &self.record;
        let file = self.key_file.display();
        output.line(format_args!("Wrote {file}. It is the secret half: let only Courant read it.\n"))?;
        self.record.print(output)?;
        let file = self.key_file.display().to_string();
        Ok(output.line(format_args!(
            "\nOnce the record can be seen (`dig +short TXT {}`), add to the configuration:\n\n\
             [[mail.dkim]]\ndomain = {domain:?}\nselector = {selector:?}\nkey_file = {file:?}",
            self.record.name
        ))?)
    }
}
