//! The contract: which columns a query has, and what becomes of those that are not in it.

use sqlx::Column as _;
use sqlx::sqlite::SqliteColumn;

use crate::source::notes::Notes;

/// A column of the contract (`docs/sources.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Title,
    Url,
    Summary,
    Html,
    Markdown,
    Text,
    Author,
    Authors,
    Biography,
    Tags,
    Image,
    Enclosures,
    PublishedAt,
    UpdatedAt,
    Language,
}

impl Column {
    const ALL: [(&'static str, Self); 16] = [
        ("id", Self::Id),
        ("title", Self::Title),
        ("url", Self::Url),
        ("summary", Self::Summary),
        ("html", Self::Html),
        ("markdown", Self::Markdown),
        ("text", Self::Text),
        ("author", Self::Author),
        ("authors", Self::Authors),
        ("biography", Self::Biography),
        ("tags", Self::Tags),
        ("image", Self::Image),
        ("enclosures", Self::Enclosures),
        ("published_at", Self::PublishedAt),
        ("updated_at", Self::UpdatedAt),
        ("language", Self::Language),
    ];

    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, column)| *column == self).map_or("", |(name, _)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, column)| *column)
    }
}

/// The columns of the contract that a query has.
///
/// # Errors
/// With what is missing, if `id` or `title` is.
pub(super) fn recognise(found: &[SqliteColumn], notes: &mut Notes) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    let mut unknown = Vec::new();
    for column in found {
        match Column::named(column.name()) {
            Some(known) if !columns.contains(&known) => columns.push(known),
            _ => unknown.push(column.name()),
        }
    }
    for required in [Column::Id, Column::Title] {
        if !columns.contains(&required) {
            return Err(missing(required, found));
        }
    }
    if !unknown.is_empty() {
        notes.add(format!(
            "columns of the query that mean nothing here: {}; rename them with AS where they should",
            unknown.join(", ")
        ));
    }
    Ok(columns)
}

fn missing(required: Column, found: &[SqliteColumn]) -> String {
    let names: Vec<&str> = found.iter().map(SqliteColumn::name).collect();
    let name = required.name();
    format!(
        "the query has no column `{name}`, which is required; it has: {}. Name it with AS, such as `{} AS {name}`",
        names.join(", "),
        if required == Column::Id { "post_id" } else { "headline" }
    )
}
