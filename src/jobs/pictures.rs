//! Articles → the pictures that they show, kept in the widths that readers are shown. The rules are in `docs/pictures.md`.
//!
//! No edition waits for a picture: what goes out before it is here shows it where it was found.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use data_encoding::HEXLOWER;
use futures_util::StreamExt;
use futures_util::stream;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use url::Url;

use super::disk::Room;
use super::manners::{Leave, Manners, again_at, pause_after};
use super::pace::Hosts;
use super::{Job, LiveSettings, Settings};
use crate::extract::picture::{self, Made, tag};
use crate::model::picture::Rendition;
use crate::model::privacy::PublicSources;
use crate::model::time::Timestamp;
use crate::source::{Error, Fetcher, server_of, shown_address};
use crate::store::{DuePicture, NewPicture, NewPictureFile, PictureFolder, Sight, Store, Unpictured};

/// Pictures of articles that are older are left where they are.
const NEWS: Duration = Duration::from_hours(30 * 24);

/// How many articles are looked at in one step, how many pictures are fetched, and how many of them at the same time.
const MOST_ARTICLES: i64 = 50;
const MOST_PICTURES: i64 = 16;
const AT_ONCE: usize = 2;

/// How many pictures of an article are kept, and how long their addresses may be, in bytes.
const MOST_OF_ARTICLE: usize = 40;
const LONGEST_ADDRESS: usize = 2000;

/// How long it may take to make the renditions of a picture.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often the folder is compared with what should be there.
const SWEEP: Duration = Duration::from_mins(10);

/// Keeps pictures of articles.
#[derive(Debug)]
pub struct PictureKeeper {
    store: Store,
    folder: PictureFolder,
    fetcher: Fetcher,
    settings: LiveSettings,
    manners: Manners,
    /// Whose turn it is to take some hundred megabytes: one picture at a time.
    turn: Arc<Semaphore>,
    /// One picture at a time: what it needs is counted, and nobody removes its files, until its rows are there.
    writing: tokio::sync::Mutex<()>,
    swept_at: Mutex<Option<Timestamp>>,
}

/// Why there is no picture.
enum Failure {
    /// Its server's doing, which may pass.
    Unfetched(Error),
    /// It stays so, whoever asks.
    Unusable(String),
    /// Ours: the disk, or this machine's speed. It is tried again.
    Ours(String),
}

impl PictureKeeper {
    /// A keeper that asks each server at its own pace, whatever else it is asked for.
    pub fn new(store: Store, fetcher: Fetcher, settings: LiveSettings) -> Self {
        Self {
            folder: store.picture_folder(),
            manners: Manners::new(fetcher.clone(), Hosts::default()),
            store,
            fetcher,
            settings,
            turn: Arc::new(Semaphore::new(1)),
            writing: tokio::sync::Mutex::default(),
            swept_at: Mutex::default(),
        }
    }

    /// Notes which pictures the newest articles show. Returns how many articles were looked at.
    async fn look(&self, settings: &Settings, sight: &Sight, now: Timestamp) -> anyhow::Result<usize> {
        let articles = self.store.unpictured(now - NEWS, sight, MOST_ARTICLES).await?;
        for article in &articles {
            let pictures = shown_in(article, &settings.publication.base_url);
            self.store.note_pictures(article, &pictures, now).await?;
        }
        Ok(articles.len())
    }

    /// Deals with one picture, if its server may be asked now. Returns whether it did.
    async fn keep(
        &self,
        due: &DuePicture,
        (settings, limit): (&Settings, u64),
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        let source = settings.sources.iter().find(|scheduled| scheduled.source.name == due.source);
        let allow_private = source.is_some_and(|scheduled| scheduled.source.allows_private());
        let made = match self.fetch(due, allow_private, now).await {
            Ok(None) => return Ok(false),
            Ok(Some(bytes)) => self.make(bytes).await,
            Err(failure) => Err(failure),
        };
        let kept = match made {
            Ok(made) => self.take(due, made, limit, now).await?,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = kept {
            self.note_failure(due, &failure, now).await?;
        }
        Ok(true)
    }

    /// The bytes of a picture; `None` if its server may not be asked now.
    async fn fetch(
        &self,
        due: &DuePicture,
        allow_private: bool,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let (Some(server), Ok(url)) = (server_of(&due.url), Url::parse(&due.url)) else {
            return Err(Failure::Unusable("its address is none of the web".to_owned()));
        };
        match self.manners.leave((&url, &server), allow_private, now).await.map_err(Failure::Unfetched)? {
            Leave::Later => Ok(None),
            Leave::Never(why) => Err(Failure::Unusable(why)),
            Leave::Now => {
                let fetched = self.fetcher.picture(&due.url, allow_private, now).await;
                fetched.map(Some).map_err(Failure::Unfetched)
            }
        }
    }

    /// Makes the renditions of a picture on a thread that may wait. One that takes too long keeps its turn until it ends, and
    /// holds up nothing but pictures.
    async fn make(&self, bytes: Vec<u8>) -> Result<Vec<Made>, Failure> {
        let turn = Arc::clone(&self.turn).acquire_owned();
        let Ok(turn) = tokio::time::timeout(PATIENCE * 2, turn).await else {
            return Err(Failure::Ours("the picture before it is still being decoded".to_owned()));
        };
        let making = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            picture::make(&bytes)
        });
        match tokio::time::timeout(PATIENCE, making).await {
            Ok(Ok(made)) => made.map_err(|unfit| Failure::Unusable(unfit.to_string())),
            Ok(Err(_)) => Err(Failure::Unusable("its decoder has failed".to_owned())),
            Err(_) => Err(Failure::Ours(format!("it was not decoded within {} s", PATIENCE.as_secs()))),
        }
    }

    /// Writes the files of a picture, then its rows: a file that no row knows is removed by the next sweep.
    async fn take(
        &self,
        due: &DuePicture,
        made: Vec<Made>,
        limit: u64,
        now: Timestamp,
    ) -> anyhow::Result<Result<(), Failure>> {
        let bytes: u64 = made.iter().map(|own| own.bytes.len() as u64).sum();
        if bytes > limit {
            return Ok(Err(Failure::Unusable("it is larger than all that may be kept".to_owned())));
        }
        let _writing = self.writing.lock().await;
        self.remove(self.store.make_room(bytes, limit).await?).await?;
        let folder = self.folder.clone();
        let written = blocking(move || made.into_iter().map(|own| put(&folder, own)).collect()).await?;
        let files: Vec<NewPictureFile> = match written {
            Ok(files) => files,
            Err(error) => return Ok(Err(Failure::Ours(format!("{:#}", anyhow::Error::from(error))))),
        };
        self.store.keep_picture(due.id, &files, now).await?;
        Ok(Ok(()))
    }

    async fn note_failure(&self, due: &DuePicture, failure: &Failure, now: Timestamp) -> anyhow::Result<()> {
        let (why, next_at) = match failure {
            Failure::Unfetched(error) => (error.to_string(), again_at(due.failures, error, now)),
            Failure::Unusable(why) => (why.clone(), None),
            Failure::Ours(why) => (why.clone(), pause_after(due.failures).map(|pause| now + pause)),
        };
        let again = next_at.is_some();
        tracing::info!(
            picture = shown_address(&due.url),
            source = due.source,
            why,
            again,
            "A picture was not kept"
        );
        Ok(self.store.fail_picture(due.id, &why, next_at).await?)
    }

    /// Brings folder and rows together, once in a while: what is missing is fetched again, what nobody needs is removed.
    async fn sweep(&self, sight: &Sight, limit: u64, now: Timestamp) -> anyhow::Result<()> {
        if !self.is_time_to_sweep(now) {
            return Ok(());
        }
        self.store.leave_unseen_pictures(sight, now).await?;
        self.store.make_room(0, limit).await?; // there may be a new limit; the files go below
        let folder = self.folder.clone();
        let names = blocking(move || folder.names()).await??;
        let mut lost = HashSet::new();
        let mut wanted = HashSet::new();
        for file in self.store.picture_files().await? {
            if names.get(&file.name) != Some(&file.bytes) {
                lost.insert(file.picture);
            }
            wanted.insert(file.name);
        }
        let lost: Vec<_> = lost.into_iter().collect();
        self.store.fetch_pictures_again(&lost, now).await?;
        self.remove(names.into_keys().filter(|name| !wanted.contains(name)).collect()).await
    }

    /// Removes everything, where no pictures are to be kept.
    async fn end(&self, now: Timestamp) -> anyhow::Result<usize> {
        let had_any = self.store.drop_pictures().await?;
        if had_any || self.is_time_to_sweep(now) {
            let folder = self.folder.clone();
            let names = blocking(move || folder.names()).await??;
            self.remove(names.into_keys().collect()).await?;
        }
        Ok(usize::from(had_any))
    }

    /// Fails where the disk is so full that nothing is sent either: then nothing is fetched.
    fn check_disk(&self) -> anyhow::Result<()> {
        let room = Room::beside(self.store.path()).context("cannot ask how full the disk is")?;
        if room.is_too_little() {
            bail!("the disk has {} MB free: no pictures are fetched until there is more", room.free >> 20);
        }
        Ok(())
    }

    fn is_time_to_sweep(&self, now: Timestamp) -> bool {
        let mut swept_at = self.swept_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = swept_at.is_none_or(|at| at > now || now.since(at) >= SWEEP);
        if is_time {
            *swept_at = Some(now);
        }
        is_time
    }

    async fn remove(&self, names: Vec<String>) -> anyhow::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let folder = self.folder.clone();
        let removed = blocking(move || names.iter().try_for_each(|name| folder.remove(name)));
        Ok(removed.await??)
    }
}

impl Job for PictureKeeper {
    const NAME: &'static str = "picture keeper";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = self.settings.borrow().clone();
        let Some(limit) = settings.picture_disk else { return self.end(now).await };
        // What only readers of a private newsletter may see is not put where everybody could fetch it.
        let sight = Sight::Public(PublicSources::of(&settings.newsletters));
        self.sweep(&sight, limit, now).await?;
        let mut work = self.look(&settings, &sight, now).await?;
        self.check_disk()?;
        let due = self.store.due_pictures(now, &sight, MOST_PICTURES).await?;
        let kept: Vec<_> = due.iter().map(|due| self.keep(due, (&settings, limit), now)).collect();
        let results: Vec<_> = stream::iter(kept).buffer_unordered(AT_ONCE).collect().await;
        for result in results {
            work += usize::from(result?);
        }
        Ok(work)
    }
}

/// The pictures that an article shows, its own first.
fn shown_in(article: &Unpictured, base_url: &Url) -> Vec<NewPicture> {
    let own_media = base_url.join("media/").map_or_else(|_| String::new(), String::from);
    let mut seen = HashSet::new();
    let addresses = article.own_picture().into_iter().chain(tag::addresses(&article.html));
    let new = addresses.filter(|url| url.len() <= LONGEST_ADDRESS && seen.insert(url.clone()));
    let foreign = new.filter(|url| own_media.is_empty() || !url.starts_with(&own_media));
    let asked = foreign.filter_map(|url| Some(NewPicture { host: server_of(&url)?, url }));
    asked.take(MOST_OF_ARTICLE).collect()
}

/// Writes the file of a rendition, under a name that is made of what it holds.
fn put(folder: &PictureFolder, made: Made) -> Result<NewPictureFile, crate::store::Error> {
    let Made { kind, width, height, bytes } = made;
    let hash = HEXLOWER.encode(&Sha256::digest(&bytes)[..16]);
    let rendition = Rendition { hash, kind, width, height };
    folder.put(&rendition.file_name(), &bytes)?;
    Ok(NewPictureFile { rendition, bytes: bytes.len() as u64 })
}

/// Runs what waits for the disk on a thread that may wait.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("a thread that works on pictures has ended")
}
