//! HTML without anything that acts: what the sanitiser lets through.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use crate::extract::bound::in_parts;
use crate::extract::text::clean_characters;

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "hreflang"]),
    ("img", &["src", "alt", "width", "height"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("ol", &["start", "reversed", "type"]),
    ("li", &["value"]),
    ("time", &["datetime"]),
    ("blockquote", &["cite"]),
    ("q", &["cite"]),
    ("del", &["datetime"]),
    ("ins", &["datetime"]),
    ("abbr", &["title"]),
];

static SANITIZER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    builder
        .tags(TAGS.iter().copied().collect())
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .clean_content_tags(HashSet::from([
            "script", "style", "template", "title", "iframe", "noembed", "noframes", "svg", "math",
        ]))
        .link_rel(None)
        .strip_comments(true);
    builder
});

/// HTML in which only text, links and pictures are left, in clean characters; empty if its parser gives up.
pub fn sanitize(html: &str) -> String {
    let html = clean_characters(html);
    let clean =
        catch_unwind(AssertUnwindSafe(|| SANITIZER.clean(&in_parts(&html)).to_string())).unwrap_or_default();
    clean_characters(&clean).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::sanitize;

    #[test]
    fn nothing_that_acts_is_left() {
        for (html, expected) in [
            ("<p onclick=x()>Hi<script>alert(1)</script></p>", "<p>Hi</p>"),
            ("<a href=javascript:alert(1)>x</a>", "<a>x</a>"),
            ("<a href='/relative'>x</a>", "<a>x</a>"),
            ("<img src=x onerror=alert(1)>", "<img>"),
            ("<svg><script>alert(1)</script></svg>ok", "ok"),
            ("<p style='position:fixed' class=x id=y>a</p>", "<p>a</p>"),
            ("<form action=/x><input name=y>text</form>", "text"),
            ("<p>a\u{F0001}&#xF0002;b\u{1}</p>", "<p>ab</p>"),
            ("<math><mi><table><mglyph><style><img src=x onerror=alert(1)>", ""),
            ("<p dir=rtl lang=ar>نعم</p>", "<p dir=\"rtl\" lang=\"ar\">نعم</p>"),
        ] {
            assert_eq!(sanitize(html), expected, "{html}");
        }
    }
}
