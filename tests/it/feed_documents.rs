//! Feeds as documents: what any parser reads from them is what the articles say.

use std::time::Duration;

use courant::model::article::Article;
use courant::model::time::Timestamp;
use courant::render::feed::{Edition, Feed, Format, Item, Place};
use courant::render::xml::permitted;
use proptest::prelude::*;

use crate::support::article::{MORNING, article, publication};
use crate::support::odd::odd_articles;

fn feed(items: Vec<Item>) -> Feed {
    Feed {
        id: "urn:uuid:0f0e0d0c-0b0a-8908-8706-050403020100".to_owned(),
        title: "The Harbour Light".to_owned(),
        description: "News of the coast, twice a day".to_owned(),
        language: "en".to_owned(),
        page: "https://news.example.org/".to_owned(),
        stem: "https://news.example.org/feed".to_owned(),
        query: String::new(),
        publisher: "The Harbour Light".to_owned(),
        icon: Some("https://news.example.org/logo.png".to_owned()),
        changed_at: Timestamp::from_unix(MORNING + 86_400),
        max_age: Duration::from_mins(15),
        items,

        place: Place::default(),
        tombstones: Vec::new(),
        podcast: None,
        hub: None,
    }
}

pub fn feed_of(articles: &[Article]) -> Feed {
    feed(articles.iter().map(|article| Item::of_article(article, &publication())).collect())
}

/// Panics if the document is not well-formed, or holds a character that no XML document may.
fn assert_well_formed(document: &str) {
    let mut reader = quick_xml::Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    assert_eq!(permitted(document), document);
}

#[test]
fn the_three_formats_of_odd_articles() {
    let feed = feed_of(&odd_articles());
    for format in Format::ALL {
        insta::assert_snapshot!(format.extension(), feed.render(format));
    }
}

#[test]
fn no_name_is_taken_for_markup() {
    let mut item = Item::of_article(&article(1, "One"), &publication());
    item.authors = vec!["Ada <b> Brook".to_owned()];
    let feed = Feed { publisher: "Odd & <i>Ends</i>".to_owned(), ..feed(vec![item]) };
    let atom = feed.render(Format::Atom);
    for name in ["Odd &#x26; &#x3C;\u{2060}i&gt;Ends&#x3C;\u{2060}/i&gt;", "Ada &#x3C;\u{2060}b&gt; Brook"] {
        assert!(atom.contains(&format!("<author><name>{name}</name></author>")), "{atom}");
    }
}

#[test]
fn an_empty_feed_is_a_feed() {
    for format in Format::ALL {
        let document = feed(Vec::new()).render(format);
        let parsed = feed_rs::parser::parse(document.as_bytes()).unwrap();
        assert_eq!(parsed.entries.len(), 0, "{format:?}");
        assert_eq!(parsed.title.unwrap().content, "The Harbour Light", "{format:?}");
    }
}

#[test]
fn the_three_formats_agree() {
    let articles = odd_articles();
    for format in Format::ALL {
        let document = feed_of(&articles).render(format);
        let parsed = feed_rs::parser::parse(document.as_bytes()).unwrap();
        assert_eq!(parsed.entries.len(), articles.len());
        for (entry, article) in parsed.entries.iter().zip(&articles) {
            let item = Item::of_article(article, &publication());
            assert_eq!(entry.id, item.id, "{format:?}");
            assert_eq!(entry.links[0].href, item.link, "{format:?}");
            assert_eq!(entry.published.unwrap().timestamp(), item.published_at.as_unix(), "{format:?}");
            let authors: Vec<_> = entry.authors.iter().filter_map(|person| person.name.clone()).collect();
            assert_eq!(authors, item.authors, "{format:?}");
            assert_eq!(entry.categories.len(), item.tags.len(), "{format:?}");
        }
    }
}

#[test]
fn the_rss_crate_finds_nothing_wrong() {
    let document = feed_of(&odd_articles()).render(Format::Rss);
    let channel = rss::Channel::read_from(document.as_bytes()).unwrap();
    rss::validation::Validate::validate(&channel).unwrap();
    assert_eq!(channel.items().len(), odd_articles().len());
    assert!(channel.items().iter().all(|item| !item.guid().unwrap().is_permalink()));
}

#[test]
fn an_undated_article_is_dated_by_first_sight_and_one_from_the_future_too() {
    let mut undated = article(1, "Undated");
    undated.content.published_at = None;
    let mut early = article(2, "From the future");
    early.content.published_at = Some(Timestamp::from_unix(MORNING * 2));
    for article in [undated, early] {
        assert_eq!(Item::of_article(&article, &publication()).published_at, article.first_seen_at);
    }
}

#[test]
fn an_edition_is_one_item_with_its_articles() {
    let articles = [article(1, "First & foremost"), article(2, "Second")];
    let edition = Edition {
        id: "urn:uuid:00000000-0000-8000-8000-000000000001".to_owned(),
        link: "https://news.example.org/newsletters/daily/editions/1".to_owned(),
        subject: "First & foremost",
        preheader: "Second",
        language: "en",
        published_at: Timestamp::from_unix(MORNING),
        articles: &articles,
    };
    let item = Item::of_edition(&edition, &publication());
    insta::assert_snapshot!(feed(vec![item]).render(Format::Atom));
}

#[test]
fn the_same_feed_is_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(feed_of(&odd_articles()).render(format), feed_of(&odd_articles()).render(format));
    }
}

proptest! {
    #[test]
    fn any_text_survives(title in "\\PC{0,40}|.{0,40}", body in "(?s).{0,200}", tag in ".{0,20}", author in ".{0,20}") {
        let mut article = article(1, &format!("x{title}"));
        article.content.summary = format!("s{body}");
        article.content.tags = vec![format!("t{tag}")];
        article.content.authors = vec![format!("a{author}")];
        article.content.html = format!("<p>{}</p>", body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        let item = Item::of_article(&article, &publication());
        for format in [Format::Rss, Format::Atom] {
            let document = feed(vec![item.clone()]).render(format);
            assert_well_formed(&document);
            let entry = &feed_rs::parser::parse(document.as_bytes()).unwrap().entries[0];
            let content = entry.content.as_ref().unwrap().body.clone().unwrap();
            prop_assert_eq!(squeezed(&content), squeezed(&item.html));
            prop_assert_eq!(plain(entry.title.as_ref().unwrap()), squeezed(&item.title));
        }
        let document = feed(vec![item.clone()]).render(Format::Json);
        let json: serde_json::Value = serde_json::from_str(&document).unwrap();
        prop_assert_eq!(json["items"][0]["title"].as_str().unwrap(), permitted(&item.title));
        prop_assert_eq!(json["items"][0]["content_html"].as_str().unwrap(), permitted(&item.html));
    }
}

/// Text without what no feed may hold, and with its white space folded as parsers do.
fn squeezed(text: &str) -> String {
    permitted(text)
        .replace('\u{2060}', "")
        .replace("&nbsp;", " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn plain(text: &feed_rs::model::Text) -> String {
    let content = squeezed(&text.content);
    if text.content_type.essence().to_string() == "text/html" {
        content.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    } else {
        content
    }
}
