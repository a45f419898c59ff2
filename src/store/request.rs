//! Names by which programs send a request again: what was asked under each, for a day.

use super::{Error, Store};
use crate::model::time::Timestamp;

const KEEP: &str = "INSERT INTO request (name_hash, body_hash, at) VALUES ($1, $2, $3)
    ON CONFLICT (name_hash) DO NOTHING";
const BODY: &str = "SELECT body_hash FROM request WHERE name_hash = $1";
const FORGET: &str = "DELETE FROM request WHERE at < $1";

impl Store {
    /// Keeps the name of a request, of which only hashes are written down. Returns false if another request had it.
    pub async fn keep_request_name(&self, name: &str, body: &[u8], now: Timestamp) -> Result<bool, Error> {
        let name = self.key.hash(&format!("request {name}"));
        let body = self.key.hash(&format!("request body {}", data_encoding::HEXLOWER.encode(body)));
        let mut transaction = self.write.begin().await?;
        sqlx::query(KEEP).bind(&name).bind(&body).bind(now).execute(&mut *transaction).await?;
        let kept: Vec<u8> = sqlx::query_scalar(BODY).bind(&name).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(kept == body)
    }

    /// Forgets the names of requests from before `before`.
    pub async fn forget_request_names(&self, before: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET).bind(before)).await?;
        Ok(())
    }
}
