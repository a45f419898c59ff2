//! Doing what a hook or a recipient's name asks for.

use std::io;
use std::time::Duration;

use super::habit::{self, Act, Stage};
use super::session::Session;

/// What came of it.
#[derive(PartialEq, Eq)]
pub(super) enum Deed {
    Usual,
    Refused,
    Ended,
}

impl Session<'_> {
    /// Does what is due at this stage, or gives the usual reply.
    pub(super) async fn intervene(&mut self, stage: Stage, recipient: &str, usual: &str) -> io::Result<Deed> {
        let act = self.due(stage, recipient);
        self.perform(act, usual).await
    }

    /// What the hook or the recipient's name asks for at this stage of this attempt.
    pub(super) fn due(&self, stage: Stage, recipient: &str) -> Option<Act> {
        let hook = self.shared.behaviour.hook.as_ref();
        match hook.and_then(|hook| hook(stage, recipient)).or_else(|| habit::act(stage, recipient)) {
            Some(Act::Once(reply)) => self.shared.is_first(recipient).then_some(Act::Reply(reply)),
            Some(Act::CloseOnce) => self.shared.is_first(recipient).then_some(Act::Close),
            act => act,
        }
    }

    /// Does it, or gives the usual reply.
    pub(super) async fn perform(&mut self, act: Option<Act>, usual: &str) -> io::Result<Deed> {
        match act {
            None => self.say(usual),
            Some(Act::Reply(reply) | Act::Once(reply)) => {
                self.say(reply);
                return Ok(Deed::Refused);
            }
            Some(Act::Raw(octets)) => self.out.extend_from_slice(octets),
            Some(Act::Farewell(reply)) => {
                self.say(reply);
                return Ok(Deed::Ended);
            }
            Some(Act::Close | Act::CloseOnce) => return Ok(Deed::Ended),
            Some(Act::Mute) => {
                self.flush().await?;
                std::future::pending::<()>().await;
            }
            Some(Act::Late(delay)) => {
                self.flush().await?;
                tokio::time::sleep(delay).await;
                self.say(usual);
            }
            Some(Act::Drip(pause)) => self.drip(usual, pause).await?,
            Some(Act::Endless) => self.babble().await?,
        }
        Ok(Deed::Usual)
    }

    async fn drip(&mut self, reply: &str, pause: Duration) -> io::Result<()> {
        for byte in reply.bytes().chain(*b"\r\n") {
            self.out.push(byte);
            self.flush().await?;
            tokio::time::sleep(pause).await;
        }
        Ok(())
    }

    async fn babble(&mut self) -> io::Result<()> {
        loop {
            self.out.extend_from_slice(b"250-and another thing, ");
            self.flush().await?;
        }
    }
}
