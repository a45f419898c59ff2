//! What the programs ask of a feed that bring it to more readers: rules as data.
//!
//! From their public pages: Apple's "A Podcaster's Guide to RSS" and the podcast namespace of podcastindex.org, Flipboard's
//! RSS guidelines, the SmartFormat 2.1 of SmartNews, Google News's technical requirements for feeds. All of them read RSS 2.0.

use std::collections::HashSet;

use super::tree::Element;
use super::value::{is_language, is_rfc822, is_web_address};
use super::{Findings, Rule};
use crate::model::podcast::CATEGORIES;

/// A program that takes feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Directories and players of podcasts, Apple's first.
    Podcast,
    /// Flipboard.
    Flipboard,
    /// SmartNews.
    SmartNews,
    /// Google News.
    GoogleNews,
}

impl Profile {
    /// Every profile with its name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("podcast", Self::Podcast),
        ("flipboard", Self::Flipboard),
        ("smartnews", Self::SmartNews),
        ("google-news", Self::GoogleNews),
    ];

    /// The profile of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, profile)| *profile)
    }

    fn demands(self) -> &'static [Demand] {
        match self {
            Self::Podcast => PODCAST,
            Self::Flipboard => FLIPBOARD,
            Self::SmartNews => SMARTNEWS,
            Self::GoogleNews => GOOGLE_NEWS,
        }
    }
}

/// What a program asks of a channel, or of each item.
struct Demand {
    of: Part,
    rule: Rule,
    holds: fn(&Element) -> bool,
    why: &'static str,
}

#[derive(PartialEq)]
enum Part {
    Channel,
    Item,
}

const fn channel(rule: Rule, holds: fn(&Element) -> bool, why: &'static str) -> Demand {
    Demand { of: Part::Channel, rule, holds, why }
}

const fn item(rule: Rule, holds: fn(&Element) -> bool, why: &'static str) -> Demand {
    Demand { of: Part::Item, rule, holds, why }
}

const PODCAST: &[Demand] = &[
    channel(
        Rule::error(
            "podcast-image",
            "Add <itunes:image href=\"…\"/>: a square JPEG or PNG of 1400 to 3000 pixels.",
        ),
        has_artwork,
        "Directories do not take a podcast without a picture.",
    ),
    channel(
        Rule::error("podcast-language", "Add <language>, such as en or pt-BR."),
        |channel| channel.text_of("language").is_some_and(is_language),
        "Directories do not take a podcast without a language.",
    ),
    channel(
        Rule::error(
            "podcast-category",
            "Add <itunes:category text=\"News\"/> with one of Apple's categories.",
        ),
        has_category,
        "Directories do not know where to show it.",
    ),
    channel(
        Rule::error("podcast-explicit", "Add <itunes:explicit>true</itunes:explicit>, or false."),
        |channel| channel.text_of("itunes:explicit").is_some_and(|text| matches!(text, "true" | "false")),
        "Directories ask whether children may hear it.",
    ),
    channel(
        Rule::warning("podcast-author", "Add <itunes:author>."),
        |channel| has_text(channel, "itunes:author"),
        "Players show nobody's name under the title.",
    ),
    channel(
        Rule::warning("podcast-guid", "Add <podcast:guid> with a UUID that never changes."),
        |channel| has_text(channel, "podcast:guid"),
        "Nobody knows the podcast again at another address.",
    ),
    channel(
        Rule::warning("podcast-locked", "Add <podcast:locked>yes</podcast:locked>."),
        |channel| matches!(channel.text_of("podcast:locked"), Some("yes" | "no")),
        "Other hosts may import the podcast without asking.",
    ),
    channel(
        Rule::error("podcast-description", "Cut it to 4,000 bytes."),
        |channel| channel.text_of("description").is_none_or(|text| text.len() <= 4000),
        "Apple takes no more of a description.",
    ),
    channel(
        Rule::error("podcast-same-file", "Give every episode a file of its own."),
        |channel| {
            are_different(channel.all("item").filter_map(|item| item.child("enclosure")?.attribute("url")))
        },
        "Players take the second episode with the same file for one that they have.",
    ),
    item(
        Rule::error(
            "podcast-enclosure",
            "Add an <enclosure> of type audio/mpeg, audio/x-m4a, video/mp4 or the like.",
        ),
        has_recording,
        "An episode without a recording is not shown.",
    ),
    item(
        Rule::warning("podcast-length", "Write the file's length in bytes."),
        |item| {
            item.child("enclosure")
                .is_none_or(|file| file.attribute("length").is_some_and(|bytes| bytes != "0"))
        },
        "Players cannot tell how much they will fetch.",
    ),
    item(
        Rule::error("podcast-id", "Give every episode a <guid> that never changes."),
        |item| has_text(item, "guid"),
        "Players would show the episode again after a change.",
    ),
    item(
        Rule::error("podcast-title", "Give every episode a <title>."),
        |item| has_text(item, "title"),
        "Players show episodes by their titles.",
    ),
    item(Rule::warning("podcast-date", "Add <pubDate>."), has_date, "Players sort episodes by their dates."),
    item(
        Rule::warning("podcast-duration", "Add <itunes:duration> in seconds."),
        |item| item.text_of("itunes:duration").is_some_and(is_duration),
        "Players do not say how long it takes.",
    ),
];

const FLIPBOARD: &[Demand] = &[
    channel(
        Rule::error("flipboard-channel", "Give the channel title, link, description and language."),
        |channel| ["title", "link", "description", "language"].iter().all(|name| has_text(channel, name)),
        "Flipboard does not take a feed without all four.",
    ),
    channel(
        Rule::warning("flipboard-items", "Keep the 20 newest items or more in the feed."),
        |channel| channel.all("item").count() >= 20,
        "Flipboard asks for at least 20 items.",
    ),
    item(
        Rule::error("flipboard-item", "Give every item title, link, description, pubDate and guid."),
        |item| {
            has_date(item) && ["title", "link", "description", "guid"].iter().all(|name| has_text(item, name))
        },
        "Flipboard does not show an item without all five.",
    ),
    item(
        Rule::error("flipboard-image", "Add the picture as <enclosure> or <media:content>."),
        has_media,
        "Flipboard lays pages out around pictures.",
    ),
    item(
        Rule::warning("flipboard-image-size", "Use a picture of at least 500 pixels on its shorter side."),
        |item| pictures(item).all(|picture| is_at_least(picture, 500)),
        "Flipboard passes over small pictures.",
    ),
    item(
        Rule::warning("flipboard-creator", "Add <dc:creator>."),
        |item| has_text(item, "dc:creator"),
        "Flipboard asks for the author's name.",
    ),
    item(
        Rule::warning("flipboard-excerpt", "Write 300 characters or more into <description>."),
        |item| item.text_of("description").is_some_and(|text| text.chars().count() >= 300),
        "Flipboard lays out, and sorts by subject, what stands there.",
    ),
];

const SMARTNEWS: &[Demand] = &[
    channel(
        Rule::error("smartnews-channel", "Give the channel title, link and description."),
        |channel| ["title", "link", "description"].iter().all(|name| has_text(channel, name)),
        "SmartFormat requires all three.",
    ),
    channel(
        Rule::error("smartnews-date", "Add <pubDate> or <lastBuildDate> to the channel."),
        |channel| has_date(channel) || channel.text_of("lastBuildDate").is_some_and(is_rfc822),
        "SmartFormat requires the date of the feed.",
    ),
    channel(
        Rule::error("smartnews-language", "Add <language>, such as en."),
        |channel| channel.text_of("language").is_some_and(is_language),
        "SmartFormat requires the language.",
    ),
    channel(
        Rule::warning("smartnews-logo", "Add <snf:logo><url>…</url></snf:logo>: a PNG of 700 by 100 pixels."),
        |channel| channel.child("snf:logo").is_some(),
        "SmartView First shows the publisher's logo.",
    ),
    channel(
        Rule::warning("smartnews-description", "Write 30 characters or less."),
        |channel| channel.text_of("description").is_none_or(|text| text.chars().count() <= 30),
        "SmartNews shows a short description.",
    ),
    item(
        Rule::error("smartnews-item", "Give every item title, link, guid and pubDate."),
        |item| has_date(item) && ["title", "link", "guid"].iter().all(|name| has_text(item, name)),
        "SmartFormat requires all four.",
    ),
    item(
        Rule::error("smartnews-content", "Add the whole text as <content:encoded>."),
        |item| has_text(item, "content:encoded"),
        "SmartView shows what stands there, and nothing else.",
    ),
    item(
        Rule::error("smartnews-script", "Remove scripts from <content:encoded>."),
        |item| {
            !item.text_of("content:encoded").is_some_and(|html| html.to_ascii_lowercase().contains("<script"))
        },
        "SmartView does not run scripts.",
    ),
    item(
        Rule::warning("smartnews-thumbnail", "Add <media:thumbnail url=\"…\"/>."),
        |item| item.child("media:thumbnail").is_some(),
        "Lists of articles show it without a picture.",
    ),
];

const GOOGLE_NEWS: &[Demand] = &[
    channel(
        Rule::error("google-news-size", "Keep fewer or shorter items in the feed."),
        |channel| bytes(channel) <= 2 << 20,
        "Google News reads no feed of more than 2 MB.",
    ),
    channel(
        Rule::warning("google-news-items", "Keep at most 60 items in the feed."),
        |channel| channel.all("item").count() <= 60,
        "Google News takes no more than 60 new articles at a time.",
    ),
    item(
        Rule::error("google-news-article-size", "Leave the largest parts of it out of the feed."),
        |item| bytes(item) <= 1 << 20,
        "Google News reads no article of more than 1 MB.",
    ),
    item(
        Rule::error("google-news-item", "Give every item title, link and guid."),
        |item| ["title", "link", "guid"].iter().all(|name| has_text(item, name)),
        "Google News tells articles apart by guid, and shows title and link.",
    ),
    item(
        Rule::error("google-news-date", "Add <pubDate>."),
        has_date,
        "Google News tells by it whether an article was changed.",
    ),
    item(
        Rule::warning("google-news-content", "Add the whole text as <content:encoded>."),
        |item| has_text(item, "content:encoded"),
        "Readers see a headline only.",
    ),
    item(
        Rule::warning("google-news-author", "Add <dc:creator>, or <author> with a mail address."),
        |item| has_text(item, "dc:creator") || has_text(item, "author"),
        "Google News asks for the author's name.",
    ),
    item(
        Rule::warning("google-news-image", "Add the picture as <media:content> or into the text."),
        |item| has_media(item) || item.text_of("content:encoded").is_some_and(|html| html.contains("<img")),
        "Google News shows articles with pictures first.",
    ),
];

const FORMAT: Rule = Rule::error("profile-format", "Check, and hand in, the RSS address of the feed.");

/// Checks a document of RSS; there is none where it is of another format.
pub fn check(rss: Option<&Element>, profile: Profile, findings: &mut Findings) {
    let Some(all) = rss.and_then(|root| root.child("channel")) else {
        return findings.add(&FORMAT, "document", "The program reads RSS 2.0, and this is something else.");
    };
    for demand in profile.demands() {
        let own = (demand.of == Part::Channel).then_some(all);
        let items = all.all("item").filter(|_| demand.of == Part::Item);
        for part in own.into_iter().chain(items).filter(|part| !(demand.holds)(part)) {
            findings.add(&demand.rule, part.place(), demand.why);
        }
    }
}

fn has_text(parent: &Element, name: &str) -> bool {
    parent.text_of(name).is_some_and(|text| !text.is_empty())
}

fn has_date(parent: &Element) -> bool {
    parent.text_of("pubDate").is_some_and(is_rfc822)
}

fn has_artwork(channel: &Element) -> bool {
    channel.child("itunes:image").and_then(|image| image.attribute("href")).is_some_and(is_web_address)
}

fn has_category(channel: &Element) -> bool {
    channel
        .child("itunes:category")
        .and_then(|category| category.attribute("text"))
        .is_some_and(|text| CATEGORIES.contains(&text))
}

fn has_recording(item: &Element) -> bool {
    let kinds = item.all("enclosure").filter_map(|file| file.attribute("type"));
    kinds.into_iter().any(|kind| kind.starts_with("audio/") || kind.starts_with("video/"))
}

fn is_duration(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    parts.len() <= 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

fn are_different<'a>(mut texts: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    texts.all(|text| seen.insert(text))
}

fn has_media(item: &Element) -> bool {
    item.children.iter().any(|child| matches!(&*child.name, "enclosure" | "media:content" | "media:group"))
}

/// The pictures whose sizes are told.
fn pictures(item: &Element) -> impl Iterator<Item = &Element> {
    item.all("media:content").filter(|file| file.attribute("medium").is_none_or(|medium| medium == "image"))
}

fn is_at_least(picture: &Element, pixels: u32) -> bool {
    let is_enough = |name| {
        picture.attribute(name).and_then(|size| size.parse::<u32>().ok()).is_none_or(|size| size >= pixels)
    };
    is_enough("width") && is_enough("height")
}

/// About how long the element is in the document.
fn bytes(element: &Element) -> usize {
    let own = element.text.len() + 2 * element.name.len() + 5;
    let attributes: usize = element.attributes.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    own + attributes + element.children.iter().map(bytes).sum::<usize>()
}
