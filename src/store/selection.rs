//! Which articles to look for, and how they are found without looking at all of them.

use std::collections::HashSet;

use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, SqliteConnection};

use super::article::push_list;
use super::{Error, Sight, Store, search};
use crate::model::article::{Article, ArticleId, label_key};
use crate::model::newsletter::Choice;
use crate::model::privacy::PublicSources;

/// Which articles to look for, newest first. Those that were retracted are never among them.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Who is shown them.
    pub sight: Sight,
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

impl Selection {
    /// All that somebody is shown, to be narrowed.
    pub const fn seen_by(sight: Sight) -> Self {
        Self { sight, choices: Vec::new(), authors: Vec::new(), searches: Vec::new(), limit: 0, offset: 0 }
    }
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
        self.articles_by_id(&self.latest_rows(selection).await?).await
    }

    /// The same by their rows, each with its version. It costs less than the articles do, and is the same as long as they are.
    pub async fn latest_versions(&self, selection: &Selection) -> Result<Vec<(ArticleId, i64)>, Error> {
        self.versions(&self.latest_rows(selection).await?).await
    }

    /// Those of these articles that belong to a choice, in their order.
    pub(super) async fn chosen(&self, ids: Vec<ArticleId>, choice: &Choice) -> Result<Vec<ArticleId>, Error> {
        if *choice == Choice::default() {
            return Ok(ids);
        }
        let mut query = QueryBuilder::new("SELECT a.id FROM article a WHERE a.id IN (");
        push_list(&mut query, ids.iter().map(|id| id.0));
        query.push(")");
        push_choice(&mut query, "a", choice);
        let chosen: HashSet<ArticleId> =
            query.build_query_scalar().fetch_all(&self.read).await?.into_iter().collect();
        Ok(ids.into_iter().filter(|id| chosen.contains(id)).collect())
    }

    async fn latest_rows(&self, selection: &Selection) -> Result<Vec<ArticleId>, Error> {
        let mut connection = self.read.acquire().await?;
        let limit = selection.limit + selection.offset;
        let ids = newest(&mut connection, selection, limit).await?;
        Ok(ids.into_iter().skip(selection.offset).collect())
    }
}

/// The rows of the newest articles of a selection, whatever its own limit.
pub(super) async fn newest(
    connection: &mut SqliteConnection,
    selection: &Selection,
    limit: usize,
) -> Result<Vec<ArticleId>, sqlx::Error> {
    newest_query(selection, limit).build_query_scalar().fetch_all(connection).await
}

fn newest_query(selection: &Selection, limit: usize) -> QueryBuilder<Sqlite> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut query = QueryBuilder::new("SELECT id FROM (");
    for (index, root) in roots(selection).into_iter().enumerate() {
        query.push(if index > 0 { " UNION " } else { "" }).push("SELECT * FROM (");
        root.push(&mut query);
        push_conditions(&mut query, selection);
        query.push(root.order()).push(" LIMIT ").push_bind(limit).push(")");
    }
    query.push(") ORDER BY dated_at DESC, id DESC LIMIT ").push_bind(limit);
    query
}

/// The rows of the articles of a selection that come after a row, the oldest row first, up to `last` if there is one. The cost
/// grows with what is found, whatever the rows are.
pub(super) async fn rows_after(
    connection: &mut SqliteConnection,
    selection: &Selection,
    within: (ArticleId, Option<ArticleId>),
    limit: usize,
) -> Result<Vec<ArticleId>, sqlx::Error> {
    rows_query(selection, within, limit).build_query_scalar().fetch_all(connection).await
}

fn rows_query(
    selection: &Selection,
    (after, last): (ArticleId, Option<ArticleId>),
    limit: usize,
) -> QueryBuilder<Sqlite> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut query = QueryBuilder::new("SELECT id FROM (");
    for (index, root) in roots(selection).into_iter().enumerate() {
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
    query
}

/// The conditions under which an article `a` belongs to a selection.
fn push_conditions(query: &mut QueryBuilder<Sqlite>, selection: &Selection) {
    query.push(" AND a.retracted_at IS NULL");
    push_facts(query, selection);
}

/// The same, whether or not it was retracted.
pub(super) fn push_facts(query: &mut QueryBuilder<Sqlite>, selection: &Selection) {
    selection.sight.push(query, "a");
    for choice in &selection.choices {
        push_choice(query, "a", choice);
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

/// The conditions under which the article of this name in the statement belongs to a choice.
pub(super) fn push_choice(query: &mut QueryBuilder<Sqlite>, article: &'static str, choice: &Choice) {
    for (tags, condition) in [(&choice.tags, " AND "), (&choice.exclude_tags, " AND NOT ")] {
        if !tags.is_empty() {
            query.push(condition).push("EXISTS (SELECT 1 FROM article_tag x WHERE x.article_id = ");
            query.push(article).push(".id AND x.tag_key IN (");
            push_words(query, tags);
            query.push("))");
        }
    }
    if !choice.sources.is_empty() {
        // Joined with nothing, so that no index is used for it: the look-up has begun in another.
        query.push(" AND ").push(article).push(".source_key || '' IN (");
        push_words(query, &choice.sources);
        query.push(")");
    }
}

pub(super) fn push_words(query: &mut QueryBuilder<Sqlite>, words: &[String]) {
    let mut list = query.separated(", ");
    for word in words {
        list.push_bind(label_key(word));
    }
}

/// An author is rarer than a tag, a tag than a source, and a source than nothing.
fn roots(selection: &Selection) -> Vec<Root> {
    if let Some(author) = selection.authors.first() {
        return vec![Root::Label { table: "article_author", key: "author_key", value: label_key(author) }];
    }
    let label = |tag: &String| Root::Label { table: "article_tag", key: "tag_key", value: label_key(tag) };
    if let Some(tags) = shortest(selection, |choice| &choice.tags) {
        return tags.iter().map(label).collect();
    }
    match (shortest(selection, |choice| &choice.sources), &selection.sight) {
        (Some(sources), _) => sources.iter().map(|source| Root::Source(label_key(source))).collect(),
        (None, Sight::Public(PublicSources::Only(keys))) if !keys.is_empty() => {
            keys.iter().cloned().map(Root::Source).collect()
        }
        (None, _) => vec![Root::All],
    }
}

/// The shortest of these lists of the choices; none if all are empty.
fn shortest(selection: &Selection, list: fn(&Choice) -> &Vec<String>) -> Option<&Vec<String>> {
    selection.choices.iter().map(list).filter(|list| !list.is_empty()).min_by_key(|list| list.len())
}

impl Root {
    fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::All => {
                query.push("SELECT a.id AS id, a.dated_at AS dated_at FROM article a WHERE 1 = 1");
            }
            Self::Source(name) => {
                query.push("SELECT a.id AS id, a.dated_at AS dated_at FROM article a WHERE a.source_key = ");
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

#[cfg(test)]
mod tests {
    use sqlx::AssertSqlSafe;

    use super::*;
    use crate::model::time::Timestamp;

    fn selections() -> Vec<Selection> {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let choice = |tags: &[&str], sources: &[&str]| Choice {
            tags: texts(tags),
            sources: texts(sources),
            exclude_tags: texts(&["x"]),
        };
        let public = [
            PublicSources::All,
            PublicSources::Only(texts(&["a", "b"]).into()),
            PublicSources::Only(Vec::new().into()),
            PublicSources::AllBut(texts(&["a"]).into()),
        ];
        let choices = [
            (vec![], vec![]),
            (vec![choice(&["a"], &[])], vec![]),
            (vec![choice(&["a", "b"], &["c"])], vec![]),
            (vec![choice(&[], &["c"])], vec![]),
            (vec![choice(&[], &["c", "d"])], vec![]),
            (vec![choice(&["a"], &[]), choice(&[], &["c"])], texts(&["ada"])),
        ];
        let of = |(choices, authors): &(Vec<Choice>, Vec<String>), sight| {
            let (choices, authors) = (choices.clone(), authors.clone());
            Selection { choices, authors, limit: 50, ..Selection::seen_by(sight) }
        };
        let sights = public.into_iter().map(Sight::Public);
        sights.flat_map(|sight| choices.each_ref().map(|own| of(own, sight.clone()))).collect()
    }

    #[tokio::test]
    async fn no_look_up_sorts_or_reads_what_it_does_not_find() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("a.db"), Timestamp::from_unix(0)).await.unwrap();
        for selection in selections() {
            let within = (ArticleId(1), Some(ArticleId(9)));
            for query in [newest_query(&selection, 50), rows_query(&selection, within, 50)] {
                let text = format!("EXPLAIN QUERY PLAN {}", query.sql().as_str());
                let plan: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(AssertSqlSafe(text.clone())).fetch_all(&store.read).await.unwrap();
                let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
                let by_date = "SCAN a USING INDEX article_dated";
                assert!(
                    !steps.iter().any(|step| step.starts_with("SCAN a") && *step != by_date),
                    "{steps:#?}"
                );
                assert!(!steps.iter().any(|step| step.starts_with("SCAN t")), "{text}: {steps:#?}");
                // What was found is sorted once more at the end; nothing before is.
                let sorts = plan.iter().filter(|(.., step)| step == "USE TEMP B-TREE FOR ORDER BY");
                assert!(sorts.clone().all(|(_, parent, ..)| *parent == 0), "{text}: {steps:#?}");
            }
        }
        store.close().await;
    }
}
