//! What the inbox does to a recipient because of its name.

use std::sync::Arc;
use std::time::Duration;

/// At which point of a transaction the inbox acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In the place of the greeting.
    Greeting,
    /// In the place of the reply to EHLO.
    Ehlo,
    /// In the place of the reply to MAIL.
    Mail,
    /// In the place of the reply to RCPT.
    Rcpt,
    /// In the place of the reply to DATA.
    Data,
    /// Within the message, at its first line: before the final dot.
    Body,
    /// After the final dot: the message is complete.
    Dot,
    /// When the reply to the final dot has been sent.
    Told,
}

/// Decides what is done at a stage, before the recipient's name does; `None` leaves it to the name. It is told the
/// stage and the recipient, who is not yet known at the first three.
pub type Hook = Arc<dyn Fn(Stage, &str) -> Option<Act> + Send + Sync>;

/// What the inbox does at that point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Gives this reply.
    Reply(&'static str),
    /// Gives this reply to the first attempt at this recipient, and takes all later ones.
    Once(&'static str),
    /// Sends these octets in the place of a reply, whatever they are.
    Raw(&'static [u8]),
    /// Gives this reply and closes the connection.
    Farewell(&'static str),
    /// Closes the connection without a word.
    Close,
    /// Closes without a word at the first attempt at this recipient, and takes all later ones.
    CloseOnce,
    /// Says nothing more, and keeps the connection open.
    Mute,
    /// Gives the usual reply, this much later.
    Late(Duration),
    /// Gives the usual reply one octet at a time, with this pause after each.
    Drip(Duration),
    /// Sends a reply that never ends.
    Endless,
}

/// Recipients whose name begins with one of these words are treated so; digits or a `-` may follow the word.
const HABITS: &[(&str, Stage, Act)] = &[
    ("gone", Stage::Rcpt, Act::Reply("550 5.1.1 No such user here")),
    ("busy", Stage::Rcpt, Act::Reply("451 4.2.0 Mailbox is busy, try again later")),
    ("full", Stage::Rcpt, Act::Reply("552 5.2.2 Mailbox is full")),
    ("blocked", Stage::Rcpt, Act::Reply("550 5.7.1 Your address is on our blocklist")),
    ("greylist", Stage::Rcpt, Act::Once("451 4.7.1 Greylisted, try again in 300 seconds")),
    ("regret", Stage::Rcpt, Act::Once("550 5.1.1 No such user here")),
    ("leaving", Stage::Rcpt, Act::Farewell("421 4.3.2 Closing for maintenance")),
    ("hangup", Stage::Rcpt, Act::Close),
    ("mute", Stage::Rcpt, Act::Mute),
    ("garbage", Stage::Rcpt, Act::Raw(b"what was that?\r\n")),
    ("endless", Stage::Rcpt, Act::Endless),
    ("nodata", Stage::Data, Act::Reply("554 5.5.0 No data wanted")),
    ("waitdata", Stage::Data, Act::Reply("451 4.3.0 Not now")),
    ("cut", Stage::Body, Act::Close),
    ("spam", Stage::Dot, Act::Reply("554 5.7.1 Message looks like spam")),
    ("later", Stage::Dot, Act::Reply("452 4.3.1 Insufficient system storage")),
    ("drop", Stage::Dot, Act::Close),
    ("droponce", Stage::Dot, Act::CloseOnce),
    ("silent", Stage::Dot, Act::Mute),
    ("riddle", Stage::Dot, Act::Raw(b"999 ?\r\n")),
    ("latin", Stage::Dot, Act::Raw(b"250 2.0.0 Angenommen f\xfcr sp\xe4ter\r\n")),
    ("lf", Stage::Dot, Act::Raw(b"250 2.0.0 Taken\n")),
    ("late", Stage::Dot, Act::Late(Duration::from_secs(2))),
    ("drip", Stage::Dot, Act::Drip(Duration::from_millis(5))),
];

/// What is done at `stage` to this recipient, if anything unusual is.
pub fn act(stage: Stage, recipient: &str) -> Option<Act> {
    let local = recipient.split('@').next().unwrap_or_default();
    let word = local.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    HABITS.iter().find(|(name, at, _)| *name == word && *at == stage).map(|(_, _, act)| *act)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_number_has_the_habit_of_its_word() {
        for recipient in ["gone@example.org", "gone-17@example.org", "gone3@example.org"] {
            assert!(matches!(act(Stage::Rcpt, recipient), Some(Act::Reply(_))), "{recipient}");
        }
        assert_eq!(act(Stage::Rcpt, "ada@example.org"), None);
        assert_eq!(act(Stage::Data, "gone@example.org"), None);
    }
}
