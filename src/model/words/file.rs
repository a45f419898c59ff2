//! Message files, looked through: what is wrong with one, where, and what would be right.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use fluent_bundle::FluentArgs;
use fluent_syntax::ast::{Entry, Expression, Identifier, InlineExpression, Message, Pattern, PatternElement};
use fluent_syntax::parser;

use super::speech::Speech;

/// The keys that a message file may have, each with the names of what is given to its message.
pub(super) type Keys = BTreeMap<String, Vec<&'static str>>;

/// What is wrong at one place of a message file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where, in bytes.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: String,
}

/// A message file while it is looked through.
struct Check<'f> {
    text: &'f str,
    keys: &'f Keys,
    terms: BTreeSet<&'f str>,
    seen: BTreeSet<&'f str>,
    flaws: Vec<Flaw>,
}

/// What a pattern takes from elsewhere.
#[derive(Default)]
struct Used<'f> {
    variables: Vec<&'f Identifier<&'f str>>,
    messages: Vec<&'f Identifier<&'f str>>,
    terms: Vec<&'f Identifier<&'f str>>,
    functions: Vec<&'f Identifier<&'f str>>,
}

/// All that is wrong with the text of a message file, in its order, as far as can be told from it alone.
pub(super) fn check(text: &str, keys: &Keys) -> Vec<Flaw> {
    let (resource, errors) = match parser::parse(text) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let terms = resource.body.iter().filter_map(|entry| match entry {
        Entry::Term(term) => Some(term.id.name),
        _ => None,
    });
    let mut check = Check { text, keys, terms: terms.collect(), seen: BTreeSet::new(), flaws: Vec::new() };
    check.flaws.extend(errors.into_iter().map(|error| {
        Flaw {
            at: error.pos,
            message: format!("this is not Fluent: {}", error.kind),
            help:
                "a line is `key = words`; words that go on begin with a space; places are written { $name }"
                    .to_owned(),
        }
    }));
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => check.message(message),
            Entry::Term(term) => check.references(&Used::of(&term.value)),
            _ => {}
        }
    }
    check.flaws.sort_by_key(|flaw| flaw.at.start);
    check.flaws
}

/// What cannot be written of the messages of a file in its language: what only shows when it is tried.
pub(super) fn try_out(text: &str, keys: &Keys, speech: &Speech) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (key, at) in places(text) {
        let Some(variables) = keys.get(key) else { continue };
        let mut arguments = FluentArgs::new();
        for variable in variables {
            arguments.set(*variable, 1);
        }
        if let Err((_, why)) = speech.try_write(key, &arguments) {
            let help = "write the words without what it refers to".to_owned();
            flaws.push(Flaw { at, message: format!("`{key}` cannot be written: {why}"), help });
        }
    }
    flaws
}

/// The keys that none of the files has.
pub(super) fn lacking<'k>(texts: &[&str], keys: &'k Keys) -> Vec<&'k str> {
    let present: BTreeSet<&str> = texts.iter().flat_map(|text| places(text)).map(|(key, _)| key).collect();
    keys.keys().map(String::as_str).filter(|key| !present.contains(key)).collect()
}

/// The keys of a file, each with its place.
fn places(text: &str) -> Vec<(&str, Range<usize>)> {
    let (Ok(resource) | Err((resource, _))) = parser::parse(text);
    let mut places = Vec::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            places.push((message.id.name, place(text, message.id.name)));
        }
    }
    places
}

impl<'f> Check<'f> {
    fn message(&mut self, message: &'f Message<&'f str>) {
        let key = message.id.name;
        let Some(variables) = self.keys.get(key) else {
            return self.note(key, format!("there is no message `{key}`"), self.remedy(key));
        };
        if !self.seen.insert(key) {
            self.note(key, format!("`{key}` stands here twice"), "take one of the two away".to_owned());
        }
        if let Some(attribute) = message.attributes.first() {
            let help = "a message here is its words alone: take the line away".to_owned();
            self.note(attribute.id.name, format!("`{key}` has an attribute"), help);
        }
        let Some(pattern) = &message.value else { return };
        let used = Used::of(pattern);
        self.references(&used);
        self.variables(key, variables, &used);
    }

    fn variables(&mut self, key: &'f str, given: &[&str], used: &Used<'f>) {
        let choice = match given {
            [] => "nothing is put into it: write words alone".to_owned(),
            given => format!(
                "it is given {}",
                given.iter().map(|name| format!("{{ ${name} }}")).collect::<Vec<_>>().join(" and ")
            ),
        };
        for variable in used.variables.iter().filter(|variable| !given.contains(&variable.name)) {
            self.note(variable.name, format!("`{key}` is given no ${}", variable.name), choice.clone());
        }
        for name in given.iter().filter(|name| !used.variables.iter().any(|used| used.name == **name)) {
            self.note(
                key,
                format!("`{key}` leaves out ${name}"),
                format!("write {{ ${name} }} where it belongs"),
            );
        }
    }

    fn references(&mut self, used: &Used<'f>) {
        for message in &used.messages {
            let help = "write its words here, or give them a name of their own: -name = words, { -name }";
            self.note(
                message.name,
                format!("this refers to the message `{}`", message.name),
                help.to_owned(),
            );
        }
        for term in used.terms.iter().filter(|term| !self.terms.contains(term.name)).collect::<Vec<_>>() {
            let help = format!("write -{} = words in this file, or write the words here", term.name);
            self.note(term.name, format!("there is no -{} in this file", term.name), help);
        }
        for function in used.functions.iter().filter(|function| function.name != "NUMBER") {
            let help = "numbers are written as the language does by themselves: leave it out".to_owned();
            self.note(function.name, format!("there is no function {}", function.name), help);
        }
    }

    /// Notes what is wrong at a name, which is a part of the file's text.
    fn note(&mut self, name: &'f str, message: String, help: String) {
        self.flaws.push(Flaw { at: place(self.text, name), message, help });
    }

    fn remedy(&self, key: &str) -> String {
        let distance = |own: &&String| strsim::osa_distance(own, key);
        match self.keys.keys().min_by_key(distance).filter(|own| distance(own) <= key.len() / 3) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                "take the line away: `courant config words en` prints the messages that there are".to_owned()
            }
        }
    }
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

impl<'f> Used<'f> {
    fn of(pattern: &'f Pattern<&'f str>) -> Self {
        let mut used = Self::default();
        used.pattern(pattern);
        used
    }

    fn pattern(&mut self, pattern: &'f Pattern<&'f str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &'f Expression<&'f str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &'f InlineExpression<&'f str>) {
        match inline {
            InlineExpression::VariableReference { id } => self.variables.push(id),
            InlineExpression::MessageReference { id, .. } => self.messages.push(id),
            InlineExpression::TermReference { id, .. } => self.terms.push(id),
            InlineExpression::FunctionReference { id, arguments } => {
                self.functions.push(id);
                arguments.positional.iter().for_each(|argument| self.inline(argument));
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }
}
