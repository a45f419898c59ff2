//! Where, in a text of a mail system, the mail that came back begins.

/// Lines after which it begins, each with who writes it. A line is compared in lower case, without the dashes, blanks
/// and equals signs around it.
#[rustfmt::skip]
const MARKS: &[(&str, &str)] = &[
    ("original message", "Gmail"),
    ("original message follows", "IMail, Yahoo"),
    ("original message headers", "Exchange"),
    ("original mail info", "m-FILTER"),
    ("message headers follow", "DragonFly"),
    ("message header follows", "many"),
    ("below this line is a copy of the message", "qmail"),
    ("enclosed is a copy of the message", "qmail"),
    ("enclosed are the original headers of the message", "qmail"),
    ("below is a copy of the original message", "OpenSMTPD"),
    ("included is a copy of the message header", "MXLogic"),
    ("this is a copy of the message", "Exim"),
    ("this is a copy of your message", "Exim"),
    ("copy of your message", "Exim"),
    ("a copy of the original message", "many"),
    ("the header of the original message", "GMX"),
    ("the body of the message is", "Exim"),
    ("unsent message follows", "Sendmail 5"),
    ("unsent message below", "Sendmail 5"),
    ("returned message", "Notes"),
    ("returned message headers", "many"),
    ("message text follows", "Sendmail 4"),
    ("message text", "many"),
    ("original message text", "many"),
    ("message truncated", "many"),
    ("ursprüngliche nachricht", "many"),
    ("message d'origine", "many"),
    ("mensaje original", "many"),
];

/// Fields with which a mail begins that comes back without a word before it.
const FIRST_FIELDS: &[&str] = &[
    "return-path: <",
    "received: from",
    "received: by",
    "received: (qmail",
    "x-received: by",
    "dkim-signature: v=",
    "arc-seal: i=",
];

/// The text before the mail that came back, and that mail.
pub(super) fn split(text: &str) -> (&str, &str) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let lower = line.trim().to_lowercase();
        if start > 0 && FIRST_FIELDS.iter().any(|field| lower.starts_with(field)) {
            return (&text[..start], &text[start..]);
        }
        if start > 0 && is_mark(&lower) {
            return (&text[..start], &text[end..]);
        }
        start = end;
    }
    (text, "")
}

fn is_mark(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| matches!(c, '-' | '=' | '*' | '_' | '#' | ' ' | ':' | '.' | '>'));
    MARKS.iter().any(|(mark, _)| {
        bare.strip_prefix(mark)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ':', '.', ' ']) && rest.len() < 40)
    })
}
