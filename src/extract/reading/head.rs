//! What stands above the running text.

use crate::extract::dateline::{Facts, Kind as DateKind};
use crate::extract::furniture::Effect;
use crate::extract::{byline, date, dateline};

use super::headline::ends_everything;
use super::places::{is_breadcrumb, is_section};
use super::{Kind, Origin, Reader, Role};

/// How many blocks may stand between the headline and the text.
const LONGEST_HEAD: usize = 200;

impl Reader<'_> {
    /// Where the running text begins: at the first sentence below the headline.
    pub(super) fn find_body(&mut self) {
        let first = self.headline.map_or(0, |headline| headline + 1);
        let length = self.blocks.len();
        let end = (first..length).find(|index| ends_everything(self.marks[*index])).unwrap_or(length);
        let is_body = |index: &usize| self.is_statement(*index) && self.facts(*index).is_none();
        let body = (first..end).find(is_body).unwrap_or(end);
        // A sentence between the headline and the facts goes on from the headline.
        let is_headline = |index: usize| !self.says_facts(index) && self.signature_length(index).is_none();
        let is_standfirst = body < end && self.says_facts(body + 1) && (first..body).all(is_headline);
        self.body = if is_standfirst { (body + 1..end).find(is_body).unwrap_or(end) } else { body };
    }

    /// Whether a line says when the piece was published or who wrote it.
    fn says_facts(&self, index: usize) -> bool {
        let is_about_article = |facts: Facts| self.is_about_article(&facts, index);
        index < self.blocks.len() && self.facts(index).is_some_and(is_about_article)
    }

    /// Says of each block above the running text what it is.
    pub(super) fn read_head(&mut self) {
        self.cut_above_headline();
        self.read_author_above();
        let mut index = self.headline.map_or(0, |headline| headline + 1);
        let end = self.body.min(index + LONGEST_HEAD);
        while index < end {
            index += self.read_head_line(index);
        }
    }

    fn cut_above_headline(&mut self) {
        let Some(headline) = self.headline else { return };
        for index in 0..headline {
            let rule = match self.marks[index] {
                Some(mark) => mark.rule,
                None if self.repeats_headline(index) => "headline-again",
                None if is_breadcrumb(self.text(index)) => "breadcrumbs",
                None if is_section(self.text(index)) => "section",
                None => self.read_kicker(index, headline),
            };
            self.cut(index, rule);
        }
    }

    /// A line of facts right above the headline is the article's; further up it is the day of the visit.
    fn read_kicker(&mut self, index: usize, headline: usize) -> &'static str {
        match self.facts(index) {
            Some(facts) if index + 1 == headline => {
                let rule = rule_of(&facts);
                self.take(&facts);
                rule
            }
            _ => "above-headline",
        }
    }

    /// Reads one line below the headline, and returns how many lines that took.
    fn read_head_line(&mut self, index: usize) -> usize {
        if self.roles[index] != Role::Body || self.blocks[index].kind == Kind::Fixed {
            return 1;
        }
        if self.repeats_headline(index) {
            self.cut(index, "headline-again");
            return 1;
        }
        let awaited = || self.awaited_date(index);
        if let Some(facts) =
            self.facts(index).or_else(awaited).filter(|facts| self.is_about_article(facts, index))
        {
            return self.take_head_facts(index, &facts);
        }
        if let Some(mark) = self.marks[index] {
            return self.cut_head_mark(index, mark.rule, mark.effect);
        }
        let text = self.text(index);
        let is_page = self.known.origin != Origin::Fragment;
        if text.chars().all(|character| !character.is_alphabetic()) && is_page {
            self.cut(index, "count");
        } else if is_breadcrumb(text) && is_page {
            self.cut(index, "breadcrumbs");
        } else if is_page && is_section(text) && self.is_by_facts(index) {
            self.cut(index, "section");
        } else if self.is_known_author(text) || (is_page && byline::is_name(text) && self.is_by_facts(index))
        {
            self.add_authors(&byline::authors([text]));
            self.cut(index, "byline");
        }
        1
    }

    /// A label without a colon above a date.
    fn awaited_date(&self, index: usize) -> Option<Facts> {
        let is_above_date = date::parse_alone(self.text(index + 1), self.known.order).is_some();
        let kind = dateline::label(self.text(index)).filter(|_| is_above_date)?;
        Some(Facts { awaits_date: Some(kind), is_labelled: true, ..Facts::default() })
    }

    /// A fragment's own dates may be what it is about, so there only labels of publication count.
    fn is_about_article(&self, facts: &Facts, index: usize) -> bool {
        let says_date = facts.published.is_some() || facts.updated.is_some();
        let is_lone_date = says_date && !facts.is_labelled && facts.authors.is_empty();
        match self.known.origin {
            Origin::Fragment if says_date => !self.known.is_dated && (!is_lone_date || index == 0),
            _ => true,
        }
    }

    fn take_head_facts(&mut self, index: usize, facts: &Facts) -> usize {
        let rule = rule_of(facts);
        self.cut(index, rule);
        let next = date::parse_alone(self.text(index + 1), self.known.order)
            .filter(|_| index + 1 < self.blocks.len());
        let (Some(kind), Some(moment)) = (facts.awaits_date, next) else {
            self.take(facts);
            return 1;
        };
        let (published, updated) = match kind {
            DateKind::Published => (Some(moment), None),
            DateKind::Updated => (None, Some(moment)),
        };
        self.take(&Facts { published, updated, ..Facts::default() });
        self.cut(index + 1, rule);
        2
    }

    /// Cuts a label above the text; of one that headlines follow, those too.
    fn cut_head_mark(&mut self, index: usize, rule: &'static str, effect: Effect) -> usize {
        if effect == Effect::Company && self.known.origin == Origin::Fragment {
            return 1;
        }
        self.cut(index, rule);
        let brings_headlines = matches!(effect, Effect::Headlines | Effect::End | Effect::Box);
        if !brings_headlines {
            return 1;
        }
        let is_headline = |after: &usize| self.facts(*after).is_none() && self.marks[*after].is_none();
        let last = (index + 1..self.body).take_while(is_headline).last().unwrap_or(index);
        (index + 1..=last).for_each(|after| self.cut(after, rule));
        last - index + 1
    }

    /// Whether the line before or after is a fact or furniture.
    fn is_by_facts(&self, index: usize) -> bool {
        let is_one = |index: usize| {
            index < self.body
                && (self.is_cut(index) || self.marks[index].is_some() || self.facts(index).is_some())
        };
        is_one(index + 1) || index.checked_sub(1).is_some_and(is_one)
    }
}

fn rule_of(facts: &Facts) -> &'static str {
    let says_date = facts.published.is_some() || facts.updated.is_some() || facts.awaits_date.is_some();
    if says_date { "date-line" } else { "byline" }
}
