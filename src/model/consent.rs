//! The record of consent: what a reader agreed to, by which words, when and where.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ConsentAct {
    /// The reader, or somebody in their name, asked for a newsletter.
    Requested,
    /// The reader confirmed it, by the link that was mailed to them.
    Confirmed,
    /// An operator added it, and answers for the consent.
    Added,
    /// An operator imported it, and answers for the consent.
    Imported,
    /// They chose what they want of it.
    Shaped,
    /// It was paused.
    Paused,
    /// A pause was ended.
    Resumed,
    /// It was ended by the reader.
    Ended,
    /// The reader took that back.
    TakenBack,
    /// They were asked whether they still want it, and do.
    Kept,
}

impl ConsentAct {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Added => "added",
            Self::Imported => "imported",
            Self::Shaped => "shaped",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Ended => "ended",
            Self::TakenBack => "taken_back",
            Self::Kept => "kept",
        }
    }

    /// Whether somebody who does it wants the newsletter.
    pub const fn shows_will(self) -> bool {
        !matches!(self, Self::Requested | Self::Ended)
    }
}

/// The form of a pause that began because nobody answered whether they still want the newsletter.
pub const NO_ANSWER: &str = "no answer";

/// How a reader's word came to us.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proof<'a> {
    /// By which form: a page, the mail program, the operator.
    pub form: &'a str,
    /// The words that stood there, or those of the operator.
    pub text: &'a str,
    /// From which network ([`network`]), where that is known.
    pub network: Option<&'a str>,
    /// In which language they want to be written to, where they said so.
    pub language: Option<&'a str>,
}

impl<'a> From<&'a str> for Proof<'a> {
    /// Of which only the form is known.
    fn from(form: &'a str) -> Self {
        Self { form, ..Self::default() }
    }
}

/// The network of an address, without what names the one machine in it: `203.0.113.0/24`, `2001:db8:1::/48`.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("{}/24", Ipv4Addr::from_bits(address.to_bits() >> 8 << 8)),
        IpAddr::V6(address) => format!("{}/48", Ipv6Addr::from_bits(address.to_bits() >> 80 << 80)),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_names_no_machine() {
        for (address, expected) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
            ("::1", "::/48"),
        ] {
            assert_eq!(network(address.parse().unwrap()), expected);
        }
    }
}
