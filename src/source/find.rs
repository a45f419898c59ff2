//! The feeds of a site, from the address of any of its pages.

mod sites;

use url::Url;

use super::fetch::{Answer, Request, parse_url, shown};
use super::{Error, Fetcher, feed};
use crate::model::time::Timestamp;

/// The most addresses that are asked for one page.
const MAX_REQUESTS: usize = 30;

/// The most feeds that are told of.
const MAX_FEEDS: usize = 10;

/// A feed that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFeed {
    /// Where it is, after redirects for good.
    pub url: String,
    /// What it calls itself.
    pub title: Option<String>,
    /// How many articles it holds.
    pub articles: usize,
    /// When the newest of them was published.
    pub newest: Option<Timestamp>,
}

/// What came of a search.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Feeds, the likeliest first.
    pub feeds: Vec<FoundFeed>,
    /// Where was looked in vain, a line each.
    pub tried: Vec<String>,
}

/// A search under way.
struct Search<'a> {
    fetcher: &'a Fetcher,
    allow_private: bool,
    now: Timestamp,
    asked: Vec<Url>,
    findings: Findings,
}

/// Looks for the feeds of the site that `address` is a page of. A feed's own address is fine too. One request after the
/// other, some thirty at most.
///
/// # Errors
/// If the address is none of the web's. That nothing was found is no error.
pub async fn find_feeds(
    fetcher: &Fetcher,
    address: &str,
    allow_private: bool,
    now: Timestamp,
) -> Result<Findings, Error> {
    let url = parse_url(&completed(address))?;
    let mut search = Search { fetcher, allow_private, now, asked: Vec::new(), findings: Findings::default() };
    search.all(sites::of_address(&url)).await;
    if search.findings.feeds.is_empty() {
        search.page(&url).await;
    }
    Ok(search.findings)
}

/// An address as people write it: `courier.example/news`, `feed://…`.
fn completed(address: &str) -> String {
    let address = address.trim();
    let address = address.strip_prefix("feed:").map_or(address, |rest| rest.trim_start_matches("//"));
    let has_scheme = address.split_once(':').is_some_and(|(scheme, rest)| {
        !scheme.contains(['.', '/']) && !rest.starts_with(|c: char| c.is_ascii_digit())
    });
    if has_scheme { address.to_owned() } else { format!("https://{address}") }
}

impl Search<'_> {
    /// Looks at a page: is it a feed, does it name some, does it look as if there were some?
    async fn page(&mut self, url: &Url) {
        let Some(answer) = self.ask(url).await else { return };
        let Some(answer) = self.take(url, answer) else { return };
        let html = super::feed::decode(&answer.body, answer.header("content-type"));
        let hints = feed::hints_of(&html, &answer.url);
        let linked =
            answer.links().into_iter().filter(|link| link.is("alternate") && feed::is_feed(&link.kind));
        let linked: Vec<Url> = linked.filter_map(|link| answer.url.join(&link.target).ok()).collect();
        let named = hints.feeds.iter().filter_map(|url| Url::parse(url).ok());
        self.all(named.chain(linked).collect()).await;
        let likely = sites::of_page(&answer.url, &hints.generator, &html);
        drop(html);
        self.until_found(likely).await;
        self.until_found(hints.likely.iter().filter_map(|url| Url::parse(url).ok()).collect()).await;
        let usual = sites::USUAL.iter().flat_map(|path| sites::around(&answer.url, path)).collect();
        self.until_found(usual).await;
        self.findings.feeds.sort_by_key(is_secondary);
    }

    /// Asks each of these addresses.
    async fn all(&mut self, urls: Vec<Url>) {
        for url in urls {
            if self.findings.feeds.len() < MAX_FEEDS {
                self.try_feed(&url).await;
            }
        }
    }

    /// Asks these addresses one by one as long as there is no feed.
    async fn until_found(&mut self, urls: Vec<Url>) {
        for url in urls {
            if self.findings.feeds.is_empty() {
                self.try_feed(&url).await;
            }
        }
    }

    async fn try_feed(&mut self, url: &Url) {
        if let Some(answer) = self.ask(url).await
            && self.take(url, answer).is_some()
        {
            self.findings.tried.push(format!("{}: no feed", shown(url)));
        }
    }

    /// The answer of an address that was not asked before.
    async fn ask(&mut self, url: &Url) -> Option<Answer> {
        if self.asked.contains(url) || self.asked.len() >= MAX_REQUESTS {
            return None;
        }
        self.asked.push(url.clone());
        let accept =
            "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5";
        let request = Request::new(url, accept, self.allow_private);
        let answer = self.fetcher.fetch(&request).await;
        match answer.and_then(|answer| answer.failure(self.now).map_or(Ok(answer), Err)) {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.findings.tried.push(error.to_string());
                None
            }
        }
    }

    /// Keeps what is a feed, and gives back what is none.
    fn take(&mut self, url: &Url, answer: Answer) -> Option<Answer> {
        let Some(survey) = feed::survey(&answer, self.now) else { return Some(answer) };
        let place = answer.moved.as_ref().unwrap_or(url).to_string();
        if !self.findings.feeds.iter().any(|known| known.url == place) {
            self.findings.feeds.push(FoundFeed { url: place, ..survey });
        }
        None
    }
}

/// Feeds of comments and of single articles are seldom what is looked for.
fn is_secondary(feed: &FoundFeed) -> bool {
    let title = feed.title.as_deref().unwrap_or_default().to_lowercase();
    feed.articles == 0 || feed.url.contains("comments") || title.starts_with("comments on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_completed_as_people_mean_it() {
        for (written, expected) in [
            ("courier.example", "https://courier.example"),
            ("courier.example:8080/news", "https://courier.example:8080/news"),
            ("localhost:8080", "https://localhost:8080"),
            ("http://courier.example", "http://courier.example"),
            ("feed://courier.example/rss", "https://courier.example/rss"),
            ("feed:https://courier.example/rss", "https://courier.example/rss"),
            ("ftp://courier.example", "ftp://courier.example"),
            ("mailto:ada@courier.example", "mailto:ada@courier.example"),
        ] {
            assert_eq!(completed(written), expected);
        }
    }
}
