//! Whether mail can come back: the servers that take a domain's mail (RFC 5321 §5.1, RFC 7505).

use std::net::IpAddr;

use crate::model::dns::{Kind, Known, Missing, Record};
use crate::model::doctor::{Finding, Group};

const CHECK: &str = "MX";

/// Judges where the mail of a domain goes: that of the envelope, to which bounces come, or that of From. `host` is the
/// name of what might take it, for the record that is proposed.
///
/// # Errors
/// The question that has to be asked first.
pub fn judge(known: &Known, domain: &str, what: &str, host: &str) -> Result<Finding, Missing> {
    let hosts = known.exchanges(domain)?;
    let record = Record { name: domain.to_owned(), kind: Kind::Mx, value: format!("10 {host}") };
    if hosts.contains(&"") {
        return Ok(Group::Dns
            .red(
                CHECK,
                format!("{domain} says that it takes no mail (null MX): {what} are lost, and receivers refuse mail from it"),
                "put the name of the server that takes its mail in its place, such as",
            )
            .with(record));
    }
    if hosts.is_empty() {
        return implicit(known, domain, what, record);
    }
    let mut lost = Vec::new();
    for host in &hosts {
        if host.parse::<IpAddr>().is_ok() || known.addresses(host)?.is_empty() {
            lost.push(*host);
        }
    }
    let shown = lost.join(", ");
    Ok(if lost.is_empty() {
        Group::Dns.green(CHECK, format!("{what} for {domain} go to {}", hosts.join(", ")))
    } else if lost.len() < hosts.len() {
        Group::Dns.yellow(
            CHECK,
            format!("of the servers of {domain} there is no address for {shown}"),
            "give it an A or AAAA record, or take it out of the MX records",
        )
    } else {
        Group::Dns.red(
            CHECK,
            format!("the mail of {domain} goes to {shown}, which has no address: {what} are lost"),
            format!("publish an A or AAAA record of {shown}; an MX names a host, never an address"),
        )
    })
}

/// Without an MX mail goes to the domain's own address.
fn implicit(known: &Known, domain: &str, what: &str, record: Record) -> Result<Finding, Missing> {
    let finding = if known.addresses(domain)?.is_empty() {
        Group::Dns.red(
            CHECK,
            format!(
                "{domain} has neither MX nor address: {what} are lost, and receivers refuse mail from it"
            ),
            "publish an MX that names the server that takes its mail, such as",
        )
    } else {
        Group::Dns.yellow(
            CHECK,
            format!("{domain} has no MX: {what} go to its own address"),
            "if no mail server listens there, publish an MX that names one, such as",
        )
    };
    Ok(finding.with(record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doctor::Light;
    use crate::model::doctor::tests::known;

    #[test]
    fn mail_can_come_back_where_a_server_has_an_address() {
        let with = |text: &str| {
            format!("{text}\na.example A 192.0.2.1\na.example AAAA -\nb.example A -\nb.example AAAA -")
        };
        for (zone, light, words) in [
            ("x.example MX a.example", Light::Green, "go to a.example"),
            ("x.example MX a.example\nx.example MX b.example", Light::Yellow, "no address for b.example"),
            ("x.example MX b.example", Light::Red, "which has no address"),
            ("x.example MX 192.0.2.1", Light::Red, "which has no address"),
            ("x.example MX .", Light::Red, "null MX"),
            ("x.example MX -\nx.example A 192.0.2.9\nx.example AAAA -", Light::Yellow, "has no MX"),
            ("x.example MX -\nx.example A -\nx.example AAAA -", Light::Red, "neither MX nor address"),
        ] {
            let finding = judge(&known(&with(zone)), "x.example", "bounces", "mx.example").unwrap();
            assert_eq!(finding.light, light, "{zone}: {}", finding.message);
            assert!(finding.message.contains(words), "{zone}: {}", finding.message);
            if let Some(record) = finding.record {
                assert_eq!(record.to_string(), "x.example. IN MX 10 mx.example.");
            }
        }
    }
}
