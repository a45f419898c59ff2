//! Feeds by their addresses: which articles each is of, and the one address that it has.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use crate::model::article::label_key;
use crate::render::feed::Format;
use crate::render::page::path_segment;

/// A feed, whatever its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The articles of which all these conditions hold.
    Articles(BTreeSet<Condition>),
    /// The editions of the newsletter of this name.
    Editions(String),
}

/// What must hold of an article to be in a feed. Conditions are ordered as an address names them: by the alphabet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Somebody of this name wrote it; in small letters.
    Author(String),
    /// It belongs to the newsletter of this name.
    Newsletter(String),
    /// These words find it.
    Search(String),
    /// It came from the source of this name; in small letters.
    Source(String),
    /// It has this tag; in small letters. A section is the tag that an article has first.
    Tag(String),
}

impl Condition {
    /// An author, in any case.
    pub fn author(name: &str) -> Self {
        Self::Author(label_key(name))
    }

    /// A newsletter.
    pub fn newsletter(slug: &str) -> Self {
        Self::Newsletter(slug.to_owned())
    }

    /// Words to search for.
    pub fn search(words: &str) -> Self {
        Self::Search(words.trim().to_owned())
    }

    /// A source, in any case.
    pub fn source(name: &str) -> Self {
        Self::Source(label_key(name))
    }

    /// A tag, in any case.
    pub fn tag(tag: &str) -> Self {
        Self::Tag(label_key(tag))
    }

    /// What a parameter of an address asks for; `None` for one that asks nothing of a feed.
    fn of_parameter(name: &str, value: &str) -> Option<Self> {
        let condition = match name {
            "author" => Self::author(value),
            "newsletter" => Self::newsletter(value),
            "q" => Self::search(value),
            "source" => Self::source(value),
            "tag" => Self::tag(value),
            _ => return None,
        };
        Some(condition).filter(Self::asks)
    }

    /// Whether it asks for anything.
    pub fn asks(&self) -> bool {
        !self.value().is_empty()
    }

    const fn parameter(&self) -> &'static str {
        match self {
            Self::Author(_) => "author",
            Self::Newsletter(_) => "newsletter",
            Self::Search(_) => "q",
            Self::Source(_) => "source",
            Self::Tag(_) => "tag",
        }
    }

    /// The folder in which the feeds of this kind stand; a search has none.
    pub const fn folder(&self) -> Option<&'static str> {
        match self {
            Self::Author(_) => Some("authors"),
            Self::Newsletter(_) => Some("newsletters"),
            Self::Search(_) => None,
            Self::Source(_) => Some("sources"),
            Self::Tag(_) => Some("tags"),
        }
    }

    /// The name or the words.
    pub fn value(&self) -> &str {
        match self {
            Self::Author(value)
            | Self::Newsletter(value)
            | Self::Search(value)
            | Self::Source(value)
            | Self::Tag(value) => value,
        }
    }
}

impl Which {
    /// The feed of all articles.
    pub const fn site() -> Self {
        Self::Articles(BTreeSet::new())
    }

    /// The feed of one condition.
    pub fn of(condition: Condition) -> Self {
        Self::Articles(BTreeSet::from([condition]))
    }

    /// The same, with what the query of an address asks for besides. What is no parameter of feeds asks for nothing.
    #[must_use]
    pub fn narrowed(self, query: &str) -> Self {
        let Self::Articles(mut conditions) = self else { return self };
        let parameters = form_urlencoded::parse(query.as_bytes());
        conditions.extend(parameters.filter_map(|(name, value)| Condition::of_parameter(&name, &value)));
        Self::Articles(conditions)
    }

    /// The one condition of a feed that has a folder of its own.
    pub fn only_condition(&self) -> Option<&Condition> {
        let Self::Articles(conditions) = self else { return None };
        let condition = conditions.first().filter(|_| conditions.len() == 1)?;
        condition.folder().map(|_| condition)
    }

    /// Its path without leading slash, ending and query.
    pub fn stem(&self) -> String {
        match self {
            Self::Articles(_) => self.only_condition().map_or_else(|| "feed".to_owned(), folder_stem),
            Self::Editions(slug) => format!("newsletters/{slug}/editions"),
        }
    }

    /// The query of its address with the question mark: the conditions in order, where the path does not name them.
    pub fn query(&self) -> String {
        let Self::Articles(conditions) = self else { return String::new() };
        if self.only_condition().is_some() {
            return String::new();
        }
        let mark = |index| if index == 0 { '?' } else { '&' };
        conditions.iter().enumerate().fold(String::new(), |query, (index, condition)| {
            let (mark, value) = (mark(index), path_segment(condition.value()));
            format!("{query}{mark}{}={value}", condition.parameter())
        })
    }

    /// Its address in one format, without leading slash. It is the only one: others lead here.
    pub fn path(&self, format: Format) -> String {
        format!("{}.{}{}", self.stem(), format.extension(), self.query())
    }

    /// The feed at a path without leading slash, and its format: of a feed that has an address of its own.
    pub fn of_path(path: &str) -> Option<(Self, Format)> {
        let (stem, extension) = path.rsplit_once('.')?;
        let format = Format::of_extension(extension)?;
        let name = |encoded: &str| Some(percent_decode_str(encoded).decode_utf8().ok()?.into_owned());
        let which = match stem.split('/').collect::<Vec<_>>()[..] {
            ["feed"] => Self::site(),
            ["newsletters", slug, "editions"] => Self::Editions(name(slug)?),
            ["newsletters", slug, "feed"] => Self::of(Condition::newsletter(&name(slug)?)),
            ["authors", author, "feed"] => Self::of(Condition::author(&name(author)?)),
            ["sources", source, "feed"] => Self::of(Condition::source(&name(source)?)),
            ["tags", tag, "feed"] => Self::of(Condition::tag(&name(tag)?)),
            _ => return None,
        };
        Some((which, format)).filter(|(which, format)| which.path(*format) == path)
    }

    /// Whether it is named by what there is, and not by whoever asks: such feeds are bounded in number.
    pub fn is_lasting(&self) -> bool {
        self.query().is_empty()
    }

    /// Whether readers can ask what came since they were there: a format for which the answer to that is known.
    pub fn has_deltas(&self, format: Format) -> bool {
        self.is_lasting() && format != Format::Json
    }

    /// The path of a page of its archive, without leading slash.
    pub fn archive_path(&self, page: i64, format: Format) -> String {
        format!("{}/archive/{page}.{}", self.stem(), format.extension())
    }

    /// The path of the page that shows the same, without leading slash: the front page where there is none.
    pub fn page(&self) -> String {
        match (self, self.only_condition()) {
            (Self::Editions(slug), _) | (_, Some(Condition::Newsletter(slug))) => {
                format!("newsletters/{slug}")
            }
            (_, Some(Condition::Tag(tag))) => format!("tags/{}", path_segment(tag)),
            _ => String::new(),
        }
    }

    /// The newsletters that it names.
    pub fn newsletters(&self) -> Vec<&str> {
        match self {
            Self::Editions(slug) => vec![slug],
            Self::Articles(conditions) => {
                let named = conditions.iter().filter(|own| matches!(own, Condition::Newsletter(_)));
                named.map(Condition::value).collect()
            }
        }
    }
}

fn folder_stem(condition: &Condition) -> String {
    let folder = condition.folder().unwrap_or_default();
    format!("{folder}/{}/feed", path_segment(condition.value()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_way_to_ask_for_a_feed_leads_to_its_one_address() {
        for (query, expected) in [
            ("", "feed.rss"),
            ("utm_source=x&q=&tag=%20", "feed.rss"),
            ("tag=Harbour", "tags/harbour/feed.rss"),
            ("tag=Harbour&tag=HARBOUR", "tags/harbour/feed.rss"),
            ("author=Ines+Okafor", "authors/ines%20okafor/feed.rss"),
            ("source=CMS", "sources/cms/feed.rss"),
            ("newsletter=daily", "newsletters/daily/feed.rss"),
            ("tag=sea&q=two+words&author=Ada", "feed.rss?author=ada&q=two%20words&tag=sea"),
            ("q=C%2B%2B", "feed.rss?q=C%2B%2B"),
            ("tag=b&tag=A", "feed.rss?tag=a&tag=b"),
            ("tag=a%2Fb%20%F0%9F%8E%89&tag=c", "feed.rss?tag=a%2Fb%20%F0%9F%8E%89&tag=c"),
        ] {
            assert_eq!(Which::site().narrowed(query).path(Format::Rss), expected, "{query}");
        }
    }

    proptest! {
        #[test]
        fn an_address_that_a_feed_has_leads_to_it(query in "((tag|q|author|source|x)=(.|%[0-9A-F]{2}|[a-z +&]){0,6}&?){0,4}") {
            let which = Which::site().narrowed(&query);
            let again = which.query();
            if !again.is_empty() {
                prop_assert_eq!(Which::site().narrowed(again.trim_start_matches('?')), which);
            }
        }
    }
}
