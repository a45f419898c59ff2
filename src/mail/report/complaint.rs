//! Complaints: feedback in the Abuse Reporting Format (RFC 5965), as providers' feedback loops send it.

use super::fields::{self, Fields};
use super::mail::Mail;
use super::{Report, text};

/// Feedback types that are a reader's wish for no more. `not-spam` is the opposite; `auth-failure` (RFC 6591), `dmarc` and
/// `virus` are about us and no reader's word.
const WISHES: &[&str] =
    &["abuse", "fraud", "opt-out", "opt-out-list", "miscategorized", "other", "complaint"];

/// Where a report says who complained.
const RECIPIENTS: &[&str] = &["original-rcpt-to", "removal-recipient", "x-original-rcpt-to"];

/// Reads a complaint; feedback that is none is nothing to us.
pub(super) fn read(mail: &Mail) -> Option<Report> {
    let Some(feedback) = &mail.feedback else { return from_microsoft(mail) };
    let fields: Fields = fields::groups(feedback).into_iter().flatten().collect();
    let kind = fields::find(&fields, "feedback-type").unwrap_or("abuse").trim().to_ascii_lowercase();
    if !WISHES.contains(&kind.as_str()) {
        return Some(Report::Nothing);
    }
    let named = RECIPIENTS
        .iter()
        .find_map(|name| fields::find(&fields, name))
        .or_else(|| fields::find(&mail.returned, "to"));
    Some(Report::Complaint { recipient: named.and_then(address), kind })
}

/// Outlook.com's Junk Mail Reporting Program sends the mail itself, with a field of its own on it.
fn from_microsoft(mail: &Mail) -> Option<Report> {
    let own = |name| mail.find(name).or_else(|| fields::find(&mail.returned, name));
    let named = own("x-hmxmroriginalrecipient");
    let is_complaint =
        named.is_some() || mail.subject.to_lowercase().starts_with("complaint about message from");
    is_complaint
        .then(|| Report::Complaint { recipient: named.and_then(address), kind: "complaint".to_owned() })
}

fn address(value: &str) -> Option<String> {
    text::address(value).map(|(start, end)| value[start..end].to_owned())
}
