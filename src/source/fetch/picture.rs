//! Pictures of articles.

use super::{Fetcher, Limits, Request, parse_url};
use crate::model::time::Timestamp;
use crate::source::Error;

/// The most that is read of a picture, in bytes: what cameras write at their best.
const MOST_BYTES: usize = 16 << 20;

/// The kinds that are shown. WebP comes after the others: not all mail programs know it, and what is made of it is larger.
const ACCEPT: &str = "image/jpeg, image/png, image/gif, image/webp;q=0.8, */*;q=0.1";

impl Fetcher {
    /// Fetches a picture, as far as its server says that there is one. What it is, its bytes say.
    ///
    /// # Errors
    /// If the address is no http(s) address or not public, or the server does not answer with all of it in time.
    pub async fn picture(&self, url: &str, allow_private: bool, now: Timestamp) -> Result<Vec<u8>, Error> {
        let url = parse_url(url)?;
        let answer = self.fetch(&Request::new(&url, ACCEPT, allow_private)).await?;
        match answer.failure(now) {
            Some(error) => Err(error),
            None => Ok(answer.body),
        }
    }
}

impl Limits {
    /// For pictures.
    pub fn for_pictures() -> Self {
        Self { bytes: MOST_BYTES, ..Self::default() }
    }
}
