//! What is found about a domain's SPF record, and which record would be right.

use std::fmt::Write;
use std::net::IpAddr;

use super::evaluate::{Evaluation, MOST_LOOKUPS, Verdict, evaluate};
use super::{Policy, Qualifier, is_record};
use crate::model::dns::{Known, Missing, Record};
use crate::model::doctor::{Finding, Group};

const CHECK: &str = "SPF";

/// Judges the record of the envelope's domain for the addresses from which the relay sends; without them it is only
/// read. `host` is the name of what sends, for the record that is proposed.
///
/// # Errors
/// The question that has to be asked first.
pub fn judge(known: &Known, domain: &str, addresses: &[IpAddr], host: &str) -> Result<Vec<Finding>, Missing> {
    let whole = evaluate(known, domain, None)?;
    let proposal = Record::text(domain, proposal(addresses, host));
    Ok(match &whole.verdict {
        Verdict::None => vec![none(domain, addresses, proposal)],
        Verdict::Permanent(why) => vec![
            Group::Dns
                .red(
                    CHECK,
                    format!("the record of {domain} counts for nothing: {why}"),
                    "put it right, and leave one record; the shortest that lets the relay send is",
                )
                .with(proposal),
        ],
        Verdict::Temporary(why) => vec![Group::Dns.red(
            CHECK,
            format!("the record of {domain} cannot be evaluated: {why}"),
            "receivers will not be able to either: see to the servers of that domain, or take its term out",
        )],
        _ => of_addresses(known, domain, addresses, &whole)?,
    })
}

fn none(domain: &str, addresses: &[IpAddr], proposal: Record) -> Finding {
    let mut remedy =
        "publish one; add whatever else sends mail from this domain before the `~all`".to_owned();
    if addresses.is_empty() {
        remedy.push_str(
            ". If the relay is a provider's, take the `include:` that it names in the place of `a:`; with --address the \
             record is made for the addresses from which the relay sends",
        );
    }
    let message =
        format!("{domain} has no SPF record: receivers cannot tell mail of yours from mail in your name");
    Group::Dns.red(CHECK, message, remedy).with(proposal)
}

fn of_addresses(
    known: &Known,
    domain: &str,
    addresses: &[IpAddr],
    whole: &Evaluation,
) -> Result<Vec<Finding>, Missing> {
    let mut findings = vec![read(known, domain, whole)?];
    let mut refused = Vec::new();
    for address in addresses {
        match evaluate(known, domain, Some(*address))?.verdict {
            Verdict::Pass => {
                findings.push(Group::Dns.green(CHECK, format!("{domain} lets {address} send its mail")));
            }
            _ => refused.push(*address),
        }
    }
    if !refused.is_empty() {
        let record = own_record(known, domain)?.unwrap_or_default();
        let widened = format!("v=spf1{}{}", terms(&refused), &record["v=spf1".len()..]);
        let shown = refused.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
        let finding = Group::Dns.red(
            CHECK,
            format!("{domain} does not let {shown} send its mail"),
            "put the record that lets it in the place of the present one",
        );
        findings.push(finding.with(Record::text(domain, widened)));
    }
    Ok(findings)
}

/// The record as it stands, whoever sends.
fn read(known: &Known, domain: &str, whole: &Evaluation) -> Result<Finding, Missing> {
    let record = own_record(known, domain)?.unwrap_or_default();
    let lookups = format!("{} of {MOST_LOOKUPS} lookups", whole.lookups);
    let policy = Policy::parse(record).unwrap_or_default();
    Ok(if policy.all() == Some(Qualifier::Pass) {
        Group::Dns.yellow(
            CHECK,
            format!("the record of {domain} lets everybody send its mail"),
            "end it with `~all` or `-all`, behind the servers that do send it",
        )
    } else if !whole.unjudged.is_empty() {
        let terms = whole.unjudged.join(", ");
        Group::Dns.yellow(
            CHECK,
            format!("the record of {domain} can be read ({lookups}), but for what differs from mail to mail, which was not evaluated: {terms}"),
            "send yourself a test, and look for `spf=pass` in its Authentication-Results",
        )
    } else if policy.all().is_none() && policy.redirect.is_none() {
        Group::Dns.yellow(
            CHECK,
            format!("the record of {domain} says nothing about who else may send its mail"),
            "end it with `~all` or `-all`",
        )
    } else {
        Group::Dns.green(CHECK, format!("the record of {domain} can be read, with {lookups}"))
    })
}

fn own_record<'k>(known: &'k Known, domain: &str) -> Result<Option<&'k str>, Missing> {
    Ok(known.texts(domain)?.into_iter().find(|text| is_record(text)))
}

fn proposal(addresses: &[IpAddr], host: &str) -> String {
    let senders = if addresses.is_empty() { format!(" a:{host}") } else { terms(addresses) };
    format!("v=spf1{senders} ~all")
}

fn terms(addresses: &[IpAddr]) -> String {
    let mut terms = String::new();
    for address in addresses {
        let kind = if address.is_ipv4() { "ip4" } else { "ip6" };
        write!(terms, " {kind}:{address}").expect("memory takes it");
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doctor::Light;
    use crate::model::doctor::tests::{known, told};

    fn judged(zone: &str, addresses: &[&str]) -> Vec<Finding> {
        let addresses: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        judge(&known(zone), "example.org", &addresses, "mail.example.org").unwrap()
    }

    #[test]
    fn the_record_that_puts_it_right_is_printed_whole() {
        for (zone, addresses, expected) in [
            (
                "example.org TXT -",
                &["192.0.2.1", "2001:db8::1"][..],
                "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all",
            ),
            ("example.org TXT -", &[], "v=spf1 a:mail.example.org ~all"),
            (
                "example.org TXT v=spf1 ip4:198.51.100.1 -all",
                &["198.51.100.1", "192.0.2.1"],
                "v=spf1 ip4:192.0.2.1 ip4:198.51.100.1 -all",
            ),
            ("example.org TXT v=spf1 ipv4:192.0.2.1 -all", &["192.0.2.1"], "v=spf1 ip4:192.0.2.1 ~all"),
        ] {
            let findings = judged(zone, addresses);
            let worst = findings.iter().find(|finding| finding.is_red()).unwrap();
            assert_eq!(worst.record.as_ref().unwrap().value, expected, "{zone}");
        }
    }

    #[test]
    fn a_record_is_read_for_what_its_owner_may_not_mean() {
        for (record, light, words) in [
            ("v=spf1 ip4:192.0.2.1 -all", Light::Green, "0 of 10 lookups"),
            ("v=spf1 +all", Light::Yellow, "everybody"),
            ("v=spf1 ip4:192.0.2.1", Light::Yellow, "who else"),
            ("v=spf1 exists:%{i}.example -all", Light::Yellow, "exists:%{i}.example"),
        ] {
            let findings = judged(&format!("example.org TXT {record}"), &[]);
            assert_eq!(findings[0].light, light, "{record}");
            assert!(told(&findings).contains(words), "{findings:?}");
        }
    }
}
