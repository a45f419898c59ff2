//! What the inbox says in a conversation: a login or TLS where it wants one, and what a hook or a name asks for.

use std::io;
use std::time::Duration;

use data_encoding::BASE64;
use tokio::net::TcpStream;

use super::habit::{self, Act, Stage};
use super::{Received, Shared, Tls};
use crate::mail::server::{Deed, Dialect, Host, Limits, Mail, Session, Talk, Terms};

pub(super) async fn serve(socket: TcpStream, shared: &Shared) -> io::Result<()> {
    let behaviour = &shared.behaviour;
    let implicit = match &behaviour.tls {
        Some(Tls::Implicit(acceptor)) => Some(acceptor),
        _ => None,
    };
    let talk = Talk::over(socket, implicit, Limits::default()).await?;
    let terms = Terms {
        dialect: Dialect::Smtp,
        name: "inbox.localhost",
        max_size: behaviour.max_size,
        keep: behaviour.max_size,
        pipelining: behaviour.pipelining,
        smtputf8: behaviour.smtputf8,
        always_354: behaviour.always_354,
    };
    let mut guest = Guest { shared, terms, is_logged_in: behaviour.login.is_none(), taken: 0 };
    Session::new(&mut guest, talk).serve().await
}

/// Somebody who speaks to the inbox.
struct Guest<'a> {
    shared: &'a Shared,
    terms: Terms,
    is_logged_in: bool,
    taken: usize,
}

impl Host for Guest<'_> {
    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn extensions(&self, talk: &Talk) -> Vec<&'static str> {
        if self.may_encrypt(talk) {
            return vec!["STARTTLS"];
        }
        self.shared.behaviour.login.iter().map(|_| "AUTH PLAIN LOGIN").collect()
    }

    fn objection(&self, talk: &Talk) -> Option<&'static str> {
        if self.may_encrypt(talk) {
            return Some("530 5.7.0 STARTTLS first");
        }
        (!self.is_logged_in).then_some("530 5.7.0 Log in first")
    }

    async fn greet(&mut self, talk: &mut Talk) -> io::Result<Deed> {
        self.intervene(talk, (Stage::Greeting, ""), "220 inbox.localhost ESMTP").await
    }

    async fn hello(&mut self, talk: &mut Talk) -> io::Result<Deed> {
        let Some(act) = self.due(Stage::Ehlo, "") else { return Ok(Deed::Usual) };
        let deed = perform(talk, Some(act), "250 inbox.localhost").await?;
        Ok(if deed == Deed::Ended { deed } else { Deed::Refused })
    }

    async fn command(&mut self, talk: &mut Talk, verb: &str, rest: &str) -> io::Result<Option<Deed>> {
        match verb {
            "STARTTLS" => self.encrypt(talk).await.map(Some),
            "AUTH" => self.log_in(talk, rest).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn sender(&mut self, talk: &mut Talk, _: &str) -> io::Result<Deed> {
        self.intervene(talk, (Stage::Mail, ""), "250 2.1.0 Sender").await
    }

    async fn recipient(&mut self, talk: &mut Talk, to: &str) -> io::Result<Deed> {
        self.intervene(talk, (Stage::Rcpt, to), "250 2.1.5 Recipient").await
    }

    async fn data(&mut self, talk: &mut Talk, first: &str) -> io::Result<Deed> {
        self.intervene(talk, (Stage::Data, first), "354 Go on, end with a dot").await
    }

    fn begun(&mut self, first: &str) -> bool {
        self.due(Stage::Body, first).is_none()
    }

    async fn take(&mut self, talk: &mut Talk, mail: Mail) -> io::Result<Deed> {
        let first = mail.to[0].clone();
        let act = self.due(Stage::Dot, &first);
        if !matches!(act, Some(Act::Reply(_) | Act::Farewell(_))) {
            let is_answered = !matches!(act, Some(Act::Close | Act::Mute));
            let Mail { from, to, bytes } = mail;
            self.shared.keep(Received { from, to, bytes, is_answered });
        }
        if perform(talk, act, "250 2.0.0 Taken").await? == Deed::Ended {
            return Ok(Deed::Ended);
        }
        if self.shared.behaviour.hook.is_some() {
            talk.flush().await?;
            if self.due(Stage::Told, &first).is_some() {
                return Ok(Deed::Ended);
            }
        }
        self.taken += 1;
        if self.shared.behaviour.per_connection.is_some_and(|most| self.taken >= most) {
            talk.say("421 4.7.0 Enough on this connection");
            return Ok(Deed::Ended);
        }
        Ok(Deed::Usual)
    }
}

impl Guest<'_> {
    fn may_encrypt(&self, talk: &Talk) -> bool {
        !talk.is_encrypted() && matches!(self.shared.behaviour.tls, Some(Tls::StartTls(_)))
    }

    async fn encrypt(&mut self, talk: &mut Talk) -> io::Result<Deed> {
        let Some(Tls::StartTls(acceptor)) =
            self.shared.behaviour.tls.as_ref().filter(|_| !talk.is_encrypted())
        else {
            talk.say("503 5.5.1 STARTTLS is not offered");
            return Ok(Deed::Refused);
        };
        talk.say("220 2.0.0 Go ahead");
        talk.flush().await?;
        Ok(if talk.encrypt(acceptor).await? { Deed::Usual } else { Deed::Ended })
    }

    async fn log_in(&mut self, talk: &mut Talk, rest: &str) -> io::Result<Deed> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let answer = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" if initial.is_empty() => decode(&talk.ask("334 ").await?),
            "PLAIN" => decode(initial),
            "LOGIN" => {
                let user = decode(&talk.ask("334 VXNlcm5hbWU6").await?);
                let password = decode(&talk.ask("334 UGFzc3dvcmQ6").await?);
                format!("\0{user}\0{password}")
            }
            _ => {
                talk.say("504 5.5.4 No such mechanism");
                return Ok(Deed::Refused);
            }
        };
        let expected = self.shared.behaviour.login.as_ref().map(|(user, word)| format!("\0{user}\0{word}"));
        self.is_logged_in = expected.is_some_and(|expected| answer.ends_with(&expected));
        let reply = if self.is_logged_in { "235 2.7.0 Welcome" } else { "535 5.7.8 Wrong user or password" };
        talk.say(reply);
        Ok(Deed::Usual)
    }

    /// Does what is due at this stage, or gives the usual reply.
    async fn intervene(
        &self,
        talk: &mut Talk,
        (stage, recipient): (Stage, &str),
        usual: &str,
    ) -> io::Result<Deed> {
        perform(talk, self.due(stage, recipient), usual).await
    }

    /// What the hook or the recipient's name asks for at this stage of this attempt.
    fn due(&self, stage: Stage, recipient: &str) -> Option<Act> {
        let hook = self.shared.behaviour.hook.as_ref();
        match hook.and_then(|hook| hook(stage, recipient)).or_else(|| habit::act(stage, recipient)) {
            Some(Act::Once(reply)) => self.shared.is_first(recipient).then_some(Act::Reply(reply)),
            Some(Act::CloseOnce) => self.shared.is_first(recipient).then_some(Act::Close),
            act => act,
        }
    }
}

/// Does it, or gives the usual reply.
async fn perform(talk: &mut Talk, act: Option<Act>, usual: &str) -> io::Result<Deed> {
    match act {
        None => talk.say(usual),
        Some(Act::Reply(reply) | Act::Once(reply)) => {
            talk.say(reply);
            return Ok(Deed::Refused);
        }
        Some(Act::Raw(octets)) => talk.say_raw(octets),
        Some(Act::Farewell(reply)) => {
            talk.say(reply);
            return Ok(Deed::Ended);
        }
        Some(Act::Close | Act::CloseOnce) => return Ok(Deed::Ended),
        Some(Act::Mute) => {
            talk.flush().await?;
            std::future::pending::<()>().await;
        }
        Some(Act::Late(delay)) => {
            talk.flush().await?;
            tokio::time::sleep(delay).await;
            talk.say(usual);
        }
        Some(Act::Drip(pause)) => drip(talk, usual, pause).await?,
        Some(Act::Endless) => loop {
            talk.say_raw(b"250-and another thing, ");
            talk.flush().await?;
        },
    }
    Ok(Deed::Usual)
}

async fn drip(talk: &mut Talk, reply: &str, pause: Duration) -> io::Result<()> {
    for byte in reply.bytes().chain(*b"\r\n") {
        talk.say_raw(&[byte]);
        talk.flush().await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

fn decode(base64: &str) -> String {
    let bytes = BASE64.decode(base64.trim().as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
