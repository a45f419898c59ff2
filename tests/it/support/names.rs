//! A DNS server that says what it is told to, over UDP and TCP on a port of the loopback device.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use domain::base::iana::{Class, Rcode};
use domain::base::message_builder::AnswerBuilder;
use domain::base::{Message, MessageBuilder, Name, Rtype};
use domain::rdata::{A, Aaaa, Cname, Mx, Ptr, Txt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// What fits into an answer over UDP.
const DATAGRAM: usize = 1232;

/// A server that ends with the test. Its zone has lines such as `example.org MX 10 mx.example.org`; `!SERVFAIL` in the
/// place of what a record says is the answer, and `!mute` is none.
pub struct Names {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

struct Shared {
    zone: Mutex<String>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    pub async fn start(zone: &str) -> Self {
        let shared = Arc::new(Shared { zone: Mutex::new(zone.to_owned()), asked: Mutex::default() });
        let (socket, listener) = sockets().await;
        let address = socket.local_addr().unwrap();
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        tasks.spawn(stop.clone().run_until_cancelled_owned(serve_udp(socket, Arc::clone(&shared))));
        tasks.spawn(stop.clone().run_until_cancelled_owned(serve_tcp(listener, Arc::clone(&shared))));
        Self { address, shared, _stop: stop.drop_guard() }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the zone.
    pub fn publish(&self, zone: &str) {
        zone.clone_into(&mut self.shared.zone.lock().unwrap());
    }

    /// Adds records, in the place of all that had their names and kinds.
    pub fn replace(&self, records: &str) {
        let head = |line: &str| line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
        let mut zone = self.shared.zone.lock().unwrap();
        let replaced: Vec<_> = records.lines().map(head).collect();
        let kept: Vec<&str> = zone.lines().filter(|line| !replaced.contains(&head(line))).collect();
        *zone = format!("{}\n{records}", kept.join("\n"));
    }

    /// What was asked: `TXT example.org`, over TCP with a `+`.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }
}

/// A port that is free for both.
async fn sockets() -> (UdpSocket, TcpListener) {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        if let Ok(socket) = UdpSocket::bind(listener.local_addr().unwrap()).await {
            return (socket, listener);
        }
    }
}

async fn serve_udp(socket: UdpSocket, shared: Arc<Shared>) {
    let mut buffer = [0; 4096];
    loop {
        let Ok((length, client)) = socket.recv_from(&mut buffer).await else { continue };
        let Some(mut reply) = shared.answer(&buffer[..length], "") else { continue };
        if reply.len() > DATAGRAM {
            reply = truncated(&buffer[..length]);
        }
        let _ = socket.send_to(&reply, client).await;
    }
}

async fn serve_tcp(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else { continue };
        while let Ok(length) = stream.read_u16().await {
            let mut question = vec![0; length.into()];
            stream.read_exact(&mut question).await.unwrap();
            let Some(reply) = shared.answer(&question, "+") else { break };
            stream.write_u16(reply.len().try_into().unwrap()).await.unwrap();
            stream.write_all(&reply).await.unwrap();
        }
    }
}

fn truncated(question: &[u8]) -> Vec<u8> {
    let question = Message::from_octets(question).unwrap();
    let mut answer = MessageBuilder::new_vec().start_answer(&question, Rcode::NOERROR).unwrap();
    answer.header_mut().set_tc(true);
    answer.into_message().into_octets()
}

impl Shared {
    fn answer(&self, question: &[u8], mark: &str) -> Option<Vec<u8>> {
        let question = Message::from_octets(question).ok()?;
        let asked = question.sole_question().ok()?;
        let (name, kind) = (asked.qname().to_string().to_ascii_lowercase(), asked.qtype());
        self.asked.lock().unwrap().push(format!("{mark}{kind} {name}"));
        let zone = self.zone.lock().unwrap().clone();
        let own = |line: &&str| line.split_whitespace().next() == Some(name.as_str());
        let records: Vec<(String, String)> = zone
            .lines()
            .map(str::trim)
            .filter(own)
            .map(|line| {
                let mut words = line.splitn(3, ' ').skip(1);
                (words.next().unwrap().to_owned(), words.next().unwrap_or_default().to_owned())
            })
            .collect();
        let matching: Vec<_> =
            records.iter().filter(|(found, _)| *found == kind.to_string() || found == "CNAME").collect();
        let code = match (matching.first(), records.is_empty()) {
            (Some((_, data)), _) if data == "!mute" => return None,
            (Some((_, data)), _) if data == "!SERVFAIL" => Rcode::SERVFAIL,
            (None, true) => Rcode::NXDOMAIN,
            _ => Rcode::NOERROR,
        };
        let mut answer = MessageBuilder::new_vec().start_answer(&question, code).unwrap();
        for (kind, data) in matching.into_iter().filter(|_| code == Rcode::NOERROR) {
            push(&mut answer, &name, kind, data);
        }
        Some(answer.into_message().into_octets())
    }
}

fn push(answer: &mut AnswerBuilder<Vec<u8>>, owner: &str, kind: &str, data: &str) {
    let name = |text: &str| Name::<Vec<u8>>::from_str(text).unwrap();
    let head = (name(owner), Class::IN, 60);
    match kind.parse().unwrap() {
        Rtype::A => answer.push((head.0, head.1, head.2, A::from_str(data).unwrap())),
        Rtype::AAAA => answer.push((head.0, head.1, head.2, Aaaa::from_str(data).unwrap())),
        Rtype::CNAME => answer.push((head.0, head.1, head.2, Cname::new(name(data)))),
        Rtype::PTR => answer.push((head.0, head.1, head.2, Ptr::new(name(data)))),
        Rtype::MX => {
            let (preference, host) = data.split_once(' ').unwrap();
            answer.push((head.0, head.1, head.2, Mx::new(preference.parse().unwrap(), name(host))))
        }
        _ => {
            let text = Txt::<Vec<u8>>::build_from_slice(data.as_bytes()).unwrap();
            answer.push((head.0, head.1, head.2, text))
        }
    }
    .unwrap();
}
