//! Addresses of the web: which of them name the same page.

use url::Url;

/// An address without what may change while the page stays the same: scheme, `www.`, a slash at its end, and
/// parameters that only say where the reader comes from. `None` if it is none of the web.
pub fn canonical(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.trim_start_matches("www.");
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    let query: Vec<&str> =
        url.query().unwrap_or_default().split('&').filter(|pair| !is_tracking(pair)).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let fragment = url.fragment().filter(|fragment| !fragment.is_empty());
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    Some(format!("{host}{port}{path}{query}{fragment}"))
}

fn is_tracking(pair: &str) -> bool {
    const NAMES: &[&str] = &[
        "",
        "fbclid",
        "gclid",
        "dclid",
        "yclid",
        "msclkid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "wt_mc",
        "xtor",
        "cmpid",
        "ns_campaign",
        "ns_mchannel",
        "ns_source",
        "at_medium",
        "at_campaign",
    ];
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    name.starts_with("utm_") || NAMES.contains(&name) || (name == "source" && value.starts_with("rss"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_change_while_the_page_stays_the_same_is_left_out() {
        let page = Some("a.example/b".to_owned());
        for address in
            ["http://a.example/b", "https://www.a.example/b/", "https://a.example/b/?utm_source=x&fbclid=1"]
        {
            assert_eq!(canonical(address), page, "{address}");
        }
        assert_eq!(canonical("https://a.example:8080/b?p=1#c").as_deref(), Some("a.example:8080/b?p=1#c"));
        assert_eq!([canonical("mailto:ada@a.example"), canonical("b/c")], [None, None]);
    }
}
