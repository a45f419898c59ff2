//! Anchors on the headings within an article, so that a link can lead to one of its sections.

use std::collections::HashMap;

use crate::model::text::line;

/// Names of sections stand apart from the names of the page's own parts.
const PREFIX: &str = "at-";

/// A longer name is cut, in characters.
const LONGEST: usize = 60;

/// An article's HTML, as extraction leaves it, with a name on each heading: of its words, and counted where two are the
/// same.
pub(super) fn with_anchors(html: &str) -> String {
    let mut named = String::with_capacity(html.len() + 256);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut rest = html;
    while let Some(start) = rest.find("<h") {
        let (before, tag) = rest.split_at(start);
        named.push_str(before);
        let is_heading = matches!(tag.as_bytes().get(2..4), Some([b'1'..=b'6', b'>' | b' ']));
        let end = tag.find("</h").filter(|_| is_heading);
        let (open, after) = tag.split_at("<h2".len().min(tag.len()));
        named.push_str(open);
        if let Some(end) = end {
            let name = name(&tag[open.len()..end]);
            let count = seen.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
            let suffix = if *count > 1 { format!("-{count}") } else { String::new() };
            named.extend([" id=\"", PREFIX, &name, &suffix, "\""]);
        }
        rest = after;
    }
    named + rest
}

/// A name of the words of a heading, whose opening tag is open still.
fn name(heading: &str) -> String {
    let mut words = String::new();
    let mut is_tag = true;
    for letter in heading.chars() {
        match letter {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            _ if !is_tag => words.push(letter),
            _ => {}
        }
    }
    let name: String = slug::slugify(line(&words)).chars().take(LONGEST).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "section".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::with_anchors;

    #[test]
    fn every_heading_has_a_name_of_its_own() {
        for (html, expected) in [
            ("<p>a</p>", "<p>a</p>"),
            ("<h2>What follows</h2>", "<h2 id=\"at-what-follows\">What follows</h2>"),
            ("<h3 dir=\"rtl\">A <em>b</em></h3>", "<h3 id=\"at-a-b\" dir=\"rtl\">A <em>b</em></h3>"),
            ("<h2>A</h2><h2>A</h2>", "<h2 id=\"at-a\">A</h2><h2 id=\"at-a-2\">A</h2>"),
            ("<h4>!?</h4>", "<h4 id=\"at-section\">!?</h4>"),
            ("<hr><p>x &lt;h2</p><h2", "<hr><p>x &lt;h2</p><h2"),
            ("<h2>Größe</h2>é<h", "<h2 id=\"at-grosse\">Größe</h2>é<h"),
        ] {
            assert_eq!(with_anchors(html), expected, "{html}");
        }
    }
}
