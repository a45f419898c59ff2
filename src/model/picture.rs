//! Pictures of articles as they are kept here: in a few widths, each a file of its own. `docs/pictures.md` has the rules.

use serde::Serialize;

/// The widths in pixels that pictures are kept in, but for those that are narrower: a card of a digest, its lead, and each of
/// them on a screen that has two pixels in the place of one.
pub const WIDTHS: [u32; 3] = [224, 560, 1120];

/// What pictures are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type, Serialize)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PictureKind {
    /// GIF, animated or not.
    Gif,
    /// JPEG.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// WebP, which not all mail programs show.
    Webp,
}

/// A picture in one width, in a file that is named by a hash of what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rendition {
    /// 32 hexadecimal digits.
    pub hash: String,
    /// What it is written in.
    pub kind: PictureKind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A picture that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Where it was found: the address that its article names.
    pub url: String,
    /// At least one, the narrowest first.
    pub renditions: Vec<Rendition>,
}

/// Those pictures of an article that are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Pictures(pub Vec<Picture>);

impl PictureKind {
    /// The ending of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Gif => "gif",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Gif => "image/gif",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// Whether all mail programs show it.
    const fn is_for_mail(self) -> bool {
        !matches!(self, Self::Webp)
    }
}

impl Rendition {
    /// The name of its file, by which it is asked for too.
    pub fn file_name(&self) -> String {
        file_name(&self.hash, self.kind)
    }

    /// The path below the site's own at which it is served.
    pub fn path(&self) -> String {
        format!("media/{}", self.file_name())
    }
}

impl Picture {
    /// The widest there is.
    pub fn widest(&self) -> Option<&Rendition> {
        self.renditions.last()
    }

    /// For a mail, the narrowest that is at least so wide, else the widest there is.
    pub fn for_mail(&self, width: u32) -> Option<&Rendition> {
        let mut shown = self.renditions.iter().filter(|own| own.kind.is_for_mail());
        shown.clone().find(|own| own.width >= width).or_else(|| shown.next_back())
    }
}

impl Pictures {
    /// The picture that was found at an address.
    pub fn find(&self, url: &str) -> Option<&Picture> {
        self.0.iter().find(|picture| picture.url == url)
    }
}

/// The name of the file that has this hash.
pub fn file_name(hash: &str, kind: PictureKind) -> String {
    format!("{hash}.{}", kind.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_gets_what_is_just_wide_enough_and_its_program_can_show() {
        let rendition = |width, kind| Rendition { hash: String::new(), kind, width, height: width / 2 };
        let jpeg = |width| rendition(width, PictureKind::Jpeg);
        let picture =
            |renditions: Vec<Rendition>| Picture { url: "https://a.example/b".to_owned(), renditions };
        let all = picture(vec![jpeg(224), jpeg(560), rendition(900, PictureKind::Webp)]);
        for (width, expected) in [(100, 224), (224, 224), (225, 560), (2000, 560)] {
            assert_eq!(all.for_mail(width).map(|own| own.width), Some(expected), "{width}");
        }
        assert_eq!(picture(vec![rendition(900, PictureKind::Webp)]).for_mail(100), None);
    }
}
