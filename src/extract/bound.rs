//! HTML bounded in size and depth before a parser sees it.
//!
//! A parser's work grows with the depth of its stack for every element, with the attributes of an element, and
//! with the formatting elements that nobody closed, which it opens again in every paragraph. Hostile HTML has
//! a million of any of them. One pass over the bytes, which never looks back, takes away what no article has.
//!
//! Who writes HTML looks, for each character to be escaped, through all that is left of its text: long texts come in parts.

use std::borrow::Cow;

/// How much of a body is read, in bytes.
pub const MAX_LENGTH: usize = 6 * 1024 * 1024;
/// How deep elements may stand in each other, those of [`SELF_CLOSING`] not counted.
const MAX_DEPTH: usize = 256;
/// How many elements an article has at most.
const MAX_ELEMENTS: usize = 100_000;
/// How many attributes, counted generously, an element has at most.
const MAX_ATTRIBUTES: usize = 128;
/// How many formatting elements may be open at once.
const MAX_FORMATTING: usize = 6;

/// How many characters to be escaped the tag of an element has at most.
const MAX_ESCAPES: usize = 4096;
/// How long a text is before it comes in parts, in bytes.
const MAX_PART: usize = 8 * 1024;
/// What parts it: a comment, which is not shown.
const BREAK: &str = "<!---->";
/// No entity's name is longer.
const LONGEST_ENTITY: usize = 40;

/// Elements that a parser opens again after a paragraph that did not close them.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements that the next of their kind ends, so that old pages never close them. They add to the depth only
/// together with an element that is counted.
const SELF_CLOSING: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup",
    "body", "html", "head",
];

/// Elements whose text is not markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "noembed", "noframes"];

/// The HTML without the tags that lie too deep or are too many; the text between them stays.
pub fn html(html: &str) -> Cow<'_, str> {
    walk(&html[..html.floor_char_boundary(MAX_LENGTH)], Pass::admits)
}

/// The HTML with all that it has, its long texts in parts.
pub fn in_parts(html: &str) -> Cow<'_, str> {
    walk(html, |_, _| true)
}

fn walk(html: &str, admits: fn(&mut Pass, &Tag) -> bool) -> Cow<'_, str> {
    let mut pass = Pass::default();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|offset| at + offset) {
        pass.part(html, at, start);
        let (end, tag) = tag_at(html, start);
        if !admits(&mut pass, &tag) {
            pass.kept.push_str(&html[pass.copied..start]);
            pass.copied = end;
        }
        at = if tag.is_raw() { raw_end(html, end, &tag.name) } else { end };
    }
    pass.part(html, at, html.len());
    if pass.copied == 0 && pass.kept.is_empty() {
        return Cow::Borrowed(html);
    }
    pass.kept.push_str(&html[pass.copied..]);
    Cow::Owned(pass.kept)
}

#[derive(Default)]
struct Pass {
    kept: String,
    /// Up to where the input has been copied or left out.
    copied: usize,
    depth: usize,
    elements: usize,
    formatting: usize,
    /// Open elements that were left out, so that their ends are left out too.
    left_out: usize,
}

#[derive(Default)]
struct Tag {
    name: String,
    kind: Kind,
    attributes: usize,
    escapes: usize,
}

#[derive(Default, PartialEq)]
enum Kind {
    Start,
    End,
    /// A comment, a declaration, or a `<` that begins nothing.
    #[default]
    Other,
}

impl Tag {
    fn is_one_of(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    fn is_raw(&self) -> bool {
        self.kind == Kind::Start && self.is_one_of(RAW)
    }
}

impl Pass {
    /// Puts breaks into a text that is too long, and into no entity.
    fn part(&mut self, html: &str, mut start: usize, end: usize) {
        while end - start > MAX_PART {
            let next = html.floor_char_boundary(start + MAX_PART);
            let entity = html[start..next].rfind('&').filter(|at| next - start - at < LONGEST_ENTITY);
            start = entity.map_or(next, |at| start + at);
            self.kept.push_str(&html[self.copied..start]);
            self.kept.push_str(BREAK);
            self.copied = start;
        }
    }

    fn admits(&mut self, tag: &Tag) -> bool {
        match tag.kind {
            Kind::Other => true,
            Kind::End => self.admits_end(tag),
            Kind::Start => {
                self.elements += 1;
                let is_formatting = tag.is_one_of(FORMATTING);
                let is_counted = !tag.is_one_of(VOID) && !tag.is_one_of(SELF_CLOSING);
                let is_admitted = self.elements <= MAX_ELEMENTS
                    && tag.attributes <= MAX_ATTRIBUTES
                    && tag.escapes <= MAX_ESCAPES
                    && self.depth < MAX_DEPTH
                    && (!is_formatting || self.formatting < MAX_FORMATTING);
                match (is_admitted, is_counted) {
                    (true, true) => {
                        self.depth += 1;
                        self.formatting += usize::from(is_formatting);
                    }
                    (false, true) => self.left_out += 1,
                    (_, false) => {}
                }
                is_admitted
            }
        }
    }

    fn admits_end(&mut self, tag: &Tag) -> bool {
        if tag.is_one_of(SELF_CLOSING) || tag.is_one_of(VOID) {
            return true;
        }
        if self.left_out > 0 {
            self.left_out -= 1;
            return false;
        }
        self.depth = self.depth.saturating_sub(1);
        if tag.is_one_of(FORMATTING) {
            self.formatting = self.formatting.saturating_sub(1);
        }
        true
    }
}

/// The tag that begins at `start`, and where it ends.
fn tag_at(html: &str, start: usize) -> (usize, Tag) {
    let rest = &html[start + 1..];
    if let Some(comment) = rest.strip_prefix("!--") {
        let length = comment.find("-->").map_or(comment.len(), |end| end + 3);
        return (start + 4 + length, Tag::default());
    }
    let (kind, rest) = match rest.strip_prefix('/') {
        Some(rest) => (Kind::End, rest),
        None => (Kind::Start, rest),
    };
    if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return (start + 1, Tag::default());
    }
    let name_length =
        rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len());
    let (length, attributes) = attributes(&rest[name_length..]);
    let end = html.len() - rest.len() + name_length + length;
    let tag = &rest[..name_length + length];
    let is_escaped = |byte: &u8| matches!(byte, b'&' | b'"' | b'<' | b'>' | 0xC2);
    let escapes = if tag.len() > MAX_ESCAPES { tag.bytes().filter(is_escaped).count() } else { 0 };
    (end, Tag { name: rest[..name_length].to_ascii_lowercase(), kind, attributes, escapes })
}

/// The length of a tag's attributes up to and with its `>`, and how many there may be.
fn attributes(text: &str) -> (usize, usize) {
    let mut quote = None;
    let mut count = 0;
    let mut previous = b' ';
    for (index, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(mark), _) if byte == mark => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(byte),
            (None, b'>') => return (index + 1, count),
            (None, _) => {
                let is_boundary =
                    |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
                count += usize::from(is_boundary(previous) && !is_boundary(byte));
            }
        }
        if quote.is_some() || !byte.is_ascii_whitespace() || previous != b'=' {
            previous = byte;
        }
    }
    (text.len(), count)
}

/// Where the text of a raw element ends: before its end tag, or with the document.
fn raw_end(html: &str, start: usize, name: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = start;
    while let Some(offset) = html[at..].find("</") {
        let candidate = at + offset + 2;
        let end = candidate + name.len();
        if bytes.get(candidate..end).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return candidate - 2;
        }
        at = candidate;
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{BREAK, MAX_DEPTH, MAX_ELEMENTS, MAX_LENGTH, MAX_PART, html, in_parts};

    fn parsed_depth(text: &str) -> usize {
        let document = dom_query::Document::fragment(html(text).into_owned());
        document.root().descendants_it().map(|node| node.ancestors_it(None).count()).max().unwrap_or(0)
    }

    #[test]
    fn an_ordinary_page_is_left_as_it_is() {
        let page = "<!doctype html><title>1 < 2 <b></title><p class='a > b'>5 < 6 <br/><a href=x>y</a></p>\
                    <!-- <div> --><script>if (a < b) document.write('<div>')</script><p>end";
        assert!(matches!(html(page), Cow::Borrowed(same) if same == page));
    }

    #[test]
    fn depth_is_bounded_and_the_text_stays() {
        let deep = format!("{}core{}after", "<div>".repeat(200_000), "</div>".repeat(200_000));
        assert!(parsed_depth(&deep) <= MAX_DEPTH + 5);
        assert!(html(&deep).ends_with("after"));
    }

    #[test]
    fn paragraphs_that_nobody_closed_are_not_deep() {
        let old = "<p>One<li>Two<tr><td>Three".repeat(1000);
        assert!(matches!(html(&old), Cow::Borrowed(_)));
    }

    #[test]
    fn formatting_that_nobody_closed_does_not_multiply() {
        let hostile = format!("{}{}", "<b><i><a href=x>".repeat(500), "<p>x</p>".repeat(20_000));
        let document = dom_query::Document::fragment(html(&hostile).into_owned());
        assert!(document.root().descendants_it().count() < 1_000_000);
    }

    #[test]
    fn an_element_with_too_many_attributes_is_left_out() {
        let many: String = (0..100_000).map(|number| " a".to_owned() + &number.to_string()).collect();
        assert_eq!(html(&format!("<div{many}>text</div>end")), "textend");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert!(html(&"é".repeat(MAX_LENGTH)).replace(BREAK, "").len() <= MAX_LENGTH);
        let tags = "<p>x</p>".repeat(MAX_ELEMENTS + 10);
        assert!(html(&tags).matches("<p>").count() <= MAX_ELEMENTS);
    }

    #[test]
    fn a_long_text_comes_in_parts_that_leave_entities_whole() {
        let text =
            format!("{}&hellip;é &amp;amp; <b>{}</b>&", "x".repeat(MAX_PART - 4), "&amp;é".repeat(50_000));
        for parted in [html(&text), in_parts(&text)] {
            assert_eq!(parted.replace(BREAK, ""), text);
            assert!(parted.split(BREAK).all(|part| part.len() <= MAX_PART + 100));
            assert!(parted.starts_with(&format!("{}{BREAK}&hellip;", "x".repeat(MAX_PART - 4))));
        }
    }

    #[test]
    fn an_element_with_too_much_to_escape_is_left_out() {
        assert_eq!(html(&format!("<img alt='{}'>text", "&".repeat(5000))), "text");
        let picture = format!("<img src='data:image/png;base64,{}'>", "A".repeat(100_000));
        assert_eq!(html(&picture), picture);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_bounded_without_panic(text in "[<>/!a-b '\"=&;\\-é]{0,200}") {
            proptest::prop_assert!(html(&text).len() <= text.len());
        }
    }
}
