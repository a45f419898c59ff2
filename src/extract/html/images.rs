//! Pictures that are there, and only those that are pictures.

use dom_query::{Document, NodeRef};

use crate::extract::text::{clean, clean_markup};
use crate::model::article::Image;

use super::links::Base;
use super::structure::unwrap;

/// Where lazy images keep the address they will load, the best first.
const LAZY: &[&str] = &[
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-orig-src",
    "data-full-src",
    "data-hi-res-src",
    "data-url",
    "data-image",
    "data-lazyload",
    "data-echo",
    "data-img-url",
    "data-src-large",
    "data-large-file",
    "data-actualsrc",
    "data-td-src-property",
];
const LAZY_SETS: &[&str] = &["data-srcset", "data-lazy-srcset", "data-src-set", "srcset"];

/// What stands in the names of pictures that only hold a place.
const PLACEHOLDERS: &[&str] = &[
    "blank.gif",
    "spacer.gif",
    "pixel.gif",
    "transparent.gif",
    "transparent.png",
    "placeholder",
    "1x1.",
    "lazy.png",
    "lazyload",
    "loading.gif",
    "loader.gif",
    "spinner.gif",
    "clear.gif",
    "grey.gif",
    "gray.gif",
    "no-thumb",
    "trans.gif",
    "empty.gif",
];

/// Where pictures count readers, or are no part of an article.
const TRACKERS: &[&str] = &[
    "//pixel.",
    "//stats.wordpress.com",
    "//b.scorecardresearch.com",
    "//sb.scorecardresearch.com",
    "doubleclick.net",
    "google-analytics.com",
    "googletagmanager.com",
    "googlesyndication.com",
    "facebook.com/tr",
    "//feeds.feedburner.com/~",
    "feedburner.com/~r/",
    "//feeds.wordpress.com/1.0/",
    "quantserve.com",
    "chartbeat.",
    "matomo.php",
    "piwik.php",
    "/pixel.png?",
    "/pixel.gif?",
    "//bat.bing.com",
    "statcounter.com",
    "histats.com",
    "hitwebcounter",
    "parsely.com",
    "mixpanel.com",
    "//track.",
    "//tracking.",
    "/track/open",
    "/open.gif",
    "list-manage.com/track",
    "mailchimp.com/track",
    "sendgrid.net/wf/open",
    "//api.follow.it/track",
    "//rss.buysellads.com",
    "vgwort.de",
    "//ping.",
    "adservice.google",
    "amazon-adsystem.com",
    "outbrain.com",
    "taboola.com",
    "ioam.de",
    "etracker.com",
    "//counter.",
    "/counter/1px",
    "gravatar.com/avatar",
    "republication-tracker-tool",
    "simplefeed.",
    "feedsportal.com",
    "//a.fsdn.com/sd/",
    "pheedo.com",
    "imp.gif",
];

/// Pictures of emoji, for which the alternative text is better.
const EMOJI: &[&str] = &["/images/core/emoji/", "twemoji", "/emoji/"];

/// Makes every picture one with an absolute address, and removes those that are none.
pub fn make_real(document: &Document, base: &Base) {
    for image in document.select("amp-img, image").nodes() {
        image.rename("img");
    }
    for picture in document.select("picture").nodes() {
        choose_source(picture);
    }
    for hidden in document.select("noscript").nodes() {
        show_noscript(hidden, base);
    }
    for image in document.select("img").nodes() {
        make_one_real(image, base);
    }
    remove_repeated(document);
}

/// The first picture of a body, with its caption.
pub fn first(document: &Document) -> Option<Image> {
    const SMALLEST: u32 = 100;
    let size = |image: &NodeRef<'_>, name: &str| image.attr(name).and_then(|value| value.parse().ok());
    document.select("img").nodes().iter().find_map(|image| {
        let (width, height) = (size(image, "width"), size(image, "height"));
        if width.is_some_and(|width| width < SMALLEST) || height.is_some_and(|height| height < SMALLEST) {
            return None;
        }
        let figure = image.ancestors_it(None).find(|above| above.has_name("figure"));
        let caption = figure
            .and_then(|figure| figure.find(&["figcaption"]).first().map(|caption| clean(&caption.text())));
        Some(Image {
            url: image.attr("src")?.to_string(),
            alt: image.attr("alt").map(|alt| clean(&alt)).filter(|alt| !alt.is_empty()),
            caption: caption.filter(|caption| !caption.is_empty()),
            width,
            height,
        })
    })
}

/// A picture's best source as an attribute of its image.
fn choose_source(picture: &NodeRef<'_>) {
    let Some(image) = picture.find(&["img"]).into_iter().next() else { return };
    for source in picture.find(&["source"]) {
        let set = LAZY_SETS.iter().find_map(|name| source.attr(name));
        if let Some(set) = set
            && LAZY_SETS.iter().all(|name| !image.has_attr(name))
        {
            image.set_attr("srcset", &set);
        }
        source.remove_from_parent();
    }
}

/// Takes the picture out of a `noscript`, in the place of the lazy one before it; everything else in it goes.
fn show_noscript(hidden: &NodeRef<'_>, base: &Base) {
    let images = hidden.descendants().into_iter().filter(|node| node.has_name("img"));
    let real: Vec<NodeRef<'_>> = images.filter(|image| address(image, base).is_some()).collect();
    let lazy = hidden
        .prev_element_sibling()
        .filter(|before| before.has_name("img") || !before.find(&["img"]).is_empty());
    let lazy_image =
        lazy.map(|before| if before.has_name("img") { before } else { before.find(&["img"])[0] });
    for image in &real {
        match lazy_image {
            Some(lazy) if plain_address(&lazy, base).is_none() => {
                let src = address(image, base).unwrap_or_default();
                LAZY.iter().chain(LAZY_SETS).for_each(|name| lazy.remove_attr(name));
                lazy.set_attr("src", &src);
            }
            Some(_) => {}
            None => hidden.insert_before(image),
        }
    }
    hidden.remove_from_parent();
}

fn make_one_real(image: &NodeRef<'_>, base: &Base) {
    let alt = image.attr("alt").map(|alt| clean_markup(&alt)).unwrap_or_default();
    let src = image.attr("src").unwrap_or_default().to_lowercase();
    if EMOJI.iter().any(|part| src.contains(part)) && alt.chars().count() <= 8 {
        image.set_text(alt);
        image.rename("span");
        unwrap(image);
        return;
    }
    match address(image, base).filter(|address| !is_tracker(address) && !is_tiny(image)) {
        Some(address) => {
            image.set_attr("src", &address);
            image.set_attr("alt", &alt);
            keep_size(image);
        }
        None => image.remove_from_parent(),
    }
}

/// Width and height in pixels, or neither attribute.
fn keep_size(image: &NodeRef<'_>) {
    for name in ["width", "height"] {
        match image.attr(name).and_then(|value| pixels(&value)) {
            Some(size) => image.set_attr(name, &size.to_string()),
            None => image.remove_attr(name),
        }
    }
}

fn pixels(value: &str) -> Option<u32> {
    const LARGEST: f32 = 20_000.0;
    let number = value.trim().trim_end_matches("px");
    let size: f32 = number.parse().ok().filter(|size| (1.0..=LARGEST).contains(size))?;
    format!("{size:.0}").parse().ok()
}

/// The absolute address of what an image will show.
fn address(image: &NodeRef<'_>, base: &Base) -> Option<String> {
    let lazy = LAZY.iter().find_map(|name| image.attr(name).and_then(|value| real(&value, base)));
    let set =
        || LAZY_SETS.iter().find_map(|name| image.attr(name).and_then(|set| real(best_of_set(&set)?, base)));
    lazy.or_else(|| plain_address(image, base)).or_else(set)
}

fn plain_address(image: &NodeRef<'_>, base: &Base) -> Option<String> {
    image.attr("src").and_then(|src| real(&src, base))
}

fn real(reference: &str, base: &Base) -> Option<String> {
    let folded = reference.to_lowercase();
    let is_placeholder =
        PLACEHOLDERS.iter().any(|part| folded.contains(part)) || folded.trim_start().starts_with("data:");
    if is_placeholder { None } else { base.resolve_web(reference) }
}

/// The largest picture of a `srcset` that no reader of a mail is sorry to load; else the smallest above that.
fn best_of_set(set: &str) -> Option<&str> {
    const LARGEST: f32 = 1600.0;
    const DENSE: f32 = 700.0;
    let mut candidates: Vec<(&str, f32)> = set
        .split(", ")
        .flat_map(|part| part.split(",\n"))
        .filter_map(|part| {
            let mut words = part.trim().trim_end_matches(',').split_whitespace();
            let address = words.next()?;
            let descriptor = words.next().unwrap_or("1x");
            let width = match descriptor.strip_suffix('w') {
                Some(width) => width.parse().ok()?,
                None => descriptor.trim_end_matches('x').parse::<f32>().ok()? * DENSE,
            };
            Some((address, width))
        })
        .collect();
    candidates.sort_by(|one, other| one.1.total_cmp(&other.1));
    let fitting = candidates.iter().rev().find(|(_, width)| *width <= LARGEST);
    fitting.or(candidates.first()).map(|(address, _)| *address)
}

fn is_tracker(address: &str) -> bool {
    let folded = address.to_lowercase();
    TRACKERS.iter().any(|part| folded.contains(part))
}

/// Whether an image is shown so small that only a machine sees it.
fn is_tiny(image: &NodeRef<'_>) -> bool {
    let is_dot = |name: &str| {
        image
            .attr(name)
            .is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1" | "2" | "3"))
    };
    let style = image.attr("style").unwrap_or_default().to_lowercase().replace(' ', "");
    is_dot("width")
        || is_dot("height")
        || ["width:1px", "height:1px", "width:0", "height:0", "display:none"]
            .iter()
            .any(|rule| style.contains(rule))
}

/// Of the same picture twice in a row, as lazy loaders leave it, one stays.
fn remove_repeated(document: &Document) {
    let mut previous = String::new();
    for image in document.select("img").nodes() {
        let src = image.attr("src").unwrap_or_default().to_string();
        if src == previous {
            image.remove_from_parent();
        }
        previous = src;
    }
}

#[cfg(test)]
mod tests {
    use super::{Base, Document, best_of_set, first, make_real};
    use url::Url;

    fn made(html: &str) -> String {
        let document = Document::fragment(html);
        let site = Url::parse("https://courier.example.org/").unwrap();
        make_real(&document, &Base::new(Some(&site), None));
        document.html_root().inner_html().to_string()
    }

    fn addresses(html: &str) -> Vec<String> {
        let made = made(html);
        Document::fragment(made)
            .select("img")
            .nodes()
            .iter()
            .map(|image| image.attr("src").unwrap().to_string())
            .collect()
    }

    #[test]
    fn lazy_pictures_become_real() {
        for html in [
            "<img src=data:image/gif;base64,R0 data-src=/a.jpg>",
            "<img src=/blank.gif data-lazy-src=/a.jpg>",
            "<img data-srcset='/s.jpg 300w, /a.jpg 1200w, /l.jpg 4000w'>",
            "<img src=/placeholder.svg><noscript><img src=/a.jpg></noscript>",
            "<img src=/x.gif data-src=/a.jpg><noscript><img src=/a.jpg></noscript>",
            "<noscript><img src=/a.jpg></noscript>",
            "<picture><source srcset=/a.jpg type=image/webp><img src=data:,></picture>",
            "<amp-img src=/a.jpg width=600 height=400></amp-img>",
            "<img src=/a.jpg><img src=/a.jpg>",
        ] {
            assert_eq!(addresses(html), ["https://courier.example.org/a.jpg"], "{html}");
        }
    }

    #[test]
    fn pictures_that_count_readers_are_removed() {
        for html in [
            "<img src=/p.gif width=1 height=1>",
            "<img src=/p.gif style='width: 1px'>",
            "<img src=https://pixel.wp.com/b.gif>",
            "<img src=https://www.facebook.com/tr?id=1>",
            "<img src=data:image/png;base64,AAAA>",
            "<img>",
        ] {
            assert!(addresses(html).is_empty(), "{html}");
        }
    }

    #[test]
    fn an_emoji_picture_becomes_the_emoji() {
        let html = "<p>Yes <img src=https://s.w.org/images/core/emoji/14/72x72/1f44d.png alt=👍> indeed</p>";
        assert_eq!(made(html), "<p>Yes 👍 indeed</p>");
    }

    #[test]
    fn the_first_picture_brings_its_caption() {
        let document = Document::fragment(
            "<img src=https://a.example/i.png width=16><figure><img src=https://a.example/b.jpg alt=Bridge width=800 height=600><figcaption>The <b>bridge</b></figcaption></figure>",
        );
        let image = first(&document).unwrap();
        assert_eq!(
            (image.url.as_str(), image.caption.as_deref(), image.width),
            ("https://a.example/b.jpg", Some("The bridge"), Some(800))
        );
    }

    #[test]
    fn the_best_of_a_set_is_large_but_not_huge() {
        assert_eq!(best_of_set("/a.jpg, /b.jpg 2x"), Some("/b.jpg"));
        assert_eq!(best_of_set("/a.jpg 3000w"), Some("/a.jpg"));
        assert_eq!(best_of_set("nonsense w, ,"), None);
    }
}
