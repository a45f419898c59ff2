//! Pictures from our own host: browsers are told of all widths that there are, and take the one that they have use for.

use super::Site;
use crate::extract::picture::tag::rewrite;
use crate::model::picture::{Picture, Pictures};

/// How wide pictures are shown that have a column to themselves.
pub(super) const COLUMN: &str = "(min-width: 46rem) 44rem, 100vw";

/// A picture that is kept, as a page names it.
pub(super) struct Kept {
    /// The path of the widest.
    pub path: String,
    /// In pixels, of the widest.
    pub size: (u32, u32),
    /// All widths (`srcset`), where there are several.
    pub set: Option<String>,
}

impl Site {
    /// A picture as the site's pages name it.
    pub(super) fn kept(&self, picture: &Picture) -> Option<Kept> {
        let widest = picture.widest()?;
        let all = picture.renditions.iter().map(|own| format!("{} {}w", self.path(&own.path()), own.width));
        let set = (picture.renditions.len() > 1).then(|| all.collect::<Vec<_>>().join(", "));
        Some(Kept { path: self.path(&widest.path()), size: (widest.width, widest.height), set })
    }

    /// The HTML of an article with those of its pictures that are kept, each in the size that the article gives it: at most its own.
    pub(super) fn with_kept(&self, html: &str, pictures: &Pictures) -> String {
        if pictures.0.is_empty() {
            return html.to_owned();
        }
        rewrite(html, |tag| {
            let kept = self.kept(pictures.find(&tag.address()?)?)?;
            let (width, height) = shown(tag.size(), kept.size);
            let (width, height) = (width.to_string(), height.to_string());
            let mut attributes = vec![("src", kept.path.as_str()), ("width", &width), ("height", &height)];
            if let Some(set) = &kept.set {
                attributes.extend([("srcset", set.as_str()), ("sizes", COLUMN)]);
            }
            Some(tag.with(&attributes))
        })
    }
}

/// The size of a picture of this size to which an article gives another, or half of one.
fn shown(given: (Option<u32>, Option<u32>), (width, height): (u32, u32)) -> (u32, u32) {
    let part = |whole: u32, part: u32, of: u32| {
        u32::try_from(u64::from(whole) * u64::from(part) / u64::from(of.max(1))).unwrap_or(whole).max(1)
    };
    match given {
        (Some(wide), _) if wide < width => (wide, part(height, wide, width)),
        (None, Some(high)) if high < height => (part(width, high, height), high),
        _ => (width, height),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_picture_keeps_its_shape_and_is_never_enlarged() {
        for (given, expected) in [
            ((None, None), (1120, 840)),
            ((Some(560), None), (560, 420)),
            ((Some(560), Some(999)), (560, 420)),
            ((None, Some(84)), (112, 84)),
            ((Some(4000), Some(3000)), (1120, 840)),
            ((Some(1), None), (1, 1)),
        ] {
            assert_eq!(shown(given, (1120, 840)), expected, "{given:?}");
        }
    }
}
