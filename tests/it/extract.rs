//! What sources give becomes articles: each page of `tests/fixtures/pages` by what is odd about it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use courant::extract::{self, Context, Rejected};
use courant::model::article::{Content, RawArticle, RawBody};

use courant::model::slot;
use courant::model::time::Timestamp;
use proptest::prelude::*;

use url::Url;

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages")
}

fn extracted(body: RawBody, title: Option<&str>) -> Result<Content, Rejected> {
    let base = Url::parse("https://courier.example.org/").unwrap();
    let now = Timestamp::from_unix(1_773_100_800);
    let context = Context { base: Some(&base), language: "en", now };
    let raw = RawArticle {
        external_id: "1".to_owned(),
        title: title.map(str::to_owned),
        body,
        ..RawArticle::default()
    };
    extract::article(raw, &context)
}

/// The article of a page as an operator sees it.
fn read(name: &str) -> Content {
    let text = fs::read_to_string(pages().join(name)).unwrap();
    let body = match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("html") if name.contains("fragment") => RawBody::Html(text),
        Some("html") => RawBody::Page(text),
        Some("md") => RawBody::Markdown(text),
        _ => RawBody::Text(text),
    };
    extracted(body, None).unwrap()
}

fn shown(article: &Content) -> String {
    let mut shown = format!("TITLE     {}\n", article.title);
    let published = article.published_at.map_or_else(|| "-".to_owned(), |moment| moment.to_string());
    let _ = writeln!(shown, "AUTHORS   {}", article.authors.join(" + "));
    let _ = writeln!(shown, "BIOGRAPHY {}", article.biography.as_deref().unwrap_or("-"));
    let _ = writeln!(shown, "PUBLISHED {published} by {:?}", article.published_at_from);
    if let Some(updated) = article.updated_at {
        let _ = writeln!(shown, "UPDATED   {updated}");
    }
    let _ = writeln!(
        shown,
        "LANGUAGE  {} {}",
        article.language.as_deref().unwrap_or("-"),
        article.direction.as_str()
    );
    let _ = writeln!(shown, "TAGS      {}", article.tags.join(", "));
    let _ = writeln!(shown, "IMAGE     {}", article.image.as_ref().map_or("-", |image| &image.url));
    let _ = writeln!(shown, "SUMMARY   {}", article.summary);
    let _ = writeln!(shown, "URL       {}", article.url.as_deref().unwrap_or("-"));
    let _ = writeln!(shown, "\n{}\n", article.html.replace("><", ">\n<"));
    for cut in &article.cuts {
        let _ = writeln!(shown, "CUT {}: {}", cut.rule, cut.text);
    }
    shown
}

#[test]
fn every_page_becomes_the_article_that_a_reader_sees_in_it() {
    let mut names: Vec<String> = fs::read_dir(pages())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names.iter().filter(|name| !name.starts_with("page-without")) {
        insta::assert_snapshot!(name.replace('.', "-"), shown(&read(name)));
    }
}

#[test]
fn a_page_without_headline_and_text_is_rejected() {
    for body in [
        RawBody::Page(fs::read_to_string(pages().join("page-without-an-article.html")).unwrap()),
        RawBody::Text("\u{0} \n\t".to_owned()),
        RawBody::Html("<script>x</script><p>&nbsp;</p>".to_owned()),
        RawBody::None,
    ] {
        assert_eq!(extracted(body.clone(), Some(" ")), Err(Rejected::Empty), "{body:?}");
    }
    assert_eq!(extracted(RawBody::None, Some("Bridge")).unwrap().title, "Bridge");
}

/// Each holds a word that, alone on a line, would be furniture.
const SENTENCES: [&str; 17] = [
    "Popular demand brought the bridge back.",
    "Related costs fell by a third.",
    "Share post and parcel, the minister told the two services.",
    "More like this would be welcome, said the mayor.",
    "Advertisement is an art, and the posters of 1900 show it.",
    "Comments were made, and then they were forgotten again.",
    "Subscribe to an idea and you must pay for it one day.",
    "Read more books, the librarian says to everyone who asks.",
    "Tags: that is what the boys call their signatures on the walls.",
    "Facebook did not answer the questions of this newspaper.",
    "Home is where the bridge is, they say on this side of the river.",
    "By Friday the bridge was open again for people on foot.",
    "Next article of the law was read aloud and then adopted too.",
    "Disclaimer or not, the engineers signed what they had built.",
    "The slot that the theme calls spot_img stayed empty all day.",
    "Cookies were served to the children who crossed it first.",
    "Date palms line the southern bank, where the sun is warmer.",
];

#[test]
fn sentences_that_hold_the_words_of_furniture_stay() {
    let text = format!("A headline for all of them\n\n{}", SENTENCES.join("\n\n"));
    let html = SENTENCES.map(|sentence| format!("<p>{sentence}</p>")).concat();
    for body in [
        RawBody::Text(text),
        RawBody::Html(html.clone()),
        RawBody::Page(format!("<article>{html}</article>")),
    ] {
        let article = extracted(body, None).unwrap();
        for sentence in SENTENCES {
            assert!(article.text.contains(sentence), "{sentence}\n\n{:?}\n\n{}", article.cuts, article.text);
        }
        assert!(article.cuts.is_empty(), "{:?}", article.cuts);
    }
}

#[test]
fn the_date_of_an_address_is_taken_only_where_nothing_says_more() {
    let raw = |url: &str, body: &str| RawArticle {
        url: Some(url.to_owned()),
        body: RawBody::Text(body.to_owned()),
        ..RawArticle::default()
    };
    let context = Context { base: None, language: "en", now: Timestamp::from_unix(1_773_100_800) };
    for (url, body, expected) in [
        (
            "https://a.example/2026/03/03/x?utm_source=y",
            "Bridge opens\nDate:\nIt is open.",
            "2026-03-03T00:00:00Z Url",
        ),
        (
            "https://a.example/2026/03/03/x",
            "Bridge opens\nDate: 4 March 2026\nIt is open.",
            "2026-03-04T00:00:00Z Line",
        ),
        ("https://a.example/2026/03/x", "Bridge opens\nDate:\nIt is open.", "none FirstSight"),
        ("https://a.example/x", "Bridge opens\n1 May 2027\nIt will be open.", "none FirstSight"),
    ] {
        let article = extract::article(raw(url, body), &context).unwrap();
        let moment = article.published_at.map_or_else(|| "none".to_owned(), |moment| moment.to_string());
        assert_eq!(format!("{moment} {:?}", article.published_at_from), expected, "{url} {body}");
        assert!(!article.url.unwrap().contains("utm_"));
    }
}

fn is_safe(article: &Content) -> bool {
    let html = article.html.to_lowercase();
    let has_no_action =
        ["<script", "<style", "<iframe", "<form", " onclick", "javascript:", " style="].iter().all(|part| {
            // In the text of an element a `<` is written as an entity, so these can only be markup or words.
            !html.contains(part) || !part.starts_with('<')
        });
    let lines = [&article.title, &article.summary].into_iter().chain(&article.authors).chain(&article.tags);
    let texts = lines.clone().chain([&article.html, &article.text]);
    has_no_action
        && !article.title.is_empty()
        && lines.into_iter().all(|line| !line.chars().any(char::is_control))
        && texts.into_iter().all(|text| {
            !text.chars().any(|c| {
                slot::is_marker(c)
                    || (c.is_control() && !matches!(c, '\n' | '\t'))
                    || matches!(c, '\u{202A}'..='\u{202E}')
            })
        })
}

/// Pieces of which pages, good and bad, are made.
const PIECES: &[&str] = &[
    "Share post:",
    "spot_img",
    "Related",
    "Popular",
    "Date:",
    "Jane Doe",
    "\n",
    "\n\n",
    "By Jane Doe",
    "The bridge is open again. ",
    "<p>",
    "</p>",
    "<div>",
    "<script>",
    "</script>",
    "<img src=x>",
    "<a href=javascript:x>",
    "<table>",
    "<tr><td>",
    "<h1>",
    "</h1>",
    "&amp;",
    "&#x3c;",
    "<noscript>",
    "<svg>",
    "<math>",
    "<!--",
    "-->",
    "- item",
    "1. one",
    "\u{202E}",
    "\u{F0001}",
    "\u{0}",
    "\u{93}",
    "مرحبا ",
    "نعم. ",
    "<b",
    "\"",
    "<style>",
    "]]>",
    "<li>",
    "<ul>",
    "<br><br>",
    "<blockquote>",
    "<figure>",
    "<iframe src=https://www.youtube.com/embed/a>",
    "<template>",
    "<select>",
    "<title>",
    "March 3, 2026",
];

fn bodies() -> impl Strategy<Value = RawBody> {
    let words = prop::sample::select(PIECES);
    let mixed = prop::collection::vec(prop_oneof![3 => words.prop_map(str::to_owned), 1 => ".{0,12}"], 0..40);
    (mixed, 0..4_u8).prop_map(|(parts, kind)| {
        let text = parts.concat();
        match kind {
            0 => RawBody::Html(text),
            1 => RawBody::Page(text),
            2 => RawBody::Markdown(text),
            _ => RawBody::Text(text),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_a_source_gives_becomes_a_safe_article_or_none(body in bodies(), title in prop::option::of(".{0,30}")) {
        if let Ok(article) = extracted(body, title.as_deref()) {
            prop_assert!(is_safe(&article), "{article:#?}");
        }
    }
}

#[test]
fn hostile_bodies_are_bounded() {
    let many = 4_000;
    for (name, html) in [
        ("deep", "<div>".repeat(many)),
        ("formatting", format!("{}{}", "<b><i>".repeat(1000), "<p>x".repeat(many / 4))),
        ("attributes", format!("<p {}>x</p>", "a=1 ".repeat(many))),
        ("entities", "&amp;".repeat(many)),
        ("tables", "<table><tr><td>".repeat(many / 10)),
        ("links", "<a href=//x>".repeat(many / 4)),
        ("labels", "<p>Related</p>".repeat(many / 5)),
        ("unclosed", "<".repeat(many)),
        ("comment", format!("<!--{}", "-".repeat(many))),
        ("lists", "<ul><li>a".repeat(many / 4)),
        ("words", "word ".repeat(many)),
        ("names", "<p>Jane Doe</p>".repeat(many / 5)),
    ] {
        for body in [
            RawBody::Html(html.clone()),
            RawBody::Page(html.clone()),
            RawBody::Markdown(html.clone()),
            RawBody::Text(html.replace('>', ">\n")),
        ] {
            let article = extracted(body, Some("Title")).unwrap();
            assert!(is_safe(&article), "{name}");
        }
    }
}
