//! The daemon as a process: what it does when it is told to stop or to read its configuration again.

use std::path::Path;

use anyhow::Context as _;
use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Daemon;
use crate::config;
use crate::model::time::Clock;

/// Runs the daemon by the configuration at `path` until SIGTERM or SIGINT; SIGHUP reads the file again.
///
/// # Errors
/// If it cannot start.
pub async fn run(path: &Path, clock: Clock) -> anyhow::Result<()> {
    run_until(path, clock, std::future::pending()).await
}

/// As [`run`], and no longer than `done` takes, which is begun once the daemon has started.
///
/// # Errors
/// If it cannot start.
pub async fn run_until(path: &Path, clock: Clock, done: impl Future<Output = ()>) -> anyhow::Result<()> {
    let config = config::load(path)?;
    let mut hangup = listen(SignalKind::hangup())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    let daemon = Daemon::start(&config, clock).await?;
    notify(&[NotifyState::Ready]);
    let mut done = std::pin::pin!(done);
    loop {
        tokio::select! {
            () = &mut done => break,
            _ = hangup.recv() => reload(&daemon, path).await,
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    tracing::info!("Stopping; what is in flight ends first");
    notify(&[NotifyState::Stopping]);
    daemon.stop().await;
    tracing::info!("Stopped");
    Ok(())
}

/// A faulty file changes nothing: who runs a newspaper at night must not be stopped by a typing error.
async fn reload(daemon: &Daemon, path: &Path) {
    let outcome = match config::load(path) {
        Ok(config) => daemon.reload(&config).await,
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(()) => {
            tracing::info!(file = %path.display(), "Read the configuration again; it holds from now on");
        }
        Err(error) => tracing::error!(
            file = %path.display(), error = format!("{error:#}"),
            "The configuration was not taken; the one before it stays"
        ),
    }
}

fn listen(kind: SignalKind) -> anyhow::Result<Signal> {
    signal(kind).context("cannot listen for signals")
}

/// Tells systemd, where it is the parent; elsewhere this does nothing.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd was not told");
    }
}
