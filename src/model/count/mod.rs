//! Counting how often links are followed, and by what. `docs/counts.md` has the rules.

mod link;
mod visit;

use std::sync::LazyLock;

use serde::Serialize;

pub use link::{CountedLink, Holder, Target};
pub use visit::{Followed, MOST_LINKS, Visitor, WATCHED};

/// Programs that follow links and are no readers: a part of a User-Agent in each line, in small letters.
const SCANNERS: &str = include_str!("scanners.txt");

static PARTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = SCANNERS.lines().map(|line| line.trim_matches(['\t', '\r']));
    lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect()
});

/// What followed a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A reader.
    Person,
    /// A reader or a program: nobody can tell.
    Uncertain,
    /// A program: a mail scanner, a crawler, a preview of the link.
    Machine,
}

/// What a program says of itself by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agent {
    /// A browser.
    Browser,
    /// Something else, of which nothing is known.
    Unknown,
    /// It is known to be no reader, or does not say what it is.
    Machine,
}

impl Agent {
    /// What a User-Agent says.
    pub fn of(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if name.trim().is_empty() || PARTS.iter().any(|part| name.contains(part)) {
            Self::Machine
        } else if name.starts_with("mozilla/") || name.starts_with("opera/") {
            Self::Browser
        } else {
            Self::Unknown
        }
    }
}

/// How often something was followed, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Visits {
    /// By readers.
    pub persons: i64,
    /// By readers or programs.
    pub uncertain: i64,
    /// By programs.
    pub machines: i64,
}

impl std::iter::Sum for Visits {
    fn sum<I: Iterator<Item = Self>>(visits: I) -> Self {
        visits.fold(Self::default(), |sum, own| Self {
            persons: sum.persons.saturating_add(own.persons),
            uncertain: sum.uncertain.saturating_add(own.uncertain),
            machines: sum.machines.saturating_add(own.machines),
        })
    }
}

impl Visits {
    /// Adds some of one kind.
    pub fn add(&mut self, kind: Kind, visits: i64) {
        let sum = match kind {
            Kind::Person => &mut self.persons,
            Kind::Uncertain => &mut self.uncertain,
            Kind::Machine => &mut self.machines,
        };
        *sum = sum.saturating_add(visits);
    }

    /// How much of what may have been readers is uncertain, in percent, rounded; 0 if there is nothing.
    pub fn uncertain_share(&self) -> i64 {
        let all = self.persons.saturating_add(self.uncertain);
        if all == 0 { 0 } else { (self.uncertain.saturating_mul(100) + all / 2) / all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_by_its_name() {
        let phone = "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile";
        for (name, expected) in [
            (phone, Agent::Browser),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", Agent::Browser),
            ("Opera/9.80 (Android; Opera Mini/36.2)", Agent::Browser),
            ("SomeReader 3", Agent::Unknown),
            ("", Agent::Machine),
            (" ", Agent::Machine),
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Agent::Machine),
            ("Mozilla/5.0 (X11) HeadlessChrome/120.0", Agent::Machine),
            ("facebookexternalhit/1.1", Agent::Machine),
            ("python-requests/2.32", Agent::Machine),
            ("CURL/8.5.0", Agent::Machine),
            ("Barracuda Sentinel (EE)", Agent::Machine),
        ] {
            assert_eq!(Agent::of(name), expected, "{name}");
        }
    }

    #[test]
    fn every_scanner_is_written_as_it_is_looked_for() {
        assert!(PARTS.len() > 50, "{} names", PARTS.len());
        for part in PARTS.iter() {
            assert_eq!(*part, part.to_ascii_lowercase(), "a name in capitals would never be found");
            assert!(part.len() > 2, "{part:?} is in too many names");
        }
    }

    #[test]
    fn the_uncertain_share_is_of_what_may_have_been_readers() {
        let share = |persons, uncertain| Visits { persons, uncertain, machines: 1000 }.uncertain_share();
        assert_eq!([share(0, 0), share(9, 1), share(2, 1), share(0, 5)], [0, 10, 33, 100]);
    }
}
