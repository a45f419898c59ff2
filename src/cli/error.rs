//! How a command's failure is told, and with which exit code.

use std::io;
use std::process::ExitCode;

/// The command was called in a way that cannot mean anything: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongUse(pub String);

/// The command has already printed why it failed: exit code 1 and not a word more.
#[derive(Debug, thiserror::Error)]
#[error("it failed, as printed")]
pub struct AlreadyReported;

/// A mail server handed us a mail that could not be kept: exit code 75 (`EX_TEMPFAIL` of sysexits), by which it keeps the
/// mail and hands it in again. With any other code it would send a bounce to whoever sent the bounce.
#[derive(Debug, thiserror::Error)]
#[error("the mail was not taken into account; it may be handed in again")]
pub struct TryAgain;

/// `EX_TEMPFAIL`.
const TRY_AGAIN: u8 = 75;

/// Prints `failure` on standard error, and returns the exit code that belongs to it.
///
/// Who reads our output may stop reading (`| head`): that is no failure.
pub(super) fn report(failure: &anyhow::Error) -> ExitCode {
    if let Some(error) = failure.downcast_ref::<clap::Error>() {
        // Standard error is gone: there is nobody left to tell.
        let _ = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    if is_closed_pipe(failure) {
        return ExitCode::SUCCESS;
    }
    if failure.is::<AlreadyReported>() {
        return ExitCode::FAILURE;
    }
    print(failure);
    match () {
        () if failure.is::<WrongUse>() => ExitCode::from(2),
        () if failure.is::<TryAgain>() => ExitCode::from(TRY_AGAIN),
        () => ExitCode::FAILURE,
    }
}

fn is_closed_pipe(failure: &anyhow::Error) -> bool {
    failure
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn print(failure: &anyhow::Error) {
    use std::io::Write;
    // Standard error is gone: there is nobody left to tell.
    let _ = writeln!(io::stderr(), "error: {failure:#}");
}
