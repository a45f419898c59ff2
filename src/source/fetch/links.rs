//! Links in the head of an answer (RFC 8288).

/// The longest header that is read, in bytes, and the most links of it.
const LONGEST: usize = 16 * 1024;
const MAX_LINKS: usize = 50;

/// One link of a `Link` header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Link {
    /// The address as written, which may be relative.
    pub target: String,
    /// Its relations, in small letters, parted by spaces.
    pub relation: String,
    /// The type of what is there, in small letters.
    pub kind: String,
}

impl Link {
    /// Whether it has this relation.
    pub fn is(&self, relation: &str) -> bool {
        self.relation.split_ascii_whitespace().any(|one| one == relation)
    }
}

/// The links of one header's value; what is not written as it should be is left out.
pub(super) fn parse(value: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut rest = value.get(..LONGEST).unwrap_or(value);
    while links.len() < MAX_LINKS
        && let Some((_, after)) = rest.split_once('<')
        && let Some((target, after)) = after.split_once('>')
    {
        let mut link = Link { target: target.trim().to_owned(), ..Link::default() };
        rest = read_parameters(after, &mut link);
        links.push(link);
    }
    links
}

/// Reads `; name=value` up to the comma that ends the link, and returns what is behind it.
fn read_parameters<'a>(mut rest: &'a str, link: &mut Link) -> &'a str {
    loop {
        rest = rest.trim_start();
        let Some(after) = rest.strip_prefix(';') else { return rest };
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let name = after[..end].trim().to_ascii_lowercase();
        rest = &after[end..];
        let Some(after) = rest.strip_prefix('=') else { continue };
        let (value, after) = read_value(after.trim_start());
        rest = after;
        let slot = match name.as_str() {
            "rel" => &mut link.relation,
            "type" => &mut link.kind,
            _ => continue,
        };
        if slot.is_empty() {
            *slot = value.to_ascii_lowercase();
        }
    }
}

fn read_value(text: &str) -> (&str, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"').unwrap_or((quoted, ""));
    }
    let end = text.find([';', ',']).unwrap_or(text.len());
    (text[..end].trim(), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_with_their_relations_and_types() {
        let value = "<https://a.example/feed?a=1,2>; rel=\"alternate Self\"; type=\"application/rss+xml\"; title=\"a, b; c\", \
            </hub>;rel=hub, <x>; crossorigin; rel=preload";
        let links = parse(value);
        let shown: Vec<_> = links.iter().map(|link| (link.target.as_str(), link.relation.as_str())).collect();
        assert_eq!(
            shown,
            [("https://a.example/feed?a=1,2", "alternate self"), ("/hub", "hub"), ("x", "preload")]
        );
        assert!(links[0].is("self") && links[0].kind == "application/rss+xml");
    }

    #[test]
    fn what_is_no_header_gives_no_links_and_ends() {
        for value in ["", "<", "<a", "<a>;", "<a>; rel=\"", "<a>;;;=,=;\"", "é<a>;rel=é"] {
            assert!(parse(value).len() <= 1, "{value}");
        }
        assert_eq!(parse(&"<a>,".repeat(1000)).len(), MAX_LINKS);
    }
}
