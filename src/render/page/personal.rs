//! What the pages say about a reader's own data, and about the links that are mailed for it.

use crate::model::text::line;
use crate::model::words::{Said, Words};

/// What a page about a reader's own data has to say.
#[derive(Clone, Copy, Debug)]
pub enum Personal<'a> {
    /// A form for the address to which a link is mailed.
    Link,
    /// The form as it was filled, with what is no address.
    NoAddress(&'a str),
    /// It was taken.
    LinkAsked,
    /// A link that was used or is too old.
    Over,
    /// A new address was given.
    ChangeAsked,
    /// A button that confirms it: the address, and the link's token.
    Confirm(&'a str, &'a str),
    /// It was pressed.
    Changed,
    /// It was pressed too late: the address has become somebody's, or must not be mailed.
    Taken,
    /// A button that keeps the old address: the link's token.
    Keep(&'a str),
    /// It was pressed.
    Kept,
    /// A button that erases: the link's token.
    Erasing(&'a str),
    /// It was pressed.
    Erased,
    /// A button that keeps a newsletter: its title, and the link's token.
    Wanted(&'a str, &'a str),
    /// It was pressed.
    StillWanted,
}

/// A form for the address to which a link is mailed.
pub(super) struct LinkForm {
    pub address: String,
    pub is_refused: bool,
}

impl Personal<'_> {
    pub(super) fn said<'w>(&self, words: &'w Words) -> (String, &'w str) {
        let personal = &words.personal;
        let plain = |said: &'w Said| (said.title.clone(), said.text.as_str());
        match self {
            Self::Link | Self::NoAddress(_) => plain(&personal.link),
            Self::LinkAsked => plain(&personal.link_asked),
            Self::Over => plain(&personal.over),
            Self::ChangeAsked => plain(&personal.change_asked),
            Self::Confirm(address, _) => {
                (personal.confirm.title.with(&words.embed(address)), &personal.confirm.text)
            }
            Self::Changed => plain(&personal.changed),
            Self::Taken => plain(&personal.taken),
            Self::Keep(_) => plain(&personal.keep),
            Self::Kept => plain(&personal.kept),
            Self::Erasing(_) => plain(&personal.erasing),
            Self::Erased => plain(&personal.erased),
            Self::Wanted(title, _) => {
                (personal.wanted.title.with(&words.embed(&line(title))), &personal.wanted.text)
            }
            Self::StillWanted => plain(&personal.still_wanted),
        }
    }

    /// The form for a link, where there is one.
    pub(super) fn link_form(&self) -> Option<LinkForm> {
        match self {
            Self::Link | Self::Over => Some(LinkForm { address: String::new(), is_refused: false }),
            Self::NoAddress(text) => Some(LinkForm { address: line(text), is_refused: true }),
            _ => None,
        }
    }

    /// Where a button posts, what it is called, and what it posts.
    pub(super) fn button<'w>(&self, words: &'w Words) -> Option<(String, &'w str, Option<&'static str>)> {
        let personal = &words.personal;
        match self {
            Self::Confirm(_, token) => Some((format!("address/{token}"), &personal.confirm_button, None)),
            Self::Keep(token) => Some((format!("address/{token}"), &personal.keep_button, None)),
            Self::Wanted(_, token) => Some((format!("keep/{token}"), &personal.wanted_mail.button, None)),
            Self::Erasing(token) => {
                Some((format!("manage/{token}"), &personal.erase_button, Some("erase_all")))
            }
            _ => None,
        }
    }
}
