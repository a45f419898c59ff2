//! Searching the archive, for people: plain words and "phrases", all of which an article has.
//!
//! FTS5's bm25 counts all articles that have a word before it ranks one: seconds, for a common word in a million articles.
//! A word that most articles have does not tell which is the best, so only words that few have rank. Where all are common,
//! the newest articles come first, and only some thousands of the newest are looked through.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use sqlx::QueryBuilder;

use crate::model::article::{Article, ArticleId};
use crate::model::newsletter::Choice;
use crate::model::text::line;
use crate::store::selection::push_choice;
use crate::store::{Error, Sight, Store};

const COUNT: &str = "SELECT count(*) FROM
    (SELECT 1 FROM article_search WHERE article_search MATCH $1 LIMIT $2)";
const LAST: &str = "SELECT coalesce(max(id), 0) FROM article";
const RETRACTED: &str = "SELECT id FROM article WHERE retracted_at IS NOT NULL";
/// In no order: with one FTS5 does not leap over what a rare word is not in.
const ALL: &str = "SELECT rowid FROM article_search WHERE article_search MATCH $1 AND rowid > $2";
const NEWEST: &str = "SELECT rowid FROM article_search WHERE ";
/// Headlines weigh most, then names, then summaries.
const RANKED: &str = "SELECT rowid FROM article_search WHERE article_search MATCH $1
    ORDER BY bm25(article_search, 10.0, 6.0, 3.0, 1.0), rowid DESC";
const SNIPPETS: &str = "SELECT rowid, snippet(article_search, -1, char(2), char(3), '…', 24)
    FROM article_search WHERE ";

/// A word that more articles have is common.
const COMMON: i64 = 1000;

/// How many rows, the newest, are looked through for what is made of common words.
const WINDOW: i64 = 10_000;

/// How many words and phrases are looked for, and how long each is at most, in characters.
const PHRASES: usize = 8;
const LONGEST: usize = 64;

/// Begins and ends what was searched for, in a [`Hit::snippet`].
pub const MARKS: [char; 2] = ['\u{2}', '\u{3}'];

/// An article that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The article.
    pub article: Article,
    /// A part of it in which the words stand, each between [`MARKS`].
    pub snippet: String,
}

/// What a search has found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The best first.
    pub hits: Vec<Hit>,
    /// Whether there are more.
    pub has_more: bool,
}

/// Words that stand one after the other, as FTS5 is asked for them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Phrase(String);

/// What people typed, in the query language of FTS5, in which feeds are asked for: empty if there is nothing to look for.
pub fn as_query(text: &str) -> String {
    let is_operator = |word: &str| ["AND", "OR", "NOT", "NEAR"].contains(&word);
    let plain = |Phrase(words): &Phrase| words.chars().all(char::is_alphanumeric) && !is_operator(words);
    let written = |own: &Phrase| if plain(own) { own.0.clone() } else { query(std::slice::from_ref(own)) };
    phrases(text).iter().map(written).collect::<Vec<_>>().join(" ")
}

/// How many articles have a phrase.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frequency {
    None,
    /// At most [`COMMON`], because one of its words is in no more.
    Rare,
    Common,
}

impl Store {
    /// The articles that somebody is shown and that belong to a choice in which all words and "phrases" of a text stand, but for
    /// those that were retracted: those in the range, counted from the best. No text is wrong: one without words finds nothing.
    pub async fn search_articles(
        &self,
        text: &str,
        range: Range<usize>,
        (sight, choice): (&Sight, &Choice),
    ) -> Result<Found, Error> {
        let phrases = phrases(text);
        let mut ids = self.rows_with(&phrases, (sight, choice)).await?;
        let retracted: HashSet<i64> =
            sqlx::query_scalar(RETRACTED).fetch_all(&self.read).await?.into_iter().collect();
        ids.retain(|id| !retracted.contains(id));
        let ids = self.seen(ids.into_iter().map(ArticleId).collect(), sight).await?;
        let ids = self.chosen(ids, choice).await?;
        let has_more = ids.len() > range.end;
        let ids: Vec<ArticleId> = ids.into_iter().skip(range.start).take(range.len()).collect();
        if ids.is_empty() {
            return Ok(Found::default());
        }
        let mut snippets = self.snippets(&query(&phrases), &ids).await?;
        let articles = self.articles_by_id(&ids).await?.into_iter();
        let hit =
            |article: Article| Hit { snippet: snippets.remove(&article.id.0).unwrap_or_default(), article };
        Ok(Found { hits: articles.map(hit).collect(), has_more })
    }

    /// The rows in which all phrases stand, the best first, or the newest where all phrases are common.
    async fn rows_with(
        &self,
        phrases: &[Phrase],
        (sight, choice): (&Sight, &Choice),
    ) -> Result<Vec<i64>, Error> {
        if phrases.is_empty() {
            return Ok(Vec::new());
        }
        let (mut rare, mut has_common_phrase) = (Vec::new(), false);
        for phrase in phrases {
            match self.frequency(phrase).await? {
                Frequency::None => return Ok(Vec::new()),
                Frequency::Rare => rare.push(phrase.clone()),
                Frequency::Common => has_common_phrase |= phrase.words().count() > 1,
            }
        }
        let last: i64 = sqlx::query_scalar(LAST).fetch_one(&self.read).await?;
        let window = last - WINDOW;
        if rare.is_empty() {
            let mut newest = QueryBuilder::new(NEWEST);
            newest.push("article_search MATCH ").push_bind(query(phrases));
            newest.push(" AND rowid > ").push_bind(window);
            if !sight.is_whole() || *choice != Choice::default() {
                newest.push(" AND EXISTS (SELECT 1 FROM article a WHERE a.id = article_search.rowid");
                sight.push(&mut newest, "a");
                push_choice(&mut newest, "a", choice);
                newest.push(")");
            }
            newest.push(" ORDER BY rowid DESC LIMIT ").push_bind(COMMON);
            return Ok(newest.build_query_scalar().fetch_all(&self.read).await?);
        }
        let after = if has_common_phrase { window } else { 0 };
        let all: HashSet<i64> = sqlx::query_scalar(ALL)
            .bind(query(phrases))
            .bind(after)
            .fetch_all(&self.read)
            .await?
            .into_iter()
            .collect();
        let ranked: Vec<i64> = sqlx::query_scalar(RANKED).bind(query(&rare)).fetch_all(&self.read).await?;
        Ok(ranked.into_iter().filter(|id| all.contains(id)).collect())
    }

    /// A phrase is as rare as the rarest of its words; the phrase itself cannot be counted without all that they are in.
    async fn frequency(&self, phrase: &Phrase) -> Result<Frequency, Error> {
        let mut frequency = Frequency::Common;
        for word in phrase.words() {
            let count = sqlx::query_scalar(COUNT).bind(format!("\"{word}\"")).bind(COMMON + 1);
            match count.fetch_one(&self.read).await? {
                0_i64 => return Ok(Frequency::None),
                count if count <= COMMON => frequency = Frequency::Rare,
                _ => {}
            }
        }
        Ok(frequency)
    }

    async fn snippets(&self, query: &str, ids: &[ArticleId]) -> Result<HashMap<i64, String>, Error> {
        let mut statement = QueryBuilder::new(SNIPPETS);
        statement.push("article_search MATCH ").push_bind(query).push(" AND rowid IN (");
        let mut list = statement.separated(", ");
        for id in ids {
            list.push_bind(id.0);
        }
        statement.push(")");
        Ok(statement.build_query_as().fetch_all(&self.read).await?.into_iter().collect())
    }
}

impl Phrase {
    /// The words that FTS5 finds in it.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
    }
}

/// All phrases, in the language of FTS5.
fn query(phrases: &[Phrase]) -> String {
    phrases.iter().map(|phrase| format!("\"{}\"", phrase.0)).collect::<Vec<_>>().join(" ")
}

/// The words of a text, and what stands in it between quotes: whatever somebody types is a search. Signs alone are left
/// out.
fn phrases(text: &str) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    for (index, part) in line(text).split(['"', '“', '”', '„', '«', '»']).enumerate() {
        let is_quoted = index % 2 == 1;
        let words: Vec<&str> = if is_quoted { vec![part] } else { part.split(' ').collect() };
        for word in words.into_iter().filter(|word| word.chars().any(char::is_alphanumeric)) {
            phrases.push(Phrase(word.chars().take(LONGEST).collect()));
        }
    }
    phrases.truncate(PHRASES);
    phrases
}

#[cfg(test)]
mod tests {
    use super::{as_query, phrases, query};

    #[test]
    fn what_was_typed_is_asked_for_in_feeds_without_needless_quotes() {
        for (text, expected) in [
            ("ferry storm", "ferry storm"),
            ("\"ferry service\" OR C++", "\"ferry service\" \"OR\" \"C++\""),
            ("Fähre 嵐", "Fähre 嵐"),
            ("-", ""),
        ] {
            assert_eq!(as_query(text), expected);
        }
    }

    #[test]
    fn whatever_is_typed_is_a_search() {
        for (text, expected) in [
            ("", ""),
            (" - + ( ) * ^ : \" ", ""),
            ("ferry \n storm", "\"ferry\" \"storm\""),
            ("C++ AND (NOT NEAR", "\"C++\" \"AND\" \"(NOT\" \"NEAR\""),
            ("\"ferry service\" title:x", "\"ferry service\" \"title:x\""),
            ("\"unclosed phrase", "\"unclosed phrase\""),
            ("„Ein Satz“ mehr\0", "\"Ein Satz\" \"mehr\""),
            ("a b c d e f g h i j", "\"a\" \"b\" \"c\" \"d\" \"e\" \"f\" \"g\" \"h\""),
        ] {
            assert_eq!(query(&phrases(text)), expected, "{text:?}");
        }
    }
}
