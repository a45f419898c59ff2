//! The picture of an article in a digest.

use url::Url;

use crate::model::article::{Article, Image};
use crate::model::picture::Rendition;
use crate::model::publication::Publication;
use crate::model::text::{line, shorten};

use super::article::{LINK_BYTES, Role};

/// The room for the lead's picture and for that of a card, in pixels.
const WIDE: Room = Room { width: 560, height: 640, at_least: 240 };
const SMALL: Room = Room { width: 112, height: 84, at_least: 64 };

/// How many pixels a screen has in the place of one, where it has many.
const DENSE: u32 = 2;

/// What pictures of unknown size are taken for.
const USUAL_SIZE: (u32, u32) = (3, 2);

const CAPTION_LIMIT: usize = 240;

/// A picture, ready to be shown.
pub(super) struct Picture {
    pub url: String,
    /// Empty if nobody said what it shows; never the headline, which stands above it.
    pub alt: String,
    pub width: u32,
    pub height: u32,
    /// The line under it, often with its author.
    pub caption: Option<String>,
}

struct Room {
    width: u32,
    height: u32,
    /// Pictures known to be narrower than this are icons or pixels that count readers.
    at_least: u32,
}

impl Picture {
    /// The article's picture in the size that its part in the layout has room for: from our own host if it is kept there.
    ///
    /// Only by https, for mail programs show no other; but from the publication's own host as that is served.
    pub fn of(article: &Article, role: Role, publication: &Publication) -> Option<Self> {
        let content = &article.content;
        let image = content.image.as_ref()?;
        let room = match role {
            Role::Lead => WIDE,
            Role::Card => SMALL,
            Role::Headline => return None,
        };
        let kept = article.pictures.find(&image.url).and_then(|own| own.for_mail(room.width * DENSE));
        let image = &kept.map_or_else(|| image.clone(), |own| of_ours(image, own, publication));
        let base_url = &publication.base_url;
        let url = Url::parse(&image.url).ok()?;
        let is_shown = url.as_str().len() <= LINK_BYTES
            && (url.scheme() == "https"
                || url.scheme() == base_url.scheme() && url.host() == base_url.host());
        let (width, height) = room.fit(image).filter(|_| is_shown)?;
        let caption = image.caption.as_deref().map(line).filter(|caption| !caption.is_empty());
        let alt = image.alt.as_deref().map(line).filter(|alt| !alt.is_empty()).or_else(|| caption.clone());
        let alt = alt.filter(|alt| *alt != line(&content.title)).unwrap_or_default();
        Some(Self {
            url: url.into(),
            alt: shorten(&alt, CAPTION_LIMIT),
            width,
            height,
            caption: caption.map(|caption| shorten(&caption, CAPTION_LIMIT)),
        })
    }
}

/// An image as it is kept here in one width, which has the size that it has, whatever the article says.
fn of_ours(image: &Image, kept: &Rendition, publication: &Publication) -> Image {
    let (width, height) = (Some(kept.width), Some(kept.height));
    Image { url: publication.link(&kept.path()), width, height, ..image.clone() }
}

impl Room {
    /// The size in which an image is shown: never larger than it is, and whole.
    fn fit(&self, image: &Image) -> Option<(u32, u32)> {
        let (width, height) = match (image.width, image.height) {
            (Some(width), Some(height)) => (width, height),
            (Some(width), None) => (width, width * USUAL_SIZE.1 / USUAL_SIZE.0),
            _ => (self.width, self.width * USUAL_SIZE.1 / USUAL_SIZE.0),
        };
        if width < self.at_least || height < self.at_least / 4 {
            return None;
        }
        let (wide, high) = (u64::from(width), u64::from(height));
        let fitting = u64::from(self.width).min(wide).min(u64::from(self.height) * wide / high).max(1);
        let height = (fitting * high / wide).max(1);
        Some((u32::try_from(fitting).ok()?, u32::try_from(height).ok()?))
    }
}
