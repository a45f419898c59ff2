//! Words too long for a phone.

use std::fmt::{self, Display};

use askama::filters::{Escaper, Html, HtmlSafe};
use unicode_segmentation::UnicodeSegmentation;

/// A word may have this many graphemes before it is given places to break: no word of a dictionary has them.
const LONG_WORD: usize = 40;

/// A phone holds this many graphemes of a headline in a line.
const PIECE: usize = 12;

/// Text for HTML: escaped, and with `<wbr>` in words that are too long for any screen, so that none pushes the mail
/// wider than a phone.
pub fn flow(text: &str) -> impl HtmlSafe + '_ {
    Flow(text)
}

struct Flow<'a>(&'a str);

impl HtmlSafe for Flow<'_> {}

impl Display for Flow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for word in self.0.split_inclusive(' ') {
            let graphemes: Vec<&str> = word.graphemes(true).collect();
            let piece = if graphemes.len() > LONG_WORD { PIECE } else { graphemes.len().max(1) };
            for (index, piece) in graphemes.chunks(piece).enumerate() {
                if index > 0 {
                    f.write_str("<wbr>")?;
                }
                Html.write_escaped_str(&mut *f, &piece.concat())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::flow;

    #[test]
    fn only_endless_words_get_places_to_break() {
        for (text, expected) in [
            ("Two <b>words</b> & more", "Two &#60;b&#62;words&#60;/b&#62; &#38; more".to_owned()),
            ("Rindfleischetikettierungsüberwachung", "Rindfleischetikettierungsüberwachung".to_owned()),
            (&"x".repeat(41), "xxxxxxxxxxxx<wbr>xxxxxxxxxxxx<wbr>xxxxxxxxxxxx<wbr>xxxxx".to_owned()),
            ("", String::new()),
        ] {
            assert_eq!(flow(text).to_string(), expected, "{text}");
        }
    }
}
