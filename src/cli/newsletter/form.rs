//! The sign-up form of a newsletter, as HTML for another site.

use super::super::Context;
use crate::daemon::settings;
use crate::render::page::embedded_form;

pub(super) fn run(slug: &str, context: &Context) -> anyhow::Result<()> {
    let settings = settings(&context.config()?);
    let newsletter = super::named(&settings, slug)?;
    Ok(context.output.line(embedded_form(&settings.publication, newsletter))?)
}
