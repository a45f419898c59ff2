//! Front matter: what stands before the text, in YAML between `---`, in TOML between `+++`, or as a JSON object.

use serde_json::{Map, Value};

/// The fields of a file, and its text.
pub(super) type Split<'a> = (Map<String, Value>, &'a str);

/// The largest front matter that is read, in bytes.
const MAX_FRONT: usize = 64 * 1024;

/// Parts a file in its front matter and its text.
///
/// # Errors
/// With what is wrong with the front matter, and where.
pub(super) fn split(file: &str) -> Result<Split<'_>, String> {
    let file = file.trim_start_matches('\u{feff}');
    let first = file.lines().next().unwrap_or_default().trim_end();
    let (fields, text) = match first {
        "---" => {
            fenced(file, &["---", "..."]).map(|(front, text)| (yaml(front), text)).ok_or_else(unclosed)?
        }
        "+++" => fenced(file, &["+++"]).map(|(front, text)| (toml(front), text)).ok_or_else(unclosed)?,
        _ if first.starts_with('{') && !first.starts_with("{{") && !first.starts_with("{%") => json(file)?,
        _ => (Ok(Map::new()), file),
    };
    Ok((fields?, text))
}

fn unclosed() -> String {
    "its front matter is not closed".to_owned()
}

/// What is between the first line and one of the closing ones, and what is behind.
fn fenced<'a>(file: &'a str, closing: &[&str]) -> Option<(&'a str, &'a str)> {
    let start = file.find('\n')? + 1;
    let mut at = start;
    for line in file[start..].split_inclusive('\n') {
        if closing.contains(&line.trim_end()) {
            return Some((&file[start..at], &file[at + line.len()..]));
        }
        at += line.len();
        if at - start > MAX_FRONT {
            return None;
        }
    }
    None
}

fn yaml(front: &str) -> Result<Map<String, Value>, String> {
    if front.trim().is_empty() {
        return Ok(Map::new());
    }
    match serde_saphyr::from_str(front) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("its front matter is no list of names and values".to_owned()),
        Err(error) => Err(wrong("YAML", &error.without_snippet().to_string())),
    }
}

fn toml(front: &str) -> Result<Map<String, Value>, String> {
    let table: toml::Table =
        front.parse().map_err(|error: toml::de::Error| wrong("TOML", error.message()))?;
    Ok(table.into_iter().map(|(name, value)| (name, json_of(value))).collect())
}

type Fields = Result<Map<String, Value>, String>;

fn json(file: &str) -> Result<(Fields, &str), String> {
    let mut values = serde_json::Deserializer::from_str(file).into_iter::<Map<String, Value>>();
    match values.next() {
        Some(Ok(fields)) => Ok((Ok(fields), &file[values.byte_offset()..])),
        Some(Err(error)) => Err(wrong("JSON", &error.to_string())),
        None => Err(unclosed()),
    }
}

/// A value of TOML as one of JSON; a moment as its text.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(is) => Value::Bool(is),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(name, value)| (name, json_of(value))).collect())
        }
    }
}

fn wrong(language: &str, words: &str) -> String {
    let words = words.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    format!("its front matter is no {language}: {words}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn front_matter_is_read_in_three_languages() {
        for file in [
            "---\ntitle: A\ndate: 2026-03-03\n---\nText\n",
            "\u{feff}---\r\ntitle: A\r\ndate: 2026-03-03\r\n---\r\nText\n",
            "+++\ntitle = 'A'\ndate = 2026-03-03\n+++\nText\n",
            "{\n  \"title\": \"A\", \"date\": \"2026-03-03\"\n}\nText\n",
        ] {
            let (fields, text) = split(file).unwrap();
            assert_eq!((fields["title"].as_str(), fields["date"].as_str()), (Some("A"), Some("2026-03-03")));
            assert_eq!(text.trim(), "Text", "{file}");
        }
        assert_eq!(split("# A\n\nText"), Ok((Map::new(), "# A\n\nText")));
        assert_eq!(split("{{< figure >}}"), Ok((Map::new(), "{{< figure >}}")));
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line() {
        for (file, expected) in [
            ("---\ntitle: [A\n---\n", "its front matter is no YAML: "),
            ("+++\ntitle = A\n+++\n", "its front matter is no TOML: "),
            ("{\n\"title\": }\n", "its front matter is no JSON: "),
            ("---\ntitle: A\n", "its front matter is not closed"),
            ("---\njust words\n---\n", "its front matter is no list of names and values"),
        ] {
            let message = split(file).unwrap_err();
            assert!(message.starts_with(expected) && !message.contains('\n'), "{message}");
        }
    }

    proptest! {
        #[test]
        fn any_file_is_split(file in "(---|\\+\\+\\+|\\{|\\}|\n|: |\\[|\\]|&a|\\*a|\"|'|#|=|-| |title|é){0,40}") {
            let _ = split(&file);
        }
    }
}
