//! Editions that grow too old while they are being sent.

use super::{Sender, State};
use crate::jobs::Settings;
use crate::model::time::Timestamp;
use crate::store::{Aged, Aging};

impl Sender {
    /// Takes editions off the road whose time is over, whether or not anything of them may be claimed now. Returns how
    /// much that changed.
    ///
    /// A clock that leapt ahead must not cost anybody an edition: the time counts that was last believed.
    pub(super) async fn age(
        &self,
        state: &mut State,
        settings: &Settings,
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        let store = &self.surroundings.store;
        let mut changed = 0;
        for edition in store.aging_editions().await? {
            let Some(end) = end(settings, &edition).filter(|end| now > *end) else { continue };
            if store.find_last_seen().await?.is_none_or(|seen| seen <= end) {
                continue;
            }
            changed += match store.age_edition(edition.id, end, now).await? {
                Aged::Stale(0) | Aged::Expired(0) => continue,
                Aged::Stale(untried) => {
                    state.parcels.remove(&edition.id);
                    let id = edition.id;
                    tracing::error!(
                        edition = %id, newsletter = edition.newsletter, untried,
                        "An edition is stale: its time was over before all of it was tried. `courant edition resume \
                        {id}` sends it after all, `courant edition cancel {id}` does not"
                    );
                    1
                }
                Aged::Expired(deliveries) => {
                    tracing::warn!(
                        edition = %edition.id, newsletter = edition.newsletter, deliveries,
                        "Given up, because the edition is too old: they were tried in vain, or warming up had no room for them"
                    );
                    usize::try_from(deliveries).unwrap_or(usize::MAX)
                }
            };
        }
        Ok(changed)
    }
}

/// Until when the edition is sent; unknown while its newsletter is not configured.
fn end(settings: &Settings, edition: &Aging) -> Option<Timestamp> {
    let newsletter = settings.newsletters.iter().find(|known| known.slug.as_str() == edition.newsletter)?;
    Some(edition.send_until.unwrap_or(edition.tick + newsletter.retries(edition.tick).age_limit))
}
