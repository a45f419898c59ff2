## Digests

own-name = Français
number = N° { $number }
view-in-browser = Lire dans le navigateur
inside = Au sommaire : { $sections }
also = Également dans cette édition
also-in = aussi dans { $sources }
listen = Écouter
watch = Regarder
by = Par { $names }
minutes = { $count } min de lecture
more-on-the-web =
    { $count ->
        [one] et { $count } autre article sur le web
       *[other] et { $count } autres articles sur le web
    }
why = Vous recevez ce message parce que vous êtes abonné à { $title }.
unsubscribe = Se désabonner
archive = Toutes les éditions
feeds = Flux :
counted = Nous comptons combien de fois les liens sont suivis, jamais par qui.
test = Ceci est un essai. L’édition n’est pas parue.
test-mark = [Essai]

names-next = { $names }, { $name }
names-last = { $names } et { $name }

## Dates

dates-with-weekday = { $weekday } { $day } { $month } { $year }
dates-short = { $day } { $month }
dates-long = { $day } { $month } { $year }
dates-day =
    { $day ->
        [1] 1er
       *[other] { $day }
    }
dates-weekday-1 = lundi
dates-weekday-2 = mardi
dates-weekday-3 = mercredi
dates-weekday-4 = jeudi
dates-weekday-5 = vendredi
dates-weekday-6 = samedi
dates-weekday-7 = dimanche
dates-month-1 = janvier
dates-month-2 = février
dates-month-3 = mars
dates-month-4 = avril
dates-month-5 = mai
dates-month-6 = juin
dates-month-7 = juillet
dates-month-8 = août
dates-month-9 = septembre
dates-month-10 = octobre
dates-month-11 = novembre
dates-month-12 = décembre

## The mail that asks to confirm a subscription

confirmation-subject = Confirmez votre abonnement à { $title }
confirmation-request = Quelqu’un, vous sans doute, a demandé l’envoi de { $title } à cette adresse. Confirmez, et la prochaine édition est à vous.
confirmation-confirm = Confirmer mon abonnement
confirmation-address = Si le bouton ne répond pas, ouvrez cette adresse :
confirmation-otherwise = Si ce n’était pas vous, ne faites rien : vous ne recevrez plus de message.
confirmation-why = Ce seul message est parti parce que cette adresse a été saisie dans le formulaire de { $title }.

## Pages

page-skip = Aller au contenu
page-navigation = Ce site
page-front = À la une
page-newsletters = Lettres d’information
page-newsletter = Lettre d’information
page-section = Rubrique
page-sections = Rubriques de cet article
page-nothing = Rien n’est encore paru. Revenez bientôt.
page-editions = Éditions
page-no-edition = La première édition n’est pas encore parue.
page-previous = Édition précédente
page-next = Édition suivante
page-newer-editions = Éditions plus récentes
page-older-editions = Éditions plus anciennes
page-editions-of = { $title } : éditions
page-feeds-of = Flux : { $title }
page-feed = Flux
page-feed-meaning = Ceci est un flux. Il est fait pour les lecteurs de flux : des programmes et des applications qui réunissent les nouvelles de nombreux sites, sans compte ni adresse e-mail.
page-feed-use = Copiez cette adresse dans le vôtre, et les nouveautés viendront à vous d’elles-mêmes.
page-feed-address = Adresse de ce flux
page-feed-formats = Le même dans d’autres formats
page-newest = Derniers articles
page-older = Articles plus anciens
page-newer = Articles plus récents
page-all-feeds = Tous les flux de ce site, à importer dans un lecteur de flux (OPML)
page-changed = Modifié le { $day }
page-author = À propos de l’auteur
page-origin = Lire cet article sur { $site }
page-share = Partager cet article
page-share-mail = Par e-mail
page-share-on = Partager sur { $place }
page-share-copy = Ou copiez son adresse :
page-related = À lire aussi
page-most-read = Les plus lus
page-subscribe-to = S’abonner à { $title }
page-choose = Choisissez ce que vous aimeriez lire.
page-address = Adresse e-mail
page-subscribe = S’abonner
page-promise = Un message vous demandera de confirmer. Vous pourrez partir à tout moment, d’un clic.
page-no-address = Ce n’est pas une adresse e-mail. Écrivez-la comme nom@example.org.
page-disposable = Une adresse de ce genre disparaît bientôt. Prenez-en une où l’on pourra vous joindre plus longtemps.
page-role = Une adresse comme info@ est lue par plusieurs personnes, ou par aucune. Prenez la vôtre.
page-moment = C’était très rapide, ou le formulaire était ouvert depuis plus d’un jour. Appuyez encore une fois sur le bouton.
page-trap = Laissez ce champ vide
page-no-choice = Choisissez au moins une lettre.
page-asked-title = Regardez votre boîte de réception
page-asked-text = Un message avec un lien est en route. Ouvrez-le et confirmez, et la prochaine édition est à vous. Si rien n’arrive d’ici quelques minutes, regardez parmi les indésirables.
page-confirm-title = S’abonner à { $titles } ?
page-confirm-text = Une pression sur le bouton, et la prochaine édition arrive chez vous.
page-confirmed-title = Vous êtes abonné
page-confirmed-text = La prochaine édition arrive dans votre boîte. Chacune porte un lien pour se désabonner.
page-confirmation-over-title = Ce lien n’est plus valable
page-confirmation-over-text = Il a été utilisé, ou il est trop ancien. Abonnez-vous à nouveau, et un nouveau message vous demandera de confirmer.
page-leave-title = Se désabonner de { $title } ?
page-leave-text = Une pression sur le bouton, et vous ne recevrez plus aucune édition.
page-left-title = Vous êtes désabonné de { $title }
page-left-text = Vous ne recevrez plus aucune édition. Revenez quand vous voulez.
page-bad-link-title = Ce lien ne fonctionne pas
page-bad-link-text = Il est incomplet ou a été modifié en chemin. Ouvrez-le encore une fois dans le message, ou copiez-y l’adresse entière.
page-not-found-title = Cette page n’existe pas
page-not-found-text = L’adresse est peut-être mal écrite, ou la page a été retirée. La une mène à tout ce qui se trouve ici.
page-gone-title = Cette lettre a pris fin
page-gone-text = Elle ne paraît plus. La une mène à celles qui paraissent.
page-withdrawn-title = Cet article a été retiré
page-withdrawn-text = La rédaction l’a retiré. La une mène à tout ce qui se trouve ici.
page-bad-request-title = Demande incompréhensible
page-bad-request-text = Elle était incomplète ou trop longue. Revenez en arrière et réessayez.
page-unsearchable-title = Impossible de chercher ces mots
page-unsearchable-text = Les signes comme - + ( et : ont un sens particulier dans une recherche. Mettez les mots qui en contiennent entre guillemets droits.
page-not-as-wanted-title = Ce n’est plus la même chose
page-not-as-wanted-text = La réponse n’était voulue que si rien n’avait changé ici, et quelque chose a changé. Demandez de nouveau sans cette condition.
page-too-many-title = C’était trop souvent
page-too-many-text = Patientez quelques minutes, puis réessayez.
page-crowd-title = Un instant, s’il vous plaît
page-crowd-text = De très nombreuses personnes s’abonnent en ce moment. Votre navigateur montre qu’une personne est derrière lui, ce qui prend quelques secondes, puis continue de lui-même.
page-crowd-wait =
    { $count ->
        [one] Si rien ne se passe : attendez une seconde, puis appuyez sur le bouton.
       *[other] Si rien ne se passe : attendez { $count } secondes, puis appuyez sur le bouton.
    }
page-failed-title = Une erreur est survenue
page-failed-text = La faute est la nôtre, et elle est notée. Réessayez dans quelques minutes.
page-busy-title = Trop de lecteurs à la fois
page-busy-text = Réessayez dans un instant.

## The page with which people search the archive

search-title = Recherche
search-field = Que cherchez-vous ?
search-button = Rechercher
search-hint = Tous les mots doivent figurer dans l’article. Mettez entre guillemets les mots qui vont ensemble.
search-nothing = Aucun résultat. Essayez avec moins de mots, ou d’autres.
search-within = Uniquement dans { $title }
search-everywhere = Rechercher partout
search-previous = Résultats précédents
search-next = Résultats suivants

## The page on which readers manage what they get

manage-link = Gérer mes abonnements
manage-title = Vos lettres d’information
manage-intro = Ce que vous changez ici vaut aussitôt. Qui a l’adresse de cette page peut le changer aussi : gardez-la pour vous.
manage-all = Toutes à la fois
manage-active = Vous la recevez.
manage-paused = En pause. Vous la recevrez de nouveau à partir du { $day }.
manage-asleep = En pause : on vous a demandé si vous la souhaitez encore, et vous n’avez pas répondu.
manage-pending = Un message vous a demandé de confirmer. Regardez votre boîte de réception.
manage-left = Vous vous êtes désabonné.
manage-absent = Vous ne la recevez pas.
manage-until = Envoyer de nouveau à partir du
manage-pause-hint = Rien n’est envoyé avant ce jour. Ce qui paraît entre-temps se lit sur le web.
manage-pause = Mettre en pause
manage-pause-all = Tout mettre en pause
manage-resume = Envoyer de nouveau
manage-bad-day = Choisissez un jour à partir de demain, d’ici un an au plus.
manage-undo = Annuler
manage-why = Voulez-vous nous dire pourquoi ? (facultatif)
manage-why-send = Envoyer
manage-thanks = Merci. C’est noté.
manage-suppressed = Rien n’est envoyé à votre adresse : des messages en sont revenus ou ont été signalés comme indésirables. Si cela doit changer, écrivez-nous.

choose-topics = Rubriques
choose-topics-hint = Ne cochez rien pour toutes les recevoir.
choose-rhythm = À quel rythme
choose-newsletter = Comme la lettre paraît
choose-each-article = Chaque article dès sa parution
choose-daily = Une fois par jour
choose-weekly = Une fois par semaine
choose-hour = À cette heure
choose-hour-hint = L’heure vaut pour une fois par jour et une fois par semaine, aux horloges du fuseau horaire.
choose-time-zone = Fuseau horaire
choose-language = Langue de nos messages sur votre abonnement
choose-language-of-newsletter = Celle de la lettre
choose-save = Enregistrer
choose-bad = { $field } : ce choix n’est pas proposé ici. Choix possibles : { $allowed }.
choose-bad-zone = Aucun fuseau horaire ne porte ce nom. Écrivez par exemple Europe/Paris ou America/New_York.
choose-catch-up = Envoyez-moi alors ce que j’ai manqué

## What readers do with their own data, and the mails with one link that they ask for

personal-title = Vos données
personal-by-mail = Pour voir vos données, changer d’adresse ou être effacé, il vous faut un lien envoyé par message : une édition peut avoir été transmise à d’autres.
personal-send-link = M’envoyer le lien
personal-yours = Ce que l’on sait de { $address }
personal-download = Télécharger mes données
personal-new-address = Nouvelle adresse e-mail
personal-change = Changer d’adresse
personal-erase = M’effacer…
personal-link-title = Le lien vers vos lettres
personal-link-text = Écrivez l’adresse à laquelle vos lettres arrivent : un message avec un lien y est envoyé.
personal-link-asked-title = Regardez votre boîte de réception
personal-link-asked-text = Si cette adresse est abonnée ici, un message avec un lien est en route. Le lien vaut un jour. Si rien n’arrive d’ici quelques minutes, regardez parmi les indésirables.
personal-over-title = Ce lien ne vaut plus
personal-over-text = Il a servi ou est trop ancien. Faites-vous en envoyer un nouveau.
personal-change-asked-title = Regardez la nouvelle boîte
personal-change-asked-text = Si des lettres peuvent être envoyées à cette adresse, un message y demande si elle est à vous. Rien ne change tant que vous n’avez pas confirmé. L’ancienne adresse est aussi prévenue.
personal-confirm-title = Changer votre adresse pour { $address } ?
personal-confirm-text = Une pression sur le bouton, et vos lettres arrivent à cette adresse.
personal-confirm-button = Utiliser cette adresse
personal-changed-title = Votre adresse est changée
personal-changed-text = Vos lettres arrivent désormais à la nouvelle adresse.
personal-taken-title = Cette adresse ne peut pas servir
personal-taken-text = Elle est déjà abonnée, ou ne doit rien recevoir. Rien n’a été changé.
personal-keep-title = Garder votre ancienne adresse ?
personal-keep-text = Une pression sur le bouton, et vos lettres arrivent à l’ancienne adresse comme avant.
personal-keep-button = Garder l’ancienne adresse
personal-kept-title = Votre adresse reste la même
personal-kept-text = Le changement est arrêté. Les liens envoyés auparavant ne montrent plus vos données.
personal-erasing-title = Effacer tout ce qui vous concerne ?
personal-erasing-text = Vos abonnements et tout ce que l’on sait de vous sont effacés aussitôt, et personne ne peut les rétablir. Seul un code tiré de votre adresse est gardé, pour qu’elle ne soit plus jamais inscrite : vous ne pourrez plus vous abonner avec elle.
personal-erase-button = Tout effacer
personal-erased-title = Vous êtes effacé
personal-erased-text = Il ne reste de vous qu’un code tiré de votre adresse, qui la tient à l’écart.
personal-link-mail-subject = Votre lien pour { $title }
personal-link-mail-request = Quelqu’un, vous sans doute, a demandé le lien qui sert à gérer vos lettres et vos données chez { $title }. Il vaut un jour.
personal-link-mail-button = Ouvrir ma page
personal-link-mail-otherwise = Si ce n’était pas vous, ne faites rien : rien ne change. Ne donnez ce lien à personne.
personal-new-mail-subject = Confirmez votre nouvelle adresse pour { $title }
personal-new-mail-request = Quelqu’un, vous sans doute, a demandé que ses lettres de { $title } arrivent à cette adresse. Confirmez-le dans la journée.
personal-new-mail-button = Utiliser cette adresse
personal-new-mail-otherwise = Si ce n’était pas vous, ne faites rien : vous ne recevrez plus de message.
personal-old-mail-subject = Votre adresse chez { $title } va changer
personal-old-mail-request = Quelqu’un, vous sans doute, a demandé que vos lettres de { $title } aillent à une autre adresse. Si ce n’était pas vous, arrêtez-le ici.
personal-old-mail-button = Garder cette adresse
personal-old-mail-otherwise = Si c’était vous, ne faites rien. Le lien vaut jusqu’à trois jours après le changement.
personal-wanted-title = Souhaitez-vous encore { $title } ?
personal-wanted-text = Une pression, et elle vous arrive comme avant.
personal-still-wanted-title = Merci
personal-still-wanted-text = Elle vous arrive comme avant. Chaque édition contient un lien pour vous désabonner.
personal-wanted-mail-subject = Souhaitez-vous encore { $title } ?
personal-wanted-mail-request = Vous recevez { $title } depuis longtemps. Vous est-elle encore utile ? Une pression, et elle arrive comme avant.
personal-wanted-mail-button = Oui, continuez l’envoi
personal-wanted-mail-otherwise = Si vous ne faites rien, la question vous est posée encore une fois après un mois. Un mois plus tard l’envoi est mis en pause, et rien n’est perdu : ce bouton le reprend à tout moment.
personal-wanted-why = Vous recevez ce message parce que vous êtes abonné à { $title }. Nous ne savons pas ce que vous ouvrez ou cliquez : c’est pourquoi nous demandons.
personal-why = Ce seul message a été envoyé parce que quelqu’un l’a demandé sur les pages de { $title }.
private-about = Ses éditions sont réservées à ses lecteurs. Abonnez-vous, et chacune arrivera dans votre boîte de réception.
private-yours = Cette page est réservée aux lecteurs de la lettre, et son adresse n’est qu’à vous : qui la possède peut lire ce que vous lisez.
private-over-title = Ce lien n’est plus valable
private-over-text = Il ouvrait une lettre à l’un de ses lecteurs, et cet abonnement a pris fin. Abonnez-vous de nouveau, et les liens de vos e-mails l’ouvriront à nouveau.
private-feed = Un flux pour votre lecteur de flux
private-feed-hint = L’adresse n’est qu’à vous : qui la possède peut lire la lettre. Si quelqu’un d’autre l’a obtenue, prenez-en une autre, et l’ancienne cessera.
private-feed-make = Créer un flux
private-feed-renew = Prendre une autre adresse
private-feed-end = Supprimer le flux
private-feed-elsewhere = Pour avoir un flux de cette lettre, ouvrez cette page par le lien d’un de ses e-mails, ou par celui qui vous sera envoyé (ci-dessous).
private-feed-over-title = Ce flux n’existe plus
private-feed-over-text = Son lecteur l’a supprimé, a pris une autre adresse ou n’est plus abonné. L’adresse actuelle se trouve sur la page où l’on gère ses abonnements, à laquelle mène chaque e-mail de la lettre.
