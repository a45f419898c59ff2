//! French.

use super::plural::none_and_one_are_singular;
use super::{Category, Confirmation, Dates, Forms, Sentence, Words};
use crate::model::language::Direction;

pub(super) const WORDS: Words = Words {
    language: "fr",
    direction: Direction::Ltr,
    plural: none_and_one_are_singular,
    dates: Dates {
        weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        months: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        first: Some("1er"),
        with_weekday: "{weekday} {day} {month} {year}",
        long: "{day} {month} {year}",
        short: "{day} {month}",
    },
    number: Sentence("N° {}"),
    view_in_browser: "Lire dans le navigateur",
    inside: Sentence("Au sommaire : {}"),
    also: "Également dans cette édition",
    listen: "Écouter",
    watch: "Regarder",
    also_in: Sentence("aussi dans {}"),
    by: Sentence("Par {}"),
    name_separators: [", ", " et "],
    minutes: Forms(&[(Category::Other, "{} min de lecture")]),
    more_on_the_web: Forms(&[
        (Category::One, "et {} autre article sur le web"),
        (Category::Other, "et {} autres articles sur le web"),
    ]),
    why: Sentence("Vous recevez ce message parce que vous êtes abonné à {}."),
    unsubscribe: "Se désabonner",
    archive: "Toutes les éditions",
    feeds: "Flux :",
    test: "Ceci est un essai. L’édition n’est pas parue.",
    confirmation: Confirmation {
        subject: Sentence("Confirmez votre abonnement à {}"),
        request: Sentence(
            "Quelqu’un, vous sans doute, a demandé l’envoi de {} à cette adresse. Confirmez, et la prochaine édition est à vous.",
        ),
        confirm: "Confirmer mon abonnement",
        address: "Si le bouton ne répond pas, ouvrez cette adresse :",
        otherwise: "Si ce n’était pas vous, ne faites rien : vous ne recevrez plus de message.",
        why: Sentence(
            "Ce seul message est parti parce que cette adresse a été saisie dans le formulaire de {}.",
        ),
    },
    page: super::page::FRENCH,
};
