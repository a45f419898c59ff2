//! Whatever bytes a server sends in the place of a feed: reading them ends, in the same way each time, with articles that
//! have names.

#![no_main]

use std::collections::HashSet;

use courant::model::time::Timestamp;
use courant::source::read_feed;
use libfuzzer_sys::fuzz_target;
use url::Url;

const NOW: Timestamp = Timestamp::from_unix(4_000_000_000);

// A panic of the parser is caught, and is none of ours: without the fuzzer's hook it does not end the run. One that is not
// caught does, for it reaches code that is not Rust.
fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| {
    let address = Url::parse("https://wire.example/feed").expect("an address");
    let read = || read_feed(bytes, &address, NOW);
    let (first, second) = (read(), read());
    match (first, second) {
        (Ok(first), Ok(second)) => {
            assert_eq!(format!("{:?}", first.articles), format!("{:?}", second.articles));
            assert!(first.articles.len() <= 5_000);
            let names: HashSet<&str> = first.articles.iter().map(|article| article.external_id.as_str()).collect();
            assert_eq!(names.len(), first.articles.len(), "each article has a name of its own");
            assert!(!names.contains(""));
        }
        (first, second) => assert_eq!(first.err(), second.err()),
    }
});
