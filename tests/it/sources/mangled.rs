//! Feeds that something happened to on their way: whatever it was, reading them ends, in the same way each time.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use courant::source::read_feed;
use proptest::prelude::*;
use proptest::sample::Index;

use super::NOW;

/// What stands between the words of a feed, and what a careless program puts there.
const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "</",
    "/>",
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<title>",
    "</channel>",
    "</rss>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
    "&amp;amp;",
    "&#0;",
    "&#x110000;",
    "&nbsp;",
    "xmlns:a=\"\"",
    "<!DOCTYPE a [<!ENTITY b \"&b;\">]>",
    "{",
    "}",
    "[",
    "\\u0000",
    "\u{b}",
    "\u{feff}",
    "\u{202e}",
    "\r",
    "\0",
];

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds");
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
});

/// Something that happens to a document.
#[derive(Clone, Debug)]
enum Mishap {
    CutOff(Index),
    Loses(Index, usize),
    Repeats(Index, usize),
    Gets(Index, &'static str),
    HasOctet(Index, u8),
    Swaps(Index, Index),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        1 => any::<Index>().prop_map(Mishap::CutOff),
        3 => (any::<Index>(), 1_usize..200).prop_map(|(at, length)| Mishap::Loses(at, length)),
        2 => (any::<Index>(), 1_usize..400).prop_map(|(at, length)| Mishap::Repeats(at, length)),
        5 => (any::<Index>(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Mishap::Gets(at, piece)),
        3 => (any::<Index>(), any::<u8>()).prop_map(|(at, octet)| Mishap::HasOctet(at, octet)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Mishap::Swaps(one, other)),
    ]
}

impl Mishap {
    fn befall(&self, document: &mut Vec<u8>) {
        if document.is_empty() {
            return;
        }
        let length = document.len();
        match self {
            Self::CutOff(at) => document.truncate(at.index(length)),
            Self::Loses(at, most) => {
                let from = at.index(length);
                document.drain(from..length.min(from + most));
            }
            Self::Repeats(at, most) => {
                let from = at.index(length);
                let again = document[from..length.min(from + most)].to_vec();
                document.splice(from..from, again);
            }
            Self::Gets(at, piece) => {
                let at = at.index(length);
                document.splice(at..at, piece.bytes());
            }
            Self::HasOctet(at, octet) => document[at.index(length)] = *octet,
            Self::Swaps(one, other) => document.swap(one.index(length), other.index(length)),
        }
    }
}

proptest! {
    #[test]
    fn a_feed_that_was_mangled_is_read_to_its_end_and_alike_each_time(
        fixture in any::<Index>(),
        mishaps in prop::collection::vec(mishap(), 1..12),
    ) {
        let mut document = fixture.get(&FIXTURES).clone();
        for mishap in &mishaps {
            mishap.befall(&mut document);
        }
        let address = "https://example.org/feed".parse().unwrap();
        let read = || read_feed(&document, &address, NOW).map_err(|error| error.to_string());
        let first = read();
        prop_assert_eq!(format!("{first:?}"), format!("{:?}", read()));
        if let Ok(pull) = first {
            let ids: HashSet<_> = pull.articles.iter().map(|article| &article.external_id).collect();
            prop_assert_eq!(ids.len(), pull.articles.len(), "one article, one id");
            prop_assert!(pull.articles.iter().all(|article| !article.external_id.is_empty()));
        }
    }
}
