//! RSS, Atom and JSON Feed.

use super::{Error, FeedSettings, Fetcher, Pull, fetch};
use crate::model::time::Timestamp;

pub(super) async fn pull(
    settings: &FeedSettings,
    fetcher: &Fetcher,
    _cursor: &str,
    now: Timestamp,
) -> Result<Pull, Error> {
    let url = fetch::parse_url(&settings.url)?;
    let request = fetch::Request {
        url: &url,
        accept: "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5",
        allow_private: settings.allow_private,
        etag: None,
        last_modified: None,
    };
    let answer = fetcher.fetch(&request).await?;
    let reason = "this version does not read feeds yet".to_owned();
    Err(answer.failure(now).unwrap_or(Error::Unavailable { reason, not_before: answer.not_before(now) }))
}
