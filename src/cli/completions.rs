//! `courant completions`: what a shell needs to complete our commands.

use clap::CommandFactory;

use super::{Arguments, Context};

/// Arguments of `courant completions`.
#[derive(clap::Args)]
pub struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

/// Prints the completion script of a shell.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "courant", &mut script);
    context.output.document(&script)?;
    Ok(())
}
