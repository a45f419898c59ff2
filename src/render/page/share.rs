//! Links with which a page is passed on. They are plain links: no script of those who run these places is loaded, and
//! nobody is told that a page was opened.

use super::frame::path_segment;

/// A place where something can be shared.
pub(super) struct Share {
    /// Its own name; it is the same in every language.
    pub name: &'static str,
    pub link: String,
}

/// A place, and how its link begins and goes on; `{text}` is title and address, `{title}` and `{address}` each alone.
const PLACES: &[(&str, &str)] = &[
    ("Mastodon", "https://share.joinmastodon.org/#text={text}"),
    ("Bluesky", "https://bsky.app/intent/compose?text={text}"),
    ("WhatsApp", "https://wa.me/?text={text}"),
    ("Telegram", "https://t.me/share/url?url={address}&text={title}"),
    ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={address}"),
    ("X", "https://x.com/intent/post?text={title}&url={address}"),
];

/// The places where a page with this title can be shared.
pub(super) fn places(title: &str, address: &str) -> Vec<Share> {
    PLACES.iter().map(|(name, pattern)| Share { name, link: filled(pattern, title, address) }).collect()
}

/// A mail to whom the reader likes (RFC 6068).
pub(super) fn by_mail(title: &str, address: &str) -> String {
    filled("mailto:?subject={title}&body={address}", title, address)
}

fn filled(pattern: &str, title: &str, address: &str) -> String {
    let (title, address) = (path_segment(title), path_segment(address));
    let text = format!("{title}%20{address}");
    pattern.replace("{text}", &text).replace("{title}", &title).replace("{address}", &address)
}
