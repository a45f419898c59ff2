//! `courant demo`, as a stranger runs it.

use std::net::TcpListener;

use assert_cmd::Command;

fn courant() -> Command {
    let mut command = Command::cargo_bin("courant").unwrap();
    command.env_remove("COURANT_CONFIG").env_remove("COURANT_LOG");
    command
}

#[test]
fn the_demo_shows_the_whole_way_and_finds_that_what_arrived_is_what_was_meant() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("demo");
    let ran = courant().args(["demo", "--once", "--port", "0", "--dir"]).arg(&directory).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    for line in ["each subscriber once", "each article in one edition", "one-click", "well-formed"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains('✗'), "{said}");
    assert!(directory.join("courant.toml").exists() && directory.join("cms.db").exists());
}

#[test]
fn a_port_that_is_taken_is_named_with_the_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = courant().args(["demo", "--once", "--port", &port]).output().unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(complaint.contains(&port) && complaint.contains("--port"), "{complaint}");
}

#[test]
fn a_directory_with_something_in_it_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("thesis.odt"), "…").unwrap();
    let ran = courant().args(["demo", "--once", "--port", "0", "--dir"]).arg(home.path()).output().unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("is not empty"));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
}
