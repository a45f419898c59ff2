//! The pages of the demo's inbox: what came, and each mail as HTML, as text, by its headers and as it came.

use askama::Template;

/// One mail in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its place in the inbox, from 1.
    pub number: usize,
    /// Whom it went to.
    pub to: String,
    /// Its subject, decoded.
    pub subject: String,
    /// When it was written, as RFC 3339; may be empty.
    pub date: String,
    /// The list that it belongs to, if any.
    pub list: String,
}

impl Line {
    /// Day and time as the mail's own zone has them.
    fn time(&self) -> String {
        let until_minutes = self.date.get(..16).unwrap_or(&self.date);
        until_minutes.replace('T', " ")
    }
}

/// One mail, read.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// Its place in the inbox, from 1.
    pub number: usize,
    /// The sender as the mail gives it.
    pub from: String,
    /// The recipient as the mail gives it.
    pub to: String,
    /// The sender and the recipient as SMTP had them.
    pub envelope: String,
    /// Its subject, decoded.
    pub subject: String,
    /// When it was written, as RFC 3339.
    pub date: String,
    /// Its HTML.
    pub html: String,
    /// Its text.
    pub text: String,
    /// Its headers in their order.
    pub headers: Vec<(String, String)>,
    /// All of it as it came.
    pub source: String,
}

/// How a mail is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As HTML, in a frame of its own that runs nothing.
    Html,
    /// As plain text.
    Text,
    /// Its headers.
    Headers,
    /// As it came.
    Source,
}

impl View {
    /// All ways, in the order in which they are offered.
    pub const ALL: &[Self] = &[Self::Html, Self::Text, Self::Headers, Self::Source];

    /// What follows a mail's own path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Html => "",
            Self::Text => "/text",
            Self::Headers => "/headers",
            Self::Source => "/source",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Text => "Text",
            Self::Headers => "Headers",
            Self::Source => "Source",
        }
    }
}

#[derive(Template)]
#[template(path = "inbox/list.html")]
struct ListPage<'a> {
    lines: &'a [Line],
    to: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "inbox/mail.html")]
struct MailPage<'a> {
    mail: &'a Mail,
    view: View,
}

/// The page that lists mails; `to` if it is only one person's.
///
/// # Errors
/// If the template fails, which it does for want of memory only.
pub fn list(lines: &[Line], to: Option<&str>) -> Result<String, askama::Error> {
    ListPage { lines, to }.render()
}

/// The page that shows a mail.
///
/// # Errors
/// As [`list`].
pub fn mail(mail: &Mail, view: View) -> Result<String, askama::Error> {
    MailPage { mail, view }.render()
}

/// A mail's HTML as the frame shows it: its links open outside the frame.
pub fn frame(html: &str) -> String {
    html.replacen("<head>", "<head><base target=\"_blank\">", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nasty() -> Mail {
        let text = "</pre><script>alert(1)</script>".to_owned();
        Mail {
            number: 1,
            subject: text.clone(),
            from: text.clone(),
            to: text.clone(),
            html: text.clone(),
            headers: vec![(text.clone(), text.clone())],
            source: text.clone(),
            envelope: text.clone(),
            date: text.clone(),
            text,
        }
    }

    #[test]
    fn nothing_that_a_mail_says_becomes_markup() {
        for view in View::ALL {
            let page = mail(&nasty(), *view).unwrap();
            assert!(!page.contains("<script"), "{view:?}: {page}");
        }
        let Mail { to, subject, date, .. } = nasty();
        let line = Line { number: 1, list: to.clone(), to: to.clone(), subject, date };
        assert!(!list(&[line], Some(&to)).unwrap().contains("<script"));
    }

    #[test]
    fn the_way_a_mail_is_shown_is_marked_for_who_cannot_see_it() {
        let page = mail(&nasty(), View::Text).unwrap();
        assert!(page.contains("<a href=\"/mails/1/text\" aria-current=\"page\">Text</a>"), "{page}");
        assert_eq!(page.matches("aria-current=").count(), 1);
    }
}
