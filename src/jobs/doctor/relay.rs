//! The relay: connected to as for a mail, and judged by what it offers. No mail is begun.

use std::time::Duration;

use futures_util::future::join_all;

use super::{Means, is_local};
use crate::jobs::mailing::Sending;
use crate::mail::relay::{Encryption, Limits, Offers, Relay, RelaySettings, Step};
use crate::mail::reply::Reply;
use crate::model::doctor::{Finding, Group, Light};

/// The largest message that we send, in octets (`docs/delivery.md`), and what leaves room for more than that.
const LARGEST: usize = 150_000;
const AMPLE: usize = 1_000_000;

const LIMITS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(20)];

/// Looks at all relays at once. While one of them takes mail, what is wrong with another is worth a look and no more.
pub(super) async fn examine(sending: &Sending, means: &Means) -> Vec<Finding> {
    let mut looks = join_all(sending.relays.iter().map(|relay| look_at(relay, means))).await;
    if looks.len() == 1 {
        return looks.remove(0);
    }
    let is_sending = looks.iter().any(|findings| !findings.iter().any(Finding::is_red));
    let of_relay = |(relay, findings): (&RelaySettings, Vec<Finding>)| {
        let name = relay.name();
        findings.into_iter().map(move |finding| {
            let light = if is_sending { finding.light.min(Light::Yellow) } else { finding.light };
            Finding { light, message: format!("{name}: {}", finding.message), ..finding }
        })
    };
    sending.relays.iter().zip(looks).flat_map(of_relay).collect()
}

async fn look_at(relay: &RelaySettings, means: &Means) -> Vec<Finding> {
    let settings = patient_for_a_minute(relay.clone());
    let (host, port) = (settings.host.clone(), settings.port);
    let place = format!("{host}, port {port}");
    let addresses = match means.locate(&host).await {
        Ok(addresses) => addresses,
        Err(why) => {
            let remedy = "write the name of the relay in [mail.relay] url as its provider writes it";
            return vec![Group::Relay.red("connection", format!("{host} is nowhere: {why}"), remedy)];
        }
    };
    let relay = match Relay::new(settings.clone()) {
        Ok(relay) => relay.located_at(addresses),
        Err(error) => {
            let remedy = "install the certificates of the known authorities (Debian: ca-certificates)";
            return vec![Group::Relay.red("TLS", error.to_string(), remedy)];
        }
    };
    let limit = LIMITS.iter().sum::<Duration>() * 2;
    match tokio::time::timeout(limit, relay.try_connect()).await {
        Ok(Ok(mut connection)) => {
            let findings = judge(&settings, &place, connection.offers(), connection.is_encrypted());
            connection.quit().await;
            findings
        }
        Ok(Err((step, reply))) => refused(&place, step, &reply),
        Err(_) => {
            let reply = Reply::trouble(
                crate::mail::reply::Stage::Greeting,
                &format!("not ready in {} s", limit.as_secs()),
            );
            refused(&place, Step::Greet, &reply)
        }
    }
}

fn patient_for_a_minute(settings: RelaySettings) -> RelaySettings {
    let [connect, command] = LIMITS;
    let limits = Limits { connect, greeting: command, command, block: command, ..settings.limits };
    RelaySettings { limits, ..settings }
}

/// What did not go well, behind what did.
fn refused(place: &str, step: Step, reply: &Reply) -> Vec<Finding> {
    let connected = || Group::Relay.green("connection", format!("{place} takes connections"));
    let red = |check, remedy: &str| Group::Relay.red(check, format!("{place}: {reply}"), remedy);
    match step {
        Step::Connect => vec![red(
            "connection",
            "see whether the relay runs, whether [mail.relay] url names it and its port, and whether a firewall is between",
        )],
        Step::Tls => vec![
            connected(),
            red(
                "TLS",
                "if the certificate is not trusted, name the relay as its certificate does; for TLS from the first byte write \
                 smtps:// and port 465, for STARTTLS smtp:// and port 587",
            ),
        ],
        Step::Greet => vec![
            connected(),
            red(
                "greeting",
                "a mail server greets with 220 and answers EHLO: see what listens there, and whom it lets in",
            ),
        ],
        Step::LogIn => vec![
            connected(),
            red(
                "login",
                "see to user and password in [mail.relay]; the relay's own words say whether it wants more",
            ),
        ],
    }
}

fn judge(settings: &RelaySettings, place: &str, offers: Offers, is_encrypted: bool) -> Vec<Finding> {
    let relay = Group::Relay;
    let login = match &settings.login {
        Some(_) => relay.green("login", "the relay takes user and password"),
        None => relay.green("login", "none is configured"),
    };
    vec![
        relay.green("connection", format!("{place} takes connections")),
        judge_tls(settings, is_encrypted),
        login,
        judge_size(offers.size),
        if offers.pipelining {
            relay.green("PIPELINING", "offered")
        } else {
            relay.yellow(
                "PIPELINING",
                "not offered: sending takes a round trip for each command",
                "switch it on in the relay",
            )
        },
        if offers.smtputf8 {
            relay.green("SMTPUTF8", "offered")
        } else {
            relay.yellow(
                "SMTPUTF8",
                "not offered: readers whose addresses hold other letters than ASCII before the @ get nothing",
                "switch it on in the relay, if there are such readers",
            )
        },
    ]
}

fn judge_tls(settings: &RelaySettings, is_encrypted: bool) -> Finding {
    match (is_encrypted, settings.encryption) {
        (true, _) => Group::Relay.green("TLS", "encrypted, and the certificate is the relay's"),
        (false, _) if is_local(&settings.host) => Group::Relay.green("TLS", "not encrypted, on this machine"),
        (false, Encryption::Opportunistic) => Group::Relay.yellow(
            "TLS",
            "the relay offers no STARTTLS: mail crosses the network in clear",
            "let the relay offer STARTTLS, then leave out `tls=` in [mail.relay] url",
        ),
        (false, _) => Group::Relay.yellow(
            "TLS",
            "mail crosses the network in clear, as it is configured",
            "leave out `tls=` in [mail.relay] url if the relay offers STARTTLS",
        ),
    }
}

fn judge_size(size: Option<usize>) -> Finding {
    let remedy = "raise the relay's limit (Postfix: message_size_limit) to a megabyte or more";
    match size {
        None => Group::Relay.green("size", "the relay names no limit"),
        Some(usize::MAX) => Group::Relay.green("size", "the relay has no limit"),
        Some(limit) if limit < LARGEST => Group::Relay.red(
            "size",
            format!("the relay takes {limit} octets, and a digest may have {LARGEST}"),
            remedy,
        ),
        Some(limit) if limit < AMPLE => Group::Relay.yellow(
            "size",
            format!("the relay takes {limit} octets, little more than a digest may have"),
            remedy,
        ),
        Some(limit) => Group::Relay.green("size", format!("the relay takes {limit} octets")),
    }
}
