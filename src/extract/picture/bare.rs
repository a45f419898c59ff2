//! Pictures without their metadata: where and when they were taken, by whom, with what; and smaller pictures and films in them.
//!
//! Each kind is a row of parts with a name and a length. Those that are needed to show the picture stay as they are, and a
//! picture whose last part is not there is not whole.

use crate::model::picture::PictureKind;

/// A picture without its metadata.
pub(super) struct Bare {
    pub bytes: Vec<u8>,
    /// Whether it moves.
    pub is_animated: bool,
}

/// A picture of this kind without its metadata; `None` if it is not whole.
pub(super) fn strip(kind: PictureKind, bytes: &[u8]) -> Option<Bare> {
    let reader = Reader(bytes);
    match kind {
        PictureKind::Gif => gif(reader),
        PictureKind::Jpeg => jpeg(reader),
        PictureKind::Png => png(reader),
        PictureKind::Webp => webp(reader),
    }
}

/// What has not been read.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }
}

/// Markers of a JPEG (ITU-T T.81, table B.1).
const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const COMMENT: u8 = 0xFE;

fn jpeg(mut reader: Reader<'_>) -> Option<Bare> {
    let mut bytes = vec![0xFF, START];
    reader.take(2)?;
    loop {
        while reader.byte()? != 0xFF {} // nothing stands between segments, but in files that browsers show all the same
        let mut marker = reader.byte()?;
        while marker == 0xFF {
            marker = reader.byte()?;
        }
        match marker {
            END => {
                bytes.extend([0xFF, END]);
                return Some(Bare { bytes, is_animated: false });
            }
            0x00 | 0x01 | 0xD0..=START => continue, // these have no length
            _ => {}
        }
        let segment = jpeg_segment(&mut reader)?;
        if is_shown_in_jpeg(marker, &segment[2..]) {
            bytes.extend([0xFF, marker]);
            bytes.extend(segment);
        }
        if marker == SCAN {
            let scan = scan_length(reader.0);
            bytes.extend(reader.take(scan)?);
        }
    }
}

/// A segment with the two bytes of its length.
fn jpeg_segment<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = reader.0.first_chunk::<2>().map(|length| usize::from(u16::from_be_bytes(*length)))?;
    reader.take(length).filter(|segment| segment.len() >= 2)
}

/// How many bytes it is to the next marker. What looks like one within a scan is none (T.81, B.1.1.2 and B.1.1.5).
fn scan_length(bytes: &[u8]) -> usize {
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF);
    bytes.windows(2).position(is_marker).unwrap_or(bytes.len())
}

/// Of what applications write, what says how colours are meant; and no picture in a picture.
fn is_shown_in_jpeg(marker: u8, segment: &[u8]) -> bool {
    const JFIF: usize = 14;
    match marker {
        0xE0 => segment.starts_with(b"JFIF\0") && segment.len() == JFIF,
        0xE2 => segment.starts_with(b"ICC_PROFILE\0"),
        0xEE => segment.starts_with(b"Adobe"),
        0xE1..=0xEF | COMMENT => false,
        _ => true,
    }
}

/// The chunks of a PNG that say how it is shown.
const PNG_CHUNKS: [&[u8]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"acTL",
    b"fcTL", b"fdAT",
];

fn png(mut reader: Reader<'_>) -> Option<Bare> {
    let mut bytes = reader.take(8)?.to_vec();
    let mut is_animated = false;
    loop {
        let whole = reader;
        let length = u32::from_be_bytes(*reader.take(4)?.first_chunk()?);
        let name = reader.take(4)?;
        reader.take(usize::try_from(length).ok()?.checked_add(4)?)?;
        if PNG_CHUNKS.contains(&name) {
            bytes.extend(&whole.0[..whole.0.len() - reader.0.len()]);
        }
        is_animated |= name == b"acTL";
        if name == b"IEND" {
            return Some(Bare { bytes, is_animated });
        }
    }
}

/// Blocks of a GIF (version 89a, sections 18 to 27).
const EXTENSION: u8 = 0x21;
const CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;
const IMAGE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;

fn gif(mut reader: Reader<'_>) -> Option<Bare> {
    let head = reader.take(13)?;
    let mut bytes = head.to_vec();
    bytes.extend(reader.take(colours(head[10]))?);
    let mut images = 0;
    loop {
        let whole = reader;
        let is_shown = match reader.byte() {
            Some(EXTENSION) => {
                let label = reader.byte()?;
                let blocks = sub_blocks(&mut reader)?;
                label == CONTROL || label == APPLICATION && blocks.starts_with(b"\x0BNETSCAPE2.0")
            }
            Some(IMAGE) => {
                let descriptor = reader.take(9)?;
                reader.take(colours(descriptor[8]) + 1)?;
                sub_blocks(&mut reader)?;
                images += 1;
                true
            }
            // Many end without a word, and are shown.
            Some(TRAILER) | None => {
                bytes.push(TRAILER);
                return (images > 0).then_some(Bare { bytes, is_animated: images > 1 });
            }
            Some(_) => return None,
        };
        if is_shown {
            bytes.extend(&whole.0[..whole.0.len() - reader.0.len()]);
        }
    }
}

/// How many bytes the table of colours has that is announced so.
const fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Blocks of up to 255 bytes, each behind its length, up to an empty one.
fn sub_blocks<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let whole = reader.0;
    loop {
        match reader.byte()? {
            0 => return Some(&whole[..whole.len() - reader.0.len()]),
            length => reader.take(usize::from(length))?,
        };
    }
}

/// The chunks of a WebP (RFC 9649) that say how it is shown.
const WEBP_CHUNKS: [&[u8]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// The bits of its head that say that there is metadata (Exif and XMP), and that it moves.
const WEBP_METADATA: u8 = 0x08 | 0x04;
const WEBP_MOVES: u8 = 0x02;

fn webp(mut reader: Reader<'_>) -> Option<Bare> {
    let head = reader.take(12)?;
    let size = u32::from_le_bytes(*head[4..].first_chunk()?);
    let mut chunks = Reader(reader.take(usize::try_from(size).ok()?.checked_sub(4)?)?);
    let mut bytes = head.to_vec();
    let mut is_animated = false;
    while !chunks.0.is_empty() {
        let name = chunks.take(4)?;
        let length = chunks.take(4)?;
        let count = usize::try_from(u32::from_le_bytes(*length.first_chunk()?)).ok()?;
        let content = chunks.take(count)?;
        chunks.take((count % 2).min(chunks.0.len()))?; // padding, which the last one may lack
        if !WEBP_CHUNKS.contains(&name) {
            continue;
        }
        bytes.extend([name, length, content].concat());
        bytes.extend(std::iter::repeat_n(0, count % 2));
        if name == b"VP8X" {
            let flags = bytes.len() - count - count % 2;
            let own = bytes.get_mut(flags).filter(|_| count > 0)?;
            is_animated = *own & WEBP_MOVES != 0;
            *own &= !WEBP_METADATA;
        }
    }
    let size = u32::try_from(bytes.len() - 8).ok()?;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    Some(Bare { bytes, is_animated })
}
