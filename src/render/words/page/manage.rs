//! The words of the page on which readers manage what they get.

use crate::render::words::Sentence;

/// The fixed words of the page on which readers manage what they get.
#[derive(Debug)]
pub struct ManageWords {
    /// The link to it.
    pub link: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What holds for all that is done on it.
    pub intro: &'static str,
    /// Over what is done to all newsletters at once.
    pub all: &'static str,
    /// A subscription that is active.
    pub active: &'static str,
    /// One that is paused; the place is the day from which on editions are sent again.
    pub paused: Sentence,
    /// One that waits to be confirmed.
    pub pending: &'static str,
    /// A newsletter that the reader has left.
    pub left: &'static str,
    /// One that they do not have.
    pub absent: &'static str,
    /// The field for the day from which on editions are sent again.
    pub until: &'static str,
    /// What a pause is.
    pub pause_hint: &'static str,
    /// The button that pauses one.
    pub pause: &'static str,
    /// The button that pauses all.
    pub pause_all: &'static str,
    /// The button that ends a pause.
    pub resume: &'static str,
    /// Under a field that holds no day on which a pause may end.
    pub bad_day: &'static str,
    /// The button that takes back a farewell.
    pub undo: &'static str,
    /// The field for why a reader has left.
    pub why: &'static str,
    /// Its button.
    pub why_send: &'static str,
    /// After it was pressed.
    pub thanks: &'static str,
    /// For who is never mailed.
    pub suppressed: &'static str,
}
