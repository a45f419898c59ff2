//! The archives of feeds (RFC 5005): all that there ever was in a feed, page by page.

use sha2::{Digest, Sha256};

use super::feed::{Condition, EDITIONS, Feeds, NEVER, Which};
use crate::model::newsletter::Newsletter;
use crate::model::privacy::PublicSources;
use crate::render::feed::{Feed, Item, Place};
use crate::store::{ArchivePage, Edition, Error};

impl Feeds<'_> {
    /// Closes the pages of a feed's archive that are full: before the feed is composed, which names the last of them. Returns
    /// the number of that, 0 if there is none.
    pub async fn close_archive(&self, which: &Which) -> Result<i64, Error> {
        match which {
            Which::Editions(slug) => self.last_page_of_editions(slug).await,
            Which::Articles(conditions) if which.is_lasting() => {
                self.store.close_archive(&self.archive_name(which), &self.selection(conditions)).await
            }
            Which::Articles(_) => Ok(0),
        }
    }

    /// Where a feed stands: before the last page of its archive.
    pub(super) async fn place(&self, which: &Which) -> Result<Place, Error> {
        let last = match which {
            Which::Editions(slug) => self.last_page_of_editions(slug).await?,
            Which::Articles(_) if which.is_lasting() => {
                self.store.last_archive_page(&self.archive_name(which)).await?
            }
            Which::Articles(_) => 0,
        };
        Ok(Place { previous: Some(last).filter(|last| *last > 0), ..Place::default() })
    }

    /// A page of a feed's archive; `None` if there is none of this number. Page 1 holds the oldest.
    pub async fn archive_page(&self, which: &Which, number: i64) -> Result<Option<Feed>, Error> {
        match which {
            Which::Editions(slug) => match self.site.public_newsletter(slug) {
                Some(newsletter) => self.page_of_editions(which, newsletter, number).await,
                None => Ok(None),
            },
            Which::Articles(conditions) => {
                let Some(names) = self.names(conditions).await? else { return Ok(None) };
                let selection = self.selection(conditions);
                let page =
                    self.store.find_archive_page(&self.archive_name(which), &selection, number).await?;
                Ok(page.map(|page| Feed {
                    changed_at: page.items.iter().map(|own| own.changed_at).max().unwrap_or(NEVER),
                    items: page
                        .items
                        .iter()
                        .map(|article| Item::of_article(article, &self.site.publication))
                        .collect(),
                    place: place(number, page.has_next),
                    ..self.named(which, &names)
                }))
            }
        }
    }

    /// Editions are numbered without gaps: the numbers are the bounds.
    async fn page_of_editions(
        &self,
        which: &Which,
        newsletter: &Newsletter,
        number: i64,
    ) -> Result<Option<Feed>, Error> {
        let Some(page) = self.find_editions(newsletter.slug.as_str(), number).await? else { return Ok(None) };
        let items = self.items_of(newsletter, &page.items).await?;
        Ok(Some(Feed { place: place(number, page.has_next), ..self.of_editions(which, newsletter, items) }))
    }

    /// The editions on a page of an archive of editions.
    pub(super) async fn find_editions(
        &self,
        slug: &str,
        number: i64,
    ) -> Result<Option<ArchivePage<Edition>>, Error> {
        let last = self.last_page_of_editions(slug).await?;
        if !(1..=last).contains(&number) {
            return Ok(None);
        }
        let size = i64::from(EDITIONS);
        let numbers = ((number - 1) * size + 1, number * size);
        let items = self.store.editions_between(slug, numbers).await?;
        Ok(Some(ArchivePage { items, has_next: number < last }))
    }

    async fn last_page_of_editions(&self, slug: &str) -> Result<i64, Error> {
        let last = self.store.latest_own_editions(slug, 1).await?.pop();
        Ok(last.map_or(0, |last| last.number / i64::from(EDITIONS)))
    }

    /// What the store knows the archive of a feed of articles by. A newsletter that chooses differently has another archive, and
    /// so has each feed where other articles are private.
    pub(super) fn archive_name(&self, which: &Which) -> String {
        let stem = which.stem();
        let name = match which.only_condition() {
            Some(Condition::Newsletter(slug)) => {
                let own = self.site.newsletter(slug).map(|own| &own.choice);
                let own = own.map(|own| fingerprint(&[&own.tags, &own.exclude_tags, &own.sources]));
                format!("{stem} {}", own.unwrap_or_default())
            }
            _ => stem,
        };
        match &self.site.public {
            PublicSources::All => name,
            PublicSources::Only(keys) => format!("{name} only {}", fingerprint(&[keys])),
            PublicSources::AllBut(keys) => format!("{name} but {}", fingerprint(&[keys])),
        }
    }
}

fn place(number: i64, has_next: bool) -> Place {
    Place {
        page: Some(number),
        previous: Some(number - 1).filter(|previous| *previous > 0),
        next: has_next.then_some(number + 1),
    }
}

fn fingerprint(lists: &[&[String]]) -> String {
    let mut hash = Sha256::new();
    for list in lists {
        for word in *list {
            hash.update(word.to_lowercase());
            hash.update([0]);
        }
        hash.update([1]);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..8])
}
