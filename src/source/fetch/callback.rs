//! Requests to addresses that strangers name: small, without redirects, and never to what is not public.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use url::Url;

use super::{Error, Fetcher, explain, refused};

/// How much of an answer is read.
const ANSWER_BYTES: usize = 4096;

/// What such an address answered.
#[derive(Debug)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

impl Fetcher {
    /// Asks a callback something (GET).
    ///
    /// # Errors
    /// If the address is not public, or nobody answers there in time.
    pub async fn ask_callback(&self, url: &Url) -> Result<Reply, Error> {
        self.call(url, false, |client| client.get(url.clone())).await
    }

    /// Hands something to a callback (POST). `is_ours` is for an address that the operator wrote, which need not be public.
    ///
    /// # Errors
    /// As [`Fetcher::ask_callback`].
    pub async fn post_callback(
        &self,
        url: &Url,
        is_ours: bool,
        (headers, body): (HeaderMap, Bytes),
    ) -> Result<Reply, Error> {
        self.call(url, is_ours, |client| client.post(url.clone()).headers(headers).body(body)).await
    }

    async fn call(
        &self,
        url: &Url,
        is_ours: bool,
        request: impl FnOnce(&reqwest::Client) -> reqwest::RequestBuilder,
    ) -> Result<Reply, Error> {
        if !is_ours {
            self.0.network.check_literal(url).map_err(|error| refused(url, error))?;
        }
        let request = request(self.client(is_ours)?).timeout(self.0.limits.total);
        let mut response = request.send().await.map_err(|error| explain(&error, url))?;
        let (status, mut body) = (response.status().as_u16(), Vec::new());
        while body.len() < ANSWER_BYTES
            && let Some(chunk) = response.chunk().await.map_err(|error| explain(&error, url))?
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(ANSWER_BYTES);
        Ok(Reply { status, body })
    }
}
