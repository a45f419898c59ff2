//! The form with which readers subscribe.

use super::Site;
use super::choose::{Choosable, Choose, told};
use super::frame::Link;
use super::teaser::is_same_language;
use crate::model::newsletter::Newsletter;
use crate::model::shape::{NotOffered, Wish};
use crate::model::text::line;
use crate::model::vetting::Unwanted;
use crate::model::words::Words;

/// What a reader wrote into the form.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// In the field for the address.
    pub address: String,
    /// The names of the newsletters that were ticked.
    pub newsletters: Vec<String>,
    /// The language in which they want to be written to, if they said so.
    pub language: Option<String>,
    /// What they want of them, if they said so.
    pub wish: Wish,
    /// When the form that is shown to them again was sent, signed.
    pub moment: String,
}

/// Why a filled form was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What stands in the field is no address.
    Address,
    /// Nothing is sent to addresses of this kind.
    Unwanted(Unwanted),
    /// The form came too soon after it was sent to its reader, or too late.
    Moment,
    /// No newsletter was ticked.
    Choice,
    /// There is no such newsletter, or they are too many.
    Newsletter,
    /// Nothing can be written in that language.
    Language,
    /// What is wanted of a newsletter is not offered.
    NotOffered(NotOffered),
}

impl Fault {
    /// What is wrong, and what may stand there, for the reader.
    pub fn told(&self, site: &Site, words: &Words) -> String {
        let bad =
            |field: &str, allowed: &[String]| words.choose.bad.with_all([field, &words.list_names(allowed)]);
        match self {
            Self::Address => words.page.no_address.clone(),
            Self::Unwanted(unwanted) => words.page.unwanted(*unwanted).to_owned(),
            Self::Moment => words.page.moment.clone(),
            Self::Choice => words.page.no_choice.clone(),
            Self::Newsletter => {
                let titles: Vec<String> = site.newsletters.iter().map(|own| line(&own.title)).collect();
                bad(&words.page.newsletters, &titles)
            }
            Self::Language => {
                let names = site.publication.words.own_names().map(|(_, name)| line(name));
                bad(&words.choose.language, &names.collect::<Vec<_>>())
            }
            Self::NotOffered(wrong) => told(words, wrong),
        }
    }
}

/// The form as a page shows it.
pub(super) struct Form {
    pub title: String,
    pub choices: Vec<Choice>,
    /// What can be chosen of the newsletter, where there is but one.
    pub choose: Option<Choose>,
    /// In which the reader can be written to.
    pub languages: Vec<Choosable>,
    pub is_language_wrong: bool,
    pub address: String,
    /// When the form is sent to its reader, signed.
    pub moment: String,
    pub fault: Option<String>,
    /// Whether that is about the address.
    pub is_address_wrong: bool,
    /// The pages of the newsletters, where the page is not one of them.
    pub archives: Vec<Link>,
}

/// A newsletter that can be ticked.
pub(super) struct Choice {
    pub slug: String,
    pub title: String,
    pub description: Option<String>,
    /// BCP 47 tag, where it is not the page's.
    pub language: Option<String>,
    pub is_chosen: bool,
}

impl Site {
    /// The language in which a form for these newsletters is answered: theirs if they have one, as the form itself had, else
    /// the publication's.
    pub fn language_of(&self, slugs: &[String]) -> &str {
        let chosen = slugs.iter().filter_map(|slug| self.newsletter(slug));
        let mut languages = chosen.map(|newsletter| newsletter.language.as_str());
        let first = languages.next();
        first.filter(|first| languages.all(|other| other == *first)).unwrap_or(&self.publication.language)
    }

    /// The words of the form over which newsletters were asked for, for the record of consent.
    pub fn form_wording(&self, slugs: &[String]) -> String {
        let words = self.publication.words(self.language_of(slugs));
        let asked = self.newsletters.iter().filter(|own| slugs.iter().any(|slug| own.slug.as_str() == slug));
        let titles: Vec<String> = asked.map(|own| line(&own.title)).collect();
        format!("{}. {}", words.page.subscribe_to.with(&words.list_names(&titles)), words.page.promise)
    }

    /// The words over the button that confirms, in the language of its page.
    pub fn confirmation_wording(&self, titles: &[String], language: &str) -> String {
        let words = self.publication.words(language);
        let titles: Vec<String> = titles.iter().map(|title| line(title)).collect();
        let confirm = &words.page.confirm;
        format!("{} {}", confirm.title.with(&words.list_names(&titles)), confirm.text)
    }

    /// The words of the page on which a reader changed something, in its language: of what, and the day that they chose.
    pub fn managing_wording(&self, (slug, day): (&str, &str), language: &str) -> String {
        let words = &self.publication.words(language).manage;
        let what = self.newsletter(slug).map_or(&words.all, |newsletter| &newsletter.title);
        let parts = [words.title.as_str(), what, day].map(line);
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" – ")
    }
}

impl Form {
    /// The form for every newsletter of a site; none if there is nothing to subscribe to.
    pub fn of_site(site: &Site, language: &str, moment: &str) -> Option<Self> {
        let words = site.publication.words(language);
        let title = match site.newsletters.as_slice() {
            [] => return None,
            [only] => words.page.subscribe_to.with(&words.embed(&line(&only.title))),
            _ => words.page.newsletters.clone(),
        };
        let choices = site.newsletters.iter().enumerate();
        let choices = choices
            .map(|(index, newsletter)| Choice { is_chosen: index == 0, ..Choice::of(newsletter, language) });
        let archives = site
            .newsletters
            .iter()
            .map(|newsletter| Link { name: line(&newsletter.title), link: site.newsletter_path(newsletter) });
        Some(Self {
            title,
            choices: choices.collect(),
            choose: match site.newsletters.as_slice() {
                [only] => Choose::of(only, words, &Wish::default(), None),
                _ => None,
            },
            languages: languages(site, words, None),
            is_language_wrong: false,
            address: String::new(),
            moment: moment.to_owned(),
            fault: None,
            is_address_wrong: false,
            archives: archives.collect(),
        })
    }

    /// The form for one newsletter.
    pub fn of_newsletter(site: &Site, newsletter: &Newsletter, moment: &str) -> Self {
        let words = site.publication.words(&newsletter.language);
        Self {
            title: words.page.subscribe_to.with(&words.embed(&line(&newsletter.title))),
            choices: vec![Choice::of(newsletter, &newsletter.language)],
            choose: Choose::of(newsletter, words, &Wish::default(), None),
            languages: languages(site, words, None),
            is_language_wrong: false,
            address: String::new(),
            moment: moment.to_owned(),
            fault: None,
            is_address_wrong: false,
            archives: Vec::new(),
        }
    }

    /// The form as a reader filled it, with what is wrong.
    pub fn filled(site: &Site, (filled, language): (&Filled, &str), fault: &Fault) -> Option<Self> {
        let words = site.publication.words(language);
        let form = match filled.newsletters.as_slice() {
            [slug] if !filled.wish.is_empty() => Self::chosen(site, site.newsletter(slug)?, filled, fault),
            _ => Self::of_site(site, language, &filled.moment)?,
        };
        let choices = form
            .choices
            .into_iter()
            .map(|choice| Choice { is_chosen: filled.newsletters.contains(&choice.slug), ..choice });
        Some(Self {
            choices: choices.collect(),
            languages: languages(site, words, filled.language.as_deref()),
            is_language_wrong: *fault == Fault::Language,
            address: line(&filled.address),
            is_address_wrong: matches!(fault, Fault::Address | Fault::Unwanted(_)),
            fault: Some(fault.told(site, words)),
            ..form
        })
    }

    /// The form for one newsletter, with what was chosen of it.
    fn chosen(site: &Site, newsletter: &Newsletter, filled: &Filled, fault: &Fault) -> Self {
        let words = site.publication.words(&newsletter.language);
        let wrong = if let Fault::NotOffered(wrong) = fault { Some(wrong) } else { None };
        Self {
            choose: Choose::of(newsletter, words, &filled.wish, wrong),
            ..Self::of_newsletter(site, newsletter, &filled.moment)
        }
    }
}

/// The languages in which a reader can be written to, each by its own name; first that of the newsletter.
fn languages(site: &Site, words: &Words, chosen: Option<&str>) -> Vec<Choosable> {
    let known = &site.publication.words;
    let chosen = chosen.and_then(|tag| known.find(tag)).map_or("", Words::language);
    let choosable = |(tag, name): (&str, &str)| Choosable {
        value: tag.to_owned(),
        text: line(name),
        is_chosen: tag == chosen,
    };
    let first = ("", words.choose.language_of_newsletter.as_str());
    std::iter::once(first).chain(known.own_names()).map(choosable).collect()
}

impl Choice {
    fn of(newsletter: &Newsletter, language: &str) -> Self {
        let own = Some(newsletter.language.clone()).filter(|own| !is_same_language(own, language));
        Self {
            slug: newsletter.slug.to_string(),
            title: line(&newsletter.title),
            description: newsletter.description.as_deref().map(line).filter(|text| !text.is_empty()),
            language: own,
            is_chosen: true,
        }
    }
}
