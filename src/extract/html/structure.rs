//! The order of a body: every line in a paragraph, headings by level, nothing empty.

use std::iter::Peekable;
use std::vec::IntoIter;

use dom_query::{Document, NodeRef};

use crate::extract::{byline, furniture, lines};

/// Elements that only group others.
const WRAPPERS: &[&str] = &[
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "center",
    "address",
    "form",
    "fieldset",
    "hgroup",
    "nav",
    "body",
    "html",
    "amp-carousel",
    "details-content",
    "label",
    "legend",
    "dialog",
    "noscript",
    "picture",
];

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "blockquote",
    "pre",
    "figure",
    "hr",
    "details",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "center",
    "address",
    "form",
    "fieldset",
    "hgroup",
    "nav",
];

/// Elements that are nothing without something in them.
const HOLLOW: &[&str] = &[
    "p",
    "div",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "figure",
    "figcaption",
    "a",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "small",
    "sub",
    "sup",
    "code",
    "pre",
    "q",
    "cite",
    "mark",
    "font",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "section",
    "article",
    "details",
    "summary",
];

/// Puts every line of text into a paragraph of its own.
pub fn put_in_paragraphs(document: &Document) {
    rename_old(document);
    let root = document.html_root();
    for node in root.descendants().iter().rev() {
        if is_one_of(node, WRAPPERS) || node.has_name("blockquote") {
            wrap_lines(document, node);
        }
    }
    if document.body().is_none() {
        wrap_lines(document, &root);
    }
    document.select("p").nodes().iter().for_each(|paragraph| part_at_furniture(document, paragraph));
}

/// Takes the wrappers around paragraphs away; those that say a language or a direction stay.
pub fn unwrap_wrappers(document: &Document) {
    for node in document.html_root().descendants().iter().rev() {
        if !is_one_of(node, WRAPPERS) {
            continue;
        }
        if node.has_attr("lang") || node.has_attr("dir") {
            node.rename("div");
        } else {
            unwrap(node);
        }
    }
}

/// Makes headings of paragraphs that are one short bold line above a paragraph, as people write them where they
/// find no heading.
pub fn make_bold_lines_headings(document: &Document) {
    const LEVEL: &str = "h4";
    for paragraph in document.html_root().children() {
        let children: Vec<NodeRef<'_>> =
            paragraph.children_it(false).filter(|child| !is_space(child)).collect();
        let [bold] = children.as_slice() else { continue };
        let is_above_text = paragraph
            .next_element_sibling()
            .is_some_and(|next| is_one_of(&next, &["p", "ul", "ol"]) && !is_bold(&next));
        let text = paragraph.text();
        let is_question = text.trim_end().ends_with(['?', '؟', '？']);
        if paragraph.has_name("p")
            && is_bold(&paragraph)
            && is_above_text
            && !is_question
            && lines::may_be_heading(text.trim())
        {
            unwrap(bold);
            paragraph.rename(LEVEL);
        }
    }
}

/// Whether all of a paragraph is bold.
fn is_bold(paragraph: &NodeRef<'_>) -> bool {
    let mut children = paragraph.children_it(false).filter(|child| !is_space(child));
    let first = children.next();
    first.is_some_and(|first| is_one_of(&first, &["b", "strong"])) && children.next().is_none()
}

/// Parts a paragraph at its line breaks if one of its lines is furniture: pages are written so by hand.
fn part_at_furniture(document: &Document, paragraph: &NodeRef<'_>) {
    let children = paragraph.children();
    if !children.iter().any(|child| child.has_name("br")) {
        return;
    }
    let lines: Vec<&[NodeRef<'_>]> = children.split(|child| child.has_name("br")).collect();
    let is_furniture = |line: &&[NodeRef<'_>]| {
        let text = line.iter().map(|node| node.text().to_string()).collect::<String>();
        furniture::label(&text).is_some() || byline::read(text.trim()).is_some()
    };
    if lines.iter().any(is_furniture) {
        for line in lines {
            let part = document.tree.new_element("p");
            paragraph.insert_before(&part);
            for node in line {
                part.append_child(node);
            }
        }
        paragraph.remove_from_parent();
    }
}

/// Takes an element away and leaves what it holds in its place.
pub fn unwrap(node: &NodeRef<'_>) {
    for child in node.children() {
        node.insert_before(&child);
    }
    node.remove_from_parent();
}

/// Removes elements in which nothing is left.
pub fn remove_empty(document: &Document) {
    for node in document.html_root().descendants().iter().rev() {
        if is_one_of(node, HOLLOW) && is_hollow(node) {
            node.remove_from_parent();
        }
    }
    let between = document.html_root().children().into_iter().filter(is_space);
    between.for_each(|space| space.remove_from_parent());
}

/// Gives headings levels that begin with 2 and leave none out, as an outline has them.
pub fn put_headings_in_order(document: &Document) {
    const DEEPEST: usize = 6;
    let mut above: Vec<u8> = Vec::new();
    for heading in document.select("h1, h2, h3, h4, h5, h6").nodes() {
        let Some(level) = heading_level(heading) else { continue };
        while above.last().is_some_and(|last| *last >= level) {
            above.pop();
        }
        heading.rename(&format!("h{}", (2 + above.len()).min(DEEPEST)));
        above.push(level);
    }
}

/// The level of a heading's element.
pub fn heading_level(node: &NodeRef<'_>) -> Option<u8> {
    let name = node.node_name()?;
    let digit = name.strip_prefix('h').filter(|digit| digit.len() == 1)?;
    digit.parse().ok().filter(|level| (1..=6).contains(level))
}

/// Whether an element has one of the names.
pub fn is_one_of(node: &NodeRef<'_>, names: &[&str]) -> bool {
    node.node_name().is_some_and(|name| names.contains(&&*name))
}

/// Elements of other times by their names of today.
fn rename_old(document: &Document) {
    for (old, new) in [
        ("strike", "s"),
        ("tt", "code"),
        ("acronym", "abbr"),
        ("dir", "ul"),
        ("menu", "ul"),
        ("xmp", "pre"),
        ("listing", "pre"),
    ] {
        document.select(old).rename(new);
    }
    document.select("font, big, blink, marquee, nobr").nodes().iter().for_each(unwrap);
}

/// Puts each run of text and inline elements between a container's blocks into a paragraph; two line breaks in
/// a row part it.
fn wrap_lines(document: &Document, container: &NodeRef<'_>) {
    let mut run: Vec<NodeRef<'_>> = Vec::new();
    let mut children = container.children().into_iter().peekable();
    while let Some(child) = children.next() {
        let breaks_here = child.has_name("br") && next_is_break(&mut children);
        if breaks_here {
            child.remove_from_parent();
        }
        if breaks_here || is_one_of(&child, BLOCKS) {
            wrap_run(document, &run);
            run.clear();
        } else {
            run.push(child);
        }
    }
    wrap_run(document, &run);
}

/// Whether another `br` follows, with nothing but space between; all of them are removed.
fn next_is_break(children: &mut Peekable<IntoIter<NodeRef<'_>>>) -> bool {
    let mut found = false;
    while let Some(next) = children.next_if(|next| next.has_name("br") || is_space(next)) {
        found |= next.has_name("br");
        if next.has_name("br") {
            next.remove_from_parent();
        }
    }
    found
}

fn wrap_run(document: &Document, run: &[NodeRef<'_>]) {
    let Some(first) = run.first() else { return };
    if run.iter().all(is_space) {
        return;
    }
    let paragraph = document.tree.new_element("p");
    first.insert_before(&paragraph);
    for node in run {
        paragraph.append_child(node);
    }
}

fn is_space(node: &NodeRef<'_>) -> bool {
    node.is_text() && node.text().trim().is_empty()
}

fn is_hollow(node: &NodeRef<'_>) -> bool {
    node.children_it(false).all(|child| is_space(&child) || child.is_comment() || child.has_name("br"))
}

#[cfg(test)]
mod tests {
    use super::{
        Document, make_bold_lines_headings, put_headings_in_order, put_in_paragraphs, remove_empty,
        unwrap_wrappers,
    };

    fn ordered(html: &str) -> String {
        let document = Document::fragment(html);
        put_in_paragraphs(&document);
        unwrap_wrappers(&document);
        remove_empty(&document);
        make_bold_lines_headings(&document);
        put_headings_in_order(&document);
        document.html_root().inner_html().to_string()
    }

    #[test]
    fn every_line_stands_in_a_paragraph() {
        for (html, expected) in [
            ("One<br><br>Two<br>three", "<p>One</p><p>Two<br>three</p>"),
            ("<div>One</div><div><div>Two</div></div>", "<p>One</p><p>Two</p>"),
            ("<div>One <b>bold</b><p>Two</p>three</div>", "<p>One <b>bold</b></p><p>Two</p><p>three</p>"),
            ("<blockquote>Said</blockquote>", "<blockquote><p>Said</p></blockquote>"),
            ("<div dir=rtl lang=ar>نعم</div>", "<div dir=\"rtl\" lang=\"ar\"><p>نعم</p></div>"),
            ("<p> &nbsp; </p><p><br></p><ul><li></li></ul><p>x</p>", "<p>x</p>"),
            ("<font color=red><center>One</center></font>", "<p>One</p>"),
            ("<figure><img src=a></figure><figure> </figure>", "<figure><img src=\"a\"></figure>"),
        ] {
            assert_eq!(ordered(html), expected, "{html}");
        }
    }

    #[test]
    fn lines_of_furniture_are_parted_and_bold_lines_are_headings() {
        for (html, expected) in [
            ("<p>By Jane Doe<br>March 3</p>", "<p>By Jane Doe</p><p>March 3</p>"),
            ("<p>Roses are red,<br>violets are blue.</p>", "<p>Roses are red,<br>violets are blue.</p>"),
            ("<p><b>What next</b></p><p>Nobody knows.</p>", "<h2>What next</h2><p>Nobody knows.</p>"),
            (
                "<p><b>Why now?</b></p><p>So.</p><p><b>End.</b></p>",
                "<p><b>Why now?</b></p><p>So.</p><p><b>End.</b></p>",
            ),
        ] {
            assert_eq!(ordered(html), expected, "{html}");
        }
    }

    #[test]
    fn headings_begin_with_the_second_level_and_leave_none_out() {
        for (html, expected) in [
            ("<h1>a</h1><h3>b</h3><h3>c</h3><h1>d</h1>", "<h2>a</h2><h3>b</h3><h3>c</h3><h2>d</h2>"),
            ("<h4>a</h4><h2>b</h2><h6>c</h6>", "<h2>a</h2><h2>b</h2><h3>c</h3>"),
        ] {
            assert_eq!(ordered(html), expected);
        }
    }
}
