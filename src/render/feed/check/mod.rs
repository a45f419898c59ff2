//! What is wrong with a feed: what any reader or validator would stumble over, where, why, and what to do.
//!
//! A document is read three times: by the rules here, by feed-rs as a reader would, and, if it is RSS, by the rss
//! crate. That they all see the same number of items is a rule too.

mod atom;
mod atom_parts;
mod json;
mod profile;
mod readers;
mod rss;
mod rss1;
mod rss_parts;
mod tree;
mod value;

use std::fmt;

pub use profile::Profile;
use serde::Serialize;

use super::Format;

/// Something wrong with a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The name of the rule.
    pub rule: &'static str,
    /// Where: a line and an element, or a path in a JSON document.
    pub place: String,
    /// What is wrong there, and what follows from it.
    pub why: String,
    /// What to do.
    pub remedy: &'static str,
}

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document is not valid.
    Error,
    /// It is valid, but some readers get it wrong.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Error { "error" } else { "warning" })
    }
}

/// A rule: its name, how bad a breach is, and the remedy.
struct Rule {
    name: &'static str,
    severity: Severity,
    remedy: &'static str,
}

/// What the rules found so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Rule {
    const fn error(name: &'static str, remedy: &'static str) -> Self {
        Self { name, severity: Severity::Error, remedy }
    }

    const fn warning(name: &'static str, remedy: &'static str) -> Self {
        Self { name, severity: Severity::Warning, remedy }
    }
}

impl Findings {
    fn add(&mut self, rule: &Rule, place: impl Into<String>, why: impl Into<String>) {
        let Rule { name, severity, remedy } = *rule;
        self.0.push(Finding { severity, rule: name, place: place.into(), why: why.into(), remedy });
    }
}

/// What the bytes look like.
enum Kind {
    Xml,
    Json,
    Html,
    Neither,
}

const NOT_A_FEED: Rule = Rule::error("not-a-feed", "Serve RSS 2.0, Atom 1.0 or JSON Feed at this address.");
const HTML: Rule =
    Rule::error("html", "Use the address that the page's <link rel=\"alternate\"> names, not the page's.");
const LANGUAGE: Rule = Rule::error("language", "Write a language tag such as en or pt-BR.");
const NOT_UTF8: Rule = Rule::error("utf-8", "Write the feed in UTF-8, or declare its encoding truly.");
const FORBIDDEN: Rule =
    Rule::error("forbidden-character", "Remove control characters before writing the feed.");

/// Everything that is wrong with a feed, in the order of the document.
pub fn check(document: &[u8]) -> Vec<Finding> {
    let mut findings = Findings::default();
    let Some(text) = decoded(document) else {
        findings.add(&NOT_UTF8, "document", "It is neither UTF-8 nor in the encoding that it declares.");
        return findings.0;
    };
    match kind(&text) {
        Kind::Xml => check_xml(&text, &mut findings),
        Kind::Json => json::check(&text, &mut findings),
        Kind::Html => findings.add(&HTML, "document", "This is a page for people, not a feed."),
        Kind::Neither => findings.add(&NOT_A_FEED, "document", "It is neither XML nor JSON."),
    }
    findings.0
}

/// What a program asks of a feed, beyond its being valid, that this one does not do.
pub fn check_profile(document: &[u8], profile: Profile) -> Vec<Finding> {
    let mut findings = Findings::default();
    let root = decoded(document).and_then(|text| tree::read(&text, &mut Findings::default()));
    profile::check(root.as_ref().filter(|root| root.name == "rss"), profile, &mut findings);
    findings.0
}

fn check_xml(text: &str, findings: &mut Findings) {
    if let Some((line, character)) = first_forbidden(text) {
        let why =
            format!("XML cannot hold U+{:04X}; strict readers refuse the whole feed.", u32::from(character));
        findings.add(&FORBIDDEN, format!("line {line}"), why);
    }
    let Some(root) = tree::read(text, findings) else { return };
    let (format, items) = match root.name.as_str() {
        "rss" => (Format::Rss, rss::check(&root, findings)),
        "atom:feed" => (Format::Atom, atom::check(&root, findings)),
        "atom:entry" => return atom::check_entry_document(&root, findings),
        "rdf:RDF" => {
            if root.children.iter().any(|node| node.name.starts_with("rss1:")) {
                rss1::check(&root, findings);
            }
            return readers::check_old(text, findings);
        }
        _ => {
            let why = format!("Its root is <{}>, not <rss> or Atom's <feed>.", root.name);
            return findings.add(&NOT_A_FEED, root.place(), why);
        }
    };
    readers::check(text, format, items, findings);
}

fn kind(text: &str) -> Kind {
    let start: String = text.trim_start().chars().take(512).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        Kind::Html
    } else if start.starts_with('<') {
        Kind::Xml
    } else if start.starts_with(['{', '[']) {
        Kind::Json
    } else {
        Kind::Neither
    }
}

/// The document as text: UTF-8, else the encoding that its XML declaration names.
fn decoded(document: &[u8]) -> Option<String> {
    let document = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document);
    if let Ok(text) = std::str::from_utf8(document) {
        return Some(text.to_owned());
    }
    let start = String::from_utf8_lossy(&document[..document.len().min(200)]);
    let declared = start.split("encoding=").nth(1)?;
    let label = declared.split(['"', '\'']).nth(1)?;
    let (text, _, is_broken) = encoding_rs::Encoding::for_label(label.as_bytes())?.decode(document);
    (!is_broken).then(|| text.into_owned())
}

fn first_forbidden(text: &str) -> Option<(usize, char)> {
    let is_forbidden = |character: char| {
        character < ' ' && !matches!(character, '\t' | '\n' | '\r')
            || matches!(character, '\u{FFFE}' | '\u{FFFF}')
    };
    let (index, character) = text.char_indices().find(|(_, character)| is_forbidden(*character))?;
    Some((1 + text[..index].matches('\n').count(), character))
}
