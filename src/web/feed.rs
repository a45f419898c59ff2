//! Which feeds there are, and what is in each.

use std::collections::BTreeSet;
use std::time::Duration;

pub use super::address::{Condition, Which};
use super::edition::{Shown, shown};
use super::{Pace, Settings};
use crate::model::article::{Article, label_key};
use crate::model::newsletter::{Choice, Newsletter};
use crate::model::podcast::{Heard, Podcast};
use crate::model::slot;
use crate::model::text::line;
use crate::model::time::Timestamp;
use crate::render::feed::{self, Feed, Item, Place, Tombstone};
use crate::render::page::Site;
use crate::store::{Error, Selection, Sight, Store};

/// How many articles a feed holds.
const ARTICLES: usize = 50;

/// How many editions a feed holds.
pub(super) const EDITIONS: u32 = 20;

/// How many tags have their feed written as files and their page in the sitemap, the most used first.
pub(super) const TAGS: i64 = 1000;

/// How many authors have their feed written as files, those of most articles first.
const AUTHORS: i64 = 1000;

/// How long a reader may wait before it asks again, at least and at most; the least also where nothing says when
/// something may change.
const AGES: [Duration; 2] = [Duration::from_mins(5), Duration::from_hours(1)];

/// How many ticks of a schedule are looked at to find out how often it has one.
const TICKS: usize = 16;

/// The moment of a feed that never had anything in it. It must be the same at every request.
pub(super) const NEVER: Timestamp = Timestamp::from_unix(1_767_225_600);

/// Where feeds are made from.
#[derive(Clone, Copy, Debug)]
pub struct Feeds<'a> {
    /// The articles and editions.
    pub store: &'a Store,
    /// The publication and its newsletters.
    pub site: &'a Site,
    /// How often new articles are looked for.
    pub paces: &'a [Pace],
    /// By what they are served.
    settings: &'a Settings,
    /// Which of the feeds are listed as podcasts.
    pub podcasts: &'a [Podcast],
    /// Whether Atom feeds name what was retracted.
    pub tombstones: bool,
}

impl<'a> Feeds<'a> {
    /// The feeds of a store, as these settings want them.
    pub fn new(store: &'a Store, settings: &'a Settings) -> Self {
        let Settings { site, paces, podcasts, tombstones, .. } = settings;
        Self { store, site, paces, settings, podcasts, tombstones: *tombstones }
    }

    /// Every feed that has an address of its own; searches and feeds of several conditions are made as they are asked for.
    pub async fn all(&self) -> Result<Vec<Which>, Error> {
        Ok(self.listed().await?.into_iter().map(|(which, _)| which).collect())
    }

    /// The same, each with its title.
    pub async fn listed(&self) -> Result<Vec<(Which, String)>, Error> {
        let titled = |which: Which, name: &str| {
            let title = self.named(&which, &[line(name)]).title;
            (which, title)
        };
        let mut all = vec![(Which::site(), self.named(&Which::site(), &[]).title)];
        for newsletter in self.site.newsletters.iter().filter(|newsletter| !newsletter.is_private) {
            let (slug, title) = (newsletter.slug.as_str(), line(&newsletter.title));
            let editions = self.site.publication.words(&newsletter.language).page.editions_of.with(&title);
            all.push((Which::of(Condition::newsletter(slug)), title));
            all.push((Which::Editions(slug.to_owned()), editions));
        }
        let sight = self.settings.strangers();
        let tags = self.store.tags(TAGS, &sight).await?;
        all.extend(tags.iter().map(|(tag, _)| titled(Which::of(Condition::tag(tag)), tag)));
        let authors = self.store.authors(AUTHORS, &sight).await?;
        all.extend(authors.iter().map(|author| titled(Which::of(Condition::author(author)), author)));
        let sources = self.store.article_sources(&sight).await?;
        all.extend(sources.iter().map(|source| titled(Which::of(Condition::source(source)), source)));
        Ok(all)
    }

    /// What is in a feed; `None` if it names what there is not.
    ///
    /// # Errors
    /// [`Error::Unsearchable`] if it searches for what is no query.
    pub async fn compose(&self, which: &Which) -> Result<Option<Feed>, Error> {
        match which {
            Which::Articles(conditions) => self.articles(which, conditions).await,
            Which::Editions(slug) => match self.site.public_newsletter(slug) {
                Some(newsletter) => Ok(Some(self.editions(which, newsletter).await?)),
                None => Ok(None),
            },
        }
    }

    /// How long a feed is good for: until it can change. Editions come at their ticks, articles when a source is asked that
    /// the feed takes from; `pulls` says when that is, by the names of the sources.
    pub fn max_age(&self, which: &Which, pulls: &[(String, Timestamp)], now: Timestamp) -> Duration {
        let next = match which {
            Which::Editions(slug) => self.site.newsletter(slug).and_then(|own| own.schedule.next_after(now)),
            Which::Articles(conditions) => {
                let due = |pace: &Pace| {
                    let pull = pulls.iter().find(|(source, _)| *source == pace.source);
                    pull.map_or(now, |(_, next_at)| *next_at)
                };
                self.paces_of(conditions).map(due).min()
            }
        };
        next.map_or(AGES[0], |next| next.since(now)).clamp(AGES[0], AGES[1])
    }

    /// How often a feed can change, whatever the time is: what it says of itself must not change with the time.
    fn interval(&self, which: &Which) -> Duration {
        let shortest = match which {
            Which::Editions(slug) => self.site.newsletter(slug).and_then(|own| {
                let ticks: Vec<_> = own.schedule.ticks_after(NEVER).take(TICKS).collect();
                ticks.windows(2).map(|pair| pair[1].since(pair[0])).min()
            }),
            Which::Articles(conditions) => self.paces_of(conditions).map(|pace| pace.every).min(),
        };
        shortest.unwrap_or(AGES[0]).clamp(AGES[0], AGES[1])
    }

    /// The sources that a feed of these conditions takes from.
    fn paces_of(&self, conditions: &BTreeSet<Condition>) -> impl Iterator<Item = &Pace> {
        self.paces.iter().filter(move |pace| {
            conditions.iter().all(|condition| match condition {
                Condition::Source(name) => label_key(&pace.source) == *name,
                Condition::Newsletter(slug) => {
                    self.site.newsletter(slug).is_none_or(|own| own.choice.takes_from(&pace.source))
                }
                Condition::Author(_) | Condition::Search(_) | Condition::Tag(_) => true,
            })
        })
    }

    /// How many entries a feed has at most; a new one then takes the place of the oldest.
    pub const fn limit(which: &Which) -> usize {
        match which {
            Which::Articles(_) => ARTICLES,
            Which::Editions(_) => EDITIONS as usize,
        }
    }

    async fn articles(&self, which: &Which, conditions: &BTreeSet<Condition>) -> Result<Option<Feed>, Error> {
        let Some(names) = self.names(conditions).await? else { return Ok(None) };
        let selection = self.selection(conditions);
        let articles = self.store.latest_articles(&selection).await?;
        let retracted = self.store.tombstones(&selection).await?;
        let changes = articles.iter().map(|article| article.changed_at);
        let changed_at = changes.chain(retracted.first().map(|last| last.retracted_at)).max();
        let named = retracted.into_iter().filter(|_| self.tombstones);
        let tombstones = named.map(|own| Tombstone { id: own.public_id, retracted_at: own.retracted_at });
        let items = articles.iter().map(|article| Item::of_article(article, &self.site.publication));
        Ok(Some(Feed {
            items: items.collect(),
            tombstones: tombstones.collect(),
            changed_at: changed_at.unwrap_or(NEVER),
            place: self.place(which).await?,
            ..self.named(which, &names)
        }))
    }

    /// What readers know these conditions by; `None` if one names what there is not.
    pub(super) async fn names(&self, conditions: &BTreeSet<Condition>) -> Result<Option<Vec<String>>, Error> {
        let mut names = Vec::new();
        for condition in conditions {
            let Some(name) = self.find_name(condition).await? else { return Ok(None) };
            names.push(name);
        }
        Ok(Some(names))
    }

    /// The feed without items, with the title that these names give it.
    pub(super) fn named(&self, which: &Which, names: &[String]) -> Feed {
        let blank = self.blank(which);
        if let Some(Condition::Newsletter(slug)) = which.only_condition()
            && let Some(newsletter) = self.site.newsletter(slug)
        {
            return about(newsletter, blank);
        }
        if names.is_empty() {
            return blank;
        }
        Feed { title: format!("{}: {}", blank.title, names.join(" + ")), ..blank }
    }

    pub(super) fn selection(&self, conditions: &BTreeSet<Condition>) -> Selection {
        let mut selection = Selection { limit: ARTICLES, ..Selection::seen_by(self.settings.strangers()) };
        for condition in conditions {
            match condition {
                Condition::Author(name) => selection.authors.push(name.clone()),
                Condition::Search(words) => selection.searches.push(words.clone()),
                Condition::Source(name) => {
                    selection.choices.push(Choice { sources: vec![name.clone()], ..Choice::default() });
                }
                Condition::Tag(tag) => {
                    selection.choices.push(Choice { tags: vec![tag.clone()], ..Choice::default() });
                }
                Condition::Newsletter(slug) => {
                    selection.choices.extend(self.site.newsletter(slug).map(|own| own.choice.clone()));
                }
            }
        }
        selection
    }

    /// What readers know a condition by; `None` if it names what there is not.
    async fn find_name(&self, condition: &Condition) -> Result<Option<String>, Error> {
        let sight = self.settings.strangers();
        let name = match condition {
            Condition::Author(name) => self.store.find_author(name, &sight).await?,
            Condition::Tag(tag) => self.find_tag(tag).await?,
            Condition::Newsletter(slug) => self.site.public_newsletter(slug).map(|own| own.title.clone()),
            Condition::Source(name) => {
                let sources = self.store.article_sources(&sight).await?;
                sources.into_iter().find(|source| label_key(source) == *name)
            }
            Condition::Search(words) => {
                self.store.try_search(words).await?;
                Some(format!("“{words}”"))
            }
        };
        Ok(name.map(|name| line(&name)))
    }

    async fn editions(&self, which: &Which, newsletter: &Newsletter) -> Result<Feed, Error> {
        let editions = self.store.latest_own_editions(newsletter.slug.as_str(), EDITIONS.into()).await?;
        let items = self.items_of(newsletter, &editions).await?;
        let place = self.place(which).await?;
        Ok(Feed { place, ..self.of_editions(which, newsletter, items) })
    }

    /// The feed of a private newsletter, with a slot in the place of its reader's token.
    pub(super) async fn private(&self, newsletter: &Newsletter) -> Result<Feed, Error> {
        let publication = &self.site.publication;
        let articles = self.store.latest_articles(&private_selection(newsletter)).await?;
        let item = |article: &Article| Item {
            link: feed::private_link(article, publication),
            ..Item::of_article(article, publication)
        };
        let which = Which::of(Condition::newsletter(newsletter.slug.as_str()));
        let changed_at = articles.iter().map(|article| article.changed_at).max().unwrap_or(NEVER);
        let feed = Feed {
            page: publication.link(&slot::private_path("")),
            stem: publication.link(&format!("feed/private/{}", slot::READER)),
            items: articles.iter().map(item).collect(),
            changed_at,
            podcast: None,
            hub: None,
            ..self.blank(&which)
        };
        Ok(about(newsletter, feed))
    }

    /// Editions as items of a feed, but for those of which nothing is left to show.
    pub(super) async fn items_of(
        &self,
        newsletter: &Newsletter,
        editions: &[crate::store::Edition],
    ) -> Result<Vec<Item>, Error> {
        let (sight, mut items) = (self.settings.strangers(), Vec::new());
        for edition in editions {
            let shown = shown(self.store, &self.site.publication, (edition, newsletter), &sight).await?;
            if !shown.articles.is_empty() {
                items.push(self.edition(newsletter, edition, &shown));
            }
        }
        Ok(items)
    }

    /// The feed of editions that these items are.
    pub(super) fn of_editions(&self, which: &Which, newsletter: &Newsletter, items: Vec<Item>) -> Feed {
        let changed_at = items.iter().map(|item| item.updated_at).max().unwrap_or(NEVER);
        let feed = about(newsletter, Feed { changed_at, items, ..self.blank(which) });
        let title = self.site.publication.words(&newsletter.language).page.editions_of.with(&feed.title);
        Feed { title, ..feed }
    }

    fn edition(&self, newsletter: &Newsletter, edition: &crate::store::Edition, shown: &Shown) -> Item {
        let publication = &self.site.publication;
        let path = format!("newsletters/{}/editions/{}", newsletter.slug, edition.number);
        let edition = feed::Edition {
            id: self.store.key().uuid(&format!("edition:{}", edition.id)),
            link: publication.link(&path),
            subject: &shown.subject,
            preheader: &shown.preheader,
            language: &newsletter.language,
            published_at: edition.published_at,
            articles: &shown.articles,
        };
        Item::of_edition(&edition, publication)
    }

    fn blank(&self, which: &Which) -> Feed {
        let publication = &self.site.publication;
        let title = line(&publication.title);
        Feed {
            id: self.store.key().uuid(&format!("feed:{}{}", which.stem(), which.query())),
            description: publication.description.as_deref().map_or_else(|| title.clone(), line),
            language: publication.language.clone(),
            page: publication.link(&which.page()),
            stem: publication.link(&which.stem()),
            query: which.query(),
            publisher: title.clone(),
            icon: publication.theme.logo.as_ref().map(|logo| logo.url.to_string()),
            changed_at: NEVER,
            max_age: self.interval(which),
            items: Vec::new(),
            place: Place::default(),
            tombstones: Vec::new(),
            podcast: self.podcast(which),
            hub: self.settings.hub_of(which),
            title,
        }
    }

    /// What directories of podcasts ask to know of a feed that is listed as one.
    fn podcast(&self, which: &Which) -> Option<feed::Podcast> {
        let condition = which.only_condition()?;
        let own = self.podcasts.iter().find(|podcast| match (&podcast.of, condition) {
            (Heard::Newsletter(slug), Condition::Newsletter(own)) => slug == own,
            (Heard::Tag(tag), Condition::Tag(own)) => tag == own,
            _ => false,
        })?;
        let guid = own.guid.clone().unwrap_or_else(|| {
            let id = self.store.key().uuid(&format!("podcast:{}", which.stem()));
            id.trim_start_matches("urn:uuid:").to_owned()
        });
        Some(feed::Podcast {
            author: line(own.author.as_deref().unwrap_or(&self.site.publication.title)),
            email: own.email.clone(),
            image: own.image.to_string(),
            category: own.category.clone(),
            subcategory: own.subcategory.clone(),
            explicit: own.explicit,
            locked: own.locked,
            guid,
        })
    }

    /// A tag as it is spelled, if it has a feed and a page: an article has it, or a newsletter waits for it.
    pub(super) async fn find_tag(&self, tag: &str) -> Result<Option<String>, Error> {
        let is_same = |other: &&String| label_key(other) == label_key(tag);
        let public = self.site.newsletters.iter().filter(|own| !own.is_private);
        let mut awaited = public.flat_map(|own| &own.choice.tags);
        let found = self.store.find_tag(tag, &self.settings.strangers()).await?;
        Ok(found.or_else(|| awaited.find(is_same).cloned()))
    }
}

/// What is in the feed of a private newsletter.
pub(super) fn private_selection(newsletter: &Newsletter) -> Selection {
    let choices = vec![newsletter.choice.clone()];
    Selection { limit: ARTICLES, choices, ..Selection::seen_by(Sight::Operator) }
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
