use courant::config::{Environment, Errors};
use proptest::prelude::*;

use super::{LEAST, WHOLE, load_in};

const SECRET: &str = "Not2BeSeen";

const WITH_SECRETS: &str = "smtps://user:Not2BeSeen@relay.example.org";

fn environment() -> Environment {
    Environment::of([("SECRET", SECRET), ("SECRET_URL", "smtps://u:Not2BeSeen@relay.example")])
}

/// Everything that can be printed of a result.
fn all_said(text: &str) -> String {
    match load_in(text, &environment()) {
        Ok(config) => format!("{config:?}"),
        Err(errors) => said(&errors),
    }
}

fn said(errors: &Errors) -> String {
    let summaries: Vec<String> = errors.problems().iter().map(courant::config::Problem::summary).collect();
    format!("{errors}\n{errors:?}\n{summaries:?}\n{}", serde_json::to_string(errors.problems()).unwrap())
}

#[test]
fn a_configuration_that_is_printed_shows_no_secret() {
    for text in [
        WHOLE.replace("smtp://127.0.0.1:2525", WITH_SECRETS),
        WHOLE.replace("smtp://127.0.0.1:2525", "${SECRET_URL}"),
        format!("{WHOLE}[reports.imap]\nurl = 'imaps://u:${SECRET}@mail.example/INBOX'\n"),
        WHOLE.replace("https://wire.example.org/feed", "https://u:${SECRET}@wire.example.org/?key=${SECRET}"),
    ] {
        load_in(&text, &environment()).unwrap();
        assert!(!all_said(&text).contains(SECRET));
    }
}

#[test]
fn an_error_shows_nothing_of_what_the_environment_holds() {
    for line in [
        "language = '${SECRET}'",
        "time_zone = '${SECRET}'",
        "accent = '${SECRET}'",
        "title = '${SECRET}'\nlanguage = 'x_${SECRET}'",
        "[database]\nurl = '${SECRET}'",
        "[database]\nurl = '${SECRET}:x'",
        "[web]\nlisten = '${SECRET}'\ntrusted_proxies = ['${SECRET}']",
        "[log]\nlevel = '${SECRET}'",
        "[mail]\nfrom = '${SECRET}'\nreply_to = '${SECRET}'\nbounce_domain = '${SECRET} x'\nrelay.url='${SECRET}'",
        "[mail]\nfrom = '${SECRET}'\nrelay.url='smtps://u:x@${SECRET}/x'",
        "[mail]\nfrom = '${SECRET}'\nrelay.url='smtp://h?tls=${SECRET}'",
        "[mail]\nfrom = '${SECRET}'\nrelay.url='smtp://h?${SECRET}=x'",
        "[mail]\nfrom = '${SECRET}'\nrelay.url='${SECRET}://h'",
        "[mail]\nfrom = '${SECRET}'\nrelay.url='smtp://${SECRET} x'",
        "[mail]\nfrom = 'a <a@b.example>'\nrelay.url='smtp://u@h'\nrelay.password_file='${SECRET}'",
        "[reports]\nlisten = '${SECRET}'\nmaildir = '${SECRET}\\0'",
        "[reports]\nlisten = 'lmtp://${SECRET}:1'",
        "[reports.imap]\nurl = '${SECRET}://h'",
        "[reports.imap]\nurl = 'imap://u@${SECRET}?tls=${SECRET}'\nmove_to = '${SECRET}'\ndelete = true",
        "[[source]]\nname = '${SECRET} x'\nkind = '${SECRET}'\nevery = '${SECRET}'",
        "[[source]]\nname = 'a'\nkind = 'feed'\nurl = 'ftp://${SECRET}'\nevery = '${SECRET}'",
        "[[source]]\nname = 'a'\nkind = 'feed'\nurl = '${SECRET}'",
        "[[newsletter]]\nslug = '${SECRET}'\nschedule = '${SECRET}'\nsubject = '{${SECRET}}'\nlate = '${SECRET}'",
        "[[newsletter]]\nslug = 'a'\nschedule = '0 ${SECRET} * * *'\nlanguage = '${SECRET}_'\nsources = ['${SECRET}']",
        "[[newsletter]]\nslug = 'a'\ntags = ['${SECRET}']\nexclude_tags = ['${SECRET}']",
    ] {
        let text = format!("{LEAST}{line}\n");
        let errors = load_in(&text, &environment()).unwrap_err();
        assert!(!said(&errors).contains(SECRET), "{errors}");
    }
}

#[test]
fn a_secret_under_a_key_that_does_not_exist_is_not_shown() {
    for line in
        ["password = '?'", "colour = '?'", "relay_key = '?'", "x.y.password = '?'", "x = { password = '?' }"]
    {
        let text = format!("{LEAST}{}\n", line.replace('?', SECRET));
        let errors = load_in(&text, &environment()).unwrap_err();
        assert!(!said(&errors).contains(SECRET), "{errors}");
    }
}

proptest! {
    /// Whatever a finger slips to, in or around a line with a secret.
    #[test]
    fn a_slip_of_the_finger_shows_no_secret(at in 0..70_usize, cut in 0..3_usize, typed in "[ -~\n\t]{0,2}") {
        let line = format!("[mail]\nrelay.url = \"{WITH_SECRETS}\"");
        let secret = line.find(SECRET).unwrap();
        let (start, end) = (at.min(line.len()), (at + cut).min(line.len()));
        prop_assume!(end <= secret || start >= secret + SECRET.len());
        let text = format!("{LEAST}{}{typed}{}\n", &line[..start], &line[end..]);
        let all_said = all_said(&text);
        prop_assert!(!all_said.contains(SECRET), "{}", all_said);
    }
}
