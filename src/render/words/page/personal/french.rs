//! French.

use super::super::{Asked, Said};
use super::{ErrandWords, PersonalWords};
use crate::render::words::Sentence;

pub const WORDS: PersonalWords = PersonalWords {
    title: "Vos données",
    by_mail: "Pour voir vos données, changer d’adresse ou être effacé, il vous faut un lien envoyé par message : une édition peut avoir été transmise à d’autres.",
    send_link: "M’envoyer le lien",
    yours: Sentence("Ce que l’on sait de {}"),
    download: "Télécharger mes données",
    new_address: "Nouvelle adresse e-mail",
    change: "Changer d’adresse",
    erase: "M’effacer…",
    link: Said {
        title: "Le lien vers vos lettres",
        text: "Écrivez l’adresse à laquelle vos lettres arrivent : un message avec un lien y est envoyé.",
    },
    link_asked: Said {
        title: "Regardez votre boîte de réception",
        text: "Si cette adresse est abonnée ici, un message avec un lien est en route. Le lien vaut un jour. Si rien n’arrive d’ici quelques minutes, regardez parmi les indésirables.",
    },
    over: Said {
        title: "Ce lien ne vaut plus",
        text: "Il a servi ou est trop ancien. Faites-vous en envoyer un nouveau.",
    },
    change_asked: Said {
        title: "Regardez la nouvelle boîte",
        text: "Si des lettres peuvent être envoyées à cette adresse, un message y demande si elle est à vous. Rien ne change tant que vous n’avez pas confirmé. L’ancienne adresse est aussi prévenue.",
    },
    confirm: Asked {
        title: Sentence("Changer votre adresse pour {} ?"),
        text: "Une pression sur le bouton, et vos lettres arrivent à cette adresse.",
    },
    confirm_button: "Utiliser cette adresse",
    changed: Said {
        title: "Votre adresse est changée",
        text: "Vos lettres arrivent désormais à la nouvelle adresse.",
    },
    taken: Said {
        title: "Cette adresse ne peut pas servir",
        text: "Elle est déjà abonnée, ou ne doit rien recevoir. Rien n’a été changé.",
    },
    keep: Said {
        title: "Garder votre ancienne adresse ?",
        text: "Une pression sur le bouton, et vos lettres arrivent à l’ancienne adresse comme avant.",
    },
    keep_button: "Garder l’ancienne adresse",
    kept: Said {
        title: "Votre adresse reste la même",
        text: "Le changement est arrêté. Les liens envoyés auparavant ne montrent plus vos données.",
    },
    erasing: Said {
        title: "Effacer tout ce qui vous concerne ?",
        text: "Vos abonnements et tout ce que l’on sait de vous sont effacés aussitôt, et personne ne peut les rétablir. Seul un code tiré de votre adresse est gardé, pour qu’elle ne soit plus jamais inscrite : vous ne pourrez plus vous abonner avec elle.",
    },
    erase_button: "Tout effacer",
    erased: Said {
        title: "Vous êtes effacé",
        text: "Il ne reste de vous qu’un code tiré de votre adresse, qui la tient à l’écart.",
    },
    link_mail: ErrandWords {
        subject: Sentence("Votre lien pour {}"),
        request: Sentence(
            "Quelqu’un, vous sans doute, a demandé le lien qui sert à gérer vos lettres et vos données chez {}. Il vaut un jour.",
        ),
        button: "Ouvrir ma page",
        otherwise: "Si ce n’était pas vous, ne faites rien : rien ne change. Ne donnez ce lien à personne.",
    },
    new_mail: ErrandWords {
        subject: Sentence("Confirmez votre nouvelle adresse pour {}"),
        request: Sentence(
            "Quelqu’un, vous sans doute, a demandé que ses lettres de {} arrivent à cette adresse. Confirmez-le dans la journée.",
        ),
        button: "Utiliser cette adresse",
        otherwise: "Si ce n’était pas vous, ne faites rien : vous ne recevrez plus de message.",
    },
    old_mail: ErrandWords {
        subject: Sentence("Votre adresse chez {} va changer"),
        request: Sentence(
            "Quelqu’un, vous sans doute, a demandé que vos lettres de {} aillent à une autre adresse. Si ce n’était pas vous, arrêtez-le ici.",
        ),
        button: "Garder cette adresse",
        otherwise: "Si c’était vous, ne faites rien. Le lien vaut jusqu’à trois jours après le changement.",
    },
    why: Sentence("Ce seul message a été envoyé parce que quelqu’un l’a demandé sur les pages de {}."),
};
