//! The words of a refusal, without what may be anything.

/// How much of a text is looked at, in bytes.
const MAX_TEXT: usize = 6000;

/// A text in lower case, with one blank between words, and without addresses, links, names of hosts and codes:
/// a host may be called `spam`, and Gmail writes its code into the middle of a sentence at each end of a line.
pub(super) struct Words(String);

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let words: Vec<_> = text.split_whitespace().filter(|word| is_word(word)).collect();
        Self(words.join(" ").to_lowercase().replace(['’', '`'], "'"))
    }

    pub(super) fn have(&self, phrase: &str) -> bool {
        self.0.contains(phrase)
    }
}

fn is_word(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_code = !bare.is_empty() && bare.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.'));
    !word.contains('@') && !word.contains("://") && !is_code && !is_host(bare)
}

/// `mx.example.org`, `mail.example.org[192.0.2.1]`: labels of ASCII, and the last one of letters.
///
/// `Microsoft's` dotted words (`RESOLVER.ADR.RecipientNotFound`) are no host.
fn is_host(word: &str) -> bool {
    let name = word.split(['[', '(']).next().unwrap_or_default();
    let Some((_, last)) = name.rsplit_once('.') else { return false };
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && (2..=12).contains(&last.len())
        && last.bytes().all(|byte| byte.is_ascii_lowercase())
}
