//! The counting of visits as a job: the web server holds what it has seen, and it is to be written down.

use crate::jobs::Job;
use crate::model::time::Timestamp;
use crate::web::Web;

/// Writes down the visits that the web server has seen.
#[derive(Clone)]
pub struct CountKeeper {
    web: Web,
}

impl CountKeeper {
    /// The keeper of this server's counts.
    pub const fn new(web: Web) -> Self {
        Self { web }
    }
}

impl Job for CountKeeper {
    const NAME: &'static str = "count keeper";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        Ok(self.web.write_visits(now).await?)
    }
}
