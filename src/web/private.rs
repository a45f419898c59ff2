//! The pages of a private newsletter, for who comes by a signed link of its reader.
//!
//! A page is made once for all readers and kept in memory once: where it leads on stands a slot, into which each reader's
//! token is put. Nothing here is kept by a cache elsewhere.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::answer::whole;
use super::cache::Document;
use super::coding::Coding;
use super::pages::{Turned, html};
use super::{Error, Live, Web};
use crate::model::edition::EditionNumber;
use crate::model::newsletter::{Newsletter, NewsletterId};
use crate::model::slot;
use crate::model::token::Token;
use crate::render::page::Way;
use crate::store::Sight;

/// For what nobody but the reader's own browser may have, and not even that keeps.
const NOT_KEPT: HeaderValue = HeaderValue::from_static("private, no-store");

pub fn router() -> Router<Web> {
    Router::new()
        .route("/private/{token}", get(editions))
        .route("/private/{token}/editions/{number}", get(edition))
        .route("/private/{token}/articles/{slug}", get(article))
}

/// A reader who may read a newsletter.
struct Reading<'a> {
    settings: &'a Live,
    token: &'a str,
    newsletter: &'a Newsletter,
    id: NewsletterId,
}

async fn editions(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(turned): Query<Turned>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let settings = web.settings();
    let reading = web.reading(&settings, &token).await?;
    let (newsletter, number) = (reading.newsletter, turned.number());
    if !newsletter.is_private {
        return Ok(public(&settings, &format!("newsletters/{}", newsletter.slug)));
    }
    let make = async {
        let lines = web.edition_lines(&settings, (newsletter, number), &Sight::Operator).await?;
        Ok(lines.map(|(lines, part)| html(settings.site.readers_page(newsletter, (&lines, part)))))
    };
    reading.page(&web, &headers, &format!("?{number}"), make).await
}

async fn edition(
    State(web): State<Web>,
    Path((token, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let settings = web.settings();
    let reading = web.reading(&settings, &token).await?;
    let number: EditionNumber = number.parse().map_err(|_| Error::NotFound)?;
    let (newsletter, place) = (reading.newsletter, format!("/editions/{number}"));
    if !newsletter.is_private {
        return Ok(public(&settings, &format!("newsletters/{}{place}", newsletter.slug)));
    }
    let make = async {
        let page = web.edition_page(&settings, (newsletter, number), &Sight::Operator).await?;
        Ok(page.map(html))
    };
    reading.page(&web, &headers, &place, make).await
}

async fn article(
    State(web): State<Web>,
    Path((token, slug)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let settings = web.settings();
    let reading = web.reading(&settings, &token).await?;
    let store = &web.0.store;
    let found = store.find_article_by_slug(&slug).await?.ok_or(Error::NotFound)?;
    if store.is_seen(found.id, &settings.strangers()).await? {
        return Ok(public(&settings, &format!("articles/{slug}")));
    }
    let sight = Sight::of_readers(reading.newsletter, reading.id, settings.site.public.clone());
    let make = async {
        let article = web.find_article(&slug, &sight).await?;
        Ok(article.map(|(article, related)| html(settings.site.article(&article, &related, Way::Signed))))
    };
    reading.page(&web, &headers, &format!("/articles/{slug}"), make).await
}

/// Leads to what everybody may see, without the token.
fn public(settings: &Live, path: &str) -> Response {
    Redirect::to(&format!("{}{path}", settings.site.root())).into_response()
}

impl Reading<'_> {
    /// What stands at a place below the reader's link, with the reader's token in its slots.
    async fn page<M>(&self, web: &Web, headers: &HeaderMap, place: &str, make: M) -> Result<Response, Error>
    where
        M: Future<Output = Result<Option<Document>, Error>>,
    {
        let name = format!("private {}{place}", self.newsletter.slug);
        let document = web.document(self.settings, &name, make).await?.ok_or(Error::NotFound)?;
        let filled = filled(&document, self.token);
        let mut response = whole(&filled, filled.coding(&Coding::liked(headers))).await;
        response.headers_mut().insert(header::CACHE_CONTROL, NOT_KEPT);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        Ok(response)
    }
}

/// A document with a reader's token in its slots.
pub(super) fn filled(document: &Arc<Document>, token: &str) -> Document {
    let text = String::from_utf8_lossy(&document.body);
    Document::new(text.replace(slot::READER, &token.to_ascii_lowercase()), document.kind)
}

impl Web {
    /// What a link opens: one in a digest, or one in a reader's own feed.
    ///
    /// # Errors
    /// If it is not ours, or opens nothing any more.
    async fn reading<'a>(&self, settings: &'a Live, token: &'a str) -> Result<Reading<'a>, Error> {
        let store = &self.0.store;
        let (reader, id) = match store.key().verify(token) {
            Some(Token::Reader(reader, newsletter)) => (reader, newsletter),
            Some(Token::Feed(reader, feed)) => {
                let newsletter = store.find_private_feed(reader, feed).await?;
                (reader, newsletter.ok_or(Error::FeedOver)?)
            }
            _ => return Err(Error::BadLink),
        };
        let access = store.find_access(reader, id).await?.ok_or(Error::BadLink)?;
        let newsletter = settings.site.newsletter(&access.newsletter).ok_or(Error::Gone)?;
        if newsletter.is_private && !access.is_active {
            return Err(Error::PrivateOver(access.newsletter));
        }
        Ok(Reading { settings, token, newsletter, id })
    }
}
