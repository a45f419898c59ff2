//! Feeds that are listed as podcasts.

use std::time::Duration;

use axum::Router;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, ScheduledSource};
use courant::model::podcast::{Heard, Podcast};
use courant::render::feed::check::{Profile, check, check_profile};
use courant::source::{Fetcher, Source};
use courant::web::Settings;

use crate::sources::web::Web;
use crate::support::app::{TestApp, daily};
use crate::support::served::Served;

const EPISODES: &str = r#"<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>P</title>
<item><guid isPermaLink="false">1</guid><title>The tide, heard</title><description>Listen.</description><itunes:author>Ines Okafor</itunes:author>
<itunes:duration>1:02:05</itunes:duration><enclosure url="https://media.example.org/1.mp3" length="34216300" type="audio/mpeg"/></item>
<item><guid isPermaLink="false">2</guid><title>The quay &amp; the rest</title><description>Listen.</description>
<itunes:duration>ninety</itunes:duration><enclosure url="https://media.example.org/2.mp3" length="5" type="audio/mpeg"/></item>
</channel></rss>"#;

fn podcast(of: Heard) -> Podcast {
    Podcast {
        of,
        author: None,
        email: Some("radio@example.org".to_owned()),
        image: "https://news.example.org/cover.png".parse().unwrap(),
        category: "Society & Culture".to_owned(),
        subcategory: Some("Documentary".to_owned()),
        explicit: false,
        locked: true,
        guid: None,
    }
}

async fn app(podcasts: Vec<Podcast>) -> (TestApp, Served) {
    let web = Web::with(Router::new().fallback(async || EPISODES)).await;
    let source = Source { name: "radio".to_owned(), tags: vec!["Radio".to_owned()], kind: web.feed("/feed") };
    let app = TestApp::start(vec![daily()], "2026-03-02T12:00:00Z").await;
    app.configure(|settings| {
        settings.sources = vec![ScheduledSource { source, every: Duration::from_mins(15) }];
    });
    let puller = Puller::new(app.store.clone(), Fetcher::new("https://courier.example"), app.live_settings());
    assert_eq!(puller.step(app.clock.now()).await.unwrap(), 2);
    let served = app.serve().await;
    served.web.reload(Settings { podcasts, ..app.web_settings() });
    (app, served)
}

fn guid(feed: &str) -> &str {
    feed.split("<podcast:guid>").nth(1).unwrap().split('<').next().unwrap()
}

#[tokio::test]
async fn the_feed_of_a_tag_says_what_directories_of_podcasts_ask_for() {
    let (_app, served) = app(vec![podcast(Heard::Tag("radio".to_owned()))]).await;
    let feed = served.get("/tags/radio/feed.rss").await;
    let text = feed.text();
    for part in [
        "<itunes:author>The Harbour Light</itunes:author>",
        "<itunes:email>radio@example.org</itunes:email>",
        "<itunes:image href=\"https://news.example.org/cover.png\"/>",
        "<itunes:category text=\"Society &#x26; Culture\"><itunes:category text=\"Documentary\"/></itunes:category>",
        "<itunes:explicit>false</itunes:explicit>",
        "<podcast:locked owner=\"radio@example.org\">yes</podcast:locked>",
        "<itunes:duration>3725</itunes:duration>\n<itunes:author>Ines Okafor</itunes:author>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(text.matches("<itunes:duration>").count(), 1, "the other one is not known");
    assert_eq!(check(&feed.bytes), []);
    let missing: Vec<&str> =
        check_profile(&feed.bytes, Profile::Podcast).iter().map(|finding| finding.rule).collect();
    assert_eq!(missing, ["podcast-duration"]);
    assert!(served.get("/tags/radio/feed.json").await.text().contains("\"duration_in_seconds\": 3725"));
}

#[tokio::test]
async fn a_podcast_keeps_its_guid_and_is_no_other_feed() {
    let (app, served) = app(vec![podcast(Heard::Newsletter("daily".to_owned()))]).await;
    let text = served.get("/newsletters/daily/feed.rss").await.text().to_owned();
    let given = "917393e3-1b1e-5cef-ace4-edaa54e1f810";
    let moved = Podcast {
        guid: Some(given.to_owned()),
        email: None,
        ..podcast(Heard::Newsletter("daily".to_owned()))
    };
    assert_eq!(guid(&text).len(), given.len());
    for path in ["/feed.rss", "/tags/radio/feed.rss", "/newsletters/daily/editions.rss"] {
        assert!(!served.get(path).await.text().contains("itunes"), "{path}");
    }
    served.web.reload(Settings { podcasts: vec![moved], ..app.web_settings() });
    let after = served.get("/newsletters/daily/feed.rss").await.text().to_owned();
    assert_eq!(guid(&after), given);
    assert!(after.contains("<podcast:locked>yes</podcast:locked>") && !after.contains("itunes:owner"));
}
