//! An installation as an operator has it: a folder with a configuration, and the program as it was built.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// How often the tests look whether something has happened, and how often they give up waiting for it.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOKS: usize = 400;

/// A folder with a configuration.
pub struct Installation {
    directory: TempDir,
}

impl Installation {
    pub fn new() -> Self {
        let installation = Self { directory: tempfile::tempdir().unwrap() };
        installation.configure("daily");
        installation
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Writes a configuration with one newsletter of this slug.
    pub fn configure(&self, slug: &str) {
        let text = format!(
            r#"
[publication]
title = "The Harbour Light"
base_url = "https://news.example.org"
postal_address = "1 Quay Street, Seaport"
[web]
listen = "127.0.0.1:0"
[mail]
from = "The Harbour Light <digest@news.example.org>"
[mail.relay]
url = "smtp://127.0.0.1:1"
[[newsletter]]
slug = "{slug}"
title = "The Daily Light"
schedule = "0 7 * * *"
"#
        );
        fs::write(self.path().join("courant.toml"), text).unwrap();
    }

    /// Changes the configuration.
    pub fn change(&self, from: &str, to: &str) {
        let path = self.path().join("courant.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_remove("COURANT_CONFIG")
            .env("COURANT_LOG", "info");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub async fn start(&self) -> Daemon {
        let log = fs::File::create(self.path().join("log")).unwrap();
        let child = self.command(&["run"]).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut daemon = Daemon { child, url: String::new() };
        daemon.url = format!("http://{}", self.address().await);
        daemon.until_it_answers("/", 200).await;
        daemon
    }

    pub fn log(&self) -> String {
        let mut text = String::new();
        fs::File::open(self.path().join("log")).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// Where the daemon that was started last listens, as it logs it.
    pub async fn address(&self) -> String {
        self.until_the_log_says("Listening address=").await;
        let log = self.log();
        log.split("Listening address=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
    }

    pub async fn until_the_log_says(&self, words: &str) {
        for _ in 0..LOOKS {
            if self.log().contains(words) {
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("the log never said {words:?}:\n{}", self.log());
    }
}

/// The program, running.
pub struct Daemon {
    pub child: Child,
    pub url: String,
}

impl Daemon {
    pub async fn status(&self, path: &str) -> Option<u16> {
        Some(reqwest::get(format!("{}{path}", self.url)).await.ok()?.status().as_u16())
    }

    pub async fn until_it_answers(&self, path: &str, status: u16) {
        for _ in 0..LOOKS {
            if self.status(path).await == Some(status) {
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("{path} never answered {status}");
    }

    pub fn signal(&self, name: &str) {
        let sent =
            Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    pub async fn ended(&mut self) -> std::process::ExitStatus {
        for _ in 0..LOOKS {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("it never ended");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.child.try_wait().unwrap().is_none() {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits until something is so; where it never is, says what is instead.
pub async fn until(is_so: impl Fn() -> bool, what_is: impl Fn() -> String) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("it never was so:\n{}", what_is());
}
