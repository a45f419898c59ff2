//! What a mail server hands to the daemon by LMTP or SMTP, in bare words over a real connection.

use std::fs;
use std::net::TcpListener;

use courant::mail::inbox::{Behaviour, Inbox};
use sqlx::Connection as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::installation::{Daemon, Installation, text, until};

/// A publication whose digest has gone to some readers, and the port to which mails are handed in.
struct House {
    installation: Installation,
    inbox: Inbox,
    port: u16,
}

impl House {
    async fn new(scheme: &str) -> (Self, Daemon) {
        let installation = Installation::new();
        let inbox = Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await.unwrap();
        installation.change("127.0.0.1:1\"", &format!("127.0.0.1:{}\"", inbox.address().port()));
        let port = free_port();
        let listen =
            format!("[reports]\nlisten = '{scheme}://127.0.0.1:{port}'\n[[source]]\nname = 'notes'\n");
        let source = format!("{listen}kind = 'markdown'\npath = 'notes'\n[[newsletter]]");
        installation.change("[[newsletter]]", &source);
        fs::create_dir(installation.path().join("notes")).unwrap();
        let article = "---\ntitle: Bridge\ndate: 2026-03-01\n---\nIt reopens.\n";
        fs::write(installation.path().join("notes/bridge.md"), article).unwrap();
        fs::write(installation.path().join("people.csv"), "email\nada@example.org\nben@example.org\n")
            .unwrap();
        let import = ["subscriber", "import", "people.csv", "--newsletter", "daily", "--confirmed", "a test"];
        for arguments in [&["source", "fetch"][..], &import] {
            let output = installation.run(arguments);
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
        let daemon = installation.start().await;
        assert!(installation.run(&["newsletter", "send", "daily", "--now"]).status.success());
        until(|| inbox.mails().len() == 2, || installation.log()).await;
        let house = Self { installation, inbox, port };
        house.installation.until_the_log_says("Listening for reports").await;
        (house, daemon)
    }

    /// The envelope sender of this reader's digest.
    fn sender(&self, reader: &str) -> String {
        self.inbox.mails_to(&format!("{reader}@example.org"))[0].from.clone()
    }

    fn suppressed(&self) -> String {
        text(&self.installation.run(&["suppression", "list"]).stdout)
    }

    async fn count_reports(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM report").fetch_one(&mut self.database().await).await.unwrap()
    }

    async fn database(&self) -> sqlx::SqliteConnection {
        let file = self.installation.path().join("courant.db");
        sqlx::SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap()
    }

    /// Sends everything at once, as a client that pipelines, and returns all that comes back until the end.
    async fn say(&self, words: &[u8]) -> String {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        // Who is shown out in the middle of what they say cannot go on saying it.
        let _ = socket.write_all(words).await;
        let mut heard = Vec::new();
        let _ = socket.read_to_end(&mut heard).await;
        text(&heard)
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A report that an address does not exist, whoever it is about, with a line in Latin-1.
fn bounce(id: &str) -> Vec<u8> {
    let head = format!(
        "From: MAILER-DAEMON@mx.example.net\r\nTo: postmaster@example.net\r\nSubject: Undelivered\r\n\
         Message-ID: <{id}@mx.example.net>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nDer Empf"
    );
    let tail = "nger ist unbekannt.\r\n..\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; x@example.org\r\nAction: failed\r\n\
         Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n--b--\r\n";
    [head.as_bytes(), b"\xe4", tail.as_bytes()].concat()
}

/// A whole transaction, from MAIL to the dot.
fn transaction(to: &[&str], mail: &[u8]) -> Vec<u8> {
    let to = to.iter().map(|to| format!("RCPT TO:<{to}>\r\n")).collect::<Vec<_>>().concat();
    [b"MAIL FROM:<> BODY=8BITMIME\r\n", to.as_bytes(), b"DATA\r\n", mail, b".\r\n"].concat()
}

fn conversation(hello: &str, transactions: &[Vec<u8>]) -> Vec<u8> {
    [format!("{hello} mail.example.net\r\n").as_bytes(), &transactions.concat(), b"QUIT\r\n"].concat()
}

fn codes(heard: &str) -> Vec<&str> {
    heard.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| &line[..3]).collect()
}

#[tokio::test]
async fn a_report_handed_in_by_lmtp_takes_effect_and_each_recipient_has_a_reply() {
    let (house, _daemon) = House::new("lmtp").await;
    let (ada, ben) = (house.sender("ada"), house.sender("ben").to_ascii_uppercase());
    let mail = transaction(&[&ada, &ben], &bounce("1"));
    let heard = house.say(&conversation("LHLO", &[mail.clone(), mail])).await;
    let expected = [
        "220", "250", "250", "250", "250", "354", "250", "250", "250", "250", "250", "354", "250", "250",
        "221",
    ];
    assert_eq!(codes(&heard), expected, "{heard}");
    assert!(heard.contains("250-SIZE 10485760\r\n") && heard.contains("250-PIPELINING\r\n"), "{heard}");
    assert_eq!(house.count_reports().await, 2, "each once");
    let suppressed = house.suppressed();
    assert!(suppressed.contains("ada@example.org") && suppressed.contains("ben@example.org"), "{suppressed}");
    assert!(!house.installation.log().contains("@example.org"));
    assert_eq!(codes(&house.say(b"EHLO x\r\nQUIT\r\n").await), ["220", "500", "221"], "LMTP is not SMTP");
}

#[tokio::test]
async fn by_smtp_a_message_has_one_reply_and_what_says_nothing_to_us_is_taken() {
    let (house, _daemon) = House::new("smtp").await;
    let (ada, ben) = (house.sender("ada"), house.sender("ben"));
    let letter = b"From: liar@example.net\r\nSubject: hello\r\n\r\nDear editors\r\n";
    let transactions = [transaction(&[&ada, &ben], letter), transaction(&[&ada], &bounce("1"))];
    let heard = house.say(&conversation("EHLO", &transactions)).await;
    let expected = ["220", "250", "250", "250", "250", "354", "250", "250", "250", "354", "250", "221"];
    assert_eq!(codes(&heard), expected, "{heard}");
    let suppressed = house.suppressed();
    assert!(
        suppressed.contains("ada@example.org") && !suppressed.contains("ben@example.org"),
        "{suppressed}"
    );
}

#[tokio::test]
async fn only_addresses_that_a_mail_of_ours_names_are_recipients() {
    let (house, _daemon) = House::new("lmtp").await;
    let ada = house.sender("ada");
    let name = ada.split('@').next().unwrap();
    let forged = format!("{}aaaa@news.example.org", &name[..name.len() - 4]);
    for (recipient, code) in [
        (ada.as_str(), "250"),
        (forged.as_str(), "250"),
        ("fbl@news.example.org", "250"),
        ("ada@example.org", "550"),
        ("editor@news.example.org", "550"),
        ("b-short@news.example.org", "550"),
        ("postmaster", "550"),
        ("", "550"),
        (&format!("{name}@elsewhere.example"), "550"),
        (&format!("{name}@news.example.org.elsewhere.example"), "550"),
        (&format!("@news.example.org,@relay.example:{name}@elsewhere.example"), "550"),
        (&format!("{name}%elsewhere.example@elsewhere.example"), "550"),
    ] {
        let words = format!("LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{recipient}>\r\nRSET\r\nQUIT\r\n");
        let heard = house.say(words.as_bytes()).await;
        assert_eq!(codes(&heard)[3], code, "{recipient}: {heard}");
        assert!(code == "250" || heard.contains("550 5.1.1 "), "{heard}");
    }
    let nobody = transaction(&["ada@example.org"], b"");
    let heard = house.say(&conversation("LHLO", &[nobody])).await;
    assert_eq!(codes(&heard), ["220", "250", "250", "550", "503", "500", "221"], "nobody's mail is taken");
    let heard = house.say(&conversation("LHLO", &[transaction(&[&forged], &bounce("1"))])).await;
    assert_eq!(codes(&heard)[5], "250", "{heard}");
    assert_eq!(house.count_reports().await, 0, "what nobody signed is ignored");
}

#[tokio::test]
async fn whoever_says_too_much_is_stopped_and_the_next_one_is_served() {
    let (house, _daemon) = House::new("lmtp").await;
    let ada = house.sender("ada");
    let heard = house.say(&[b"LHLO ".as_slice(), &vec![b'x'; 1 << 20]].concat()).await;
    assert!(heard.is_empty() || heard.contains("500 5.5.6"), "{heard}");
    let heard = house.say(&b"HELP\r\n".repeat(1000)).await;
    assert!(heard.is_empty() || heard.contains("421 4.7.0"), "{heard}");

    let declared = format!("LHLO x\r\nMAIL FROM:<> SIZE=20000000\r\nRCPT TO:<{ada}>\r\nQUIT\r\n");
    assert_eq!(codes(&house.say(declared.as_bytes()).await), ["220", "250", "552", "503", "221"]);
    let large = [bounce("1"), b"x".repeat(11 << 20), b"\r\n".to_vec()].concat();
    let transactions = [transaction(&[&ada], &large), transaction(&[&ada], b"Subject: x\r\n\r\n")];
    let heard = house.say(&conversation("LHLO", &transactions)).await;
    let expected = ["220", "250", "250", "250", "354", "552", "250", "250", "354", "250", "221"];
    assert_eq!(codes(&heard), expected, "{heard}");

    // Without an end: nothing has come. A dot after a bare line feed is none.
    for end in ["", ".", "\n.\n", "\r\n.\n", "\n.\r\n"] {
        let mut words = conversation("LHLO", &[transaction(&[&ada], &bounce("2"))]);
        let dot = words.windows(5).rposition(|five| five == b"\r\n.\r\n").unwrap();
        words.truncate(dot);
        words.extend_from_slice(end.as_bytes());
        let mut socket = TcpStream::connect(("127.0.0.1", house.port)).await.unwrap();
        socket.write_all(&words).await.unwrap();
        socket.shutdown().await.unwrap();
        let mut heard = String::new();
        socket.read_to_string(&mut heard).await.unwrap();
        assert_eq!(codes(&heard), ["220", "250", "250", "250", "354"], "{end:?}: {heard}");
    }
    assert_eq!(house.count_reports().await, 0);
    let heard = house.say(&conversation("LHLO", &[transaction(&[&ada], &bounce("3"))])).await;
    assert_eq!(codes(&heard), ["220", "250", "250", "250", "354", "250", "221"], "{heard}");
    assert_eq!(house.count_reports().await, 1);
}

#[tokio::test]
async fn who_comes_while_too_many_are_spoken_with_is_asked_to_come_again() {
    let (house, _daemon) = House::new("lmtp").await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        let mut socket = TcpStream::connect(("127.0.0.1", house.port)).await.unwrap();
        let mut greeting = [0; 4];
        socket.read_exact(&mut greeting).await.unwrap();
        assert_eq!(&greeting, b"220 ");
        sockets.push(socket);
    }
    assert_eq!(codes(&house.say(b"").await), ["421"]);
    sockets.clear();
    let mut heard = String::new();
    for _ in 0..100 {
        heard = house.say(b"LHLO x\r\nQUIT\r\n").await;
        if heard.starts_with("220") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(codes(&heard), ["220", "250", "221"]);
}

#[tokio::test]
async fn while_the_database_is_held_a_report_is_to_come_again_and_after_a_restart_it_counts_once() {
    let (house, mut daemon) = House::new("lmtp").await;
    let ada = house.sender("ada");
    let words = conversation("LHLO", &[transaction(&[&ada], &bounce("1"))]);
    let mut holder = house.database().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let heard = house.say(&words).await;
    assert_eq!(codes(&heard), ["220", "250", "250", "250", "354", "451", "221"], "{heard}");
    house.installation.until_the_log_says("a mail could not be kept").await;
    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    assert_eq!(house.count_reports().await, 0);
    assert_eq!(codes(&house.say(&words).await)[5], "250");
    house.installation.until_the_log_says("The trouble is over").await;

    // The mail server was told nothing, as far as it knows, and hands the mail in again.
    daemon.signal("KILL");
    daemon.ended().await;
    let _daemon = house.installation.start().await;
    house.installation.until_the_log_says("Listening for reports").await;
    assert_eq!(codes(&house.say(&words).await)[5], "250");
    assert_eq!(house.count_reports().await, 1);
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_and_another_one_is_listened_on_after_a_reload() {
    let (house, daemon) = House::new("lmtp").await;
    let occupied = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = occupied.local_addr().unwrap().port();
    house.installation.change(&format!("127.0.0.1:{}'", house.port), &format!("127.0.0.1:{port}'"));
    daemon.signal("HUP");
    house.installation.until_the_log_says(&format!("cannot listen on 127.0.0.1:{port}")).await;
    assert!(TcpStream::connect(("127.0.0.1", house.port)).await.is_err(), "the old port is closed");

    let other = free_port();
    house.installation.change(&format!("127.0.0.1:{port}'"), &format!("127.0.0.1:{other}'"));
    daemon.signal("HUP");
    house.installation.until_the_log_says(&format!("Listening for reports address=127.0.0.1:{other}")).await;
    let mut greeting = [0; 28];
    TcpStream::connect(("127.0.0.1", other)).await.unwrap().read_exact(&mut greeting).await.unwrap();
    assert_eq!(&greeting, b"220 courant.localhost LMTP\r\n");
}
