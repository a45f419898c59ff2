//! Related articles: what else there is to read, by the words and tags that articles share.
//!
//! A word or tag weighs the more the rarer it is among the newest articles. Of each only the newest articles that have it
//! are looked at, so that the cost is the same however large the archive is and however common the word.

use std::collections::{HashMap, HashSet};

use unicode_segmentation::UnicodeSegmentation;

use crate::model::article::{Article, ArticleId, Content, label_key};
use crate::store::{Error, Sight, Store};

const NEWEST: &str = "SELECT coalesce(max(id), 0) FROM article";
const WITH_WORD: &str =
    "SELECT rowid FROM article_search WHERE article_search MATCH $1 ORDER BY rowid DESC LIMIT $2";
const WITH_TAG: &str =
    "SELECT article_id FROM article_tag WHERE tag_key = $1 ORDER BY article_id DESC LIMIT $2";

/// How many of the newest articles of a word or tag are looked at.
const HITS: i64 = 300;

/// Of how many of the nearest is looked up whether somebody is shown them.
const SEEN: usize = 300;

/// How many words of an article are looked for, and how many of its tags.
const WORDS: usize = 16;
const TAGS: usize = 5;

/// Shorter words say little, where words are written apart.
const SHORTEST: usize = 4;

impl Store {
    /// The articles that have most in common with one, the nearest first, of the newest of their kind: never the article
    /// itself, one that was retracted or is not shown to them, or one of `except`.
    pub async fn related_articles(
        &self,
        article: &Article,
        except: &[ArticleId],
        limit: usize,
        sight: &Sight,
    ) -> Result<Vec<Article>, Error> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let newest: i64 = sqlx::query_scalar(NEWEST).fetch_one(&self.read).await?;
        let mut scores: HashMap<i64, f64> = HashMap::new();
        let words = words(&article.content).into_iter().map(|word| (WITH_WORD, format!("\"{word}\"")));
        let tags = article.content.tags.iter().take(TAGS).map(|tag| (WITH_TAG, label_key(tag)));
        for (statement, label) in words.chain(tags) {
            let hits: Vec<i64> =
                sqlx::query_scalar(statement).bind(label).bind(HITS).fetch_all(&self.read).await?;
            let weight = weight(&hits, newest);
            for hit in hits {
                *scores.entry(hit).or_default() += weight;
            }
        }
        scores.remove(&article.id.0);
        // As much as a word would weigh that nothing else has: no word or tag alone is enough.
        let least = as_float(newest).ln();
        scores.retain(|id, score| *score >= least && !except.contains(&ArticleId(*id)));
        let mut ranked: Vec<(i64, f64)> = scores.into_iter().collect();
        ranked.sort_by(|(one, own), (other, theirs)| theirs.total_cmp(own).then(other.cmp(one)));
        let ids = ranked.into_iter().map(|(id, _)| ArticleId(id)).take(SEEN).collect();
        let mut ids = self.seen(ids, sight).await?;
        // As many again, for those that were retracted.
        ids.truncate(2 * limit);
        let mut related = self.articles_by_id(&ids).await?;
        related.retain(|other| other.retracted_at.is_none());
        related.truncate(limit);
        Ok(related)
    }
}

/// How much it says that an article is among these, of all up to the row `newest`: how rare such articles are where they
/// were looked for (the idf of information retrieval).
fn weight(hits: &[i64], newest: i64) -> f64 {
    let is_cut = hits.len() == usize::try_from(HITS).unwrap_or(usize::MAX);
    let oldest = if is_cut { hits.last().copied().unwrap_or_default() } else { 0 };
    let (among, found) = (newest - oldest, i64::try_from(hits.len()).unwrap_or(HITS));
    (as_float(among) / as_float(found.max(1))).ln().max(0.0)
}

/// Rows are counted far below the numbers that a float cannot tell apart.
#[expect(clippy::cast_precision_loss)]
fn as_float(count: i64) -> f64 {
    count as f64
}

/// The words that say what an article is about: those of its headline and summary, each once.
fn words(content: &Content) -> Vec<String> {
    let text = format!("{} {}", content.title, content.summary);
    let mut seen = HashSet::new();
    let is_telling =
        |word: &&str| word.chars().count() >= SHORTEST || word.chars().any(|letter| letter > '\u{2E7F}');
    let words = text.unicode_words().filter(is_telling).map(|word| word.replace('"', "").to_lowercase());
    words.filter(|word| seen.insert(word.clone())).take(WORDS).collect()
}
