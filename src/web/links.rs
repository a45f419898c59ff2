//! Links in the head of an answer (RFC 8288): the feeds of a page, and what a feed is of.

use axum::http::HeaderValue;

use super::Settings;
use super::feed::Which;
use crate::render::feed::Format;

/// The feeds of a page, its own first.
pub fn of_page(settings: &Settings, feeds: &[Which]) -> Option<HeaderValue> {
    let links = feeds.iter().flat_map(|which| Format::ALL.map(|format| to_feed(settings, which, format)));
    written(&links.collect::<Vec<_>>())
}

/// A feed's own address, the page of which it is the feed, and the feed in its other formats. `own` is the path of the
/// document, which may be a page of the feed's archive.
pub fn of_feed(settings: &Settings, which: &Which, format: Format, own: &str) -> Option<HeaderValue> {
    let publication = &settings.site.publication;
    let hub = settings.hub_of(which).filter(|_| own == which.path(format));
    let hub = hub.map(|hub| format!("<{hub}>; rel=\"hub\""));
    let own = link(&publication.link(own), "self", format.media_type());
    let page = link(&publication.link(&which.page()), "alternate", "text/html");
    let others = Format::ALL.into_iter().filter(|other| *other != format);
    let others = others.map(|other| to_feed(settings, which, other));
    written(&[own, page].into_iter().chain(hub).chain(others).collect::<Vec<_>>())
}

fn to_feed(settings: &Settings, which: &Which, format: Format) -> String {
    link(&settings.site.publication.link(&which.path(format)), "alternate", format.media_type())
}

fn link(address: &str, relation: &str, kind: &str) -> String {
    format!("<{address}>; rel=\"{relation}\"; type=\"{kind}\"")
}

/// Addresses are percent-encoded; if one could not stand in a header after all, there are no links.
fn written(links: &[String]) -> Option<HeaderValue> {
    if links.is_empty() {
        return None;
    }
    HeaderValue::try_from(links.join(", ")).ok()
}
