//! Which feeds there are, and what is in each.

use std::time::Duration;

use crate::model::article::Article;
use crate::model::newsletter::{Choice, Newsletter};
use crate::model::text::line;
use crate::model::time::Timestamp;
use crate::render::feed::{self, Feed, Format, Item};
use crate::render::page::{Site, path_segment};
use crate::render::words::Words;
use crate::store::{Error, Selection, Store};

/// How many articles a feed holds.
const ARTICLES: usize = 50;

/// How many editions a feed holds.
const EDITIONS: i64 = 20;

/// How many tags have their feed written as files, the most used first.
const TAGS: i64 = 1000;

/// How long a reader may wait before it asks again, at least and at most.
const AGES: [Duration; 2] = [Duration::from_mins(5), Duration::from_hours(1)];

/// The moment of a feed that never had anything in it. It must be the same at every request.
const NEVER: Timestamp = Timestamp::from_unix(1_767_225_600);

/// A feed, whatever its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All articles.
    Site,
    /// The articles that have a tag.
    Tag(String),
    /// The articles that belong to the newsletter of this name.
    Newsletter(String),
    /// The editions of the newsletter of this name.
    Editions(String),
}

/// Where feeds are made from.
#[derive(Clone, Copy, Debug)]
pub struct Feeds<'a> {
    /// The articles and editions.
    pub store: &'a Store,
    /// The publication and its newsletters.
    pub site: &'a Site,
    /// The shortest pause between two pulls of a source.
    pub max_age: Duration,
}

impl Which {
    /// Its path without leading slash and ending.
    pub fn stem(&self) -> String {
        match self {
            Self::Site => "feed".to_owned(),
            Self::Tag(tag) => format!("tags/{}/feed", path_segment(tag)),
            Self::Newsletter(slug) => format!("newsletters/{slug}/feed"),
            Self::Editions(slug) => format!("newsletters/{slug}/editions"),
        }
    }

    /// Its path in one format, without leading slash.
    pub fn path(&self, format: Format) -> String {
        format!("{}.{}", self.stem(), format.extension())
    }

    /// The path of the page that shows the same, without leading slash.
    fn page(&self) -> String {
        match self {
            Self::Site => String::new(),
            Self::Tag(tag) => format!("tags/{}", path_segment(tag)),
            Self::Newsletter(slug) | Self::Editions(slug) => format!("newsletters/{slug}"),
        }
    }
}

impl Feeds<'_> {
    /// Every feed there is.
    pub async fn all(&self) -> Result<Vec<Which>, Error> {
        let mut all = vec![Which::Site];
        for newsletter in &self.site.newsletters {
            let slug = newsletter.slug.to_string();
            all.extend([Which::Newsletter(slug.clone()), Which::Editions(slug)]);
        }
        let tags = self.store.tags(TAGS).await?;
        all.extend(tags.into_iter().map(|(tag, _)| Which::Tag(tag)));
        Ok(all)
    }

    /// What is in a feed; `None` if there is no such feed.
    pub async fn compose(&self, which: &Which) -> Result<Option<Feed>, Error> {
        let feed = match which {
            Which::Site => self.articles(which, &Choice::default()).await?,
            Which::Tag(tag) if !self.is_known(tag).await? => return Ok(None),
            Which::Tag(tag) => self.of_tag(which, tag).await?,
            Which::Newsletter(slug) => match self.site.newsletter(slug) {
                Some(newsletter) => self.of_newsletter(which, newsletter).await?,
                None => return Ok(None),
            },
            Which::Editions(slug) => match self.site.newsletter(slug) {
                Some(newsletter) => self.editions(which, newsletter).await?,
                None => return Ok(None),
            },
        };
        Ok(Some(feed))
    }

    /// When the next edition can change a feed of editions; for any other how long the sources pause.
    pub fn max_age(&self, which: &Which, now: Timestamp) -> Duration {
        let next = match which {
            Which::Editions(slug) => {
                self.site.newsletter(slug).and_then(|newsletter| newsletter.schedule.next_after(now))
            }
            _ => None,
        };
        next.map_or(self.max_age, |next| next.since(now)).clamp(AGES[0], AGES[1])
    }

    async fn of_tag(&self, which: &Which, tag: &str) -> Result<Feed, Error> {
        let choice = Choice { tags: vec![tag.to_owned()], ..Choice::default() };
        let feed = self.articles(which, &choice).await?;
        Ok(Feed { title: format!("{}: {}", feed.title, line(tag)), ..feed })
    }

    async fn of_newsletter(&self, which: &Which, newsletter: &Newsletter) -> Result<Feed, Error> {
        let feed = self.articles(which, &newsletter.choice).await?;
        Ok(about(newsletter, feed))
    }

    async fn articles(&self, which: &Which, choice: &Choice) -> Result<Feed, Error> {
        let selection = Selection { choice: choice.clone(), limit: ARTICLES, offset: 0 };
        let articles = self.store.latest_articles(&selection).await?;
        let changed_at = articles.iter().map(|article| article.changed_at).max();
        let items = articles.iter().map(|article| Item::of_article(article, &self.site.publication));
        Ok(Feed { items: items.collect(), changed_at: changed_at.unwrap_or(NEVER), ..self.blank(which) })
    }

    async fn editions(&self, which: &Which, newsletter: &Newsletter) -> Result<Feed, Error> {
        let editions = self.store.latest_editions(Some(newsletter.slug.as_str()), EDITIONS).await?;
        let mut items = Vec::new();
        for edition in &editions {
            let articles = self.store.articles_of_edition(edition.id).await?;
            items.push(self.edition(newsletter, edition, &articles));
        }
        let changed_at = items.iter().map(|item| item.updated_at).max().unwrap_or(NEVER);
        let feed = about(newsletter, Feed { changed_at, items, ..self.blank(which) });
        let title = Words::of(&newsletter.language).page.editions_of.with(&feed.title);
        Ok(Feed { title, ..feed })
    }

    fn edition(
        &self,
        newsletter: &Newsletter,
        edition: &crate::store::Edition,
        articles: &[Article],
    ) -> Item {
        let publication = &self.site.publication;
        let path = format!("newsletters/{}/editions/{}", newsletter.slug, edition.number);
        let edition = feed::Edition {
            id: self.store.key().uuid(&format!("edition:{}", edition.id)),
            link: publication.link(&path),
            subject: &edition.subject,
            preheader: &edition.preheader,
            language: &newsletter.language,
            published_at: edition.published_at,
            articles,
        };
        Item::of_edition(&edition, publication)
    }

    fn blank(&self, which: &Which) -> Feed {
        let publication = &self.site.publication;
        let title = line(&publication.title);
        Feed {
            id: self.store.key().uuid(&format!("feed:{}", which.stem())),
            description: publication.description.as_deref().map_or_else(|| title.clone(), line),
            language: publication.language.clone(),
            page: publication.link(&which.page()),
            stem: publication.link(&which.stem()),
            publisher: title.clone(),
            icon: publication.theme.logo.as_ref().map(|logo| logo.url.to_string()),
            changed_at: NEVER,
            max_age: self.max_age.clamp(AGES[0], AGES[1]),
            items: Vec::new(),
            title,
        }
    }

    /// Whether a tag has a feed and a page: an article has it, or a newsletter waits for it.
    pub(super) async fn is_known(&self, tag: &str) -> Result<bool, Error> {
        let is_same = |other: &String| other.to_lowercase() == tag.to_lowercase();
        let is_awaited = self.site.newsletters.iter().any(|own| own.choice.tags.iter().any(is_same));
        Ok(is_awaited || self.store.has_tag(tag).await?)
    }
}

fn about(newsletter: &Newsletter, feed: Feed) -> Feed {
    let description = newsletter.description.as_deref().map(line).filter(|text| !text.is_empty());
    Feed {
        title: line(&newsletter.title),
        description: description.unwrap_or_else(|| line(&newsletter.title)),
        language: newsletter.language.clone(),
        ..feed
    }
}
