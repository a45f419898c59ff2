//! Articles at the command line: imported, shown, listed.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::Value;
use tempfile::TempDir;

use crate::sources::web::Web;

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
";

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

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Said {
        let mut command = Command::cargo_bin("courant").unwrap();
        command.current_dir(self.0.path()).env_remove("COURANT_CONFIG").args(arguments).write_stdin(input);
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code().unwrap(), output: text(output.stdout), error: text(output.stderr) }
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run_with(arguments, b"");
        assert_eq!((said.code, said.error.as_str()), (0, ""), "{arguments:?}");
        said.output
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }
}

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages").join(name)
}

#[test]
fn a_page_that_was_copied_from_a_browser_is_imported_clean() {
    let desk = Desk::new();
    let file = page("tagdiv-copied-with-biography-and-disclaimer.txt");
    let said = desk.ok(&["article", "import", file.to_str().unwrap()]);
    assert!(
        said.starts_with("new: article 1, \"Bridge over the Senne reopens after six years\"\n"),
        "{said}"
    );

    let shown = desk.json(&["article", "show", "1", "--json"]);
    for key in [
        "id",
        "source",
        "slug",
        "title",
        "authors",
        "biography",
        "html",
        "text",
        "summary",
        "url",
        "tags",
        "image",
        "language",
        "published_at",
        "published_at_from",
        "cuts",
    ] {
        assert!(shown.get(key).is_some(), "{key}");
    }
    assert_eq!(shown["source"], "import");
    assert_eq!(shown["authors"], serde_json::json!(["Jane Doe"]));
    assert_eq!(shown["published_at_from"], "first_sight");
    let rules: Vec<&str> =
        shown["cuts"].as_array().unwrap().iter().map(|cut| cut["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["date-line", "author-box", "disclaimer", "share", "popular", "related"]);
    let printed = desk.ok(&["article", "show", shown["slug"].as_str().unwrap()]);
    assert!(printed.contains("What was repaired") && printed.contains("  share: Share post:"), "{printed}");
}

#[test]
fn a_date_that_is_not_believed_is_flagged() {
    let desk = Desk::new();
    desk.write("far.md", "---\ntitle: Far off\ndate: 2099-01-01\n---\nIt is *not yet* so.");
    desk.write("past.md", "---\ntitle: Past\ndate: 2026-03-03\n---\nIt *was* so.");
    desk.ok(&["article", "import", "far.md"]);
    desk.ok(&["article", "import", "past.md"]);
    let shown = desk.ok(&["article", "show", "far-off"]);
    assert!(shown.contains("2099-01-01T00:00:00Z (by its source)\n"), "{shown}");
    assert!(shown.contains("that date was in the future: the day it was first seen counts"), "{shown}");
    assert!(!desk.ok(&["article", "show", "past"]).contains("in the future"));
}

#[test]
fn the_same_file_again_is_the_same_article() {
    let desk = Desk::new();
    let said = |desk: &Desk| desk.json(&["article", "import", "note.md", "--tag", "notes", "--json"]);
    desk.write(
        "note.md",
        "---\ntitle: Ghent counts\ntags: [bicycles]\ndate: 2026-03-03\n---\nIt has *many*.",
    );
    assert_eq!(said(&desk)["saved"], "new");
    assert_eq!(said(&desk)["saved"], "unchanged");
    desk.write(
        "note.md",
        "---\ntitle: Ghent counts\ntags: [bicycles]\ndate: 2026-03-03\n---\nIt has *more*.",
    );
    let changed = said(&desk);
    assert_eq!((&changed["saved"], &changed["id"]), (&"changed".into(), &1.into()));
    assert_eq!(changed["tags"], serde_json::json!(["bicycles", "notes"]));
    assert_eq!(changed["published_at"], "2026-03-03T00:00:00Z");

    let listed = desk.json(&["article", "list", "--tag", "NOTES", "--json"]);
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["title"]), (1, &"Ghent counts".into()));
    assert_eq!(desk.ok(&["article", "list", "--source", "wire"]), "There is no article.\n");
}

#[test]
fn what_an_article_said_before_is_kept_as_far_back_as_fifty_changes() {
    let desk = Desk::new();
    let say = |text: &str| {
        desk.write("note.md", format!("---\ntitle: Ghent counts\n---\n{text}"));
        desk.ok(&["article", "import", "note.md"]);
    };
    say("It has *many*.");
    let none = desk.ok(&["article", "history", "1"]);
    assert_eq!(none, "It says what it said when it was first seen.\n");
    say("It has *more*.");
    say("It has *most*.");
    let history = desk.json(&["article", "history", "ghent-counts", "--json"]);
    let said: Vec<_> = history.as_array().unwrap().iter().map(|one| one["html"].as_str().unwrap()).collect();
    assert_eq!(said, ["<p>It has <em>more</em>.</p>", "<p>It has <em>many</em>.</p>"]);
    assert!(desk.ok(&["article", "history", "1"]).contains("It has more."));

    for number in 0..60 {
        say(&format!("Read {number} times."));
    }
    let history = desk.json(&["article", "history", "1", "--json"]);
    assert_eq!((history.as_array().unwrap().len(), &history[49]["summary"]), (50, &"Read 9 times.".into()));
}

#[test]
fn standard_input_is_read_and_a_dry_run_stores_nothing() {
    let desk = Desk::new();
    let text = "Council votes\nDate:\nThe council voted on Monday.\nShare post:\nPopular\n";
    let said = desk.run_with(&["article", "import", "-", "--dry-run", "--json"], text.as_bytes());
    let shown: Value = serde_json::from_str(&said.output).unwrap();
    assert_eq!(
        (&shown["title"], &shown["text"]),
        (&"Council votes".into(), &"The council voted on Monday.".into())
    );
    assert_eq!(desk.json(&["article", "list", "--json"]), serde_json::json!([]));

    let url = "https://courier.example.org/2026/03/03/council?utm_source=x";
    let said = desk.run_with(&["article", "import", "-", "--url", url, "--json"], text.as_bytes());
    let shown: Value = serde_json::from_str(&said.output).unwrap();
    assert_eq!(shown["url"], "https://courier.example.org/2026/03/03/council");
    assert_eq!(
        (&shown["published_at"], &shown["published_at_from"]),
        (&"2026-03-03T00:00:00Z".into(), &"url".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_fetched_from_its_address_if_that_is_public_or_allowed() {
    let html = std::fs::read_to_string(page("unknown-theme-with-labels-in-the-text.html")).unwrap();
    let web = Web::with(Router::new().route("/trams", get(move || async move { Html(html) }))).await;
    let desk = Desk::new();
    let url = web.url("/trams?utm_source=mail");
    let refused = desk.run_with(&["article", "import", &url], b"");
    assert_eq!(refused.code, 1);
    assert!(refused.error.contains("127.0.0.1"), "{}", refused.error);

    let imported = desk.json(&["article", "import", &url, "--allow-private", "--json"]);
    assert_eq!(imported["title"], "Council votes for cheaper trams");
    assert_eq!(imported["url"], web.url("/trams"));
    assert!(imported["html"].as_str().unwrap().contains("The vote was close"));
}

#[test]
fn what_cannot_be_imported_is_told_with_the_remedy() {
    let desk = Desk::new();
    desk.write("a.pdf", "%PDF-1.7");
    desk.write("empty.txt", "\n");
    desk.write("draft.md", "---\ntitle: x\ndraft: true\n---\nx");
    for (from, code, error) in [
        ("missing.txt", 1, "error: missing.txt cannot be opened: No such file or directory (os error 2)\n"),
        ("a.pdf", 1, "error: a.pdf: it is a PDF, not text: save it as HTML, Markdown or plain text first\n"),
        ("empty.txt", 1, "error: empty.txt: it has neither a headline nor text\n"),
        (
            "draft.md",
            1,
            "error: draft.md: its front matter says that it is a draft or not to be published yet\n",
        ),
        (".", 1, "error: . is a folder: a [[source]] of kind \"markdown\" reads folders\n"),
        ("ftp://a.example/x", 2, "error: ftp://a.example/x: only http and https addresses can be fetched\n"),
    ] {
        let said = desk.run_with(&["article", "import", from], b"");
        assert_eq!((said.code, said.error.as_str(), said.output.as_str()), (code, error, ""), "{from}");
    }
    let said = desk.run_with(&["article", "show", "7"], b"");
    assert_eq!(
        said.error,
        "error: there is no article \"7\"; `courant article list` shows those there are\n"
    );
}
