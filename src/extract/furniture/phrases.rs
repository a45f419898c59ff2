//! The phrases, by rule: how lines begin that go on with something of the page's own.
//!
//! They are compared with [`super::key()`], so: small letters, no accents, `'` for every apostrophe.

use super::Effect::{Box, Foot, Headlines, Line};
use super::Phrase;

/// Every rule that knows a line by its beginning.
pub const PHRASES: &[Phrase] = &[
    Phrase {
        rule: "post-appeared-first",
        effect: Line,
        begins: "\
            the post |this post |the article |this article |der beitrag |der artikel |l'article \
            |cet article |la entrada |el articulo |l'articolo |questo articolo |het bericht |o post \
            |o artigo |a postagem |ظهرت المقالة |ظهر المقال |نشر هذا المقال |المقالة |التدوينة |artykul \
            |wpis |запись |сообщение ",
        holds: "\
            | appeared first on | first appeared on | was first published on | erschien zuerst auf \
            | erschien zuerst bei | est apparu en premier sur | est apparu d'abord sur \
            | aparece primero en | se publico primero en | aparecio primero en | proviene da \
            | sembra essere il primo su | e apparso per la prima volta su | verscheen eerst op \
            | verscheen eerst bij | apareceu primeiro em | apareceu primeiro no | اولا على \
            | ظهرت اولا على | pojawil sie poczatkowo | впервые появилась | появились сначала на ",
        longest: 400,
        may_be_sentence: true,
    },
    Phrase {
        rule: "read-also",
        effect: Line,
        begins: "\
            also read:|read also:|see also:|also see:|related:|related story:|related article:\
            |related news:|read next:|read more:|read more about:|more on this:|recommended:|don't miss:\
            |must read:|more:|lesen sie auch:|lies auch:|mehr dazu:|siehe auch:|mehr zum thema:\
            |auch interessant:|lire aussi:|lire aussi :|a lire aussi:|a lire aussi :|a lire egalement :\
            |lire egalement :|voir aussi:|voir aussi :|lee tambien:|lea tambien:|lee ademas:\
            |ver tambien:|te puede interesar:|leggi anche:|vedi anche:|leggi anche :|lees ook:|zie ook:\
            |lees meer:|leia tambem:|leia mais:|veja tambem:|saiba mais:|اقرا ايضا:|اقرا ايضا :\
            |طالع ايضا:|شاهد ايضا:|اقرا المزيد:|zobacz takze:|czytaj takze:|читайте также:|ilgili haber:\
            |also read -|read also -",
        holds: "",
        longest: 220,
        may_be_sentence: false,
    },
    Phrase {
        rule: "neighbours",
        effect: Headlines,
        begins: "\
            previous article|next article|previous post:|next post:|previous:|next:|vorheriger artikel\
            |nachster artikel|article precedent|article suivant|articulo anterior|articulo siguiente\
            |siguiente articulo|articolo precedente|prossimo articolo|vorig artikel|volgend artikel\
            |artigo anterior|proximo artigo|المقالة السابقة|المقالة التالية|المقال السابق|المقال التالي",
        holds: "",
        longest: 220,
        may_be_sentence: false,
    },
    Phrase {
        rule: "tags-row",
        effect: Foot,
        begins: "\
            tags:|tags |tagged:|tagged with|tagged in|topics:|filed under|posted in:|keywords:\
            |categories:|schlagworter:|schlagworte:|themen:|mots-cles:|mots-cles :|mots cles :\
            |etiquettes:|etiquettes :|etiquetas:|temas:|tag:|trefwoorden:|onderwerpen:|الوسوم:|وسوم:\
            |كلمات دلالية:|الكلمات المفتاحية:|etiketler:|tagi:|теги:|метки:",
        holds: "",
        longest: 300,
        may_be_sentence: false,
    },
    Phrase {
        rule: "newsletter",
        effect: Line,
        begins: "\
            subscribe to |sign up |signup |join our |join the |get the latest |get our |get all \
            |stay informed|stay updated|stay up to date|never miss |don't miss |enter your email\
            |enjoyed this |enjoying this |like this article|liked this article|want more |receive \
            |by subscribing|by signing up|abonnieren sie |abonniere |melden sie sich |melde dich \
            |jetzt anmelden|keine nachricht verpassen|inscrivez-vous |abonnez-vous |recevez |ne manquez \
            |suscribete |suscribase |recibe |recibir |no te pierdas |iscriviti |ricevi |registrati \
            |schrijf je in |schrijf u in |abonneer je |ontvang |meld je aan |assine |inscreva-se \
            |receba |cadastre-se |اشترك |سجل |احصل على |zapisz sie |подпишитесь |bultenimize ",
        holds: "\
            newsletter|inbox|mailing list|email address|e-mail-adresse|posteingang|infolettre\
            |boite mail|boletin|correo electronico|tua email|tua casella|nieuwsbrief|mailbox|boletim\
            |seu e-mail|seu email|نشرتنا|النشرة|بريدك|рассылк|bulten|privacy policy|terms of service\
            |subscribe now|sign up now",
        longest: 170,
        may_be_sentence: true,
    },
    Phrase {
        rule: "cookies",
        effect: Line,
        begins: "\
            we use cookies|this website uses cookies|this site uses cookies|our website uses cookies\
            |we and our partners|by continuing to |by clicking accept|wir verwenden cookies\
            |diese website verwendet cookies|diese webseite verwendet cookies|wir nutzen cookies\
            |nous utilisons des cookies|ce site utilise des cookies|utilizamos cookies|usamos cookies\
            |este sitio utiliza cookies|este sitio web utiliza cookies|questo sito utilizza\
            |utilizziamo i cookie|wij gebruiken cookies|we gebruiken cookies\
            |deze website gebruikt cookies|nos usamos cookies|este site utiliza cookies\
            |este site usa cookies|نستخدم ملفات تعريف الارتباط|يستخدم هذا الموقع ملفات",
        holds: "\
            experience|website|our site|this site|browsing|consent|privacy|analy|traffic|erlebnis\
            |erfahrung|einwilligung|website|webseite|navigation|votre |experiencia|navegacion|sitio\
            |esperienza|navigazione|ervaring|toestemming|experiencia|navegacao|تجربة|الموقع",
        longest: 400,
        may_be_sentence: true,
    },
    Phrase {
        rule: "related",
        effect: Headlines,
        begins: "\
            more from |more by |more articles by |mehr von |plus de |mas de |altro da |meer van \
            |mais de |المزيد من ",
        holds: "author|the courier|autor|auteur|this |الكاتب",
        longest: 60,
        may_be_sentence: false,
    },
    Phrase {
        rule: "share-row",
        effect: Line,
        begins: "\
            share on |share this on |share to |click to share|click to print|click to email\
            |auf facebook |teilen auf |auf twitter |auf x |partager sur |cliquez pour partager\
            |compartir en |haz clic para compartir|condividi su |fai clic|delen op |deel op |delen via \
            |klik om te delen|compartilhar no |compartilhe no |clique para compartilhar|شارك على \
            |انقر للمشاركة|اضغط للمشاركة",
        holds: "\
            facebook|twitter|whatsapp|telegram|linkedin|pinterest|reddit|email|e-mail\
            |opens in new window|teilen| x|فيسبوك|تويتر|واتساب|print",
        longest: 90,
        may_be_sentence: false,
    },
    Phrase {
        rule: "follow",
        effect: Line,
        begins: "\
            follow us on |follow the |follow our |find us on |join us on |like us on |download our app\
            |get the app|join our whatsapp|join our telegram|folgen sie uns |folge uns |suivez-nous \
            |siguenos |seguici |volg ons |siga-nos |siga o |تابعنا |تابعونا ",
        holds: "\
            facebook|twitter|instagram|telegram|whatsapp|linkedin|youtube|google news|app store\
            |google play| app| x|tiktok|فيسبوك|تويتر|انستغرام|تلغرام|واتساب|قناة",
        longest: 140,
        may_be_sentence: true,
    },
    Phrase {
        rule: "comments",
        effect: Foot,
        begins: "\
            your email address will not be published|required fields are marked|save my name, email\
            |deine e-mail-adresse wird nicht|ihre e-mail-adresse wird nicht\
            |votre adresse e-mail ne sera pas|tu direccion de correo electronico no sera\
            |il tuo indirizzo email non sara|je e-mailadres wordt niet|o seu endereco de e-mail nao sera\
            |o seu endereco de email nao sera|لن يتم نشر عنوان بريدك",
        holds: "",
        longest: 200,
        may_be_sentence: true,
    },
    Phrase {
        rule: "copyright",
        effect: Headlines,
        begins: "\
            copyright ©|copyright c #|copyright #|© #|c copyright #|alle rechte vorbehalten\
            |tous droits reserves|todos los derechos|tutti i diritti|alle rechten voorbehouden\
            |todos os direitos|جميع الحقوق محفوظة|حقوق النشر",
        holds: "",
        longest: 160,
        may_be_sentence: true,
    },
    Phrase {
        rule: "continue-reading",
        effect: Line,
        begins: "\
            continue reading |read the rest |read the full |read more at |weiterlesen |lire la suite \
            |seguir leyendo |continua a leggere |lees verder |continue lendo |click here to read",
        holds: "\
            →|»|>|article|story|entry|at |on |here|artikel|suite|articulo|articolo|artigo",
        longest: 160,
        may_be_sentence: false,
    },
    Phrase {
        rule: "read-also",
        effect: Box,
        begins: "more on |related to this",
        holds: "this story|this topic|this article",
        longest: 50,
        may_be_sentence: false,
    },
];

/// How a line begins that credits a picture; what follows is whose it is.
pub const CREDITS: &str = "\
    photo:|photos:|photo by |photo credit:|photo credit |photograph:|photography:|image:|images:\
    |image credit:|image credits:|image credit |image by |image source:|image via |picture:|pictures:\
    |picture credit:|credit:|credits:|illustration:|illustration by |getty images|© |foto:|fotos:|bild:\
    |bilder:|symbolbild:|bildquelle:|foto credit:|photo :|photos :|credit photo|credit :|imagen:\
    |fotografia:|credito:|immagine:|beeld:|afbeelding:|imagem:|divulgacao|صورة:|الصورة:|تصوير:\
    |مصدر الصورة|zdjecie:|fot.|фото:|fotograf:";
