//! Articles each of which a renderer must survive.

use courant::model::article::{Article, Content, DateOrigin, Image};
use courant::model::language::Direction;
use courant::model::time::Timestamp;

use super::article::{MORNING, article};

/// Articles each of which is odd in one way that a feed must survive.
pub fn odd_articles() -> Vec<Article> {
    let titles = [
        "Plain",
        "Tom & Jerry's <b>bold</b> \"plan\" &amp; more",
        "Control\u{B}characters\u{0} and \u{85} a \u{FFFE}non-character\u{FFFD}",
        "The end ]]> of it",
        "العنوان من اليمين إلى اليسار",
        "Emoji 🎉👨‍👩‍👧 and a bidi \u{202E}mark",
        "No author, no tags, no text",
        "No date, no address",
        "Three hundred tags",
        "A picture with a caption",
        "An address a browser would take",
        "Changed since",
    ];
    let numbered = titles.iter().zip(1..).map(|(title, number)| article(number, title));
    let mut articles: Vec<Article> = numbered.collect();
    articles[1].content.html = "<p>Tom &amp; Jerry&apos;s &lt;b&gt; ]]&gt;</p>".into();
    articles[4].content =
        Content { language: Some("ar".to_owned()), direction: Direction::Rtl, ..articles[4].content.clone() };
    articles[6].content = without_text(&articles[6]);
    articles[7].content = Content {
        published_at: None,
        published_at_from: DateOrigin::FirstSight,
        url: None,
        ..articles[7].content.clone()
    };
    articles[8].content.tags = (0..300).map(|n| format!("tag & <{n}>")).collect();
    articles[9].content.image = Some(picture());
    articles[10].content.url = Some("https://example.org/ä b|c?q=[1]".to_owned());
    articles[11].changed_at = Timestamp::from_unix(MORNING + 86_400);
    articles
}

fn without_text(article: &Article) -> Content {
    Content {
        authors: Vec::new(),
        tags: Vec::new(),
        html: String::new(),
        text: String::new(),
        summary: String::new(),
        ..article.content.clone()
    }
}

fn picture() -> Image {
    Image {
        url: "https://www.example.org/a.jpg?w=1&h=2".to_owned(),
        alt: Some("A quay at \"dawn\"".to_owned()),
        caption: Some("Photo: I. Okafor".to_owned()),
        width: Some(1200),
        height: Some(800),
    }
}
