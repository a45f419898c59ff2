//! The names of the addresses from which the relay sends: each needs one, and the name has to lead back to it.

use std::net::IpAddr;

use crate::model::dns::{Data, Kind, Known, Missing, Record, reverse_name};
use crate::model::doctor::{Finding, Group};

const CHECK: &str = "PTR";

/// How many names of an address are looked at.
const MOST_NAMES: usize = 10;

/// Judges the names of the addresses from which the relay sends. `host` is the name of what sends, for the record that is
/// proposed.
///
/// # Errors
/// The question that has to be asked first.
pub fn judge(known: &Known, addresses: &[IpAddr], host: &str) -> Result<Vec<Finding>, Missing> {
    addresses.iter().map(|address| one(known, *address, host)).collect()
}

fn one(known: &Known, address: IpAddr, host: &str) -> Result<Finding, Missing> {
    let reverse = reverse_name(address);
    let mut names = Vec::new();
    for data in known.records(&reverse, Kind::Ptr)?.iter().take(MOST_NAMES) {
        if let Data::Name(name) = data {
            names.push(name.as_str());
        }
    }
    let Some(first) = names.first() else {
        let record = Record { name: reverse, kind: Kind::Ptr, value: host.to_owned() };
        return Ok(Group::Dns
            .red(
                CHECK,
                format!("{address} has no name: many receivers refuse mail from it"),
                "let whoever assigned you the address publish one",
            )
            .with(record));
    };
    for name in &names {
        if known.addresses_of(name, Kind::of(address))?.contains(&address) {
            return Ok(Group::Dns.green(CHECK, format!("{address} is {name}, and {name} is {address}")));
        }
    }
    Ok(Group::Dns
        .red(
            CHECK,
            format!(
                "{address} calls itself {first}, and {first} is elsewhere: many receivers refuse mail from it"
            ),
            "publish the address of that name, or give the address another name",
        )
        .with(Record::address(*first, address)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doctor::Light;
    use crate::model::doctor::tests::known;

    #[test]
    fn an_address_has_a_name_that_leads_back_to_it() {
        let name = "5.113.0.203.in-addr.arpa";
        for (zone, light, record) in [
            (format!("{name} PTR -"), Light::Red, "5.113.0.203.in-addr.arpa. IN PTR mail.example.org."),
            (format!("{name} PTR mx.example\nmx.example A 203.0.113.5"), Light::Green, ""),
            (
                format!("{name} PTR mx.example\nmx.example A 203.0.113.6"),
                Light::Red,
                "mx.example. IN A 203.0.113.5",
            ),
            (
                format!("{name} PTR a.example\n{name} PTR b.example\na.example A -\nb.example A 203.0.113.5"),
                Light::Green,
                "",
            ),
        ] {
            let address = ["203.0.113.5".parse().unwrap()];
            let finding = judge(&known(&zone), &address, "mail.example.org").unwrap().remove(0);
            assert_eq!(finding.light, light, "{zone}: {}", finding.message);
            assert_eq!(finding.record.map(|record| record.to_string()).unwrap_or_default(), record, "{zone}");
        }
    }
}
