//! German.

use super::{Asked, PageWords, Said, Sentence};

pub const WORDS: PageWords = PageWords {
    skip: "Zum Inhalt springen",
    navigation: "Diese Seiten",
    front: "Titelseite",
    newsletters: "Newsletter",
    newsletter: "Newsletter",
    section: "Ressort",
    sections: "Ressorts dieses Artikels",
    nothing: "Noch ist nichts erschienen. Schauen Sie bald wieder vorbei.",
    editions: "Ausgaben",
    no_edition: "Die erste Ausgabe ist noch nicht erschienen.",
    previous: "Vorige Ausgabe",
    next: "Nächste Ausgabe",
    editions_of: Sentence("{}: Ausgaben"),
    feeds_of: Sentence("Feeds: {}"),
    feed: "Feed",
    feed_meaning: "Das ist ein Feed. Ihn lesen Feedreader: Programme und Apps, die Neues von vielen Seiten an einem Ort sammeln, ohne Konto und ohne E-Mail-Adresse.",
    feed_use: "Kopieren Sie diese Adresse in Ihren, dann kommt von selbst zu Ihnen, was hier neu ist.",
    feed_address: "Adresse dieses Feeds",
    feed_formats: "Dasselbe in anderen Formaten",
    newest: "Neueste Einträge",
    older: "Ältere Einträge",
    newer: "Neuere Einträge",
    all_feeds: "Alle Feeds dieser Seiten zum Importieren in einen Feedreader (OPML)",
    changed: Sentence("Zuletzt geändert: {}"),
    author: "Über die Autorin oder den Autor",
    origin: Sentence("Diesen Artikel auf {} lesen"),
    subscribe_to: Sentence("{} abonnieren"),
    choose: "Wählen Sie, was Sie lesen möchten.",
    address: "E-Mail-Adresse",
    subscribe: "Abonnieren",
    promise: "Eine Mail bittet Sie um Bestätigung. Abbestellen können Sie jederzeit mit einem Klick.",
    no_address: "Das ist keine E-Mail-Adresse. Schreiben Sie sie wie name@example.org.",
    no_choice: "Wählen Sie mindestens einen Newsletter.",
    asked: Said {
        title: "Sehen Sie in Ihr Postfach",
        text: "Eine Mail mit einem Link ist unterwegs zu Ihnen. Öffnen Sie ihn und bestätigen Sie, dann kommt die nächste Ausgabe. Falls in einigen Minuten nichts da ist, sehen Sie im Spam-Ordner nach.",
    },
    confirm: Asked {
        title: Sentence("{} abonnieren?"),
        text: "Ein Druck auf den Knopf, und die nächste Ausgabe kommt in Ihr Postfach.",
    },
    confirmed: Said {
        title: "Ihr Abonnement läuft",
        text: "Die nächste Ausgabe kommt in Ihr Postfach. In jeder steht ein Link zum Abbestellen.",
    },
    leave: Asked {
        title: Sentence("{} abbestellen?"),
        text: "Ein Druck auf den Knopf, und Sie erhalten keine weitere Ausgabe.",
    },
    left: Asked {
        title: Sentence("{} ist abbestellt"),
        text: "Sie erhalten keine weitere Ausgabe. Sie können jederzeit wiederkommen.",
    },
    bad_link: Said {
        title: "Dieser Link geht nicht",
        text: "Er ist unvollständig oder wurde unterwegs verändert. Öffnen Sie ihn noch einmal in der Mail, oder kopieren Sie von dort die ganze Adresse.",
    },
    not_found: Said {
        title: "Diese Seite gibt es nicht",
        text: "Vielleicht ist die Adresse falsch geschrieben, oder die Seite wurde entfernt. Über die Titelseite finden Sie alles, was hier steht.",
    },
    gone: Said {
        title: "Dieser Newsletter ist eingestellt",
        text: "Er erscheint nicht mehr. Auf der Titelseite finden Sie die anderen.",
    },
    withdrawn: Said {
        title: "Dieser Artikel wurde zurückgezogen",
        text: "Die Redaktion hat ihn zurückgenommen. Über die Titelseite finden Sie alles, was hier steht.",
    },
    bad_request: Said {
        title: "Das war nicht zu verstehen",
        text: "Die Anfrage war unvollständig oder zu groß. Gehen Sie zurück und versuchen Sie es noch einmal.",
    },
    unsearchable: Said {
        title: "Danach lässt sich nicht suchen",
        text: "Zeichen wie - + ( und : haben in einer Suche eine eigene Bedeutung. Setzen Sie Wörter mit Zeichen in gerade Anführungszeichen.",
    },
    not_as_wanted: Said {
        title: "Das ist nicht mehr, was es war",
        text: "Die Anfrage sollte nur beantwortet werden, solange sich hier nichts geändert hat, und es hat sich etwas geändert. Fragen Sie noch einmal ohne diese Bedingung.",
    },
    too_many: Said {
        title: "Das war zu oft",
        text: "Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal.",
    },
    failed: Said {
        title: "Etwas ist schiefgegangen",
        text: "Der Fehler liegt bei uns und ist vermerkt. Bitte versuchen Sie es in einigen Minuten noch einmal.",
    },
    busy: Said { title: "Zu viele Leser auf einmal", text: "Bitte versuchen Sie es gleich noch einmal." },
};
