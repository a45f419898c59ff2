//! The parts of a date, found among its tokens and put together.

use jiff::civil;
use jiff::tz::Offset;

use crate::model::time::Timestamp;

use super::tokens::Token;
use super::{Order, names};

/// A day, not yet known to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub year: i64,
    pub month: u64,
    pub day: u64,
}

/// A time of day and its distance from UTC in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    hour: u64,
    minute: u64,
    second: u64,
    offset: i64,
}

/// The first and the last year that is believed.
const YEARS: std::ops::RangeInclusive<i16> = 1901..=2099;

/// The moment itself, unless no article can be of it: out of [`YEARS`], or the zero of Unix time.
pub fn plausible(moment: Timestamp) -> Option<Timestamp> {
    let year = Offset::UTC.to_datetime(moment.to_jiff()).year();
    (YEARS.contains(&year) && moment.as_unix() != 0).then_some(moment)
}

/// The moment of a date and a time of day, if both exist. A leap second is the second before it; 24:00 is the
/// next day's beginning.
pub fn moment(date: Date, time: Time) -> Option<Timestamp> {
    let day = civil::Date::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    );
    let is_midnight_at_the_end = (time.hour, time.minute, time.second) == (24, 0, 0);
    if (time.hour > 23 && !is_midnight_at_the_end) || time.minute > 59 || time.second > 60 {
        return None;
    }
    let midnight = Offset::UTC.to_timestamp(day.ok()?.at(0, 0, 0, 0)).ok()?.as_second();
    let of_day = time.hour * 3600 + time.minute * 60 + time.second.min(59);
    Some(Timestamp::from_unix(midnight + i64::try_from(of_day).ok()? - time.offset))
}

/// `20260303`, `202603030700` and `20260303070000`, if that is a plausible moment.
pub fn from_digits(number: i64) -> Option<Timestamp> {
    let number = u64::try_from(number).ok()?;
    let (day, of_day) = match number {
        19_000_000..22_000_000 => (number, 0),
        190_000_000_000..220_000_000_000 => (number / 10_000, number % 10_000 * 100),
        19_000_000_000_000..22_000_000_000_000 => (number / 1_000_000, number % 1_000_000),
        _ => return None,
    };
    plausible(moment(from_compact_date(day)?, from_compact_time(of_day))?)
}

fn from_compact_date(number: u64) -> Option<Date> {
    let year = i64::try_from(number / 10_000).ok()?;
    Some(Date { year, month: number / 100 % 100, day: number % 100 })
}

fn from_compact_time(number: u64) -> Time {
    Time { hour: number / 10_000, minute: number / 100 % 100, second: number % 100, offset: 0 }
}

/// Takes the time of day and the zone out of the tokens; midnight UTC if there is none, `None` if it is none.
pub fn take_time(tokens: &mut Vec<Token>) -> Option<Time> {
    let Some((start, mut end, mut time)) = find_time(tokens) else { return Some(Time::default()) };
    let before = start.checked_sub(1).and_then(|index| half_of_day(tokens.get(index)));
    let after = half_of_day(tokens.get(end));
    if let Some(half) = after.or(before) {
        time.hour = twenty_four_hours(time.hour, half)?;
        end += usize::from(after.is_some());
    }
    let (offset, length) = offset(&tokens[end..]);
    time.offset = offset;
    tokens.drain(start..end + length);
    Some(time)
}

fn half_of_day(token: Option<&Token>) -> Option<names::Half> {
    if let Some(Token::Word(word)) = token { names::half_of_day(word) } else { None }
}

fn twenty_four_hours(hour: u64, half: names::Half) -> Option<u64> {
    match (hour, half) {
        (13..=23, _) => Some(hour),
        (1..=12, names::Half::Morning) => Some(hour % 12),
        (1..=12, names::Half::Afternoon) => Some(hour % 12 + 12),
        _ => None,
    }
}

/// Where the time of day begins and ends among the tokens, and what it is before any `pm` and zone.
fn find_time(tokens: &[Token]) -> Option<(usize, usize, Time)> {
    (0..tokens.len()).find_map(|start| {
        let (time, length) = time_at(&tokens[start..])?;
        Some((start, start + length, time))
    })
}

fn time_at(tokens: &[Token]) -> Option<(Time, usize)> {
    match tokens {
        [Token::Word(t), Token::Number { value, digits: 6, .. }, ..] if t == "t" => {
            Some((from_compact_time(*value), 2))
        }
        [Token::Word(t), Token::Number { value, digits: 4, .. }, ..] if t == "t" => {
            Some((from_compact_time(*value * 100), 2))
        }
        [Token::Number { value: hour, digits: 1..=2, .. }, Token::Mark(':'), rest @ ..] => {
            let (minute, seconds) = two_digits(rest)?;
            let (second, length) = seconds_at(seconds);
            Some((Time { hour: *hour, minute, second, offset: 0 }, 3 + length))
        }
        [Token::Number { value: hour, digits: 1..=2, .. }, Token::Word(unit), rest @ ..]
            if names::is_hour_mark(unit) =>
        {
            let minute = two_digits(rest).map(|(minute, _)| minute);
            let length = 2 + usize::from(minute.is_some());
            Some((Time { hour: *hour, minute: minute.unwrap_or(0), ..Time::default() }, length))
        }
        [Token::Number { value: hour, digits: 1..=2, .. }, Token::Mark('.'), rest @ ..] => {
            let (minute, after) = two_digits(rest)?;
            let is_marked = matches!(after.first(), Some(Token::Word(word)) if names::is_clock_word(word));
            is_marked.then_some((Time { hour: *hour, minute, ..Time::default() }, 4))
        }
        [Token::Word(clock), rest @ ..] if names::is_clock_word(clock) => {
            let dot = usize::from(rest.first() == Some(&Token::Mark('.')));
            let (hour, after) = small_number(&rest[dot..])?;
            let (minute, _) = two_digits(after.strip_prefix(&[Token::Mark('.')])?)?;
            Some((Time { hour, minute, ..Time::default() }, 4 + dot))
        }
        [Token::Number { value: hour, digits: 1..=2, .. }, Token::Word(word), ..]
            if names::half_of_day(word).is_some() =>
        {
            Some((Time { hour: *hour, ..Time::default() }, 1))
        }
        _ => None,
    }
}

fn small_number(tokens: &[Token]) -> Option<(u64, &[Token])> {
    let [Token::Number { value, digits: 1..=2, .. }, rest @ ..] = tokens else { return None };
    Some((*value, rest))
}

fn two_digits(tokens: &[Token]) -> Option<(u64, &[Token])> {
    let [Token::Number { value, digits: 2, is_glued: true }, rest @ ..] = tokens else { return None };
    Some((*value, rest))
}

/// `:07` or `:07.123` after a minute, and how many tokens that is.
fn seconds_at(tokens: &[Token]) -> (u64, usize) {
    let [Token::Mark(':'), rest @ ..] = tokens else { return (0, 0) };
    let Some((second, after)) = two_digits(rest) else { return (0, 0) };
    match after {
        [Token::Mark('.' | ','), Token::Number { is_glued: true, .. }, ..] => (second, 4),
        _ => (second, 2),
    }
}

/// The distance from UTC in seconds that tokens begin with, and how many tokens say so.
fn offset(tokens: &[Token]) -> (i64, usize) {
    let zone = match tokens.first() {
        Some(Token::Word(name)) => names::zone(name),
        _ => None,
    };
    let named = usize::from(zone.is_some());
    let (distance, length) = match &tokens[named..] {
        [
            Token::Mark(sign @ ('+' | '-' | '−')),
            Token::Number { value, digits, is_glued: true },
            rest @ ..,
        ] => {
            let minutes = two_digits(rest.strip_prefix(&[Token::Mark(':')]).unwrap_or_default());
            let length = 2 + if minutes.is_some() { 2 } else { 0 };
            (distance(*value, *digits, minutes.map_or(0, |(minutes, _)| minutes), *sign), length)
        }
        _ => (None, 0),
    };
    match distance {
        Some(distance) => (zone.unwrap_or(0) + distance, named + length),
        None => (zone.unwrap_or(0), named),
    }
}

fn distance(value: u64, digits: usize, minutes: u64, sign: char) -> Option<i64> {
    let (hours, minutes) = match digits {
        1 | 2 => (value, minutes),
        4 => (value / 100, value % 100),
        _ => return None,
    };
    let seconds = i64::try_from(hours * 3600 + minutes * 60).ok()?;
    let is_a_zone = hours <= 15 && minutes < 60;
    is_a_zone.then_some(if sign == '+' { seconds } else { -seconds })
}

/// The day that the tokens left by [`take_time`] name, and how many of their words mean nothing here.
pub fn date(tokens: &[Token], order: Order) -> Option<(Date, usize)> {
    let mut numbers = Vec::new();
    let mut months = Vec::new();
    let mut strange_words = 0;
    let mut previous = "";
    for token in tokens {
        match token {
            Token::Number { value, digits, .. } => numbers.push((*value, *digits)),
            Token::Word(word) => {
                match names::month_after(previous, word) {
                    Some(month) => months.push((month, word.as_str())),
                    None if names::is_filler(word) => {}
                    None => strange_words += 1,
                }
                previous = word;
            }
            Token::Mark(_) => {}
        }
    }
    let date = if months.is_empty() {
        numbered(&numbers, tokens, order)
    } else {
        named(one_month(&months)?, &numbers)
    };
    Some((date?, strange_words))
}

/// The one month that the words name; `None` if they name two.
fn one_month(months: &[(u64, &str)]) -> Option<u64> {
    let agreed =
        |months: &[u64]| months.windows(2).all(|pair| pair[0] == pair[1]).then(|| months.first().copied());
    let all: Vec<u64> = months.iter().map(|(month, _)| *month).collect();
    let is_clear = |(_, word): &&(u64, &str)| !names::is_also_a_weekday(word);
    let clear: Vec<u64> = months.iter().filter(is_clear).map(|(month, _)| *month).collect();
    agreed(&all).or_else(|| agreed(&clear)).flatten()
}

fn named(month: u64, numbers: &[(u64, usize)]) -> Option<Date> {
    match numbers {
        [(year, 4)] => Some(Date { year: era(*year)?, month, day: 1 }),
        [(year, 4), (day, 1..=2)] | [(day, 1..=2), (year, 4)] => {
            Some(Date { year: era(*year)?, month, day: *day })
        }
        [(day, 1..=2), (year, 2)] => Some(Date { year: century(*year), month, day: *day }),
        _ => None,
    }
}

fn numbered(numbers: &[(u64, usize)], tokens: &[Token], order: Order) -> Option<Date> {
    match numbers {
        [(compact, 8)] => from_compact_date(*compact),
        [(year, 4), (month, 1..=2)] => Some(Date { year: era(*year)?, month: *month, day: 1 }),
        [(year, 4), (month, 1..=2), (day, 1..=2)] => {
            Some(Date { year: era(*year)?, month: *month, day: *day })
        }
        [(first, 1..=2), (second, 1..=2), (year, digits @ (2 | 4))] => {
            let year = if *digits == 4 { era(*year)? } else { century(*year) };
            let is_month_first = tokens.contains(&Token::Mark('/')) && order == Order::MonthFirst;
            let (month, day) = match (*first, *second) {
                (day, month) if day > 12 => (month, day),
                (month, day) if day > 12 || is_month_first => (month, day),
                (day, month) => (month, day),
            };
            Some(Date { year, month, day })
        }
        _ => None,
    }
}

/// The year of the common era: Thai dates count from 543 years before it.
fn era(year: u64) -> Option<i64> {
    let year = i64::try_from(year).ok()?;
    Some(if (2480..2643).contains(&year) { year - 543 } else { year })
}

/// Two digits of a year as RFC 2822 reads them.
fn century(year: u64) -> i64 {
    let year = i64::try_from(year).unwrap_or(0);
    if year < 50 { year + 2000 } else { year + 1900 }
}
