//! What a relay's reply means: what became of the attempt, and, by the rules of [`cause`], whose fault it is.

use std::fmt;
use std::time::Duration;

use super::cause::{self, Class, Reason, Refusal, Status};
use crate::model::delivery::Outcome;

/// How much of a reply is kept, in bytes.
const MAX_TEXT: usize = 500;

/// The longest wait that a relay's hint is believed.
const MAX_HINT: Duration = Duration::from_hours(4);

/// To which command a reply came, in the order of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Before any mail: the connection, its greeting, EHLO, TLS, the login.
    Greeting,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA.
    Data,
    /// The final dot.
    Dot,
}

/// What the relay said, or, where it said nothing, what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    stage: Stage,
    code: Option<u16>,
    text: String,
}

impl Reply {
    /// What the relay said: its code and its words, lines joined by a blank.
    pub fn new(stage: Stage, code: u16, text: &str) -> Self {
        Self { stage, code: Some(code), text: bounded(text) }
    }

    /// What happened in the place of a reply, in our words: `no answer for 300 s`.
    pub fn trouble(stage: Stage, what: &str) -> Self {
        Self { stage, code: None, text: bounded(what) }
    }

    /// To which command it came.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Its code; `None` if the relay gave none.
    pub fn code(&self) -> Option<u16> {
        self.code
    }

    /// Whether it, or its absence, says nothing about the delivery: it came before the recipient was named.
    pub fn is_about_the_relay(&self) -> bool {
        self.stage() <= Stage::Mail && self.outcome() == Outcome::Deferred
    }

    /// What became of the attempt.
    ///
    /// Whatever comes before the recipient is named is about us and this relay, not about the delivery, so a
    /// 5yz does not end it there. After the final dot nothing but a reply tells what happened.
    pub fn outcome(&self) -> Outcome {
        match (self.code.map(|code| code / 100), self.stage) {
            (Some(2), Stage::Dot) => Outcome::Accepted,
            (Some(5), Stage::Mail) if self.class() == Class::Message => Outcome::Refused,
            (Some(5), Stage::Rcpt | Stage::Data | Stage::Dot) => Outcome::Refused,
            (Some(4), _) => Outcome::Deferred,
            (_, Stage::Dot) => Outcome::Unknown,
            _ => Outcome::Deferred,
        }
    }

    /// Whose fault it is, if the message was not taken.
    pub fn class(&self) -> Class {
        match self.code.map(|code| code / 100) {
            Some(4 | 5) => self.reason().class(),
            _ => Class::Transient,
        }
    }

    /// Why the message was not taken, if it was not.
    pub fn reason(&self) -> Reason {
        self.refusal().reason()
    }

    /// For how long the provider that gave it wants nothing for anybody, and whether it says so itself; `None` if the
    /// reply is about this recipient, this message or the relay.
    pub fn lesson(&self) -> Option<(Duration, bool)> {
        let is_of_provider = self.stage >= Stage::Rcpt && self.code.is_some_and(|code| code / 100 == 4);
        let asked = self.hint();
        let pause = is_of_provider.then(|| cause::pause(&self.refusal(), asked))??;
        Some((pause, asked.is_some()))
    }

    fn refusal(&self) -> Refusal<'_> {
        Refusal {
            stage: Some(self.stage),
            code: self.code,
            status: self.status(),
            is_final: self.code.is_some_and(|code| code / 100 == 5),
            text: &self.text,
        }
    }

    /// How long the relay asks us to wait: `try again in 300 seconds`.
    pub fn hint(&self) -> Option<Duration> {
        let text = self.text.to_ascii_lowercase();
        let words: Vec<_> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let hint = words.windows(2).find_map(|pair| {
            let number: u64 = pair[0].parse().ok()?;
            let seconds = match pair[1] {
                "s" | "sec" | "secs" | "second" | "seconds" => 1,
                "m" | "min" | "mins" | "minute" | "minutes" => 60,
                "h" | "hour" | "hours" => 3600,
                _ => return None,
            };
            Some(Duration::from_secs(number.saturating_mul(seconds)).min(MAX_HINT))
        });
        hint.filter(|_| self.code.is_some_and(|code| code / 100 == 4))
    }

    /// The enhanced status code (RFC 3463) that it begins with, if it agrees with the code.
    pub fn status(&self) -> Option<Status> {
        let status = Status::parse(self.text.split(' ').next()?)?;
        self.code.is_some_and(|code| code / 100 == status.class).then_some(status)
    }
}

impl std::error::Error for Reply {}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code} {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// Kept short and in one line, because a stranger wrote it.
fn bounded(text: &str) -> String {
    let mut clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.truncate(clean.floor_char_boundary(MAX_TEXT));
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(stage: Stage, text: &str) -> Reply {
        let (code, words) = text.split_once(' ').unwrap();
        Reply::new(stage, code.parse().unwrap(), words)
    }

    #[test]
    fn a_reply_says_whose_fault_it_is() {
        for (text, class) in [
            ("550 5.1.1 No such user here", Class::Address),
            ("550 5.1.10 Recipient not found by directory lookup", Class::Address),
            ("550 5.1.2 Bad destination system", Class::Address),
            (
                "550 5.1.1 <spam.blocked@example.org>: Recipient address rejected: User unknown",
                Class::Address,
            ),
            ("550 No such user", Class::Address),
            ("550 Requested action not taken: mailbox unavailable", Class::Address),
            ("550 5.4.4 Unable to route: host not found", Class::Address),
            ("550 5.1.1 User unknown; your address is on our blocklist", Class::Us),
            ("550 5.1.0 Sender rejected", Class::Us),
            ("550 5.7.1 Message refused", Class::Us),
            ("550 5.7.515 Access denied, sending domain does not meet the required level", Class::Us),
            ("554 5.7.1 Service unavailable; Client host blocked using a DNSBL", Class::Us),
            ("554 Your server has a poor reputation", Class::Us),
            ("550 SPF check failed", Class::Us),
            ("554 5.7.1 Relay access denied", Class::Us),
            ("503 5.5.1 Bad sequence of commands", Class::Us),
            ("550 5.2.1 Account is disabled", Class::Mailbox),
            ("552 5.2.2 Mailbox is full", Class::Mailbox),
            ("552 Over quota", Class::Mailbox),
            ("552 5.3.4 Message is too big", Class::Message),
            ("552 5.2.3 Length exceeds limit", Class::Message),
            ("554 5.6.0 Malformed", Class::Message),
            ("550 5.4.1 Recipient address rejected: Access denied", Class::Unclear),
            ("554 Transaction failed", Class::Unclear),
            ("450 4.2.1 Try again later", Class::Transient),
            ("451 4.7.1 Greylisted, try again in 300 seconds", Class::Transient),
            ("452 4.2.2 Mailbox full", Class::Mailbox),
            ("421 4.7.0 [TSS04] Messages temporarily deferred", Class::Us),
            ("421 4.7.28 Our system has detected an unusual rate of unsolicited mail", Class::Us),
        ] {
            assert_eq!(reply(Stage::Rcpt, text).class(), class, "{text}");
        }
    }

    #[test]
    fn that_nobody_is_there_is_believed_from_who_can_know_it() {
        for (stage, text, class) in [
            (Stage::Rcpt, "550 User unknown", Class::Address),
            (Stage::Dot, "550 User unknown", Class::Mailbox),
            (Stage::Dot, "550 5.1.1 User unknown", Class::Address),
            (Stage::Rcpt, "450 4.1.1 User unknown", Class::Transient),
            (Stage::Rcpt, "550 5.7.1 User unknown", Class::Us),
            (
                Stage::Rcpt,
                "550 5.4.1 Recipient address rejected: Access denied. [X.prod.protection.outlook.com]",
                Class::Address,
            ),
        ] {
            assert_eq!(reply(stage, text).class(), class, "{text}");
        }
    }

    #[test]
    fn what_the_relay_says_before_the_recipient_is_known_is_about_us() {
        for text in ["550 5.1.1 Who are you", "530 5.7.0 Log in first", "553 No such user"] {
            assert_eq!(reply(Stage::Mail, text).class(), Class::Us, "{text}");
            assert_eq!(reply(Stage::Mail, text).outcome(), Outcome::Deferred, "{text}");
        }
        assert_eq!(reply(Stage::Mail, "552 5.3.4 Message is too big").outcome(), Outcome::Refused);
    }

    #[test]
    fn only_a_2yz_to_the_final_dot_is_acceptance_and_only_silence_after_it_is_doubt() {
        for (reply, outcome) in [
            (reply(Stage::Dot, "250 2.0.0 Taken"), Outcome::Accepted),
            (reply(Stage::Dot, "354 What"), Outcome::Unknown),
            (reply(Stage::Dot, "451 4.3.0 Later"), Outcome::Deferred),
            (reply(Stage::Dot, "554 5.7.1 No"), Outcome::Refused),
            (Reply::trouble(Stage::Dot, "no answer"), Outcome::Unknown),
            (reply(Stage::Rcpt, "250 Fine"), Outcome::Deferred),
            (reply(Stage::Rcpt, "550 No"), Outcome::Refused),
            (Reply::trouble(Stage::Data, "closed"), Outcome::Deferred),
            (reply(Stage::Greeting, "554 Go away"), Outcome::Deferred),
        ] {
            assert_eq!(reply.outcome(), outcome, "{reply}");
        }
    }

    #[test]
    fn a_hint_is_read_and_bounded() {
        for (text, seconds) in [
            ("451 4.7.1 Greylisted, try again in 300 seconds", Some(300)),
            ("450 retry after 5 minutes.", Some(300)),
            ("450 wait 00:05", None),
            ("450 in 99999999999999999999 hours", None),
            ("450 in 9999999 hours", Some(4 * 3600)),
            ("550 in 5 minutes", None),
        ] {
            assert_eq!(reply(Stage::Rcpt, text).hint(), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn a_provider_that_wants_less_is_left_alone_and_others_are_not() {
        let yahoo = "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1";
        for (stage, text, minutes) in [
            (Stage::Rcpt, yahoo, Some(15)),
            (
                Stage::Dot,
                "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP",
                Some(15),
            ),
            (Stage::Dot, "421 4.7.28 We will say more another time", Some(15)),
            (Stage::Rcpt, "451 4.7.1 Please try again in 300 seconds", Some(5)),
            (Stage::Rcpt, "421 4.7.0 Too many messages from you, try again in 2 hours", Some(120)),
            (Stage::Rcpt, "421 4.3.2 Too many connections from 192.0.2.1", Some(2)),
            (
                Stage::Rcpt,
                "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation",
                Some(10),
            ),
            (Stage::Dot, "450 4.7.1 You have a poor reputation here", Some(30)),
            (
                Stage::Rcpt,
                "421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred",
                Some(240),
            ),
            (Stage::Rcpt, "451 4.7.1 Greylisted, try again in 300 seconds", None),
            (
                Stage::Rcpt,
                "450 4.2.1 The user you are trying to contact is receiving mail at a rate that",
                None,
            ),
            (Stage::Rcpt, "452 4.2.2 Mailbox full, try again in 5 minutes", None),
            (Stage::Rcpt, "451 4.2.0 Mailbox is busy, try again later", None),
            (Stage::Rcpt, "421 4.3.2 Closing for maintenance", None),
            (Stage::Dot, "452 4.3.1 Insufficient system storage", None),
            (Stage::Mail, "421 4.7.0 [TSS04] Messages deferred", None),
            (Stage::Rcpt, "550 5.7.1 Too many messages from you, try again in 2 hours", None),
        ] {
            let pause = reply(stage, text).lesson().map(|(pause, _)| pause.as_secs() / 60);
            assert_eq!(pause, minutes, "{text}");
        }
    }

    #[test]
    fn a_reply_is_kept_short_and_in_one_line() {
        let reply = Reply::new(Stage::Rcpt, 550, &format!("a\r\nb{}", "ü".repeat(2000)));
        assert!(reply.to_string().starts_with("550 a  b") && reply.to_string().len() < 510);
    }
}
