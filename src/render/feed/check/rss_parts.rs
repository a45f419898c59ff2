//! Rules of the rarer elements of RSS 2.0, and of the modules that stand in it.

use super::tree::Element;
use super::value::{is_absolute, is_address, is_language, is_w3cdtf, is_web_address};
use super::{Findings, LANGUAGE, Rule};

const UNKNOWN: Rule = Rule::error("unknown-element", "Remove it, or use a namespace of its own.");
const IMAGE: Rule = Rule::error("image", "Give it a url, a title and a link.");
const IMAGE_SIZE: Rule = Rule::error("image-size", "Write pixels: at most 144 wide and 400 high.");
const TEXT_INPUT: Rule =
    Rule::error("text-input", "Give it one title, description, name and link each, or leave it out.");
const SKIP: Rule = Rule::error("skip", "Write each <hour> from 0 to 23, or each <day> in English, once.");
const CLOUD: Rule =
    Rule::error("cloud", "Give it domain, port, path, registerProcedure and protocol, or leave it out.");
const DOCS: Rule = Rule::error("docs", "Write https://www.rssboard.org/rss-specification, or nothing.");
const SOURCE: Rule = Rule::error("source", "Give it the address of the feed as url.");
const ATTRIBUTE: Rule = Rule::error("attribute", "Write isPermaLink, with a large P and L.");
const DATE: Rule = Rule::error("date", "Write moments as in 2026-03-02T07:00:00Z.");
const PLACE: Rule =
    Rule::error("coordinate", "Write degrees: latitude from -90 to 90, longitude from -180 to 180.");
const TRACKBACK: Rule = Rule::error("trackback", "Write the whole address as text.");

/// What RSS itself knows in a channel.
const CHANNEL: &[&str] = &[
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "webMaster",
    "pubDate",
    "lastBuildDate",
    "category",
    "generator",
    "docs",
    "cloud",
    "ttl",
    "image",
    "rating",
    "textInput",
    "textinput",
    "skipHours",
    "skipDays",
    "item",
];

/// What RSS itself knows in an item.
const ITEM: &[&str] = &[
    "title",
    "link",
    "description",
    "author",
    "category",
    "comments",
    "enclosure",
    "guid",
    "pubDate",
    "source",
];

const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The rarer elements of a channel.
pub fn check_channel(channel: &Element, findings: &mut Findings) {
    check_known(channel, CHANNEL, findings);
    check_modules(channel, findings);
    channel.all("image").for_each(|image| check_image(image, findings));
    channel.all("cloud").for_each(|cloud| check_cloud(cloud, findings));
    let inputs = channel.all("textInput").chain(channel.all("textinput"));
    for input in inputs {
        let is_whole =
            ["title", "description", "name", "link"].iter().all(|part| input.all(part).count() == 1);
        if !is_whole || !input.text_of("link").is_some_and(is_absolute) {
            findings.add(&TEXT_INPUT, input.place(), "A reader that shows it cannot send it.");
        }
    }
    let is_hour = |text: &str| text.parse::<u8>().is_ok_and(|hour| hour <= 24);
    channel.all("skipHours").for_each(|skip| check_skip(skip, "hour", 24, &is_hour, findings));
    let is_day = |text: &str| DAYS.contains(&text);
    channel.all("skipDays").for_each(|skip| check_skip(skip, "day", 7, &is_day, findings));
    if let Some(docs) = channel.child("docs").filter(|docs| !is_absolute(docs.text.trim())) {
        findings.add(&DOCS, docs.place(), format!("{:?} is no address.", docs.text.trim()));
    }
}

/// The rarer elements of an item.
pub fn check_item(item: &Element, findings: &mut Findings) {
    check_known(item, ITEM, findings);
    check_modules(item, findings);
    for source in item.all("source") {
        if !source.attribute("url").is_some_and(is_address) {
            findings.add(&SOURCE, source.place(), "Nobody can tell from which feed it came.");
        }
    }
    if let Some(guid) = item.child("guid") {
        let others = guid.attributes.iter().map(|(name, _)| name.as_str());
        if others.into_iter().any(|name| name != "isPermaLink" && !name.contains(':')) {
            findings.add(&ATTRIBUTE, guid.place(), "Readers look at isPermaLink alone.");
        }
    }
}

fn check_known(parent: &Element, known: &[&str], findings: &mut Findings) {
    for child in parent.children.iter().filter(|child| !child.name.contains(':')) {
        if !known.contains(&child.name.as_str()) {
            findings.add(&UNKNOWN, child.place(), "RSS knows no such element here.");
        }
    }
}

fn check_image(image: &Element, findings: &mut Findings) {
    let is_whole = image.text_of("url").is_some_and(is_absolute)
        && image.text_of("link").is_some_and(is_absolute)
        && image.child("title").is_some();
    if !is_whole {
        findings.add(&IMAGE, image.place(), "Readers do not show a picture without all three.");
    }
    for (name, most) in [("width", 144), ("height", 400)] {
        let is_size = |text: &str| text.parse::<u32>().is_ok_and(|pixels| (1..=most).contains(&pixels));
        if let Some(size) = image.child(name).filter(|size| !is_size(size.text.trim())) {
            findings.add(&IMAGE_SIZE, size.place(), format!("{:?} is no such size.", size.text.trim()));
        }
    }
}

fn check_cloud(cloud: &Element, findings: &mut Findings) {
    let has = |name| cloud.attribute(name).is_some_and(|value| !value.is_empty());
    let is_whole = ["domain", "path", "registerProcedure", "protocol"].into_iter().all(has);
    if !is_whole || cloud.attribute("port").is_none_or(|port| port.parse::<u16>().is_err()) {
        findings.add(&CLOUD, cloud.place(), "Nobody can register there.");
    }
}

fn check_skip(
    skip: &Element,
    name: &str,
    most: usize,
    is_one: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) {
    let is_right = |child: &Element| child.name == name && is_one(child.text.trim());
    if skip.children.len() > most || !skip.children.iter().all(is_right) {
        findings.add(&SKIP, skip.place(), "Readers do not know when they need not ask.");
    }
}

/// What the modules say that stand in channels and items: Dublin Core, coordinates, trackbacks.
pub fn check_modules(parent: &Element, findings: &mut Findings) {
    for child in &parent.children {
        let text = child.text.trim();
        let is_within = |most: f64| text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most);
        match child.name.as_str() {
            "dc:date" if !is_w3cdtf(text) => {
                findings.add(&DATE, child.place(), format!("{text:?} is no date of W3CDTF."));
            }
            "dc:language" if !is_language(text) => {
                findings.add(&LANGUAGE, child.place(), format!("{text:?} is no language tag."));
            }
            "geo:lat" | "geo:latitude" if !is_within(90.0) => {
                findings.add(&PLACE, child.place(), format!("{text:?} is no latitude."));
            }
            "geo:long" | "geo:longitude" if !is_within(180.0) => {
                findings.add(&PLACE, child.place(), format!("{text:?} is no longitude."));
            }
            "trackback:ping" | "trackback:about"
                if !is_web_address(child.attribute("rdf:resource").unwrap_or_default())
                    && !is_web_address(text) =>
            {
                findings.add(&TRACKBACK, child.place(), format!("{text:?} is no address."));
            }
            _ => {}
        }
    }
}
