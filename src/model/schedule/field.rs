//! The five fields of a crontab line, and how the numbers in them are written.

use std::fmt;
use std::ops::RangeInclusive;

use super::line::InvalidCronLine;
use super::numbers::Numbers;

/// A field of a crontab line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 0 to 7, or SUN to SAT; 0 and 7 are Sunday.
    Weekday,
}

/// No field is longer than this in bytes, with all of its numbers written out.
const MAX_LENGTH: usize = 256;

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Field {
    /// The fields in the order of a line.
    pub const ALL: [Self; 5] = [Self::Minute, Self::Hour, Self::DayOfMonth, Self::Month, Self::Weekday];

    /// The numbers that may be written.
    const fn bounds(self) -> RangeInclusive<u8> {
        match self {
            Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::Weekday => 0..=7,
        }
    }

    /// What `*` names.
    pub(super) const fn all(self) -> RangeInclusive<u8> {
        match self {
            Self::Weekday => 0..=6,
            _ => self.bounds(),
        }
    }

    /// Names that stand for numbers, the first one for the smallest number.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => MONTHS,
            Self::Weekday => WEEKDAYS,
            Self::Minute | Self::Hour | Self::DayOfMonth => &[],
        }
    }

    const fn remedy(self) -> &'static str {
        match self {
            Self::Minute => "use 0 to 59",
            Self::Hour => "use 0 to 23",
            Self::DayOfMonth => "use 1 to 31, L, LW or a day with W such as 15W",
            Self::Month => "use 1 to 12 or JAN to DEC",
            Self::Weekday => "use 0 to 7 or SUN to SAT, or with an occurrence in the month: MON#1, FRI#L",
        }
    }

    pub(super) fn error(self, message: impl fmt::Display) -> InvalidCronLine {
        InvalidCronLine::new(Some(self), format!("{self}: {message}"))
    }

    /// The parts of a list.
    pub(super) fn parts(self, text: &str) -> Result<impl Iterator<Item = &str>, InvalidCronLine> {
        if text.len() > MAX_LENGTH {
            return Err(self.error(format_args!("longer than {MAX_LENGTH} characters")));
        }
        Ok(text.split(','))
    }

    /// A list of [spans](Self::span).
    pub(super) fn numbers(self, text: &str) -> Result<Numbers, InvalidCronLine> {
        self.parts(text)?.try_fold(Numbers::default(), |set, part| Ok(set.union(self.span(part)?)))
    }

    /// `*`, `*/15`, `5`, `1-5` or `1-5/2`.
    pub(super) fn span(self, text: &str) -> Result<Numbers, InvalidCronLine> {
        let (base, step) = match text.split_once('/') {
            Some((base, step)) => (base, Some(step)),
            None => (text, None),
        };
        let range = match base.split_once('-') {
            _ if base == "*" => self.all(),
            Some((first, last)) => self.range(first, last)?,
            None => {
                let number = self.number(base)?;
                if let Some(step) = step {
                    let (max, step) = (*self.bounds().end(), self.step(step)?);
                    return Err(self.error(format_args!("a step needs a range: write {base}-{max}/{step}")));
                }
                number..=number
            }
        };
        let step = step.map_or(Ok(1), |step| self.step(step))?;
        let is_weekday = self == Self::Weekday;
        Ok(range.step_by(step).map(|number| if is_weekday { number % 7 } else { number }).collect())
    }

    /// One number or name.
    pub(super) fn number(self, text: &str) -> Result<u8, InvalidCronLine> {
        let numbers = self.names().iter().zip(self.bounds());
        let named = numbers.filter(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, number)| number);
        let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        named
            .chain(is_digits.then(|| text.parse().ok()).flatten())
            .find(|number| self.bounds().contains(number))
            .ok_or_else(|| self.error(format_args!("{} is not possible: {}", shown(text), self.remedy())))
    }

    /// A range of weekdays may go over the end of the week: its end is then above 7.
    fn range(self, first: &str, last: &str) -> Result<RangeInclusive<u8>, InvalidCronLine> {
        let (from, to) = (self.number(first)?, self.number(last)?);
        if from <= to {
            Ok(from..=to)
        } else if self == Self::Weekday {
            Ok(from..=to + 7)
        } else {
            let (min, max) = self.bounds().into_inner();
            let remedy = format_args!("{last}-{first}, or {first}-{max},{min}-{last} to go over the end");
            Err(self.error(format_args!("{first}-{last} runs backwards: write {remedy}")))
        }
    }

    fn step(self, text: &str) -> Result<usize, InvalidCronLine> {
        let max = *self.bounds().end();
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let step = is_digits.then(|| text.parse::<u8>().ok()).flatten();
        step.filter(|step| (1..=max).contains(step)).map(usize::from).ok_or_else(|| {
            self.error(format_args!("a step of {} is not possible: use 1 to {max}", shown(text)))
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::Weekday => "weekday",
        })
    }
}

/// Text of the operator's in a message: its beginning, with what cannot be printed escaped.
pub(super) fn shown(text: &str) -> String {
    let mut beginning: String = text.chars().take(20).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    format!("{beginning:?}")
}
