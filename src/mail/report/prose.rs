//! Bounces in prose: who they name, and the words about each.

use super::mail::Mail;
use super::{Bounce, Report, bounded, fields, stage, text};
use crate::mail::cause::{Class, Reason, Refusal, Status};

/// How many recipients of a report are looked at.
const MAX_RECIPIENTS: usize = 50;

/// Local parts from which mail systems write.
const SYSTEMS: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "postmaster",
    "post_master",
    "mail-daemon",
    "mail.delivery.system",
    "mail-delivery",
    "mdaemon",
    "mailsystem",
    "poostmaster",
    "bounce-daemon",
];

/// Subjects under which mail systems write, in lower case.
#[rustfmt::skip]
const SUBJECTS: &[&str] = &[
    "undeliver", "failure notice", "failure delivery", "returned mail", "mail delivery", "delivery status", "delivery failure", "delivery has failed", "delivery notification",
    "delivery failed", "delivery problem", "mail failure", "mail error", "mail system error", "returned to sender", "could not be delivered", "error sending your mail", "nondeliverable",
    "non-delivery", "not delivered", "notice: mail delivery", "warning: could not send", "delayed mail", "message you sent blocked", "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen",
    "non remis", "échec de la remise", "echec de la remise", "non distribu", "no entregado", "no se puede entregar", "devuelto", "mancato recapito", "non recapitabile", "não entregue", "não é possível entregar",
    "automatically rejected", "onbestelbaar", "niet bezorgd", "niet te bezorgen", "nie można dostarczyć", "nedoručitel", "kézbesíthetetlen", "kan ikke leveres", "går inte att leverera", "не доставлено", "не удалось доставить", "недоставлен",
    "配信不能", "配信できません", "送信できません", "送信エラー", "配信エラー", "エラーメール", "无法投递", "退信", "系统退信", "無法傳遞", "반송",
];

/// Words by which a system says that a mail did not arrive, in lower case.
#[rustfmt::skip]
const UNDELIVERED: &[&str] = &[
    "could not be delivered", "couldn't be delivered", "can't be delivered", "cannot be delivered", "was not delivered", "wasn't delivered", "not been delivered", "has not yet been delivered", "unable to deliver", "wasn't able to deliver",
    "delivery failed", "delivery has failed", "delivery to the following", "did not reach", "automatically rejected", "undeliverable to", "undeliverable", "returned to sender", "permanent fatal errors", "delivery problems", "delivery errors",
    "transcript of session", "konnte nicht zugestellt", "nicht zugestellt werden", "n'a pas pu être", "n'a pas pu etre", "no se pudo entregar", "no se ha podido entregar", "non è stato possibile", "non è stato recapitato", "não foi possível entregar",
    "kon niet worden bezorgd", "nie można dostarczyć", "не может быть доставлено", "не было доставлено", "配信できません", "送信できません", "送信に失敗", "お届けできません", "无法投递", "无法送达", "未能送达",
];

/// Words of a report that the mail is still being tried, in lower case.
const DELAYS: &[&str] = &[
    "has not yet been delivered",
    "warning message only",
    "warning only",
    "has been delayed",
    "is delayed for more than",
    "still being retried",
    "message will be retried",
    "will retry for",
    "delivery incomplete",
];

/// Words right before an address that is a recipient, in lower case.
const CUES: &[&str] = &[
    "to",
    "recipient",
    "recipients",
    "user",
    "address",
    "rcpt",
    "an",
    "à",
    "a",
    "para",
    "for",
    "destinataire",
    "destinatario",
    "empfänger",
    "宛先",
];

/// Fields of the mail that a system repeats in its report.
const REPEATED: &[&str] = &[
    "from:",
    "cc:",
    "subject:",
    "sender:",
    "reply-to:",
    "return-path:",
    "message-id:",
    "mail from",
    "hello ",
    "dear ",
];

/// Reads a bounce in prose; `None` if it is none.
pub(super) fn read(mail: &Mail) -> Option<Report> {
    let lower = mail.prose.to_lowercase();
    let is_said = UNDELIVERED.iter().any(|words| lower.contains(words));
    if !is_from_system(mail) && !is_said {
        return None;
    }
    let is_delay = DELAYS.iter().any(|words| lower.contains(words));
    let bounces: Vec<_> = failures(mail).into_iter().map(|failure| failure.judge(is_delay)).collect();
    let is_empty = |bounce: &Bounce| bounce.recipient.is_none() && bounce.reason == Reason::Unclear;
    let is_nothing = bounces.iter().all(is_empty) && !is_said;
    (!is_nothing).then_some(Report::Bounce(bounces))
}

/// Whether a mail system wrote it, by its sender or its subject.
pub(super) fn is_from_system(mail: &Mail) -> bool {
    let subject = mail.subject.to_lowercase();
    is_system(mail) || SUBJECTS.iter().any(|words| subject.contains(words))
}

/// Whether a mail system wrote it, by its From or a field that only bounces have.
pub(super) fn is_system(mail: &Mail) -> bool {
    let from = mail.find("from").unwrap_or_default().to_lowercase();
    from.trim() == "<>"
        || mail.find("x-failed-recipients").is_some()
        || SYSTEMS.iter().any(|system| from.contains(system))
}

/// Why, by the words of a text about one recipient; what the fields of the report say is known already.
pub(super) fn reason(said: &str, known: &Refusal<'_>) -> Reason {
    let reply = text::reply(said);
    let words = reply.map_or(said, |(place, _)| paragraph(&said[place..]));
    let status = Status::find(words)
        .filter(|status| status.is_specific())
        .or(known.status)
        .or_else(|| Status::find(said))
        .filter(|status| !status.is_placeholder());
    let code = reply.map(|(_, code)| code).or(known.code);
    let refusal = Refusal { text: words, status, code, ..*known };
    match refusal.reason() {
        vague if vague.is_vague() && reply.is_some() => {
            let whole = Refusal { text: said, ..refusal }.reason();
            let says_more = vague == Reason::Unclear || whole.class() == Class::Address;
            if says_more { whole } else { vague }
        }
        reason => reason,
    }
}

/// The words that say most in a text: from the first refusal in it to the end of its paragraph, or its beginning.
pub(super) fn diagnostic(said: &str) -> String {
    text::reply(said).map_or_else(|| bounded(said), |(place, _)| bounded(paragraph(&said[place..])))
}

/// What a text of several recipients says about one of them.
pub(super) fn about(prose: &str, recipient: &str) -> String {
    let recipient = recipient.to_lowercase();
    let lines: Vec<&str> = prose.lines().collect();
    let mut told = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if !line.to_lowercase().contains(&recipient) {
            continue;
        }
        let is_theirs = |next: &&&str| !next.trim().is_empty() && text::address(next).is_none();
        told.push(*line);
        told.extend(lines[index + 1..].iter().take_while(is_theirs).take(8));
    }
    told.join("\n")
}

fn paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or(text)
}

/// A recipient, and the text about it.
struct Failure {
    recipient: Option<String>,
    text: String,
}

impl Failure {
    fn judge(self, is_delay: bool) -> Bounce {
        let stage = stage::find(&self.text, self.recipient.as_deref());
        let known = Refusal { stage, code: None, status: None, is_final: !is_delay, text: "" };
        let place = text::reply(&self.text).map_or(0, |(place, _)| place);
        let status = Status::find(&self.text[place..]).or_else(|| Status::find(&self.text));
        Bounce {
            status,
            reason: reason(&self.text, &known),
            is_delay,
            diagnostic: diagnostic(&self.text),
            recipient: self.recipient,
        }
    }
}

/// The recipients that the text names, each with what is said about it; or, where it names none, the whole text about
/// the one that the header or the mail that came back names.
fn failures(mail: &Mail) -> Vec<Failure> {
    let lines: Vec<&str> = mail.prose.lines().collect();
    let finders: [fn(&str) -> Option<&str>; 3] = [at_the_beginning, in_a_reply, behind_a_cue];
    let named = finders.iter().map(|finder| places(&lines, *finder)).find(|places| !places.is_empty());
    match named.as_deref() {
        None => vec![Failure { recipient: elsewhere(mail), text: mail.prose.clone() }],
        Some([(_, only)]) => vec![Failure { recipient: Some(only.clone()), text: mail.prose.clone() }],
        Some(several) => {
            several.iter().enumerate().map(|(index, place)| part(&lines, several, index, place)).collect()
        }
    }
}

/// The first line for each recipient.
fn places(lines: &[&str], find: fn(&str) -> Option<&str>) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim();
        let lower = line.to_lowercase();
        if REPEATED.iter().any(|field| lower.starts_with(field)) {
            continue;
        }
        let Some(address) = find(line) else { continue };
        if found.len() < MAX_RECIPIENTS && !found.iter().any(|(_, known)| known.eq_ignore_ascii_case(address))
        {
            found.push((index, address.to_owned()));
        }
    }
    found
}

/// The text about one of several recipients: from its line to that of the next one, with what else names it.
fn part(
    lines: &[&str],
    places: &[(usize, String)],
    index: usize,
    (start, recipient): &(usize, String),
) -> Failure {
    let is_behind = in_a_reply(lines[*start].trim()).is_some();
    let (from, to) = if is_behind {
        (if index == 0 { 0 } else { places[index - 1].0 + 1 }, start + 1)
    } else {
        (*start, places.get(index + 1).map_or(lines.len(), |(next, _)| *next))
    };
    let mut text = lines[from..to].join("\n");
    if text::reply(&text).is_none() {
        text.push('\n');
        text.push_str(&about(&lines.join("\n"), recipient));
    }
    Failure { recipient: Some(recipient.clone()), text }
}

/// `<ada@example.org>: …`, `ada@example.org`, `* "ada@example.org" (unknown)`.
fn at_the_beginning(line: &str) -> Option<&str> {
    let (start, end) = text::address(line)?;
    let is_bare =
        line[..start].chars().all(|c| matches!(c, '<' | '"' | '\'' | '*' | '-' | '>' | ' ' | '[' | '('));
    let rest = line[end..].trim_start_matches(['>', '"', '\'', ' ', ')', ']']);
    let is_sentence = rest.starts_with(char::is_lowercase) && !rest.starts_with("on ");
    (is_bare && !is_sentence).then(|| &line[start..end])
}

/// `Your message to ada@example.org was …`, `Unknown user: ada@example.org`.
fn behind_a_cue(line: &str) -> Option<&str> {
    let (start, end) = text::address(line)?;
    let before = line[..start].trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let word = before.rsplit(|c: char| c.is_whitespace() || c == ':').next()?;
    CUES.contains(&word).then(|| &line[start..end])
}

/// `550 <ada@example.org>... User unknown`.
fn in_a_reply(line: &str) -> Option<&str> {
    let (place, _) = text::reply(line).filter(|(place, _)| *place == 0)?;
    let (start, end) = text::address(&line[place..])?;
    Some(&line[start..end])
}

/// The recipient by the header, by the mail that came back, or by the only address in sight.
fn elsewhere(mail: &Mail) -> Option<String> {
    let returned = || fields::find(&mail.returned, "to");
    let named = mail.find("x-failed-recipients").or_else(returned);
    let lines = || {
        let is_repeated = |line: &str| REPEATED.iter().any(|field| line.to_lowercase().starts_with(field));
        mail.prose.lines().map(str::trim).filter(move |line| !is_repeated(line))
    };
    let address = |value: &str| text::address(value).map(|(start, end)| value[start..end].to_owned());
    named.and_then(address).or_else(|| lines().find_map(address))
}
