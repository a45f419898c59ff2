//! The fields of a front matter, under the names that generators and themes give them.

use serde_json::{Map, Value};
use url::Url;

use crate::extract::date;
use crate::model::article::{Enclosure, Image};
use crate::model::time::Timestamp;
use crate::source::files;
use crate::source::list::{self, name_of};

/// The fields of a file. Names are told without regard to case, and found in `extra` and `params` too.
#[derive(Debug)]
pub(super) struct Fields(pub Map<String, Value>);

impl Fields {
    fn find(&self, name: &str) -> Option<&Value> {
        let nested = ["extra", "params"].into_iter().filter_map(|group| field(&self.0, group)?.as_object());
        std::iter::once(&self.0).chain(nested).find_map(|fields| field(fields, name))
    }

    /// The first of these that is a text.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| match self.find(name)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// The first of these that is a moment. One that cannot be read is noted.
    pub fn moment(&self, names: &[&str], notes: &mut Vec<String>) -> Option<Timestamp> {
        names.iter().find_map(|name| {
            let value = self.find(name)?;
            let moment = match value {
                Value::String(text) if text.trim().is_empty() => return None,
                Value::String(text) => date::parse(text),
                Value::Number(number) => number.as_i64().and_then(date::from_number),
                _ => None,
            };
            if moment.is_none() {
                notes.push(format!("`{name}` is not a date: {value}"));
            }
            moment
        })
    }

    /// Whether it is neither a draft nor expired.
    pub fn is_published(&self, now: Timestamp) -> bool {
        let says = |name, word: &str| match self.find(name) {
            Some(Value::Bool(is)) => is.to_string() == word,
            Some(Value::String(text)) => text.eq_ignore_ascii_case(word),
            _ => false,
        };
        let expires = self.moment(&["expirydate"], &mut Vec::new());
        !says("draft", "true") && !says("published", "false") && expires.is_none_or(|expires| expires > now)
    }

    /// The names in all of these; a single text under a name of the plural is a list.
    pub fn names(&self, keys: &[&str]) -> Vec<String> {
        let mut names = Vec::new();
        for key in keys {
            match self.find(key) {
                Some(Value::String(text)) if key.ends_with('s') => names.extend(list::parse(text)),
                Some(Value::Array(values)) => names.extend(values.iter().filter_map(name_of)),
                Some(value) => names.extend(name_of(value)),
                None => {}
            }
        }
        names
    }

    /// What is said about its authors: in a field of its own, or beside their names.
    pub fn biography(&self) -> Option<String> {
        let own = self.text(&["biography", "bio", "author_bio"]);
        own.or_else(|| {
            let authors = ["authors", "author"].into_iter().filter_map(|name| self.find(name));
            let about: Vec<&str> = authors
                .flat_map(|authors| authors.as_array().map_or(std::slice::from_ref(authors), Vec::as_slice))
                .filter_map(about)
                .collect();
            Some(about.join("\n\n")).filter(|about| !about.is_empty())
        })
    }

    /// Tags and categories, Zola's taxonomies too.
    pub fn tags(&self) -> Vec<String> {
        let mut tags = self.words(&["tags", "tag"]);
        tags.extend(self.categories());
        let taxonomies = self.find("taxonomies").and_then(Value::as_object);
        let values = taxonomies.into_iter().flat_map(Map::values).filter_map(Value::as_array);
        tags.extend(values.flatten().filter_map(name_of));
        tags
    }

    pub fn categories(&self) -> Vec<String> {
        self.words(&["categories", "category", "topics"])
    }

    /// Lists; a text under a name of the plural is one of words, as Jekyll has it, unless it has commas.
    fn words(&self, keys: &[&str]) -> Vec<String> {
        let mut words = Vec::new();
        for key in keys {
            match self.find(key) {
                Some(Value::String(text)) if key.ends_with('s') && !text.contains([',', '[']) => {
                    words.extend(text.split_whitespace().map(str::to_owned));
                }
                Some(_) => words.extend(self.names(&[key])),
                None => {}
            }
        }
        words
    }

    /// Its picture, under any of the names that themes have for it.
    pub fn image(&self, base: Option<&Url>) -> Option<Image> {
        const NAMES: &[&str] = &[
            "image",
            "images",
            "cover",
            "featured_image",
            "featuredimage",
            "feature_image",
            "hero",
            "banner",
            "thumbnail",
            "header",
            "resources",
        ];
        let found = NAMES.iter().find_map(|name| picture(self.find(name)?))?;
        let url = match base {
            Some(base) => base.join(&found.url).ok()?,
            None => Url::parse(&found.url).ok()?,
        };
        Some(Image { url: url.into(), ..found })
    }

    /// Its recordings and films, under any of the names that themes have for them.
    pub fn enclosures(&self, base: Option<&Url>) -> Vec<Enclosure> {
        const NAMES: &[&str] = &["enclosures", "enclosure", "attachments", "audio", "video", "podcast"];
        let found = NAMES.iter().filter_map(|name| self.find(name)).flat_map(files::of_value);
        let absolute = |file: Enclosure| match base {
            Some(base) => base.join(&file.url).ok().map(|url| Enclosure { url: url.into(), ..file }),
            None => Some(file),
        };
        found.filter_map(absolute).collect()
    }
}

/// What an author's object says about them.
fn about(author: &Value) -> Option<&str> {
    let fields = author.as_object()?;
    let about =
        ["biography", "bio", "description"].into_iter().find_map(|name| field(fields, name)?.as_str());
    about.map(str::trim).filter(|about| !about.is_empty())
}

fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields
        .get(name)
        .or_else(|| fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// A picture as a text, as an object, or as the first of a list.
fn picture(value: &Value) -> Option<Image> {
    let text = |fields: &Map<String, Value>, names: &[&str]| {
        let found = names.iter().find_map(|name| fields.get(*name)?.as_str())?.trim();
        (!found.is_empty()).then(|| found.to_owned())
    };
    match value {
        Value::String(url) => Some(url.trim())
            .filter(|url| !url.is_empty())
            .map(|url| Image { url: url.to_owned(), ..Image::default() }),
        Value::Array(values) => values.first().and_then(picture),
        Value::Object(fields) => Some(Image {
            url: text(fields, &["image", "url", "src", "path", "teaser"])?,
            alt: text(fields, &["alt"]),
            caption: text(fields, &["caption", "title"]),
            ..Image::default()
        }),
        _ => None,
    }
}
