//! Reports of Amazon SES that its notification service sends as mails: JSON where others write fields.

use serde_json::Value;

use super::mail::Mail;
use super::status;
use super::{Report, text};
use crate::mail::report::fields::Fields;

/// How deep notifications lie in each other.
const MAX_DEPTH: usize = 3;

/// Reads a notification; `None` if the mail is none.
pub(super) fn read(mail: &Mail) -> Option<Report> {
    let notification = notification(mail.prose.trim_start(), MAX_DEPTH)?;
    let kind = notification.get("notificationType").or_else(|| notification.get("eventType"))?.as_str()?;
    match kind {
        "Bounce" => Some(bounce(notification.get("bounce")?, mail)),
        "Complaint" => {
            let recipient = notification.pointer("/complaint/complainedRecipients/0/emailAddress");
            let recipient = recipient.and_then(Value::as_str).and_then(address);
            Some(Report::Complaint { recipient, kind: "abuse".to_owned() })
        }
        _ => Some(Report::Nothing),
    }
}

/// The notification that a text begins with: it stands in another one as text, and has lines behind it for people.
fn notification(text: &str, depth: usize) -> Option<Value> {
    if !text.starts_with('{') || depth == 0 {
        return None;
    }
    // A mail breaks long lines, also within a string.
    let text: String = text.chars().filter(|c| *c != '\n').collect();
    let value: Value = serde_json::Deserializer::from_str(&text).into_iter().next()?.ok()?;
    match value.get("Message").and_then(Value::as_str) {
        Some(inner) => notification(inner.trim_start(), depth - 1),
        None => Some(value),
    }
}

fn bounce(bounce: &Value, mail: &Mail) -> Report {
    let of =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let recipients = bounce.get("bouncedRecipients").and_then(Value::as_array);
    let bounces = recipients.into_iter().flatten().map(|recipient| {
        let fields: Fields = [
            ("final-recipient", "emailAddress"),
            ("action", "action"),
            ("status", "status"),
            ("diagnostic-code", "diagnosticCode"),
        ]
        .map(|(field, name)| (field.to_owned(), of(recipient, name)))
        .into();
        status::judge(&fields, "")
    });
    let bounces: Vec<_> = bounces.collect();
    if bounces.is_empty() {
        super::prose::read(mail).unwrap_or(Report::Nothing)
    } else {
        Report::Bounce(bounces)
    }
}

fn address(value: &str) -> Option<String> {
    text::address(value).map(|(start, end)| value[start..end].to_owned())
}
