//! Links that nobody signed, were altered, or are for something else: none of them opens anything.

use courant::model::subscriber::{AddressChangeId, SubscriberId};
use courant::model::time::Timestamp;
use courant::model::token::{Key, LENGTH, Token};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::StatusCode;

use crate::support::app::{TestApp, daily};

/// The pages that a link opens.
const PAGES: [&str; 5] = ["address", "confirm", "keep", "manage", "unsubscribe"];

const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

#[tokio::test]
async fn of_ten_thousand_forged_and_altered_links_none_is_accepted() {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    let served = app.serve().await;
    let reader = app.subscribe("ada@example.com", "daily").await;
    let newsletter = app.standing("daily").await.id;
    let until = app.clock.now() + std::time::Duration::from_hours(1);
    let tokens = |key: &Key| {
        [
            Token::Confirm(reader, newsletter),
            Token::Subscription(reader, newsletter),
            Token::Personal(reader, until),
            Token::NewAddress(reader, AddressChangeId(1)),
            Token::OldAddress(reader, AddressChangeId(1)),
            Token::Keep(reader, newsletter),
            Token::Moment(app.clock.now()),
            Token::Turn(1, until),
        ]
        .map(|token| key.sign(token))
    };
    let own = tokens(app.store.key());
    let strange = tokens(&Key::new([9; 32]));
    let before = app.store.subscriptions(reader).await.unwrap();
    let mut chance = StdRng::seed_from_u64(5);
    let mut asked = 0;
    for round in 0..10_000 {
        let mut letters: Vec<u8> = own[round % own.len()].clone().into_bytes();
        match round % 5 {
            0 => letters = (0..LENGTH).map(|_| LETTERS[chance.random_range(0..32)]).collect(),
            1 => letters = strange[chance.random_range(0..strange.len())].clone().into_bytes(),
            2 => letters.truncate(chance.random_range(0..LENGTH)),
            3 => letters.rotate_left(chance.random_range(1..LENGTH)),
            _ => {
                let at = chance.random_range(0..LENGTH);
                letters[at] = LETTERS[(LETTERS.iter().position(|own| *own == letters[at]).unwrap() + 1) % 32];
            }
        }
        let forged = String::from_utf8(letters).unwrap();
        assert_eq!(app.store.key().verify(&forged), None, "{round}: {forged}");
        // Over HTTP every tenth, each page in turn: it is the same function that reads them.
        if round % 10 == round / 10 % 10 && !forged.is_empty() {
            let path = format!("/{}/{forged}", PAGES[asked % PAGES.len()]);
            asked += 1;
            assert_eq!(served.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(served.post(&path, "act=leave&newsletter=daily").await.status, StatusCode::NOT_FOUND);
        }
    }
    assert!(asked > 900, "{asked}");
    assert_eq!(app.store.subscriptions(reader).await.unwrap(), before);
}

#[tokio::test]
async fn a_link_of_each_kind_opens_its_own_page_alone() {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    let served = app.serve().await;
    let reader = app.subscribe("ada@example.com", "daily").await;
    let newsletter = app.standing("daily").await.id;
    let until = app.clock.now() + std::time::Duration::from_hours(1);
    for (token, opened) in [
        (Token::Confirm(reader, newsletter), &["confirm"][..]),
        (Token::Subscription(reader, newsletter), &["manage", "unsubscribe"]),
        (Token::Personal(reader, until), &["manage"]),
        (Token::Keep(reader, newsletter), &["keep"]),
        (Token::Moment(app.clock.now()), &[]),
        (Token::Turn(reader.0, until), &[]),
        (Token::Personal(SubscriberId(99), until), &[]),
        (Token::Bounce(courant::model::edition::EditionId(1), reader), &[]),
        (Token::Personal(reader, Timestamp::from_unix(0)), &[]),
    ] {
        let signed = app.store.key().sign(token);
        for page in PAGES {
            let status = served.get(&format!("/{page}/{signed}")).await.status;
            assert_eq!(status == StatusCode::OK, opened.contains(&page), "{token:?} at {page}: {status}");
        }
    }
}
