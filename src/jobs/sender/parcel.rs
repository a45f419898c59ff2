//! An edition ready for sending: its digest, encoded, and what its deliveries have in common.

use std::fmt;
use std::sync::Arc;

use anyhow::Context as _;

use super::stop_loss::StopLoss;
use crate::jobs::{Settings, mailing};
use crate::mail::mould::Mould;
use crate::model::delivery::{RetryPolicy, UncertainPolicy};
use crate::model::edition::EditionId;
use crate::model::newsletter::NewsletterId;
use crate::model::time::Timestamp;
use crate::render::letter::Letter;
use crate::store::{Store, WaitingEdition};

/// An edition ready for sending.
pub(super) struct Parcel {
    pub(super) edition: EditionId,
    pub(super) newsletter: NewsletterId,
    pub(super) tick: Timestamp,
    pub(super) mould: Mould,
    pub(super) retries: RetryPolicy,
    /// Until when it is sent, if an operator has said so in place of its age limit.
    pub(super) send_until: Option<Timestamp>,
    pub(super) uncertain: UncertainPolicy,
    pub(super) stop_loss: StopLoss,
}

impl Parcel {
    /// Encodes the digest of an edition. Its header is the one that the first attempt had.
    pub(super) async fn pack(
        store: &Store,
        settings: &Settings,
        edition: &WaitingEdition,
    ) -> anyhow::Result<Arc<Self>> {
        let WaitingEdition { id, newsletter_id, newsletter, tick, send_until, .. } = edition;
        let newsletter = settings.newsletters.iter().find(|known| known.slug.as_str() == newsletter);
        let newsletter = newsletter.context("its newsletter is no longer configured: it waits")?;
        let facts = store.find_edition(*id).await?.context("it is gone")?;
        let (html, text) = store.find_edition_body(*id).await?.context("it is gone")?;
        let is_resumed = facts.reason.is_some();
        let letter = Letter { subject: facts.subject, preheader: facts.preheader, html, text };
        let head = mailing::head(settings, newsletter, &letter, *tick)?;
        let head = store.keep_edition_head(*id, &head).await?;
        Ok(Arc::new(Self {
            edition: *id,
            newsletter: *newsletter_id,
            tick: *tick,
            mould: mailing::mould_of(settings, &head, &letter, *tick)?,
            retries: newsletter.retries(*tick),
            send_until: *send_until,
            uncertain: newsletter.uncertain,
            stop_loss: StopLoss::new(is_resumed),
        }))
    }

    /// Until when it is sent.
    pub(super) fn end(&self) -> Timestamp {
        self.send_until.unwrap_or(self.tick + self.retries.age_limit)
    }

    /// Whether the time in which the edition is of use is over.
    pub(super) fn is_too_old(&self, now: Timestamp) -> bool {
        now > self.end()
    }
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parcel({})", self.edition)
    }
}
