//! Why a mail was not taken: the rules by which a relay's reply and a report are judged alike.
//!
//! Words count more than numbers: a refusal because of *our* reputation, rate or configuration often comes with a
//! status that blames the recipient, and must never cost a subscriber. So whoever blames us is believed first, and
//! that an address does not exist is believed only from somebody who can know it. The rules are data: words in
//! [`phrases`], numbers in [`status`].

mod lessons;
mod phrases;
mod status;
mod words;

use serde::Serialize;

pub use lessons::pause;
pub use status::Status;

use super::reply::Stage;
use words::Words;

/// Whose fault it is that a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// There is no such address: it should never be mailed again.
    Address,
    /// The mailbox is full or closed: it may open again.
    Mailbox,
    /// Us: our reputation, authentication, rate, configuration.
    Us,
    /// The message: its size or form.
    Message,
    /// Nobody: it may pass.
    Transient,
    /// The reply does not say; nothing follows for the subscriber.
    Unclear,
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody has this address.
    NoSuchUser,
    /// There is no such domain, or no host for it.
    NoSuchDomain,
    /// The domain takes no mail at all (RFC 7505).
    NoMail,
    /// The address was given up for another.
    Moved,
    /// The mailbox is full.
    MailboxFull,
    /// The mailbox is closed, suspended or unused.
    Disabled,
    /// The recipient's server will not give it to this recipient, or says that there is none where it cannot know.
    Filtered,
    /// Our address is on a list, or is refused without one.
    Blocked,
    /// Our address or domain has a bad name.
    Reputation,
    /// SPF, DKIM, DMARC, a login that we lack.
    Authentication,
    /// Our address has no name, or one that does not agree.
    ReverseDns,
    /// The server does not take mail for this domain from us.
    Relaying,
    /// The sender's address is refused.
    Sender,
    /// A rule of the other side.
    Policy,
    /// Too many messages or connections.
    Rate,
    /// It looks like unsolicited mail.
    Spam,
    /// It is said to hold something harmful.
    Harmful,
    /// It is too big.
    TooBig,
    /// Its form is not accepted.
    Malformed,
    /// Commands of the transaction were not understood.
    Protocol,
    /// Put off on purpose, to see whether we come again.
    Greylisted,
    /// It was not delivered within the time that it had.
    Expired,
    /// The network, the DNS or a loop.
    Network,
    /// The other system is in trouble.
    System,
    /// A program behind the address failed.
    Program,
    /// The reply does not say.
    Unclear,
}

/// A refusal, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    /// To which command it came, if that is known.
    pub stage: Option<Stage>,
    /// The reply code, if there was a reply.
    pub code: Option<u16>,
    /// The enhanced status code (RFC 3463).
    pub status: Option<Status>,
    /// Whether nobody tries again.
    pub is_final: bool,
    /// The words.
    pub text: &'a str,
}

impl Reason {
    /// Whether more words about the same refusal may say more.
    pub const fn is_vague(self) -> bool {
        matches!(self, Self::Unclear | Self::Filtered | Self::System | Self::Protocol)
    }

    /// Whose fault it is.
    pub const fn class(self) -> Class {
        match self {
            Self::NoSuchUser | Self::NoSuchDomain | Self::NoMail | Self::Moved => Class::Address,
            Self::MailboxFull | Self::Disabled | Self::Filtered => Class::Mailbox,
            Self::TooBig | Self::Malformed => Class::Message,
            Self::Greylisted | Self::Expired | Self::Network | Self::System | Self::Program => {
                Class::Transient
            }
            Self::Unclear => Class::Unclear,
            _ => Class::Us,
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchUser => "no_such_user",
            Self::NoSuchDomain => "no_such_domain",
            Self::NoMail => "no_mail",
            Self::Moved => "moved",
            Self::MailboxFull => "mailbox_full",
            Self::Disabled => "disabled",
            Self::Filtered => "filtered",
            Self::Blocked => "blocked",
            Self::Reputation => "reputation",
            Self::Authentication => "authentication",
            Self::ReverseDns => "reverse_dns",
            Self::Relaying => "relaying",
            Self::Sender => "sender",
            Self::Policy => "policy",
            Self::Rate => "rate",
            Self::Spam => "spam",
            Self::Harmful => "harmful",
            Self::TooBig => "too_big",
            Self::Malformed => "malformed",
            Self::Protocol => "protocol",
            Self::Greylisted => "greylisted",
            Self::Expired => "expired",
            Self::Network => "network",
            Self::System => "system",
            Self::Program => "program",
            Self::Unclear => "unclear",
        }
    }
}

impl Refusal<'_> {
    /// Why the message was not taken: by its words if they are about us, the mailbox or the message; if about the address, as
    /// far as they can be believed; by the status if the words only say that it may pass.
    pub fn reason(&self) -> Reason {
        let words = Words::of(self.text);
        let said = phrases::find(&words);
        let (reason, is_proof) = said.map_or((None, false), |phrase| (Some(phrase.reason), phrase.is_proof));
        let of_status = self.status.and_then(Status::reason);
        match (reason, of_status) {
            (Some(reason), _) if reason.class() == Class::Us => reason,
            (Some(reason), Some(told)) if is_hard(reason) && told == Reason::MailboxFull => told,
            (Some(reason), _) if is_hard(reason) => self.doubted(reason, is_proof),
            (Some(reason), _) if reason.class() != Class::Transient || !self.is_final => reason,
            (_, Some(Reason::TooBig)) => Reason::TooBig,
            _ if self.is_unlisted() => Reason::NoSuchUser,
            _ if self.is_before_recipient() => Reason::Sender,
            (Some(Reason::Program), _) => Reason::Program,
            (_, Some(told)) if is_hard(told) => self.doubted(told, true),
            (Some(reason), _) => reason,
            (None, Some(told)) => told,
            (None, None) => Reason::Unclear,
        }
    }

    /// That there is no such address, believed only where it is final and from somebody who can know it.
    ///
    /// After DATA it may be a filter's excuse, so there a status has to say the same; before RCPT it is about us.
    fn doubted(&self, reason: Reason, is_proof: bool) -> Reason {
        let of_status = self.status.and_then(Status::reason);
        let is_near = |status: Status| match (status.class, status.subject, status.detail) {
            (5, 1, 0) => true,
            (5, 4, 4) => reason == Reason::NoSuchDomain,
            _ => false,
        };
        let agrees = of_status.is_some_and(is_hard) || self.status.is_some_and(is_near);
        let is_final = match self.status {
            Some(status) if status.class == 4 => self.is_final && agrees,
            _ => self.is_final,
        };
        let is_of_sender = of_status.is_some_and(|told| told.class() == Class::Us);
        let is_own_word = self.code.is_none() && reason != Reason::NoSuchUser;
        let is_known = is_proof || agrees || is_own_word || self.stage == Some(Stage::Rcpt);
        match reason {
            _ if self.is_before_recipient() => Reason::Sender,
            _ if !is_final && reason == Reason::NoSuchDomain => Reason::Network,
            _ if !is_final => Reason::System,
            _ if is_of_sender && !is_proof => of_status.unwrap_or(Reason::Policy),
            _ if is_known => reason,
            _ => Reason::Filtered,
        }
    }

    /// Two providers refuse who is not in their customer's directory with words that blame nobody: Exchange Online
    /// (Directory-Based Edge Blocking) with its own name behind them, Symantec with a code that nobody else has.
    fn is_unlisted(&self) -> bool {
        let text = self.text.to_ascii_lowercase();
        let is_refused = self.status == Some(Status { class: 5, subject: 4, detail: 1 })
            && text.contains("recipient address rejected: access denied");
        let is_at_microsoft = text.contains(".protection.outlook.com") || text.contains("as(2018062");
        is_refused && is_at_microsoft || self.code == Some(542) && text.ends_with(" rejected")
    }

    fn is_before_recipient(&self) -> bool {
        self.is_final && self.code.is_some() && self.stage.is_some_and(|stage| stage < Stage::Rcpt)
    }
}

fn is_hard(reason: Reason) -> bool {
    reason.class() == Class::Address
}
