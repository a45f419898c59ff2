//! Delivery status notifications (RFC 3464, RFC 6533): what their fields say of each recipient.

use super::fields::{self, Fields};
use super::mail::Mail;
use super::{Bounce, Report, bounded, prose, stage, text};
use crate::mail::cause::{Class, Reason, Refusal, Status};

/// How many recipients of a report are looked at.
const MAX_RECIPIENTS: usize = 50;

/// Actions that say that all went well, or that somebody else goes on (RFC 3464 §2.3.3).
const SUCCESSES: &[&str] = &["delivered", "relayed", "expanded"];

/// Reads the fields of a notification, or of one whose parts were lost on the way so that they stand in its text.
pub(super) fn read(mail: &Mail) -> Option<Report> {
    let mut recipients: Vec<_> = mail.statuses.iter().flat_map(|status| recipients(status)).collect();
    if recipients.is_empty() && is_in_text(&mail.prose) {
        recipients = self::recipients(&mail.prose);
    }
    if recipients.is_empty() {
        return None;
    }
    let is_only = recipients.len() == 1;
    let failures = recipients.iter().filter(|fields| !is_success(fields));
    let bounces: Vec<_> = failures.map(|fields| judge(fields, &said(mail, fields, is_only))).collect();
    Some(if bounces.is_empty() { Report::Nothing } else { Report::Bounce(bounces) })
}

/// The text before the fields, where they stand in it.
fn without_fields(prose: &str) -> &str {
    let lower = prose.to_ascii_lowercase();
    let place = ["\nreporting-mta:", "\nfinal-recipient:"].iter().filter_map(|field| lower.find(field)).min();
    place.map_or(prose, |place| &prose[..place])
}

fn is_in_text(prose: &str) -> bool {
    let is_field = |line: &str| {
        let line = line.trim_start().to_ascii_lowercase();
        line.starts_with("final-recipient:") || line.starts_with("original-recipient:")
    };
    prose.lines().any(is_field)
}

/// The groups that speak of a recipient. Some systems leave out the blank line before the next one.
fn recipients(text: &str) -> Vec<Fields> {
    let mut found: Vec<Fields> = Vec::new();
    for group in fields::groups(text) {
        let mut own: Fields = Vec::new();
        for (name, value) in group {
            if name == "final-recipient" && fields::find(&own, &name).is_some() {
                found.push(std::mem::take(&mut own));
            }
            own.push((name, value));
        }
        found.push(own);
    }
    found.retain(is_about_a_recipient);
    found.truncate(MAX_RECIPIENTS);
    found
}

fn is_about_a_recipient(fields: &Fields) -> bool {
    let has = |name| fields::find(fields, name).is_some();
    has("final-recipient")
        || has("original-recipient")
        || has("action") && (has("status") || has("diagnostic-code"))
}

fn is_success(fields: &Fields) -> bool {
    let action = fields::find(fields, "action").unwrap_or_default().to_ascii_lowercase();
    SUCCESSES.iter().any(|success| action.starts_with(success))
}

/// What the text says of this recipient.
fn said(mail: &Mail, fields: &Fields, is_only: bool) -> String {
    let recipient = recipient(fields);
    match &recipient {
        Some(recipient) if !is_only => prose::about(&mail.prose, recipient),
        _ => without_fields(&mail.prose).to_owned(),
    }
}

/// What its fields, and the text, say of a recipient.
pub(super) fn judge(fields: &Fields, said: &str) -> Bounce {
    let (kind, words) = diagnostic(fields);
    let recipient = recipient(fields);
    let told = fields::find(fields, "status").and_then(Status::find);
    let status = Status::find(words).filter(|status| status.is_specific()).or(told);
    let is_delay =
        fields::find(fields, "action").is_some_and(|action| action.eq_ignore_ascii_case("delayed"));
    let code = text::reply(words).map(|(_, code)| code);
    let stage = stage::find(words, None).or_else(|| stage::find(said, recipient.as_deref()));
    let known = status.filter(|status| !status.is_placeholder());
    let refusal = Refusal { stage, code, status: known, is_final: !is_delay, text: words };
    let reason = match (kind.as_str(), refusal.reason()) {
        ("x-unix", reason) if reason.class() == Class::Address || reason == Reason::Filtered => {
            Reason::Program
        }
        (_, reason) => with_text(reason, &refusal, said),
    };
    let diagnostic = if words.is_empty() { prose::diagnostic(said) } else { bounded(words) };
    Bounce { recipient, status, reason, is_delay, diagnostic }
}

/// What the fields leave open, the text may say.
fn with_text(reason: Reason, refusal: &Refusal<'_>, said: &str) -> Reason {
    if !reason.is_vague() && !refusal.text.is_empty() {
        return reason;
    }
    let in_text = prose::reason(said, refusal);
    match (reason, in_text.class()) {
        (_, Class::Unclear) => reason,
        (Reason::Unclear, _) | (_, Class::Address) => in_text,
        _ if refusal.text.is_empty() => in_text,
        _ => reason,
    }
}

/// The type and the words of the diagnostic code. Some leave the type out.
fn diagnostic(fields: &Fields) -> (String, &str) {
    let value = fields::find(fields, "diagnostic-code").unwrap_or_default();
    match value.split_once(';') {
        Some((kind, words)) if !kind.trim().contains(' ') => (kind.trim().to_ascii_lowercase(), words.trim()),
        _ => (String::new(), value),
    }
}

/// The final recipient, or the original one where that is no address but a program or a file.
fn recipient(fields: &Fields) -> Option<String> {
    ["final-recipient", "original-recipient", "x-actual-recipient"].iter().find_map(|name| {
        let value = fields::find(fields, name)?;
        let address = value.split_once(';').map_or(value, |(_, address)| address).trim();
        let (start, end) = text::address(address)?;
        (start <= 1 && end + 1 >= address.trim_end().len()).then(|| address[start..end].to_owned())
    })
}
