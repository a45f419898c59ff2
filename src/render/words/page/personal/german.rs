//! German.

use super::super::{Asked, Said};
use super::{ErrandWords, PersonalWords};
use crate::render::words::Sentence;

pub const WORDS: PersonalWords = PersonalWords {
    title: "Ihre Daten",
    by_mail: "Um Ihre Daten zu sehen, Ihre Adresse zu ändern oder gelöscht zu werden, brauchen Sie einen Link, der Ihnen gemailt wird: Eine Ausgabe kann weitergeleitet worden sein.",
    send_link: "Link zusenden",
    yours: Sentence("Was über {} bekannt ist"),
    download: "Meine Daten herunterladen",
    new_address: "Neue E-Mail-Adresse",
    change: "Adresse ändern",
    erase: "Mich löschen …",
    link: Said {
        title: "Der Link zu Ihren Newslettern",
        text: "Geben Sie die Adresse ein, an die Ihre Newsletter kommen; dorthin geht eine Mail mit einem Link.",
    },
    link_asked: Said {
        title: "Sehen Sie in Ihr Postfach",
        text: "Falls diese Adresse hier etwas abonniert hat, ist eine Mail mit einem Link unterwegs. Er gilt einen Tag. Falls in einigen Minuten nichts da ist, sehen Sie im Spam-Ordner nach.",
    },
    over: Said {
        title: "Dieser Link gilt nicht mehr",
        text: "Er wurde benutzt oder ist zu alt. Lassen Sie sich einen neuen zusenden.",
    },
    change_asked: Said {
        title: "Sehen Sie in das neue Postfach",
        text: "Falls an diese Adresse Newsletter gesendet werden können, fragt dort eine Mail, ob sie Ihnen gehört. Bis Sie das bestätigen, ändert sich nichts. Auch die alte Adresse erfährt davon.",
    },
    confirm: Asked {
        title: Sentence("Ihre Adresse in {} ändern?"),
        text: "Ein Druck auf den Knopf, und Ihre Newsletter kommen an diese Adresse.",
    },
    confirm_button: "Diese Adresse verwenden",
    changed: Said {
        title: "Ihre Adresse ist geändert",
        text: "Ihre Newsletter kommen von nun an an die neue Adresse.",
    },
    taken: Said {
        title: "Diese Adresse kann nicht verwendet werden",
        text: "Sie hat schon etwas abonniert oder soll nie Mails erhalten. Es wurde nichts geändert.",
    },
    keep: Said {
        title: "Alte Adresse behalten?",
        text: "Ein Druck auf den Knopf, und Ihre Newsletter kommen wie bisher an die alte Adresse.",
    },
    keep_button: "Alte Adresse behalten",
    kept: Said {
        title: "Ihre Adresse bleibt, wie sie war",
        text: "Die Änderung ist gestoppt. Früher zugesandte Links zeigen Ihre Daten nicht mehr.",
    },
    erasing: Said {
        title: "Alles über Sie löschen?",
        text: "Ihre Abonnements und alles, was über Sie bekannt ist, werden sofort gelöscht und lassen sich nicht zurückholen. Es bleibt nur ein aus Ihrer Adresse gebildeter Code, damit sie nie wieder eingetragen wird: Mit ihr können Sie nichts mehr abonnieren.",
    },
    erase_button: "Alles löschen",
    erased: Said {
        title: "Sie sind gelöscht",
        text: "Über Sie bleibt nichts als ein aus Ihrer Adresse gebildeter Code, der sie fernhält.",
    },
    link_mail: ErrandWords {
        subject: Sentence("Ihr Link für {}"),
        request: Sentence(
            "Jemand, hoffentlich Sie, hat um den Link gebeten, mit dem Sie Ihre Newsletter und Daten bei {} verwalten. Er gilt einen Tag.",
        ),
        button: "Meine Seite öffnen",
        otherwise: "Waren Sie es nicht, tun Sie nichts: Es ändert sich nichts. Geben Sie den Link niemandem.",
    },
    new_mail: ErrandWords {
        subject: Sentence("Bitte bestätigen Sie Ihre neue Adresse für {}"),
        request: Sentence(
            "Jemand, hoffentlich Sie, hat gebeten, dass die eigenen Newsletter von {} an diese Adresse kommen. Bestätigen Sie es innerhalb eines Tages.",
        ),
        button: "Diese Adresse verwenden",
        otherwise: "Waren Sie es nicht, tun Sie nichts: Sie erhalten keine weitere Mail.",
    },
    old_mail: ErrandWords {
        subject: Sentence("Ihre Adresse bei {} soll geändert werden"),
        request: Sentence(
            "Jemand, hoffentlich Sie, hat gebeten, dass Ihre Newsletter von {} an eine andere Adresse gehen. Waren Sie es nicht, stoppen Sie es hier.",
        ),
        button: "Diese Adresse behalten",
        otherwise: "Waren Sie es, tun Sie nichts. Der Link gilt bis drei Tage nach der Änderung.",
    },
    why: Sentence("Diese eine Mail wurde gesendet, weil jemand auf den Seiten von {} darum gebeten hat."),
};
