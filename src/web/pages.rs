//! The pages for people, and what search engines ask for.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::answer::point;
use super::cache::Document;
use super::edition::{shown, subject};
use super::feed::{Condition, TAGS, Which};
use super::{Error, FOR_EVER, Live, Settings, Web, links};
use crate::model::article::Article;
use crate::model::edition::{EditionId, EditionNumber};
use crate::model::newsletter::{Choice, Newsletter};
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::render::page::{
    Edition, EditionLine, Location, News, WORK_SCRIPT, Way, ZONE_SCRIPT, news_sitemap, path_segment, robots,
    sitemap,
};
use crate::store::{Selection, Sight};

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// How many articles the front page and the page of a section show.
const ARTICLES: usize = 24;

/// How many related articles stand under an article.
const RELATED: usize = 4;

/// How many articles are named as read most.
const MOST_READ: usize = 5;

/// How many editions the page of a newsletter lists.
const EDITIONS: i64 = 200;

/// How many addresses of articles a sitemap holds; with those of editions it stays below the limit of 50,000.
const SITEMAP_ARTICLES: i64 = 40_000;

/// How many articles a sitemap of news may name, and how old they may be.
const SITEMAP_NEWS: i64 = 1000;
const NEWS_AGE: Duration = Duration::from_hours(48);

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
        .route("/robots.txt", get(robots_txt))
        .route("/sitemap.xml", get(sitemap_xml))
        .route("/sitemap-news.xml", get(news_xml))
}

/// Answers with a page that is kept until something changes; `feeds` are those of what it shows, its own first.
async fn kept<M, F>(
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

async fn front(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Error> {
    let (name, moment) = web.form_page("/");
    kept(&web, &headers, (web.hourly(&name), &[Which::site()]), async |settings| {
        let selection = Selection { limit: ARTICLES, ..Selection::seen_by(settings.strangers()) };
        let articles = web.0.store.latest_articles(&selection).await?;
        let most_read = web.most_read(&settings, None).await?;
        Ok(Some(html(settings.site.front(&articles, &most_read, &moment)).sent_at(moment)))
    })
    .await
}

async fn tag(State(web): State<Web>, Path(tag): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let feeds = [Which::of(Condition::tag(&tag)), Which::site()];
    kept(&web, &headers, (format!("/tags/{tag}"), &feeds), async |settings| {
        let choices = vec![Choice { tags: vec![tag.clone()], ..Choice::default() }];
        let selection = Selection { choices, limit: ARTICLES, ..Selection::seen_by(settings.strangers()) };
        let articles = web.0.store.latest_articles(&selection).await?;
        let name = web.feeds(&settings).find_tag(&tag).await?;
        Ok(name.map(|name| html(settings.site.tag(&spelling(&name, &articles), &articles))))
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
    headers: HeaderMap,
) -> Result<Response, Error> {
    web.require_newsletter(&slug).await?;
    let is_public = web.settings().site.public_newsletter(&slug).is_some();
    let (own, site) = (feeds_of(&slug), [Which::site()]);
    let feeds: &[Which] = if is_public { &own } else { &site };
    let (name, moment) = web.form_page(&format!("/newsletters/{slug}"));
    kept(&web, &headers, (web.hourly(&name), feeds), async |settings| {
        let Some(newsletter) = settings.site.newsletter(&slug) else { return Ok(None) };
        let (editions, most_read) = if newsletter.is_private {
            (Vec::new(), Vec::new())
        } else {
            let editions = web.edition_lines(&settings, newsletter, &settings.strangers()).await?;
            (editions, web.most_read(&settings, Some(&slug)).await?)
        };
        let page = settings.site.newsletter_page(newsletter, &editions, &most_read, &moment);
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

async fn robots_txt(State(web): State<Web>) -> impl IntoResponse {
    robots(&web.settings().site.publication)
}

async fn sitemap_xml(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Error> {
    kept(&web, &headers, ("/sitemap.xml".to_owned(), &[]), async |settings| {
        let locations = web.locations(&settings).await?;
        Ok(Some(Document::new(sitemap(&locations), "application/xml; charset=utf-8")))
    })
    .await
}

/// What came within the last two days, for search engines of news. It changes with the time, too: once an hour.
async fn news_xml(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Error> {
    let since = web.0.clock.now() - NEWS_AGE;
    let hour = since.as_unix() / 3600;
    kept(&web, &headers, (format!("/sitemap-news.xml {hour}"), &[]), async |settings| {
        let news = web.0.store.news(since, SITEMAP_NEWS, &settings.strangers()).await?;
        let site = &settings.site;
        let news: Vec<News> = news.iter().map(|own| News::of(own, &site.publication)).collect();
        Ok(Some(Document::new(news_sitemap(&news), "application/xml; charset=utf-8")))
    })
    .await
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

    /// Every page that is at home here: an article that stands on the publication's own site is left out.
    async fn locations(&self, settings: &Settings) -> Result<Vec<Location>, Error> {
        let (store, site) = (&self.0.store, &settings.site);
        let at = |path: &str, changed_at| Location { address: site.publication.link(path), changed_at };
        let mut locations = vec![at("", None)];
        let sight = settings.strangers();
        for (tag, _) in store.tags(TAGS, &sight).await? {
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
        for (slug, changed_at) in store.article_addresses(SITEMAP_ARTICLES, &sight).await? {
            locations.push(at(&format!("articles/{slug}"), Some(changed_at)));
        }
        Ok(locations)
    }

    /// The latest own editions of a newsletter as a list shows them.
    pub(super) async fn edition_lines(
        &self,
        settings: &Settings,
        newsletter: &Newsletter,
        sight: &Sight,
    ) -> Result<Vec<EditionLine>, Error> {
        let store = &self.0.store;
        let editions = store.latest_own_editions(newsletter.slug.as_str(), EDITIONS).await?;
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
        Ok(editions.into_iter().map(line).collect())
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
