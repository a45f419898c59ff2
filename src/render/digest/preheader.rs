//! The line that mail programs show beside the subject.

use unicode_segmentation::UnicodeSegmentation;

use crate::model::text::{line, shorten};

use super::Edition;
use super::article::about;

/// How long the line should be and may be, in graphemes: shorter, and mail programs fill it with what comes next.
const AT_LEAST: usize = 90;
const AT_MOST: usize = 140;

/// The other headlines, as many as make a line, then what the first articles are about; never the subject again.
pub(super) fn compose(subject: &str, edition: &Edition<'_>) -> String {
    let others = edition.articles.iter().skip(1).map(|article| line(&article.content.title));
    let summaries = edition.articles.iter().map(|article| about(&article.content));
    let mut parts: Vec<String> = Vec::new();
    let mut length = 0;
    for part in others.take(5).chain(summaries.take(3)) {
        let is_new = !part.is_empty() && !repeats(subject, &part) && !parts.contains(&part);
        if is_new && length < AT_LEAST {
            length += part.graphemes(true).count() + 3;
            parts.push(part);
        }
    }
    if parts.is_empty() {
        parts.push(line(&edition.newsletter.title));
    }
    shorten(&parts.join(" · "), AT_MOST)
}

fn repeats(subject: &str, part: &str) -> bool {
    part == subject || part.starts_with(subject.trim_end_matches('…'))
}
