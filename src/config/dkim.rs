//! `[[mail.dkim]]`: the keys that sign the mail.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::problem::Fault;
use super::section::Section;
use super::text::Text;
use crate::model::dkim::{self, Algorithm, Key, Signer};

/// The keys of `[[mail.dkim]]`.
pub(super) const KEYS: &[&str] = &["domain", "selector", "key_file"];

/// A key is a few kilobytes: what is larger is another file by mistake.
const MOST_BYTES: u64 = 64 * 1024;

/// Who signs mail that is from the domain `from`; those that were noted as wrong are left out.
pub(super) fn read(mail: &Section<'_>, from: Option<&str>) -> Vec<Signer> {
    let sections = mail.sections("dkim", "selector", |_| KEYS);
    let mut names = HashSet::new();
    let signers: Vec<Option<Signer>> =
        sections.iter().map(|section| one(section, from, &mut names)).collect();
    let is_rsa =
        |signer: &Option<Signer>| signer.as_ref().is_none_or(|one| one.key.algorithm() == Algorithm::Rsa);
    if let Some(section) = sections.first()
        && !signers.iter().any(is_rsa)
    {
        section.warn(
            "key_file",
            Fault::new("many receivers cannot check Ed25519 and take this mail for unsigned")
                .help("add a [[mail.dkim]] with an RSA key beside it: `courant dkim keygen --algorithm rsa`"),
        );
    }
    signers.into_iter().flatten().collect()
}

fn one(section: &Section<'_>, from: Option<&str>, names: &mut HashSet<String>) -> Option<Signer> {
    let right = format!("domain = \"{}\"", from.unwrap_or("courier.example.org"));
    let domain = section.required("domain", &right, |text| domain(text, from));
    let selector = section.required("selector", "selector = \"2026\"", selector);
    let directory = section.document.directory();
    let key =
        section.required("key_file", "key_file = \"dkim-2026.pem\"", |text| key(text, &text.path(directory)));
    let (domain, selector) = (domain?, selector?);
    if !names.insert(format!("{selector}.{domain}").to_ascii_lowercase()) {
        section.note(
            "selector",
            Fault::new(format!("there is another key under the selector {selector:?} of {domain}"))
                .help("give each key a selector of its own"),
        );
    }
    Some(Signer { domain, selector, key: key? })
}

/// A signature counts for who reads From only if its domain is that one, or above or below it.
fn domain(text: &Text, from: Option<&str>) -> Result<String, Fault> {
    let right = format!("write \"{}\"", from.unwrap_or("courier.example.org"));
    let domain = dkim::domain(text.as_str())
        .ok_or_else(|| Fault::new(format!("{} is not a domain", text.shown())).help(&right))?;
    if from.is_none_or(|from| dkim::is_aligned(&domain, from)) {
        return Ok(domain);
    }
    Err(Fault::new(format!("a signature of {} does not vouch for mail from another domain", text.shown()))
        .help(format!("{right}, the domain of `from`, or one above or below it")))
}

fn selector(text: &Text) -> Result<String, Fault> {
    if dkim::is_selector(text.as_str()) {
        return Ok(text.value.clone());
    }
    Err(Fault::new(format!("{} cannot be a selector", text.shown())).help(
        "write letters, digits and inner hyphens, with dots between, at most 63: \"2026\", \"s1.courant\"",
    ))
}

fn key(text: &Text, path: &Path) -> Result<Key, Fault> {
    let pem = contents(path).map_err(|error| {
        let fault = Fault::new(format!("{} cannot be read: {error}", text.shown()));
        match error.kind() {
            io::ErrorKind::NotFound => {
                fault.help("make a key with `courant dkim keygen`, or name the file of yours")
            }
            io::ErrorKind::PermissionDenied => {
                fault.help("give the user that runs Courant the right to read it")
            }
            _ => fault.help("name a file that holds a private key in PEM form"),
        }
    })?;
    Key::from_pem(&pem)
        .map_err(|invalid| Fault::new(format!("{} holds {invalid}", text.shown())).help(invalid.remedy))
}

fn contents(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
