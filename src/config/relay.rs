//! `[mail.relay]`: the SMTP server that takes the mail.

use std::collections::HashSet;

use super::problem::Fault;
use super::section::Section;
use super::server::{self, Address, Kind, Login, Tls};
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
const EXAMPLE: &str = "\"smtps://user:${SMTP_PASSWORD}@relay.example.org:465\" or \"smtp://127.0.0.1:25\"";

/// How a relay is named.
const RELAY: Kind = Kind {
    noun: "a relay",
    purpose: "hand over mail",
    schemes: ["smtp", "smtps"],
    ports: [465, 25, 587],
    has_path: false,
    example: EXAMPLE,
    logins: ["\"smtps://user:${SMTP_PASSWORD}@relay.example.org\"", "\"smtps://user@relay.example.org\""],
};

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
    pub tls: Tls,
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
    let password = section.parsed("password_file", |text| server::password(text, &text.path(directory)));
    let text = section.url("url")?;
    let address = section.noted_at(text.span.clone(), "url", Address::parse(&text, &RELAY))?;
    let login = server::login(section, &address, password)?;
    if let Some(fault) = address.objection(login.is_some()) {
        section.note("url", fault);
    } else if !address.is_local() && matches!(address.tls, Tls::Opportunistic | Tls::None) {
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
