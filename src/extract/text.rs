//! Plain text made clean: one form of every character, and none that harms who prints it.

use std::borrow::Cow;

use dom_query::{Document, NodeRef};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::slot::is_marker;

use super::bound;

/// One line of clean text: NFC, without control characters, direction controls and
/// [markers](crate::model::slot), white space folded and trimmed.
///
/// Entities and markup are taken as they stand: [`clean_markup`] reads them.
pub fn clean(text: &str) -> String {
    let kept: String = text.chars().filter_map(harmless).filter(|c| !is_invisible(*c)).nfc().collect();
    fold_space(&kept)
}

/// [`clean`] for a text of several lines, which stay; of empty lines at most one in a row stays.
pub fn clean_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{B}', '\u{C}'], "\n");
    let kept: String = text.chars().filter_map(harmless).nfc().collect();
    let mut lines: Vec<String> = Vec::new();
    for line in kept.lines().map(fold_space) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// [`clean`] for what may be text or HTML: elements are taken away, entities read, double-encoded ones too.
pub fn clean_markup(text: &str) -> String {
    let text = if is_markup(text) { Cow::Owned(without_markup(text)) } else { decode(text) };
    clean(&text)
}

/// HTML without the characters that no HTML may hold, C1 controls read as the windows-1252 they were meant as.
pub fn clean_characters(html: &str) -> Cow<'_, str> {
    if html.chars().all(|character| harmless(character) == Some(character)) {
        Cow::Borrowed(html)
    } else {
        Cow::Owned(html.chars().filter_map(harmless).collect())
    }
}

/// Entities as the characters they stand for. `&amp;amp;` and the like, which were encoded twice, are read twice.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !has_entity(text) {
        return Cow::Borrowed(text);
    }
    let once = decode_once(text);
    let is_double = text.contains("&amp;") && has_entity(&once);
    Cow::Owned(if is_double { decode_once(&once) } else { once })
}

/// Words parted by one space each.
pub fn fold_space(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Small letters without accents and other marks, so that `Août` and `AOUT`, `أغسطس` and `اغسطس` are one word.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect()
}

/// The first `most` characters, as a reader counts them; of a longer text the last of them is `…`, after a
/// whole word where there is one.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.grapheme_indices(true).nth(most) else { return Cow::Borrowed(text) };
    let room = text.grapheme_indices(true).nth(most.saturating_sub(1)).map_or(end, |(index, _)| index);
    let head = &text[..room];
    let at_word = head.rfind(char::is_whitespace).filter(|space| *space > room / 2).unwrap_or(room);
    let kept = head[..at_word]
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '-'));
    Cow::Owned(format!("{kept}…"))
}

/// Whether a character controls the direction of what surrounds it.
pub const fn is_direction_control(character: char) -> bool {
    matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What the bytes 80 to 9F mean in windows-1252, by their place; a space where they mean nothing.
const WINDOWS_1252: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// The character itself or what it was meant to be; `None` if it has no place in text.
///
/// Marks of direction stay, since Arabic and Hebrew need them; embeddings, overrides and isolates, which can
/// turn around text that is not theirs, do not.
fn harmless(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' => Some(character),
        '\u{80}'..='\u{9F}' => {
            let meant = WINDOWS_1252.chars().nth(usize::try_from(u32::from(character) - 0x80).ok()?);
            meant.filter(|meant| *meant != ' ')
        }
        '\u{2028}' | '\u{2029}' => Some('\n'),
        _ => is_text(character).then_some(character),
    }
}

fn is_text(character: char) -> bool {
    let is_control = matches!(character, '\u{0}'..='\u{1F}' | '\u{7F}');
    let turns_text_around = matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let is_special = matches!(character, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}')
        || u32::from(character) & 0xFFFE == 0xFFFE;
    !(is_control || turns_text_around || is_special || is_marker(character))
}

/// What a headline can do without: direction controls, soft hyphens, spaces without width.
const fn is_invisible(character: char) -> bool {
    is_direction_control(character) || matches!(character, '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}')
}

/// Elements that people put into headlines and summaries; `<` before any other word is a sign of less.
const INLINE: &[&str] = &[
    "a",
    "abbr",
    "b",
    "big",
    "br",
    "center",
    "cite",
    "code",
    "del",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "i",
    "img",
    "ins",
    "li",
    "mark",
    "ol",
    "p",
    "q",
    "s",
    "script",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "ul",
    "wbr",
    "blockquote",
    "figure",
    "section",
    "article",
    "iframe",
    "hr",
];

fn is_markup(text: &str) -> bool {
    text.match_indices('<').any(|(index, _)| {
        let rest = text[index + 1..].trim_start_matches('/');
        let name_length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_length);
        let is_known = INLINE.iter().any(|known| name.eq_ignore_ascii_case(known));
        let is_comment = rest.starts_with("!--") || rest.starts_with("![CDATA[");
        is_comment || (is_known && after.starts_with(['>', '/', ' ', '\n', '\t']) && after.contains('>'))
    })
}

fn without_markup(text: &str) -> String {
    let text = text.replace("<![CDATA[", "").replace("]]>", "");
    let document = Document::fragment(bound::html(&text).into_owned());
    document.select("script, style, template, noscript, iframe").remove();
    decode(&of_node(&document.root())).into_owned()
}

/// The text below a node, with a space where an element begins on a line of its own.
pub fn of_node(node: &NodeRef<'_>) -> String {
    let mut plain = String::new();
    for node in node.descendants_it() {
        if node.is_text() {
            plain.push_str(&node.text());
        } else if !node.node_name().is_some_and(|name| is_inline(&name)) {
            plain.push(' ');
        }
    }
    plain
}

/// Whether an element runs on in its line, so that no space belongs where it begins.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "big"
            | "cite"
            | "code"
            | "del"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "mark"
            | "q"
            | "s"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "wbr"
    )
}

fn has_entity(text: &str) -> bool {
    text.match_indices('&').any(|(index, _)| entity_length(&text[index..]).is_some())
}

/// The length of the entity that a text begins with; one without its semicolon is none.
fn entity_length(text: &str) -> Option<usize> {
    const LONGEST: usize = 34;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let is_name = !name.is_empty() && name.trim_start_matches('#').bytes().all(|b| b.is_ascii_alphanumeric());
    is_name.then_some(end + 1)
}

/// The parser knows every entity, so it is shown a text in which nothing but entities is markup.
fn decode_once(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for (index, character) in text.char_indices() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '&' if entity_length(&text[index..]).is_none() => escaped.push_str("&amp;"),
            _ => escaped.push(character),
        }
    }
    Document::fragment(escaped).text().to_string()
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_characters, clean_lines, clean_markup, decode, shorten};

    #[test]
    fn one_line_of_text_is_cleaned() {
        for (text, expected) in [
            ("  Bridge\t\n reopens\u{A0}now ", "Bridge reopens now"),
            ("Cafe\u{301}", "Café"),
            ("A\u{0}B\u{8}C\u{7F}D", "ABCD"),
            ("\u{93}Yes\u{94} \u{96} it\u{92}s 5 \u{80}", "“Yes” – it’s 5 €"),
            ("a\u{202E}b\u{2066}c\u{200F}d\u{AD}e\u{FEFF}", "abcde"),
            ("slot \u{F0001}\u{F00FF}here", "slot here"),
            ("line\u{2028}two", "line two"),
            ("می\u{200C}خواهم 👩\u{200D}🚀", "می\u{200C}خواهم 👩\u{200D}🚀"),
            ("Q&amp;A", "Q&amp;A"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_stay_and_empty_ones_do_not_pile_up() {
        assert_eq!(
            clean_lines("\n\nOne \r\n\r\n\r\n two\u{2029}three\u{C}four\n\n"),
            "One\n\ntwo\nthree\nfour"
        );
    }

    #[test]
    fn text_with_markup_becomes_text() {
        for (text, expected) in [
            ("AT&amp;T <b>wins</b>", "AT&T wins"),
            ("AT&amp;amp;T &amp;#8217;s", "AT&T ’s"),
            ("&ldquo;Yes&rdquo; &#151; &hellip;", "“Yes” — …"),
            ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
            ("The <canvas> element", "The <canvas> element"),
            ("Why the &lt;script&gt; element is slow", "Why the <script> element is slow"),
            ("Hi<script>alert(1)</script> there", "Hi there"),
            ("<p>One.</p><p>Two<br>three.</p>", "One. Two three."),
            ("H<sub>2</sub>O", "H2O"),
            ("<![CDATA[Plain]]>", "Plain"),
            ("Fish & Chips &copy 1", "Fish & Chips &copy 1"),
            ("M&S; N", "M&S; N"),
            ("<!-- hidden -->Seen", "Seen"),
            ("&#xF0001;x&#0;", "x\u{FFFD}"),
        ] {
            assert_eq!(clean_markup(text), expected, "{text:?}");
        }
    }

    #[test]
    fn entities_are_read_once() {
        assert_eq!(decode("a &lt; b &amp; c"), "a < b & c");
        assert_eq!(decode("no entity & none"), "no entity & none");
    }

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        for (text, expected) in [
            ("The bridge is open", "The bridge is open"),
            ("The bridge is open again", "The bridge is…"),
            ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifff…"),
            ("👩\u{200D}🚀👩\u{200D}🚀", "👩\u{200D}🚀👩\u{200D}🚀"),
        ] {
            assert_eq!(shorten(text, 18), expected);
        }
    }

    #[test]
    fn html_keeps_its_marks_of_direction() {
        assert_eq!(clean_characters("<p>\u{200F}a\u{202E}\u{1}b</p>"), "<p>\u{200F}ab</p>");
    }

    proptest::proptest! {
        #[test]
        fn any_text_becomes_clean(text in ".*") {
            for cleaned in [clean(&text), clean_markup(&text)] {
                proptest::prop_assert!(!cleaned.chars().any(char::is_control), "{cleaned:?}");
                proptest::prop_assert_eq!(clean(&cleaned), cleaned);
            }
        }
    }
}
