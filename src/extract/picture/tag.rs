//! Pictures in the HTML of an article, as extraction has left it: each a tag whose attributes stand in double quotes.

const BEGIN: &str = "<img ";

/// A picture in an article's HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// As they are written: names, and values in which what means something to HTML is escaped.
    attributes: Vec<(&'a str, &'a str)>,
}

impl Tag<'_> {
    /// Its address.
    pub fn address(&self) -> Option<String> {
        self.find("src").map(|src| {
            src.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
        })
    }

    /// In pixels, where the article says so.
    pub fn size(&self) -> (Option<u32>, Option<u32>) {
        let pixels = |name| self.find(name).and_then(|value| value.parse().ok());
        (pixels("width"), pixels("height"))
    }

    /// The same tag with these attributes in the place of its address and its size.
    pub fn with(&self, attributes: &[(&str, &str)]) -> String {
        let kept = self.attributes.iter().filter(|(name, _)| !matches!(*name, "src" | "width" | "height"));
        let written = |(name, value): (&str, &str)| format!(" {name}=\"{value}\"");
        let all: String = attributes.iter().copied().chain(kept.copied()).map(written).collect();
        format!("<img{all}>")
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }
}

/// The addresses of the pictures in an article's HTML, in their order.
pub fn addresses(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    rewrite(html, |tag| {
        found.extend(tag.address());
        None
    });
    found
}

/// An article's HTML with other tags in the place of those for which there are others.
pub fn rewrite(html: &str, mut other: impl FnMut(&Tag<'_>) -> Option<String>) -> String {
    let mut written = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(BEGIN) {
        let (before, tag) = rest.split_at(start);
        written.push_str(before);
        let read = read(&tag[BEGIN.len()..]);
        let length = read.as_ref().map_or(BEGIN.len(), |(_, length)| BEGIN.len() + length);
        let (own, after) = tag.split_at(length);
        match read.and_then(|(tag, _)| other(&tag)) {
            Some(other) => written.push_str(&other),
            None => written.push_str(own),
        }
        rest = after;
    }
    written + rest
}

/// The tag whose attributes these are, and how long they are with the end of the tag.
fn read(text: &str) -> Option<(Tag<'_>, usize)> {
    let mut attributes = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((Tag { attributes }, text.len() - after.len()));
        }
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return None;
        }
        attributes.push((name, value));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_as_extraction_writes_them() {
        let html = "<p>&lt;img src=\"no\"&gt;</p><img src=\"https://a.example/b?c=1&amp;d=2\" alt=\"&gt; x > y\" width=\"3\"><img ><img src=\"x\"";
        assert_eq!(addresses(html), ["https://a.example/b?c=1&d=2"]);
        assert_eq!(rewrite(html, |_| None), html);
    }

    #[test]
    fn another_tag_keeps_what_is_not_about_its_address_and_size() {
        let html = "<p>a<img src=\"x\" alt=\"b &quot;c&quot;\" height=\"5\" width=\"4\" lang=\"de\">d</p>";
        let other = rewrite(html, |tag| {
            assert_eq!(tag.size(), (Some(4), Some(5)));
            Some(tag.with(&[("src", "y"), ("width", "8")]))
        });
        assert_eq!(other, "<p>a<img src=\"y\" width=\"8\" alt=\"b &quot;c&quot;\" lang=\"de\">d</p>");
    }
}
