//! `courant init`: a configuration file to begin with.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Context;

const TEMPLATE: &str = include_str!("courant.toml");

/// Arguments of `courant init`.
#[derive(clap::Args)]
pub struct Args {
    /// Where to write it: a file, or a directory that is there [default: the one of --config]
    path: Option<PathBuf>,
}

/// Writes a commented configuration file, unless there is one, and says what comes next.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let path = args.path.as_deref().unwrap_or_else(|| context.config_path());
    let path = if path.is_dir() { path.join("courant.toml") } else { path.to_owned() };
    write_new(&path)?;
    context.output.line(format_args!("Wrote {}.\n", path.display()))?;
    context.output.line(next_steps(&path))?;
    Ok(())
}

fn write_new(path: &Path) -> anyhow::Result<()> {
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => anyhow::anyhow!(
            "{} is there already and was left as it is: name another file with `courant init PATH`",
            path.display()
        ),
        _ => anyhow::Error::new(error).context(format!("{} cannot be written", path.display())),
    })?;
    file.write_all(TEMPLATE.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))
}

fn next_steps(path: &Path) -> String {
    let option = if path == Path::new("courant.toml") {
        String::new()
    } else {
        format!(" --config {}", path.display())
    };
    format!(
        "Next:\n  \
         1. Open it: fill in title and base_url, name a [[source]], a [[newsletter]] and your relay.\n  \
         2. courant{option} config check        says what is wrong with it\n  \
         3. courant{option} source fetch        pulls your articles\n  \
         4. courant{option} newsletter preview daily -o daily.html\n  \
         5. courant{option} run"
    )
}
