//! What a body alone says about its article, by how the body is written.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use pulldown_cmark::{Options, Parser};

use crate::model::article::{Cut, DateOrigin, Image, RawArticle, RawBody};
use crate::model::time::Timestamp;

use super::html::{self, Base, Blocks};
use super::reading::{self, Known, LONGEST_CUT, Origin, Reading};
use super::text::{clean_markup, shorten};
use super::{Context, bound, byline, clean_image, date, disclaimer, furniture, lines, page};

/// An article as far as its body tells.
#[derive(Debug, Default)]
pub struct Draft {
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub biography: Option<String>,
    pub html: String,
    pub summary: Option<String>,
    pub url: Option<String>,
    pub tags: Vec<String>,
    pub image: Option<Image>,
    pub language: Option<String>,
    pub published: Option<(Timestamp, DateOrigin)>,
    pub updated: Option<Timestamp>,
    pub cuts: Vec<Cut>,
}

impl Draft {
    /// Reads the body of what a source gave.
    pub fn of(raw: &RawArticle, context: &Context<'_>) -> Self {
        let order = date::Order::of_language(raw.language.as_deref().unwrap_or(context.language));
        let reader = BodyReader {
            title: raw.title.as_deref().map(clean_markup).filter(|title| !title.is_empty()),
            authors: byline::authors(raw.authors.iter().map(String::as_str)),
            is_dated: raw.published_at.is_some(),
            order,
        };
        let base = Base::new(context.base, raw.url.as_deref());
        let mut draft = match &raw.body {
            RawBody::None => Self::default(),
            RawBody::Html(html) if is_page(html) => reader.read_page(html, &base),
            RawBody::Html(html) => reader.read_fragment(&html::parse(html), &base, Origin::Fragment),
            RawBody::Markdown(markdown) => {
                reader.read_fragment(&html::parse(&html_of_markdown(markdown)), &base, Origin::Fragment)
            }
            RawBody::Page(page) => reader.read_page(page, &base),
            RawBody::Text(text) => reader.read_text(text),
        };
        draft.record_length(&raw.body);
        draft.cuts.iter_mut().for_each(|cut| cut.text = shorten(&cut.text, LONGEST_CUT).into_owned());
        draft
    }

    /// Adds what was read from the body's lines, where nothing surer is known.
    fn add(&mut self, reading: Reading) {
        self.title = self.title.take().or(reading.title);
        if self.authors.is_empty() {
            self.authors = reading.authors;
        }
        self.biography = self.biography.take().or(reading.biography);
        self.published = self.published.or(reading.published.map(|moment| (moment, DateOrigin::Line)));
        self.updated = self.updated.or(reading.updated);
        if self.tags.is_empty() {
            self.tags = reading.tags;
        }
        self.cuts.extend(reading.cuts);
    }

    /// Keeps what a theme printed about the author, without the disclaimer behind it.
    fn add_biography(&mut self, printed: Option<String>) {
        let Some(printed) = printed else { return };
        let (about, rest) = printed.split_at(disclaimer::start(&printed).unwrap_or(printed.len()));
        if !rest.is_empty() {
            self.cuts.push(Cut { rule: "disclaimer".to_owned(), text: rest.to_owned() });
        }
        self.biography = Some(about.trim().to_owned()).filter(|about| !about.is_empty());
    }

    /// Says so where a body is longer than is read.
    fn record_length(&mut self, body: &RawBody) {
        let (RawBody::Html(text) | RawBody::Page(text) | RawBody::Markdown(text) | RawBody::Text(text)) =
            body
        else {
            return;
        };
        let end = text.floor_char_boundary(bound::MAX_LENGTH);
        if end < text.len() {
            self.cuts.push(Cut {
                rule: "too-long".to_owned(),
                text: shorten(&text[end..], LONGEST_CUT).into_owned(),
            });
        }
    }
}

/// What is known before a body is read.
struct BodyReader {
    title: Option<String>,
    authors: Vec<String>,
    is_dated: bool,
    order: date::Order,
}

impl BodyReader {
    fn known(&self, origin: Origin) -> Known<'_> {
        Known {
            title: self.title.as_deref(),
            authors: &self.authors,
            is_dated: self.is_dated,
            order: self.order,
            origin,
        }
    }

    fn read_text(&self, text: &str) -> Draft {
        let lines = lines::read(text);
        let reading = reading::read(&lines::blocks(&lines), self.known(Origin::Text));
        let html = html::sanitize(&lines::html(&lines, &reading.roles, self.order));
        let mut draft = Draft { html, ..Draft::default() };
        draft.add(reading);
        draft
    }

    fn read_fragment(&self, document: &Document, base: &Base, origin: Origin) -> Draft {
        let mut draft = Draft { language: declared_language(document), ..Draft::default() };
        let base = base.moved(document.select("base[href]").attr("href").as_deref());
        draft.add_biography(page::biography(document));
        draft.cuts.extend(html::prepare(document, &base));
        let blocks = Blocks::of(document);
        let reading = reading::read(blocks.as_slice(), self.known(origin));
        blocks.keep_body(&reading.roles);
        draft.add(reading);
        draft.image = html::first_image(document);
        draft.html = html::finish(document);
        draft
    }

    fn read_page(mut self, page: &str, base: &Base) -> Draft {
        let document = Document::from(bound::html(page).into_owned());
        let facts = page::facts(&document, self.order);
        let base = base.moved(facts.url.as_deref()).moved(facts.base.as_deref());
        let url = facts.url.as_deref().and_then(|url| base.resolve_web(url));
        let mut draft = Draft { title: facts.title, authors: facts.authors, url, ..Draft::default() };
        draft.add_biography(facts.biography);
        draft.cuts.extend(furniture::selectors::remove_around(&document));
        draft.cuts.extend(furniture::selectors::remove_within(&document));
        self.title = self.title.or_else(|| draft.title.clone());
        if self.authors.is_empty() {
            self.authors.clone_from(&draft.authors);
        }
        self.is_dated |= facts.published.is_some();
        let (content, survey) = self.find_content(&document, &base);
        let body = self.read_fragment(&html::parse(&content), &base, Origin::Page);
        draft.published = facts.published.or(body.published);
        draft.updated = facts.updated.or(body.updated);
        draft.language = facts.language.or(body.language);
        draft.image = facts.image.and_then(|image| clean_image(image, &base)).or(body.image);
        draft.tags = if facts.tags.iter().all(|tag| tag.trim().is_empty()) { body.tags } else { facts.tags };
        draft.add(Reading {
            title: body.title,
            authors: body.authors,
            biography: body.biography,
            cuts: body.cuts,
            ..Reading::default()
        });
        draft.add(survey);
        Draft { html: body.html, summary: facts.summary, ..draft }
    }

    /// Where in a page the article stands, and what the lines of the whole page say about it: the theme's own
    /// container, if it holds what a look at the density of text finds too; else what that finds.
    ///
    /// Where no container is known the lines are read first, since a look at density takes names and labels away
    /// that say where the article ends; and if density then misses most of the text, the lines decide alone.
    fn find_content(&self, document: &Document, base: &Base) -> (String, Reading) {
        let container = page::container(document);
        html::settle(document, base);
        let blocks = Blocks::of(document);
        let mut survey = reading::read(blocks.as_slice(), self.known(Origin::Page));
        if let Some(container) = container {
            survey.cuts.clear();
            let better =
                page::readable(document).filter(|html| !page::holds_most(&container, page::length(html)));
            return (better.unwrap_or(container), survey);
        }
        blocks.keep_body(&survey.roles);
        let text = blocks.running_text(&survey.roles);
        let readable = page::readable(document).filter(|html| page::holds_most(html, text.length));
        let content = readable.unwrap_or_else(|| {
            blocks.keep_running_text(&text);
            page::whole(document)
        });
        (content, survey)
    }
}

/// Whether HTML that should be an article's alone is a whole page.
fn is_page(html: &str) -> bool {
    const BEGINNING: usize = 1_000;
    let beginning = html[..html.floor_char_boundary(BEGINNING)].to_ascii_lowercase();
    ["<!doctype html", "<html", "<body"].iter().any(|mark| beginning.contains(mark))
}

/// The language that a fragment's only element declares.
fn declared_language(document: &Document) -> Option<String> {
    let children = document.html_root().element_children();
    if let [only] = children.as_slice() { only.attr("lang").map(|lang| lang.to_string()) } else { None }
}

/// How the parser begins a footnote, with its number on a line apart from its text.
const FOOTNOTE: &str = "<sup class=\"footnote-definition-label\">";

/// Markdown as HTML that is not yet safe; empty if its parser gives up.
fn html_of_markdown(markdown: &str) -> String {
    let markdown = &markdown[..markdown.floor_char_boundary(bound::MAX_LENGTH)];
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let written = || {
        let mut html = String::with_capacity(markdown.len() * 3 / 2);
        pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, options));
        html
    };
    let html = catch_unwind(AssertUnwindSafe(written)).unwrap_or_default();
    html.replace(FOOTNOTE, "<p><sup>").replace("</sup>\n<p>", "</sup> ")
}
