//! The sign-up form as other sites put it into their pages: plain HTML, at most a kilobyte, which posts to ours.

use askama::Template;

use super::written;
use crate::model::language::Direction;
use crate::model::newsletter::Newsletter;
use crate::model::publication::Publication;
use crate::model::words::PageWords;

#[derive(Template)]
#[template(path = "page/embedded.html")]
struct Embedded<'a> {
    address: String,
    slug: &'a str,
    language: &'a str,
    direction: Direction,
    words: &'a PageWords,
}

/// The form for a newsletter, in its language. It needs no script and no style of ours.
pub fn embedded_form(publication: &Publication, newsletter: &Newsletter) -> String {
    written(&Embedded {
        address: publication.link("subscribe"),
        slug: newsletter.slug.as_str(),
        language: &newsletter.language,
        direction: newsletter.direction(),
        words: &publication.words(&newsletter.language).page,
    })
}
