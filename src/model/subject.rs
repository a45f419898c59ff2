//! The subject line of an edition: one rule, the same for all its subscribers and its page.

use unicode_segmentation::UnicodeSegmentation;

use super::text::{line, shorten};

/// How long a subject may be, in graphemes: more is cut off by most mail programs.
pub const LIMIT: usize = 60;

/// A headline is given at least this much room, whatever else a pattern holds.
const LEAD_AT_LEAST: usize = 20;

/// A site's name after a bar has at most this many words; what is longer is part of the headline.
const SITE_WORDS: usize = 4;

/// What mail programs put before the subject of an answer or of a forwarded mail; a headline must not pretend.
const REPLY_MARKS: &[&str] = &["re", "fw", "fwd", "aw", "wg", "sv", "tr", "rv"];

/// What the words in braces of a newsletter's pattern stand for.
#[derive(Clone, Copy, Debug)]
pub struct SubjectWords<'a> {
    /// `{lead}`: the headline of the first article, as plain text: its entities were decoded when it was
    /// extracted, and are not decoded again.
    pub lead: &'a str,
    /// `{count}`: how many articles there are.
    pub count: usize,
    /// `{date}`: the edition's day in the newsletter's language.
    pub date: &'a str,
    /// `{newsletter}`: its title.
    pub newsletter: &'a str,
    /// The publication's title, which some sites print after every headline.
    pub publication: &'a str,
}

impl SubjectWords<'_> {
    /// The subject that `pattern` makes of these words; never empty, at most [`LIMIT`] graphemes.
    pub fn compose(&self, pattern: &str) -> String {
        let around = line(&self.expand(pattern, ""));
        let room = LIMIT.saturating_sub(around.graphemes(true).count()).max(LEAD_AT_LEAST);
        let subject = line(&self.expand(pattern, &shorten(&self.headline(), room)));
        let candidates = [subject, line(self.newsletter), line(self.date)];
        let subject = candidates.iter().map(|text| without_reply_marks(text)).find(|text| !text.is_empty());
        shorten(subject.unwrap_or("…"), LIMIT)
    }

    fn headline(&self) -> String {
        let headline = line(self.lead);
        without_site(&headline, &[self.publication, self.newsletter]).to_owned()
    }

    /// Words are put in one pass, so that a headline that holds `{date}` stays as it is.
    fn expand(&self, pattern: &str, lead: &str) -> String {
        let count = self.count.to_string();
        let known =
            [("{lead}", lead), ("{count}", &count), ("{date}", self.date), ("{newsletter}", self.newsletter)];
        let mut expanded = String::new();
        let mut rest = pattern;
        while let Some(start) = rest.find('{') {
            expanded.push_str(&rest[..start]);
            rest = &rest[start..];
            let (word, value) =
                known.into_iter().find(|(word, _)| rest.starts_with(word)).unwrap_or(("{", "{"));
            expanded.push_str(value);
            rest = &rest[word.len()..];
        }
        expanded + rest
    }
}

/// The headline without the site's name that many sites put after it: any short name after a bar, one of `names`
/// after a dash or a dot.
fn without_site<'a>(headline: &'a str, names: &[&str]) -> &'a str {
    for separator in [" | ", " - ", " – ", " — ", " · ", " « ", " » "] {
        let Some((head, tail)) = headline.rsplit_once(separator) else { continue };
        let is_named = names.iter().any(|name| line(name).to_lowercase() == tail.to_lowercase());
        let looks_like_a_site =
            separator == " | " && tail.split(' ').count() <= SITE_WORDS && tail.len() < head.len();
        if !head.trim().is_empty() && (is_named || looks_like_a_site) {
            return head.trim_end();
        }
    }
    headline
}

fn without_reply_marks(subject: &str) -> &str {
    let mut rest = subject;
    while let Some((mark, after)) = rest.split_once([':', '：']) {
        if !REPLY_MARKS.contains(&mark.trim().to_lowercase().as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compose(pattern: &str, lead: &str) -> String {
        SubjectWords {
            lead,
            count: 7,
            date: "24 November 2026",
            newsletter: "The Daily Courier",
            publication: "The Courier",
        }
        .compose(pattern)
    }

    #[test]
    fn a_headline_becomes_a_subject() {
        for (lead, expected) in [
            ("Bridge reopens", "Bridge reopens"),
            ("  Bridge\n reopens\u{7} ", "Bridge reopens"),
            ("Bridge reopens | The Courier", "Bridge reopens"),
            ("Bridge reopens at last | Wire Service", "Bridge reopens at last"),
            ("Bridge reopens – The Courier", "Bridge reopens"),
            ("Bridge reopens - at last", "Bridge reopens - at last"),
            ("Live | What we know so far about the bridge", "Live | What we know so far about the bridge"),
            ("| The Courier", "| The Courier"),
            ("AT&T and &amp; more", "AT&T and &amp; more"),
            ("NATO MEETS IN BRUSSELS", "NATO MEETS IN BRUSSELS"),
            ("Re: your taxes", "your taxes"),
            ("RE: Fwd: your taxes", "your taxes"),
            ("Reform: what comes", "Reform: what comes"),
            ("Re:", "The Daily Courier"),
            ("\u{202E}\u{7}", "The Daily Courier"),
            ("Save {date} in <b>", "Save {date} in <b>"),
            ("الجسر يفتح من جديد", "الجسر يفتح من جديد"),
            (
                "The council votes tonight on the bridge that nobody wanted to build",
                "The council votes tonight on the bridge that nobody wanted…",
            ),
            ("", "The Daily Courier"),
        ] {
            assert_eq!(compose("{lead}", lead), expected, "{lead:?}");
        }
    }

    #[test]
    fn a_pattern_keeps_its_other_words_when_the_headline_is_long() {
        let long = "The council votes tonight on the bridge that nobody wanted to build";
        for (pattern, expected) in [
            ("{newsletter}", "The Daily Courier"),
            ("{lead} ({count})", "The council votes tonight on the bridge that nobody… (7)"),
            ("{newsletter}: {lead}", "The Daily Courier: The council votes tonight on the bridge…"),
            ("{count} stories for {date}", "7 stories for 24 November 2026"),
            ("{nonsense} {", "{nonsense} {"),
            ("", "The Daily Courier"),
        ] {
            assert_eq!(compose(pattern, long), expected, "{pattern:?}");
        }
    }

    #[test]
    fn ten_thousand_letters_are_cut_all_the_same() {
        let subject = compose("{lead}", &"x".repeat(10_000));
        assert_eq!(subject.graphemes(true).count(), LIMIT);
    }

    proptest! {
        #[test]
        fn a_subject_is_one_short_line_and_never_empty(pattern in "(\\{lead\\}|\\{count\\}|.){0,6}", lead in any::<String>()) {
            let subject = compose(&pattern, &lead);
            prop_assert!(!subject.is_empty());
            prop_assert!(subject.graphemes(true).count() <= LIMIT);
            prop_assert!(subject.len() <= 1_000);
            prop_assert_eq!(&line(&subject), &subject);
        }
    }
}
