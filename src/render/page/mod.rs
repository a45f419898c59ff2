//! The pages for people.
//!
//! Every page works without scripts (one guesses a reader's time zone where it can, one works in a crowd), in both directions of writing, in light and in dark. Links lead from the path of
//! the publication's base address, so that they hold whatever name a visitor reached the server by.

mod anchor;
mod archive;
mod article;
mod choose;
mod edition;
mod embedded;
mod feed;
mod form;
mod frame;
mod front;
mod kept;
mod manage;
mod notice;
mod personal;
mod search;
mod share;
mod sitemap;
mod stylesheet;
mod teaser;

use askama::Template;

pub use archive::EditionLine;
pub use edition::Edition;
pub use embedded::embedded_form;
pub use form::{Fault, Filled};
pub use frame::{Part, Way, path_segment};
pub use manage::{Farewell, Held, Keys, Managed, Standing};
pub use notice::Notice;
pub use personal::Personal;
pub use search::Search;
pub use sitemap::{Location, News, news_sitemap, robots, sitemap, sitemap_index};
pub use stylesheet::Stylesheet;

use crate::model::count::{CountedLink, Holder, Target};
use crate::model::newsletter::Newsletter;
use crate::model::privacy::PublicSources;
use crate::model::publication::Publication;
use crate::model::token::Key;

/// The script that fills a field for a time zone with the browser's.
pub const ZONE_SCRIPT: &str = include_str!("../../../templates/page/zone.js");

/// The script that does the work which a form asks for in a crowd.
pub const WORK_SCRIPT: &str = include_str!("../../../templates/page/work.js");

/// With how many zeros the hash begins that this work is for: a second's work.
pub const WORK_BITS: u32 = 18;

/// What all pages of a publication are made from.
#[derive(Clone, Debug)]
pub struct Site {
    /// Whose pages these are.
    pub publication: Publication,
    /// What can be subscribed to.
    pub newsletters: Vec<Newsletter>,
    /// Whose articles everybody may see.
    pub public: PublicSources,
    /// How the pages look.
    pub stylesheet: Stylesheet,
    /// The installation's key, by which links are signed that are counted; none if they are not.
    pub counting: Option<Key>,
}

impl Site {
    /// The site of a publication.
    pub fn new(publication: Publication, newsletters: Vec<Newsletter>) -> Self {
        let stylesheet = Stylesheet::of(&publication.theme);
        let public = PublicSources::of(&newsletters);
        Self { publication, newsletters, public, stylesheet, counting: None }
    }

    /// The newsletter of this name.
    pub fn newsletter(&self, slug: &str) -> Option<&Newsletter> {
        self.newsletters.iter().find(|newsletter| newsletter.slug.as_str() == slug)
    }

    /// The newsletter of this name, if everybody may see its editions.
    pub fn public_newsletter(&self, slug: &str) -> Option<&Newsletter> {
        self.newsletter(slug).filter(|newsletter| !newsletter.is_private)
    }

    /// A newsletter's name for readers; the publication's for a newsletter that is no more.
    pub fn title_of(&self, slug: &str) -> String {
        self.newsletter(slug).map_or(&self.publication.title, |newsletter| &newsletter.title).clone()
    }

    /// The path of a link that is counted; none if they are not.
    fn counted_link(&self, (holder, way): (Holder, Way), target: Target) -> Option<String> {
        let key = self.counting.as_ref().filter(|_| way == Way::Open)?;
        Some(self.path(&format!("go/{}", CountedLink { holder, target }.sign(key))))
    }

    /// The path that all of the site's own paths begin with; ends with a slash.
    pub fn root(&self) -> &str {
        self.publication.base_url.path()
    }
}

/// The page of a template. Only writing can fail, and writing into memory does not.
fn written(template: &impl Template) -> String {
    template.render().expect("a template writes into memory")
}
