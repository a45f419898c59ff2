//! Podcasts: feeds whose articles are heard, and what directories ask to know of them.

use url::Url;

/// A feed that is listed as a podcast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Podcast {
    /// Whose feed it is.
    pub of: Heard,
    /// Who speaks; the publication if it is not said.
    pub author: Option<String>,
    /// Where directories write to, to find out whose it is. Everybody can read it.
    pub email: Option<String>,
    /// The square picture that it is known by.
    pub image: Url,
    /// One of [`CATEGORIES`].
    pub category: String,
    /// One of Apple's subcategories of it.
    pub subcategory: Option<String>,
    /// Whether children had better not hear it.
    pub explicit: bool,
    /// Whether other hosts may not import it.
    pub locked: bool,
    /// The UUID that it had at another host; one of ours if it had none.
    pub guid: Option<String>,
}

/// Which articles a podcast is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A newsletter's, by its slug.
    Newsletter(String),
    /// A tag's, by its [key](super::article::label_key).
    Tag(String),
}

/// Apple's categories of podcasts, which all directories understand.
pub const CATEGORIES: &[&str] = &[
    "Arts",
    "Business",
    "Comedy",
    "Education",
    "Fiction",
    "Government",
    "Health & Fitness",
    "History",
    "Kids & Family",
    "Leisure",
    "Music",
    "News",
    "Religion & Spirituality",
    "Science",
    "Society & Culture",
    "Sports",
    "TV & Film",
    "Technology",
    "True Crime",
];
