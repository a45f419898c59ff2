//! One table of the file, read key by key.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::duration;
use super::problem::{Fault, Severity};
use super::suggest::{did_you_mean, nearest};
use super::text::Text;

/// A table of the file. Reading a key that is absent or wrong gives `None`; what is wrong is noted.
pub(super) struct Section<'d> {
    pub(super) document: &'d Document<'d>,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    name: String,
    keys: &'static [&'static str],
}

type Value<'d> = Spanned<DeValue<'d>>;

/// Which keys a table may have, by what is in it.
type KeysOf = fn(&DeTable<'_>) -> &'static [&'static str];

impl<'d> Section<'d> {
    /// The whole file, which may have these tables.
    pub(super) fn root(
        document: &'d Document<'d>,
        table: &'d DeTable<'d>,
        keys: &'static [&'static str],
    ) -> Self {
        let end = document.text.trim_end().len();
        Self { document, table, span: end..end, name: String::new(), keys }.checked()
    }

    /// The table under a key, which may have these keys.
    pub(super) fn section(&self, key: &str, keys: &'static [&'static str]) -> Option<Self> {
        let value = self.value(key)?;
        let name = format!("[{}]", self.path(key));
        match value.get_ref() {
            DeValue::Table(table) => {
                Some(Self { document: self.document, table, span: value.span(), name, keys }.checked())
            }
            other => {
                self.note(key, wrong_type("a table", other).help(format!("write its keys under {name}")));
                None
            }
        }
    }

    /// The name of the table under a key, without brackets.
    fn path(&self, key: &str) -> String {
        match self.name.trim_start_matches('[').split(']').next().unwrap_or_default() {
            "" => key.to_owned(),
            above => format!("{above}.{key}"),
        }
    }

    /// The table under a key, or, if there are several, the tables of its `[[key]]`.
    pub(super) fn table_or_tables(&self, key: &str, label: &str, keys: &'static [&'static str]) -> Vec<Self> {
        let Some(DeValue::Array(tables)) = self.value(key).map(Spanned::get_ref) else {
            return self.section(key, keys).into_iter().collect();
        };
        let element = |numbered| self.element(key, label, numbered, |_| keys);
        tables.iter().enumerate().filter_map(element).collect()
    }

    /// The tables of a `[[key]]`, each called by what stands under `label`; `keys` says which ones it may have.
    pub(super) fn sections(&self, key: &str, label: &str, keys: KeysOf) -> Vec<Self> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(tables) = value.get_ref() else {
            let name = self.path(key);
            self.note(key, Fault::new(format!("write [[{name}]] with two brackets: there may be several")));
            return Vec::new();
        };
        tables
            .iter()
            .enumerate()
            .filter_map(|(index, value)| self.element(key, label, (index, value), keys))
            .collect()
    }

    fn element(
        &self,
        key: &str,
        label: &str,
        (index, value): (usize, &'d Value<'d>),
        keys: impl Fn(&DeTable<'_>) -> &'static [&'static str],
    ) -> Option<Self> {
        let path = self.path(key);
        let DeValue::Table(table) = value.get_ref() else {
            let fault =
                wrong_type("a table", value.get_ref()).help(format!("write each under its own [[{path}]]"));
            self.document.note(Severity::Error, value.span(), format!("[[{path}]]"), fault);
            return None;
        };
        let called = table.get(label).and_then(|value| value.get_ref().as_str());
        let name = match called {
            Some(called) => format!("[[{path}]] {called:?}"),
            None => format!("[[{path}]] number {}", index + 1),
        };
        Some(Self { document: self.document, table, span: value.span(), name, keys: keys(table) }.checked())
    }

    /// What stands under `label` in each table of a `[[key]]`, as it is written.
    pub(super) fn labels(&self, key: &str, label: &str) -> Vec<&'d str> {
        let tables = self.value(key).and_then(|value| value.get_ref().as_array());
        let tables = tables.into_iter().flatten().filter_map(|value| value.get_ref().as_table());
        tables.filter_map(|table| table.get(label).and_then(|value| value.get_ref().as_str())).collect()
    }

    /// Notes every key that the table may not have. A text there may be a misplaced secret and is not shown.
    fn checked(self) -> Self {
        for (key, value) in self.table.iter().filter(|(key, _)| !self.keys.contains(&key.get_ref().as_ref()))
        {
            if value.get_ref().is_str() {
                self.document.hide(value.span());
            }
            let word: &str = key.get_ref();
            let shown: String = word.chars().take(64).collect();
            let fault = Fault::new(format!("there is no key `{shown}` here")).help(self.remedy(word));
            self.document.note_key(key.span(), self.name.clone(), fault);
        }
        self
    }

    /// What may have been meant by a key that the table has not.
    fn remedy(&self, key: &str) -> String {
        let elsewhere = || super::KEYS.iter().find(|(_, keys)| keys.contains(&key)).map(|(table, _)| table);
        match (nearest(key, self.keys.iter().copied()), elsewhere()) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, Some(table)) => format!("it is a key of {table}"),
            (None, None) => format!("the keys here are {}", self.keys.join(", ")),
        }
    }

    /// Whether the key is there, right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    fn value(&self, key: &str) -> Option<&'d Value<'d>> {
        debug_assert!(self.keys.contains(&key), "{key} is not among the keys of {}", self.name);
        self.table.get(key)
    }

    /// Notes an error about the value of a key, or about the table where the key is absent.
    pub(super) fn note(&self, key: &str, fault: Fault) {
        self.note_as(Severity::Error, key, fault);
    }

    /// Notes a warning about the value of a key.
    pub(super) fn warn(&self, key: &str, fault: Fault) {
        self.note_as(Severity::Warning, key, fault);
    }

    fn note_as(&self, severity: Severity, key: &str, fault: Fault) {
        let span = self.value(key).map_or_else(|| self.span.clone(), Spanned::span);
        self.document.note(severity, span, self.key_name(key), fault);
    }

    /// Notes that a key is missing, with a line that would be right.
    pub(super) fn note_missing(&self, key: &str, example: &str) {
        self.note_absent(Fault::new(format!("`{key}` is missing")).help(format!("write {example}")));
    }

    /// Notes that the table lacks something.
    pub(super) fn note_absent(&self, fault: Fault) {
        self.document.note_key(self.span.clone(), self.name.clone(), fault);
    }

    fn key_name(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}: {key}", self.name) }
    }

    /// A text.
    pub(super) fn text(&self, key: &str) -> Option<Text> {
        let value = self.value(key)?;
        self.noted(key, self.expanded(value))
    }

    /// A URL, in which a variable of the environment may stand for a password that holds any character.
    pub(super) fn url(&self, key: &str) -> Option<Text> {
        let value = self.value(key)?;
        let expand = |written: &str| self.document.environment.expand_url(written);
        self.noted(key, text(value, expand))
    }

    fn expanded(&self, value: &Value<'_>) -> Result<Text, Fault> {
        text(value, |written| self.document.environment.expand(written))
    }

    /// What a check makes of a text.
    pub(super) fn parsed<T>(&self, key: &str, check: impl FnOnce(&Text) -> Result<T, Fault>) -> Option<T> {
        let text = self.text(key)?;
        self.noted(key, check(&text))
    }

    /// What a check makes of a text that must be there; `example` is a line that would be right.
    pub(super) fn required<T>(
        &self,
        key: &str,
        example: &str,
        check: impl FnOnce(&Text) -> Result<T, Fault>,
    ) -> Option<T> {
        if !self.has(key) {
            self.note_missing(key, example);
        }
        self.parsed(key, check)
    }

    /// The texts of a list.
    pub(super) fn texts(&self, key: &str) -> Vec<Text> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(values) = value.get_ref() else {
            self.note(
                key,
                wrong_type("a list", value.get_ref()).help(format!("write {key} = [\"…\", \"…\"]")),
            );
            return Vec::new();
        };
        values.iter().filter_map(|value| self.noted_at(value.span(), key, self.expanded(value))).collect()
    }

    /// A whole number within a range.
    pub(super) fn number(&self, key: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.value(key)?;
        let between = format!("write a number from {} to {}, without quotes", range.start(), range.end());
        let DeValue::Integer(integer) = value.get_ref() else {
            self.note(key, wrong_type("a whole number", value.get_ref()).help(between));
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let outside = || Fault::new(format!("{integer} is not possible here")).help(between);
        self.noted(key, number.filter(|number| range.contains(number)).ok_or_else(outside))
    }

    /// True or false.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        let wrong =
            || wrong_type("true or false", value.get_ref()).help("write true or false, without quotes");
        self.noted(key, value.get_ref().as_bool().ok_or_else(wrong))
    }

    /// One of some words.
    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        self.parsed(key, |text| {
            let chosen = choices.iter().find(|(word, _)| *word == text.as_str());
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            chosen.map(|(_, choice)| *choice).ok_or_else(|| {
                Fault::new(format!("{} is not possible here", text.shown()))
                    .help(did_you_mean(&text.written, &words))
            })
        })
    }

    /// A duration within a range.
    pub(super) fn duration(&self, key: &str, range: RangeInclusive<Duration>) -> Option<Duration> {
        self.parsed(key, |text| {
            let written = duration::parse(text.as_str()).ok_or_else(|| {
                Fault::new(format!("{} is not a duration", text.shown()))
                    .help("write a number with its unit, such as \"90s\", \"15m\", \"6h\" or \"3d\"")
            })?;
            let (least, most) = (duration::written(*range.start()), duration::written(*range.end()));
            let outside = || {
                Fault::new(format!("{} is not possible here", text.shown()))
                    .help(format!("write a duration from {least} to {most}"))
            };
            range.contains(&written).then_some(written).ok_or_else(outside)
        })
    }

    /// Notes an error about one text of a list.
    pub(super) fn note_at(&self, text: &Text, key: &str, fault: Fault) {
        self.document.note(Severity::Error, text.span.clone(), self.key_name(key), fault);
    }

    fn noted<T>(&self, key: &str, outcome: Result<T, Fault>) -> Option<T> {
        outcome.map_err(|fault| self.note(key, fault)).ok()
    }

    /// Notes what is wrong with one element of a list.
    pub(super) fn noted_at<T>(&self, span: Range<usize>, key: &str, outcome: Result<T, Fault>) -> Option<T> {
        outcome.map_err(|fault| self.document.note(Severity::Error, span, self.key_name(key), fault)).ok()
    }
}

fn text(value: &Value<'_>, expand: impl FnOnce(&str) -> Result<String, Fault>) -> Result<Text, Fault> {
    let DeValue::String(written) = value.get_ref() else {
        return Err(wrong_type("a text", value.get_ref()).help("write it in quotes"));
    };
    Ok(Text { value: expand(written)?, written: written.to_string(), span: value.span() })
}

fn wrong_type(expected: &str, found: &DeValue<'_>) -> Fault {
    let found = match found {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Fault::new(format!("{found} stands where {expected} is needed"))
}
