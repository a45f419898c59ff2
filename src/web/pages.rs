//! The pages for people, and what search engines ask for.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::answer::point;
use super::cache::Document;
use super::edition::{shown, subject};
use super::feed::{Condition, Which};
use super::{Error, FOR_EVER, Live, Settings, Web, links};
use crate::model::article::Article;
use crate::model::edition::{EditionId, EditionNumber};
use crate::model::newsletter::{Choice, Newsletter};
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::render::page::{Edition, EditionLine, Part, WORK_SCRIPT, Way, ZONE_SCRIPT};
use crate::store::{Selection, Sight};

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// How many articles the front page and the page of a section show.
const ARTICLES: usize = 24;

/// How many such pages a list of articles has: what is older is found by search, sections and editions.
const PARTS: usize = 50;

/// How many related articles stand under an article.
const RELATED: usize = 4;

/// How many articles are named as read most.
const MOST_READ: usize = 5;

/// How many editions a page of a newsletter lists.
const EDITIONS: i64 = 50;

const SCRIPTS: [(&str, &str); 2] = [("zone.js", ZONE_SCRIPT), ("work.js", WORK_SCRIPT)];

/// A page with a form is another one after this: what a browser keeps of it is not too old to be sent.
const FORM_AGE: i64 = 12 * 3600;

/// How long a page is good for.
pub(super) const PAGE_AGE: HeaderValue = HeaderValue::from_static("public, max-age=60");

pub fn router() -> Router<Web> {
    Router::new()
        .route("/", get(front))
        .route("/tags/{tag}", get(tag))
        .route("/newsletters/{slug}", get(newsletter))
        .route("/newsletters/{slug}/editions/{number}", get(edition))
        .route("/articles/{slug}", get(article))
        .route("/assets/{name}", get(asset))
}

/// Answers with a page that is kept until something changes; `feeds` are those of what it shows, its own first.
pub(super) async fn kept<M, F>(
    web: &Web,
    headers: &HeaderMap,
    (name, feeds): (String, &[Which]),
    make: M,
) -> Result<Response, Error>
where
    M: FnOnce(Arc<Live>) -> F,
    F: Future<Output = Result<Option<Document>, Error>>,
{
    let settings = web.settings();
    let mut response = web.answer(&settings, (&name, headers), make(Arc::clone(&settings))).await?;
    response.headers_mut().insert(header::CACHE_CONTROL, PAGE_AGE);
    point(&mut response, links::of_page(&web.settings(), feeds));
    Ok(response)
}

pub(super) fn html(page: String) -> Document {
    Document::new(page, HTML)
}

/// Which part of a list is asked for.
#[derive(Deserialize)]
pub(super) struct Turned {
    #[serde(default)]
    page: String,
}

impl Turned {
    /// Counts from 1; what is no number is the first.
    pub(super) fn number(&self) -> usize {
        self.page.parse().unwrap_or(1).max(1)
    }
}

async fn front(
    State(web): State<Web>,
    Query(turned): Query<Turned>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let number = turned.number();
    let (name, moment) = web.form_page(&format!("/?{number}"));
    kept(&web, &headers, (web.hourly(&name), &[Which::site()]), async |settings| {
        let Some((articles, part)) = web.part(&settings, Vec::new(), number).await? else { return Ok(None) };
        let most_read = if number == 1 { web.most_read(&settings, None).await? } else { Vec::new() };
        Ok(Some(html(settings.site.front((&articles, part), &most_read, &moment)).sent_at(moment)))
    })
    .await
}

async fn tag(
    State(web): State<Web>,
    Path(tag): Path<String>,
    Query(turned): Query<Turned>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (feeds, number) = ([Which::of(Condition::tag(&tag)), Which::site()], turned.number());
    kept(&web, &headers, (format!("/tags/{tag}?{number}"), &feeds), async |settings| {
        let choices = vec![Choice { tags: vec![tag.clone()], ..Choice::default() }];
        let Some((articles, part)) = web.part(&settings, choices, number).await? else { return Ok(None) };
        let name = web.feeds(&settings).find_tag(&tag).await?;
        Ok(name.map(|name| html(settings.site.tag(&spelling(&name, &articles), (&articles, part)))))
    })
    .await
}

/// The feeds of a newsletter.
fn feeds_of(slug: &str) -> [Which; 2] {
    [Which::of(Condition::newsletter(slug)), Which::Editions(slug.to_owned())]
}

/// A tag as the newest article that has it spells it.
fn spelling(tag: &str, articles: &[Article]) -> String {
    let is_same = |own: &&String| own.to_lowercase() == tag.to_lowercase();
    let own = articles.iter().find_map(|article| article.content.tags.iter().find(is_same));
    own.map_or_else(|| tag.to_owned(), String::clone)
}

async fn newsletter(
    State(web): State<Web>,
    Path(slug): Path<String>,
    Query(turned): Query<Turned>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    web.require_newsletter(&slug).await?;
    let is_public = web.settings().site.public_newsletter(&slug).is_some();
    let (own, site) = (feeds_of(&slug), [Which::site()]);
    let feeds: &[Which] = if is_public { &own } else { &site };
    let number = turned.number();
    let (name, moment) = web.form_page(&format!("/newsletters/{slug}?{number}"));
    kept(&web, &headers, (web.hourly(&name), feeds), async |settings| {
        let Some(newsletter) = settings.site.newsletter(&slug) else { return Ok(None) };
        if newsletter.is_private {
            let page = settings.site.newsletter_page(newsletter, (&[], Part::WHOLE), &[], &moment);
            return Ok(Some(html(page).sent_at(moment)));
        }
        let lines = web.edition_lines(&settings, (newsletter, number), &settings.strangers()).await?;
        let Some((editions, part)) = lines else { return Ok(None) };
        let most_read = if number == 1 { web.most_read(&settings, Some(&slug)).await? } else { Vec::new() };
        let page = settings.site.newsletter_page(newsletter, (&editions, part), &most_read, &moment);
        Ok(Some(html(page).sent_at(moment)))
    })
    .await
}

async fn edition(
    State(web): State<Web>,
    Path((slug, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let number: EditionNumber = number.parse().map_err(|_| Error::NotFound)?;
    web.require_public_newsletter(&slug).await?;
    let name = format!("/newsletters/{slug}/editions/{number}");
    kept(&web, &headers, (name, &feeds_of(&slug)), async |settings| {
        let Some(newsletter) = settings.site.public_newsletter(&slug) else { return Ok(None) };
        let page = web.edition_page(&settings, (newsletter, number), &settings.strangers()).await?;
        Ok(page.map(html))
    })
    .await
}

async fn article(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    kept(&web, &headers, (format!("/articles/{slug}"), &[Which::site()]), async |settings| {
        let article = web.find_article(&slug, &settings.strangers()).await?;
        let Some((article, related)) = article else { return Ok(None) };
        Ok(Some(html(settings.site.article(&article, &related, Way::Open))))
    })
    .await
}

/// The scripts, and the style sheet. Pages in a browser's cache may ask for one of yesterday: they get today's, for a while.
async fn asset(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let settings = web.settings();
    let sheet = &settings.site.stylesheet;
    if let Some((_, script)) = SCRIPTS.iter().find(|(own, _)| *own == name) {
        let make = async { Ok(Some(Document::new(*script, "text/javascript; charset=utf-8"))) };
        let mut response = web.answer(&settings, (&format!("/assets/{name}"), &headers), make).await?;
        response.headers_mut().insert(header::CACHE_CONTROL, PAGE_AGE);
        return Ok(response);
    }
    if !name.starts_with("style-") {
        return Err(Error::NotFound);
    }
    let make = async { Ok(Some(Document::new(sheet.css.clone(), "text/css; charset=utf-8"))) };
    let mut response = web.answer(&settings, (&sheet.name, &headers), make).await?;
    let age = if name == sheet.name { FOR_EVER } else { PAGE_AGE };
    response.headers_mut().insert(header::CACHE_CONTROL, age);
    Ok(response)
}

impl Web {
    /// The name under which a page with a form is kept, and the moment that stands in it there.
    fn form_page(&self, path: &str) -> (String, String) {
        let since = self.0.clock.now().as_unix() / FORM_AGE * FORM_AGE;
        let moment = Token::Moment(Timestamp::from_unix(since));
        (format!("{path} {since}"), self.0.store.key().sign(moment))
    }

    /// What was read most of what everybody is shown, if that is counted.
    async fn most_read(&self, settings: &Settings, newsletter: Option<&str>) -> Result<Vec<Article>, Error> {
        if !settings.site.publication.counts {
            return Ok(Vec::new());
        }
        let sight = settings.strangers();
        Ok(self.0.store.most_read((newsletter, &sight), MOST_READ, self.0.clock.now()).await?)
    }

    /// The name of a document that is made anew each hour where it says what was read most.
    fn hourly(&self, name: &str) -> String {
        let hour = self.0.clock.now().as_unix() / 3600;
        if self.settings().site.publication.counts { format!("{name} {hour}") } else { name.to_owned() }
    }

    /// A part of the articles that everybody may see and that belong to these choices; `None` if there is none of this number.
    async fn part(
        &self,
        settings: &Settings,
        choices: Vec<Choice>,
        number: usize,
    ) -> Result<Option<(Vec<Article>, Part)>, Error> {
        if number > PARTS {
            return Ok(None);
        }
        let (limit, offset) = (ARTICLES + 1, (number - 1) * ARTICLES);
        let selection = Selection { choices, limit, offset, ..Selection::seen_by(settings.strangers()) };
        let mut articles = self.0.store.latest_articles(&selection).await?;
        if articles.is_empty() && number > 1 {
            return Ok(None);
        }
        let has_more = articles.len() > ARTICLES && number < PARTS;
        articles.truncate(ARTICLES);
        Ok(Some((articles, Part { number, has_more })))
    }

    /// A part of the own editions of a newsletter as a list shows them; `None` if there is none of this number.
    pub(super) async fn edition_lines(
        &self,
        settings: &Settings,
        (newsletter, number): (&Newsletter, usize),
        sight: &Sight,
    ) -> Result<Option<(Vec<EditionLine>, Part)>, Error> {
        let (store, slug) = (&self.0.store, newsletter.slug.as_str());
        let newest = store.find_newsletter(slug).await?.map_or(0, |standing| standing.last_number);
        let before = i64::try_from(number - 1).unwrap_or(i64::MAX).saturating_mul(EDITIONS);
        let last = newest.saturating_sub(before);
        if last < 1 && number > 1 {
            return Ok(None);
        }
        let part = Part { number, has_more: last > EDITIONS };
        let editions = store.editions_between(slug, (last - EDITIONS + 1, last)).await?;
        let ids: Vec<EditionId> = editions.iter().map(|edition| edition.id).collect();
        let in_part = store.editions_in_part(&ids, sight).await?;
        let words = settings.site.publication.words(&newsletter.language);
        let line = |edition: crate::store::Edition| EditionLine {
            number: edition.number,
            tick: edition.tick,
            subject: subject(
                &edition,
                edition.has_retracted || in_part.contains(&edition.id),
                newsletter,
                words,
            ),
        };
        Ok(Some((editions.into_iter().map(line).collect(), part)))
    }

    /// The page of an edition; `None` if there is none of this number.
    pub(super) async fn edition_page(
        &self,
        settings: &Settings,
        (newsletter, number): (&Newsletter, EditionNumber),
        sight: &Sight,
    ) -> Result<Option<String>, Error> {
        let (store, slug) = (&self.0.store, newsletter.slug.as_str());
        let Some(found) = store.find_edition_by_number(slug, number).await? else { return Ok(None) };
        let last = store.find_newsletter(slug).await?.map_or(number.number, |standing| standing.last_number);
        let group = store.find_group(number.group).await?;
        let shown = shown(store, &settings.site.publication, (&found, newsletter), sight).await?;
        let edition = Edition {
            newsletter,
            number,
            zone: &settings.zone_of(newsletter, group),
            last_number: last,
            tick: found.tick,
            subject: &shown.subject,
            preheader: &shown.preheader,
            newsletter_id: found.newsletter_id,
            articles: &shown.articles,
        };
        Ok(Some(settings.site.edition(&edition)))
    }

    /// The article of this name that somebody is shown, with what is related to it.
    ///
    /// # Errors
    /// [`Error::Withdrawn`] if it was retracted.
    pub(super) async fn find_article(
        &self,
        slug: &str,
        sight: &Sight,
    ) -> Result<Option<(Article, Vec<Article>)>, Error> {
        let store = &self.0.store;
        let Some(article) = store.find_article_by_slug(slug).await? else { return Ok(None) };
        if !store.is_seen(article.id, sight).await? {
            return Ok(None);
        }
        if article.retracted_at.is_some() {
            return Err(Error::Withdrawn);
        }
        let related = store.related_articles(&article, &[], RELATED, sight).await?;
        Ok(Some((article, related)))
    }

    /// The same for what strangers must not see: as if it were not there.
    pub(super) async fn require_public_newsletter(&self, slug: &str) -> Result<(), Error> {
        self.require_newsletter(slug).await?;
        let is_public = self.settings().site.public_newsletter(slug).is_some();
        if is_public { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Fails for a newsletter that is not configured: as gone, if it was once.
    pub(super) async fn require_newsletter(&self, slug: &str) -> Result<(), Error> {
        if self.settings().site.newsletter(slug).is_some() {
            return Ok(());
        }
        let was_there = self.0.store.find_newsletter(slug).await?.is_some();
        Err(if was_there { Error::Gone } else { Error::NotFound })
    }
}
