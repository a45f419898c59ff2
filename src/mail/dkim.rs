//! DKIM signatures (RFC 6376): relaxed/relaxed, over the whole body, and over every header that readers or mail
//! programs go by.
//!
//! Each covered header is named once more than it is there, so that nobody can add another one (§8.15). What is the
//! same for all subscribers is put into canonical form, and hashed as far as it goes, once for a mould. The body is
//! its own canonical form ([`transfer`](super::transfer)), so the letter is hashed as it goes out.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::mould::{Piece, Slots, fill, with_slots};
use crate::model::dkim::{Algorithm, CryptoFailed, Key, Signer};
use crate::model::time::Timestamp;

/// The headers that are covered, whether they are there or not. Feedback-ID is among them because providers count
/// complaints by it only where it is signed.
const COVERED: &[&str] = &[
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Archive",
    "List-Help",
    "List-Owner",
    "List-Post",
    "Feedback-ID",
];

/// The longest line that a header should have, without its line break.
const MAX_LINE: usize = 78;

/// The base64 of a SHA-256.
const HASH_SIZE: usize = 44;

/// What signs each message of a mould.
#[derive(Clone, Debug)]
pub(super) struct Signatures {
    /// The covered headers in canonical form.
    covered: Vec<Piece>,
    /// The hash of the body up to its first slot, and how many octets that are.
    begun: (Sha256, usize),
    each: Vec<Signature>,
}

/// One signer's header, up to where the body's hash goes.
#[derive(Clone, Debug)]
struct Signature {
    key: Key,
    written: String,
    canonical: String,
}

impl Signatures {
    /// For messages with this header, which has markers and ends with a line break, and this body.
    pub(super) fn new(header: &str, body: &[Piece], signers: &[Signer], at: Timestamp) -> Self {
        let (covered, names) = covered(header);
        let each = signers.iter().map(|signer| Signature::new(signer, &names, at)).collect();
        Self { covered: with_slots(&covered), begun: begun(body), each }
    }

    /// About how many octets they add to a message.
    pub(super) fn size(&self) -> usize {
        self.each.iter().map(|signature| signature.written.len() + HASH_SIZE + 400).sum()
    }

    /// Whether one of them takes longer than all the rest of sending: RSA takes some 300 µs, Ed25519 some 15.
    pub(super) fn are_slow(&self) -> bool {
        self.each.iter().any(|signature| signature.key.algorithm() == Algorithm::Rsa)
    }

    /// Puts the signatures before a message whose body begins at `body_at`.
    pub(super) fn sign(
        &self,
        slots: &Slots<'_>,
        body_at: usize,
        letter: &mut String,
    ) -> Result<(), CryptoFailed> {
        let (hash, hashed) = &self.begun;
        let hash = hash.clone().chain_update(&letter.as_bytes()[body_at + hashed..]).finalize();
        let hash = BASE64.encode(&hash);
        let mut covered = String::new();
        fill(&self.covered, slots, &mut covered);
        let mut headers = String::new();
        for signature in &self.each {
            signature.append_to(&mut headers, &mut covered, &hash)?;
        }
        letter.insert_str(0, &headers);
        Ok(())
    }
}

impl Signature {
    fn new(signer: &Signer, names: &[&str], at: Timestamp) -> Self {
        let tags = [
            "v=1;".to_owned(),
            format!("a={};", signer.key.algorithm().name()),
            "c=relaxed/relaxed;".to_owned(),
            format!("d={};", signer.domain),
            format!("s={};", signer.selector),
            format!("t={};", at.as_unix()),
        ];
        let mut written = "DKIM-Signature:".to_owned();
        for tag in tags {
            append_folded(&mut written, " ", &tag);
        }
        append_folded(&mut written, " ", &format!("h={}", names[0]));
        for name in &names[1..] {
            append_folded(&mut written, "", &format!(":{name}"));
        }
        written.push_str(";\r\n bh=");
        let canonical = canonical(&written);
        Self { key: signer.key.clone(), written, canonical }
    }

    /// Writes the header into `headers`; `covered` holds what it signs besides itself.
    fn append_to(&self, headers: &mut String, covered: &mut String, hash: &str) -> Result<(), CryptoFailed> {
        let others = covered.len();
        covered.extend([&self.canonical, hash, "; b="]);
        let signature = self.key.sign(covered.as_bytes());
        covered.truncate(others);
        headers.extend([&self.written, hash, ";\r\n b="]);
        let base64 = BASE64.encode(&signature?);
        let mut rest = base64.as_str();
        let mut room = MAX_LINE - " b=".len();
        while rest.len() > room {
            let (line, tail) = rest.split_at(room);
            headers.extend([line, "\r\n "]);
            rest = tail;
            room = MAX_LINE - " ".len();
        }
        headers.extend([rest, "\r\n"]);
        Ok(())
    }
}

/// Appends a word behind `blank`, or on a line of its own.
fn append_folded(line: &mut String, blank: &str, word: &str) {
    let column = line.len() - line.rfind('\n').map_or(0, |at| at + 1);
    let fits = column + blank.len() + word.len() < MAX_LINE;
    line.push_str(if fits { blank } else { "\r\n " });
    line.push_str(word);
}

/// The hash of the body up to its first slot, and how many octets that are.
fn begun(body: &[Piece]) -> (Sha256, usize) {
    match body.first() {
        Some(Piece::Fixed(text)) => (Sha256::new_with_prefix(text), text.len()),
        _ => (Sha256::new(), 0),
    }
}

/// The covered headers in canonical form, each with its line break, and the names for `h=`.
fn covered(header: &str) -> (String, Vec<&'static str>) {
    let fields = fields(header);
    let (mut text, mut names) = (String::new(), Vec::new());
    for name in COVERED {
        let is_it =
            |field: &&String| field.split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(name));
        // Of several with one name, the last is signed first (§5.4.2).
        for field in fields.iter().rev().filter(is_it) {
            text.extend([canonical(field).trim_end(), "\r\n"]);
            names.push(*name);
        }
        names.push(*name);
    }
    (text, names)
}

/// The fields of a header, each with the lines it is folded into.
fn fields(header: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in header.split("\r\n").filter(|line| !line.is_empty()) {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => field.extend(["\r\n", line]),
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

/// A header field in relaxed canonical form (RFC 6376 §3.4.2), without its line break.
fn canonical(field: &str) -> String {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    let words = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    let value: Vec<&str> = words.collect();
    format!("{}:{}", name.trim_end().to_ascii_lowercase(), value.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_made_canonical_as_the_rfc_s_example_is() {
        assert_eq!(canonical("A: X"), "a:X");
        assert_eq!(canonical("B : Y\t\r\n\tZ  "), "b:Y Z");
        assert_eq!(canonical("Subject:\r\n =?utf-8?q?x?="), "subject:=?utf-8?q?x?=");
    }

    #[test]
    fn every_covered_header_is_named_once_more_than_it_is_there() {
        let (text, names) = covered("From: a@b.example\r\nto: c\r\n d\r\nX: y\r\nTo: e\r\n");
        assert_eq!(text, "from:a@b.example\r\nto:e\r\nto:c d\r\n");
        assert_eq!(names[..6], ["From", "From", "To", "To", "To", "Reply-To"]);
        assert_eq!(names.len(), COVERED.len() + 3);
    }

    #[test]
    fn a_body_is_hashed_up_to_its_first_slot() {
        let body = with_slots("before\u{F0001}behind");
        assert_eq!(begun(&body).1, "before".len());
    }
}
