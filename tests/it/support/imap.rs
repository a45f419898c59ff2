//! A mailbox that can be reached by IMAP, and whose server does what a test asks for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// What the server says in the place of the usual answer to a command that begins so; `None` closes the connection.
/// `TAG` stands for the command's tag.
pub type Fault = (&'static str, Option<Vec<u8>>);

/// A mail, and what it is marked with.
#[derive(Clone, Debug)]
pub struct Mail {
    pub bytes: Vec<u8>,
    pub flags: Vec<String>,
}

/// What the server has, and what it was told.
pub struct State {
    pub abilities: &'static str,
    pub password: &'static str,
    pub mails: BTreeMap<u32, Mail>,
    /// The numbers of mails that were moved to another folder.
    pub moved: Vec<u32>,
    pub fault: Option<Fault>,
    pub commands: Vec<String>,
}

/// A running server.
pub struct Mailbox {
    pub port: u16,
    state: Arc<Mutex<State>>,
    arrived: Arc<Notify>,
    _task: JoinSet<()>,
}

impl Mailbox {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let state = State {
            abilities: "IMAP4rev1 AUTH=PLAIN IDLE MOVE UIDPLUS",
            password: "right",
            mails: BTreeMap::new(),
            moved: Vec::new(),
            fault: None,
            commands: Vec::new(),
        };
        let (state, arrived) = (Arc::new(Mutex::new(state)), Arc::new(Notify::new()));
        let port = listener.local_addr().unwrap().port();
        let (shared, bell) = (Arc::clone(&state), Arc::clone(&arrived));
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut sessions = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let (state, arrived) = (Arc::clone(&shared), Arc::clone(&bell));
                sessions.spawn(async move { serve(BufReader::new(socket), &state, &arrived).await });
            }
        });
        Self { port, state, arrived, _task: task }
    }

    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }

    /// Delivers a mail, and tells who is listening.
    pub fn deliver(&self, bytes: impl Into<Vec<u8>>) -> u32 {
        let number = self.with(|state| {
            let number = state.mails.keys().next_back().unwrap_or(&100) + 1;
            state.mails.insert(number, Mail { bytes: bytes.into(), flags: Vec::new() });
            number
        });
        self.arrived.notify_waiters();
        number
    }

    /// What each mail that is left is marked with.
    pub fn flags(&self) -> Vec<(u32, String)> {
        self.with(|state| state.mails.iter().map(|(number, mail)| (*number, mail.flags.join(" "))).collect())
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: BufReader<S>,
    state: &Mutex<State>,
    arrived: &Notify,
) -> std::io::Result<()> {
    let fault = |command: &str| {
        let mut state = state.lock().unwrap();
        state.commands.push(command.to_owned());
        state.fault.clone().filter(|(begin, _)| command.starts_with(begin))
    };
    let greeting = match fault("GREETING") {
        Some((_, None)) => return Ok(()),
        Some((_, Some(octets))) => octets,
        None => b"* OK ready\r\n".to_vec(),
    };
    socket.write_all(&greeting).await?;
    let mut line = String::new();
    loop {
        line.clear();
        if socket.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((&line, ""));
        let answer = match fault(command) {
            Some((_, None)) => return Ok(()),
            Some((_, Some(octets))) => {
                let start = octets.windows(3).position(|three| three == b"TAG");
                match start {
                    Some(start) => [&octets[..start], tag.as_bytes(), &octets[start + 3..]].concat(),
                    None => octets,
                }
            }
            None if command == "IDLE" => {
                socket.write_all(b"+ idling\r\n").await?;
                let mut end = String::new();
                tokio::select! {
                    () = arrived.notified() => {
                        socket.write_all(b"* 1 EXISTS\r\n").await?;
                        socket.read_line(&mut end).await?;
                    }
                    read = socket.read_line(&mut end) => { read?; }
                }
                assert_eq!(end, "DONE\r\n");
                format!("{tag} OK idled\r\n").into_bytes()
            }
            None if command == "AUTHENTICATE PLAIN" => {
                socket.write_all(b"+ \r\n").await?;
                let mut secret = String::new();
                socket.read_line(&mut secret).await?;
                let expected = format!("\0bounces\0{}", state.lock().unwrap().password);
                let is_right = data_encoding::BASE64.encode(expected.as_bytes()) == secret.trim_end();
                let refusal = "NO [AUTHENTICATIONFAILED] Wrong password for bounces@example.org";
                format!("{tag} {}\r\n", if is_right { "OK in" } else { refusal }).into_bytes()
            }
            None => answer(&mut state.lock().unwrap(), tag, command),
        };
        socket.write_all(&answer).await?;
    }
}

fn answer(state: &mut State, tag: &str, command: &str) -> Vec<u8> {
    let words: Vec<&str> = command.split(' ').collect();
    let number = || words[2].parse::<u32>().unwrap();
    let mut said = Vec::new();
    match words[..] {
        ["CAPABILITY"] => said.extend(format!("* CAPABILITY {}\r\n", state.abilities).into_bytes()),
        ["UID", "SEARCH", ..] => {
            let is_new = |mail: &Mail| mail.flags.is_empty();
            let found = state.mails.iter().filter(|(_, mail)| is_new(mail));
            let found = found.map(|(number, _)| format!(" {number}")).collect::<Vec<_>>().concat();
            said.extend(format!("* SEARCH{found}\r\n").into_bytes());
        }
        ["UID", "FETCH", ..] => {
            let most = words[3].split(['.', '>']).nth(2).unwrap().parse().unwrap();
            let bytes = &state.mails[&number()].bytes;
            let bytes = &bytes[..bytes.len().min(most)];
            let head = format!("* 1 FETCH (UID {} BODY[]<0> {{{}}}\r\n", number(), bytes.len());
            said.extend([head.as_bytes(), bytes, b")\r\n"].concat());
        }
        ["UID", "STORE", ..] => {
            let flags = command.split(['(', ')']).nth(1).unwrap().split(' ').map(str::to_owned);
            state.mails.get_mut(&number()).unwrap().flags.extend(flags);
        }
        ["UID", "MOVE", ..] => {
            state.mails.remove(&number());
            state.moved.push(number());
        }
        ["UID", "COPY", ..] => state.moved.push(number()),
        ["UID", "EXPUNGE", ..] => drop(state.mails.remove(&number())),
        _ => {}
    }
    said.extend(format!("{tag} OK done\r\n").into_bytes());
    said
}
