//! The one mail that is sent before a subscription is confirmed.

use askama::Template;

use crate::model::newsletter::Newsletter;
use crate::model::publication::Publication;
use crate::model::text::{line, shorten};

use super::letter::{Error, Frame, Letter};
use super::words::Words;

/// How much of the request stands beside the subject, in graphemes.
const PREHEADER_LIMIT: usize = 140;

#[derive(Template)]
#[template(path = "confirmation/confirmation.html")]
struct Html<'a> {
    frame: &'a Frame<'a>,
    publication: &'a str,
    request: &'a str,
    link: &'a str,
    why: &'a str,
}

#[derive(Template)]
#[template(path = "confirmation/confirmation.txt", escape = "none")]
struct Text<'a> {
    frame: &'a Frame<'a>,
    request: &'a str,
    link: &'a str,
    why: &'a str,
}

/// The mail that asks whoever owns an address whether it is to get `newsletter`.
///
/// `link` is the page with the button that confirms, signed for this one subscriber: this mail has no slots.
pub fn render(publication: &Publication, newsletter: &Newsletter, link: &str) -> Result<Letter, Error> {
    let words = Words::of(&newsletter.language);
    let (newsletter_title, publication_title) = (line(&newsletter.title), line(&publication.title));
    let request = words.confirmation.request.with(&words.embed(&newsletter_title));
    let why = words.confirmation.why.with(&words.embed(&publication_title));
    let subject = words.confirmation.subject.with(&newsletter_title);
    let frame = Frame::new(publication, newsletter, subject, shorten(&request, PREHEADER_LIMIT));
    let (request, why) = (request.as_str(), why.as_str());
    let html = Html { frame: &frame, publication: &publication_title, request, link, why };
    frame.letter(&html, &Text { frame: &frame, request, link, why })
}
