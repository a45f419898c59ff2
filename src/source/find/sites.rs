//! Where sites keep their feeds: by their hosts, by the program that made them, and where most have them.

use url::Url;

/// Where most sites have their feeds, the likeliest first.
pub(super) const USUAL: &[&str] = &[
    "feed",
    "rss",
    "atom.xml",
    "feed.xml",
    "index.xml",
    "rss.xml",
    "feed.json",
    "feed/",
    "rss/",
    "feeds/posts/default",
    "feed.atom",
    "index.rdf",
    "rss.php",
];

/// How programs call themselves (`<meta name="generator">`), and where they keep the feed of a site.
const MAKERS: &[(&str, &[&str])] = &[
    ("wordpress", &["feed/"]),
    ("ghost", &["rss/"]),
    ("blogger", &["feeds/posts/default"]),
    ("hugo", &["index.xml"]),
    ("jekyll", &["feed.xml"]),
    ("drupal", &["rss.xml"]),
    ("zola", &["atom.xml", "rss.xml"]),
    ("hexo", &["atom.xml"]),
    ("eleventy", &["feed.xml"]),
    ("writefreely", &["feed/"]),
    ("joomla", &["?format=feed&type=rss"]),
    ("typo3", &["rss.xml"]),
    ("squarespace", &["?format=rss"]),
];

/// Addresses of feeds that follow from a page's own: there is no need to look at the page.
pub(super) fn of_address(url: &Url) -> Vec<Url> {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let host = host.trim_start_matches("www.").trim_start_matches("m.");
    let path: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let is_below = |domain: &str| host.strip_suffix(domain).is_some_and(|name| name.ends_with('.'));
    let paths = match (host, path.as_slice()) {
        ("youtube.com", ["channel", id, ..]) => vec![youtube("channel_id", id)],
        ("youtube.com", ["playlist", ..]) => {
            let list = url.query_pairs().find(|(name, _)| name == "list").map(|(_, id)| id.into_owned());
            list.iter().map(|id| youtube("playlist_id", id)).collect()
        }
        ("github.com", [owner, name, rest @ ..]) => github(owner, name, rest),
        ("medium.com", [name, ..]) => vec![format!("/feed/{name}")],
        _ if is_below("substack.com") || is_below("wordpress.com") => vec!["/feed".to_owned()],
        _ if is_below("blogspot.com") => vec!["/feeds/posts/default".to_owned()],
        _ if is_below("tumblr.com") => vec!["/rss".to_owned()],
        _ => Vec::new(),
    };
    joined(url, paths.iter().map(String::as_str))
}

/// Addresses of feeds that follow from a page's own, its maker and its text.
pub(super) fn of_page(url: &Url, generator: &str, html: &str) -> Vec<Url> {
    let mut found = Vec::new();
    if url.host_str().is_some_and(|host| host.ends_with("youtube.com")) {
        found.extend(channel_id(html).map(|id| youtube("channel_id", id)));
    }
    let mut parts = url.path_segments().into_iter().flatten();
    if let (Some(name), None | Some(""), None) = (parts.next(), parts.next(), parts.next())
        && name.starts_with('@')
    {
        found.push(format!("/{name}.rss")); // a profile of Mastodon, and of what is like it
    }
    let made = MAKERS.iter().filter(|(maker, _)| generator.contains(maker)).flat_map(|(_, paths)| *paths);
    let mut urls = joined(url, found.iter().map(String::as_str));
    urls.extend(made.flat_map(|path| around(url, path)));
    urls
}

/// A path as it is below the page and below the root of its site.
pub(super) fn around(url: &Url, path: &str) -> Vec<Url> {
    let mut below = url.clone();
    below.set_query(None);
    below.set_fragment(None);
    let is_folder = !url.path().rsplit('/').next().unwrap_or_default().contains('.');
    if is_folder && !below.path().ends_with('/') {
        below.set_path(&format!("{}/", url.path()));
    }
    let mut found: Vec<Url> = below.join(path).into_iter().chain(url.join(&format!("/{path}"))).collect();
    found.dedup();
    found
}

fn joined<'a>(url: &Url, paths: impl Iterator<Item = &'a str>) -> Vec<Url> {
    paths.filter_map(|path| url.join(path).ok()).collect()
}

fn youtube(key: &str, id: &str) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    format!("/feeds/videos.xml?{key}={id}")
}

/// Releases, and for who asks for them commits; what is tagged is in the feed of the releases too.
fn github(owner: &str, name: &str, rest: &[&str]) -> Vec<String> {
    let kinds: &[&str] = match rest.first() {
        Some(&"tags") => &["tags"],
        Some(&"commits") => &["commits"],
        Some(&"releases") => &["releases"],
        _ => &["releases", "commits"],
    };
    kinds.iter().map(|kind| format!("/{owner}/{name}/{kind}.atom")).collect()
}

/// The channel that a page of YouTube is of.
fn channel_id(html: &str) -> Option<&str> {
    let marks = ["channel_id=", "\"externalId\":\"", "\"channelId\":\"", "youtube.com/channel/"];
    marks.iter().find_map(|mark| {
        let (_, rest) = html.split_once(mark)?;
        let id = rest.get(..24)?;
        (id.starts_with("UC") && id.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c)))
            .then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(urls: Vec<Url>) -> Vec<String> {
        urls.into_iter().map(String::from).collect()
    }

    #[test]
    fn feeds_follow_from_the_addresses_of_known_sites() {
        for (page, expected) in [
            (
                "https://www.youtube.com/channel/UCabc-_1/videos",
                &["https://www.youtube.com/feeds/videos.xml?channel_id=UCabc-_1"][..],
            ),
            (
                "https://m.youtube.com/playlist?list=PLx&b=c",
                &["https://m.youtube.com/feeds/videos.xml?playlist_id=PLx"],
            ),
            (
                "https://github.com/a/b",
                &["https://github.com/a/b/releases.atom", "https://github.com/a/b/commits.atom"],
            ),
            ("https://github.com/a/b/tags", &["https://github.com/a/b/tags.atom"]),
            ("https://letter.substack.com/p/one", &["https://letter.substack.com/feed"]),
            ("https://a.blogspot.com/2026/", &["https://a.blogspot.com/feeds/posts/default"]),
            ("https://notsubstack.com/", &[]),
        ] {
            assert_eq!(texts(of_address(&Url::parse(page).unwrap())), expected, "{page}");
        }
    }

    #[test]
    fn feeds_follow_from_a_page() {
        let of_page = |page: &str, generator: &str, html: &str| {
            texts(of_page(&Url::parse(page).unwrap(), generator, html))
        };
        assert_eq!(of_page("https://m.example/@ada", "", ""), ["https://m.example/@ada.rss"]);
        assert_eq!(of_page("https://m.example/@ada/1", "", ""), Vec::<String>::new());
        let handle = "<link rel=canonical href='https://www.youtube.com/channel/UC0123456789abcdefghij-_'>";
        assert_eq!(
            of_page("https://www.youtube.com/@ada", "", handle)[0],
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghij-_"
        );
        assert_eq!(
            of_page("https://a.example/blog/", "ghost 5.1", ""),
            ["https://a.example/blog/rss/", "https://a.example/rss/"]
        );
        assert_eq!(
            of_page("https://a.example/blog", "wordpress 6", ""),
            ["https://a.example/blog/feed/", "https://a.example/feed/"]
        );
    }
}
