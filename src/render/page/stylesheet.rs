//! The one style sheet of all pages.

use askama::Template;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::model::publication::Theme;
use crate::render::accent::Accent;

#[derive(Template)]
#[template(path = "page/style.css", escape = "none")]
struct Sheet {
    accent: Accent,
}

/// A style sheet under a name that changes with it, so that it can be kept for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stylesheet {
    /// The last part of its path.
    pub name: String,
    /// What is in it.
    pub css: String,
}

impl Stylesheet {
    /// The style sheet in a theme's colour.
    pub fn of(theme: &Theme) -> Self {
        let css = super::written(&Sheet { accent: Accent::of(&theme.accent) });
        let hash = HEXLOWER.encode(&Sha256::digest(css.as_bytes())[..8]);
        Self { name: format!("style-{hash}.css"), css }
    }
}
