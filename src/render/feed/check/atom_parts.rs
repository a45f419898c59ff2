//! Rules of what Atom's feeds and entries are made of: people, links, texts, content (RFC 4287 §3 and §4).

use std::collections::HashSet;

use super::tree::Element;
use super::value::{has_markup, is_absolute, is_address, is_base64, is_language, is_mailbox, is_media_type};
use super::{Findings, LANGUAGE, Rule};

const LINK: Rule = Rule::error("link", "Give it a href.");
const SAME_LINK: Rule =
    Rule::error("same-link", "Keep one alternate for each type and language, or tell them apart by these.");
const RELATIVE: Rule = Rule::warning("absolute-link", "Write the whole address, with https:// and host.");
const ADDRESS: Rule = Rule::error("address", "Percent-encode what an address cannot hold, spaces first.");
const MEDIA_TYPE: Rule = Rule::error("media-type", "Write a media type such as text/html.");
const PERSON: Rule = Rule::error("person", "Give each person one <name>, and at most one <uri> and <email>.");
const EMAIL: Rule = Rule::error("email", "Write the mail address alone: the name has an element of its own.");
const TYPE: Rule = Rule::error("text-type", "Use type=\"text\", \"html\" or \"xhtml\".");
const MARKUP: Rule = Rule::warning("undeclared-markup", "Say type=\"html\", or remove the markup.");
const DIV: Rule = Rule::error("xhtml-div", "Put all of it into one <div> of XHTML's namespace.");
const CHILDREN: Rule = Rule::error("unexpected-element", "Escape the markup, or say type=\"xhtml\".");
const ONE_CHILD: Rule = Rule::error("mixed-content", "Put one element into it, and no text beside it.");
const BASE64: Rule = Rule::error("base64", "Write the bytes in Base64.");
const SUMMARY: Rule = Rule::error("summary", "Add a <summary>: not every reader can show the content.");
const SRC: Rule = Rule::error("content-src", "Leave the element empty, or the attribute out.");

/// People: authors and contributors.
pub fn check_people(parent: &Element, findings: &mut Findings) {
    for person in
        parent.children.iter().filter(|one| matches!(&*one.name, "atom:author" | "atom:contributor"))
    {
        let has_name = person.text_of("atom:name").is_some_and(|name| !name.is_empty());
        let is_repeated =
            ["atom:name", "atom:uri", "atom:email"].iter().any(|part| person.all(part).count() > 1);
        if !has_name || is_repeated {
            findings.add(&PERSON, person.place(), "Readers cannot tell what the person is called.");
        }
        if let Some(uri) = person.child("atom:uri").filter(|uri| !is_address(&uri.text)) {
            findings.add(&ADDRESS, uri.place(), format!("{:?} is no address.", uri.text));
        }
        if let Some(email) = person.child("atom:email").filter(|email| !is_mailbox(&email.text)) {
            findings.add(&EMAIL, email.place(), format!("{:?} is no mail address.", email.text));
        }
    }
}

/// Links, and the other addresses that stand beside them.
pub fn check_addresses(parent: &Element, findings: &mut Findings) {
    let mut alternates = HashSet::new();
    for link in parent.all("atom:link") {
        check_link(link, findings);
        let is_alternate = matches!(link.attribute("rel"), None | Some("alternate"));
        if is_alternate && !alternates.insert((link.attribute("type"), link.attribute("hreflang"))) {
            findings.add(&SAME_LINK, link.place(), "Readers open one of them, nobody knows which.");
        }
    }
    for element in ["atom:icon", "atom:logo"].iter().filter_map(|name| parent.child(name)) {
        if !is_address(&element.text) {
            findings.add(&ADDRESS, element.place(), format!("{:?} is no address.", element.text));
        }
    }
    for category in parent.all("atom:category") {
        if let Some(scheme) = category.attribute("scheme").filter(|scheme| !is_absolute_address(scheme)) {
            findings.add(&ADDRESS, category.place(), format!("{scheme:?} is no absolute address."));
        }
    }
}

fn is_absolute_address(text: &str) -> bool {
    is_address(text) && is_absolute(text)
}

fn check_link(link: &Element, findings: &mut Findings) {
    match link.attribute("href") {
        None => findings.add(&LINK, link.place(), "The link leads nowhere."),
        Some(address) if !is_address(address) => {
            findings.add(&ADDRESS, link.place(), format!("{address:?} is no address."));
        }
        Some(address) if is_absolute(address) => {}
        Some(_) => findings.add(&RELATIVE, link.place(), "Readers resolve it in different ways."),
    }
    if let Some(kind) = link.attribute("type").filter(|kind| !is_media_type(kind)) {
        findings.add(&MEDIA_TYPE, link.place(), format!("{kind:?} is no media type."));
    }
    if let Some(language) = link.attribute("hreflang").filter(|language| !is_language(language)) {
        findings.add(&LANGUAGE, link.place(), format!("{language:?} is no language tag."));
    }
}

/// A title, subtitle, summary or the rights.
pub fn check_text(text: &Element, findings: &mut Findings) {
    match text.attribute("type").unwrap_or("text") {
        "xhtml" => check_div(text, findings),
        "text" | "html" if !text.children.is_empty() => {
            findings.add(&CHILDREN, text.place(), "Readers drop the elements, and what is in them.");
        }
        "text" if has_markup(&text.text) => {
            findings.add(&MARKUP, text.place(), "Readers show the tags as they stand.");
        }
        "text" | "html" => {}
        other => findings.add(&TYPE, text.place(), format!("{other:?} is no type of text.")),
    }
}

fn check_div(text: &Element, findings: &mut Findings) {
    let is_div = matches!(&text.children[..], [only] if only.name == "xhtml:div");
    if !is_div || !text.text.trim().is_empty() {
        findings.add(&DIV, text.place(), "Without it nobody knows where the XHTML begins.");
    }
}

/// An entry's content (§4.1.3).
pub fn check_content(entry: &Element, findings: &mut Findings) {
    let Some(content) = entry.child("atom:content") else { return };
    let kind = content.attribute("type").unwrap_or("text");
    let needs_summary = if let Some(source) = content.attribute("src") {
        check_source(content, source, findings);
        true
    } else {
        check_inline(content, kind, findings)
    };
    if needs_summary && entry.child("atom:summary").is_none() {
        findings.add(&SUMMARY, entry.place(), "Its content stands elsewhere, or is in Base64.");
    }
}

fn check_source(content: &Element, source: &str, findings: &mut Findings) {
    if !is_address(source) {
        findings.add(&ADDRESS, content.place(), format!("{source:?} is no address."));
    }
    if !content.children.is_empty() || !content.text.trim().is_empty() {
        findings.add(&SRC, content.place(), "Its content stands elsewhere, and here as well.");
    }
    if let Some(kind) = content.attribute("type").filter(|kind| !is_media_type(kind)) {
        findings.add(&MEDIA_TYPE, content.place(), format!("{kind:?} is no media type."));
    }
}

/// Checks content that stands in the entry, and tells whether it is in Base64.
fn check_inline(content: &Element, kind: &str, findings: &mut Findings) -> bool {
    let lower = kind.to_ascii_lowercase();
    if matches!(kind, "text" | "html" | "xhtml") {
        check_text(content, findings);
    } else if !is_media_type(kind) || lower.starts_with("multipart/") || lower.starts_with("message/") {
        findings.add(&MEDIA_TYPE, content.place(), format!("Content cannot be of the type {kind:?}."));
    } else if lower.ends_with("+xml") || lower.ends_with("/xml") {
        let is_one = content.children.len() == 1 && content.text.trim().is_empty();
        let is_escaped = content.children.is_empty();
        if !is_one && !is_escaped {
            findings.add(&ONE_CHILD, content.place(), "It is XML, and so has one root.");
        }
    } else if lower.starts_with("text/") {
        if !content.children.is_empty() {
            findings.add(&CHILDREN, content.place(), "Readers drop the elements, and what is in them.");
        }
    } else {
        if !is_base64(&content.text) || !content.children.is_empty() {
            findings.add(&BASE64, content.place(), "What is neither text nor XML is written in Base64.");
        }
        return true;
    }
    false
}
