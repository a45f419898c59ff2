//! Articles and a publication made up for the tests.

use courant::model::article::{Article, ArticleId, Content, DateOrigin};
use courant::model::language::Direction;
use courant::model::publication::{Publication, Theme};
use courant::model::time::Timestamp;
use courant::model::words::Vocabulary;

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
        counts: false,
        theme: Theme::default(),
        words: Vocabulary::built_in().clone(),
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
        retracted_at: None,
        pictures: courant::model::picture::Pictures::default(),
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
            enclosures: Vec::new(),
            cuts: Vec::new(),
        },
    }
}
