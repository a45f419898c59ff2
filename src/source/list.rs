//! Lists of names as people write them into one column or one line.

use serde_json::Value;

/// Reads a list: JSON, else separated by commas.
pub(super) fn parse(text: &str) -> Vec<String> {
    parse_json(text).unwrap_or_else(|| text.split(',').filter_map(name).collect())
}

/// Reads a JSON list of texts, or of objects that have a `name`, `title`, `label` or `slug`.
pub(super) fn parse_json(text: &str) -> Option<Vec<String>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let values: Vec<Value> = serde_json::from_str(text).ok()?;
    Some(values.iter().filter_map(name_of).collect())
}

/// The name that a value of JSON or of front matter holds.
pub(super) fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => name(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(fields) => {
            ["name", "title", "label", "slug"].iter().find_map(|key| name_of(fields.get(*key)?))
        }
        _ => None,
    }
}

fn name(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_json_or_separated_by_commas() {
        let cases: [(&str, &[&str]); 7] = [
            ("politics, economy", &["politics", "economy"]),
            (r#"["politics", " economy "]"#, &["politics", "economy"]),
            (r#"[{"name": "Ada"}, {"slug": "grace"}, 7, null, ""]"#, &["Ada", "grace", "7"]),
            ("[draft], other", &["[draft]", "other"]),
            (" , ,", &[]),
            ("", &[]),
            ("one", &["one"]),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
