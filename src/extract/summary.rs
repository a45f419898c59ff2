//! A few sentences that say what an article is about.

use unicode_segmentation::UnicodeSegmentation as _;

use super::text::{clean_markup, shorten};
use super::{furniture, sentence};

/// How long a summary is at most, in characters as a reader counts them.
const LONGEST: usize = 280;
/// How many sentences of a text make a summary.
const SENTENCES: usize = 3;

/// The source's own summary, cleaned, if it has one; else the first sentences of the paragraphs.
pub fn of(own: Option<&str>, title: &str, paragraphs: &[String]) -> String {
    let own =
        own.map(without_tail).filter(|own| !own.is_empty() && furniture::key(own) != furniture::key(title));
    match own {
        Some(own) if length(&own) <= LONGEST => own,
        Some(own) => sentences_of(&[own]),
        None => sentences_of(paragraphs),
    }
}

/// A source's summary without what its system puts behind it: `[…]`, `Continue reading`, where it appeared first.
fn without_tail(own: &str) -> String {
    let own = clean_markup(own);
    let mut sentences = sentence::split(&own);
    while sentences.len() > 1
        && sentences
            .last()
            .is_some_and(|last| furniture::phrase(last).is_some() || furniture::label(last).is_some())
    {
        sentences.pop();
    }
    let kept = sentences.concat();
    let kept = kept.trim();
    if sentences.len() == 1 && furniture::phrase(kept).is_some() {
        return String::new();
    }
    let bare = ["[…]", "[...]", "[&hellip;]", "(…)", "(...)", "→", "»"]
        .iter()
        .fold(kept, |kept, tail| kept.trim_end_matches(tail).trim_end());
    let is_broken_off = bare.len() < kept.len() && !sentence::is_ended(bare);
    if is_broken_off { format!("{}…", bare.trim_end_matches([',', ';', ':'])) } else { bare.to_owned() }
}

fn sentences_of(paragraphs: &[String]) -> String {
    let mut summary = String::new();
    let mut count = 0;
    for paragraph in paragraphs {
        for sentence in sentence::split(paragraph) {
            let sentence = sentence.trim();
            if count == SENTENCES || (count > 0 && length(&summary) + 1 + length(sentence) > LONGEST) {
                return summary;
            }
            if count > 0 {
                summary.push(' ');
            }
            summary.push_str(&shorten(sentence, LONGEST));
            count += 1;
        }
    }
    summary
}

fn length(text: &str) -> usize {
    text.graphemes(true).count()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, length, of};

    #[test]
    fn the_sources_own_words_come_first() {
        for (own, expected) in [
            ("<p>The bridge is open.</p>", "The bridge is open."),
            ("The bridge is open, the city [&hellip;]", "The bridge is open, the city…"),
            ("The bridge is open. […]", "The bridge is open."),
            ("The bridge is open. The post Bridge appeared first on The Courier.", "The bridge is open."),
            ("Bridge reopens", "First. Second. Third."),
            ("", "First. Second. Third."),
        ] {
            let paragraphs = ["First. Second.".to_owned(), "Third. Fourth.".to_owned()];
            assert_eq!(of(Some(own), "Bridge Reopens", &paragraphs), expected, "{own}");
        }
    }

    #[test]
    fn a_summary_ends_with_a_sentence_or_a_word() {
        let long = "word ".repeat(200);
        let summary = of(None, "", &[long]);
        assert!(summary.ends_with("word…") && length(&summary) <= LONGEST);
        let two = format!("{}. {}.", "A".repeat(150), "B".repeat(150));
        assert!(of(Some(&two), "", &[]).ends_with("A."));
        assert_eq!(of(None, "", &[]), "");
    }
}
