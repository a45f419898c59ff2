//! `[publication] words`: a folder of an operator's own message files.
//!
//! They say in other words what Courant says by itself, or speak a language that it does not know.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::document::Note;
use super::file;
use super::problem::{Fault, Problem, Severity};
use super::section::Section;
use crate::model::language;
use crate::model::words::{Flaw, Unsaid, Vocabulary};

/// More files than this are of something else.
const MOST_FILES: usize = 100;

/// How many messages are named that a new language leaves unsaid.
const MOST_NAMED: usize = 5;

/// A message file: where it lies, its language, and what it says.
struct File {
    path: PathBuf,
    language: String,
    text: String,
}

/// The words that are built in, with those of the folder in their place. What is wrong with a file is told with what is
/// wrong with the one that names the folder.
pub(super) fn read(section: &Section<'_>) -> Vocabulary {
    let document = section.document;
    let Some(folder) = section.parsed("words", |text| Ok(text.path(document.directory()))) else {
        return Vocabulary::built_in().clone();
    };
    let paths = match paths(&folder) {
        Ok(paths) => paths,
        Err(error) => {
            let fault = Fault::new(format!("{} cannot be read: {error}", folder.display()));
            section.note("words", fault.help("name a folder of message files, or take the key away"));
            return Vocabulary::built_in().clone();
        }
    };
    if paths.is_empty() || paths.len() > MOST_FILES {
        let fault = Fault::new(format!("{} holds {} message files", folder.display(), paths.len()));
        section.warn("words", fault.help("a message file is called by its language: de.ftl, pt-BR.ftl"));
    }
    let mut files = Vec::new();
    for path in paths.into_iter().take(MOST_FILES) {
        match one(path) {
            Ok(file) => files.push(file),
            Err(problems) => document.add(problems),
        }
    }
    let own: Vec<_> = files.iter().map(|file| (file.language.clone(), file.text.clone())).collect();
    let (words, checked) = Vocabulary::with(&own);
    for (file, (flaws, unsaid)) in files.iter().zip(checked) {
        document.add(flaws.into_iter().map(|flaw| file.problem(flaw)).chain(file.unsaid(&unsaid)).collect());
    }
    words
}

/// The message files of a folder, in the order of their names.
fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "ftl") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn one(path: PathBuf) -> Result<File, Vec<Problem>> {
    let language = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    if !language::is_tag(&language) {
        let fault = Fault::new(format!("{language:?} is not the tag of a language"))
            .help("call the file by its language: de.ftl, pt-BR.ftl");
        return Err(super::Errors::of_file(&path, fault).problems().to_vec());
    }
    let text = file::read(&path).map_err(|errors| errors.problems().to_vec())?;
    Ok(File { path, language, text })
}

impl File {
    fn problem(&self, flaw: Flaw) -> Problem {
        let Flaw { at, message, help } = flaw;
        let fault = Fault::new(message).help(help);
        let note = Note { severity: Severity::Error, span: at, key: String::new(), fault };
        note.problem((&self.path, &self.text), &[])
    }

    /// What readers of a new language see in English.
    fn unsaid(&self, unsaid: &Unsaid) -> Option<Problem> {
        let keys = &unsaid.keys;
        let first = keys.first()?;
        let mut named = keys.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        if keys.len() > MOST_NAMED {
            named.push_str(", …");
        }
        let message = format!("{} messages are missing, and are shown in English: {named}", keys.len());
        let help = format!("write {first} = … and the others as `courant config words en` prints them");
        let fault = Fault::new(message).help(help);
        let note = Note { severity: Severity::Warning, span: 0..0, key: String::new(), fault };
        Some(note.problem((&self.path, &self.text), &[]))
    }
}
