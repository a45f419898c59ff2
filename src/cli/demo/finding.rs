//! What the demo checks: that what arrived is what was meant, and nothing besides.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::content::Piece;
use crate::mail::inbox::Received;

/// One thing that was meant, and what there was.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was meant.
    pub what: String,
    /// What there was.
    pub found: String,
    /// Whether it is so.
    pub is_so: bool,
}

impl Finding {
    /// It is so if nothing is wrong; else the first few things that are wrong are named.
    pub fn of(what: impl Into<String>, found: impl Into<String>, wrong: &[String]) -> Self {
        let found = if wrong.is_empty() { found.into() } else { wrong[..wrong.len().min(3)].join("; ") };
        Self { what: what.into(), found, is_so: wrong.is_empty() }
    }
}

/// A mail that is a digest of this newsletter.
pub fn is_digest_of(mail: &Received, newsletter: &str) -> bool {
    mail.header("List-Id").contains(&format!("<{newsletter}."))
}

/// Whether each of these addresses, and no other, got one mail.
pub fn once_each<'m>(
    what: &str,
    mails: impl IntoIterator<Item = &'m Arc<Received>>,
    expected: &[&str],
) -> Finding {
    let mut counts: BTreeMap<&str, usize> = expected.iter().map(|address| (*address, 0)).collect();
    let mut wrong = Vec::new();
    for mail in mails {
        let [to] = mail.to.as_slice() else {
            wrong.push("a mail has several recipients".to_owned());
            continue;
        };
        match counts.get_mut(to.as_str()) {
            Some(count) => *count += 1,
            None => wrong.push(format!("{to} got a mail")),
        }
    }
    let not_once = counts.iter().filter(|(_, count)| **count != 1);
    wrong.extend(not_once.map(|(address, count)| format!("{address} got {count} mails")));
    Finding::of(what, format!("{} mails to {} people", expected.len(), expected.len()), &wrong)
}

/// Whether each piece stands in exactly one of the digests, which are one reader's of one newsletter.
pub fn each_in_one(what: &str, digests: &[Arc<Received>], pieces: &[&Piece]) -> Finding {
    let texts: Vec<String> = digests.iter().map(|digest| words(&digest.read().text)).collect();
    let mut wrong = Vec::new();
    for piece in pieces {
        let title = words(&piece.front.title);
        let count = texts.iter().filter(|text| text.contains(&title)).count();
        if count != 1 {
            wrong.push(format!("{:?} stands in {count}", piece.front.title));
        }
    }
    let plural = if digests.len() == 1 { "" } else { "s" };
    Finding::of(what, format!("{} articles in {} edition{plural}", pieces.len(), digests.len()), &wrong)
}

/// The text with every run of white space as one space: lines are broken where a mail wants them to be.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &[&str], text: &str) -> Arc<Received> {
        let bytes = format!("Subject: s\r\nList-Id: \"D\" <daily.localhost>\r\n\r\n{text}\r\n").into_bytes();
        let to = to.iter().map(|address| (*address).to_owned()).collect();
        Arc::new(Received { from: String::new(), to, bytes, is_answered: true })
    }

    #[test]
    fn one_mail_for_each_and_none_for_anybody_else_is_as_it_should_be() {
        let (ada, bob) = (mail(&["ada@x.org"], ""), mail(&["bob@x.org"], ""));
        let expected = ["ada@x.org", "bob@x.org"];
        assert!(once_each("w", [&ada, &bob], &expected).is_so);
        assert!(!once_each("w", [&ada], &expected).is_so);
        assert!(!once_each("w", [&ada, &bob, &bob], &expected).is_so);
        assert!(!once_each("w", [&ada, &bob, &mail(&["eve@x.org"], "")], &expected).is_so);
        assert!(!once_each("w", [&ada, &mail(&["bob@x.org", "ada@x.org"], "")], &expected).is_so);
    }

    #[test]
    fn an_article_in_two_editions_or_in_none_is_found() {
        let pieces = super::super::content::wire().unwrap();
        let piece = &pieces[0];
        let with =
            mail(&["a@x.org"], &format!("Before\r\n{}\r\nafter", piece.front.title.replacen(' ', "\r\n", 1)));
        let without = mail(&["a@x.org"], "nothing");
        assert!(each_in_one("w", &[Arc::clone(&with), Arc::clone(&without)], &[piece]).is_so);
        assert!(!each_in_one("w", &[Arc::clone(&without)], &[piece]).is_so);
        assert!(!each_in_one("w", &[Arc::clone(&with), with], &[piece]).is_so);
        assert!(is_digest_of(&without, "daily") && !is_digest_of(&without, "weekly"));
    }
}
