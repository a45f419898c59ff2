//! A page's lines read as a person reads them: which are the article, which are about it, which are furniture.
//!
//! Text and HTML come here as the same [`Block`]s, so that one set of rules serves both.

mod author;
mod end;
mod head;
mod headline;
mod places;

pub use headline::{is_same, without_site};

use crate::model::article::Cut;
use crate::model::time::Timestamp;

use super::dateline::{self, Facts};
use super::furniture::{self, Effect, Mark};
use super::{byline, date, sentence};

/// One line of a text, or one paragraph, heading or list item of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// What it says, on one line.
    pub text: String,
    /// How it was written.
    pub kind: Kind,
    /// Whether it is nothing but links, as the headlines of other articles are.
    pub is_linked: bool,
}

/// How a block was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A line of text, of which only its words tell what it is.
    #[default]
    Line,
    /// A paragraph.
    Paragraph,
    /// A heading of that level.
    Heading(u8),
    /// An item of a list.
    Item,
    /// What no rule judges by its words: a table, a picture, code.
    Fixed,
}

/// Where the blocks are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A text: a page as copied from a browser, perhaps.
    Text,
    /// The HTML of an article alone.
    Fragment,
    /// The HTML of a page.
    Page,
}

/// What is known about the article from elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its headline.
    pub title: Option<&'a str>,
    /// Its authors.
    pub authors: &'a [String],
    /// Whether its date is known.
    pub is_dated: bool,
    /// How its language writes dates.
    pub order: date::Order,
    /// Where its blocks are from.
    pub origin: Origin,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Part of the article.
    Body,
    /// Its headline.
    Title,
    /// About its author, for readers.
    Biography,
    /// No part of it, by this rule.
    Cut(&'static str),
}

/// What was read from the blocks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What each block is.
    pub roles: Vec<Role>,
    /// The headline, where it was not known.
    pub title: Option<String>,
    /// Who wrote it, by the page.
    pub authors: Vec<String>,
    /// About the author.
    pub biography: Option<String>,
    /// When it was published, by a line of the page.
    pub published: Option<Timestamp>,
    /// When it was last changed, by a line of the page.
    pub updated: Option<Timestamp>,
    /// The tags that the page lists.
    pub tags: Vec<String>,
    /// What was cut, in the page's order.
    pub cuts: Vec<Cut>,
}

/// How many blocks are read; of a longer body the rest goes the way of the last of them.
const MOST_BLOCKS: usize = 10_000;

/// Reads blocks.
pub fn read(blocks: &[Block], known: Known<'_>) -> Reading {
    let mut reader = Reader::new(&blocks[..blocks.len().min(MOST_BLOCKS)], known);
    reader.find_headline();
    reader.find_body();
    reader.read_head();
    reader.find_end();
    reader.read_author();
    reader.cut_foot();
    reader.cut_within();
    let rest = if reader.end < reader.blocks.len() { Role::Cut("after-article") } else { Role::Body };
    let mut reading = reader.finish();
    reading.roles.resize(blocks.len(), rest);
    reading
}

struct Reader<'a> {
    blocks: &'a [Block],
    known: Known<'a>,
    marks: Vec<Option<Mark>>,
    /// Which blocks are running text that no rule knows.
    prose: Vec<bool>,
    /// Which blocks end as a sentence does, long or short, so that they are no headlines.
    statements: Vec<bool>,
    /// Where a name stands twice, in order.
    signatures: Vec<usize>,
    roles: Vec<Role>,
    /// The block that is the headline.
    headline: Option<usize>,
    /// The first block of running text.
    body: usize,
    /// Behind the last block that may be the article's.
    end: usize,
    /// Where headlines of other articles begin, after which not even the author is looked for.
    limit: usize,
    /// What was cut off biographies, by block.
    disclaimers: Vec<(usize, String)>,
    reading: Reading,
}

impl<'a> Reader<'a> {
    fn new(blocks: &'a [Block], known: Known<'a>) -> Self {
        let marks = blocks.iter().map(|block| mark(block, known.origin)).collect();
        let mut reader = Self {
            blocks,
            known,
            marks,
            prose: Vec::new(),
            statements: Vec::new(),
            signatures: Vec::new(),
            roles: vec![Role::Body; blocks.len()],
            headline: None,
            body: 0,
            end: blocks.len(),
            limit: blocks.len(),
            disclaimers: Vec::new(),
            reading: Reading::default(),
        };
        reader.prose = (0..blocks.len()).map(|index| reader.may_be_text(index, sentence::is_prose)).collect();
        let is_statement = |index| reader.prose[index] || reader.may_be_text(index, sentence::is_statement);
        reader.statements = (0..blocks.len()).map(is_statement).collect();
        reader.signatures =
            (0..blocks.len()).filter(|index| reader.signature_length(*index).is_some()).collect();
        reader
    }

    fn text(&self, index: usize) -> &'a str {
        self.blocks.get(index).map_or("", |block| block.text.as_str())
    }

    fn cut(&mut self, index: usize, rule: &'static str) {
        self.roles[index] = Role::Cut(rule);
    }

    fn is_cut(&self, index: usize) -> bool {
        self.roles.get(index).is_some_and(|role| matches!(role, Role::Cut(_)))
    }

    fn effect(&self, index: usize) -> Option<Effect> {
        self.marks.get(index).copied().flatten().map(|mark| mark.effect)
    }

    fn may_be_text(&self, index: usize, is_text: fn(&str) -> bool) -> bool {
        let block = &self.blocks[index];
        let is_apart = matches!(block.kind, Kind::Heading(_) | Kind::Fixed) || block.is_linked;
        !is_apart && self.marks[index].is_none() && is_text(&block.text)
    }

    fn is_prose(&self, index: usize) -> bool {
        self.prose[index]
    }

    fn is_statement(&self, index: usize) -> bool {
        self.statements[index]
    }

    fn facts(&self, index: usize) -> Option<Facts> {
        dateline::read(self.text(index), self.known.order)
    }

    /// Takes over what a line says about the article; the page's first word counts.
    fn take(&mut self, facts: &Facts) {
        self.reading.published = self.reading.published.or(facts.published);
        self.reading.updated = self.reading.updated.or(facts.updated);
        self.add_authors(&facts.authors);
    }

    fn add_authors(&mut self, names: &[String]) {
        let all = self.reading.authors.iter().chain(names).map(String::as_str);
        self.reading.authors = byline::authors(all);
    }

    fn is_known_author(&self, text: &str) -> bool {
        let key = furniture::key(text);
        self.known.authors.iter().chain(&self.reading.authors).any(|author| furniture::key(author) == key)
    }

    /// Cuts what stands within the body: single lines, rows of networks, boxes of headlines.
    fn cut_within(&mut self) {
        let mut index = self.body;
        while index < self.end {
            let Some(mark) = self.marks[index].filter(|_| self.roles[index] == Role::Body) else {
                index += 1;
                continue;
            };
            match mark.effect {
                Effect::Company if !self.is_in_company(index, mark) => {}
                Effect::Line | Effect::Company | Effect::Author => self.cut(index, mark.rule),
                Effect::Box | Effect::Foot | Effect::Headlines | Effect::End => {
                    self.cut_box(index, mark.rule);
                }
            }
            index += 1;
        }
    }

    /// Cuts a label and the headlines after it, up to the next running text.
    fn cut_box(&mut self, label: usize, rule: &'static str) {
        const MOST: usize = 8;
        self.cut(label, rule);
        let last = self.end.min(label + 1 + MOST);
        for index in label + 1..last {
            let is_headline = self.blocks[index].is_linked || self.known.origin == Origin::Text;
            if !is_headline || self.is_statement(index) || self.marks[index].is_some() {
                break;
            }
            self.cut(index, rule);
        }
    }

    fn is_in_company(&self, index: usize, mark: Mark) -> bool {
        let is_furniture =
            |index: usize| self.is_cut(index) || self.marks.get(index).is_some_and(Option::is_some);
        mark.parts > 1 || is_furniture(index + 1) || index.checked_sub(1).is_some_and(is_furniture)
    }

    fn finish(mut self) -> Reading {
        self.reading.cuts = self.cuts();
        self.reading.roles = self.roles;
        self.reading
    }

    /// What was cut, neighbours of one rule as one.
    fn cuts(&self) -> Vec<Cut> {
        let mut cuts: Vec<Cut> = Vec::new();
        let mut previous = None;
        for (index, role) in self.roles.iter().enumerate() {
            let text = self.text(index);
            if let Role::Cut(rule) = role
                && !text.is_empty()
            {
                match cuts.last_mut().filter(|_| previous == Some(*rule)) {
                    Some(cut) if cut.text.len() < LONGEST_CUT * 4 => {
                        cut.text = format!("{} · {text}", cut.text);
                    }
                    Some(_) => {}
                    None => cuts.push(Cut { rule: (*rule).to_owned(), text: text.to_owned() }),
                }
            }
            let disclaimers = self.disclaimers.iter().filter(|(at, _)| *at == index);
            cuts.extend(
                disclaimers.map(|(_, text)| Cut { rule: "disclaimer".to_owned(), text: text.clone() }),
            );
            previous = if let Role::Cut(rule) = role { Some(*rule) } else { None };
        }
        cuts
    }
}

/// How much of what was cut is recorded, in characters.
pub const LONGEST_CUT: usize = 300;

fn mark(block: &Block, origin: Origin) -> Option<Mark> {
    if block.kind == Kind::Fixed || block.text.is_empty() {
        return None;
    }
    let credit = || {
        let is_credit = origin == Origin::Text && furniture::is_credit(&block.text);
        is_credit.then_some(Mark { rule: "picture-credit", effect: Effect::Line, parts: 1 })
    };
    furniture::label(&block.text).or_else(|| furniture::phrase(&block.text)).or_else(credit)
}
