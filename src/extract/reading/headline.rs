//! Which line is the headline.

use crate::extract::furniture::{self, key};
use crate::extract::{byline, sentence};

use super::places::{is_breadcrumb, is_section};
use super::{Kind, Origin, Reader, Role};

/// How many blocks are looked at for a headline.
const SEARCHED: usize = 60;

/// Marks between a headline and its site's name in the title of a page.
const SITE_MARKS: &[&str] =
    &[" | ", " – ", " — ", " - ", " » ", " :: ", " • ", " · ", " ‹ ", " « ", " › ", " > "];

/// Whether two lines are the same headline, the one perhaps with its site's name.
pub fn is_same(one: &str, other: &str) -> bool {
    let (one_key, other_key) = (key(one), key(other));
    let is_with_site = |long: &str, short: &str| {
        SITE_MARKS.iter().any(|mark| long.match_indices(mark).any(|(at, _)| key(&long[..at]) == short))
    };
    !one_key.is_empty()
        && (one_key == other_key || is_with_site(one, &other_key) || is_with_site(other, &one_key))
}

/// A page's title without its site's name: behind `|` or `»` always, behind a dash where it is the name.
pub fn without_site<'a>(title: &'a str, site: Option<&str>) -> &'a str {
    let is_site = |text: &str| site.is_some_and(|site| key(site) == key(text));
    let cut = SITE_MARKS.iter().filter_map(|mark| {
        let at = title.rfind(mark)?;
        let rest = &title[at + mark.len()..];
        let is_sure = matches!(mark.trim(), "|" | "»" | "::" | "‹" | "«" | "•" | "·");
        let is_short = sentence::words(rest) <= 5 && sentence::words(&title[..at]) >= 1;
        ((is_sure && is_short) || is_site(rest)).then_some(at)
    });
    let kept = cut.min().map_or(title, |at| title[..at].trim());
    let leading =
        SITE_MARKS.iter().find_map(|mark| kept.split_once(mark).filter(|(first, _)| is_site(first)));
    leading.map_or(kept, |(_, rest)| rest.trim())
}

impl Reader<'_> {
    /// Finds the headline among the blocks: the known one where it stands, else the most likely line.
    pub(super) fn find_headline(&mut self) {
        let found = match (self.known.title, self.known.origin) {
            (Some(title), _) => self.known_headline(title),
            (None, Origin::Text) => self.likely_headline(),
            (None, Origin::Fragment | Origin::Page) => self.first_heading(),
        };
        let Some(index) = found else { return };
        self.headline = Some(index);
        self.roles[index] = Role::Title;
        if self.known.title.is_none() {
            self.reading.title = Some(self.headline_text(index));
        }
    }

    fn known_headline(&self, title: &str) -> Option<usize> {
        let searched = self.blocks.len().min(SEARCHED);
        let first_prose = (0..searched).find(|index| self.is_prose(*index)).unwrap_or(searched);
        (0..first_prose).rev().find(|index| is_same(self.text(*index), title))
    }

    /// A heading above all text: one of the first level, or the very first block.
    fn first_heading(&self) -> Option<usize> {
        let searched = self.blocks.len().min(SEARCHED);
        let first_prose = (0..searched).find(|index| self.is_statement(*index)).unwrap_or(searched);
        let is_heading = |index: &usize| matches!(self.blocks[*index].kind, Kind::Heading(level) if level == 1 || *index == 0);
        (0..first_prose).find(is_heading)
    }

    fn likely_headline(&self) -> Option<usize> {
        let candidates = self.candidates();
        let index = self.repeated(&candidates).or_else(|| self.first_that_names_no_section(&candidates))?;
        let has_text_after = (index + 1..self.blocks.len()).any(|after| self.is_statement(after));
        (!sentence::is_statement(self.text(index)) || has_text_after).then_some(index)
    }

    /// The lines above the text that may be the headline.
    fn candidates(&self) -> Vec<usize> {
        let mut candidates = Vec::new();
        for index in 0..self.blocks.len().min(SEARCHED) {
            let text = self.text(index);
            let may_be = self.marks[index].is_none()
                && self.facts(index).is_none()
                && self.blocks[index].kind == Kind::Line
                && !is_breadcrumb(text)
                && text.contains(char::is_alphabetic);
            if self.is_prose(index) || (!candidates.is_empty() && self.is_statement(index)) {
                break;
            }
            if may_be {
                candidates.push(index);
            }
        }
        candidates
    }

    /// A line that stands there twice, as the page's title and as its headline: the second.
    fn repeated(&self, candidates: &[usize]) -> Option<usize> {
        candidates.iter().rev().copied().find(|index| {
            let text = self.text(*index);
            let is_long_enough = sentence::words(text) >= 2 && !byline::is_name(text) && !is_section(text);
            is_long_enough && candidates.iter().any(|other| other < index && is_same(self.text(*other), text))
        })
    }

    fn first_that_names_no_section(&self, candidates: &[usize]) -> Option<usize> {
        let is_capitals =
            |text: &str| text.contains(char::is_uppercase) && !text.contains(char::is_lowercase);
        let names_section = |pair: &&[usize]| {
            let (this, next) = (self.text(pair[0]), self.text(pair[1]));
            let is_apart = (pair[0] + 1..pair[1]).any(|between| self.facts(between).is_some());
            let is_kicker = is_capitals(this) && !is_capitals(next) && sentence::words(this) <= 3;
            !is_apart && (is_section(this) || is_kicker)
        };
        let sections = candidates.windows(2).take_while(names_section).count();
        candidates.get(sections).copied()
    }

    /// The headline as it is printed, without the site's name if it stands there without it too.
    fn headline_text(&self, index: usize) -> String {
        let text = self.text(index);
        let shorter = (0..index).map(|above| self.text(above)).filter(|above| is_same(above, text));
        without_site(shorter.chain([text]).min_by_key(|text| text.len()).unwrap_or(text), None).to_owned()
    }

    /// Whether a block repeats the headline.
    pub(super) fn repeats_headline(&self, index: usize) -> bool {
        let headline = self.known.title.or(self.reading.title.as_deref());
        headline.is_some_and(|headline| is_same(headline, self.text(index)))
    }
}

/// Whether a label ends the page even above its text, so that there is no text.
pub(super) fn ends_everything(mark: Option<furniture::Mark>) -> bool {
    mark.is_some_and(|mark| mark.effect == furniture::Effect::End)
}

#[cfg(test)]
mod tests {
    use super::{is_same, without_site};

    #[test]
    fn a_sites_name_is_taken_off_a_title() {
        for (title, site, expected) in [
            ("Bridge reopens | The Courier", None, "Bridge reopens"),
            ("Bridge reopens - The Courier", Some("The Courier"), "Bridge reopens"),
            ("Bridge reopens - at last", None, "Bridge reopens - at last"),
            ("Bridge reopens » Politics » The Courier", None, "Bridge reopens » Politics"),
            ("The Courier – Bridge reopens", Some("the courier"), "Bridge reopens"),
            (
                "Bridge | road | rail: how we travel today in the city",
                None,
                "Bridge | road | rail: how we travel today in the city",
            ),
            ("The Courier", Some("The Courier"), "The Courier"),
        ] {
            assert_eq!(without_site(title, site), expected, "{title}");
        }
    }

    #[test]
    fn one_headline_is_known_again() {
        assert!(is_same("Bridge Reopens!", "bridge reopens"));
        assert!(is_same("Bridge reopens – The Courier", "Bridge reopens"));
        assert!(!is_same("Bridge reopens", "Bridge") && !is_same("", ""));
    }
}
