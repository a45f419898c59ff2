//! Reports: mails that say what became of other mails, and what else comes back to an envelope sender of ours.
//!
//! Bounces (RFC 3464 and 6522, and prose where a system writes nothing better), complaints (RFC 5965), automatic replies
//! (RFC 3834) and mails that unsubscribe. Pure: bytes in, a judgement out; whose fault a bounce is says
//! [`cause`](super::cause), by the rules that hold for a relay's replies too.

mod automatic;
mod complaint;
mod fields;
mod mail;
mod original;
mod prose;
mod sns;
mod stage;
mod status;
mod text;
mod token;

use std::io::{self, Read as _};

use serde::Serialize;

pub use self::text::MAX_MAIL;
pub use self::token::is_ours;

use self::mail::Mail;
use super::cause::{Class, Reason, Status};

/// How much of a diagnostic is kept, in bytes.
const MAX_DIAGNOSTIC: usize = 500;

/// What a mail is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// It says that mail was not delivered: once for each recipient that it names, the first one first.
    Bounce(Vec<Bounce>),
    /// A reader called a mail of ours spam, or asks through their provider for no more (RFC 5965).
    Complaint {
        /// Who, if the provider says so.
        recipient: Option<String>,
        /// The feedback type: `abuse`, `fraud`, `opt-out`.
        kind: String,
    },
    /// A machine answers for a person who is away, or has changed their address; never a bounce.
    AutoReply,
    /// A mail to the address of `List-Unsubscribe`.
    Unsubscribe,
    /// Nothing to us: a report of success, a newsletter, a person's letter.
    Nothing,
}

/// One recipient to whom a mail was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The address as the report has it, which may be another than the one that we wrote to.
    pub recipient: Option<String>,
    /// The enhanced status code (RFC 3463), if there is one.
    pub status: Option<Status>,
    /// Why.
    pub reason: Reason,
    /// Whether it is still being tried: nothing follows yet.
    pub is_delay: bool,
    /// The other system's words, in one line.
    pub diagnostic: String,
}

/// What a bounce means for the subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceClass {
    /// Our reputation, authentication, rate or message: nothing follows for the subscriber.
    Ours,
    /// It may pass: counted, and only many in a row mean something.
    Soft,
    /// There is no such address or no such domain.
    Hard,
}

/// A mail, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it is to us.
    pub report: Report,
    /// What may be signed names of ours ([`Token`](crate::model::token::Token)) in it, the likeliest first; anybody can
    /// make one up, so each has to be verified.
    pub tokens: Vec<String>,
    /// Its Message-ID, if it has one.
    pub message_id: Option<String>,
}

impl Bounce {
    /// What it means for the subscriber.
    pub fn class(&self) -> BounceClass {
        match self.reason.class() {
            Class::Address if !self.is_delay => BounceClass::Hard,
            Class::Us | Class::Message => BounceClass::Ours,
            _ => BounceClass::Soft,
        }
    }
}

impl BounceClass {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }
}

impl Report {
    fn is_unclear(&self) -> bool {
        self.decisive().is_some_and(|bounce| bounce.reason == Reason::Unclear)
    }

    /// The bounce that decides, if it is one: a mail of ours has one recipient, and where that is a list or passed on to
    /// several, one of them that lives is enough.
    pub fn decisive(&self) -> Option<&Bounce> {
        match self {
            Self::Bounce(bounces) => bounces.iter().min_by_key(|bounce| bounce.class()),
            _ => None,
        }
    }
}

/// As much of a mail as [`read`] looks at, however long the mail is.
pub fn beginning(mail: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    mail.take(MAX_MAIL as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A mail with the envelope by which it arrived on top, as whoever delivers it writes it (RFC 5321 §4.4): [`read`] looks
/// there first for what the address says.
pub fn arrived(mail: &[u8], (from, to): (&str, &str)) -> Vec<u8> {
    let printed = |address: &str| address.replace(char::is_control, "");
    let top = format!("Return-Path: <{}>\r\nDelivered-To: {}\r\n", printed(from), printed(to));
    [top.as_bytes(), mail].concat()
}

/// Reads a mail, which may be cut off anywhere and end its lines in any way.
pub fn read(bytes: &[u8]) -> Reading {
    let bytes = text::with_line_feeds(bytes);
    let Some(mail) = Mail::parse(text::without_depths(&bytes)) else {
        return Reading { report: Report::Nothing, tokens: Vec::new(), message_id: None };
    };
    let message_id = mail.find("message-id").filter(|id| !id.is_empty()).map(str::to_owned);
    Reading { report: judge(&mail), tokens: token::find(&mail), message_id }
}

fn judge(mail: &Mail) -> Report {
    if let Some(report) = complaint::read(mail) {
        return report;
    }
    if let Some(report) = sns::read(mail).or_else(|| status::read(mail)) {
        return report;
    }
    if automatic::is_reply(mail) {
        return Report::AutoReply;
    }
    if token::is_to_unsubscribe(mail) && !prose::is_from_system(mail) {
        return Report::Unsubscribe;
    }
    match prose::read(mail) {
        Some(report) if !report.is_unclear() => report,
        report => passed_on(mail).or(report).unwrap_or(Report::Nothing),
    }
}

/// The bounce of another system that a gateway passes on with words of its own.
fn passed_on(mail: &Mail) -> Option<Report> {
    let inner = mail.inner.as_deref().filter(|_| prose::is_from_system(mail))?;
    status::read(inner).or_else(|| prose::read(inner))
}

/// A text in one line, without control characters, cut to what is kept.
fn bounded(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    line[..line.floor_char_boundary(MAX_DIAGNOSTIC)].to_owned()
}
