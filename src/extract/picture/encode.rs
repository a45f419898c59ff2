//! Pictures written down: as JPEG or as PNG, which every browser and mail program shows.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageEncoder};

use crate::model::picture::PictureKind;

/// The quality of a JPEG, and those that are tried where it would be larger than the original.
const QUALITIES: [u8; 4] = [82, 72, 60, 45];

/// By how many times a JPEG must be smaller to be taken for what has no loss in it: drawings stay sharp, photographs become small.
const MUCH_SMALLER: usize = 2;

/// The longest description of colours that is kept, in bytes; those of screens and cameras have a few hundred.
const LONGEST_PROFILE: usize = 4096;

/// How the renditions of one picture are written.
pub(super) struct Encoder {
    /// Whether the original has lost details already.
    is_lossy: bool,
    profile: Option<Vec<u8>>,
}

impl Encoder {
    /// For a picture that was written in `kind`, and whose colours are those of a profile (ICC), where it has one.
    pub fn new(kind: PictureKind, profile: Option<Vec<u8>>) -> Self {
        Self { is_lossy: kind == PictureKind::Jpeg, profile: profile.filter(|own| is_needed(own)) }
    }

    /// A picture in at most so many bytes, if it can be.
    pub fn encode(&self, picture: &DynamicImage, limit: usize) -> Option<(PictureKind, Vec<u8>)> {
        let within = |bytes: &Vec<u8>| bytes.len() <= limit;
        let jpeg = || {
            let mut tries = QUALITIES.into_iter().filter_map(|quality| self.jpeg(picture, quality));
            tries.find(within).map(|bytes| (PictureKind::Jpeg, bytes))
        };
        if picture.color().has_alpha() {
            return self.png(picture).filter(within).map(|bytes| (PictureKind::Png, bytes));
        }
        if self.is_lossy {
            return jpeg();
        }
        let png = self.png(picture);
        let photograph =
            jpeg().filter(|(_, bytes)| png.as_ref().is_none_or(|png| bytes.len() * MUCH_SMALLER < png.len()));
        photograph.or_else(|| png.filter(within).map(|bytes| (PictureKind::Png, bytes)))
    }

    fn jpeg(&self, picture: &DynamicImage, quality: u8) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        self.write(picture, encoder)?;
        Some(bytes)
    }

    fn png(&self, picture: &DynamicImage) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let encoder =
            PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
        self.write(picture, encoder)?;
        Some(bytes)
    }

    fn write(&self, picture: &DynamicImage, mut encoder: impl ImageEncoder) -> Option<()> {
        if let Some(profile) = self.profile.as_ref().filter(|_| picture.color().has_color()) {
            encoder.set_icc_profile(profile.clone()).ok()?;
        }
        picture.write_with_encoder(encoder).ok()
    }
}

/// Whether colours would be others without this profile: of those that are told by red, green and blue, sRGB is what everybody
/// takes them for. Other pictures have been decoded to it.
fn is_needed(profile: &[u8]) -> bool {
    let is_of_rgb = profile.get(16..20) == Some(b"RGB ");
    let is_usual = profile.windows(4).any(|word| word == b"sRGB");
    is_of_rgb && !is_usual && profile.len() <= LONGEST_PROFILE
}
