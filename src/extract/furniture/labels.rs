//! The labels, by rule: what lines of their own say in the languages of newspapers.

use super::Effect::{Author, Box, Company, End, Foot, Headlines, Line};
use super::Label;

/// Every rule that knows a line by all it says. In case of doubt the earlier rule decides.
pub const LABELS: &[Label] = &[
    Label {
        rule: "ad-slot",
        effect: Line,
        texts: "\
            spot_img|spot-img|td-a-rec|advertisement|advertisements|advertising|advert|ad|ads|sponsored|\
            sponsored content|paid content|promoted|promoted content|advertisement scroll to continue|\
            advertisement scroll to continue reading|advertisement continue reading below|\
            article continues below advertisement|story continues below advertisement|\
            story continues below|article continues below|continue reading below|skip advertisement|\
            remove ads|anzeige|anzeigen|werbung|publicité|annonce|publicidad|anuncio|anuncios|\
            pubblicità|annuncio pubblicitario|advertentie|reclame|publicidade|anúncio|\
            publicidade continua após|إعلان|إعلانات|إعلان ممول|reklama|reklamy|реклама|reklam|annons|\
            mainos|广告|広告|광고",
    },
    Label {
        rule: "related",
        effect: End,
        texts: "\
            related|more like this|related articles|related article|related posts|related post|\
            related news|related stories|related content|related coverage|related topics|\
            related reading|related links|similar articles|similar posts|similar stories|\
            you may also like|you might also like|you may like|you might like|you might also enjoy|\
            you may also be interested in|you might be interested in|you might also be interested in|\
            recommended|recommended for you|recommended articles|recommended reading|\
            recommended stories|read next|up next|what to read next|more from author|\
            more from the author|more from this author|more by this author|more on this story|\
            more on this topic|more on this|around the web|from the web|in case you missed it|\
            other articles|other news|other stories|explore more|more to explore|ähnliche artikel|\
            ähnliche beiträge|ähnliches|verwandt|verwandte artikel|verwandte beiträge|verwandte themen|\
            mehr zum thema|mehr davon|mehr wie dies|mehr vom autor|mehr von diesem autor|mehr artikel|\
            weitere artikel|weitere beiträge|weitere nachrichten|das könnte sie auch interessieren|\
            das könnte dich auch interessieren|das könnte ihnen auch gefallen|\
            das könnte dir auch gefallen|auch interessant|passend zum thema|empfohlen|\
            empfohlene artikel|articles similaires|articles liés|articles connexes|articles associés|\
            similaires|sur le même sujet|sur le même thème|vous aimerez aussi|vous pourriez aussi aimer|\
            vous pourriez également aimer|cela pourrait vous intéresser|dans la même rubrique|\
            plus comme ceci|plus d'articles|du même auteur|plus de l'auteur|recommandé pour vous|\
            en relation|lié|relacionado|relacionados|relacionadas|artículos relacionados|\
            noticias relacionadas|contenido relacionado|entradas relacionadas|te puede interesar|\
            le puede interesar|también te puede interesar|te podría interesar|también te podría gustar|\
            más como esto|más sobre este tema|más del autor|más de este autor|recomendado para ti|\
            articoli correlati|articoli simili|articoli collegati|correlati|notizie correlate|\
            potrebbe interessarti|potrebbe interessarti anche|ti potrebbe interessare|\
            ti potrebbe interessare anche|potrebbero interessarti|altri articoli|altro come questo|\
            dello stesso autore|altri articoli dell'autore|sullo stesso argomento|gerelateerd|\
            gerelateerde artikelen|gerelateerde berichten|verwante artikelen|meer zoals dit|\
            meer hierover|meer over dit onderwerp|meer van deze auteur|misschien vind je dit ook leuk|\
            misschien ook interessant|ook interessant|andere artikelen|aanbevolen|aanbevolen voor jou|\
            artigos relacionados|notícias relacionadas|posts relacionados|matérias relacionadas|\
            você também pode gostar|você pode gostar|você pode se interessar|talvez também goste|\
            mais como este|mais como isto|mais do autor|sobre o mesmo tema|recomendado para você|\
            مقالات ذات صلة|مواضيع ذات صلة|أخبار ذات صلة|موضوعات ذات صلة|ذات صلة|مقالات مشابهة|\
            مواضيع مشابهة|المزيد من هذا القبيل|المزيد مثل هذا|قد يعجبك أيضا|قد يعجبك|قد يهمك|\
            قد يهمك أيضا|المزيد من الكاتب|المزيد من المؤلف|مقالات أخرى|أخبار أخرى|متعلق|ilgili haberler|\
            ilgili yazılar|benzer haberler|benzer yazılar|powiązane artykuły|podobne artykuły|podobne|\
            powiązane|похожие статьи|похожие материалы|похожие новости|материалы по теме|по теме|関連記事|\
            関連|相关文章|相关",
    },
    Label {
        rule: "popular",
        effect: Headlines,
        texts: "\
            popular|most popular|popular posts|popular articles|popular news|popular stories|\
            popular now|popular this week|trending|trending now|trending news|trending stories|\
            most read|most viewed|must read|don't miss|hot news|top stories|top news|latest news|\
            latest articles|latest posts|latest stories|latest|recent posts|recent news|recent articles|\
            recent stories|editor's picks|editors' picks|editor picks|editor's choice|featured articles|\
            featured posts|more news|more stories|more articles|more headlines|more posts|beliebt|\
            beliebte artikel|beliebte beiträge|am beliebtesten|meistgelesen|meist gelesen|\
            am meisten gelesen|neueste artikel|neueste beiträge|neueste nachrichten|aktuelle beiträge|\
            aktuelle nachrichten|im trend|nicht verpassen|letzte beiträge|populaire|populaires|\
            articles populaires|les plus lus|plus lus|les plus populaires|derniers articles|\
            dernières nouvelles|dernières actualités|articles récents|tendances|à ne pas manquer|\
            lo más leído|más leídas|más leídos|las más leídas|lo más popular|lo más visto|populares|\
            noticias populares|últimas noticias|entradas recientes|artículos recientes|tendencias|\
            no te pierdas|i più letti|più letti|le più lette|più lette|popolari|popolare|\
            articoli popolari|articoli recenti|ultimi articoli|ultime notizie|di tendenza|\
            da non perdere|populair|meest gelezen|meest populair|populaire artikelen|\
            populaire berichten|laatste nieuws|laatste artikelen|recente berichten|recente artikelen|\
            niet te missen|mais lidas|mais lidos|as mais lidas|mais populares|mais popular|\
            últimas notícias|posts recentes|artigos recentes|em alta|não perca|الأكثر قراءة|\
            الأكثر شعبية|الأكثر مشاهدة|الأكثر تداولا|شائع|شائعة|رائج|شعبي|الشائع|المقالات الشائعة|\
            آخر الأخبار|أحدث الأخبار|أحدث المقالات|آخر المقالات|لا تفوت|popüler|en çok okunanlar|\
            son haberler|popularne|najpopularniejsze|najczęściej czytane|ostatnie wpisy|популярное|\
            популярные|самое читаемое|последние новости|人気記事|人気|热门|热门文章|最新文章",
    },
    Label {
        rule: "share",
        effect: Foot,
        texts: "\
            share post|share this post|share the post|share this article|share this story|share this|\
            share article|share story|share|share now|share it|share this page|share on|share via|\
            share with friends|sharing is caring|spread the word|like this|like|# shares|# share|shares|\
            teilen|beitrag teilen|artikel teilen|diesen artikel teilen|diesen beitrag teilen|\
            teile diesen artikel|teile diesen beitrag|teilen sie diesen artikel|teilen mit|teilen auf|\
            partager|partager l'article|partager cet article|partager l'article sur|partagez|\
            partagez cet article|partager sur|compartir|compartir artículo|compartir publicación|\
            compartir esta noticia|comparte|comparte este artículo|compártelo|compartir en|\
            compartir post|condividi|condividi articolo|condividi questo articolo|condividi il post|\
            condividi su|condividi post|delen|deel|deel dit artikel|deel dit bericht|deel artikel|\
            deel bericht|deel dit|delen via|deel op|compartilhar|compartilhe|compartilhar artigo|\
            compartilhe este artigo|compartilhar post|compartilhe isso|partilhar|partilhar artigo|\
            partilhe|compartilhar em|شارك|شارك المقال|شارك هذا المقال|شارك المنشور|شارك الخبر|\
            شارك المقالة|مشاركة|شاركها|شارك عبر|انشر|مشاركة المقال|paylaş|bu yazıyı paylaş|udostępnij|\
            udostępnij artykuł|поделиться|поделиться в соцсетях",
    },
    Label {
        rule: "share-row",
        effect: Company,
        texts: "\
            facebook|twitter|x|x twitter|pinterest|whatsapp|telegram|linkedin|email|e-mail|mail|reddit|\
            reddit|reddit it|tumblr|viber|vk|ok|line|digg|stumbleupon|flipboard|pocket|mastodon|bluesky|\
            threads|messenger|xing|instagram|youtube|tiktok|rss|naver|koo|copy url|copy link|copy|print|\
            print page|pin it|tweet|tweet this|share on facebook|share on twitter|share on x|\
            share on whatsapp|share on linkedin|share on pinterest|share on telegram|share on reddit|\
            share via email|share on email|email this|send by email|facebook messenger|google+|google|\
            mix|sms|buffer|odnoklassniki|link kopieren|drucken|per e-mail senden|copier le lien|\
            imprimer|envoyer par e-mail|copiar enlace|imprimir|copia link|stampa|link kopiëren|\
            kopieer link|afdrukken|copiar link|فيسبوك|تويتر|واتساب|تلغرام|تيليجرام|تليغرام|لينكدإن|\
            بينتيريست|بينترست|البريد الإلكتروني|نسخ الرابط|طباعة|إكس|ريديت",
    },
    Label {
        rule: "tags-row",
        effect: Foot,
        texts: "\
            tags|tagged|topics|filed under|keywords|schlagwörter|schlagworte|themen|mots-clés|mots clés|\
            étiquettes|etiquetas|temas|tag|trefwoorden|onderwerpen|الوسوم|وسوم|كلمات دلالية|\
            الكلمات المفتاحية|etiketler|tagi|теги|метки",
    },
    Label {
        rule: "comments",
        effect: Foot,
        texts: "\
            comments|leave a reply|leave a comment|leave a reply cancel reply|\
            leave a comment cancel reply|cancel reply|post a comment|add a comment|write a comment|\
            join the conversation|join the discussion|log in to leave a comment|be the first to comment|\
            post comment|kommentare|kommentar schreiben|kommentar hinterlassen|\
            hinterlasse einen kommentar|schreibe einen kommentar|kommentieren|\
            kommentieren sie den artikel|antwort abbrechen|commentaires|laisser un commentaire|\
            laissez un commentaire|laisser une réponse|ajouter un commentaire|réagir|comentarios|\
            deja un comentario|dejar un comentario|deja una respuesta|dejar respuesta|commenti|\
            lascia un commento|lascia una risposta|reacties|laat een reactie achter|geef een reactie|\
            plaats een reactie|reageer|comentários|deixe um comentário|deixar um comentário|\
            deixe uma resposta|التعليقات|تعليقات|اترك تعليقا|اترك تعليقك|اترك ردا|اترك رد|أضف تعليق|\
            أضف تعليقا|komentarze|dodaj komentarz|комментарии|yorumlar|yorum yap|bir yanıt yazın",
    },
    Label {
        rule: "neighbours",
        effect: Headlines,
        texts: "\
            previous article|next article|previous post|next post|previous story|next story|older post|\
            newer post|older posts|newer posts|post navigation|vorheriger artikel|nächster artikel|\
            vorheriger beitrag|nächster beitrag|beitragsnavigation|article précédent|article suivant|\
            prochain article|navigation de l'article|artículo anterior|artículo siguiente|\
            siguiente artículo|próximo artículo|entrada anterior|entrada siguiente|articolo precedente|\
            prossimo articolo|articolo successivo|vorig artikel|volgend artikel|vorig bericht|\
            volgend bericht|artigo anterior|próximo artigo|post anterior|próximo post|المقالة السابقة|\
            المقالة التالية|المقال السابق|المقال التالي|poprzedni artykuł|następny artykuł|\
            предыдущая статья|следующая статья|önceki makale|sonraki makale",
    },
    Label {
        rule: "follow",
        effect: Foot,
        texts: "\
            follow us|follow us on|follow|connect with us|find us on|stay connected|follow me|\
            folgen sie uns|folge uns|suivez-nous|suivez nous|síguenos|síguenos en|seguici|seguici su|\
            volg ons|siga-nos|nos siga|تابعنا|تابعونا|تابعنا على|bizi takip edin|obserwuj nas|\
            подписывайтесь на нас",
    },
    Label {
        rule: "newsletter",
        effect: Line,
        texts: "\
            subscribe|subscribe now|subscribe today|subscribe to our newsletter|newsletter|\
            subscribe to newsletter|sign up for our newsletter|sign up to our newsletter|\
            get our newsletter|join our newsletter|newsletter sign-up|newsletter signup|sign up|\
            sign up now|your email|your email address|email address|enter your email|\
            enter your email address|i want in|get the latest news delivered to your inbox|\
            stay up to date|i have read and accept the privacy policy|\
            i've read and accept the privacy policy|abonnieren|jetzt abonnieren|newsletter abonnieren|\
            newsletter-anmeldung|ihre e-mail-adresse|s'abonner|abonnez-vous|je m'abonne|\
            abonnez-vous à notre newsletter|inscrivez-vous à notre newsletter|\
            inscrivez-vous à la newsletter|votre e-mail|votre adresse e-mail|suscríbete|suscribirse|\
            suscríbete a nuestro boletín|suscríbete a nuestra newsletter|tu correo electrónico|\
            iscriviti|iscriviti alla newsletter|iscriviti alla nostra newsletter|la tua email|abonneer|\
            abonneren|abonneer nu|schrijf je in|schrijf je in voor onze nieuwsbrief|nieuwsbrief|\
            inscreva-se|assine|assine nossa newsletter|assine a newsletter|seu e-mail|subscrever|اشترك|\
            اشترك الآن|اشترك في نشرتنا البريدية|النشرة البريدية|بريدك الإلكتروني|abone ol|zapisz się|\
            zapisz się do newslettera|подписаться",
    },
    Label {
        rule: "read-also",
        effect: Box,
        texts: "\
            also read|read also|see also|also see|related story|related video|read this next|\
            lesen sie auch|lesen sie dazu auch|lies auch|lesen sie mehr dazu|siehe auch|à lire aussi|\
            a lire aussi|lire aussi|à lire également|lire également|voir aussi|à voir aussi|lee también|\
            lea también|lee además|leer también|ver también|lea además|vea también|mira también|\
            leggi anche|vedi anche|guarda anche|lees ook|zie ook|bekijk ook|leia também|leia ainda|\
            veja também|leia mais sobre|اقرأ أيضا|إقرأ أيضا|اقرأوا أيضا|طالع أيضا|شاهد أيضا|انظر أيضا|\
            اقرأ أيضا عن|zobacz też|zobacz także|czytaj też|czytaj także|przeczytaj także|читайте также|\
            смотрите также|ayrıca okuyun|bunları da okuyun|あわせて読みたい",
    },
    Label {
        rule: "read-more",
        effect: Line,
        texts: "\
            read more|read full article|read the full article|read full story|read the full story|\
            read more on this story|continue reading|full story|click here to read more|show more|\
            load more|view all|see all|see more|view more|read more about this|weiterlesen|mehr lesen|\
            mehr anzeigen|zum artikel|lire la suite|lire plus|en savoir plus|voir plus|lire l'article|\
            leer más|seguir leyendo|ver más|leggi tutto|leggi di più|continua a leggere|scopri di più|\
            lees meer|lees verder|meer lezen|continue lendo|ler mais|leia mais|saiba mais|veja mais|\
            اقرأ المزيد|إقرأ المزيد|عرض المزيد|اكمل القراءة|تابع القراءة|المزيد|czytaj więcej|\
            czytaj dalej|читать далее|подробнее|devamını oku|back to top|nach oben|haut de page|\
            volver arriba|terug naar boven",
    },
    Label {
        rule: "count",
        effect: Line,
        texts: "\
            # views|# view|views #|views|# reads|# likes|# like|comments #|# comments|# comment|\
            no comments|no comment|# min read|# mins read|# minute read|# minutes read|# min. read|\
            reading time # minutes|reading time # min|reading time # mins|\
            estimated reading time # minutes|estimated reading time # minute|# aufrufe|# kommentare|\
            kommentare #|# kommentar|keine kommentare|# min lesezeit|# minuten lesezeit|\
            lesezeit # minuten|lesezeit # min|lesezeit # min.|lesedauer # minuten|# vues|# commentaires|\
            # commentaire|aucun commentaire|pas de commentaire|# min de lecture|# minutes de lecture|\
            temps de lecture # minutes|temps de lecture # min|lecture # min|# vistas|# visitas|\
            # comentarios|sin comentarios|# min de lectura|# minutos de lectura|\
            tiempo de lectura # minutos|tiempo de lectura # min|# visualizzazioni|# commenti|\
            nessun commento|# min di lettura|# minuti di lettura|tempo di lettura # minuti|\
            tempo di lettura # min|# weergaven|# reacties|geen reacties|# min leestijd|\
            # minuten leestijd|leestijd # minuten|leestijd # min|# visualizações|# comentários|\
            nenhum comentário|sem comentários|# min de leitura|# minutos de leitura|\
            tempo de leitura # minutos|# مشاهدة|# مشاهدات|عدد المشاهدات #|المشاهدات #|# تعليقات|# تعليق|\
            لا تعليقات|لا توجد تعليقات|# دقائق قراءة|# دقيقة قراءة|مدة القراءة # دقائق|\
            وقت القراءة # دقائق|# просмотров|# okunma|# wyświetleń",
    },
    Label {
        rule: "relative-date",
        effect: Company,
        texts: "\
            just now|yesterday|today|# minutes ago|# minute ago|# mins ago|# hours ago|# hour ago|\
            # days ago|# day ago|# weeks ago|# week ago|# months ago|# month ago|# years ago|gestern|\
            heute|vor # minuten|vor # stunden|vor # stunde|vor # tagen|hier|aujourd'hui|\
            il y a # minutes|il y a # heures|il y a # heure|il y a # jours|ayer|hoy|hace # minutos|\
            hace # horas|hace # hora|hace # días|ieri|oggi|# minuti fa|# ore fa|# giorni fa|gisteren|\
            vandaag|# minuten geleden|# uur geleden|# dagen geleden|ontem|hoje|há # minutos|há # horas|\
            há # dias|منذ # دقيقة|منذ # دقائق|منذ # ساعة|منذ # ساعات|منذ # يوم|منذ # أيام|أمس|اليوم",
    },
    Label {
        rule: "site-header",
        effect: Company,
        texts: "\
            home|menu|search|log in|login|log out|sign in|sign in / join|join|register|skip to content|\
            skip to main content|toggle navigation|navigation|close|open menu|close menu|my account|\
            contact|contact us|about|about us|our team|advertise|advertise with us|privacy policy|\
            privacy|terms of service|terms of use|terms and conditions|cookie policy|imprint|sitemap|\
            all rights reserved|save|bookmark|listen|listen to this article|play|text size|font size|by|\
            author|written by|published|news|more|e-paper|epaper|facebook page|dark mode|reading mode|\
            table of contents|view comments|go to comments|no result|view all result|startseite|menü|\
            suche|suchen|anmelden|registrieren|impressum|datenschutz|kontakt|über uns|\
            zum inhalt springen|artikel anhören|von|autor|nachrichten|accueil|rechercher|se connecter|\
            connexion|s'identifier|contactez-nous|à propos|mentions légales|aller au contenu|\
            écouter l'article|par|auteur|actualités|inicio|buscar|iniciar sesión|registrarse|contacto|\
            quiénes somos|ir al contenido|política de privacidad|por|noticias|home page|cerca|accedi|\
            registrati|contatti|chi siamo|vai al contenuto|di|autore|notizie|zoeken|inloggen|\
            registreren|over ons|ga naar de inhoud|naar de inhoud|door|nieuws|início|pesquisar|entrar|\
            contato|quem somos|ir para o conteúdo|notícias|الرئيسية|القائمة|بحث|البحث|تسجيل الدخول|\
            اتصل بنا|من نحن|سياسة الخصوصية|تخطى إلى المحتوى|بقلم|الكاتب|كتب|أخبار|استمع إلى المقال",
    },
    Label {
        rule: "cookies",
        effect: Line,
        texts: "\
            accept cookies|accept all|accept all cookies|reject all|cookie settings|manage cookies|\
            manage consent|cookie preferences|alle akzeptieren|cookies akzeptieren|cookie-einstellungen|\
            tout accepter|accepter les cookies|paramètres des cookies|aceptar todo|aceptar cookies|\
            configuración de cookies|accetta tutti|accetta i cookie|alle cookies accepteren|\
            cookies accepteren|aceitar todos|aceitar cookies|قبول الكل|قبول ملفات تعريف الارتباط",
    },
    Label {
        rule: "about-author",
        effect: Author,
        texts: "\
            about the author|about author|about the writer|author bio|about the authors|über den autor|\
            über die autorin|zum autor|zur autorin|der autor|die autorin|à propos de l'auteur|\
            à propos de l'auteure|a propos de l'auteur|l'auteur|l'auteure|sobre el autor|\
            sobre la autora|acerca del autor|acerca de la autora|sull'autore|l'autore|l'autrice|\
            informazioni sull'autore|over de auteur|over de schrijver|sobre o autor|sobre a autora|\
            عن الكاتب|عن الكاتبة|عن المؤلف|نبذة عن الكاتب|حول الكاتب|o autorze|o autorce|об авторе|\
            yazar hakkında",
    },
];
