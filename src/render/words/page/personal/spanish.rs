//! Spanish.

use super::super::{Asked, Said};
use super::{ErrandWords, PersonalWords};
use crate::render::words::Sentence;

pub const WORDS: PersonalWords = PersonalWords {
    title: "Sus datos",
    by_mail: "Para ver sus datos, cambiar de dirección o ser borrado necesita un enlace que se le envía por correo, porque una edición puede haberse reenviado.",
    send_link: "Enviarme el enlace",
    yours: Sentence("Lo que se sabe de {}"),
    download: "Descargar mis datos",
    new_address: "Nuevo correo electrónico",
    change: "Cambiar mi dirección",
    erase: "Borrarme…",
    link: Said {
        title: "El enlace a sus boletines",
        text: "Escriba la dirección a la que llegan sus boletines y allí irá un correo con un enlace.",
    },
    link_asked: Said {
        title: "Mire su bandeja de entrada",
        text: "Si esta dirección está suscrita a algo aquí, un correo con un enlace va en camino. El enlace vale un día. Si no llega en unos minutos, mire en el correo no deseado.",
    },
    over: Said {
        title: "Este enlace ya no vale",
        text: "Se usó o es demasiado antiguo. Pida que se le envíe uno nuevo.",
    },
    change_asked: Said {
        title: "Mire el buzón nuevo",
        text: "Si a esa dirección se le pueden enviar boletines, un correo pregunta allí si es suya. Nada cambia hasta que lo confirme. También se avisa a la dirección anterior.",
    },
    confirm: Asked {
        title: Sentence("¿Cambiar su dirección a {}?"),
        text: "Pulse el botón y sus boletines llegarán a esta dirección.",
    },
    confirm_button: "Usar esta dirección",
    changed: Said {
        title: "Su dirección ha cambiado",
        text: "Desde ahora sus boletines llegan a la dirección nueva.",
    },
    taken: Said {
        title: "Esta dirección no se puede usar",
        text: "Ya está suscrita o no debe recibir correo. No se ha cambiado nada.",
    },
    keep: Said {
        title: "¿Conservar su dirección anterior?",
        text: "Pulse el botón y sus boletines llegarán a la dirección anterior como antes.",
    },
    keep_button: "Conservar la anterior",
    kept: Said {
        title: "Su dirección queda como estaba",
        text: "El cambio se ha detenido. Los enlaces enviados antes ya no muestran sus datos.",
    },
    erasing: Said {
        title: "¿Borrar todo sobre usted?",
        text: "Sus suscripciones y todo lo que se sabe de usted se borran al instante y nadie puede recuperarlo. Solo se guarda un código hecho con su dirección para que nunca se vuelva a inscribir: ya no podrá suscribirse con ella.",
    },
    erase_button: "Borrarlo todo",
    erased: Said {
        title: "Usted ha sido borrado",
        text: "No queda nada de usted salvo un código hecho con su dirección, que la mantiene fuera.",
    },
    link_mail: ErrandWords {
        subject: Sentence("Su enlace para {}"),
        request: Sentence(
            "Alguien, esperamos que usted, pidió el enlace con el que gestiona sus boletines y sus datos en {}. Vale un día.",
        ),
        button: "Abrir mi página",
        otherwise: "Si no fue usted, no haga nada: nada cambia. No dé el enlace a nadie.",
    },
    new_mail: ErrandWords {
        subject: Sentence("Confirme su nueva dirección para {}"),
        request: Sentence(
            "Alguien, esperamos que usted, pidió que sus boletines de {} lleguen a esta dirección. Confírmelo antes de un día.",
        ),
        button: "Usar esta dirección",
        otherwise: "Si no fue usted, no haga nada: no recibirá más correos.",
    },
    old_mail: ErrandWords {
        subject: Sentence("Su dirección en {} va a cambiar"),
        request: Sentence(
            "Alguien, esperamos que usted, pidió que sus boletines de {} vayan a otra dirección. Si no fue usted, deténgalo aquí.",
        ),
        button: "Conservar esta dirección",
        otherwise: "Si fue usted, no haga nada. El enlace vale hasta tres días después del cambio.",
    },
    why: Sentence("Este único correo se envió porque alguien lo pidió en las páginas de {}."),
};
