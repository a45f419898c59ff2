//! A publication made up for a measurement: its articles, its readers, and an edition that waits to be sent.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::watch;

use crate::config;
use crate::daemon::settings;
use crate::jobs::mailing;
use crate::jobs::publisher::{self, Published};
use crate::jobs::puller::Puller;
use crate::jobs::{LiveSettings, Settings};
use crate::model::dkim::Signer;
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;
use crate::render::letter::Letter;
use crate::source::Fetcher;
use crate::source::cms::{self, Post, Written};
use crate::store::{Edition, Store};

const CONFIGURATION: &str = include_str!("courant.toml");

/// Where the consent of these readers comes from.
const CONSENT: &str = "invented for a measurement";

/// How many articles there are: with them a message has about 20 kB.
const ARTICLES: usize = 8;

/// How many readers are handed over at once.
const AT_ONCE: u32 = 5000;

const SUMMARY: &str = "The bridge over the Hale carries trams again since this morning, two years after a barge had torn away \
    its middle pier — and what the repair has cost is less than the council had feared. Who lives on the islands needs twenty \
    minutes to the market in the place of an hour.";

/// A publication with an edition that is queued and has not gone out.
pub struct Publication {
    /// Its database, open as the daemon has it.
    pub store: Store,
    /// What it works by.
    pub settings: LiveSettings,
    /// The edition.
    pub edition: Edition,
    /// About how many octets a message of it has.
    pub message_size: usize,
    _source_of_settings: watch::Sender<Arc<Settings>>,
}

impl Publication {
    /// Sets one up in an empty directory, with so many readers, whose mail goes to `relay` over so many connections.
    ///
    /// # Errors
    /// If `relay` is no URL of a relay, or the directory cannot be written.
    pub async fn set_up(
        directory: &Path,
        (relay, connections): (&str, u16),
        (readers, signers): (u32, Vec<Signer>),
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let mut settings = written_down(directory, relay, connections)?;
        if let Some(sending) = &mut settings.sending {
            sending.dkim = signers;
        }
        cms::create(&directory.join("cms.db"), &posts(now)).await?;
        let store = Store::open_as_daemon(&directory.join("courant.db"), now).await?;
        let (source_of_settings, live) = watch::channel(Arc::new(settings));
        let settings = Arc::clone(&live.borrow());
        let newsletter = settings.newsletters.first().context("there is no newsletter")?;
        let standing = publisher::standing(&store, newsletter, now).await?;
        pull(&store, &live, now).await?;
        import(&store, readers, standing.id, now).await?;
        let published = publisher::publish(&store, &settings, newsletter, standing, (now, ""), now).await?;
        let Published::Edition(edition) = published else { anyhow::bail!("no edition was published") };
        while store.queue_deliveries(edition.id).await? {}
        let (html, text) = store.find_edition_body(edition.id).await?.context("the edition has no text")?;
        let letter =
            Letter { subject: edition.subject.clone(), preheader: edition.preheader.clone(), html, text };
        let head = mailing::head(&settings, newsletter, &letter, now)?;
        let message_size = mailing::mould_of(&settings, &head, &letter, now)?.size();
        Ok(Self { store, settings: live, edition, message_size, _source_of_settings: source_of_settings })
    }
}

fn written_down(directory: &Path, relay: &str, connections: u16) -> anyhow::Result<Settings> {
    let file = directory.join("courant.toml");
    let text = CONFIGURATION
        .replace("@RELAY@", &toml::Value::from(relay).to_string())
        .replace("@CONNECTIONS@", &connections.to_string());
    fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(settings(&config::load(&file)?))
}

fn posts(now: Timestamp) -> Vec<Post> {
    let post = |number: usize| Post {
        slug: format!("bridge-{number}"),
        is_draft: false,
        title: format!("Bridge number {number} reopens after two years of repairs"),
        summary: Some(format!("Number {number}. {SUMMARY}")),
        html: Some(format!("<p>{SUMMARY}</p>").repeat(8)),
        text: None,
        author: Some("Ada Brook".to_owned()),
        tags: "city".to_owned(),
        image: None,
        published_at: Some(Written::Number(now.as_unix() - 60)),
    };
    (1..=ARTICLES).map(post).collect()
}

async fn pull(store: &Store, live: &LiveSettings, now: Timestamp) -> anyhow::Result<()> {
    let settings = Arc::clone(&live.borrow());
    let fetcher = Fetcher::new(settings.publication.base_url.as_str());
    let puller = Puller::new(store.clone(), fetcher, live.clone());
    for source in &settings.sources {
        puller.pull(source, &settings, now).await?.context("the articles were not read")?;
    }
    Ok(())
}

async fn import(store: &Store, readers: u32, newsletter: NewsletterId, now: Timestamp) -> anyhow::Result<()> {
    let mut import = store.begin_import(newsletter).await?;
    for first in (1..=readers).step_by(AT_ONCE as usize) {
        let last = readers.min(first + AT_ONCE - 1);
        let people: Result<Vec<_>, _> = (first..=last)
            .map(|number| {
                format!("reader{number}@example.org").parse::<EmailAddress>().map(|who| (who, None))
            })
            .collect();
        import.stage(&people?).await?;
    }
    import.apply(CONSENT, now).await?;
    Ok(())
}
