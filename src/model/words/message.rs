//! Messages: what stands in a message file under one key, as a value that writes it.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};

use super::speech::Speech;

/// Something that stands in the message files under a key, or under several that begin alike.
pub(super) trait Entry: Sized {
    /// Takes it from a language. `variables` are the names of what is given to it, in the order in which its value is
    /// given them.
    fn read(reader: &mut Reader<'_>, key: &str, variables: &[&'static str]) -> Self;
}

/// Takes messages from a language, and knows which were asked for.
pub(super) struct Reader<'s> {
    pub speech: &'s Arc<Speech>,
    /// The keys that were asked for, each with its variables.
    pub wanted: Vec<(String, Vec<&'static str>)>,
}

/// A message that is given as many texts as it has variables.
#[derive(Debug)]
pub struct Sentence<const N: usize = 1> {
    speech: Arc<Speech>,
    key: String,
    variables: [&'static str; N],
}

/// A message that is given a number, and may have a form for each kind of number that its language tells apart.
#[derive(Debug)]
pub struct Count {
    speech: Arc<Speech>,
    key: String,
    variable: &'static str,
}

/// Declares a group of messages: a struct, in which a message is read by the name of its field, after the name of its
/// group. A field that nothing reads is a warning of the compiler, so that no message file has a message without a use.
macro_rules! messages {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty $(= $($variable:literal),+)?;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $(pub(crate) $field: $kind,)*
        }

        impl Entry for $name {
            fn read(reader: &mut Reader<'_>, key: &str, _: &[&'static str]) -> Self {
                Self {
                    $($field: <$kind>::read(reader, &joined(key, stringify!($field)), &[$($($variable),+)?]),)*
                }
            }
        }
    };
}

pub(super) use messages;

/// The key of a part: `page`, `no_address` → `page-no-address`.
pub(super) fn joined(key: &str, part: &str) -> String {
    let part = part.replace('_', "-");
    if key.is_empty() { part } else { format!("{key}-{part}") }
}

impl<'s> Reader<'s> {
    pub const fn new(speech: &'s Arc<Speech>) -> Self {
        Self { speech, wanted: Vec::new() }
    }

    fn want(&mut self, key: &str, variables: &[&'static str]) {
        self.wanted.push((key.to_owned(), variables.to_vec()));
    }
}

/// The language itself.
impl Entry for Arc<Speech> {
    fn read(reader: &mut Reader<'_>, _: &str, _: &[&'static str]) -> Self {
        Self::clone(reader.speech)
    }
}

impl Entry for String {
    fn read(reader: &mut Reader<'_>, key: &str, variables: &[&'static str]) -> Self {
        reader.want(key, variables);
        reader.speech.write(key, &FluentArgs::new())
    }
}

/// So many messages, numbered from 1.
impl<const N: usize> Entry for [String; N] {
    fn read(reader: &mut Reader<'_>, key: &str, variables: &[&'static str]) -> Self {
        std::array::from_fn(|index| String::read(reader, &joined(key, &(index + 1).to_string()), variables))
    }
}

impl<const N: usize> Entry for Sentence<N> {
    fn read(reader: &mut Reader<'_>, key: &str, variables: &[&'static str]) -> Self {
        reader.want(key, variables);
        let variables = std::array::from_fn(|index| variables[index]);
        Self { speech: Arc::clone(reader.speech), key: key.to_owned(), variables }
    }
}

impl Entry for Count {
    fn read(reader: &mut Reader<'_>, key: &str, variables: &[&'static str]) -> Self {
        reader.want(key, variables);
        Self { speech: Arc::clone(reader.speech), key: key.to_owned(), variable: variables[0] }
    }
}

impl<const N: usize> Sentence<N> {
    /// The message with these texts in it.
    pub fn with_all(&self, values: [&str; N]) -> String {
        let mut arguments = FluentArgs::with_capacity(N);
        for (variable, value) in self.variables.into_iter().zip(values) {
            arguments.set(variable, FluentValue::from(value));
        }
        self.speech.write(&self.key, &arguments)
    }
}

impl Sentence {
    /// The message with this text in it.
    pub fn with(&self, value: &str) -> String {
        self.with_all([value])
    }

    /// What stands before the text and after it.
    pub fn around(&self) -> (String, String) {
        let whole = self.with(PLACE);
        let (before, after) = whole.split_once(PLACE).unwrap_or((&whole, ""));
        (before.to_owned(), after.to_owned())
    }
}

/// Stands for a text; no message holds it.
const PLACE: &str = "\u{FFFC}";

impl Count {
    /// The message for a number.
    pub fn of(&self, number: usize) -> String {
        let mut arguments = FluentArgs::with_capacity(1);
        arguments.set(self.variable, FluentValue::from(number));
        self.speech.write(&self.key, &arguments)
    }
}
