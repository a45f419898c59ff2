//! The daemon as a process: signals, locks, and what it says.

use std::fs;

use courant::mail::inbox::{Behaviour, Inbox};

use crate::support::installation::{Installation, text, until};

#[tokio::test]
async fn a_second_daemon_on_the_same_database_is_refused_in_plain_words() {
    let installation = Installation::new();
    let _first = installation.start().await;
    let second = installation.run(&["run"]);
    assert_eq!(second.status.code(), Some(1));
    let said = text(&second.stderr);
    assert!(said.contains("another Courant daemon is running"), "{said}");
    assert_eq!(
        installation.run(&["newsletter", "list"]).status.code(),
        Some(0),
        "a command may run beside it"
    );
}

#[tokio::test]
async fn a_configuration_read_again_takes_effect_if_it_is_valid_and_else_changes_nothing() {
    let installation = Installation::new();
    let daemon = installation.start().await;
    daemon.until_it_answers("/newsletters/daily", 200).await;
    installation.configure("evening");
    daemon.signal("HUP");
    daemon.until_it_answers("/newsletters/evening", 200).await;
    installation.configure("not a slug");
    daemon.signal("HUP");
    installation.until_the_log_says("the one before it stays").await;
    assert_eq!(daemon.status("/newsletters/evening").await, Some(200));
}

#[tokio::test]
async fn an_edition_waits_for_the_preflight_and_goes_out_when_a_reload_no_longer_requires_it() {
    let installation = Installation::new();
    let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await.unwrap();
    installation.change("127.0.0.1:1\"", &format!("127.0.0.1:{}\"", inbox.address().port()));
    installation.change("[mail]\n", "[mail]\nrequire_preflight = true\n");
    installation.change(
        "[[newsletter]]",
        "[[source]]\nname = 'notes'\nkind = 'markdown'\npath = 'notes'\n[[newsletter]]",
    );
    fs::create_dir(installation.path().join("notes")).unwrap();
    let article = "---\ntitle: Bridge\ndate: 2026-03-01\n---\nIt reopens.\n";
    fs::write(installation.path().join("notes/bridge.md"), article).unwrap();
    fs::write(installation.path().join("people.csv"), "email\nada@example.org\n").unwrap();
    let import = ["subscriber", "import", "people.csv", "--newsletter", "daily", "--confirmed", "a test"];
    for arguments in [&["source", "fetch"][..], &import] {
        let output = installation.run(arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let daemon = installation.start().await;
    assert!(installation.run(&["newsletter", "send", "daily", "--now"]).status.success());
    installation.until_the_log_says("An edition waits, because require_preflight is set").await;
    let reason = "no edition begins to be sent, because require_preflight is set: ";
    let plan = || text(&installation.run(&["plan"]).stdout);
    until(|| plan().contains(reason), plan).await;
    assert_eq!(inbox.mails().len(), 0);
    installation.change("require_preflight = true", "require_preflight = false");
    daemon.signal("HUP");
    until(|| inbox.mails_to("ada@example.org").len() == 1, || installation.log()).await;
    assert!(!plan().contains(reason), "{}", plan());
    assert!(!installation.log().contains("ada@example.org"));
}

#[tokio::test]
async fn sigterm_ends_it_in_order_and_it_starts_again_after_a_sigkill_too() {
    let installation = Installation::new();
    let mut daemon = installation.start().await;
    daemon.signal("TERM");
    assert_eq!(daemon.ended().await.code(), Some(0), "{}", installation.log());
    let mut daemon = installation.start().await;
    daemon.signal("KILL");
    daemon.ended().await;
    let _daemon = installation.start().await;
}

#[test]
fn a_database_of_a_newer_version_is_refused_in_plain_words() {
    let installation = Installation::new();
    assert_eq!(installation.run(&["newsletter", "list"]).status.code(), Some(0));
    let database = installation.path().join("courant.db");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        use sqlx::Connection;
        let url = format!("sqlite:{}", database.display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
            VALUES (9999, 'later', 1, x'00', 0)";
        sqlx::query(later).execute(&mut connection).await.unwrap();
    });
    let refused = installation.run(&["newsletter", "list"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("newer version of Courant"), "{}", text(&refused.stderr));
}

#[test]
fn a_command_line_that_means_nothing_is_told_apart_from_one_that_failed() {
    let installation = Installation::new();
    for (arguments, code) in [
        (&["newsletter", "next", "nope"][..], 2),
        (&["nonsense"], 2),
        (&["newsletter", "preview", "daily"], 1),
        (&["newsletter", "next", "daily"], 0),
        (&["edition", "show", "daily/7"], 1),
        (&["--config", "missing.toml", "plan"], 1),
    ] {
        let output = installation.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    }
}
