//! The DNS as rules see it: questions, answers that are known, and records that somebody should publish.
//!
//! Rules are pure: where they need an answer that is not [`Known`] they end with [`Missing`], whoever judges asks, and
//! they begin again. So the same rules run over a table in a test and over the Internet.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use serde::Serialize;
use serde::ser::SerializeStruct;

/// The longest string of a TXT record, in octets (RFC 1035 §3.3).
const LONGEST_STRING: usize = 255;

/// What kind of record is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// A server that takes mail.
    Mx,
    /// The name of an address.
    Ptr,
    /// Text.
    Txt,
}

/// A question to the DNS.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The name, in lower case and without a dot at its end.
    pub name: String,
    /// What is asked for.
    pub kind: Kind,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// Of an A or AAAA record.
    Address(IpAddr),
    /// Of an MX record; an empty host says that the domain takes no mail (RFC 7505).
    Exchange {
        /// The lowest is tried first.
        preference: u16,
        /// Its name, without a dot at its end.
        host: String,
    },
    /// Of a PTR record.
    Name(String),
    /// Of a TXT record, its strings joined.
    Text(String),
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// At least one record of the kind that was asked for.
    Records(Vec<Data>),
    /// There is no such record. Whether the name is there for another kind makes no difference to any rule.
    Nothing,
    /// Nobody can tell: why not, in words.
    Failed(String),
}

/// Why a rule came to no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// This has to be asked first.
    Unasked(Question),
    /// This was asked, and there was no answer.
    Failed {
        /// What was asked.
        question: Question,
        /// Why there was none.
        why: String,
    },
}

/// What has been asked, and the answers.
#[derive(Clone, Debug, Default)]
pub struct Known(HashMap<Question, Answer>);

impl Known {
    /// Keeps an answer.
    pub fn insert(&mut self, question: Question, answer: Answer) {
        self.0.insert(question, answer);
    }

    /// The records of this kind; none if there are none.
    ///
    /// # Errors
    /// If it has not been asked, or nobody answered.
    pub fn records(&self, name: &str, kind: Kind) -> Result<&[Data], Missing> {
        let question = Question::new(name, kind);
        match self.0.get(&question) {
            Some(Answer::Records(records)) => Ok(records),
            Some(Answer::Nothing) => Ok(&[]),
            Some(Answer::Failed(why)) => Err(Missing::Failed { question, why: why.clone() }),
            None => Err(Missing::Unasked(question)),
        }
    }

    /// The texts at a name.
    ///
    /// # Errors
    /// As [`Known::records`].
    pub fn texts(&self, name: &str) -> Result<Vec<&str>, Missing> {
        let mut texts = Vec::new();
        for data in self.records(name, Kind::Txt)? {
            if let Data::Text(text) = data {
                texts.push(text.as_str());
            }
        }
        Ok(texts)
    }

    /// The addresses of a name, of both kinds.
    ///
    /// # Errors
    /// As [`Known::records`].
    pub fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Missing> {
        let mut both = self.addresses_of(name, Kind::A)?;
        both.extend(self.addresses_of(name, Kind::Aaaa)?);
        Ok(both)
    }

    /// The addresses of a name, of one kind.
    ///
    /// # Errors
    /// As [`Known::records`].
    pub fn addresses_of(&self, name: &str, kind: Kind) -> Result<Vec<IpAddr>, Missing> {
        let address = |data: &Data| if let Data::Address(address) = data { Some(*address) } else { None };
        Ok(self.records(name, kind)?.iter().filter_map(address).collect())
    }

    /// The servers that take a domain's mail, the first to be tried first. An empty name says that it takes none.
    ///
    /// # Errors
    /// As [`Known::records`].
    pub fn exchanges(&self, domain: &str) -> Result<Vec<&str>, Missing> {
        let mut found: Vec<(u16, &str)> = Vec::new();
        for data in self.records(domain, Kind::Mx)? {
            if let Data::Exchange { preference, host } = data {
                found.push((*preference, host));
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, host)| host).collect())
    }
}

impl Kind {
    /// Its name in zone files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Mx => "MX",
            Self::Ptr => "PTR",
            Self::Txt => "TXT",
        }
    }

    /// The kind of record that holds such an address.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::A,
            IpAddr::V6(_) => Self::Aaaa,
        }
    }
}

impl Question {
    /// The question about a name however it is written.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.trim_end_matches('.').to_ascii_lowercase(), kind }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.as_str(), self.name)
    }
}

/// The name under which the DNS keeps the name of an address (RFC 1035 §3.5, RFC 3596 §2.5).
pub fn reverse_name(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(address) => {
            let nibbles = address.octets().into_iter().rev().flat_map(|octet| [octet & 15, octet >> 4]);
            let digits = nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16));
            digits.flat_map(|digit| [digit, '.']).chain("ip6.arpa".chars()).collect()
        }
    }
}

/// A record for somebody to publish. Prints as a line of a zone file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it stands, without a dot at its end.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// What it says, as a form on the web takes it.
    pub value: String,
}

impl Record {
    /// A record of text.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), kind: Kind::Txt, value: value.into() }
    }

    /// A record that says at which address a name is.
    pub fn address(name: impl Into<String>, address: IpAddr) -> Self {
        Self { name: name.into(), kind: Kind::of(address), value: address.to_string() }
    }
}

impl fmt::Display for Record {
    /// A line of a zone file; text in strings of at most 255 octets, which receivers join again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, kind, value } = self;
        write!(f, "{name}. IN {} ", kind.as_str())?;
        match kind {
            Kind::A | Kind::Aaaa => f.write_str(value),
            Kind::Mx | Kind::Ptr => write!(f, "{value}."),
            Kind::Txt => {
                f.write_str("(")?;
                let mut rest = value.as_str();
                while !rest.is_empty() {
                    let end = rest.floor_char_boundary(LONGEST_STRING);
                    write!(f, " \"{}\"", &rest[..end])?;
                    rest = &rest[end..];
                }
                f.write_str(" )")
            }
        }
    }
}

impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Record", 4)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("type", self.kind.as_str())?;
        fields.serialize_field("value", &self.value)?;
        fields.serialize_field("zone", &self.to_string())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_into_strings() {
        let value = "x".repeat(300);
        let (first, second) = value.split_at(255);
        let record = |value: &str| Record::text("a.example", value).to_string();
        assert_eq!(record(&value), format!("a.example. IN TXT ( \"{first}\" \"{second}\" )"));
        assert_eq!(record("v=DKIM1"), "a.example. IN TXT ( \"v=DKIM1\" )");
    }

    #[test]
    fn an_address_has_a_name_that_is_read_backwards() {
        for (address, expected) in [
            ("203.0.113.5", "5.113.0.203.in-addr.arpa"),
            ("2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
        ] {
            assert_eq!(reverse_name(address.parse().unwrap()), expected);
        }
    }

    #[test]
    fn what_is_not_known_names_the_question() {
        let mut known = Known::default();
        let question = Question::new("Example.ORG.", Kind::Mx);
        assert_eq!(known.exchanges("example.org"), Err(Missing::Unasked(question.clone())));
        let exchange = |preference, host: &str| Data::Exchange { preference, host: host.to_owned() };
        known.insert(question.clone(), Answer::Records(vec![exchange(20, "b"), exchange(10, "a")]));
        assert_eq!(known.exchanges("EXAMPLE.org."), Ok(vec!["a", "b"]));
        known.insert(question.clone(), Answer::Failed("SERVFAIL".to_owned()));
        let failed = Missing::Failed { question, why: "SERVFAIL".to_owned() };
        assert_eq!(known.exchanges("example.org"), Err(failed));
    }
}
