//! A server that judges every request: whether it comes too early or too late, whether it is conditional, whether it
//! gives back the validators as they were, what else it says of itself.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use courant::model::time::Timestamp;

use super::web::Web;

pub const HOUR: i64 = 3600;
pub const DAY: i64 = 24 * HOUR;

/// How often the operator wants each feed to be asked, in seconds.
pub const EVERY: i64 = 3 * HOUR;

/// After so long a feed is read whole, whatever its server says.
const FULL: i64 = 8 * DAY;

/// How long requests of different feeds at one server are apart at least, in seconds.
const APART: i64 = 5;

/// What makes a server special.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Plain,
    /// Every fifth request is answered with this status, and with how long to stay away: in seconds, or as a date.
    Busy(u16, bool),
    /// The feed is somewhere else: by this status.
    Moved(u16),
    /// As 301, and after ten days there is nothing at the new address, and the feed is at the old one again.
    MovedBack,
    /// There is no feed from the tenth day on.
    Gone,
    /// What is new is sent alone to who wants that.
    Delta,
    /// As [`Manner::Delta`], in a form nobody asked for.
    StrangeDelta,
    /// Every tenth answer does not come in time.
    Slow,
    /// Not to be asked at night, nor on Sundays.
    Skips,
    /// The answer is packed this way.
    Packed(&'static str),
}

/// How a server answers.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub name: &'static str,
    /// Its `ETag`, `{}` for the version; empty: it has none.
    pub etag: &'static str,
    pub has_date: bool,
    /// How long one version lasts, in seconds; 0: for ever.
    pub changes: i64,
    pub header: (&'static str, &'static str),
    /// What its channel says of itself.
    pub channel: &'static str,
    /// How long it is not to be asked after it has answered, in seconds.
    pub good_for: i64,
    pub manner: Manner,
}

pub const PLAIN: Rules = Rules {
    name: "plain",
    etag: "\"{}\"",
    has_date: true,
    changes: 10 * HOUR,
    header: ("x-none", "none"),
    channel: "",
    good_for: 0,
    manner: Manner::Plain,
};

/// What one server has seen.
#[derive(Default, Debug)]
pub struct Seen {
    pub faults: Vec<String>,
    pub requests: usize,
    /// Moments of requests to the old address of what has moved.
    pub at_old: Vec<i64>,
    /// Requests that wanted the whole feed.
    pub whole: usize,
    last: Option<i64>,
    last_was_good: bool,
    not_before: i64,
    sent: Option<(Option<String>, Option<String>)>,
    sent_version: i64,
    full_at: i64,
    is_gone: bool,
}

/// One server, and its judge.
pub struct Server {
    pub rules: Rules,
    pub seen: Mutex<Seen>,
    start: i64,
    now: Arc<AtomicI64>,
    /// When the machine was asked last: it is shared by several servers.
    machine: Arc<AtomicI64>,
}

/// The moment of the simulation, and where it began.
#[derive(Clone)]
pub struct Time {
    pub start: i64,
    pub now: Arc<AtomicI64>,
}

/// Servers behind one address, each at the path of its name.
pub async fn serve(rules: &[Rules], time: &Time) -> (Web, Vec<Arc<Server>>) {
    let machine = Arc::new(AtomicI64::new(0));
    let (mut router, mut servers) = (Router::new(), Vec::new());
    for rules in rules {
        let (now, machine) = (Arc::clone(&time.now), Arc::clone(&machine));
        let server =
            Arc::new(Server { rules: *rules, seen: Mutex::default(), start: time.start, now, machine });
        let inner = Router::new().fallback(answer).with_state(Arc::clone(&server));
        router = router.nest(&format!("/{}", rules.name), inner);
        servers.push(server);
    }
    (Web::with(router).await, servers)
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let now = server.now.load(Ordering::SeqCst);
    let path = request.uri().path().to_owned();
    let is_slow = {
        let mut seen = server.seen.lock().unwrap();
        server.judge(&mut seen, &path, request.headers(), now);
        seen.last_was_good = false; // whoever gives up waiting is not heard of again
        server.rules.manner == Manner::Slow && seen.requests.is_multiple_of(10)
    };
    if is_slow {
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let mut seen = server.seen.lock().unwrap();
    let response = server.respond(&mut seen, &path, request.headers(), now);
    seen.last_was_good =
        !is_slow && (response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED);
    if seen.last_was_good {
        seen.not_before = now + server.rules.good_for;
    }
    response
}

impl Server {
    fn judge(&self, seen: &mut Seen, path: &str, headers: &HeaderMap, now: i64) {
        let mut faults = Vec::new();
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let is_hop = seen.last == Some(now); // the second request of a redirect
        if is_hop {
            return;
        }
        if now < seen.not_before {
            faults.push(format!("{} s too early", seen.not_before - now));
        }
        if let Some(last) = seen.last {
            let (least, most) =
                if seen.last_was_good { (EVERY / 2, EVERY * 4 * 11 / 10) } else { (60, 7 * DAY) };
            let earliest = (last + least).max(seen.not_before);
            let latest = (last + most).max(seen.not_before + 11 * HOUR);
            if now < earliest || (now > latest && !matches!(self.rules.manner, Manner::Skips)) {
                faults.push(format!("a pause of {} s", now - last));
            }
        }
        if seen.is_gone {
            faults.push("asked after the end".to_owned());
        }
        if now - self.machine.swap(now, Ordering::SeqCst) < APART {
            faults.push("asked while another was".to_owned());
        }
        Self::judge_validators(seen, &text, now, &mut faults);
        self.judge_manners(seen, &text, now, &mut faults);
        seen.requests += 1;
        seen.last = Some(now);
        let hours = (now - self.start) / HOUR;
        seen.faults.extend(faults.into_iter().map(|fault| format!("{path} after {hours} h: {fault}")));
    }

    fn judge_validators(
        seen: &mut Seen,
        text: &dyn Fn(&str) -> Option<String>,
        now: i64,
        faults: &mut Vec<String>,
    ) {
        let sent_back = (text("if-none-match"), text("if-modified-since"));
        let is_conditional = sent_back.0.is_some() || sent_back.1.is_some();
        seen.whole += usize::from(!is_conditional);
        let Some(expected) = &seen.sent else {
            faults.extend(is_conditional.then(|| "conditional at first".to_owned()));
            return;
        };
        let is_full_due = now - seen.full_at >= FULL;
        if is_full_due && is_conditional {
            faults.push("not read whole for 8 days".to_owned());
        }
        if !is_full_due && sent_back != *expected {
            faults.push(format!("validators {sent_back:?} in the place of {expected:?}"));
        }
        if is_full_due {
            seen.full_at = now;
        }
    }

    fn judge_manners(
        &self,
        seen: &Seen,
        text: &dyn Fn(&str) -> Option<String>,
        now: i64,
        faults: &mut Vec<String>,
    ) {
        let packings = text("accept-encoding").unwrap_or_default();
        let agent = format!("Courant/{} (+https://courier.example)", env!("CARGO_PKG_VERSION"));
        for (is_well, fault) in [
            (["gzip", "br", "zstd"].iter().all(|coding| packings.contains(coding)), "takes no packing"),
            (text("user-agent") == Some(agent), "is not called by its name"),
            (text("cookie").is_none(), "a cookie"),
            (text("a-im").is_some() == text("if-none-match").is_some(), "A-IM"),
        ] {
            if !is_well {
                faults.push(fault.to_owned());
            }
        }
        let (hour, day) = (now / HOUR % 24, (now / DAY + 4) % 7);
        if self.rules.manner == Manner::Skips && seen.requests > 0 && (hour < 6 || day == 0) {
            faults.push("asked in an hour or on a day that is to be skipped".to_owned());
        }
    }

    fn respond(&self, seen: &mut Seen, path: &str, headers: &HeaderMap, now: i64) -> Response {
        let days = (now - self.start) / DAY;
        let is_old = path == "/feed";
        let elsewhere = |status: u16| {
            let location = format!("/{}/new", self.rules.name);
            (StatusCode::from_u16(status).unwrap(), [("location", location)]).into_response()
        };
        match self.rules.manner {
            Manner::Moved(status) if is_old => {
                seen.at_old.push(now);
                return elsewhere(status);
            }
            Manner::MovedBack if is_old && days < 10 => return elsewhere(301),
            Manner::MovedBack if !is_old && days >= 10 => return StatusCode::NOT_FOUND.into_response(),
            Manner::Gone if days >= 10 => {
                seen.is_gone = true;
                return StatusCode::GONE.into_response();
            }
            Manner::Busy(status, is_date) if seen.requests.is_multiple_of(5) => {
                seen.not_before = now + 5 * HOUR;
                let date = Timestamp::from_unix(seen.not_before).to_http_date();
                let value = if is_date { date } else { (5 * HOUR).to_string() };
                return (StatusCode::from_u16(status).unwrap(), [("retry-after", value)]).into_response();
            }
            _ => {}
        }
        self.document(seen, headers, now)
    }

    /// The number of the newest item.
    pub fn version(&self, now: i64) -> i64 {
        if self.rules.changes == 0 { 0 } else { (now - self.start) / self.rules.changes }
    }

    fn document(&self, seen: &mut Seen, headers: &HeaderMap, now: i64) -> Response {
        let version = self.version(now);
        let etag = self.rules.etag.replace("{}", &version.to_string());
        let etag = Some(etag).filter(|etag| !etag.is_empty());
        // As no library writes it: only who gives it back as it was is understood.
        let date = self.rules.has_date.then(|| format!("day {version} of the wire"));
        let has = |name: &str, value: &Option<String>| {
            value.is_some() && headers.get(name).map(|value| value.to_str().unwrap()) == value.as_deref()
        };
        let is_known = has("if-none-match", &etag) || (etag.is_none() && has("if-modified-since", &date));
        let takes_delta = headers.contains_key("a-im") && headers.contains_key("if-none-match");
        let (status, oldest) = match self.rules.manner {
            _ if is_known => (304, 0),
            Manner::Delta | Manner::StrangeDelta if takes_delta => (226, seen.sent_version + 1),
            _ => (200, (version - 9).max(0)),
        };
        let body = if status == 304 { Vec::new() } else { self.body(oldest..=version) };
        if status == 200 {
            seen.full_at = now;
        }
        let is_strange = status == 226 && self.rules.manner == Manner::StrangeDelta;
        if is_strange {
            seen.sent = Some((None, None)); // what nobody can read is nothing to go on from
            seen.full_at = now - FULL;
        } else if status != 304 {
            (seen.sent, seen.sent_version) = (Some((etag.clone(), date.clone())), version);
        }
        let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
        let im = if is_strange { "vcdiff" } else { "feed" };
        let coding = if let Manner::Packed(coding) = self.rules.manner { Some(coding) } else { None };
        for (name, value) in [
            ("etag", etag.as_deref()),
            ("last-modified", date.as_deref()),
            (self.rules.header.0, Some(self.rules.header.1)),
            ("set-cookie", Some("reader=1; Path=/")),
            ("im", Some(im).filter(|_| status == 226)),
            ("content-encoding", coding.filter(|_| status == 200)),
        ] {
            if let Some(value) = value {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
        }
        response
    }

    fn body(&self, versions: std::ops::RangeInclusive<i64>) -> Vec<u8> {
        let mut items = String::new();
        for number in versions.rev() {
            write!(items, "<item><guid>{number}</guid><title>Item {number}</title></item>").unwrap();
        }
        let head = "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>";
        let text = format!("{head}{}{items}</channel></rss>", self.rules.channel);
        match self.rules.manner {
            Manner::Packed("gzip") => {
                let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                gzip.write_all(text.as_bytes()).unwrap();
                gzip.finish().unwrap()
            }
            Manner::Packed("br") => {
                let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 1, 20);
                brotli.write_all(text.as_bytes()).unwrap();
                brotli.into_inner()
            }
            Manner::Packed("zstd") => stored_zstd(text.as_bytes()),
            _ => text.into_bytes(),
        }
    }
}

/// A Zstandard frame of one block that is stored as it is (RFC 8878, 3.1.1).
fn stored_zstd(data: &[u8]) -> Vec<u8> {
    let size = u32::try_from(data.len()).unwrap();
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend(size.to_le_bytes());
    frame.extend(&(size << 3 | 1).to_le_bytes()[..3]);
    frame.extend(data);
    frame
}
