//! Visits: how often links were followed, as sums for editions and articles. Nothing is known of who followed them.

use sqlx::{FromRow, QueryBuilder};

use super::{Error, Sight, Store};
use crate::model::article::{Article, ArticleId};
use crate::model::count::{CountedLink, Holder, Kind, Target, Visits};
use crate::model::edition::EditionId;
use crate::model::time::Timestamp;

const FIND_EDITION: &str =
    "SELECT id FROM edition WHERE newsletter_id = $1 AND group_id = $2 AND number = $3";
const HELD: &str = "SELECT article_id FROM ledger WHERE edition_id = $1 AND state = 'published'
    UNION ALL SELECT article_id FROM edition_article WHERE edition_id = $1";
const ARTICLE: &str =
    "SELECT id, slug, url, retracted_at IS NOT NULL AS is_retracted FROM article WHERE id = $1";
const ADD: &str = "INSERT INTO visit (edition_id, article_id, day, kind, visits) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (edition_id, article_id, day, kind) DO UPDATE SET visits = visit.visits + excluded.visits";
const FOLD: &str = "INSERT INTO visit (edition_id, article_id, day, kind, visits)
    SELECT edition_id, article_id, 0, kind, sum(visits) FROM visit WHERE day > 0 AND day < $1
    GROUP BY edition_id, article_id, kind
    ON CONFLICT (edition_id, article_id, day, kind) DO UPDATE SET visits = visit.visits + excluded.visits";
const FORGET_FOLDED: &str = "DELETE FROM visit WHERE day > 0 AND day < $1";
const HAS_OLD_DAYS: &str = "SELECT EXISTS (SELECT 1 FROM visit WHERE day > 0 AND day < $1)";
const OF_EDITION: &str = "SELECT article_id, kind, sum(visits) FROM visit WHERE edition_id = $1
    GROUP BY article_id, kind ORDER BY article_id, kind";
/// The days of which visits are kept apart, today's among them.
const DAYS: i64 = 7;

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;

/// With fewer visits of persons an article is none that is read most.
const AT_LEAST: i64 = 3;

/// What a counted link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The edition that it is counted for; `None`: the archive.
    pub edition: Option<EditionId>,
    /// How many articles the edition holds.
    pub holds: usize,
    /// The article; none behind the hidden link.
    pub article: Option<LinkedArticle>,
}

/// An article that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LinkedArticle {
    /// Its row.
    pub id: ArticleId,
    /// Its name in the address of its page.
    pub slug: String,
    /// Where it stands on the publication's own site.
    pub url: Option<String>,
    /// Whether the publication has taken it back.
    pub is_retracted: bool,
}

/// Visits that are to be added to the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewVisits {
    /// The edition; `None`: the archive.
    pub edition: Option<EditionId>,
    /// The article.
    pub article: ArticleId,
    /// What followed the link.
    pub kind: Kind,
    /// How often.
    pub visits: i64,
}

impl Store {
    /// What a link leads to; `None` if its edition is not there, or does not hold the article.
    pub async fn find_linked(&self, link: &CountedLink) -> Result<Option<Linked>, Error> {
        let Holder { newsletter, number } = link.holder;
        let article = match link.target {
            Target::Original(article) | Target::Page(article) => Some(article),
            Target::Hidden => None,
        };
        let (mut edition, mut holds) = (None, 0);
        if link.holder != Holder::ARCHIVE {
            let query =
                sqlx::query_scalar(FIND_EDITION).bind(newsletter).bind(number.group).bind(number.number);
            let Some(id) = query.fetch_optional(&self.read).await? else { return Ok(None) };
            let held: Vec<ArticleId> = sqlx::query_scalar(HELD).bind(id).fetch_all(&self.read).await?;
            if article.is_some_and(|article| !held.contains(&article)) {
                return Ok(None);
            }
            (edition, holds) = (Some(id), held.len());
        }
        let Some(article) = article else { return Ok(Some(Linked { edition, holds, article: None })) };
        let article: Option<LinkedArticle> =
            sqlx::query_as(ARTICLE).bind(article).fetch_optional(&self.read).await?;
        Ok(article.map(|article| Linked { edition, holds, article: Some(article) }))
    }

    /// Adds visits to the sums of today, all or none.
    pub async fn add_visits(&self, visits: &[NewVisits], now: Timestamp) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for NewVisits { edition, article, kind, visits } in visits {
            let add = sqlx::query(ADD).bind(edition.unwrap_or(EditionId(0))).bind(article);
            add.bind(day(now)).bind(kind).bind(visits).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Adds together the days that nobody asks for apart any more.
    pub async fn fold_visits(&self, now: Timestamp) -> Result<(), Error> {
        let first = day(now) - DAYS + 1;
        if !sqlx::query_scalar(HAS_OLD_DAYS).bind(first).fetch_one(&self.read).await? {
            return Ok(());
        }
        let mut transaction = self.write.begin().await?;
        for statement in [FOLD, FORGET_FOLDED] {
            sqlx::query(statement).bind(first).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// How often the links of an edition were followed, by article.
    pub async fn visits_of_edition(&self, id: EditionId) -> Result<Vec<(ArticleId, Visits)>, Error> {
        let rows: Vec<(ArticleId, Kind, i64)> =
            sqlx::query_as(OF_EDITION).bind(id).fetch_all(&self.read).await?;
        let mut visits: Vec<(ArticleId, Visits)> = Vec::new();
        for (article, kind, count) in rows {
            if visits.last().is_none_or(|(last, _)| *last != article) {
                visits.push((article, Visits::default()));
            }
            if let Some((_, sums)) = visits.last_mut() {
                sums.add(kind, count);
            }
        }
        Ok(visits)
    }

    /// The articles whose links the most persons have followed in the last week, the most read first: in the editions of a
    /// newsletter, or anywhere. What these readers are not shown is left out.
    pub async fn most_read(
        &self,
        (newsletter, sight): (Option<&str>, &Sight),
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Article>, Error> {
        let mut query = QueryBuilder::new(
            "SELECT v.article_id FROM visit v JOIN article a ON a.id = v.article_id
            WHERE v.kind = 'person' AND a.retracted_at IS NULL AND v.day > 0 AND v.day >= ",
        );
        query.push_bind(day(now) - DAYS + 1);
        if let Some(slug) = newsletter {
            query.push(
                " AND v.edition_id IN (SELECT e.id FROM edition e JOIN newsletter n ON n.id = e.newsletter_id
                    WHERE n.slug = ",
            );
            query.push_bind(slug).push(")");
        }
        sight.push(&mut query, "a");
        query.push(" GROUP BY v.article_id HAVING sum(v.visits) >= ").push_bind(AT_LEAST);
        query.push(" ORDER BY sum(v.visits) DESC, a.dated_at DESC, v.article_id DESC LIMIT ");
        query.push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let ids: Vec<ArticleId> = query.build_query_scalar().fetch_all(&self.read).await?;
        self.articles_by_id(&ids).await
    }

    /// When a mail with this edition was last marked as about to be handed over, as far as this daemon has seen.
    pub fn last_handed(&self, id: EditionId) -> Option<Timestamp> {
        self.pulse.last(id)
    }
}

/// The number of a day of UTC since 1970.
const fn day(now: Timestamp) -> i64 {
    now.as_unix().div_euclid(SECONDS_OF_DAY)
}
