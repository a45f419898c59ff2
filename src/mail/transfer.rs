//! Transfer encodings (RFC 2045 §6): a text as short lines of ASCII, with the places of its slots kept.
//!
//! Quoted-printable is written so that the body is its own relaxed canonical form (RFC 6376 §3.4.4) and needs
//! no dot-stuffing: whoever signs or sends it has nothing left to change.

use data_encoding::BASE64;

use super::mould::{Part, Piece, Slot, append_lines};
use crate::model::slot;
use crate::model::token;

/// The longest line of quoted-printable, without the `=` of a soft line break.
const QUOTED_LINE: usize = 75;

/// A text in the encoding that makes it smaller.
pub(super) struct Encoded {
    /// What Content-Transfer-Encoding says.
    pub(super) name: &'static str,
    /// The text, without a line break at its end.
    pub(super) pieces: Vec<Piece>,
}

/// What a text is made of, as far as an encoding cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Atom {
    Char(char),
    LineBreak,
    Token(Slot),
}

pub(super) fn encode(text: &str) -> Encoded {
    let atoms = atoms(text);
    let quoted = quoted_printable(&atoms);
    let base64 = base64(&atoms);
    if size(&base64) < size(&quoted) {
        Encoded { name: "base64", pieces: base64 }
    } else {
        Encoded { name: "quoted-printable", pieces: quoted }
    }
}

fn size(pieces: &[Piece]) -> usize {
    let sizes = pieces.iter().map(|piece| match piece {
        Piece::Fixed(text) => text.len(),
        Piece::Slot(_) => token::LENGTH,
        Piece::Base64 { parts, .. } => parts.len() * token::LENGTH,
    });
    sizes.sum()
}

/// The text without what no mail may hold: control characters but tabs, and markers that are no slot of a body.
fn atoms(text: &str) -> Vec<Atom> {
    let mut atoms = Vec::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\n' => atoms.push(Atom::LineBreak),
            slot::TOKEN => atoms.push(Atom::Token(Slot::Token)),
            slot::READER => atoms.push(Atom::Token(Slot::Reader)),
            '\t' => atoms.push(Atom::Char('\t')),
            c if c.is_control() || slot::is_marker(c) => {}
            c => atoms.push(Atom::Char(c)),
        }
    }
    atoms
}

/// Each octet as two hexadecimal digits behind a mark: `=` in mails, `%` in URLs.
pub(super) fn append_hex(out: &mut String, mark: char, octets: &[u8]) {
    for octet in octets {
        out.push(mark);
        for digit in [octet >> 4, octet & 15] {
            out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
        }
    }
}

fn quoted_printable(atoms: &[Atom]) -> Vec<Piece> {
    let mut writer = Quoted::default();
    for (index, atom) in atoms.iter().enumerate() {
        match atom {
            Atom::LineBreak => writer.break_line("\r\n"),
            Atom::Token(slot) => writer.token(*slot),
            Atom::Char(character) => writer.character(*character, &atoms[index + 1..]),
        }
    }
    writer.finish()
}

#[derive(Default)]
struct Quoted {
    pieces: Vec<Piece>,
    text: String,
    column: usize,
}

impl Quoted {
    fn character(&mut self, character: char, rest: &[Atom]) {
        let mut octets = [0; 4];
        let octets = character.encode_utf8(&mut octets).as_bytes();
        let is_literal = (character.is_ascii_graphic() && character != '=') || character == ' ';
        let width = if is_literal { 1 } else { octets.len() * 3 };
        self.make_room(width);
        let is_literal = is_literal && !self.would_be_changed(character, rest);
        if is_literal {
            self.text.push(character);
            self.column += 1;
            return;
        }
        self.make_room(octets.len() * 3);
        append_hex(&mut self.text, '=', octets);
        self.column += octets.len() * 3;
    }

    /// Whether something on the way would change this character where it stands: a blank at the end of a line
    /// or beside another, a dot that begins a line, and the `From ` of old mail folders.
    fn would_be_changed(&self, character: char, rest: &[Atom]) -> bool {
        match character {
            ' ' => !matches!(rest.first(), Some(Atom::Char(_) | Atom::Token(_))) || self.text.ends_with(' '),
            '.' => self.column == 0,
            'F' => self.column == 0 && rest.iter().zip("rom ".chars()).all(|(a, c)| *a == Atom::Char(c)),
            _ => false,
        }
    }

    fn token(&mut self, slot: Slot) {
        self.make_room(token::LENGTH);
        self.pieces.push(Piece::Fixed(std::mem::take(&mut self.text)));
        self.pieces.push(Piece::Slot(slot));
        self.column += token::LENGTH;
    }

    fn make_room(&mut self, width: usize) {
        if self.column + width > QUOTED_LINE {
            self.break_line("=\r\n");
        }
    }

    fn break_line(&mut self, end: &str) {
        self.text.push_str(end);
        self.column = 0;
    }

    fn finish(mut self) -> Vec<Piece> {
        self.pieces.push(Piece::Fixed(self.text));
        self.pieces
    }
}

fn base64(atoms: &[Atom]) -> Vec<Piece> {
    let mut writer = Base64::default();
    let mut octets = Vec::with_capacity(atoms.len() * 2);
    for atom in atoms {
        match atom {
            Atom::Char(c) => octets.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Atom::LineBreak => octets.extend_from_slice(b"\r\n"),
            Atom::Token(slot) => {
                writer.octets(&octets);
                writer.token(*slot);
                octets.clear();
            }
        }
    }
    writer.octets(&octets);
    writer.finish()
}

/// Base64 goes by groups of three octets, so a token is written together with its neighbours: with what is
/// left over before it, and with as much behind it as fills the last group.
#[derive(Default)]
struct Base64 {
    pieces: Vec<Piece>,
    text: String,
    column: usize,
    /// Octets that are not yet a group, or a token with its neighbours.
    open: Vec<Part>,
    open_size: usize,
}

impl Base64 {
    fn octets(&mut self, octets: &[u8]) {
        let missing = (3 - self.open_size % 3) % 3;
        let (filling, rest) = octets.split_at(octets.len().min(missing));
        self.hold(filling);
        if !self.open_size.is_multiple_of(3) {
            return;
        }
        self.close();
        let (groups, left_over) = rest.split_at(rest.len() - rest.len() % 3);
        append_lines(&mut self.text, &BASE64.encode(groups), &mut self.column);
        self.hold(left_over);
    }

    fn hold(&mut self, octets: &[u8]) {
        if !octets.is_empty() {
            self.open.push(Part::Octets(octets.to_vec()));
            self.open_size += octets.len();
        }
    }

    fn token(&mut self, slot: Slot) {
        self.open.push(Part::Token(slot));
        self.open_size += token::LENGTH;
    }

    fn close(&mut self) {
        let parts = std::mem::take(&mut self.open);
        let size = std::mem::take(&mut self.open_size).div_ceil(3) * 4;
        if let [Part::Octets(octets)] = parts.as_slice() {
            append_lines(&mut self.text, &BASE64.encode(octets), &mut self.column);
        } else if !parts.is_empty() {
            self.pieces.push(Piece::Fixed(std::mem::take(&mut self.text)));
            self.pieces.push(Piece::Base64 { parts, column: self.column });
            append_lines(&mut String::new(), &"A".repeat(size), &mut self.column);
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.close();
        self.pieces.push(Piece::Fixed(self.text));
        self.pieces
    }
}
