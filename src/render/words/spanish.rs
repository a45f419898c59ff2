//! Spanish.

use super::plural::one_is_singular;
use super::{Category, Confirmation, Dates, Forms, Sentence, Words};
use crate::model::language::Direction;

pub(super) const WORDS: Words = Words {
    language: "es",
    direction: Direction::Ltr,
    plural: one_is_singular,
    dates: Dates {
        weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        first: None,
        with_weekday: "{weekday}, {day} de {month} de {year}",
        long: "{day} de {month} de {year}",
        short: "{day} de {month}",
    },
    number: Sentence("N.º {}"),
    view_in_browser: "Ver en el navegador",
    inside: Sentence("En este número: {}"),
    also: "También en esta edición",
    listen: "Escuchar",
    watch: "Ver",
    also_in: Sentence("también en {}"),
    by: Sentence("Por {}"),
    name_separators: [", ", " y "],
    minutes: Forms(&[(Category::Other, "{} min de lectura")]),
    more_on_the_web: Forms(&[
        (Category::One, "y {} artículo más en la web"),
        (Category::Other, "y {} artículos más en la web"),
    ]),
    why: Sentence("Recibe este correo porque se suscribió a {}."),
    unsubscribe: "Darse de baja",
    archive: "Todas las ediciones",
    feeds: "Canales:",
    test: "Esto es una prueba. La edición no se ha publicado.",
    confirmation: Confirmation {
        subject: Sentence("Confirme su suscripción a {}"),
        request: Sentence(
            "Alguien, esperamos que usted, pidió que enviáramos {} a esta dirección. Confírmelo y la próxima edición será suya.",
        ),
        confirm: "Confirmar mi suscripción",
        address: "Si el botón no funciona, abra esta dirección:",
        otherwise: "Si no fue usted, no haga nada: no recibirá más correos.",
        why: Sentence("Este único correo se envió porque esta dirección se escribió en el formulario de {}."),
    },
    page: super::page::SPANISH,
};
