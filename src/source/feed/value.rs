//! What an element says: as text, or as HTML.

use super::markup::{Kind, Tokens};
use super::reference::{Entities, decode, escape};
use super::scan::Element;

/// What an element says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Html(String),
}

impl Value {
    /// The words or the markup.
    pub fn written(&self) -> &str {
        let (Self::Text(written) | Self::Html(written)) = self;
        written
    }

    /// Without the space around it.
    pub fn trimmed(mut self) -> Self {
        let (Self::Text(written) | Self::Html(written)) = &mut self;
        written.truncate(written.trim_end().len());
        written.drain(..written.len() - written.trim_start().len());
        self
    }

    /// The words or the markup.
    pub fn into_written(self) -> String {
        let (Self::Text(written) | Self::Html(written)) = self;
        written
    }
}

/// The text of an element: references resolved, sections of CDATA as they are, tags left out.
pub(super) fn text(element: &Element<'_>, entities: &Entities) -> String {
    let mut text = String::new();
    for token in element.tokens() {
        match token.kind {
            Kind::Text => text.push_str(&decode(&element.inner[token.range], entities)),
            Kind::Cdata(data) => text.push_str(data),
            _ => {}
        }
    }
    text
}

/// Whether an element says nothing.
pub(super) fn is_blank(element: &Element<'_>) -> bool {
    let mut tokens = element.tokens();
    tokens.all(|token| match token.kind {
        Kind::Text => element.inner[token.range].trim_start().is_empty(),
        Kind::Cdata(data) => data.trim_start().is_empty(),
        Kind::Other => true,
        _ => false,
    })
}

/// What RSS says with an element: text that is HTML, or, where somebody forgot to escape it, the HTML itself.
pub(super) fn of_rss(element: &Element<'_>, entities: &Entities) -> Value {
    if element.has_markup {
        Value::Html(markup(element.inner, Data::IsHtml))
    } else {
        Value::Html(text(element, entities))
    }
}

/// What Atom says with an element (RFC 4287, 3.1 and 4.1.3; Atom 0.3, 3.1); `None` if that is no text at all.
pub(super) fn of_atom(element: &Element<'_>, entities: &Entities) -> Option<Value> {
    let attribute =
        |name| element.tag.attribute(name).map(|value| decode(value, entities).trim().to_ascii_lowercase());
    let written = attribute("type").unwrap_or_default();
    let kind = written.split(';').next().unwrap_or_default().trim();
    match attribute("mode").as_deref() {
        Some("base64") => return base64(element, kind),
        Some("escaped") if !element.has_markup => return Some(Value::Html(text(element, entities))),
        _ => {}
    }
    match kind {
        "xhtml" | "application/xhtml+xml" => {
            Some(Value::Html(without_div(&markup(element.inner, Data::IsText)).to_owned()))
        }
        _ if kind.starts_with("text/") || !kind.contains('/') => Some(textual(element, entities, kind)),
        _ if kind.ends_with("xml") || element.has_markup => None,
        _ => base64(element, kind),
    }
}

/// Whether Atom knows a type of text.
pub(super) fn is_known_type(kind: &str) -> bool {
    matches!(kind, "" | "text" | "html" | "xhtml") || kind.contains('/')
}

/// Whether a text is HTML by the look of it: somebody forgot to say so.
pub(super) fn looks_like_html(text: &str) -> bool {
    let closes =
        ["</p>", "</a>", "</div>", "<br>", "<br/>", "<br />", "</li>", "</em>", "</strong>", "</b>", "</i>"];
    text.contains('<') && closes.iter().any(|close| text.contains(close))
}

/// Plain text as HTML: what an empty line parts is a paragraph.
pub(super) fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut html = String::with_capacity(text.len() + 16);
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let mut escaped = String::new();
        escape(paragraph, &mut escaped);
        html.push_str("<p>");
        html.push_str(&escaped.replace('\n', "<br>"));
        html.push_str("</p>");
    }
    html
}

fn textual(element: &Element<'_>, entities: &Entities, kind: &str) -> Value {
    if element.has_markup {
        return Value::Html(markup(element.inner, Data::IsHtml));
    }
    let text = text(element, entities);
    match kind {
        "html" | "text/html" => Value::Html(text),
        "" | "text" | "text/plain" if !looks_like_html(&text) => Value::Text(text),
        _ if looks_like_html(&text) => Value::Html(text),
        _ => Value::Text(text),
    }
}

fn base64(element: &Element<'_>, kind: &str) -> Option<Value> {
    let encoded: Vec<u8> = element.inner.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = data_encoding::BASE64.decode(&encoded).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    match kind {
        "text/plain" => Some(Value::Text(text)),
        _ if kind.contains("html") || looks_like_html(&text) => Some(Value::Html(text)),
        _ => None,
    }
}

/// What a section of CDATA among tags holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    IsText,
    IsHtml,
}

/// Tags and text as HTML: without prefixes, comments and instructions.
fn markup(inner: &str, data: Data) -> String {
    let mut html = String::with_capacity(inner.len());
    for token in Tokens::of(inner) {
        let raw = &inner[token.range];
        match token.kind {
            Kind::Start(tag) => {
                html.push('<');
                html.push_str(without_prefix(&raw[1..], tag.name));
                if !tag.is_closed {
                    html.push('>');
                }
            }
            Kind::End(name) => {
                html.push_str("</");
                html.push_str(without_prefix(name, name));
                html.push('>');
            }
            Kind::Text => html.push_str(raw),
            Kind::Cdata(text) if data == Data::IsHtml => html.push_str(text),
            Kind::Cdata(text) => escape(text, &mut html),
            Kind::Other | Kind::CutOff => {}
        }
    }
    html
}

fn without_prefix<'a>(text: &'a str, name: &str) -> &'a str {
    name.split_once(':').map_or(text, |(prefix, _)| &text[prefix.len() + 1..])
}

/// XHTML comes in a `div` that is not part of it.
fn without_div(html: &str) -> &str {
    let trimmed = html.trim();
    let inner = || {
        let rest = trimmed.strip_prefix("<div")?;
        let rest = rest.starts_with([' ', '>', '\n', '\t', '\r']).then_some(rest)?;
        let inner = rest.get(rest.find('>')? + 1..)?.strip_suffix("</div>")?;
        (!inner.contains("<div")).then_some(inner)
    };
    inner().unwrap_or(trimmed)
}

/// How long a recording is, as iTunes writes it (`3725`, `62:05`, `1:02:05`), in seconds.
pub(in crate::source) fn seconds(written: &str) -> Option<String> {
    let parts = written.trim().split(':').map(|part| part.parse::<u64>().ok()).collect::<Option<Vec<_>>>()?;
    let add = |sum: u64, part: &u64| sum.checked_mul(60)?.checked_add(*part);
    (parts.len() <= 3).then(|| parts.iter().try_fold(0, add))?.map(|seconds| seconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::feed::scan::Scanner;

    fn value(text: &str) -> Option<Value> {
        let mut scanner = Scanner::of(text);
        let token = scanner.next().unwrap();
        let Kind::Start(tag) = token.kind else { panic!("no tag") };
        of_atom(&scanner.element(&token.range, tag, |_| false), &Entities::default())
    }

    #[test]
    fn the_types_of_atom_are_read_as_they_were_meant() {
        let html = |text: &str| Some(Value::Html(text.to_owned()));
        let plain = |text: &str| Some(Value::Text(text.to_owned()));
        for (xml, expected) in [
            ("<title>A &amp; B</title>", plain("A & B")),
            ("<title type='html'>A &lt;b>B&lt;/b></title>", html("A <b>B</b>")),
            (
                "<content type='xhtml'><x:div xmlns:x='y'>A <x:b>B &amp; C</x:b></x:div></content>",
                html("A <b>B &amp; C</b>"),
            ),
            ("<content type='text/html' mode='escaped'><![CDATA[<p>A</p>]]></content>", html("<p>A</p>")),
            ("<content type='text/html' mode='base64'>PHA+QTwvcD4=</content>", html("<p>A</p>")),
            ("<content type='image/png'>iVBORw0KGgo=</content>", None),
            ("<content type='application/xml'><a/></content>", None),
            ("<title type='nonsense'>A</title>", plain("A")),
            ("<summary>&lt;p>A&lt;/p></summary>", html("<p>A</p>")),
        ] {
            assert_eq!(value(xml), expected, "{xml}");
        }
    }
}
