//! Stories: what several sources publish, each as an article of its own.
//!
//! Two articles of different sources tell the same story if they stand at the same address, or if nearly all of their words
//! are the same. Who is to be compared at all is found by [`Sketch::keys`]: no article is ever compared with all others.
//! A story that is sent twice is a nuisance, one that is taken for another is lost: in doubt, they are two.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::address::canonical;
use super::article::{ArticleId, Content};
use super::time::Timestamp;

/// How many percent of the runs of words in two texts must be in both, for the texts to be the same.
pub const SAME: u8 = 85;

/// Of shorter texts, in words, the words say nothing: notices follow patterns.
const FEWEST_WORDS: usize = 60;

/// How far apart two articles with the same words may be dated: what comes round each week is another story.
const APART: Duration = Duration::from_hours(7 * 24);

/// At one address are two stories if both have a text and of the shorter one fewer percent than this are in the other: some
/// sources link to what they write about.
const AT_ONE_ADDRESS: u8 = 30;

/// Patterns are filled with numbers: at least so many percent of those of the text with fewer must be in the other.
const SAME_NUMBERS: u8 = 75;

/// Words that are read of a text, and words in a run.
const MOST_WORDS: usize = 2_000;
const RUN: usize = 4;

/// The sketch has so many bands of so many numbers each. Of texts that are 85 % the same, 98 of 100 share a band; of those
/// that are 95 % the same, all do; of those that are half the same, 12.
const BANDS: usize = 8;
const ROWS: usize = 6;

/// Another article of the same story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Twin {
    /// The article whose twin it is.
    #[serde(skip)]
    pub of: ArticleId,
    /// Its row.
    pub id: ArticleId,
    /// The name of its source.
    pub source: String,
    /// Where it stands.
    pub url: Option<String>,
}

/// How two articles are known to tell the same story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// So many percent of their runs of words are the same.
    Words(u8),
    /// They stand at the same address.
    Address,
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(percent) => write!(f, "{percent} % of the text is the same, {SAME} % are enough"),
            Self::Address => f.write_str("the address is the same"),
        }
    }
}

/// What is compared of an article.
#[derive(Clone, Debug)]
pub struct Sketch {
    address: Option<String>,
    words: usize,
    runs: HashSet<u64>,
    numbers: HashSet<u64>,
    dated: Timestamp,
}

impl Sketch {
    /// Of an article that is dated so. Time and memory are bounded, whatever the text is.
    pub fn of(content: &Content, dated: Timestamp) -> Self {
        Self::new(content.url.as_deref(), &content.text, dated)
    }

    /// Of an article by its parts.
    pub fn new(url: Option<&str>, text: &str, dated: Timestamp) -> Self {
        let words: Vec<String> = text.unicode_words().take(MOST_WORDS).map(str::to_lowercase).collect();
        let hashes: Vec<u64> = words.iter().map(|word| hash(word.as_bytes())).collect();
        let is_number = |word: &&String| word.chars().any(char::is_numeric);
        Self {
            address: url.and_then(canonical).filter(|address| names_a_page(address)),
            words: words.len(),
            runs: hashes.windows(RUN).map(run).collect(),
            numbers: words.iter().filter(is_number).map(|word| hash(word.as_bytes())).collect(),
            dated,
        }
    }

    /// By which it is found: two articles that tell the same story share one, but for few.
    pub fn keys(&self) -> Vec<i64> {
        let address = self.address.as_ref().map(|address| hash(address.as_bytes()));
        let mut keys: Vec<u64> = address.into_iter().collect();
        if self.has_text() {
            let smallest: Vec<u64> = (1..=(BANDS * ROWS) as u64)
                .map(|seed| self.runs.iter().map(|run| mix(run ^ mix(seed))).min().unwrap_or(0))
                .collect();
            keys.extend(
                (0_u64..)
                    .zip(smallest.chunks(ROWS))
                    .map(|(band, rows)| rows.iter().fold(mix(!band), |key, row| mix(key ^ row))),
            );
        }
        keys.into_iter().map(u64::cast_signed).collect()
    }

    /// Whether it is the same address as another's.
    pub fn is_at(&self, other: &Self) -> bool {
        self.address.is_some() && self.address == other.address
    }

    /// How it is known that two tell the same story, if they do.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let shared = self.runs.intersection(&other.runs).count();
        let have_text = self.has_text() && other.has_text();
        if self.is_at(other) {
            let of_shorter = percent(shared, self.runs.len().min(other.runs.len()));
            return (!have_text || of_shorter >= AT_ONE_ADDRESS).then_some(Likeness::Address);
        }
        let apart = self.dated.since(other.dated).max(other.dated.since(self.dated));
        let same = percent(shared, self.runs.len() + other.runs.len() - shared);
        let is_same = have_text && same >= SAME && apart <= APART && self.has_numbers_of(other);
        is_same.then_some(Likeness::Words(same))
    }

    fn has_text(&self) -> bool {
        self.words >= FEWEST_WORDS
    }

    fn has_numbers_of(&self, other: &Self) -> bool {
        let fewer = self.numbers.len().min(other.numbers.len());
        fewer == 0 || percent(self.numbers.intersection(&other.numbers).count(), fewer) >= SAME_NUMBERS
    }
}

/// Which of these articles, each with the name of its source, tells the same story as one of `source`: the surest, and of
/// several the first. An address that several articles of one source have says nothing.
pub fn find(source: &str, own: &Sketch, others: &[(&str, Sketch)]) -> Option<(usize, Likeness)> {
    let at_address = others.iter().filter(|(_, other)| own.is_at(other)).map(|(source, _)| *source);
    let mut sources: HashSet<&str> = HashSet::from([source]);
    let is_name = at_address.into_iter().all(|source| sources.insert(source));
    let likeness = |(index, (name, other)): (usize, &(&str, Sketch))| {
        let likeness = own.likeness(other).filter(|likeness| is_name || *likeness != Likeness::Address)?;
        (*name != source).then_some((index, likeness))
    };
    others
        .iter()
        .enumerate()
        .filter_map(likeness)
        .max_by_key(|(index, likeness)| (*likeness, usize::MAX - index))
}

/// Whether an address is more than a site's front page.
fn names_a_page(address: &str) -> bool {
    address.split_once(['/', '?']).is_some_and(|(_, rest)| !rest.is_empty())
}

fn percent(part: usize, whole: usize) -> u8 {
    u8::try_from(part * 100 / whole.max(1)).unwrap_or(100)
}

fn run(words: &[u64]) -> u64 {
    words.iter().fold(0, |run, word| mix(run ^ word))
}

/// FNV-1a: the same in every version of this program, for keys are kept.
fn hash(bytes: &[u8]) -> u64 {
    mix(bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)))
}

/// One number for another, with nothing left of their order (the last step of `SplitMix64`).
const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    fn sketch(url: &str, text: &str, day: i64) -> Sketch {
        Sketch::new(Some(url).filter(|url| !url.is_empty()), text, Timestamp::from_unix(day * DAY))
    }

    /// A text of so many words; that of another seed has none of them.
    fn text(seed: usize, words: usize) -> String {
        let word = |index: usize| {
            let mut number = mix((seed * 10_000 + index) as u64);
            let letters = std::iter::repeat_with(|| {
                let letter = char::from(b'a' + u8::try_from(number % 26).unwrap());
                number /= 26;
                letter
            });
            letters.take(9).collect::<String>()
        };
        (0..words).map(word).collect::<Vec<_>>().join(" ")
    }

    fn by_words(one: &str, other: &str) -> Option<Likeness> {
        sketch("https://a.example/1", one, 0).likeness(&sketch("https://b.example/2", other, 0))
    }

    #[test]
    fn nearly_the_same_words_are_the_same_story() {
        let story = text(1, 100);
        assert_eq!(by_words(&story, &story), Some(Likeness::Words(100)));
        let shouted = story.to_uppercase().replace(' ', " — ");
        assert_eq!(by_words(&story, &shouted), Some(Likeness::Words(100)));
        let signed = format!("SEAPORT (Wire) – {story}\n\nReporting by Ines Okafor");
        assert!(matches!(by_words(&story, &signed), Some(Likeness::Words(85..))));
        let longer = format!("{story} {}", text(2, 100));
        assert_eq!(by_words(&story, &longer), None, "half of it is another's");
        assert_eq!(by_words(&text(1, 50), &text(1, 50)), None, "too short to tell");
    }

    #[test]
    fn what_follows_a_pattern_is_another_story_each_time() {
        let pattern = |level: &str| format!("{} stood at {level} at noon {}", text(1, 60), text(3, 60));
        assert_eq!(by_words(&pattern("2.1 m"), &pattern("3.4 m")), None);
        let (monday, next) = (sketch("", &text(1, 100), 0), sketch("", &text(1, 100), 8));
        assert_eq!(monday.likeness(&next), None, "a week later");
        assert_eq!(next.likeness(&monday), None);
    }

    #[test]
    fn one_address_is_one_story_unless_the_texts_say_otherwise() {
        let full = text(1, 200);
        let teaser: String = full.chars().take(300).collect();
        let at = |url: &str, text: &str| sketch(url, text, 0);
        let story = at("https://a.example/story", &full);
        assert_eq!(
            at("http://www.a.example/story/?utm_source=x", &teaser).likeness(&story),
            Some(Likeness::Address)
        );
        assert_eq!(at("https://a.example/story", &text(9, 200)).likeness(&story), None, "it writes about it");
        assert_eq!(
            at("https://a.example/", "x").likeness(&at("https://a.example", "x")),
            None,
            "a front page"
        );
    }

    #[test]
    fn an_address_that_a_source_gives_several_articles_says_nothing() {
        let own = sketch("https://a.example/list", "one", 0);
        let other = || sketch("https://a.example/list", "two", 0);
        assert_eq!(find("a", &own, &[("b", other())]), Some((0, Likeness::Address)));
        assert_eq!(find("a", &own, &[("b", other()), ("b", other())]), None);
        assert_eq!(find("a", &own, &[("b", other()), ("a", other())]), None);
        assert_eq!(find("a", &own, &[("a", other())]), None, "of the same source it is another article");
        let full = text(1, 100);
        let near = format!("{full} and more");
        let others = [("b", sketch("", &near, 0)), ("c", sketch("", &full, 0)), ("d", sketch("", &full, 0))];
        assert_eq!(find("a", &sketch("", &full, 0), &others), Some((1, Likeness::Words(100))));
    }

    #[test]
    fn of_two_that_are_the_same_nearly_all_share_a_key_and_of_others_few_do() {
        let shares = |one: &str, other: &str| {
            let keys: HashSet<i64> = sketch("", one, 0).keys().into_iter().collect();
            sketch("", other, 0).keys().iter().any(|key| keys.contains(key))
        };
        let pairs = (0..300).map(|seed| (text(seed, 300), text(seed + 1_000, 300)));
        let (mut found, mut strangers) = (0, 0);
        for (own, foreign) in pairs {
            // 15 foreign words at one end: 90 % of the runs of both are the same.
            let edited = format!("{own} {}", text(5, 15));
            found += usize::from(shares(&own, &edited));
            strangers += usize::from(shares(&own, &foreign));
        }
        assert!(found >= 297, "{found} of 300");
        assert_eq!(strangers, 0);
    }

    proptest! {
        #[test]
        fn likeness_is_mutual_and_bounded(one in "(\\w{1,3} ){0,90}", other in "(\\w{1,3} ){0,90}", apart in 0_i64..20) {
            let (one, other) = (sketch("https://a.example/1", &one, 0), sketch("https://a.example/2", &other, apart));
            prop_assert_eq!(one.likeness(&other), other.likeness(&one));
            prop_assert!(one.keys().len() <= 1 + BANDS);
        }

        #[test]
        fn whatever_the_text_itself_is_found_and_strangers_are_not(seed in 0_usize..500, words in 60_usize..400) {
            let (own, again) = (sketch("", &text(seed, words), 0), sketch("", &text(seed, words), 3));
            prop_assert_eq!(own.keys(), again.keys());
            prop_assert_eq!(own.likeness(&again), Some(Likeness::Words(100)));
            let other = sketch("", &text(seed + 1_000, words), 0);
            prop_assert_eq!(own.likeness(&other), None);
        }
    }
}
