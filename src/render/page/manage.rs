//! The page on which a reader manages what they get.

use askama::Template;
use jiff::civil::Date;

use super::choose::Choose;
use super::frame::{Frame, Head, Link};
use super::teaser::is_same_language;
use super::{Site, written};
use crate::model::newsletter::Newsletter;
use crate::model::pause;
use crate::model::shape::{NotOffered, Shape, Wish};
use crate::model::slot;
use crate::model::text::line;
use crate::model::time::Timestamp;
use crate::model::words::{self, Words};
use crate::render::feed::Format;

/// What a reader can change, and where each newsletter stands for them.
#[derive(Clone, Debug)]
pub struct Managed<'a> {
    /// The token of the link that led here.
    pub token: &'a str,
    /// The language of the page.
    pub language: &'a str,
    /// The newsletters of the site, in its order.
    pub held: Vec<Held<'a>>,
    /// The reader's address, where the link was mailed to it and nobody else can have it.
    pub address: Option<&'a str>,
    /// Whether nothing is ever mailed to the reader.
    pub is_suppressed: bool,
    /// The form that was not taken: which newsletter's, or that for all, and the day in it.
    pub refused: Option<(Option<&'a str>, &'a str)>,
    /// What was chosen that is not offered: of which newsletter, how the form was filled, and what is wrong in it.
    pub not_offered: Option<(&'a str, &'a Wish, &'a NotOffered)>,
    /// Whether what was given as a new address is none.
    pub is_address_refused: bool,
    /// When the page is shown.
    pub now: Timestamp,
}

/// A newsletter, and where it stands for a reader.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The newsletter.
    pub newsletter: &'a Newsletter,
    /// Where it stands.
    pub standing: Standing,
    /// What the reader chose of it.
    pub wants: Option<&'a Shape>,
    /// How the reader opens it, if it is private and they have it.
    pub keys: Option<&'a Keys>,
}

/// How a reader opens a private newsletter.
#[derive(Clone, Debug)]
pub enum Keys {
    /// That is not shown to who comes by this link: it may have been passed on with a digest of another newsletter.
    Elsewhere,
    /// By these tokens.
    Here {
        /// Of its editions.
        reader: String,
        /// Of the reader's own feed, if they have one.
        feed: Option<String>,
    },
}

/// Where a newsletter stands for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They do not have it.
    Absent,
    /// They asked for it and have not confirmed.
    Pending,
    /// They get it.
    Active,
    /// They get it again from this moment on.
    Paused(Timestamp),
    /// They were asked whether they still want it and have not answered: they get it again when they say so.
    Asleep,
    /// They have left it.
    Left(Farewell),
}

/// What a reader who has left can still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// Take it back.
    pub can_undo: bool,
    /// Say why: `Some(false)`; `Some(true)` if they have said so.
    pub reason: Option<bool>,
}

#[derive(Template)]
#[template(path = "page/manage.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    address: String,
    reader: Option<String>,
    is_suppressed: bool,
    is_address_refused: bool,
    entries: Vec<Entry>,
    /// For all at once, where there are several.
    all: Option<Pause>,
}

/// One newsletter as the page shows it.
struct Entry {
    slug: String,
    title: String,
    description: Option<String>,
    /// BCP 47 tag, where it is not the page's.
    language: Option<String>,
    state: String,
    /// The newsletter's page, where what is missed can be read.
    archive: Option<Link>,
    can_subscribe: bool,
    can_resume: bool,
    can_leave: bool,
    choose: Option<Choose>,
    pause: Option<Pause>,
    farewell: Option<FarewellForm>,
    feed: Option<OwnFeed>,
}

/// The reader's own feed of a private newsletter.
struct OwnFeed {
    /// Whether it is shown to who came by another link.
    is_elsewhere: bool,
    /// Its address, where there is one, and the names and paths of its formats.
    address: Option<String>,
    formats: Vec<Link>,
}

/// A form that pauses.
struct Pause {
    /// What distinguishes its elements from those of the others.
    id: String,
    first: Date,
    last: Date,
    value: String,
    is_refused: bool,
    /// Whether what is missed can be sent later.
    can_catch_up: bool,
}

/// The forms for who has left.
pub(super) struct FarewellForm {
    pub address: String,
    pub slug: String,
    pub farewell: Farewell,
}

impl Site {
    /// The page on which a reader manages what they get.
    pub fn manage(&self, managed: &Managed<'_>) -> String {
        let frame = self.frame_in(managed.language);
        let title = frame.words.manage.title.clone();
        let head = Head {
            title: format!("{title} – {}", frame.name),
            heading: title,
            is_small: true,
            ..Head::default()
        };
        let entries = managed.held.iter().map(|held| self.held_entry(managed, held, &frame)).collect();
        written(&Page {
            address: self.manage_path(managed.token),
            reader: managed.address.map(|address| frame.words.embed(address)),
            is_suppressed: managed.is_suppressed,
            is_address_refused: managed.is_address_refused,
            entries,
            all: managed.pause_of_all(),
            frame,
            head,
        })
    }

    /// The path of the page on which a reader manages what they get.
    pub fn manage_path(&self, token: &str) -> String {
        self.path(&format!("manage/{token}"))
    }

    fn held_entry(&self, managed: &Managed<'_>, held: &Held<'_>, frame: &Frame<'_>) -> Entry {
        let Held { newsletter, standing, .. } = *held;
        let slug = newsletter.slug.to_string();
        let is_paused = matches!(standing, Standing::Paused(_) | Standing::Asleep);
        let is_active = is_paused || standing == Standing::Active;
        let can_have = matches!(standing, Standing::Absent | Standing::Left(_)) && !managed.is_suppressed;
        let farewell = if let Standing::Left(farewell) = standing {
            Some(FarewellForm { address: self.manage_path(managed.token), slug: slug.clone(), farewell })
        } else {
            None
        };
        Entry {
            title: line(&newsletter.title),
            description: newsletter.description.as_deref().map(line).filter(|text| !text.is_empty()),
            language: Some(newsletter.language.clone()).filter(|own| !is_same_language(own, frame.language)),
            state: state(held, frame.words),
            archive: self.archive_of(held).map(|link| Link { name: frame.words.archive.clone(), link }),
            can_subscribe: can_have && !farewell.as_ref().is_some_and(|form| form.farewell.can_undo),
            can_resume: is_paused,
            can_leave: is_active || standing == Standing::Pending,
            choose: if is_active { managed.choose(held, frame) } else { None },
            pause: is_active.then(|| managed.pause(held)),
            farewell,
            feed: held.keys.map(|keys| self.own_feed(keys)),
            slug,
        }
    }

    /// Where the reader finds what they miss, or what is for its readers alone.
    fn archive_of(&self, held: &Held<'_>) -> Option<String> {
        match held.keys {
            Some(Keys::Here { reader, .. }) => {
                Some(self.path(&slot::private_path("")).replace(slot::READER, reader))
            }
            Some(Keys::Elsewhere) => None,
            None => {
                let is_paused = matches!(held.standing, Standing::Paused(_) | Standing::Asleep);
                is_paused.then(|| self.newsletter_path(held.newsletter))
            }
        }
    }

    fn own_feed(&self, keys: &Keys) -> OwnFeed {
        let token = if let Keys::Here { feed, .. } = keys { feed.as_deref() } else { None };
        let path = |token: &str, format: Format| format!("feed/private/{token}.{}", format.extension());
        let formats = Format::ALL.into_iter().filter_map(|format| {
            Some(Link { name: format.name().to_owned(), link: self.path(&path(token?, format)) })
        });
        OwnFeed {
            is_elsewhere: matches!(keys, Keys::Elsewhere),
            address: token.map(|token| self.publication.link(&path(token, Format::Rss))),
            formats: formats.collect(),
        }
    }
}

impl Managed<'_> {
    /// What the reader can choose, filled with what they have, or as they filled it.
    fn choose(&self, held: &Held<'_>, frame: &Frame<'_>) -> Option<Choose> {
        let refused = self.not_offered.filter(|(whose, ..)| *whose == held.newsletter.slug.as_str());
        let (wish, wrong) = match refused {
            Some((_, wish, wrong)) => (wish.clone(), Some(wrong)),
            None => (held.wants.map(Wish::from).unwrap_or_default(), None),
        };
        Choose::of(held.newsletter, frame.words, &wish, wrong)
    }

    fn pause(&self, held: &Held<'_>) -> Pause {
        let slug = held.newsletter.slug.as_str();
        let (first, last) = pause::days(held.newsletter.time_zone(), self.now);
        let refused = self.refused.filter(|(whose, _)| *whose == Some(slug));
        let until = if let Standing::Paused(until) = held.standing {
            words::day(until, held.newsletter.time_zone()).to_string()
        } else {
            String::new()
        };
        Pause {
            id: slug.to_owned(),
            first,
            last,
            value: refused.map_or(until, |(_, day)| line(day)),
            is_refused: refused.is_some(),
            can_catch_up: held.newsletter.choices.is_some(),
        }
    }

    /// The form that pauses all, where there is more than one to pause.
    fn pause_of_all(&self) -> Option<Pause> {
        let is_active = |held: &&Held<'_>| matches!(held.standing, Standing::Active | Standing::Paused(_));
        let mut active = self.held.iter().filter(is_active);
        let first = active.next().filter(|_| active.next().is_some())?;
        let refused = self.refused.filter(|(whose, _)| whose.is_none());
        let pause = self.pause(first);
        Some(Pause {
            // No slug has an underscore.
            id: "all_".to_owned(),
            value: refused.map_or_else(String::new, |(_, day)| line(day)),
            is_refused: refused.is_some(),
            can_catch_up: false,
            ..pause
        })
    }
}

fn state(held: &Held<'_>, words: &Words) -> String {
    let manage = &words.manage;
    match held.standing {
        Standing::Absent => manage.absent.clone(),
        Standing::Pending => manage.pending.clone(),
        Standing::Active => manage.active.clone(),
        Standing::Paused(until) => {
            let day = words::day(until, held.newsletter.time_zone());
            manage.paused.with(&words.dates.long(day))
        }
        Standing::Asleep => manage.asleep.clone(),
        Standing::Left(_) => manage.left.clone(),
    }
}
