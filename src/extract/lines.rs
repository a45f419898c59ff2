//! Plain text: its lines, and the lines that are the article as HTML.

use std::fmt::Write as _;

use super::reading::{Block, Kind, Role};
use super::text::{clean, clean_lines, decode};
use super::{bound, date, dateline, furniture, sentence};

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    text: String,
    marker: Marker,
    /// Whether an empty line stands above.
    is_parted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    None,
    Bullet,
    Number(u32),
    Quote,
}

/// The lines of a text: cleaned, without ad slots; lines that were broken at a width are whole again.
pub fn read(text: &str) -> Vec<Line> {
    let text = &text[..text.floor_char_boundary(bound::MAX_LENGTH)];
    let text = clean_lines(&decode(text));
    let mut lines: Vec<Line> = Vec::new();
    let mut is_parted = false;
    for text in unbroken(&text).iter().flat_map(|line| apart(line)) {
        let text = clean(furniture::without_slots(text));
        if text.is_empty() {
            is_parted = true;
            continue;
        }
        lines.push(marked(&text, is_parted));
        is_parted = false;
    }
    settle_numbers(&mut lines);
    lines
}

/// The lines as the rules for furniture read them.
pub fn blocks(lines: &[Line]) -> Vec<Block> {
    let block = |line: &Line| Block {
        text: line.text.clone(),
        kind: if line.marker == Marker::None { Kind::Line } else { Kind::Item },
        is_linked: false,
    };
    lines.iter().map(block).collect()
}

/// The lines of the body as HTML: paragraphs, lists, quotes, and headings where a line can only be one.
pub fn html(lines: &[Line], roles: &[Role], order: date::Order) -> String {
    let body: Vec<usize> = (0..lines.len()).filter(|index| roles.get(*index) == Some(&Role::Body)).collect();
    let mut html = String::new();
    let mut list: Option<Marker> = None;
    for (position, index) in body.iter().enumerate() {
        let line = &lines[*index];
        let group = group_of(line.marker);
        if group != list {
            html.push_str(list.map_or("", Marker::end));
            html.push_str(&group.map_or_else(String::new, Marker::begin));
            list = group;
        }
        let is_heading = group.is_none() && is_heading(lines, &body, position, order);
        let name = match (line.marker, is_heading) {
            (Marker::None, true) => "h2",
            (Marker::None | Marker::Quote, _) => "p",
            (Marker::Bullet | Marker::Number(_), _) => "li",
        };
        let _ = write!(html, "<{name}>{}</{name}>", escaped(&line.text));
    }
    html.push_str(list.map_or("", Marker::end));
    html
}

impl Marker {
    fn begin(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Bullet => "<ul>".to_owned(),
            Self::Number(1) => "<ol>".to_owned(),
            Self::Number(first) => format!("<ol start=\"{first}\">"),
            Self::Quote => "<blockquote>".to_owned(),
        }
    }

    const fn end(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Bullet => "</ul>",
            Self::Number(_) => "</ol>",
            Self::Quote => "</blockquote>",
        }
    }
}

/// Text as HTML text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Which list a line opens or goes on; the number of an ordered one does not tell lists apart.
fn group_of(marker: Marker) -> Option<Marker> {
    match marker {
        Marker::None => None,
        Marker::Number(_) => Some(Marker::Number(1)),
        other => Some(other),
    }
}

/// Whether a line is a section's heading: short, without a sentence's end, above a paragraph or a list, and below
/// one or at the very beginning.
fn is_heading(lines: &[Line], body: &[usize], position: usize, order: date::Order) -> bool {
    let line = &lines[body[position]];
    let Some(next) = body.get(position + 1).map(|next| &lines[*next]) else { return false };
    let previous = position.checked_sub(1).map(|previous| &lines[body[previous]]);
    let leads_to_text = is_text(next) || (next.marker != Marker::None && next.marker != Marker::Quote);
    let follows_text = previous.is_none_or(|previous| {
        (is_text(previous) || previous.marker != Marker::None) && !leads_on(&previous.text)
    });
    may_be_heading(&line.text)
        && leads_to_text
        && follows_text
        && !is_standfirst(body, position)
        && dateline::read(&line.text, order).is_none()
}

/// Whether a line is the first of the body, and facts stood between it and the text: it goes on from the headline.
fn is_standfirst(body: &[usize], position: usize) -> bool {
    position == 0 && body.get(1).is_some_and(|next| *next > body[0] + 1)
}

fn is_text(line: &Line) -> bool {
    line.marker == Marker::None
        && (sentence::is_prose(&line.text) || sentence::is_ended(&line.text) || leads_on(&line.text))
}

/// Whether a line says that something follows.
fn leads_on(text: &str) -> bool {
    text.ends_with([':', '：'])
}

/// Whether a line may be a section's heading by its words alone.
pub fn may_be_heading(text: &str) -> bool {
    const LONGEST: usize = 100;
    const MOST_WORDS: usize = 13;
    let words = sentence::words(text);
    let begins_well =
        text.chars().next().is_some_and(|first| !first.is_lowercase() && !"\"“„«‘'([—–-…@#".contains(first));
    let ends_well = !sentence::is_statement(text)
        && !text.ends_with([',', ';', ':', '：', '.', '”', '"', '»', '…', '،', '؛', ')']);
    (1..=MOST_WORDS).contains(&words)
        && text.chars().count() <= LONGEST
        && begins_well
        && ends_well
        && text.contains(char::is_alphabetic)
}

/// A line with the mark of its list taken off.
fn marked(text: &str, is_parted: bool) -> Line {
    let is_item = |rest: &&str| rest.starts_with(' ') && !rest.ends_with(['-', '–', '*']);
    let bullet = text.strip_prefix(['•', '·', '◦', '▪', '‣', '●', '*', '-', '–']).filter(is_item);
    if let Some(rest) = bullet {
        return Line { text: rest.trim().to_owned(), marker: Marker::Bullet, is_parted };
    }
    if let Some(rest) = text.strip_prefix("> ") {
        return Line { text: rest.trim().to_owned(), marker: Marker::Quote, is_parted };
    }
    let marker = number(text).map_or(Marker::None, |(number, _)| Marker::Number(number));
    Line { text: text.to_owned(), marker, is_parted }
}

/// The number that a line begins with as an item does, and the rest.
fn number(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let rest = rest.strip_prefix(['.', ')'])?.strip_prefix(' ')?;
    let number = digits.parse().ok().filter(|_| digits.len() <= 3)?;
    Some((number, rest))
}

/// Numbers make a list only where the next or the one before stands in the neighbouring line; bullets of one
/// dash only where there are two.
fn settle_numbers(lines: &mut [Line]) {
    let markers: Vec<Marker> = lines.iter().map(|line| line.marker).collect();
    for (index, line) in lines.iter_mut().enumerate() {
        let Marker::Number(own) = line.marker else { continue };
        let is_next = |other: Option<&Marker>, wanted: u32| matches!(other, Some(Marker::Number(number)) if *number == wanted);
        let before = index.checked_sub(1).and_then(|before| markers.get(before));
        let in_list = is_next(before, own.wrapping_sub(1)) || is_next(markers.get(index + 1), own + 1);
        match number(&line.text) {
            Some((_, rest)) if in_list => line.text = rest.to_owned(),
            _ => line.marker = Marker::None,
        }
    }
}

/// Labels that copying glues to the end of the line before.
const GLUED: &[&str] = &["Share post:", "Share this article", "Share this:", "spot_imgspot_img"];

/// A line parted where a label is glued to a sentence's end.
fn apart(line: &str) -> Vec<&str> {
    for label in GLUED {
        if let Some(at) = line.find(label).filter(|at| *at > 0) {
            let (before, rest) = line.split_at(at);
            let is_glued = before.ends_with(['.', '!', '?', '…', '”', '"', ')', '۔', '؟']);
            if is_glued && rest.len() <= label.len() + 20 {
                return vec![before, rest];
            }
        }
    }
    vec![line]
}

/// The lines of a text; where it was broken at a width, the lines of each paragraph as one.
fn unbroken(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let Some(width) = broken_width(&lines) else { return lines.into_iter().map(str::to_owned).collect() };
    let mut whole: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let begins_item = marked(line, false).marker != Marker::None;
        match whole.last_mut() {
            Some(last) if goes_on && !begins_item && !line.is_empty() => {
                last.push(' ');
                last.push_str(line);
            }
            _ => whole.push(line.to_owned()),
        }
        goes_on = line.chars().count() * 3 >= width * 2;
    }
    whole
}

/// The width at which a text was broken, in characters; `None` if its lines are whole paragraphs.
fn broken_width(lines: &[&str]) -> Option<usize> {
    const WIDTHS: std::ops::RangeInclusive<usize> = 50..=100;
    let lengths = lines.iter().map(|line| line.chars().count());
    let width = lengths.max().filter(|width| WIDTHS.contains(width))?;
    let followed: Vec<&str> = lines
        .windows(2)
        .filter(|pair| !pair[0].is_empty() && !pair[1].is_empty())
        .map(|pair| pair[0])
        .collect();
    let is_broken = |line: &&&str| line.chars().count() * 4 >= width * 3 && !sentence::is_ended(line);
    let broken = followed.iter().filter(is_broken).count();
    (followed.len() >= 3 && broken * 3 >= followed.len() * 2).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::{Role, date::Order, html, read};

    fn all(text: &str) -> String {
        let lines = read(text);
        html(&lines, &vec![Role::Body; lines.len()], Order::MonthFirst)
    }

    const P: &str = "The bridge over the Senne reopened on Tuesday after six years.";

    #[test]
    fn headings_are_short_lines_between_paragraphs() {
        assert_eq!(
            all(&format!("{P}\nWhat was repaired\n{P}")),
            format!("<p>{P}</p><h2>What was repaired</h2><p>{P}</p>")
        );
        assert_eq!(
            all(&format!("{P}\nWhy so late?\n{P}")),
            format!("<p>{P}</p><h2>Why so late?</h2><p>{P}</p>")
        );
        for line in [
            "“We did it,” she said",
            "and more",
            "The works include:",
            "It rained.",
            "(Photo)",
            "3 March 2026",
        ] {
            assert!(!all(&format!("{P}\n{line}\n{P}")).contains("<h2>"), "{line}");
        }
        assert!(!all(&format!("{P}\nRoses are red\nViolets are blue\nSugar is sweet\n")).contains("<h2>"));
    }

    #[test]
    fn lists_and_quotes_are_kept() {
        assert_eq!(
            all(&format!("{P}\n- one\n• two\n{P}")),
            format!("<p>{P}</p><ul><li>one</li><li>two</li></ul><p>{P}</p>")
        );
        assert_eq!(all("1. one\n2. two"), "<ol><li>one</li><li>two</li></ol>");
        assert_eq!(
            all(&format!("{P}\n1. The beginning\n{P}")),
            format!("<p>{P}</p><h2>1. The beginning</h2><p>{P}</p>")
        );
        assert_eq!(all("> said\n> he"), "<blockquote><p>said</p><p>he</p></blockquote>");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(all("a <b> & c"), "<p>a &lt;b&gt; &amp; c</p>");
    }

    #[test]
    fn lines_broken_at_a_width_are_whole_again() {
        let broken = "The bridge over the Senne in the old town of Brussels has been\nopened again after six years of works, the city said on Monday.\n\nThousands of people walked across it in the first hours, many of\nthem with their children and some of them with a dog or even two\ndogs.\n";
        let paragraphs = all(broken);
        assert_eq!(paragraphs.matches("<p>").count(), 2, "{paragraphs}");
    }

    #[test]
    fn a_label_glued_to_a_sentence_is_a_line_of_its_own() {
        assert_eq!(all("The end.Share post:"), "<p>The end.</p><p>Share post:</p>");
    }
}
