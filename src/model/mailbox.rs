//! A name and an address, as From and Reply-To show them.

use std::str::FromStr;

use super::subscriber::EmailAddress;

/// Who a mail is from, or whom to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name that readers see.
    pub name: Option<String>,
    /// The address itself.
    pub address: EmailAddress,
}

/// Text that is not a mailbox.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mailbox: write name@example.org, or The Name <name@example.org>")]
pub struct InvalidMailbox;

impl FromStr for Mailbox {
    type Err = InvalidMailbox;

    /// Reads `address` and `name <address>`; the name may stand in double quotes.
    fn from_str(text: &str) -> Result<Self, InvalidMailbox> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(InvalidMailbox);
        }
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (unquote(name.trim()), address),
            None => (String::new(), text),
        };
        let address = address.parse().map_err(|_| InvalidMailbox)?;
        Ok(Self { name: Some(name).filter(|name| !name.is_empty()), address })
    }
}

fn unquote(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut is_escaped = false;
    let mut unquoted = inner.to_owned();
    unquoted.retain(|c| {
        is_escaped = c == '\\' && !is_escaped;
        !is_escaped
    });
    unquoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_an_address_with_or_without_a_name() {
        for (text, name) in [
            ("digest@example.org", None),
            ("<digest@example.org>", None),
            ("The Courier <digest@example.org>", Some("The Courier")),
            (r#""The \"Courier\", daily" <digest@example.org>"#, Some(r#"The "Courier", daily"#)),
            ("Zürcher Bote <digest@example.org>", Some("Zürcher Bote")),
        ] {
            let mailbox: Mailbox = text.parse().unwrap();
            assert_eq!((mailbox.name.as_deref(), mailbox.address.as_str()), (name, "digest@example.org"));
        }
    }

    #[test]
    fn what_could_break_a_header_is_not_a_mailbox() {
        for text in ["", "The Courier", "The\r\nBcc: x@example.org <digest@example.org>", "a <b@>", "a <b> c"]
        {
            assert_eq!(text.parse::<Mailbox>(), Err(InvalidMailbox), "{text:?}");
        }
    }
}
