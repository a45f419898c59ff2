//! What publishers put behind a biography: whose opinion an article is, and whose it is not.

use super::byline::strip_folded;

/// How disclaimers begin, parted by `|`.
const BEGINNINGS: &str = "\
    disclaimer|disclosure|the views expressed|views expressed|the opinions expressed|opinions expressed\
    |the views and opinions|views and opinions expressed|all views expressed|any views expressed\
    |any opinions|the opinions in this|the views in this|the content of this article\
    |the information contained in this|the information provided|this article reflects\
    |this article does not|this article represents|this article was originally published\
    |this opinion does not|this piece reflects|the author is solely|the author alone is\
    |the author declares|the author has no|the authors declare|the courier is not responsible\
    |the publisher is not|the editors do not|note: the views|editor's note: the views|haftungsausschluss\
    |die in diesem artikel|die in diesem beitrag|die hier geäußerten|die hier vertretenen\
    |die geäußerten meinungen|dieser beitrag gibt|dieser artikel gibt die meinung|gastbeiträge geben\
    |avertissement|clause de non-responsabilité|les opinions exprimées|les propos tenus\
    |les points de vue|cet article reflète|cette tribune n'engage|cet article n'engage|les avis exprimés\
    |descargo de responsabilidad|aviso legal|las opiniones expresadas|las opiniones vertidas\
    |los puntos de vista|este artículo refleja|le opinioni espresse|le opinioni contenute\
    |questo articolo riflette|esclusione di responsabilità|disclaimer:|de meningen in|de standpunten in\
    |de in dit artikel|de opvattingen|dit artikel weerspiegelt|de auteur is zelf|as opiniões expressas\
    |as opiniões emitidas|as opiniões aqui|este artigo reflete|isenção de responsabilidade|aviso:\
    |إخلاء مسؤولية|إخلاء المسؤولية|الآراء الواردة|الآراء المعبر عنها|الآراء المنشورة|آراء الكاتب\
    |المقال يعبر عن|هذا المقال يعبر|المقالات المنشورة|تنويه|ملاحظة: الآراء|sorumluluk reddi|zastrzeżenie\
    |poglądy wyrażone|opinie wyrażone|мнение автора|мнение редакции|точка зрения автора";

/// Words that follow a name where a text says who somebody is, parted by `|`.
const SAYS_WHO: &str = "\
    is |was |has |writes |covers |reports |works |teaches |lives |joined |studied |holds |serves \
    |edits |leads |specialises |specializes |(born |(@|are |ist |war |schreibt |arbeitet |berichtet \
    |lebt |leitet |studierte |(*|est |a |écrit |travaille |couvre |vit |dirige |es |fue |escribe \
    |trabaja |cubre |vive |è |scrive |lavora |si occupa |schrijft |werkt |woont |volgt |é |escreve \
    |trabalha |cobre |foi |هو |هي |كاتب|كاتبة|صحفي|صحافي|مراسل|مراسلة|محرر|باحث|باحثة|أستاذ|يكتب|تكتب\
    |jest |pisze |пишет |журналист|работает ";

/// Where a text turns into a disclaimer: at a sentence that begins as one, or at one glued to the sentence before.
pub fn start(text: &str) -> Option<usize> {
    let begins = |at: &usize| {
        BEGINNINGS.split('|').any(|beginning| strip_folded(&text[*at..], beginning).is_some_and(ends_word))
    };
    places(text).find(begins)
}

/// Whether what follows a name says who its bearer is.
pub fn says_who(rest: &str) -> bool {
    let rest = rest
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '،' | ':' | '-' | '–' | '—'));
    SAYS_WHO.split('|').any(|word| strip_folded(rest, word).is_some())
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(char::is_alphanumeric) || rest.is_empty()
}

/// The places where a sentence may begin.
fn places(text: &str) -> impl Iterator<Item = usize> {
    let mut previous = '.';
    let mut has_ended = true;
    text.char_indices().filter_map(move |(index, character)| {
        let is_glued = previous.is_lowercase() && character.is_uppercase();
        let begins = character.is_alphabetic() && (has_ended || is_glued);
        let is_mark = matches!(
            character,
            '.' | '!' | '?' | '؟' | '…' | '*' | '|' | '(' | '[' | ':' | '–' | '—' | '”' | '"' | '\n'
        );
        has_ended = is_mark || (has_ended && !character.is_alphanumeric());
        previous = character;
        begins.then_some(index)
    })
}

#[cfg(test)]
mod tests {
    use super::{says_who, start};

    #[test]
    fn a_disclaimer_is_found_where_a_sentence_may_begin() {
        for (text, before) in [
            ("Jane Doe covers Brussels. Disclaimer: The views are her own.", "Jane Doe covers Brussels. "),
            ("Jane Doe covers Brussels.Disclaimer: The views are her own.", "Jane Doe covers Brussels."),
            ("Jane Doe covers BrusselsDISCLAIMER: The views are her own.", "Jane Doe covers Brussels"),
            ("The views expressed in this article are the author’s.", ""),
            ("*The opinions expressed here are those of the author.*", "*"),
            (
                "Jana Weiß lebt in Köln. Die in diesem Artikel geäußerten Meinungen sind ihre.",
                "Jana Weiß lebt in Köln. ",
            ),
            ("كاتبة في بيروت. الآراء الواردة في هذا المقال تعبر عن صاحبها.", "كاتبة في بيروت. "),
        ] {
            assert_eq!(start(text).map(|at| &text[..at]), Some(before), "{text}");
        }
        for text in ["She reads every disclaimer: it is her job.", "Disclaimers bore her.", ""] {
            assert_eq!(start(text), None, "{text}");
        }
    }

    #[test]
    fn a_biography_says_who_somebody_is() {
        assert!(
            says_who(" is a reporter in Ghent.")
                && says_who(", a former judge, teaches")
                && says_who(" كاتبة لبنانية")
        );
        assert!(!says_who(" said the bridge was safe.") && !says_who(""));
    }
}
