//! One question to one server: over UDP, and over TCP where the answer does not fit.

use std::net::SocketAddr;
use std::str::FromStr;

use domain::base::iana::Rcode;
use domain::base::{Message, MessageBuilder, Name, ParsedName, Rtype};
use domain::net::client::dgram_stream;
use domain::net::client::protocol::{TcpConnect, UdpConnect};
use domain::net::client::request::{RequestMessage, SendRequest};
use domain::rdata::{A, Aaaa, Mx, Ptr, Txt};

use super::Limits;
use crate::model::dns::{Answer, Data, Kind, Question};

/// How many records of an answer are looked at.
const MOST_RECORDS: usize = 100;

/// How many times an alias is followed that the server itself does not follow.
const MOST_ALIASES: usize = 4;

/// The records of an answer, and the name that the asked one is an alias of in the end.
type Read = (Vec<Data>, Option<Name<Vec<u8>>>);

/// A name and kind as the library has them.
type Asked = (Name<Vec<u8>>, Rtype);

/// The server's answer. The error is why there is none.
pub(super) async fn ask(server: SocketAddr, question: &Question, limits: &Limits) -> Result<Answer, String> {
    let name = Name::<Vec<u8>>::from_str(&question.name);
    let Ok(name) = name else { return Ok(Answer::Failed("this is no name of the DNS".to_owned())) };
    let mut asked = (name, rtype(question.kind));
    let patience = tokio::time::timeout(limits.question, async {
        for _ in 0..MOST_ALIASES {
            let message = exchange(server, &asked, limits).await?;
            match read(&message, question.kind)? {
                (records, _) if !records.is_empty() => return Ok(Answer::Records(records)),
                (_, Some(alias)) if alias != asked.0 => asked.0 = alias,
                _ => return Ok(Answer::Nothing),
            }
        }
        Err("too many aliases".to_owned())
    });
    patience.await.unwrap_or_else(|_| Err(format!("no answer in {} s", limits.question.as_secs_f32())))
}

async fn exchange(
    server: SocketAddr,
    (name, rtype): &Asked,
    limits: &Limits,
) -> Result<Message<Vec<u8>>, String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let mut message = MessageBuilder::new_vec();
    message.header_mut().set_rd(true);
    let mut message = message.question();
    message.push((name, *rtype)).map_err(|error| failed(&error))?;
    let request = RequestMessage::new(message.into_message()).map_err(|error| failed(&error))?;
    let mut config = dgram_stream::Config::new();
    config.dgram_mut().set_read_timeout(limits.attempt);
    config.dgram_mut().set_max_retries(1);
    let connects = (UdpConnect::new(server), TcpConnect::new(server));
    let (connection, transport) = dgram_stream::Connection::with_config(connects.0, connects.1, config);
    let mut answer = connection.send_request(request);
    let reply = tokio::select! {
        reply = answer.get_response() => reply.map_err(|error| failed(&error))?,
        () = transport.run() => return Err("the connection was closed".to_owned()),
    };
    match reply.header().rcode() {
        Rcode::NOERROR | Rcode::NXDOMAIN => {
            Message::from_octets(reply.as_slice().to_vec()).map_err(|error| failed(&error))
        }
        code => Err(format!("the server says {code}")),
    }
}

/// The records of this kind.
fn read(message: &Message<Vec<u8>>, kind: Kind) -> Result<Read, String> {
    let unreadable = |_| "the answer cannot be read".to_owned();
    let owner = message.canonical_name();
    let mut found = Vec::new();
    for record in message.answer().map_err(unreadable)?.take(MOST_RECORDS) {
        let record = record.map_err(unreadable)?;
        if record.rtype() != rtype(kind) || owner.as_ref().is_some_and(|owner| record.owner() != *owner) {
            continue;
        }
        macro_rules! data {
            ($kind:ty) => {
                record.to_record::<$kind>().map_err(unreadable)?.map(|record| record.into_data())
            };
        }
        found.extend(match kind {
            Kind::A => data!(A).map(|data| Data::Address(data.addr().into())),
            Kind::Aaaa => data!(Aaaa).map(|data| Data::Address(data.addr().into())),
            Kind::Mx => data!(Mx<ParsedName<_>>)
                .map(|data| Data::Exchange { preference: data.preference(), host: plain(&data.exchange()) }),
            Kind::Ptr => data!(Ptr<ParsedName<_>>).map(|data| Data::Name(plain(data.ptrdname()))),
            Kind::Txt => data!(Txt<_>).map(|data| {
                let octets: Vec<u8> = data.iter().flatten().copied().collect();
                Data::Text(String::from_utf8_lossy(&octets).into_owned())
            }),
        });
    }
    let alias = owner.and_then(|owner| Name::<Vec<u8>>::from_str(&owner.to_string()).ok());
    Ok((found, alias))
}

/// A name in lower case and without a dot at its end.
fn plain(name: &impl std::fmt::Display) -> String {
    name.to_string().trim_end_matches('.').to_ascii_lowercase()
}

const fn rtype(kind: Kind) -> Rtype {
    match kind {
        Kind::A => Rtype::A,
        Kind::Aaaa => Rtype::AAAA,
        Kind::Mx => Rtype::MX,
        Kind::Ptr => Rtype::PTR,
        Kind::Txt => Rtype::TXT,
    }
}
