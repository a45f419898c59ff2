//! DKIM keys (RFC 6376, 8301, 8463): what signs a domain's mail, and the record by which others check it.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use data_encoding::BASE64;
use secrecy::SecretString;
use url::Host;

/// The line length of PEM (RFC 7468 §2).
const PEM_LINE: usize = 64;

/// The longest label of a domain name (RFC 1035 §2.3.4), and the longest selector here.
const LONGEST_LABEL: usize = 63;

/// The longest RSA modulus that every receiver can check, in bits (RFC 8301 §3.2).
const LONGEST_MODULUS: usize = 4096;

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA and SHA-256: every receiver can check it.
    Rsa,
    /// Ed25519 and SHA-256 (RFC 8463): small and quick, and not yet checked by many.
    Ed25519,
}

/// The private key of a domain; never printed. Cheap to clone.
#[derive(Clone)]
pub struct Key(Arc<Pair>);

enum Pair {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A key, and where in the DNS its public half stands.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The domain that vouches for the mail, as A-labels.
    pub domain: String,
    /// Which of the domain's keys it is.
    pub selector: String,
    /// The key.
    pub key: Key,
}

/// What stands in the place of a private key that can sign mail; `Display` continues "it holds".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct InvalidKey {
    what: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// A key did not sign, or was not made. Nothing about it can be put right but by trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic library refused to work")]
pub struct CryptoFailed;

const MAKE_ONE: &str = "make one with `courant dkim keygen`";

const NO_PEM: InvalidKey = InvalidKey { what: "no key in PEM form", remedy: MAKE_ONE };
const TOO_SHORT: InvalidKey = InvalidKey {
    what: "an RSA key of fewer than 2048 bits, which is too short (RFC 8301)",
    remedy: "make a longer one with `courant dkim keygen`, under a new selector",
};
const TOO_LONG: InvalidKey = InvalidKey {
    what: "an RSA key of more than 4096 bits, which receivers need not be able to check (RFC 8301)",
    remedy: "make one of 2048 bits with `courant dkim keygen`, under a new selector",
};
const NOT_FIT: InvalidKey =
    InvalidKey { what: "a key that is damaged, or neither RSA nor Ed25519", remedy: MAKE_ONE };
const PUBLIC: InvalidKey = InvalidKey {
    what: "the public half of a key",
    remedy: "name the file of the private half, which begins with -----BEGIN PRIVATE KEY-----",
};
const LOCKED: InvalidKey = InvalidKey {
    what: "a key under a passphrase",
    remedy: "take the passphrase away with `openssl pkey -in LOCKED.pem -out KEY.pem`",
};

impl Algorithm {
    /// What a signature's `a=` says.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-sha256",
            Self::Ed25519 => "ed25519-sha256",
        }
    }

    /// What a record's `k=` says.
    pub const fn key_type(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl Key {
    /// A new key, from the system's randomness: RSA of 2048 bits, which fits into a DNS record, or Ed25519.
    ///
    /// # Errors
    /// If the library cannot make one.
    pub fn generate(algorithm: Algorithm) -> Result<Self, CryptoFailed> {
        let pair = match algorithm {
            Algorithm::Rsa => RsaKeyPair::generate(KeySize::Rsa2048).map(Pair::Rsa),
            Algorithm::Ed25519 => Ed25519KeyPair::generate().map(Pair::Ed25519),
        };
        pair.map(|pair| Self(Arc::new(pair))).map_err(|_| CryptoFailed)
    }

    /// The first key of a PEM text (RFC 7468): PKCS#8, or PKCS#1 as older tools write RSA keys.
    ///
    /// # Errors
    /// What it holds in the place of a key that can sign mail.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let (label, der) = pem(text).ok_or(NO_PEM)?;
        let pair = match label {
            "PRIVATE KEY" => match Ed25519KeyPair::from_pkcs8(&der) {
                Ok(pair) => Pair::Ed25519(pair),
                Err(_) => rsa(RsaKeyPair::from_pkcs8(&der))?,
            },
            "RSA PRIVATE KEY" if text.contains("Proc-Type:") => return Err(LOCKED),
            "RSA PRIVATE KEY" => rsa(RsaKeyPair::from_der(&der))?,
            "ENCRYPTED PRIVATE KEY" => return Err(LOCKED),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => return Err(PUBLIC),
            _ => return Err(NOT_FIT),
        };
        Ok(Self(Arc::new(pair)))
    }

    /// The key as PKCS#8 in PEM.
    ///
    /// # Errors
    /// If the library cannot write it.
    pub fn to_pem(&self) -> Result<SecretString, CryptoFailed> {
        let der: Result<Pkcs8V1Der<'static>, _> = match &*self.0 {
            Pair::Rsa(pair) => pair.as_der(),
            Pair::Ed25519(pair) => pair.as_der(),
        };
        let base64 = BASE64.encode(der.map_err(|_| CryptoFailed)?.as_ref());
        let mut pem = "-----BEGIN PRIVATE KEY-----\n".to_owned();
        for (index, character) in base64.chars().enumerate() {
            if index > 0 && index % PEM_LINE == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END PRIVATE KEY-----\n");
        Ok(pem.into())
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match &*self.0 {
            Pair::Rsa(_) => Algorithm::Rsa,
            Pair::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// The signature of these octets, the same whenever it is made: RSASSA-PKCS1-v1_5 (RFC 8017 §8.2), or Ed25519
    /// of their SHA-256 (RFC 8463 §3).
    ///
    /// # Errors
    /// If the library fails, as it does where there is no memory.
    pub fn sign(&self, octets: &[u8]) -> Result<Vec<u8>, CryptoFailed> {
        match &*self.0 {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), octets, &mut signature)
                    .map_err(|_| CryptoFailed)?;
                Ok(signature)
            }
            Pair::Ed25519(pair) => {
                let signature = pair.try_sign(digest(&SHA256, octets).as_ref()).map_err(|_| CryptoFailed)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }

    /// The public half as a record's `p=` holds it before base64: `SubjectPublicKeyInfo` for RSA (RFC 6376 §3.6.1,
    /// erratum 3017), the bare 32 octets for Ed25519 (RFC 8463 §4.2).
    fn public(&self) -> Result<Vec<u8>, CryptoFailed> {
        match &*self.0 {
            Pair::Rsa(pair) => {
                let der: Result<PublicKeyX509Der<'static>, _> = pair.public_key().as_der();
                Ok(der.map_err(|_| CryptoFailed)?.as_ref().to_vec())
            }
            Pair::Ed25519(pair) => Ok(pair.public_key().as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, ***)", self.algorithm().name())
    }
}

impl Signer {
    /// The domain name at which receivers look for the public half.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What the TXT record at [`Self::record_name`] must say (RFC 6376 §3.6.1).
    ///
    /// # Errors
    /// If the library cannot write the public half.
    pub fn record(&self) -> Result<String, CryptoFailed> {
        let key_type = self.key.algorithm().key_type();
        Ok(format!("v=DKIM1; k={key_type}; p={}", BASE64.encode(&self.key.public()?)))
    }
}

/// A domain as A-labels; `None` if the text is none.
pub fn domain(text: &str) -> Option<String> {
    match Host::parse(text) {
        Ok(Host::Domain(name)) if !name.starts_with('.') && !name.ends_with('.') => Some(name),
        _ => None,
    }
}

/// Whether the text can be a selector: labels of letters, digits and inner hyphens, with dots between
/// (RFC 6376 §3.1).
pub fn is_selector(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= LONGEST_LABEL && text.split('.').all(is_label)
}

/// Whether mail from `from` passes DMARC by a signature of `domain` (RFC 7489 §3.1.1, relaxed): they are the same, or
/// one is above the other. Domains beside each other would take a list of all registries to judge, and count as strange.
pub fn is_aligned(domain: &str, from: &str) -> bool {
    let is_below = |lower: &str, upper: &str| {
        lower.strip_suffix(upper).is_some_and(|rest| rest.ends_with('.')) && upper.contains('.')
    };
    domain == from || is_below(domain, from) || is_below(from, domain)
}

fn rsa<E: fmt::Display>(pair: Result<RsaKeyPair, E>) -> Result<Pair, InvalidKey> {
    let pair = pair.map_err(|error| match error.to_string().as_str() {
        "TooSmall" => TOO_SHORT,
        "TooLarge" => TOO_LONG,
        _ => NOT_FIT,
    })?;
    if pair.public_modulus_len() * 8 > LONGEST_MODULUS { Err(TOO_LONG) } else { Ok(Pair::Rsa(pair)) }
}

/// The label and the octets of the first PEM block.
fn pem(text: &str) -> Option<(&str, Vec<u8>)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    // Headers, as encrypted keys of old have them, are no base64; the label says enough about those.
    let base64: String =
        body.lines().filter(|line| !line.contains(':')).flat_map(str::split_whitespace).collect();
    Some((label, BASE64.decode(base64.as_bytes()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_key_is_written_and_read_back_and_signs_the_same() {
        for algorithm in [Algorithm::Rsa, Algorithm::Ed25519] {
            let key = Key::generate(algorithm).unwrap();
            let pem = key.to_pem().unwrap();
            let lines: Vec<&str> = pem.expose_secret().lines().collect();
            assert!(lines.iter().all(|line| line.len() <= PEM_LINE), "{}", lines.len());
            let read = Key::from_pem(&format!("# a comment\n{}", pem.expose_secret())).unwrap();
            assert_eq!(read.algorithm(), algorithm);
            assert_eq!(read.sign(b"x").unwrap(), key.sign(b"x").unwrap());
            assert_eq!(format!("{key:?}"), format!("Key({}, ***)", algorithm.name()));
        }
    }

    #[test]
    fn what_is_no_private_key_is_told_apart() {
        let block =
            |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        for (text, expected) in [
            (String::new(), NO_PEM),
            ("-----BEGIN PRIVATE KEY-----\nMC4C".to_owned(), NO_PEM),
            (block("PRIVATE KEY", "MC4CAQAw"), NOT_FIT),
            (block("PRIVATE KEY", "not base64!"), NOT_FIT),
            (block("EC PRIVATE KEY", "MHcCAQEE"), NOT_FIT),
            (block("CERTIFICATE", "MHcCAQEE"), NOT_FIT),
            (block("PUBLIC KEY", "MHcCAQEE"), PUBLIC),
            (block("ENCRYPTED PRIVATE KEY", "MHcCAQEE"), LOCKED),
            (block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\nMHcCAQEE"), LOCKED),
        ] {
            assert_eq!(Key::from_pem(&text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn selectors_are_labels_with_dots_between() {
        for (text, expected) in [
            ("2026", true),
            ("s1.mail", true),
            ("a-b", true),
            ("", false),
            ("-a", false),
            ("a.", false),
            ("a_b", false),
            ("ä", false),
            ("a b", false),
            (&"a".repeat(64), false),
        ] {
            assert_eq!(is_selector(text), expected, "{text}");
        }
    }

    #[test]
    fn a_domain_is_aligned_with_itself_and_with_those_above_and_below() {
        for (domain, from, expected) in [
            ("news.example.org", "news.example.org", true),
            ("example.org", "news.example.org", true),
            ("mail.news.example.org", "news.example.org", true),
            ("localhost", "localhost", true),
            ("org", "news.example.org", false),
            ("ample.org", "example.org", false),
            ("example.net", "example.org", false),
            ("mail.example.org", "news.example.org", false),
        ] {
            assert_eq!(is_aligned(domain, from), expected, "{domain} {from}");
        }
    }
}
