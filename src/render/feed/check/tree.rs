//! An XML document as a tree, with the line of each element.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::{Findings, Rule};

/// How deep elements may stand within each other; what is deeper is taken for an attack.
const DEPTH: usize = 128;

const WELL_FORMED: Rule =
    Rule::error("well-formed", "Write the feed with an XML writer, not by joining text; escape & as &amp;.");
const TOO_DEEP: Rule = Rule::error("too-deep", "Escape HTML inside the feed instead of nesting it.");

/// Namespaces under the prefix that the rules call them by.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://www.w3.org/2005/Atom", "atom:"),
    ("http://purl.org/rss/1.0/modules/content/", "content:"),
    ("http://purl.org/dc/elements/1.1/", "dc:"),
    ("http://search.yahoo.com/mrss/", "media:"),
    ("http://purl.org/rss/1.0/modules/syndication/", "sy:"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"),
    ("http://www.w3.org/1999/xhtml", "xhtml:"),
    ("http://purl.org/rss/1.0/", "rss1:"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes:"),
    ("https://podcastindex.org/namespace/1.0", "podcast:"),
    ("http://www.smartnews.be/snf", "snf:"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#", "geo:"),
    ("http://geourl.org/rss/module/", "geo:"),
    ("http://postneo.com/icbm", "geo:"),
    ("http://madskills.com/public/xml/rss/module/trackback/", "trackback:"),
];

/// An element.
#[derive(Debug, Default)]
pub struct Element {
    /// Its local name under the usual prefix of its namespace: `item`, `atom:link`; `?:` for an unknown one.
    pub name: String,
    /// Attributes under the names by which they stand there, with their prefixes.
    pub attributes: Vec<(String, String)>,
    /// Its own text, entities resolved.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Element>,
    /// The line on which it begins, from 1.
    pub line: usize,
}

impl Element {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Every child of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of this name, trimmed.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }

    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Where it stands, for people.
    pub fn place(&self) -> String {
        format!("line {}, <{}>", self.line, self.name.trim_start_matches("atom:"))
    }
}

/// The document's root, or `None` with a finding that says why there is none.
pub fn read(text: &str, findings: &mut Findings) -> Option<Element> {
    let mut reader = Reader {
        xml: NsReader::from_str(text),
        has_doctype: false,
        lines: Lines { text, index: 0, line: 1 },
    };
    match reader.root() {
        Ok(root) => Some(root),
        Err(Fault::Syntax(why)) => {
            let line = reader.line();
            findings.add(&WELL_FORMED, format!("line {line}"), format!("It is not XML: {why}."));
            None
        }
        Err(Fault::Depth) => {
            let why = format!("Elements stand more than {DEPTH} deep within each other.");
            findings.add(&TOO_DEEP, format!("line {}", reader.line()), why);
            None
        }
    }
}

enum Fault {
    Syntax(String),
    Depth,
}

struct Reader<'a> {
    xml: NsReader<&'a [u8]>,
    /// Whether a document type may declare entities, which are not read.
    has_doctype: bool,
    lines: Lines<'a>,
}

/// Counts lines as the reader goes forward.
struct Lines<'a> {
    text: &'a str,
    index: usize,
    line: usize,
}

impl Reader<'_> {
    fn line(&mut self) -> usize {
        self.lines.at(self.xml.buffer_position())
    }

    fn root(&mut self) -> Result<Element, Fault> {
        let mut open = vec![Element::default()];
        loop {
            let (namespace, event) = self.xml.read_resolved_event().map_err(syntax)?;
            match event {
                Event::Start(tag) => {
                    let element = element(&namespace, &tag)?;
                    open.push(Element { line: self.line(), ..element });
                }
                Event::Empty(tag) => {
                    let element = element(&namespace, &tag)?;
                    let element = Element { line: self.line(), ..element };
                    push(&mut open, element);
                }
                Event::End(_) => {
                    let closed = open.pop().unwrap_or_default();
                    push(&mut open, closed);
                }
                Event::Text(part) => append(&mut open, &part.xml10_content().map_err(syntax)?),
                Event::CData(part) => append(&mut open, &part.xml10_content().map_err(syntax)?),
                Event::GeneralRef(reference) => append(&mut open, &self.resolved(&reference)?),
                Event::Eof => return only_root(open),
                Event::DocType(_) => self.has_doctype = true,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
            if open.len() > DEPTH {
                return Err(Fault::Depth);
            }
        }
    }

    fn resolved(&self, reference: &BytesRef<'_>) -> Result<String, Fault> {
        if let Some(character) = reference.resolve_char_ref().map_err(syntax)? {
            return if super::first_forbidden(character.encode_utf8(&mut [0; 4])).is_none() {
                Ok(character.to_string())
            } else {
                Err(Fault::Syntax(format!("it refers to U+{:04X}, which XML forbids", u32::from(character))))
            };
        }
        let name = reference.decode().map_err(syntax)?;
        match quick_xml::escape::resolve_xml_entity(&name) {
            Some(text) => Ok(text.to_owned()),
            None if self.has_doctype => Ok(format!("&{name};")),
            None => Err(Fault::Syntax(format!("&{name}; is not an entity of XML"))),
        }
    }
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> usize {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        self.line += self.text.get(self.index..position).map_or(0, |passed| passed.matches('\n').count());
        self.index = self.index.max(position);
        self.line
    }
}

fn only_root(mut open: Vec<Element>) -> Result<Element, Fault> {
    let document = open.pop().unwrap_or_default();
    if !open.is_empty() {
        return Err(Fault::Syntax(format!("<{}> is never closed", document.name)));
    }
    if !document.text.trim().is_empty() {
        return Err(Fault::Syntax("there is text outside the root element".to_owned()));
    }
    let mut roots = document.children.into_iter();
    match (roots.next(), roots.next()) {
        (Some(root), None) => Ok(root),
        (None, _) => Err(Fault::Syntax("there is no element".to_owned())),
        (Some(_), Some(second)) => Err(Fault::Syntax(format!("there is a second root, <{}>", second.name))),
    }
}

fn element(namespace: &ResolveResult<'_>, tag: &BytesStart<'_>) -> Result<Element, Fault> {
    let local = String::from_utf8_lossy(tag.local_name().into_inner()).into_owned();
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(syntax)?;
        let name = String::from_utf8_lossy(attribute.key.into_inner()).into_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(syntax)?.into_owned();
        if name.starts_with("xmlns") && value.contains(char::is_whitespace) {
            return Err(Fault::Syntax(format!("the namespace {value:?} has a space in it")));
        }
        attributes.push((name, value));
    }
    Ok(Element { name: format!("{}{local}", prefix(namespace)?), attributes, ..Element::default() })
}

fn prefix(namespace: &ResolveResult<'_>) -> Result<&'static str, Fault> {
    match namespace {
        ResolveResult::Unbound => Ok(""),
        ResolveResult::Bound(namespace) => {
            let known = NAMESPACES.iter().find(|(address, _)| address.as_bytes() == namespace.into_inner());
            Ok(known.map_or("?:", |(_, prefix)| prefix))
        }
        ResolveResult::Unknown(prefix) => {
            Err(Fault::Syntax(format!("the prefix {:?} is not declared", String::from_utf8_lossy(prefix))))
        }
    }
}

fn push(open: &mut [Element], element: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn syntax(error: impl std::fmt::Display) -> Fault {
    Fault::Syntax(error.to_string())
}
