//! All that the DNS has to say about who the mail is from.

use std::net::IpAddr;

use super::{Finding, Group, dkim, dmarc, exchange, reverse, spf};
use crate::model::dkim::Signer;
use crate::model::dns::{Known, Missing};

/// Who the mail is from.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The domain in From, as A-labels.
    pub from: String,
    /// The domain of the envelope sender, to which bounces come back.
    pub envelope: String,
    /// Who signs.
    pub signers: Vec<Signer>,
    /// The public addresses from which the relay sends, as far as they are known.
    pub addresses: Vec<IpAddr>,
    /// The name of what sends, for records that are proposed.
    pub host: String,
}

/// Judges everything; what one question leaves open does not keep the others from being judged.
///
/// # Errors
/// The question that has to be asked first.
pub fn judge(known: &Known, identity: &Identity) -> Result<Vec<Finding>, Missing> {
    let Identity { from, envelope, signers, addresses, host } = identity;
    let mut findings = Vec::new();
    findings.extend(told("SPF", spf::judge(known, envelope, addresses, host))?);
    for signer in signers {
        findings.extend(told("DKIM", dkim::judge(known, std::slice::from_ref(signer), from))?);
    }
    if signers.is_empty() {
        findings.extend(told("DKIM", dkim::judge(known, signers, from))?);
    }
    findings.extend(told("DMARC", dmarc::judge(known, from, envelope, signers))?);
    let one = |finding: Finding| vec![finding];
    findings.extend(told("MX", exchange::judge(known, envelope, "bounces", host).map(one))?);
    if envelope != from {
        findings.extend(told("MX", exchange::judge(known, from, "answers of readers", host).map(one))?);
    }
    for address in addresses {
        findings.extend(told("PTR", reverse::judge(known, &[*address], host))?);
    }
    if addresses.is_empty() {
        findings.push(Group::Dns.yellow(
            "PTR",
            "not looked at, and SPF was only read: nobody said from which addresses the relay sends",
            "name them: `courant doctor --address 203.0.113.5`",
        ));
    }
    Ok(findings)
}

/// A question without an answer is a finding; one that was not asked is to be asked.
fn told(check: &'static str, judged: Result<Vec<Finding>, Missing>) -> Result<Vec<Finding>, Missing> {
    match judged {
        Err(Missing::Failed { question, why }) => Ok(vec![Group::Dns.red(
            check,
            format!("nobody answers for {question}: {why}"),
            "see to the name servers of that domain; if they are well, name another resolver with --dns",
        )]),
        judged => judged,
    }
}
