//! To which command of the transaction a refusal came, by what a report says about it.

use crate::mail::reply::Stage;

/// Words that name the command, each with who writes them. The last one in a text counts.
#[rustfmt::skip]
const MARKS: &[(&str, Stage, &str)] = &[
    ("reply to rcpt to", Stage::Rcpt, "Postfix"),
    ("reply to end of data", Stage::Dot, "Postfix"),
    ("reply to data command", Stage::Data, "Postfix"),
    ("reply to mail from", Stage::Mail, "Postfix"),
    ("reply to ehlo", Stage::Greeting, "Postfix"),
    ("reply to helo", Stage::Greeting, "Postfix"),
    ("refused to talk to me", Stage::Greeting, "Postfix"),
    ("after rcpt to", Stage::Rcpt, "Exim"),
    ("after rcpt command", Stage::Rcpt, "GMX"),
    ("for rcpt to", Stage::Rcpt, "qmail"),
    ("after end of data", Stage::Dot, "Exim"),
    ("after pipelined end of data", Stage::Dot, "Exim"),
    ("after data", Stage::Data, "Exim"),
    ("after pipelined data", Stage::Data, "Exim"),
    ("after mail from", Stage::Mail, "Exim"),
    ("after pipelined mail from", Stage::Mail, "Exim"),
    ("after initial connection", Stage::Greeting, "Exim"),
    ("after ehlo", Stage::Greeting, "Exim"),
    ("after helo", Stage::Greeting, "Exim"),
    ("for text command", Stage::Dot, "1&1"),
    ("does not like recipient", Stage::Rcpt, "qmail"),
    ("my name was rejected", Stage::Greeting, "qmail"),
    ("rcpt to response", Stage::Rcpt, "qmail"),
    ("sender was rejected", Stage::Mail, "qmail"),
    ("failed on data command", Stage::Data, "qmail"),
    ("failed after i sent the message", Stage::Dot, "qmail"),
    ("our rcpt to", Stage::Rcpt, "DragonFly"),
    ("our mail from", Stage::Mail, "DragonFly"),
    ("our data", Stage::Data, "DragonFly"),
    ("our final data", Stage::Dot, "DragonFly"),
    ("following rcpt command", Stage::Rcpt, "Kerio"),
    ("rejected recipient", Stage::Rcpt, "Kerio"),
    ("[rcpt_to]", Stage::Rcpt, "Yahoo"),
    ("[mail_from]", Stage::Mail, "Yahoo"),
    ("[data]", Stage::Data, "Yahoo"),
    ("smtp:rcpt", Stage::Rcpt, "Mirapoint"),
    ("smtp:data", Stage::Data, "Mirapoint"),
    ("smtp:mail", Stage::Mail, "Mirapoint"),
    ("sent <<< rcpt to", Stage::Rcpt, "InterScan"),
    ("smtp command data", Stage::Data, "m-FILTER"),
    ("smtp command rcpt", Stage::Rcpt, "m-FILTER"),
];

/// Commands in a transcript: `>>> RCPT To:<a@example.org>`.
const COMMANDS: &[(&str, Stage)] = &[
    ("rcpt", Stage::Rcpt),
    ("mail", Stage::Mail),
    ("data", Stage::Data),
    ("bdat", Stage::Data),
    (".", Stage::Dot),
    ("helo", Stage::Greeting),
    ("ehlo", Stage::Greeting),
];

/// To which command the refusal in `text` came; in a transcript of several recipients, that of `recipient`.
pub(super) fn find(text: &str, recipient: Option<&str>) -> Option<Stage> {
    let lower = text.to_lowercase();
    transcript(&lower, recipient).or_else(|| named(&lower))
}

fn named(text: &str) -> Option<Stage> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let places = MARKS.iter().filter_map(|(mark, stage, _)| Some((text.rfind(mark)?, *stage)));
    places.max_by_key(|(place, _)| *place).map(|(_, stage)| stage)
}

/// A transcript has commands behind `>>>` and replies behind `<<<`. After a pipelined RCPT that was refused, DATA is
/// refused too: the first refusal counts.
fn transcript(text: &str, recipient: Option<&str>) -> Option<Stage> {
    let recipient = recipient.map(str::to_lowercase);
    let (mut command, mut first) = (None, None);
    for line in text.lines().map(str::trim) {
        if let Some(sent) = line.strip_prefix(">>>") {
            command = stage_of(sent.trim()).map(|stage| (stage, sent.to_owned()));
        }
        let is_refusal =
            line.strip_prefix("<<<").is_some_and(|reply| reply.trim_start().starts_with(['4', '5']));
        let Some((stage, sent)) = command.as_ref().filter(|_| is_refusal) else { continue };
        let is_theirs = recipient.as_ref().is_some_and(|own| sent.contains(own) || line.contains(own));
        if is_theirs {
            return Some(*stage);
        }
        first = first.or(Some(*stage));
    }
    first
}

fn stage_of(command: &str) -> Option<Stage> {
    COMMANDS.iter().find(|(word, _)| command.starts_with(word)).map(|(_, stage)| *stage)
}
