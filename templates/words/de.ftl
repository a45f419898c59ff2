## Digests

own-name = Deutsch
number = Nr. { $number }
view-in-browser = Im Browser lesen
inside = Im Blatt: { $sections }
also = Außerdem in dieser Ausgabe
also-in = auch in { $sources }
listen = Anhören
watch = Ansehen
by = Von { $names }
minutes = { $count } Min. Lesezeit
more-on-the-web =
    { $count ->
        [one] und { $count } weiterer Artikel im Web
       *[other] und { $count } weitere Artikel im Web
    }
why = Sie erhalten diese Mail, weil Sie { $title } abonniert haben.
unsubscribe = Abbestellen
archive = Alle Ausgaben
feeds = Feeds:
counted = Wir zählen, wie oft Links angeklickt werden, nie von wem.
test = Dies ist ein Test. Die Ausgabe ist nicht erschienen.
test-mark = [Test]

names-next = { $names }, { $name }
names-last = { $names } und { $name }

## Dates

dates-with-weekday = { $weekday }, { $day }. { $month } { $year }
dates-short = { $day }. { $month }
dates-long = { $day }. { $month } { $year }
dates-day = { $day }
dates-weekday-1 = Montag
dates-weekday-2 = Dienstag
dates-weekday-3 = Mittwoch
dates-weekday-4 = Donnerstag
dates-weekday-5 = Freitag
dates-weekday-6 = Samstag
dates-weekday-7 = Sonntag
dates-month-1 = Januar
dates-month-2 = Februar
dates-month-3 = März
dates-month-4 = April
dates-month-5 = Mai
dates-month-6 = Juni
dates-month-7 = Juli
dates-month-8 = August
dates-month-9 = September
dates-month-10 = Oktober
dates-month-11 = November
dates-month-12 = Dezember

## The mail that asks to confirm a subscription

confirmation-subject = Bitte bestätigen Sie Ihr Abonnement: { $title }
confirmation-request = Jemand, hoffentlich Sie selbst, hat { $title } für diese Adresse bestellt. Bestätigen Sie es, und die nächste Ausgabe kommt zu Ihnen.
confirmation-confirm = Abonnement bestätigen
confirmation-address = Falls der Knopf nicht geht, öffnen Sie diese Adresse:
confirmation-otherwise = Waren Sie es nicht, tun Sie nichts: Es kommt keine weitere Mail.
confirmation-why = Diese eine Mail kam, weil diese Adresse in das Formular von { $title } eingetragen wurde.

## Pages

page-skip = Zum Inhalt springen
page-navigation = Diese Seiten
page-front = Titelseite
page-newsletters = Newsletter
page-newsletter = Newsletter
page-section = Ressort
page-sections = Ressorts dieses Artikels
page-nothing = Noch ist nichts erschienen. Schauen Sie bald wieder vorbei.
page-editions = Ausgaben
page-no-edition = Die erste Ausgabe ist noch nicht erschienen.
page-previous = Vorige Ausgabe
page-next = Nächste Ausgabe
page-newer-editions = Neuere Ausgaben
page-older-editions = Ältere Ausgaben
page-editions-of = { $title }: Ausgaben
page-feeds-of = Feeds: { $title }
page-feed = Feed
page-feed-meaning = Das ist ein Feed. Ihn lesen Feedreader: Programme und Apps, die Neues von vielen Seiten an einem Ort sammeln, ohne Konto und ohne E-Mail-Adresse.
page-feed-use = Kopieren Sie diese Adresse in Ihren, dann kommt von selbst zu Ihnen, was hier neu ist.
page-feed-address = Adresse dieses Feeds
page-feed-formats = Dasselbe in anderen Formaten
page-newest = Neueste Einträge
page-older = Ältere Einträge
page-newer = Neuere Einträge
page-all-feeds = Alle Feeds dieser Seiten zum Importieren in einen Feedreader (OPML)
page-changed = Zuletzt geändert: { $day }
page-author = Über die Autorin oder den Autor
page-origin = Diesen Artikel auf { $site } lesen
page-share = Diesen Artikel teilen
page-share-mail = Per Mail
page-share-on = Auf { $place } teilen
page-share-copy = Oder kopieren Sie die Adresse:
page-related = Lesen Sie auch
page-most-read = Meistgelesen
page-subscribe-to = { $title } abonnieren
page-choose = Wählen Sie, was Sie lesen möchten.
page-address = E-Mail-Adresse
page-subscribe = Abonnieren
page-promise = Eine Mail bittet Sie um Bestätigung. Abbestellen können Sie jederzeit mit einem Klick.
page-no-address = Das ist keine E-Mail-Adresse. Schreiben Sie sie wie name@example.org.
page-disposable = Adressen dieser Art gibt es bald nicht mehr. Nehmen Sie eine, unter der Sie länger zu erreichen sind.
page-role = Eine Adresse wie info@ lesen mehrere oder niemand. Nehmen Sie Ihre eigene.
page-moment = Das ging sehr schnell, oder das Formular war länger als einen Tag offen. Drücken Sie den Knopf noch einmal.
page-trap = Lassen Sie dieses Feld leer
page-no-choice = Wählen Sie mindestens einen Newsletter.
page-asked-title = Sehen Sie in Ihr Postfach
page-asked-text = Eine Mail mit einem Link ist unterwegs zu Ihnen. Öffnen Sie ihn und bestätigen Sie, dann kommt die nächste Ausgabe. Falls in einigen Minuten nichts da ist, sehen Sie im Spam-Ordner nach.
page-confirm-title = { $titles } abonnieren?
page-confirm-text = Ein Druck auf den Knopf, und die nächste Ausgabe kommt in Ihr Postfach.
page-confirmed-title = Ihr Abonnement läuft
page-confirmed-text = Die nächste Ausgabe kommt in Ihr Postfach. In jeder steht ein Link zum Abbestellen.
page-confirmation-over-title = Dieser Link gilt nicht mehr
page-confirmation-over-text = Er wurde benutzt oder ist zu alt. Abonnieren Sie noch einmal, und eine neue Mail bittet Sie um Bestätigung.
page-leave-title = { $title } abbestellen?
page-leave-text = Ein Druck auf den Knopf, und Sie erhalten keine weitere Ausgabe.
page-left-title = { $title } ist abbestellt
page-left-text = Sie erhalten keine weitere Ausgabe. Sie können jederzeit wiederkommen.
page-bad-link-title = Dieser Link geht nicht
page-bad-link-text = Er ist unvollständig oder wurde unterwegs verändert. Öffnen Sie ihn noch einmal in der Mail, oder kopieren Sie von dort die ganze Adresse.
page-not-found-title = Diese Seite gibt es nicht
page-not-found-text = Vielleicht ist die Adresse falsch geschrieben, oder die Seite wurde entfernt. Über die Titelseite finden Sie alles, was hier steht.
page-gone-title = Dieser Newsletter ist eingestellt
page-gone-text = Er erscheint nicht mehr. Auf der Titelseite finden Sie die anderen.
page-withdrawn-title = Dieser Artikel wurde zurückgezogen
page-withdrawn-text = Die Redaktion hat ihn zurückgenommen. Über die Titelseite finden Sie alles, was hier steht.
page-bad-request-title = Das war nicht zu verstehen
page-bad-request-text = Die Anfrage war unvollständig oder zu groß. Gehen Sie zurück und versuchen Sie es noch einmal.
page-unsearchable-title = Danach lässt sich nicht suchen
page-unsearchable-text = Zeichen wie - + ( und : haben in einer Suche eine eigene Bedeutung. Setzen Sie Wörter mit Zeichen in gerade Anführungszeichen.
page-not-as-wanted-title = Das ist nicht mehr, was es war
page-not-as-wanted-text = Die Anfrage sollte nur beantwortet werden, solange sich hier nichts geändert hat, und es hat sich etwas geändert. Fragen Sie noch einmal ohne diese Bedingung.
page-too-many-title = Das war zu oft
page-too-many-text = Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal.
page-crowd-title = Einen Moment, bitte
page-crowd-text = Gerade melden sich sehr viele an. Ihr Browser zeigt, dass ein Mensch dahintersteht; das dauert einige Sekunden, dann geht es von selbst weiter.
page-crowd-wait =
    { $count ->
        [one] Falls nichts geschieht: Warten Sie eine Sekunde und drücken Sie dann den Knopf.
       *[other] Falls nichts geschieht: Warten Sie { $count } Sekunden und drücken Sie dann den Knopf.
    }
page-failed-title = Etwas ist schiefgegangen
page-failed-text = Der Fehler liegt bei uns und ist vermerkt. Bitte versuchen Sie es in einigen Minuten noch einmal.
page-busy-title = Zu viele Leser auf einmal
page-busy-text = Bitte versuchen Sie es gleich noch einmal.

## The page with which people search the archive

search-title = Suche
search-field = Was suchen Sie?
search-button = Suchen
search-hint = Alle Wörter müssen in einem Artikel stehen. Setzen Sie Wörter, die zusammengehören, in Anführungszeichen.
search-nothing = Es wurde nichts gefunden. Versuchen Sie es mit weniger oder anderen Wörtern.
search-within = Nur in { $title }
search-everywhere = Überall suchen
search-previous = Vorige Treffer
search-next = Weitere Treffer

## The page on which readers manage what they get

manage-link = Abonnements verwalten
manage-title = Ihre Newsletter
manage-intro = Was Sie hier ändern, gilt sofort. Wer die Adresse dieser Seite hat, kann es auch ändern: Behalten Sie sie für sich.
manage-all = Alle zusammen
manage-active = Sie erhalten ihn.
manage-paused = Pausiert. Sie erhalten ihn wieder ab dem { $day }.
manage-asleep = Pausiert: Sie wurden gefragt, ob Sie ihn noch möchten, und haben nicht geantwortet.
manage-pending = Eine Mail hat Sie um Bestätigung gebeten. Sehen Sie in Ihr Postfach.
manage-left = Sie haben ihn abbestellt.
manage-absent = Sie erhalten ihn nicht.
manage-until = Wieder senden ab
manage-pause-hint = Vor diesem Tag wird nichts gesendet. Was inzwischen erscheint, steht im Web.
manage-pause = Pausieren
manage-pause-all = Alle pausieren
manage-resume = Jetzt wieder senden
manage-bad-day = Wählen Sie einen Tag ab morgen, höchstens in einem Jahr.
manage-undo = Rückgängig machen
manage-why = Möchten Sie uns sagen, warum? (freiwillig)
manage-why-send = Senden
manage-thanks = Danke. Es ist notiert.
manage-suppressed = An Ihre Adresse wird nichts gesendet: Mails an sie kamen zurück oder wurden als unerwünscht gemeldet. Wenn sich das ändern soll, schreiben Sie uns.

choose-topics = Themen
choose-topics-hint = Ohne Häkchen bekommen Sie alle.
choose-rhythm = Wie oft
choose-newsletter = Wie der Newsletter erscheint
choose-each-article = Jeden Artikel, sobald er da ist
choose-daily = Einmal am Tag
choose-weekly = Einmal in der Woche
choose-hour = Um diese Uhrzeit
choose-hour-hint = Die Uhrzeit gilt für einmal am Tag und einmal in der Woche, nach den Uhren der Zeitzone.
choose-time-zone = Zeitzone
choose-language = Sprache unserer Mails zum Abonnement
choose-language-of-newsletter = Die der Ausgaben
choose-save = Speichern
choose-bad = { $field }: Das steht hier nicht zur Wahl. Zur Wahl stehen: { $allowed }.
choose-bad-zone = So heißt keine Zeitzone. Schreiben Sie eine wie Europe/Berlin oder America/New_York.
choose-catch-up = Schicken Sie mir dann, was ich verpasst habe

## What readers do with their own data, and the mails with one link that they ask for

personal-title = Ihre Daten
personal-by-mail = Um Ihre Daten zu sehen, Ihre Adresse zu ändern oder gelöscht zu werden, brauchen Sie einen Link, der Ihnen gemailt wird: Eine Ausgabe kann weitergeleitet worden sein.
personal-send-link = Link zusenden
personal-yours = Was über { $address } bekannt ist
personal-download = Meine Daten herunterladen
personal-new-address = Neue E-Mail-Adresse
personal-change = Adresse ändern
personal-erase = Mich löschen …
personal-link-title = Der Link zu Ihren Newslettern
personal-link-text = Geben Sie die Adresse ein, an die Ihre Newsletter kommen; dorthin geht eine Mail mit einem Link.
personal-link-asked-title = Sehen Sie in Ihr Postfach
personal-link-asked-text = Falls diese Adresse hier etwas abonniert hat, ist eine Mail mit einem Link unterwegs. Er gilt einen Tag. Falls in einigen Minuten nichts da ist, sehen Sie im Spam-Ordner nach.
personal-over-title = Dieser Link gilt nicht mehr
personal-over-text = Er wurde benutzt oder ist zu alt. Lassen Sie sich einen neuen zusenden.
personal-change-asked-title = Sehen Sie in das neue Postfach
personal-change-asked-text = Falls an diese Adresse Newsletter gesendet werden können, fragt dort eine Mail, ob sie Ihnen gehört. Bis Sie das bestätigen, ändert sich nichts. Auch die alte Adresse erfährt davon.
personal-confirm-title = Ihre Adresse in { $address } ändern?
personal-confirm-text = Ein Druck auf den Knopf, und Ihre Newsletter kommen an diese Adresse.
personal-confirm-button = Diese Adresse verwenden
personal-changed-title = Ihre Adresse ist geändert
personal-changed-text = Ihre Newsletter kommen von nun an an die neue Adresse.
personal-taken-title = Diese Adresse kann nicht verwendet werden
personal-taken-text = Sie hat schon etwas abonniert oder soll nie Mails erhalten. Es wurde nichts geändert.
personal-keep-title = Alte Adresse behalten?
personal-keep-text = Ein Druck auf den Knopf, und Ihre Newsletter kommen wie bisher an die alte Adresse.
personal-keep-button = Alte Adresse behalten
personal-kept-title = Ihre Adresse bleibt, wie sie war
personal-kept-text = Die Änderung ist gestoppt. Früher zugesandte Links zeigen Ihre Daten nicht mehr.
personal-erasing-title = Alles über Sie löschen?
personal-erasing-text = Ihre Abonnements und alles, was über Sie bekannt ist, werden sofort gelöscht und lassen sich nicht zurückholen. Es bleibt nur ein aus Ihrer Adresse gebildeter Code, damit sie nie wieder eingetragen wird: Mit ihr können Sie nichts mehr abonnieren.
personal-erase-button = Alles löschen
personal-erased-title = Sie sind gelöscht
personal-erased-text = Über Sie bleibt nichts als ein aus Ihrer Adresse gebildeter Code, der sie fernhält.
personal-link-mail-subject = Ihr Link für { $title }
personal-link-mail-request = Jemand, hoffentlich Sie, hat um den Link gebeten, mit dem Sie Ihre Newsletter und Daten bei { $title } verwalten. Er gilt einen Tag.
personal-link-mail-button = Meine Seite öffnen
personal-link-mail-otherwise = Waren Sie es nicht, tun Sie nichts: Es ändert sich nichts. Geben Sie den Link niemandem.
personal-new-mail-subject = Bitte bestätigen Sie Ihre neue Adresse für { $title }
personal-new-mail-request = Jemand, hoffentlich Sie, hat gebeten, dass die eigenen Newsletter von { $title } an diese Adresse kommen. Bestätigen Sie es innerhalb eines Tages.
personal-new-mail-button = Diese Adresse verwenden
personal-new-mail-otherwise = Waren Sie es nicht, tun Sie nichts: Sie erhalten keine weitere Mail.
personal-old-mail-subject = Ihre Adresse bei { $title } soll geändert werden
personal-old-mail-request = Jemand, hoffentlich Sie, hat gebeten, dass Ihre Newsletter von { $title } an eine andere Adresse gehen. Waren Sie es nicht, stoppen Sie es hier.
personal-old-mail-button = Diese Adresse behalten
personal-old-mail-otherwise = Waren Sie es, tun Sie nichts. Der Link gilt bis drei Tage nach der Änderung.
personal-wanted-title = Möchten Sie { $title } noch?
personal-wanted-text = Ein Druck, und er kommt wie bisher.
personal-still-wanted-title = Danke
personal-still-wanted-text = Er kommt wie bisher. In jeder Ausgabe steht ein Link, mit dem Sie abbestellen können.
personal-wanted-mail-subject = Möchten Sie { $title } noch?
personal-wanted-mail-request = Sie bekommen { $title } seit langer Zeit. Nützt er Ihnen noch? Ein Druck, und er kommt wie bisher.
personal-wanted-mail-button = Ja, weiter senden
personal-wanted-mail-otherwise = Wenn Sie nichts tun, werden Sie nach einem Monat noch einmal gefragt. Nach einem weiteren Monat wird er pausiert, und nichts ist verloren: Dieser Knopf bringt ihn jederzeit zurück.
personal-wanted-why = Sie erhalten diese Mail, weil Sie { $title } abonniert haben. Wir wissen nicht, was Sie öffnen oder anklicken: Deshalb fragen wir.
personal-why = Diese eine Mail wurde gesendet, weil jemand auf den Seiten von { $title } darum gebeten hat.
private-about = Die Ausgaben sind allein für die Leserinnen und Leser. Abonnieren Sie, und jede kommt in Ihr Postfach.
private-yours = Diese Seite ist für Leserinnen und Leser des Newsletters, und ihre Adresse gehört Ihnen allein: Wer sie hat, kann lesen, was Sie lesen.
private-over-title = Dieser Link gilt nicht mehr
private-over-text = Er öffnete einen Newsletter für jemanden, der ihn abonniert hatte, und dieses Abonnement ist beendet. Abonnieren Sie ihn wieder, und die Links in Ihren Mails öffnen ihn wieder.
private-feed = Ein Feed für Ihren Feedreader
private-feed-hint = Die Adresse gehört Ihnen allein: Wer sie hat, kann den Newsletter lesen. Hat sie jemand anders bekommen, nehmen Sie eine andere; die alte gilt dann nicht mehr.
private-feed-make = Feed anlegen
private-feed-renew = Andere Adresse nehmen
private-feed-end = Feed beenden
private-feed-elsewhere = Für einen Feed dieses Newsletters öffnen Sie diese Seite über den Link in einer seiner Mails oder über einen, der Ihnen zugesandt wird (unten).
private-feed-over-title = Diesen Feed gibt es nicht mehr
private-feed-over-text = Er wurde beendet, hat eine andere Adresse bekommen, oder das Abonnement ist beendet. Die heutige Adresse steht auf der Seite, auf der man seine Newsletter verwaltet; jede Mail des Newsletters führt dorthin.
