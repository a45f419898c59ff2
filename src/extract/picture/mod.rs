//! Pictures made fit to be served: upright, without what is said in them about who took them and where, and in the widths that
//! are shown. `docs/pictures.md` has the rules.

mod bare;
mod encode;
pub mod tag;

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, Limits};

use self::bare::Bare;
use self::encode::Encoder;
use crate::model::picture::{PictureKind, WIDTHS};

/// The most pixels that a picture may have; those of large cameras have 24 million.
const MOST_PIXELS: u64 = 32_000_000;

/// The longest side, in pixels.
const LONGEST_SIDE: u32 = 16_384;

/// How many bytes those pixels may be, and how much memory a decoder may take besides.
const MOST_MEMORY: u64 = 128 << 20;

/// A width that is more than this part of the widest (four fifths) is not worth a file of its own.
const NEARLY: (u32, u32) = (4, 5);

/// By how much a picture is wider than what is wanted of it when neighbours are first put together in a hurry.
const MUCH_WIDER: u32 = 2;

/// A picture in one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What it is written in.
    pub kind: PictureKind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why nothing was made of a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The bytes begin like none that is shown.
    #[error("it is no JPEG, PNG, GIF or WebP")]
    Unknown,
    /// Its end is missing, or its parts do not fit together.
    #[error("it is cut off or damaged")]
    Broken,
    /// It has too many pixels.
    #[error("it has {width} × {height} pixels, which is too many")]
    TooLarge {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// It has so few bytes that nothing upright of fewer can be made.
    #[error("it cannot be turned upright in as few bytes as it has")]
    Unturnable,
    /// The decoder's words.
    #[error("it cannot be decoded ({0})")]
    Undecodable(String),
}

/// A picture in the widths that it is shown in, the narrowest first: never wider than it is, and never of more bytes. What moves
/// is left as it is, but for its metadata.
///
/// It takes seconds and, for a moment, some hundred megabytes, whatever the bytes are.
///
/// # Errors
/// If the bytes are no whole picture, or one that is too large.
pub fn make(bytes: &[u8]) -> Result<Vec<Made>, Unfit> {
    let kind = kind_of(bytes).ok_or(Unfit::Unknown)?;
    let bare = bare::strip(kind, bytes).ok_or(Unfit::Broken)?;
    let mut decoder = decoder(kind, bytes)?;
    let (width, height) = decoder.dimensions();
    let is_too_much = width.max(height) > LONGEST_SIDE || decoder.total_bytes() > MOST_MEMORY;
    if is_too_much || u64::from(width) * u64::from(height) > MOST_PIXELS || width.min(height) == 0 {
        return Err(Unfit::TooLarge { width, height });
    }
    decoder.set_limits(limits()).map_err(|error| undecodable(&error))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| undecodable(&error))?;
    if bare.is_animated {
        return Ok(vec![Made { kind, width, height, bytes: bare.bytes }]);
    }
    picture.apply_orientation(orientation);
    let original = Original { kind, bytes, bare, is_upright: orientation == Orientation::NoTransforms };
    let made = renditions(picture, &original, &Encoder::new(kind, profile));
    if made.is_empty() { Err(Unfit::Unturnable) } else { Ok(made) }
}

/// What a picture was before anything was made of it.
struct Original<'a> {
    kind: PictureKind,
    bytes: &'a [u8],
    bare: Bare,
    /// Whether it is shown upright without its metadata.
    is_upright: bool,
}

fn renditions(picture: DynamicImage, original: &Original<'_>, encoder: &Encoder) -> Vec<Made> {
    let mut picture = plain(picture);
    let (width, height) = (picture.width(), picture.height());
    let widest = WIDTHS.into_iter().max().unwrap_or_default().min(width);
    let mut made = Vec::new();
    let is_apart = |own: &u32| own * NEARLY.1 < widest * NEARLY.0;
    // From the widest on, each is made of the one before it, which has all that it can show.
    for wanted in WIDTHS.into_iter().filter(is_apart).chain([widest]).rev() {
        picture = narrowed(picture, (wanted, scaled(height, wanted, width)));
        let own = (wanted == width).then_some(original);
        made.extend(rendition(&picture, original.bytes.len(), (own, encoder)));
    }
    made.reverse();
    if made.last().is_none_or(|last| last.width < widest) && original.is_upright {
        let bytes = original.bare.bytes.clone();
        made.push(Made { kind: original.kind, width, height, bytes }); // nothing is smaller than it is
    }
    made
}

/// A picture as a file of at most so many bytes; if it has the width of the original, as that itself where it is the smaller one.
fn rendition(
    picture: &DynamicImage,
    limit: usize,
    (original, encoder): (Option<&Original<'_>>, &Encoder),
) -> Option<Made> {
    let (width, height) = (picture.width(), picture.height());
    let own = original.filter(|original| original.is_upright);
    let limit = own.map_or(limit, |own| own.bare.bytes.len());
    let encoded = encoder.encode(picture, limit);
    let encoded = encoded.map(|(kind, bytes)| Made { kind, width, height, bytes });
    encoded.or_else(|| own.map(|own| Made { kind: own.kind, width, height, bytes: own.bare.bytes.clone() }))
}

/// With eight bits for each part of a colour, and with transparency only where something shines through.
fn plain(picture: DynamicImage) -> DynamicImage {
    let is_grey = matches!(picture, DynamicImage::ImageLuma8(_) | DynamicImage::ImageLuma16(_));
    if is_grey {
        return DynamicImage::ImageLuma8(picture.into_luma8());
    }
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let picture = picture.into_rgba8();
    if picture.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(picture).into_rgb8());
    }
    DynamicImage::ImageRgba8(picture)
}

fn narrowed(picture: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    if picture.width() == width {
        return picture;
    }
    let in_a_hurry = width * MUCH_WIDER;
    let picture = if picture.width() > in_a_hurry * MUCH_WIDER {
        let hurried = scaled(picture.height(), in_a_hurry, picture.width());
        picture.thumbnail_exact(in_a_hurry, hurried)
    } else {
        picture
    };
    picture.resize_exact(width, height, image::imageops::FilterType::Lanczos3)
}

/// A height as it is with another width.
fn scaled(height: u32, wanted: u32, width: u32) -> u32 {
    let (height, wanted, width) = (u64::from(height), u64::from(wanted), u64::from(width).max(1));
    u32::try_from((height * wanted + width / 2) / width).unwrap_or(u32::MAX).max(1)
}

/// What a file is by its first bytes, whatever its server says.
fn kind_of(bytes: &[u8]) -> Option<PictureKind> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(PictureKind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(PictureKind::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(PictureKind::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(PictureKind::Webp),
        _ => None,
    }
}

fn decoder<'a>(kind: PictureKind, bytes: &'a [u8]) -> Result<Box<dyn ImageDecoder + 'a>, Unfit> {
    let reader = Cursor::new(bytes);
    let decoder: Result<Box<dyn ImageDecoder + 'a>, image::ImageError> = match kind {
        PictureKind::Gif => GifDecoder::new(reader).map(|own| Box::new(own) as _),
        PictureKind::Jpeg => JpegDecoder::new(reader).map(|own| Box::new(own) as _),
        PictureKind::Png => PngDecoder::with_limits(reader, limits()).map(|own| Box::new(own) as _),
        PictureKind::Webp => WebPDecoder::new(reader).map(|own| Box::new(own) as _),
    };
    decoder.map_err(|error| undecodable(&error))
}

/// For the decoders, which may need more than what the picture itself takes.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn undecodable(error: &image::ImageError) -> Unfit {
    Unfit::Undecodable(error.to_string())
}
