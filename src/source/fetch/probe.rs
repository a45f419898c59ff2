//! Our own pages, asked for as a reader's program asks: without following a redirect, and not shy of any address.

use std::time::Duration;

use url::Url;

use super::{Fetcher, explain, shown};
use crate::source::Error;

/// What a mail program posts (RFC 8058 §3.1).
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// How much of an answer is read.
const MOST_BYTES: usize = 64 * 1024;

/// What came back.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The status.
    pub status: u16,
    /// Where it sends us instead, if it does.
    pub location: Option<String>,
    /// What the server says the time is.
    pub date: Option<String>,
    /// By what the server shows that it knows our key.
    pub countersign: Option<String>,
    /// The beginning of what it says.
    pub text: String,
}

impl Fetcher {
    /// Asks for one of our pages.
    ///
    /// # Errors
    /// If nothing that speaks HTTP answers in time.
    pub async fn look_at(&self, url: &Url) -> Result<Probe, Error> {
        self.probe(url, None).await
    }

    /// Posts what a mail program posts when its reader has clicked on "unsubscribe".
    ///
    /// # Errors
    /// As [`Fetcher::look_at`].
    pub async fn click(&self, url: &Url) -> Result<Probe, Error> {
        self.probe(url, Some(ONE_CLICK)).await
    }

    async fn probe(&self, url: &Url, form: Option<&'static str>) -> Result<Probe, Error> {
        let limit = self.0.limits.total;
        let late =
            |_| Error::unavailable(format!("{} did not answer within {} s", shown(url), limit.as_secs()));
        tokio::time::timeout(limit, self.exchange(url, form)).await.map_err(late)?
    }

    async fn exchange(&self, url: &Url, form: Option<&'static str>) -> Result<Probe, Error> {
        let client = self.client(true)?;
        let request = match form {
            None => client.get(url.clone()),
            Some(form) => client
                .post(url.clone())
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form),
        };
        let failed = |error: reqwest::Error| explain(&error, url);
        let mut response = request.send().await.map_err(failed)?;
        let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let (location, date, countersign) =
            (header("location"), header("date"), header("courant-countersign"));
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while body.len() < MOST_BYTES
            && let Some(chunk) = response.chunk().await.map_err(failed)?
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(MOST_BYTES);
        Ok(Probe { status, location, date, countersign, text: String::from_utf8_lossy(&body).into_owned() })
    }
}

impl super::Limits {
    /// For pages of our own.
    pub fn for_own_pages() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(15), ..Self::default() }
    }
}
