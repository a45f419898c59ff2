//! `[mail]`: whose mail it is, and through which relay it goes.

use url::Host;

use super::dkim;
use super::problem::Fault;
use super::providers;
use super::relay::{self, Relay};
use super::section::Section;
use super::text::Text;
use super::warm_up;
use crate::model::dkim::Signer;
use crate::model::mailbox::Mailbox;
use crate::model::provider::Provider;
use crate::model::warm_up::WarmUp;

/// The keys of `[mail]`.
pub(super) const KEYS: &[&str] = &[
    "from",
    "reply_to",
    "bounce_domain",
    "require_preflight",
    "providers",
    "providers_by_mx",
    "relay",
    "dkim",
    "warm_up",
];

/// Whose mail it is, and through which relay it goes.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who the digests are from; it has a name, and its address is ASCII but for the domain.
    pub from: Mailbox,
    /// Who reads what readers answer, if it is another.
    pub reply_to: Option<Mailbox>,
    /// The domain that bounces come back to, as A-labels; without one configured, that of `from`.
    pub bounce_domain: String,
    /// Whether no edition begins to be sent while `courant doctor` would be red.
    pub require_preflight: bool,
    /// The SMTP servers that take the mail; at least one.
    pub relays: Vec<Relay>,
    /// The mailbox providers, and how much each is given at a time.
    pub providers: Vec<Provider>,
    /// Whether domains that no provider names are looked up: who takes their mail says which provider they have.
    pub providers_by_mx: bool,
    /// How a sender begins that receivers do not know yet.
    pub warm_up: Option<WarmUp>,
    /// Who signs the mail (DKIM); all of them do.
    pub dkim: Vec<Signer>,
}

/// The table; `None` where it is absent, or was noted as wrong.
pub(super) fn read(root: &Section<'_>) -> Option<Mail> {
    if root.has("newsletter") && !root.has("mail") {
        root.note_missing("[mail]", "[mail], and under it from and [mail.relay]: newsletters go out by mail");
    }
    let section = root.section("mail", KEYS)?;
    let from = section.required("from", "from = \"The Courier <digest@courier.example.org>\"", from);
    let reply_to = section.parsed("reply_to", mailbox);
    let bounce_domain = section.parsed("bounce_domain", domain);
    if !section.has("relay") {
        section.note_missing(
            "[mail.relay]",
            "[mail.relay], and under it url = \"smtps://user:${SMTP_PASSWORD}@host:465\"",
        );
    }
    let relays = relay::read(&section);
    let from_domain = from.as_ref().and_then(ascii_domain);
    let dkim = dkim::read(&section, from_domain.as_deref());
    let providers = providers::read(&section);
    let warm_up = warm_up::read(&section);
    Some(Mail {
        from: from?,
        reply_to,
        bounce_domain: bounce_domain.or(from_domain)?,
        require_preflight: section.flag("require_preflight").unwrap_or(false),
        relays: relays?,
        providers,
        providers_by_mx: section.flag("providers_by_mx").unwrap_or(false),
        warm_up,
        dkim,
    })
}

fn mailbox(text: &Text) -> Result<Mailbox, Fault> {
    let mailbox: Option<Mailbox> = text.as_str().parse().ok();
    let is_one = |mailbox: &Mailbox| !mailbox.name.as_ref().is_some_and(|name| name.contains(['<', '>']));
    mailbox.filter(is_one).ok_or_else(|| {
        Fault::new(format!("{} is not one address", text.shown()))
            .help("write \"The Courier <digest@courier.example.org>\"")
    })
}

fn from(text: &Text) -> Result<Mailbox, Fault> {
    let mailbox = mailbox(text)?;
    if mailbox.name.is_none() {
        return Err(Fault::new(format!(
            "{} has no name: readers would not know whose mail it is",
            text.shown()
        ))
        .help(format!("write \"The Courier <{}>\", with the name of your publication", text.written)));
    }
    let local = mailbox.address.as_str().rsplit_once('@').map_or("", |(local, _)| local);
    if !local.is_ascii() || ascii_domain(&mailbox).is_none() {
        return Err(Fault::new(format!("{} cannot be the sender for many servers", text.shown()))
            .help("write the part before the @ in ASCII, and a domain behind it"));
    }
    Ok(mailbox)
}

/// The domain of a mailbox as A-labels.
fn ascii_domain(mailbox: &Mailbox) -> Option<String> {
    match Host::parse(mailbox.address.domain()) {
        Ok(Host::Domain(name)) => Some(name),
        _ => None,
    }
}

fn domain(text: &Text) -> Result<String, Fault> {
    match Host::parse(text.as_str()) {
        Ok(Host::Domain(name)) if name.contains('.') || name == "localhost" => Ok(name),
        _ => Err(Fault::new(format!("{} is not a domain", text.shown()))
            .help("write one such as \"bounce.courier.example.org\"")),
    }
}
