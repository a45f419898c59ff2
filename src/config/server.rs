//! The URL of a server that Courant speaks to: who logs in where, and how the connection is encrypted.
//!
//! It may hold a password: no error repeats more of it than its scheme, its host and its parameters.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::{Host, Url};

use super::problem::Fault;
use super::publication::is_local_name;
use super::section::Section;
use super::suggest::did_you_mean;
use super::text::Text;

const LONGEST_PASSWORD: usize = 4096;

/// What may stand behind `?tls=`.
const TLS: [(&str, Tls); 3] =
    [("required", Tls::Required), ("opportunistic", Tls::Opportunistic), ("none", Tls::None)];

/// How the connection to a server is encrypted. Where it is, the certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (`smtps:`, `imaps:`).
    Implicit,
    /// By STARTTLS, and nothing is said without it.
    Required,
    /// By STARTTLS if the server offers it.
    Opportunistic,
    /// Not at all.
    None,
}

/// A user of a server.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password; never printed.
    pub password: SecretString,
}

/// What kind of server a URL names.
pub(super) struct Kind {
    /// With its article.
    pub(super) noun: &'static str,
    /// What it is for, with `no way to`.
    pub(super) purpose: &'static str,
    /// The schemes without and with TLS from the first byte.
    pub(super) schemes: [&'static str; 2],
    /// The usual ports: with TLS from the first byte, without it on this machine and elsewhere.
    pub(super) ports: [u16; 3],
    /// What a path behind the host means, if it has a meaning.
    pub(super) has_path: bool,
    /// URLs that would be right.
    pub(super) example: &'static str,
    /// One with a password from the environment, and one without.
    pub(super) logins: [&'static str; 2],
}

/// Who logs in: a user and exactly one password, or nobody. The outer `None`: it was noted as wrong.
#[expect(clippy::option_option, reason = "nobody logs in is an answer, and wrong is another")]
pub(super) fn login(
    section: &Section<'_>,
    address: &Address,
    from_file: Option<SecretString>,
) -> Option<Option<Login>> {
    let [with_password, without_password] = address.kind.logins;
    let has_file = section.has("password_file");
    let fault = match (&address.user, &address.password, has_file) {
        (None, None, false) => return Some(None),
        (Some(_), Some(_), true) => {
            Fault::new("the url holds a password already").help("keep one of the two")
        }
        (None, _, true) => {
            Fault::new("the url names no user for this password").help(format!("write {without_password}"))
        }
        (Some(_), None, false) => Fault::new("the url names a user and no password")
            .help(format!("write {with_password}, or add password_file")),
        (None, Some(_), false) => Fault::new("the url holds a password and no user"),
        (Some(user), password, _) => {
            let password = password.clone().or(from_file)?;
            return Some(Some(Login { user: user.clone(), password }));
        }
    };
    section.note(if has_file { "password_file" } else { "url" }, fault);
    None
}

/// A password that stands alone in a file; the end of its line is not part of it.
pub(super) fn password(text: &Text, path: &Path) -> Result<SecretString, Fault> {
    let unreadable = |error| Fault::new(format!("{} cannot be read: {error}", text.shown()));
    let read = fs::read_to_string(path).map_err(unreadable)?;
    let password = read.trim_end_matches(['\r', '\n']);
    if password.is_empty() || password.len() > LONGEST_PASSWORD || password.contains(char::is_control) {
        return Err(Fault::new(format!("{} does not hold a password", text.shown()))
            .help("the file must hold the password alone, in one line"));
    }
    Ok(password.into())
}

/// The parts of a server's URL.
pub(super) struct Address {
    kind: &'static Kind,
    /// Its name, as A-labels, or its IP address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    user: Option<String>,
    password: Option<SecretString>,
    /// What stands behind host and port, decoded; empty if nothing does.
    pub(super) path: String,
}

impl Address {
    pub(super) fn parse(text: &Text, kind: &'static Kind) -> Result<Self, Fault> {
        let written = text.as_str();
        let [plain, implicit] = kind.schemes;
        let (scheme, rest) = written.split_once("://").ok_or_else(|| {
            Fault::new(format!("{} is named by a URL with {plain}:// or {implicit}://", kind.noun))
                .help(format!("write {}", kind.example))
        })?;
        let is_implicit = scheme == implicit;
        if !is_implicit && scheme != plain {
            return Err(unknown_scheme(text, scheme, kind));
        }
        let url = parsed(written, rest, kind)?;
        let host = host(text, &url, kind)?;
        let is_local = is_local(&host);
        let tls = tls(text, &url, (is_implicit, kind))?.unwrap_or(usual_tls(is_implicit, is_local));
        let [encrypted, local, remote] = kind.ports;
        let port = url.port().unwrap_or(match (is_implicit, is_local) {
            (true, _) => encrypted,
            (false, true) => local,
            (false, false) => remote,
        });
        let path = decoded(url.path().trim_matches('/'))?.unwrap_or_default();
        let user = decoded(url.username())?;
        let password = url.password().map(decoded).transpose()?.flatten().map(SecretString::from);
        Ok(Self { kind, host, port, tls, user, password, path })
    }

    /// Whether it is on this machine.
    pub(super) fn is_local(&self) -> bool {
        is_local(&self.host)
    }

    /// A password is sent to another machine encrypted or not at all.
    pub(super) fn objection(&self, logs_in: bool) -> Option<Fault> {
        let is_exposed = matches!(self.tls, Tls::None | Tls::Opportunistic);
        (logs_in && is_exposed && !self.is_local()).then(|| {
            Fault::new("the password would go through the network unencrypted")
                .help(format!("leave out `tls=`, or write {}://", self.kind.schemes[1]))
        })
    }
}

fn unknown_scheme(text: &Text, scheme: &str, kind: &Kind) -> Fault {
    let is_word = scheme.len() <= 10 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let shown = if is_word { text.part(scheme) } else { "this".to_owned() };
    Fault::new(format!("{shown} is no way to {}", kind.purpose)).help(did_you_mean(scheme, &kind.schemes))
}

fn parsed(written: &str, rest: &str, kind: &Kind) -> Result<Url, Fault> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if rest.contains('@') && (!authority.contains('@') || rest[authority.len()..].contains('@')) {
        return Err(Fault::new("the user or the password holds a character that ends it in a URL")
            .help("write %2F for /, %3F for ?, %23 for #, %40 for @, %25 for %; or put the password in a password_file"));
    }
    let url = Url::parse(written).map_err(|error| {
        Fault::new(format!("this is not the URL of {}: {error}", kind.noun))
            .help(format!("write {}", kind.example))
    })?;
    if url.fragment().is_some() || !kind.has_path && !matches!(url.path(), "" | "/") {
        return Err(Fault::new(format!("{} has no path", kind.noun))
            .help("leave out what stands behind host and port"));
    }
    Ok(url)
}

/// As A-labels, or an IP address without brackets.
fn host(text: &Text, url: &Url, kind: &Kind) -> Result<String, Fault> {
    let nameless = || Fault::new("the url names no host").help(format!("write {}", kind.example));
    let host = match url.host().ok_or_else(nameless)? {
        Host::Ipv4(address) => return Ok(address.to_string()),
        Host::Ipv6(address) => return Ok(address.to_string()),
        Host::Domain(name) => name,
    };
    let unusable = || {
        Fault::new(format!("{} is not the name of a host", text.part(host)))
            .help(format!("write {}", kind.example))
    };
    let name = percent_decode_str(host).decode_utf8().map_err(|_| unusable())?;
    match Host::parse(&name).map_err(|_| unusable())? {
        Host::Domain(name) if name.is_empty() => Err(nameless()),
        Host::Domain(name) => Ok(name),
        Host::Ipv4(address) => Ok(address.to_string()),
        Host::Ipv6(address) => Ok(address.to_string()),
    }
}

fn is_local(host: &str) -> bool {
    host.parse::<IpAddr>().map_or_else(|_| is_local_name(host), |address| address.is_loopback())
}

/// How the connection is encrypted, if the URL says so.
fn tls(text: &Text, url: &Url, (is_implicit, kind): (bool, &Kind)) -> Result<Option<Tls>, Fault> {
    let [plain, implicit] = kind.schemes;
    let mut chosen = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" {
            return Err(Fault::new(format!("{} has no parameter {}", kind.noun, text.part(&name)))
                .help("the only one is `?tls=`"));
        }
        let choice = TLS.iter().find(|(word, _)| *word == value).map(|(_, tls)| *tls);
        chosen = Some(choice.ok_or_else(|| {
            let words = TLS.map(|(word, _)| word);
            Fault::new(format!("`tls` cannot be {}", text.part(&value))).help(did_you_mean(&value, &words))
        })?);
    }
    match (is_implicit, chosen) {
        (true, Some(Tls::Required)) => Ok(None),
        (true, Some(_)) => Err(Fault::new(format!("{implicit}:// is encrypted from the first byte"))
            .help(format!("leave out `tls=`, or write {plain}://"))),
        (_, chosen) => Ok(chosen),
    }
}

fn usual_tls(is_implicit: bool, is_local: bool) -> Tls {
    match (is_implicit, is_local) {
        (true, _) => Tls::Implicit,
        (false, true) => Tls::None,
        (false, false) => Tls::Required,
    }
}

/// The user or password as it is sent; `None` if it is empty.
fn decoded(part: &str) -> Result<Option<String>, Fault> {
    let text = percent_decode_str(part)
        .decode_utf8()
        .map_err(|_| Fault::new("user and password must be UTF-8, with `%` written as %25"))?;
    if text.contains(char::is_control) {
        return Err(Fault::new("user and password cannot hold control characters"));
    }
    Ok((!text.is_empty()).then(|| text.into_owned()))
}
