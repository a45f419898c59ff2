//! Elements of a document that need not be well-formed: found by their names, bounded by the item they are in.

use std::collections::HashMap;
use std::ops::Range;

use super::markup::{Kind, Tag, Token, Tokens};

/// An element as it was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub tag: Tag<'a>,
    /// All of it, as written.
    pub raw: &'a str,
    /// What is between its tags, as written.
    pub inner: &'a str,
    /// Whether there are tags in it.
    pub has_markup: bool,
    /// Whether its end tag was there.
    pub is_whole: bool,
    /// The only token in it, if there is just one: most elements are a text or a section of CDATA.
    only: Option<Kind<'a>>,
}

impl<'a> Element<'a> {
    /// What is between its tags, piece by piece.
    pub fn tokens(&self) -> impl Iterator<Item = Token<'a>> + use<'a> {
        let only = self.only.map(|kind| Token { range: 0..self.inner.len(), kind });
        let several = only.is_none().then(|| Tokens::of(self.inner));
        only.into_iter().chain(several.into_iter().flatten())
    }
}

/// Goes through a document by elements.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    tokens: Tokens<'a>,
    /// No end tag of this name comes before this place.
    unclosed: HashMap<&'a str, usize>,
    /// How many bytes may still be searched in vain. Beyond, only what is near is searched: a document of nothing
    /// but open tags is read in linear time.
    budget: usize,
}

/// How far an end tag is searched once the budget is spent.
const NEAR: usize = 200;

impl<'a> Scanner<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, tokens: Tokens::of(text), unclosed: HashMap::new(), budget: 8 * text.len() }
    }

    pub fn next(&mut self) -> Option<Token<'a>> {
        self.tokens.next()
    }

    /// Goes back to the beginning of a token.
    pub fn back_to(&mut self, token: &Token<'a>) {
        self.tokens.jump(token.range.start);
    }

    /// Reads the element that `start` begins, up to its end tag. If that does not come before a tag at which
    /// `is_boundary`, the element is only the text that follows.
    pub fn element(
        &mut self,
        start: &Range<usize>,
        tag: Tag<'a>,
        is_boundary: impl Fn(&str) -> bool,
    ) -> Element<'a> {
        if tag.is_empty {
            return self.cut(tag, start, start.end..start.end, (false, true));
        }
        let known_until = self.unclosed.get(tag.name).copied().unwrap_or(0);
        if start.start >= known_until
            && let Some(element) = self.find_end(start, tag, is_boundary)
        {
            return element;
        }
        self.tokens.jump(start.end);
        let mut end = start.end;
        while let Some(Token { range, kind: Kind::Text | Kind::Cdata(_) | Kind::Other }) = self.tokens.next()
        {
            end = range.end;
        }
        self.tokens.jump(end);
        self.cut(tag, start, start.end..end, (false, false))
    }

    fn find_end(
        &mut self,
        start: &Range<usize>,
        tag: Tag<'a>,
        is_boundary: impl Fn(&str) -> bool,
    ) -> Option<Element<'a>> {
        let (mut depth, mut has_markup) = (1, false);
        let (mut count, mut only) = (0, None);
        let limit = start.end.saturating_add(self.budget.max(NEAR));
        while let Some(token) = self.tokens.next().filter(|token| token.range.end <= limit) {
            match token.kind {
                Kind::Start(inner) if inner.name == tag.name => depth += usize::from(!inner.is_empty),
                Kind::End(name) if name.eq_ignore_ascii_case(tag.name) => depth -= 1,
                Kind::Start(Tag { name, .. }) | Kind::End(name) if is_boundary(name) => break,
                Kind::CutOff => break,
                _ => {}
            }
            if depth == 0 {
                let inner = start.end..token.range.start;
                let whole = start.start..token.range.end;
                let element = self.cut(tag, &whole, inner, (has_markup, true));
                return Some(Element { only: only.filter(|_| count == 1), ..element });
            }
            has_markup |= matches!(token.kind, Kind::Start(_) | Kind::End(_));
            (count, only) = (count + 1, Some(token.kind));
        }
        let reached = self.tokens.at();
        self.budget = self.budget.saturating_sub(reached - start.end);
        self.unclosed.insert(tag.name, reached);
        None
    }

    fn cut(
        &self,
        tag: Tag<'a>,
        whole: &Range<usize>,
        inner: Range<usize>,
        (has_markup, is_whole): (bool, bool),
    ) -> Element<'a> {
        let raw = &self.text[whole.start..whole.end.max(inner.end)];
        Element { tag, raw, inner: &self.text[inner], has_markup, is_whole, only: None }
    }
}
