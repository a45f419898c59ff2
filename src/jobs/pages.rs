//! Articles of whose feeds only teasers are read → the text of their pages.
//!
//! No edition waits for a page: an article goes out with what its feed says, and is completed when its page has been read.

use futures_util::StreamExt;
use futures_util::stream;
use url::Url;

use super::manners::{Leave, Manners, again_at};
use super::pace::Hosts;
use super::{Job, LiveSettings, Settings};
use crate::extract::{self, Context, teaser};
use crate::model::article::{Article, Content, RawArticle};
use crate::model::time::Timestamp;
use crate::source::fetch::Page;
use crate::source::page::{self, Given};
use crate::source::{Error, Fetcher, server_of};
use crate::store::{DuePage, Store};

/// Pages that are asked for in one step, and how many of them at the same time.
const MOST: i64 = 32;
const AT_ONCE: usize = 4;

/// Reads the pages that are due.
#[derive(Debug)]
pub struct PageReader {
    store: Store,
    fetcher: Fetcher,
    settings: LiveSettings,
    manners: Manners,
}

impl PageReader {
    /// A reader that asks each server as seldom as those do who share `hosts`.
    pub fn new(store: Store, fetcher: Fetcher, settings: LiveSettings, hosts: Hosts) -> Self {
        Self { store, manners: Manners::new(fetcher.clone(), hosts), fetcher, settings }
    }

    /// Reads one page, if its server may be asked now. Returns whether it was dealt with.
    async fn read(&self, due: &DuePage, settings: &Settings, now: Timestamp) -> anyhow::Result<bool> {
        let source = settings.sources.iter().find(|scheduled| scheduled.source.name == due.source);
        let Some(allow_private) = source.and_then(|scheduled| scheduled.source.reads_pages()) else {
            self.store.forget_page(due.article_id).await?; // its source is not read so any more
            return Ok(true);
        };
        let (Some(server), Ok(url)) = (server_of(&due.url), Url::parse(&due.url)) else {
            self.store.fail_page(due.article_id, "its address is none of the web", None).await?;
            return Ok(true);
        };
        match self.manners.leave((&url, &server), allow_private, now).await {
            Ok(Leave::Now) => {}
            Ok(Leave::Later) => return Ok(false),
            Ok(Leave::Never(why)) => {
                self.store.fail_page(due.article_id, &why, None).await?;
                return Ok(true);
            }
            Err(error) => return self.note_failure(due, &error, now).await,
        }
        match self.fetcher.page(&due.url, allow_private, now).await {
            Ok(page) => self.take(due, page, settings, now).await,
            Err(error) => self.note_failure(due, &error, now).await,
        }
    }

    async fn take(
        &self,
        due: &DuePage,
        page: Page,
        settings: &Settings,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        let Some(article) = self.store.find_article(due.article_id).await? else { return Ok(true) };
        let found = match content_of(&page, &article, &settings.publication.language, now) {
            Ok(found) => found,
            Err(why) => {
                self.store.fail_page(article.id, &why, None).await?;
                return Ok(true);
            }
        };
        let completed = if due.is_taken { teaser::renewed } else { teaser::completed };
        match completed(&article.content, &found) {
            Some(whole) => {
                self.store.take_page(&article, &whole, now).await?;
            }
            None => self.store.leave_page(article.id).await?,
        }
        Ok(true)
    }

    async fn note_failure(&self, due: &DuePage, error: &Error, now: Timestamp) -> anyhow::Result<bool> {
        let next_at = again_at(due.failures, error, now);
        self.store.fail_page(due.article_id, &error.to_string(), next_at).await?;
        Ok(true)
    }
}

impl Job for PageReader {
    const NAME: &'static str = "page reader";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = self.settings.borrow().clone();
        let due = self.store.due_pages(now, MOST).await?;
        let reads: Vec<_> = due.iter().map(|page| self.read(page, &settings, now)).collect();
        let results: Vec<_> = stream::iter(reads).buffer_unordered(AT_ONCE).collect().await;
        let mut work = 0;
        for result in results {
            work += usize::from(result?);
        }
        Ok(work)
    }
}

/// What a page says about the article that it is of.
fn content_of(page: &Page, article: &Article, language: &str, now: Timestamp) -> Result<Content, String> {
    let given = Given { name: &page.url, content_type: page.content_type.as_deref(), bytes: &page.body };
    let base = Url::parse(&page.url).ok();
    let raw = page::read(&given, base.as_ref(), now).map_err(|why| why.to_string())?;
    let title = Some(article.content.title.clone());
    let raw = RawArticle { title, url: Some(page.url.clone()), ..raw };
    let context = Context { base: base.as_ref(), language, now };
    extract::article(raw, &context).map_err(|why| why.to_string())
}
