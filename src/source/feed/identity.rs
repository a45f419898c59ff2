//! Which article an item is: the same one through edits of its title, moves of its site and changes of its guid.
//!
//! An item is known by its guid, else by its address, else by what it says. What was seen last time is remembered
//! in the cursor, so that an item is still the same one when a guid appears, disappears or is made anew.

use std::collections::HashSet;
use std::iter::once_with;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::address::canonical;
use crate::model::article::{RawArticle, RawBody};

/// The most items that are remembered: those at the top of the feed, then those seen before.
const MAX_KNOWN: usize = 1_000;

/// The longest guid that is an article's name as it is; of a longer one its hash is.
const MAX_GUID: usize = 500;

/// What the feed's items were last time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Memory(Vec<Known>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Known {
    id: String,
    marks: Marks,
}

/// What an item can be recognised by: its date, and hashes of the rest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Marks {
    #[serde(rename = "g", skip_serializing_if = "Option::is_none", default)]
    guid: Option<Mark>,
    #[serde(rename = "u", skip_serializing_if = "Option::is_none", default)]
    url: Option<Mark>,
    /// Of the address without its host: sites move.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none", default)]
    path: Option<Mark>,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none", default)]
    title: Option<Mark>,
    #[serde(rename = "d", skip_serializing_if = "Option::is_none", default)]
    date: Option<Mark>,
}

type Mark = u64;

/// Ways to recognise an item, the surest first. Each says whether a known item is the one in the feed.
const RULES: [fn(&Marks, &Marks) -> bool; 6] = [
    |known, item| same(known.guid, item.guid),
    |known, item| same(known.url, item.url) && same(known.title, item.title),
    |known, item| same(known.url, item.url) && (known.guid.is_none() || item.guid.is_none()),
    |known, item| same(known.path, item.path) && same(known.title, item.title),
    |known, item| {
        known.is_nameless()
            && item.is_nameless()
            && (same(known.date, item.date) || same(known.title, item.title))
    },
    // A name appears or disappears.
    |known, item| {
        let is_dated_alike = known.date.is_none() || item.date.is_none() || known.date == item.date;
        known.is_nameless() != item.is_nameless() && same(known.title, item.title) && is_dated_alike
    },
];

impl Memory {
    /// Gives each article its id for ever. One that is in the feed twice is left out the second time: the result
    /// may be shorter.
    ///
    /// Before, `external_id` is the item's guid, or empty.
    pub fn identify(&mut self, articles: Vec<RawArticle>) -> Vec<RawArticle> {
        let marks: Vec<Marks> = articles.iter().map(Marks::of).collect();
        let mut ids = self.recognise(&marks);
        let mut used: HashSet<String> = ids.iter().flatten().cloned().collect();
        for (index, article) in articles.iter().enumerate() {
            if ids[index].is_none() {
                ids[index] = names(article).find(|name| !used.contains(name));
                used.extend(ids[index].clone());
            }
        }
        self.remember(&ids, marks);
        let identified = articles.into_iter().zip(ids);
        identified.filter_map(|(article, id)| Some(RawArticle { external_id: id?, ..article })).collect()
    }

    /// What is known already, by the surest rule that fits; no known item is two.
    fn recognise(&self, marks: &[Marks]) -> Vec<Option<String>> {
        let mut ids = vec![None; marks.len()];
        let mut is_taken = vec![false; self.0.len()];
        for is_same in RULES {
            for (id, marks) in ids.iter_mut().zip(marks).filter(|(id, _)| id.is_none()) {
                let fits =
                    |(index, known): &(usize, &Known)| !is_taken[*index] && is_same(&known.marks, marks);
                if let Some((index, known)) = self.0.iter().enumerate().find(fits) {
                    is_taken[index] = true;
                    *id = Some(known.id.clone());
                }
            }
        }
        ids
    }

    fn remember(&mut self, ids: &[Option<String>], marks: Vec<Marks>) {
        let now: Vec<Known> =
            ids.iter().zip(marks).filter_map(|(id, marks)| Some(Known { id: id.clone()?, marks })).collect();
        let before = std::mem::replace(&mut self.0, now);
        let seen: HashSet<String> = self.0.iter().map(|known| known.id.clone()).collect();
        self.0.extend(before.into_iter().filter(|known| !seen.contains(&known.id)));
        self.0.truncate(MAX_KNOWN);
    }
}

impl Marks {
    /// Whether it has neither a guid nor an address.
    const fn is_nameless(&self) -> bool {
        self.guid.is_none() && self.url.is_none()
    }

    fn of(article: &RawArticle) -> Self {
        let guid = Some(article.external_id.trim()).filter(|guid| !guid.is_empty()).map(name_of_guid);
        let url = article.url.as_deref().and_then(canonical);
        let path = url.as_deref().and_then(|url| url.split_once('/')).map(|(_, path)| path.to_owned());
        let title = article.title.as_deref().map(fold).filter(|title| !title.is_empty());
        let date = article.published_at.map(|at| at.as_unix().cast_unsigned());
        Self { guid: mark(guid), url: mark(url), path: mark(path), title: mark(title), date }
    }
}

/// The names an article could have, the best first. Each is made when it is asked for: the last takes all that it says.
fn names(article: &RawArticle) -> impl Iterator<Item = String> {
    let guid = Some(article.external_id.trim()).filter(|guid| !guid.is_empty()).map(name_of_guid);
    let url = once_with(|| article.url.as_deref().and_then(canonical)).flatten();
    guid.into_iter().chain(url).chain(once_with(|| fingerprint(article)))
}

/// A guid is a name as it is; one that is an address may change as addresses do.
fn name_of_guid(guid: &str) -> String {
    let name = canonical(guid).unwrap_or_else(|| guid.to_owned());
    if name.len() > MAX_GUID { hash(&[&name]) } else { name }
}

/// What it says, for an item that has neither guid nor address.
fn fingerprint(article: &RawArticle) -> String {
    let body = match &article.body {
        RawBody::Html(body) | RawBody::Page(body) | RawBody::Markdown(body) | RawBody::Text(body) => {
            body.as_str()
        }
        RawBody::None => "",
    };
    let date = article.published_at.map(|at| at.as_unix().to_string()).unwrap_or_default();
    hash(&[article.title.as_deref().unwrap_or_default(), &date, body])
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!("sha256-{}", data_encoding::HEXLOWER.encode(&hash.finalize()[..16]))
}

fn mark(text: Option<String>) -> Option<Mark> {
    let digest = Sha256::digest(text?.as_bytes());
    digest.first_chunk().copied().map(u64::from_be_bytes)
}

fn same(known: Option<Mark>, item: Option<Mark>) -> bool {
    known.is_some() && known == item
}

/// A title without what an editor changes in passing: case, space, punctuation.
fn fold(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
