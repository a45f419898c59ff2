//! What the operator's own programs ask: whether the server lives, whether it can serve, what it has done.

use std::fmt::{Display, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use super::{Error, Web};

/// What the server has done since its start.
#[derive(Debug, Default)]
pub struct Counts {
    /// How many requests were answered, by the first digit of the status.
    answers: [AtomicU64; 6],
    /// How many documents were made, and not found in memory.
    made: AtomicU64,
    /// How many requests were answered by what lay ready, before all routes.
    ready: AtomicU64,
}

impl Counts {
    /// Counts one answer.
    pub fn add(&self, status: StatusCode) {
        if let Some(count) = self.answers.get(usize::from(status.as_u16() / 100)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a document that was made.
    pub fn add_made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answer that lay ready.
    pub fn add_ready(&self, status: StatusCode) {
        self.add(status);
        self.ready.fetch_add(1, Ordering::Relaxed);
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
    let (store, now) = (&web.0.store, web.0.clock.now());
    let mut text = Exposition::default();
    let classes = web.0.counts.answers.iter().enumerate().skip(1);
    let classes = classes.map(|(class, count)| (format!("{class}xx"), count.load(Ordering::Relaxed)));
    text.family("http_requests_total", "counter", "code", classes);
    text.counter("documents_made_total", web.0.counts.made.load(Ordering::Relaxed));
    text.counter("answers_ready_total", web.0.counts.ready.load(Ordering::Relaxed));
    text.gauge("http_cache_bytes", web.0.cache.bytes());
    text.gauge("articles", store.count_articles().await?);
    text.gauge("sources_failing", store.count_failing_sources().await?);
    let (pictures, picture_bytes) = store.picture_counts().await?;
    text.family("pictures", "gauge", "state", pictures.into_iter());
    text.gauge("picture_bytes", picture_bytes);
    let unfinished = store.count_unfinished_editions().await?.into_iter();
    text.family(
        "editions_unfinished",
        "gauge",
        "state",
        unfinished.map(|(state, count)| (state.as_str(), count)),
    );
    text.family("delivery_attempts_total", "counter", "end", store.attempts());
    text.gauge(
        "providers_held",
        store.provider_holds(now).await?.iter().filter(|hold| hold.until > now).count(),
    );
    text.gauge("clock_suspect", u8::from(store.find_clock_suspicion().await?.is_some()));
    text.gauge("preflight_red", u8::from(store.find_preflight().await?.is_some()));
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.0))
}

/// Figures as Prometheus reads them.
#[derive(Default)]
struct Exposition(String);

impl Exposition {
    fn gauge(&mut self, name: &str, value: impl Display) {
        self.single(name, "gauge", value);
    }

    fn counter(&mut self, name: &str, value: impl Display) {
        self.single(name, "counter", value);
    }

    fn single(&mut self, name: &str, kind: &str, value: impl Display) {
        writeln!(self.0, "# TYPE courant_{name} {kind}\ncourant_{name} {value}").expect("memory takes it");
    }

    fn family(
        &mut self,
        name: &str,
        kind: &str,
        label: &str,
        values: impl Iterator<Item = (impl Display, impl Display)>,
    ) {
        writeln!(self.0, "# TYPE courant_{name} {kind}").expect("memory takes it");
        for (of, value) in values {
            writeln!(self.0, "courant_{name}{{{label}=\"{of}\"}} {value}").expect("memory takes it");
        }
    }
}
