//! JSON Feed as it comes, made one that feed-rs reads: it refuses a whole feed for one number where a text should be.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::about::About;
use super::repair::{Facts, MAX_ITEMS, Mended};
use super::repairs::{Repair, Repairs};
use super::texts::Texts;
use super::value::Value as Words;
use super::write::PICTURE;
use crate::extract::date;
use crate::source::list::name_of;

/// Reads a JSON Feed; `None` if the text is no JSON, or no feed.
pub(super) fn mend(text: &str) -> Option<Mended> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let Value::Object(mut feed) = value else { return None };
    let Value::Array(items) = feed.remove("items").or_else(|| feed.remove("entries"))? else { return None };
    let mut repairs = Repairs::default();
    if !text_of(&feed, "version").is_some_and(|version| version.contains("jsonfeed.org/version/1")) {
        repairs.add(Repair::NoVersion);
    }
    if items.len() > MAX_ITEMS {
        repairs.add(Repair::TooMany);
    }
    let language = text_of(&feed, "language");
    let items = items.into_iter().take(MAX_ITEMS).filter_map(|item| match item {
        Value::Object(written) => Some(self::item(written, language.as_deref())),
        _ => None,
    });
    let items = items.collect();
    Some(Mended { head: head(&feed), items, tail: "]}", separator: ",", repairs, about: about(&feed) })
}

/// Where the feed points to: the page of older items, and hubs that tell of changes.
fn about(feed: &Map<String, Value>) -> About {
    let mut about = About::default();
    for (key, relation) in [("next_url", "next"), ("feed_url", "self")] {
        if let Some(address) = text_of(feed, key) {
            about.add_link(relation, address.trim());
        }
    }
    let hubs = feed.get("hubs").into_iter().flat_map(each).filter_map(Value::as_object);
    let is_websub = |hub: &&Map<String, Value>| {
        text_of(hub, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("websub"))
    };
    for address in hubs.filter(is_websub).filter_map(|hub| text_of(hub, "url")) {
        about.add_link("hub", address.trim());
    }
    about
}

fn head(feed: &Map<String, Value>) -> String {
    let mut about = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": text_of(feed, "title").unwrap_or_default(),
        "authors": authors(feed),
    });
    let mut copy = |key: &str| {
        if let Some(text) = text_of(feed, key) {
            about[key] = Value::String(text);
        }
    };
    ["home_page_url", "feed_url", "language", "description"].into_iter().for_each(&mut copy);
    let about = about.to_string();
    format!("{},\"items\":[", about.trim_end_matches('}'))
}

fn item(mut written: Map<String, Value>, language: Option<&str>) -> (String, Facts) {
    let texts = texts(&mut written);
    let mut item =
        json!({ "authors": authors(&written), "tags": tags(&written), "attachments": attachments(&written) });
    for key in ["id", "url", "external_url", "title"] {
        if let Some(text) = text_of(&written, key) {
            item[key] = Value::String(text);
        }
    }
    for key in ["date_published", "date_modified"] {
        if let Some(moment) = text_of(&written, key).and_then(|text| date::parse(&text)) {
            item[key] = Value::String(moment.as_unix().to_string());
        }
    }
    let language = text_of(&written, "language").or_else(|| language.map(str::to_owned));
    (item.to_string(), Facts { base: None, language, seconds: seconds(&written), texts })
}

/// How long its attachments are heard or seen, by their addresses.
fn seconds(item: &Map<String, Value>) -> Vec<(String, u64)> {
    let attached = item.get("attachments").into_iter().flat_map(each).filter_map(Value::as_object);
    let told = attached.filter_map(|written| {
        let told = written.get("duration_in_seconds")?.as_f64()?;
        let whole = Duration::try_from_secs_f64(told).ok()?.as_secs();
        Some((text_of(written, "url")?, whole)).filter(|_| whole > 0)
    });
    told.collect()
}

/// What an item says at length: of its text and its HTML, the HTML is the body.
fn texts(written: &mut Map<String, Value>) -> Texts {
    let mut take = |key: &str| written.remove(key).and_then(text);
    let html = take("content_html").map(Words::Html);
    let [plain, summary] = ["content_text", "summary"].map(|key| take(key).map(Words::Text));
    match html {
        Some(html) => Texts { summary: summary.or(plain), body: Some(html) },
        None => Texts { summary, body: plain },
    }
}

fn text_of(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).cloned().and_then(text)
}

/// A text; a number that should be one is one.
fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn authors(object: &Map<String, Value>) -> Vec<Value> {
    let listed = [object.get("authors"), object.get("author")];
    let names = listed.into_iter().flatten().flat_map(each).filter_map(name_of);
    names.map(|name| json!({ "name": name })).collect()
}

fn tags(object: &Map<String, Value>) -> Vec<String> {
    object.get("tags").into_iter().flat_map(each).filter_map(name_of).collect()
}

/// Attachments, and the pictures of the item, which feed-rs does not know.
fn attachments(object: &Map<String, Value>) -> Vec<Value> {
    let pictures = ["image", "banner_image"].into_iter().filter_map(|key| text_of(object, key));
    let pictures = pictures.map(|url| json!({ "url": url, "mime_type": PICTURE }));
    let attached = object.get("attachments").into_iter().flat_map(each).filter_map(Value::as_object);
    let attached = attached.filter_map(|written| {
        let url = text_of(written, "url")?;
        let size = written.get("size_in_bytes").and_then(Value::as_u64);
        Some(json!({ "url": url, "mime_type": text_of(written, "mime_type").unwrap_or_default(), "size_in_bytes": size }))
    });
    pictures.chain(attached).collect()
}

/// The values of a list; a value that should be in one is one.
fn each(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}
