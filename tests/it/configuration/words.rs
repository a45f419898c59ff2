//! An operator's message files.

use std::path::Path;

use assert_cmd::Command;
use courant::config::{self, Config, Environment, Errors};

use super::{LEAST, write};

/// A configuration beside a folder of these message files.
fn load_with(files: &[(&str, &str)]) -> Result<Config, String> {
    let directory = tempfile::tempdir().unwrap();
    write_all(directory.path(), files);
    let place = format!("{}/", directory.path().display());
    let loaded = config::load_in(&directory.path().join("courant.toml"), &Environment::default());
    loaded.map_err(|errors: Errors| errors.to_string().replace(&place, ""))
}

fn write_all(directory: &Path, files: &[(&str, &str)]) {
    write(directory, format!("{LEAST}words = 'words'\n"));
    std::fs::create_dir(directory.join("words")).unwrap();
    for (name, text) in files {
        std::fs::write(directory.join("words").join(name), text).unwrap();
    }
}

#[test]
fn a_file_says_otherwise_what_is_built_in_and_the_rest_stays() {
    let config = load_with(&[("en.ftl", "number = Letter { $number }\n")]).unwrap();
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    assert_eq!(config.publication.words("en").edition(12), "Letter 12");
    assert_eq!(config.publication.words("de").edition(12), "Nr. 12");
}

#[test]
fn a_new_language_is_one_more_file_and_what_it_lacks_is_warned_of() {
    let config = load_with(&[("nl.ftl", "number = Nr. { $number }\n"), ("README.md", "no words")]).unwrap();
    assert_eq!(config.publication.words("nl-BE").edition(1234), "Nr. 1234");
    let [warning] = config.warnings.as_slice() else { panic!("{:?}", config.warnings) };
    assert!(warning.message.contains("messages are missing, and are shown in English: "), "{warning}");
    assert!(warning.help.as_deref().unwrap().contains("courant config words en"), "{warning}");
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_its_line_and_what_would_be_right() {
    let german =
        "# Unsere Worte\nunsubscribed = Kündigen\nwhy = Sie haben { $titel } bestellt.\narchive Alle\n";
    let errors = load_with(&[("de.ftl", german), ("deutsch!.ftl", ""), ("fr.ftl", "feeds = { -flux }\n")]);
    insta::assert_snapshot!(errors.unwrap_err());
}

#[test]
fn a_folder_that_is_not_there_is_told_at_its_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), format!("{LEAST}words = 'wrods'\n"));
    let errors = config::load_in(&path, &Environment::default()).unwrap_err();
    let [problem] = errors.problems() else { panic!("{errors}") };
    assert!(problem.message.contains("wrods cannot be read"), "{problem}");
    assert_eq!(problem.place.as_ref().unwrap().line, 4);
}

#[test]
fn the_words_that_are_built_in_are_printed_as_a_file_to_begin_with() {
    let directory = tempfile::tempdir().unwrap();
    let courant = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("courant").unwrap();
        command.current_dir(directory.path()).env_remove("COURANT_CONFIG").args(arguments).output().unwrap()
    };
    for language in ["ar", "de", "en", "es", "fa", "fr", "ja"] {
        let printed = courant(&["config", "words", language]);
        assert!(printed.status.success(), "{language}");
        let text = String::from_utf8(printed.stdout).unwrap();
        let config = load_with(&[(&format!("{language}.ftl"), &text)]).unwrap();
        assert!(config.warnings.is_empty(), "{language}: {:?}", config.warnings);
    }
    let unknown = courant(&["config", "words", "tlh"]);
    assert!(!unknown.status.success() && String::from_utf8(unknown.stderr).unwrap().contains("ar, de, en"));
    write_all(directory.path(), &[("nl.ftl", "unsubscribe Afmelden\n")]);
    let check = courant(&["config", "check"]);
    assert!(!check.status.success());
    assert!(String::from_utf8(check.stderr).unwrap().contains("words/nl.ftl:1:13"));
}
