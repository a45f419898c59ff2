//! What is made of a picture, whatever it is.

use courant::extract::picture::{Made, Unfit, make};
use courant::model::picture::PictureKind::{self, Gif, Jpeg, Png, Webp};
use image::{DynamicImage, ImageFormat};
use proptest::prelude::*;

use super::drawing::{SECRET, bomb, drawing, gif, glass, jpeg, photograph, png, webp};

fn shapes(made: &[Made]) -> Vec<(PictureKind, u32, u32)> {
    made.iter().map(|own| (own.kind, own.width, own.height)).collect()
}

/// The picture in a file, which is of the kind and the size that is said.
fn opened(made: &Made) -> DynamicImage {
    let format = match made.kind {
        Gif => ImageFormat::Gif,
        Jpeg => ImageFormat::Jpeg,
        Png => ImageFormat::Png,
        Webp => ImageFormat::WebP,
    };
    let picture = image::load_from_memory_with_format(&made.bytes, format).unwrap();
    assert_eq!((picture.width(), picture.height()), (made.width, made.height));
    picture
}

fn says(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[test]
fn a_picture_is_made_in_the_widths_that_are_shown_and_never_larger_than_it_is() {
    for (width, height, expected) in [
        (1600, 1200, vec![(Jpeg, 224, 168), (Jpeg, 560, 420), (Jpeg, 1120, 840)]),
        (800, 401, vec![(Jpeg, 224, 112), (Jpeg, 560, 281), (Jpeg, 800, 401)]),
        (560, 100, vec![(Jpeg, 224, 40), (Jpeg, 560, 100)]),
        (600, 400, vec![(Jpeg, 224, 149), (Jpeg, 600, 400)]),
        (90, 60, vec![(Jpeg, 90, 60)]),
    ] {
        let original = jpeg(&photograph(width, height), 1);
        let made = make(&original).unwrap();
        assert_eq!(shapes(&made), expected);
        made.iter().map(opened).for_each(drop);
        let sizes: Vec<usize> = made.iter().map(|own| own.bytes.len()).collect();
        assert!(sizes.is_sorted() && sizes.iter().all(|size| *size < original.len()), "{sizes:?}");
    }
}

#[test]
fn nothing_is_left_of_who_took_it_and_where() {
    let (photograph, drawing) = (photograph(300, 200), drawing(300, 200));
    for original in [
        jpeg(&photograph, 1),
        jpeg(&photograph, 6),
        png(&drawing),
        webp(&glass(300, 200)),
        gif(&drawing, 1),
        gif(&drawing, 3),
    ] {
        assert!(says(&original, SECRET));
        for made in make(&original).unwrap() {
            assert!(!says(&made.bytes, SECRET) && !says(&made.bytes, "Exif"), "{:?}", made.kind);
            opened(&made);
        }
    }
}

#[test]
fn a_picture_that_was_taken_sideways_stands_upright() {
    // Blue is left and red is right as the camera was held: after a quarter turn to the right blue is above.
    for (held, blue, red) in
        [(1, (10, 100), (290, 100)), (3, (290, 100), (10, 100)), (6, (100, 10), (100, 290))]
    {
        let made = make(&jpeg(&photograph(300, 200), held)).unwrap();
        let picture = opened(made.last().unwrap()).into_rgb8();
        assert_eq!(picture.dimensions(), if held == 6 { (200, 300) } else { (300, 200) }, "{held}");
        let (blue, red) = (picture.get_pixel(blue.0, blue.1).0, picture.get_pixel(red.0, red.1).0);
        assert!(blue[2] > blue[0] && red[0] > red[2], "{held}: {blue:?} {red:?}");
    }
}

#[test]
fn each_picture_is_written_in_what_suits_it() {
    for (what, original, expected) in [
        ("a drawing stays sharp", png(&drawing(400, 300)), [Png, Png]),
        ("a photograph becomes small", png(&photograph(400, 300)), [Jpeg, Jpeg]),
        ("a WebP is not left one", webp(&photograph(400, 300)), [Jpeg, Jpeg]),
        ("what is transparent stays so", png(&glass(400, 300)), [Png, Png]),
        ("nothing else is as small", webp(&glass(400, 300)), [Png, Webp]),
    ] {
        let made = make(&original).unwrap();
        let kinds: Vec<PictureKind> = made.iter().map(|own| own.kind).collect();
        assert_eq!(kinds, expected, "{what}");
        assert!(made.iter().all(|own| own.bytes.len() <= original.len()), "{what}");
    }
    let glass = make(&png(&glass(400, 300))).unwrap();
    assert_eq!(opened(&glass[1]).into_rgba8().get_pixel(200, 10).0[3], 0);
}

#[test]
fn what_moves_is_left_to_move() {
    let original = gif(&drawing(1500, 300), 3);
    let made = make(&original).unwrap();
    assert_eq!(shapes(&made), [(Gif, 1500, 300)]);
    assert!(made[0].bytes.len() < original.len());
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(&made[0].bytes)).unwrap();
    assert_eq!(image::AnimationDecoder::into_frames(decoder).count(), 3);
}

#[test]
fn what_is_no_whole_picture_or_a_huge_one_is_refused() {
    let whole = jpeg(&photograph(300, 200), 1);
    let mut gif_of_a_gigapixel = gif(&drawing(20, 20), 1);
    gif_of_a_gigapixel[6..10].fill(0xFF);
    let mut jpeg_of_a_gigapixel = whole.clone();
    let frame = whole.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    jpeg_of_a_gigapixel[frame + 5..frame + 9].fill(0xFF);
    let too_large = |width, height| Unfit::TooLarge { width, height };
    for (what, bytes, expected) in [
        ("cut off", whole[..whole.len() * 2 / 3].to_vec(), Unfit::Broken),
        ("cut off", png(&drawing(90, 60))[..100].to_vec(), Unfit::Broken),
        ("cut off", gif(&drawing(90, 60), 1)[..200].to_vec(), Unfit::Broken),
        ("cut off", webp(&drawing(90, 60))[..60].to_vec(), Unfit::Broken),
        ("empty", Vec::new(), Unfit::Unknown),
        ("a page", b"<!doctype html><title>Not found</title>".to_vec(), Unfit::Unknown),
        (
            "a drawing that can hold scripts",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            Unfit::Unknown,
        ),
        ("a bomb", bomb(), too_large(60_000, 60_000)),
        ("a bomb", gif_of_a_gigapixel, too_large(65_535, 65_535)),
        ("a bomb", jpeg_of_a_gigapixel, too_large(65_535, 65_535)),
    ] {
        assert_eq!(make(&bytes), Err(expected), "{what}");
    }
}

/// A file of each kind, and what else may stand in it.
fn originals() -> impl Strategy<Value = Vec<u8>> {
    let (photograph, drawing, glass) = (photograph(60, 40), drawing(60, 40), glass(60, 40));
    prop::sample::select(vec![
        jpeg(&photograph, 6),
        png(&drawing),
        png(&glass),
        gif(&drawing, 1),
        gif(&drawing, 2),
        webp(&photograph),
        webp(&glass),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A decoder may fail, and then says so; what is made is never more than there was.
    #[test]
    fn whatever_the_bytes_are_nothing_larger_is_made_of_them(
        original in originals(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
        is_cut in prop::bool::weighted(0.1),
    ) {
        let mut bytes = original;
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        if let Ok(made) = make(&bytes) {
            prop_assert!(!made.is_empty());
            for own in made {
                prop_assert!(own.bytes.len() <= bytes.len() + 1, "{:?}: {} of {}", own.kind, own.bytes.len(), bytes.len());
                prop_assert!(u64::from(own.width) * u64::from(own.height) <= 32_000_000);
            }
        }
    }
}
