//! `[mail.warm_up]`: how a sender begins that receivers do not know yet.

use super::problem::Fault;
use super::section::Section;
use crate::model::warm_up::WarmUp;

/// The keys of `[mail.warm_up]`.
pub(super) const KEYS: &[&str] = &["start", "ceiling"];

const DEFAULT_START: u64 = 200;
const MOST: i64 = 1_000_000_000;

/// The table; `None` where it is absent, or was noted as wrong.
pub(super) fn read(mail: &Section<'_>) -> Option<WarmUp> {
    let section = mail.section("warm_up", KEYS)?;
    if !section.has("ceiling") {
        section.note_missing("ceiling", "ceiling = 50000, the most that shall go out on a day");
    }
    let number = |key| section.number(key, 1..=MOST).and_then(|number| u64::try_from(number).ok());
    let (start, ceiling) = (number("start").unwrap_or(DEFAULT_START), number("ceiling")?);
    if start > ceiling {
        let fault = Fault::new(format!("a day cannot have {start} messages at first and {ceiling} at most"));
        section.note("ceiling", fault.help("make ceiling larger or start smaller"));
    }
    Some(WarmUp { start, ceiling })
}
