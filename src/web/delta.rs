//! What came to a feed since a client was there: `A-IM: feed` (RFC 3229)
//!
//! The manipulation `feed` is not in the RFC but in the readers: the entries that are new or changed, in a feed of their own.

use std::collections::HashSet;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use sha2::{Digest, Sha256};

use super::answer::{tag, validate, whole};
use super::cache::Document;
use super::coding::{Coding, weight};
use super::feed::{Feeds, Which};
use super::feeds::kind;
use super::{Error, Live, Web, conditional};
use crate::render::feed::{Format, Print};
use crate::store::DocumentVersion;

/// The request header that says which manipulations a client accepts.
pub const A_IM: HeaderName = HeaderName::from_static("a-im");

/// The response header that says which were done.
pub const IM: HeaderName = HeaderName::from_static("im");

/// The response header that names the version which the client must have.
pub const DELTA_BASE: HeaderName = HeaderName::from_static("delta-base");

/// How many of the versions that a client says it has are looked for.
const VERSIONS: usize = 8;

/// The version of a feed that a client has, as it was told of it.
pub struct Base {
    /// Names its bytes.
    pub hash: String,
    /// In which coding the client has it.
    pub coding: Coding,
    entries: Vec<Print>,
}

/// Whether a client takes what came since in the place of the whole feed.
pub fn is_accepted(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(A_IM).iter().filter_map(|line| line.to_str().ok());
    let mut named = lines.flat_map(|line| line.split(',')).filter_map(weight);
    named.any(|(name, weight)| name.eq_ignore_ascii_case("feed") && weight > 0.0)
}

/// What came since the version that a client has, as the answer to it; `None` if it gets the whole feed.
pub(super) async fn part(
    web: &Web,
    settings: &Live,
    (which, format): (&Which, Format),
    (current, headers): (&Document, &HeaderMap),
) -> Result<Option<Response>, Error> {
    if !is_accepted(headers) {
        return Ok(None);
    }
    let path = which.path(format);
    let Some(base) = find_base(web, &path, headers).await? else { return Ok(None) };
    let limit = Feeds::limit(which);
    if base.changed_since(&current.entries, limit).is_none() {
        return Ok(None);
    }
    let make = async {
        let Some(feed) = web.feeds(settings).compose(which).await? else { return Ok(None) };
        let changed = base.changed_since(&feed.prints(), limit);
        Ok(changed.map(|changed| Document::new(feed.with_only(&changed).render(format), kind(format))))
    };
    let basis = async { Ok(Some(Sha256::digest(&current.hash).into())) };
    let name = format!("{path} since {}", base.hash);
    let part = web.document_made_from(settings, &name, basis, make).await?;
    let Some(part) = part else { return Ok(None) };
    let liked = Coding::liked(headers);
    let coding = current.coding(&liked);
    let mut response = whole(&part, part.coding(&liked)).await;
    *response.status_mut() = StatusCode::IM_USED;
    validate(&mut response, current, coding);
    let named = response.headers_mut();
    named.insert(IM, HeaderValue::from_static("feed"));
    named.insert(DELTA_BASE, tag(&base.hash, base.coding));
    Ok(Some(response))
}

/// The latest version of the feed at this path that a client says it has and that is still known.
pub async fn find_base(web: &Web, path: &str, headers: &HeaderMap) -> Result<Option<Base>, Error> {
    let mut latest: Option<(DocumentVersion, Coding)> = None;
    for (hash, coding) in conditional::known_versions(headers).into_iter().take(VERSIONS) {
        let Some(version) = web.0.store.find_document_version(path, &hash).await? else { continue };
        if latest.as_ref().is_none_or(|(latest, _)| version.modified_at > latest.modified_at) {
            latest = Some((version, coding));
        }
    }
    Ok(latest.map(|(version, coding)| Base { entries: read(&version.entries), hash: version.hash, coding }))
}

/// The prints of entries as the store keeps them.
pub fn written(entries: &[Print]) -> Vec<u8> {
    entries.iter().flat_map(|entry| entry.bytes()).collect()
}

fn read(bytes: &[u8]) -> Vec<Print> {
    bytes.as_chunks().0.iter().map(|bytes| Print::read(*bytes)).collect()
}

impl Base {
    /// Which entries of the feed as it is now, by their places, are new or changed since. `None` if the whole feed is the
    /// better answer: all of it is new, or something was taken from it, which a part cannot say.
    ///
    /// A feed that has all the `limit` entries that it may have loses its last one for each new one.
    pub fn changed_since(&self, now: &[Print], limit: usize) -> Option<Vec<usize>> {
        let present: HashSet<_> = now.iter().map(|entry| entry.id).collect();
        let is_gone = |entry: &Print| !present.contains(&entry.id);
        let kept = self.entries.iter().take_while(|entry| !is_gone(entry)).count();
        let is_only_the_end_gone = self.entries[kept..].iter().all(is_gone);
        let may_end_go = kept == self.entries.len() || now.len() >= limit;
        let known: HashSet<&Print> = self.entries.iter().collect();
        let changed: Vec<usize> = (0..now.len()).filter(|place| !known.contains(&now[*place])).collect();
        (is_only_the_end_gone && may_end_go && changed.len() < now.len()).then_some(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prints(entries: &str) -> Vec<Print> {
        let print = |entry: &str| {
            let (id, version) = entry.split_at(1);
            Print { id: [id.as_bytes()[0]; 8], whole: [version.parse().unwrap_or(0); 8] }
        };
        entries.split_whitespace().map(print).collect()
    }

    #[test]
    fn a_part_of_a_feed_is_an_answer_only_where_nothing_was_taken_away() {
        for (before, now, limit, expected) in [
            ("b a", "c b a", 9, Some(vec![0])),
            ("b a", "d c b a", 9, Some(vec![0, 1])),
            ("b a", "b a1", 9, Some(vec![1])),
            ("b a", "b c a", 9, Some(vec![1])),
            ("b a", "a b", 9, Some(vec![])),
            ("b a", "c b", 2, Some(vec![0])),
            ("c b a", "d c b", 3, Some(vec![0])),
            ("c b a", "e d c", 3, Some(vec![0, 1])),
            ("c b a", "f e d", 3, None),
            ("b a", "c d", 9, None),
            ("b a", "b", 9, None),
            ("b a", "a", 9, None),
            ("b a", "c b", 9, None),
            ("c b a", "d c a", 3, None),
            ("", "a", 9, None),
            ("a", "", 9, None),
        ] {
            let base = Base { hash: String::new(), coding: Coding::Identity, entries: prints(before) };
            assert_eq!(base.changed_since(&prints(now), limit), expected, "{before} → {now}");
        }
    }

    #[test]
    fn prints_are_read_as_they_were_written() {
        let entries = prints("c3 b2 a1");
        assert_eq!(read(&written(&entries)), entries);
    }

    #[test]
    fn a_client_says_whether_it_takes_a_part() {
        for (line, expected) in [
            ("feed", true),
            ("FEED", true),
            ("vcdiff, feed", true),
            ("feed;q=0.5, gzip", true),
            ("feed;q=0", false),
            ("vcdiff", false),
            ("", false),
            ("feeds", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(A_IM, line.parse().unwrap());
            assert_eq!(is_accepted(&headers), expected, "{line:?}");
        }
    }
}
