//! A body as plain text: paragraphs parted by an empty line.

use std::fmt::Write as _;

use dom_query::{Document, NodeRef};

use crate::extract::text::{clean_lines, fold_space};

use super::structure::is_one_of;

/// A sanitised body as plain text.
#[derive(Debug, Default)]
pub struct Plain {
    /// All of it: headings and paragraphs parted by an empty line, items of lists with `•` or their number, the
    /// cells of a table's row with `|` between them.
    pub text: String,
    /// The first paragraphs, without quotes, lists, tables, captions and footnotes.
    pub paragraphs: Vec<String>,
}

impl Plain {
    /// Reads a sanitised body.
    pub fn of(html: &str) -> Self {
        let document = Document::fragment(html);
        let mut writer = Writer::default();
        writer.write(&document.html_root());
        Self { text: clean_lines(&writer.text), paragraphs: paragraphs(&document) }
    }
}

fn paragraphs(document: &Document) -> Vec<String> {
    const MOST: usize = 10;
    let is_aside = |node: &NodeRef<'_>| {
        let is_one =
            |above: NodeRef<'_>| is_one_of(&above, &["blockquote", "table", "figure", "li", "details"]);
        node.ancestors_it(None).any(is_one)
    };
    let is_note = |node: &NodeRef<'_>| node.first_child().is_some_and(|first| first.has_name("sup"));
    let all = document.select("p");
    let own = all.nodes().iter().filter(|node| !is_aside(node) && !is_note(node));
    let texts = own.map(|node| {
        let mut writer = Writer::default();
        writer.write(node);
        fold_space(&writer.text)
    });
    texts.filter(|text| !text.is_empty()).take(MOST).collect()
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Numbers of the ordered lists around; `None` for a list without.
    lists: Vec<Option<u64>>,
    is_preformatted: bool,
}

/// What is left to do: an element still to write, or the end of one.
enum Step<'a> {
    Begin(NodeRef<'a>),
    End(NodeRef<'a>),
}

impl Writer {
    /// Writes without recursion, since a body may be deep.
    fn write(&mut self, root: &NodeRef<'_>) {
        let mut steps: Vec<Step<'_>> = root.children_it(true).map(Step::Begin).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Begin(node) if node.is_text() => self.write_text(&node.text()),
                Step::Begin(node) => {
                    self.begin(&node);
                    steps.push(Step::End(node));
                    steps.extend(node.children_it(true).map(Step::Begin));
                }
                Step::End(node) => self.end(&node),
            }
        }
    }

    fn write_text(&mut self, text: &str) {
        if self.is_preformatted {
            self.text.push_str(text);
            return;
        }
        let is_at_start = self.text.is_empty() || self.text.ends_with(['\n', ' ']);
        if text.starts_with(char::is_whitespace) && !is_at_start {
            self.text.push(' ');
        }
        let folded = fold_space(text);
        self.text.push_str(&folded);
        if !folded.is_empty() && text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
    }

    fn begin(&mut self, node: &NodeRef<'_>) {
        let name = node.node_name().unwrap_or_default();
        match &*name {
            "br" | "tr" | "dt" | "dd" | "caption" => self.break_line(1),
            "hr" => {
                self.break_line(2);
                self.text.push_str("* * *");
                self.break_line(2);
            }
            "sup" if is_note_mark(node) => self.text.push('['),
            "ul" | "dl" => self.lists.push(None),
            "ol" => {
                let first = node.attr("start").and_then(|start| start.parse().ok());
                self.lists.push(Some(first.unwrap_or(1)));
            }
            "li" => self.begin_item(),
            "td" | "th" if !self.text.ends_with('\n') && !self.text.is_empty() => self.text.push_str(" | "),
            "pre" => {
                self.break_line(2);
                self.is_preformatted = true;
            }
            "p" if begins_item(node) => {}
            name if is_block(name) => self.break_line(2),
            _ => {}
        }
    }

    fn end(&mut self, node: &NodeRef<'_>) {
        let name = node.node_name().unwrap_or_default();
        match &*name {
            "ul" | "dl" | "ol" => {
                self.lists.pop();
                self.break_line(if self.lists.is_empty() { 2 } else { 1 });
            }
            "sup" if is_note_mark(node) => self.text.push(']'),
            "li" | "tr" | "dt" | "dd" | "caption" => self.break_line(1),
            "pre" => {
                self.is_preformatted = false;
                self.break_line(2);
            }
            name if is_block(name) => self.break_line(2),
            _ => {}
        }
    }

    fn begin_item(&mut self) {
        self.break_line(if self.lists.len() <= 1 && !self.is_after_item() { 2 } else { 1 });
        match self.lists.last_mut() {
            Some(Some(number)) => {
                let _ = write!(self.text, "{number}. ");
                *number += 1;
            }
            _ => self.text.push_str("• "),
        }
    }

    fn is_after_item(&self) -> bool {
        let last = self.text.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
        let is_numbered = last.split_once(". ").is_some_and(|(number, _)| number.parse::<u64>().is_ok());
        last.starts_with('•') || is_numbered
    }

    /// Ends the line, so that at least this many ends of lines stand there.
    fn break_line(&mut self, count: usize) {
        let kept = self.text.trim_end_matches([' ', '\n']).len();
        let ends = self.text[kept..].matches('\n').count();
        if kept > 0 {
            self.text.truncate(kept);
            (0..count.max(ends)).for_each(|_| self.text.push('\n'));
        } else {
            self.text.clear();
        }
    }
}

/// Whether a paragraph is the first thing in a list's item, and so goes on in its line.
fn begins_item(node: &NodeRef<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.has_name("li")) && node.prev_element_sibling().is_none()
}

/// Whether a raised number stands for a footnote: as a link to it, or before it.
fn is_note_mark(node: &NodeRef<'_>) -> bool {
    let is_link = node.first_element_child().is_some_and(|child| child.has_name("a"));
    let begins_note =
        node.prev_sibling().is_none() && node.parent().is_some_and(|parent| parent.has_name("p"));
    is_link || begins_note
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "table"
            | "div"
            | "details"
            | "summary"
    )
}

#[cfg(test)]
mod tests {
    use super::Plain;

    #[test]
    fn a_body_is_written_as_plain_text() {
        for (html, expected) in [
            (
                "<p>One <b>bold</b>\n line.</p><h2>Two</h2><p>Three<br>four</p>",
                "One bold line.\n\nTwo\n\nThree\nfour",
            ),
            (
                "<p>List:</p><ul><li>one</li><li><p>two</p></li></ul><p>end</p>",
                "List:\n\n• one\n• two\n\nend",
            ),
            ("<ol start=3><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "3. a\n4. b\n• c"),
            (
                "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2025</td><td>9</td></tr></table>",
                "Year | Cost\n2025 | 9",
            ),
            ("<blockquote><p>Said.</p></blockquote><p>x</p>", "Said.\n\nx"),
            ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb"),
            ("<p>x<sup>2</sup> <em>and</em> more</p>", "x2 and more"),
            (
                "<figure><img src=a alt=b><figcaption>The bridge</figcaption></figure><p>a</p>",
                "The bridge\n\na",
            ),
        ] {
            assert_eq!(Plain::of(html).text, expected, "{html}");
        }
    }

    #[test]
    fn paragraphs_leave_out_quotes_and_lists() {
        let html =
            "<h2>T</h2><p>One.</p><blockquote><p>Q</p></blockquote><ul><li><p>i</p></li></ul><p>Two.</p>";
        assert_eq!(Plain::of(html).paragraphs, ["One.", "Two."]);
    }
}
