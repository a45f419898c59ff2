//! One batch of rows: the operator's query, wrapped so that it goes on where the last batch ended.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, Executor, Row, SqlSafeStr, Statement};

use super::columns::{self, Column};
use super::file::{File, Mode};
use super::row::{Cell, Fields};
use crate::model::article::RawArticle;
use crate::model::time::Timestamp;
use crate::source::notes::Notes;
use crate::source::{Error, MAX_BATCH};

/// The most bytes of one column of one row. What is larger is left out; a body of 5 MB passes.
const MAX_CELL: usize = 5 * 1024 * 1024;

/// A batch ends with the row that makes it larger than this many bytes.
const MAX_BATCH_BYTES: usize = 16 * 1024 * 1024;

/// Where a batch begins.
///
/// Rows are walked in the order of their ids where SQLite can do so by an index: that costs each row once and is
/// not confused by rows that come and go. Where it would have to sort all of them for every batch, they are counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Position {
    /// In the order of ids, or in that of the query; `None` before the first batch.
    by_id: Option<bool>,
    /// After the row with this id.
    after: Option<Cell>,
    /// And then after so many rows.
    skip: i64,
}

/// Some rows as articles.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub articles: Vec<RawArticle>,
    pub notes: Notes,
    /// Where the next batch begins, if there may be one.
    pub next: Option<Position>,
}

/// The operator's query on an open file.
struct Rows<'a> {
    file: &'a File,
    query: &'a str,
    connection: SqliteConnection,
    columns: Vec<Column>,
}

/// Reads the batch that begins at `from`.
pub(super) async fn read(file: &File, query: &str, from: &Position, now: Timestamp) -> Result<Batch, Error> {
    let query = query.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    let before = file.stamp()?;
    let mode = before.mode(now);
    let result = read_in(mode, file, query, from).await;
    if mode == Mode::Shared || file.stamp()? == before {
        return result;
    }
    read_in(Mode::Shared, file, query, from).await
}

async fn read_in(mode: Mode, file: &File, query: &str, from: &Position) -> Result<Batch, Error> {
    let mut batch = Batch::default();
    let mut rows = Rows { file, query, connection: file.open(mode).await?, columns: Vec::new() };
    rows.recognise(&mut batch.notes).await?;
    let by_id = match from.by_id {
        Some(by_id) => by_id,
        None => rows.can_follow_ids().await?,
    };
    rows.fill(&mut batch, &Position { by_id: Some(by_id), ..from.clone() }).await?;
    Ok(batch)
}

impl Rows<'_> {
    async fn recognise(&mut self, notes: &mut Notes) -> Result<(), Error> {
        let sql = AssertSqlSafe(format!("SELECT * FROM (\n{}\n)", self.query)).into_sql_str();
        let statement = self.connection.prepare(sql).await.map_err(|error| self.file.explain(&error))?;
        self.columns =
            columns::recognise(statement.columns(), notes).map_err(|what| self.file.unusable(&what))?;
        Ok(())
    }

    /// Whether SQLite can give the rows in the order of their ids without sorting them.
    async fn can_follow_ids(&mut self) -> Result<bool, Error> {
        let sql = format!(
            "EXPLAIN QUERY PLAN {}",
            self.sql(&Position { by_id: Some(true), after: Some(Cell::Null), skip: 0 })
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.connection).await;
        let rows = rows.map_err(|error| self.file.explain(&error))?;
        let details = rows.iter().filter_map(|row| row.try_get::<String, _>("detail").ok());
        Ok(!details.into_iter().any(|detail| detail.contains("FOR ORDER BY")))
    }

    async fn fill(&mut self, batch: &mut Batch, from: &Position) -> Result<(), Error> {
        let sql = self.sql(from);
        let arguments = from.arguments().map_err(|error| self.file.explain(&error))?;
        let mut position = from.clone();
        let (mut count, mut bytes, mut seen) = (0, 0, HashSet::new());
        let mut rows = sqlx::query_with(AssertSqlSafe(sql), arguments).fetch(&mut self.connection);
        while let Some(row) = rows.try_next().await.map_err(|error| self.file.explain(&error))? {
            let fields = Fields::of(&row, &self.columns);
            count += 1;
            bytes += fields.bytes();
            position.pass(&fields.id);
            batch.take(fields, &mut seen);
            if bytes > MAX_BATCH_BYTES {
                break;
            }
        }
        let may_be_more = count == MAX_BATCH || bytes > MAX_BATCH_BYTES;
        batch.next = may_be_more.then_some(position);
        Ok(())
    }

    /// Each column with its size: what is too large is not read at all.
    fn sql(&self, from: &Position) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| column.name())
            .map(|name| {
                format!("CASE WHEN octet_length(\"{name}\") <= {MAX_CELL} THEN \"{name}\" END, octet_length(\"{name}\")")
            })
            .collect();
        let after = if from.after.is_some() { "WHERE \"id\" > $1" } else { "" };
        let order = if from.by_id == Some(true) { "ORDER BY \"id\"" } else { "" };
        let (columns, query, skip) = (columns.join(", "), self.query, from.skip);
        format!("SELECT {columns} FROM (\n{query}\n) {after} {order} LIMIT {MAX_BATCH} OFFSET {skip}")
    }
}

impl Position {
    /// Moves past a row.
    fn pass(&mut self, id: &Cell) {
        if self.by_id == Some(true) && *id != Cell::Null {
            self.after = Some(id.clone());
            self.skip = 0;
        } else {
            self.skip += 1;
        }
    }

    fn arguments(&self) -> Result<SqliteArguments, sqlx::Error> {
        let mut arguments = SqliteArguments::default();
        if let Some(id) = &self.after {
            id.bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        }
        Ok(arguments)
    }
}

impl Batch {
    fn take(&mut self, fields: Fields, seen: &mut HashSet<String>) {
        let Some(id) = fields.id.as_id() else {
            self.notes.add("a row without an id was left out");
            return;
        };
        if !seen.insert(id.clone()) {
            self.notes.add(format!(
                "id {id} is in more than one row, of which the first is taken; does a JOIN double it? GROUP BY its id"
            ));
            return;
        }
        self.articles.push(fields.into_article(id, &mut self.notes));
    }
}
