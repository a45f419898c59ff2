//! What a page says about its article in JSON-LD (schema.org).

use dom_query::Document;
use serde_json::{Map, Value};

/// Types of schema.org that are articles, the surest first.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AdvertiserContentArticle",
    "Article",
    "BlogPosting",
    "LiveBlogPosting",
    "SocialMediaPosting",
    "TechArticle",
    "ScholarlyArticle",
    "Report",
    "WebPage",
];

/// The facts of an article, as texts that still need cleaning.
#[derive(Debug, Default)]
pub struct JsonLd {
    pub headline: Option<String>,
    pub description: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub authors: Vec<String>,
    pub image: Option<String>,
    pub language: Option<String>,
    pub tags: Vec<String>,
}

/// Reads every block of JSON-LD of a page, and the article that one of them describes.
pub fn read(document: &Document) -> JsonLd {
    let scripts = document.select("script[type='application/ld+json']");
    let blocks: Vec<Value> = scripts.nodes().iter().filter_map(|script| parse(&script.text())).collect();
    let mut things = Vec::new();
    for block in &blocks {
        collect(block, &mut things);
    }
    let rank = |thing: &&&Map<String, Value>| ARTICLES.iter().position(|kind| is_a(thing, kind));
    let article = things.iter().filter(|thing| rank(thing).is_some()).min_by_key(rank);
    article.map(|article| read_article(article, &things)).unwrap_or_default()
}

/// JSON as sites write it: in comments, or with raw line breaks in its strings.
fn parse(text: &str) -> Option<Value> {
    const LONGEST: usize = 1024 * 1024;
    let text = text
        .trim()
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[");
    let text = text
        .trim_end_matches("-->")
        .trim_end_matches("]]>")
        .trim_end_matches("//")
        .trim()
        .trim_end_matches(';');
    if text.len() > LONGEST {
        return None;
    }
    let on_one_line = || text.replace(|character: char| character.is_control(), " ");
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&on_one_line())).ok()
}

/// Where a thing of JSON-LD holds others that may be the article.
const INNER: &[&str] = &["@graph", "mainEntity", "mainEntityOfPage", "hasPart"];

fn collect<'a>(value: &'a Value, things: &mut Vec<&'a Map<String, Value>>) {
    const MOST: usize = 500;
    match value {
        Value::Array(values) => {
            for value in values {
                collect(value, things);
            }
        }
        Value::Object(thing) if things.len() < MOST => {
            things.push(thing);
            for inner in INNER.iter().filter_map(|key| thing.get(*key)) {
                collect(inner, things);
            }
        }
        _ => {}
    }
}

fn is_a(thing: &Map<String, Value>, kind: &str) -> bool {
    match thing.get("@type") {
        Some(Value::String(name)) => name == kind,
        Some(Value::Array(names)) => names.iter().any(|name| name == kind),
        _ => false,
    }
}

fn read_article(article: &Map<String, Value>, things: &[&Map<String, Value>]) -> JsonLd {
    let text = |key: &str| article.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = |key: &str| article.get(key).map(texts).unwrap_or_default();
    let names =
        |value: &Value| resolved(value, things).into_iter().filter_map(|person| name(&person)).collect();
    let sections = list("articleSection").into_iter();
    let keywords = list("keywords")
        .into_iter()
        .flat_map(|words| words.split(',').map(str::to_owned).collect::<Vec<_>>());
    JsonLd {
        headline: text("headline").or_else(|| text("name").filter(|_| !is_a(article, "WebPage"))),
        description: text("description"),
        published: text("datePublished"),
        modified: text("dateModified"),
        authors: article.get("author").or_else(|| article.get("creator")).map(names).unwrap_or_default(),
        image: article
            .get("image")
            .or_else(|| article.get("primaryImageOfPage"))
            .and_then(|image| resolved(image, things).iter().find_map(address)),
        language: list("inLanguage").into_iter().next(),
        tags: sections.chain(keywords).collect(),
    }
}

/// The values that a property has, references by `@id` followed.
fn resolved(value: &Value, things: &[&Map<String, Value>]) -> Vec<Value> {
    let values = if let Value::Array(values) = value { values.iter().collect() } else { vec![value] };
    let follow = |value: &Value| {
        let id = value.get("@id").filter(|_| value.as_object().is_some_and(|thing| thing.len() <= 2))?;
        let found = things.iter().find(|thing| thing.get("@id") == Some(id) && thing.len() > 2)?;
        Some(Value::Object((**found).clone()))
    };
    values.into_iter().map(|value| follow(value).unwrap_or_else(|| value.clone())).collect()
}

fn name(person: &Value) -> Option<String> {
    let name = person.as_str().or_else(|| person.get("name").and_then(Value::as_str));
    name.map(str::to_owned)
}

fn address(image: &Value) -> Option<String> {
    let keys = ["url", "contentUrl", "@id"];
    let address =
        image.as_str().or_else(|| keys.iter().find_map(|key| image.get(key).and_then(Value::as_str)));
    address.map(str::to_owned)
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(thing) => thing.get("name").map(texts).unwrap_or_default(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, read};

    #[test]
    fn an_article_is_found_in_a_graph_with_references() {
        let page = r##"<script type="application/ld+json">
            {"@context":"https://schema.org","@graph":[
              {"@type":"WebPage","@id":"#p","datePublished":"2020-01-01"},
              {"@type":"Person","@id":"#jane","name":"Jane Doe"},
              {"@type":"ImageObject","@id":"#i","url":"https://a.example/i.jpg"},
              {"@type":["NewsArticle"],"headline":"Bridge","datePublished":"2026-03-03","author":[{"@id":"#jane"},"Jo Roe"],
               "image":{"@id":"#i"},"keywords":"bridge, river","articleSection":["Politics"],"inLanguage":"en"}]}
        </script>"##;
        let found = read(&Document::from(page));
        assert_eq!(found.headline.as_deref(), Some("Bridge"));
        assert_eq!(found.published.as_deref(), Some("2026-03-03"));
        assert_eq!(found.authors, ["Jane Doe", "Jo Roe"]);
        assert_eq!(found.image.as_deref(), Some("https://a.example/i.jpg"));
        assert_eq!(found.tags, ["Politics", "bridge", " river"]);
    }

    #[test]
    fn json_that_is_badly_written_is_read_or_left() {
        let page = "<script type='application/ld+json'>//<![CDATA[\n{\"@type\":\"Article\",\"headline\":\"Two\nlines\"}\n//]]></script>\
                    <script type='application/ld+json'>{nonsense</script>";
        assert_eq!(read(&Document::from(page)).headline.as_deref(), Some("Two lines"));
        let deep = format!("<script type='application/ld+json'>{}</script>", "[".repeat(100_000));
        assert!(read(&Document::from(deep)).headline.is_none());
    }
}
