//! Forms that are posted to other people's servers.

use url::{Url, form_urlencoded};

use super::{Fetcher, explain, parse_url, refused, shown};
use crate::source::Error;

impl Fetcher {
    /// Posts a form, and returns the status of the answer and the beginning of what it says. Redirects are not followed.
    ///
    /// # Errors
    /// If the address is none of the web's or not public, or the server does not answer in time.
    pub async fn post_form(
        &self,
        url: &str,
        form: &[(&str, &str)],
        allow_private: bool,
    ) -> Result<(u16, String), Error> {
        let url = parse_url(url)?;
        if !allow_private {
            self.0.network.check_literal(&url).map_err(|error| refused(&url, error))?;
        }
        let limit = self.0.limits.total;
        let late =
            |_| Error::unavailable(format!("{} did not answer within {} s", shown(&url), limit.as_secs()));
        tokio::time::timeout(limit, self.post(&url, form, allow_private)).await.map_err(late)?
    }

    async fn post(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        allow_private: bool,
    ) -> Result<(u16, String), Error> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client(allow_private)?.post(url.clone());
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let mut response = request.send().await.map_err(|error| explain(&error, url))?;
        let status = response.status().as_u16();
        let said = response.chunk().await.map_err(|error| explain(&error, url))?.unwrap_or_default();
        Ok((status, String::from_utf8_lossy(&said).chars().take(200).collect()))
    }
}
