//! Pictures made up for the tests.

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, Frame, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

/// What nobody is to find in a picture that is served.
pub const SECRET: &str = "Taken by Ines Okafor at 52.5N 13.4E";

/// A picture as a camera makes it: soft, with some noise, blue on the left half and red on the right.
pub fn photograph(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        let shade = 60 + u8::try_from(y * 80 / height).unwrap();
        let [red, green, blue] = noise(x, y);
        if x < width / 2 {
            Rgb([20 + red, 40 + green, shade + blue])
        } else {
            Rgb([shade + red, 40 + green, 20 + blue])
        }
    }))
}

/// What a sensor adds at one place: the same each time.
fn noise(x: u32, y: u32) -> [u8; 3] {
    let mixed = (x ^ y.rotate_left(16)).wrapping_mul(0x9E37_79B1);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77);
    (mixed ^ mixed >> 13).to_be_bytes().first_chunk::<3>().unwrap().map(|byte| byte & 15)
}

/// A picture as somebody draws it: a few areas of one colour.
pub fn drawing(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        if (x / 50 + y / 50) % 2 == 0 { Rgb([250, 250, 250]) } else { Rgb([10, 90, 200]) }
    }))
}

/// The same, through whose upper half the ground is seen.
pub fn glass(width: u32, height: u32) -> DynamicImage {
    let drawing = photograph(width, height).into_rgb8();
    DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, |x, y| {
        let [red, green, blue] = drawing.get_pixel(x, y).0;
        Rgba([red, green, blue, if y < height / 2 { 0 } else { 255 }])
    }))
}

/// As a camera writes it: with Exif, which says how it was held (1: upright) and by whom, and with a comment.
pub fn jpeg(picture: &DynamicImage, held: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    encoder.set_exif_metadata(exif(held)).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    let comment = SECRET.as_bytes();
    let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    let comment = [&[0xFF, 0xFE], &length[..], comment].concat();
    bytes.splice(2..2, comment);
    bytes
}

pub fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif(1)).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

pub fn webp(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder.set_exif_metadata(exif(1)).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

/// A GIF of so many frames, with a comment.
pub fn gif(picture: &DynamicImage, frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
    let frame = Frame::new(picture.to_rgba8());
    encoder.encode_frames(std::iter::repeat_n(frame, frames)).unwrap();
    drop(encoder);
    let end = bytes.len() - 1;
    let length = u8::try_from(SECRET.len()).unwrap();
    bytes.splice(end..end, [&[0x21, 0xFE, length], SECRET.as_bytes(), &[0]].concat());
    bytes
}

/// A picture that says of itself to have more pixels than any memory has room for.
pub fn bomb() -> Vec<u8> {
    let mut bytes = png(&drawing(8, 8));
    bytes[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let mut sum = flate2::Crc::new();
    sum.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    bytes
}

/// TIFF's directory with two entries: the orientation, and who took it.
fn exif(held: u8) -> Vec<u8> {
    let length = u8::try_from(SECRET.len()).unwrap();
    let head = [b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 2];
    let orientation = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, held, 0, 0];
    let artist = [0x01, 0x3B, 0, 2, 0, 0, 0, length, 0, 0, 0, 38];
    [&head[..], &orientation, &artist, &[0, 0, 0, 0], SECRET.as_bytes()].concat()
}
