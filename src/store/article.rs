//! Articles: those that are kept, by their rows and names.

use std::collections::HashMap;

use sqlx::sqlite::Sqlite;
use sqlx::{FromRow, QueryBuilder};

use super::{Error, Store};
use crate::model::article::{Article, ArticleId, Content, DateOrigin};
use crate::model::language::Direction;
use crate::model::picture::Pictures;
use crate::model::time::Timestamp;

const COLUMNS: &str = "SELECT id, source, external_id, public_id, slug, first_seen_at, changed_at, title, authors,
    biography, summary, html, text, url, image, enclosures, language, direction, published_at, published_at_from,
    updated_at, cuts,
    retracted_at FROM article WHERE ";
const COUNT: &str = "SELECT count(*) FROM article";

#[derive(FromRow)]
struct Row {
    id: ArticleId,
    source: String,
    external_id: String,
    public_id: String,
    slug: String,
    first_seen_at: Timestamp,
    changed_at: Timestamp,
    title: String,
    authors: String,
    biography: Option<String>,
    summary: String,
    html: String,
    text: String,
    url: Option<String>,
    image: Option<String>,
    enclosures: String,
    language: Option<String>,
    direction: String,
    published_at: Option<Timestamp>,
    published_at_from: DateOrigin,
    updated_at: Option<Timestamp>,
    cuts: String,
    retracted_at: Option<Timestamp>,
}

impl Store {
    /// The article of this row.
    pub async fn find_article(&self, id: ArticleId) -> Result<Option<Article>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("id = ").push_bind(id);
        Ok(self.articles(query).await?.pop())
    }

    /// The article that a source calls by this name.
    pub async fn find_article_of_source(
        &self,
        source: &str,
        external_id: &str,
    ) -> Result<Option<Article>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("source = ").push_bind(source.to_owned());
        query.push(" AND external_id = ").push_bind(external_id.to_owned());
        Ok(self.articles(query).await?.pop())
    }

    /// The article whose page has this name.
    pub async fn find_article_by_slug(&self, slug: &str) -> Result<Option<Article>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("slug = ").push_bind(slug.to_owned());
        Ok(self.articles(query).await?.pop())
    }

    /// These articles, in the order of `ids`; those that are gone are left out.
    pub async fn articles_by_id(&self, ids: &[ArticleId]) -> Result<Vec<Article>, Error> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("id IN (");
        push_list(&mut query, ids.iter().map(|id| id.0));
        query.push(")");
        let mut articles = self.articles(query).await?;
        let place: HashMap<ArticleId, usize> =
            ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        articles.sort_by_key(|article| place.get(&article.id).copied());
        Ok(articles)
    }

    /// These articles by their rows, each with its version: while these are the same, so are the articles.
    pub(super) async fn versions(&self, ids: &[ArticleId]) -> Result<Vec<(ArticleId, i64)>, Error> {
        let mut query = QueryBuilder::new("SELECT id, version FROM article WHERE id IN (");
        push_list(&mut query, ids.iter().map(|id| id.0));
        query.push(") ORDER BY id");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// How many articles there are.
    pub async fn count_articles(&self) -> Result<i64, Error> {
        Ok(sqlx::query_scalar(COUNT).fetch_one(&self.read).await?)
    }

    async fn articles(&self, mut query: QueryBuilder<Sqlite>) -> Result<Vec<Article>, Error> {
        let rows: Vec<Row> = query.build_query_as().fetch_all(&self.read).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut tags = self.tags_of(rows.iter().map(|row| row.id)).await?;
        let mut pictures = self.pictures_of(rows.iter().map(|row| row.id)).await?;
        rows.into_iter()
            .map(|row| {
                let tags = tags.remove(&row.id).unwrap_or_default();
                let pictures = pictures.remove(&row.id).unwrap_or_default();
                Ok(Article { pictures, ..row.into_article(tags)? })
            })
            .collect()
    }

    async fn tags_of(
        &self,
        ids: impl Iterator<Item = ArticleId>,
    ) -> Result<HashMap<ArticleId, Vec<String>>, Error> {
        let mut query = QueryBuilder::new("SELECT article_id, tag FROM article_tag WHERE article_id IN (");
        push_list(&mut query, ids.map(|id| id.0));
        query.push(") ORDER BY article_id, position");
        let rows: Vec<(ArticleId, String)> = query.build_query_as().fetch_all(&self.read).await?;
        let mut tags: HashMap<ArticleId, Vec<String>> = HashMap::new();
        for (id, tag) in rows {
            tags.entry(id).or_default().push(tag);
        }
        Ok(tags)
    }
}

pub(super) fn push_list(query: &mut QueryBuilder<Sqlite>, ids: impl Iterator<Item = i64>) {
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id);
    }
}

impl Row {
    fn into_article(self, tags: Vec<String>) -> Result<Article, Error> {
        let corrupt = |what| Error::Corrupt { what, row: self.id.to_string() };
        let image = self.image.as_deref().map(serde_json::from_str).transpose();
        let content = Content {
            image: image.map_err(|_| corrupt("article.image"))?,
            enclosures: serde_json::from_str(&self.enclosures).map_err(|_| corrupt("article.enclosures"))?,
            cuts: serde_json::from_str(&self.cuts).map_err(|_| corrupt("article.cuts"))?,
            direction: if self.direction == "rtl" { Direction::Rtl } else { Direction::Ltr },
            authors: self.authors.lines().map(str::to_owned).collect(),
            title: self.title,
            biography: self.biography,
            html: self.html,
            text: self.text,
            summary: self.summary,
            url: self.url,
            tags,
            language: self.language,
            published_at: self.published_at,
            published_at_from: self.published_at_from,
            updated_at: self.updated_at,
        };
        Ok(Article {
            id: self.id,
            source: self.source,
            external_id: self.external_id,
            public_id: self.public_id,
            slug: self.slug,
            first_seen_at: self.first_seen_at,
            changed_at: self.changed_at,
            retracted_at: self.retracted_at,
            pictures: Pictures::default(),
            content,
        })
    }
}
