//! `[publication]`: whose articles these are.

use jiff::tz::TimeZone;
use url::{Host, Url};

use super::problem::Fault;
use super::section::Section;
use super::text::Text;
use super::{theme, words};
use crate::model::publication::{Publication, Theme};

/// The keys of `[publication]`.
pub(super) const KEYS: &[&str] = &[
    "title",
    "description",
    "base_url",
    "language",
    "time_zone",
    "postal_address",
    "counts",
    "theme",
    "words",
];

/// How long a name for readers may be, in characters.
pub(super) const LONGEST_TITLE: usize = 120;

/// How long a sentence for readers may be, in characters.
pub(super) const LONGEST_SENTENCE: usize = 500;

const LONGEST_ADDRESS: usize = 300;

/// The publication; `None` where that was noted as wrong.
pub(super) fn read(root: &Section<'_>) -> Option<Publication> {
    if !root.has("publication") {
        root.note_missing("[publication]", "[publication], and under it title and base_url");
    }
    let section = root.section("publication", KEYS)?;
    let title = section.required("title", "title = \"The Courier\"", |text| text.line(LONGEST_TITLE));
    let base_url = section.required("base_url", "base_url = \"https://courier.example.org\"", base_url);
    let description = section.parsed("description", |text| text.line(LONGEST_SENTENCE));
    let language = section.parsed("language", Text::language).unwrap_or_else(|| "en".to_owned());
    let time_zone = time_zone(&section).unwrap_or(TimeZone::UTC);
    let postal_address = section.parsed("postal_address", |text| text.lines(LONGEST_ADDRESS));
    if root.has("newsletter") && !section.has("postal_address") {
        section.note_absent(no_postal_address());
    }
    let theme =
        section.section("theme", theme::KEYS).map_or_else(Theme::default, |section| theme::read(&section));
    let words = words::read(&section);
    warn_without_tls(&section, base_url.as_ref());
    Some(Publication {
        title: title?,
        description,
        base_url: base_url?,
        language,
        time_zone,
        postal_address,
        counts: section.flag("counts").unwrap_or(false),
        theme,
        words,
    })
}

fn no_postal_address() -> Fault {
    Fault::new(
        "`postal_address` is missing, and there is a newsletter: many countries forbid mail without it",
    )
    .help("write postal_address = \"The Courier, 1 Press Street, 1000 Brussels, Belgium\"")
}

/// The time zone that the table names.
pub(super) fn time_zone(section: &Section<'_>) -> Option<TimeZone> {
    let zones = section.document.zones;
    section.parsed("time_zone", |text| zones.zone(text.as_str()).map_err(|error| text.fault(&error)))
}

/// An http or https address, written as an operator would.
pub(super) fn web_address(text: &Text) -> Result<Url, Fault> {
    let address = Url::parse(text.as_str()).map_err(|error| {
        Fault::new(format!("this is not an address of the web: {error}"))
            .help("write it whole, such as \"https://courier.example.org\"")
    })?;
    if !matches!(address.scheme(), "http" | "https") {
        return Err(
            Fault::new("this is not an address of the web").help("it begins with https:// or http://")
        );
    }
    Ok(address)
}

/// Whether an address leads to this machine and no further.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => is_local_name(name),
        None => false,
    }
}

/// Whether a name always means this machine (RFC 6761).
pub(super) fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn base_url(text: &Text) -> Result<Url, Fault> {
    let mut url = web_address(text)?;
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Fault::new("links are made by putting a path behind the base_url")
            .help("leave out user, password, `?…` and `#…`"));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

fn warn_without_tls(section: &Section<'_>, base_url: Option<&Url>) {
    if base_url.is_some_and(|url| url.scheme() == "http" && !is_loopback(url)) {
        section.warn(
            "base_url",
            Fault::new("mail programs offer one-click unsubscribe over https only")
                .help("put Courant behind a web server with a certificate, and write https://"),
        );
    }
}
