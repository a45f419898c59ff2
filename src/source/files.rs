//! Files that belong to an article, as people write them into a column or into front matter.

use serde_json::{Map, Value};

use super::feed::seconds_of;
use crate::model::article::Enclosure;

/// Reads a column: an address, several of them parted by space, or JSON as in front matter.
pub(super) fn parse(text: &str) -> Vec<Enclosure> {
    let text = text.trim();
    if text.starts_with(['[', '{'])
        && let Ok(value) = serde_json::from_str(text)
    {
        return of_value(&value);
    }
    text.split_whitespace().map(at).collect()
}

/// Reads a value of JSON or of front matter: an address, an object that has one, or a list of these.
pub(super) fn of_value(value: &Value) -> Vec<Enclosure> {
    match value {
        Value::String(url) if !url.trim().is_empty() => vec![at(url)],
        Value::Array(values) => values.iter().flat_map(of_value).collect(),
        Value::Object(fields) => of_fields(fields).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn at(url: &str) -> Enclosure {
    Enclosure { url: url.trim().to_owned(), ..Enclosure::default() }
}

fn of_fields(fields: &Map<String, Value>) -> Option<Enclosure> {
    let find = |names: &[&str]| names.iter().find_map(|name| fields.get(*name));
    let text =
        |names: &[&str]| find(names).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let number = |names: &[&str]| {
        let value = find(names)?;
        value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
    };
    let seconds = find(&["seconds", "duration_in_seconds", "duration"]).and_then(|value| match value {
        Value::String(text) => seconds_of(text)?.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    });
    Some(Enclosure {
        url: text(&["url", "src", "href", "path", "file"])?.to_owned(),
        media_type: text(&["type", "media_type", "mime_type", "mimetype"]).unwrap_or_default().to_owned(),
        length: number(&["length", "size", "size_in_bytes", "bytes"]),
        seconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str, media_type: &str, length: Option<u64>, seconds: Option<u64>) -> Enclosure {
        Enclosure { url: url.to_owned(), media_type: media_type.to_owned(), length, seconds }
    }

    #[test]
    fn a_file_is_an_address_an_object_or_one_of_a_list() {
        let bare = |url| file(url, "", None, None);
        for (text, expected) in [
            ("https://a.example/x.mp3", vec![bare("https://a.example/x.mp3")]),
            ("/a.mp3\n/b.mp4", vec![bare("/a.mp3"), bare("/b.mp4")]),
            (
                r#"["/a.mp3", {"url": "/b", "type": "audio/mpeg", "length": "7", "duration": "1:02:03"}]"#,
                vec![bare("/a.mp3"), file("/b", "audio/mpeg", Some(7), Some(3_723))],
            ),
            (r#"{"src": "/b.mp3", "size": 9, "seconds": 12}"#, vec![file("/b.mp3", "", Some(9), Some(12))]),
            (r#"[{"type": "audio/mpeg"}, null, 7, ""]"#, vec![]),
            ("", vec![]),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
