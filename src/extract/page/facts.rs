//! What a page says about its article outside of it: JSON-LD, `meta` and `link` elements, the headline's element.

use dom_query::Document;

use crate::extract::reading::{is_same, without_site};
use crate::extract::text::{clean, clean_markup, of_node};
use crate::extract::{byline, date};
use crate::model::article::{DateOrigin, Image};
use crate::model::time::Timestamp;

use super::json_ld;

/// The facts of a page's article. Addresses are as the page writes them.
#[derive(Debug, Default)]
pub struct Facts {
    pub title: Option<String>,
    pub summary: Option<String>,
    pub authors: Vec<String>,
    pub biography: Option<String>,
    pub published: Option<(Timestamp, DateOrigin)>,
    pub updated: Option<Timestamp>,
    pub image: Option<Image>,
    pub language: Option<String>,
    pub tags: Vec<String>,
    pub url: Option<String>,
    pub base: Option<String>,
}

/// Where themes print a name that is surely the author's.
const AUTHOR_NAMES: &str = ".td-post-author-name a, .tdb-author-name, .td-author-name a, .tdb-author-box .tdb-author-name, .author-box-wrap .td-author-name, \
     [itemprop='author'] [itemprop='name'], .author.vcard .fn, .author.vcard a, .byline .author-name, .entry-author-name, a[rel='author'], .saboxplugin-authorname, \
     .post-author-name, .author-name";

/// Where themes print about the author.
const BIOGRAPHIES: &str = ".td-author-description, .tdb-author-descr, .author-box-wrap .desc, .saboxplugin-desc, .pp-author-boxes-description, .author-bio, .author-description, \
     .m-a-box-bio, .abh_description, .entry-author-description, .author-box-description, .post-author-bio, .wp-block-post-author__bio, .author-info .description, .about-author-text";

/// Where themes print the headline.
const HEADLINES: &str =
    ".entry-title, .tdb-title-text, [itemprop='headline'], .post-title, .article-title, .headline, h1";

/// Reads the facts of a page, before anything is removed from it.
pub fn read(document: &Document, order: date::Order) -> Facts {
    let json = json_ld::read(document);
    let meta = |names: &[&str]| meta(document, names);
    let parse = |text: &String| date::parse_in(text, order);
    let published = json.published.as_ref().and_then(parse).map(|moment| (moment, DateOrigin::JsonLd));
    let tags = if json.tags.is_empty() { meta_tags(document) } else { json.tags.clone() };
    Facts {
        title: title(document, json.headline.as_deref()),
        summary: meta(&["og:description", "description", "twitter:description", "dc.description"])
            .or(json.description),
        authors: authors(document, &json.authors),
        biography: biography(document),
        published: published
            .or_else(|| published_by_meta(document, order).map(|moment| (moment, DateOrigin::Meta))),
        updated: json.modified.as_ref().and_then(parse).or_else(|| {
            meta(&["article:modified_time", "og:updated_time", "last-modified", "dcterms.modified"])
                .as_ref()
                .and_then(parse)
        }),
        image: image(document, json.image),
        language: language(document).or(json.language),
        tags,
        url: address(document),
        base: document.select("base[href]").attr("href").map(|href| href.to_string()),
    }
}

/// The content of the first `meta` element of one of these names.
fn meta(document: &Document, names: &[&str]) -> Option<String> {
    let all = document.select("meta[content]");
    names.iter().find_map(|wanted| {
        let found = all.nodes().iter().find(|meta| {
            ["property", "name", "itemprop", "http-equiv"]
                .iter()
                .any(|key| meta.attr(key).is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
        })?;
        found.attr("content").map(|content| content.trim().to_owned()).filter(|content| !content.is_empty())
    })
}

fn published_by_meta(document: &Document, order: date::Order) -> Option<Timestamp> {
    const NAMES: &[&str] = &[
        "article:published_time",
        "og:published_time",
        "datePublished",
        "date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
        "pubdate",
        "publishdate",
        "publish-date",
        "sailthru.date",
        "parsely-pub-date",
        "cXenseParse:recs:publishtime",
        "article.published",
        "date.published",
    ];
    let by_meta = meta(document, NAMES).and_then(|text| date::parse_in(&text, order));
    let elements = || {
        let times = document.select("time[itemprop='datePublished'], [itemprop='datePublished'], time.entry-date, time[pubdate], time.published, article time[datetime], time[datetime]");
        times.nodes().iter().find_map(|time| {
            let text = ["datetime", "content", "title"]
                .iter()
                .find_map(|name| time.attr(name))
                .unwrap_or_else(|| time.text());
            date::parse_in(&text, order)
        })
    };
    by_meta.or_else(elements)
}

fn title(document: &Document, headline: Option<&str>) -> Option<String> {
    let site = meta(document, &["og:site_name", "application-name"]);
    let clean_title = |text: &str| clean(without_site(&clean_markup(text), site.as_deref()));
    let shared = meta(document, &["og:title", "twitter:title", "dc.title"]).map(|text| clean_title(&text));
    let named = document.select("head > title").iter().next().map(|title| clean_title(&title.text()));
    let known: Vec<String> = [headline.map(clean_title), shared, named]
        .into_iter()
        .flatten()
        .filter(|title| !title.is_empty())
        .collect();
    let printed: Vec<String> = document
        .select(HEADLINES)
        .nodes()
        .iter()
        .take(20)
        .map(|node| clean(&of_node(node)))
        .filter(|text| !text.is_empty())
        .collect();
    let is_known =
        |printed: &&String| known.iter().any(|known| is_same(known, printed) || begins_alike(known, printed));
    printed
        .iter()
        .find(is_known)
        .cloned()
        .or_else(|| known.first().cloned())
        .or_else(|| printed.first().cloned())
}

/// Whether one headline is the other cut short, as JSON-LD has it.
fn begins_alike(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 25;
    let (one, other) = (one.trim_end_matches(['…', '.']), other.trim_end_matches(['…', '.']));
    one.chars().count().min(other.chars().count()) >= SHORTEST
        && (one.starts_with(other) || other.starts_with(one))
}

fn authors(document: &Document, json: &[String]) -> Vec<String> {
    let by_json = byline::authors(json.iter().map(String::as_str));
    if !by_json.is_empty() {
        return by_json;
    }
    let by_meta = meta(
        document,
        &["author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"],
    );
    let by_meta = byline::authors(by_meta.as_deref());
    if !by_meta.is_empty() {
        return by_meta;
    }
    let printed: Vec<String> =
        document.select(AUTHOR_NAMES).nodes().iter().map(|node| node.text().to_string()).collect();
    byline::authors(printed.iter().map(String::as_str))
}

/// What a page prints about the author where its theme does.
pub fn biography(document: &Document) -> Option<String> {
    let places = document.select(BIOGRAPHIES);
    places.nodes().iter().map(|node| clean(&of_node(node))).find(|text| !text.is_empty())
}

fn image(document: &Document, by_json: Option<String>) -> Option<Image> {
    let size = |names: &[&str]| meta(document, names).and_then(|size| size.parse().ok());
    let shared = meta(document, &["og:image:secure_url", "og:image", "og:image:url"]);
    let alt = meta(document, &["og:image:alt", "twitter:image:alt"]).map(|alt| clean_markup(&alt));
    match shared {
        Some(url) => Some(Image {
            url,
            alt,
            caption: None,
            width: size(&["og:image:width"]),
            height: size(&["og:image:height"]),
        }),
        None => by_json
            .or_else(|| meta(document, &["twitter:image", "twitter:image:src"]))
            .map(|url| Image { url, alt, ..Image::default() }),
    }
}

fn language(document: &Document) -> Option<String> {
    let by_root = document
        .select("html")
        .attr("lang")
        .map(|lang| lang.to_string())
        .filter(|lang| !lang.trim().is_empty());
    by_root.or_else(|| meta(document, &["og:locale", "content-language", "language", "dc.language"]))
}

fn meta_tags(document: &Document) -> Vec<String> {
    let all = document.select("meta[property='article:section'], meta[property='article:tag']");
    let tags: Vec<String> =
        all.nodes().iter().filter_map(|meta| meta.attr("content")).map(|tag| tag.to_string()).collect();
    if !tags.is_empty() {
        return tags;
    }
    let keywords = meta(document, &["news_keywords", "keywords"]).unwrap_or_default();
    keywords.split(',').map(str::to_owned).collect()
}

fn address(document: &Document) -> Option<String> {
    let canonical = document.select("link[rel='canonical'][href]").attr("href").map(|href| href.to_string());
    canonical.or_else(|| meta(document, &["og:url"])).filter(|address| !address.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::{DateOrigin, Document, date, read};

    #[test]
    fn the_head_of_a_page_is_read() {
        let page = "<html lang=de-AT><head><title>Brücke offen - Der Kurier</title><meta property=og:site_name content='Der Kurier'>\
            <meta property=og:title content='Brücke offen - Der Kurier'><meta name=description content='Nach &quot;sechs&quot; Jahren.'>\
            <meta property=article:published_time content=2026-03-03T07:00:00+01:00><meta name=author content='Jana Weiß'>\
            <meta property=og:image content=/b.jpg><meta property=og:image:width content=1200><link rel=canonical href=/bruecke>\
            <meta property=article:section content=Politik><meta property=article:tag content=Brücken></head><body><h1>Menü</h1><h1>Brücke offen</h1></body>";
        let facts = read(&Document::from(page), date::Order::DayFirst);
        assert_eq!(facts.title.as_deref(), Some("Brücke offen"));
        assert_eq!(facts.authors, ["Jana Weiß"]);
        assert_eq!(
            facts.published.map(|(moment, origin)| (moment.to_string(), origin)),
            Some(("2026-03-03T06:00:00Z".to_owned(), DateOrigin::Meta))
        );
        assert_eq!(facts.image.unwrap().width, Some(1200));
        assert_eq!(facts.language.as_deref(), Some("de-AT"));
        assert_eq!(facts.tags, ["Politik", "Brücken"]);
        assert_eq!(facts.url.as_deref(), Some("/bruecke"));
    }

    #[test]
    fn a_bare_page_has_its_title_and_its_time() {
        let page = "<title>Bridge reopens | The Courier</title><article><time datetime=2026-03-03>yesterday</time><p>Text</p></article>";
        let facts = read(&Document::from(page), date::Order::MonthFirst);
        assert_eq!(facts.title.as_deref(), Some("Bridge reopens"));
        assert!(facts.published.is_some() && facts.authors.is_empty());
    }
}
