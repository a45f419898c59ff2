//! DMARC: the policy of the domain in From, found by walking up its labels, and what is aligned with it.
//!
//! The walk is the one of DMARCbis (§4.10): no list of public suffixes is needed, because the record itself stands at the
//! organisation's domain, or says that it does not (`psd=`).

use crate::model::dkim::Signer;
use crate::model::dns::{Known, Missing, Record};
use crate::model::doctor::{Finding, Group};

const CHECK: &str = "DMARC";
const ALIGNMENT: &str = "alignment";

/// Above this many labels a walk leaps, so that nobody can make it long.
const MOST_LABELS: usize = 8;

/// A policy record, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Policy {
    domain: String,
    text: String,
}

/// The policies on the way up from a domain.
#[derive(Clone, Debug, Default)]
struct Walk {
    start: String,
    policies: Vec<Policy>,
    /// Domains with more than one record, which is as good as none.
    doubled: Vec<String>,
}

/// Judges the policy of the domain in From, and whether the signatures and the envelope vouch for it.
///
/// # Errors
/// The question that has to be asked first.
pub fn judge(known: &Known, from: &str, envelope: &str, signers: &[Signer]) -> Result<Vec<Finding>, Missing> {
    let walk = Walk::up(known, from)?;
    let Some(policy) = walk.applied() else {
        return Ok(vec![absent(&walk, from), alignment(known, from, envelope, (signers, &walk))?]);
    };
    Ok(vec![stated(policy, from), alignment(known, from, envelope, (signers, &walk))?])
}

fn absent(walk: &Walk, from: &str) -> Finding {
    let record = Record::text(format!("_dmarc.{from}"), "v=DMARC1; p=none");
    let (message, remedy) = match walk.doubled.first() {
        Some(domain) => (
            format!("_dmarc.{domain} has several records, which count for none"),
            "leave one of them, or put this one in their place",
        ),
        None => (
            format!(
                "{from} has no DMARC record, nor has a domain above it: large receivers want one of who mails many"
            ),
            "publish one. `p=none` asks for nothing; `p=quarantine` once all your mail is signed",
        ),
    };
    Group::Dns.red(CHECK, message, remedy).with(record)
}

fn stated(policy: &Policy, from: &str) -> Finding {
    let is_own = policy.domain == from;
    let asked = tag(&policy.text, "sp").filter(|_| !is_own).or_else(|| tag(&policy.text, "p"));
    let found = if is_own { String::new() } else { format!(", found by walking up from {from}") };
    match asked.as_deref() {
        Some("none" | "quarantine" | "reject") => Group::Dns
            .green(CHECK, format!("_dmarc.{} says p={}{found}", policy.domain, asked.unwrap_or_default())),
        _ => Group::Dns
            .red(
                CHECK,
                format!(
                    "the record at _dmarc.{} has no policy that receivers know{found}: {:?}",
                    policy.domain, policy.text
                ),
                "put this record in its place",
            )
            .with(Record::text(format!("_dmarc.{}", policy.domain), "v=DMARC1; p=none")),
    }
}

/// DMARC passes where the domain of a valid signature or of the envelope belongs to that of From.
fn alignment(
    known: &Known,
    from: &str,
    envelope: &str,
    (signers, walk): (&[Signer], &Walk),
) -> Result<Finding, Missing> {
    let mut signed = Vec::new();
    for signer in signers {
        if is_aligned(known, &signer.domain, walk, "adkim")? {
            signed.push(format!("d={} ({})", signer.domain, signer.selector));
        }
    }
    let is_envelope = is_aligned(known, envelope, walk, "aspf")?;
    let by_envelope = if is_envelope { format!("the envelope's {envelope}") } else { String::new() };
    Ok(match (signed.is_empty(), is_envelope) {
        (false, _) => {
            let mut both = signed;
            both.extend(is_envelope.then_some(by_envelope));
            Group::Dns.green(ALIGNMENT, format!("{} vouch for {from}", both.join(", ")))
        }
        (true, true) => Group::Dns.yellow(
            ALIGNMENT,
            format!("only {by_envelope} vouches for {from}: mail that is forwarded fails DMARC"),
            format!("let Courant sign with a key of {from} ([[mail.dkim]]), or the relay"),
        ),
        (true, false) if signers.is_empty() => Group::Dns.yellow(
            ALIGNMENT,
            format!("neither a signature of Courant's nor the envelope's {envelope} vouches for {from}: DMARC passes only if the relay signs for it"),
            format!("let Courant sign with a key of {from} ([[mail.dkim]]), or set bounce_domain to {from} or a domain below it"),
        ),
        (true, false) => Group::Dns.red(
            ALIGNMENT,
            format!("no signature and not the envelope's {envelope} vouches for {from}: all mail fails DMARC"),
            format!("sign with a key whose `domain` is {from}; where the record says adkim=s or aspf=s it must be that very domain"),
        ),
    })
}

/// Whether a domain vouches for that of From: it is the same, or, unless the policy is strict, of the same organisation.
fn is_aligned(known: &Known, domain: &str, from: &Walk, strictness: &str) -> Result<bool, Missing> {
    if domain.eq_ignore_ascii_case(&from.start) {
        return Ok(true);
    }
    let strict = from.applied().and_then(|policy| tag(&policy.text, strictness));
    if strict.as_deref() == Some("s") {
        return Ok(false);
    }
    let Some(organisation) = from.organisation() else { return Ok(false) };
    Ok(Walk::up(known, domain)?.organisation().as_ref() == Some(&organisation))
}

impl Walk {
    fn up(known: &Known, domain: &str) -> Result<Self, Missing> {
        let mut walk = Self { start: domain.to_ascii_lowercase(), ..Self::default() };
        let labels: Vec<&str> = walk.start.split('.').collect();
        let leap = if labels.len() >= MOST_LABELS { labels.len() + 1 - MOST_LABELS } else { 1 };
        let steps = std::iter::once(0).chain(leap..labels.len());
        for step in steps {
            let name = labels[step..].join(".");
            let texts = known.texts(&format!("_dmarc.{name}"))?;
            let records: Vec<&str> = texts.into_iter().filter(|text| is_record(text)).collect();
            match records[..] {
                [] => {}
                [text] => {
                    let policy = Policy { domain: name, text: text.to_owned() };
                    let is_end = tag(text, "psd").is_some_and(|psd| matches!(psd.as_str(), "y" | "n"));
                    walk.policies.push(policy);
                    if is_end {
                        break;
                    }
                }
                _ => walk.doubled.push(name),
            }
        }
        Ok(walk)
    }

    /// The organisation's domain (DMARCbis §4.10.2); `None` where there is no record at all.
    fn organisation(&self) -> Option<String> {
        let last = self.policies.last()?;
        match tag(&last.text, "psd").as_deref() {
            // A registry's own record: what was registered is one label below it.
            Some("y") if last.domain != self.start => {
                let below = self.start.strip_suffix(&last.domain)?.trim_end_matches('.');
                let label = below.rsplit('.').next()?;
                Some(format!("{label}.{}", last.domain))
            }
            _ => Some(last.domain.clone()),
        }
    }

    /// The policy that holds for mail from the domain that was started at.
    fn applied(&self) -> Option<&Policy> {
        let own = self.policies.iter().find(|policy| policy.domain == self.start);
        own.or_else(|| {
            let organisation = self.organisation()?;
            self.policies.iter().find(|policy| policy.domain == organisation).or(self.policies.last())
        })
    }
}

fn is_record(text: &str) -> bool {
    let mut parts = text.split(';');
    let version = parts.next().and_then(|first| first.split_once('='));
    version.is_some_and(|(name, value)| name.trim() == "v" && value.trim() == "DMARC1")
}

/// The value of a tag, in lower case.
fn tag(text: &str, name: &str) -> Option<String> {
    let mut pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dkim::{Algorithm, Key};
    use crate::model::doctor::Light;
    use crate::model::doctor::tests::{known, told};

    /// What is known: these records, and of every other name of the tests that it has none.
    fn judged(records: &str, from: &str, envelope: &str, domains: &[&str]) -> Vec<Finding> {
        let mut zone = String::new();
        for name in ["news.example.org", "example.org", "org", "bounce.example.org", "mail.example.org"] {
            let name = format!("_dmarc.{name}");
            if !records.contains(&format!("{name} ")) {
                zone.extend([name.as_str(), " TXT -\n"]);
            }
        }
        let key = Key::generate(Algorithm::Ed25519).unwrap();
        let signer = |domain: &&str| Signer {
            domain: (*domain).to_owned(),
            selector: "s".to_owned(),
            key: key.clone(),
        };
        let signers: Vec<Signer> = domains.iter().map(signer).collect();
        judge(&known(&(zone + records)), from, envelope, &signers).unwrap()
    }

    #[test]
    fn the_policy_is_found_at_the_domain_or_above_it() {
        for (records, light, words) in [
            (
                "_dmarc.news.example.org TXT v=DMARC1; p=reject",
                Light::Green,
                "_dmarc.news.example.org says p=reject",
            ),
            (
                "_dmarc.example.org TXT v=DMARC1; p=reject; sp=none",
                Light::Green,
                "_dmarc.example.org says p=none, found by walking up from news.example.org",
            ),
            ("_dmarc.org TXT v=DMARC1; p=none; psd=y", Light::Green, "_dmarc.org says p=none"),
            ("_dmarc.news.example.org TXT -", Light::Red, "has no DMARC record, nor has a domain above it"),
            ("_dmarc.example.org TXT v=DMARC1; rua=mailto:a@example.org", Light::Red, "has no policy"),
            ("_dmarc.example.org TXT v=DMARC1; p=nothing", Light::Red, "has no policy"),
            (
                "_dmarc.example.org TXT v=DMARC1; p=none\n_dmarc.example.org TXT v=DMARC1; p=reject",
                Light::Red,
                "several records",
            ),
        ] {
            let findings = judged(records, "news.example.org", "news.example.org", &[]);
            assert_eq!(findings[0].light, light, "{records}: {findings:?}");
            assert!(findings[0].message.contains(words), "{records}: {findings:?}");
        }
    }

    #[test]
    fn what_vouches_for_from_belongs_to_its_organisation() {
        let relaxed = "_dmarc.example.org TXT v=DMARC1; p=none";
        let strict = "_dmarc.example.org TXT v=DMARC1; p=none; adkim=s; aspf=s";
        let registry = "_dmarc.org TXT v=DMARC1; p=none; psd=y";
        for (records, envelope, domains, light) in [
            (relaxed, "bounce.example.org", &["news.example.org"][..], Light::Green),
            (relaxed, "bounce.example.org", &["mail.example.org"], Light::Green),
            (relaxed, "bounce.example.org", &[], Light::Yellow),
            (strict, "bounce.example.org", &["news.example.org"], Light::Green),
            (strict, "bounce.example.org", &["example.org"], Light::Red),
            (strict, "news.example.org", &["example.org"], Light::Yellow),
            (strict, "bounce.example.org", &[], Light::Yellow),
            (registry, "bounce.example.org", &["example.org"], Light::Green),
            ("_dmarc.org TXT -", "news.example.org", &["example.org"], Light::Yellow),
        ] {
            let findings = judged(records, "news.example.org", envelope, domains);
            assert_eq!(findings[1].light, light, "{records} {envelope} {domains:?}: {}", told(&findings));
        }
    }

    #[test]
    fn a_long_name_is_not_asked_label_by_label() {
        let mut known = known("_dmarc.1.2.3.4.5.6.7.8.9.example.org TXT -");
        let Err(Missing::Unasked(question)) = Walk::up(&known, "1.2.3.4.5.6.7.8.9.example.org") else {
            panic!()
        };
        assert_eq!(question.name, "_dmarc.5.6.7.8.9.example.org");
        known.insert(question, crate::model::dns::Answer::Nothing);
        let Err(Missing::Unasked(question)) = Walk::up(&known, "1.2.3.4.5.6.7.8.9.example.org") else {
            panic!()
        };
        assert_eq!(question.name, "_dmarc.6.7.8.9.example.org");
    }
}
