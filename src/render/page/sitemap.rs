//! What search engines are told.

use askama::Template;

use super::written;
use crate::model::publication::Publication;
use crate::model::time::Timestamp;

/// A page, and when it last changed.
#[derive(Clone, Debug)]
pub struct Location {
    /// Absolute.
    pub address: String,
    /// Where that is known.
    pub changed_at: Option<Timestamp>,
}

#[derive(Template)]
#[template(path = "page/sitemap.xml")]
struct Sitemap<'a> {
    locations: &'a [Location],
}

/// The list of pages (sitemaps.org): at most 50,000.
pub fn sitemap(locations: &[Location]) -> String {
    written(&Sitemap { locations })
}

/// What crawlers may fetch (RFC 9309): everything but what answers a mail.
pub fn robots(publication: &Publication) -> String {
    let root = publication.base_url.path();
    let sitemap = publication.link("sitemap.xml");
    format!(
        "User-agent: *\nDisallow: {root}address/\nDisallow: {root}confirm/\nDisallow: {root}manage\nDisallow: {root}unsubscribe/\nSitemap: {sitemap}\n"
    )
}
