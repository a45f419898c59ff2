//! What a feed is made from, as a hash: as long as that is the same, the feed need not be made again.
//!
//! The store's revision grows with every change, and most changes leave most feeds as they are. Whatever a feed shows of the
//! store is in its basis; what it shows of the settings is not.

use sha2::{Digest, Sha256};

use super::cache::Basis;
use super::feed::{EDITIONS, Feeds, Which, private_selection};
use crate::model::article::ArticleId;
use crate::model::newsletter::Newsletter;
use crate::store::{Edition, Error, Selection};

impl Feeds<'_> {
    /// What a feed is made from. A search is asked once, when it is made.
    pub(super) async fn basis(&self, which: &Which) -> Result<Option<Basis>, Error> {
        match which {
            Which::Articles(_) if !which.is_lasting() => Ok(None),
            Which::Articles(conditions) => {
                let Some(names) = self.names(conditions).await? else { return Ok(None) };
                let mut hash = Hash::default();
                hash.names(&names);
                hash.number(self.close_archive(which).await?);
                self.add_newest(&mut hash, &self.selection(conditions)).await?;
                Ok(Some(hash.finish()))
            }
            Which::Editions(slug) => {
                let editions = self.store.latest_own_editions(slug, EDITIONS.into()).await?;
                self.basis_of_editions(&editions, false).await.map(Some)
            }
        }
    }

    /// What a page of a feed's archive is made from.
    pub(super) async fn basis_of_page(&self, which: &Which, number: i64) -> Result<Option<Basis>, Error> {
        match which {
            Which::Articles(conditions) => {
                let Some(names) = self.names(conditions).await? else { return Ok(None) };
                self.close_archive(which).await?;
                let (name, selection) = (self.archive_name(which), self.selection(conditions));
                let page = self.store.find_archive_versions(&name, &selection, number).await?;
                let Some(page) = page else { return Ok(None) };
                let mut hash = Hash::default();
                hash.names(&names);
                hash.number(page.has_next.into());
                hash.versions(&page.items);
                Ok(Some(hash.finish()))
            }
            Which::Editions(slug) => {
                let Some(page) = self.find_editions(slug, number).await? else { return Ok(None) };
                self.basis_of_editions(&page.items, page.has_next).await.map(Some)
            }
        }
    }

    /// What the feed of a private newsletter is made from.
    pub(super) async fn basis_of_private(&self, newsletter: &Newsletter) -> Result<Basis, Error> {
        let mut hash = Hash::default();
        hash.versions(&self.store.latest_versions(&private_selection(newsletter)).await?);
        Ok(hash.finish())
    }

    async fn add_newest(&self, hash: &mut Hash, selection: &Selection) -> Result<(), Error> {
        hash.versions(&self.store.latest_versions(selection).await?);
        for own in self.store.tombstones(selection).await? {
            hash.names(&[own.public_id]);
            hash.number(own.retracted_at.as_unix());
        }
        Ok(())
    }

    async fn basis_of_editions(&self, editions: &[Edition], has_next: bool) -> Result<Basis, Error> {
        let mut hash = Hash::default();
        hash.number(has_next.into());
        for edition in editions {
            hash.number(edition.id.0);
            hash.versions(&self.store.versions_of_edition(edition.id).await?);
        }
        Ok(hash.finish())
    }
}

/// A hash of parts, each of which says how long it is: no two lists of parts look alike.
#[derive(Default)]
struct Hash(Sha256);

impl Hash {
    fn number(&mut self, number: i64) {
        self.0.update(number.to_le_bytes());
    }

    fn names(&mut self, names: &[String]) {
        self.0.update(names.len().to_le_bytes());
        for name in names {
            self.0.update(name.len().to_le_bytes());
            self.0.update(name);
        }
    }

    fn versions(&mut self, versions: &[(ArticleId, i64)]) {
        self.0.update(versions.len().to_le_bytes());
        for (row, version) in versions {
            self.number(row.0);
            self.number(*version);
        }
    }

    fn finish(self) -> Basis {
        self.0.finalize().into()
    }
}
