//! What publishers do to their items over the years, told as scripts: each item stays one article, and what is edited is an
//! update of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use courant::jobs::puller::{Pulled, Puller};
use courant::jobs::{ScheduledSource, Settings};
use courant::model::article::Article;
use courant::model::newsletter::Choice;
use courant::model::time::Timestamp;
use courant::source::{Fetcher, Kind, Source};
use courant::store::{Selection, Store};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::watch;

use super::NOW;
use super::web::Web;
use crate::support::article;

/// How an item is known when its history begins.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    /// RSS, with a guid that says nothing.
    Guid,
    /// RSS, with its address as its guid.
    Permalink,
    /// RSS, by its address alone.
    Link,
    /// RSS, by what it says.
    Nameless,
    Atom,
    Json,
}

/// Histories, parted by `;`: what happens between two pulls, one after the other; `&` joins what happens at once. `guid!` is a guid made anew,
/// `guid+` one that appears, `guid-` one that disappears,
/// `regen` a feed made anew with other guids and in another order, `gone` an item that is not in the feed, `second` a
/// second feed of the same site.
const HISTORIES: &[(Shape, &str)] = &[
    (
        Shape::Guid,
        "title; text; title text; title title; date; title&date; https; slash; www; utm; host; guid-; \
         guid!; guid- guid+; guid- title; guid-&title; guid-&host; guid-&https&slash; host&guid!; \
         host&title; title host; host host; https host; host https; regen; regen title; regen regen; \
         regen&date; gone back; gone back&title; gone gone back; title gone back; utm&https&slash&www; \
         utm utm; slash slash; guid! title guid!; guid! guid! guid!; guid- host guid+; \
         guid- title guid+ title; https&title&date&text; atom; atom title; atom rss; atom host; json; \
         json title; json rss; json&https; atom json rss; regen atom; title&utm; date date; text&date; \
         second; title second; host second; https&slash second; utm second; guid! second; guid- second; \
         second title; json second",
    ),
    (
        Shape::Permalink,
        "title; text; date; https; slash; www; utm; host; host title; title host; host host; \
         https&slash; utm&https; title&https; date&slash; guid-; guid- title; guid-&title; guid- guid+; \
         guid!; guid! title; regen; regen title; gone back; gone back&https; atom; atom title; json; \
         json title; host&https; host&slash&utm; www&utm&slash; title title title; title&text&date; \
         https title slash title; second; https second; utm&slash second; host second; gone title back",
    ),
    (
        Shape::Link,
        "title; text; title text; date; title&date; https; https&title; slash; slash&title; www; \
         www&title; utm; utm&title; utm utm&title; host; host title; title host; https&slash&www&utm; \
         https&slash&www&utm&title; guid+; guid+ title; guid+ guid-; guid+&title; guid+ guid!; \
         guid+ guid- title; guid+&https; https guid+; host guid+; guid+ host; regen; gone back; \
         gone back&title; gone back&https&slash; atom; atom&title; title title title title; \
         text text text; utm slash https www; utm slash https www host; second; title second; \
         https&slash&utm second; host second; guid+ second; title&text&date second; date gone back",
    ),
    (
        Shape::Nameless,
        "title; date; title date; date title; title title; date date; text; text&title; text&date; \
         guid+; guid+ title; guid+ guid-; link+; link+ title; link+ https; gone back; gone back&title; \
         gone back&date; title gone back; regen",
    ),
    (
        Shape::Atom,
        "title; text; date; title&date&text; https; host; utm&slash; guid!; guid! title; regen; \
         gone back; gone back&title; rss; rss title; json; rss atom; host title; title host; https&www; \
         second; https second; host https title; date title date title; regen rss",
    ),
    (
        Shape::Json,
        "title; text; date; host; https; https&slash&title; guid!; guid! title; gone back; rss; \
         rss title; atom; atom rss json; title host title; second; regen",
    ),
];

#[derive(Clone, Copy)]
enum Format {
    Rss,
    Atom,
    Json,
}

/// An item as its publisher has it.
#[derive(Clone)]
struct Item {
    guid: Option<String>,
    /// Whether the guid follows the address.
    is_permalink: bool,
    has_link: bool,
    name: &'static str,
    title: String,
    text: String,
    date: i64,
}

/// A site with two items: the one that the history is of, and one beside it that what happens to the site happens to too.
struct Publisher {
    format: Format,
    site: String,
    ending: &'static str,
    query: String,
    items: Vec<Item>,
    is_gone: bool,
    is_reversed: bool,
    changes: usize,
}

impl Publisher {
    fn new(shape: Shape, host: &str) -> Self {
        let item = |name: &'static str, number: i64| Item {
            guid: matches!(shape, Shape::Guid | Shape::Atom | Shape::Json).then(|| format!("tag:{name}")),
            is_permalink: shape == Shape::Permalink,
            has_link: shape != Shape::Nameless,
            name,
            title: format!("The {name}"),
            text: format!("What is to be said of the {name}."),
            date: 1_772_500_000 + number * 86_400,
        };
        let format = match shape {
            Shape::Atom => Format::Atom,
            Shape::Json => Format::Json,
            _ => Format::Rss,
        };
        Self {
            format,
            site: format!("http://{host}.example"),
            ending: "",
            query: String::new(),
            items: vec![item("bridge", 1), item("ferry", 2)],
            is_gone: false,
            is_reversed: false,
            changes: 0,
        }
    }

    /// Lets one thing happen. Returns whether the item says something else afterwards.
    fn suffer(&mut self, event: &str) -> bool {
        self.changes += 1;
        let changes = self.changes;
        let item = &mut self.items[0];
        match event {
            "title" => item.title = format!("The bridge, edition {changes}"),
            "text" => item.text = format!("What is to be said of the bridge, part {changes}."),
            "date" => item.date += 3_600,
            "https" => self.site = self.site.replace("http:", "https:"),
            "slash" => self.ending = "/",
            "www" => self.site = self.site.replace("://", "://www."),
            "utm" => self.query = format!("?utm_source=feed&utm_campaign={changes}"),
            "host" => self.site = self.site.replace(".example", "x.example"),
            "guid-" => self.each(|item| (item.guid, item.is_permalink) = (None, false)),
            "guid+" | "guid!" | "regen" => {
                self.each(|item| {
                    item.is_permalink = false;
                    item.guid = Some(format!("{}-{changes}", item.name))
                        .filter(|_| event != "regen" || item.guid.is_some());
                });
                self.is_reversed ^= event == "regen";
            }
            "link+" => self.each(|item| item.has_link = true),
            "gone" => self.is_gone = true,
            "back" => self.is_gone = false,
            "rss" => self.format = Format::Rss,
            "atom" => self.format = Format::Atom,
            "json" => self.format = Format::Json,
            _ => panic!("nobody knows what {event:?} is"),
        }
        matches!(event, "title" | "text")
    }

    fn each(&mut self, change: impl FnMut(&mut Item)) {
        self.items.iter_mut().for_each(change);
    }

    fn link(&self, item: &Item) -> Option<String> {
        item.has_link.then(|| format!("{}/{}{}", self.site, item.name, self.ending))
    }

    /// The feed as it is now.
    fn document(&self) -> String {
        let mut items: Vec<&Item> = self.items.iter().skip(usize::from(self.is_gone)).collect();
        if self.is_reversed {
            items.reverse();
        }
        match self.format {
            Format::Rss => {
                let items: String = items.into_iter().map(|item| self.rss(item)).collect();
                format!("<rss version='2.0'><channel><title>A</title>{items}</channel></rss>")
            }
            Format::Atom => {
                let items: String = items.into_iter().map(|item| self.atom(item)).collect();
                format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{items}</feed>")
            }
            Format::Json => {
                let items: Vec<_> = items.into_iter().map(|item| self.json(item)).collect();
                json!({ "version": "https://jsonfeed.org/version/1.1", "title": "A", "items": items })
                    .to_string()
            }
        }
    }

    fn rss(&self, item: &Item) -> String {
        let link = self.link(item);
        let permalink = link.clone().filter(|_| item.is_permalink).map(|link| format!("<guid>{link}</guid>"));
        let guid = item.guid.as_ref().map(|guid| format!("<guid isPermaLink='false'>{guid}</guid>"));
        let link = link.map(|link| format!("<link>{link}{}</link>", self.query.replace('&', "&amp;")));
        format!(
            "<item>{}{}<title>{}</title><description>{}</description><pubDate>{}</pubDate></item>",
            guid.or(permalink).unwrap_or_default(),
            link.unwrap_or_default(),
            item.title,
            item.text,
            Timestamp::from_unix(item.date)
        )
    }

    fn atom(&self, item: &Item) -> String {
        let link = self.link(item).unwrap_or_default();
        let id = item.guid.clone().unwrap_or_else(|| link.clone());
        let (query, date) = (self.query.replace('&', "&amp;"), Timestamp::from_unix(item.date));
        format!(
            "<entry><id>{id}</id><link href='{link}{query}'/><title>{}</title><content>{}</content><published>{date}</published><updated>{date}</updated></entry>",
            item.title, item.text
        )
    }

    fn json(&self, item: &Item) -> serde_json::Value {
        let link = self.link(item).unwrap_or_default();
        let id = item.guid.clone().unwrap_or_else(|| link.clone());
        json!({
            "id": id, "url": format!("{link}{}", self.query), "title": item.title, "content_text": item.text,
            "date_published": Timestamp::from_unix(item.date).to_string(),
        })
    }
}

/// Who reads what the publisher has.
struct Reader {
    web: Web,
    document: Arc<Mutex<String>>,
    store: Store,
    puller: Puller,
    settings: Settings,
    now: Timestamp,
    _data: TempDir,
}

impl Reader {
    async fn new() -> Self {
        let document = Arc::new(Mutex::new(String::new()));
        let serve = async |State(document): State<Arc<Mutex<String>>>| document.lock().unwrap().clone();
        let router = Router::new().route("/feed/{name}", get(serve)).with_state(Arc::clone(&document));
        let data = TempDir::new().unwrap();
        let store = Store::open_as_daemon(&data.path().join("courant.db"), NOW).await.unwrap();
        let settings = Settings {
            publication: article::publication(),
            newsletters: Vec::new(),
            sources: Vec::new(),
            sending: None,
            reports: courant::jobs::Reports::default(),
            picture_disk: None,
            zones: courant::config::zones::Zones::built_in(),
        };
        let live = watch::channel(Arc::new(settings.clone())).1;
        let puller = Puller::new(store.clone(), Fetcher::new("https://courier.example"), live);
        Self { web: Web::with(router).await, document, store, puller, settings, now: NOW, _data: data }
    }

    async fn pull(&mut self, name: &str, document: String) -> Pulled {
        *self.document.lock().unwrap() = document;
        self.now = self.now + Duration::from_hours(1);
        let kind: Kind = self.web.feed(&format!("/feed/{name}"));
        let source = Source { name: name.to_owned(), tags: Vec::new(), kind };
        let scheduled = ScheduledSource { source, every: Duration::from_mins(15) };
        self.puller.pull(&scheduled, &self.settings, self.now).await.unwrap().unwrap()
    }

    async fn articles(&self, name: &str) -> Vec<Article> {
        let choice = Choice { sources: vec![name.to_owned()], ..Choice::default() };
        let selection = Selection {
            choices: vec![choice],
            limit: 100,
            ..courant::store::Selection::seen_by(courant::store::Sight::Operator)
        };
        self.store.latest_articles(&selection).await.unwrap()
    }

    /// Plays a history, and says what is not as it should be.
    async fn play(&mut self, name: &str, shape: Shape, history: &str) -> Result<(), String> {
        let mut publisher = Publisher::new(shape, name);
        let first = self.pull(name, publisher.document()).await;
        let bridge = self.articles(name).await.into_iter().find(|one| one.content.title == "The bridge");
        let (Some(bridge), 2) = (bridge, first.saved.new) else {
            return Err(format!("it begins with {first:?}"));
        };
        let mut edits = 0;
        for step in history.split(' ') {
            if step == "second" {
                self.pull(&format!("{name}-second"), publisher.document()).await;
                let twins = self.store.twins(&[bridge.id]).await.unwrap();
                if twins.len() != 1 {
                    return Err(format!("it has {} twins in the second feed", twins.len()));
                }
                continue;
            }
            let events = step.split('&');
            let is_edited = events.fold(false, |is_edited, event| publisher.suffer(event) | is_edited);
            edits += usize::from(is_edited);
            let pulled = self.pull(name, publisher.document()).await;
            if pulled.saved.new > 0 {
                return Err(format!("after {step:?} there is a new article"));
            }
        }
        let kept = self.store.find_article(bridge.id).await.unwrap().unwrap();
        let revisions = self.store.revisions(bridge.id).await.unwrap().len();
        let item = &publisher.items[0];
        let says = (&kept.content.title, &kept.content.text, self.articles(name).await.len(), revisions);
        let should = (&item.title, &item.text, 2, edits);
        if says == should { Ok(()) } else { Err(format!("it says {says:?} and not {should:?}")) }
    }
}

#[tokio::test]
async fn an_item_is_one_article_through_all_that_its_publisher_does() {
    let mut reader = Reader::new().await;
    let histories = HISTORIES
        .iter()
        .flat_map(|(shape, histories)| histories.split("; ").map(|history| (*shape, history)));
    let (mut played, mut wrong) = (0, Vec::new());
    for (shape, history) in histories {
        played += 1;
        if let Err(what) = reader.play(&format!("h{played}"), shape, history).await {
            wrong.push(format!("{shape:?}, {history}: {what}"));
        }
    }
    assert!(played >= 200, "only {played}");
    assert!(wrong.is_empty(), "{} of {played}:\n{}", wrong.len(), wrong.join("\n"));
}
