//! Digests: what a reader gets.

mod newsroom;

use std::fs;
use std::path::PathBuf;

use courant::render::digest::render;
use courant::render::letter::Letter;

use newsroom::{Newsroom, arabic, arabic_morning, morning};

/// Keeps a digest in `target/digests/`, where the checkers of `tests/peers/digest` and curious people find it.
fn keep(name: &str, letter: &Letter) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/digests");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(format!("{name}.html")), &letter.html).unwrap();
    fs::write(directory.join(format!("{name}.txt")), &letter.text).unwrap();
}

fn rendered(name: &str, newsroom: &Newsroom) -> Letter {
    let letter = render(&newsroom.edition()).unwrap();
    keep(name, &letter);
    letter
}

#[test]
fn stories_have_a_lead_and_sections() {
    let letter = rendered("stories", &Newsroom { more: 3, ..Newsroom::new(morning()) });
    insta::assert_snapshot!(letter.text);
}

#[test]
fn arabic_reads_from_the_right() {
    let letter =
        rendered("arabic", &Newsroom { newsletter: arabic(), more: 12, ..Newsroom::new(arabic_morning()) });
    insta::assert_snapshot!(letter.text);
}
