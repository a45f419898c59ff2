//! The mails with one button: the one that is sent before a subscription is confirmed, and those that a reader asks for.

use askama::Template;

use crate::model::newsletter::Newsletter;
use crate::model::publication::Publication;
use crate::model::text::{line, shorten};
use crate::model::words::ErrandWords;

use super::letter::{Error, Frame, Letter};

/// How much of the request stands beside the subject, in graphemes.
const PREHEADER_LIMIT: usize = 140;

#[derive(Template)]
#[template(path = "confirmation/confirmation.html")]
struct Html<'a> {
    frame: &'a Frame<'a>,
    publication: &'a str,
    request: &'a str,
    button: &'a str,
    link: &'a str,
    otherwise: &'a str,
    why: &'a str,
}

#[derive(Template)]
#[template(path = "confirmation/confirmation.txt", escape = "none")]
struct Text<'a> {
    frame: &'a Frame<'a>,
    request: &'a str,
    button: &'a str,
    link: &'a str,
    otherwise: &'a str,
    why: &'a str,
}

/// What a mail with one button says.
struct Errand<'a> {
    subject: String,
    request: String,
    button: &'a str,
    otherwise: &'a str,
    why: String,
}

/// What a reader asked for, by a page, that a mail with one link brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The link to their own data.
    Link,
    /// The question, at a new address, whether it is theirs.
    NewAddress,
    /// The word, at the old address, that it is given up.
    OldAddress,
}

/// The mail that asks, in `language`, whoever owns an address whether it is to get `newsletter`.
///
/// `link` is the page with the button that confirms, signed for this one subscriber: this mail has no slots.
pub fn render(
    publication: &Publication,
    newsletter: &Newsletter,
    language: &str,
    link: &str,
) -> Result<Letter, Error> {
    let words = publication.words(language);
    let (newsletter_title, publication_title) = (line(&newsletter.title), line(&publication.title));
    let errand = Errand {
        subject: words.confirmation.subject.with(&newsletter_title),
        request: words.confirmation.request.with(&words.embed(&newsletter_title)),
        button: &words.confirmation.confirm,
        otherwise: &words.confirmation.otherwise,
        why: words.confirmation.why.with(&words.embed(&publication_title)),
    };
    errand.letter(publication, language, link)
}

/// The mail, in `language`, with the link that a reader asked for.
pub fn render_wish(
    publication: &Publication,
    wish: Wish,
    language: &str,
    link: &str,
) -> Result<Letter, Error> {
    let words = publication.words(language);
    let personal = &words.personal;
    let own: &ErrandWords = match wish {
        Wish::Link => &personal.link_mail,
        Wish::NewAddress => &personal.new_mail,
        Wish::OldAddress => &personal.old_mail,
    };
    let title = line(&publication.title);
    let errand = Errand {
        subject: own.subject.with(&title),
        request: own.request.with(&words.embed(&title)),
        button: &own.button,
        otherwise: &own.otherwise,
        why: personal.why.with(&words.embed(&title)),
    };
    errand.letter(publication, language, link)
}

/// The mail that asks, in `language`, whether the newsletter of this title is still wanted.
pub fn render_question(
    publication: &Publication,
    title: &str,
    language: &str,
    link: &str,
) -> Result<Letter, Error> {
    let words = publication.words(language);
    let (own, title) = (&words.personal.wanted_mail, line(title));
    let errand = Errand {
        subject: own.subject.with(&title),
        request: own.request.with(&words.embed(&title)),
        button: &own.button,
        otherwise: &own.otherwise,
        why: words.personal.wanted_why.with(&words.embed(&title)),
    };
    errand.letter(publication, language, link)
}

impl Errand<'_> {
    fn letter(self, publication: &Publication, language: &str, link: &str) -> Result<Letter, Error> {
        let Self { subject, request, button, otherwise, why } = self;
        let frame = Frame::new(publication, language, subject, shorten(&request, PREHEADER_LIMIT));
        let (request, why, title) = (request.as_str(), why.as_str(), line(&publication.title));
        let html = Html { frame: &frame, publication: &title, request, button, link, otherwise, why };
        frame.letter(&html, &Text { frame: &frame, request, button, link, otherwise, why })
    }
}
