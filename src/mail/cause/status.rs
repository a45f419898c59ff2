//! Enhanced status codes (RFC 3463), and what they alone say.

use std::fmt;

use super::Reason;

/// An enhanced status code: class (2, 4 or 5), subject and detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// 2 success, 4 for now, 5 for good.
    pub class: u16,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl Status {
    /// The status that a text consists of.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(number);
        let (class, subject, detail) = (numbers.next()??, numbers.next()??, numbers.next()??);
        (numbers.next().is_none() && matches!(class, 2 | 4 | 5)).then_some(Self { class, subject, detail })
    }

    /// The first status in a text that says more than its class; else the first one.
    pub fn find(text: &str) -> Option<Self> {
        let is_inside = |c: char| c.is_ascii_digit() || c == '.';
        let mut found = text
            .split(|c| !is_inside(c))
            .filter_map(|word| Self::parse(word.trim_matches('.')))
            .filter(|status| status.class > 2);
        let first = found.next()?;
        if first.is_specific() {
            Some(first)
        } else {
            found.find(|other| other.is_specific()).or(Some(first))
        }
    }

    /// Whether it says more than its class.
    pub fn is_specific(self) -> bool {
        self.subject != 0 && !self.is_placeholder()
    }

    /// Whether it is `5.5.0`, with which some systems report whatever they cannot name.
    pub fn is_placeholder(self) -> bool {
        (self.subject, self.detail) == (5, 0)
    }

    /// What it says by itself: RFC 3463, RFC 7372, RFC 7505, RFC 7504, the IANA registry, and Google and Microsoft beyond.
    pub fn reason(self) -> Option<Reason> {
        let reason = match (self.subject, self.detail) {
            (1, 1 | 3) => Reason::NoSuchUser,
            (1, 2) => Reason::NoSuchDomain,
            (1, 6) => Reason::Moved,
            (1, 10) if self.class == 5 => Reason::NoSuchUser,
            (1, 7 | 8) => Reason::Sender,
            (2, 2) => Reason::MailboxFull,
            (2, 3) | (3, 4) => Reason::TooBig,
            (2, 1) if self.class == 5 => Reason::Disabled,
            (2, _) if self.class == 5 => Reason::Filtered,
            (3, _) => Reason::System,
            (4, 7) => Reason::Expired,
            (4, 1) if self.class == 5 => return None,
            (4, _) => Reason::Network,
            (6, _) => Reason::Malformed,
            (7, 13) => Reason::Disabled,
            (7, 5 | 8 | 9 | 20..=24 | 26 | 27 | 29 | 30 | 509 | 515) => Reason::Authentication,
            (7, 25) => Reason::ReverseDns,
            (5, 3) | (7, 28) => Reason::Rate,
            (5, _) => Reason::Protocol,
            (7, _) => Reason::Policy,
            _ => return None,
        };
        Some(reason)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// A number of a status: at most three digits, and nothing else.
fn number(text: &str) -> Option<u16> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_found_in_a_text_and_an_address_of_the_network_is_none() {
        for (text, status) in [
            ("550 5.1.1 <a@b>", Some("5.1.1")),
            ("said: 550 sorry (#5.1.1 - chkusr)", Some("5.1.1")),
            ("554 5.0.0 Service unavailable, 550 5.7.515 no", Some("5.7.515")),
            ("5.0.0", Some("5.0.0")),
            ("host 192.0.2.1 said no", None),
            ("version 8.13.1", None),
            ("2.0.0 Ok", None),
            ("5.1111.1", None),
            ("", None),
        ] {
            let found = Status::find(text).map(|status| status.to_string());
            assert_eq!(found.as_deref(), status, "{text}");
        }
    }
}
