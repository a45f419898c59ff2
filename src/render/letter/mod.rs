//! What a mail says, apart from who gets it: the part that digests and confirmations share.

mod flow;
mod style;
mod wrap;

use askama::Template;

use crate::model::language::Direction;
use crate::model::publication::Publication;
use crate::model::text::line;
use crate::model::words::Words;

use super::accent::Accent;

pub(super) use flow::flow;
pub(super) use wrap::underline;

/// What a mail says: the same for all who get it, but for the [slots](crate::model::slot) in `html` and `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line, never empty.
    pub subject: String,
    /// What mail programs show beside the subject; hidden in the HTML.
    pub preheader: String,
    /// A whole document.
    pub html: String,
    /// The same for who reads text, in lines of at most 78 columns but for addresses.
    pub text: String,
}

/// Why a mail could not be rendered: a fault of the program, not of what it was given.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A template failed.
    #[error("cannot fill in the template of a mail")]
    Template(#[from] askama::Error),
    /// Its styles could not be put into its elements.
    #[error("cannot write the styles into the HTML of a mail")]
    Style(#[from] css_inline::InlineError),
}

/// What stands around the content of every mail.
pub(super) struct Frame<'a> {
    pub words: &'a Words,
    pub language: &'a str,
    pub direction: Direction,
    pub subject: String,
    pub preheader: String,
    pub accent: Accent,
    /// The publication's language, where it is not the newsletter's.
    pub publisher_language: Option<&'a str>,
    pub publisher_direction: Direction,
    pub footer: Option<String>,
    /// The postal address, line by line.
    pub address: Vec<String>,
}

impl<'a> Frame<'a> {
    pub fn new(publication: &'a Publication, language: &'a str, subject: String, preheader: String) -> Self {
        let address = publication.postal_address.as_deref().unwrap_or_default();
        Self {
            words: publication.words(language),
            language,
            direction: Direction::of_language(language),
            subject,
            preheader,
            publisher_language: Some(publication.language.as_str()).filter(|own| *own != language),
            publisher_direction: publication.direction(),
            accent: Accent::of(&publication.theme.accent),
            footer: publication.theme.footer.as_deref().map(line).filter(|footer| !footer.is_empty()),
            address: address.lines().map(line).filter(|line| !line.is_empty()).collect(),
        }
    }

    /// The mail that two templates make of their content in this frame.
    pub fn letter(&self, html: &impl Template, text: &impl Template) -> Result<Letter, Error> {
        Ok(Letter {
            subject: self.subject.clone(),
            preheader: self.preheader.clone(),
            html: style::inline(&html.render()?, &self.accent)?,
            text: wrap::wrap(&text.render()?),
        })
    }
}
