//! What is looked at before mail goes out, and how it is judged: facts in, findings out. `docs/doctor.md` has the rules.

pub mod dkim;
pub mod dmarc;

pub mod exchange;
pub mod identity;
pub mod reverse;
pub mod spf;

use std::fmt;

use serde::Serialize;

use super::dns::Record;

/// How good something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Light {
    /// As it should be.
    Green,
    /// Mail goes out; somebody should look at it, or it could not be looked at.
    Yellow,
    /// Mail would be lost, refused or put away because of it.
    Red,
}

/// What a finding is about, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// The file.
    Configuration,
    /// The database.
    Database,
    /// The disk that the database is on.
    Disk,
    /// The machine's clock.
    Clock,
    /// The SMTP server that takes the mail.
    Relay,
    /// What the DNS says about the domains that the mail is from.
    #[serde(rename = "DNS")]
    Dns,
    /// Courant's own pages, as readers reach them.
    Web,
    /// The ways by which reports come in.
    Reports,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub group: Group,
    /// How good it is.
    pub light: Light,
    /// What was looked at, in a word or two: `SPF`, `login`.
    pub check: &'static str,
    /// What was found.
    pub message: String,
    /// What to do about it; there unless all is well.
    pub remedy: Option<String>,
    /// The DNS record to publish, where one puts it right.
    pub record: Option<Record>,
}

impl Group {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Database => "database",
            Self::Disk => "disk",
            Self::Clock => "clock",
            Self::Relay => "relay",
            Self::Dns => "DNS",
            Self::Web => "web",
            Self::Reports => "reports",
        }
    }

    /// All is well with it.
    pub fn green(self, check: &'static str, message: impl Into<String>) -> Finding {
        let message = message.into();
        Finding { group: self, light: Light::Green, check, message, remedy: None, record: None }
    }

    /// Somebody should look at it.
    pub fn yellow(
        self,
        check: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding { light: Light::Yellow, remedy: Some(remedy.into()), ..self.green(check, message) }
    }

    /// It has to be put right.
    pub fn red(self, check: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { light: Light::Red, remedy: Some(remedy.into()), ..self.green(check, message) }
    }
}

impl Light {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }

    /// The worst of some findings; green if there are none.
    pub fn worst(findings: &[Finding]) -> Self {
        findings.iter().map(|finding| finding.light).max().unwrap_or(Self::Green)
    }
}

impl Finding {
    /// The same with the record that puts it right.
    #[must_use]
    pub fn with(self, record: Record) -> Self {
        Self { record: Some(record), ..self }
    }

    /// Whether it is red.
    pub fn is_red(&self) -> bool {
        self.light == Light::Red
    }
}

impl fmt::Display for Finding {
    /// In one line, for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.group.as_str(), self.check, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dns::{Answer, Data, Kind, Known, Question};

    /// Answers as a table: `name KIND data`; `-` for nothing, `!why` for no answer.
    pub(super) fn known(zone: &str) -> Known {
        let mut known = Known::default();
        let mut answers: Vec<(Question, Vec<Data>)> = Vec::new();
        for line in zone.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.splitn(3, ' ');
            let (name, kind, data) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
            let (kind, data) = match kind {
                "A" | "AAAA" => {
                    let kind = if kind == "A" { Kind::A } else { Kind::Aaaa };
                    (kind, data.parse().ok().map(Data::Address))
                }
                "MX" => {
                    let host = data.trim_end_matches('.').to_owned();
                    (Kind::Mx, Some(Data::Exchange { preference: 10, host }))
                }
                "PTR" => (Kind::Ptr, Some(Data::Name(data.to_owned()))),
                _ => (Kind::Txt, Some(Data::Text(data.to_owned()))),
            };
            let question = Question::new(name, kind);
            match line.rsplit(' ').next().unwrap() {
                "-" => known.insert(question, Answer::Nothing),
                word if word.starts_with('!') => {
                    known.insert(question, Answer::Failed(word.trim_start_matches('!').to_owned()));
                }
                _ => match answers.iter_mut().find(|(asked, _)| *asked == question) {
                    Some((_, found)) => found.extend(data),
                    None => answers.push((question, data.into_iter().collect())),
                },
            }
        }
        for (question, data) in answers {
            known.insert(question, Answer::Records(data));
        }
        known
    }

    /// All that was found, as one text.
    pub(super) fn told(findings: &[Finding]) -> String {
        let line = |finding: &Finding| format!("{} {finding}\n", finding.light.as_str());
        findings.iter().map(line).collect()
    }

    #[test]
    fn the_worst_finding_counts() {
        let green = Group::Disk.green("room", "there is some");
        let yellow = Group::Disk.yellow("room", "there is little", "make some");
        let red = Group::Disk.red("room", "there is none", "make some");
        assert_eq!(Light::worst(&[]), Light::Green);
        assert_eq!(Light::worst(&[green.clone(), yellow.clone()]), Light::Yellow);
        assert_eq!(Light::worst(&[yellow, red.clone(), green]), Light::Red);
        assert_eq!(red.to_string(), "disk: room: there is none");
    }
}
