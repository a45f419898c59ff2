//! One message for all subscribers, encoded once, with slots for what differs.
//!
//! Encoding a digest takes a thousand times longer than copying it. So it is done once for an edition, and one
//! subscriber's message is cut from the result: pieces that are the same for all, with the subscriber's own
//! words between them. Nothing is encoded again but the few octets of a slot that lies within base64.

use std::borrow::Cow;

use data_encoding::BASE64;

use super::dkim::Signatures;
use super::header::ascii_domain;
use super::transfer::{self, Encoded};
use crate::model::dkim::{CryptoFailed, Signer};
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;
use crate::model::{slot, token};

/// The line length of base64 (RFC 2045 §6.8).
pub(super) const BASE64_LINE: usize = 76;

/// What differs from subscriber to subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// The address, in the To header.
    To,
    /// The left side of the Message-ID.
    MessageId,
    /// The subscription's link token.
    Token,
    /// The token with which a private newsletter is opened.
    Reader,
}

/// What one subscriber's message has in its slots.
#[derive(Clone, Copy, Debug)]
pub struct Slots<'a> {
    /// Whom it is for.
    pub to: &'a EmailAddress,
    /// The left side of its Message-ID: the same on every attempt, and different for every delivery.
    pub message_id: &'a str,
    /// The subscription's link token. What stands for one in a sample is filled up to the length that all
    /// tokens have.
    pub token: &'a str,
    /// The token with which a private newsletter is opened, in the same way.
    pub reader: &'a str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The same for all.
    Fixed(String),
    /// One subscriber's own, as it is.
    Slot(Slot),
    /// Octets around at least one token, to be put in base64; they begin at this column of a line.
    Base64 { parts: Vec<Part>, column: usize },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Octets(Vec<u8>),
    /// One of the two tokens.
    Token(Slot),
}

/// A message with slots.
#[derive(Clone, Debug)]
pub struct Mould {
    /// The whole header with its markers, as signatures cover it.
    header: String,
    head: Vec<Piece>,
    body: Vec<Piece>,
    fixed_size: usize,
    signatures: Option<Signatures>,
}

/// A whole message, ready for the wire: lines end with CRLF and none begins with a dot, so that SMTP's
/// transparency (RFC 5321 §4.5.2) has nothing to do. Can be used again for the next one, to spare memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter(String);

/// Never part of an encoded text: quoted-printable has no `=_`, and base64 no `_` (RFC 2045 §6.7).
const BOUNDARY: &str = "=_courant_alternative";

impl Mould {
    /// A message of a header with markers ([`Message::head`](super::message::Message::head)), and of the two
    /// forms of its body, each encoded in the way that makes it smaller.
    pub fn cast(head: &str, text: &str, html: &str) -> Self {
        let header = format!(
            "{head}MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"{BOUNDARY}\"\r\n"
        );
        let mut pieces = Vec::new();
        for (kind, body) in [("plain", text), ("html", html)] {
            let Encoded { name, pieces: encoded } = transfer::encode(body);
            pieces.push(Piece::Fixed(format!(
                "--{BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\n\
                 Content-Transfer-Encoding: {name}\r\n\r\n"
            )));
            pieces.extend(encoded);
            pieces.push(Piece::Fixed("\r\n".to_owned()));
        }
        pieces.push(Piece::Fixed(format!("--{BOUNDARY}--\r\n")));
        let (head, body) = (merged(with_slots(&format!("{header}\r\n"))), merged(pieces));
        let fixed_size = head.iter().chain(&body).map(Piece::fixed_size).sum();
        Self { header, head, body, fixed_size, signatures: None }
    }

    /// The same with a DKIM signature by each of these signers, which says that it was made at `at`: the edition's
    /// time, so that it is the same on every attempt.
    #[must_use]
    pub fn signed_by(self, signers: &[Signer], at: Timestamp) -> Self {
        let signs = !signers.is_empty();
        let signatures = signs.then(|| Signatures::new(&self.header, &self.body, signers, at));
        Self { signatures, ..self }
    }

    /// About how many octets a message cut from it has.
    pub fn size(&self) -> usize {
        self.fixed_size + self.signatures.as_ref().map_or(0, Signatures::size)
    }

    /// Whether a signature takes longer than all the rest of sending.
    pub fn is_slow_to_sign(&self) -> bool {
        self.signatures.as_ref().is_some_and(Signatures::are_slow)
    }

    /// Puts one subscriber's message in the place of what `letter` held.
    ///
    /// # Errors
    /// If it cannot be signed. What `letter` then holds is not to be sent.
    pub fn cut(&self, slots: &Slots<'_>, letter: &mut Letter) -> Result<(), CryptoFailed> {
        let out = &mut letter.0;
        out.clear();
        out.reserve(self.size() + 512);
        fill(&self.head, slots, out);
        let body_at = out.len();
        fill(&self.body, slots, out);
        match &self.signatures {
            Some(signatures) => signatures.sign(slots, body_at, out),
            None => Ok(()),
        }
    }
}

impl Piece {
    fn fixed_size(&self) -> usize {
        match self {
            Self::Fixed(text) => text.len(),
            Self::Slot(_) | Self::Base64 { .. } => 80,
        }
    }
}

impl Letter {
    /// The message.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Puts a header before all others: one for the relay, which no signature covers, so that the relay may take it away.
    pub fn put_first(&mut self, name: &str, value: &str) {
        self.0.insert_str(0, &format!("{name}: {value}\r\n"));
    }

    /// The message.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Appends the pieces with one subscriber's own words between them.
pub(super) fn fill(pieces: &[Piece], slots: &Slots<'_>, out: &mut String) {
    let tokens = [fitted(slots.token), fitted(slots.reader)];
    for piece in pieces {
        match piece {
            Piece::Fixed(text) => out.push_str(text),
            Piece::Slot(Slot::To) => out.push_str(&ascii_domain(slots.to)),
            Piece::Slot(Slot::MessageId) => out.push_str(slots.message_id),
            Piece::Slot(Slot::Token) => out.push_str(&tokens[0]),
            Piece::Slot(Slot::Reader) => out.push_str(&tokens[1]),
            Piece::Base64 { parts, column } => append_base64(out, parts, *column, &tokens),
        }
    }
}

/// The pieces with those in one that are fixed and follow each other.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (Some(Piece::Fixed(last)), Piece::Fixed(text)) => last.push_str(&text),
            (_, piece) => merged.push(piece),
        }
    }
    merged
}

/// A header in pieces at its markers.
pub(super) fn with_slots(head: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = head;
    while let Some(at) = rest.find(slot::is_marker) {
        pieces.push(Piece::Fixed(rest[..at].to_owned()));
        let mut characters = rest[at..].chars();
        match characters.next() {
            Some(slot::TO) => pieces.push(Piece::Slot(Slot::To)),
            Some(slot::MESSAGE_ID) => pieces.push(Piece::Slot(Slot::MessageId)),
            Some(slot::TOKEN) => pieces.push(Piece::Slot(Slot::Token)),
            Some(slot::READER) => pieces.push(Piece::Slot(Slot::Reader)),
            _ => {}
        }
        rest = characters.as_str();
    }
    pieces.push(Piece::Fixed(rest.to_owned()));
    pieces
}

/// Base64 was laid out for tokens of one length.
fn fitted(token: &str) -> Cow<'_, str> {
    match token.len() {
        token::LENGTH => Cow::Borrowed(token),
        _ => Cow::Owned(format!("{token:-<width$.width$}", width = token::LENGTH)),
    }
}

fn append_base64(out: &mut String, parts: &[Part], mut column: usize, tokens: &[Cow<'_, str>; 2]) {
    let mut octets = Vec::with_capacity(token::LENGTH + 8);
    for part in parts {
        match part {
            Part::Octets(own) => octets.extend_from_slice(own),
            Part::Token(slot) => {
                octets.extend_from_slice(tokens[usize::from(*slot == Slot::Reader)].as_bytes());
            }
        }
    }
    append_lines(out, &BASE64.encode(&octets), &mut column);
}

/// Appends base64 in lines; `column` is where the first one stands, and then where the last one ends.
pub(super) fn append_lines(out: &mut String, base64: &str, column: &mut usize) {
    let mut rest = base64;
    while !rest.is_empty() {
        if *column == BASE64_LINE {
            out.push_str("\r\n");
            *column = 0;
        }
        let (line, tail) = rest.split_at(rest.len().min(BASE64_LINE - *column));
        out.push_str(line);
        *column += line.len();
        rest = tail;
    }
}
