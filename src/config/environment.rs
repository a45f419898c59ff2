//! The environment, and the `${NAME}` in a value that stands for one of its variables.

use std::collections::HashMap;
use std::ffi::OsString;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::problem::Fault;

/// What a URL's user, password or query cannot hold as it is.
const RESERVED_IN_URLS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The variables that a configuration may name.
#[derive(Clone, Default)]
pub struct Environment(HashMap<OsString, OsString>);

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// These variables and no others.
    pub fn of(variables: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The text with each `${NAME}` replaced by that variable; `$${` stands for `${` itself.
    pub(super) fn expand(&self, written: &str) -> Result<String, Fault> {
        self.replace(written, str::to_owned)
    }

    /// The same for a URL: what a variable holds is escaped, so that a password may hold any character. A URL
    /// that is one variable and nothing else is taken as it is.
    pub(super) fn expand_url(&self, written: &str) -> Result<String, Fault> {
        let is_whole = written.starts_with("${") && written.find('}') == Some(written.len() - 1);
        if is_whole {
            return self.expand(written);
        }
        self.replace(written, |value| utf8_percent_encode(value, RESERVED_IN_URLS).to_string())
    }

    fn replace(&self, written: &str, encode: impl Fn(&str) -> String) -> Result<String, Fault> {
        let mut expanded = String::with_capacity(written.len());
        let mut rest = written;
        while let Some(start) = rest.find("${") {
            let (before, after) = (&rest[..start], &rest[start + 2..]);
            if let Some(escaped) = before.strip_suffix('$') {
                expanded.push_str(escaped);
                expanded.push_str("${");
                rest = after;
                continue;
            }
            let (name, following) = after.split_once('}').ok_or_else(unclosed)?;
            expanded.push_str(before);
            expanded.push_str(&encode(self.variable(name)?));
            rest = following;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    fn variable(&self, name: &str) -> Result<&str, Fault> {
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name {
            return Err(Fault::new(
                "`${…}` must hold the name of an environment variable: letters, digits and `_`",
            )
            .help("a literal `${` is written `$${`"));
        }
        let value = self.0.get(&OsString::from(name)).ok_or_else(|| {
            Fault::new(format!("the environment has no variable {name}"))
                .help(format!("set {name} where Courant is started; a literal `${{` is written `$${{`"))
        })?;
        value.to_str().ok_or_else(|| Fault::new(format!("the environment variable {name} is not UTF-8")))
    }
}

fn unclosed() -> Fault {
    Fault::new("`${` without its `}`").help("a literal `${` is written `$${`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_put_where_its_name_stands() {
        let environment = Environment::of([("NAME", "a b"), ("EMPTY", ""), ("DOLLAR", "${NAME}")]);
        for (written, expected) in [
            ("plain", "plain"),
            ("<${NAME}>${EMPTY}.", "<a b>."),
            ("$${NAME} costs $5", "${NAME} costs $5"),
            ("${DOLLAR}", "${NAME}"),
        ] {
            assert_eq!(environment.expand(written).unwrap(), expected, "{written}");
        }
    }

    #[test]
    fn a_variable_in_a_url_is_escaped_unless_it_is_the_whole_url() {
        let environment = Environment::of([("PASSWORD", "p@ss/w:rd%"), ("URL", "smtp://u:p@h")]);
        for (written, expected) in [
            ("smtp://u:${PASSWORD}@h", "smtp://u:p%40ss%2Fw%3Ard%25@h"),
            ("${URL}", "smtp://u:p@h"),
            ("${URL}?tls=none", "smtp%3A%2F%2Fu%3Ap%40h?tls=none"),
        ] {
            assert_eq!(environment.expand_url(written).unwrap(), expected, "{written}");
        }
    }

    #[test]
    fn a_variable_that_cannot_be_is_an_error_that_names_it() {
        for (written, expected) in [
            ("${MISSING}", "the environment has no variable MISSING"),
            ("${no name}", "`${…}` must hold the name"),
            ("${}", "`${…}` must hold the name"),
            ("x ${OPEN", "`${` without its `}`"),
        ] {
            let fault = Environment::default().expand(written).unwrap_err();
            assert!(fault.message.starts_with(expected), "{written}: {}", fault.message);
        }
    }
}
