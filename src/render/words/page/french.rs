//! French.

use super::{Asked, PageWords, Said, Sentence};

pub const WORDS: PageWords = PageWords {
    skip: "Aller au contenu",
    navigation: "Ce site",
    front: "À la une",
    newsletters: "Lettres d’information",
    newsletter: "Lettre d’information",
    section: "Rubrique",
    sections: "Rubriques de cet article",
    nothing: "Rien n’est encore paru. Revenez bientôt.",
    editions: "Éditions",
    no_edition: "La première édition n’est pas encore parue.",
    previous: "Édition précédente",
    next: "Édition suivante",
    editions_of: Sentence("{} : éditions"),
    feeds_of: Sentence("Flux : {}"),
    feed: "Flux",
    feed_meaning: "Ceci est un flux. Il est fait pour les lecteurs de flux : des programmes et des applications qui réunissent les nouvelles de nombreux sites, sans compte ni adresse e-mail.",
    feed_use: "Copiez cette adresse dans le vôtre, et les nouveautés viendront à vous d’elles-mêmes.",
    feed_address: "Adresse de ce flux",
    feed_formats: "Le même dans d’autres formats",
    newest: "Derniers articles",
    older: "Articles plus anciens",
    newer: "Articles plus récents",
    all_feeds: "Tous les flux de ce site, à importer dans un lecteur de flux (OPML)",
    changed: Sentence("Modifié le {}"),
    author: "À propos de l’auteur",
    origin: Sentence("Lire cet article sur {}"),
    subscribe_to: Sentence("S’abonner à {}"),
    choose: "Choisissez ce que vous aimeriez lire.",
    address: "Adresse e-mail",
    subscribe: "S’abonner",
    promise: "Un message vous demandera de confirmer. Vous pourrez partir à tout moment, d’un clic.",
    no_address: "Ce n’est pas une adresse e-mail. Écrivez-la comme nom@example.org.",
    no_choice: "Choisissez au moins une lettre.",
    asked: Said {
        title: "Regardez votre boîte de réception",
        text: "Un message avec un lien est en route. Ouvrez-le et confirmez, et la prochaine édition est à vous. Si rien n’arrive d’ici quelques minutes, regardez parmi les indésirables.",
    },
    confirm: Asked {
        title: Sentence("S’abonner à {} ?"),
        text: "Une pression sur le bouton, et la prochaine édition arrive chez vous.",
    },
    confirmed: Said {
        title: "Vous êtes abonné",
        text: "La prochaine édition arrive dans votre boîte. Chacune porte un lien pour se désabonner.",
    },
    leave: Asked {
        title: Sentence("Se désabonner de {} ?"),
        text: "Une pression sur le bouton, et vous ne recevrez plus aucune édition.",
    },
    left: Asked {
        title: Sentence("Vous êtes désabonné de {}"),
        text: "Vous ne recevrez plus aucune édition. Revenez quand vous voulez.",
    },
    bad_link: Said {
        title: "Ce lien ne fonctionne pas",
        text: "Il est incomplet ou a été modifié en chemin. Ouvrez-le encore une fois dans le message, ou copiez-y l’adresse entière.",
    },
    not_found: Said {
        title: "Cette page n’existe pas",
        text: "L’adresse est peut-être mal écrite, ou la page a été retirée. La une mène à tout ce qui se trouve ici.",
    },
    gone: Said {
        title: "Cette lettre a pris fin",
        text: "Elle ne paraît plus. La une mène à celles qui paraissent.",
    },
    withdrawn: Said {
        title: "Cet article a été retiré",
        text: "La rédaction l’a retiré. La une mène à tout ce qui se trouve ici.",
    },
    bad_request: Said {
        title: "Demande incompréhensible",
        text: "Elle était incomplète ou trop longue. Revenez en arrière et réessayez.",
    },
    unsearchable: Said {
        title: "Impossible de chercher ces mots",
        text: "Les signes comme - + ( et : ont un sens particulier dans une recherche. Mettez les mots qui en contiennent entre guillemets droits.",
    },
    not_as_wanted: Said {
        title: "Ce n’est plus la même chose",
        text: "La réponse n’était voulue que si rien n’avait changé ici, et quelque chose a changé. Demandez de nouveau sans cette condition.",
    },
    too_many: Said { title: "C’était trop souvent", text: "Patientez quelques minutes, puis réessayez." },
    failed: Said {
        title: "Une erreur est survenue",
        text: "La faute est la nôtre, et elle est notée. Réessayez dans quelques minutes.",
    },
    busy: Said { title: "Trop de lecteurs à la fois", text: "Réessayez dans un instant." },
};
