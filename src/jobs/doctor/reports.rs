//! The ways by which reports come in: looked at as the daemon uses them. Mail goes out without them, so nothing is red.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::time::Duration;

use tokio::fs;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::jobs::listener::NAME;
use crate::jobs::{Listen, Reports};
use crate::mail::imap::{Connection, Limits, MailboxSettings, Step};
use crate::model::doctor::{Finding, Group};

/// How long a mailbox is given for each step, and altogether.
const STEP: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(40);

/// Looks at all ways at once.
pub(super) async fn examine(reports: &Reports) -> Vec<Finding> {
    let maildir = async {
        match &reports.maildir {
            Some(folder) => Some(look_into(folder).await),
            None => None,
        }
    };
    let listener = async {
        match reports.listen {
            Some(listen) => Some(knock(listen).await),
            None => None,
        }
    };
    let mailbox = async {
        match &reports.mailbox {
            Some(mailbox) => Some(open(mailbox).await),
            None => None,
        }
    };
    let (maildir, listener, mailbox) = tokio::join!(maildir, listener, mailbox);
    [maildir, listener, mailbox].into_iter().flatten().collect()
}

async fn look_into(folder: &Path) -> Finding {
    for name in ["new", "cur"] {
        if let Err(error) = fs::read_dir(folder.join(name)).await {
            return Group::Reports.yellow(
                "maildir",
                format!("{} of the Maildir {} cannot be listed: {error}", name, folder.display()),
                "make new, cur and tmp in it, as the user who runs the daemon; or put [reports] maildir right",
            );
        }
    }
    Group::Reports.green("maildir", format!("the Maildir {} is there", folder.display()))
}

async fn knock(listen: Listen) -> Finding {
    let address = listen.address;
    match timeout(STEP, greeting(listen)).await {
        Ok(Ok(words)) if words.contains(NAME) => {
            Group::Reports.green("listener", format!("Courant listens on {address}"))
        }
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
            match TcpListener::bind(address).await {
                Ok(_) => Group::Reports
                    .green("listener", format!("{address} is free: it is listened on while the daemon runs")),
                Err(error) => Group::Reports.yellow(
                    "listener",
                    format!("{address} cannot be listened on: {error}"),
                    "name another port in [reports] listen, above 1023",
                ),
            }
        }
        _ => Group::Reports.yellow(
            "listener",
            format!("another program listens on {address}"),
            "name another port in [reports] listen, or stop what listens there",
        ),
    }
}

async fn greeting(listen: Listen) -> Result<String, Error> {
    let mut line = String::new();
    let socket = TcpStream::connect(listen.address).await?;
    BufReader::new(socket.take(512)).read_line(&mut line).await?;
    Ok(line)
}

async fn open(mailbox: &MailboxSettings) -> Finding {
    let limits = Limits { connect: STEP, command: STEP, ..mailbox.limits };
    let settings = MailboxSettings { limits, ..mailbox.clone() };
    let trouble = match timeout(LONGEST, Connection::open(&settings)).await {
        Ok(Ok(connection)) => {
            let speed = if connection.tells_news() {
                "the server tells what is new"
            } else {
                "it is looked into once a minute, because the server does not tell what is new (IDLE)"
            };
            connection.close().await;
            return Group::Reports
                .green("mailbox", format!("the folder {:?} is open; {speed}", mailbox.folder));
        }
        Ok(Err(trouble)) => trouble,
        Err(_) => {
            let what = format!("{} was not done in {} s", mailbox.host, LONGEST.as_secs());
            return Group::Reports.yellow("mailbox", what, "see what keeps the server");
        }
    };
    let remedy = match trouble.step {
        Step::Connect => {
            "see whether the server runs, whether [reports.imap] url names it and its port, and whether a firewall is between"
        }
        Step::Encrypt => {
            "name the server as its certificate does; for TLS from the first byte write imaps:// and port 993, for STARTTLS \
             imap:// and port 143"
        }
        Step::Greet => "see what listens there: [reports.imap] url has to name an IMAP server",
        Step::LogIn => {
            "see to user and password in [reports.imap]; some providers want a password made for programs"
        }
        Step::Folder => "make the folder in a mail program, or put [reports.imap] url or move_to right",
        Step::Work | Step::Break => "the server's words say why; if they do not, its log may",
    };
    Group::Reports.yellow("mailbox", trouble.to_string(), remedy)
}
