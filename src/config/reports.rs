//! `[reports]`: where a mail server puts what comes back.

use std::path::PathBuf;

use super::problem::Fault;
use super::section::Section;

/// The keys of `[reports]`.
pub(super) const KEYS: &[&str] = &["maildir"];

/// The Maildir that is watched; a relative path starts from the directory of the configuration file.
pub(super) fn read(root: &Section<'_>) -> Option<PathBuf> {
    let directory = root.document.directory();
    let section = root.section("reports", KEYS)?;
    section.parsed("maildir", |text| {
        if text.as_str().is_empty() || text.as_str().contains('\0') {
            return Err(Fault::new(format!("{} cannot be the path of a folder", text.shown()))
                .help("write the folder that holds new, cur and tmp, such as \"/var/lib/courant/bounces\""));
        }
        Ok(directory.join(text.as_str()))
    })
}
