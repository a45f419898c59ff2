//! The pages as documents: what a reader, a browser and a search engine get.

use courant::model::article::Article;
use courant::model::edition::EditionNumber;
use courant::model::newsletter::{Choice, Layout, Newsletter, NewsletterId, Overflow};
use courant::model::publication::Publication;
use courant::model::schedule::Schedule;
use courant::model::shape::Wish;
use courant::model::time::Timestamp;
use courant::render::page::{
    Edition, EditionLine, Farewell, Fault, Filled, Held, Managed, Notice, Part, Site, Standing, Way,
};

use crate::support::article::{MORNING, article, publication};
use crate::support::odd::odd_articles;

/// Compares a page with its snapshot, but for the name of the style sheet, which changes with every rule in it.
macro_rules! assert_page {
    ($page:expr $(,)?) => {
        insta::with_settings!({ filters => [(r"style-[0-9a-f]{16}", "style-(hash)")] }, {
            insta::assert_snapshot!($page);
        })
    };
}

fn newsletter(slug: &str, title: &str, language: &str) -> Newsletter {
    Newsletter {
        slug: slug.parse().unwrap(),
        title: title.to_owned(),
        description: Some("Before the first ferry".to_owned()),
        language: language.to_owned(),
        noindex: false,
        is_private: false,
        schedule: Schedule::new("0 7 * * *".parse().unwrap(), jiff::tz::TimeZone::UTC),
        choice: Choice::default(),
        choices: None,
        min_articles: 1,
        max_articles: 20,
        overflow: Overflow::Next,
        late: None,
        subject: "{lead}".to_owned(),
        layout: Layout::Stories,
        related: 0,
        uncertain: courant::model::delivery::UncertainPolicy::Retry,
        over: std::time::Duration::ZERO,
        age_limit: None,
        sunset: None,
    }
}

fn site() -> Site {
    let newsletters =
        vec![newsletter("daily", "The Morning Light", "en"), newsletter("ar", "ضوء الميناء", "ar")];
    Site::new(publication(), newsletters)
}

fn edition_of<'a>(site: &'a Site, articles: &'a [Article]) -> Edition<'a> {
    Edition {
        newsletter: &site.newsletters[0],
        number: EditionNumber::own(2),
        zone: site.newsletters[0].time_zone(),
        last_number: 3,
        tick: Timestamp::from_unix(MORNING),
        subject: "The ferry sails again",
        preheader: "And eleven more",
        newsletter_id: NewsletterId(1),
        articles,
    }
}

/// A page with a newsletter of each standing.
fn managed(site: &Site) -> Managed<'_> {
    let now = Timestamp::from_unix(MORNING);
    let farewell = Farewell { can_undo: true, reason: Some(false) };
    let standings = [Standing::Paused(Timestamp::from_unix(MORNING + 864_000)), Standing::Left(farewell)];
    let held = site.newsletters.iter().zip(standings);
    Managed {
        token: "abcdef",
        language: "en",
        held: held
            .map(|(newsletter, standing)| Held { newsletter, standing, wants: None, keys: None })
            .collect(),
        address: Some("ada@example.org"),
        is_suppressed: false,
        is_address_refused: false,
        not_offered: None,
        refused: Some((Some("daily"), "\"><b>")),
        now,
    }
}

fn every_page(site: &Site) -> Vec<String> {
    let articles = odd_articles();
    let lines =
        [EditionLine { number: 1, tick: Timestamp::from_unix(MORNING), subject: "One & only".to_owned() }];
    let filled = Filled {
        address: "\"><b>@x".to_owned(),
        newsletters: vec!["daily".to_owned()],
        language: None,
        wish: Wish::default(),
        moment: "moment".to_owned(),
    };
    let mut pages = vec![
        site.front((&articles, Part::WHOLE), &[], "moment"),
        site.front((&[], Part::WHOLE), &[], "moment"),
        site.tag("a/b <c>", (&articles, Part::WHOLE)),
        site.newsletter_page(&site.newsletters[0], (&lines, Part::WHOLE), &[], "moment"),
        site.newsletter_page(&site.newsletters[1], (&[], Part::WHOLE), &[], "moment"),
        site.edition(&edition_of(site, &articles)),
        site.notice(&Notice::Refused(Fault::Address, &filled), None),
        site.notice(&Notice::Leave("<b>", "token"), Some("ar")),
        site.notice(&Notice::NotFound, None),
        site.manage(&managed(site)),
    ];
    pages.extend(articles.iter().map(|article| site.article(article, &articles, Way::Open)));
    pages
}

#[test]
fn the_front_page() {
    assert_page!(site().front((&odd_articles()[..4], Part::WHOLE), &[], "moment"));
}

#[test]
fn what_a_reader_manages() {
    let site = site();
    assert_page!(site.manage(&managed(&site)));
}

#[test]
fn an_article() {
    let mut article = odd_articles().remove(9);
    article.content.biography = Some("Ines Okafor has rowed the river for twenty years.".to_owned());
    article.changed_at = Timestamp::from_unix(MORNING + 86_400);
    assert_page!(site().article(&article, &[], Way::Open));
}

#[test]
fn a_right_to_left_edition() {
    let site = site();
    let articles = [odd_articles().remove(4), article(2, "In English")];
    assert_page!(site.edition(&Edition { newsletter: &site.newsletters[1], ..edition_of(&site, &articles) }));
}

#[test]
fn a_newsletter_and_its_editions() {
    let site = site();
    let line = |number| EditionLine {
        number,
        tick: Timestamp::from_unix(MORNING + number * 86_400),
        subject: format!("Edition {number} & more"),
    };
    assert_page!(site.newsletter_page(
        &site.newsletters[0],
        (&[line(2), line(1)], Part::WHOLE),
        &[],
        "moment"
    ));
}

#[test]
fn the_page_with_the_button_that_unsubscribes() {
    assert_page!(site().notice(&Notice::Leave("The Morning Light", "abcdef"), None));
}

#[test]
fn a_form_that_was_not_taken_keeps_what_was_written() {
    let filled = Filled {
        address: "ines@".to_owned(),
        newsletters: vec!["ar".to_owned()],
        language: None,
        wish: Wish::default(),
        moment: "moment".to_owned(),
    };
    assert_page!(site().notice(&Notice::Refused(Fault::Address, &filled), None));
}

#[test]
fn no_page_runs_a_script_or_asks_another_host_for_anything_but_pictures() {
    for page in every_page(&site()) {
        for script in page.split("<script").skip(1) {
            assert!(script.starts_with(" type=\"application/ld+json\">"), "{script}");
            let data = script.split_once('>').unwrap().1.split("</script>").next().unwrap();
            serde_json::from_str::<serde_json::Value>(data).unwrap();
        }
        assert!(!page.contains("style=\"") && !page.contains("onclick"), "{page}");
        let sheets = page.matches("rel=\"stylesheet\" href=\"/assets/style-").count();
        assert_eq!(sheets, page.matches("rel=\"stylesheet\"").count());
        assert!(!page.contains("\"><b>@x") && !page.contains("<b></h1>"), "{page}");
    }
}

#[test]
fn no_page_is_heavier_than_fifty_kilobytes() {
    let site = site();
    let long = |number| {
        let mut article = article(number, &"A long headline ".repeat(8));
        article.content.summary = "A summary that goes on and on. ".repeat(40);
        article
    };
    let articles: Vec<Article> = (1..=24).map(long).collect();
    for page in
        [site.front((&articles, Part::WHOLE), &[], "moment"), site.edition(&edition_of(&site, &articles))]
    {
        let weight = page.len() + site.stylesheet.css.len();
        assert!(weight < 50_000, "{weight}");
    }
}

#[test]
fn a_list_of_editions_with_the_longest_subjects_is_no_heavier() {
    let site = site();
    let line = |number| EditionLine {
        number,
        tick: Timestamp::from_unix(MORNING + number * 86_400),
        subject: "خبرهای شهر ".repeat(15),
    };
    let lines: Vec<EditionLine> = (1..=50).map(line).collect();
    let page = site.newsletter_page(&site.newsletters[0], (&lines, Part::WHOLE), &[], "moment");
    let weight = page.len() + site.stylesheet.css.len();
    assert!(weight < 50_000, "{weight}");
}

#[test]
fn every_page_has_one_heading_of_the_first_rank_and_the_landmarks() {
    for page in every_page(&site()) {
        assert_eq!(page.matches("<h1").count(), 1, "{page}");
        for landmark in ["<header", "<main id=\"content\"", "<footer", "<nav", "href=\"#content\""] {
            assert!(page.contains(landmark), "{landmark} of {page}");
        }
    }
}

#[test]
fn pages_that_answer_a_mail_are_not_listed_by_search_engines() {
    let site = site();
    let page = site.notice(&Notice::Confirm(&["The Morning Light".to_owned()], "abc"), None);
    assert!(page.contains("content=\"noindex\"") && !page.contains("canonical"), "{page}");
    assert!(
        site.front((&[], Part::WHOLE), &[], "moment")
            .contains("rel=\"canonical\" href=\"https://news.example.org/\"")
    );
}

#[test]
fn links_hold_under_a_path_of_the_base_address() {
    let base = Publication { base_url: "https://example.org/news/".parse().unwrap(), ..publication() };
    let page = Site::new(base, vec![newsletter("daily", "The Morning Light", "en")]).front(
        (&[article(1, "One")], Part::WHOLE),
        &[],
        "moment",
    );
    for link in [
        "/news/articles/article-1",
        "/news/subscribe",
        "/news/feed.rss",
        "/news/assets/style-",
        "/news/tags/Harbour",
    ] {
        assert!(page.contains(&format!("=\"{link}")), "{link} of {page}");
    }
}

#[test]
fn a_tag_of_any_characters_has_an_address() {
    let page = site().tag("a/b 🎉?", (&[], Part::WHOLE));
    assert!(page.contains("href=\"/tags/a%2Fb%20%F0%9F%8E%89%3F/feed.rss\""), "{page}");
}
