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

/// Whether one piece of HTML holds enough of another to be the article that the other was found as.
pub fn holds_most(html: &str, characters: usize) -> bool {
    length(html) * 10 >= characters * 6
}

/// The content of the container in which the page's theme prints the article, if it is a known one; of several, as themes nest or repeat them, the one with most text.
pub fn container(document: &Document) -> Option<String> {
    CONTAINERS.iter().find_map(|selector| {
        let found = document.select(selector);
        let largest = found.nodes().iter().max_by_key(|node| node.normalized_char_count())?;
        (largest.normalized_char_count() > 0).then(|| largest.inner_html().to_string())
    })
}

/// What a look at the density of text finds; `None` if it finds nothing, or fails at a page that it was not made for.
pub fn readable(document: &Document) -> Option<String> {
    const MOST_ELEMENTS: usize = 30_000;
    let copy = document.html().to_string();
    let config = Config { disable_json_ld: true, max_elements_to_parse: MOST_ELEMENTS, ..Config::default() };
    let parse = || Readability::new(copy, None, Some(config)).ok()?.parse().ok();
    let article = catch_unwind(AssertUnwindSafe(parse)).ok()??;
    Some(article.content.to_string()).filter(|content| length(content) > 0)
}

/// Everything that is left in a page.
pub fn whole(document: &Document) -> String {
    let main = document.select("article, main, [role='main']");
    let largest = main.nodes().iter().max_by_key(|node| node.normalized_char_count());
    let body = largest.copied().or_else(|| document.body());
    body.map(|body| body.inner_html().to_string()).unwrap_or_default()
}

/// How many characters of text HTML holds.
pub fn length(html: &str) -> usize {
    Document::fragment(html).root().normalized_char_count()
}

#[cfg(test)]
mod tests {
    use super::{Document, container, holds_most, readable};

    #[test]
    fn a_themes_container_is_the_article() {
        let page = "<body><div class=x><p>Menu</p></div><div class=td-post-content><h2>Section</h2><p>Text.</p></div></body>";
        assert_eq!(container(&Document::from(page)).as_deref(), Some("<h2>Section</h2><p>Text.</p>"));
        assert_eq!(container(&Document::from("<div class=entry-content> </div>")), None);
    }

    #[test]
    fn density_finds_the_article_among_links() {
        let text =
            "<p>A sentence of the article that says something, and then, after a comma, something else.</p>"
                .repeat(12);
        let page = format!(
            "<body><div><a href=/>Home</a> <a href=/n>News</a></div><div><div>{text}</div></div><div><a href=/x>Imprint</a></div></body>"
        );
        let found = readable(&Document::from(page)).unwrap();
        assert!(found.contains("something else") && !found.contains("Imprint"), "{found}");
        assert!(holds_most(&found, 12 * 88) && !holds_most(&found, 12 * 300));
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert_eq!(readable(&Document::from("")), None);
    }
}
