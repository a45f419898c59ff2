//! A second opinion on ticks, made differently: walk through every minute of time, look at the wall clock, and ask
//! each field whether it names what is seen. Slow, and simple enough to be believed.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;

use super::{DAY, MINUTE};

/// A crontab line that is known by what it means.
#[derive(Clone, Debug)]
pub struct Fields {
    minute: Field,
    hour: Field,
    day: Field,
    month: Field,
    weekday: Field,
}

#[derive(Clone, Debug)]
struct Field {
    text: String,
    numbers: BTreeSet<u8>,
    days: Vec<Special>,
}

/// What the day fields have beside numbers.
#[derive(Clone, Copy, Debug)]
enum Special {
    Last,
    LastWorking,
    NearestWorking(u8),
    Nth(u8, u8),
    LastWeekday(u8),
}

impl Fields {
    pub fn line(&self) -> String {
        let Self { minute, hour, day, month, weekday } = self;
        [minute, hour, day, month, weekday].map(|field| field.text.as_str()).join(" ")
    }

    fn is_interval(&self) -> bool {
        self.minute.is_open() || self.hour.is_open()
    }

    /// Whether the fields name a time of the wall clock, given as the seconds since 1970 that it would be in UTC.
    fn names(&self, time: i64) -> bool {
        let minutes = time / MINUTE;
        let has = |field: &Field, number: i64| field.numbers.contains(&u8::try_from(number).unwrap());
        let date = || Offset::UTC.to_datetime(jiff::Timestamp::from_second(time).unwrap()).date();
        has(&self.minute, minutes % 60) && has(&self.hour, minutes / 60 % 24) && self.names_date(date())
    }

    fn names_date(&self, date: Date) -> bool {
        let weekday = date.weekday().to_sunday_zero_offset();
        let by_day = self.day.has(date.day()) || self.day.days.iter().any(|special| special.names(date));
        let by_weekday =
            self.weekday.has(weekday) || self.weekday.days.iter().any(|special| special.names(date));
        let is_either = !self.day.is_open() && !self.weekday.is_open();
        self.month.has(date.month()) && if is_either { by_day || by_weekday } else { by_day && by_weekday }
    }
}

impl Field {
    fn is_open(&self) -> bool {
        self.text.starts_with('*')
    }

    fn has(&self, number: i8) -> bool {
        self.numbers.contains(&u8::try_from(number).unwrap())
    }
}

impl Special {
    fn names(self, date: Date) -> bool {
        let month: Vec<Date> = date
            .first_of_month()
            .series(jiff::Span::new().days(1))
            .take_while(|day| day.month() == date.month())
            .collect();
        let working = || month.iter().filter(|day| (1..=5).contains(&day.weekday().to_sunday_zero_offset()));
        let same = |weekday: u8| {
            let weekday = i8::try_from(weekday).unwrap();
            month.iter().filter(move |day| day.weekday().to_sunday_zero_offset() == weekday)
        };
        let named = match self {
            Self::Last => month.last(),
            Self::LastWorking => working().next_back(),
            Self::NearestWorking(day) => {
                let wanted = month.get(usize::from(day) - 1).map(|wanted| wanted.day());
                wanted.and_then(|wanted| working().min_by_key(|other| (other.day() - wanted).abs()))
            }
            Self::Nth(weekday, nth) => same(weekday).nth(usize::from(nth) - 1),
            Self::LastWeekday(weekday) => same(weekday).next_back(),
        };
        named == Some(&date)
    }
}

/// The ticks after `after` and up to `until`.
///
/// A line of intervals is asked at every minute that comes. A line of fixed times is asked about each time of the wall
/// clock when the clock first shows it or something later; what it never showed is as much later as the clock leapt.
pub fn ticks(fields: &Fields, zone: &TimeZone, after: i64, until: i64) -> BTreeSet<i64> {
    let offset = |moment| zone.to_offset(jiff::Timestamp::from_second(moment).unwrap()).seconds();
    let start = (after - 2 * DAY).div_euclid(MINUTE) * MINUTE;
    let mut latest = start + i64::from(offset(start));
    let mut ticks = BTreeSet::new();
    for moment in (start + MINUTE..=until).step_by(60) {
        let time = moment + i64::from(offset(moment));
        if fields.is_interval() {
            ticks.extend(fields.names(time).then_some(moment));
            continue;
        }
        let mut leapt = 0;
        while latest < time {
            latest += MINUTE;
            let at = if latest == time { moment } else { moment + leapt };
            ticks.extend(fields.names(latest).then_some(at));
            leapt += MINUTE;
        }
    }
    ticks.retain(|tick| (after + 1..=until).contains(tick));
    ticks
}

/// Lines of every kind, most of them with something to do every day.
pub fn fields() -> impl Strategy<Value = Fields> {
    let day = prop_oneof![6 => open(1..=31), 2 => numbers(1..=31), 1 => special_days()];
    let weekday = prop_oneof![6 => open(0..=6), 2 => weekdays(), 1 => special_weekdays()];
    let month = prop_oneof![6 => open(1..=12), 1 => numbers(1..=12)];
    let parts = (minutes_or_hours(0..=59), minutes_or_hours(0..=23), day, month, weekday);
    parts.prop_map(|(minute, hour, day, month, weekday)| Fields { minute, hour, day, month, weekday })
}

fn minutes_or_hours(all: RangeInclusive<u8>) -> impl Strategy<Value = Field> {
    prop_oneof![2 => open(all.clone()), 5 => numbers(all)]
}

/// `*`, now and then with a step.
fn open(all: RangeInclusive<u8>) -> impl Strategy<Value = Field> {
    let last = *all.end();
    prop_oneof![4 => Just(1), 1 => 2..=last].prop_map(move |step| {
        let text = if step == 1 { "*".to_owned() } else { format!("*/{step}") };
        Field { text, numbers: all.clone().step_by(step.into()).collect(), days: Vec::new() }
    })
}

/// A list of one to three numbers, ranges, and ranges with a step.
fn numbers(all: RangeInclusive<u8>) -> impl Strategy<Value = Field> {
    let single = all.clone().prop_map(|number| part(number.to_string(), [number]));
    let range = (all.clone(), all, 1..=5_u8).prop_map(|(one, other, step)| {
        let (first, last) = (one.min(other), one.max(other));
        let text = if step == 1 { format!("{first}-{last}") } else { format!("{first}-{last}/{step}") };
        part(text, (first..=last).step_by(step.into()))
    });
    proptest::collection::vec(prop_oneof![4 => single, 1 => range], 1..=3).prop_map(list)
}

/// Weekdays by name and number, and ranges that go over the end of the week.
fn weekdays() -> impl Strategy<Value = Field> {
    let single = (0..=7_u8, any::<bool>()).prop_map(|(day, named)| part(weekday_text(day, named), [day % 7]));
    let range = (0..=6_u8, 1..=5_u8, any::<bool>()).prop_map(|(first, length, named)| {
        let last = (first + length) % 7;
        let text = format!("{}-{}", weekday_text(first, named), weekday_text(last, named));
        part(text, (first..=first + length).map(|day| day % 7))
    });
    proptest::collection::vec(prop_oneof![single, range], 1..=2).prop_map(list)
}

fn weekday_text(day: u8, named: bool) -> String {
    let name = ["SUN", "mon", "Tue", "WED", "THU", "FRI", "SAT", "SUN"][usize::from(day)];
    if named { name.to_owned() } else { day.to_string() }
}

fn special_days() -> impl Strategy<Value = Field> {
    let special = prop_oneof![
        Just(("L".to_owned(), Special::Last)),
        Just(("LW".to_owned(), Special::LastWorking)),
        (1..=31_u8).prop_map(|day| (format!("{day}W"), Special::NearestWorking(day))),
    ];
    special_list(special)
}

fn special_weekdays() -> impl Strategy<Value = Field> {
    let special = (0..=7_u8, 1..=6_u8, any::<bool>()).prop_map(|(day, nth, named)| {
        let (text, day) = (weekday_text(day, named), day % 7);
        match nth {
            6 => (format!("{text}#L"), Special::LastWeekday(day)),
            _ => (format!("{text}#{nth}"), Special::Nth(day, nth)),
        }
    });
    special_list(special)
}

fn special_list(special: impl Strategy<Value = (String, Special)>) -> impl Strategy<Value = Field> {
    let special = special.prop_map(|(text, day)| Field { text, numbers: BTreeSet::new(), days: vec![day] });
    proptest::collection::vec(special, 1..=2).prop_map(list)
}

fn part(text: String, numbers: impl IntoIterator<Item = u8>) -> Field {
    Field { text, numbers: numbers.into_iter().collect(), days: Vec::new() }
}

fn list(parts: Vec<Field>) -> Field {
    let text = parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(",");
    let (numbers, days): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.numbers, part.days)).unzip();
    Field { text, numbers: numbers.into_iter().flatten().collect(), days: days.concat() }
}
