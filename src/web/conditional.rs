//! Conditional requests (RFC 9110 §13): whether a client has already what it asks for, and whether it still wants it.

use std::borrow::Cow;
use std::iter;

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};

use super::cache::HASH_LENGTH;
use super::coding::Coding;
use crate::model::time::Timestamp;

/// What a client that asks with conditions is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The document in this coding.
    Whole(Coding),
    /// That its own copy, which is in this coding, is the document.
    Unchanged(Coding),
    /// That the document is not the one that it wants to go on with.
    Failed,
}

/// A document, as conditions are about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Names its bytes.
    pub hash: &'a str,
    /// When it last changed, where that is said.
    pub modified: Option<Timestamp>,
    /// The coding in which the client gets it.
    pub coding: Coding,
}

/// The entity tag of a document in one coding: strong, for each coding has bytes of its own.
pub fn etag(hash: &str, coding: Coding) -> String {
    format!("\"{hash}{}\"", coding.tag_suffix())
}

/// Evaluates the conditions of a GET or HEAD request in the order of RFC 9110 §13.2.2.
///
/// There are no ranges here, so that `Range` and `If-Range` ask for the whole document (§14.2).
pub fn evaluate(headers: &HeaderMap, subject: &Subject<'_>) -> Verdict {
    if headers.contains_key(header::IF_MATCH) {
        let Some(coding) = subject.named_strongly(&list(headers, header::IF_MATCH)) else {
            return Verdict::Failed;
        };
        return Subject { coding, ..*subject }.against_own_copy(headers);
    }
    let until = moment(headers, header::IF_UNMODIFIED_SINCE);
    if until.zip(subject.modified).is_some_and(|(until, modified)| modified > until) {
        return Verdict::Failed;
    }
    subject.against_own_copy(headers)
}

/// The versions of a document that a client says it has: their hashes, and the codings in which it has them.
pub fn known_versions(headers: &HeaderMap) -> Vec<(String, Coding)> {
    let list = list(headers, header::IF_NONE_MATCH);
    let version = |tag: Tag<'_>| {
        let hash = tag.opaque.get(..HASH_LENGTH)?;
        Some((hash.to_owned(), coding_of(tag.opaque, hash)?))
    };
    tags(&list).filter_map(version).collect()
}

impl Subject<'_> {
    /// `If-None-Match` decides alone where there is one; `If-Modified-Since` only where there is none.
    fn against_own_copy(&self, headers: &HeaderMap) -> Verdict {
        let own = if headers.contains_key(header::IF_NONE_MATCH) {
            self.named(&list(headers, header::IF_NONE_MATCH))
        } else {
            let since = moment(headers, header::IF_MODIFIED_SINCE);
            let is_older = since.zip(self.modified).is_some_and(|(since, modified)| modified <= since);
            is_older.then_some(self.coding)
        };
        own.map_or(Verdict::Whole(self.coding), Verdict::Unchanged)
    }

    /// The coding of the document that a list names, preferably the one that the client gets. Weak comparison: a tag is
    /// ours whatever coding it names, also with the `-gzip` that proxies append; the client then keeps the copy it has.
    fn named(&self, list: &str) -> Option<Coding> {
        if list.trim() == "*" {
            return Some(self.coding);
        }
        let known = || tags(list).filter_map(|tag| coding_of(tag.opaque, self.hash));
        known().find(|coding| *coding == self.coding).or_else(|| known().next())
    }

    /// The same by strong comparison: a weak tag names nothing, and neither does one without quotes or one that a proxy
    /// has changed.
    fn named_strongly(&self, list: &str) -> Option<Coding> {
        if list.trim() == "*" {
            return Some(self.coding);
        }
        let is_named = |coding: &Coding| {
            let own = format!("{}{}", self.hash, coding.tag_suffix());
            tags(list).any(|tag| tag.is_strong && tag.opaque == own)
        };
        iter::once(self.coding).chain(Coding::ALL).find(is_named)
    }
}

/// The lines of a header that is a list, as one.
fn list(headers: &HeaderMap, name: HeaderName) -> Cow<'_, str> {
    // A tag of somebody else's may hold any byte from 0x80 on (RFC 9110 §8.8.3).
    let mut lines = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let first = lines.next().unwrap_or_default();
    lines.fold(first, |list, line| list + "," + line)
}

/// The date of a header; what is no HTTP date, and more than one of them, says nothing (RFC 9110 §13.1.3 and §13.1.4).
fn moment(headers: &HeaderMap, name: HeaderName) -> Option<Timestamp> {
    let mut lines = headers.get_all(name).iter();
    let line = lines.next().filter(|_| lines.next().is_none()).map(HeaderValue::to_str)?;
    Timestamp::from_http_date(line.ok()?)
}

/// A tag of a list.
#[derive(Debug, PartialEq, Eq)]
struct Tag<'a> {
    /// What stands between the quotes.
    opaque: &'a str,
    /// Whether it has quotes and no `W/` before them.
    is_strong: bool,
}

/// The tags of a list; one without quotes is taken as it is.
fn tags(list: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = list;
    iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
        let bare = rest.strip_prefix("W/").unwrap_or(rest);
        if bare.is_empty() {
            return None;
        }
        let (quote, text) = bare.strip_prefix('"').map_or((',', bare), |text| ('"', text));
        let (opaque, after) = text.split_once(quote).unwrap_or((text, ""));
        let is_strong = quote == '"' && bare.len() == rest.len();
        rest = after;
        Some(Tag { opaque: opaque.trim(), is_strong })
    })
}

/// Which coding of the document of this hash a tag names.
fn coding_of(tag: &str, hash: &str) -> Option<Coding> {
    let suffix = tag.strip_prefix(hash)?;
    let suffix = suffix.strip_suffix("-gzip").filter(|inner| !inner.is_empty()).unwrap_or(suffix);
    Coding::ALL.into_iter().find(|coding| coding.tag_suffix() == suffix)
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Failed, Unchanged, Whole};
    use super::*;

    const GZIP: Coding = Coding::Gzip;

    fn verdict(lines: &[(&'static str, &str)], modified: Option<&str>) -> Verdict {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let modified = modified.and_then(Timestamp::from_http_date);
        evaluate(&headers, &Subject { hash: "abc", modified, coding: GZIP })
    }

    #[test]
    fn a_tag_is_told_however_it_is_written() {
        for (list, expected) in [
            ("\"abc-gzip\"", Unchanged(GZIP)),
            ("W/\"abc-gzip\"", Unchanged(GZIP)),
            (" * ", Unchanged(GZIP)),
            ("\"x\" , W/\"abc-gzip\"", Unchanged(GZIP)),
            (", ,\"abc-gzip\"", Unchanged(GZIP)),
            ("\"a,b\", \"abc-gzip\"", Unchanged(GZIP)),
            ("abc-gzip", Unchanged(GZIP)),
            ("x, abc-gzip", Unchanged(GZIP)),
            ("\"abc\"", Unchanged(Coding::Identity)),
            ("\"abc-br\"", Unchanged(Coding::Brotli)),
            ("\"abc-br-gzip\"", Unchanged(Coding::Brotli)),
            ("\"abc-gzip-gzip\"", Unchanged(GZIP)),
            ("\"abc\", \"abc-gzip\"", Unchanged(GZIP)),
            ("\"abcd\"", Whole(GZIP)),
            ("\"ab\"", Whole(GZIP)),
            ("\"abc-zip\"", Whole(GZIP)),
            ("\"ABC\"", Whole(GZIP)),
            ("", Whole(GZIP)),
            ("\"", Whole(GZIP)),
            ("W/", Whole(GZIP)),
            ("\"*\"", Whole(GZIP)),
            ("*, \"x\"", Whole(GZIP)),
        ] {
            assert_eq!(verdict(&[("if-none-match", list)], None), expected, "{list:?}");
        }
    }

    #[test]
    fn a_document_without_a_date_has_only_its_tag() {
        let date = "Mon, 02 Mar 2026 07:00:00 GMT";
        for (name, dated) in [("if-modified-since", Unchanged(GZIP)), ("if-unmodified-since", Whole(GZIP))] {
            assert_eq!(verdict(&[(name, date)], None), Whole(GZIP), "{name}");
            assert_eq!(verdict(&[(name, date)], Some(date)), dated, "{name}");
        }
        let old = [("if-unmodified-since", "Mon, 02 Mar 2020 07:00:00 GMT")];
        assert_eq!(verdict(&old, Some(date)), Failed);
        assert_eq!(verdict(&[("if-none-match", "\"abc\"")], None), Unchanged(Coding::Identity));
    }

    #[test]
    fn the_versions_that_a_client_has_are_told_from_their_tags() {
        let (one, two) = ("0123456789abcdef01234567", "89abcdef0123456789abcdef");
        let mut headers = HeaderMap::new();
        headers.append("if-none-match", format!("W/\"{one}-br\", \"x\", \"{one}x\"").parse().unwrap());
        headers.append("if-none-match", format!("\"{two}\", \"ä\"").parse().unwrap());
        let expected = [(one.to_owned(), Coding::Brotli), (two.to_owned(), Coding::Identity)];
        assert_eq!(known_versions(&headers), expected);
    }
}
