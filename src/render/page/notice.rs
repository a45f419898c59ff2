//! Pages that say one thing: what came of a form or a link, or why there is no page.

use std::time::Duration;

use askama::Template;

use super::form::{Fault, Filled, Form};
use super::frame::{Frame, Head, Link};
use super::manage::{Farewell, FarewellForm};
use super::personal::{LinkForm, Personal};
use super::{Site, written};
use crate::model::newsletter::Newsletter;
use crate::model::text::line;
use crate::model::words::{Said, Words};

/// What a page has to say.
#[derive(Clone, Debug)]
pub enum Notice<'a> {
    /// A form was taken.
    Asked,
    /// A form was not taken.
    Refused(Fault, &'a Filled),
    /// There are too many at once: a button by which a form goes on, with work or after a wait.
    Crowd {
        /// The form.
        filled: &'a Filled,
        /// By which it goes on.
        turn: &'a str,
        /// How long the button does nothing without work.
        wait: Duration,
    },
    /// A button that confirms: titles of newsletters, and the link's token.
    Confirm(&'a [String], &'a str),
    /// It was pressed.
    Confirmed,
    /// The link to it was used or is forgotten, and its reader is not subscribed: the newsletter's name, if it is known.
    ConfirmationOver(Option<&'a str>),
    /// A button that unsubscribes: the newsletter's title, and the link's token.
    Leave(&'a str, &'a str),
    /// It was pressed.
    Left {
        /// The newsletter's title.
        title: &'a str,
        /// Its name in addresses.
        slug: &'a str,
        /// The link's token.
        token: &'a str,
        /// Whether the reader may take that back.
        can_undo: bool,
    },
    /// Of a reader's own data.
    Personal(Personal<'a>),
    /// A link that is not ours.
    BadLink,
    /// There is nothing at this address.
    NotFound,
    /// The newsletter is no more.
    Gone,
    /// The article has been retracted.
    Withdrawn,
    /// A link that opened a private newsletter for who is subscribed to it no longer: its name, for the way to its form.
    PrivateOver(&'a str),
    /// The address of a reader's own feed that has ended.
    FeedOver,
    /// The request cannot be understood.
    BadRequest,
    /// Words that cannot be searched for, and why.
    Unsearchable(&'a str),
    /// The client set a condition that does not hold.
    NotAsWanted,
    /// Too many requests came from there.
    TooMany,
    /// Something failed here.
    Failed,
    /// There is too much to do.
    Busy,
}

#[derive(Template)]
#[template(path = "page/notice.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    heading: String,
    paragraphs: Vec<&'a str>,
    button: Option<Button<'a>>,
    form: Option<Form>,
    farewell: Option<FarewellForm>,
    link: Option<Link>,
    link_form: Option<LinkForm>,
    crowd: Option<Crowd>,
}

/// A form that goes on by itself once its browser has done some work.
struct Crowd {
    /// What was typed, by the names of the fields.
    fields: Vec<(&'static str, String)>,
    wait: String,
}

struct Button<'a> {
    address: String,
    label: &'a str,
    act: Option<&'static str>,
}

impl Site {
    /// A page that says one thing, in the language of the one reader for whom it is, else in the publication's.
    pub fn notice(&self, notice: &Notice<'_>, language: Option<&str>) -> String {
        let frame = self.frame_in(language.unwrap_or(&self.publication.language));
        let (heading, text) = said(notice, frame.words);
        let head = Head {
            title: format!("{heading} – {}", frame.name),
            heading: heading.clone(),
            feeds: vec![self.site_feed()],
            is_small: true,
            ..Head::default()
        };
        let form = match notice {
            Notice::Refused(fault, filled) => Form::filled(self, (filled, frame.language), fault),
            _ => None,
        };
        let why = if let Notice::Unsearchable(why) = notice { why } else { "" };
        let paragraphs = [text, why].into_iter().filter(|text| !text.is_empty()).collect();
        written(&Page {
            button: self.button(notice, frame.words),
            farewell: self.farewell(notice),
            link: self.link(notice, frame.words),
            link_form: link_form(notice),
            crowd: crowd(notice, frame.words),
            frame,
            head,
            heading,
            paragraphs,
            form,
        })
    }

    fn button<'a>(&self, notice: &Notice<'_>, words: &'a Words) -> Option<Button<'a>> {
        let (path, label, act) = match notice {
            Notice::Confirm(_, token) => {
                (format!("confirm/{token}"), words.confirmation.confirm.as_str(), None)
            }
            Notice::Leave(_, token) => (format!("unsubscribe/{token}"), words.unsubscribe.as_str(), None),
            Notice::Personal(personal) => personal.button(words)?,
            _ => return None,
        };
        Some(Button { address: self.path(&path), label, act })
    }

    /// The forms with which a farewell is taken back and explained.
    fn farewell(&self, notice: &Notice<'_>) -> Option<FarewellForm> {
        let Notice::Left { slug, token, can_undo: true, .. } = notice else { return None };
        let farewell = Farewell { can_undo: true, reason: Some(false) };
        Some(FarewellForm { address: self.manage_path(token), slug: (*slug).to_owned(), farewell })
    }

    /// The way to the page where all newsletters stand, or to the form of one.
    fn link(&self, notice: &Notice<'_>, words: &Words) -> Option<Link> {
        match notice {
            Notice::Left { token, .. } => {
                Some(Link { name: words.manage.link.clone(), link: self.manage_path(token) })
            }
            Notice::PrivateOver(slug) => Some(self.link_to_form(self.newsletter(slug)?, words)),
            Notice::ConfirmationOver(slug) => {
                let newsletter = slug.and_then(|slug| self.newsletter(slug));
                let front = || Link {
                    name: words.page.subscribe.clone(),
                    link: format!("{}#newsletters", self.root()),
                };
                Some(newsletter.map_or_else(front, |newsletter| self.link_to_form(newsletter, words)))
            }
            _ => None,
        }
    }

    fn link_to_form(&self, newsletter: &Newsletter, words: &Words) -> Link {
        let name = words.page.subscribe_to.with(&words.embed(&line(&newsletter.title)));
        Link { name, link: self.newsletter_path(newsletter) }
    }
}

fn crowd(notice: &Notice<'_>, words: &Words) -> Option<Crowd> {
    let Notice::Crowd { filled, turn, wait } = notice else { return None };
    let wish = &filled.wish;
    let one = |name, value: &str| (name, value.to_owned());
    let mut fields = vec![one("address", &filled.address), one("turn", turn)];
    fields.extend(filled.newsletters.iter().map(|slug| one("newsletter", slug)));
    fields.extend(filled.language.iter().map(|language| one("language", language)));
    fields.extend(wish.topics.iter().map(|topic| one("topics", topic)));
    let said = [("rhythm", &wish.rhythm), ("hour", &wish.hour), ("time_zone", &wish.time_zone)];
    fields.extend(said.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    Some(Crowd {
        fields,
        wait: words.page.crowd_wait.of(usize::try_from(wait.as_secs().max(1)).unwrap_or(usize::MAX)),
    })
}

/// A link that does not work, or not any more, can be had anew.
fn link_form(notice: &Notice<'_>) -> Option<LinkForm> {
    match notice {
        Notice::BadLink | Notice::FeedOver => Personal::Over.link_form(),
        Notice::Personal(personal) => personal.link_form(),
        _ => None,
    }
}

fn said<'a>(notice: &Notice<'_>, words: &'a Words) -> (String, &'a str) {
    let page = &words.page;
    let plain = |said: &'a Said| (said.title.clone(), said.text.as_str());
    let named = |title: &str| words.embed(&line(title));
    match notice {
        Notice::Asked => plain(&page.asked),
        Notice::Refused(..) => (page.subscribe.clone(), ""),
        Notice::Crowd { .. } => plain(&page.crowd),
        Notice::Confirm(titles, _) => {
            let titles = titles.iter().map(|title| line(title)).collect::<Vec<_>>();
            (page.confirm.title.with(&words.list_names(&titles)), &page.confirm.text)
        }
        Notice::Confirmed => plain(&page.confirmed),
        Notice::ConfirmationOver(_) => plain(&page.confirmation_over),
        Notice::Leave(title, _) => (page.leave.title.with(&named(title)), &page.leave.text),
        Notice::Left { title, .. } => (page.left.title.with(&named(title)), &page.left.text),
        Notice::Personal(personal) => personal.said(words),
        Notice::BadLink => plain(&page.bad_link),
        Notice::NotFound => plain(&page.not_found),
        Notice::Gone => plain(&page.gone),
        Notice::Withdrawn => plain(&page.withdrawn),
        Notice::PrivateOver(_) => plain(&words.private.over),
        Notice::FeedOver => plain(&words.private.feed_over),
        Notice::BadRequest => plain(&page.bad_request),
        Notice::Unsearchable(_) => plain(&page.unsearchable),
        Notice::NotAsWanted => plain(&page.not_as_wanted),
        Notice::TooMany => plain(&page.too_many),
        Notice::Failed => plain(&page.failed),
        Notice::Busy => plain(&page.busy),
    }
}
