## Digests

own-name = Español
number = N.º { $number }
view-in-browser = Ver en el navegador
inside = En este número: { $sections }
also = También en esta edición
also-in = también en { $sources }
listen = Escuchar
watch = Ver
by = Por { $names }
minutes = { $count } min de lectura
more-on-the-web =
    { $count ->
        [one] y { $count } artículo más en la web
       *[other] y { $count } artículos más en la web
    }
why = Recibe este correo porque se suscribió a { $title }.
unsubscribe = Darse de baja
archive = Todas las ediciones
feeds = Canales:
counted = Contamos cuántas veces se siguen los enlaces, nunca quién los sigue.
test = Esto es una prueba. La edición no se ha publicado.
test-mark = [Prueba]

names-next = { $names }, { $name }
names-last = { $names } y { $name }

## Dates

dates-with-weekday = { $weekday }, { $day } de { $month } de { $year }
dates-short = { $day } de { $month }
dates-long = { $day } de { $month } de { $year }
dates-day = { $day }
dates-weekday-1 = lunes
dates-weekday-2 = martes
dates-weekday-3 = miércoles
dates-weekday-4 = jueves
dates-weekday-5 = viernes
dates-weekday-6 = sábado
dates-weekday-7 = domingo
dates-month-1 = enero
dates-month-2 = febrero
dates-month-3 = marzo
dates-month-4 = abril
dates-month-5 = mayo
dates-month-6 = junio
dates-month-7 = julio
dates-month-8 = agosto
dates-month-9 = septiembre
dates-month-10 = octubre
dates-month-11 = noviembre
dates-month-12 = diciembre

## The mail that asks to confirm a subscription

confirmation-subject = Confirme su suscripción a { $title }
confirmation-request = Alguien, esperamos que usted, pidió que enviáramos { $title } a esta dirección. Confírmelo y la próxima edición será suya.
confirmation-confirm = Confirmar mi suscripción
confirmation-address = Si el botón no funciona, abra esta dirección:
confirmation-otherwise = Si no fue usted, no haga nada: no recibirá más correos.
confirmation-why = Este único correo se envió porque esta dirección se escribió en el formulario de { $title }.

## Pages

page-skip = Ir al contenido
page-navigation = Este sitio
page-front = Portada
page-newsletters = Boletines
page-newsletter = Boletín
page-section = Sección
page-sections = Secciones de este artículo
page-nothing = Todavía no se ha publicado nada. Vuelva pronto.
page-editions = Ediciones
page-no-edition = La primera edición aún no ha aparecido.
page-previous = Edición anterior
page-next = Edición siguiente
page-newer-editions = Ediciones posteriores
page-older-editions = Ediciones anteriores
page-editions-of = { $title }: ediciones
page-feeds-of = Canales de { $title }
page-feed = Canal
page-feed-meaning = Esto es un canal. Lo leen los lectores de canales: programas y aplicaciones que reúnen en un solo lugar las novedades de muchos sitios, sin cuenta ni correo electrónico.
page-feed-use = Copie esta dirección en el suyo y las novedades le llegarán solas.
page-feed-address = Dirección de este canal
page-feed-formats = Lo mismo en otros formatos
page-newest = Entradas más recientes
page-older = Entradas anteriores
page-newer = Entradas posteriores
page-all-feeds = Todos los canales de este sitio, para importarlos en un lector (OPML)
page-changed = Modificado el { $day }
page-author = Sobre el autor
page-origin = Leer este artículo en { $site }
page-share = Compartir este artículo
page-share-mail = Por correo
page-share-on = Compartir en { $place }
page-share-copy = O copie su dirección:
page-related = Lea también
page-most-read = Lo más leído
page-subscribe-to = Suscribirse a { $title }
page-choose = Elija lo que le gustaría leer.
page-address = Correo electrónico
page-subscribe = Suscribirse
page-promise = Un correo le pedirá que confirme. Puede darse de baja cuando quiera, con un clic.
page-no-address = Esto no es una dirección de correo. Escríbala como nombre@example.org.
page-disposable = Una dirección de este tipo pronto desaparece. Use otra en la que se le pueda encontrar más tiempo.
page-role = Una dirección como info@ la leen varias personas, o ninguna. Use la suya propia.
page-moment = Ha sido muy rápido, o el formulario llevaba abierto más de un día. Pulse el botón una vez más.
page-trap = Deje este campo vacío
page-no-choice = Elija al menos un boletín.
page-asked-title = Mire su bandeja de entrada
page-asked-text = Un correo con un enlace va en camino. Ábralo y confirme, y la próxima edición será suya. Si no llega en unos minutos, mire en el correo no deseado.
page-confirm-title = ¿Suscribirse a { $titles }?
page-confirm-text = Pulse el botón y la próxima edición llegará a su buzón.
page-confirmed-title = Ya está suscrito
page-confirmed-text = La próxima edición llegará a su buzón. Cada una lleva un enlace para darse de baja.
page-confirmation-over-title = Este enlace ya no vale
page-confirmation-over-text = Se ha usado o es demasiado antiguo. Suscríbase de nuevo y un nuevo correo le pedirá que confirme.
page-leave-title = ¿Darse de baja de { $title }?
page-leave-text = Pulse el botón y no recibirá más ediciones.
page-left-title = Se ha dado de baja de { $title }
page-left-text = No recibirá más ediciones. Puede volver cuando quiera.
page-bad-link-title = Este enlace no funciona
page-bad-link-text = Está incompleto o cambió por el camino. Ábralo otra vez en el correo o copie de allí la dirección entera.
page-not-found-title = Esta página no existe
page-not-found-text = Puede que la dirección esté mal escrita o que la página se haya retirado. La portada lleva a todo lo que hay aquí.
page-gone-title = Este boletín ha terminado
page-gone-text = Ya no aparece. La portada lleva a los que siguen.
page-withdrawn-title = Este artículo ha sido retirado
page-withdrawn-text = La redacción lo ha retirado. La portada lleva a todo lo que hay aquí.
page-bad-request-title = No se ha podido entender
page-bad-request-text = La petición estaba incompleta o era demasiado grande. Vuelva atrás e inténtelo de nuevo.
page-unsearchable-title = No se pueden buscar estas palabras
page-unsearchable-text = Los signos como - + ( y : tienen un significado propio en una búsqueda. Ponga entre comillas rectas las palabras que los contengan.
page-not-as-wanted-title = Ya no es lo que era
page-not-as-wanted-text = La petición solo debía responderse si aquí no había cambiado nada, y algo ha cambiado. Vuelva a pedirlo sin esa condición.
page-too-many-title = Han sido demasiadas veces
page-too-many-text = Espere unos minutos y vuelva a intentarlo.
page-crowd-title = Un momento, por favor
page-crowd-text = Ahora mismo se están suscribiendo muchísimas personas. Su navegador muestra que hay una persona detrás, lo que tarda unos segundos, y después continúa solo.
page-crowd-wait =
    { $count ->
        [one] Si no ocurre nada: espere un segundo y pulse el botón.
       *[other] Si no ocurre nada: espere { $count } segundos y pulse el botón.
    }
page-failed-title = Algo ha fallado
page-failed-text = La culpa es nuestra y ha quedado anotada. Inténtelo de nuevo en unos minutos.
page-busy-title = Demasiados lectores a la vez
page-busy-text = Inténtelo de nuevo en un momento.

## The page with which people search the archive

search-title = Búsqueda
search-field = ¿Qué busca?
search-button = Buscar
search-hint = Todas las palabras deben estar en el artículo. Ponga entre comillas las que van juntas.
search-nothing = No se ha encontrado nada. Pruebe con menos palabras o con otras.
search-within = Solo en { $title }
search-everywhere = Buscar en todo
search-previous = Resultados anteriores
search-next = Más resultados

## The page on which readers manage what they get

manage-link = Gestionar suscripciones
manage-title = Sus boletines
manage-intro = Lo que cambie aquí vale al instante. Quien tenga la dirección de esta página también puede cambiarlo: guárdela para usted.
manage-all = Todos a la vez
manage-active = Usted lo recibe.
manage-paused = En pausa. Volverá a recibirlo a partir del { $day }.
manage-asleep = En pausa: se le preguntó si todavía lo quiere, y no ha respondido.
manage-pending = Un correo le ha pedido que confirme. Mire su bandeja de entrada.
manage-left = Se ha dado de baja.
manage-absent = Usted no lo recibe.
manage-until = Enviar de nuevo a partir del
manage-pause-hint = Antes de ese día no se envía nada. Lo que aparezca mientras tanto se lee en la web.
manage-pause = Poner en pausa
manage-pause-all = Poner todos en pausa
manage-resume = Enviar de nuevo ya
manage-bad-day = Elija un día a partir de mañana, de aquí a un año como máximo.
manage-undo = Deshacer
manage-why = ¿Quiere decirnos por qué? (opcional)
manage-why-send = Enviar
manage-thanks = Gracias. Queda anotado.
manage-suppressed = No se envía nada a su dirección: los correos a ella volvieron o se denunciaron como no deseados. Si esto debe cambiar, escríbanos.

choose-topics = Temas
choose-topics-hint = No marque ninguno para recibirlos todos.
choose-rhythm = Con qué frecuencia
choose-newsletter = Cuando sale el boletín
choose-each-article = Cada artículo en cuanto aparece
choose-daily = Una vez al día
choose-weekly = Una vez por semana
choose-hour = A esta hora
choose-hour-hint = La hora vale para una vez al día y una vez por semana, según los relojes del huso horario.
choose-time-zone = Huso horario
choose-language = Idioma de nuestros correos sobre la suscripción
choose-language-of-newsletter = El del boletín
choose-save = Guardar
choose-bad = { $field }: esto no se puede elegir aquí. Puede elegir: { $allowed }.
choose-bad-zone = Ningún huso horario se llama así. Escriba uno como Europe/Madrid o America/New_York.
choose-catch-up = Envíenme entonces lo que me perdí

## What readers do with their own data, and the mails with one link that they ask for

personal-title = Sus datos
personal-by-mail = Para ver sus datos, cambiar de dirección o ser borrado necesita un enlace que se le envía por correo, porque una edición puede haberse reenviado.
personal-send-link = Enviarme el enlace
personal-yours = Lo que se sabe de { $address }
personal-download = Descargar mis datos
personal-new-address = Nuevo correo electrónico
personal-change = Cambiar mi dirección
personal-erase = Borrarme…
personal-link-title = El enlace a sus boletines
personal-link-text = Escriba la dirección a la que llegan sus boletines y allí irá un correo con un enlace.
personal-link-asked-title = Mire su bandeja de entrada
personal-link-asked-text = Si esta dirección está suscrita a algo aquí, un correo con un enlace va en camino. El enlace vale un día. Si no llega en unos minutos, mire en el correo no deseado.
personal-over-title = Este enlace ya no vale
personal-over-text = Se usó o es demasiado antiguo. Pida que se le envíe uno nuevo.
personal-change-asked-title = Mire el buzón nuevo
personal-change-asked-text = Si a esa dirección se le pueden enviar boletines, un correo pregunta allí si es suya. Nada cambia hasta que lo confirme. También se avisa a la dirección anterior.
personal-confirm-title = ¿Cambiar su dirección a { $address }?
personal-confirm-text = Pulse el botón y sus boletines llegarán a esta dirección.
personal-confirm-button = Usar esta dirección
personal-changed-title = Su dirección ha cambiado
personal-changed-text = Desde ahora sus boletines llegan a la dirección nueva.
personal-taken-title = Esta dirección no se puede usar
personal-taken-text = Ya está suscrita o no debe recibir correo. No se ha cambiado nada.
personal-keep-title = ¿Conservar su dirección anterior?
personal-keep-text = Pulse el botón y sus boletines llegarán a la dirección anterior como antes.
personal-keep-button = Conservar la anterior
personal-kept-title = Su dirección queda como estaba
personal-kept-text = El cambio se ha detenido. Los enlaces enviados antes ya no muestran sus datos.
personal-erasing-title = ¿Borrar todo sobre usted?
personal-erasing-text = Sus suscripciones y todo lo que se sabe de usted se borran al instante y nadie puede recuperarlo. Solo se guarda un código hecho con su dirección para que nunca se vuelva a inscribir: ya no podrá suscribirse con ella.
personal-erase-button = Borrarlo todo
personal-erased-title = Usted ha sido borrado
personal-erased-text = No queda nada de usted salvo un código hecho con su dirección, que la mantiene fuera.
personal-link-mail-subject = Su enlace para { $title }
personal-link-mail-request = Alguien, esperamos que usted, pidió el enlace con el que gestiona sus boletines y sus datos en { $title }. Vale un día.
personal-link-mail-button = Abrir mi página
personal-link-mail-otherwise = Si no fue usted, no haga nada: nada cambia. No dé el enlace a nadie.
personal-new-mail-subject = Confirme su nueva dirección para { $title }
personal-new-mail-request = Alguien, esperamos que usted, pidió que sus boletines de { $title } lleguen a esta dirección. Confírmelo antes de un día.
personal-new-mail-button = Usar esta dirección
personal-new-mail-otherwise = Si no fue usted, no haga nada: no recibirá más correos.
personal-old-mail-subject = Su dirección en { $title } va a cambiar
personal-old-mail-request = Alguien, esperamos que usted, pidió que sus boletines de { $title } vayan a otra dirección. Si no fue usted, deténgalo aquí.
personal-old-mail-button = Conservar esta dirección
personal-old-mail-otherwise = Si fue usted, no haga nada. El enlace vale hasta tres días después del cambio.
personal-wanted-title = ¿Todavía quiere { $title }?
personal-wanted-text = Una pulsación, y le llega como antes.
personal-still-wanted-title = Gracias
personal-still-wanted-text = Le llega como antes. Cada edición tiene un enlace para darse de baja.
personal-wanted-mail-subject = ¿Todavía quiere { $title }?
personal-wanted-mail-request = Recibe { $title } desde hace mucho tiempo. ¿Todavía le sirve? Una pulsación, y llega como antes.
personal-wanted-mail-button = Sí, sigan enviándolo
personal-wanted-mail-otherwise = Si no hace nada, se le pregunta una vez más dentro de un mes. Un mes después queda en pausa, y nada se pierde: este botón lo trae de vuelta cuando quiera.
personal-wanted-why = Recibe este correo porque se suscribió a { $title }. No sabemos qué abre o pulsa: por eso preguntamos.
personal-why = Este único correo se envió porque alguien lo pidió en las páginas de { $title }.
private-about = Sus ediciones son solo para sus lectores. Suscríbase, y cada una llegará a su correo.
private-yours = Esta página es para lectores del boletín, y su dirección es solo suya: quien la tenga puede leer lo que usted lee.
private-over-title = Este enlace ya no vale
private-over-text = Abría un boletín a uno de sus lectores, y esa suscripción ha terminado. Suscríbase de nuevo, y los enlaces de sus correos volverán a abrirlo.
private-feed = Un canal para su lector de canales
private-feed-hint = La dirección es solo suya: quien la tenga puede leer el boletín. Si alguien más la ha conseguido, tome otra, y la antigua dejará de valer.
private-feed-make = Crear un canal
private-feed-renew = Tomar otra dirección
private-feed-end = Terminar el canal
private-feed-elsewhere = Para tener un canal de este boletín, abra esta página con el enlace de uno de sus correos, o con el que se le envíe (abajo).
private-feed-over-title = Este canal ya no existe
private-feed-over-text = Su lector lo ha terminado, ha tomado otra dirección o ya no está suscrito. La dirección actual está en la página donde se gestionan las suscripciones, a la que lleva cada correo del boletín.
