//! The author as the page prints them: the box with the name twice, the biography, the disclaimer.

use crate::extract::furniture::{Effect, key};
use crate::extract::{byline, disclaimer, sentence};

use super::{Kind, Origin, Reader, Role};

/// How many paragraphs a biography has at most.
const LONGEST_BIOGRAPHY: usize = 4;

/// How often a name is repeated at most, in the alternative text of a portrait, say.
const MOST_COPIES: usize = 3;

impl Reader<'_> {
    /// Where a name stands twice between two blocks: on two lines, or glued on one.
    pub(super) fn find_signature(&self, from: usize, to: usize) -> Option<usize> {
        let first = self.signatures.partition_point(|index| *index < from);
        self.signatures.get(first).copied().filter(|index| *index < to)
    }

    /// How many blocks the doubled name takes that begins here.
    pub(super) fn signature_length(&self, index: usize) -> Option<usize> {
        if glued_name(self.text(index)).is_some() && self.marks[index].is_none() {
            return Some(1);
        }
        self.copies(index).filter(|_| byline::is_signature(bare_name(self.text(index))))
    }

    /// How many blocks in a row say the same name, if more than one does.
    fn copies(&self, index: usize) -> Option<usize> {
        const LONGEST: usize = 80;
        const MOST_WORDS: usize = 8;
        let name = bare_name(self.text(index));
        let words = name.split_whitespace().count();
        let may_be_name =
            name.len() <= 2 * LONGEST && (1..=MOST_WORDS).contains(&words) && !sentence::is_statement(name);
        if self.marks[index].is_some() || !may_be_name || key(name).is_empty() {
            return None;
        }
        let is_again =
            |after: &usize| *after < self.blocks.len() && key(bare_name(self.text(*after))) == key(name);
        let copies = (index + 1..=index + MOST_COPIES).take_while(is_again).count();
        (copies > 0).then_some(1 + copies)
    }

    /// The author's box above the text: name twice, then perhaps a biography.
    pub(super) fn read_author_above(&mut self) {
        let from = self.headline.map_or(0, |headline| headline + 1);
        let Some(start) = self.find_signature(from, self.body) else { return };
        let Some(length) = self.signature_length(start) else { return };
        self.sign(start, length);
        let after = start + length;
        if after == self.body && self.body < self.blocks.len() && self.is_about_author(after) {
            self.add_biography(after);
            self.body = (after + 1..self.blocks.len())
                .find(|index| self.is_statement(*index))
                .unwrap_or(self.blocks.len());
        }
    }

    /// The author behind the text, in whichever of its forms the page has it.
    pub(super) fn read_author(&mut self) {
        if let Some((start, length)) = self.find_box() {
            self.sign(start, length);
            self.read_box(start, start + length);
        } else if let Some(label) = (self.body..self.limit).find(|index| self.is_author_label(*index)) {
            self.cut(label, "about-author");
            self.read_box(label, label + 1);
        } else {
            self.read_unlabelled();
        }
        self.cut_disclaimers();
    }

    /// The doubled name behind the text, and how many blocks it takes: a person's, else whatever stands twice where
    /// so little follows that it can only be the author's box.
    fn find_box(&self) -> Option<(usize, usize)> {
        let is_at_foot = |index: &usize| {
            let prose = (*index..self.limit).filter(|index| self.is_prose(*index)).count();
            prose <= LONGEST_BIOGRAPHY
        };
        let start = self.find_signature(self.body, self.limit).filter(is_at_foot).or_else(|| {
            let is_pair =
                |index: &usize| self.blocks[*index].kind != Kind::Item && self.copies(*index).is_some();
            (self.body..self.limit).find(is_pair).filter(is_at_foot)
        })?;
        let length = self.signature_length(start).or_else(|| self.copies(start))?;
        Some((start, length))
    }

    fn is_author_label(&self, index: usize) -> bool {
        let text = self.text(index);
        let about = ["about", "über", "à propos de", "sobre", "acerca de", "over", "su", "o", "об", "عن"];
        let names_known = || {
            let mut rests = about.iter().filter_map(|word| byline::strip_folded(text, word));
            rests.any(|rest| rest.starts_with(' ') && self.is_known_author(rest))
        };
        self.effect(index) == Some(Effect::Author) || names_known()
    }

    fn sign(&mut self, start: usize, length: usize) {
        let name = glued_name(self.text(start)).unwrap_or_else(|| bare_name(self.text(start)));
        let is_said = !self.known.authors.is_empty() || !self.reading.authors.is_empty();
        if !is_said {
            self.add_authors(&byline::authors([name]));
        }
        (start..start + length).for_each(|index| self.cut(index, "author-box"));
    }

    /// Reads what stands below the name, up to the headlines of other articles.
    fn read_box(&mut self, start: usize, from: usize) {
        self.end = self.end.min(start);
        let mut paragraphs = 0;
        for index in from..self.limit {
            if self.marks[index].is_some() {
                continue;
            }
            let text = self.text(index);
            if self.is_statement(index) && !self.disclaimers.is_empty() {
                self.cut(index, "disclaimer");
            } else if self.is_statement(index) && paragraphs < LONGEST_BIOGRAPHY {
                paragraphs += 1;
                self.add_biography(index);
            } else if self.reading.authors.is_empty()
                && self.known.authors.is_empty()
                && byline::is_name(text)
            {
                self.add_authors(&byline::authors([text]));
                self.cut(index, "author-box");
            } else if !text.is_empty() && !self.is_below_label(from, index) {
                self.cut(index, "author-box");
            }
        }
    }

    /// Whether a label stands between: what is below it is the label's.
    fn is_below_label(&self, from: usize, index: usize) -> bool {
        (from..index).any(|between| self.effect(between).is_some_and(Effect::ends))
    }

    /// Keeps a paragraph about the author, without the disclaimer that it may run into.
    fn add_biography(&mut self, index: usize) {
        let text = self.text(index);
        let start = disclaimer::start(text).unwrap_or(text.len());
        let (about, rest) = text.split_at(start);
        let about = about.trim().trim_end_matches(['-', '–', '—', '|', '*', ' ', '(', '[']);
        if about.is_empty() {
            self.cut(index, "disclaimer");
            return;
        }
        if !rest.is_empty() {
            self.disclaimers.push((index, rest.trim().to_owned()));
        }
        self.roles[index] = Role::Biography;
        let biography = self.reading.biography.get_or_insert_default();
        if !biography.is_empty() {
            biography.push_str("\n\n");
        }
        biography.push_str(about);
    }

    /// A single name behind the text, or a last paragraph that says who the author is.
    fn read_unlabelled(&mut self) {
        let Some(last) = self.last_of_body() else { return };
        let text = self.text(last);
        if self.is_statement(last) {
            let is_biography = last > self.body && self.is_about_author(last);
            if is_biography {
                self.read_biography_at(last);
            }
        } else if let Some(names) = byline::read(text).filter(|_| self.blocks[last].kind != Kind::Item) {
            self.add_authors(&names);
            self.cut(last, "byline");
        } else if self.is_lone_signature(last) {
            self.add_authors(&byline::authors([text.trim_start_matches(['-', '–', '—', ' '])]));
            self.cut(last, "author-box");
        }
    }

    fn read_biography_at(&mut self, index: usize) {
        self.add_biography(index);
        if let Some(name) = index.checked_sub(1).filter(|before| self.names_author_of(*before, index)) {
            let is_said = !self.known.authors.is_empty() || !self.reading.authors.is_empty();
            if !is_said {
                self.add_authors(&byline::authors([self.text(name)]));
            }
            self.cut(name, "author-box");
        }
    }

    /// The last block of the body that is neither cut nor a disclaimer nor furniture.
    fn last_of_body(&self) -> Option<usize> {
        let is_open = |index: &usize| {
            let is_furniture = self.marks[*index].is_some() || self.roles[*index] != Role::Body;
            !is_furniture && !self.text(*index).is_empty() && disclaimer::start(self.text(*index)) != Some(0)
        };
        (self.body..self.end).rev().find(is_open)
    }

    /// Whether a paragraph begins with its author's name and says who that is.
    fn is_about_author(&self, index: usize) -> bool {
        let text = self.text(index);
        let begins_with = |name: &str| byline::strip_folded(text, name).is_some_and(disclaimer::says_who);
        let authors = self.known.authors.iter().chain(&self.reading.authors);
        let is_named_above =
            || index.checked_sub(1).is_some_and(|before| self.names_author_of(before, index));
        authors.into_iter().any(|name| begins_with(name)) || is_named_above()
    }

    /// Whether a block is the name that the block after it begins with.
    fn names_author_of(&self, name: usize, biography: usize) -> bool {
        let text = self.text(name).trim_start_matches(['-', '–', '—', ' ']);
        let may_be = byline::is_name(text) || (byline::is_signature(text) && self.is_known_author(text));
        may_be && byline::strip_folded(self.text(biography), text).is_some_and(disclaimer::says_who)
    }

    /// A name alone behind the text: the known author's, or any if nobody is known and the page is a text's.
    fn is_lone_signature(&self, index: usize) -> bool {
        let name = self.text(index).trim_start_matches(['-', '–', '—', ' ']);
        let nobody_known = self.known.authors.is_empty() && self.reading.authors.is_empty();
        let is_after_text = index > self.body && self.blocks[index].kind != Kind::Item;
        is_after_text
            && (self.is_known_author(name)
                || (nobody_known && self.known.origin == Origin::Text && byline::is_name(name)))
    }

    /// Cuts the paragraphs behind the text that say whose opinion it was.
    fn cut_disclaimers(&mut self) {
        for index in (self.body..self.end).rev() {
            let is_gone =
                self.roles[index] != Role::Body || self.marks[index].is_some() || self.text(index).is_empty();
            if is_gone {
                continue;
            }
            if index <= self.body
                || disclaimer::start(self.text(index)) != Some(0)
                || !sentence::is_ended(self.text(index))
            {
                return;
            }
            self.cut(index, "disclaimer");
        }
    }
}

/// What stands around a name in the lines of an author's box.
const AROUND_NAMES: &[&str] = &[
    "avatar of ",
    "photo of ",
    "picture of ",
    "image of ",
    "portrait of ",
    "profile of ",
    "avatar von ",
    "foto von ",
    "avatar de ",
    "photo de ",
    "foto de ",
    "foto di ",
    "foto van ",
    "صورة ",
];

/// A name without what a page prints around it: `By`, the address of the author's site, what a portrait shows.
fn bare_name(line: &str) -> &str {
    let line = line.split("http").next().unwrap_or_default().trim_end_matches([' ', '(', '-', '–', '|', ':']);
    let line = AROUND_NAMES.iter().find_map(|around| byline::strip_folded(line, around)).unwrap_or(line);
    let line = line
        .trim_end_matches("'s avatar")
        .trim_end_matches("’s avatar")
        .trim_start_matches(['-', '–', '—', ' ']);
    byline::without_prefix(line).unwrap_or(line)
}

/// The name of a line that is a name twice: `Jane DoeJane Doe`.
fn glued_name(line: &str) -> Option<&str> {
    let line = line.trim();
    let middle = line.len() / 2;
    let first = line.get(..middle).map(str::trim_end)?;
    let second = line.strip_prefix(first)?.trim_start();
    (first == second && byline::is_name(first)).then_some(first)
}
