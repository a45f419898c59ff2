//! A language as it is spoken here: its message files one over the other, and how it writes numbers.

use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::figures::Figures;

/// The messages of a language.
pub(crate) struct Speech {
    /// BCP 47 tag.
    pub language: String,
    /// How it writes numbers.
    pub figures: Figures,
    bundle: FluentBundle<Arc<FluentResource>>,
}

impl fmt::Debug for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.language)
    }
}

impl Speech {
    /// A language with these files, of which each takes the place of what those before it say.
    ///
    /// Fluent's marks around what is put into a message are left out: they would land in subjects, headers and JSON.
    /// Who puts a text into a line of a page says which way it runs ([`embed`](super::Words::embed)).
    pub fn new(language: &str, files: &[Arc<FluentResource>]) -> Self {
        let figures = Figures::of(language);
        let primary = language.split('-').next().unwrap_or_default();
        let locale = language.parse().or_else(|_| primary.parse()).unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match figures {
            Figures::Comma => |value, _| written(value, Figures::Comma),
            Figures::Dot => |value, _| written(value, Figures::Dot),
            Figures::LateDot => |value, _| written(value, Figures::LateDot),
            Figures::Space => |value, _| written(value, Figures::Space),
            Figures::Arabic => |value, _| written(value, Figures::Arabic),
            Figures::Persian => |value, _| written(value, Figures::Persian),
        }));
        for file in files {
            bundle.add_resource_overriding(Arc::clone(file));
        }
        Self { language: language.to_owned(), figures, bundle }
    }

    /// A message; empty if there is none, which [`check`](super::file::check) and the tests of the built-in files tell.
    pub fn write(&self, key: &str, arguments: &FluentArgs<'_>) -> String {
        self.try_write(key, arguments).unwrap_or_else(|(written, _)| written)
    }

    /// A message; what could be written of it, and why the rest could not.
    pub fn try_write(&self, key: &str, arguments: &FluentArgs<'_>) -> Result<String, (String, String)> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return Err((String::new(), "there is no such message".to_owned()));
        };
        let mut errors = Vec::new();
        let written = self.bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
        match errors.first() {
            Some(error) => Err((written, error.to_string())),
            None => Ok(written),
        }
    }
}

/// A number as the language writes it.
fn written(value: &FluentValue<'_>, figures: Figures) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(figures.grouped(&number.as_string())),
        _ => None,
    }
}
