//! What a reply teaches about the provider that gave it: that it wants nothing for a while, from us and for anybody.
//!
//! The rules are data, as the words that say why a message was not taken: a row is added with a reply that needs it.

use std::time::Duration;

use super::words::Words;
use super::{Class, Reason, Refusal, Status};

/// Words, and for how long who says them is left alone; `None`: they are about one mailbox or one message.
struct Lesson {
    words: &'static str,
    pause: Option<Duration>,
}

const fn wait(words: &'static str, minutes: u64, _met: &str) -> Lesson {
    Lesson { words, pause: Some(Duration::from_mins(minutes)) }
}

const fn go_on(words: &'static str, _met: &str) -> Lesson {
    Lesson { words, pause: None }
}

/// The words, each with who was met writing them; the first row that occurs decides.
#[rustfmt::skip]
const LESSONS: &[Lesson] = &[
    // About one mailbox or one message, although it sounds like more.
    go_on("user you are trying to contact is receiving mail", "Gmail"),
    go_on("receiving mail at a rate", "Gmail"),
    go_on("receiving mail too quickly", "Gmail"),
    go_on("too many recipients", "Sendmail"),
    go_on("mailbox is busy", "many"),
    // About us, for good as long as nothing changes: asking again soon makes it worse.
    wait("permanently deferred", 240, "Yahoo"),
    wait("[ts03]", 240, "Yahoo"),
    wait("[tss09]", 240, "Yahoo"),
    wait("[tss11]", 240, "Yahoo"),
    // About how much we send.
    wait("[tss", 15, "Yahoo"),
    wait("[ts0", 15, "Yahoo"),
    wait("unexpected volume", 15, "Yahoo"),
    wait("unusual rate", 15, "Gmail"),
    wait("too many connections", 2, "Postfix"),
    wait("too many concurrent", 2, "Cisco IronPort"),
    wait("too many sessions", 2, "Exim"),
    wait("connection limit", 2, "Comcast"),
    wait("maximum number of connections", 2, "Orange"),
    wait("trop de connexions", 2, "Orange"),
    wait("too many messages", 10, "Exim"),
    wait("daily limit", 240, "Zoho"),
];

/// Status codes (RFC 3463) that teach the same whatever is said behind them.
const STATUSES: &[(u16, u16, Duration)] = &[
    (7, 28, Duration::from_mins(15)), // Gmail: an unusual rate of unsolicited mail
];

/// For how long the provider is left alone that says so for now; `None` if it says nothing of itself.
///
/// `asked` is how long it asks us to wait, where it says that. It is believed unless the words are about one mailbox.
pub fn pause(refusal: &Refusal<'_>, asked: Option<Duration>) -> Option<Duration> {
    let reason = refusal.reason();
    if reason == Reason::Greylisted
        || matches!(reason.class(), Class::Address | Class::Mailbox | Class::Message)
    {
        return None;
    }
    let words = Words::of(refusal.text);
    if let Some(lesson) = LESSONS.iter().find(|lesson| words.have(lesson.words)) {
        return lesson.pause.map(|pause| asked.unwrap_or(pause));
    }
    asked.or_else(|| of_status(refusal.status?)).or_else(|| of_reason(reason, refusal.code))
}

fn of_status(status: Status) -> Option<Duration> {
    let row = STATUSES.iter().find(|row| (row.0, row.1) == (status.subject, status.detail));
    row.map(|row| row.2)
}

/// What a provider that names no time means by a reason.
fn of_reason(reason: Reason, code: Option<u16>) -> Option<Duration> {
    match reason {
        Reason::Rate => Some(Duration::from_mins(10)),
        Reason::Reputation | Reason::Blocked => Some(Duration::from_mins(30)),
        Reason::Spam if code == Some(421) => Some(Duration::from_mins(30)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_occur_and_stands_once() {
        let mut known = std::collections::HashSet::new();
        for Lesson { words, .. } in LESSONS {
            assert!(Words::of(&format!("x {words}] x")).have(words), "{words}");
            assert!(known.insert(words), "{words} stands twice");
        }
    }
}
