//! The languages that there are words in: those that are built in, and what an operator's files say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, LazyLock};

use fluent_bundle::FluentResource;

use super::catalogue::Words;
use super::file::{self, Flaw, Keys};
use super::message::{Entry, Reader};
use super::speech::Speech;

/// The message files that are built in, by language. The first lends its words to languages that lack some.
const BUILT_IN: &[(&str, &str)] = &[
    (ENGLISH, include_str!("../../../templates/words/en.ftl")),
    ("ar", include_str!("../../../templates/words/ar.ftl")),
    ("de", include_str!("../../../templates/words/de.ftl")),
    ("es", include_str!("../../../templates/words/es.ftl")),
    ("fa", include_str!("../../../templates/words/fa.ftl")),
    ("fr", include_str!("../../../templates/words/fr.ftl")),
    ("ja", include_str!("../../../templates/words/ja.ftl")),
];

const ENGLISH: &str = "en";

/// Where the language is the same and its numbers are written in another way.
const REGIONS: &[&str] = &["ar-ae", "ar-dz", "ar-eh", "ar-ly", "ar-ma", "ar-tn"];

/// The words of every language that there are some in. Cheap to clone.
#[derive(Clone)]
pub struct Vocabulary {
    /// By tag in small letters.
    languages: Arc<BTreeMap<String, Words>>,
}

/// What a new language leaves unsaid; readers see these messages in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    /// The keys of the messages.
    pub keys: Vec<String>,
}

static WITHOUT_OPERATOR: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::spoken(&Files::built_in()));

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let english = Files::built_in().speech(ENGLISH);
    let mut reader = Reader::new(&english);
    Words::read(&mut reader, "", &[]);
    reader.wanted.into_iter().collect()
});

impl Vocabulary {
    /// The words that are built in.
    pub fn built_in() -> &'static Self {
        &WITHOUT_OPERATOR
    }

    /// The text of a message file that is built in.
    pub fn source(language: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(language)).map(|(_, text)| *text)
    }

    /// The built-in words with what an operator's files, each of one language, say in their place, and what is wrong with
    /// each file. What is wrong is left out of the words.
    pub fn with(own: &[(String, String)]) -> (Self, Vec<(Vec<Flaw>, Unsaid)>) {
        let mut files = Files::built_in();
        for (tag, text) in own {
            files.add(tag, text);
        }
        let checked = own.iter().map(|(tag, text)| {
            let mut flaws = file::check(text, &KEYS);
            if flaws.is_empty() {
                flaws = file::try_out(text, &KEYS, &files.speech(&normal(tag)));
            }
            (flaws, unsaid(tag, own))
        });
        let checked = checked.collect();
        (Self::spoken(&files), checked)
    }

    /// The words of the first of these languages that there are some in, else the English ones.
    pub fn of<'t>(&self, languages: impl IntoIterator<Item = &'t str>) -> &Words {
        languages.into_iter().find_map(|language| self.find(language)).unwrap_or(&self.languages[ENGLISH])
    }

    /// The words of a language, if there are any: those of the whole tag, else those of the longest beginning of it.
    pub fn find(&self, language: &str) -> Option<&Words> {
        let tag = normal(language);
        beginnings(&tag).rev().find_map(|tag| self.languages.get(tag))
    }

    /// The languages that there are words in.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.values().map(Words::language).filter(|tag| !REGIONS.contains(tag))
    }

    /// What the languages that there are words in call themselves, by their tags; the tag where a file does not say.
    pub fn own_names(&self) -> impl Iterator<Item = (&str, &str)> {
        let english = &self.languages[ENGLISH].own_name;
        self.languages().map(move |tag| {
            let name = self.find(tag).map_or(tag, |words| words.own_name.as_str());
            let is_borrowed = name == english && beginnings(tag).all(|tag| tag != ENGLISH);
            (tag, if is_borrowed { tag } else { name })
        })
    }

    fn spoken(files: &Files) -> Self {
        let tags = files.0.keys().map(String::as_str).chain(REGIONS.iter().copied());
        let words = |tag: &str| {
            let speech = files.speech(tag);
            (tag.to_owned(), Words::read(&mut Reader::new(&speech), "", &[]))
        };
        Self { languages: Arc::new(tags.collect::<BTreeSet<_>>().into_iter().map(words).collect()) }
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.languages.keys()).finish()
    }
}

/// The message files, by tag in small letters, those over which others stand first.
struct Files(BTreeMap<String, Vec<Arc<FluentResource>>>);

impl Files {
    fn built_in() -> Self {
        let mut files = Self(BTreeMap::new());
        for (tag, text) in BUILT_IN {
            files.add(tag, text);
        }
        files
    }

    /// What is no message is left out, for who has the file checked.
    fn add(&mut self, tag: &str, text: &str) {
        let (Ok(file) | Err((file, _))) = FluentResource::try_new(text.to_owned());
        self.0.entry(normal(tag)).or_default().push(Arc::new(file));
    }

    /// A language: English, and over it the files of each beginning of its tag.
    fn speech(&self, tag: &str) -> Arc<Speech> {
        let files = std::iter::once(ENGLISH).chain(beginnings(tag).filter(|tag| *tag != ENGLISH));
        let files: Vec<_> =
            files.flat_map(|tag| self.0.get(tag).into_iter().flatten()).map(Arc::clone).collect();
        Arc::new(Speech::new(tag, &files))
    }
}

/// What a file of a language that is not built in, and that no other file is of, leaves unsaid.
fn unsaid(tag: &str, own: &[(String, String)]) -> Unsaid {
    let tag = normal(tag);
    let is_beginning = |other: &str| beginnings(&tag).any(|beginning| beginning == normal(other));
    let texts: Vec<&str> = BUILT_IN
        .iter()
        .filter(|(other, _)| is_beginning(other))
        .map(|(_, text)| *text)
        .chain(own.iter().filter(|(other, _)| is_beginning(other)).map(|(_, text)| text.as_str()))
        .collect();
    let lacking = file::lacking(&texts, &KEYS);
    Unsaid { keys: lacking.into_iter().map(str::to_owned).collect() }
}

/// A tag as it is compared.
fn normal(tag: &str) -> String {
    tag.trim().replace('_', "-").to_ascii_lowercase()
}

/// `zh-hant-tw` → `zh`, `zh-hant`, `zh-hant-tw`.
fn beginnings(tag: &str) -> impl DoubleEndedIterator<Item = &str> {
    let ends: Vec<usize> = tag.match_indices('-').map(|(index, _)| index).chain([tag.len()]).collect();
    ends.into_iter().map(|end| &tag[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(tag: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let (_, mut checked) = Vocabulary::with(&[(tag.to_owned(), text.to_owned())]);
        let (flaws, unsaid) = checked.remove(0);
        let told = |flaw: Flaw| format!("{:?} {}: {}", &text[flaw.at], flaw.message, flaw.help);
        (flaws.into_iter().map(told).collect(), unsaid.keys)
    }

    #[test]
    fn a_language_is_found_by_the_beginning_of_its_tag_and_english_stands_in() {
        for (tag, expected) in [
            ("en-GB", "en"),
            ("DE_at", "de"),
            ("fr", "fr"),
            ("es-419", "es"),
            ("ar-EG", "ar"),
            ("ar-MA", "ar-ma"),
            ("nl", "en"),
            ("", "en"),
        ] {
            assert_eq!(Vocabulary::built_in().of([tag]).language(), expected, "{tag}");
        }
        assert_eq!(Vocabulary::built_in().of(["nl", "fa", "de"]).language(), "fa");
        assert!(Vocabulary::built_in().find("nl").is_none());
    }

    #[test]
    fn every_built_in_file_has_every_message_and_no_other_each_with_what_it_is_given() {
        for (tag, text) in BUILT_IN {
            assert_eq!(file::check(text, &KEYS), [], "{tag}");
            assert_eq!(file::try_out(text, &KEYS, &Files::built_in().speech(tag)), [], "{tag}");
            assert_eq!(file::lacking(&[text], &KEYS), [""; 0], "{tag}");
        }
    }

    #[test]
    fn an_operators_file_takes_the_place_of_what_it_names_and_adds_languages() {
        let files = [
            ("de", "unsubscribe = Kündigen\n"),
            ("nl", "unsubscribe = Afmelden\n"),
            ("ar-SY", "dates-month-1 = كانون الثاني\n"),
        ];
        let files = files.map(|(tag, text)| (tag.to_owned(), text.to_owned()));
        let (vocabulary, checked) = Vocabulary::with(&files);
        assert_eq!(vocabulary.of(["de"]).unsubscribe, "Kündigen");
        assert_eq!(vocabulary.of(["de"]).archive, "Alle Ausgaben");
        assert_eq!(vocabulary.of(["nl-BE"]).unsubscribe, "Afmelden");
        assert_eq!(vocabulary.of(["nl"]).archive, "All editions");
        assert_eq!(vocabulary.of(["ar-SY"]).dates.long(jiff::civil::date(2026, 1, 2)), "٢ كانون الثاني ٢٠٢٦");
        assert!(checked.iter().all(|(flaws, _)| flaws.is_empty()));
        let unsaid: Vec<bool> = checked.iter().map(|(_, unsaid)| unsaid.keys.is_empty()).collect();
        assert_eq!(unsaid, [true, false, true], "only a new language can leave something unsaid");
        assert!(vocabulary.languages().any(|tag| tag == "nl"));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_at_its_place() {
        for (text, expected) in [
            ("unsubscribe Afmelden\n", "this is not Fluent: Expected a token starting with \"=\""),
            ("unsubscribed = x\n", "there is no message `unsubscribed`: did you mean `unsubscribe`?"),
            ("colour-of-the-sea = x\n", "there is no message `colour-of-the-sea`: take the line away"),
            ("test = x\ntest = y\n", "`test` stands here twice: take one of the two away"),
            ("why = { $titel }\n", "`why` is given no $titel: it is given { $title }"),
            ("why = Hallo\n", "`why` leaves out $title: write { $title } where it belongs"),
            ("test = { $title }\n", "`test` is given no $title: nothing is put into it"),
            ("test = { archive }\n", "this refers to the message `archive`: write its words here"),
            ("test = { -brand }\n", "there is no -brand in this file: write -brand = words"),
            ("minutes = { DATETIME($count) }\n", "there is no function DATETIME: numbers are written"),
            ("test = x\n    .title = y\n", "`test` has an attribute: a message here is its words alone"),
            ("-a = { -a }\ntest = { -a }\n", "`test` cannot be written"),
        ] {
            let (flaws, _) = checked("nl", text);
            assert!(flaws.iter().any(|flaw| flaw.contains(expected)), "{text}{flaws:#?}");
        }
        let (flaws, _) = checked("nl", "-brand = Courier\nwhy = { -brand }: { $title }\n");
        assert_eq!(flaws, [""; 0]);
    }
}
