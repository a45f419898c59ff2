//! When a newsletter goes out next.

use super::super::ticks::upcoming;
use super::super::{Context, Form};
use crate::daemon::settings;

pub(super) fn run(slug: &str, number: usize, form: Form, context: &Context) -> anyhow::Result<()> {
    let settings = settings(&context.config()?);
    let newsletter = super::named(&settings, slug)?;
    let ticks = upcoming(&newsletter.schedule, context.clock.now(), number);
    Ok(context.output.list(form, &ticks, "It never goes out.")?)
}
