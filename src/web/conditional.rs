//! Conditional requests (RFC 9110 §13): whether a client has already what it asks for.

use axum::http::{HeaderMap, header};

use super::coding::Coding;
use crate::model::time::Timestamp;

/// The entity tag of a document in one coding: strong, for each coding has bytes of its own.
pub fn etag(hash: &str, coding: Coding) -> String {
    format!("\"{hash}{}\"", coding.tag_suffix())
}

/// The tag for a 304, if the client's own copy is the document of this hash.
///
/// `If-None-Match` decides alone where there is one; `If-Modified-Since` only where there is none. A tag is ours
/// whatever coding it names, weak or strong, also with the `-gzip` that proxies append: the client then keeps the copy
/// that it has.
pub fn unchanged(
    headers: &HeaderMap,
    hash: &str,
    coding: Coding,
    modified: Option<Timestamp>,
) -> Option<String> {
    let tags: Vec<&str> =
        headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).collect();
    if headers.contains_key(header::IF_NONE_MATCH) {
        return matching(&tags.join(","), hash, coding);
    }
    let since = headers.get(header::IF_MODIFIED_SINCE)?.to_str().ok()?;
    let is_older = modified? <= Timestamp::from_http_date(since)?;
    is_older.then(|| etag(hash, coding))
}

fn matching(list: &str, hash: &str, wanted: Coding) -> Option<String> {
    if list.trim() == "*" {
        return Some(etag(hash, wanted));
    }
    let known: Vec<Coding> = opaque_tags(list).into_iter().filter_map(|tag| coding_of(tag, hash)).collect();
    let coding = known.iter().find(|coding| **coding == wanted).or(known.first())?;
    Some(etag(hash, *coding))
}

/// What stands between the quotes of each tag of a list; a tag without quotes is taken as it is.
fn opaque_tags(list: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
        rest = rest.strip_prefix("W/").unwrap_or(rest);
        if rest.is_empty() {
            return tags;
        }
        let (quote, text) = rest.strip_prefix('"').map_or((',', rest), |text| ('"', text));
        let (tag, after) = text.split_once(quote).unwrap_or((text, ""));
        tags.push(tag.trim());
        rest = after;
    }
}

/// Which coding of the document of this hash a tag names.
fn coding_of(tag: &str, hash: &str) -> Option<Coding> {
    let suffix = tag.strip_prefix(hash)?;
    let suffix = suffix.strip_suffix("-gzip").filter(|inner| !inner.is_empty()).unwrap_or(suffix);
    Coding::ALL.into_iter().find(|coding| coding.tag_suffix() == suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODIFIED: &str = "Mon, 02 Mar 2026 07:00:00 GMT";
    const NEVER: &[(&str, &str)] = &[];

    fn answer(lines: &[(&'static str, &str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        unchanged(&headers, "abc", Coding::Gzip, Timestamp::from_http_date(MODIFIED))
    }

    #[test]
    fn a_client_that_has_the_document_is_told_so_and_no_other() {
        let ours = Some("\"abc-gzip\"");
        for (lines, expected) in [
            (NEVER, None),
            (&[("if-none-match", "\"abc-gzip\"")], ours),
            (&[("if-none-match", "W/\"abc-gzip\"")], ours),
            (&[("if-none-match", "*")], ours),
            (&[("if-none-match", " * ")], ours),
            (&[("if-none-match", "\"x\", \"abc-gzip\"")], ours),
            (&[("if-none-match", "\"x\",\"abc-gzip\",\"y\"")], ours),
            (&[("if-none-match", "\"x\" , W/\"abc-gzip\"")], ours),
            (&[("if-none-match", ", ,\"abc-gzip\"")], ours),
            (&[("if-none-match", "\"a,b\", \"abc-gzip\"")], ours),
            (&[("if-none-match", "abc-gzip")], ours),
            (&[("if-none-match", "x, abc-gzip")], ours),
            (&[("if-none-match", "\"x\""), ("if-none-match", "\"abc-gzip\"")], ours),
            (&[("if-none-match", "\"abc\"")], Some("\"abc\"")),
            (&[("if-none-match", "\"abc-br\"")], Some("\"abc-br\"")),
            (&[("if-none-match", "\"abc-br-gzip\"")], Some("\"abc-br\"")),
            (&[("if-none-match", "\"abc-gzip-gzip\"")], ours),
            (&[("if-none-match", "\"abc\", \"abc-gzip\"")], ours),
            (&[("if-none-match", "\"abcd\"")], None),
            (&[("if-none-match", "\"ab\"")], None),
            (&[("if-none-match", "\"abc-zip\"")], None),
            (&[("if-none-match", "\"ABC\"")], None),
            (&[("if-none-match", "")], None),
            (&[("if-none-match", "\"")], None),
            (&[("if-none-match", "W/")], None),
            (&[("if-none-match", "\"*\"")], None),
            (&[("if-modified-since", MODIFIED)], ours),
            (&[("if-modified-since", "Mon, 02 Mar 2026 07:00:01 GMT")], ours),
            (&[("if-modified-since", "Mon, 02 Mar 2026 06:59:59 GMT")], None),
            (&[("if-modified-since", "Sun, 02 Mar 2036 07:00:00 GMT")], ours),
            (&[("if-modified-since", "Monday, 02-Mar-26 07:00:00 GMT")], ours),
            (&[("if-modified-since", "Mon Mar  2 07:00:00 2026")], ours),
            (&[("if-modified-since", "Mon Mar  2 06:59:59 2026")], None),
            (&[("if-modified-since", "2026-03-02T07:00:00Z")], None),
            (&[("if-modified-since", "yesterday")], None),
            (&[("if-modified-since", "")], None),
            (&[("if-none-match", "\"x\""), ("if-modified-since", MODIFIED)], None),
            (
                &[("if-none-match", "\"abc-gzip\""), ("if-modified-since", "Mon, 01 Jan 2001 00:00:00 GMT")],
                ours,
            ),
            (&[("if-none-match", "nonsense"), ("if-modified-since", MODIFIED)], None),
            (&[("if-unmodified-since", MODIFIED)], None),
        ] as [(&[(&str, &str)], Option<&str>); _]
        {
            assert_eq!(answer(lines).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_document_without_a_date_has_only_its_tag() {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MODIFIED_SINCE, MODIFIED.parse().unwrap());
        assert_eq!(unchanged(&headers, "abc", Coding::Identity, None), None);
        headers.insert(header::IF_NONE_MATCH, "\"abc\"".parse().unwrap());
        assert_eq!(unchanged(&headers, "abc", Coding::Identity, None).as_deref(), Some("\"abc\""));
    }
}
