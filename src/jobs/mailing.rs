//! Digests and confirmations as the mails that the relay gets: who they are from, what their headers say.

use anyhow::Context as _;

use super::Settings;
use crate::mail::message::{List, Message};
use crate::mail::mould::{Letter as Mail, Mould, Slots};
use crate::mail::relay::RelaySettings;
use crate::model::dkim::Signer;
use crate::model::edition::EditionId;
use crate::model::mailbox::Mailbox;
use crate::model::newsletter::Newsletter;
use crate::model::provider::Provider;
use crate::model::slot;
use crate::model::subscriber::{EmailAddress, SubscriberId};
use crate::model::time::Timestamp;
use crate::model::token::{Key, Token};
use crate::model::warm_up::WarmUp;
use crate::render::letter::Letter;

/// Stands for a subscriber's token where there is no subscriber.
pub const NOBODY: &str = "preview";

/// Who mails are from.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The From header.
    pub from: Mailbox,
    /// Who reads the answers, if it is not the sender.
    pub reply_to: Option<Mailbox>,
    /// The domain to which bounces come back.
    pub bounce_domain: String,
    /// Who signs them (DKIM); nobody if it is empty.
    pub dkim: Vec<Signer>,
    /// Whether no edition begins to be sent while something is red ([`super::preflight`]).
    pub require_preflight: bool,
    /// The mailbox providers, and how much each is given at a time.
    pub providers: Vec<Provider>,
    /// Whether domains that no provider names have theirs by who takes their mail ([`super::providers`]).
    pub providers_by_mx: bool,
    /// How a sender begins that receivers do not know yet.
    pub warm_up: Option<WarmUp>,
    /// The servers that take them; at least one.
    pub relays: Vec<RelaySettings>,
}

/// A digest, encoded once, from which each subscriber's message is cut.
pub fn mould(
    settings: &Settings,
    newsletter: &Newsletter,
    letter: &Letter,
    tick: Timestamp,
) -> anyhow::Result<Mould> {
    let head = head(settings, newsletter, letter, tick)?;
    mould_of(settings, &head, letter, tick)
}

/// A digest with the header that its first attempt had ([`head`]), signed by the keys of now.
pub fn mould_of(settings: &Settings, head: &str, letter: &Letter, tick: Timestamp) -> anyhow::Result<Mould> {
    let mould = Mould::cast(head, &letter.text, &letter.html);
    Ok(mould.signed_by(&sending(settings)?.dkim, tick))
}

/// The header of a digest, with markers for what differs from subscriber to subscriber.
pub fn head(
    settings: &Settings,
    newsletter: &Newsletter,
    letter: &Letter,
    tick: Timestamp,
) -> anyhow::Result<String> {
    let sending = sending(settings)?;
    let list = list(settings, sending, newsletter);
    let message = Message {
        from: &sending.from,
        reply_to: sending.reply_to.as_ref(),
        subject: &letter.subject,
        date: tick,
        language: &newsletter.language,
        text: &letter.text,
        html: &letter.html,
        list: Some(list),
    };
    Ok(message.head())
}

/// A mail that was asked for and is no digest: a confirmation.
pub fn plain(settings: &Settings, letter: &Letter, language: &str, now: Timestamp) -> anyhow::Result<Mould> {
    let sending = sending(settings)?;
    let message = Message {
        from: &sending.from,
        reply_to: sending.reply_to.as_ref(),
        subject: &letter.subject,
        date: now,
        language,
        text: &letter.text,
        html: &letter.html,
        list: None,
    };
    Ok(message.mould().signed_by(&sending.dkim, now))
}

/// A digest as a mail to nobody, to be looked at.
pub fn sample(
    settings: &Settings,
    newsletter: &Newsletter,
    letter: &Letter,
    tick: Timestamp,
) -> anyhow::Result<Vec<u8>> {
    let to: EmailAddress = "reader@example.org".parse().context("the sample's address")?;
    let mut mail = Mail::default();
    let slots = Slots { to: &to, message_id: NOBODY, token: NOBODY, reader: NOBODY };
    mould(settings, newsletter, letter, tick)?.cut(&slots, &mut mail)?;
    Ok(mail.as_bytes().to_vec())
}

/// A digest's HTML or text for a reader that nobody knows: without anybody's token.
pub fn without_reader(document: &str) -> String {
    document.replace([slot::TOKEN, slot::READER], NOBODY)
}

/// The left side of a delivery's Message-ID: the same on every attempt, another for every delivery, and not to be
/// guessed from another one.
pub fn message_id(key: &Key, edition: EditionId, subscriber: SubscriberId) -> String {
    key.sign(Token::Bounce(edition, subscriber))
}

/// The envelope sender of a delivery (VERP): a bounce to it names the delivery, by its [`message_id`].
pub fn return_path(sending: &Sending, message_id: &str) -> anyhow::Result<EmailAddress> {
    format!("b-{message_id}@{}", sending.bounce_domain).parse().context("the bounce domain makes no address")
}

/// Who mails are from.
///
/// # Errors
/// If the configuration does not say.
pub fn sending(settings: &Settings) -> anyhow::Result<&Sending> {
    settings.sending.as_ref().context("the configuration has no [mail]: nothing can be sent")
}

fn list<'a>(settings: &'a Settings, sending: &'a Sending, newsletter: &'a Newsletter) -> List<'a> {
    let publication = &settings.publication;
    let slug = newsletter.slug.as_str();
    let host = publication.base_url.host_str().unwrap_or("localhost");
    let page = publication.link(&format!("newsletters/{slug}"));
    let owner = sending.reply_to.as_ref().unwrap_or(&sending.from);
    List {
        title: &newsletter.title,
        id: format!("{slug}.{host}"),
        unsubscribe_url: publication.link(&format!("unsubscribe/{}", slot::TOKEN)),
        unsubscribe_address: Some(format!("u-{}@{}", slot::TOKEN, sending.bounce_domain)),
        archive_url: if newsletter.is_private {
            publication.link(&slot::private_path(""))
        } else {
            page.clone()
        },
        help_url: page,
        owner_address: owner.address.as_str().to_owned(),
        feedback_id: format!("{slug}:courant:{host}"),
    }
}
