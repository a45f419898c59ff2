//! The record of a DKIM key (RFC 6376 §3.6.1), compared with the key that signs.

use data_encoding::BASE64;

use crate::model::dkim::{Algorithm, Signer};
use crate::model::dns::{Known, Missing, Record};
use crate::model::doctor::{Finding, Group};

const CHECK: &str = "DKIM";

/// Judges the record of each key that signs.
///
/// # Errors
/// The question that has to be asked first.
pub fn judge(known: &Known, signers: &[Signer], from: &str) -> Result<Vec<Finding>, Missing> {
    if signers.is_empty() {
        return Ok(vec![Group::Dns.yellow(
            CHECK,
            "Courant signs nothing: there is no [[mail.dkim]]",
            format!(
                "unless the relay signs for {from}: `courant dkim keygen --domain {from} --selector courant`, and follow what it prints"
            ),
        )]);
    }
    signers.iter().map(|signer| one(known, signer)).collect()
}

fn one(known: &Known, signer: &Signer) -> Result<Finding, Missing> {
    let name = signer.record_name();
    let Ok(right) = signer.record() else {
        let wrong = format!("the public half of the key of {name} cannot be written");
        return Ok(Group::Dns.red(CHECK, wrong, "make another key with `courant dkim keygen`"));
    };
    let record = Record::text(&name, &right);
    let texts: Vec<&str> = known.texts(&name)?.into_iter().filter(|text| may_be_key(text)).collect();
    let finding = match texts[..] {
        [] => Group::Dns.red(
            CHECK,
            format!("{name} has no record: receivers cannot check what the key signs"),
            "publish it",
        ),
        [text] => return Ok(compared(&name, text, signer, record)),
        _ => Group::Dns.red(
            CHECK,
            format!("{name} has {} records, and receivers take any of them", texts.len()),
            "leave one",
        ),
    };
    Ok(finding.with(record))
}

fn compared(name: &str, text: &str, signer: &Signer, record: Record) -> Finding {
    let algorithm = signer.key.algorithm();
    match fault(text, &record.value, algorithm) {
        Some(fault) => Group::Dns
            .red(CHECK, format!("the record at {name} {fault}"), "put this record in its place")
            .with(record),
        None if tag(text, "t").is_some_and(|flags| flags.split(':').any(|flag| flag.trim() == "y")) => {
            Group::Dns
                .yellow(
                    CHECK,
                    format!(
                        "the record at {name} says t=y, for a test: receivers may take the mail for unsigned"
                    ),
                    "put this record in its place",
                )
                .with(record)
        }
        None => {
            Group::Dns.green(CHECK, format!("{name} holds the public half of the key, {}", algorithm.name()))
        }
    }
}

/// What keeps receivers from checking the key's signatures by this record.
fn fault(text: &str, right: &str, algorithm: Algorithm) -> Option<String> {
    let lists = |name: &str, word: &str| {
        let any = |list: &str| list.split(':').any(|one| matches!(one.trim(), "*") || one.trim() == word);
        tag(text, name).is_none_or(|list| any(&list))
    };
    if tag(text, "v").is_some_and(|version| version != "DKIM1") {
        return Some("is of another version than DKIM1".to_owned());
    }
    let kind = tag(text, "k").unwrap_or_else(|| "rsa".to_owned());
    let found = tag(text, "p").unwrap_or_default();
    if found.is_empty() {
        return Some("says that the key is withdrawn (p= is empty)".to_owned());
    }
    if kind != algorithm.key_type() {
        return Some(format!("is for a key of the kind {kind:?}, and the key is {}", algorithm.key_type()));
    }
    if !lists("h", "sha256") {
        return Some("allows no SHA-256 (h=)".to_owned());
    }
    if !lists("s", "email") {
        return Some("is not for mail (s=)".to_owned());
    }
    let expected = tag(right, "p").unwrap_or_default();
    if is_same_key(&found, &expected) {
        return None;
    }
    Some(if expected.starts_with(&found) {
        format!("holds only the first {} of the key's {} characters", found.len(), expected.len())
    } else {
        "is that of another key".to_owned()
    })
}

/// An RSA key is published as a `SubjectPublicKeyInfo`, or, by the letter of RFC 6376, as what that ends with.
fn is_same_key(found: &str, expected: &str) -> bool {
    let (Ok(found), Ok(expected)) = (BASE64.decode(found.as_bytes()), BASE64.decode(expected.as_bytes()))
    else {
        return false;
    };
    // The inner key of 2048 bits and more has at least 266 octets, and the wrapping 24.
    found == expected || found.len() + 24 == expected.len() && expected.ends_with(&found)
}

/// Receivers look at what begins with the version, or has none and is a list of tags.
fn may_be_key(text: &str) -> bool {
    tag(text, "p").is_some() || text.trim_start().starts_with("v=DKIM1")
}

/// The value of a tag (RFC 6376 §3.2), without the blanks in it.
fn tag(text: &str, name: &str) -> Option<String> {
    let mut pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(found, _)| found.trim() == name)?;
    Some(value.split_ascii_whitespace().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dkim::Key;
    use crate::model::dns::{Answer, Data, Kind, Question};
    use crate::model::doctor::Light;

    fn signer(algorithm: Algorithm) -> Signer {
        let key = Key::generate(algorithm).unwrap();
        Signer { domain: "example.org".to_owned(), selector: "s".to_owned(), key }
    }

    fn judged(signer: &Signer, texts: &[String]) -> Finding {
        let mut known = Known::default();
        let records = texts.iter().cloned().map(Data::Text).collect::<Vec<_>>();
        let answer = if records.is_empty() { Answer::Nothing } else { Answer::Records(records) };
        known.insert(Question::new(&signer.record_name(), Kind::Txt), answer);
        judge(&known, std::slice::from_ref(signer), "example.org").unwrap().remove(0)
    }

    #[test]
    fn a_record_is_compared_with_the_key() {
        for algorithm in [Algorithm::Rsa, Algorithm::Ed25519] {
            let signer = signer(algorithm);
            let right = signer.record().unwrap();
            let public = tag(&right, "p").unwrap();
            let kind = algorithm.key_type();
            let cut = public[..public.len() / 2].to_owned();
            for (text, light, words) in [
                (right.clone(), Light::Green, "holds the public half"),
                (format!("k={kind};p={public};"), Light::Green, "holds the public half"),
                (format!("v=DKIM1; h=sha1:sha256; s=email; k={kind}; p={public}"), Light::Green, "holds"),
                (format!("v=DKIM1; t=s:y; k={kind}; p={public}"), Light::Yellow, "t=y"),
                (format!("v=DKIM1; k={kind}; p={}", other(algorithm)), Light::Red, "another key"),
                (format!("v=DKIM1; k={kind}; p={cut}"), Light::Red, "only the first"),
                (format!("v=DKIM1; k={kind}; p="), Light::Red, "withdrawn"),
                (format!("v=DKIM1; k=dsa; p={public}"), Light::Red, "of the kind \"dsa\""),
                (format!("v=DKIM1; h=sha1; k={kind}; p={public}"), Light::Red, "SHA-256"),
                (format!("v=DKIM1; s=tlsrpt; k={kind}; p={public}"), Light::Red, "not for mail"),
                (format!("v=DKIM2; k={kind}; p={public}"), Light::Red, "version"),
            ] {
                let finding = judged(&signer, std::slice::from_ref(&text));
                assert!(finding.message.contains(words), "{text}: {}", finding.message);
                assert_eq!(finding.light, light, "{text}");
                let proposed = finding.record.map(|record| record.value);
                assert_eq!(proposed, (light != Light::Green).then(|| right.clone()), "{text}");
            }
        }
    }

    fn other(algorithm: Algorithm) -> String {
        tag(&signer(algorithm).record().unwrap(), "p").unwrap()
    }

    #[test]
    fn an_rsa_key_may_be_published_without_its_wrapping() {
        let signer = signer(Algorithm::Rsa);
        let whole = BASE64.decode(tag(&signer.record().unwrap(), "p").unwrap().as_bytes()).unwrap();
        let bare = BASE64.encode(&whole[24..]);
        assert_eq!(judged(&signer, &[format!("v=DKIM1; k=rsa; p={bare}")]).light, Light::Green);
    }

    #[test]
    fn there_has_to_be_one_record() {
        let signer = signer(Algorithm::Ed25519);
        let right = signer.record().unwrap();
        for (texts, words) in [
            (vec![], "has no record"),
            (vec!["hello".to_owned()], "has no record"),
            (vec![right.clone(), right.clone()], "has 2 records"),
        ] {
            let finding = judged(&signer, &texts);
            assert!(finding.message.contains(words), "{}", finding.message);
            assert_eq!(finding.record.unwrap().value, right);
        }
    }
}
