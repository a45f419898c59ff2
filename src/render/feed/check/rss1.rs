//! Rules of RSS 1.0, which is RDF.

use super::tree::Element;
use super::value::{is_absolute, is_address};
use super::{Findings, Rule, rss_parts};

const REQUIRED: Rule = Rule::error("required-element", "Add the element.");
const REPEATED: Rule = Rule::error("repeated-element", "Keep one of them.");
const ABOUT: Rule = Rule::error("rdf-about", "Write the address of the thing into rdf:about.");
const RESOURCE: Rule = Rule::error("rdf-resource", "Write the address of the item into rdf:resource.");
const CHILDREN: Rule = Rule::error("unexpected-element", "Escape the markup.");

/// What each kind of node must have, once.
const NODES: &[(&str, &[&str])] = &[
    ("rss1:channel", &["rss1:title", "rss1:link", "rss1:description", "rss1:items"]),
    ("rss1:item", &["rss1:title", "rss1:link"]),
    ("rss1:image", &["rss1:title", "rss1:link", "rss1:url"]),
    ("rss1:textinput", &["rss1:title", "rss1:link", "rss1:description", "rss1:name"]),
];

/// Checks a document.
pub fn check(root: &Element, findings: &mut Findings) {
    if root.child("rss1:channel").is_none() {
        findings.add(&REQUIRED, root.place(), "There is no <channel>.");
    }
    for node in &root.children {
        if let Some((_, required)) = NODES.iter().find(|(name, _)| *name == node.name) {
            check_node(node, required, findings);
        }
    }
    for items in root.all("rss1:channel").flat_map(|channel| channel.all("rss1:items")) {
        check_sequence(items, findings);
    }
}

fn check_node(node: &Element, required: &[&str], findings: &mut Findings) {
    let is_name = |about: &str| is_address(about) && is_absolute(about) && !about.starts_with("http:///");
    if !node.attribute("rdf:about").is_some_and(is_name) {
        findings.add(&ABOUT, node.place(), "The node has no name, and nothing can refer to it.");
    }
    for name in required {
        let plain = name.trim_start_matches("rss1:");
        match node.all(name).count() {
            0 => findings.add(&REQUIRED, node.place(), format!("There is no <{plain}>.")),
            1 => {}
            _ => findings.add(&REPEATED, node.place(), format!("There is more than one <{plain}>.")),
        }
    }
    for text in node.children.iter().filter(|child| matches!(&*child.name, "rss1:title" | "rss1:description"))
    {
        if !text.children.is_empty() && text.attribute("rdf:parseType") != Some("Literal") {
            findings.add(&CHILDREN, text.place(), "RDF takes the elements in it for statements.");
        }
    }
    rss_parts::check_modules(node, findings);
}

fn check_sequence(items: &Element, findings: &mut Findings) {
    for entry in items.all("rdf:Seq").flat_map(|sequence| sequence.all("rdf:li")) {
        let resource = entry.attribute("rdf:resource").or_else(|| entry.attribute("resource"));
        if !resource.is_some_and(is_address) {
            findings.add(&RESOURCE, entry.place(), "The list does not say which item it means.");
        }
    }
}
