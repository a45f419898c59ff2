//! German.

use super::plural::one_is_singular;
use super::{Category, Confirmation, Dates, Forms, Sentence, Words};
use crate::model::language::Direction;

pub(super) const WORDS: Words = Words {
    language: "de",
    direction: Direction::Ltr,
    plural: one_is_singular,
    dates: Dates {
        weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        first: None,
        with_weekday: "{weekday}, {day}. {month} {year}",
        long: "{day}. {month} {year}",
        short: "{day}. {month}",
    },
    number: Sentence("Nr. {}"),
    view_in_browser: "Im Browser lesen",
    inside: Sentence("Im Blatt: {}"),
    also: "Außerdem in dieser Ausgabe",
    listen: "Anhören",
    watch: "Ansehen",
    also_in: Sentence("auch in {}"),
    by: Sentence("Von {}"),
    name_separators: [", ", " und "],
    minutes: Forms(&[(Category::Other, "{} Min. Lesezeit")]),
    more_on_the_web: Forms(&[
        (Category::One, "und {} weiterer Artikel im Web"),
        (Category::Other, "und {} weitere Artikel im Web"),
    ]),
    why: Sentence("Sie erhalten diese Mail, weil Sie {} abonniert haben."),
    unsubscribe: "Abbestellen",
    archive: "Alle Ausgaben",
    feeds: "Feeds:",
    test: "Dies ist ein Test. Die Ausgabe ist nicht erschienen.",
    confirmation: Confirmation {
        subject: Sentence("Bitte bestätigen Sie Ihr Abonnement: {}"),
        request: Sentence(
            "Jemand, hoffentlich Sie selbst, hat {} für diese Adresse bestellt. Bestätigen Sie es, und die nächste Ausgabe kommt zu Ihnen.",
        ),
        confirm: "Abonnement bestätigen",
        address: "Falls der Knopf nicht geht, öffnen Sie diese Adresse:",
        otherwise: "Waren Sie es nicht, tun Sie nichts: Es kommt keine weitere Mail.",
        why: Sentence("Diese eine Mail kam, weil diese Adresse in das Formular von {} eingetragen wurde."),
    },
    page: super::page::GERMAN,
};
