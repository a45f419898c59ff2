//! What no mail can play, made a link to where it plays.

use dom_query::{Document, NodeRef};
use url::Url;

use crate::extract::text::clean_markup;

use super::links::Base;

/// Players in frames, by host and the beginning of the path that a video's name follows, and where it is watched.
const PLAYERS: &[(&str, &str, &str)] = &[
    ("youtube.com", "/embed/", "https://www.youtube.com/watch?v="),
    ("youtube-nocookie.com", "/embed/", "https://www.youtube.com/watch?v="),
    ("player.vimeo.com", "/video/", "https://vimeo.com/"),
    ("dailymotion.com", "/embed/video/", "https://www.dailymotion.com/video/"),
    ("open.spotify.com", "/embed/", "https://open.spotify.com/"),
    ("ted.com", "/talks/", "https://www.ted.com/talks/"),
];

/// Hosts whose frames a reader can open as they are.
const PLAIN: &[&str] = &[
    "soundcloud.com",
    "bandcamp.com",
    "archive.org",
    "datawrapper.dwcdn.net",
    "flourish.studio",
    "podbean.com",
    "buzzsprout.com",
    "anchor.fm",
    "podcasts.apple.com",
    "peertube",
    "arte.tv",
    "rumble.com",
    "odysee.com",
    "facebook.com",
    "players.brightcove.net",
];

/// Replaces frames, films and sounds by links, and removes what nobody could open.
pub fn make_links(document: &Document, base: &Base) {
    for frame in document.select("iframe, embed, object, amp-youtube, video, audio").nodes() {
        let target = target(frame, base);
        match target.and_then(|target| Url::parse(&target).ok()) {
            Some(url) => replace(document, frame, &url),
            None => frame.remove_from_parent(),
        }
    }
    document.select("source, track, param").remove();
}

fn target(frame: &NodeRef<'_>, base: &Base) -> Option<String> {
    if let Some(video) = frame.attr("data-videoid") {
        let is_name = video.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        return is_name.then(|| format!("https://www.youtube.com/watch?v={video}"));
    }
    let own = ["src", "data-src", "data-lazy-src", "data"].iter().find_map(|name| frame.attr(name));
    let sources = || frame.find(&["source"]).into_iter().find_map(|source| source.attr("src"));
    let address = base.resolve_web(&own.or_else(sources)?)?;
    let is_file = frame.has_name("video") || frame.has_name("audio");
    if is_file { Some(address) } else { watched(&address) }
}

/// Where the film of a player's frame is watched; `None` for frames that are no films.
fn watched(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?.trim_start_matches("www.");
    for (player, path, watch) in PLAYERS {
        if host == *player
            && let Some(name) = url.path().strip_prefix(path)
            && !name.is_empty()
        {
            return Some(format!("{watch}{name}"));
        }
    }
    PLAIN.iter().any(|known| host.contains(known)).then(|| address.to_owned())
}

fn replace(document: &Document, frame: &NodeRef<'_>, url: &Url) {
    let title =
        ["title", "aria-label"].iter().find_map(|name| frame.attr(name)).map(|title| clean_markup(&title));
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let label = title.filter(|title| !title.is_empty()).unwrap_or_else(|| host.to_owned());
    let link = document.tree.new_element("a");
    link.set_attr("href", url.as_str());
    link.set_text(format!("▶ {label}"));
    frame.replace_with(&link);
}

#[cfg(test)]
mod tests {
    use super::{Base, Document, make_links};

    fn made(html: &str) -> String {
        let document = Document::fragment(html);
        make_links(&document, &Base::default());
        document.html_root().inner_html().to_string()
    }

    #[test]
    fn films_become_links() {
        for (html, expected) in [
            (
                "<iframe src='https://www.youtube.com/embed/abc?rel=0' title='The bridge &amp; the river'></iframe>",
                "<a href=\"https://www.youtube.com/watch?v=abc\">▶ The bridge &amp; the river</a>",
            ),
            (
                "<iframe data-src=//player.vimeo.com/video/42></iframe>",
                "<a href=\"https://vimeo.com/42\">▶ vimeo.com</a>",
            ),
            (
                "<video><source src=https://a.example/b.mp4>No film</video>",
                "<a href=\"https://a.example/b.mp4\">▶ a.example</a>",
            ),
            ("<iframe src=https://ads.example/x></iframe>", ""),
            ("<object data=javascript:alert(1)></object>", ""),
            ("<amp-youtube data-videoid='\"><b>'></amp-youtube>", ""),
        ] {
            assert_eq!(made(html), expected, "{html}");
        }
    }
}
