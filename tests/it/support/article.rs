//! Articles and a publication made up for the tests.

use courant::model::article::{Article, ArticleId, Content, DateOrigin, Image};
use courant::model::language::Direction;
use courant::model::publication::{Publication, Theme};
use courant::model::time::Timestamp;

/// Monday, 2 March 2026, 07:00 UTC.
pub const MORNING: i64 = 1_772_434_800;

pub fn publication() -> Publication {
    Publication {
        title: "The Harbour Light".to_owned(),
        description: Some("News of the coast, twice a day".to_owned()),
        base_url: "https://news.example.org/".parse().unwrap(),
        language: "en".to_owned(),
        time_zone: jiff::tz::TimeZone::UTC,
        postal_address: Some("The Harbour Light, 1 Quay Street, Seaport".to_owned()),
        theme: Theme::default(),
    }
}

/// An article with a body of two paragraphs; the rest of it follows from its number.
pub fn article(number: i64, title: &str) -> Article {
    let seen = Timestamp::from_unix(MORNING + number * 60);
    Article {
        id: ArticleId(number),
        source: "cms".to_owned(),
        external_id: number.to_string(),
        public_id: format!("urn:uuid:6f1c2d3e-5a4b-4c7d-8e9f-{number:012x}"),
        slug: format!("article-{number}"),
        first_seen_at: seen,
        changed_at: seen,
        content: Content {
            title: title.to_owned(),
            authors: vec!["Ines Okafor".to_owned()],
            biography: None,
            html: format!("<p>{title}: the whole story.</p>\n<h2>What follows</h2>\n<p>More tomorrow.</p>")
                .replace('&', "&amp;"),
            text: format!("{title}: the whole story.\n\nWhat follows\n\nMore tomorrow."),
            summary: format!("{title}: the whole story."),
            url: Some(format!("https://www.example.org/{number}")),
            tags: vec!["Harbour".to_owned()],
            image: None,
            language: Some("en".to_owned()),
            direction: Direction::Ltr,
            published_at: Some(seen),
            published_at_from: DateOrigin::Source,
            updated_at: None,
            cuts: Vec::new(),
        },
    }
}

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
