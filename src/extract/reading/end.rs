//! Where the article ends.

use crate::extract::furniture::Effect;
use crate::extract::sentence;

use super::{Origin, Reader, Role};

impl Reader<'_> {
    /// Finds the first label after which nothing belongs to the article, and the first after which not even its
    /// author is looked for.
    pub(super) fn find_end(&mut self) {
        const MOST_LABELS: usize = 200;
        let labels =
            (self.body..self.blocks.len()).filter(|index| self.effect(*index).is_some_and(Effect::ends));
        let labels: Vec<usize> = labels.take(MOST_LABELS).collect();
        for label in labels {
            let is_first = self.end == self.blocks.len();
            if is_first && !self.ends_article(label) {
                continue;
            }
            self.end = self.end.min(label);
            if matches!(self.effect(label), Some(Effect::Headlines | Effect::End)) {
                self.limit = label;
                return;
            }
        }
    }

    /// Whether a label ends the article, rather than heading a box within it.
    fn ends_article(&self, label: usize) -> bool {
        let Some(effect) = self.effect(label).filter(|effect| effect.ends()) else { return false };
        if label == self.body || self.find_signature(self.body, label).is_some() {
            return true;
        }
        let after = After::count(self, label);
        let continues = match (self.known.origin, after.is_signed) {
            (_, true) => after.prose >= 1 && after.prose >= 2 * after.headlines,
            (Origin::Text, false) => {
                let is_more = after.length > self.length_of_prose(self.body, label);
                let is_share = effect == Effect::Foot && is_more;
                is_share
                    || (after.prose >= 3
                        && after.prose >= 3 * after.headlines
                        && after.length * 2 >= self.length_of_prose(self.body, label))
            }
            (Origin::Fragment | Origin::Page, false) => {
                after.prose >= 1 && after.prose >= 2 * after.headlines
            }
        };
        !continues
    }

    pub(super) fn length_of_prose(&self, from: usize, to: usize) -> usize {
        (from..to).filter(|index| self.is_prose(*index)).map(|index| self.text(index).len()).sum()
    }

    /// Gives everything behind the end the rule of the label it stands under.
    pub(super) fn cut_foot(&mut self) {
        let mut rule = None;
        for index in self.end..self.blocks.len() {
            rule = self.marks[index].map(|mark| mark.rule).or(rule);
            if self.roles[index] != Role::Body {
                continue;
            }
            let own = self.marks[index].map(|mark| mark.rule);
            if rule == Some("tags-row") {
                self.read_tags(index);
            }
            self.cut(index, own.or(rule).unwrap_or("after-article"));
        }
    }

    /// The tags of a line that lists them, or of one tag a line below the label.
    fn read_tags(&mut self, index: usize) {
        const LONGEST: usize = 40;
        let text = self.text(index);
        let is_label = self.marks[index].is_some();
        let list = match (is_label, text.split_once([':', '：'])) {
            (true, Some((_, list))) => list,
            (true, None) => return,
            (false, _) => text,
        };
        let tags = list.split([',', '،', '#', ';', '|', '•']).map(str::trim);
        let tags =
            tags.filter(|tag| !tag.is_empty() && tag.chars().count() <= LONGEST && !sentence::is_ended(tag));
        self.reading.tags.extend(tags.map(str::to_owned));
    }
}

/// What follows a label, up to the author or the next label that may end the article.
struct After {
    /// Paragraphs that are no teasers.
    prose: usize,
    /// Their length in bytes.
    length: usize,
    /// Other lines below the first of those paragraphs: headings, or headlines between teasers.
    headlines: usize,
    /// Whether the author's name or the row of networks stands below, which a page prints once, at the end.
    is_signed: bool,
}

impl After {
    fn count(reader: &Reader<'_>, label: usize) -> Self {
        let mut after = Self { prose: 0, length: 0, headlines: 0, is_signed: false };
        let signature = reader.find_signature(label + 1, reader.blocks.len());
        for index in label + 1..reader.blocks.len() {
            let is_share = reader.marks[index].is_some_and(|mark| mark.rule == "share");
            if signature == Some(index) || is_share {
                after.is_signed = true;
                break;
            }
            if reader.effect(index).is_some_and(Effect::ends) {
                break;
            }
            let is_teaser = sentence::is_teaser(reader.text(index));
            if reader.is_prose(index) && !is_teaser {
                after.prose += 1;
                after.length += reader.text(index).len();
            } else if after.prose > 0
                && (is_teaser || !reader.is_statement(index))
                && !reader.text(index).is_empty()
            {
                after.headlines += 1;
            }
        }
        after
    }
}
