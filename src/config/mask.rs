//! Which parts of a configuration's text may be secrets, so that an error never shows them.
//!
//! It works on text, not on parsed values, because the line that an error shows may be one that cannot be parsed.

use std::ops::Range;

/// What the name of a key or of a URL's parameter holds when its value is a secret. Misspelt ones too.
const SECRET_WORDS: &[&str] = &[
    "pass",
    "pasw",
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
    "api_key",
    "api-key",
    "private",
    "auth",
];

/// The places of secrets in the text, in order, none overlapping another.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let shift = |range: Range<usize>| range.start + start..range.end + start;
        found.extend(logins(line).into_iter().map(shift));
        found.extend(parameters(line).into_iter().map(shift));
        if let Some(value) = secret_value(line) {
            found.push(start + value..end_of_value(text, start + value, start + line.len()));
        }
    }
    merged(found)
}

/// A value with what may be a secret in it replaced by `***`.
pub(super) fn masked_value(value: &str) -> String {
    let login = value.find("://").and_then(|start| value.rfind('@').map(|end| start + 3..end));
    let mut secrets = parameters(value);
    secrets.extend(login.filter(|login| login.start < login.end));
    masked(value, &merged(secrets))
}

fn masked(text: &str, secrets: &[Range<usize>]) -> String {
    let mut shown = String::new();
    let mut position = 0;
    for secret in secrets {
        shown.push_str(&text[position..secret.start]);
        shown.push_str("***");
        position = secret.end;
    }
    shown.push_str(&text[position..]);
    shown
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |position, line| {
        let start = *position;
        *position += line.len();
        Some((start, line))
    })
}

/// What stands between `://` and the last `@` of the line; where there is no `://`, from the beginning of a value
/// that should be a URL or is no text in quotes, or of a line that is no more than the rest of one.
fn logins(line: &str) -> Vec<Range<usize>> {
    let start = match (line.find("://"), line.find('=')) {
        (Some(index), _) => index + 3,
        (None, Some(index)) if line[..index].contains("url") => index + 1 + opening(&line[index + 1..]),
        (None, Some(index)) if !is_quoted(&line[index + 1..]) => index + 1,
        (None, Some(_)) => return Vec::new(),
        (None, None) => 0,
    };
    let without_host =
        || end_of_login_without_host(&line[start..]).filter(|_| start > 0).map(|end| start + end);
    let end = line.rfind('@').or_else(without_host);
    end.filter(|end| start < *end).map(|end| start..end).into_iter().collect()
}

/// Whether a value begins as a text does, a list or a table.
fn is_quoted(value: &str) -> bool {
    value.trim_start().starts_with(['"', '\'', '[', '{'])
}

/// How long the blanks and the quote are that a value begins with.
fn opening(text: &str) -> usize {
    text.find(|c: char| !c.is_whitespace() && c != '"' && c != '\'').unwrap_or(text.len())
}

/// Where `user:password` ends that lacks its `@`; `None` if it is a host, alone or with its port.
fn end_of_login_without_host(text: &str) -> Option<usize> {
    let end = text.find(['"', '\'', '\r', '\n']).unwrap_or(text.len());
    let authority = text[..end].split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.rsplit_once(':')?;
    let is_host = !host.contains(':') || host.ends_with(']');
    let is_host = is_host && port.bytes().all(|byte| byte.is_ascii_digit()) || authority.ends_with(']');
    (!is_host).then_some(end)
}

/// Values of `?token=…&key=…` in URLs.
fn parameters(line: &str) -> Vec<Range<usize>> {
    let marks = line.match_indices(['?', '&']).map(|(index, _)| index + 1);
    marks
        .filter_map(|start| {
            let parameter = line[start..].split(['&', '#', '"', '\'', '\r', '\n']).next().unwrap_or_default();
            let (name, value) = parameter.split_once('=')?;
            let name = name.to_lowercase();
            let is_secret = is_secret_word(&name) || name.contains("key") || name.contains("sig");
            is_secret.then(|| start + parameter.len() - value.len()..start + parameter.len())
        })
        .collect()
}

/// Where on this line the value of a key begins whose name says that it is a secret.
fn secret_value(line: &str) -> Option<usize> {
    let mut start = 0;
    while let Some(index) = line[start..].find('=') {
        let before = line[start..start + index].trim_end();
        let name: String = before.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        let after = start + index + 1;
        let is_parameter = before.contains(['?', '&']);
        let is_flag = matches!(line[after..].split('#').next().map(str::trim), Some("true" | "false"));
        if is_secret_word(&name) && !name.ends_with("file") && !is_parameter && !is_flag {
            let blanks = line[after..].len() - line[after..].trim_start_matches([' ', '\t']).len();
            return Some(after + blanks);
        }
        start = after;
    }
    None
}

fn is_secret_word(name: &str) -> bool {
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// The rest of the line, or all up to the closing quotes of a string of several lines.
fn end_of_value(text: &str, start: usize, end_of_line: usize) -> usize {
    for quotes in ["\"\"\"", "'''"] {
        if let Some(inner) = text[start..].strip_prefix(quotes) {
            return inner.find(quotes).map_or(text.len(), |index| start + index + 2 * quotes.len());
        }
    }
    start + text[start..end_of_line].trim_end().len()
}

/// The ranges in order, those that overlap made one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_may_be_a_secret_is_not_shown() {
        for (text, expected) in [
            (r#"url = "smtps://me:hunter2@relay.example:465""#, r#"url = "smtps://***@relay.example:465""#),
            (r#"url = "smtps://me:hun@ter2@relay.example"#, r#"url = "smtps://***@relay.example"#),
            (r#"url = "smtps://me:h\"u\"@relay.example""#, r#"url = "smtps://***@relay.example""#),
            (r#"url = "me:hunter2@relay.example""#, r#"url = "***@relay.example""#),
            ("password = \"hunter2\"\nb = 1", "password = ***\nb = 1"),
            ("private = true # b\nprivate = \"true\"", "private = true # b\nprivate = ***"),
            ("pasword = 'hunter2", "pasword = ***"),
            (
                "relay = { url = \"x\", \"password\" = \"hunter2\" }",
                "relay = { url = \"x\", \"password\" = ***",
            ),
            ("mail.relay.smtp_pwd=hunter2\r\nb = 1", "mail.relay.smtp_pwd=***\r\nb = 1"),
            ("secret = \"\"\"\nhunter2\n\"\"\"\nb = 1", "secret = ***\nb = 1"),
            ("secret = '''\nhunter2", "secret = ***"),
            (
                r#"url = "https://x.example/f?a=1&api_key=hunter2#x""#,
                r#"url = "https://x.example/f?a=1&api_key=***#x""#,
            ),
            (r#"password_file = "/run/secrets/smtp""#, r#"password_file = "/run/secrets/smtp""#),
            (
                r#"from = "The Courier <digest@courier.example>""#,
                r#"from = "The Courier <digest@courier.example>""#,
            ),
            (r#"url = "smtp://127.0.0.1:2525?tls=none""#, r#"url = "smtp://127.0.0.1:2525?tls=none""#),
            (r#"url = "smtp://[::1]""#, r#"url = "smtp://[::1]""#),
            (r#"url = "smtps://me:hunter2relay.example""#, r#"url = "smtps://***""#),
            ("url = \"smtps://me:hunter2:\n", "url = \"smtps://***\n"),
            (r#"url = "smtp://[::1]:25""#, r#"url = "smtp://[::1]:25""#),
            ("url = \"smtps://me:\n=hunter2@relay.example\"", "url = \"smtps://me:\n=***@relay.example\""),
            ("url = \"smtps://me:\nhunter2@relay.example\"", "url = \"smtps://me:\n***@relay.example\""),
        ] {
            assert_eq!(masked(text, &secrets(text)), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_masked(text in ".{0,200}", other in "(\\PC|[\n\"'=@{},.?&#:/]|pass|://|\"\"\"){0,60}") {
            for text in [text, other] {
                masked(&text, &secrets(&text));
                masked_value(&text);
            }
        }

        #[test]
        fn no_password_in_a_url_is_shown(password in "[ -~&&[^\"'\\\\]]{8,20}") {
            let line = format!("url = \"smtps://me:{password}@relay.example\"");
            prop_assert!(!masked(&line, &secrets(&line)).contains(&password));
        }
    }
}
