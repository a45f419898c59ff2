//! Spanish.

use super::{Asked, PageWords, Said, Sentence};

pub const WORDS: PageWords = PageWords {
    skip: "Ir al contenido",
    navigation: "Este sitio",
    front: "Portada",
    newsletters: "Boletines",
    newsletter: "Boletín",
    section: "Sección",
    sections: "Secciones de este artículo",
    nothing: "Todavía no se ha publicado nada. Vuelva pronto.",
    editions: "Ediciones",
    no_edition: "La primera edición aún no ha aparecido.",
    previous: "Edición anterior",
    next: "Edición siguiente",
    editions_of: Sentence("{}: ediciones"),
    feeds_of: Sentence("Canales de {}"),
    feed: "Canal",
    feed_meaning: "Esto es un canal. Lo leen los lectores de canales: programas y aplicaciones que reúnen en un solo lugar las novedades de muchos sitios, sin cuenta ni correo electrónico.",
    feed_use: "Copie esta dirección en el suyo y las novedades le llegarán solas.",
    feed_address: "Dirección de este canal",
    feed_formats: "Lo mismo en otros formatos",
    newest: "Entradas más recientes",
    older: "Entradas anteriores",
    newer: "Entradas posteriores",
    all_feeds: "Todos los canales de este sitio, para importarlos en un lector (OPML)",
    changed: Sentence("Modificado el {}"),
    author: "Sobre el autor",
    origin: Sentence("Leer este artículo en {}"),
    subscribe_to: Sentence("Suscribirse a {}"),
    choose: "Elija lo que le gustaría leer.",
    address: "Correo electrónico",
    subscribe: "Suscribirse",
    promise: "Un correo le pedirá que confirme. Puede darse de baja cuando quiera, con un clic.",
    no_address: "Esto no es una dirección de correo. Escríbala como nombre@example.org.",
    no_choice: "Elija al menos un boletín.",
    asked: Said {
        title: "Mire su bandeja de entrada",
        text: "Un correo con un enlace va en camino. Ábralo y confirme, y la próxima edición será suya. Si no llega en unos minutos, mire en el correo no deseado.",
    },
    confirm: Asked {
        title: Sentence("¿Suscribirse a {}?"),
        text: "Pulse el botón y la próxima edición llegará a su buzón.",
    },
    confirmed: Said {
        title: "Ya está suscrito",
        text: "La próxima edición llegará a su buzón. Cada una lleva un enlace para darse de baja.",
    },
    leave: Asked {
        title: Sentence("¿Darse de baja de {}?"),
        text: "Pulse el botón y no recibirá más ediciones.",
    },
    left: Asked {
        title: Sentence("Se ha dado de baja de {}"),
        text: "No recibirá más ediciones. Puede volver cuando quiera.",
    },
    bad_link: Said {
        title: "Este enlace no funciona",
        text: "Está incompleto o cambió por el camino. Ábralo otra vez en el correo o copie de allí la dirección entera.",
    },
    not_found: Said {
        title: "Esta página no existe",
        text: "Puede que la dirección esté mal escrita o que la página se haya retirado. La portada lleva a todo lo que hay aquí.",
    },
    gone: Said {
        title: "Este boletín ha terminado",
        text: "Ya no aparece. La portada lleva a los que siguen.",
    },
    withdrawn: Said {
        title: "Este artículo ha sido retirado",
        text: "La redacción lo ha retirado. La portada lleva a todo lo que hay aquí.",
    },
    bad_request: Said {
        title: "No se ha podido entender",
        text: "La petición estaba incompleta o era demasiado grande. Vuelva atrás e inténtelo de nuevo.",
    },
    unsearchable: Said {
        title: "No se pueden buscar estas palabras",
        text: "Los signos como - + ( y : tienen un significado propio en una búsqueda. Ponga entre comillas rectas las palabras que los contengan.",
    },
    not_as_wanted: Said {
        title: "Ya no es lo que era",
        text: "La petición solo debía responderse si aquí no había cambiado nada, y algo ha cambiado. Vuelva a pedirlo sin esa condición.",
    },
    too_many: Said { title: "Han sido demasiadas veces", text: "Espere unos minutos y vuelva a intentarlo." },
    failed: Said {
        title: "Algo ha fallado",
        text: "La culpa es nuestra y ha quedado anotada. Inténtelo de nuevo en unos minutos.",
    },
    busy: Said { title: "Demasiados lectores a la vez", text: "Inténtelo de nuevo en un momento." },
};
