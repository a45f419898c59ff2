//! Feeds of private newsletters, each for one reader, at an address that nobody else has.
//!
//! What is in them is the same for all readers of a newsletter: it is made once, kept in memory once, and has one tag. Only who
//! has not got it yet costs the putting in of their token.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::answer::{validate, whole};
use super::cache::Document;
use super::coding::Coding;
use super::conditional::{self, Subject, Verdict};
use super::feed::{Condition, Which};
use super::feeds::{dated, kind, vary};
use super::pages::html;
use super::private::filled;
use super::{Error, Live, Web, negotiation};
use crate::model::allowance::Allowance;
use crate::model::newsletter::Newsletter;
use crate::model::token::Token;
use crate::render::feed::Format;

/// How often one feed may be asked for: by all the devices of a reader, and not by everybody.
const ALLOWANCE: Allowance =
    Allowance { burst: NonZeroU32::new(60).expect("not zero"), refill: Duration::from_secs(30) };

pub fn router() -> Router<Web> {
    Router::new().route("/feed/private/{token}", get(serve))
}

async fn serve(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (token, extension) = name.rsplit_once('.').ok_or(Error::NotFound)?;
    let format = Format::of_extension(extension).ok_or(Error::NotFound)?;
    let (settings, store) = (web.settings(), &web.0.store);
    let Some(Token::Feed(reader, feed)) = store.key().verify(token) else { return Err(Error::BadLink) };
    web.0.private_feeds.admit(feed, ALLOWANCE, web.0.clock.now())?;
    let id = store.find_private_feed(reader, feed).await?.ok_or(Error::FeedOver)?;
    let access = store.find_access(reader, id).await?.ok_or(Error::FeedOver)?;
    let newsletter = settings.site.newsletter(&access.newsletter).ok_or(Error::Gone)?;
    let which = Which::of(Condition::newsletter(&access.newsletter));
    if !newsletter.is_private {
        let path = format!("{}{}", settings.site.root(), which.path(format));
        return Ok(Redirect::to(&path).into_response());
    }
    let mut response = if negotiation::prefers_page(&headers, format) {
        page(&web, &settings, (newsletter, token), (format, &headers)).await?
    } else {
        document(&web, &settings, (newsletter, token), (format, &headers)).await?
    };
    let now = web.0.clock.now();
    let max_age = web.feeds(&settings).max_age(&which, &web.next_pulls(now).await?, now).as_secs();
    let caching = HeaderValue::try_from(format!("private, max-age={max_age}"));
    response.headers_mut().insert(header::CACHE_CONTROL, caching.expect("digits and letters"));
    response.headers_mut().insert(header::VARY, vary(false, &headers));
    Ok(response)
}

/// The feed, or that the client has it.
async fn document(
    web: &Web,
    settings: &Live,
    (newsletter, token): (&Newsletter, &str),
    (format, headers): (Format, &HeaderMap),
) -> Result<Response, Error> {
    let name = format!("private {}.{}", newsletter.slug, format.extension());
    let make = Box::pin(async {
        let feed = web.feeds(settings).private(newsletter).await?;
        let document = Document::new(feed.render(format), kind(format));
        Ok(Some(dated(web, &name, &feed, document, Vec::new()).await))
    });
    let basis = async { Ok(Some(web.feeds(settings).basis_of_private(newsletter).await?)) };
    let mould: Arc<Document> =
        web.document_made_from(settings, &name, basis, make).await?.ok_or(Error::NotFound)?;
    let coding = mould.coding(&Coding::liked(headers));
    let subject = Subject { hash: &mould.hash, modified: mould.modified, coding };
    let (mut response, coding) = match conditional::evaluate(headers, &subject) {
        Verdict::Whole(coding) => (whole(&filled(&mould, token), coding).await, coding),
        Verdict::Unchanged(coding) => (StatusCode::NOT_MODIFIED.into_response(), coding),
        Verdict::Failed => return Err(Error::NotAsWanted),
    };
    validate(&mut response, &mould, coding);
    Ok(response)
}

/// The feed as a page, for who opens its address in a browser.
async fn page(
    web: &Web,
    settings: &Live,
    (newsletter, token): (&Newsletter, &str),
    (format, headers): (Format, &HeaderMap),
) -> Result<Response, Error> {
    let name = format!("private {}.{} as a page", newsletter.slug, format.extension());
    let make = Box::pin(async {
        let feed = web.feeds(settings).private(newsletter).await?;
        Ok(Some(html(settings.site.feed_page(&feed, format))))
    });
    let mould = web.document(settings, &name, make).await?.ok_or(Error::NotFound)?;
    let filled = filled(&mould, token);
    Ok(whole(&filled, filled.coding(&Coding::liked(headers))).await)
}
