//! `[sign_up]`: what holds back sign-ups that no reader meant. `docs/abuse.md` has the rules.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::file;
use super::problem::Fault;
use super::section::Section;
use crate::model::vetting::Vetting;

/// The keys of `[sign_up]`.
pub(super) const KEYS: &[&str] = &["disposable", "disposable_domains", "per_hour", "roles"];

/// The domains of disposable mailboxes that Courant knows by itself, one a line.
const DISPOSABLE: &str = include_str!("disposable.txt");

const MOST_AN_HOUR: i64 = 1_000_000;
const USUAL_AN_HOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(299);

/// Whether what the key names is refused.
const TAKEN: &[(&str, bool)] = &[("take", false), ("refuse", true)];

/// What holds back sign-ups that no reader meant.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// How many in an hour are taken as they come.
    pub per_hour: NonZeroU32,
    /// Which addresses are taken.
    pub vetting: Vetting,
}

/// The table, or its defaults.
pub(super) fn read(root: &Section<'_>) -> SignUp {
    let Some(section) = root.section("sign_up", KEYS) else {
        return SignUp { per_hour: USUAL_AN_HOUR, vetting: Vetting::default() };
    };
    let per_hour = section.number("per_hour", 1..=MOST_AN_HOUR);
    let per_hour = per_hour.and_then(|number| u32::try_from(number).ok()).and_then(NonZeroU32::new);
    let refuses_disposable = section.choice("disposable", TAKEN).unwrap_or_default();
    let own = own_list(&section);
    let list = own.as_deref().unwrap_or(DISPOSABLE);
    let disposable = if refuses_disposable { domains(list) } else { HashSet::new() };
    SignUp {
        per_hour: per_hour.unwrap_or(USUAL_AN_HOUR),
        vetting: Vetting {
            refuses_roles: section.choice("roles", TAKEN).unwrap_or_default(),
            disposable: Arc::new(disposable),
        },
    }
}

/// The text of the operator's list, if there is one.
fn own_list(section: &Section<'_>) -> Option<String> {
    let path = section.parsed("disposable_domains", |text| Ok(text.path(section.document.directory())))?;
    match file::read(&path) {
        Ok(text) => Some(text),
        Err(errors) => {
            let why = errors.problems().first().map_or_else(String::new, |problem| problem.message.clone());
            let fault = Fault::new(format!("{} cannot be read: {why}", path.display()));
            section.note(
                "disposable_domains",
                fault.help("name a file of domains, one a line, or take the key away"),
            );
            None
        }
    }
}

fn domains(list: &str) -> HashSet<Box<str>> {
    let lines = list.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(|line| line.to_lowercase().into()).collect()
}
