//! `courant db backup`, `check` and `compact`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::{AFTER, BEFORE, LATER, TICK, backup, courant, half_sent, mails};
use crate::support::app::{TestApp, daily};

#[tokio::test]
async fn a_backup_is_made_beside_a_running_daemon_and_tells_what_it_holds() {
    let app = half_sent().await;
    let directory = app.database().parent().unwrap().to_owned();
    let said = courant(&directory, "2026-02-28T07:30:00Z", &["db", "backup", "--json"]).await.unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    let path = directory.join("courant.db.backup-20260228T073000Z");
    assert_eq!(said["path"], path.to_str().unwrap());
    assert_eq!(
        (&said["subscribers"], &said["editions"], &said["articles"]),
        (&2.into(), &1.into(), &1.into())
    );
    let file = fs::metadata(&path).unwrap();
    assert_eq!((said["bytes"].as_u64().unwrap(), file.permissions().mode() & 0o777), (file.len(), 0o600));
    let left: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("partial")), "{left:?}");
}

#[tokio::test]
async fn a_backup_is_never_written_over_a_file() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let directory = app.database().parent().unwrap().to_owned();
    let file = directory.join("precious");
    fs::write(&file, "precious").unwrap();
    let refused = courant(&directory, AFTER, &["db", "backup", file.to_str().unwrap()]).await.unwrap_err();
    assert!(refused.contains("exists already"), "{refused}");
    assert_eq!(fs::read_to_string(file).unwrap(), "precious");
}

#[tokio::test]
async fn where_there_is_no_database_none_is_made() {
    let directory = tempfile::tempdir().unwrap();
    for command in ["backup", "check", "compact"] {
        let refused = courant(directory.path(), AFTER, &["db", command]).await.unwrap_err();
        assert!(refused.contains("there is no database"), "{command}: {refused}");
    }
    assert!(!directory.path().join("courant.db").exists());
}

#[tokio::test]
async fn a_sound_database_passes_the_check_beside_its_daemon() {
    let app = half_sent().await;
    let directory = app.database().parent().unwrap().to_owned();
    let said = courant(&directory, AFTER, &["db", "check"]).await.unwrap();
    assert!(said.contains("is sound"), "{said}");
    let said = courant(&directory, AFTER, &["db", "check", "--json"]).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["findings"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_check_names_what_contradicts_itself_and_fails() {
    let app = half_sent().await;
    app.execute("UPDATE edition SET audience = 7").await;
    app.execute("UPDATE edition SET finished_at = 1").await;
    app.execute(
        "INSERT INTO suppression SELECT address_hash, NULL, 'forgotten', NULL, 1 FROM subscriber WHERE id = 1",
    )
    .await;
    app.execute("PRAGMA foreign_keys = OFF; UPDATE ledger SET edition_id = 77").await;
    let directory = app.database().parent().unwrap().to_owned();
    let said = courant(&directory, AFTER, &["db", "check"]).await.unwrap_err();
    for finding in [
        "audience: daily/1 went to 7 subscribers and has 2 deliveries",
        "unfinished: daily/1 is over",
        "suppressed: subscriber 1 is suppressed, and subscribed to daily",
        "lost_edition: article 1 went out in daily",
        "reference: a row of ledger refers to a row of edition",
    ] {
        assert!(said.contains(finding), "{finding}\n{said}");
    }
    assert!(!said.contains('@'), "no address: {said}");
}

#[tokio::test]
async fn a_damaged_file_fails_the_check() {
    let app = half_sent().await;
    let stopped = app.stop().await;
    let mut bytes = fs::read(stopped.database()).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0x55);
    fs::write(stopped.database(), bytes).unwrap();
    let said = courant(stopped.directory.path(), AFTER, &["db", "check"]).await.unwrap_err();
    assert!(said.contains("damage"), "{said}");
}

#[tokio::test]
async fn compacting_gives_room_back_and_the_database_stays_the_same_one() {
    let app = half_sent().await;
    app.execute("CREATE TABLE ballast (bytes BLOB)").await;
    app.execute("INSERT INTO ballast VALUES (randomblob(4000000))").await;
    app.execute("DROP TABLE ballast").await;
    let stopped = app.stop().await;
    let directory = stopped.directory.path();
    let said = courant(directory, AFTER, &["db", "compact", "--json"]).await.unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert!(said["before"].as_u64().unwrap() > 4_000_000, "{said}");
    assert!(said["after"].as_u64().unwrap() < 1_000_000, "{said}");
    let app = stopped.start_at(LATER).await;
    assert_eq!(mails(&app), (1, 1), "no copy: what was put off goes out");
}

#[tokio::test]
async fn while_a_daemon_runs_nothing_is_compacted_or_put_back() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let directory = app.database().parent().unwrap().to_owned();
    let refused = courant(&directory, TICK, &["db", "compact"]).await.unwrap_err();
    assert!(refused.contains("a Courant daemon is running") && refused.contains("twice"), "{refused}");
    let refused = courant(&directory, TICK, &["db", "restore", file.to_str().unwrap()]).await.unwrap_err();
    assert!(refused.contains("a Courant daemon is running"), "{refused}");
}
