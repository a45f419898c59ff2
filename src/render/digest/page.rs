//! What the digest's templates are given.

use crate::model::article::Article;
use crate::model::count::Target;
use crate::model::newsletter::Layout;
use crate::model::publication::{Logo, Publication};
use crate::model::slot;
use crate::model::text::{line, shorten};
use crate::model::words::Words;

use super::Edition;
use super::article::{Role, Shown, direct, title};
use super::budget::Share;

/// With fewer articles than this a list of sections would only repeat what is in sight.
const MANY: usize = 6;

/// A longer name of a section is cut, in graphemes.
const SECTION_LIMIT: usize = 50;

/// A digest, ready to be put into words and rows.
pub(super) struct Page<'a> {
    pub layout: Layout,
    /// Whether readers are told that links are counted.
    pub counts: bool,
    pub is_test: bool,
    pub masthead: Masthead,
    pub title: String,
    pub tagline: Option<String>,
    pub date: String,
    pub number: String,
    pub web_link: String,
    pub inside: Option<String>,
    pub lead: Option<Lead<'a>>,
    pub sections: Vec<Section<'a>>,
    pub more: Option<Link>,
    /// Before the newsletter's title, the title, and after it.
    pub why: (String, String, String),
    pub unsubscribe_link: String,
    pub manage_link: String,
    pub archive_link: String,
    /// None of a private newsletter: each reader has an address of their own.
    pub feeds: Vec<Link>,
    /// The link that only machines follow, where links are counted.
    pub hidden_link: Option<String>,
}

/// What stands at the head of the digest with the newsletter's title; the publication's is not said twice.
pub(super) enum Masthead {
    /// The publication's logo, which says the newsletter's title too.
    Logo(Logo),
    /// Its logo, and what it says.
    LogoOver(Logo, String),
    /// The newsletter's title alone.
    Title,
    /// Under the publication's.
    TitleUnder(String),
}

/// The story that the edition opens with.
pub(super) struct Lead<'a> {
    pub section: Option<String>,
    pub article: Shown<'a>,
    pub related: Vec<Link>,
}

pub(super) struct Link {
    pub text: String,
    pub link: String,
}

/// Articles of one section; without a name if there is only one and it has none.
pub(super) struct Section<'a> {
    pub name: Option<String>,
    pub articles: Vec<Shown<'a>>,
}

impl<'a> Page<'a> {
    pub fn of(edition: &Edition<'a>, share: Share) -> Self {
        let words = edition.publication.words(&edition.newsletter.language);
        let publication = edition.publication;
        let title = line(&edition.newsletter.title);
        let lead = lead(edition, share);
        let sections = sections(edition, share, lead.as_ref());
        Self {
            layout: edition.newsletter.layout,
            counts: publication.counts && !edition.newsletter.is_private,
            is_test: edition.is_test,
            masthead: Masthead::of(publication, &title),
            tagline: edition.newsletter.description.as_deref().map(line).filter(|text| !text.is_empty()),
            date: words.dates.with_weekday(edition.day()),
            number: words.edition(edition.number.number),
            web_link: edition.web_link(),
            inside: inside(words, lead.as_ref(), &sections),
            lead,
            sections,
            more: more(edition, share),
            why: why(words, &title),
            unsubscribe_link: publication.link(&format!("unsubscribe/{}", slot::TOKEN)),
            manage_link: publication.link(&format!("manage/{}", slot::TOKEN)),
            archive_link: edition.archive_link(),
            feeds: feeds(edition),
            hidden_link: edition.counted_link(Target::Hidden),
            title,
        }
    }
}

/// The lead, where the layout sets it apart.
fn lead<'a>(edition: &Edition<'a>, share: Share) -> Option<Lead<'a>> {
    let article = edition.articles.first().filter(|_| edition.newsletter.layout == Layout::Stories)?;
    let direct = |other| direct(other, edition);
    let related = edition.related.iter().map(|other| Link { text: title(other), link: direct(other) });
    Some(Lead {
        section: section_of(article),
        article: Shown::of(article, edition, Role::Lead, share),
        related: related.collect(),
    })
}

/// The articles but for the lead by section, in the order in which the sections first appear. The lead's own section
/// comes first and without its name, which stands above the lead.
fn sections<'a>(edition: &Edition<'a>, share: Share, lead: Option<&Lead<'a>>) -> Vec<Section<'a>> {
    let role = match edition.newsletter.layout {
        Layout::Stories => Role::Card,
        Layout::Headlines => Role::Headline,
    };
    let mut sections: Vec<Section<'a>> = Vec::new();
    for article in edition.articles.iter().take(share.articles).skip(usize::from(lead.is_some())) {
        let name = section_of(article);
        let shown = Shown::of(article, edition, role, share);
        match sections.iter_mut().find(|section| section.is_called(name.as_deref())) {
            Some(section) => section.articles.push(shown),
            None => sections.push(Section { name, articles: vec![shown] }),
        }
    }
    if sections.len() > 1 || lead.is_some_and(|lead| lead.section.is_some()) {
        name_the_rest(&mut sections, edition.publication.words(&edition.newsletter.language));
    }
    if let Some(section) = lead.and_then(|lead| lead.section.as_deref()) {
        sections.sort_by_key(|other| !other.is_called(Some(section)));
        sections.first_mut().filter(|first| first.is_called(Some(section))).map(|first| first.name.take());
    }
    sections
}

/// The first tag.
fn section_of(article: &Article) -> Option<String> {
    let tag = article.content.tags.first()?;
    Some(shorten(&line(tag), SECTION_LIMIT)).filter(|name| !name.is_empty())
}

/// Puts the articles without a section last, under a name of their own.
fn name_the_rest(sections: &mut [Section<'_>], words: &Words) {
    sections.sort_by_key(|section| section.name.is_none());
    if let Some(rest) = sections.last_mut() {
        rest.name.get_or_insert_with(|| words.also.clone());
    }
}

/// The names of the sections, where there are so many articles that it helps.
fn inside(words: &Words, lead: Option<&Lead<'_>>, sections: &[Section<'_>]) -> Option<String> {
    let articles: usize = sections.iter().map(|section| section.articles.len()).sum();
    let lead_section = lead.and_then(|lead| lead.section.as_deref());
    let mut names: Vec<&str> = lead_section.into_iter().collect();
    for name in sections.iter().filter_map(|section| section.name.as_deref()) {
        if !names.iter().any(|known| is_same_name(known, name)) && name != words.also {
            names.push(name);
        }
    }
    let names: Vec<String> = names.into_iter().map(|name| words.embed(name)).collect();
    (articles >= MANY && names.len() > 1).then(|| words.inside.with(&names.join(" · ")))
}

fn feeds(edition: &Edition<'_>) -> Vec<Link> {
    let formats = [("RSS", "rss"), ("Atom", "atom"), ("JSON", "json")].into_iter();
    let link = |(name, ending): (&str, _)| Link {
        text: name.to_owned(),
        link: format!("{}/feed.{ending}", edition.archive_link()),
    };
    formats.filter(|_| !edition.newsletter.is_private).map(link).collect()
}

/// The way to what is not here: what did not fit the mail stands on the edition's page, what had no room in the edition
/// on the newsletter's.
fn more(edition: &Edition<'_>, share: Share) -> Option<Link> {
    let words = edition.publication.words(&edition.newsletter.language);
    let left_out = edition.articles.len().saturating_sub(share.articles);
    let link = if left_out > 0 { edition.web_link() } else { edition.archive_link() };
    let count = left_out + edition.more;
    (count > 0).then(|| Link { text: words.more_on_the_web.of(count), link })
}

fn why(words: &Words, title: &str) -> (String, String, String) {
    let (before, after) = words.why.around();
    (before, words.embed(title), after)
}

fn is_same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl Masthead {
    fn of(publication: &Publication, title: &str) -> Self {
        let name = line(&publication.title);
        match publication.theme.logo.clone() {
            Some(logo) if title == name => Self::Logo(logo),
            Some(logo) => Self::LogoOver(logo, name),
            None if title.contains(&name) => Self::Title,
            None => Self::TitleUnder(name),
        }
    }
}

impl Section<'_> {
    fn is_called(&self, name: Option<&str>) -> bool {
        match (self.name.as_deref(), name) {
            (Some(own), Some(name)) => is_same_name(own, name),
            (own, name) => own == name,
        }
    }
}
