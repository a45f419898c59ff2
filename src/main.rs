//! Starts Courant.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    courant::cli::main(std::env::args_os()).await
}
