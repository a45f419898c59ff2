//! Sight: who is shown something. Here alone private articles are told from those that everybody may see.

use std::collections::HashSet;

use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;

use super::article::push_list;
use super::selection::{push_choice, push_words};
use super::{Error, Store};
use crate::model::article::ArticleId;
use crate::model::edition::EditionId;
use crate::model::newsletter::{Choice, Newsletter, NewsletterId};
use crate::model::privacy::PublicSources;

/// Who is shown something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The operator, and a newsletter that chooses its articles: all there is.
    Operator,
    /// Everybody.
    Public(PublicSources),
    /// A reader of a private newsletter: besides, what belongs to it or went out in it.
    Reader {
        /// What everybody is shown.
        public: PublicSources,
        /// The newsletter.
        newsletter: NewsletterId,
        /// Which articles belong to it.
        choice: Choice,
    },
}

impl Sight {
    /// The readers of a newsletter: of one that is not private, everybody.
    pub fn of_readers(newsletter: &Newsletter, id: NewsletterId, public: PublicSources) -> Self {
        if newsletter.is_private {
            Self::Reader { public, newsletter: id, choice: newsletter.choice.clone() }
        } else {
            Self::Public(public)
        }
    }

    /// Whether nothing is kept from them.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Self::Operator => true,
            Self::Public(public) | Self::Reader { public, .. } => public.is_all(),
        }
    }

    /// Whether they are told of a source.
    pub(super) fn has_source(&self, name: &str) -> bool {
        match self {
            Self::Operator => true,
            Self::Public(public) | Self::Reader { public, .. } => public.has(name),
        }
    }

    /// The condition, after others, that the article of this name in the statement is shown to them.
    pub(super) fn push(&self, query: &mut QueryBuilder<Sqlite>, article: &'static str) {
        match self {
            _ if self.is_whole() => {}
            Self::Operator => {}
            Self::Public(public) => {
                query.push(" AND ");
                push_public(query, article, public);
            }
            Self::Reader { public, newsletter, choice } => {
                query.push(" AND (");
                push_public(query, article, public);
                query.push(" OR 1 = 1");
                push_choice(query, article, choice);
                query.push(
                    " OR EXISTS (SELECT 1 FROM ledger x WHERE x.state = 'published' AND x.article_id = ",
                );
                query.push(article).push(".id AND x.newsletter_id = ").push_bind(*newsletter);
                query.push(
                    ") OR EXISTS (SELECT 1 FROM edition_article x JOIN edition y ON y.id = x.edition_id",
                );
                query.push(" WHERE x.article_id = ").push(article).push(".id AND y.newsletter_id = ");
                query.push_bind(*newsletter).push("))");
            }
        }
    }
}

/// The names are joined with nothing, so that no index is used for it: the look-up has begun in another.
fn push_public(query: &mut QueryBuilder<Sqlite>, article: &'static str, public: &PublicSources) {
    let (word, keys): (_, &[String]) = match public {
        PublicSources::All => ("NOT IN", &[]),
        PublicSources::Only(keys) => ("IN", keys),
        PublicSources::AllBut(keys) => ("NOT IN", keys),
    };
    if keys.is_empty() {
        query.push(if word == "IN" { "1 = 0" } else { "1 = 1" });
        return;
    }
    query.push(article).push(".source_key || '' ").push(word).push(" (");
    push_words(query, keys);
    query.push(")");
}

impl Store {
    /// Whether somebody is shown an article.
    pub async fn is_seen(&self, article: ArticleId, sight: &Sight) -> Result<bool, Error> {
        Ok(!self.seen(vec![article], sight).await?.is_empty())
    }

    /// Those of these articles that somebody is shown, in the same order.
    pub async fn seen(&self, ids: Vec<ArticleId>, sight: &Sight) -> Result<Vec<ArticleId>, Error> {
        if sight.is_whole() {
            return Ok(ids);
        }
        let mut query = QueryBuilder::new("SELECT a.id FROM article a WHERE a.id IN (");
        push_list(&mut query, ids.iter().map(|id| id.0));
        query.push(")");
        sight.push(&mut query, "a");
        let seen: HashSet<ArticleId> =
            query.build_query_scalar().fetch_all(&self.read).await?.into_iter().collect();
        Ok(ids.into_iter().filter(|id| seen.contains(id)).collect())
    }

    /// Those of these editions that hold an article which is not shown to somebody: their subjects may be of it.
    pub async fn editions_in_part(
        &self,
        editions: &[EditionId],
        sight: &Sight,
    ) -> Result<HashSet<EditionId>, Error> {
        if sight.is_whole() || editions.is_empty() {
            return Ok(HashSet::new());
        }
        let mut query = QueryBuilder::new("");
        for (table, union) in [("ledger", ""), ("edition_article", " UNION ")] {
            query.push(union).push("SELECT x.edition_id FROM ").push(table);
            query.push(" x JOIN article a ON a.id = x.article_id WHERE x.edition_id IN (");
            push_list(&mut query, editions.iter().map(|id| id.0));
            query.push(") AND NOT (1 = 1");
            sight.push(&mut query, "a");
            query.push(")");
        }
        Ok(query.build_query_scalar().fetch_all(&self.read).await?.into_iter().collect())
    }
}
