//! How a document is packed for the way (RFC 9110 §12.5.3).

use std::io::Write;
use std::ops::Deref;

use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;

/// A document as it is, or compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

/// Up to this many bytes brotli takes its time: a second or so for the largest.
const BEST: usize = 1_000_000;

/// Its quality for what is larger: a second for ten megabytes.
const HURRIED: i32 = 5;

impl Coding {
    /// The best first, for when a client likes several alike.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// What the client takes, what it likes best first: the highest weight, and among equals the smallest document.
    ///
    /// A client that says nothing, and one that refuses everything, gets the document as it is.
    pub fn liked(headers: &HeaderMap) -> Liked {
        let mut named = Named::default();
        let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        for (name, weight) in lists.flat_map(|list| list.split(',')).filter_map(weight) {
            named.add(name, weight);
        }
        let mut liked = Self::ALL.map(|coding| (named.weight(coding), coding));
        liked.sort_by(|one, other| other.0.total_cmp(&one.0));
        let taken = liked.iter().filter(|(weight, _)| *weight > 0.0).count();
        match taken {
            0 => Liked { codings: [Self::Identity; 3], count: 1 },
            count => Liked { codings: liked.map(|(_, coding)| coding), count },
        }
    }

    /// Its name in `Content-Encoding`; none for a document as it is.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// What sets the tag of a document in this coding apart.
    pub const fn tag_suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gzip",
            Self::Brotli => "-br",
        }
    }

    /// The document in this coding. Takes long: not for a thread that answers others.
    pub fn encode(self, document: &[u8]) -> Vec<u8> {
        match self {
            Self::Identity => document.to_vec(),
            Self::Gzip => gzip(document, Compression::best()).expect("writing to memory does not fail"),
            Self::Brotli => brotli(document).expect("writing to memory does not fail"),
        }
    }

    /// A small document in gzip, in less than a millisecond.
    pub fn gzip_in_a_hurry(document: &[u8]) -> Vec<u8> {
        gzip(document, Compression::fast()).expect("writing to memory does not fail")
    }
}

/// The codings that a client takes, what it likes best first. There is always one.
#[derive(Clone, Copy, Debug)]
pub struct Liked {
    codings: [Coding; 3],
    count: usize,
}

impl Deref for Liked {
    type Target = [Coding];

    fn deref(&self) -> &[Coding] {
        &self.codings[..self.count]
    }
}

/// The weights that a client gives, each by the first that names it.
#[derive(Debug, Default)]
struct Named {
    identity: Option<f32>,
    gzip: Option<f32>,
    old_gzip: Option<f32>,
    brotli: Option<f32>,
    others: Option<f32>,
}

impl Named {
    fn add(&mut self, name: &str, weight: f32) {
        let fields = [
            ("identity", &mut self.identity),
            ("gzip", &mut self.gzip),
            ("x-gzip", &mut self.old_gzip),
            ("br", &mut self.brotli),
            ("*", &mut self.others),
        ];
        if let Some((_, own)) = fields.into_iter().find(|(own, _)| name.eq_ignore_ascii_case(own)) {
            own.get_or_insert(weight);
        }
    }

    /// How much the client likes a coding. One that names only others takes the document as it is, but rather not.
    fn weight(&self, coding: Coding) -> f32 {
        let (own, without) = match coding {
            Coding::Identity => (self.identity, 0.000_1),
            Coding::Gzip => (self.gzip.or(self.old_gzip), 0.0),
            Coding::Brotli => (self.brotli, 0.0),
        };
        own.or(self.others).unwrap_or(without)
    }
}

/// One entry of `Accept-Encoding`, or of a header like it: a name and its weight.
pub(super) fn weight(entry: &str) -> Option<(&str, f32)> {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let given = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = given.map_or(Some(1.0), |text| text.trim().parse().ok())?;
    Some((name, f32::clamp(weight, 0.0, 1.0)))
}

fn gzip(document: &[u8], how: Compression) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), how);
    encoder.write_all(document)?;
    encoder.finish()
}

fn brotli(document: &[u8]) -> std::io::Result<Vec<u8>> {
    let quality = if document.len() <= BEST { 11 } else { HURRIED };
    let parameters = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*document, &mut packed, &parameters)?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_the_coding_that_it_likes_best() {
        use Coding::{Brotli, Gzip, Identity};
        for (accepted, expected) in [
            ("gzip", Gzip),
            ("GZIP", Gzip),
            ("x-gzip", Gzip),
            ("br", Brotli),
            ("gzip, br", Brotli),
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip;q=1.0, br;q=0.9", Gzip),
            ("gzip;q=0.5, br; q=0.5", Brotli),
            ("br;q=0, gzip", Gzip),
            ("identity", Identity),
            ("identity, gzip;q=0.5", Identity),
            ("identity;q=0.5, gzip;q=0.2", Identity),
            ("*", Brotli),
            ("*;q=0.5, gzip", Gzip),
            ("*;q=0", Identity),
            ("identity;q=0, *;q=0", Identity),
            ("deflate", Identity),
            ("zstd, compress", Identity),
            ("", Identity),
            (", ;q=1", Identity),
            ("gzip;q=much", Identity),
            ("gzip;q=0.001", Gzip),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(Coding::liked(&headers)[0], expected, "{accepted:?}");
        }
        assert_eq!(*Coding::liked(&HeaderMap::new()), [Identity]);
    }

    #[test]
    fn what_a_client_takes_as_well_comes_after_what_it_likes_best() {
        use Coding::{Brotli, Gzip, Identity};
        for (accepted, expected) in [
            ("gzip, br", &[Brotli, Gzip, Identity] as &[Coding]),
            ("br, gzip;q=0.9", &[Brotli, Gzip, Identity]),
            ("br;q=0.1, gzip;q=0.9", &[Gzip, Brotli, Identity]),
            ("br", &[Brotli, Identity]),
            ("br, identity;q=0", &[Brotli]),
            ("gzip, *;q=0", &[Gzip]),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(&*Coding::liked(&headers), expected, "{accepted:?}");
        }
    }

    #[test]
    fn what_is_packed_can_be_unpacked() {
        use std::io::Read;
        let document = "All the news that fits. ".repeat(100).into_bytes();
        let mut unpacked = Vec::new();
        let packed = Coding::Gzip.encode(&document);
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, document);
        let packed = Coding::Brotli.encode(&document);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, document);
        assert_eq!(Coding::Gzip.encode(&document), Coding::Gzip.encode(&document));
    }
}
