//! The hub's work as a job: the web server knows what it serves, and to whom it is to be sent.

use std::time::Duration;

use crate::jobs::Job;
use crate::model::time::Timestamp;
use crate::source::fetch::{Fetcher, Limits, Network};
use crate::web::Web;

/// How long a callback may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Verifies what is asked of the hub, and hands out what has changed.
#[derive(Clone)]
pub struct HubWork {
    web: Web,
    fetcher: Fetcher,
}

impl HubWork {
    /// How often changes are looked for: who subscribes is told of them within a second.
    pub const POLL: Duration = Duration::from_millis(200);

    /// The work of this server's hub; `contact` is an address of the publication's.
    pub fn new(web: Web, contact: &str, network: Network) -> Self {
        let limits = Limits { connect: PATIENCE / 2, total: PATIENCE, ..Limits::default() };
        Self { web, fetcher: Fetcher::with(contact, limits, network) }
    }
}

impl Job for HubWork {
    const NAME: &'static str = "hub";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        Ok(self.web.serve_hub(&self.fetcher, now).await?)
    }
}
