//! Files that belong to an article: recordings, films, pictures.

use std::collections::HashSet;

use url::Url;

use super::html::Base;
use crate::model::article::Enclosure;

/// How many files of an article are kept.
const MOST: usize = 20;

/// Media types by how the names of files end, for who names no type.
const ENDINGS: &[(&str, &str)] = &[
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
];

/// The files among these that readers can open, each once: with an absolute address on the web, and known to be a recording, a
/// film or a picture.
pub(super) fn clean(enclosures: Vec<Enclosure>, base: &Base) -> Vec<Enclosure> {
    let mut seen = HashSet::new();
    let files = enclosures.into_iter().filter_map(|file| {
        let url = base.resolve_web(&file.url)?;
        let media_type = media_type(&file.media_type).or_else(|| by_ending(&url))?;
        let length = file.length.filter(|length| *length > 0);
        Some(Enclosure { url, media_type, length, seconds: file.seconds.filter(|seconds| *seconds > 0) })
    });
    files.filter(|file| seen.insert(file.url.clone())).take(MOST).collect()
}

/// A media type without parameters, in small letters, if files of it are kept.
fn media_type(written: &str) -> Option<String> {
    let kind = written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (group, name) = kind.split_once('/')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b));
    (is_name && ["audio", "video", "image"].contains(&group)).then_some(kind)
}

fn by_ending(url: &str) -> Option<String> {
    let path = Url::parse(url).ok()?.path().to_ascii_lowercase();
    let (_, ending) = path.rsplit_once('.')?;
    ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, kind)| (*kind).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(files: &[(&str, &str, Option<u64>)]) -> Vec<(String, String, Option<u64>)> {
        let file = |(url, kind, length): &(&str, &str, Option<u64>)| Enclosure {
            url: (*url).to_owned(),
            media_type: (*kind).to_owned(),
            length: *length,
            seconds: None,
        };
        let base = Base::new(Url::parse("https://example.org/feed/").ok().as_ref(), None);
        let files = clean(files.iter().map(file).collect(), &base);
        files.into_iter().map(|file| (file.url, file.media_type, file.length)).collect()
    }

    #[test]
    fn a_file_is_kept_if_readers_can_open_it() {
        for (file, expected) in [
            (("https://x.org/a", "audio/mpeg", Some(7)), Some(("https://x.org/a", "audio/mpeg", Some(7)))),
            (("../a.mp3", "", None), Some(("https://example.org/a.mp3", "audio/mpeg", None))),
            (
                ("https://x.org/A.MP4?x=1", "mp4", Some(0)),
                Some(("https://x.org/A.MP4?x=1", "video/mp4", None)),
            ),
            (("https://x.org/a", "Video/MP4; codecs=x", None), Some(("https://x.org/a", "video/mp4", None))),
            (("https://x.org/a.pdf", "application/pdf", Some(7)), None),
            (("https://x.org/a", "", None), None),
            (("https://x.org/a", "audio/\"><b>", None), None),
            (("javascript:alert(1)", "audio/mpeg", None), None),
            (("data:audio/mpeg;base64,AAAA", "audio/mpeg", None), None),
            (("", "audio/mpeg", None), None),
        ] {
            let expected = expected
                .map(|(url, kind, length): (&str, &str, _)| (url.to_owned(), kind.to_owned(), length));
            assert_eq!(cleaned(&[file]), Vec::from_iter(expected), "{file:?}");
        }
    }

    #[test]
    fn no_file_is_kept_twice_and_not_more_than_so_many() {
        let same = ("https://x.org/a.mp3", "", None);
        assert_eq!(cleaned(&[same, same]).len(), 1);
        let names: Vec<String> = (0..100).map(|number| format!("https://x.org/{number}.mp3")).collect();
        let many: Vec<_> = names.iter().map(|name| (name.as_str(), "", None)).collect();
        assert_eq!(cleaned(&many).len(), MOST);
    }
}
