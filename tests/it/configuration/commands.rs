use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

use super::{WHOLE, write};

fn courant(directory: &Path) -> Command {
    let mut command = Command::cargo_bin("courant").unwrap();
    command.current_dir(directory).env_remove("COURANT_CONFIG");
    command
}

#[test]
fn the_file_that_init_writes_passes_the_check() {
    let directory = tempfile::tempdir().unwrap();
    let init = courant(directory.path()).arg("init").assert().success();
    insta::assert_snapshot!(String::from_utf8_lossy(&init.get_output().stdout));
    courant(directory.path()).args(["config", "check"]).assert().success();
}

#[test]
fn the_providers_that_are_built_in_are_printed_as_a_file_to_begin_with() {
    let directory = tempfile::tempdir().unwrap();
    let printed = courant(directory.path()).args(["config", "providers"]).assert().success();
    let printed = String::from_utf8(printed.get_output().stdout.clone()).unwrap();
    assert!(
        printed.contains("name = \"gmail\"\ndomains = [\"gmail.com\", \"googlemail.com\"]\n"),
        "{printed}"
    );
    std::fs::write(directory.path().join("providers.toml"), printed).unwrap();
    write(directory.path(), WHOLE.replace("[mail]\n", "[mail]\nproviders = 'providers.toml'\n"));
    courant(directory.path()).args(["config", "check"]).assert().success();
}

#[test]
fn init_never_overwrites() {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), "mine");
    for arguments in
        [&["init"][..], &["init", "."], &["init", "courant.toml"], &["-c", "courant.toml", "init"]]
    {
        courant(directory.path()).args(arguments).assert().code(1);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    }
}

#[test]
fn a_valid_configuration_is_told_what_it_means() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), WHOLE);
    let check = courant(directory.path()).args(["config", "check"]).assert().success();
    insta::assert_snapshot!(String::from_utf8_lossy(&check.get_output().stdout));
}

#[test]
fn a_wrong_configuration_fails_the_check() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), WHOLE.replace("5m", "5 minutes"));
    let check = courant(directory.path()).args(["config", "check"]).assert().code(1);
    let said = String::from_utf8_lossy(&check.get_output().stderr).into_owned();
    assert!(said.contains("courant.toml:29:9"), "{said}");
    let check = courant(directory.path()).args(["config", "check", "--json"]).assert().code(1);
    let verdict: Value = serde_json::from_slice(&check.get_output().stdout).unwrap();
    assert_eq!((&verdict["valid"], &verdict["problems"][0]["line"]), (&Value::Bool(false), &Value::from(29)));
    assert!(check.get_output().stderr.is_empty());
}

#[test]
fn a_schedule_that_surprises_is_told_with_its_newsletter() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), WHOLE.replace("0 7 * * MON-FRI", "*/5 7 * * *"));
    let check = courant(directory.path()).args(["config", "check"]).assert().success();
    let said = String::from_utf8_lossy(&check.get_output().stdout).into_owned();
    assert!(said.starts_with("warning: the schedule of daily: "), "{said}");
    let check = courant(directory.path()).args(["config", "check", "--json"]).assert().success();
    let verdict: Value = serde_json::from_slice(&check.get_output().stdout).unwrap();
    assert_eq!(verdict["schedules"][0]["newsletter"], "daily");
}

#[test]
fn a_wrong_command_line_ends_with_its_own_code() {
    let directory = tempfile::tempdir().unwrap();
    for arguments in [&["confg"][..], &["config"], &["config", "check", "--jsn"], &[]] {
        courant(directory.path()).args(arguments).assert().code(2);
    }
    courant(directory.path()).arg("--help").assert().success();
}
