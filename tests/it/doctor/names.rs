//! What the DNS says about the mail's domains, as the doctor judges it.

use std::fmt::Write;
use std::net::UdpSocket;

use super::{House, text};

#[tokio::test]
async fn an_address_that_spf_does_not_let_send_is_put_into_the_record() {
    let house = House::new().await;
    let said = house.examine_with(&["--address", "203.0.113.5", "--address", "198.51.100.7"]).await;
    let (light, message, record) = said.advice("SPF");
    assert_eq!(light, "red");
    assert_eq!(message, "bounce.harbour.test does not let 198.51.100.7 send its mail");
    assert_eq!(
        record,
        "bounce.harbour.test. IN TXT ( \"v=spf1 ip4:198.51.100.7 ip4:203.0.113.0/28 include:_spf.harbour.test -all\" )"
    );
    assert!(
        said.about("SPF").contains(&"green: bounce.harbour.test lets 203.0.113.5 send its mail".to_owned())
    );
}

#[tokio::test]
async fn a_domain_without_spf_is_given_a_record_for_the_relay_s_addresses() {
    let house = House::new().await;
    house.names.replace("bounce.harbour.test TXT hello");
    let said = house.examine().await;
    let (light, message, record) = said.advice("SPF");
    assert!(light == "red" && message.contains("has no SPF record"), "{message}");
    assert_eq!(record, "bounce.harbour.test. IN TXT ( \"v=spf1 ip4:203.0.113.5 ip6:2001:db8::5 ~all\" )");
}

#[tokio::test]
async fn spf_is_evaluated_through_redirects_servers_and_aliases() {
    let house = House::new().await;
    for records in [
        "bounce.harbour.test TXT v=spf1 redirect=_spf.harbour.test\n_spf.harbour.test TXT v=spf1 mx:news.harbour.test -all",
        "bounce.harbour.test TXT v=spf1 a:mail.harbour.test -all\nmail.harbour.test CNAME mx.harbour.test",
    ] {
        house.names.replace(records);
        let said = house.examine().await;
        assert_eq!(said.about("SPF").len(), 3, "{:?}", said.about("SPF"));
        assert!(!said.is_red, "{records}: {:#?}", said.findings);
    }
}

#[tokio::test]
async fn spf_with_more_than_ten_lookups_counts_for_nothing() {
    let house = House::new().await;
    let mut records = "bounce.harbour.test TXT v=spf1".to_owned();
    let mut included = String::new();
    for number in 1..=11 {
        write!(records, " include:_s{number}.harbour.test").unwrap();
        write!(included, "\n_s{number}.harbour.test TXT v=spf1 ip4:192.0.2.{number} ?all").unwrap();
    }
    house.names.replace(&format!("{records} -all{included}"));
    let said = house.examine().await;
    let (light, message, record) = said.advice("SPF");
    assert!(light == "red" && message.contains("more than 10 lookups"), "{message}");
    assert!(record.contains("v=spf1 ip4:203.0.113.5"), "{record}");
}

#[tokio::test]
async fn spf_that_includes_itself_or_is_there_twice_ends() {
    let house = House::new().await;
    for (records, words) in [
        ("bounce.harbour.test TXT v=spf1 include:bounce.harbour.test -all", "more than 10 lookups"),
        ("bounce.harbour.test TXT v=spf1 -all\nbounce.harbour.test TXT v=spf1 mx -all", "2 SPF records"),
        ("bounce.harbour.test TXT v=spf1 include:nowhere.test -all", "nowhere.test has no SPF record"),
        ("bounce.harbour.test TXT v=spf1 ip4:203.0.113.5/40 -all", "ip4:203.0.113.5/40"),
    ] {
        house.names.replace(records);
        let said = house.examine().await;
        let (light, message, _) = said.advice("SPF");
        assert!(light == "red" && message.contains(words), "{records}: {message}");
    }
}

#[tokio::test]
async fn a_macro_in_spf_is_said_not_to_have_been_evaluated() {
    let house = House::new().await;
    house.names.replace(
        "bounce.harbour.test TXT v=spf1 exists:%{i}._spf.harbour.test ip4:203.0.113.5 ip6:2001:db8::5 -all",
    );
    let said = house.examine().await;
    let (light, message, _) = said.advice("SPF");
    assert!(
        light == "yellow" && message.ends_with("not evaluated: exists:%{i}._spf.harbour.test"),
        "{message}"
    );
}

#[tokio::test]
async fn without_addresses_spf_is_only_read_and_that_is_said() {
    let house = House::new().await;
    let said = house.examine_with(&[]).await;
    assert_eq!(
        said.about("SPF"),
        ["green: the record of bounce.harbour.test can be read, with 1 of 10 lookups"]
    );
    let (light, message, _) = said.advice("PTR");
    assert!(light == "yellow" && message.contains("nobody said from which addresses"), "{message}");
}

#[tokio::test]
async fn a_key_whose_record_is_missing_withdrawn_or_another_s_is_red_with_the_right_record() {
    let house = House::new().await;
    let right = house.signer.record().unwrap();
    for (record, words) in [
        ("TXT v=DKIM1; k=rsa; p=", "withdrawn"),
        ("TXT v=DKIM1; k=ed25519; p=AAAA", "of the kind \"ed25519\""),
        ("TXT some other text", "has no record"),
    ] {
        house.names.replace(&format!("s1._domainkey.news.harbour.test {record}"));
        let said = house.examine().await;
        let (light, message, proposed) = said.advice("DKIM");
        assert!(light == "red" && message.contains(words), "{record}: {message}");
        assert!(proposed.replace("\" \"", "").contains(&right), "{proposed}");
        assert_eq!(text(&said.fault("DKIM")["record"]["value"]), right);
    }
}

#[tokio::test]
async fn a_key_s_record_is_found_behind_an_alias() {
    let house = House::new().await;
    let right = house.signer.record().unwrap();
    house.names.publish(&super::ZONE.replace(
        "s1._domainkey.news.harbour.test TXT KEY",
        &format!("s1._domainkey.news.harbour.test CNAME s1.keys.test\ns1.keys.test TXT {right}"),
    ));
    assert_eq!(house.examine().await.about("DKIM").len(), 1);
    assert!(!house.examine().await.is_red);
}

#[tokio::test]
async fn a_key_too_large_for_a_datagram_is_asked_for_over_tcp() {
    let house = House::new().await;
    let right = house.signer.record().unwrap();
    let padded = format!("{right}; n={}", "x".repeat(1500));
    house.names.replace(&format!("s1._domainkey.news.harbour.test TXT {padded}"));
    let said = house.examine().await;
    assert!(!said.is_red, "{:#?}", said.findings);
    assert!(house.names.asked().contains(&"+TXT s1._domainkey.news.harbour.test".to_owned()));
}

#[tokio::test]
async fn without_a_key_the_doctor_says_how_one_is_made() {
    let mut house = House::new().await;
    house
        .configure("[[mail.dkim]]\ndomain = 'news.harbour.test'\nselector = 's1'\nkey_file = 's1.pem'\n", "");
    let said = house.examine().await;
    let fault = said.fault("DKIM");
    assert_eq!(fault["light"], "yellow");
    assert!(text(&fault["remedy"]).contains("courant dkim keygen --domain news.harbour.test"), "{fault}");
    assert_eq!(said.advice("alignment").0, "yellow");
}

#[tokio::test]
async fn dmarc_is_found_by_walking_up_from_the_domain_in_from() {
    let house = House::new().await;
    let said = house.examine().await;
    let found = "green: _dmarc.harbour.test says p=quarantine, found by walking up from news.harbour.test";
    assert_eq!(said.about("DMARC"), [found]);
    house.names.replace("_dmarc.news.harbour.test TXT v=DMARC1; p=none");
    assert_eq!(house.examine().await.about("DMARC"), ["green: _dmarc.news.harbour.test says p=none"]);
}

#[tokio::test]
async fn a_domain_without_dmarc_is_given_a_first_record() {
    let house = House::new().await;
    house.names.replace("_dmarc.harbour.test TXT hello");
    let said = house.examine().await;
    let (light, message, record) = said.advice("DMARC");
    assert!(light == "red" && message.contains("nor has a domain above it"), "{message}");
    assert_eq!(record, "_dmarc.news.harbour.test. IN TXT ( \"v=DMARC1; p=none\" )");
}

#[tokio::test]
async fn a_strict_policy_wants_the_very_domain() {
    let mut house = House::new().await;
    house.configure("domain = 'news.harbour.test'", "domain = 'harbour.test'");
    let record = format!("s1._domainkey.harbour.test TXT {}", house.signer.record().unwrap());
    house.names.replace(&record);
    let relaxed = house.examine().await;
    assert!(!relaxed.is_red, "{:#?}", relaxed.findings);
    house.names.replace("_dmarc.harbour.test TXT v=DMARC1; p=reject; adkim=s; aspf=s");
    let (light, message, _) = house.examine().await.advice("alignment");
    assert!(light == "red" && message.contains("all mail fails DMARC"), "{message}");
}

#[tokio::test]
async fn bounces_need_a_server_with_an_address() {
    let house = House::new().await;
    for (records, light, words) in [
        ("bounce.harbour.test MX 0 .", "red", "null MX"),
        (
            "bounce.harbour.test MX 10 nowhere.harbour.test",
            "red",
            "nowhere.harbour.test, which has no address",
        ),
        (
            "bounce.harbour.test MX 10 nowhere.harbour.test\nbounce.harbour.test MX 20 mx.harbour.test",
            "yellow",
            "no address for",
        ),
        (
            "bounce.harbour.test MX !SERVFAIL",
            "red",
            "nobody answers for MX bounce.harbour.test: the server says SERVFAIL",
        ),
    ] {
        house.names.replace(records);
        let said = house.examine().await;
        let (found, message, _) = said.advice("MX");
        assert!(found == light && message.contains(words), "{records}: {message}");
    }
}

#[tokio::test]
async fn a_bounce_domain_that_is_nowhere_is_given_an_mx() {
    let mut house = House::new().await;
    house.configure("bounce_domain = 'bounce.harbour.test'", "bounce_domain = 'lost.harbour.test'");
    let said = house.examine().await;
    let (light, message, record) = said.advice("MX");
    assert!(light == "red" && message.contains("neither MX nor address"), "{message}");
    assert!(record.starts_with("lost.harbour.test. IN MX 10 "), "{record}");
}

#[tokio::test]
async fn an_address_needs_a_name_that_leads_back_to_it() {
    let house = House::new().await;
    let said = house.examine_with(&["--address", "203.0.113.6"]).await;
    let (light, message, record) = said.advice("PTR");
    assert!(light == "red" && message.contains("203.0.113.6 has no name"), "{message}");
    assert!(record.starts_with("6.113.0.203.in-addr.arpa. IN PTR "), "{record}");
    house.names.replace("6.113.0.203.in-addr.arpa PTR mx.harbour.test");
    let said = house.examine_with(&["--address", "203.0.113.6"]).await;
    let (light, message, record) = said.advice("PTR");
    assert!(light == "red" && message.contains("mx.harbour.test is elsewhere"), "{message}");
    assert_eq!(record, "mx.harbour.test. IN A 203.0.113.6");
}

#[tokio::test]
async fn a_resolver_that_says_nothing_is_one_fault_and_soon_given_up() {
    let mut house = House::new().await;
    let mute = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = mute.local_addr().unwrap().to_string();
    house.configure("http://news.harbour.test:", "http://127.0.0.1:");
    let said = house.examine_with(&["--dns", &server]).await;
    let about_dns: Vec<_> = said.findings.iter().filter(|finding| finding["group"] == "DNS").collect();
    assert_eq!(about_dns.len(), 1, "{about_dns:#?}");
    assert_eq!(said.about("resolver").len(), 1);
    mute.set_nonblocking(true).unwrap();
    let mut questions = 0;
    while mute.recv(&mut [0; 2000]).is_ok() {
        questions += 1;
    }
    assert_eq!(questions, 4, "two questions, each asked twice");
}

#[tokio::test]
async fn one_name_without_an_answer_leaves_the_others_judged() {
    let house = House::new().await;
    house.names.replace("_spf.harbour.test TXT !SERVFAIL");
    let said = house.examine().await;
    let (light, message, _) = said.advice("SPF");
    assert!(
        light == "red" && message.contains("TXT _spf.harbour.test: the server says SERVFAIL"),
        "{message}"
    );
    assert_eq!(said.about("DKIM").len() + said.about("DMARC").len() + said.about("PTR").len(), 4);
}
