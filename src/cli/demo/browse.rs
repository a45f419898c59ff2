//! What the demo does as a reader would: asks for pages, fills in forms. Over real HTTP, and to this machine only.

use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Url, form_urlencoded};

const DEADLINE: Duration = Duration::from_secs(10);

/// The longest answer that is read, in octets.
const MAX_ANSWER: u64 = 16 << 20;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, as UTF-8.
    pub body: String,
}

/// Asks for a page.
///
/// # Errors
/// If nobody answers within ten seconds, or not in HTTP.
pub async fn get(url: &Url) -> anyhow::Result<Answer> {
    ask(url, "GET", "").await
}

/// Sends a form.
///
/// # Errors
/// As [`get`].
pub async fn post(url: &Url, fields: &[(String, String)]) -> anyhow::Result<Answer> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    ask(url, "POST", &body).await
}

async fn ask(url: &Url, method: &str, body: &str) -> anyhow::Result<Answer> {
    let exchange = async {
        let Some(Host::Ipv4(host)) = url.host() else { anyhow::bail!("{url} is not on this machine") };
        let port = url.port_or_known_default().unwrap_or(80);
        let mut socket = TcpStream::connect((host, port)).await?;
        socket.write_all(request(url, method, body).as_bytes()).await?;
        let mut octets = Vec::new();
        socket.take(MAX_ANSWER).read_to_end(&mut octets).await?;
        answer(&octets).context("the answer is not HTTP")
    };
    let shown = || format!("{method} {}", without_token(url));
    timeout(DEADLINE, exchange).await.with_context(shown)?.with_context(shown)
}

/// HTTP/1.0: the answer then ends with the connection, and has no chunks.
fn request(url: &Url, method: &str, body: &str) -> String {
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let length = body.len();
    format!(
        "{method} {target} HTTP/1.0\r\nHost: {host}\r\nAccept: text/html\r\nUser-Agent: courant-demo\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn answer(octets: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(octets);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

/// A link's last part may be a reader's own, which belongs in no message.
fn without_token(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    let kept = path.rsplit_once('/').map_or("", |(kept, _)| kept);
    format!("{}{kept}/…", url.origin().ascii_serialization())
}

/// The form of a page that has one: where it goes, and the fields that are filled in already.
pub fn form(page: &str, at: &Url) -> Option<(Url, Vec<(String, String)>)> {
    let start = page.find("<form")?;
    let form = &page[start..start + page[start..].find("</form>")?];
    let opening = &form[..form.find('>')?];
    let target = at.join(&attribute(opening, "action").unwrap_or_default()).ok()?;
    let inputs = form.match_indices("<input").filter_map(|(index, _)| form[index..].split('>').next());
    let filled = inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)));
    Some((target, filled.collect()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_found_with_what_is_filled_in() {
        let at = Url::parse("http://127.0.0.1:1/confirm/abc").unwrap();
        let page = "<p>Sure?</p><form method=\"post\" action=\"/confirm/abc?x=1&amp;y=2\"><input type=\"hidden\" \
                    name=\"a\" value=\"b c\"><input name=\"email\"><button>Yes</button></form>";
        let (target, fields) = form(page, &at).unwrap();
        assert_eq!(target.as_str(), "http://127.0.0.1:1/confirm/abc?x=1&y=2");
        assert_eq!(fields, [("a".to_owned(), "b c".to_owned())]);
        assert_eq!(form("<form method=\"post\"></form>", &at).unwrap().0, at);
        assert_eq!(form("<p>no form</p>", &at), None);
    }

    #[test]
    fn an_answer_is_read_and_what_is_none_is_not() {
        let expected = Answer { status: 404, body: "gone\r\n\r\n".to_owned() };
        assert_eq!(answer(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\ngone\r\n\r\n"), Some(expected));
        assert_eq!(answer(b"220 smtp\r\n\r\n"), None);
        assert_eq!(answer(b""), None);
    }

    #[test]
    fn a_link_is_named_without_its_token() {
        let url = Url::parse("http://127.0.0.1:1/unsubscribe/secret").unwrap();
        assert_eq!(without_token(&url), "http://127.0.0.1:1/unsubscribe/…");
    }
}
