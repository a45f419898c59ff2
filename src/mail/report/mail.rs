//! A mail taken apart: what a report can say, wherever it says it.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::fields::{self, Fields};
use super::original;

/// How many texts of a mail are read.
const MAX_TEXTS: usize = 20;

/// A mail taken apart.
#[derive(Debug, Default)]
pub(super) struct Mail {
    /// Its header, values as they are written but on one line.
    pub(super) header: Fields,
    /// Its subject, decoded.
    pub(super) subject: String,
    /// What it says in words, up to where the mail that came back begins.
    pub(super) prose: String,
    /// The bodies of its parts with the status of a delivery (RFC 3464, RFC 6533).
    pub(super) statuses: Vec<String>,
    /// The body of its part with feedback (RFC 5965).
    pub(super) feedback: Option<String>,
    /// The header of the mail that came back.
    pub(super) returned: Fields,
    /// The first mail in it: a gateway may pass on another system's report.
    pub(super) inner: Option<Box<Mail>>,
}

impl Mail {
    /// Takes a mail apart; `None` if it has not even a header.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(bytes)?;
        let mut mail = Self::of(&message, true);
        if mail.prose.trim().is_empty() && mail.statuses.is_empty() {
            // Its parts cannot be told apart: it is read as it is.
            let body = message.root_part().offset_body as usize;
            mail.split(&String::from_utf8_lossy(bytes.get(body..).unwrap_or_default()));
        }
        Some(mail)
    }

    /// Takes a message apart, and, where `is_outer`, the first one in it, but none in that.
    fn of(message: &Message<'_>, is_outer: bool) -> Self {
        let mut mail = Self { header: header(message), ..Self::default() };
        message.subject().unwrap_or_default().clone_into(&mut mail.subject);
        let (mut texts, mut pages) = (Vec::new(), Vec::new());
        for part in &message.parts {
            mail.take(part, is_outer, (&mut texts, &mut pages));
        }
        let said = if texts.iter().all(|text| text.trim().is_empty()) { pages } else { texts };
        mail.split(&said.join("\n\n"));
        mail
    }

    /// The first field of this name in the header.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        fields::find(&self.header, name)
    }

    /// The values of all fields of this name in the header.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.header.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn take(
        &mut self,
        part: &MessagePart<'_>,
        is_outer: bool,
        (texts, pages): (&mut Vec<String>, &mut Vec<String>),
    ) {
        let is_room = texts.len() < MAX_TEXTS && self.returned.is_empty();
        match (kind(part).as_str(), &part.body) {
            ("message/delivery-status" | "message/global-delivery-status", _) => {
                self.statuses.push(contents(part));
            }
            ("message/feedback-report", _) => self.feedback = Some(contents(part)),
            ("text/rfc822-headers" | "message/global-headers" | "text/rfc822-header", _) if is_room => {
                self.returned = fields::header(contents(part).trim_start());
            }
            (_, PartType::Message(inner)) if is_room => {
                self.returned = header(inner);
                self.inner = is_outer.then(|| Box::new(Self::of(inner, false)));
            }
            ("message/rfc822" | "message/global", _) if is_room => {
                self.returned = fields::header(contents(part).trim_start());
            }
            (_, PartType::Text(text)) if is_room => texts.push(text.to_string()),
            (_, PartType::Html(page)) if is_room => {
                pages.push(mail_parser::decoders::html::html_to_text(page));
            }
            _ => {}
        }
    }

    /// Where a system puts the mail that comes back into its own text, parts the two.
    fn split(&mut self, text: &str) {
        let text = unquoted(text);
        let (prose, rest) = original::split(&text);
        prose.clone_into(&mut self.prose);
        if self.returned.is_empty() {
            self.returned = fields::header(rest.trim_start());
        }
    }
}

fn header(message: &Message<'_>) -> Fields {
    let unfolded = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
    message.headers_raw().map(|(name, value)| (name.trim().to_ascii_lowercase(), unfolded(value))).collect()
}

fn kind(part: &MessagePart<'_>) -> String {
    part.content_type().map_or_else(String::new, |kind| {
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase()
    })
}

fn contents(part: &MessagePart<'_>) -> String {
    String::from_utf8_lossy(part.contents()).into_owned()
}

/// The text without the marks of a mail program that passed it on as a quotation. `>>>` begins a command in a transcript.
fn unquoted(text: &str) -> String {
    let bare = |line: &str| {
        let rest =
            line.strip_prefix("> ").or_else(|| line.strip_prefix('>').filter(|rest| rest.starts_with(">>>")));
        rest.unwrap_or(if line == ">" { "" } else { line }).to_owned()
    };
    text.lines().map(bare).collect::<Vec<_>>().join("\n")
}
