//! HTML made an article's body: safe, absolute, in order; and the same as plain text.

mod blocks;
mod embeds;
mod images;
mod links;
mod plain;
mod safe;
mod structure;

pub use blocks::Blocks;
pub use images::first as first_image;
pub use links::{Base, without_tracking};
pub use plain::Plain;
pub use safe::sanitize;

use dom_query::Document;

use crate::model::article::Cut;

use super::{bound, furniture};

/// A body as a document, bounded.
pub fn parse(html: &str) -> Document {
    Document::fragment(bound::html(html).into_owned())
}

/// Puts a body in order: what is dangerous or cannot be shown is gone, furniture that themes mark by a class is
/// cut, pictures are real, links absolute, and every line of text stands in an element of its own.
pub fn prepare(document: &Document, base: &Base) -> Vec<Cut> {
    let cuts = furniture::selectors::remove_within(document);
    settle(document, base);
    embeds::make_links(document, base);
    links::make_absolute(document, base);
    structure::unwrap_wrappers(document);
    cuts
}

/// The part of [`prepare`] that leaves wrappers, players and links as they are, for who still needs them to find
/// the article in its page.
pub fn settle(document: &Document, base: &Base) {
    remove_unwanted(document);
    images::make_real(document, base);
    furniture::selectors::remove_slots(document);
    structure::put_in_paragraphs(document);
}

/// The body as safe HTML, after everything that was not the article has been removed from the document.
pub fn finish(document: &Document) -> String {
    structure::remove_empty(document);
    structure::make_bold_lines_headings(document);
    structure::put_headings_in_order(document);
    sanitize(&document.html_root().inner_html())
}

/// Elements that show nothing to a reader of a mail or a feed, with all they hold.
const UNWANTED: &str = "script, style, template, link, meta, title, base, input, button, select, textarea, option, \
     dialog, svg, math > annotation, canvas, map, applet, frame, frameset, noembed, marquee[hidden], [hidden], \
     [style*='display:none'], [style*='display: none'], .screen-reader-text, .sr-only, .visually-hidden";

fn remove_unwanted(document: &Document) {
    document.select(UNWANTED).remove();
    remove_comments(document);
    for form in document.select("form").nodes() {
        const LONGEST_SIGN_UP: usize = 400;
        if form.normalized_char_count() < LONGEST_SIGN_UP {
            form.remove_from_parent();
        }
    }
}

fn remove_comments(document: &Document) {
    let comments = document.root().descendants().into_iter().filter(dom_query::NodeRef::is_comment);
    comments.for_each(|comment| comment.remove_from_parent());
}
