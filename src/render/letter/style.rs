//! The style sheet of mails, written into their elements: many mail programs read no other.

use askama::Template;
use css_inline::CSSInliner;

use crate::render::accent::Accent;

#[derive(Template)]
#[template(path = "letter/inline.css", escape = "none")]
struct Sheet<'a> {
    accent: &'a Accent,
}

/// `html` with the sheet in its elements and without indentation. Nothing is fetched, and `style` elements, which
/// hold only what enhances, stay as they are.
pub(super) fn inline(html: &str, accent: &Accent) -> Result<String, super::Error> {
    let sheet = Sheet { accent }.render()?;
    let inliner = CSSInliner::options()
        .inline_style_tags(false)
        .keep_style_tags(true)
        .load_remote_stylesheets(false)
        .minify_css(true)
        .extra_css(Some(sheet.into()))
        .build();
    Ok(inliner.inline(&without_indentation(html))?)
}

/// Text in a digest has no line breaks, so that every one is the template's.
fn without_indentation(html: &str) -> String {
    let lines = html.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}
