//! What an item says at length: its summary and its body.
//!
//! They are most of a feed's bytes, and need no more than to be unpacked. They do not go through feed-rs, for which they
//! would have to be written again and which would copy them as they are.

use super::markup::Kind;
use super::names::Field;
use super::repair::{Item, Reader};
use super::repairs::Repair;
use super::scan::Element;
use super::skeleton::Dialect;
use super::value::{self, Value};

/// What an item says at length.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Texts {
    pub summary: Option<Value>,
    pub body: Option<Value>,
}

impl Texts {
    /// The best that an item has of each. What is wrong with them is noted.
    pub fn of(reader: &mut Reader<'_>, item: &Item<'_>) -> Self {
        let mut of = |field| {
            let element = best(item, field)?;
            note_flaws(reader, element);
            value(reader, element)
        };
        Self { summary: of(Field::Summary), body: of(Field::Body) }
    }
}

/// The best witness of a field that says anything.
pub(super) fn best<'i, 'a>(item: &'i Item<'a>, wanted: Field) -> Option<&'i Element<'a>> {
    item.fields
        .iter()
        .filter(|(field, _, element)| *field == wanted && !value::is_blank(element))
        .min_by_key(|(_, rank, _)| *rank)
        .map(|(_, _, element)| element)
}

/// What an element says, as the dialect means it; `None` if that is no text.
pub(super) fn value(reader: &mut Reader<'_>, element: &Element<'_>) -> Option<Value> {
    let kind = element.tag.attribute("type").map(|kind| kind.trim().to_ascii_lowercase());
    if reader.dialect == Dialect::Rss && kind.is_none() {
        return Some(value::of_rss(element, &reader.entities));
    }
    if !value::is_known_type(&kind.unwrap_or_default()) {
        reader.repairs.add(Repair::UnknownType);
    }
    value::of_atom(element, &reader.entities)
}

/// Notes what is wrong with the text of an element, and says whether nothing is.
pub(super) fn note_flaws(reader: &mut Reader<'_>, element: &Element<'_>) -> bool {
    let mut is_flawless = !reader.repairs.add_tag(element.tag);
    for token in element.tokens() {
        let raw = &element.inner[token.range];
        is_flawless &= match token.kind {
            Kind::Text => !(reader.repairs.add_flaws(raw) || raw.contains('<')),
            Kind::Other => false,
            _ => true,
        };
    }
    if element.has_markup && reader.dialect == Dialect::Rss {
        reader.repairs.add(Repair::UnescapedHtml);
    }
    is_flawless
}
