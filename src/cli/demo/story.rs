//! What happens in the demo, from outside: an editor, the clock, readers. Courant itself runs beside it as the daemon.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::watch;
use tokio::time::timeout;
use url::Url;

use super::browse;
use super::content::{self, Piece};
use super::finding::{Finding, each_in_one, is_digest_of, once_each};
use super::readers::{self, Standing, audience};
use super::scene::Scene;
use super::telling::Telling;
use crate::cli::Output;
use crate::config;
use crate::daemon::settings;
use crate::jobs::Settings;
use crate::jobs::publisher::standing;
use crate::jobs::puller::Puller;
use crate::mail::inbox::Received;
use crate::model::time::Clock;
use crate::render::feed::{Format, check};
use crate::source::Fetcher;
use crate::store::Store;

/// The newsletters, in the order of the configuration.
const NEWSLETTERS: [&str; 3] = ["daily", "weekly", "arabic"];

/// Who comes, confirms and leaves while the demo runs.
const NEWCOMER: &str = "nina.solway@example.net";

/// Who reads everything there is.
const OMNIVORE: &str = "yusra@example.org";

/// How long a reader takes to fill in a form: one that comes back at once is taken for a program's.
const TYPING: Duration = Duration::from_secs(2);

/// The pause between two looks at something that happens by itself.
const GLANCE: Duration = Duration::from_millis(200);

/// How long anything may take that happens by itself.
const PATIENCE: Duration = Duration::from_mins(1);

/// The demo's events, and what was found on the way.
pub struct Story<'a> {
    scene: &'a Scene,
    telling: Telling<'a>,
    clock: Clock,
}

impl<'a> Story<'a> {
    /// A story in this scene, told to `output`.
    pub const fn new(scene: &'a Scene, output: &'a Output, clock: Clock) -> Self {
        Self { scene, telling: Telling::new(output), clock }
    }

    /// What must have happened before the daemon is started: readers have subscribed and articles are there, so that
    /// the tick that has passed finds both.
    ///
    /// # Errors
    /// If a command fails or the database cannot be written.
    pub async fn prepare(&self) -> anyhow::Result<()> {
        let config = config::load(&self.scene.press.configuration())?;
        let settings = settings(&config);
        let store = Store::open(&config.database, self.clock.now()).await?;
        let earlier = self.scene.tick - Duration::from_hours(1);
        for newsletter in &settings.newsletters {
            standing(&store, newsletter, earlier).await?;
        }
        readers::enter(&store, earlier).await?;
        self.telling
            .done(&format!("{} readers have subscribed to three newsletters", readers::READERS.len()))?;
        self.pull(&store, settings).await?;
        store.close().await;
        Ok(())
    }

    async fn pull(&self, store: &Store, settings: Settings) -> anyhow::Result<()> {
        let bar = Telling::bar("Pulling articles", 0);
        let fetcher = Fetcher::new(settings.publication.base_url.as_str());
        let (_keep, live) = watch::channel(Arc::new(settings));
        let puller = Puller::new(store.clone(), fetcher, live.clone());
        let settings = live.borrow().clone();
        let mut counts = Vec::new();
        for source in &settings.sources {
            let outcome = puller.pull(source, &settings, self.clock.now()).await?;
            let saved = outcome.with_context(|| format!("source {:?}", source.source.name))?.saved;
            counts.push(format!("{} from {}", saved.new, source.source.name));
        }
        bar.finish_and_clear();
        Ok(self.telling.done(&format!("Articles pulled: {}", counts.join(", ")))?)
    }

    /// What happens while the daemon runs; returns what was found.
    ///
    /// # Errors
    /// If something does not happen in time, or a command fails.
    pub async fn tell(&self) -> anyhow::Result<Vec<Finding>> {
        let mut findings = self.first_editions().await?;
        let greeted = self.newcomer().await?;
        findings.extend(self.late_edition(greeted).await?);
        findings.push(self.farewell().await?);
        findings.push(self.nobody_else());
        findings.extend(self.articles()?);
        findings.push(self.pasted_page().await?);
        findings.push(self.feeds().await?);
        Ok(findings)
    }

    async fn first_editions(&self) -> anyhow::Result<Vec<Finding>> {
        let expected = NEWSLETTERS.iter().map(|newsletter| audience(newsletter).count()).sum();
        self.await_digests("Sending the first editions", 0, expected).await?;
        self.telling.done(&format!("Three editions composed and {expected} digests sent over SMTP"))?;
        let mails = self.digests();
        let finding = |newsletter: &&str| {
            let own = mails.iter().filter(|mail| is_digest_of(mail, newsletter));
            let expected: Vec<&str> = audience(newsletter).map(|reader| reader.address).collect();
            once_each(&format!("{newsletter}: each subscriber once"), own, &expected)
        };
        Ok(NEWSLETTERS.iter().map(finding).collect())
    }

    /// Signs up by the form of the front page, and confirms by the link in the mail and the button behind it.
    async fn newcomer(&self) -> anyhow::Result<usize> {
        let before = self.digests().len();
        let front = self.site("")?;
        let page = browse::get(&front).await?;
        let (target, mut fields) = browse::form(&page.body, &front).context("the front page has no form")?;
        fields.retain(|(name, _)| name != "newsletter" && name != "address");
        fields.push(("newsletter".to_owned(), "daily".to_owned()));
        fields.push(("address".to_owned(), NEWCOMER.to_owned()));
        tokio::time::sleep(TYPING).await;
        let answer = browse::post(&target, &fields).await?;
        anyhow::ensure!(answer.status == 200, "the form was answered with {}", answer.status);
        let mail = self.confirmation().await?;
        let link = link(&mail.read().text, "/confirm/").context("the mail holds no link to confirm")?;
        let (target, fields) =
            browse::form(&browse::get(&link).await?.body, &link).context("the link's page has no button")?;
        let answer = browse::post(&target, &fields).await?;
        anyhow::ensure!(answer.status == 200, "the button was answered with {}", answer.status);
        self.telling.done("A newcomer has signed up, got a mail, and confirmed")?;
        Ok(before)
    }

    async fn confirmation(&self) -> anyhow::Result<Arc<Received>> {
        let arrived = async {
            let mut known = self.scene.inbox.taken();
            loop {
                if let Some(mail) = self.scene.inbox.mails_to(NEWCOMER).first() {
                    return Arc::clone(mail);
                }
                self.scene.inbox.wait_for(known + 1).await;
                known = self.scene.inbox.taken();
            }
        };
        timeout(PATIENCE, arrived).await.context("no mail to confirm came within a minute")
    }

    /// An editor publishes two drafts, and sends them out at once.
    async fn late_edition(&self, before: usize) -> anyhow::Result<Vec<Finding>> {
        let headlines = self.scene.press.publish_drafts(self.clock.now()).await?;
        self.await_articles(&headlines).await?;
        self.courant(&["newsletter", "send", "daily", "--now"]).await?;
        let mut expected: Vec<&str> = audience("daily").map(|reader| reader.address).collect();
        expected.push(NEWCOMER);
        self.await_digests("Sending a late edition", before, expected.len()).await?;
        self.telling.done(&format!(
            "{} late articles published and sent as a second edition to {} readers",
            headlines.len(),
            expected.len()
        ))?;
        let mails = self.digests().split_off(before);
        Ok(vec![once_each("late edition: each subscriber once", &mails, &expected)])
    }

    /// Waits until the daemon has seen what changed in the CMS. It looks by itself; this only makes it look now.
    async fn await_articles(&self, headlines: &[String]) -> anyhow::Result<()> {
        let config = config::load(&self.scene.press.configuration())?;
        let store = Store::open(&config.database, self.clock.now()).await?;
        let feed = self.site("feed.json")?;
        let seen = async {
            loop {
                store.hurry_source("cms").await?;
                let document = browse::get(&feed).await?.body;
                if headlines.iter().all(|headline| document.contains(headline.as_str())) {
                    return anyhow::Ok(());
                }
                tokio::time::sleep(GLANCE).await;
            }
        };
        let outcome = timeout(PATIENCE, seen).await;
        store.close().await;
        outcome.context("the late articles were not pulled within a minute")?
    }

    /// Leaves by the one click that the mail's header offers. To look at the link alone changes nothing.
    async fn farewell(&self) -> anyhow::Result<Finding> {
        let mail = self.digests_to(NEWCOMER, "daily").pop().context("the newcomer got no digest")?;
        let link = link(&mail.header("List-Unsubscribe"), "/unsubscribe/").context("no link to leave by")?;
        browse::get(&link).await?;
        let looked = self.newcomers_state().await?;
        browse::post(&link, &[("List-Unsubscribe".to_owned(), "One-Click".to_owned())]).await?;
        let clicked = self.newcomers_state().await?;
        self.telling.done("The newcomer has left by one click")?;
        let mut wrong = Vec::new();
        if (looked.as_str(), clicked.as_str()) != ("active", "ended") {
            wrong.push(format!("{looked} after a look at the link, {clicked} after the click"));
        }
        Ok(Finding::of("sign-up, confirmation, one-click farewell", "pending, active, ended", &wrong))
    }

    async fn newcomers_state(&self) -> anyhow::Result<String> {
        let shown: serde_json::Value =
            serde_json::from_str(&self.courant(&["subscriber", "show", NEWCOMER, "--json"]).await?)?;
        let state = shown["subscriptions"][0]["state"].as_str();
        Ok(state.context("the newcomer has no subscription")?.to_owned())
    }

    /// Whoever never confirmed got the mail that asks, and nothing more; who left got nothing.
    fn nobody_else(&self) -> Finding {
        let mut wrong = Vec::new();
        for reader in readers::READERS.iter().filter(|reader| reader.standing != Standing::Active) {
            let digests = self.scene.inbox.mails_to(reader.address);
            if digests.iter().any(|mail| !mail.header("List-Id").is_empty()) {
                wrong.push(format!("{} got a digest", reader.address));
            }
            if reader.standing == Standing::Left && !digests.is_empty() {
                wrong.push(format!("{} got a mail after leaving", reader.address));
            }
        }
        Finding::of("who left or never confirmed gets no digest", "none", &wrong)
    }

    fn articles(&self) -> anyhow::Result<Vec<Finding>> {
        let config = config::load(&self.scene.press.configuration())?;
        let (cms, wire) = (content::cms()?, content::wire()?);
        let mut findings = Vec::new();
        for newsletter in &config.newsletters {
            let slug = newsletter.slug.as_str();
            let wanted = &newsletter.choice.tags;
            let is_chosen = |piece: &&Piece| piece.front.tags.iter().any(|tag| wanted.contains(tag));
            let mut pieces: Vec<&Piece> = cms.iter().filter(is_chosen).collect();
            pieces.extend(wire.iter().filter(|_| wanted.iter().any(|tag| tag == "wire")));
            let digests = self.digests_to(OMNIVORE, slug);
            findings.push(each_in_one(&format!("{slug}: each article in one edition"), &digests, &pieces));
        }
        Ok(findings)
    }

    /// The page that an editor pasted in has lost what the theme had printed around it.
    async fn pasted_page(&self) -> anyhow::Result<Finding> {
        let feed: serde_json::Value =
            serde_json::from_str(&browse::get(&self.site("feed.json")?).await?.body)?;
        let items = feed["items"].as_array().context("the feed has no items")?;
        let mut wrong = Vec::new();
        for piece in content::cms()?.iter().filter(|piece| piece.front.pasted) {
            let item = items.iter().find(|item| item["title"] == piece.front.title.as_str());
            wrong.extend(faults(item.with_context(|| format!("{} is not in the feed", piece.name))?));
        }
        Ok(Finding::of("the pasted page is clean", "byline once, headings, no furniture", &wrong))
    }

    async fn feeds(&self) -> anyhow::Result<Finding> {
        let mut paths = Vec::new();
        for extension in Format::ALL.map(Format::extension) {
            paths.push(format!("feed.{extension}"));
            for newsletter in NEWSLETTERS {
                paths.push(format!("newsletters/{newsletter}/feed.{extension}"));
                paths.push(format!("newsletters/{newsletter}/editions.{extension}"));
            }
        }
        let mut wrong = Vec::new();
        for path in &paths {
            let answer = browse::get(&self.site(path)?).await?;
            if answer.status != 200 {
                wrong.push(format!("{path} answers {}", answer.status));
            }
            let findings = check::check(answer.body.as_bytes());
            wrong.extend(findings.iter().map(|finding| format!("{path}: {}: {}", finding.rule, finding.why)));
        }
        self.telling.done(&format!("{} feeds read", paths.len()))?;
        Ok(Finding::of("feeds are well-formed", format!("{} documents without a fault", paths.len()), &wrong))
    }

    /// Waits until so many digests have arrived after the first `before`.
    async fn await_digests(&self, what: &'static str, before: usize, expected: usize) -> anyhow::Result<()> {
        let bar = Telling::bar(what, expected);
        let arrived = async {
            loop {
                let known = self.scene.inbox.taken();
                let count = self.digests().len() - before;
                bar.set_position(count as u64);
                if count >= expected {
                    return;
                }
                self.scene.inbox.wait_for(known + 1).await;
            }
        };
        let outcome = timeout(PATIENCE, arrived).await;
        bar.finish_and_clear();
        let count = self.digests().len() - before;
        outcome.with_context(|| format!("only {count} of {expected} digests came within a minute"))
    }

    fn digests(&self) -> Vec<Arc<Received>> {
        let mut mails = self.scene.inbox.mails();
        mails.retain(|mail| !mail.header("List-Id").is_empty());
        mails
    }

    fn digests_to(&self, address: &str, newsletter: &str) -> Vec<Arc<Received>> {
        let mut mails = self.scene.inbox.mails_to(address);
        mails.retain(|mail| is_digest_of(mail, newsletter));
        mails
    }

    fn site(&self, path: &str) -> anyhow::Result<Url> {
        Ok(format!("http://{}/{path}", self.scene.places.site).parse()?)
    }

    /// Runs a command as a person would, and returns what it printed.
    async fn courant(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut line: Vec<OsString> =
            vec!["courant".into(), "--config".into(), self.scene.press.configuration().into()];
        line.extend(arguments.iter().map(OsString::from));
        let (output, captured) = Output::captured();
        let running = Box::pin(crate::cli::run(line, output, self.clock.clone()));
        running.await.with_context(|| format!("courant {}", arguments.join(" ")))?;
        Ok(captured.text())
    }
}

/// What is wrong with the pasted page as the feed has it.
fn faults(item: &serde_json::Value) -> Vec<String> {
    let html = item["content_html"].as_str().unwrap_or_default();
    let furniture = ["spot_img", "Share post", "More like this", "Pinterest", "Ranked", "Disclaimer"];
    let left = furniture.iter().filter(|mark| html.contains(**mark)).map(|mark| format!("{mark:?} is left"));
    let own = ["Popular demand", "The related question", "It will.", "Why Not a Battery</h"];
    let lost = own.iter().filter(|mark| !html.contains(**mark)).map(|mark| format!("{mark:?} is lost"));
    let mut wrong: Vec<String> = left.chain(lost).collect();
    if item["authors"] != serde_json::json!([{"name": "Theo Marchetti-Lowe"}]) {
        wrong.push(format!("its authors are {}", item["authors"]));
    }
    wrong
}

/// The first link in a text whose path holds `part`.
fn link(text: &str, part: &str) -> Option<Url> {
    let words = text.split(|c: char| c.is_whitespace() || "<>,".contains(c));
    words.filter(|word| word.starts_with("http") && word.contains(part)).find_map(|word| word.parse().ok())
}

/// Says how it ended: a table of what was found.
///
/// # Errors
/// If nobody listens any more.
pub fn sum_up(findings: &[Finding], output: &Output) -> std::io::Result<bool> {
    let rows = findings.iter().map(|finding| {
        let mark = if finding.is_so { "✓" } else { "✗" };
        vec![mark.to_owned(), finding.what.clone(), finding.found.clone()]
    });
    output.line("")?;
    output.table(&["", "WHAT WAS MEANT", "WHAT ARRIVED"], rows)?;
    Ok(findings.iter().all(|finding| finding.is_so))
}
