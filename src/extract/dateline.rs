//! Lines of facts under a headline: when, by whom, how many views.

use crate::model::time::Timestamp;

use super::date::{Order, parse_alone};
use super::{byline, furniture, sentence};

/// What a line of facts says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// When the piece was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Whether the line is a label such as `Date:` with nothing after it.
    pub awaits_date: Option<Kind>,
    /// Whether the line says what its date is, rather than being one alone.
    pub is_labelled: bool,
}

/// Which date a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// When the piece was published.
    Published,
    /// When it was last changed.
    Updated,
}

/// Labels of dates of publication, parted by `|`; longer ones first where one begins another.
const PUBLISHED: &str = "\
    date published|publication date|published on|published at|published|posted on|posted at|posted\
    |first published on|first published|date|on|veröffentlicht am|veröffentlicht|erstellt am\
    |erschienen am|datum|stand|publié le|publié|mis en ligne le|publicado el|publicado em|publicado\
    |publicada el|fecha|fecha de publicación|pubblicato il|pubblicato|gepubliceerd op|gepubliceerd\
    |geplaatst op|data|data de publicação|postado em|تاريخ النشر|تاريخ|التاريخ|نشر في|نشر بتاريخ|نشرت في\
    |نشر|بتاريخ|дата|опубликовано|дата публикации|tarih|yayınlanma tarihi|opublikowano|data publikacji\
    |publicerad|publisert|udgivet|julkaistu|发布时间|日期|公開日|投稿日";

/// Labels of dates of change, parted by `|`.
const UPDATED: &str = "\
    last updated on|last updated|last modified on|last modified|updated on|updated at|updated|update\
    |modified|zuletzt aktualisiert am|zuletzt aktualisiert|aktualisiert am|aktualisiert\
    |zuletzt geändert am|mis à jour le|mis à jour|dernière mise à jour|modifié le|actualizado el\
    |actualizado|última actualización|aggiornato il|aggiornato|ultimo aggiornamento|bijgewerkt op\
    |bijgewerkt|laatst bijgewerkt|laatste update|atualizado em|atualizado|última atualização|آخر تحديث\
    |تحديث|تم التحديث|обновлено|güncelleme|son güncelleme|zaktualizowano|aktualizacja|uppdaterad\
    |oppdatert|opdateret|päivitetty|更新日|更新";

/// Marks between the facts of a line.
const MARKS: &[&str] = &[" | ", " • ", " · ", " - ", " – ", " — ", " / ", " // ", "|", "•", "·"];

/// The facts of a line that holds nothing else.
pub fn read(line: &str, order: Order) -> Option<Facts> {
    const LONGEST: usize = 200;
    let line = line.trim();
    if line.is_empty() || line.chars().count() > LONGEST || sentence::is_prose(line) {
        return None;
    }
    one(line, order).or_else(|| several(line, order))
}

/// Which date a line names that is a label and nothing else, with a colon or without.
pub fn label(line: &str) -> Option<Kind> {
    let line = furniture::key(line);
    let is_one = |labels: &'static str| labels.split('|').any(|label| furniture::key(label) == line);
    match () {
        () if is_one(UPDATED) => Some(Kind::Updated),
        () if is_one(PUBLISHED) => Some(Kind::Published),
        () => None,
    }
}

/// One fact: a date, with its label or without, and who wrote if that follows; or a byline.
fn one(text: &str, order: Order) -> Option<Facts> {
    if let Some(moment) = parse_alone(text, order) {
        return Some(Facts { published: Some(moment), ..Facts::default() });
    }
    labelled(text, order).or_else(|| dated_byline(text, order))
}

fn labelled(text: &str, order: Order) -> Option<Facts> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let updated = UPDATED.split('|').map(|label| (Kind::Updated, label));
    let published = PUBLISHED.split('|').map(|label| (Kind::Published, label));
    updated.chain(published).find_map(|(kind, label)| {
        let rest = byline::strip_folded(text, label)?;
        let value =
            rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '-' | '–'));
        if value.is_empty() {
            let is_label = rest.trim_start().starts_with([':', '：']);
            return is_label.then(|| Facts {
                awaits_date: Some(kind),
                is_labelled: true,
                ..Facts::default()
            });
        }
        let mut facts = dated(value, order)?;
        if kind == Kind::Updated {
            facts.updated = facts.published.take();
        }
        Some(Facts { is_labelled: true, ..facts })
    })
}

/// A date, and who wrote if that follows it.
fn dated(text: &str, order: Order) -> Option<Facts> {
    if let Some(moment) = parse_alone(text, order) {
        return Some(Facts { published: Some(moment), ..Facts::default() });
    }
    splits(text, ' ').find_map(|(date, rest)| {
        let published = Some(parse_alone(date.trim_end_matches([',', '،']), order)?);
        let authors = byline::read(rest)?;
        Some(Facts { published, authors, ..Facts::default() })
    })
}

/// `By Jane Doe on March 3, 2026`, `By Jane Doe, 3 March 2026`.
fn dated_byline(text: &str, order: Order) -> Option<Facts> {
    if let Some(authors) = byline::read(text)
        && parse_alone(text, order).is_none()
    {
        return Some(Facts { authors, ..Facts::default() });
    }
    splits(text, ' ').find_map(|(who, when)| {
        let authors = byline::read(who.trim_end_matches([',', '،']))?;
        let facts = dated(when, order).or_else(|| labelled(when, order))?;
        Some(Facts { authors, ..facts })
    })
}

/// Facts parted by marks; a name alone is one next to a date.
fn several(line: &str, order: Order) -> Option<Facts> {
    let parts = apart(line);
    if parts.len() < 2 {
        return updated_after_comma(line, order);
    }
    let mut facts = Facts::default();
    for part in &parts {
        match (one(part, order), furniture::label(part)) {
            (Some(found), _) => facts.take(found),
            (None, Some(mark))
                if matches!(mark.rule, "count" | "relative-date" | "site-header" | "share") => {}
            (None, None) if byline::is_name(part) => facts.authors.extend(byline::authors([*part])),
            _ => return None,
        }
    }
    let says_when = facts.published.is_some() || facts.updated.is_some();
    (says_when || !facts.authors.is_empty() && parts.len() > 1 && byline::read(parts[0]).is_some())
        .then_some(facts)
}

/// `Published 3 March 2026, updated 4 March 2026`.
fn updated_after_comma(line: &str, order: Order) -> Option<Facts> {
    splits(line, ',').find_map(|(first, second)| {
        let mut facts = one(first, order)?;
        facts.take(labelled(second.trim(), order)?);
        Some(facts)
    })
}

impl Facts {
    fn take(&mut self, other: Self) {
        self.published = self.published.or(other.published);
        self.updated = self.updated.or(other.updated);
        self.authors.extend(other.authors);
        self.is_labelled |= other.is_labelled;
    }
}

fn apart(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for mark in MARKS {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Every way to part a text at a character.
fn splits(text: &str, at: char) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices(at)
        .map(move |(index, found)| (&text[..index], text[index + found.len()..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Order, read};

    fn facts(line: &str) -> String {
        let Some(facts) = read(line, Order::MonthFirst) else { return "none".to_owned() };
        let day = |moment: Option<crate::model::time::Timestamp>| {
            moment.map_or_else(String::new, |moment| moment.to_string()[..10].to_owned())
        };
        format!("{} {} {}", day(facts.published), day(facts.updated), facts.authors.join("+"))
    }

    #[test]
    fn lines_of_facts_are_read() {
        for (line, expected) in [
            ("Date: March 3, 2026", "2026-03-03  "),
            ("DATE : 3 March 2026", "2026-03-03  "),
            ("Tuesday, 3 March 2026", "2026-03-03  "),
            ("Published on March 3, 2026", "2026-03-03  "),
            ("Updated: 3 March 2026", " 2026-03-03 "),
            ("Last updated March 3, 2026 at 5:00 pm", " 2026-03-03 "),
            ("Veröffentlicht am 3. März 2026", "2026-03-03  "),
            ("Publié le 3 mars 2026 à 14h30", "2026-03-03  "),
            ("تاريخ النشر: ٣ مارس ٢٠٢٦", "2026-03-03  "),
            ("By Jane Doe", "  Jane Doe"),
            ("By Jane Doe - March 3, 2026", "2026-03-03  Jane Doe"),
            ("Jane Doe | 3 March 2026 | 1,234 views", "2026-03-03  Jane Doe"),
            ("By Jane Doe on March 3, 2026", "2026-03-03  Jane Doe"),
            ("Posted on March 3, 2026 by Jane Doe", "2026-03-03  Jane Doe"),
            ("March 3, 2026 • 5 min read", "2026-03-03  "),
            ("Published 3 March 2026, updated 4 March 2026", "2026-03-03 2026-03-04 "),
            ("By Jane Doe and Jo Roe | Updated: March 4, 2026", " 2026-03-04 Jane Doe+Jo Roe"),
        ] {
            assert_eq!(facts(line), expected, "{line}");
        }
    }

    #[test]
    fn a_label_without_a_date_waits_for_one() {
        assert_eq!(read("Date:", Order::MonthFirst).unwrap().awaits_date, Some(Kind::Published));
        assert_eq!(read("Dernière mise à jour :", Order::DayFirst).unwrap().awaits_date, Some(Kind::Updated));
    }

    #[test]
    fn sentences_and_headings_are_no_facts() {
        for line in [
            "Date",
            "The date: a history",
            "On 3 March 2026 the bridge reopened to the public after six years.",
            "Bridge - a history",
            "Jane Doe",
            "Published authors meet",
            "Data protection",
            "12",
            "",
        ] {
            assert_eq!(facts(line), "none", "{line}");
        }
    }
}
