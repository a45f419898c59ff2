//! A file of any encoding as UTF-8.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

const CHUNK: usize = 64 * 1024;

/// Which encoding the file is in: by its byte order mark, else UTF-8 if it can be, else the likeliest one. Reads the
/// whole file, and leaves it at its beginning.
pub(super) fn detect(file: &mut File) -> io::Result<&'static Encoding> {
    let mut reader = BufReader::with_capacity(CHUNK, &mut *file);
    let marked = Encoding::for_bom(reader.fill_buf()?).map(|(encoding, _)| encoding);
    let encoding = match marked {
        Some(encoding) => encoding,
        None if is_utf8(&mut reader)? => UTF_8,
        None => guess(&mut reader)?,
    };
    file.rewind()?;
    Ok(encoding)
}

fn is_utf8(reader: &mut impl BufRead) -> io::Result<bool> {
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let mut text = vec![0; decoder.max_utf8_buffer_length_without_replacement(CHUNK).unwrap_or(4 * CHUNK)];
    loop {
        let bytes = reader.fill_buf()?;
        let (length, is_last) = (bytes.len(), bytes.is_empty());
        let (result, _, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut text, is_last);
        if matches!(result, encoding_rs::DecoderResult::Malformed(..)) {
            return Ok(false);
        }
        if is_last {
            return Ok(true);
        }
        reader.consume(length);
    }
}

fn guess(reader: &mut BufReader<&mut File>) -> io::Result<&'static Encoding> {
    reader.rewind()?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    loop {
        let bytes = reader.fill_buf()?;
        let (length, is_last) = (bytes.len(), bytes.is_empty());
        detector.feed(bytes, is_last);
        if is_last {
            return Ok(detector.guess(None, Utf8Detection::Deny));
        }
        reader.consume(length);
    }
}

/// A reader of UTF-8 over one of another encoding. What cannot be decoded becomes U+FFFD.
///
/// It gives out so much as it is [allowed](Decoded::allow), so that a quote that is never closed cannot make one row
/// of a whole file.
pub(super) struct Decoded<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    undecoded: std::ops::Range<usize>,
    text: Vec<u8>,
    unread: std::ops::Range<usize>,
    is_at_end: bool,
    allowance: usize,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(source: R, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK],
            undecoded: 0..0,
            text: vec![0; 2 * CHUNK],
            unread: 0..0,
            is_at_end: false,
            allowance: usize::MAX,
        }
    }

    /// Gives out at most so many bytes more; after them reading fails.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// The beginning of the text, which is read again afterwards.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        if self.unread.is_empty() {
            self.decode()?;
        }
        Ok(&self.text[self.unread.clone()])
    }

    fn decode(&mut self) -> io::Result<()> {
        while self.unread.is_empty() && !self.is_at_end {
            if self.undecoded.is_empty() {
                self.undecoded = 0..self.source.read(&mut self.raw)?;
            }
            let is_last = self.undecoded.is_empty();
            let bytes = &self.raw[self.undecoded.clone()];
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.text, is_last);
            self.undecoded.start += read;
            self.unread = 0..written;
            self.is_at_end = is_last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.allowance == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a row has no end"));
        }
        self.decode()?;
        let length = buffer.len().min(self.unread.len()).min(self.allowance);
        buffer[..length].copy_from_slice(&self.text[self.unread.start..self.unread.start + length]);
        self.unread.start += length;
        self.allowance -= length;
        Ok(length)
    }
}
