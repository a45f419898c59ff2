//! Where in a page the article stands.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use dom_smoothie::{Config, Readability};

/// The elements in which themes print the article and nothing else, the surest first.
const CONTAINERS: &[&str] = &[
    ".td-post-content",
    ".tdb_single_content",
    "[itemprop='articleBody']",
    ".entry-content",
    ".post-content",
    ".article-content",
    ".article-body",
    ".article__body",
    ".story-body",
    ".post-body",
    ".single-content",
    ".content-inner",
    ".gh-content",
    ".wp-block-post-content",
];

/// The HTML of the article in a page whose furniture has been removed: a theme's own container, if it holds what
/// a look at the density of text finds too; else what that finds; else the whole body.
pub fn find(document: &Document) -> String {
    let container = container(document);
    let readable = readable(document);
    match (container, readable) {
        (Some(container), Some(readable)) if length(&container) * 10 >= length(&readable) * 6 => container,
        (_, Some(readable)) => readable,
        (Some(container), None) => container,
        (None, None) => whole(document),
    }
}

/// The content of a theme's container; of several, as themes nest or repeat them, the one with most text.
fn container(document: &Document) -> Option<String> {
    CONTAINERS.iter().find_map(|selector| {
        let found = document.select(selector);
        let largest = found.nodes().iter().max_by_key(|node| node.normalized_char_count())?;
        (largest.normalized_char_count() > 0).then(|| largest.inner_html().to_string())
    })
}

/// What readability finds; `None` if it finds nothing, or fails at a page that it was not made for.
fn readable(document: &Document) -> Option<String> {
    const MOST_ELEMENTS: usize = 30_000;
    let copy = document.html().to_string();
    let config = Config { disable_json_ld: true, max_elements_to_parse: MOST_ELEMENTS, ..Config::default() };
    let parse = || Readability::new(copy, None, Some(config)).ok()?.parse().ok();
    let article = catch_unwind(AssertUnwindSafe(parse)).ok()??;
    Some(article.content.to_string()).filter(|content| length(content) > 0)
}

fn whole(document: &Document) -> String {
    let main = document.select("article, main, [role='main']");
    let largest = main.nodes().iter().max_by_key(|node| node.normalized_char_count());
    let body = largest.copied().or_else(|| document.body());
    body.map(|body| body.inner_html().to_string()).unwrap_or_default()
}

fn length(html: &str) -> usize {
    Document::fragment(html).root().normalized_char_count()
}

#[cfg(test)]
mod tests {
    use super::{Document, find};

    #[test]
    fn a_themes_container_is_the_article() {
        let text = "<p>A sentence of the article that says something.</p>".repeat(8);
        let page = format!(
            "<body><div class=x><p>Menu</p></div><div class=td-post-content><h2>Section</h2>{text}</div></body>"
        );
        let found = find(&Document::from(page));
        assert!(found.contains("Section") && !found.contains("Menu"), "{found}");
    }

    #[test]
    fn without_a_container_density_decides() {
        let text =
            "<p>A sentence of the article that says something, and then, after a comma, something else.</p>"
                .repeat(12);
        let page = format!(
            "<body><div><a href=/>Home</a> <a href=/n>News</a></div><div><div>{text}</div></div><div><a href=/x>Imprint</a></div></body>"
        );
        let found = find(&Document::from(page));
        assert!(found.contains("something else") && !found.contains("Imprint"), "{found}");
    }

    #[test]
    fn a_page_of_one_line_is_that_line() {
        assert!(find(&Document::from("<p>Open.</p>")).contains("Open."));
        assert_eq!(find(&Document::from("")), "");
    }
}
