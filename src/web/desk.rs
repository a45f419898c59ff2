//! The demo's second address: the inbox's pages, and what its agency serves.

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::documents::{self, Document};
use super::inbox;
use crate::mail::inbox::Inbox;

/// Serves both until told to stop.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    inbox: Arc<Inbox>,
    documents: Vec<Document>,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let router = inbox::router(inbox).merge(documents::router(documents));
    axum::serve(listener, router).with_graceful_shutdown(shutdown.cancelled_owned()).await
}
