//! The words of dates: months, weekdays, halves of the day, zones. Data, folded by [`fold`].

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::extract::text::fold;

/// The half of the day that an hour of a twelve-hour clock is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Morning,
    Afternoon,
}

/// Names of months, one row a language, one group of words a month parted by `|`, in the forms that dates use.
///
/// Where two languages give one word to different months (`listopad`), the earlier row decides.
const MONTHS: &[&str] = &[
    // English
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|\
     october oct|november nov|december dec",
    // German
    "januar jänner|februar feber|märz mrz maerz|april|mai|juni|juli|august|september|oktober okt|\
     november|dezember dez",
    // French
    "janvier janv|février fév févr|mars|avril avr|mai|juin|juillet juil|août aou|septembre|octobre|\
     novembre|décembre déc",
    // Spanish
    "enero ene|febrero|marzo|abril abr|mayo|junio|julio|agosto ago|septiembre setiembre|octubre|\
     noviembre|diciembre dic",
    // Italian
    "gennaio gen|febbraio|marzo|aprile|maggio mag|giugno giu|luglio lug|agosto|settembre set|\
     ottobre ott|novembre|dicembre",
    // Dutch
    "januari|februari|maart mrt|april|mei|juni|juli|augustus|september|oktober|november|december",
    // Portuguese
    "janeiro|fevereiro fev|março|abril|maio|junho|julho|agosto|setembro|outubro out|novembro|dezembro",
    // Polish
    "styczeń stycznia sty|luty lutego lut|marzec marca|kwiecień kwietnia kwi|maj maja|\
     czerwiec czerwca cze|lipiec lipca lip|sierpień sierpnia sie|wrzesień września wrz|\
     październik października paź|listopad listopada lis|grudzień grudnia gru",
    // Russian
    "январь января янв|февраль февраля фев|март марта мар|апрель апреля апр|май мая|июнь июня июн|\
     июль июля июл|август августа авг|сентябрь сентября сен сент|октябрь октября окт|ноябрь ноября ноя|\
     декабрь декабря дек",
    // Ukrainian
    "січень січня|лютий лютого|березень березня|квітень квітня|травень травня|червень червня|\
     липень липня|серпень серпня|вересень вересня|жовтень жовтня|листопад листопада|грудень грудня",
    // Bulgarian
    "януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември",
    // Arabic: Egypt and the Gulf; the Maghreb; Morocco. The Levant's names of two words are in `month_after`.
    "يناير جانفي|فبراير فيفري|مارس|أبريل ابريل أفريل|مايو ماي|يونيو جوان|يوليو يوليوز جويلية|\
     أغسطس أوت غشت|سبتمبر شتنبر|أكتوبر|نوفمبر نونبر|ديسمبر دجنبر",
    // Arabic: the Levant and Iraq
    "|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|||",
    // Hebrew
    "ינואר בינואר|פברואר בפברואר|מרץ במרץ מרס במרס|אפריל באפריל|מאי במאי|יוני ביוני|יולי ביולי|\
     אוגוסט באוגוסט|ספטמבר בספטמבר|אוקטובר באוקטובר|נובמבר בנובמבר|דצמבר בדצמבר",
    // Persian, of the Gregorian calendar
    "ژانویه|فوریه|مارس|آوریل|مه می|ژوئن|ژوئیه جولای|اوت|سپتامبر|اکتبر|نوامبر|دسامبر",
    // Turkish
    "ocak oca|şubat şub|mart|nisan nis|mayıs|haziran haz|temmuz tem|ağustos ağu|eylül eyl|ekim eki|\
     kasım kas|aralık ara",
    // Swedish, Danish, Norwegian
    "januari|februari|mars marts|april|maj mai|juni|juli|augusti|september|oktober|november|\
     december desember des",
    // Finnish
    "tammikuu tammikuuta|helmikuu helmikuuta|maaliskuu maaliskuuta|huhtikuu huhtikuuta|\
     toukokuu toukokuuta|kesäkuu kesäkuuta|heinäkuu heinäkuuta|elokuu elokuuta|syyskuu syyskuuta|\
     lokakuu lokakuuta|marraskuu marraskuuta|joulukuu joulukuuta",
    // Czech
    "leden ledna led|únor února úno|březen března bře|duben dubna dub|květen května kvě|červen června|\
     červenec července čvc|srpen srpna srp|září zář|říjen října říj|listopad listopadu|\
     prosinec prosince pro",
    // Slovak
    "január januára|február februára|marec|apríl apríla|máj mája|jún júna|júl júla|august augusta|\
     september septembra|október októbra|november novembra|december decembra",
    // Hungarian
    "január|február|március márc|április ápr|május|június|július|augusztus|szeptember szept|október|\
     november|december",
    // Croatian, but for `listopad`, which is November to its neighbours
    "siječanj siječnja|veljača veljače|ožujak ožujka|travanj travnja|svibanj svibnja|lipanj lipnja|\
     srpanj srpnja|kolovoz kolovoza|rujan rujna||studeni studenoga|",
    // Romanian
    "ianuarie ian|februarie|martie|aprilie|mai|iunie iun|iulie iul|august|septembrie|octombrie|\
     noiembrie|decembrie",
    // Catalan
    "gener|febrer|març|abril|maig|juny|juliol|agost|setembre|octubre|novembre|desembre",
    // Greek
    "ιανουάριος ιανουαρίου ιαν|φεβρουάριος φεβρουαρίου φεβ|μάρτιος μαρτίου μαρ|απρίλιος απριλίου απρ|\
     μάιος μαΐου μαι|ιούνιος ιουνίου ιουν|ιούλιος ιουλίου ιουλ|αύγουστος αυγούστου αυγ|\
     σεπτέμβριος σεπτεμβρίου σεπ|οκτώβριος οκτωβρίου οκτ|νοέμβριος νοεμβρίου νοε|\
     δεκέμβριος δεκεμβρίου δεκ",
    // Indonesian and Malay
    "januari|februari|maret mac|april|mei|juni jun|juli julai|agustus ogos agu|september|oktober|\
     november|desember disember",
    // Hindi
    "जनवरी|फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर अक्तूबर|नवंबर नवम्बर|\
     दिसंबर दिसम्बर",
    // Thai
    "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม",
];

/// Weekdays, and the small words of dates: what may stand in a date and says nothing more about it.
const FILLERS: &str = "\
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun \
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so \
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim \
    lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom \
    lunedì martedì mercoledì giovedì venerdì sabato domenica gio sab \
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo \
    segunda terça quarta quinta sexta feira seg ter qua qui sex \
    poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob niedz nd \
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс \
    понеділок середа четвер пʼятниця субота неділя \
    الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد \
    ראשון שני שלישי רביעי חמישי שישי שבת יום \
    دوشنبه سه شنبه چهارشنبه پنجشنبه جمعه یکشنبه \
    pazartesi salı çarşamba perşembe cuma cumartesi pazar \
    måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag \
    maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai maanantaina tiistaina \
    keskiviikkona torstaina perjantaina lauantaina sunnuntaina ti ke to pe la su \
    pondělí úterý středa čtvrtek pátek neděle po út st čt pá ne \
    pondelok utorok streda štvrtok piatok nedeľa \
    hétfő kedd szerda csütörtök péntek szombat vasárnap \
    luni marți miercuri joi vineri sâmbătă duminică \
    dilluns dimarts dimecres dijous divendres dissabte diumenge \
    δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή \
    senin selasa rabu kamis jumat sabtu minggu \
    सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार \
    年 月 日 時 时 分 秒 号 曜日 星期 火 水 木 金 土 \
    년 월 일 시 분 초 요일 월요일 화요일 수요일 목요일 금요일 토요일 일요일 \
    ngày tháng năm thứ วันที่ \
    t at the of on st nd rd th am um uhr den der dem vom le la les du à a las el de del d l alle ore il \
    dia às em og kl klo o om г год года р року y hs hrs hours h em ve på på den sa al في ב";

/// Words after or before a time of the form `14.30`, which make it one.
const CLOCK_WORDS: &str = "uhr kl klo ore uur h hs";

/// Words between an hour and its minutes.
const HOUR_MARKS: &[&str] = &["h", "時", "时", "\u{1109}\u{1175}"];

const MORNING: &str = "am 午前 上午 오전 ص صباحا";
const AFTERNOON: &str = "pm 午後 下午 오후 م مساء";

/// Zones by their usual letters, in minutes east of Greenwich.
const ZONES: &[(&str, i64)] = &[
    ("z utc ut gmt wet", 0),
    ("cet mez bst west wat", 60),
    ("cest mesz eet sast cat", 120),
    ("eest msk eat trt", 180),
    ("irst", 210),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("bdt", 360),
    ("ict wib", 420),
    ("sgt hkt awst pht myt", 480),
    ("jst kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("nst", -210),
    ("ndt", -150),
    ("brt art adt", -180),
    ("ast edt clt", -240),
    ("est cdt pet", -300),
    ("cst mdt", -360),
    ("mst pdt", -420),
    ("pst akdt", -480),
    ("akst", -540),
    ("hst", -600),
];

static EXACT_MONTHS: LazyLock<HashMap<String, u64>> = LazyLock::new(|| {
    let mut months = HashMap::new();
    for row in MONTHS {
        for (words, month) in row.split('|').zip(1..) {
            for word in words.split_whitespace() {
                months.entry(fold(word)).or_insert(month);
            }
        }
    }
    months
});

static FILLER_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let words = [FILLERS, MORNING, AFTERNOON, "كانون تشرين"];
    words.iter().flat_map(|words| words.split_whitespace()).map(fold).collect()
});

static HALVES: LazyLock<HashMap<String, Half>> = LazyLock::new(|| {
    let of_half = |words: &'static str, half| words.split_whitespace().map(move |word| (fold(word), half));
    of_half(MORNING, Half::Morning).chain(of_half(AFTERNOON, Half::Afternoon)).collect()
});

/// The number of the month that a folded word names.
pub fn month(word: &str) -> Option<u64> {
    EXACT_MONTHS.get(word).copied()
}

/// [`month`], with the word before it, because four names of the Levant are two words that need each other.
pub fn month_after(previous: &str, word: &str) -> Option<u64> {
    match (previous, word) {
        ("كانون", "الثاني") => Some(1),
        ("تشرين", "الاول") => Some(10),
        ("تشرين", "الثاني") => Some(11),
        ("كانون", "الاول") => Some(12),
        _ => month(word),
    }
}

/// Whether a word that names a month is also short for a weekday: `mar.` is Tuesday in French and Spanish.
pub fn is_also_a_weekday(word: &str) -> bool {
    word == "mar"
}

/// Whether a folded word may stand in a date without meaning anything more.
pub fn is_filler(word: &str) -> bool {
    FILLER_WORDS.contains(word)
}

/// Whether a word next to `14.30` says that it is a time.
pub fn is_clock_word(word: &str) -> bool {
    CLOCK_WORDS.split_whitespace().any(|known| known == word)
}

/// Whether a word parts an hour from its minutes, as in `14h30`.
pub fn is_hour_mark(word: &str) -> bool {
    HOUR_MARKS.contains(&word)
}

/// The half of the day that a folded word means.
pub fn half_of_day(word: &str) -> Option<Half> {
    HALVES.get(word).copied()
}

/// A zone's distance from UTC in seconds.
pub fn zone(word: &str) -> Option<i64> {
    let of_word = |(names, _): &&(&str, i64)| names.split_whitespace().any(|name| name == word);
    ZONES.iter().find(of_word).map(|(_, minutes)| minutes * 60)
}
