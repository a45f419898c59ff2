//! What the operator's own programs ask: whether the server lives, whether it can serve, what it has done.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use super::{Error, Web};

/// How many requests were answered, by the first digit of the status.
#[derive(Debug, Default)]
pub struct Counts([AtomicU64; 6]);

impl Counts {
    /// Counts one answer.
    pub fn add(&self, status: StatusCode) {
        if let Some(count) = self.0.get(usize::from(status.as_u16() / 100)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

pub fn router() -> Router<Web> {
    Router::new().route("/health", get(live)).route("/ready", get(ready)).route("/metrics", get(metrics))
}

/// The process answers.
async fn live() -> &'static str {
    "live\n"
}

/// The database answers too.
async fn ready(State(web): State<Web>) -> Result<&'static str, (StatusCode, &'static str)> {
    match web.0.store.revision().await {
        Ok(_) => Ok("ready\n"),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Not ready: the database does not answer"
            );
            Err((StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"))
        }
    }
}

/// Figures in the text format of Prometheus.
async fn metrics(State(web): State<Web>) -> Result<impl IntoResponse, Error> {
    let mut text = String::from("# TYPE courant_http_requests_total counter\n");
    for (class, count) in web.0.counts.0.iter().enumerate().skip(1) {
        let count = count.load(Ordering::Relaxed);
        writeln!(text, "courant_http_requests_total{{code=\"{class}xx\"}} {count}").expect("memory takes it");
    }
    let (bytes, articles) = (web.0.cache.bytes(), web.0.store.count_articles().await?);
    writeln!(text, "# TYPE courant_http_cache_bytes gauge\ncourant_http_cache_bytes {bytes}")
        .expect("memory");
    writeln!(text, "# TYPE courant_articles gauge\ncourant_articles {articles}").expect("memory takes it");
    text.push_str("# TYPE courant_editions_unfinished gauge\n");
    for (state, count) in web.0.store.count_unfinished_editions().await? {
        let state = state.as_str();
        writeln!(text, "courant_editions_unfinished{{state=\"{state}\"}} {count}").expect("memory takes it");
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
