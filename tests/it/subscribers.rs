//! Subscribers at the command line: added, imported, exported, forgotten.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const CONFIG: &str = "
[publication]
title = 'The Courier'
base_url = 'https://courier.example.org'
postal_address = 'Brussels'
[mail]
from = 'The Courier <digest@courier.example.org>'
relay.url = 'smtp://127.0.0.1:2525'
[[newsletter]]
slug = 'daily'
title = 'Daily'
schedule = '@daily'
[[newsletter]]
slug = 'weekly'
title = 'Weekly'
schedule = '@weekly'
";

/// The import of a file into the daily newsletter.
const IMPORT: [&str; 7] =
    ["subscriber", "import", "people.csv", "--newsletter", "daily", "--confirmed", "a fair"];

/// A fresh installation, and the commands run in it.
struct Desk(TempDir);

struct Said {
    code: i32,
    output: String,
    error: String,
}

impl Desk {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("courant.toml"), CONFIG).unwrap();
        Self(directory)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = Command::cargo_bin("courant").unwrap();
        command.current_dir(self.0.path()).env_remove("COURANT_CONFIG").args(arguments);
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code().unwrap(), output: text(output.stdout), error: text(output.stderr) }
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!((said.code, said.error.as_str()), (0, ""), "{arguments:?}");
        said.output
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }

    /// Imports a file into the daily newsletter, and returns the counts.
    fn import(&self, bytes: impl AsRef<[u8]>, options: &[&str]) -> Value {
        self.write("people.csv", bytes);
        self.json(&[&IMPORT[..], &["--json"], options].concat())
    }

    /// Address, name and state of each subscription.
    fn subscriptions(&self) -> Vec<(String, Option<String>, String)> {
        let listed = self.json(&["subscriber", "list", "--json"]);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let one =
            |row: &Value| (text(&row["address"]).unwrap(), text(&row["name"]), text(&row["state"]).unwrap());
        listed.as_array().unwrap().iter().map(one).collect()
    }

    fn addresses(&self) -> Vec<String> {
        self.subscriptions().into_iter().map(|(address, _, _)| address).collect()
    }
}

/// The counts that are not zero.
fn counts(report: &Value) -> Vec<(&str, u64)> {
    let counts =
        report.as_object().unwrap().iter().filter_map(|(name, count)| Some((name.as_str(), count.as_u64()?)));
    counts.filter(|(_, count)| *count > 0).collect()
}

#[test]
fn an_import_brings_people_in_who_have_consented() {
    let desk = Desk::new();
    let report = desk.import("email,name\nada@a.example,Ada Brook\nzoe@z.example,Zoë\n", &[]);
    assert_eq!(counts(&report), [("new", 2), ("rows", 2)]);
    let shown = desk.json(&["subscriber", "show", "ADA@A.example", "--json"]);
    assert_eq!(shown["name"], "Ada Brook");
    assert_eq!(shown["subscriptions"][0]["state"], "active");
    assert_eq!(shown["subscriptions"][0]["consent"], "import: a fair");
}

#[test]
fn an_import_is_the_same_in_any_encoding_and_with_any_delimiter() {
    let table =
        "E-Mail-Adresse;Vorname;Nachname\nada@a.example;Ada;Brook\nzoe@z.example;Zoë;\"Groß; Müller\"\n";
    let utf_16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = table.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let tabs = table.replace(';', "\t").replace('"', "").replace("Groß\t", "Groß;");
    let bars = tabs.replace('\t', "|");
    for (bytes, told) in [
        (table.as_bytes().to_vec(), "UTF-8, by `;`"),
        (format!("\u{feff}{table}").into_bytes(), "UTF-8, by `;`"),
        (utf_16, "UTF-16LE, by `;`"),
        (latin, "windows-1252, by `;`"),
        (tabs.into_bytes(), "UTF-8, by tabs"),
        (bars.into_bytes(), "UTF-8, by `|`"),
        (table.replace('\n', "\r\n").into_bytes(), "UTF-8, by `;`"),
    ] {
        let desk = Desk::new();
        let rehearsed = desk.import(bytes.clone(), &["--dry-run"]);
        let format = rehearsed["format"].as_str().unwrap();
        assert!(told.split(", ").all(|word| format.contains(word)), "{told}: {format}");
        desk.import(bytes, &[]);
        let expected = [("ada@a.example", "Ada Brook"), ("zoe@z.example", "Zoë Groß; Müller")];
        let expected =
            expected.map(|(address, name)| (address.to_owned(), Some(name.to_owned()), "active".to_owned()));
        assert_eq!(desk.subscriptions(), expected);
    }
}

#[test]
fn a_file_without_heads_is_imported_too() {
    let desk = Desk::new();
    desk.import("ada@a.example\nzoe@z.example", &[]);
    desk.import("\"Brook, Ben\",ben@b.example\n", &[]);
    assert_eq!(desk.addresses(), ["ada@a.example", "zoe@z.example", "ben@b.example"]);
    assert_eq!(desk.subscriptions()[2].1.as_deref(), Some("Brook, Ben"));
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let desk = Desk::new();
    desk.ok(&["subscriber", "add", "ada@a.example", "--newsletter", "daily", "--confirmed", "by phone"]);
    let table = "email,name\nada@a.example,Ada\nben@b.example,Ben\nbroken,x\n";
    desk.write("people.csv", table);
    let said = desk.ok(&[&IMPORT[..], &["--dry-run"]].concat());
    insta::assert_snapshot!(said);
    assert_eq!(desk.addresses(), ["ada@a.example"]);
}

#[test]
fn addresses_of_functions_are_marked_and_imported_all_the_same() {
    let desk = Desk::new();
    let table = "email\nada@a.example\ninfo@a.example\nPostmaster+news@a.example\n";
    assert_eq!(desk.import(table, &["--dry-run"])["roles"], 2);
    desk.import(table, &[]);
    let listed = desk.json(&["subscriber", "list", "--json"]);
    let marks: Vec<bool> = listed.as_array().unwrap().iter().map(|row| row["role"] == true).collect();
    assert_eq!(marks, [false, true, true]);
    assert!(desk.ok(&["subscriber", "list"]).contains("role"));
    assert!(desk.ok(&["subscriber", "show", "info@a.example"]).contains("a role"));
    let said = desk.ok(&[&IMPORT[..], &["--dry-run"]].concat());
    assert!(said.contains("2  have an address of a function, such as info@"), "{said}");
}

#[test]
fn bad_rows_are_told_by_line_and_without_addresses() {
    let desk = Desk::new();
    let table = "email,name\nada@a.example,Ada\n,Nobody\n\"two\nlines@x.example\",x\nada brook@a.example,x\n<Ada> ada@@a.example\nzoe@z.example\n";
    desk.write("people.csv", table);
    insta::assert_snapshot!(desk.ok(&[&IMPORT[..], &["--bad-rows", "bad.txt"]].concat()));
    assert_eq!(desk.addresses(), ["ada@a.example", "zoe@z.example"]);
    assert_eq!(std::fs::read_to_string(desk.path("bad.txt")).unwrap().lines().count(), 4);
}

#[test]
fn a_strict_import_takes_no_row_if_one_is_bad() {
    let desk = Desk::new();
    desk.write("people.csv", "email\nada@a.example\nbroken\n");
    let arguments =
        ["subscriber", "import", "people.csv", "--newsletter", "daily", "--confirmed", "a fair", "--strict"];
    let said = desk.run(&arguments);
    assert_eq!(said.code, 1);
    assert!(said.output.contains("line 3"), "{}", said.output);
    assert!(desk.addresses().is_empty());
}

#[test]
fn an_import_that_breaks_off_leaves_nothing() {
    let desk = Desk::new();
    let mut table = "email\n".to_owned();
    table.extend((0..3000).map(|number| format!("p{number}@a.example\n")));
    table.push_str("\"never closed");
    table.push_str(&"x\n".repeat(1_000_000));
    desk.write("people.csv", table);
    let said =
        desk.run(&["subscriber", "import", "people.csv", "--newsletter", "daily", "--confirmed", "a fair"]);
    assert_eq!(said.code, 1);
    assert!(said.error.contains("the row that begins on line 3002 is longer than 1 MiB"), "{}", said.error);
    assert!(desk.addresses().is_empty());
}

#[test]
fn an_import_never_brings_back_who_has_left_or_is_suppressed_or_forgotten() {
    let desk = Desk::new();
    let add = |address| {
        desk.ok(&["subscriber", "add", address, "--newsletter", "daily", "--confirmed", "by phone"])
    };
    for address in ["left@a.example", "gone@a.example", "bounced@a.example", "here@a.example"] {
        add(address);
    }
    desk.ok(&["subscriber", "add", "pending@a.example", "--newsletter", "daily"]);
    desk.ok(&["subscriber", "add", "weekly@a.example", "--newsletter", "weekly", "--confirmed", "by phone"]);
    desk.ok(&["subscriber", "forget", "gone@a.example"]);
    desk.ok(&["suppression", "add", "bounced@a.example", "--because", "asked by phone"]);
    desk.ok(&["suppression", "add", "left@a.example"]);
    desk.ok(&["suppression", "remove", "left@a.example"]);

    let table = "email\nLEFT@a.example\nGone@a.example\nbounced@a.example\nhere@a.example\npending@a.example\nweekly@a.example\nnew@a.example\nNEW@a.example\n";
    let expected = [
        ("added", 1),
        ("already_active", 1),
        ("confirmed", 1),
        ("left_before", 1),
        ("new", 1),
        ("repeated", 1),
        ("rows", 8),
        ("suppressed", 2),
    ];
    let mut rehearsed = desk.import(table, &["--dry-run"]);
    assert_eq!(counts(&rehearsed), expected);
    let report = desk.import(table, &[]);
    rehearsed["dry_run"] = Value::Bool(false);
    assert_eq!(report, rehearsed);

    let state = |address: &str| {
        let shown = desk.json(&["subscriber", "show", address, "--json"]);
        let daily =
            shown["subscriptions"].as_array().unwrap().iter().find(|one| one["newsletter"] == "daily");
        daily.map_or(Value::Null, |daily| daily["state"].clone())
    };
    for (address, expected) in [
        ("left@a.example", "ended"),
        ("bounced@a.example", "ended"),
        ("here@a.example", "active"),
        ("pending@a.example", "active"),
        ("weekly@a.example", "active"),
        ("new@a.example", "active"),
    ] {
        assert_eq!(state(address), expected, "{address}");
    }
    assert_eq!(state("gone@a.example"), Value::Null);
    assert_eq!(
        counts(&desk.import(table, &[])),
        [("already_active", 4), ("left_before", 1), ("repeated", 1), ("rows", 8), ("suppressed", 2)]
    );
}

#[test]
fn who_left_elsewhere_is_not_imported() {
    let desk = Desk::new();
    let report = desk.import("email,status\nada@a.example,subscribed\nben@b.example,unsubscribed\n", &[]);
    assert_eq!(counts(&report), [("left_elsewhere", 1), ("new", 1), ("rows", 2)]);
    assert_eq!(desk.addresses(), ["ada@a.example"]);
}

#[test]
fn what_is_exported_can_be_imported_elsewhere_and_who_left_stays_out() {
    let desk = Desk::new();
    desk.import("email,name\nada@a.example,\"=Ada, \"\"the\"\" Brook\"\nben@b.example,Ben\n", &[]);
    desk.ok(&["suppression", "add", "ben@b.example"]);
    let csv = desk.ok(&["subscriber", "export"]);
    let json = desk.json(&["subscriber", "export", "--format", "json"]);
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[0]["name"], "=Ada, \"the\" Brook");
    assert!(csv.contains("'=Ada"), "a spreadsheet would compute it: {csv}");

    let other = Desk::new();
    other.import(&csv, &[]);
    assert_eq!(other.addresses(), ["ada@a.example"]);
    desk.ok(&["subscriber", "export", "-o", "out.csv", "--state", "ended"]);
    assert_eq!(std::fs::read_to_string(desk.path("out.csv")).unwrap().lines().count(), 2);
}

#[test]
fn an_export_of_many_pages_holds_everybody_once() {
    let desk = Desk::new();
    let mut table = "email\n".to_owned();
    table.extend((0..12_001).map(|number| format!("p{number}@a.example\n")));
    desk.import(table, &[]);
    let exported = desk.json(&["subscriber", "export", "--format", "json"]);
    let mut addresses: Vec<&str> =
        exported.as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), 12_001);
}

#[test]
fn who_is_forgotten_leaves_nothing_but_a_hash() {
    let desk = Desk::new();
    desk.import("email,name\nada.brook@a.example,Ada Quillfeather\n", &[]);
    desk.ok(&["subscriber", "forget", "Ada.Brook@a.example"]);
    assert_eq!(desk.run(&["subscriber", "list"]).output, "No subscriptions.\n");
    let shown = desk.json(&["subscriber", "show", "ada.brook@a.example", "--json"]);
    assert_eq!((&shown["known"], &shown["suppressed"]), (&Value::Bool(false), &Value::from("forgotten")));
    assert_eq!(desk.json(&["suppression", "list", "--json"])[0]["address"], Value::Null);
    for name in ["courant.db", "courant.db-wal"] {
        let bytes = std::fs::read(desk.path(name)).unwrap_or_default();
        let holds =
            |text: &str| bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
        assert!(!holds("ada.brook") && !holds("quillfeather"), "{name}");
    }
}

#[test]
fn an_address_that_is_suppressed_or_has_left_is_not_added() {
    let desk = Desk::new();
    let add = ["subscriber", "add", "ada@a.example", "--newsletter", "daily", "--confirmed", "by phone"];
    desk.ok(&add);
    desk.ok(&["suppression", "add", "ada@a.example"]);
    assert_eq!(desk.run(&add).code, 1);
    assert_eq!(desk.run(&add[..5]).code, 1);
    desk.ok(&["suppression", "remove", "ada@a.example"]);
    let said = desk.run(&add);
    assert_eq!(said.code, 1);
    assert!(said.error.contains("has left daily"), "{}", said.error);
    assert_eq!(desk.run(&["suppression", "remove", "ada@a.example"]).code, 1);
}

#[test]
fn a_command_that_cannot_be_meant_is_refused() {
    let desk = Desk::new();
    desk.write("people.csv", "email\nada@a.example\n");
    let import = |file: &'static str, more: &[&'static str]| {
        let mut arguments = vec!["subscriber", "import", file];
        arguments.extend(more);
        desk.run(&arguments)
    };
    for (said, code, words) in [
        (import("people.csv", &["--newsletter", "daily"]), 2, "--confirmed"),
        (
            import("people.csv", &["--newsletter", "daily", "--confirmed", " "]),
            2,
            "where the consent comes from",
        ),
        (import("people.csv", &["--newsletter", "dayly", "--confirmed", "x"]), 2, "it has daily, weekly"),
        (import("none.csv", &["--newsletter", "daily", "--confirmed", "x"]), 1, "none.csv cannot be read"),
        (import(".", &["--newsletter", "daily", "--confirmed", "x"]), 1, "is not a file"),
        (desk.run(&["subscriber", "add", "not an address", "--newsletter", "daily"]), 2, "write one address"),
        (desk.run(&["subscriber", "show", "nobody@a.example"]), 1, "nothing is known"),
    ] {
        assert_eq!(said.code, code, "{}", said.error);
        assert!(said.error.contains(words), "{}", said.error);
    }
    desk.write("empty.csv", "");
    desk.write("other.csv", "a,b\n1,2\n");
    for file in ["empty.csv", "other.csv"] {
        let said = import(file, &["--newsletter", "daily", "--confirmed", "x"]);
        assert!(said.error.contains("no column holds addresses"), "{}", said.error);
    }
}

#[test]
fn the_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.import("email\nada@a.example\n", &[]);
    desk.ok(&["subscriber", "export", "-o", "out.csv"]);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&desk.path("courant.db")), mode(&desk.path("out.csv"))), (0o600, 0o600));
}

#[test]
fn suppressions_move_from_one_installation_to_another_but_for_who_asked_to_be_forgotten() {
    let desk = Desk::new();
    desk.ok(&["suppression", "add", "ada@a.example", "--because", "=asked, by phone"]);
    desk.write("list.txt", "ben@b.example\nno address\nADA@a.example\n");
    let said =
        desk.json(&["suppression", "import", "list.txt", "--because", "from the old system", "--json"]);
    assert_eq!((&said["rows"], &said["new"]), (&Value::from(3), &Value::from(1)));
    assert_eq!((&said["already_suppressed"], &said["bad_lines"][0]), (&Value::from(1), &Value::from(2)));
    desk.ok(&["subscriber", "forget", "eve@e.example"]);
    let csv = desk.ok(&["suppression", "export"]);
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.contains("'=asked, by phone"), "a spreadsheet would compute it: {csv}");

    let other = Desk::new();
    other.write("list.csv", format!("\u{feff}{csv}carol@c.example,Hard bounce,,550 no\n"));
    other.ok(&["suppression", "import", "list.csv"]);
    let listed = other.json(&["suppression", "export", "--format", "json"]);
    let told: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["address"].as_str().unwrap(),
                row["reason"].as_str().unwrap(),
                row["detail"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ada@a.example", "operator", "=asked, by phone"),
            ("ben@b.example", "operator", "from the old system"),
            ("carol@c.example", "hard_bounce", "550 no"),
        ]
    );
    assert_eq!(listed[0]["at"], desk.json(&["suppression", "export", "--format", "json"])[0]["at"]);
}

#[tokio::test]
async fn what_an_operator_does_to_a_suppression_is_written_down() {
    let desk = Desk::new();
    desk.ok(&["suppression", "add", "ada@a.example", "--because", "asked by phone"]);
    let done = desk.json(&["suppression", "remove", "ada@a.example", "--because", "wrote again", "--json"]);
    assert_eq!((&done["is_suppressed"], &done["has_changed"]), (&Value::Bool(false), &Value::Bool(true)));
    let now = courant::model::time::Timestamp::from_unix(1_800_000_000);
    let store = courant::store::Store::open(&desk.path("courant.db"), now).await.unwrap();
    let ada = "Ada@a.example".parse().unwrap();
    let events = store.suppression_events(&ada).await.unwrap();
    let acts: Vec<_> =
        events.iter().map(|event| (event.act.as_str(), event.detail.as_deref().unwrap())).collect();
    assert_eq!(acts, [("added", "asked by phone"), ("removed", "wrote again")]);

    let told = desk.ok(&["suppression", "history", "ada@a.example"]);
    let lines: Vec<Vec<&str>> = told.lines().map(|line| line.split("  ").map(str::trim).collect()).collect();
    assert_eq!(lines[1][1..], ["added", "", "asked by phone"], "{told}");
    assert_eq!(lines[2][1..], ["removed", "wrote again"], "{told}");
    assert!(told.ends_with("\nNow it is not suppressed.\n"), "{told}");
    desk.ok(&["suppression", "add", "ada@a.example", "--because", "thought better of it"]);
    let history = desk.json(&["suppression", "history", "ADA@a.example", "--json"]);
    assert_eq!(history["events"].as_array().unwrap().len(), 3);
    assert_eq!(history["events"][0]["act"], "added");
    assert_eq!(history["suppression"]["detail"], "thought better of it");
    let told = desk.ok(&["suppression", "history", "ada@a.example"]);
    assert!(told.contains("\nNow it is never mailed, because of the operator, since 2"), "{told}");
    let told = desk.ok(&["suppression", "history", "stranger@a.example"]);
    assert_eq!(told, "Nothing was done to this address by hand.\n\nNow it is not suppressed.\n");

    store.forget(&ada, now).await.unwrap();
    let history = desk.json(&["suppression", "history", "ada@a.example", "--json"]);
    assert_eq!(history["suppression"]["reason"], "forgotten");
    assert!(store.suppression_events(&ada).await.unwrap().iter().all(|event| event.detail.is_none()));
    assert!(store.unsuppress(&ada, None, now).await.unwrap());
    store.close().await;
    let bytes = std::fs::read(desk.path("courant.db")).unwrap();
    assert!(
        !bytes.windows(5).any(|window| window.eq_ignore_ascii_case(b"ada@a")),
        "nothing of the address is left"
    );
}
