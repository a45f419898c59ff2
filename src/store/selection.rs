//! Which articles to look for, and how they are found without looking at all of them.

use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, SqliteConnection};

use super::{Error, Store, search};
use crate::model::article::{Article, ArticleId, label_key};
use crate::model::newsletter::Choice;

/// Which articles to look for, newest first. Those that were retracted are never among them.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// By tag and source; they belong to each of these choices.
    pub choices: Vec<Choice>,
    /// Each of these wrote them, whatever the case of the names here.
    pub authors: Vec<String>,
    /// Each of these finds them, in the query language of FTS5.
    pub searches: Vec<String>,
    /// How many at most.
    pub limit: usize,
    /// How many of the newest to leave out.
    pub offset: usize,
}

/// Where a look-up begins: all articles, those of a source, or the entries of an index for one label.
enum Root {
    All,
    Source(String),
    Label { table: &'static str, key: &'static str, value: String },
}

impl Store {
    /// The newest articles of a selection, the newest first. Unless it searches, the cost grows with the limit and the
    /// offset, not with the archive.
    pub async fn latest_articles(&self, selection: &Selection) -> Result<Vec<Article>, Error> {
        let mut connection = self.read.acquire().await?;
        let limit = selection.limit + selection.offset;
        let ids = newest(&mut connection, selection, limit).await?;
        drop(connection);
        let chosen: Vec<ArticleId> = ids.into_iter().skip(selection.offset).collect();
        self.articles_by_id(&chosen).await
    }
}

/// The rows of the newest articles of a selection, whatever its own limit.
pub(super) async fn newest(
    connection: &mut SqliteConnection,
    selection: &Selection,
    limit: usize,
) -> Result<Vec<ArticleId>, sqlx::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut query = QueryBuilder::new("SELECT id FROM (");
    for (index, root) in roots(selection).into_iter().enumerate() {
        query.push(if index > 0 { " UNION " } else { "" }).push("SELECT * FROM (");
        root.push(&mut query);
        push_conditions(&mut query, selection);
        query.push(root.order()).push(" LIMIT ").push_bind(limit).push(")");
    }
    query.push(") ORDER BY dated_at DESC, id DESC LIMIT ");
    query.push_bind(limit).build_query_scalar().fetch_all(connection).await
}

/// The rows of the articles of a selection that come after a row, the oldest row first, up to `last` if there is one. The cost
/// grows with what is found, whatever the rows are.
pub(super) async fn rows_after(
    connection: &mut SqliteConnection,
    selection: &Selection,
    (after, last): (ArticleId, Option<ArticleId>),
    limit: usize,
) -> Result<Vec<ArticleId>, sqlx::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut query = QueryBuilder::new("SELECT id FROM (");
    for (index, root) in row_roots(selection).into_iter().enumerate() {
        query.push(if index > 0 { " UNION " } else { "" }).push("SELECT * FROM (");
        root.push(&mut query);
        query.push(" AND ").push(root.row()).push(" > ").push_bind(after);
        if let Some(last) = last {
            query.push(" AND ").push(root.row()).push(" <= ").push_bind(last);
        }
        push_conditions(&mut query, selection);
        query.push(" ORDER BY ").push(root.row()).push(" LIMIT ").push_bind(limit).push(")");
    }
    query.push(") ORDER BY id LIMIT ").push_bind(limit);
    query.build_query_scalar().fetch_all(connection).await
}

/// The conditions under which an article `a` belongs to a selection.
fn push_conditions(query: &mut QueryBuilder<Sqlite>, selection: &Selection) {
    query.push(" AND a.retracted_at IS NULL");
    push_facts(query, selection);
}

/// The same, whether or not it was retracted.
pub(super) fn push_facts(query: &mut QueryBuilder<Sqlite>, selection: &Selection) {
    for choice in &selection.choices {
        push_choice(query, choice);
    }
    for author in &selection.authors {
        query.push(
            " AND EXISTS (SELECT 1 FROM article_author x WHERE x.article_id = a.id AND x.author_key = ",
        );
        query.push_bind(label_key(author)).push(")");
    }
    for words in &selection.searches {
        search::push_condition(query, words);
    }
}

/// The conditions under which an article `a` belongs to a choice.
pub(super) fn push_choice(query: &mut QueryBuilder<Sqlite>, choice: &Choice) {
    const HAS_TAG: &str = "EXISTS (SELECT 1 FROM article_tag x WHERE x.article_id = a.id AND x.tag_key IN (";
    for (tags, condition) in [(&choice.tags, " AND "), (&choice.exclude_tags, " AND NOT ")] {
        if !tags.is_empty() {
            query.push(condition).push(HAS_TAG);
            push_words(query, tags);
            query.push("))");
        }
    }
    if !choice.sources.is_empty() {
        query.push(" AND lower(a.source) IN (");
        push_words(query, &choice.sources);
        query.push(")");
    }
}

fn push_words(query: &mut QueryBuilder<Sqlite>, words: &[String]) {
    let mut list = query.separated(", ");
    for word in words {
        list.push_bind(label_key(word));
    }
}

/// An author is rarer than a tag, and a tag than nothing.
fn roots(selection: &Selection) -> Vec<Root> {
    if let Some(author) = selection.authors.first() {
        return vec![Root::Label { table: "article_author", key: "author_key", value: label_key(author) }];
    }
    let tagged = selection.choices.iter().filter(|choice| !choice.tags.is_empty());
    let Some(choice) = tagged.min_by_key(|choice| choice.tags.len()) else { return vec![Root::All] };
    let root = |tag: &String| Root::Label { table: "article_tag", key: "tag_key", value: label_key(tag) };
    choice.tags.iter().map(root).collect()
}

/// Where a look-up by rows begins: sources have an index for it, which dates have not.
fn row_roots(selection: &Selection) -> Vec<Root> {
    let roots = roots(selection);
    let of_sources = selection.choices.iter().filter(|choice| !choice.sources.is_empty());
    match of_sources.min_by_key(|choice| choice.sources.len()) {
        Some(choice) if matches!(roots[..], [Root::All]) => {
            choice.sources.iter().map(|source| Root::Source(label_key(source))).collect()
        }
        _ => roots,
    }
}

impl Root {
    fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::All => {
                query.push("SELECT a.id AS id, a.dated_at AS dated_at FROM article a WHERE 1 = 1");
            }
            Self::Source(name) => {
                query.push(
                    "SELECT a.id AS id, a.dated_at AS dated_at FROM article a WHERE lower(a.source) = ",
                );
                query.push_bind(name.clone());
            }
            Self::Label { table, key, value } => {
                query.push("SELECT a.id AS id, t.dated_at AS dated_at FROM ").push(*table);
                query.push(" t JOIN article a ON a.id = t.article_id WHERE t.").push(*key).push(" = ");
                query.push_bind(value.clone());
            }
        }
    }

    /// The column that holds the article's row, in the index that the look-up goes by.
    const fn row(&self) -> &'static str {
        match self {
            Self::All | Self::Source(_) => "a.id",
            Self::Label { .. } => "t.article_id",
        }
    }

    const fn order(&self) -> &'static str {
        match self {
            Self::All | Self::Source(_) => " ORDER BY a.dated_at DESC, a.id DESC",
            Self::Label { .. } => " ORDER BY t.dated_at DESC, t.article_id DESC",
        }
    }
}
