//! The sign-up form as other sites put it into their pages: plain HTML, at most a kilobyte, which posts to ours.

use askama::Template;

use super::choose::Choose;
use super::written;
use crate::model::language::Direction;
use crate::model::newsletter::Newsletter;
use crate::model::publication::Publication;
use crate::model::shape::Wish;
use crate::model::words::Words;

#[derive(Template)]
#[template(path = "page/embedded.html")]
struct Embedded<'a> {
    address: String,
    slug: &'a str,
    language: &'a str,
    direction: Direction,
    words: &'a Words,
    choose: Option<Choose>,
}

/// The form for a newsletter, in its language. It needs no script and no style of ours.
pub fn embedded_form(publication: &Publication, newsletter: &Newsletter) -> String {
    let words = publication.words(&newsletter.language);
    written(&Embedded {
        address: publication.link("subscribe"),
        slug: newsletter.slug.as_str(),
        language: &newsletter.language,
        direction: newsletter.direction(),
        words,
        choose: Choose::of(newsletter, words, &Wish::default(), None),
    })
}
