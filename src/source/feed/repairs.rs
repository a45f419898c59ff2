//! What was wrong with a feed and mended, counted.

use super::markup::Tag;
use super::reference::flaws;
use crate::source::notes::Notes;

/// One thing that is wrong with a feed, as its publisher would be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    JunkBefore,
    NoVersion,
    BareAmpersand,
    ForeignEntity,
    IllegalReference,
    IllegalCharacter,
    BadTag,
    Unclosed,
    UnescapedHtml,
    UnknownType,
    StrangeDate,
    CutOff,
    CutOffItem,
    TooMany,
}

/// Repairs in the order in which each was first needed, and how often.
#[derive(Debug, Default)]
pub(super) struct Repairs(Vec<(Repair, usize)>);

impl Repair {
    const fn words(self) -> &'static str {
        match self {
            Self::JunkBefore => "text before the feed's first tag was left out",
            Self::NoVersion => "its <rss> names no version",
            Self::BareAmpersand => "an & is not written as &amp;",
            Self::ForeignEntity => "an entity is none of XML's, such as &nbsp;",
            Self::IllegalReference => "a number stands for a character that XML does not allow",
            Self::IllegalCharacter => "characters that XML does not allow were taken out",
            Self::BadTag => "a tag's attributes are not well-formed",
            Self::Unclosed => "an element is not closed",
            Self::UnescapedHtml => "HTML is not escaped",
            Self::UnknownType => "a text is of a type that Atom does not know",
            Self::StrangeDate => "a date cannot be read, or is absurd",
            Self::CutOff => "the end of the document is missing",
            Self::CutOffItem => "the last item was cut off and is left out",
            Self::TooMany => "it has more items than are read (5000): the rest is left out",
        }
    }
}

impl Repairs {
    pub fn add(&mut self, repair: Repair) {
        match self.0.iter_mut().find(|(known, _)| *known == repair) {
            Some((Repair::JunkBefore, _)) => {}
            Some((_, count)) => *count += 1,
            None => self.0.push((repair, 1)),
        }
    }

    /// Adds what is wrong with the references of a text, and says whether anything is that must be written again.
    pub fn add_flaws(&mut self, text: &str) -> bool {
        let flaws = flaws(text);
        for (is_there, repair) in [
            (flaws.is_bare, Repair::BareAmpersand),
            (flaws.is_foreign, Repair::ForeignEntity),
            (flaws.is_illegal, Repair::IllegalReference),
        ] {
            if is_there {
                self.add(repair);
            }
        }
        flaws.is_bare || flaws.is_illegal
    }

    /// Adds what is wrong with a tag, and says whether anything is.
    pub fn add_tag(&mut self, tag: Tag<'_>) -> bool {
        if !tag.is_well_formed() {
            self.add(Repair::BadTag);
            return true;
        }
        let flawed = tag.attributes().filter(|attribute| self.add_flaws(attribute.value)).count();
        flawed > 0
    }

    /// Says it all to the operator.
    pub fn tell(&self, notes: &mut Notes) {
        for (repair, count) in &self.0 {
            let times = if *count == 1 { String::new() } else { format!(" ({count} times)") };
            notes.add(format!("mended: {}{times}", repair.words()));
        }
    }
}
