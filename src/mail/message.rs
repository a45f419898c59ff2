//! What a mail is made of, and its making into a [`Mould`].

use super::header::{ascii_domain, mailbox_line, one_line, phrase_line, text_line};
use super::mould::Mould;
use super::transfer::append_hex;
use crate::model::mailbox::Mailbox;
use crate::model::slot;
use crate::model::time::Timestamp;

/// A mail: a digest, a confirmation, a test.
///
/// Its texts may hold [`slot::TOKEN`] where the subscription's link token goes. They need not be clean:
/// control characters and line breaks in headers are removed here, whatever came before.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// Who it is from; the domain of its address is also the right side of its Message-ID.
    pub from: &'a Mailbox,
    /// Who reads the answers, if it is not the sender.
    pub reply_to: Option<&'a Mailbox>,
    /// The subject, in one line.
    pub subject: &'a str,
    /// What Date says: an edition's time, the same on every attempt.
    pub date: Timestamp,
    /// BCP 47 tag of its language.
    pub language: &'a str,
    /// The whole as plain text.
    pub text: &'a str,
    /// The whole as an HTML document.
    pub html: &'a str,
    /// What a digest says about its newsletter; `None` for a mail that was asked for.
    pub list: Option<List<'a>>,
}

/// The `List-…` headers of a digest (RFC 2369, 2919, 8058). In each, [`slot::TOKEN`] stands for the token.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Its name for readers.
    pub title: &'a str,
    /// Its name for mail programs, for ever the same: `daily.courier.example.org`.
    pub id: String,
    /// Where a POST ends the subscription, and a GET shows a page with a button.
    pub unsubscribe_url: String,
    /// An address that ends the subscription when it gets a mail.
    pub unsubscribe_address: Option<String>,
    /// The editions so far.
    pub archive_url: String,
    /// What the newsletter is, and how one leaves it.
    pub help_url: String,
    /// Who is responsible.
    pub owner_address: String,
    /// Up to four fields for the large providers' complaint statistics, the sender's own first or last; nothing
    /// that names a subscriber.
    pub feedback_id: String,
}

impl Message<'_> {
    /// The message, encoded, with slots for what differs from subscriber to subscriber.
    pub fn mould(&self) -> Mould {
        Mould::cast(&self.head(), self.text, self.html)
    }

    /// Its header with the markers of [`slot`]: what [`Mould::cast`] takes. Kept with an edition, it makes every
    /// attempt the same, whatever the configuration says by then.
    pub fn head(&self) -> String {
        let mut head = mailbox_line("From", self.from);
        head.extend(["To: ", &slot::TO.to_string(), "\r\n"]);
        if let Some(mailbox) = self.reply_to {
            head.push_str(&mailbox_line("Reply-To", mailbox));
        }
        head.push_str(&text_line("Subject", self.subject));
        let sender = ascii_domain(&self.from.address);
        let domain = sender.rsplit_once('@').map_or("", |(_, domain)| domain);
        head.extend(["Date: ", &date(self.date), "\r\nMessage-ID: <"]);
        head.push(slot::MESSAGE_ID);
        head.extend(["@", domain, ">\r\n"]);
        if let Some(list) = &self.list {
            list.append_to(&mut head);
        }
        let is_tag = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let language: String = self.language.chars().filter(is_tag).collect();
        head.extend(["Content-Language: ", &language, "\r\nAuto-Submitted: auto-generated\r\n"]);
        head
    }
}

impl List<'_> {
    /// List-Unsubscribe begins on its header's first line: some signers and mail programs lose one that is
    /// folded behind the colon. So no URL is folded, however long it is.
    fn append_to(&self, head: &mut String) {
        head.push_str(&phrase_line("List-Id", &one_line(self.title), &uri(&self.id)));
        head.extend(["List-Unsubscribe: <", &uri(&self.unsubscribe_url), ">"]);
        if let Some(address) = &self.unsubscribe_address {
            head.extend([",\r\n <mailto:", &uri(address), "?subject=unsubscribe>"]);
        }
        head.push_str("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        for (name, scheme, value) in [
            ("List-Archive", "", &self.archive_url),
            ("List-Help", "", &self.help_url),
            ("List-Owner", "mailto:", &self.owner_address),
        ] {
            head.extend([name, ": <", scheme, &uri(value), ">\r\n"]);
        }
        head.push_str("List-Post: NO\r\n");
        head.push_str(&text_line("Feedback-ID", &self.feedback_id));
        head.push_str("Precedence: bulk\r\n");
    }
}

/// A URL or address as ASCII without what would end it within a header.
fn uri(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' | '>' | ' ' => {}
            c if c.is_ascii_graphic() || matches!(c, slot::TOKEN | slot::READER) => clean.push(c),
            c if c.is_control() || c.is_whitespace() => {}
            c => append_hex(&mut clean, '%', c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    clean
}

/// RFC 5322 §3.3, in UTC: a moment has no place.
fn date(moment: Timestamp) -> String {
    moment.to_jiff().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;
    use proptest::prelude::*;

    use super::*;
    use crate::mail::mould::{Letter, Slots};
    use crate::model::subscriber::EmailAddress;
    use crate::model::token;

    const MARKER: char = slot::TOKEN;

    fn list() -> List<'static> {
        List {
            title: "The Daily Courier",
            id: "daily.courier.example.org".to_owned(),
            unsubscribe_url: format!("https://courier.example.org/unsubscribe/{MARKER}"),
            unsubscribe_address: Some(format!("u-{MARKER}@bounce.courier.example.org")),
            archive_url: "https://courier.example.org/newsletters/daily".to_owned(),
            help_url: "https://courier.example.org/".to_owned(),
            owner_address: "editors@courier.example.org".to_owned(),
            feedback_id: "4:daily:courant:courier".to_owned(),
        }
    }

    fn letter(subject: &str, name: &str, text: &str, html: &str) -> (Letter, String) {
        let from = Mailbox { name: Some(name.to_owned()), address: "d@courier.example.org".parse().unwrap() };
        let message = Message {
            from: &from,
            reply_to: None,
            subject,
            date: Timestamp::from_unix(1_772_434_800),
            language: "en",
            text,
            html,
            list: Some(list()),
        };
        let to: EmailAddress = "ada@example.org".parse().unwrap();
        let token = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"[..token::LENGTH].to_owned();
        let mut letter = Letter::default();
        let slots = Slots { to: &to, message_id: &token, token: &token, reader: &token };
        message.mould().cut(&slots, &mut letter).unwrap();
        (letter, token)
    }

    /// What a reader's program should show for a text that went in.
    fn expected(text: &str, token: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace(MARKER, token);
        text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && !slot::is_marker(*c)).collect()
    }

    fn assert_is_fit_for_the_wire(bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(text.ends_with("\r\n") && text.is_ascii());
        for line in text.trim_end_matches("\r\n").split("\r\n") {
            assert!(line.len() <= 150 && !line.contains(['\r', '\n', '\0']), "{line:?}");
            assert!(!line.starts_with('.') && !line.starts_with("From "), "{line:?}");
        }
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        for line in body.split("\r\n") {
            assert!(line.len() <= 76, "{line:?}");
            assert!(!line.ends_with([' ', '\t']) && !line.contains("  ") && !line.contains('\t'), "{line:?}");
        }
    }

    #[test]
    fn the_smaller_encoding_is_chosen() {
        let arabic = "خبر عاجل من الميناء ".repeat(20);
        let (letter, _) = letter("s", "n", "All of it in English.", &arabic);
        let encodings: Vec<_> = letter.as_str().matches("-Encoding: quoted-printable").collect();
        assert_eq!((encodings.len(), letter.as_str().matches("-Encoding: base64").count()), (1, 1));
    }

    #[test]
    fn a_token_lies_anywhere_in_base64() {
        for before in 0..60 {
            for between in 0..5 {
                let html = format!("{}{MARKER}{}{MARKER}é", "ب".repeat(before), "x".repeat(between)) + "بب";
                let html = html.repeat(3);
                let (letter, token) = letter("s", "n", "t", &html);
                assert_is_fit_for_the_wire(letter.as_bytes());
                let parsed = MessageParser::default().parse(letter.as_bytes()).unwrap();
                assert_eq!(parsed.parts[2].contents(), expected(&html, &token).as_bytes());
            }
        }
    }

    #[test]
    fn a_sample_without_a_real_token_is_a_whole_message_too() {
        let html = format!("{}{MARKER} ب", "ب".repeat(40));
        let from: Mailbox = "d@example.org".parse().unwrap();
        let (date, language) = (Timestamp::from_unix(0), "ar");
        let message = Message {
            from: &from,
            reply_to: None,
            subject: "s",
            date,
            language,
            text: "t",
            html: &html,
            list: None,
        };
        let mut letter = Letter::default();
        let slots = Slots {
            to: &"ada@example.org".parse().unwrap(),
            message_id: "m",
            token: "preview",
            reader: "preview",
        };
        message.mould().cut(&slots, &mut letter).unwrap();
        let parsed = MessageParser::default().parse(letter.as_bytes()).unwrap();
        let expected = html.replace(MARKER, &format!("preview{}", "-".repeat(token::LENGTH - 7)));
        assert_eq!(parsed.parts[2].contents(), expected.as_bytes());
    }

    #[test]
    fn the_unsubscribe_link_stands_on_the_first_line_of_its_header() {
        let (letter, token) = letter("s", "n", "t", "h");
        let line = letter.as_str().lines().find(|line| line.starts_with("List-Unsubscribe:")).unwrap();
        assert_eq!(line, format!("List-Unsubscribe: <https://courier.example.org/unsubscribe/{token}>,"));
    }

    fn texts() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            "\\PC{0,40}",
            "[ .=\t\r\n]{0,12}",
            "[\u{600}-\u{6ff}]{0,60}",
            "[\u{0}-\u{a0}]{0,8}",
            Just("From here ".to_owned()),
            Just(MARKER.to_string()),
            Just("\n.".to_owned()),
            Just("--=_courant_alternative--".to_owned()),
        ];
        proptest::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn any_digest_is_read_back_as_it_was_rendered(
            subject in texts(), name in texts(), text in texts(), html in texts(),
        ) {
            let (letter, token) = letter(&subject, &name, &text, &html);
            assert_is_fit_for_the_wire(letter.as_bytes());
            let parsed = MessageParser::default().parse(letter.as_bytes()).unwrap();
            prop_assert_eq!(parsed.parts.len(), 3);
            for (part, source) in [(1, &text), (2, &html)] {
                let decoded = String::from_utf8(parsed.parts[part].contents().to_vec()).unwrap();
                prop_assert_eq!(decoded.replace("\r\n", "\n"), expected(source, &token));
            }
            prop_assert_eq!(parsed.subject().unwrap_or_default(), one_line(&subject));
            prop_assert_eq!(parsed.message_id().unwrap(), format!("{token}@courier.example.org"));
            prop_assert!(!letter.as_str().contains(MARKER));
        }
    }
}
