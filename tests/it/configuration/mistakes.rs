use std::path::Path;

use courant::config::{self, Environment};
use proptest::prelude::*;

use super::{LEAST, WHOLE, complaint, load, messages, write};

#[test]
fn all_mistakes_are_told_at_once() {
    insta::assert_snapshot!(complaint(include_str!("../../fixtures/configuration/everything_wrong.toml")));
}

#[test]
fn mistakes_in_writing_are_told_with_wrong_values() {
    insta::assert_snapshot!(complaint(include_str!("../../fixtures/configuration/not_toml.toml")));
}

#[test]
fn tables_in_the_wrong_place_are_told() {
    let text = "publication = 3\nnewsletter = 4\nsource = [1]\nmail = {}\nweb = \"x\"\nx = 1\n[[log]]\nlevel = 'loud'\n";
    insta::assert_snapshot!(complaint(text));
}

#[test]
fn an_empty_file_is_told_what_it_must_say() {
    insta::assert_snapshot!(complaint(""));
}

/// What is said where a file of providers says this.
fn complaint_about_providers(providers: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("providers.toml"), providers).unwrap();
    let text = WHOLE.replace("[mail]\n", "[mail]\nproviders = 'providers.toml'\n");
    let errors = config::load_in(&write(directory.path(), text), &Environment::default()).unwrap_err();
    errors.to_string().replace(&format!("{}/", directory.path().display()), "")
}

#[test]
fn mistakes_in_a_file_of_providers_are_told_with_their_places() {
    let providers = "[[provider]]\nname = 'gmail'\ndomain = ['gmail.com']\nconnections = 0\n\
        [[provider]]\nname = 'own'\ndomains = ['own.example', 'ada@own.example', 'own.example']\nrate = 'slow'\n\
        [[provider]]\nname = 'own'\ndomains = []\nmx = ['*.own.example', 'mx.own.example', 'mx.own.example']\n\
        [[provider]]\nname = 'bare'\nwait = '5s'\n[[providers]]\nname = 'x'\n";
    insta::assert_snapshot!(complaint_about_providers(providers));
    insta::assert_snapshot!(complaint(WHOLE.replace("[mail]\n", "[mail]\nproviders = 'nowhere.toml'\n")));
}

#[test]
fn mistakes_in_several_relays_are_told_with_their_places() {
    let relays = "[[mail.relay]]\nurl = 'smtp://127.0.0.1:2525'\nwieght = 3\n[[mail.relay]]\nurl = 'smtp://127.0.0.1:2525'\n\
        [[mail.relay]]\nname = 'third'\nrate = 5\n";
    let text = WHOLE.replace("[mail.relay]\nurl = \"smtp://127.0.0.1:2525\"\nconnections = 8\n", relays);
    insta::assert_snapshot!(complaint(text));
}

#[test]
fn mistakes_in_what_readers_may_choose_are_told_with_their_places() {
    let choices = "[newsletter.choices]\ntopics = ['Politics', 'Sport', 3]\nrhythms = ['dayly', 'newsletter']\nhours = true\n\
        weekly_on = 'Monday'\nhour = 7\n";
    let text = WHOLE.replace("min_articles", "exclude_tags = ['sport']\nmin_articles");
    insta::assert_snapshot!(complaint(format!("{text}\n{choices}")));
    insta::assert_snapshot!(complaint(format!("{WHOLE}\n[newsletter.choices]\n")));
}

#[test]
fn what_cannot_be_meant_of_a_private_newsletter_is_told_with_its_place() {
    let podcast = "[[podcast]]\nnewsletter = 'daily'\nimage = 'https://courier.example.org/cover.jpg'\ncategory = 'News'\n";
    let private =
        WHOLE.replace("min_articles", "private = true\nnoindex = false\nsources = ['wire']\nmin_articles");
    insta::assert_snapshot!(complaint(format!("{private}\n{podcast}")));
    let private = WHOLE.replace("min_articles", "private = 'yes'\nmin_articles");
    assert!(complaint(private).contains("private"), "a flag is true or false");
}

#[test]
fn a_private_newsletter_whose_articles_are_all_public_is_hardly_meant() {
    let other = "[[newsletter]]\nslug = 'all'\ntitle = 'All'\nschedule = '@daily'\n";
    let private = WHOLE.replace("min_articles", "private = true\nsources = ['wire']\nmin_articles");
    for (text, expected) in [
        (private.clone(), None),
        (format!("{private}\n{other}sources = ['cms']\n"), None),
        (format!("{private}\n{other}"), Some("its editions are private, and all its articles are public")),
        (
            format!("{private}\n{other}sources = ['WIRE']\n"),
            Some("its editions are private, and all its articles are public"),
        ),
    ] {
        let config = load(&text).unwrap();
        let private = &config.newsletters[0];
        assert!(private.is_private && private.noindex);
        let warning = config.warnings.first().map(|problem| problem.message.as_str());
        assert_eq!(warning, expected, "{text}");
    }
}

#[test]
fn a_newsletter_needs_a_relay_and_a_postal_address() {
    insta::assert_snapshot!(complaint(format!(
        "{LEAST}[[newsletter]]\nslug = 'daily'\ntitle = 'Daily'\nschedule = '@daily'\n"
    )));
}

#[test]
fn a_file_that_cannot_be_a_configuration_is_told_why() {
    for (bytes, message) in [
        (b"\xff\xfe[\0".to_vec(), "this file is UTF-16"),
        (b"a = 1\nb = \"\xe9\"".to_vec(), "line 2, column 6 holds the byte 0xe9, which is not UTF-8"),
        (vec![b'\n'; 10_000_000], "this file is larger than 1 MiB, which no configuration is"),
    ] {
        assert_eq!(messages(bytes), [message]);
    }
    let directory = tempfile::tempdir().unwrap();
    for (path, message) in
        [(directory.path(), "this is a directory"), (&directory.path().join("none"), "there is no such file")]
    {
        assert_eq!(config::load(path).unwrap_err().problems()[0].message, message);
    }
}

#[test]
fn a_relay_that_cannot_be_meant_is_told_without_its_password() {
    let escape = "the user or the password holds a character that ends it in a URL";
    let exposed = "the password would go through the network unencrypted";
    for (url, message) in [
        ("relay.example:25", "a relay is named by a URL with smtp:// or smtps://"),
        ("u:not-to-be-seen@relay.example", "a relay is named by a URL with smtp:// or smtps://"),
        ("stmp://u:not-to-be-seen@relay.example", "`stmp` is no way to hand over mail"),
        ("smtps://u:not-to-be/seen@relay.example", escape),
        ("smtps://u:12/not-to-be-seen@relay.example", escape),
        ("smtps://u:not-to-be?seen@relay.example", escape),
        ("smtps://u:not-to-be-seen#@relay.example", escape),
        ("smtps://u:not-to-be-seen@", "this is not the URL of a relay: empty host"),
        ("smtps://u@relay.example", "the url names a user and no password"),
        ("smtps://u:@relay.example", "the url names a user and no password"),
        ("smtps://:not-to-be-seen@relay.example", "the url holds a password and no user"),
        ("smtps://relay.example:99999", "this is not the URL of a relay: invalid port number"),
        ("smtps://relay.example/inbox", "a relay has no path"),
        ("smtp://relay.example?tls=requierd", "`tls` cannot be `requierd`"),
        ("smtp://relay.example?ssl=yes", "a relay has no parameter `ssl`"),
        ("smtps://relay.example?tls=none", "smtps:// is encrypted from the first byte"),
        ("smtp://u:not-to-be-seen@relay.example?tls=none", exposed),
        ("smtp://u:not-to-be-seen@relay.example?tls=opportunistic", exposed),
        ("smtp://", "the url names no host"),
        ("smtp://a b.example", "this is not the URL of a relay: invalid domain character"),
        ("smtps://u:%FF@relay.example", "user and password must be UTF-8, with `%` written as %25"),
        ("smtps://u:a%0D%0Ab@relay.example", "user and password cannot hold control characters"),
        ("", "a relay is named by a URL with smtp:// or smtps://"),
    ] {
        let text = format!("{LEAST}[mail]\nfrom = 'C <c@c.example>'\n[mail.relay]\nurl = '{url}'\n");
        assert_eq!(messages(&text), [message], "{url}");
        assert!(!complaint(&text).contains("not-to-be-seen"), "{}", complaint(&text));
    }
}

#[test]
fn where_reports_come_in_is_checked() {
    let exposed = "the password would go through the network unencrypted";
    let open = "other machines could hand in mails there, and nobody would be asked who they are";
    for (line, message) in [
        ("listen = '127.0.0.1:2424'", "\"127.0.0.1:2424\" does not say how mails are handed in"),
        ("listen = 'lmtp://localhost:2424'", "\"lmtp://localhost:2424\" has no IP address with a port"),
        ("listen = 'lmtp://127.0.0.1'", "\"lmtp://127.0.0.1\" has no IP address with a port"),
        ("listen = 'lmtp://0.0.0.0:2424'", open),
        ("listen = 'smtp://192.0.2.1:25'", open),
        ("listen = 'lmtp://[::]:2424'", open),
        ("imap = {}", "`url` is missing"),
        ("imap.url = 'pop3://u:not-to-be-seen@h.example'", "`pop3` is no way to read a mailbox"),
        ("imap.url = 'u:not-to-be-seen@h.example'", "a mailbox is named by a URL with imap:// or imaps://"),
        ("imap.url = 'imaps://h.example/INBOX'", "the url does not say whose mailbox it is"),
        ("imap.url = 'imaps://u@h.example'", "the url names a user and no password"),
        ("imap.url = 'imap://u:not-to-be-seen@h.example?tls=none'", exposed),
        ("imap.url = 'imap://u:not-to-be-seen@h.example?tls=opportunistic'", exposed),
        (
            "imap.url = 'imaps://u:not-to-be-seen@h.example?tls=none'",
            "imaps:// is encrypted from the first byte",
        ),
        (
            "imap = { url = 'imaps://u:not-to-be-seen@h.example', move_to = 'INBOX' }",
            "the mails are there already",
        ),
        (
            "imap = { url = 'imaps://u:not-to-be-seen@h.example', move_to = 'Done', delete = true }",
            "a mail is moved or deleted",
        ),
    ] {
        let text = format!("{WHOLE}\n[reports]\n{line}\n");
        assert_eq!(messages(&text), [message], "{line}");
        assert!(!complaint(&text).contains("not-to-be-seen"), "{}", complaint(&text));
    }
    insta::assert_snapshot!(complaint(format!("{WHOLE}\n[reports]\nlisten = 'lmtp://0.0.0.0:2424'\n")));
    let alone = format!("{LEAST}[reports]\nlisten = 'lmtp://127.0.0.1:2424'\n");
    assert_eq!(messages(alone), ["without [mail] there is no bounce_domain, and nothing would be taken"]);
}

/// Table, line, and what is said about it; nothing where it is right.
const VALUES: &[(&str, &str, &str)] = &[
    (
        "publication",
        "base_url = 'https://u:p@x.example'",
        "links are made by putting a path behind the base_url",
    ),
    (
        "publication",
        "base_url = 'https://x.example/?a=1'",
        "links are made by putting a path behind the base_url",
    ),
    (
        "publication",
        "base_url = 'courier.example.org'",
        "this is not an address of the web: relative URL without a base",
    ),
    ("publication", "title = 'a\\nb'", ""),
    ("publication", "title = \"a\\nb\"", "this must be one line"),
    ("publication", "title = \"a\\u001Bb\"", "this holds the character U+001B, which cannot be shown"),
    ("publication", "title = \"\\U000F0001\"", "this holds the character U+F0001, which cannot be shown"),
    ("publication", "title = '${NOBODY}'", "the environment has no variable NOBODY"),
    ("publication", "language = 'english'", "\"english\" is not the tag of a language"),
    ("database", "url = 'courant.db'", "this does not say which kind of database it is"),
    (
        "database",
        "url = 'sqlite::memory:'",
        "the database must be a file: what is kept must outlive the program",
    ),
    ("database", "url = 'sqlite:a.db?mode=ro'", "Courant sets the options of SQLite itself"),
    ("database", "url = 'mysql://h/d'", "this is not a database that Courant knows"),
    (
        "mail",
        "from = 'A <a@a.example>, B <b@b.example>'",
        "\"A <a@a.example>, B <b@b.example>\" is not one address",
    ),
    ("mail", "from = 'A <a@[127.0.0.1]>'", "\"A <a@[127.0.0.1]>\" cannot be the sender for many servers"),
    ("mail", "from = 'Ä <ä@a.example>'", "\"Ä <ä@a.example>\" cannot be the sender for many servers"),
    ("mail", "bounce_domain = '127.0.0.1'", "\"127.0.0.1\" is not a domain"),
    ("mail", "bounce_domain = 'a@b.example'", "\"a@b.example\" is not a domain"),
    ("mail.relay", "connections = 0", "0 is not possible here"),
    ("mail.relay", "connections = 1.5", "a number with a fraction stands where a whole number is needed"),
    ("mail.relay", "rate = '600 per minute'", "\"600 per minute\" is not a rate"),
    ("mail.relay", "rate = '0/minute'", "\"0/minute\" is not a rate"),
    ("mail.relay", "weight = -1", "-1 is not possible here"),
    ("mail.relay", "daily_cap = 0", "0 is not possible here"),
    ("mail.relay", "idempotency_header = ''", "\"\" is not the name of a header"),
    ("mail.relay", "idempotency_header = 'X-Key: '", "\"X-Key: \" is not the name of a header"),
    ("mail.relay", "idempotency_header = '.X-Key'", "\".X-Key\" is not the name of a header"),
    ("mail.relay", "idempotency_header = 'Schlüssel'", "\"Schlüssel\" is not the name of a header"),
    (
        "mail.relay",
        "idempotency_header = 'message-ID'",
        "\"message-ID\" is a header that means something else",
    ),
    (
        "mail.relay",
        "idempotency_header = 'List-Unsubscribe'",
        "\"List-Unsubscribe\" is a header that means something else",
    ),
    ("mail.relay", "messages_per_connection = 0", "0 is not possible here"),
    (
        "mail",
        "warm_up = { start = 500, ceiling = 200 }",
        "a day cannot have 500 messages at first and 200 at most",
    ),
    ("mail", "warm_up = {}", "`ceiling` is missing"),
    ("newsletter", "over = '13h'", "\"13h\" is not possible here"),
    (
        "newsletter",
        "over = '1h'\nage_limit = '1h'",
        "an edition would be too old before the last of it is due",
    ),
    ("log", "format = 'xml'", "\"xml\" is not possible here"),
    ("newsletter", "subject = ' '", "this is empty"),
    ("newsletter", "subject = '{lead'", "a brace stands alone here"),
    ("newsletter", "subject = 'lead}'", "a brace stands alone here"),
    ("newsletter", "subject = '{}'", "`` in braces stands for nothing"),
    ("newsletter", "late = -6", "a whole number stands where a text is needed"),
    ("newsletter", "late = '-6h'", "\"-6h\" is not a duration"),
    ("newsletter", "age_limit = '90d'", "\"90d\" is not possible here"),
    (
        "newsletter",
        "min_articles = 21\nmax_articles = 20",
        "an edition cannot hold at least 21 and at most 20 articles",
    ),
    ("newsletter", "sources = ['nobody']", "there is no source \"nobody\""),
];

#[test]
fn a_value_that_cannot_be_meant_is_told() {
    for (table, line, message) in VALUES {
        let key = line.split(' ').next().unwrap();
        let found = load(changed(table, key, line)).map_or_else(
            |errors| errors.problems().iter().map(|problem| problem.message.clone()).collect(),
            |_| vec![String::new()],
        );
        assert_eq!(found, [*message], "{line}");
    }
}

/// The whole configuration with one key of one table set anew.
fn changed(table: &str, key: &str, line: &str) -> String {
    let header = if table == "newsletter" { "[[newsletter]]".to_owned() } else { format!("[{table}]") };
    let mut whole = format!("{WHOLE}\n[log]\nlevel = 'info'\n");
    let at = whole.find(&header).unwrap();
    let end = whole[at + 1..].find("\n[").map_or(whole.len(), |index| at + 1 + index);
    let without: Vec<&str> =
        whole[at..end].lines().skip(1).filter(|old| !old.starts_with(&format!("{key} ="))).collect();
    let without: Vec<&str> =
        without.into_iter().filter(|old| key != "min_articles" || !old.starts_with("max_articles")).collect();
    whole.replace_range(at..end, &format!("{header}\n{line}\n{}", without.join("\n")));
    whole
}

#[test]
fn what_takes_effect_but_is_hardly_meant_is_a_warning() {
    for (old, new, warning) in [
        ("https://courier", "http://courier", "mail programs offer one-click unsubscribe over https only"),
        ("smtp://127.0.0.1:2525", "smtp://10.0.0.1:25?tls=none", "mail may go to this relay unencrypted"),
    ] {
        let config = load(WHOLE.replace(old, new)).unwrap();
        let warnings: Vec<&str> = config.warnings.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(warnings, [warning]);
    }
}

#[test]
fn a_problem_in_one_line_names_file_line_and_column() {
    let errors = load(WHOLE.replace("0 7 * * MON-FRI", "0 25 * * *")).unwrap_err();
    let summary = errors.problems()[0].summary();
    assert!(summary.contains("courant.toml:43:12: hour: \"25\" is not possible"), "{summary}");
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "(\\PC|[\n\r\t\"'=\\[\\]{}#.]){0,200}") {
        let _ = load(text);
    }

    #[test]
    fn any_piece_of_a_configuration_is_answered(start in 0..WHOLE.len(), end in 0..WHOLE.len()) {
        if WHOLE.is_char_boundary(start) && WHOLE.is_char_boundary(end.max(start)) {
            let _ = load(format!("{}{}", &WHOLE[..start], &WHOLE[end.max(start)..]));
        }
    }
}

#[test]
fn a_missing_file_is_answered_with_what_to_do() {
    let errors = config::load(Path::new("no/such/courant.toml")).unwrap_err();
    insta::assert_snapshot!(errors);
}

#[test]
fn mistakes_in_podcasts_are_told_with_their_places() {
    let podcasts = "[[podcast]]\nnewsletter = 'dialy'\nimage = 'https://courier.example.org/cover.webp'\ncategory = 'Nws'\n\
        [[podcast]]\nimage = 'https://courier.example.org/cover.png'\ncategory = 'News'\nguid = '7'\nemail = 'nobody'\n\
        [[podcast]]\ntag = 'Radio'\nimage = 'https://courier.example.org/cover.png'\ncategory = 'News'\n\
        [[podcast]]\ntag = 'radio'\nimage = 'https://courier.example.org/cover.png'\ncategory = 'News'\n";
    insta::assert_snapshot!(complaint(format!("{WHOLE}\n{podcasts}")));
}
