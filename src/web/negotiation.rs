//! Whether a feed's address is opened by a person in a browser, or asked for by a program.

use axum::http::{HeaderMap, HeaderName, header};

use super::coding::weight;
use crate::render::feed::Format;

/// What a browser will do with the answer. Feed readers do not send it.
pub const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Whether the answer is to be shown as a document of its own: then what else the client likes is looked at.
pub fn is_for_window(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_DEST).is_some_and(|value| value == "document")
}

/// Whether a page is the better answer than the feed: somebody opens the address in a browser that likes HTML more. Who likes
/// both alike gets the feed.
pub fn prefers_page(headers: &HeaderMap, format: Format) -> bool {
    if !is_for_window(headers) {
        return false;
    }
    let lines: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let liked: Vec<(&str, f32)> = lines.iter().flat_map(|line| line.split(',')).filter_map(weight).collect();
    let feed = kinds(format).iter().map(|kind| liking(kind, &liked)).fold(0.0, f32::max);
    liking("text/html", &liked) > feed
}

/// The media types under which a client may ask for a feed.
const fn kinds(format: Format) -> [&'static str; 3] {
    match format {
        Format::Rss => ["application/rss+xml", "application/xml", "text/xml"],
        Format::Atom => ["application/atom+xml", "application/xml", "text/xml"],
        Format::Json => ["application/feed+json", "application/json", "text/json"],
    }
}

/// How much a client likes a media type: by the range that names it most closely (RFC 9110 §12.5.1). A client that says
/// nothing likes everything.
fn liking(kind: &str, liked: &[(&str, f32)]) -> f32 {
    if liked.is_empty() {
        return 1.0;
    }
    let group = kind.split('/').next().unwrap_or_default();
    let ranges = [kind.to_owned(), format!("{group}/*"), "*/*".to_owned()];
    let find = |range: &String| liked.iter().find(|(name, _)| name.eq_ignore_ascii_case(range));
    ranges.iter().find_map(find).map_or(0.0, |(_, weight)| *weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROMIUM: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
    const FIREFOX: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    #[test]
    fn only_who_opens_a_window_and_likes_pages_more_gets_one() {
        for (destination, accepted, expected) in [
            (Some("document"), Some(CHROMIUM), true),
            (Some("document"), Some(FIREFOX), true),
            (Some("document"), Some("text/html"), true),
            (Some("document"), Some("text/*, application/rss+xml;q=0.5, text/xml;q=0.1"), true),
            (Some("document"), Some("*/*"), false),
            (Some("document"), None, false),
            (Some("document"), Some("text/html, application/rss+xml"), false),
            (Some("document"), Some("text/html;q=0.9, application/rss+xml"), false),
            (Some("document"), Some("application/xml, text/html"), false),
            (Some("document"), Some("text/html;q=0"), false),
            (Some("empty"), Some(FIREFOX), false),
            (Some("iframe"), Some(FIREFOX), false),
            (None, Some(CHROMIUM), false),
            (None, Some("text/html"), false),
            (None, None, false),
        ] {
            let mut headers = HeaderMap::new();
            let lines = [(SEC_FETCH_DEST, destination), (header::ACCEPT, accepted)];
            headers
                .extend(lines.into_iter().filter_map(|(name, value)| Some((name, value?.parse().unwrap()))));
            assert_eq!(prefers_page(&headers, Format::Rss), expected, "{destination:?} {accepted:?}");
        }
    }
}
