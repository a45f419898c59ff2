//! Archives of feeds (RFC 5005): all articles of a selection, page by page, within bounds that are never moved.
//!
//! Bounds are rows, in whose order articles came. Whatever becomes of an article, it stays in its page or leaves it, and no
//! other page changes.

use std::collections::HashSet;

use sqlx::{FromRow, SqliteConnection};

use super::{Error, Selection, Store, selection};
use crate::model::article::{Article, ArticleId};

/// How many articles a page has when it is closed.
const PAGE: usize = 50;

/// A page that has grown beyond this, because an old source was given a tag, is cut again.
const MOST: usize = 4 * PAGE;

/// How many rows are looked at before pages are written down.
const STRIDE: usize = 100 * PAGE;

const LAST: &str = "SELECT number, last_id FROM archive_page WHERE feed = $1 ORDER BY number DESC LIMIT 1";
const AROUND: &str = "SELECT number, last_id FROM archive_page
    WHERE feed = $1 AND number BETWEEN $2 - 1 AND $2 + 1 ORDER BY number";
const CLOSE: &str = "INSERT INTO archive_page (feed, number, last_id) VALUES ($1, $2, $3)";
const REOPEN: &str = "DELETE FROM archive_page WHERE feed = $1 AND number >= $2";

/// A page of a feed's archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivePage<T> {
    /// What it holds, the newest first.
    pub items: Vec<T>,
    /// Whether there is a page after it.
    pub has_next: bool,
}

#[derive(Clone, Copy, FromRow)]
struct Bound {
    number: i64,
    last_id: ArticleId,
}

impl Store {
    /// Closes the pages of a feed's archive that are full, so that every article of the selection is in a page or among the
    /// newest of the feed, which are as many as the selection says. Returns the number of the last page, 0 if there is none.
    pub async fn close_archive(&self, feed: &str, selection: &Selection) -> Result<i64, Error> {
        let mut connection = self.read.acquire().await?;
        let last = last_bound(&mut connection, feed).await?;
        let newest = selection::newest(&mut connection, selection, selection.limit).await?;
        let newest: HashSet<ArticleId> = newest.into_iter().collect();
        let left = rows_after(&mut connection, selection, last, PAGE).await?;
        drop(connection);
        if !is_due(&left, &newest) {
            return Ok(last.number);
        }
        let mut transaction = self.write.begin().await?;
        let mut last = last_bound(&mut transaction, feed).await?;
        loop {
            let rows = rows_after(&mut transaction, selection, last, STRIDE).await?;
            for page in rows.chunks(PAGE).filter(|page| is_due(page, &newest)) {
                last = Bound { number: last.number + 1, last_id: page[page.len() - 1] };
                let close = sqlx::query(CLOSE).bind(feed).bind(last.number).bind(last.last_id);
                close.execute(&mut *transaction).await?;
            }
            if rows.len() < STRIDE {
                break;
            }
        }
        transaction.commit().await?;
        Ok(last.number)
    }

    /// The number of the last page of a feed's archive, 0 if there is none.
    pub async fn last_archive_page(&self, feed: &str) -> Result<i64, Error> {
        let mut connection = self.read.acquire().await?;
        Ok(last_bound(&mut connection, feed).await?.number)
    }

    /// A page of a feed's archive. Its cost does not grow with the archive.
    pub async fn find_archive_page(
        &self,
        feed: &str,
        selection: &Selection,
        number: i64,
    ) -> Result<Option<ArchivePage<Article>>, Error> {
        let Some(page) = self.archive_rows(feed, selection, number).await? else { return Ok(None) };
        let items = self.articles_by_id(&page.items).await?;
        Ok(Some(ArchivePage { items, has_next: page.has_next }))
    }

    /// The same by the rows of its articles, each with its version: the page is the same as long as these are.
    pub async fn find_archive_versions(
        &self,
        feed: &str,
        selection: &Selection,
        number: i64,
    ) -> Result<Option<ArchivePage<(ArticleId, i64)>>, Error> {
        let Some(page) = self.archive_rows(feed, selection, number).await? else { return Ok(None) };
        let items = self.versions(&page.items).await?;
        Ok(Some(ArchivePage { items, has_next: page.has_next }))
    }

    async fn archive_rows(
        &self,
        feed: &str,
        selection: &Selection,
        number: i64,
    ) -> Result<Option<ArchivePage<ArticleId>>, Error> {
        let mut connection = self.read.acquire().await?;
        let around: Vec<Bound> =
            sqlx::query_as(AROUND).bind(feed).bind(number).fetch_all(&mut *connection).await?;
        let find = |number| around.iter().find(|bound| bound.number == number);
        let Some(own) = find(number) else { return Ok(None) };
        let after = find(number - 1).map_or(ArticleId(0), |bound| bound.last_id);
        let within = (after, Some(own.last_id));
        let mut rows = selection::rows_after(&mut connection, selection, within, MOST + 1).await?;
        drop(connection);
        if rows.len() > MOST {
            self.write.execute(sqlx::query(REOPEN).bind(feed).bind(number)).await?;
            self.close_archive(feed, selection).await?;
            return Box::pin(self.archive_rows(feed, selection, number)).await;
        }
        rows.reverse();
        Ok(Some(ArchivePage { items: rows, has_next: find(number + 1).is_some() }))
    }
}

/// Whether rows that no page holds are to be closed as one: if they fill it, or if readers would see one of them nowhere.
fn is_due(rows: &[ArticleId], newest: &HashSet<ArticleId>) -> bool {
    rows.len() == PAGE || rows.iter().any(|row| !newest.contains(row))
}

async fn last_bound(connection: &mut SqliteConnection, feed: &str) -> Result<Bound, sqlx::Error> {
    let last = sqlx::query_as(LAST).bind(feed).fetch_optional(connection).await?;
    Ok(last.unwrap_or(Bound { number: 0, last_id: ArticleId(0) }))
}

async fn rows_after(
    connection: &mut SqliteConnection,
    selection: &Selection,
    last: Bound,
    limit: usize,
) -> Result<Vec<ArticleId>, sqlx::Error> {
    selection::rows_after(connection, selection, (last.last_id, None), limit).await
}
