//! Where in a site a page stands: sections and paths, as lines above a headline.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::extract::furniture::key;

/// The first step of a path.
const HOMES: &[&str] = &[
    "Home",
    "Home page",
    "Homepage",
    "Front page",
    "Start",
    "Startseite",
    "Accueil",
    "Inicio",
    "Início",
    "Portada",
    "Главная",
    "الرئيسية",
    "الصفحة الرئيسية",
    "Ana sayfa",
    "Strona główna",
    "ホーム",
    "首页",
];

/// Names of sections in the languages of newspapers, a language a line.
const SECTIONS: &[&str] = &[
    "news|world|world news|politics|economy|business|finance|markets|money|opinion|opinions|editorial|commentary|analysis|\
     interview|interviews|sport|sports|culture|arts|art|music|film|books|tech|technology|science|health|travel|education|\
     environment|climate|energy|society|religion|history|local|local news|national|international|europe|africa|asia|\
     americas|middle east|usa|uk|us|features|feature|featured|lifestyle|life|style|entertainment|food|crime|law|security|\
     defense|defence|video|videos|podcast|podcasts|breaking|breaking news|exclusive|special report|top news|top stories|\
     headlines|blog|blogs|press release|press releases|media|weather|magazine|letters|obituaries|uncategorized|weekend|latest",
    "nachrichten|politik|wirtschaft|finanzen|meinung|kommentar|kultur|wissen|wissenschaft|gesundheit|reise|bildung|umwelt|\
     gesellschaft|regional|lokales|inland|ausland|europa|panorama|technik|digital|feuilleton|leben|stadt|welt|allgemein|reportage",
    "actualités|actualité|politique|économie|monde|société|sciences|santé|voyage|éducation|environnement|international|france|\
     tribune|débats|opinions|planète|entretien|à la une|non classé",
    "noticias|política|economía|mundo|sociedad|ciencia|salud|viajes|educación|medio ambiente|internacional|nacional|\
     opinión|cultura|deportes|tecnología|portada|análisis|entrevista|sin categoría",
    "notizie|attualità|politica|economia|mondo|società|scienza|salute|viaggi|istruzione|ambiente|esteri|cronaca|opinioni|\
     spettacoli|tecnologia|editoriale|senza categoria",
    "nieuws|politiek|economie|wereld|samenleving|wetenschap|gezondheid|reizen|onderwijs|milieu|buitenland|binnenland|\
     opinie|cultuur|technologie|regio|klimaat",
    "notícias|política|economia|mundo|sociedade|ciência|saúde|viagens|educação|meio ambiente|internacional|brasil|portugal|\
     opinião|cultura|esportes|desporto|tecnologia|análise",
    "أخبار|سياسة|اقتصاد|العالم|عالم|مجتمع|علوم|صحة|سفر|تعليم|بيئة|دولي|محليات|رأي|آراء|ثقافة|رياضة|تكنولوجيا|تقارير|تحليل|\
     مقالات|فن|منوعات|عاجل|السياسة|الاقتصاد|الرياضة|الثقافة",
    "haberler|gündem|siyaset|ekonomi|dünya|spor|kültür|wiadomości|polityka|gospodarka|świat|kultura|opinie|новости|политика|\
     экономика|мир|общество|культура|спорт|мнения",
];

static SECTION_KEYS: LazyLock<HashSet<String>> =
    LazyLock::new(|| SECTIONS.iter().flat_map(|row| row.split('|')).map(key).collect());

static HOME_KEYS: LazyLock<Vec<String>> = LazyLock::new(|| HOMES.iter().map(|home| key(home)).collect());

/// Whether a line names one section or several.
pub fn is_section(line: &str) -> bool {
    let mut parts = line
        .split([',', '|', '/', '•', '·', '>', '»', '›', '،', '&'])
        .map(key)
        .filter(|part| !part.is_empty())
        .peekable();
    parts.peek().is_some() && parts.all(|part| SECTION_KEYS.contains(&part))
}

/// Whether a line is a path from the site's first page: `Home / News / Bridge reopens`, `HomeNewsBridge`.
pub fn is_breadcrumb(line: &str) -> bool {
    let mut steps = line
        .split(['/', '>', '»', '›', '→', '|', '\u{2192}', '◦', '•', '·'])
        .map(str::trim)
        .filter(|step| !step.is_empty());
    let first = steps.next().unwrap_or_default();
    if HOME_KEYS.contains(&key(first)) && steps.next().is_some() {
        return true;
    }
    HOMES
        .iter()
        .filter(|home| home.is_ascii())
        .any(|home| line.strip_prefix(home).is_some_and(|rest| rest.starts_with(char::is_uppercase)))
}

#[cfg(test)]
mod tests {
    use super::{is_breadcrumb, is_section};

    #[test]
    fn paths_and_sections_are_told_from_headlines() {
        for line in [
            "Home / News / Bridge reopens",
            "Home » Politics",
            "HomeNewsBridge reopens",
            "الرئيسية / أخبار",
            "Startseite > Politik",
        ] {
            assert!(is_breadcrumb(line), "{line}");
        }
        for line in ["Home at last", "Homes for all", "Bridge / tunnel", "Homeland"] {
            assert!(!is_breadcrumb(line), "{line}");
        }
        assert!(
            is_section("POLITICS")
                && is_section("News, Politics")
                && is_section("Économie")
                && !is_section("Elections")
                && !is_section("")
        );
    }
}
