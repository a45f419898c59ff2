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

    /// What its publisher can do.
    const fn remedy(self) -> &'static str {
        match self {
            Self::JunkBefore => "let nothing be printed before the <?xml",
            Self::NoVersion => "write <rss version=\"2.0\">",
            Self::BareAmpersand => "write &amp; for &, in addresses too",
            Self::ForeignEntity => "write the character itself, or its number such as &#160;",
            Self::IllegalReference | Self::IllegalCharacter => "take control characters out of the texts",
            Self::BadTag => "write name=\"value\" for each, with &quot; for a \" in it",
            Self::Unclosed => "close each element, and let a library write the XML",
            Self::UnescapedHtml => "escape it, or put it into <![CDATA[ and ]]>",
            Self::UnknownType => "write type=\"text\", \"html\" or \"xhtml\"",
            Self::StrangeDate => "write dates as RFC 3339 in Atom and RFC 822 in RSS",
            Self::CutOff | Self::CutOffItem => {
                "look for what ends the program that writes it, or the transfer"
            }
            Self::TooMany => "keep the newest hundred in the feed, older ones in an archive (RFC 5005)",
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
            notes.add(format!(
                "mended: {}{times}. Its publisher can mend it: {}",
                repair.words(),
                repair.remedy()
            ));
        }
    }
}
