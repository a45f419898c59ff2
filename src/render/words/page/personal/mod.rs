//! The words of a reader's own data, and of the mails with one link that a reader asks for.

mod arabic;
mod english;
mod french;
mod german;
mod spanish;

pub(super) use arabic::WORDS as ARABIC;
pub(super) use english::WORDS as ENGLISH;
pub(super) use french::WORDS as FRENCH;
pub(super) use german::WORDS as GERMAN;
pub(super) use spanish::WORDS as SPANISH;

use super::{Asked, Said};
use crate::render::words::Sentence;

/// The fixed words of what a reader can do with their own data.
#[derive(Debug)]
pub struct PersonalWords {
    /// The heading of it.
    pub title: &'static str,
    /// Why a link is mailed first.
    pub by_mail: &'static str,
    /// The button that has it mailed.
    pub send_link: &'static str,
    /// Whose data it is; the place is the address.
    pub yours: Sentence,
    /// The button that has the data.
    pub download: &'static str,
    /// The field for a new address.
    pub new_address: &'static str,
    /// Its button.
    pub change: &'static str,
    /// The button that leads to erasure.
    pub erase: &'static str,
    /// Over the form for an address to which a link is mailed.
    pub link: Said,
    /// After it was sent, whoever sent it.
    pub link_asked: Said,
    /// For a link that is used or too old.
    pub over: Said,
    /// After a new address was given.
    pub change_asked: Said,
    /// Over the button that confirms it; the place is the new address.
    pub confirm: Asked,
    /// That button.
    pub confirm_button: &'static str,
    /// After it was pressed.
    pub changed: Said,
    /// For an address that cannot be had.
    pub taken: Said,
    /// Over the button that keeps the old address.
    pub keep: Said,
    /// That button.
    pub keep_button: &'static str,
    /// After it was pressed.
    pub kept: Said,
    /// Over the button that erases.
    pub erasing: Said,
    /// That button.
    pub erase_button: &'static str,
    /// After it was pressed.
    pub erased: Said,
    /// The mail with the link.
    pub link_mail: ErrandWords,
    /// The mail to a new address.
    pub new_mail: ErrandWords,
    /// The mail to the old one.
    pub old_mail: ErrandWords,
    /// Why such a mail came, at its foot; the place is the publication's title.
    pub why: Sentence,
}

/// The words of a mail with one link. The place in a sentence is the publication's title.
#[derive(Debug)]
pub struct ErrandWords {
    /// Subject and heading.
    pub subject: Sentence,
    /// What happened, and what to do.
    pub request: Sentence,
    /// The button.
    pub button: &'static str,
    /// What follows if nothing is done.
    pub otherwise: &'static str,
}
