//! English.

use super::plural::one_is_singular;
use super::{Category, Confirmation, Dates, Forms, Sentence, Words};
use crate::model::language::Direction;

pub(super) const WORDS: Words = Words {
    language: "en",
    direction: Direction::Ltr,
    plural: one_is_singular,
    dates: Dates {
        weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        first: None,
        with_weekday: "{weekday}, {day} {month} {year}",
        long: "{day} {month} {year}",
        short: "{day} {month}",
    },
    number: Sentence("No. {}"),
    view_in_browser: "View in browser",
    inside: Sentence("Inside: {}"),
    also: "Also in this edition",
    listen: "Listen",
    watch: "Watch",
    also_in: Sentence("also in {}"),
    by: Sentence("By {}"),
    name_separators: [", ", " and "],
    minutes: Forms(&[(Category::Other, "{} min read")]),
    more_on_the_web: Forms(&[(Category::Other, "and {} more on the web")]),
    why: Sentence("You receive this mail because you subscribed to {}."),
    unsubscribe: "Unsubscribe",
    archive: "All editions",
    feeds: "Feeds:",
    test: "This is a test. The edition has not been published.",
    confirmation: Confirmation {
        subject: Sentence("Please confirm your subscription to {}"),
        request: Sentence(
            "Somebody, we hope it was you, asked us to send {} to this address. Confirm it, and the next edition is yours.",
        ),
        confirm: "Confirm my subscription",
        address: "If the button does not work, open this address:",
        otherwise: "If it was not you, do nothing: you will get no further mail.",
        why: Sentence("This one mail was sent because this address was entered in the form of {}."),
    },
    page: super::page::ENGLISH,
};
