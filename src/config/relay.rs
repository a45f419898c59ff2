//! `[mail.relay]`: the SMTP server that takes the mail.
//!
//! Its URL may hold a password: no error repeats more of it than its scheme, its host and its parameters.

use std::collections::HashSet;
use std::fs;
use std::net::IpAddr;
use std::path::Path;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::{Host, Url};

use super::problem::Fault;
use super::publication::is_local_name;
use super::section::Section;
use super::suggest::did_you_mean;
use super::text::Text;
use crate::model::rate::Rate;

/// The keys of `[mail.relay]`.
pub(super) const KEYS: &[&str] = &[
    "name",
    "url",
    "password_file",
    "weight",
    "connections",
    "messages_per_connection",
    "rate",
    "daily_cap",
    "idempotency_header",
];

const DEFAULT_CONNECTIONS: usize = 8;
const LONGEST_NAME: usize = 40;
const LONGEST_HEADER_NAME: usize = 70;
const MOST_WEIGHT: i64 = 1000;
const MOST_CONNECTIONS: i64 = 100;
const DEFAULT_MESSAGES_PER_CONNECTION: usize = 1000;
const MOST_MESSAGES: i64 = 1_000_000_000;
const LONGEST_PASSWORD: usize = 4096;
const EXAMPLE: &str = "\"smtps://user:${SMTP_PASSWORD}@relay.example.org:465\" or \"smtp://127.0.0.1:25\"";

/// What may stand behind `?tls=`.
const TLS: [(&str, RelayTls); 3] =
    [("required", RelayTls::Required), ("opportunistic", RelayTls::Opportunistic), ("none", RelayTls::None)];

/// Headers that mails have already, or that mail servers read, in lower case; and how the names of others begin.
const COMMON_HEADERS: &[&str] = &[
    "from",
    "sender",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "comments",
    "keywords",
    "return-path",
    "mime-version",
    "precedence",
    "auto-submitted",
    "feedback-id",
    "authentication-results",
    "delivered-to",
    "envelope-to",
    "errors-to",
    "disposition-notification-to",
    "return-receipt-to",
    "importance",
    "priority",
    "sensitivity",
];
const COMMON_BEGINNINGS: &[&str] =
    &["list-", "content-", "resent-", "received", "dkim-", "domainkey-", "arc-"];

/// The SMTP server that takes the mail.
#[derive(Clone, Debug)]
pub struct Relay {
    /// What it is called, if not by its host and port.
    pub name: Option<String>,
    /// What share of the mail it is handed, compared with other relays; 0: only while no other takes mail.
    pub weight: u32,
    /// Its name, as A-labels, or its IP address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: RelayTls,
    /// Who logs in, if anybody.
    pub login: Option<Login>,
    /// How many connections are open at once, at most.
    pub connections: usize,
    /// After how many messages a connection is closed, and another one opened.
    pub messages_per_connection: usize,
    /// How many messages it is handed in some time, at most.
    pub rate: Option<Rate>,
    /// How many messages it is handed in a day of the publication's zone, at most.
    pub daily_cap: Option<u32>,
    /// The name of the header by which it knows a message that it has had before.
    pub idempotency_header: Option<String>,
}

/// How the connection to a relay is encrypted. Where it is, the certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayTls {
    /// From the first byte (`smtps:`).
    Implicit,
    /// By STARTTLS, and not a message without it.
    Required,
    /// By STARTTLS if the relay offers it.
    Opportunistic,
    /// Not at all.
    None,
}

/// A user of a relay.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password; never printed.
    pub password: SecretString,
}

/// The relays: `[mail.relay]`, or each `[[mail.relay]]`. `None` where one was noted as wrong.
pub(super) fn read(mail: &Section<'_>) -> Option<Vec<Relay>> {
    let sections = mail.table_or_tables("relay", "name", KEYS);
    let mut names = HashSet::new();
    let relays: Option<Vec<_>> = sections.iter().map(|section| one(section, &mut names)).collect();
    relays.filter(|relays| !relays.is_empty())
}

fn one(section: &Section<'_>, names: &mut HashSet<String>) -> Option<Relay> {
    if !section.has("url") {
        section.note_missing("url", &format!("url = {EXAMPLE}"));
    }
    let number = |key, most| section.number(key, 1..=most).and_then(|number| u32::try_from(number).ok());
    let connections =
        number("connections", MOST_CONNECTIONS).map_or(DEFAULT_CONNECTIONS, |most| most as usize);
    let messages_per_connection = number("messages_per_connection", MOST_MESSAGES)
        .map_or(DEFAULT_MESSAGES_PER_CONNECTION, |most| most as usize);
    let name = section.parsed("name", |text| text.line(LONGEST_NAME));
    let weight = section.number("weight", 0..=MOST_WEIGHT).and_then(|number| u32::try_from(number).ok());
    let rate = section.parsed("rate", rate);
    let daily_cap = number("daily_cap", MOST_MESSAGES);
    let idempotency_header = section.parsed("idempotency_header", header_name);
    let directory = section.document.directory();
    let password = section.parsed("password_file", |text| password(text, &text.path(directory)));
    let text = section.url("url")?;
    let address = section.noted_at(text.span.clone(), "url", Address::parse(&text))?;
    let login = login(section, &address, password)?;
    if let Some(fault) = address.objection(login.is_some()) {
        section.note("url", fault);
    } else if !address.is_local() && matches!(address.tls, RelayTls::Opportunistic | RelayTls::None) {
        section.warn(
            "url",
            Fault::new("mail may go to this relay unencrypted")
                .help("leave out `tls=` if it offers STARTTLS"),
        );
    }
    let called = name.clone().unwrap_or_else(|| format!("{}:{}", address.host, address.port));
    if !names.insert(called.clone()) {
        let fault = Fault::new(format!("two relays are called {called}"));
        let key = if name.is_some() { "name" } else { "url" };
        section.note(key, fault.help("give each a name of its own: name = \"first\""));
    }
    Some(Relay {
        name,
        weight: weight.unwrap_or(1),
        host: address.host,
        port: address.port,
        tls: address.tls,
        login,
        connections,
        messages_per_connection,
        rate,
        daily_cap,
        idempotency_header,
    })
}

/// The name of a header (RFC 5322 §3.6.8, without the characters that no header's name has) that no mail has of itself, so
/// that nothing else reads it.
fn header_name(text: &Text) -> Result<String, Fault> {
    let name = text.as_str();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !(1..=LONGEST_HEADER_NAME).contains(&name.len()) || !name.bytes().all(is_allowed) {
        return Err(Fault::new(format!("{} is not the name of a header", text.shown()))
            .help("write it as the relay's manual does, without the colon: \"Resend-Idempotency-Key\""));
    }
    let lower = name.to_ascii_lowercase();
    if COMMON_HEADERS.contains(&lower.as_str())
        || COMMON_BEGINNINGS.iter().any(|word| lower.starts_with(word))
    {
        return Err(Fault::new(format!("{} is a header that means something else", text.shown())).help(
            "write the header that the relay's manual names for this, such as \"Resend-Idempotency-Key\"",
        ));
    }
    Ok(name.to_owned())
}

/// A rate such as `600/minute`.
pub(super) fn rate(text: &Text) -> Result<Rate, Fault> {
    text.as_str().parse().map_err(|_| {
        Fault::new(format!("{} is not a rate", text.shown()))
            .help("write a number and a time, such as \"10/second\", \"600/minute\" or \"20000/hour\"")
    })
}

/// Who logs in: a user and exactly one password, or nobody. The outer `None`: it was noted as wrong.
#[expect(clippy::option_option, reason = "nobody logs in is an answer, and wrong is another")]
fn login(section: &Section<'_>, address: &Address, from_file: Option<SecretString>) -> Option<Option<Login>> {
    let has_file = section.has("password_file");
    let fault = match (&address.user, &address.password, has_file) {
        (None, None, false) => return Some(None),
        (Some(_), Some(_), true) => {
            Fault::new("the url holds a password already").help("keep one of the two")
        }
        (None, _, true) => Fault::new("the url names no user for this password")
            .help("write \"smtps://user@relay.example.org\""),
        (Some(_), None, false) => Fault::new("the url names a user and no password")
            .help("write \"smtps://user:${SMTP_PASSWORD}@relay.example.org\", or add password_file"),
        (None, Some(_), false) => Fault::new("the url holds a password and no user"),
        (Some(user), password, _) => {
            let password = password.clone().or(from_file)?;
            return Some(Some(Login { user: user.clone(), password }));
        }
    };
    section.note(if has_file { "password_file" } else { "url" }, fault);
    None
}

/// A password that stands alone in a file; the end of its line is not part of it.
fn password(text: &Text, path: &Path) -> Result<SecretString, Fault> {
    let unreadable = |error| Fault::new(format!("{} cannot be read: {error}", text.shown()));
    let read = fs::read_to_string(path).map_err(unreadable)?;
    let password = read.trim_end_matches(['\r', '\n']);
    if password.is_empty() || password.len() > LONGEST_PASSWORD || password.contains(char::is_control) {
        return Err(Fault::new(format!("{} does not hold a password", text.shown()))
            .help("the file must hold the password alone, in one line"));
    }
    Ok(password.into())
}

/// The parts of a relay's URL.
struct Address {
    host: String,
    port: u16,
    tls: RelayTls,
    user: Option<String>,
    password: Option<SecretString>,
}

impl Address {
    fn parse(text: &Text) -> Result<Self, Fault> {
        let written = text.as_str();
        let (scheme, rest) = written.split_once("://").ok_or_else(|| {
            Fault::new("a relay is named by a URL with smtp:// or smtps://").help(format!("write {EXAMPLE}"))
        })?;
        let is_implicit = match scheme {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(unknown_scheme(text, scheme)),
        };
        let url = parsed(written, rest)?;
        let host = host(text, &url)?;
        let is_local = is_local(&host);
        let tls = tls(text, &url, is_implicit)?.unwrap_or(usual_tls(is_implicit, is_local));
        let port = url.port().unwrap_or(match (is_implicit, is_local) {
            (true, _) => 465,
            (false, true) => 25,
            (false, false) => 587,
        });
        let user = decoded(url.username())?;
        let password = url.password().map(decoded).transpose()?.flatten().map(SecretString::from);
        Ok(Self { host, port, tls, user, password })
    }

    fn is_local(&self) -> bool {
        is_local(&self.host)
    }

    /// A password is sent to another machine encrypted or not at all.
    fn objection(&self, logs_in: bool) -> Option<Fault> {
        let is_exposed = matches!(self.tls, RelayTls::None | RelayTls::Opportunistic);
        (logs_in && is_exposed && !self.is_local()).then(|| {
            Fault::new("the password would go through the network unencrypted")
                .help("leave out `tls=`, or write smtps://")
        })
    }
}

fn unknown_scheme(text: &Text, scheme: &str) -> Fault {
    let is_word = scheme.len() <= 10 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let shown = if is_word { text.part(scheme) } else { "this".to_owned() };
    Fault::new(format!("{shown} is no way to hand over mail")).help(did_you_mean(scheme, &["smtp", "smtps"]))
}

fn parsed(written: &str, rest: &str) -> Result<Url, Fault> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if rest.contains('@') && (!authority.contains('@') || rest[authority.len()..].contains('@')) {
        return Err(Fault::new("the user or the password holds a character that ends it in a URL")
            .help("write %2F for /, %3F for ?, %23 for #, %40 for @, %25 for %; or put the password in a password_file"));
    }
    let url = Url::parse(written).map_err(|error| {
        Fault::new(format!("this is not the URL of a relay: {error}")).help(format!("write {EXAMPLE}"))
    })?;
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err(Fault::new("a relay has no path").help("leave out what stands behind host and port"));
    }
    Ok(url)
}

/// As A-labels, or an IP address without brackets.
fn host(text: &Text, url: &Url) -> Result<String, Fault> {
    let nameless = || Fault::new("the url names no host").help(format!("write {EXAMPLE}"));
    let host = match url.host().ok_or_else(nameless)? {
        Host::Ipv4(address) => return Ok(address.to_string()),
        Host::Ipv6(address) => return Ok(address.to_string()),
        Host::Domain(name) => name,
    };
    let unusable = || {
        Fault::new(format!("{} is not the name of a host", text.part(host))).help(format!("write {EXAMPLE}"))
    };
    let name = percent_decode_str(host).decode_utf8().map_err(|_| unusable())?;
    match Host::parse(&name).map_err(|_| unusable())? {
        Host::Domain(name) if name.is_empty() => Err(nameless()),
        Host::Domain(name) => Ok(name),
        Host::Ipv4(address) => Ok(address.to_string()),
        Host::Ipv6(address) => Ok(address.to_string()),
    }
}

fn is_local(host: &str) -> bool {
    host.parse::<IpAddr>().map_or_else(|_| is_local_name(host), |address| address.is_loopback())
}

/// How the connection is encrypted, if the URL says so.
fn tls(text: &Text, url: &Url, is_implicit: bool) -> Result<Option<RelayTls>, Fault> {
    let mut chosen = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" {
            return Err(Fault::new(format!("a relay has no parameter {}", text.part(&name)))
                .help("the only one is `?tls=`"));
        }
        let choice = TLS.iter().find(|(word, _)| *word == value).map(|(_, tls)| *tls);
        chosen = Some(choice.ok_or_else(|| {
            let words = TLS.map(|(word, _)| word);
            Fault::new(format!("`tls` cannot be {}", text.part(&value))).help(did_you_mean(&value, &words))
        })?);
    }
    match (is_implicit, chosen) {
        (true, Some(RelayTls::Required)) => Ok(None),
        (true, Some(_)) => Err(Fault::new("smtps:// is encrypted from the first byte")
            .help("leave out `tls=`, or write smtp://")),
        (_, chosen) => Ok(chosen),
    }
}

fn usual_tls(is_implicit: bool, is_local: bool) -> RelayTls {
    match (is_implicit, is_local) {
        (true, _) => RelayTls::Implicit,
        (false, true) => RelayTls::None,
        (false, false) => RelayTls::Required,
    }
}

/// The user or password as it is sent; `None` if it is empty.
fn decoded(part: &str) -> Result<Option<String>, Fault> {
    let text = percent_decode_str(part)
        .decode_utf8()
        .map_err(|_| Fault::new("user and password must be UTF-8, with `%` written as %25"))?;
    if text.contains(char::is_control) {
        return Err(Fault::new("user and password cannot hold control characters"));
    }
    Ok((!text.is_empty()).then(|| text.into_owned()))
}
