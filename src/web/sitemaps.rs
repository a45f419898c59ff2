//! What search engines ask for: where they may go, and which pages there are.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::cache::Document;
use super::feed::TAGS;
use super::pages::kept;
use super::{Error, Settings, Web};
use crate::render::page::{Location, News, news_sitemap, path_segment, robots, sitemap, sitemap_index};

/// How many addresses one sitemap holds (sitemaps.org).
const LOCATIONS: usize = 50_000;

/// How many rows of articles a sitemap holds. Rows are its bounds, so that an article stays in the one that it is in.
const ROWS: i64 = 40_000;

/// How many editions of a newsletter are named, the newest first.
const EDITIONS: i64 = 5000;

/// How many articles a sitemap of news may name, and how old they may be.
const NEWS: i64 = 1000;
const NEWS_AGE: Duration = Duration::from_hours(48);

pub fn router() -> Router<Web> {
    Router::new()
        .route("/robots.txt", get(robots_txt))
        .route("/sitemap.xml", get(whole))
        .route("/sitemaps/{name}", get(part))
        .route("/sitemap-news.xml", get(news))
}

async fn robots_txt(State(web): State<Web>) -> impl IntoResponse {
    robots(&web.settings().site.publication)
}

/// All pages, as long as one document can name them; else the sitemaps that do.
async fn whole(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Error> {
    kept(&web, &headers, ("/sitemap.xml".to_owned(), &[]), async |settings| {
        let parts = web.parts().await?;
        if parts > 1 {
            return Ok(Some(xml(sitemap_index(&settings.site.publication, parts))));
        }
        let mut locations = web.pages(&settings).await?;
        locations.extend(web.articles(&settings, 1).await?);
        Ok(Some(xml(listed(locations))))
    })
    .await
}

/// One of several sitemaps: 0 has what is no article.
async fn part(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let number =
        name.strip_suffix(".xml").and_then(|number| number.parse::<i64>().ok()).filter(|number| *number >= 0);
    let number = number.ok_or(Error::NotFound)?;
    kept(&web, &headers, (format!("/sitemaps/{number}.xml"), &[]), async |settings| {
        let locations = match number {
            0 => web.pages(&settings).await?,
            _ if number > web.parts().await? => return Ok(None),
            _ => web.articles(&settings, number).await?,
        };
        Ok(Some(xml(listed(locations))))
    })
    .await
}

/// What came within the last two days, for search engines of news. It changes with the time, too: once an hour.
async fn news(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Error> {
    let since = web.0.clock.now() - NEWS_AGE;
    let hour = since.as_unix() / 3600;
    kept(&web, &headers, (format!("/sitemap-news.xml {hour}"), &[]), async |settings| {
        let news = web.0.store.news(since, NEWS, &settings.strangers()).await?;
        let site = &settings.site;
        let news: Vec<News> = news.iter().map(|own| News::of(own, &site.publication)).collect();
        Ok(Some(xml(news_sitemap(&news))))
    })
    .await
}

fn listed(mut locations: Vec<Location>) -> String {
    locations.truncate(LOCATIONS);
    sitemap(&locations)
}

fn xml(document: String) -> Document {
    Document::new(document, "application/xml; charset=utf-8")
}

impl Web {
    /// How many sitemaps of articles there are, if there are several.
    async fn parts(&self) -> Result<i64, Error> {
        let last = self.0.store.last_article().await?;
        Ok((last.0 + ROWS - 1) / ROWS)
    }

    /// Every page that is at home here, but for articles.
    async fn pages(&self, settings: &Settings) -> Result<Vec<Location>, Error> {
        let (store, site) = (&self.0.store, &settings.site);
        let at = |path: &str, changed_at| Location { address: site.publication.link(path), changed_at };
        let mut locations = vec![at("", None)];
        for (tag, _) in store.tags(TAGS, &settings.strangers()).await? {
            locations.push(at(&format!("tags/{}", path_segment(&tag)), None));
        }
        let listed = site.newsletters.iter().filter(|own| !own.noindex && !own.is_private);
        for newsletter in listed {
            let own = format!("newsletters/{}", newsletter.slug);
            locations.push(at(&own, None));
            for edition in store.latest_own_editions(newsletter.slug.as_str(), EDITIONS).await? {
                locations.push(at(&format!("{own}/editions/{}", edition.number), Some(edition.published_at)));
            }
        }
        Ok(locations)
    }

    /// The pages of articles in one of the sitemaps, counted from 1: one that the publication's own site has is left out.
    async fn articles(&self, settings: &Settings, part: i64) -> Result<Vec<Location>, Error> {
        let rows = (part.saturating_sub(1).saturating_mul(ROWS), part.saturating_mul(ROWS));
        let own = self.0.store.article_addresses(rows, &settings.strangers()).await?;
        let publication = &settings.site.publication;
        let at = |(slug, changed_at)| Location {
            address: publication.link(&format!("articles/{slug}")),
            changed_at: Some(changed_at),
        };
        Ok(own.into_iter().map(at).collect())
    }
}
