//! The one mail that is sent before a subscription is confirmed.

use askama::Template;

use crate::model::newsletter::Newsletter;
use crate::model::publication::Publication;
use crate::model::text::{line, shorten};

use super::letter::{Error, Frame, Letter};

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
    let mut frame = Frame::new(publication, newsletter);
    let words = &frame.words.confirmation;
    let title = frame.words.embed(&line(&newsletter.title));
    let request = words.request.with(&title);
    let publication_title = line(&publication.title);
    let why = words.why.with(&frame.words.embed(&publication_title));
    frame.subject = words.subject.with(&line(&newsletter.title));
    frame.preheader = shorten(&request, PREHEADER_LIMIT);
    let (request, why) = (request.as_str(), why.as_str());
    let html = Html { frame: &frame, publication: &publication_title, request, link, why };
    frame.letter(&html, &Text { frame: &frame, request, link, why })
}
