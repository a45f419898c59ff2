//! What a relay offers in its answer to EHLO (RFC 5321 §4.1.1.1).

use super::Envelope;
use crate::mail::reply::{Reply, Stage};

/// What EHLO offers beyond what lettre reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Commands may be written together.
    pub pipelining: bool,
    /// Addresses may hold other letters than ASCII.
    pub smtputf8: bool,
    /// The largest message that is taken, in octets; `usize::MAX` if the relay names no limit, `None` if it does not
    /// speak of size at all.
    pub size: Option<usize>,
}

impl Offers {
    /// What an answer to EHLO offers.
    pub(super) fn of(heard: &str) -> Self {
        let size = heard.lines().find_map(|line| line.get(4..)?.strip_prefix("SIZE")?.trim().parse().ok());
        Self {
            pipelining: offers_keyword(heard, "PIPELINING"),
            smtputf8: offers_keyword(heard, "SMTPUTF8"),
            size: size
                .filter(|size| *size > 0)
                .or_else(|| offers_keyword(heard, "SIZE").then_some(usize::MAX)),
        }
    }

    /// What this relay cannot carry is refused here, in its place: the delivery fails alone.
    pub(super) fn refuse(&self, envelope: &Envelope) -> Option<Reply> {
        if envelope.needs_smtputf8() && !self.smtputf8 {
            return Some(Reply::new(Stage::Rcpt, 553, "5.6.7 not sent: the relay does not offer SMTPUTF8"));
        }
        let limit = self.size.filter(|limit| envelope.size() > *limit)?;
        Some(Reply::new(Stage::Mail, 552, &format!("5.3.4 not sent: the relay takes {limit} octets at most")))
    }
}

pub(super) fn offers_keyword(heard: &str, keyword: &str) -> bool {
    let words = |line: &str| Some(line.get(4..)?.split(' ').next()?.to_ascii_uppercase());
    heard.lines().any(|line| line.starts_with("250") && words(line).as_deref() == Some(keyword))
}
