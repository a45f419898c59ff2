//! Our own pages, as readers reach them: whether it is Courant that answers at `base_url`, and this one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use rand::RngExt;
use url::Url;

use super::{Means, host_of, is_below, is_local};
use crate::model::doctor::{Finding, Group};
use crate::model::publication::Publication;
use crate::model::time::Timestamp;
use crate::model::token::Key;
use crate::source::Fetcher;
use crate::source::fetch::{Limits, Names, Network, Probe};

/// What [`health`](crate::web) says.
const LIVE: &str = "live\n";

/// Looks at our own pages; besides, what their server says the time is.
pub(super) async fn examine(
    publication: &Publication,
    key: Option<&Key>,
    means: &Means,
) -> (Vec<Finding>, Option<Timestamp>) {
    let base = &publication.base_url;
    let fetcher = match means.locate(host_of(base)).await {
        Ok(addresses) => fetcher(base, addresses),
        Err(why) => {
            let remedy = "publish an A or AAAA record of this name, or put [publication] base_url right";
            return (vec![Group::Web.red("base_url", format!("{}: {why}", host_of(base)), remedy)], None);
        }
    };
    let word = format!("doctor-{:032x}", rand::rng().random::<u128>());
    let (Ok(health), Ok(farewell)) = (base.join("health"), base.join(&format!("unsubscribe/{word}"))) else {
        return (
            vec![Group::Web.red("base_url", "it has no pages below it", "write https://news.example.org/")],
            None,
        );
    };
    let looked = match fetcher.look_at(&health).await {
        Ok(probe) => probe,
        Err(error) => {
            let remedy = "readers get nothing there either: see whether `courant run` runs, and whether the web server before it \
                          hands everything below [publication] base_url to [web] listen";
            return (vec![Group::Web.red("base_url", error.to_string(), remedy)], None);
        }
    };
    let date = looked.date.as_deref().and_then(Timestamp::from_http_date);
    let mut findings = vec![judge_health(base, &looked)];
    findings.push(match fetcher.click(&farewell).await {
        Ok(probe) => judge_click(base, &probe, key.map(|key| key.countersign(&word)).as_deref()),
        Err(error) => Group::Web.red("one-click", error.to_string(), HAND_ON),
    });
    (findings, date)
}

const HAND_ON: &str = "let the web server hand POST to /unsubscribe/… on to Courant as it is, without a login, a cookie or a \
                       redirect: without it readers cannot leave by one click, and large receivers put the mail away";

fn fetcher(base: &Url, addresses: Vec<IpAddr>) -> Fetcher {
    let names = if addresses.is_empty() {
        Names::System
    } else {
        Names::Fixed(Arc::new(HashMap::from([(host_of(base).to_owned(), addresses)])))
    };
    Fetcher::with(base.as_str(), Limits::for_own_pages(), Network { names, trusted: Vec::new() })
}

fn judge_health(base: &Url, probe: &Probe) -> Finding {
    let status = probe.status;
    if let Some(location) = &probe.location {
        return Group::Web.red(
            "base_url",
            format!("{base} sends readers on to {location} ({status})"),
            "write in [publication] base_url where it ends: every link in a mail is made from it",
        );
    }
    if status != 200 || probe.text != LIVE {
        return Group::Web.red(
            "base_url",
            format!("something else than Courant answers at {base} ({status})"),
            "let the web server hand everything below [publication] base_url on to [web] listen",
        );
    }
    Group::Web.green("base_url", format!("Courant answers at {base}"))
}

fn judge_click(base: &Url, probe: &Probe, expected: Option<&str>) -> Finding {
    let status = probe.status;
    match (probe.countersign.as_deref(), expected) {
        (None, _) => {
            let message = format!("a click in a mail program does not reach Courant: something else answers ({status})");
            Group::Web.red("one-click", message, HAND_ON)
        }
        (Some(found), Some(expected)) if found != expected => Group::Web.red(
            "one-click",
            "another installation of Courant answers: it does not know this one's readers",
            "let base_url lead to the daemon that runs on this database",
        ),
        _ if base.scheme() == "https" => Group::Web.green("one-click", "a click in a mail program reaches Courant"),
        _ if is_test(host_of(base)) => Group::Web.yellow(
            "one-click",
            "a click in a mail program reaches Courant, but mail programs show the button only for https",
            "fine for a test; for readers, https://",
        ),
        _ => Group::Web.red(
            "one-click",
            "a click reaches Courant, but mail programs show the button only for https (RFC 8058), and large receivers require it",
            "put a web server with a certificate before Courant, and write https:// in [publication] base_url",
        ),
    }
}

/// Whether a host is for tests (RFC 6761): nobody's mail program has to reach it.
fn is_test(host: &str) -> bool {
    is_local(host) || is_below(host, "test")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doctor::Light;

    fn probe(status: u16, text: &str, location: Option<&str>, countersign: Option<&str>) -> Probe {
        let owned = |text: &str| text.to_owned();
        let (location, countersign) = (location.map(owned), countersign.map(owned));
        Probe { status, location, date: None, countersign, text: text.to_owned() }
    }

    #[test]
    fn only_courant_s_own_answers_are_green() {
        let base = Url::parse("https://news.example.org/").unwrap();
        for (answer, light, words) in [
            (probe(200, LIVE, None, None), Light::Green, "Courant answers"),
            (probe(404, "Not found", None, None), Light::Red, "something else"),
            (probe(200, "<html>Welcome</html>", None, None), Light::Red, "something else"),
            (probe(301, "", Some("https://www.example.org/"), None), Light::Red, "sends readers on"),
        ] {
            let finding = judge_health(&base, &answer);
            assert_eq!(finding.light, light, "{answer:?}");
            assert!(finding.message.contains(words), "{}", finding.message);
        }
    }

    #[test]
    fn a_click_has_to_reach_this_installation_and_by_https() {
        for (base, countersign, expected, light) in [
            ("https://news.example.org/", Some("a"), Some("a"), Light::Green),
            ("https://news.example.org/", Some("a"), None, Light::Green),
            ("https://news.example.org/", Some("b"), Some("a"), Light::Red),
            ("https://news.example.org/", None, Some("a"), Light::Red),
            ("http://news.example.org/", Some("a"), Some("a"), Light::Red),
            ("http://news.press.test/", Some("a"), Some("a"), Light::Yellow),
            ("http://127.0.0.1:8080/", Some("a"), Some("a"), Light::Yellow),
        ] {
            let answer = probe(404, "", None, countersign);
            let finding = judge_click(&Url::parse(base).unwrap(), &answer, expected);
            assert_eq!(finding.light, light, "{base} {countersign:?}");
        }
    }
}
