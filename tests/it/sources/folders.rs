//! Folders of Markdown files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use courant::source::{Error, Kind, MarkdownSettings};
use tempfile::TempDir;

use super::{pull, pull_all};

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn kind(folder: &TempDir) -> Kind {
    let base_url = Some("https://courier.example/notes/".to_owned());
    Kind::Markdown(MarkdownSettings { path: folder.path().to_owned(), base_url })
}

const A: &str = "---\ntitle: A\n---\nText";

#[tokio::test]
async fn files_become_articles_and_what_is_none_is_passed_by() {
    let folder = folder(&[
        ("a.md", A),
        ("deep/er/b.markdown", "+++\ntitle = 'B'\n+++\nText"),
        ("bundle/index.md", "---\ntitle: C\nimage: lead.jpg\n---\nText"),
        ("_index.md", A),
        ("_index.fr.md", A),
        ("notes.txt", "no"),
        (".git/d.md", A),
        ("_drafts/e.md", A),
        ("draft.md", "---\ntitle: F\ndraft: true\n---\n"),
    ]);
    let pull = pull(&kind(&folder), "").await.unwrap();
    let found: Vec<_> =
        pull.articles.iter().map(|a| (a.external_id.as_str(), a.url.as_deref().unwrap())).collect();
    assert_eq!(
        found,
        [
            ("a", "https://courier.example/notes/a/"),
            ("bundle", "https://courier.example/notes/bundle/"),
            ("deep/er/b", "https://courier.example/notes/deep/er/b/"),
        ]
    );
    assert_eq!(pull.articles[1].image.as_ref().unwrap().url, "https://courier.example/notes/bundle/lead.jpg");
    assert_eq!(pull.articles[0].tags, ["from the wire"]);
    assert_eq!(pull.notes, ["drafts and expired files that are left out: 1"]);
}

#[tokio::test]
async fn a_file_that_is_broken_costs_only_itself() {
    let large = format!("{A}{}", "x".repeat(6 << 20));
    let folder = folder(&[
        ("a.md", "---\ntitle: [A\n---\n"),
        ("b.md", A),
        ("c.md", "no title"),
        ("d.md", &large),
        ("e.md", "---\ntitle: E\ndate: soon\n---\n"),
    ]);
    fs::write(folder.path().join("f.md"), b"---\ntitle: Caf\xe9\n---\n").unwrap();
    let pull = pull(&kind(&folder), "").await.unwrap();
    let titles: Vec<_> = pull.articles.iter().map(|article| article.title.as_deref().unwrap()).collect();
    assert_eq!(titles, ["A", "E", "Café"]);
    assert!(pull.notes[0].starts_with("a.md is left out: its front matter is no YAML: "), "{:?}", pull.notes);
    assert_eq!(
        pull.notes[1..],
        [
            "c.md is left out: it has neither a title in its front matter nor a heading",
            "d.md is left out: it is larger than 5 MiB",
            "e.md: `date` is not a date: \"soon\"",
        ]
    );
}

#[tokio::test]
async fn links_are_not_followed_out_of_the_folder() {
    let outside = folder(&[("secret.md", "---\ntitle: Secret\n---\n")]);
    let folder = folder(&[("a.md", A)]);
    symlink(outside.path(), folder.path().join("elsewhere")).unwrap();
    symlink(outside.path().join("secret.md"), folder.path().join("b.md")).unwrap();
    symlink(folder.path(), folder.path().join("loop")).unwrap();
    symlink("a.md", folder.path().join("c.md")).unwrap();

    let pull = pull(&kind(&folder), "").await.unwrap();
    let found: Vec<_> = pull.articles.iter().map(|article| article.external_id.as_str()).collect();
    assert_eq!(found, ["a", "c"]);
    assert!(
        pull.notes
            .iter()
            .any(|note| note == "b.md is a link that leads out of the folder: it is not followed")
    );
}

#[tokio::test]
async fn a_large_folder_comes_in_batches_and_then_rests_until_a_file_changes() {
    let folder = folder(&[]);
    for number in 0..1050 {
        write(folder.path(), &format!("{}/{number}.md", number % 3), &format!("# Note {number}\n\nText"));
    }
    let kind = kind(&folder);
    let (articles, batches) = pull_all(&kind).await;
    let ids: std::collections::HashSet<_> = articles.iter().map(|article| &article.external_id).collect();
    assert_eq!((articles.len(), ids.len(), batches), (1050, 1050, 3));

    let mut cursor = String::new();
    for _ in 0..batches {
        cursor = pull(&kind, &cursor).await.unwrap().cursor;
    }
    let rest = pull(&kind, &cursor).await.unwrap();
    assert!(rest.unchanged && rest.articles.is_empty());

    write(folder.path(), "0/0.md", "# Other\n\nText");
    assert!(!pull(&kind, &cursor).await.unwrap().unchanged);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_with_the_remedy() {
    let path = folder(&[]).path().join("none");
    let kind = Kind::Markdown(MarkdownSettings { path: path.clone(), base_url: None });
    let expected = format!(
        "{}: No such file or directory (os error 2); check `path` in the configuration",
        path.display()
    );
    assert_eq!(pull(&kind, "").await.unwrap_err(), Error::Unusable(expected));
}
