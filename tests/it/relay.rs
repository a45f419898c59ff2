//! Handing messages to a relay: what each kind of trouble comes to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use courant::mail::cause::Class;
use courant::mail::inbox::{Behaviour, Inbox, Tls};
use courant::mail::message::Message;
use courant::mail::mould::{Letter, Slots};
use courant::mail::relay::{Connection, Encryption, Envelope, Limits, Login, Opened, Relay, RelaySettings};
use courant::mail::reply::{Reply, Stage};
use courant::model::delivery::Outcome;
use courant::model::mailbox::Mailbox;
use courant::model::subscriber::EmailAddress;
use courant::model::time::Timestamp;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Long enough for a busy machine where an answer comes, short where none does.
const PATIENT: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);

fn settings(address: SocketAddr) -> RelaySettings {
    RelaySettings {
        name: None,
        weight: 1,
        host: address.ip().to_string(),
        port: address.port(),
        encryption: Encryption::None,
        login: None,
        extra_roots: None,
        connections: 1,
        messages_per_connection: 1000,
        rate: None,
        daily_cap: None,
        idempotency_header: None,
        hello_name: "courier.example.org".to_owned(),
        limits: Limits {
            connect: PATIENT,
            greeting: PATIENT,
            command: PATIENT,
            data: PATIENT,
            block: PATIENT,
            dot: PATIENT,
            quit: SHORT,
        },
    }
}

async fn inbox(behaviour: Behaviour) -> Inbox {
    Inbox::start(([127, 0, 0, 1], 0).into(), behaviour).await.unwrap()
}

async fn connect(inbox: &Inbox) -> Connection {
    Relay::new(settings(inbox.address())).unwrap().connect().await.unwrap()
}

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn envelope(recipient: &str) -> Envelope {
    Envelope::new(&address("b-token@bounce.courier.example.org"), &address(recipient), 2000).unwrap()
}

fn letter(recipient: &str, text: &str) -> Letter {
    let from: Mailbox = "The Courier <digest@courier.example.org>".parse().unwrap();
    let message = Message {
        from: &from,
        reply_to: None,
        subject: "Bridge reopens",
        date: Timestamp::from_unix(1_772_434_800),
        language: "en",
        text,
        html: "<p>Bridge reopens</p>",
        list: None,
    };
    let mut letter = Letter::default();
    let slots = Slots { to: &address(recipient), message_id: "m1", token: "", reader: "" };
    message.mould().cut(&slots, &mut letter).unwrap();
    letter
}

/// One whole transaction.
async fn deliver(connection: &mut Connection, recipient: &str) -> Reply {
    match connection.open(&envelope(recipient)).await {
        Opened::Ready => connection.finish(&letter(recipient, "text"), None).await,
        Opened::Failed(reply) => reply,
    }
}

#[tokio::test]
async fn a_message_arrives_octet_for_octet() {
    for pipelining in [true, false] {
        let inbox = inbox(Behaviour { pipelining, ..Behaviour::default() }).await;
        let mut connection = connect(&inbox).await;
        let sent = letter("ada@example.org", ".\n..dots\n.\nFrom here\n  blanks  \nüber\n");
        let Opened::Ready = connection.open(&envelope("ada@example.org")).await else { panic!() };
        let reply = connection.finish(&sent, None).await;
        assert_eq!((reply.outcome(), reply.to_string().as_str()), (Outcome::Accepted, "250 2.0.0 Taken"));
        let mail = &inbox.mails_to("ada@example.org")[0];
        assert_eq!(mail.bytes, sent.as_bytes());
        assert_eq!(mail.from, "b-token@bounce.courier.example.org");
    }
}

/// What the inbox does to each of these names, and what must come of it: the outcome, at which stage, whose
/// fault it is, and whether the connection serves the next message.
const TROUBLES: &[(&str, Outcome, Stage, Class, bool)] = &[
    ("gone", Outcome::Refused, Stage::Rcpt, Class::Address, true),
    ("full", Outcome::Refused, Stage::Rcpt, Class::Mailbox, true),
    ("blocked", Outcome::Refused, Stage::Rcpt, Class::Us, true),
    ("busy", Outcome::Deferred, Stage::Rcpt, Class::Transient, true),
    ("greylist", Outcome::Deferred, Stage::Rcpt, Class::Transient, true),
    ("regret", Outcome::Refused, Stage::Rcpt, Class::Address, true),
    ("leaving", Outcome::Deferred, Stage::Rcpt, Class::Transient, false),
    ("hangup", Outcome::Deferred, Stage::Rcpt, Class::Transient, false),
    ("mute", Outcome::Deferred, Stage::Rcpt, Class::Transient, false),
    ("garbage", Outcome::Deferred, Stage::Rcpt, Class::Transient, false),
    ("endless", Outcome::Deferred, Stage::Rcpt, Class::Transient, false),
    ("nodata", Outcome::Refused, Stage::Data, Class::Us, true),
    ("waitdata", Outcome::Deferred, Stage::Data, Class::Transient, true),
    ("cut", Outcome::Unknown, Stage::Dot, Class::Transient, false),
    ("spam", Outcome::Refused, Stage::Dot, Class::Us, true),
    ("later", Outcome::Deferred, Stage::Dot, Class::Transient, true),
    ("drop", Outcome::Unknown, Stage::Dot, Class::Transient, false),
    ("droponce", Outcome::Unknown, Stage::Dot, Class::Transient, false),
    ("silent", Outcome::Unknown, Stage::Dot, Class::Transient, false),
    ("riddle", Outcome::Unknown, Stage::Dot, Class::Transient, false),
    ("lf", Outcome::Unknown, Stage::Dot, Class::Transient, false),
    ("latin", Outcome::Accepted, Stage::Dot, Class::Transient, true),
    ("late", Outcome::Accepted, Stage::Dot, Class::Transient, true),
    ("drip", Outcome::Accepted, Stage::Dot, Class::Transient, true),
];

/// Those that wait for something that never comes.
const MUTE: &[&str] = &["mute", "silent", "lf"];

#[tokio::test]
async fn each_trouble_has_its_outcome_and_costs_the_connection_only_if_it_must() {
    for pipelining in [true, false] {
        let inbox = inbox(Behaviour { pipelining, ..Behaviour::default() }).await;
        for (name, outcome, stage, class, survives) in TROUBLES {
            let mut settings = settings(inbox.address());
            if MUTE.contains(name) {
                (settings.limits.command, settings.limits.dot) = (SHORT, SHORT);
            }
            let mut connection = Relay::new(settings).unwrap().connect().await.unwrap();
            let reply = deliver(&mut connection, &format!("{name}@example.org")).await;
            let found = (reply.outcome(), reply.stage(), reply.class(), connection.has_room());
            assert_eq!(found, (*outcome, *stage, *class, *survives), "{name}, {pipelining}: {reply}");
            if *survives {
                let reply = deliver(&mut connection, "ada@example.org").await;
                assert_eq!(reply.outcome(), Outcome::Accepted, "after {name}: {reply}");
            }
        }
    }
}

#[tokio::test]
async fn the_next_envelope_goes_behind_the_dot_and_is_answered_for_itself() {
    for pipelining in [true, false] {
        let inbox = inbox(Behaviour { pipelining, ..Behaviour::default() }).await;
        let mut connection = connect(&inbox).await;
        let Opened::Ready = connection.open(&envelope("one@example.org")).await else { panic!() };
        let mut outcomes = Vec::new();
        let mut present = "one@example.org";
        for next in ["two@example.org", "gone@example.org"] {
            let reply = connection.finish(&letter(present, "text"), Some(&envelope(next))).await;
            outcomes.push(reply.outcome());
            match connection.open(&envelope(next)).await {
                Opened::Ready => present = next,
                Opened::Failed(reply) => outcomes.push(reply.outcome()),
            }
        }
        outcomes.push(deliver(&mut connection, "three@example.org").await.outcome());
        let expected = [Outcome::Accepted, Outcome::Accepted, Outcome::Refused, Outcome::Accepted];
        assert_eq!(outcomes, expected, "{pipelining}");
        assert_eq!((inbox.taken(), inbox.connections()), (3, 1));
    }
}

#[tokio::test]
async fn a_message_whose_dot_goes_unanswered_says_nothing_about_the_next_one() {
    let inbox = inbox(Behaviour::default()).await;
    let mut connection = connect(&inbox).await;
    let Opened::Ready = connection.open(&envelope("drop@example.org")).await else { panic!() };
    let next = envelope("ada@example.org");
    let reply = connection.finish(&letter("drop@example.org", "text"), Some(&next)).await;
    assert_eq!(reply.outcome(), Outcome::Unknown);
    assert!(!connection.has_room());
}

#[tokio::test]
async fn a_354_without_a_recipient_is_ended_by_a_lone_dot() {
    let inbox = inbox(Behaviour { always_354: true, ..Behaviour::default() }).await;
    let mut connection = connect(&inbox).await;
    assert_eq!(deliver(&mut connection, "gone@example.org").await.outcome(), Outcome::Refused);
    assert_eq!(deliver(&mut connection, "ada@example.org").await.outcome(), Outcome::Accepted);
    assert_eq!(inbox.taken(), 1);
}

#[tokio::test]
async fn a_connection_that_the_relay_ends_after_a_message_leaves_that_message_sent() {
    let inbox = inbox(Behaviour { per_connection: Some(1), ..Behaviour::default() }).await;
    let mut connection = connect(&inbox).await;
    let Opened::Ready = connection.open(&envelope("one@example.org")).await else { panic!() };
    let next = envelope("two@example.org");
    let reply = connection.finish(&letter("one@example.org", "text"), Some(&next)).await;
    assert_eq!(reply.outcome(), Outcome::Accepted);
    let Opened::Failed(reply) = connection.open(&next).await else { panic!() };
    assert_eq!((reply.stage(), connection.has_room(), connection.is_used()), (Stage::Mail, false, true));
}

#[tokio::test]
async fn what_the_relay_cannot_carry_fails_alone() {
    let inbox = inbox(Behaviour { smtputf8: false, max_size: 5000, ..Behaviour::default() }).await;
    let mut connection = connect(&inbox).await;
    let reply = deliver(&mut connection, "dörte@example.org").await;
    assert_eq!((reply.outcome(), reply.class()), (Outcome::Refused, Class::Message), "{reply}");
    let sender = address("b@bounce.example.org");
    let big = Envelope::new(&sender, &address("ada@example.org"), 6000).unwrap();
    let Opened::Failed(reply) = connection.open(&big).await else { panic!() };
    assert_eq!((reply.outcome(), reply.class()), (Outcome::Refused, Class::Message), "{reply}");
    assert_eq!(deliver(&mut connection, "ada@example.org").await.outcome(), Outcome::Accepted);
}

#[tokio::test]
async fn international_addresses_go_out_as_the_relay_takes_them() {
    let inbox = inbox(Behaviour::default()).await;
    let mut connection = connect(&inbox).await;
    for recipient in ["dörte@example.org", "ada@bücher.example"] {
        assert_eq!(deliver(&mut connection, recipient).await.outcome(), Outcome::Accepted, "{recipient}");
    }
    let recipients: Vec<_> = inbox.mails().iter().map(|mail| mail.to[0].clone()).collect();
    assert_eq!(recipients, ["dörte@example.org", "ada@xn--bcher-kva.example"]);
}

#[tokio::test]
async fn a_wrong_login_sends_nothing_and_the_right_one_does() {
    let login = Some(("user".to_owned(), "secret".to_owned()));
    let inbox = inbox(Behaviour { login, ..Behaviour::default() }).await;
    for (password, outcome) in [("wrong", Outcome::Deferred), ("secret", Outcome::Accepted)] {
        let login = Login { user: "user".to_owned(), password: password.to_owned().into() };
        let relay = Relay::new(RelaySettings { login: Some(login), ..settings(inbox.address()) }).unwrap();
        let reply = relay.send(&envelope("ada@example.org"), &letter("ada@example.org", "text")).await;
        assert_eq!(reply.outcome(), outcome, "{reply}");
    }
    let mut anonymous = connect(&inbox).await;
    let reply = deliver(&mut anonymous, "ada@example.org").await;
    assert_eq!((reply.outcome(), reply.class()), (Outcome::Deferred, Class::Us), "{reply}");
}

fn certificate() -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

#[tokio::test]
async fn mail_goes_out_encrypted_by_either_way() {
    let (acceptor, pem) = certificate();
    for (tls, encryption) in [
        (Tls::Implicit(acceptor.clone()), Encryption::Implicit),
        (Tls::StartTls(acceptor.clone()), Encryption::StartTls),
        (Tls::StartTls(acceptor.clone()), Encryption::Opportunistic),
    ] {
        let login = ("user".to_owned(), "secret".to_owned());
        let behaviour = Behaviour { tls: Some(tls), login: Some(login), ..Behaviour::default() };
        let inbox = inbox(behaviour).await;
        let relay = Relay::new(RelaySettings {
            encryption,
            extra_roots: Some(pem.clone()),
            login: Some(Login { user: "user".to_owned(), password: "secret".to_owned().into() }),
            ..settings(inbox.address())
        });
        let relay = relay.unwrap();
        let reply = relay.send(&envelope("ada@example.org"), &letter("ada@example.org", "text")).await;
        assert_eq!(reply.outcome(), Outcome::Accepted, "{encryption:?}: {reply}");
    }
}

#[tokio::test]
async fn nothing_is_sent_without_the_encryption_that_is_required() {
    let (acceptor, _) = certificate();
    let (_, pem) = certificate();
    let plain = inbox(Behaviour::default()).await;
    let stranger = inbox(Behaviour { tls: Some(Tls::StartTls(acceptor)), ..Behaviour::default() }).await;
    for (inbox, says) in [(&plain, "does not offer STARTTLS"), (&stranger, "TLS failed")] {
        let relay = Relay::new(RelaySettings {
            encryption: Encryption::StartTls,
            extra_roots: Some(pem.clone()),
            ..settings(inbox.address())
        });
        let Err(reply) = relay.unwrap().connect().await else { panic!() };
        assert!(reply.to_string().contains(says), "{reply}");
        assert_eq!((reply.outcome(), inbox.taken()), (Outcome::Deferred, 0));
    }
}

/// A server that says what it is told to, and then nothing.
async fn scripted(script: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio_util::task::TaskTracker::new().spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.write_all(&script).await;
        let mut sink = [0; 4096];
        while socket.read(&mut sink).await.is_ok_and(|count| count > 0) {}
    });
    address
}

#[tokio::test]
async fn words_in_clear_behind_the_answer_to_starttls_are_not_believed() {
    let (_, pem) = certificate();
    let script = b"220 hi\r\n250-hi\r\n250 STARTTLS\r\n220 go\r\n250 PIPELINING\r\n".to_vec();
    let relay = Relay::new(RelaySettings {
        encryption: Encryption::StartTls,
        extra_roots: Some(pem),
        ..settings(scripted(script).await)
    });
    let Err(reply) = relay.unwrap().connect().await else { panic!() };
    assert!(reply.to_string().contains("in clear"), "{reply}");
}

#[tokio::test]
async fn a_relay_that_does_not_read_costs_no_more_than_the_time_for_a_block() {
    let script = b"220 hi\r\n250-hi\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n354 go\r\n".to_vec();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(listener.local_addr().unwrap());
    settings.limits.block = SHORT;
    tokio_util::task::TaskTracker::new().spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(&script).await.unwrap();
        std::future::pending::<()>().await;
    });
    let mut connection = Relay::new(settings).unwrap().connect().await.unwrap();
    let Opened::Ready = connection.open(&envelope("ada@example.org")).await else { panic!() };
    let huge = letter("ada@example.org", &"A line of text that is long enough.\n".repeat(1 << 19));
    let reply = connection.finish(&huge, None).await;
    assert_eq!((reply.outcome(), reply.stage()), (Outcome::Deferred, Stage::Data), "{reply}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn whatever_the_relay_says_there_is_an_outcome(script in proptest::collection::vec(any::<u8>(), 0..200)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            for greeting in [&b""[..], b"220 hi\r\n250-hi\r\n250 PIPELINING\r\n", b"220 hi\r\n250 hi\r\n250 ok\r\n"] {
                let mut settings = settings(scripted([greeting, &script].concat()).await);
                (settings.limits.greeting, settings.limits.command) = (SHORT / 10, SHORT / 10);
                (settings.limits.data, settings.limits.dot) = (SHORT / 10, SHORT / 10);
                let relay = Relay::new(settings).unwrap();
                let reply = relay.send(&envelope("ada@example.org"), &letter("ada@example.org", "text")).await;
                prop_assert!(reply.to_string().len() < 600);
                prop_assert!(reply.outcome() != Outcome::Accepted || reply.to_string().starts_with('2'));
            }
            Ok(())
        })?;
    }
}
