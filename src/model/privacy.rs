//! Privacy: which articles everybody may see, and which are for the readers of private newsletters alone. `docs/archive.md` has
//! the rules.

use std::sync::Arc;

use super::article::label_key;
use super::newsletter::Newsletter;

/// The sources whose articles everybody may see. An article is as private as its source: it is public if a newsletter that is
/// not private takes from it, or none at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PublicSources {
    /// All.
    #[default]
    All,
    /// These and no other, by their keys.
    Only(Arc<[String]>),
    /// All but these, by their keys.
    AllBut(Arc<[String]>),
}

impl PublicSources {
    /// What these newsletters, which are all that there are, leave public.
    pub fn of(newsletters: &[Newsletter]) -> Self {
        let (private, public): (Vec<_>, Vec<_>) = newsletters.iter().partition(|own| own.is_private);
        let takes_all = |own: &&Newsletter| own.choice.sources.is_empty();
        let keys = |own: &[&Newsletter]| -> Vec<String> {
            let mut keys: Vec<String> =
                own.iter().flat_map(|own| &own.choice.sources).map(|name| label_key(name)).collect();
            keys.sort_unstable();
            keys.dedup();
            keys
        };
        if public.iter().any(takes_all) {
            return Self::All;
        }
        let open = keys(&public);
        if private.iter().any(takes_all) {
            return Self::Only(open.into());
        }
        let closed: Vec<String> = keys(&private).into_iter().filter(|key| !open.contains(key)).collect();
        if closed.is_empty() { Self::All } else { Self::AllBut(closed.into()) }
    }

    /// Whether everybody may see the articles of the source of this name.
    pub fn has(&self, source: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(keys) => keys.contains(&label_key(source)),
            Self::AllBut(keys) => !keys.contains(&label_key(source)),
        }
    }

    /// Whether nothing is private.
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::newsletter::Choice;

    fn newsletter(is_private: bool, sources: &[&str]) -> Newsletter {
        let sources = sources.iter().map(|name| (*name).to_owned()).collect();
        Newsletter { is_private, choice: Choice { sources, ..Choice::default() }, ..Newsletter::sample() }
    }

    #[test]
    fn an_article_is_public_if_a_public_newsletter_takes_from_its_source_or_none_at_all() {
        // Of each newsletter whether it is private and from which sources it takes; then which of these are public.
        type Case<'a> = (&'a [(bool, &'a [&'a str])], &'a [&'a str]);
        let cases: [Case<'_>; 9] = [
            (&[], &["a", "b", "C"]),
            (&[(false, &[])], &["a", "b", "C"]),
            (&[(true, &[])], &[]),
            (&[(true, &["a"])], &["b", "C"]),
            (&[(true, &["a", "c"]), (false, &["A"])], &["a", "b"]),
            (&[(true, &[]), (false, &["b", "c"])], &["b", "C"]),
            (&[(true, &["a"]), (true, &["a", "b"])], &["C"]),
            (&[(true, &["a"]), (false, &[])], &["a", "b", "C"]),
            (&[(true, &["a"]), (false, &["a"])], &["a", "b", "C"]),
        ];
        for (newsletters, expected) in cases {
            let all: Vec<Newsletter> =
                newsletters.iter().map(|(is_private, sources)| newsletter(*is_private, sources)).collect();
            let public = PublicSources::of(&all);
            let found: Vec<&str> = ["a", "b", "C"].into_iter().filter(|name| public.has(name)).collect();
            assert_eq!(found, expected, "{newsletters:?}");
            assert_eq!(public.is_all(), expected.len() == 3, "{newsletters:?}");
        }
    }
}
