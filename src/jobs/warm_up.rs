//! Who gets an edition on which day while the sender is being warmed up: who confirmed last comes first, because they
//! read it, and what receivers see of a new sender decides how they treat it.

use std::time::Duration;

use super::Settings;
use crate::model::day::Day;
use crate::model::newsletter::Newsletter;
use crate::model::time::Timestamp;
use crate::model::warm_up::{MEMORY, WarmUp};
use crate::store::{ALL_RELAYS, Store, Wave};

/// How much may go out on a day: by the plan, and by what went out before it.
pub(super) async fn allowance(store: &Store, plan: WarmUp, day: &Day, now: Timestamp) -> anyhow::Result<u64> {
    Ok(plan.allowance(store.most_handed(ALL_RELAYS, now - MEMORY, &day.date).await?))
}

/// The edition's deliveries by days, if the sender is being warmed up: as many as each day has room for beside what other
/// editions have for it. Those for whom
/// there is no room before it is too old come last, and find it so.
pub(super) async fn waves(
    store: &Store,
    settings: &Settings,
    (newsletter, tick): (&Newsletter, Timestamp),
    now: Timestamp,
) -> anyhow::Result<Vec<Wave>> {
    let Some(plan) = settings.sending.as_ref().and_then(|sending| sending.warm_up) else {
        return Ok(Vec::new());
    };
    let zone = &settings.publication.time_zone;
    let mut day = Day::of(now, zone);
    let mut allowance = allowance(store, plan, &day, now).await?;
    let taken = store.handed_on(ALL_RELAYS, &day.date).await? + store.count_due(None, day.ends_at).await?;
    let mut waves = vec![Wave { size: allowance.saturating_sub(taken), due_at: now }];
    let end = tick + newsletter.retries(tick).age_limit;
    while day.ends_at < end {
        allowance = plan.allowance(allowance);
        let begins_at = day.ends_at;
        day = Day::of(begins_at, zone);
        let taken = store.count_due(Some(begins_at), day.ends_at).await?;
        waves.push(Wave { size: allowance.saturating_sub(taken), due_at: begins_at });
    }
    waves.push(Wave { size: u64::MAX, due_at: end + Duration::from_secs(1) });
    Ok(waves)
}
