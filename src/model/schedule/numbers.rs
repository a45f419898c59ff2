//! Sets of small numbers.

use std::fmt;

/// A set of numbers from 0 to 63.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) const fn only(number: u8) -> Self {
        Self(1 << number)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    pub(super) const fn contains(self, number: u8) -> bool {
        number < 64 && self.0 & (1 << number) != 0
    }

    pub(super) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The numbers, the smallest first.
    pub(super) fn iter(self) -> impl Iterator<Item = u8> + Clone {
        (0..64).filter(move |number| self.contains(*number))
    }

    /// The smallest and the largest number; (0, 0) of an empty set.
    pub(super) fn ends(self) -> (u8, u8) {
        (self.iter().next().unwrap_or(0), self.iter().last().unwrap_or(0))
    }

    /// The step in which the numbers follow each other, if it is always the same and they are three or more.
    pub(super) fn step(self) -> Option<u8> {
        let mut steps = self.iter().zip(self.iter().skip(1)).map(|(earlier, later)| later - earlier);
        let first = steps.next()?;
        (self.len() > 2 && steps.all(|step| step == first)).then_some(first)
    }

    /// The step in which the numbers go round a circle of `size`, if it is always the same and they are two or more.
    pub(super) fn cycle(self, size: u8) -> Option<u8> {
        let (first, last) = self.ends();
        let mut steps = self.iter().zip(self.iter().skip(1)).map(|(earlier, later)| later - earlier);
        let around = first + size - last;
        (self.len() > 1 && steps.all(|step| step == around)).then_some(around)
    }
}

impl FromIterator<u8> for Numbers {
    fn from_iter<I: IntoIterator<Item = u8>>(numbers: I) -> Self {
        Self(numbers.into_iter().filter(|number| *number < 64).fold(0, |bits, number| bits | 1 << number))
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
