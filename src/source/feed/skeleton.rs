//! The names that hold a feed together: roots, channels and items, by which everything else is bounded.

use super::names::Space;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// RSS of any version, RDF or not.
    Rss,
    /// Atom 0.3 and 1.0.
    Atom,
}

/// Tells the tags of the skeleton from others.
#[derive(Debug, Default)]
pub(super) struct Skeleton<'a> {
    /// Prefixes that the document declares for the feed's own vocabulary.
    prefixes: Vec<&'a str>,
}

impl Dialect {
    /// Which one begins with this tag: with a root, or, where that is missing, with an item.
    pub fn beginning_with(name: &str) -> Option<Self> {
        match local(name).to_ascii_lowercase().as_str() {
            "rss" | "rdf" | "channel" | "item" => Some(Self::Rss),
            "feed" | "entry" => Some(Self::Atom),
            _ => None,
        }
    }
}

impl<'a> Skeleton<'a> {
    /// Takes note of a prefix.
    pub fn declare(&mut self, prefix: &'a str, space: Space) {
        if matches!(space, Space::Own | Space::Atom) {
            self.prefixes.push(prefix);
        }
    }

    pub fn is_item(&self, name: &str) -> bool {
        self.is_one_of(name, &["item", "entry"])
    }

    pub fn is_root(&self, name: &str) -> bool {
        self.is_one_of(name, &["rss", "rdf", "feed"])
    }

    /// Whether items may be inside of this.
    pub fn is_container(&self, name: &str) -> bool {
        self.is_root(name) || self.is_one_of(name, &["channel", "items"])
    }

    /// Whether no element of an item goes on behind this tag.
    pub fn is_boundary(&self, name: &str) -> bool {
        self.is_item(name) || self.is_root(name) || self.is_one_of(name, &["channel"])
    }

    fn is_one_of(&self, name: &str, names: &[&str]) -> bool {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let is_own = |prefix: &str| {
            prefix.is_empty()
                || prefix.eq_ignore_ascii_case("rdf")
                || self.prefixes.contains(&prefix)
                || matches!(Space::of_prefix(prefix), Space::Own | Space::Atom)
        };
        names.iter().any(|known| known.eq_ignore_ascii_case(local)) && is_own(prefix)
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
