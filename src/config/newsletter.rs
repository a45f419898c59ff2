//! `[[newsletter]]`: what one can subscribe to.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::choices;
use super::problem::Fault;
use super::publication::{LONGEST_SENTENCE, LONGEST_TITLE, time_zone};
use super::section::Section;
use super::source::{Names, words};
use super::suggest::nearest;
use super::text::Text;
use crate::model::delivery::UncertainPolicy;
use crate::model::newsletter::{Choice, Layout, Newsletter, Overflow, Slug};
use crate::model::privacy::PublicSources;
use crate::model::schedule::{CronLine, Schedule};
use crate::model::sunset::Sunset;

/// The keys of `[[newsletter]]`.
pub(super) const KEYS: &[&str] = &[
    "slug",
    "title",
    "description",
    "language",
    "noindex",
    "private",
    "schedule",
    "time_zone",
    "tags",
    "exclude_tags",
    "sources",
    "choices",
    "min_articles",
    "max_articles",
    "overflow",
    "late",
    "subject",
    "layout",
    "related",
    "uncertain",
    "over",
    "age_limit",
    "still_wanted",
];

/// What may stand in braces in a subject.
const SUBJECT_WORDS: &[&str] = &["lead", "count", "date", "newsletter"];

const DEFAULT_SUBJECT: &str = "{lead}";
const LONGEST_SUBJECT: usize = 200;
const DEFAULT_MAX_ARTICLES: usize = 20;
const MOST_ARTICLES: i64 = 200;
const MOST_RELATED: i64 = 5;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
const QUARTER: Duration = Duration::from_hours(90 * 24);
const YEAR: Duration = Duration::from_hours(366 * 24);

/// Half of the shortest age limit that a newsletter has by itself.
const LONGEST_SPREAD: Duration = Duration::from_hours(12);

const UNCERTAIN: &[(&str, UncertainPolicy)] = &[
    ("retry", UncertainPolicy::Retry),
    ("hold", UncertainPolicy::Hold),
    ("assume_sent", UncertainPolicy::AssumeSent),
];

const OVERFLOW: &[(&str, Overflow)] = &[("next", Overflow::Next), ("drop", Overflow::Drop)];
const LAYOUTS: &[(&str, Layout)] = &[("headlines", Layout::Headlines), ("stories", Layout::Stories)];

/// What a newsletter has that does not say otherwise.
pub(super) struct Inherited<'c> {
    pub(super) language: &'c str,
    pub(super) time_zone: &'c TimeZone,
    pub(super) sources: &'c [&'c str],
}

/// The newsletters; those that were noted as wrong are left out.
pub(super) fn read(root: &Section<'_>, inherited: &Inherited<'_>) -> Vec<Newsletter> {
    let sections = root.sections("newsletter", "slug", |_| KEYS);
    let mut names = Names::default();
    let read = sections.iter().filter_map(|section| Some((section, one(section, inherited, &mut names)?)));
    let (sections, newsletters): (Vec<_>, Vec<_>) = read.unzip();
    warn_of_privacy_in_vain(&sections, &newsletters, inherited.sources);
    newsletters
}

/// An operator who writes `private` hardly means the editions alone.
fn warn_of_privacy_in_vain(sections: &[&Section<'_>], newsletters: &[Newsletter], sources: &[&str]) {
    let public = PublicSources::of(newsletters);
    for (section, newsletter) in sections.iter().zip(newsletters).filter(|(_, own)| own.is_private) {
        let mut own = sources.iter().filter(|source| newsletter.choice.takes_from(source)).peekable();
        if own.peek().is_some() && own.all(|source| public.has(source)) {
            let fault = Fault::new("its editions are private, and all its articles are public");
            section.warn(
                "private",
                fault.help("name sources for it that no public newsletter takes from, if the articles are to be private"),
            );
        }
    }
}

fn one(section: &Section<'_>, inherited: &Inherited<'_>, names: &mut Names) -> Option<Newsletter> {
    let slug = section.required("slug", "slug = \"daily\"", |text| {
        let slug: Slug = text.as_str().parse().map_err(|error| text.fault(&error))?;
        names.claim(section, text, slug.to_string()).map(|_| slug)
    });
    let title = section.required("title", "title = \"The Daily Courier\"", |text| text.line(LONGEST_TITLE));
    let description = section.parsed("description", |text| text.line(LONGEST_SENTENCE));
    let language = section.parsed("language", Text::language);
    let (noindex, is_private) = visibility(section);
    let schedule = schedule(section, inherited.time_zone);
    let (min_articles, max_articles) = articles(section);
    let choice = choice(section, inherited.sources);
    let overflow = section.choice("overflow", OVERFLOW).unwrap_or_default();
    let late = section.duration("late", Duration::ZERO..=YEAR);
    let subject = section.parsed("subject", subject).unwrap_or_else(|| DEFAULT_SUBJECT.to_owned());
    let layout = section.choice("layout", LAYOUTS).unwrap_or_default();
    let related = section.number("related", 0..=MOST_RELATED).and_then(|number| usize::try_from(number).ok());
    let uncertain = section.choice("uncertain", UNCERTAIN).unwrap_or_default();
    let age_limit = section.duration("age_limit", 10 * MINUTE..=30 * DAY);
    let over = section.duration("over", MINUTE..=LONGEST_SPREAD).unwrap_or_default();
    if age_limit.is_some_and(|limit| over >= limit) {
        let fault = Fault::new("an edition would be too old before the last of it is due");
        section.note("over", fault.help("make over shorter than age_limit"));
    }
    Some(Newsletter {
        slug: slug?,
        title: title?,
        description,
        language: language.unwrap_or_else(|| inherited.language.to_owned()),
        noindex,
        is_private,
        schedule: schedule?,
        choice,
        choices: choices::read(section),
        min_articles,
        max_articles,
        overflow,
        late,
        subject,
        layout,
        related: related.unwrap_or_default(),
        uncertain,
        over,
        age_limit,
        sunset: section.duration("still_wanted", QUARTER..=10 * YEAR).map(Sunset::after),
    })
}

fn schedule(section: &Section<'_>, zone: &TimeZone) -> Option<Schedule> {
    let zone = time_zone(section).unwrap_or_else(|| zone.clone());
    let line = section.required("schedule", "schedule = \"0 7 * * MON-FRI\", a crontab line", |text| {
        text.as_str().parse::<CronLine>().map_err(|error| text.fault(&error))
    });
    Some(Schedule::new(line?, zone))
}

/// Whether search engines leave it alone, and whether it is for its readers alone.
fn visibility(section: &Section<'_>) -> (bool, bool) {
    let (noindex, is_private) = (section.flag("noindex"), section.flag("private").unwrap_or_default());
    if is_private && noindex == Some(false) {
        let fault = Fault::new("search engines cannot list what is private");
        section.note("noindex", fault.help("take this line away, or private = true"));
    }
    (noindex.unwrap_or(is_private), is_private)
}

/// Least and most articles of an edition.
fn articles(section: &Section<'_>) -> (usize, usize) {
    let number = |key| section.number(key, 1..=MOST_ARTICLES).and_then(|number| usize::try_from(number).ok());
    let least = number("min_articles").unwrap_or(1);
    let most = number("max_articles").unwrap_or_else(|| DEFAULT_MAX_ARTICLES.max(least));
    if least > most {
        section.note(
            "min_articles",
            Fault::new(format!("an edition cannot hold at least {least} and at most {most} articles"))
                .help("make min_articles smaller or max_articles larger"),
        );
    }
    (least, most)
}

/// Which articles; every source that is named exists, and no tag is both wanted and excluded.
fn choice(section: &Section<'_>, known: &[&str]) -> Choice {
    let [tags, exclude_tags, sources] = ["tags", "exclude_tags", "sources"].map(|key| words(section, key));
    for source in sources.iter().filter(|source| !known.iter().any(|name| source.is_like(name))) {
        let help = match nearest(&source.written, known.iter().copied()) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "name one of your [[source]] tables".to_owned(),
        };
        section.note_at(
            source,
            "sources",
            Fault::new(format!("there is no source {}", source.shown())).help(help),
        );
    }
    for tag in exclude_tags.iter().filter(|excluded| tags.iter().any(|tag| tag.is_like(&excluded.value))) {
        let fault = Fault::new(format!("{} is both wanted and excluded", tag.shown()));
        section.note_at(tag, "exclude_tags", fault.help("take it out of tags or of exclude_tags"));
    }
    let values = |words: Vec<Text>| words.into_iter().map(|word| word.value).collect();
    Choice { tags: values(tags), exclude_tags: values(exclude_tags), sources: values(sources) }
}

/// A subject with words in braces, all of them known.
fn subject(text: &Text) -> Result<String, Fault> {
    let subject = text.line(LONGEST_SUBJECT)?;
    let mut rest = subject.as_str();
    while let Some(index) = rest.find(['{', '}']) {
        let unpaired = || {
            Fault::new("a brace stands alone here")
                .help("braces hold one of {lead}, {count}, {date}, {newsletter}")
        };
        let after = rest[index..].strip_prefix('{').ok_or_else(unpaired)?;
        let (word, following) = after.split_once('}').ok_or_else(unpaired)?;
        if !SUBJECT_WORDS.contains(&word) {
            let help = match nearest(word, SUBJECT_WORDS.iter().copied()) {
                Some(meant) => format!("did you mean {{{meant}}}?"),
                None => "use {lead}, {count}, {date} or {newsletter}".to_owned(),
            };
            return Err(Fault::new(format!("{} in braces stands for nothing", text.part(word))).help(help));
        }
        rest = following;
    }
    Ok(subject)
}
