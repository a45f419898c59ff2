//! One page or file that somebody hands over: HTML, Markdown or plain text, by what it is called and what it holds.

use std::path::Path;

use url::Url;

use super::{feed, markdown};
use crate::model::article::{RawArticle, RawBody};
use crate::model::time::Timestamp;

/// A page or file as it was found.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its path or address, whose ending may tell what it is.
    pub name: &'a str,
    /// What its server says it is.
    pub content_type: Option<&'a str>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Why a page or file is no article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is a picture, a PDF, an archive.
    #[error("it is {0}, not text: save it as HTML, Markdown or plain text first")]
    NotText(&'static str),
    /// Its front matter is wrong.
    #[error("{0}")]
    FrontMatter(String),
    /// Its front matter says so.
    #[error("its front matter says that it is a draft or not to be published yet")]
    Unpublished,
}

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Html,
    Markdown,
    Text,
}

/// Reads a page or file. `base_url` is where it stands on the web, if that is known.
///
/// # Errors
/// If it is no text, or says that it is not to be published.
pub fn read(given: &Given<'_>, base_url: Option<&Url>, now: Timestamp) -> Result<RawArticle, Unreadable> {
    if let Some(kind) = binary(given.bytes) {
        return Err(Unreadable::NotText(kind));
    }
    let text = text_of(given);
    let body = match format(given, &text) {
        Format::Html if is_page(&text) => RawBody::Page(text),
        Format::Html => RawBody::Html(text),
        Format::Text => RawBody::Text(text),
        Format::Markdown if has_front_matter(&text) => return read_markdown(given, &text, base_url, now),
        Format::Markdown => RawBody::Markdown(text),
    };
    Ok(RawArticle { body, ..RawArticle::default() })
}

fn read_markdown(
    given: &Given<'_>,
    text: &str,
    base_url: Option<&Url>,
    now: Timestamp,
) -> Result<RawArticle, Unreadable> {
    let file_name = Path::new(given.name).file_name().map_or_else(|| Path::new("article.md"), Path::new);
    match markdown::read(text, file_name, base_url, now).map_err(Unreadable::FrontMatter)? {
        markdown::Read::Article(article, _) => Ok(RawArticle { url: None, ..*article }),
        markdown::Read::Unpublished => Err(Unreadable::Unpublished),
    }
}

/// What a file is that is no text, by how it begins.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"SQLite format 3", "a database; a [[source]] of kind \"sqlite\" reads one"),
        (b"\x1f\x8b", "a compressed file"),
        (b"{\\rtf", "an RTF document"),
    ];
    let known = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, kind)| *kind);
    let has_mark =
        [&b"\xff\xfe"[..], b"\xfe\xff", b"\0\0\xfe\xff"].iter().any(|mark| bytes.starts_with(mark));
    let is_wide = has_mark || matches!(bytes, [0, b'<', 0, ..] | [b'<', 0, _, 0, ..]);
    let has_null = bytes[..bytes.len().min(1024)].contains(&0);
    known.or((has_null && !is_wide).then_some("a binary file"))
}

fn text_of(given: &Given<'_>) -> String {
    let has_charset = given.content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("charset"));
    let declared = declared_charset(given.bytes).filter(|_| !has_charset);
    let content_type = declared.map(|charset| format!("text/html; charset={charset}"));
    feed::decode(given.bytes, content_type.as_deref().or(given.content_type))
}

/// The encoding that a page declares in a `meta` element within its first bytes, as browsers look for it.
fn declared_charset(bytes: &[u8]) -> Option<String> {
    const SEARCHED: usize = 2_048;
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(SEARCHED)]).to_ascii_lowercase();
    let metas = start.split("<meta").skip(1).filter_map(|rest| rest.split('>').next());
    let value = metas.filter_map(|meta| meta.split_once("charset")).find_map(|(_, rest)| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        value.split(['"', '\'', ' ', ';', '/', '>']).next().filter(|value| !value.is_empty())
    })?;
    Some(value.to_owned())
}

fn format(given: &Given<'_>, text: &str) -> Format {
    let kind = given.content_type.unwrap_or_default().to_ascii_lowercase();
    let path = given.name.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        _ if kind.contains("html") => Format::Html,
        _ if kind.starts_with("text/markdown") => Format::Markdown,
        "md" | "markdown" | "mdown" | "mkd" => Format::Markdown,
        "html" | "htm" | "xhtml" => Format::Html,
        "txt" | "text" if !is_page(text) => Format::Text,
        _ => format_by_content(text),
    }
}

fn format_by_content(text: &str) -> Format {
    let start = text.trim_start();
    let is_fragment = start.starts_with('<')
        && ["</p>", "</div>", "<br", "</h1>", "</h2>"].iter().any(|tag| text.contains(tag));
    let is_heading = |line: &str| {
        line.trim_start_matches('#').starts_with(' ') && line.starts_with('#') && !line.starts_with("#######")
    };
    let lines = || text.lines().take(200);
    let marks =
        lines().filter(|line| is_heading(line) || line.contains("](http") || line.contains("**")).count();
    match () {
        () if is_page(text) || is_fragment => Format::Html,
        () if has_front_matter(text) || marks >= 2 || lines().next().is_some_and(is_heading) => {
            Format::Markdown
        }
        () => Format::Text,
    }
}

fn has_front_matter(text: &str) -> bool {
    let start = text.trim_start_matches('\u{FEFF}').trim_start();
    ["---", "+++"].iter().any(|fence| start.lines().next().is_some_and(|first| first.trim_end() == *fence))
}

/// Whether HTML is a whole page and not an article's alone.
fn is_page(text: &str) -> bool {
    const SEARCHED: usize = 4_096;
    let start = text[..text.floor_char_boundary(SEARCHED)].to_ascii_lowercase();
    ["<!doctype html", "<html", "<head>", "<body"].iter().any(|mark| start.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(name: &str, content_type: Option<&str>, bytes: &[u8]) -> RawBody {
        read(&Given { name, content_type, bytes }, None, Timestamp::from_unix(0)).unwrap().body
    }

    #[test]
    fn a_format_is_told_by_name_by_server_and_by_content() {
        let page = b"<!doctype html><html><body><p>x</p></body></html>";
        assert!(matches!(body("a.html", None, page), RawBody::Page(_)));
        assert!(matches!(body("-", None, page), RawBody::Page(_)));
        assert!(matches!(body("a.txt", None, page), RawBody::Page(_)));
        assert!(matches!(body("a.html", None, b"<p>x</p>"), RawBody::Html(_)));
        assert!(matches!(body("https://a.example/x", Some("text/html"), b"<p>x"), RawBody::Html(_)));
        assert!(matches!(body("a.md", None, b"# Bridge\n\ntext"), RawBody::Markdown(_)));
        assert!(matches!(body("-", None, b"---\ntitle: Bridge\n---\ntext"), RawBody::Markdown(_)));
        assert!(matches!(body("-", None, b"Bridge\n\nIt is **open**.\n## Why\n"), RawBody::Markdown(_)));
        assert!(matches!(body("-", None, b"Bridge\nDate:\nIt is open."), RawBody::Text(_)));
    }

    #[test]
    fn an_encoding_is_taken_from_server_page_or_bytes() {
        let latin = b"<html><meta charset=windows-1252><p>caf\xe9</p></html>";
        assert!(matches!(body("a.html", None, latin), RawBody::Page(text) if text.contains("café")));
        let cyrillic = b"<html><head><meta http-equiv=Content-Type content='text/html; charset=koi8-r'></head><p>\xcd\xcf\xd3\xd4</p></html>";
        assert!(matches!(body("a.html", None, cyrillic), RawBody::Page(text) if text.contains("мост")));
        let named = Some("text/plain; charset=iso-8859-1");
        assert!(matches!(body("x", named, b"caf\xe9"), RawBody::Text(text) if text == "café"));
        assert!(
            matches!(body("x.txt", None, b"\xff\xfec\0a\0f\0\xe9\0"), RawBody::Text(text) if text == "café")
        );
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, kind) in [
            (&b"%PDF-1.7 x"[..], "a PDF"),
            (b"PK\x03\x04xx", "ZIP"),
            (b"\x7fELF\x02\x01\0abcdefgh", "binary"),
        ] {
            let given = Given { name: "a", content_type: None, bytes };
            let error = read(&given, None, Timestamp::from_unix(0)).unwrap_err().to_string();
            assert!(error.contains(kind), "{error}");
        }
        let draft = Given { name: "a.md", content_type: None, bytes: b"---\ntitle: x\ndraft: true\n---\n" };
        assert_eq!(read(&draft, None, Timestamp::from_unix(0)).unwrap_err(), Unreadable::Unpublished);
    }
}
