//! `[database]`: where everything is kept.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::problem::Fault;
use super::section::Section;
use super::text::Text;

/// The keys of `[database]`.
pub(super) const KEYS: &[&str] = &["url"];

const DEFAULT: &str = "courant.db";

/// The database file; a relative path starts from the directory of the configuration file.
pub(super) fn read(root: &Section<'_>) -> PathBuf {
    let directory = root.document.directory();
    let section = root.section("database", KEYS);
    let path = section.and_then(|section| section.parsed("url", |text| path(text, directory)));
    path.unwrap_or_else(|| directory.join(DEFAULT))
}

fn path(text: &Text, directory: &Path) -> Result<PathBuf, Fault> {
    let right = "write \"sqlite:courant.db\", or \"sqlite:/var/lib/courant/courant.db\"";
    let Some((scheme, rest)) = text.as_str().split_once(':') else {
        return Err(Fault::new("this does not say which kind of database it is").help(right));
    };
    match scheme {
        "sqlite" => {}
        "postgres" | "postgresql" => {
            return Err(Fault::new("PostgreSQL is not supported yet").help(right));
        }
        _ => {
            return Err(Fault::new("this is not a database that Courant knows").help(right));
        }
    }
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.contains('?') {
        return Err(Fault::new("Courant sets the options of SQLite itself").help("leave out `?…`"));
    }
    if path.is_empty() || path == ":memory:" {
        return Err(
            Fault::new("the database must be a file: what is kept must outlive the program").help(right)
        );
    }
    let path = percent_decode_str(path).decode_utf8().map_err(|error| text.fault(&error))?;
    if path.contains('\0') {
        return Err(Fault::new(format!("{} cannot be the path of a file", text.shown())).help(right));
    }
    Ok(directory.join(path.as_ref()))
}
