//! One row as an article.

use serde::{Deserialize, Serialize};
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Row, TypeInfo, ValueRef};

use super::columns::Column;
use crate::extract;
use crate::model::article::{Image, RawArticle, RawBody};
use crate::model::time::Timestamp;
use crate::source::notes::Notes;
use crate::source::{date, encoding, files, list};

/// A value, by how SQLite stores it: whatever type its column declares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row's values, in the order of its columns.
pub(super) struct Fields {
    pub id: Cell,
    cells: Vec<(Column, Cell)>,
    too_large: Vec<(Column, i64)>,
}

impl Fields {
    /// Reads a row that holds each column and, after it, its size in bytes.
    pub fn of(row: &SqliteRow, columns: &[Column]) -> Self {
        let mut fields = Self { id: Cell::Null, cells: Vec::new(), too_large: Vec::new() };
        for (index, column) in columns.iter().enumerate() {
            let cell = Cell::of(row, 2 * index);
            let size = row.try_get::<Option<i64>, _>(2 * index + 1).ok().flatten();
            match (cell, size) {
                (Cell::Null, Some(size)) => fields.too_large.push((*column, size)),
                (cell, _) if *column == Column::Id => fields.id = cell,
                (cell, _) => fields.cells.push((*column, cell)),
            }
        }
        fields
    }

    /// How many bytes it holds.
    pub fn bytes(&self) -> usize {
        self.cells.iter().map(|(_, cell)| cell.bytes()).sum()
    }

    /// The article that the row is.
    pub fn into_article(mut self, external_id: String, notes: &mut Notes) -> RawArticle {
        for (column, size) in &self.too_large {
            notes.add(format!(
                "`{}` of id {external_id} is too large and was left out: {size} bytes",
                column.name()
            ));
        }
        RawArticle {
            url: self.text(Column::Url),
            title: self.text(Column::Title),
            summary: self.text(Column::Summary),
            authors: self.authors(),
            biography: self.text(Column::Biography),
            tags: self.text(Column::Tags).map(|text| list::parse(&text)).unwrap_or_default(),
            image: self.text(Column::Image).map(|url| Image { url, ..Image::default() }),
            enclosures: self.text(Column::Enclosures).map(|text| files::parse(&text)).unwrap_or_default(),
            language: self.text(Column::Language),
            published_at: self.moment(Column::PublishedAt, &external_id, notes),
            updated_at: self.moment(Column::UpdatedAt, &external_id, notes),
            body: self.body(),
            external_id,
        }
    }

    fn take(&mut self, column: Column) -> Cell {
        let found = self.cells.iter_mut().find(|(known, _)| *known == column);
        found.map_or(Cell::Null, |(_, cell)| std::mem::replace(cell, Cell::Null))
    }

    fn text(&mut self, column: Column) -> Option<String> {
        self.take(column).into_text().filter(|text| !text.trim().is_empty())
    }

    fn body(&mut self) -> RawBody {
        if let Some(html) = self.text(Column::Html) {
            return RawBody::Html(html);
        }
        if let Some(markdown) = self.text(Column::Markdown) {
            return RawBody::Markdown(markdown);
        }
        self.text(Column::Text).map_or(RawBody::None, RawBody::Text)
    }

    /// `authors` is a list; `author` is one name, or a list where it is written as one in JSON.
    fn authors(&mut self) -> Vec<String> {
        let mut authors = self.text(Column::Authors).map(|text| list::parse(&text)).unwrap_or_default();
        if let Some(author) = self.text(Column::Author) {
            authors.extend(list::parse_json(&author).unwrap_or_else(|| vec![author]));
        }
        authors
    }

    fn moment(&mut self, column: Column, id: &str, notes: &mut Notes) -> Option<Timestamp> {
        let cell = self.take(column);
        let moment = match &cell {
            Cell::Null => return None,
            Cell::Int(number) => extract::date::from_number(*number),
            Cell::Real(number) => date::of_real(*number),
            Cell::Text(text) if text.trim().is_empty() => return None,
            Cell::Text(text) => extract::date::parse(text),
            Cell::Blob(_) => None,
        };
        if moment.is_none() {
            let shown = cell.into_text().unwrap_or_default();
            notes.add(format!("`{}` of id {id} is not a date: {shown:?}", column.name()));
        }
        moment
    }
}

impl Cell {
    fn of(row: &SqliteRow, index: usize) -> Self {
        let Ok(value) = row.try_get_raw(index) else { return Self::Null };
        let stored_as = value.type_info().name().to_owned();
        let bytes = || row.try_get_unchecked::<Vec<u8>, _>(index).unwrap_or_default();
        match stored_as.as_str() {
            _ if value.is_null() => Self::Null,
            "INTEGER" => row.try_get_unchecked(index).map_or(Self::Null, Self::Int),
            "REAL" => row.try_get_unchecked(index).map_or(Self::Null, Self::Real),
            "BLOB" => Self::Blob(bytes()),
            _ => Self::Text(encoding::utf8_with_strays(bytes())),
        }
    }

    /// The value as an article's name: the number, the text, or the bytes in hexadecimal.
    pub fn as_id(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Int(number) => Some(number.to_string()),
            Self::Real(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            Self::Blob(bytes) => Some(data_encoding::HEXLOWER.encode(bytes)).filter(|hex| !hex.is_empty()),
        }
    }

    /// Adds the value to a statement's arguments.
    pub fn bind(&self, arguments: &mut SqliteArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Null => arguments.add(None::<i64>),
            Self::Int(number) => arguments.add(*number),
            Self::Real(number) => arguments.add(*number),
            Self::Text(text) => arguments.add(text.clone()),
            Self::Blob(bytes) => arguments.add(bytes.clone()),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
            _ => 8,
        }
    }

    /// A blob is text that somebody stored as bytes.
    fn into_text(self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Int(number) => Some(number.to_string()),
            Self::Real(number) => Some(number.to_string()),
            Self::Text(text) => Some(text),
            Self::Blob(bytes) => Some(encoding::utf8_with_strays(bytes)),
        }
    }
}
