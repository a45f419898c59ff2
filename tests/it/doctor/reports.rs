//! The ways by which reports come in, as the doctor sees them: what is wrong with them keeps no edition back.

use std::fs;

use courant::mail::inbox::{Behaviour, Inbox};

use super::House;
use crate::support::imap::Mailbox;

async fn house_with(reports: &str) -> House {
    let mut house = House::new().await;
    house.configure("[mail]\n", &format!("{reports}[mail]\n"));
    house
}

#[tokio::test]
async fn a_mailbox_is_opened_as_the_daemon_opens_it() {
    let mailbox = Mailbox::start().await;
    let at = |login: &str| format!("[reports.imap]\nurl = 'imap://{login}@127.0.0.1:{}'\n", mailbox.port);
    let house = house_with(&at("bounces:right")).await;
    let said = house.examine().await;
    assert_eq!(said.about("mailbox"), ["green: the folder \"INBOX\" is open; the server tells what is new"]);

    let house = house_with(&at("bounces:wrong")).await;
    let said = house.examine().await;
    let (light, message, _) = said.advice("mailbox");
    assert!(light == "yellow" && !said.is_red, "mail goes out all the same");
    assert!(message.starts_with("the server does not take user and password of [reports.imap]"), "{message}");

    let house = house_with("[reports.imap]\nurl = 'imap://bounces:right@127.0.0.1:1'\n").await;
    let (_, message, _) = house.examine().await.advice("mailbox");
    assert!(message.starts_with("no connection to 127.0.0.1, port 1"), "{message}");
}

#[tokio::test]
async fn a_port_is_free_or_ours_or_somebody_else_s() {
    let other = Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await.unwrap();
    let port = other.address().port();
    let house = house_with(&format!("[reports]\nlisten = 'lmtp://127.0.0.1:{port}'\n")).await;
    let said = house.examine().await;
    let (light, message, _) = said.advice("listener");
    assert_eq!(message, format!("another program listens on 127.0.0.1:{port}"));
    assert!(light == "yellow" && !said.is_red);
    other.stop().await;
    let free = format!("green: 127.0.0.1:{port} is free: it is listened on while the daemon runs");
    assert_eq!(house.examine().await.about("listener"), [free]);
}

#[tokio::test]
async fn a_maildir_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let house = house_with(&format!("[reports]\nmaildir = '{}'\n", folder.path().display())).await;
    let (light, message, _) = house.examine().await.advice("maildir");
    assert!(light == "yellow" && message.starts_with("new of the Maildir"), "{message}");
    for name in ["new", "cur"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let there = format!("green: the Maildir {} is there", folder.path().display());
    assert_eq!(house.examine().await.about("maildir"), [there]);
}
