//! What search engines are told.

use askama::Template;

use super::written;
use crate::model::article::Article;
use crate::model::publication::Publication;
use crate::model::text::line;
use crate::model::time::Timestamp;

/// A page, and when it last changed.
#[derive(Clone, Debug)]
pub struct Location {
    /// Absolute.
    pub address: String,
    /// Where that is known.
    pub changed_at: Option<Timestamp>,
}

/// An article that is news.
#[derive(Clone, Debug)]
pub struct News {
    address: String,
    title: String,
    publication: String,
    /// As Google wants it.
    language: String,
    published_at: Timestamp,
}

impl News {
    /// An article whose page is at home here.
    pub fn of(article: &Article, publication: &Publication) -> Self {
        let language = article.content.language.as_deref().unwrap_or(&publication.language);
        Self {
            address: publication.link(&format!("articles/{}", article.slug)),
            title: line(&article.content.title),
            publication: line(&publication.title),
            language: news_language(language),
            published_at: article.dated(),
        }
    }
}

/// A language as Google's sitemaps of news name it: by two letters or three, but for the two ways to write Chinese.
fn news_language(tag: &str) -> String {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    if language != "zh" {
        return language.to_owned();
    }
    let parts: Vec<&str> = parts.collect();
    let is_traditional = parts.contains(&"hant")
        || !parts.contains(&"hans") && ["tw", "hk", "mo"].iter().any(|region| parts.contains(region));
    if is_traditional { "zh-tw" } else { "zh-cn" }.to_owned()
}

#[derive(Template)]
#[template(path = "page/sitemap-news.xml")]
struct NewsSitemap<'a> {
    news: &'a [News],
}

/// The list of articles that are news (Google's extension of sitemaps): at most 1,000.
pub fn news_sitemap(news: &[News]) -> String {
    written(&NewsSitemap { news })
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

#[derive(Template)]
#[template(path = "page/sitemap-index.xml")]
struct SitemapIndex {
    addresses: Vec<String>,
}

/// The list of sitemaps (sitemaps.org), where one cannot hold all: that of pages other than articles, and so many of articles.
pub fn sitemap_index(publication: &Publication, parts: i64) -> String {
    let address = |part| publication.link(&format!("sitemaps/{part}.xml"));
    written(&SitemapIndex { addresses: (0..=parts).map(address).collect() })
}

/// What crawlers may fetch (RFC 9309): everything but what answers a mail.
pub fn robots(publication: &Publication) -> String {
    let root = publication.base_url.path();
    let [sitemap, news] = ["sitemap.xml", "sitemap-news.xml"].map(|path| publication.link(path));
    format!(
        "User-agent: *\nDisallow: {root}address/\nDisallow: {root}confirm/\nDisallow: {root}manage\nDisallow: {root}search\nDisallow: {root}unsubscribe/\nSitemap: {sitemap}\nSitemap: {news}\n"
    )
}
