//! `courant schedule`, as an operator calls it.

use assert_cmd::Command;
use serde_json::Value;

fn schedule(arguments: &[&str]) -> assert_cmd::assert::Assert {
    courant(arguments, "")
}

fn courant(arguments: &[&str], input: &str) -> assert_cmd::assert::Assert {
    Command::cargo_bin("courant").unwrap().arg("schedule").args(arguments).write_stdin(input).assert()
}

fn printed(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}

/// Snapshots do not depend on how new the machine's time zone data is.
fn with_any_zone_data(check: impl FnOnce()) {
    insta::with_settings!({ filters => vec![(r"\b2\d{3}[a-z]+ \([^)]*\)", "[zone data]")] }, { check() });
}

#[test]
fn an_operator_reads_what_a_line_means_and_when_it_goes_out() {
    let arguments =
        ["0,30 2 13 * FRI", "--zone", "europe/brussels", "-n", "4", "--after", "2026-03-01T00:00:00Z"];
    let output = printed(&schedule(&arguments).success().get_output().stdout);
    with_any_zone_data(|| insta::assert_snapshot!(output));
}

#[test]
fn a_program_reads_the_same_as_json() {
    let arguments = ["30 2 * * *", "--zone=Europe/Paris", "-n2", "--after=2026-03-28T12:00:00Z", "--json"];
    let output = printed(&schedule(&arguments).success().get_output().stdout);
    with_any_zone_data(|| insta::assert_snapshot!(output));
}

#[test]
fn lines_are_read_from_standard_input_and_the_wrong_ones_named() {
    let input = "# our crontab\n\n0 7 * * MON-FRI\n61 7 * * *\n  @weekly\n";
    let assert = courant(&["-", "-n1", "--after=2026-03-28T12:00:00Z", "--json"], input).code(1);
    let verdicts: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(verdicts[0]["ticks"][0]["utc"], "2026-03-30T07:00:00Z");
    assert_eq!(verdicts[1]["error"], "minute: \"61\" is not possible: use 0 to 59");
    assert_eq!(verdicts[2]["words"], "At 00:00, on Sundays.");
}

#[test]
fn wrong_use_is_told_with_what_would_be_right() {
    let cases: &[(&[&str], &str)] = &[
        (
            &["0 24 * * *"],
            "error: \"0 24 * * *\" is not a crontab line: hour: \"24\" is not possible: use 0 to 23\n",
        ),
        (
            &["0 7 30 2 *"],
            "error: \"0 7 30 2 *\" is not a crontab line: day of month: no month of \"2\" has a day of \"30\": \
             this would never go out\n",
        ),
        (
            &["0 7 * * *", "--zone", "Europe/Brussel"],
            "error: there is no time zone \"Europe/Brussel\": did you mean \"Europe/Brussels\"?\n",
        ),
    ];
    for (arguments, expected) in cases {
        let assert = schedule(arguments).code(2);
        assert_eq!(printed(&assert.get_output().stderr), *expected, "{arguments:?}");
    }
}
