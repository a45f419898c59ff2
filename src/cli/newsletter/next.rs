//! When a newsletter goes out next.

use serde::Serialize;

use super::super::{Context, Form, Row};
use crate::cli::moment;
use crate::daemon::settings;
use crate::model::time::Timestamp;

#[derive(Serialize)]
struct Next {
    utc: Timestamp,
    local: String,
    seconds_until: u64,
}

impl Row for Next {
    const COLUMNS: &[&str] = &["LOCAL", "UTC", "IN"];

    fn cells(&self) -> Vec<String> {
        vec![self.local.clone(), self.utc.to_string(), moment::span(self.seconds_until)]
    }
}

pub(super) fn run(slug: &str, number: usize, form: Form, context: &Context) -> anyhow::Result<()> {
    let settings = settings(&context.config()?);
    let newsletter = super::named(&settings, slug)?;
    let now = context.clock.now();
    let ticks: Vec<Next> = newsletter
        .schedule
        .ticks_after(now)
        .take(number)
        .map(|tick| Next {
            utc: tick,
            local: moment::local(tick, newsletter.time_zone()),
            seconds_until: tick.since(now).as_secs(),
        })
        .collect();
    Ok(context.output.list(form, &ticks, "It never goes out.")?)
}
