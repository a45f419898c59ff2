//! The DNS, asked: bounded in time and number of questions, whatever the resolver does.

mod exchange;

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::dns::{Answer, Known, Missing, Question};

/// Where the system says which resolvers it has.
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// The port of the DNS.
const PORT: u16 = 53;

/// How many of the system's resolvers are asked, as its own library does.
const MOST_SERVERS: usize = 3;

/// How long we wait, and how much we ask.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For one answer, of one server, before it is asked once more.
    pub attempt: Duration,
    /// For one answer, over TCP and repetition.
    pub question: Duration,
    /// For all answers.
    pub all: Duration,
    /// How many questions are asked.
    pub questions: usize,
    /// After so many questions without any answer nothing more is asked.
    pub silence: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(2),
            question: Duration::from_secs(5),
            all: Duration::from_secs(30),
            questions: 200,
            silence: 2,
        }
    }
}

/// Servers that answer questions about any name.
#[derive(Clone, Debug)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
    limits: Limits,
}

/// A row of questions to a resolver, with one limit for all of them.
#[derive(Debug)]
pub struct Inquiry {
    resolver: Resolver,
    known: Known,
    deadline: Instant,
    asked: usize,
    answered: usize,
}

impl Resolver {
    /// The resolver at this address.
    pub fn at(server: SocketAddr, limits: Limits) -> Self {
        Self { servers: vec![server], limits }
    }

    /// The resolvers of this machine; where it names none, one on itself, as the system's own library does.
    pub fn system() -> Self {
        let text = fs::read_to_string(RESOLV_CONF).unwrap_or_default();
        Self { servers: name_servers(&text), limits: Limits::default() }
    }

    /// The addresses of the servers, for messages.
    pub fn shown(&self) -> String {
        self.servers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Begins to ask.
    pub fn inquire(&self) -> Inquiry {
        Inquiry {
            resolver: self.clone(),
            known: Known::default(),
            deadline: Instant::now() + self.limits.all,
            asked: 0,
            answered: 0,
        }
    }

    async fn answer(&self, question: &Question) -> Answer {
        let mut last = "there is no resolver".to_owned();
        for server in &self.servers {
            match exchange::ask(*server, question, &self.limits).await {
                Ok(answer) => return answer,
                Err(why) => last = why,
            }
        }
        Answer::Failed(last)
    }
}

impl Inquiry {
    /// What a rule makes of the answers: it is tried again and again, and what it lacks is asked.
    ///
    /// # Errors
    /// What the rule itself ends with.
    pub async fn settle<T>(&mut self, rule: impl Fn(&Known) -> Result<T, Missing>) -> Result<T, Missing> {
        loop {
            match rule(&self.known) {
                Err(Missing::Unasked(question)) => {
                    let answer = self.ask(&question).await;
                    self.known.insert(question, answer);
                }
                outcome => return outcome,
            }
        }
    }

    /// The addresses of a name.
    ///
    /// # Errors
    /// Why there are none, in words.
    pub async fn addresses(&mut self, name: &str) -> Result<Vec<IpAddr>, String> {
        match self.settle(|known| known.addresses(name)).await {
            Ok(addresses) if addresses.is_empty() => Err(format!("there is no address for {name}")),
            Ok(addresses) => Ok(addresses),
            Err(Missing::Failed { question, why }) => Err(format!("nobody answers for {question}: {why}")),
            Err(Missing::Unasked(question)) => Err(format!("{question} was not asked")),
        }
    }

    /// Whether the resolver has answered nothing that it was asked.
    pub fn is_mute(&self) -> bool {
        self.answered == 0 && self.asked >= self.resolver.limits.silence
    }

    async fn ask(&mut self, question: &Question) -> Answer {
        let Limits { all, questions, .. } = self.resolver.limits;
        if self.is_mute() {
            return Answer::Failed("the resolver does not answer".to_owned());
        }
        if self.asked >= questions {
            return Answer::Failed(format!("not asked: more than {questions} questions"));
        }
        self.asked += 1;
        match tokio::time::timeout_at(self.deadline, self.resolver.answer(question)).await {
            Ok(answer) => {
                self.answered += usize::from(!matches!(answer, Answer::Failed(_)));
                answer
            }
            Err(_) => {
                Answer::Failed(format!("not answered within the {} s for all questions", all.as_secs()))
            }
        }
    }
}

/// The servers of a resolv.conf(5).
fn name_servers(text: &str) -> Vec<SocketAddr> {
    let server = |line: &str| {
        let mut words = line.split_whitespace();
        let address: IpAddr =
            words.next().filter(|word| *word == "nameserver").and(words.next())?.parse().ok()?;
        Some(SocketAddr::new(address, PORT))
    };
    let mut servers: Vec<SocketAddr> = text.lines().filter_map(server).take(MOST_SERVERS).collect();
    if servers.is_empty() {
        servers.push(SocketAddr::from(([127, 0, 0, 1], PORT)));
    }
    servers
}

/// A resolver as people write it: an address, with or without a port.
pub fn parse_server(text: &str) -> Option<SocketAddr> {
    let bare = |text: &str| text.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, PORT));
    text.parse().ok().or_else(|| bare(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_resolvers_are_read_whatever_else_its_file_says() {
        for (text, expected) in [
            ("search example.org\nnameserver 192.0.2.53\noptions edns0 trust-ad\n", &["192.0.2.53:53"][..]),
            ("nameserver 2001:db8::53 # ours\n#nameserver 192.0.2.1\nunknown 1", &["[2001:db8::53]:53"]),
            ("", &["127.0.0.1:53"]),
            ("nameserver fe80::1%eth0\nnameserver\n", &["127.0.0.1:53"]),
        ] {
            let shown: Vec<String> = name_servers(text).iter().map(ToString::to_string).collect();
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn a_resolver_is_an_address_with_or_without_a_port() {
        for (text, expected) in [
            ("127.0.0.1:5355", Some("127.0.0.1:5355")),
            ("192.0.2.53", Some("192.0.2.53:53")),
            ("2001:db8::53", Some("[2001:db8::53]:53")),
            ("[2001:db8::53]:5355", Some("[2001:db8::53]:5355")),
            ("dns.example.org", None),
            ("", None),
        ] {
            assert_eq!(parse_server(text).map(|server| server.to_string()).as_deref(), expected, "{text}");
        }
    }
}
