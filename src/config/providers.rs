//! `[[provider]]`, in a file of its own: the mailbox providers, and how much each is given at a time.
//!
//! The file that is built in names the large ones; the operator's, if there is one, changes what it says of some.

use std::collections::HashSet;
use std::path::Path;

use url::Host;

use super::document::Document;
use super::file;
use super::problem::Fault;
use super::relay::rate;
use super::section::Section;
use super::text::Text;
use crate::model::provider::Provider;

/// The keys of `[[provider]]`.
pub(super) const KEYS: &[&str] = &["name", "domains", "mx", "connections", "rate"];

/// The providers that Courant knows by itself, as the operator's file would say it.
pub const BUILT_IN: &str = include_str!("providers.toml");

const TABLES: &[&str] = &["provider"];
const MOST_CONNECTIONS: i64 = 100;
const LONGEST_NAME: usize = 40;

/// The providers: those that are built in, with what the file under `providers` says of them and of others.
pub(super) fn read(mail: &Section<'_>) -> Vec<Provider> {
    let document = mail.document;
    let built_in = read_text((Path::new("providers.toml"), BUILT_IN), document);
    let Some(path) = mail.parsed("providers", |text| Ok(text.path(document.directory()))) else {
        return built_in;
    };
    match file::read(&path) {
        Ok(text) => merged(built_in, read_text((&path, &text), document)),
        Err(errors) => {
            let why = errors.problems().first().map_or_else(String::new, |problem| problem.message.clone());
            let fault = Fault::new(format!("{} cannot be read: {why}", path.display()));
            mail.note("providers", fault.help("name a file of [[provider]] tables, or take the key away"));
            built_in
        }
    }
}

/// What a file says; what is wrong with it is told with what is wrong with the one that names it.
fn read_text((path, text): (&Path, &str), named_by: &Document<'_>) -> Vec<Provider> {
    let (document, table) = Document::parse((path, text), named_by.environment, named_by.zones);
    let providers = tables(&Section::root(&document, &table, TABLES));
    named_by.add(document.into_problems());
    providers
}

fn tables(root: &Section<'_>) -> Vec<Provider> {
    let mut seen = HashSet::new();
    let sections = root.sections("provider", "name", |_| KEYS);
    sections.iter().filter_map(|section| one(section, &mut seen)).collect()
}

/// Names, domains and servers stand in `seen`, names with `/` before them and servers with `mx/`.
fn one(section: &Section<'_>, seen: &mut HashSet<String>) -> Option<Provider> {
    let name = section.required("name", "name = \"gmail\"", |text| {
        let name = text.line(LONGEST_NAME)?;
        if !seen.insert(format!("/{name}")) {
            return Err(Fault::new(format!("{} stands here twice", text.shown()))
                .help("put its domains into one [[provider]]"));
        }
        Ok(name)
    });
    if !section.has("domains") && !section.has("mx") {
        section.note_missing("domains", "domains = [\"gmail.com\", \"googlemail.com\"]");
    }
    let mut names = |key, prefix: &str, names: Names| {
        let one = |text: &Text| section.noted_at(text.span.clone(), key, names.read(text, prefix, seen));
        section.texts(key).iter().filter_map(one).collect()
    };
    let domains = names("domains", "", DOMAINS);
    let servers = names("mx", "mx/", SERVERS);
    let connections = section.number("connections", 1..=MOST_CONNECTIONS);
    Some(Provider {
        name: name?,
        domains,
        servers,
        connections: connections.and_then(|number| usize::try_from(number).ok()),
        rate: section.parsed("rate", rate),
    })
}

/// A list of names: what is said where one is none, and where it stands here twice.
#[derive(Clone, Copy)]
struct Names {
    wrong: &'static str,
    twice: &'static str,
}

const DOMAINS: Names = Names {
    wrong: "write what stands behind the @ of addresses, such as \"gmail.com\"",
    twice: "a domain has one provider: leave it with that one",
};
const SERVERS: Names = Names {
    wrong: "write how the names of its servers end, such as \"google.com\" for aspmx.l.google.com",
    twice: "a server has one provider: leave it with that one",
};

impl Names {
    fn read(self, text: &Text, prefix: &str, seen: &mut HashSet<String>) -> Result<String, Fault> {
        let name = match Host::parse(text.as_str()) {
            Ok(Host::Domain(name)) if name.contains('.') && !name.contains('*') => name,
            _ => return Err(Fault::new(format!("{} is not a domain", text.shown())).help(self.wrong)),
        };
        let name = name.trim_end_matches('.').to_owned();
        if !seen.insert(format!("{prefix}{name}")) {
            return Err(Fault::new(format!("{} stands here twice", text.shown())).help(self.twice));
        }
        Ok(name)
    }
}

/// What the operator says of a provider takes the place of what is built in, and a domain or server that the operator gives
/// to one is no other's.
fn merged(built_in: Vec<Provider>, own: Vec<Provider>) -> Vec<Provider> {
    let taken: HashSet<&String> = own.iter().flat_map(|provider| &provider.domains).collect();
    let taken_servers: HashSet<&String> = own.iter().flat_map(|provider| &provider.servers).collect();
    let mut merged = Vec::new();
    for mut provider in built_in {
        if own.iter().any(|other| other.name == provider.name) {
            continue;
        }
        provider.domains.retain(|domain| !taken.contains(domain));
        provider.servers.retain(|server| !taken_servers.contains(server));
        merged.push(provider);
    }
    merged.extend(own);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::environment::Environment;
    use crate::config::zones::Zones;

    #[test]
    fn what_is_built_in_is_as_it_should_be() {
        let (environment, zones) = (Environment::default(), Zones::load());
        let (document, table) = Document::parse((Path::new("p"), BUILT_IN), &environment, &zones);
        let providers = tables(&Section::root(&document, &table, TABLES));
        assert!(document.into_problems().is_empty());
        let gmail = providers.iter().find(|provider| provider.name == "gmail").unwrap();
        assert_eq!(gmail.domains, ["gmail.com", "googlemail.com"]);
        assert_eq!(gmail.servers, ["google.com", "googlemail.com"]);
        assert!(providers.len() > 20 && providers.iter().all(|provider| provider.rate.is_some()));
    }

    #[test]
    fn what_an_operator_says_of_a_provider_takes_the_place_of_what_is_built_in() {
        let provider = |name: &str, domains: &[&str]| Provider {
            name: name.to_owned(),
            domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
            servers: domains.iter().map(|domain| format!("mx.{domain}")).collect(),
            connections: None,
            rate: None,
        };
        let built_in = vec![provider("a", &["a.example", "b.example"]), provider("c", &["c.example"])];
        let own = vec![provider("c", &["d.example"]), provider("own", &["b.example"])];
        let expected =
            [provider("a", &["a.example"]), provider("c", &["d.example"]), provider("own", &["b.example"])];
        assert_eq!(merged(built_in, own), expected);
    }
}
