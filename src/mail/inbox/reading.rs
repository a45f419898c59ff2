//! A mail as the person reads it who has it in the inbox.

use mail_parser::{Address, HeaderValue, Message, MessageParser};

use super::Received;

/// What a mail program makes of a [`Received`]. What it does not find is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The sender, as the mail gives it: name and address.
    pub from: String,
    /// The recipient, likewise.
    pub to: String,
    /// The name of the list that it belongs to (RFC 2919), or its id if it has no name.
    pub list: String,
    /// The subject, decoded.
    pub subject: String,
    /// When it was written, as RFC 3339.
    pub date: String,
    /// Its HTML, decoded.
    pub html: String,
    /// Its plain text, decoded.
    pub text: String,
    /// Its headers in their order, unfolded and otherwise as they came.
    pub headers: Vec<(String, String)>,
}

impl Received {
    /// Reads the mail as a mail program would.
    pub fn read(&self) -> Reading {
        let Some(message) = MessageParser::default().parse(&self.bytes) else { return Reading::default() };
        Reading {
            from: message.from().map(written).unwrap_or_default(),
            to: message.to().map(written).unwrap_or_default(),
            list: list(&message),
            subject: message.subject().unwrap_or_default().to_owned(),
            date: message.date().map(mail_parser::DateTime::to_rfc3339).unwrap_or_default(),
            html: part(&message, "html"),
            text: part(&message, "plain"),
            headers: message.headers_raw().map(|(name, value)| (name.to_owned(), unfolded(value))).collect(),
        }
    }
}

/// The first part of this kind. The parser offers one made from the other where it is missing: that is not wanted.
fn part(message: &Message<'_>, subtype: &str) -> String {
    use mail_parser::MimeHeaders;
    let is_wanted = |part: &&mail_parser::MessagePart<'_>| match part.content_type() {
        Some(kind) => kind.ctype() == "text" && kind.subtype() == Some(subtype),
        None => subtype == "plain" && part.is_text(),
    };
    message.parts.iter().find(is_wanted).and_then(|part| part.text_contents()).unwrap_or_default().to_owned()
}

fn list(message: &Message<'_>) -> String {
    let HeaderValue::Address(list) = message.list_id() else { return String::new() };
    let named = list.first().and_then(|one| one.name().or(one.address()));
    named.unwrap_or_default().to_owned()
}

fn written(address: &Address<'_>) -> String {
    let each = address.iter().map(|one| match (one.name(), one.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => address.or(name).unwrap_or_default().to_owned(),
    });
    each.collect::<Vec<_>>().join(", ")
}

fn unfolded(value: &str) -> String {
    value.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Reading {
        let bytes = text.replace('\n', "\r\n").into_bytes();
        Received { from: String::new(), to: Vec::new(), bytes, is_answered: true }.read()
    }

    #[test]
    fn a_mail_of_two_parts_is_decoded() {
        let reading = read(
            "From: =?utf-8?q?The_H=C3=A2lmouth_Courier?= <digest@example.org>\nTo: ada@example.org\n\
             Subject: =?utf-8?b?2KPYrtio2KfYsQ==?=\n =?utf-8?q?_today?=\nDate: Tue, 24 Nov 2026 07:00:00 +0100\n\
             MIME-Version: 1.0\nList-Id: =?utf-8?q?Der_T=C3=A4gliche?= <daily.example.org>\n\
             Content-Type: multipart/alternative; boundary=\"b\"\n\n\
             --b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nCaf=C3=A9\n\
             --b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+aGk8L3A+\n--b--\n",
        );
        assert_eq!(reading.from, "The Hâlmouth Courier <digest@example.org>");
        assert_eq!(reading.to, "ada@example.org");
        assert_eq!(reading.list, "Der Tägliche");
        assert_eq!(reading.subject, "أخبار today");
        assert_eq!(reading.date, "2026-11-24T07:00:00+01:00");
        assert_eq!(reading.text.trim_end(), "Café");
        assert_eq!(reading.html.trim_end(), "<p>hi</p>");
        assert_eq!(reading.headers[2].1, "=?utf-8?b?2KPYrtio2KfYsQ==?= =?utf-8?q?_today?=");
    }

    #[test]
    fn a_plain_mail_has_no_html_and_rubbish_has_nothing() {
        let reading = read("Subject: hi\n\nonly text\n");
        assert_eq!((reading.text.trim_end(), reading.html.as_str()), ("only text", ""));
        assert_eq!(read("").subject, "");
        assert_eq!(read("\n\n\u{0}\u{1}").html, "");
    }
}
