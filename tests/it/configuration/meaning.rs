use std::time::Duration;

use courant::config::{Environment, Listen, LogFormat, LogLevel, SourceKind, Taken, Tls};
use courant::model::delivery::UncertainPolicy;
use courant::model::newsletter::{Layout, Overflow};
use courant::model::shape::Rhythm;
use jiff::civil::Weekday;
use secrecy::ExposeSecret;

use super::{LEAST, WHOLE, load, load_in, write};

#[test]
fn the_example_of_the_manual_means_what_it_says() {
    let config = load(WHOLE).unwrap();
    assert_eq!(config.publication.base_url.as_str(), "https://courier.example.org/");
    assert_eq!(config.publication.postal_address.as_deref(), Some("The Courier\n1 Press Street"));
    assert_eq!(config.publication.time_zone.iana_name(), Some("Europe/Brussels"));
    let mail = config.mail.unwrap();
    assert_eq!(mail.from.name.as_deref(), Some("The Courier"));
    assert_eq!(mail.bounce_domain, "bounce.courier.example.org");
    assert_eq!(
        (mail.relays[0].host.as_str(), mail.relays[0].port, mail.relays[0].tls),
        ("127.0.0.1", 2525, Tls::None)
    );
    let names: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["cms", "wire", "notes"]);
    let [daily] = &config.newsletters[..] else { panic!("one newsletter") };
    assert_eq!(daily.schedule.line().as_str(), "0 7 * * MON-FRI");
    assert_eq!(daily.choice.tags, ["politics", "economy"]);
    assert_eq!(daily.late, Some(Duration::from_hours(6)));
    assert_eq!(config.warnings.len(), 0);
}

#[test]
fn what_is_not_said_has_its_default() {
    let mut text = LEAST.to_owned();
    text.push_str("postal_address = 'Brussels'\ntime_zone = 'Asia/Tokyo'\nlanguage = 'ja'\n");
    text.push_str("[mail]\nfrom = 'C <c@zürich.example>'\nrelay.url = 'smtp://relay.example'\n");
    text.push_str("[[source]]\nname = 'w'\nkind = 'feed'\nurl = 'https://w.example'\n");
    text.push_str("[[newsletter]]\nslug = 'd'\ntitle = 'D'\nschedule = '@daily'\n");
    let config = load(&text).unwrap();
    assert_eq!(config.web.listen.to_string(), "127.0.0.1:8080");
    let proxies: Vec<String> = config.web.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["127.0.0.0/8", "::1/128"]);
    assert_eq!(config.database.file_name().unwrap(), "courant.db");
    assert_eq!((config.log.level, config.log.format), (LogLevel::Info, LogFormat::Text));
    assert_eq!(config.sources[0].every, Duration::from_mins(15));
    let mail = config.mail.unwrap();
    assert_eq!(mail.bounce_domain, "xn--zrich-kva.example");
    assert_eq!(
        (mail.relays[0].port, mail.relays[0].tls, mail.relays[0].connections),
        (587, Tls::Required, 8)
    );
    assert_eq!(
        (mail.relays[0].messages_per_connection, mail.relays[0].rate, mail.relays[0].daily_cap),
        (1000, None, None)
    );
    let daily = &config.newsletters[0];
    assert_eq!(daily.language, "ja");
    assert_eq!(daily.time_zone().iana_name(), Some("Asia/Tokyo"));
    assert_eq!((daily.min_articles, daily.max_articles), (1, 20));
    assert_eq!((daily.overflow, daily.layout), (Overflow::Next, Layout::Stories));
    assert_eq!(daily.subject, "{lead}");
    assert_eq!(daily.uncertain, UncertainPolicy::Retry);
    assert_eq!((daily.late, daily.age_limit, daily.over), (None, None, Duration::ZERO));
}

#[test]
fn readers_may_choose_what_the_table_offers() {
    let offered =
        |table: &str| load(format!("{WHOLE}\n{table}")).unwrap().newsletters[0].choices.clone().unwrap();
    let choices = offered(
        "[newsletter.choices]\ntopics = ['Politics', 'Culture', 'politics']\nrhythms = ['daily', 'each_article']\n\
         hours = true\nweekly_on = 'FRI'",
    );
    assert_eq!(choices.topics, ["Politics", "Culture"]);
    let rhythms: Vec<Rhythm> = choices.rhythms().collect();
    assert_eq!(rhythms, [Rhythm::Newsletter, Rhythm::Daily, Rhythm::EachArticle]);
    assert_eq!((choices.has_hours, choices.weekly_on), (true, Weekday::Friday));
    let choices = offered("[newsletter.choices]\ntopics = ['Politics']");
    assert_eq!(choices.rhythms().collect::<Vec<_>>(), [Rhythm::Newsletter]);
    assert_eq!((choices.has_hours, choices.weekly_on), (false, Weekday::Monday));
}

#[test]
fn there_may_be_several_relays() {
    let relays = "[[mail.relay]]\nurl = 'smtp://127.0.0.1:2525'\nweight = 3\n\
        [[mail.relay]]\nname = 'spare'\nurl = 'smtp://127.0.0.1:2525'\nweight = 0\nrate = '5/second'\n";
    let text = WHOLE.replace("[mail.relay]\nurl = \"smtp://127.0.0.1:2525\"\nconnections = 8\n", relays);
    let relays = load(text).unwrap().mail.unwrap().relays;
    let facts: Vec<_> = relays.iter().map(|relay| (relay.name.as_deref(), relay.weight)).collect();
    assert_eq!(facts, [(None, 3), (Some("spare"), 0)]);
    assert_eq!(load(WHOLE).unwrap().mail.unwrap().relays[0].weight, 1);
}

#[test]
fn providers_are_those_that_are_built_in_and_what_the_operator_says_of_some() {
    let directory = tempfile::tempdir().unwrap();
    let own = "[[provider]]\nname = 'gmail'\ndomains = ['gmail.com']\nrate = '5/second'\n\
        [[provider]]\nname = 'own'\ndomains = ['Own.example', 'aol.com']\nconnections = 3\n";
    std::fs::write(directory.path().join("providers.toml"), own).unwrap();
    let text = WHOLE.replace("[mail]\n", "[mail]\nproviders = 'providers.toml'\n");
    let config = courant::config::load_in(&write(directory.path(), text), &Environment::default()).unwrap();
    let providers = config.mail.unwrap().providers;
    let find = |name: &str| providers.iter().find(|provider| provider.name == name).unwrap();
    assert_eq!((&find("gmail").domains, find("gmail").connections), (&vec!["gmail.com".to_owned()], None));
    assert_eq!(find("gmail").rate.unwrap().to_string(), "5/second");
    assert_eq!((&find("own").domains[0], find("own").connections), (&"own.example".to_owned(), Some(3)));
    let yahoo = &find("yahoo").domains;
    assert!(yahoo.contains(&"yahoo.com".to_owned()) && !yahoo.contains(&"aol.com".to_owned()));
    let built_in = load(WHOLE).unwrap().mail.unwrap().providers;
    assert_eq!(built_in.len() + 1, providers.len());
}

#[test]
fn a_publication_without_newsletters_needs_no_mail_and_no_postal_address() {
    let config = load(LEAST).unwrap();
    assert!(config.mail.is_none() && config.publication.postal_address.is_none());
}

#[test]
fn paths_start_from_the_directory_of_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let text = format!(
        "{LEAST}[database]\nurl = 'sqlite:data/my%20courant.db'\n[[source]]\nname = 'n'\nkind = 'markdown'\npath = 'notes'\n"
    );
    let config = courant::config::load_in(&write(directory.path(), text), &Environment::default()).unwrap();
    assert_eq!(config.database, directory.path().join("data/my courant.db"));
    let SourceKind::Markdown { path, .. } = &config.sources[0].kind else { panic!("a folder") };
    assert_eq!(path, &directory.path().join("notes"));
}

#[test]
fn a_file_may_begin_with_a_byte_order_mark_and_have_the_line_ends_of_windows() {
    let text = format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"));
    let config = load(text).unwrap();
    assert_eq!(config.publication.postal_address.as_deref(), Some("The Courier\n1 Press Street"));
}

#[test]
fn a_password_comes_from_the_environment_or_from_a_file() {
    let environment =
        Environment::of([("SMTP_PASSWORD", "p@ss/w:rd%"), ("RELAY", "smtp://u:x%40y@localhost:26")]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("password");
    std::fs::write(&file, "p@ss/w:rd%\r\n").unwrap();
    let file = file.display();
    for (relay, password) in [
        ("url = 'smtps://me:${SMTP_PASSWORD}@relay.example'".to_owned(), "p@ss/w:rd%"),
        ("url = '${RELAY}'".to_owned(), "x@y"),
        (format!("url = 'smtps://me@relay.example'\npassword_file = '{file}'"), "p@ss/w:rd%"),
    ] {
        let text = format!("{LEAST}[mail]\nfrom = 'C <c@c.example>'\n[mail.relay]\n{relay}\n");
        let mail = load_in(&text, &environment).unwrap().mail.unwrap();
        assert_eq!(mail.relays[0].login.as_ref().unwrap().password.expose_secret(), password, "{relay}");
    }
}

#[test]
fn where_reports_come_in_is_said_by_three_keys() {
    use Tls::{Implicit, None as Unencrypted, Required};
    for (url, host, port, tls, user, folder) in [
        ("imaps://u:p@mail.example", "mail.example", 993, Implicit, "u", "INBOX"),
        (
            "imap://a%40b:p@mail.example/Reports/Bo%C3%AEte",
            "mail.example",
            143,
            Required,
            "a@b",
            "Reports/Bo\u{ee}te",
        ),
        ("imap://u:p@127.0.0.1:1143/", "127.0.0.1", 1143, Unencrypted, "u", "INBOX"),
    ] {
        let text = format!("{LEAST}[reports.imap]\nurl = '{url}'\n");
        let mailbox = load(&text).unwrap_or_else(|errors| panic!("{url}: {errors}")).reports.imap.unwrap();
        let found = (mailbox.host.as_str(), mailbox.port, mailbox.tls);
        assert_eq!(found, (host, port, tls), "{url}");
        assert_eq!((mailbox.login.user.as_str(), mailbox.folder.as_str()), (user, folder), "{url}");
        assert_eq!(mailbox.taken, Taken::Seen);
    }
    for (line, taken) in
        [("delete = true", Taken::Deleted), ("move_to = 'Done'", Taken::Moved("Done".to_owned()))]
    {
        let text = format!("{LEAST}[reports.imap]\nurl = 'imaps://u:p@mail.example'\n{line}\n");
        assert_eq!(load(text).unwrap().reports.imap.unwrap().taken, taken);
    }
    for (listen, address, is_lmtp) in
        [("lmtp://127.0.0.1:2424", "127.0.0.1:2424", true), ("smtp://[::1]:2525", "[::1]:2525", false)]
    {
        let reports = load(format!("{WHOLE}\n[reports]\nlisten = '{listen}'\n")).unwrap().reports;
        assert_eq!(reports.listen, Some(Listen { address: address.parse().unwrap(), is_lmtp }));
    }
}

#[test]
fn a_relays_url_says_host_port_encryption_and_login() {
    use Tls::{Implicit, None as Unencrypted, Opportunistic, Required};
    for (url, host, port, tls, user) in [
        ("smtps://relay.example", "relay.example", 465, Implicit, None),
        ("smtps://relay.example:10465/", "relay.example", 10465, Implicit, None),
        ("smtps://a%40b:c%2Fd@relay.example?tls=required", "relay.example", 465, Implicit, Some("a@b")),
        ("smtp://relay.example", "relay.example", 587, Required, None),
        ("smtp://u:p@relay.example:25?tls=required", "relay.example", 25, Required, Some("u")),
        ("smtp://relay.example?tls=opportunistic", "relay.example", 587, Opportunistic, None),
        ("smtp://10.0.0.1:25?tls=none", "10.0.0.1", 25, Unencrypted, None),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Unencrypted, None),
        ("smtp://u:p@localhost", "localhost", 25, Unencrypted, Some("u")),
        ("smtp://[::1]:2525", "::1", 2525, Unencrypted, None),
        ("smtp://[::1]:2525?tls=required", "::1", 2525, Required, None),
        ("smtp://zürich.example", "xn--zrich-kva.example", 587, Required, None),
    ] {
        let text = format!("{LEAST}[mail]\nfrom = 'C <c@c.example>'\nrelay.url = '{url}'\n");
        let relay =
            load(&text).unwrap_or_else(|errors| panic!("{url}: {errors}")).mail.unwrap().relays.remove(0);
        let found = (relay.host.as_str(), relay.port, relay.tls);
        assert_eq!(
            (found, relay.login.as_ref().map(|login| login.user.as_str())),
            ((host, port, tls), user),
            "{url}"
        );
    }
}
