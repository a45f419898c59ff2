//! What the values in a feed must look like.

use url::Url;

/// Whether this is an absolute address or name (RFC 3986).
pub fn is_absolute(text: &str) -> bool {
    Url::parse(text.trim()).is_ok()
}

/// Whether this is an absolute `http` or `https` address.
pub fn is_web_address(text: &str) -> bool {
    Url::parse(text.trim()).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Whether this is a date as RSS wants it (RFC 822 with a year of four digits).
pub fn is_rfc822(text: &str) -> bool {
    jiff::fmt::rfc2822::parse(text.trim()).is_ok()
}

/// Whether this is a date as Atom and JSON Feed want it (RFC 3339, with seconds and a zone).
pub fn is_rfc3339(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let zone = rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches('0'));
    matches!(zone, "Z" | "+00:00" | "-00:00")
        && !rest.starts_with(".Z")
        && text.parse::<jiff::Timestamp>().is_ok()
}

/// Whether this is a date as Dublin Core wants it (W3CDTF): a year, a month, a day, or a moment with its zone.
pub fn is_w3cdtf(text: &str) -> bool {
    let text = text.trim();
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    match shape.as_str() {
        "0000" | "0000-00" => true,
        "0000-00-00" => text.parse::<jiff::civil::Date>().is_ok(),
        _ => {
            let with_seconds = text.get(..16).zip(text.get(16..));
            is_rfc3339(text)
                || with_seconds.is_some_and(|(minute, zone)| is_rfc3339(&format!("{minute}:00{zone}")))
        }
    }
}

/// Whether this is an address, absolute or relative, without what one cannot hold (RFC 3987).
pub fn is_address(text: &str) -> bool {
    let has_forbidden =
        text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c));
    let encoded = text
        .split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|digit| digit.is_ascii_hexdigit()));
    !has_forbidden
        && encoded
        && !matches!(Url::parse(text), Err(fault) if fault != url::ParseError::RelativeUrlWithoutBase)
}

/// Whether this is a mail address alone.
pub fn is_mailbox(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>()@,;:".contains(c))
    };
    text.split_once('@').is_some_and(|(local, domain)| is_part(local) && is_part(domain))
}

/// Whether this has the form of a media type, with or without parameters.
pub fn is_media_type(text: &str) -> bool {
    let is_token = |token: &str| {
        !token.is_empty() && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
    };
    let kind = text.split(';').next().unwrap_or_default().trim_end();
    kind.split_once('/').is_some_and(|(group, name)| is_token(group) && is_token(name))
}

/// Whether this is Base64 (RFC 4648), with line breaks or without.
pub fn is_base64(text: &str) -> bool {
    let signs: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let padding = signs.iter().rev().take_while(|b| **b == b'=').count();
    let body = &signs[..signs.len() - padding];
    signs.len().is_multiple_of(4)
        && padding <= 2
        && body.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// Whether this has the form of a language tag (BCP 47).
pub fn is_language(text: &str) -> bool {
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let primary = text.split('-').next().unwrap_or_default();
    text.split('-').all(is_part) && primary.len() >= 2 && primary.bytes().all(|b| b.is_ascii_alphabetic())
}

/// What in some HTML a reader cannot resolve, or will not run.
pub fn fault_of_html(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    if let Some(tag) =
        ["<script", "<iframe", "<object", "<embed", "<form"].iter().find(|tag| lower.contains(**tag))
    {
        return Some(format!("It holds {tag}>, which readers remove."));
    }
    let value = ["href=\"", "src=\""].iter().find_map(|start| first_relative(html, start))?;
    Some(format!("The address {value:?} is relative; readers do not know to what."))
}

fn first_relative<'a>(html: &'a str, start: &str) -> Option<&'a str> {
    let values = html.match_indices(start).map(|(index, _)| {
        let rest = &html[index + start.len()..];
        rest.split('"').next().unwrap_or_default()
    });
    values.into_iter().find(|value| !value.is_empty() && !value.starts_with('#') && !is_absolute(value))
}

/// Whether plain text has markup in it.
pub fn has_markup(text: &str) -> bool {
    let closing = text.split("</").skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    closing || ["&amp;", "&lt;", "&quot;", "&nbsp;", "&#"].iter().any(|entity| text.contains(entity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_by_their_form() {
        for (text, expected) in [
            ("Mon, 02 Mar 2026 07:00:00 GMT", true),
            ("Mon, 02 Mar 2026 07:00:00 +0100", true),
            ("2026-03-02T07:00:00Z", false),
            ("yesterday", false),
        ] {
            assert_eq!(is_rfc822(text), expected, "{text}");
        }
        for (text, expected) in
            [("2026-03-02T07:00:00Z", true), ("2026-03-02T07:00:00.5+01:00", true), ("2026-03-02", false)]
        {
            assert_eq!(is_rfc3339(text), expected, "{text}");
        }
        for (text, expected) in [("en", true), ("pt-BR", true), ("english language", false), ("", false)] {
            assert_eq!(is_language(text), expected, "{text}");
        }
        assert!(fault_of_html("<a href=\"/x\">").is_some() && fault_of_html("<SCRIPT>").is_some());
        assert_eq!(fault_of_html("<a href=\"https://x.example/\">#</a><a href=\"#top\">"), None);
    }
}
