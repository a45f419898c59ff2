//! A receiver that checks signatures as RFC 6376 §6 tells it, in the plainest way: it shares nothing with the signer.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use courant::model::dkim::Signer;
use data_encoding::BASE64;

/// What the receiver makes of one signature.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    NoKey,
    BodyChanged,
    HeaderChanged,
}

/// The verdict on each signature of a message, the topmost first, by the records of these signers.
pub fn verdicts(message: &[u8], signers: &[Signer]) -> Vec<Verdict> {
    let text = std::str::from_utf8(message).unwrap();
    let (header, body) = text.split_once("\r\n\r\n").unwrap();
    let fields = fields(header);
    let is_signature = |field: &&String| name(field) == "dkim-signature";
    fields.iter().filter(is_signature).map(|field| verdict(field, (&fields, body), signers)).collect()
}

fn verdict(signature: &str, (fields, body): (&[String], &str), signers: &[Signer]) -> Verdict {
    let tag = |name: &str| tag(signature, name).unwrap_or_else(|| panic!("no {name}= in {signature}"));
    assert_eq!((tag("v"), tag("c")), ("1".to_owned(), "relaxed/relaxed".to_owned()));
    assert_eq!(self::tag(signature, "l"), None);
    let place = format!("{}._domainkey.{}", tag("s"), tag("d"));
    let Some(record) = signers.iter().find(|signer| signer.record_name() == place) else {
        return Verdict::NoKey;
    };
    if BASE64.encode(digest(&SHA256, relaxed_body(body).as_bytes()).as_ref()) != tag("bh") {
        return Verdict::BodyChanged;
    }
    let signed = signed(signature, fields, &tag("h"));
    let bytes = BASE64.decode(tag("b").as_bytes()).unwrap();
    if is_made_by(&record.record().unwrap(), &tag("a"), signed.as_bytes(), &bytes) {
        Verdict::Pass
    } else {
        Verdict::HeaderChanged
    }
}

/// Checks a signature by what the DNS says.
fn is_made_by(record: &str, algorithm: &str, signed: &[u8], signature: &[u8]) -> bool {
    let tag = |name: &str| tag(&format!(":{record}"), name).unwrap();
    assert_eq!(format!("{}-sha256", tag("k")), algorithm);
    let key = BASE64.decode(tag("p").as_bytes()).unwrap();
    match algorithm {
        "rsa-sha256" => {
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(signed, signature).is_ok()
        }
        "ed25519-sha256" => {
            UnparsedPublicKey::new(&ED25519, key).verify(digest(&SHA256, signed).as_ref(), signature).is_ok()
        }
        other => panic!("{other} is no algorithm of DKIM"),
    }
}

/// What a signature is made of: the named headers from the bottom up, then its own without what `b=` says.
fn signed(signature: &str, fields: &[String], names: &str) -> String {
    let mut left: Vec<&String> = fields.iter().collect();
    let mut signed = String::new();
    for wanted in names.split(':') {
        if let Some(at) = left.iter().rposition(|field| name(field) == wanted.to_ascii_lowercase()) {
            signed.push_str(&relaxed_field(left.remove(at)));
            signed.push_str("\r\n");
        }
    }
    let own = relaxed_field(signature);
    let end = own.rfind(" b=").unwrap() + " b=".len();
    signed + &own[..end]
}

/// A tag of a signature or record, without its blanks.
fn tag(field: &str, name: &str) -> Option<String> {
    let (_, list) = field.split_once(':').unwrap();
    list.split(';').find_map(|tag| {
        let (own, value) = tag.split_once('=')?;
        (own.trim() == name).then(|| value.split_whitespace().collect())
    })
}

/// The names that a signature covers, in lower case.
pub fn covered(message: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(message).unwrap();
    let fields = fields(text.split_once("\r\n\r\n").unwrap().0);
    let signature = fields.iter().find(|field| name(field) == "dkim-signature").unwrap();
    tag(signature, "h").unwrap().to_ascii_lowercase().split(':').map(str::to_owned).collect()
}

/// A tag of a message's first signature.
pub fn first_tag(message: &[u8], wanted: &str) -> Option<String> {
    let text = std::str::from_utf8(message).unwrap();
    let fields = fields(text.split_once("\r\n\r\n").unwrap().0);
    tag(fields.iter().find(|field| name(field) == "dkim-signature")?, wanted)
}

fn name(field: &str) -> String {
    field.split(':').next().unwrap().trim().to_ascii_lowercase()
}

fn fields(header: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in header.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            let last = fields.last_mut().unwrap();
            last.push_str("\r\n");
            last.push_str(line);
        } else {
            fields.push(line.to_owned());
        }
    }
    fields
}

/// RFC 6376 §3.4.2.
fn relaxed_field(field: &str) -> String {
    let (name, value) = field.split_once(':').unwrap();
    format!("{}:{}", name.trim().to_ascii_lowercase(), single_blanks(&value.replace("\r\n", "")).trim())
}

/// RFC 6376 §3.4.4.
pub fn relaxed_body(body: &str) -> String {
    let lines: Vec<String> =
        body.split("\r\n").map(|line| single_blanks(line).trim_end().to_owned()).collect();
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at + 1);
    lines[..end].iter().flat_map(|line| [line, "\r\n"]).collect()
}

fn single_blanks(line: &str) -> String {
    let mut out = String::new();
    for character in line.replace('\t', " ").chars() {
        if character != ' ' || !out.ends_with(' ') {
            out.push(character);
        }
    }
    out
}
