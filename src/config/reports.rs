//! `[reports]`: where what comes back is found, or handed in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use super::problem::Fault;
use super::section::Section;
use super::server::{self, Address, Kind, Login, Tls};
use super::text::Text;

/// The keys of `[reports]`.
pub(super) const KEYS: &[&str] = &["maildir", "listen", "imap"];

/// The keys of `[reports.imap]`.
pub(super) const IMAP_KEYS: &[&str] = &["url", "password_file", "move_to", "delete"];

const LONGEST_FOLDER: usize = 255;

/// How a mailbox is named.
const IMAP: Kind = Kind {
    noun: "a mailbox",
    purpose: "read a mailbox",
    schemes: ["imap", "imaps"],
    ports: [993, 143, 143],
    has_path: true,
    example: "\"imaps://user:${IMAP_PASSWORD}@imap.example.org/INBOX\"",
    logins: [
        "\"imaps://user:${IMAP_PASSWORD}@imap.example.org/INBOX\"",
        "\"imaps://user@imap.example.org/INBOX\"",
    ],
};

/// Where what comes back is found, or handed in.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// A Maildir that is watched.
    pub maildir: Option<PathBuf>,
    /// Where a mail server on this machine may hand mails in.
    pub listen: Option<Listen>,
    /// A mailbox that is watched.
    pub imap: Option<Mailbox>,
}

/// Where a mail server on this machine may hand mails in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// An address of this machine, for this machine only.
    pub address: SocketAddr,
    /// Whether LMTP is spoken, and not SMTP.
    pub is_lmtp: bool,
}

/// A mailbox that is watched by IMAP.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The server's name, as A-labels, or its IP address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Whose mailbox it is.
    pub login: Login,
    /// The folder in it.
    pub folder: String,
    /// What becomes of a mail that was taken into account.
    pub taken: Taken,
}

/// What becomes of a mail in a mailbox that was taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is marked as seen.
    Seen,
    /// It is marked as seen, and moved to this folder.
    Moved(String),
    /// It is deleted.
    Deleted,
}

/// The table. Paths that are not absolute start from the directory of the configuration file.
pub(super) fn read(root: &Section<'_>) -> Reports {
    let Some(section) = root.section("reports", KEYS) else { return Reports::default() };
    let directory = section.document.directory();
    let maildir = section.parsed("maildir", |text| {
        if text.as_str().is_empty() || text.as_str().contains('\0') {
            return Err(Fault::new(format!("{} cannot be the path of a folder", text.shown()))
                .help("write the folder that holds new, cur and tmp, such as \"/var/lib/courant/bounces\""));
        }
        Ok(directory.join(text.as_str()))
    });
    let listen = section.parsed("listen", listen);
    if listen.is_some() && !root.has("mail") {
        let fault = Fault::new("without [mail] there is no bounce_domain, and nothing would be taken");
        section.note("listen", fault.help("write [mail], or take this line away"));
    }
    let imap = section.section("imap", IMAP_KEYS).and_then(|section| mailbox(&section));
    Reports { maildir, listen, imap }
}

fn listen(text: &Text) -> Result<Listen, Fault> {
    let written = text.as_str();
    let way = written.split_once("://").filter(|(scheme, _)| ["lmtp", "smtp"].contains(scheme));
    let Some((scheme, rest)) = way else {
        return Err(Fault::new(format!("{} does not say how mails are handed in", text.shown()))
            .help("write \"lmtp://127.0.0.1:2424\", or \"smtp://127.0.0.1:2525\""));
    };
    let port = rest.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(2424_u16);
    let local = SocketAddr::from((IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    let remedy = format!("write \"{scheme}://{local}\"");
    let address: SocketAddr = rest.parse().map_err(|_| {
        Fault::new(format!("{} has no IP address with a port", text.shown())).help(remedy.clone())
    })?;
    if !address.ip().is_loopback() {
        return Err(Fault::new(
            "other machines could hand in mails there, and nobody would be asked who they are",
        )
        .help(format!("{remedy}: the mail server on this machine hands them on")));
    }
    Ok(Listen { address, is_lmtp: scheme == "lmtp" })
}

fn mailbox(section: &Section<'_>) -> Option<Mailbox> {
    if !section.has("url") {
        section.note_missing("url", &format!("url = {}", IMAP.example));
    }
    let directory = section.document.directory();
    let taken = taken(section);
    let password = section.parsed("password_file", |text| server::password(text, &text.path(directory)));
    let text = section.url("url")?;
    let address = section.noted_at(text.span.clone(), "url", Address::parse(&text, &IMAP))?;
    let Some(login) = server::login(section, &address, password)? else {
        let fault = Fault::new("the url does not say whose mailbox it is");
        section.note("url", fault.help(format!("write {}", IMAP.example)));
        return None;
    };
    if let Some(fault) = address.objection(true) {
        section.note("url", fault);
    }
    let folder = if address.path.is_empty() { "INBOX".to_owned() } else { address.path };
    if taken == Taken::Moved(folder.clone()) {
        section.note("move_to", Fault::new("the mails are there already").help("name another folder"));
    }
    if folder.len() > LONGEST_FOLDER {
        section.note("url", Fault::new("the name of the folder is too long"));
    }
    Some(Mailbox { host: address.host, port: address.port, tls: address.tls, login, folder, taken })
}

fn taken(section: &Section<'_>) -> Taken {
    let folder = section.parsed("move_to", |text| text.line(LONGEST_FOLDER));
    match (folder, section.flag("delete").unwrap_or(false)) {
        (Some(_), true) => {
            section.note("delete", Fault::new("a mail is moved or deleted").help("keep one of the two"));
            Taken::Seen
        }
        (Some(folder), false) => Taken::Moved(folder),
        (None, true) => Taken::Deleted,
        (None, false) => Taken::Seen,
    }
}
