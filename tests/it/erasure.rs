//! A reader is erased while the daemon runs: whatever they did before, nothing of them is left in the database, beside it or in the log.

use std::fs;

use courant::mail::inbox::{Behaviour, Inbox};
use courant::model::time::Clock;
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::installation::{Daemon, Installation, text, until};

const ADDRESS: &str = "Ada.Quillfeather@reader.example";
const OTHER: &str = "new.wrenfield@elsewhere.example";

/// What must be nowhere: the address in any case, its parts, the name, what they said, the address that they wanted instead.
const TRACES: [&str; 6] =
    ["quillfeather", "reader.example", "Ada Brindlewick", "too many words", "wrenfield", "elsewhere.example"];

async fn post(daemon: &Daemon, path: &str, form: &[(&str, &str)]) -> String {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = client.post(format!("{}{path}", daemon.url)).body(body);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = request.send().await.unwrap();
    assert!(
        !answer.status().is_client_error() && answer.status() != StatusCode::INTERNAL_SERVER_ERROR,
        "{path}"
    );
    answer.text().await.unwrap()
}

/// The path of the first link of this kind in the mail that a reader got last.
async fn link(inbox: &Inbox, address: &str, kind: &str) -> String {
    let found = || {
        let texts = inbox.mails_to(address).into_iter().rev().map(|mail| mail.read().text);
        let mut links = texts.filter_map(|text| Some(text.split_once(kind)?.1.to_owned()));
        links.next().map(|rest| format!("{kind}{}", rest.split_whitespace().next().unwrap_or_default()))
    };
    until(|| found().is_some(), || format!("no mail with {kind}")).await;
    found().unwrap()
}

/// In which files of the installation something of the reader stands.
fn traces(installation: &Installation) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(installation.path()).unwrap().map(Result::unwrap) {
        let bytes = fs::read(entry.path()).unwrap_or_default().to_ascii_lowercase();
        for trace in TRACES.map(str::to_lowercase) {
            if bytes.windows(trace.len()).any(|window| window == trace.as_bytes()) {
                found.push(format!("{}: {trace}", entry.file_name().to_string_lossy()));
            }
        }
    }
    found
}

/// Hands in what a mail server says about the reader's mailbox.
async fn bounce(port: u16, sender: &str) {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let report = format!(
        "EHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<{sender}>\r\nDATA\r\nFrom: mailer-daemon@mx.example\r\nTo: {sender}\r\n\
         Subject: delayed\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n\
         --x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {ADDRESS}\r\nAction: failed\r\nStatus: 4.2.2\r\n\
         Diagnostic-Code: smtp; 452 <{ADDRESS}> mailbox full\r\n\r\n--x--\r\n.\r\nQUIT\r\n"
    );
    socket.write_all(report.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    socket.read_to_end(&mut heard).await.unwrap();
    assert!(text(&heard).contains("250 2."), "{}", text(&heard));
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn who_is_erased_is_in_no_file_and_no_line_of_the_log() {
    let installation = Installation::new();
    let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await.unwrap();
    installation.change("127.0.0.1:1\"", &format!("127.0.0.1:{}\"", inbox.address().port()));
    let port = free_port();
    let more = format!("[reports]\nlisten = 'smtp://127.0.0.1:{port}'\n[[source]]\nname = 'notes'\n");
    installation
        .change("[[newsletter]]", &format!("{more}kind = 'markdown'\npath = 'notes'\n[[newsletter]]"));
    fs::create_dir(installation.path().join("notes")).unwrap();
    fs::write(installation.path().join("notes/a.md"), "---\ntitle: Bridge\ndate: 2026-03-01\n---\nOpen.\n")
        .unwrap();
    assert!(installation.run(&["source", "fetch"]).status.success());
    let log = fs::File::create(installation.path().join("log")).unwrap();
    let mut command = installation.command(&["run"]);
    command.env("COURANT_LOG", "trace").stdout(std::process::Stdio::null()).stderr(log);
    let mut daemon = Daemon { child: command.spawn().unwrap(), url: String::new() };
    daemon.url = format!("http://{}", installation.address().await);
    daemon.until_it_answers("/", 200).await;

    post(&daemon, "/subscribe", &[("address", ADDRESS), ("newsletter", "daily")]).await;
    post(&daemon, &link(&inbox, ADDRESS, "/confirm/").await, &[]).await;
    let named = [
        "subscriber",
        "add",
        ADDRESS,
        "--name",
        "Ada Brindlewick",
        "--newsletter",
        "daily",
        "--confirmed",
        "by phone",
    ];
    installation.run(&named);
    assert!(installation.run(&["newsletter", "send", "daily", "--now"]).status.success());
    let manage = link(&inbox, ADDRESS, "/manage/").await;
    let sender = inbox.mails_to(ADDRESS).pop().unwrap().from.clone();
    installation.until_the_log_says("Listening for reports").await;
    bounce(port, &sender).await;
    post(&daemon, &manage, &[("act", "pause"), ("newsletter", "daily"), ("until", &soon())]).await;
    post(&daemon, &manage, &[("act", "leave"), ("newsletter", "daily")]).await;
    post(&daemon, &manage, &[("act", "why"), ("newsletter", "daily"), ("why", "too many words")]).await;
    post(&daemon, &manage, &[("act", "link")]).await;
    until(|| inbox.mails_to(ADDRESS).len() >= 3, || "no personal link".to_owned()).await;
    let own = link(&inbox, ADDRESS, "/manage/").await;
    post(&daemon, &own, &[("act", "change"), ("address", OTHER)]).await;
    until(|| !inbox.mails_to(OTHER).is_empty(), || "no mail to the new address".to_owned()).await;
    assert!(!traces(&installation).is_empty(), "while they are known they are in the file");
    let asked = post(&daemon, &own, &[("act", "erase_all")]).await;
    assert!(asked.contains("You are erased"), "{asked}");
    assert_eq!(traces(&installation), [""; 0]);
    daemon.signal("TERM");
    daemon.ended().await;
    assert_eq!(traces(&installation), [""; 0], "nor after the daemon has ended");
    assert!(installation.log().lines().count() > 20, "the log is written, at its most talkative");
}

/// A day on which a pause may end.
fn soon() -> String {
    let moment = Clock::System.now() + std::time::Duration::from_hours(72);
    moment.to_string()[..10].to_owned()
}
