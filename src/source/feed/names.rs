//! The names of feeds: which vocabulary an element is from, and what it means for an article.

/// A vocabulary, however its namespace is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// The feed's own: RSS in all its versions, Atom in both.
    Own,
    /// Atom inside of RSS.
    Atom,
    Content,
    DublinCore,
    DublinCoreTerms,
    Itunes,
    Media,
    Xhtml,
    /// How often a feed changes.
    Syndication,
    Other,
}

/// What an element says about an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Id,
    Title,
    Link,
    Summary,
    Body,
    Author,
    Category,
    Keywords,
    Published,
    Updated,
    Enclosure,
    Media,
    Duration,
    Language,
}

impl Space {
    /// The vocabulary of a namespace: case, scheme, and a slash at its end are often wrong.
    pub fn of_uri(uri: &str) -> Self {
        let uri = uri.trim().to_ascii_lowercase();
        let uri =
            uri.trim_start_matches("http://").trim_start_matches("https://").trim_end_matches(['/', '#']);
        match uri {
            "www.w3.org/2005/atom" => Self::Atom,
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "purl.org/dc/elements/1.0" | "purl.org/dc/elements/1.1" => Self::DublinCore,
            "purl.org/dc/terms" => Self::DublinCoreTerms,
            "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Self::Itunes,
            "search.yahoo.com/mrss" => Self::Media,
            "purl.org/rss/1.0/modules/syndication" => Self::Syndication,
            "www.w3.org/1999/xhtml" => Self::Xhtml,
            _ if uri.starts_with("purl.org/atom") => Self::Atom,
            _ if RSS.contains(&uri) => Self::Own,
            _ => Self::Other,
        }
    }

    /// The vocabulary that a prefix stands for wherever nobody says otherwise.
    pub fn of_prefix(prefix: &str) -> Self {
        match prefix.to_ascii_lowercase().as_str() {
            "rss" => Self::Own,
            "atom" | "atom10" | "a10" => Self::Atom,
            "content" => Self::Content,
            "dc" => Self::DublinCore,
            "dcterms" => Self::DublinCoreTerms,
            "itunes" => Self::Itunes,
            "media" => Self::Media,
            "xhtml" => Self::Xhtml,
            "sy" => Self::Syndication,
            _ => Self::Other,
        }
    }
}

/// The namespaces of the versions of RSS.
const RSS: &[&str] = &[
    "purl.org/rss/1.0",
    "purl.org/net/rss1.1",
    "my.netscape.com/rdf/simple/0.9",
    "my.netscape.com/publish/formats/rss-0.91.dtd",
    "channel.netscape.com/rdf/simple/0.9",
    "backend.userland.com/rss",
    "backend.userland.com/rss2",
    "backend.userland.com/rss091",
    "backend.userland.com/rss092",
    "blogs.law.harvard.edu/tech/rss",
    "cyber.law.harvard.edu/rss/rss.html",
];

/// What an element means, and how good a witness it is: 0 is the field's own element, higher ones stand in for it.
pub(super) fn field(space: Space, name: &str) -> Option<(Field, u8)> {
    match space {
        Space::Own => own_field(name),
        Space::Atom => own_field(name).map(|(field, rank)| (field, rank + 1)),
        Space::Content => (name == "encoded").then_some((Field::Body, 0)),
        Space::Xhtml => matches!(name, "body" | "div").then_some((Field::Body, 1)),
        Space::DublinCore => dublin_core_field(name),
        Space::DublinCoreTerms => match name {
            "issued" | "created" | "date" | "available" => Some((Field::Published, 3)),
            "modified" => Some((Field::Updated, 2)),
            "abstract" => Some((Field::Summary, 3)),
            _ => dublin_core_field(name),
        },
        Space::Media => match name {
            "content" | "group" | "thumbnail" => Some((Field::Media, 0)),
            "category" => Some((Field::Category, 0)),
            "keywords" => Some((Field::Keywords, 0)),
            "description" => Some((Field::Summary, 4)),
            "title" => Some((Field::Title, 4)),
            _ => None,
        },
        Space::Itunes => match name {
            "author" => Some((Field::Author, 2)),
            "summary" => Some((Field::Summary, 3)),
            "subtitle" => Some((Field::Summary, 5)),
            "title" => Some((Field::Title, 3)),
            "image" => Some((Field::Media, 0)),
            "duration" => Some((Field::Duration, 0)),
            "keywords" => Some((Field::Keywords, 0)),
            "category" => Some((Field::Category, 0)),
            _ => None,
        },
        Space::Syndication | Space::Other => None,
    }
}

fn own_field(name: &str) -> Option<(Field, u8)> {
    Some(match name {
        "guid" | "id" => (Field::Id, 0),
        "title" => (Field::Title, 0),
        "link" => (Field::Link, 0),
        "description" | "summary" => (Field::Summary, 0),
        "content" | "encoded" => (Field::Body, 0),
        "body" | "fullitem" => (Field::Body, 2),
        "author" => (Field::Author, 0),
        "creator" => (Field::Author, 1),
        "category" | "subject" => (Field::Category, 0),
        "keywords" => (Field::Keywords, 0),
        "pubdate" | "published" => (Field::Published, 0),
        "issued" | "date" => (Field::Published, 1),
        "created" => (Field::Published, 2),
        "updated" | "modified" => (Field::Updated, 0),
        "enclosure" => (Field::Enclosure, 0),
        "image" => (Field::Media, 0),
        _ => return None,
    })
}

fn dublin_core_field(name: &str) -> Option<(Field, u8)> {
    Some(match name {
        "identifier" => (Field::Id, 2),
        "title" => (Field::Title, 1),
        "description" => (Field::Summary, 1),
        "creator" | "author" => (Field::Author, 0),
        "subject" => (Field::Category, 0),
        "date" => (Field::Published, 1),
        "language" => (Field::Language, 0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_known_however_it_is_spelt() {
        for (uri, expected) in [
            ("http://purl.org/dc/elements/1.1/", Space::DublinCore),
            ("HTTP://PURL.ORG/DC/ELEMENTS/1.1", Space::DublinCore),
            ("https://www.w3.org/2005/Atom", Space::Atom),
            ("http://purl.org/atom/ns#", Space::Atom),
            ("http://search.yahoo.com/mrss", Space::Media),
            ("http://my.netscape.com/rdf/simple/0.9/", Space::Own),
            ("urn:x", Space::Other),
        ] {
            assert_eq!(Space::of_uri(uri), expected, "{uri}");
        }
    }
}
