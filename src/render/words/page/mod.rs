//! The fixed words of the pages.

mod arabic;
mod english;
mod french;
mod german;
mod manage;
mod personal;
mod spanish;

pub(super) use arabic::WORDS as ARABIC;
pub(super) use english::WORDS as ENGLISH;
pub(super) use french::WORDS as FRENCH;
pub(super) use german::WORDS as GERMAN;
pub(super) use spanish::WORDS as SPANISH;

pub use manage::ManageWords;
pub use personal::{ErrandWords, PersonalWords};

use super::Sentence;

/// The fixed words of the pages in one language.
#[derive(Debug)]
pub struct PageWords {
    /// The link past head and navigation.
    pub skip: &'static str,
    /// What the links at the head are.
    pub navigation: &'static str,
    /// The link to the front page.
    pub front: &'static str,
    /// The link to what can be subscribed to.
    pub newsletters: &'static str,
    /// What one of them is.
    pub newsletter: &'static str,
    /// What a tag is.
    pub section: &'static str,
    /// An article's tags.
    pub sections: &'static str,
    /// Where there is no article yet.
    pub nothing: &'static str,
    /// The list of editions.
    pub editions: &'static str,
    /// Where there is no edition yet.
    pub no_edition: &'static str,
    /// The edition before.
    pub previous: &'static str,
    /// The edition after.
    pub next: &'static str,
    /// The title of a feed of editions; the place is the newsletter's title.
    pub editions_of: Sentence,
    /// The links to the feeds of something.
    pub feeds_of: Sentence,
    /// What a feed is.
    pub feed: &'static str,
    /// What that is, for who has not met one.
    pub feed_meaning: &'static str,
    /// What to do with the address that follows.
    pub feed_use: &'static str,
    /// Over the address of a feed.
    pub feed_address: &'static str,
    /// Before the links to a feed in its other formats.
    pub feed_formats: &'static str,
    /// Over the entries of a feed.
    pub newest: &'static str,
    /// The link to older entries.
    pub older: &'static str,
    /// The link to newer entries.
    pub newer: &'static str,
    /// The link to the list of all feeds.
    pub all_feeds: &'static str,
    /// When an article was last changed.
    pub changed: Sentence,
    /// Over an author's biography.
    pub author: &'static str,
    /// The link to the article on the publication's own site; the place is the site's host.
    pub origin: Sentence,
    /// Over the form; the place is a newsletter's title.
    pub subscribe_to: Sentence,
    /// Over the choice of newsletters.
    pub choose: &'static str,
    /// The field for the address.
    pub address: &'static str,
    /// The button of the form.
    pub subscribe: &'static str,
    /// What happens after it is pressed.
    pub promise: &'static str,
    /// Under a field that holds no address.
    pub no_address: &'static str,
    /// Under a form without a newsletter.
    pub no_choice: &'static str,
    /// After the form was sent, whoever sent it.
    pub asked: Said,
    /// Over the button that confirms. The place is what is subscribed to.
    pub confirm: Asked,
    /// After it was pressed.
    pub confirmed: Said,
    /// Over the button that unsubscribes. The place is the newsletter's title.
    pub leave: Asked,
    /// After it was pressed; the place is the newsletter's title.
    pub left: Asked,
    /// For a link that was cut or made up.
    pub bad_link: Said,
    /// For an address where nothing is.
    pub not_found: Said,
    /// For something that was there once.
    pub gone: Said,
    /// For an article that has been retracted.
    pub withdrawn: Said,
    /// For a request that cannot be understood.
    pub bad_request: Said,
    /// For words that cannot be searched for; the reason follows, in English.
    pub unsearchable: Said,
    /// For a request with a condition that does not hold.
    pub not_as_wanted: Said,
    /// For who asks too often.
    pub too_many: Said,
    /// For a fault of ours.
    pub failed: Said,
    /// For when too many ask at once.
    pub busy: Said,
    /// The page on which readers manage what they get.
    pub manage: ManageWords,
    /// What readers do with their own data.
    pub personal: PersonalWords,
}

/// A heading and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// The heading.
    pub title: &'static str,
    /// One sentence or two.
    pub text: &'static str,
}

/// A heading with a place, and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The heading.
    pub title: Sentence,
    /// One sentence or two.
    pub text: &'static str,
}
