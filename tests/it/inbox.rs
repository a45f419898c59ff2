//! The inbox, spoken to in bare SMTP.

use courant::mail::inbox::{Behaviour, Inbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends everything at once, as a client that pipelines, and returns all that comes back until QUIT.
async fn converse(inbox: &Inbox, input: &[u8]) -> String {
    let mut socket = TcpStream::connect(inbox.address()).await.unwrap();
    socket.write_all(input).await.unwrap();
    let mut output = Vec::new();
    socket.read_to_end(&mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}

async fn inbox(behaviour: Behaviour) -> Inbox {
    Inbox::start(([127, 0, 0, 1], 0).into(), behaviour).await.unwrap()
}

fn codes(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| &line[..3]).collect()
}

#[tokio::test]
async fn a_message_is_kept_octet_for_octet_with_its_dots_unstuffed() {
    let inbox = inbox(Behaviour::default()).await;
    let input = b"EHLO x\r\nMAIL FROM:<a@x.org>\r\nRCPT TO:<b@y.org> NOTIFY=NEVER\r\nDATA\r\n\
        Subject: s\r\n\r\n..dot\r\nbare\n.\nnot the end\r\nba\rre\r\n.\r\nQUIT\r\n";
    let output = converse(&inbox, input).await;
    assert_eq!(codes(&output), ["220", "250", "250", "250", "354", "250", "221"]);
    let mail = &inbox.mails_to("B@y.org")[0];
    assert_eq!(mail.bytes, b"Subject: s\r\n\r\n.dot\r\nbare\n.\nnot the end\r\nba\rre\r\n");
    assert_eq!((mail.from.as_str(), mail.is_answered), ("a@x.org", true));
}

#[tokio::test]
async fn a_refused_recipient_leaves_the_conversation_usable() {
    let inbox = inbox(Behaviour::default()).await;
    let input = b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<gone@y.org>\r\nDATA\r\nRSET\r\nMAIL FROM:<>\r\n\
        RCPT TO:<greylist@y.org>\r\nRCPT TO:<greylist@y.org>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n";
    let output = converse(&inbox, input).await;
    let expected = ["220", "250", "250", "550", "503", "250", "250", "451", "250", "354", "250", "221"];
    assert_eq!(codes(&output), expected);
    assert_eq!(inbox.taken(), 1);
}

#[tokio::test]
async fn only_the_newest_messages_are_kept() {
    let inbox = inbox(Behaviour { capacity: 2, ..Behaviour::default() }).await;
    let mut input = b"EHLO x\r\n".to_vec();
    for number in 1..=3 {
        let message = format!("MAIL FROM:<>\r\nRCPT TO:<r{number}@y.org>\r\nDATA\r\nx\r\n.\r\n");
        input.extend_from_slice(message.as_bytes());
    }
    input.extend_from_slice(b"QUIT\r\n");
    converse(&inbox, &input).await;
    inbox.wait_for(3).await;
    let kept: Vec<_> = inbox.mails().iter().map(|mail| mail.to[0].clone()).collect();
    assert_eq!(kept, ["r2@y.org", "r3@y.org"]);
}

#[tokio::test]
async fn mail_is_taken_only_after_the_login_that_was_asked_for() {
    let login = Some(("user".to_owned(), "secret".to_owned()));
    let inbox = inbox(Behaviour { login, ..Behaviour::default() }).await;
    let input = b"EHLO x\r\nMAIL FROM:<>\r\nAUTH PLAIN AHVzZXIAd3Jvbmc=\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\n\
        MAIL FROM:<>\r\nQUIT\r\n";
    assert_eq!(codes(&converse(&inbox, input).await), ["220", "250", "530", "535", "235", "250", "221"]);
}

#[tokio::test]
async fn a_stopped_inbox_takes_nothing_more_and_still_shows_what_it_took() {
    let inbox = inbox(Behaviour::default()).await;
    converse(&inbox, b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@y.org>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n").await;
    inbox.stop().await;
    assert!(TcpStream::connect(inbox.address()).await.is_err());
    assert_eq!(inbox.mails().len(), 1);
}

async fn page(inbox: &std::sync::Arc<Inbox>, path: &str) -> (u16, String, String) {
    use tower::ServiceExt;
    let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
    let response = courant::web::inbox::router(std::sync::Arc::clone(inbox)).oneshot(request).await.unwrap();
    let policy = response.headers().get("content-security-policy");
    let policy = policy.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, policy, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_mail_can_be_looked_at_in_every_way_and_does_nothing() {
    let inbox = std::sync::Arc::new(inbox(Behaviour::default()).await);
    let input = b"EHLO x\r\nMAIL FROM:<d@x.org>\r\nRCPT TO:<ada+1@example.org>\r\nDATA\r\n\
        From: D <d@x.org>\r\nSubject: <b>bold</b>\r\nList-Id: \"The Daily\" <daily.x.org>\r\n\
        Content-Type: text/html\r\n\r\n<html><head></head><script>alert(1)</script></html>\r\n.\r\nQUIT\r\n";
    converse(&inbox, input).await;

    let (_, _, list) = page(&inbox, "/").await;
    assert!(list.contains("&#60;b&#62;bold&#60;/b&#62;") && list.contains("<bdi>The Daily</bdi>"), "{list}");
    assert!(list.contains("/?to=ada%2B1%40example.org"), "{list}");
    assert!(page(&inbox, "/?to=ADA%2B1@example.org").await.2.contains("/mails/1"));
    assert!(!page(&inbox, "/?to=bob@example.org").await.2.contains("/mails/1"));

    assert!(page(&inbox, "/mails/1").await.2.contains("<iframe"));
    assert!(page(&inbox, "/mails/1/text").await.2.contains("This mail has no text."));
    assert!(page(&inbox, "/mails/1/headers").await.2.contains("<td>&#60;b&#62;bold&#60;/b&#62;</td>"));
    assert!(page(&inbox, "/mails/1/source").await.2.contains("&#60;script&#62;"));
    let (_, policy, frame) = page(&inbox, "/mails/1/frame").await;
    assert!(policy.starts_with("sandbox allow-popups") && !policy.contains("allow-scripts"), "{policy}");
    assert!(frame.contains("<base target=\"_blank\">"));
    assert!(page(&inbox, "/mails/1/mail.eml").await.2.starts_with("From: D <d@x.org>\r\n"));
    for missing in ["/mails/0", "/mails/2", "/mails/2/frame"] {
        assert_eq!(page(&inbox, missing).await.0, 404, "{missing}");
    }
}
