//! A body's lines as the rules for furniture read them, and taken out again.

use std::ops::Range;

use dom_query::{Document, NodeRef};

use crate::extract::reading::{Block, Kind, Role};
use crate::extract::sentence;
use crate::extract::text::{clean, of_node};

use super::structure::{heading_level, is_one_of};

/// The blocks of a document in order, each with the element it is.
pub struct Blocks<'a> {
    nodes: Vec<NodeRef<'a>>,
    blocks: Vec<Block>,
}

/// Where a page's running text begins and ends, and how many characters it has.
#[derive(Debug)]
pub struct RunningText {
    range: Range<usize>,
    /// In characters, lines that are no paragraphs not counted.
    pub length: usize,
}

impl<'a> Blocks<'a> {
    /// The blocks of a document that [`super::prepare`] put in order.
    pub fn of(document: &'a Document) -> Self {
        let mut found = Self { nodes: Vec::new(), blocks: Vec::new() };
        found.collect(document.html_root());
        found
    }

    /// What the rules read.
    pub fn as_slice(&self) -> &[Block] {
        &self.blocks
    }

    /// Removes every block that is not the body's.
    pub fn keep_body(&self, roles: &[Role]) {
        for (node, role) in self.nodes.iter().zip(roles) {
            if *role != Role::Body {
                node.remove_from_parent();
            }
        }
    }

    /// The running text of a page, by its lines alone.
    pub fn running_text(&self, roles: &[Role]) -> RunningText {
        let is_text = |index: &usize| {
            let block = &self.blocks[*index];
            roles.get(*index) == Some(&Role::Body) && !block.is_linked && sentence::is_prose(&block.text)
        };
        let prose: Vec<usize> = (0..self.blocks.len()).filter(is_text).collect();
        let length = prose.iter().map(|index| self.blocks[*index].text.chars().count()).sum();
        let end = prose.last().map_or(0, |last| last + 1);
        RunningText { range: prose.first().copied().unwrap_or(0)..end, length }
    }

    /// Removes what is before and behind the running text, and lines within it that are nothing but links.
    pub fn keep_running_text(&self, text: &RunningText) {
        if text.range.is_empty() {
            return;
        }
        for (index, (node, block)) in self.nodes.iter().zip(&self.blocks).enumerate() {
            let is_list_of_links = block.is_linked && block.kind == Kind::Item;
            if !text.range.contains(&index) || is_list_of_links {
                node.remove_from_parent();
            }
        }
    }

    fn collect(&mut self, root: NodeRef<'a>) {
        let mut stack: Vec<NodeRef<'a>> = root.children_it(true).collect();
        while let Some(node) = stack.pop() {
            match kind(&node) {
                Some(kind) => self.push(node, kind),
                None => stack.extend(node.children_it(true)),
            }
        }
    }

    fn push(&mut self, node: NodeRef<'a>, kind: Kind) {
        let text = clean(&of_node(&node));
        let kind = if text.is_empty() { Kind::Fixed } else { kind };
        let is_linked = kind != Kind::Fixed && is_linked(&node);
        self.nodes.push(node);
        self.blocks.push(Block { text, kind, is_linked });
    }
}

fn kind(node: &NodeRef<'_>) -> Option<Kind> {
    if let Some(level) = heading_level(node) {
        return Some(Kind::Heading(level));
    }
    let name = node.node_name()?;
    match &*name {
        "p" | "summary" => Some(Kind::Paragraph),
        "dt" | "dd" | "li" if !holds_blocks(node) => Some(Kind::Item),
        "table" | "pre" | "figure" | "img" => Some(Kind::Fixed),
        _ => None,
    }
}

fn holds_blocks(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|child| {
        is_one_of(&child, &["p", "li", "table", "pre", "figure", "h1", "h2", "h3", "h4", "h5", "h6"])
    })
}

fn is_linked(node: &NodeRef<'_>) -> bool {
    let length = |node: &NodeRef<'_>| node.text().chars().filter(|c| c.is_alphanumeric()).count();
    let linked: usize = node.find(&["a"]).iter().map(length).sum();
    linked > 0 && linked >= length(node)
}
