//! Digests: what a reader gets.

mod hostile;
mod newsroom;

use std::fs;
use std::path::PathBuf;

use courant::model::newsletter::Layout;
use courant::model::publication::Logo;
use courant::model::schedule::Schedule;
use courant::model::{slot, token};
use courant::render::confirmation;
use courant::render::digest::{Edition, render};
use courant::render::letter::Letter;
use dom_query::Document;
use jiff::tz::TimeZone;

use newsroom::{Newsroom, arabic, arabic_morning, bare, courier, daily, morning, written};

/// Keeps a letter in `target/digests/`, where the checkers of `tests/peers/digest` and curious people find it.
fn keep(name: &str, letter: Letter) -> Letter {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/digests");
    fs::create_dir_all(&directory).unwrap();
    let (html, text) = (fill(&letter.html), fill(&letter.text));
    fs::write(directory.join(format!("{name}.html")), html).unwrap();
    fs::write(directory.join(format!("{name}.txt")), text).unwrap();
    letter
}

/// A token in every slot, as a mail has it.
fn fill(text: &str) -> String {
    text.replace(slot::TOKEN, &"k".repeat(token::LENGTH))
}

fn digest(name: &str, newsroom: &Newsroom) -> Letter {
    keep(name, render(&newsroom.edition()).unwrap())
}

/// How a letter reads, for a snapshot: the marker is not a character that an editor shows.
fn snapshot(letter: &Letter) -> String {
    let Letter { subject, preheader, html, text } = letter;
    let all = format!("Subject: {subject}\nPreheader: {preheader}\n\n{text}\n{html}");
    all.replace(slot::TOKEN, "{TOKEN}")
}

#[test]
fn stories_open_with_a_lead_and_follow_by_section() {
    let letter = digest("stories", &Newsroom { more: 3, ..Newsroom::new(morning()) });
    insta::assert_snapshot!(snapshot(&letter));
}

#[test]
fn headlines_are_short_and_without_pictures() {
    let mut newsroom = Newsroom::new(morning());
    newsroom.newsletter.layout = Layout::Headlines;
    newsroom.newsletter.subject = "{newsletter}: {count} headlines of {date}".to_owned();
    let letter = digest("headlines", &newsroom);
    assert!(!letter.html.contains("<img"));
    insta::assert_snapshot!(snapshot(&letter));
}

#[test]
fn an_arabic_newsletter_is_arabic_throughout() {
    let newsroom = Newsroom { newsletter: arabic(), more: 12, ..Newsroom::new(arabic_morning()) };
    let letter = digest("arabic", &newsroom);
    insta::assert_snapshot!(snapshot(&letter));
}

#[test]
fn what_is_like_the_lead_is_named_under_it() {
    let mut newsroom = Newsroom::new(morning());
    newsroom.related = vec![bare(90, "How the fourth bridge was paid for")];
    let letter = digest("related", &newsroom);
    let link = "https://courier.example.org/articles/article-90";
    assert!(
        letter.text.contains(&format!("Read on:\n\nHow the fourth bridge was paid for\n{link}\n")),
        "{}",
        letter.text
    );
    assert!(letter.html.contains(&format!("href=\"{link}\"")) && letter.html.contains(">Read on</p>"));
    newsroom.newsletter.layout = Layout::Headlines;
    assert!(!render(&newsroom.edition()).unwrap().text.contains("Read on"), "headlines have no lead");
}

#[test]
fn one_bare_headline_makes_a_whole_mail() {
    let mut newsroom = Newsroom::new(vec![bare(1, "Bridge reopens")]);
    newsroom.newsletter.description = None;
    newsroom.newsletter.title = "The Courier".to_owned();
    newsroom.publication.theme.footer = None;
    let letter = digest("minimal", &newsroom);
    insta::assert_snapshot!(snapshot(&letter));
}

#[test]
fn every_language_has_its_own_words_and_dates() {
    for (language, date) in [
        ("de-AT", "Dienstag, 24. November 2026"),
        ("fr", "mardi 24 novembre 2026"),
        ("es", "martes, 24 de noviembre de 2026"),
        ("nl", "Tuesday, 24 November 2026"),
        ("fa", "سه‌شنبه ۳ آذر ۱۴۰۵"),
        ("ja", "2026年11月24日火曜日"),
    ] {
        let mut newsroom = Newsroom::new(morning());
        newsroom.newsletter.language = language.to_owned();
        let letter = digest(language, &newsroom);
        assert!(letter.text.contains(date), "{language}: {}", letter.text);
        let direction = if language == "fa" { "rtl" } else { "ltr" };
        let opening = format!("<html lang=\"{language}\" dir=\"{direction}\">");
        assert!(letter.html.contains(&opening), "{language}");
    }
}

#[test]
fn the_date_is_that_of_the_newsletters_zone() {
    let mut newsroom = Newsroom::new(morning());
    let zone = TimeZone::get("America/Los_Angeles").unwrap();
    newsroom.newsletter.schedule = Schedule::new("0 22 * * *".parse().unwrap(), zone);
    assert!(render(&newsroom.edition()).unwrap().text.contains("Monday, 23 November 2026"));
}

#[test]
fn a_test_says_that_it_is_one() {
    let newsroom = Newsroom::new(morning());
    let letter = keep("test", render(&Edition { is_test: true, ..newsroom.edition() }).unwrap());
    assert!(letter.subject.starts_with("[Test] Council votes"));
    assert!(letter.html.contains("<title>[Test] Council votes"));
    for part in [&letter.html, &letter.text] {
        assert!(part.contains("This is a test. The edition has not been published."));
    }
}

#[test]
fn a_logo_stands_for_the_publications_name() {
    let mut newsroom = Newsroom::new(morning());
    let url = "https://www.courier.example.org/logo.png".parse().unwrap();
    newsroom.publication.theme.logo = Some(Logo { url, width: 280, height: 60 });
    newsroom.publication.theme.accent = "#ffd400".to_owned();
    let over = digest("logo", &newsroom);
    assert!(over.html.contains("alt=\"The Courier\""));
    assert!(over.html.contains(">The Daily Courier</h1>"));
    newsroom.newsletter.title = "The Courier".to_owned();
    let alone = render(&newsroom.edition()).unwrap();
    assert!(alone.html.contains("alt=\"The Courier\""));
    assert!(!alone.html.contains(">The Courier</h1>"));
}

#[test]
fn the_same_edition_gives_the_same_bytes() {
    let newsroom = Newsroom::new(morning());
    assert_eq!(render(&newsroom.edition()).unwrap(), render(&newsroom.edition()).unwrap());
}

#[test]
fn the_token_has_its_slots_in_each_part_as_the_template_wrote_them() {
    let letter = render(&Newsroom::new(morning()).edition()).unwrap();
    for page in ["unsubscribe", "manage"] {
        let link = format!("https://courier.example.org/{page}/{}", slot::TOKEN);
        assert!(letter.html.contains(&format!("href=\"{link}\"")));
        assert!(letter.text.lines().any(|line| line == link));
    }
    assert_eq!(letter.html.matches(slot::TOKEN).count(), 2);
    assert_eq!(letter.text.matches(slot::TOKEN).count(), 2);
}

#[test]
fn every_article_has_its_link_in_both_parts() {
    let newsroom = Newsroom::new(morning());
    let letter = render(&newsroom.edition()).unwrap();
    for article in &newsroom.articles {
        let link = article.content.url.as_deref().unwrap();
        assert!(letter.html.contains(&format!("href=\"{link}\"")), "{link}");
        assert!(letter.text.lines().any(|line| line == link), "{link}");
    }
}

#[test]
fn an_article_in_another_language_says_so_in_its_own_words() {
    let letter = render(&Newsroom::new(morning()).edition()).unwrap();
    assert!(Document::from(letter.html.as_str()).select("td.card[lang=ar][dir=rtl] h2").exists());
    assert!(letter.text.contains("بقلم ليلى حدّاد · ٩ دقائق قراءة"));
    assert!(letter.text.contains("By Ravi Menon · 5 min read"));

    let newsroom = Newsroom { newsletter: arabic(), ..Newsroom::new(arabic_morning()) };
    let letter = render(&newsroom.edition()).unwrap();
    assert!(Document::from(letter.html.as_str()).select("td.card[lang=en][dir=ltr] h2").exists());
    assert!(letter.text.contains("By Aiko Brandt · 4 min read"));
}

#[test]
fn the_preheader_fills_its_line_and_is_not_the_subject() {
    let length = |letter: &Letter| letter.preheader.chars().count();
    let letter = render(&Newsroom::new(morning()).edition()).unwrap();
    assert!((90..=140).contains(&length(&letter)), "{}", letter.preheader);
    assert!(!letter.preheader.contains("Council votes"));

    let letter = render(&Newsroom::new(vec![morning().swap_remove(0)]).edition()).unwrap();
    assert!(letter.preheader.starts_with("After eleven years"), "{}", letter.preheader);
    assert!((90..=140).contains(&length(&letter)), "{}", letter.preheader);
}

#[test]
fn two_hundred_articles_are_cut_to_what_a_mail_can_hold() {
    let articles: Vec<_> = (1..=200)
        .map(|number| {
            let section = format!("Section {}", number % 7);
            let mut article = written(
                number,
                &section,
                "Ines Okafor",
                &format!("Story {number} of many"),
                &"Long = ü ".repeat(60),
            );
            newsroom::picture(&mut article, "river", (1600, 1067));
            article
        })
        .collect();
    let letter = digest("huge", &Newsroom::new(articles));
    let shown = letter.html.matches("<h2").count();
    assert!((40..200).contains(&shown), "{shown}");
    assert_eq!(letter.text.matches("Story ").count(), shown);
    assert!(letter.html.contains(&format!("and {} more on the web", 200 - shown)));
    assert_eq!(
        letter.html.matches("/newsletters/daily/editions/214\"").count(),
        2,
        "in the head and at the end"
    );
    assert!(quoted_printable_len(&fill(&letter.html)) <= 90_000);
    for end in ["1000 Brussels", "unsubscribe/"] {
        assert!(letter.html.contains(end) && letter.text.contains(end), "{end}");
    }
}

/// The size of a part as any encoder would make it, with a break after every 73 bytes.
fn quoted_printable_len(text: &str) -> usize {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'=';
    let bytes: usize = text.bytes().map(|byte| if plain(byte) { 1 } else { 3 }).sum();
    bytes + 3 * bytes.div_ceil(73)
}

#[test]
fn a_confirmation_asks_and_says_what_happens_otherwise() {
    let link = "https://courier.example.org/confirm/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmno";
    let letter = keep("confirmation", confirmation::render(&courier(), &daily(), "en", link).unwrap());
    assert_eq!(letter.html.matches(&format!("href=\"{link}\"")).count(), 2);
    assert!(letter.text.lines().any(|line| line == link));
    insta::assert_snapshot!(snapshot(&letter));
    keep("confirmation-arabic", confirmation::render(&courier(), &arabic(), "ar", link).unwrap());
}
