//! Names by which programs send a request again: what was asked under each, for a day.

use super::{Error, Store};
use crate::model::time::Timestamp;

const KEEP: &str = "INSERT INTO request (name_hash, body_hash, at) VALUES ($1, $2, $3)
    ON CONFLICT (name_hash) DO NOTHING";
const BODY: &str = "SELECT body_hash FROM request WHERE name_hash = $1";
const FORGET: &str = "DELETE FROM request WHERE at < $1";

impl Store {
    /// Whether what was asked under this name before is the same; `None` if nothing was.
    pub async fn find_request(&self, name: &str, body: &[u8]) -> Result<Option<bool>, Error> {
        let (name, body) = self.request_hashes(name, body);
        let kept: Option<Vec<u8>> = sqlx::query_scalar(BODY).bind(name).fetch_optional(&self.read).await?;
        Ok(kept.map(|kept| kept == body))
    }

    /// Keeps what was asked under a name, after it was done: only hashes are written down.
    pub async fn keep_request(&self, name: &str, body: &[u8], now: Timestamp) -> Result<(), Error> {
        let (name, body) = self.request_hashes(name, body);
        self.write.execute(sqlx::query(KEEP).bind(name).bind(body).bind(now)).await?;
        Ok(())
    }

    /// Forgets the names of requests from before `before`.
    pub async fn forget_requests(&self, before: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET).bind(before)).await?;
        Ok(())
    }

    fn request_hashes(&self, name: &str, body: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let body = data_encoding::HEXLOWER.encode(body);
        (self.key.hash(&format!("request {name}")), self.key.hash(&format!("request body {body}")))
    }
}
