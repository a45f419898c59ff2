//! What a site wants programs to leave alone (`robots.txt`, RFC 9309).

use std::time::Duration;

use url::Url;

use super::fetch::{Request, parse_url};
use super::{Error, Fetcher};
use crate::model::time::Timestamp;

/// By which name rules speak to us.
const NAME: &str = "courant";

/// How much of such a file is read, in bytes (RFC 9309, 2.5), and the most rules that are kept of it.
const LONGEST: usize = 500 * 1024;
const MOST_RULES: usize = 5_000;

/// The longest pause that is kept between two requests because a file asks for it.
const LONGEST_DELAY: Duration = Duration::from_mins(5);

/// What a site says to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Duration,
}

/// Whether what begins with a path, or fits its pattern, may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    is_allowed: bool,
    pattern: String,
}

/// Rules for some programs.
#[derive(Default)]
struct Group {
    rules: Robots,
    is_ours: bool,
    is_everybodys: bool,
}

impl Robots {
    /// Asks the site of `page` what it wants. A site that has no such file wants nothing.
    ///
    /// # Errors
    /// If that cannot be known: then nothing there may be asked for (RFC 9309, 2.3.1.4).
    pub async fn of(
        fetcher: &Fetcher,
        page: &str,
        allow_private: bool,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let url = parse_url(page)?.join("/robots.txt").map_err(|error| Error::Unusable(error.to_string()))?;
        let request = Request::new(&url, "text/plain, */*;q=0.5", allow_private);
        let answer = fetcher.fetch(&request).await?;
        if answer.status.is_client_error() {
            return Ok(Self::default());
        }
        match answer.failure(now) {
            Some(error) => Err(error),
            None => Ok(Self::parse(&String::from_utf8_lossy(&answer.body[..answer.body.len().min(LONGEST)]))),
        }
    }

    /// Reads what a file says to us by name, else what it says to everybody.
    pub fn parse(text: &str) -> Self {
        let (mut ours, mut everybodys) = (None, None);
        let mut group = Group::default();
        let mut is_naming = false;
        for (key, value) in text.trim_start_matches('\u{feff}').lines().filter_map(field).take(MOST_RULES) {
            if key == "user-agent" {
                if !is_naming {
                    std::mem::take(&mut group).add_to(&mut ours, &mut everybodys);
                }
                group.is_ours |=
                    value.split(['/', ' ']).next().is_some_and(|name| name.eq_ignore_ascii_case(NAME));
                group.is_everybodys |= value == "*";
            } else {
                group.rules.note(&key, value);
            }
            is_naming = key == "user-agent";
        }
        group.add_to(&mut ours, &mut everybodys);
        ours.or(everybodys).unwrap_or_default()
    }

    /// Whether an address may be asked for: the longest rule that fits says so, and of two that are as long the kinder.
    pub fn allows(&self, url: &Url) -> bool {
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let fitting = self.rules.iter().filter(|rule| rule.fits(&path));
        fitting.max_by_key(|rule| (rule.pattern.len(), rule.is_allowed)).is_none_or(|rule| rule.is_allowed)
    }

    /// The pause that it wants between two requests.
    pub const fn delay(&self) -> Duration {
        self.delay
    }

    fn note(&mut self, key: &str, value: &str) {
        match key {
            "allow" | "disallow" if !value.is_empty() => {
                self.rules.push(Rule { is_allowed: key == "allow", pattern: value.to_owned() });
            }
            "crawl-delay" => {
                let seconds = value.parse().unwrap_or(0.0_f64).clamp(0.0, LONGEST_DELAY.as_secs_f64());
                self.delay = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            }
            _ => {}
        }
    }
}

impl Group {
    /// Several groups for the same program are one.
    fn add_to(self, ours: &mut Option<Robots>, everybodys: &mut Option<Robots>) {
        let add = |robots: &mut Option<Robots>| {
            let robots = robots.get_or_insert_default();
            robots.rules.extend(self.rules.rules.iter().cloned());
            robots.delay = robots.delay.max(self.rules.delay);
        };
        match (self.is_ours, self.is_everybodys) {
            (true, _) => add(ours),
            (false, true) => add(everybodys),
            (false, false) => {}
        }
    }
}

impl Rule {
    /// `*` stands for anything, `$` for the end.
    fn fits(&self, path: &str) -> bool {
        let (pattern, is_whole) = match self.pattern.strip_suffix('$') {
            Some(pattern) => (pattern, true),
            None => (self.pattern.as_str(), false),
        };
        let mut parts = pattern.split('*');
        let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
        let parts: Vec<&str> = parts.collect();
        let Some((last, between)) = parts.split_last() else { return !is_whole || rest.is_empty() };
        for part in between {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        if is_whole { rest.ends_with(last) } else { rest.contains(last) }
    }
}

/// A line's key in lower case, and its value.
fn field(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split('#').next().unwrap_or_default().split_once(':')?;
    Some((key.trim().to_ascii_lowercase(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file).allows(&Url::parse("https://a.example").unwrap().join(path).unwrap())
    }

    #[test]
    fn the_longest_rule_that_fits_decides() {
        let file = "User-agent: *\nDisallow: /news/\nAllow: /news/free/ # a comment\nDisallow: /*.pdf$\nDisallow: /s?q=";
        for (path, is_allowed) in [
            ("/", true),
            ("/news/a", false),
            ("/news/free/a", true),
            ("/a.pdf", false),
            ("/a.pdf?x", true),
            ("/s?q=1", false),
            ("/s", true),
        ] {
            assert_eq!(allows(file, path), is_allowed, "{path}");
        }
        assert!(allows("User-agent: *\nDisallow: /a\nAllow: /a", "/a"), "of two as long, the kinder");
        assert!(allows("User-agent: *\nDisallow:", "/a") && allows("", "/a") && allows("<html>: no", "/a"));
        assert!(!allows("User-agent: *\nDisallow: /a*b*c", "/a1b2c3"));
        assert!(allows("User-agent: *\nDisallow: /a*b*c$", "/a1b2c3"));
    }

    #[test]
    fn what_is_said_to_us_by_name_counts_before_what_is_said_to_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Courant/1.0\nDisallow: /private\nCrawl-delay: 20";
        assert!(allows(file, "/a") && !allows(file, "/private"));
        assert_eq!(Robots::parse(file).delay(), Duration::from_secs(20));
        assert!(!allows(
            "user-agent: courant\ndisallow: /a\nuser-agent: x\nallow: /\nuser-agent: courant\ndisallow: /b",
            "/b"
        ));
        assert_eq!(Robots::parse("user-agent: *\ncrawl-delay: 1e99").delay(), LONGEST_DELAY);
        assert_eq!(Robots::parse("user-agent: *\ncrawl-delay: NaN").delay(), Duration::ZERO);
    }
}
