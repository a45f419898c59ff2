//! Which messages there are, each by its name: the keys that every message file has, and what is given to each.
//!
//! What a message is for stands over it in `templates/words/en.ftl`, where translators read it.

use std::sync::Arc;

use super::dates::Dates;
use super::message::{Count, Entry, Reader, Sentence, joined, messages};
use super::speech::Speech;
use crate::model::vetting::Unwanted;

messages! {
    /// The words of one language.
    Words {
        speech: Arc<Speech>;
        dates: Dates;
        own_name: String;
        number: Sentence = "number";
        view_in_browser: String;
        inside: Sentence = "sections";
        also: String;
        also_in: Sentence = "sources";
        listen: String;
        watch: String;
        by: Sentence = "names";
        minutes: Count = "count";
        more_on_the_web: Count = "count";
        why: Sentence = "title";
        unsubscribe: String;
        archive: String;
        feeds: String;
        counted: String;
        test: String;
        test_mark: String;
        names_next: Sentence<2> = "names", "name";
        names_last: Sentence<2> = "names", "name";
        confirmation: ConfirmationWords;
        page: PageWords;
        search: SearchWords;
        manage: ManageWords;
        choose: ChooseWords;
        personal: PersonalWords;
        private: PrivateWords;
    }
}

messages! {
    /// The words of the mail that asks to confirm a subscription.
    ConfirmationWords {
        subject: Sentence = "title";
        request: Sentence = "title";
        confirm: String;
        address: String;
        otherwise: String;
        why: Sentence = "title";
    }
}

messages! {
    /// The words of the pages.
    PageWords {
        skip: String;
        navigation: String;
        front: String;
        newsletters: String;
        newsletter: String;
        section: String;
        sections: String;
        nothing: String;
        editions: String;
        no_edition: String;
        previous: String;
        next: String;
        newer_editions: String;
        older_editions: String;
        editions_of: Sentence = "title";
        feeds_of: Sentence = "title";
        feed: String;
        feed_meaning: String;
        feed_use: String;
        feed_address: String;
        feed_formats: String;
        newest: String;
        older: String;
        newer: String;
        all_feeds: String;
        changed: Sentence = "day";
        author: String;
        origin: Sentence = "site";
        share: String;
        share_mail: String;
        share_on: Sentence = "place";
        share_copy: String;
        related: String;
        most_read: String;
        subscribe_to: Sentence = "title";
        choose: String;
        address: String;
        subscribe: String;
        promise: String;
        no_address: String;
        disposable: String;
        role: String;
        moment: String;
        trap: String;
        no_choice: String;
        asked: Said;
        confirm: Asked = "titles";
        confirmed: Said;
        confirmation_over: Said;
        leave: Asked = "title";
        left: Asked = "title";
        bad_link: Said;
        not_found: Said;
        gone: Said;
        withdrawn: Said;
        bad_request: Said;
        unsearchable: Said;
        not_as_wanted: Said;
        too_many: Said;
        crowd: Said;
        crowd_wait: Count = "count";
        failed: Said;
        busy: Said;
    }
}

impl PageWords {
    /// Why an address is not taken.
    pub fn unwanted(&self, why: Unwanted) -> &str {
        match why {
            Unwanted::Disposable => &self.disposable,
            Unwanted::Role => &self.role,
        }
    }
}

messages! {
    /// The words of the page with which people search the archive.
    SearchWords {
        title: String;
        field: String;
        button: String;
        hint: String;
        nothing: String;
        within: Sentence = "title";
        everywhere: String;
        previous: String;
        next: String;
    }
}

messages! {
    /// The words of the page on which readers manage what they get.
    ManageWords {
        link: String;
        title: String;
        intro: String;
        all: String;
        active: String;
        paused: Sentence = "day";
        asleep: String;
        pending: String;
        left: String;
        absent: String;
        until: String;
        pause_hint: String;
        pause: String;
        pause_all: String;
        resume: String;
        bad_day: String;
        undo: String;
        why: String;
        why_send: String;
        thanks: String;
        suppressed: String;
    }
}

messages! {
    /// The words of what readers choose of a newsletter.
    ChooseWords {
        topics: String;
        topics_hint: String;
        rhythm: String;
        newsletter: String;
        each_article: String;
        daily: String;
        weekly: String;
        hour: String;
        hour_hint: String;
        time_zone: String;
        language: String;
        language_of_newsletter: String;
        save: String;
        bad: Sentence<2> = "field", "allowed";
        bad_zone: String;
        catch_up: String;
    }
}

messages! {
    /// The words of what readers do with their own data.
    PersonalWords {
        title: String;
        by_mail: String;
        send_link: String;
        yours: Sentence = "address";
        download: String;
        new_address: String;
        change: String;
        erase: String;
        link: Said;
        link_asked: Said;
        over: Said;
        change_asked: Said;
        confirm: Asked = "address";
        confirm_button: String;
        changed: Said;
        taken: Said;
        keep: Said;
        keep_button: String;
        kept: Said;
        erasing: Said;
        erase_button: String;
        erased: Said;
        link_mail: ErrandWords;
        new_mail: ErrandWords;
        old_mail: ErrandWords;
        wanted: Asked = "title";
        still_wanted: Said;
        wanted_mail: ErrandWords;
        wanted_why: Sentence = "title";
        why: Sentence = "title";
    }
}

messages! {
    /// The words of private newsletters.
    PrivateWords {
        about: String;
        yours: String;
        over: Said;
        feed: String;
        feed_hint: String;
        feed_make: String;
        feed_renew: String;
        feed_end: String;
        feed_elsewhere: String;
        feed_over: Said;
    }
}

messages! {
    /// The words of a mail with one link.
    ErrandWords {
        subject: Sentence = "title";
        request: Sentence = "title";
        button: String;
        otherwise: String;
    }
}

messages! {
    /// A heading and what follows it.
    Said {
        title: String;
        text: String;
    }
}

/// A heading with something in it, and what follows it.
#[derive(Debug)]
pub struct Asked {
    pub(crate) title: Sentence,
    pub(crate) text: String,
}

impl Entry for Asked {
    fn read(reader: &mut Reader<'_>, key: &str, variables: &[&'static str]) -> Self {
        Self {
            title: Sentence::read(reader, &joined(key, "title"), variables),
            text: String::read(reader, &joined(key, "text"), &[]),
        }
    }
}
