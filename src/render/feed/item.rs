//! What a feed says about one article, or about one edition.

use askama::Template;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::{Position, Url};

use crate::model::article::{Article, Content, Enclosure, Image};
use crate::model::language::Direction;
use crate::model::publication::Publication;
use crate::model::slot;
use crate::model::text::line;
use crate::model::time::Timestamp;

/// One entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// A `urn:uuid:`, made when it was first published and never changed.
    pub id: String,
    /// Where it is read.
    pub link: String,
    /// Its headline, plain; never empty.
    pub title: String,
    /// A few sentences, plain; never empty.
    pub summary: String,
    /// The whole of it, as safe HTML; never empty.
    pub html: String,
    /// Names.
    pub authors: Vec<String>,
    /// Sections and subjects.
    pub tags: Vec<String>,
    /// Its picture.
    pub image: Option<Image>,
    /// Files that belong to it, those to hear or to see first.
    pub enclosures: Vec<Enclosure>,
    /// BCP 47 tag, where it is known.
    pub language: Option<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// When its text last changed; `published_at` if never.
    pub updated_at: Timestamp,
}

/// A print of one entry: by it entries are told apart, and whether one says what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Print {
    /// Of its id.
    pub id: [u8; 8],
    /// Of all that it says.
    pub whole: [u8; 8],
}

impl Print {
    /// How many bytes it is written in.
    pub const BYTES: usize = 16;

    /// The print that these bytes are.
    pub fn read(bytes: [u8; Self::BYTES]) -> Self {
        let half = |from: usize| std::array::from_fn(|index| bytes[from + index]);
        Self { id: half(0), whole: half(8) }
    }

    /// Its bytes.
    pub fn bytes(self) -> impl Iterator<Item = u8> {
        self.id.into_iter().chain(self.whole)
    }
}

/// An edition, as a feed of editions shows it.
#[derive(Clone, Debug)]
pub struct Edition<'a> {
    /// A `urn:uuid:` that never changes.
    pub id: String,
    /// The page on which it is read.
    pub link: String,
    /// Its subject.
    pub subject: &'a str,
    /// The line after the subject.
    pub preheader: &'a str,
    /// BCP 47 tag of its newsletter.
    pub language: &'a str,
    /// When it was published.
    pub published_at: Timestamp,
    /// What it holds, in order.
    pub articles: &'a [Article],
}

#[derive(Template)]
#[template(path = "feed/article.html")]
struct ArticleBody<'a> {
    html: &'a str,
    /// What stands in the place of a body that there is not.
    summary: &'a str,
    /// The picture, where the body does not show it already.
    image: Option<&'a Image>,
    /// Language and direction, where they are not the feed's own.
    foreign: Option<(&'a str, &'static str)>,
}

#[derive(Template)]
#[template(path = "feed/edition.html")]
struct EditionBody<'a> {
    articles: Vec<(String, &'a Content)>,
}

impl Item {
    /// An article in a feed of this publication. It is read on the publication's own site, or where that has no
    /// page for it, on Courant's.
    pub fn of_article(article: &Article, publication: &Publication) -> Self {
        let content = &article.content;
        let published_at = article.dated();
        let is_changed = article.changed_at > article.first_seen_at;
        let summary = if content.summary.is_empty() { &content.title } else { &content.summary };
        Self {
            id: article.public_id.clone(),
            link: link(article, publication),
            title: line(&content.title),
            summary: line(summary),
            html: article_body(content, summary, &publication.language),
            authors: content.authors.iter().map(|name| line(name)).collect(),
            tags: content.tags.iter().map(|tag| line(tag)).collect(),
            image: content.image.as_ref().and_then(web_image),
            enclosures: enclosures(content),
            language: content.language.clone(),
            published_at,
            updated_at: if is_changed { article.changed_at.max(published_at) } else { published_at },
        }
    }

    /// Its print.
    pub fn print(&self) -> Print {
        let beginning = |bytes: &[u8]| {
            let hash = Sha256::digest(bytes);
            std::array::from_fn(|index| hash[index])
        };
        let whole = serde_json::to_vec(self).expect("text, numbers and lists can be written as JSON");
        Print { id: beginning(self.id.as_bytes()), whole: beginning(&whole) }
    }

    /// An edition in its newsletter's feed of editions.
    pub fn of_edition(edition: &Edition<'_>, publication: &Publication) -> Self {
        let articles = edition.articles.iter().map(|article| (link(article, publication), &article.content));
        let body = EditionBody { articles: articles.collect() };
        let summary = if edition.preheader.is_empty() { edition.subject } else { edition.preheader };
        Self {
            id: edition.id.clone(),
            link: edition.link.clone(),
            title: line(edition.subject),
            summary: line(summary),
            html: body.to_string(),
            authors: Vec::new(),
            tags: Vec::new(),
            image: None,
            enclosures: Vec::new(),
            language: Some(edition.language.to_owned()),
            published_at: edition.published_at,
            updated_at: edition.published_at,
        }
    }
}

/// The files of an article under absolute addresses. A format that has room for one takes the first: a recording or a film
/// rather than a picture.
fn enclosures(content: &Content) -> Vec<Enclosure> {
    let shown = |file: &Enclosure| Some(Enclosure { url: web_address(&file.url)?, ..file.clone() });
    let mut files: Vec<Enclosure> = content.enclosures.iter().filter_map(shown).collect();
    files.sort_by_key(|file| file.media_type.starts_with("image/"));
    files
}

/// Where an article is read: its address on the publication's own site, else Courant's page of it.
pub fn link(article: &Article, publication: &Publication) -> String {
    link_or(article, publication, &format!("articles/{}", article.slug))
}

/// The same for a reader of a private newsletter, with a slot for their token.
pub fn private_link(article: &Article, publication: &Publication) -> String {
    link_or(article, publication, &slot::private_path(&format!("/articles/{}", article.slug)))
}

fn link_or(article: &Article, publication: &Publication, path: &str) -> String {
    let own = article.content.url.as_deref().and_then(web_address);
    own.unwrap_or_else(|| publication.link(path))
}

/// An absolute `http` or `https` address in the characters that RFC 3986 allows; browsers are less strict.
pub fn web_address(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let (origin, path) = (&url[..Position::BeforePath], &url[Position::BeforePath..]);
    Some(path.chars().fold(origin.to_owned(), |mut address, character| {
        let kept = !matches!(character, '[' | ']' | '|' | '^' | '`' | '{' | '}' | '\\' | '"' | '<' | '>');
        if kept {
            address.push(character);
        } else {
            address.extend(['%', hex(character as u32 >> 4), hex(character as u32)]);
        }
        address
    }))
}

fn hex(number: u32) -> char {
    char::from_digit(number & 0xF, 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// An image under an absolute address; `None` if it has none.
pub fn web_image(image: &Image) -> Option<Image> {
    Some(Image { url: web_address(&image.url)?, ..image.clone() })
}

fn article_body(content: &Content, summary: &str, language: &str) -> String {
    let own = content.language.as_deref().unwrap_or(language);
    let is_foreign =
        !own.eq_ignore_ascii_case(language) || content.direction != Direction::of_language(language);
    let foreign = is_foreign.then(|| (own, content.direction.as_str()));
    ArticleBody { html: &content.html, summary, image: picture_beside(content), foreign }.to_string()
}

/// The article's picture, if its body does not show it already.
pub fn picture_beside(content: &Content) -> Option<&Image> {
    content.image.as_ref().filter(|image| !content.html.contains(&escaped(&image.url)))
}

/// An address as it stands in an attribute of sanitised HTML.
fn escaped(address: &str) -> String {
    address.replace('&', "&amp;")
}
