//! Digests of text that nobody would write, but somebody will send.

use courant::model::language::Direction;
use courant::model::slot;
use courant::model::text::{line, shorten};
use courant::render::digest::render;
use courant::render::letter::Letter;
use dom_query::Document;
use proptest::prelude::*;

use super::newsroom::{Newsroom, bare, picture};
use super::{digest, snapshot};

/// Headlines as mail programs will show them, in their order.
fn headlines(letter: &Letter) -> Vec<String> {
    let document = Document::from(letter.html.as_str());
    document.select("h2 a").iter().map(|link| link.text().to_string()).collect()
}

const NASTY: &[&str] = &[
    "<script>alert(1)</script><!-- --> ]]> <![endif]-->",
    "{{ article.title }} {% include \"secret\" %} ${TOKEN}",
    "\u{202E}Reversed\u{202C} and \u{2067}isolated\u{2069} \u{F0001}slot\u{F0001}",
    "Family 👨‍👩‍👧‍👦 flag 🏳️‍🌈 zalgo Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "AT&amp;T &lt;b&gt; \"quoted\" 'single' <a href=x>",
    "Mixed العربية and עברית with 12,345 numbers",
    "\u{0}\u{7}\u{85}\u{9F}Controls\u{1B}[31m\r\nSubject: forged",
];

#[test]
fn nasty_text_stays_text() {
    let mut articles: Vec<_> = (1..).zip(NASTY).map(|(number, title)| bare(number, title)).collect();
    articles.push(bare(90, &"x".repeat(10_000)));
    for article in &mut articles {
        let title = article.content.title.clone();
        article.content.summary = format!("Summary: {title}");
        article.content.authors = vec![title.clone(), "\" onload=\"x".to_owned()];
        article.content.tags = vec![title.clone()];
        article.content.language = Some("en\" onload=\"x".to_owned());
        article.content.url = Some("javascript:alert(1)".to_owned());
        picture(article, "river", (1600, 1067));
        let image = article.content.image.as_mut().unwrap();
        image.alt = Some(title);
        image.url = "https://example.org/a b\".jpg".to_owned();
    }
    articles[1].content.direction = Direction::Rtl;
    let letter = digest("nasty", &Newsroom::new(articles));
    let document = Document::from(letter.html.as_str());
    assert_eq!(document.select("script, [onload], a[href^=javascript]").length(), 0);
    assert_eq!(headlines(&letter).len(), NASTY.len() + 1);
    insta::assert_snapshot!(snapshot(&letter));
}

#[test]
fn a_picture_that_counts_readers_is_not_shown() {
    for (name, size, is_shown) in [
        ("pixel", (1, 1), false),
        ("icon", (48, 48), false),
        ("photo", (800, 600), true),
        ("line", (800, 2), false),
    ] {
        let mut article = bare(1, "Bridge reopens");
        picture(&mut article, name, size);
        let letter = render(&Newsroom::new(vec![article]).edition()).unwrap();
        assert_eq!(letter.html.contains("<img"), is_shown, "{name}");
    }
}

#[test]
fn a_picture_comes_by_https_or_from_the_publications_own_host() {
    for (base, url, is_shown) in [
        ("https://courier.example.org/", "http://other.example.org/a.jpg", false),
        ("https://courier.example.org/", "data:image/png;base64,AAAA", false),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/a.jpg", true),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8081/a.jpg", true),
        ("http://127.0.0.1:8080/", "https://other.example.org/a.jpg", true),
    ] {
        let mut article = bare(1, "Bridge reopens");
        picture(&mut article, "photo", (800, 600));
        article.content.image.as_mut().unwrap().url = url.to_owned();
        let mut newsroom = Newsroom::new(vec![article]);
        newsroom.publication.base_url = base.parse().unwrap();
        assert_eq!(render(&newsroom.edition()).unwrap().html.contains("<img"), is_shown, "{url}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_article_text_survives_rendering_and_parsing(titles in prop::collection::vec(any::<String>(), 1..4)) {
        let articles = (1..).zip(&titles).map(|(number, title)| bare(number, title)).collect();
        let letter = render(&Newsroom::new(articles).edition()).unwrap();
        let expected: Vec<String> = titles.iter().map(|title| shorten(&line(title), 200)).collect();
        prop_assert_eq!(headlines(&letter), expected);
        prop_assert_eq!(letter.html.matches(slot::TOKEN).count(), 2);
        let is_clean = |c: char| !c.is_control() || c == '\n';
        prop_assert!(letter.html.chars().chain(letter.text.chars()).all(is_clean));
    }
}
