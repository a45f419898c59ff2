//! Links that work from anywhere and tell nobody who followed them.

use dom_query::Document;
use url::Url;

/// What the links of a body are relative to.
#[derive(Clone, Debug, Default)]
pub struct Base {
    url: Option<Url>,
}

impl Base {
    /// The article's own address, made absolute by its source's where it is not; else the source's.
    pub fn new(source: Option<&Url>, article: Option<&str>) -> Self {
        let article = article.map(str::trim).filter(|address| !address.is_empty());
        let url = match (article, source) {
            (Some(article), Some(source)) => source.join(article).ok(),
            (Some(article), None) => Url::parse(article).ok(),
            (None, _) => None,
        };
        Self { url: url.or_else(|| source.cloned()).filter(is_web) }
    }

    /// The same, moved by a page's `<base href>`.
    pub fn moved(&self, href: Option<&str>) -> Self {
        let moved = href.and_then(|href| self.resolve(href)).and_then(|address| Url::parse(&address).ok());
        Self { url: moved.filter(is_web).or_else(|| self.url.clone()) }
    }

    /// The absolute address that a reference means; `None` if it is none that a reader can follow.
    pub fn resolve(&self, reference: &str) -> Option<String> {
        const LONGEST: usize = 4096;
        let reference: String =
            reference.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
        if reference.is_empty() || reference.len() > LONGEST {
            return None;
        }
        let url = match (&self.url, reference.strip_prefix("//")) {
            (Some(base), _) => base.join(&reference).ok()?,
            (None, Some(rest)) => Url::parse(&format!("https://{rest}")).ok()?,
            (None, None) => Url::parse(&reference).ok()?,
        };
        let is_followed = is_web(&url) || matches!(url.scheme(), "mailto" | "tel");
        is_followed.then(|| url.to_string())
    }

    /// [`Base::resolve`] for what is loaded rather than followed.
    pub fn resolve_web(&self, reference: &str) -> Option<String> {
        self.resolve(reference).filter(|address| address.starts_with("http"))
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// Parameters that say where a click came from and nothing about what is shown.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "twclid",
    "ttclid",
    "yclid",
    "li_fat_id",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "vero_id",
    "vero_conv",
    "oly_enc_id",
    "oly_anon_id",
    "wickedid",
    "rb_clickid",
    "s_cid",
    "ref_src",
    "ref_url",
    "cmpid",
    "icid",
    "ncid",
    "__twitter_impression",
    "guccounter",
    "ml_subscriber",
    "ml_subscriber_hash",
    "sc_cid",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "xtor",
    "wt_mc",
    "wt_zmc",
    "spm",
    "srsltid",
];
/// Beginnings of such parameters.
const TRACKING_FAMILIES: &[&str] = &["utm_", "pk_", "mtm_", "matomo_", "hsa_", "piwik_"];

/// An address without the parameters that only track; all others stay as they are written.
pub fn without_tracking(address: &str) -> String {
    let (rest, fragment) = match address.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (address, None),
    };
    let Some((path, query)) = rest.split_once('?') else { return address.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
    if kept.len() == query.split('&').count() {
        return address.to_owned();
    }
    let mut cleaned = path.to_owned();
    if !kept.is_empty() {
        cleaned.push('?');
        cleaned.push_str(&kept.join("&"));
    }
    if let Some(fragment) = fragment {
        cleaned.push('#');
        cleaned.push_str(fragment);
    }
    cleaned
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().trim_start_matches("amp;").to_ascii_lowercase();
    TRACKING.contains(&name.as_str()) || TRACKING_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Makes every link absolute and clean; what is no link any more keeps its text.
pub fn make_absolute(document: &Document, base: &Base) {
    for link in document.select("a").nodes() {
        match link.attr("href").and_then(|href| base.resolve(&href)) {
            Some(address) => link.set_attr("href", &without_tracking(&address)),
            None => super::structure::unwrap(link),
        }
    }
    for quoted in document.select("[cite]").nodes() {
        match quoted.attr("cite").and_then(|cite| base.resolve_web(&cite)) {
            Some(address) => quoted.set_attr("cite", &address),
            None => quoted.remove_attr("cite"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Base, Url, without_tracking};

    #[test]
    fn references_become_absolute() {
        let site = Url::parse("https://courier.example.org/feed").unwrap();
        let base = Base::new(Some(&site), Some("/2026/bridge/"));
        for (reference, expected) in [
            ("photo.jpg", Some("https://courier.example.org/2026/bridge/photo.jpg")),
            ("/a b", Some("https://courier.example.org/a%20b")),
            ("//cdn.example.org/x", Some("https://cdn.example.org/x")),
            ("#note", Some("https://courier.example.org/2026/bridge/#note")),
            ("mailto:jane@courier.example", Some("mailto:jane@courier.example")),
            ("java\nscript:alert(1)", None),
            ("data:text/html,x", None),
            ("http://", None),
            ("", None),
        ] {
            assert_eq!(base.resolve(reference).as_deref(), expected, "{reference}");
        }
        assert_eq!(
            Base::default().resolve("//cdn.example.org/x").as_deref(),
            Some("https://cdn.example.org/x")
        );
        assert_eq!(Base::default().resolve("photo.jpg"), None);
        let moved = base.moved(Some("https://other.example.org/"));
        assert_eq!(moved.resolve("x").as_deref(), Some("https://other.example.org/x"));
    }

    #[test]
    fn tracking_parameters_go_and_the_others_stay_as_they_are() {
        for (address, expected) in [
            (
                "https://a.example/x?utm_source=rss&id=1%20&utm_medium=y#top",
                "https://a.example/x?id=1%20#top",
            ),
            ("https://a.example/x?fbclid=1", "https://a.example/x"),
            ("https://a.example/x?a=1&amp;utm_source=2", "https://a.example/x?a=1"),
            ("https://a.example/x?ref=1&b", "https://a.example/x?ref=1&b"),
        ] {
            assert_eq!(without_tracking(address), expected);
        }
    }
}
