//! What a page prints around an article: the rules by which it is told, all of them data.

mod key;
mod labels;
mod phrases;
pub mod selectors;

pub use key::{key, without_slots};
pub use labels::LABELS;
pub use phrases::PHRASES;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::sentence;
use super::text::fold;

/// What follows from a line that is a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The line goes, wherever it stands.
    Line,
    /// The line goes where it stands above the body, or next to other furniture.
    Company,
    /// The line goes, and the headlines that follow it.
    Box,
    /// Behind the body, nothing after the line belongs to it but the author's box.
    Foot,
    /// Behind the body, nothing after the line belongs to it: headlines of other articles follow.
    Headlines,
    /// Nothing after the line belongs to the article, wherever it stands.
    End,
    /// What follows is the author's biography.
    Author,
}

impl Effect {
    /// Whether the article may end here.
    pub const fn ends(self) -> bool {
        matches!(self, Self::Foot | Self::Headlines | Self::End)
    }
}

/// Labels of one kind: lines that say only this, in whatever case and with whatever marks around.
pub struct Label {
    /// The rule's name, as [`crate::model::article::Cut`] records it.
    pub rule: &'static str,
    /// What follows from it.
    pub effect: Effect,
    /// The labels, parted by `|`; `#` for a number. [`key()`] folds them and the page's lines.
    pub texts: &'static str,
}

/// Lines of one kind that begin with something and go on.
pub struct Phrase {
    /// The rule's name.
    pub rule: &'static str,
    /// What follows from it.
    pub effect: Effect,
    /// How the line begins: texts parted by `|`.
    pub begins: &'static str,
    /// One of these, parted by `|`, must stand in it; empty: none need.
    pub holds: &'static str,
    /// How long the line is at most, in characters.
    pub longest: usize,
    /// Whether a line that ends as a sentence does may be one.
    pub may_be_sentence: bool,
}

/// What a line was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The rule that found it.
    pub rule: &'static str,
    /// What follows from it.
    pub effect: Effect,
    /// How many labels the line is made of, `FacebookTwitter` of two.
    pub parts: usize,
}

/// The texts of a list, as the tables write them.
fn texts(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split('|').filter(|text| !text.is_empty())
}

/// The longest line, in bytes of its key, that may be labels run together.
const LONGEST_ROW: usize = 120;

static BY_KEY: LazyLock<HashMap<String, &'static Label>> = LazyLock::new(|| {
    let of_label = |label: &'static Label| texts(label.texts).map(move |text| (key(text), label));
    let mut by_key = HashMap::new();
    for (key, label) in LABELS.iter().flat_map(of_label) {
        by_key.entry(key).or_insert(label);
    }
    by_key
});

/// The labels by their first character, the longest first, to take a row apart.
static BY_START: LazyLock<HashMap<char, Vec<(&'static str, &'static Label)>>> = LazyLock::new(|| {
    let mut by_start: HashMap<char, Vec<(&str, &Label)>> = HashMap::new();
    for (key, label) in BY_KEY.iter() {
        if let Some(first) = key.chars().next() {
            by_start.entry(first).or_default().push((key.as_str(), label));
        }
    }
    for labels in by_start.values_mut() {
        labels.sort_by_key(|(key, _)| std::cmp::Reverse(key.len()));
    }
    by_start
});

/// The rule for a line that says nothing but a label, or nothing but several of them run together.
pub fn label(line: &str) -> Option<Mark> {
    if line.len() > 2 * LONGEST_ROW {
        return None;
    }
    let key = key(line);
    if key.is_empty() || key.len() > LONGEST_ROW {
        return None;
    }
    if let Some(label) = BY_KEY.get(&key) {
        return Some(Mark { rule: label.rule, effect: label.effect, parts: 1 });
    }
    let labels = row(&key, 0)?;
    let leading = labels.iter().max_by_key(|label| label.effect.ends()).copied()?;
    Some(Mark { rule: leading.rule, effect: leading.effect, parts: labels.len() })
}

/// The labels that a key is made of, if it is made of nothing else.
fn row(key: &str, depth: usize) -> Option<Vec<&'static Label>> {
    const MOST: usize = 14;
    let first = key.chars().next()?;
    if depth > MOST {
        return None;
    }
    BY_START.get(&first)?.iter().find_map(|(text, label)| {
        let rest = key.strip_prefix(text)?;
        let after = rest.trim_start_matches([' ', ':', ',', '|', '/', '-', '·', '•', '+', '&']);
        let is_word = text.chars().count() > 1 || after.len() < rest.len() || rest.is_empty();
        match (is_word, after.is_empty()) {
            (false, _) => None,
            (true, true) => Some(vec![*label]),
            (true, false) => {
                let mut labels = row(after, depth + 1)?;
                labels.insert(0, *label);
                Some(labels)
            }
        }
    })
}

/// The phrases with their words folded as [`key()`] folds a line.
static FOLDED: LazyLock<Vec<FoldedPhrase>> = LazyLock::new(|| {
    let fold_all = |list| texts(list).map(fold).collect();
    let folded = |phrase: &'static Phrase| FoldedPhrase {
        phrase,
        begins: fold_all(phrase.begins),
        holds: fold_all(phrase.holds),
    };
    PHRASES.iter().map(folded).collect()
});

static FOLDED_CREDITS: LazyLock<Vec<String>> = LazyLock::new(|| texts(phrases::CREDITS).map(fold).collect());

struct FoldedPhrase {
    phrase: &'static Phrase,
    begins: Vec<String>,
    holds: Vec<String>,
}

/// The rule for a line that begins as furniture does and goes on.
pub fn phrase(line: &str) -> Option<Mark> {
    const LONGEST: usize = 400;
    let length = line.chars().count();
    if length > LONGEST {
        return None;
    }
    let key = key(line);
    let found = FOLDED.iter().find(|FoldedPhrase { phrase, begins, holds }| {
        let begins = || begins.iter().any(|start| key.starts_with(start.as_str()));
        let holds = || holds.is_empty() || holds.iter().any(|word| key.contains(word.as_str()));
        length <= phrase.longest
            && begins()
            && holds()
            && (phrase.may_be_sentence || !sentence::is_ended(line))
    })?;
    Some(Mark { rule: found.phrase.rule, effect: found.phrase.effect, parts: 1 })
}

/// Whether a line says whose picture it was that stood above it: `Photo: Jo Doe / Agency`.
pub fn is_credit(line: &str) -> bool {
    const LONGEST: usize = 120;
    if line.chars().count() > LONGEST {
        return false;
    }
    let key = key(line);
    let begins = FOLDED_CREDITS.iter().any(|start| key.starts_with(start.as_str()));
    begins && !sentence::is_prose(line)
}

#[cfg(test)]
mod tests {
    use super::{Effect, label, phrase};

    #[test]
    fn a_line_that_is_only_a_label_is_found() {
        for (line, rule) in [
            ("Share post:", "share"),
            ("SHARE THIS ARTICLE", "share"),
            ("spot_imgspot_img", "ad-slot"),
            ("- Advertisement -", "ad-slot"),
            ("— Anzeige —", "ad-slot"),
            ("Popular", "popular"),
            ("More like thisRelated", "related"),
            ("More like this Related", "related"),
            ("RELATED ARTICLESMORE FROM AUTHOR", "related"),
            ("FacebookTwitterPinterestWhatsApp", "share-row"),
            ("Don’t miss!", "popular"),
            ("Comments (3)", "count"),
            ("1,234 views", "count"),
            ("مقالات ذات صلة", "related"),
            ("إقرأ أيضاً", "read-also"),
            ("Ähnliche Artikel", "related"),
            ("À lire aussi :", "read-also"),
        ] {
            assert_eq!(label(line).map(|mark| mark.rule), Some(rule), "{line}");
        }
    }

    #[test]
    fn a_line_that_merely_holds_such_words_is_not() {
        for line in [
            "Popular demand brought the bridge back.",
            "Related costs fell",
            "Popular music",
            "Popular.",
            "Share prices",
            "They call it spot_img",
            "Read more books",
            "",
        ] {
            assert_eq!(label(line), None, "{line}");
        }
    }

    #[test]
    fn a_line_that_begins_as_furniture_does_is_found() {
        for (line, rule) in [
            ("Read also: Minister denies the delay", "read-also"),
            ("Previous articleMinister denies the delay", "neighbours"),
            ("Subscribe to our newsletter and never miss a story.", "newsletter"),
            ("We use cookies to improve your experience on our website.", "cookies"),
            ("The post Bridge reopens appeared first on The Courier.", "post-appeared-first"),
            ("Der Beitrag Brücke offen erschien zuerst auf Kurier.", "post-appeared-first"),
        ] {
            assert_eq!(phrase(line).map(|mark| mark.rule), Some(rule), "{line}");
        }
        for line in [
            "Related costs fell: the minister had promised it.",
            "We use cookies as a bribe, the teacher said.",
            "The post was filled in May.",
            "Photography is an art that few master.",
        ] {
            assert_eq!(phrase(line), None, "{line}");
        }
    }

    #[test]
    fn a_single_network_needs_company() {
        assert_eq!(label("Facebook").map(|mark| mark.effect), Some(Effect::Company));
    }
}
